"""Data of chapter 5, and arguments on which its functions are tried."""

import numpy as np
from sklearn.datasets import load_digits


def digit_ink():
    """Return the mean ink, 0 to 16, of the eight middle pixels of the zeros and ones."""
    digits = load_digits()
    return digits.images[np.isin(digits.target, [0, 1])][:, 2:6, 3:5].mean(axis=(1, 2))


def logits():
    """Return (theta, p): even, forgetful, at the optimum, with large and far-apart logits."""
    tried = [([0.0, 0.0, 0.0], [0.5, 0.3, 0.2]), ([4.0, 0.0, 0.0], [0.49, 0.49, 0.02])]
    tried += [(np.log([0.7, 0.2, 0.1]), [0.7, 0.2, 0.1]), ([1.0, -2.0], [0.3, 0.7])]
    tried += [([1000.0, 1001.0], [0.4, 0.6]), ([0.0, -800.0], [0.5, 0.5])]
    tried += [([0.0, 1000.0], [0.5, 0.5]), ([0.0, 0.0, 0.0, 2000.0], [0.4, 0.3, 0.2, 0.1])]
    tried += [([0.0, -900.0, 900.0], [0.2, 0.5, 0.3])]
    return tuple((np.array(theta), np.array(p)) for theta, p in tried)


def covariances():
    """Return covariance matrices: a pair, unequal, independent, three that hang together."""
    tried = [[[1, 0.9], [0.9, 1]], [[4, -1], [-1, 2]], [[2, 0], [0, 0.5]]]
    tried += [[[1, 0.8, 0.6], [0.8, 1, 0.7], [0.6, 0.7, 1]]]
    return tuple((np.array(sigma, float),) for sigma in tried)


def places():
    """Return (mean, std, a): between the humps, on one, beyond, very narrow, very far apart."""
    return (0.5, 2.0, 3.0), (2.9, 1.0, 3.0), (0.0, 1.7, 2.0), (-4.0, 0.01, 1.0), (30.0, 0.5, 30.0)
