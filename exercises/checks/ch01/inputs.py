"""The skies of chapter 1, and arguments on which its functions are tried."""

import numpy as np

SKIES = np.array([0.4, 0.2, 0.2, 0.1, 0.1])


TEN_HOURS = np.array([0, 1, 0, 2, 0, 3, 1, 0, 2, 4])


def sources():
    """Return distributions without zeros: the chapter's, dyadic, drawn, with tiny powers of ½."""
    rng = np.random.default_rng(1)
    drawn = [(1 + rng.multinomial(100 - k, np.ones(k) / k)) / 100 for k in (3, 5)]
    tiny = 2.0 ** -np.array([29, 31, 39, 47])
    fixed = [SKIES, [0.5, 0.25, 0.125, 0.125], [0.99, 0.01], [0.25] * 4, *drawn]
    hair = np.nextafter(0.25, 0)  # its logarithm rounds to -2, and 2^-2 is too much for it
    return tuple((np.array(p),) for p in [*fixed, [1 - tiny.sum(), *tiny], [hair, 0.75]])


def messages():
    """Return messages with the size of the alphabet: the chapter's, constant, empty, drawn."""
    drawn = np.random.default_rng(12).integers(0, 3, size=12)
    fixed = [(TEN_HOURS, 5), ([0], 2), ([0, 0, 0, 0], 2), ([1, 1, 0, 2], 4), (drawn, 3)]
    return (*((np.array(x), m) for x, m in fixed), (np.array([], dtype=int), 3))
