"""Arguments on which the functions of chapter 3 are tried."""

import numpy as np


def channels():
    """Return (p, q, channel): noisy, lossless, blind, a merging, and p with a zero."""
    three = [0.5, 0.3, 0.2], [0.2, 0.3, 0.5]
    noisy, turn = [[0.9, 0.1], [0.5, 0.5], [0.2, 0.8]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    square = [[0.8, 0.2, 0.0], [0.1, 0.6, 0.3], [0.5, 0.0, 0.5]]
    merge = [[1, 0], [1, 0], [0, 1], [0, 1]]
    tried = [(*three, channel) for channel in (noisy, square, np.eye(3), turn, np.ones((3, 1)))]
    tried.append(([0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], merge))
    tried.append(([0.5, 0.5, 0.0], [0.4, 0.4, 0.2], square))
    return tuple(tuple(np.array(part, float) for part in case) for case in tried)


def tests():
    """Return (f, p, q): a guess, a constant, the log-ratio, p with a zero, f too large for exp."""
    p, q = np.array([0.4, 0.2, 0.2, 0.1, 0.1]), np.array([0.5, 0.2, 0.1, 0.1, 0.1])
    rare, even = np.array([0.5, 0.5, 0.0]), np.array([0.4, 0.4, 0.2])
    tried = [(np.array([0.3, -0.2, 0.5, 0.0, 1.0]), p, q), (np.full(5, 2.0), p, q)]
    tried += [(np.log(p / q), p, q), (np.array([0.0, 1.0, -3.0]), rare, even)]
    tried += [(np.array([0.0, 1000.0, -3.0]), even, even[::-1])]
    tried += [(np.array([-1000.0, -1001.0, -5000.0]), even, even[::-1])]
    return (*tried, (np.array([0.0, 0.0, 3000.0]), even, even[::-1]))


def bets():
    """Return (n, p, q): q on either side of p, equal to it, close by for long, and certain."""
    tried = [(1, 0.3, 0.5), (24, 0.3, 0.5), (24, 0.6, 0.5), (7, 0.5, 0.9), (500, 0.3, 0.35)]
    return (*tried, (10, 0.4, 0.4), (2, 0.5, 1.0), (3, 0.4, 0.0))
