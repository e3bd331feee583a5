"""What the exercises of chapter 5 compute with normals, mixtures and logits."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from kllib.projection import GaussianMixture, projection_kl

__all__ = ["descent", "nearest", "pair", "slopes", "table", "two_products"]

GRID = np.arange(-1000, 2601) / 100
Z = np.arange(-1000, 1001) / 100
WEIGHTS = np.exp(-Z * Z / 2) / np.exp(-Z * Z / 2).sum()


def pair(a):
    return GaussianMixture([0.5, 0.5], [-a, a], [1, 1])


def table(p, *normals):
    return np.array([[projection_kl(p, *n, d) for d in ("forward", "reverse")] for n in normals])


def slopes(theta, p):
    log_q = log_softmax(theta)
    ratio = log_q - np.log(p)
    return np.array([np.exp(log_q) - p, np.exp(log_q) * (ratio - np.exp(log_q) @ ratio)])


def two_products(sigma):
    return np.array([1 / np.diag(np.linalg.inv(sigma)), np.diag(sigma)])


def nearest(p, start, grid=GRID):
    """The local minimum of D(q‖p) over normals q that lies below a start: mean, std, value."""
    log_p = p.logpdf(grid)

    def reverse(v):
        log_q = -(((grid - v[0]) / v[1]) ** 2) / 2 - np.log(abs(v[1]) * np.sqrt(2 * np.pi))
        return np.exp(log_q) @ (log_q - log_p) * (grid[1] - grid[0])

    options = {"xatol": 1e-7, "fatol": 1e-12}
    found = minimize(reverse, start, method="Nelder-Mead", options=options)
    return *found.x, found.fun


def descent(mean, std, a, of=np.tanh, entropy=1):
    tanh = of(a * (mean + std * Z))
    return np.array([mean - a * WEIGHTS @ tanh, std**2 - a * std * (WEIGHTS * Z) @ tanh - entropy])
