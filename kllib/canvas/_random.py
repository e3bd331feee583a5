"""Normals that repeat exactly in the page: the twin of static/random.js."""

import numpy as np

__all__ = ["normals"]


def _mulberry32(seed, n):
    """The first n outputs of mulberry32 (public domain, T. Ettinger), in [0, 2³²)."""
    a = np.uint32(seed) + np.arange(1, n + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
    t = (a ^ a >> 15) * (a | 1)
    t ^= t + (t ^ t >> 7) * (t | 61)
    return t ^ t >> 14


def normals(seed, n):
    """n standard normals by the Box-Muller transform of pairs of uniforms in (0, 1)."""
    pairs = (_mulberry32(seed, n + n % 2) + 0.5).reshape(-1, 2) / 2**32
    radius, angle = np.sqrt(-2 * np.log(pairs[:, 0])), 2 * np.pi * pairs[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()[:n]
