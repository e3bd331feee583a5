"""Arguments on which the functions of chapter 2 are tried."""

import numpy as np


def joint_tables():
    """Return joint distributions: dependent, independent, diagonal, with an empty row."""
    rng = np.random.default_rng(9)
    drawn = [rng.multinomial(20, np.ones(6) / 6).reshape(2, 3) / 20 for _ in range(2)]
    fixed = [[[0.4, 0.1], [0.2, 0.3]], [[0.06, 0.14], [0.24, 0.56]]]
    corners = [[[0.5, 0.0], [0.0, 0.5]], [[0.5, 0.5], [0.0, 0.0]]]
    return tuple((np.array(joint),) for joint in [*fixed, *corners, *drawn])
