"""Data of chapter 4, and arguments on which its functions are tried."""

from functools import cache

import numpy as np
from scipy.special import softmax
from sklearn.datasets import load_digits


def sightings():
    """Return (counts, q): even, unseen outcomes, at the optimum, denied ones, one kind only."""
    tried = [([7, 3], [0.5, 0.5]), ([7, 2, 1, 0], [0.25, 0.25, 0.25, 0.25])]
    tried += [([70, 20, 10, 0], [0.7, 0.2, 0.1, 0]), ([7, 2, 1, 0], [0.5, 0.2, 0.25, 0.05])]
    tried += [([4, 0], [1, 0]), ([3, 1], [1, 0]), ([0, 5], [0.9, 0.1])]
    return tuple((np.array(counts), np.array(q, float)) for counts, q in tried)


def targets():
    """Return (theta, t): one-hot and soft, moderate logits and logits that overflow or vanish."""
    tried = [([0, 0, 0], [1, 0, 0]), ([2, 1, -1], [0.7, 0.2, 0.1]), ([3, 0], [0.5, 0.5])]
    tried += [([1000, 0], [0, 1]), ([-1000, -1001], [0.4, 0.6]), ([0, 800], [1, 0])]
    tried += [([0, 0, 0, 2000], [0.4, 0.3, 0.2, 0.1]), ([0, -900, 900], [0.2, 0.5, 0.3])]
    return tuple((np.array(theta, float), np.array(t, float)) for theta, t in tried)


def logits():
    """Return vectors of logits: equal, one alone, too large, too small, too far apart.

    In the last ones neither the first, the mean, the median nor the largest size is the largest.
    """
    tried = [[0, 0], [5], [2, -1, 0.5], [1000, 0], [-1000, -1001], [0, -800], [9000, -9000, 9000]]
    tried += [[0, 1000], [0, 0, 0, 2000], [0, -1000, 1000]]
    return tuple((np.array(z, float),) for z in tried)


@cache
def weights(smoothing=0.0, bias=True, rate=0.5):
    """Train softmax regression on two digits of three; weights after 499, 500 and 501 steps."""
    digits = load_digits()
    x, y = digits.data / 16, np.eye(10)[digits.target]
    if bias:
        x = np.c_[x, np.ones(len(x))]
    held = np.arange(len(x)) % 3 == 0
    seen, t, w = x[~held], (1 - smoothing) * y[~held] + smoothing / 10, np.zeros((x.shape[1], 10))
    after = {}
    for step in range(1, 502):
        w = w - rate * seen.T @ (softmax(seen @ w, axis=1) - t) / len(seen)
        after[step] = w
    return after, x[held], y[held]


def regression(steps=500, **how):
    """Return predictions and labels of the third of the digits on which nothing was trained."""
    after, x, y = weights(**how)
    return softmax(x @ after[steps], axis=1), y
