"""Seeded arguments on which functions are tried: few digits, so that they print short."""

import numpy as np

__all__ = ["joint_tables", "pairs"]


def pairs():
    """Return (p, q) with zeros on either side, on both and on none; equal; with one symbol."""
    rng = np.random.default_rng(2)
    drawn = [rng.multinomial(100, np.ones(k) / k, size=2) / 100 for k in (3, 4, 6)]
    fixed = [
        ([0.7, 0.3], [0.4, 0.6]),
        ([0.5, 0.5, 0.0], [0.4, 0.4, 0.2]),
        ([0.4, 0.4, 0.2], [0.5, 0.5, 0.0]),
        ([0.5, 0.0, 0.5], [0.9, 0.0, 0.1]),
        ([0.25, 0.75], [0.25, 0.75]),
        ([1.0], [1.0]),
    ]
    return tuple((np.array(p), np.array(q)) for p, q in [*fixed, *drawn])


def joint_tables():
    """Return joint distributions: dependent, independent, diagonal, with an empty row."""
    rng = np.random.default_rng(9)
    drawn = [rng.multinomial(20, np.ones(6) / 6).reshape(2, 3) / 20 for _ in range(2)]
    fixed = [[[0.4, 0.1], [0.2, 0.3]], [[0.06, 0.14], [0.24, 0.56]]]
    corners = [[[0.5, 0.0], [0.0, 0.5]], [[0.5, 0.5], [0.0, 0.0]]]
    return tuple((np.array(joint),) for joint in [*fixed, *corners, *drawn])
