"""What the exercises of chapter 5 compute with normals, mixtures and logits."""

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import log_softmax

from kllib.projection import GaussianMixture, project_reverse, projection_kl

GRID = np.arange(-3000, 4701) / 100  # nine standard deviations of the widest fit on either side
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


def products(sigma):
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


def descent(mean, std, a, of=np.tanh, entropy=1, factor=1):
    tanh = of(a * (mean + std * Z))
    pull = factor * a * std * (WEIGHTS * Z) @ tanh
    return np.array([mean - a * WEIGHTS @ tanh, std**2 - pull - entropy])


def careless(theta, p, q):
    ratio = np.log(q / p)
    return np.array([q - p, q * (ratio - q @ ratio)])


def weighed(theta, p, extra):
    q = np.exp(log_softmax(theta))
    return np.array([q - p, q * (log_softmax(theta) - np.log(p) + extra)])


def ink_fits(ink, bandwidths, grid=GRID):
    """The best fits both ways of smoothed samples, and the local minima from three starts."""
    values, counts = np.unique(ink, return_counts=True)
    best, modes = [], []
    for h in bandwidths:
        p = GaussianMixture(counts / len(ink), values, np.full(len(values), h))
        fits = np.array([nearest(p, start, grid) for start in [(2, 2), (13, 2), (8, 4)]])
        best.append([p.mean(), p.std(), *fits[fits[:, 2].argmin(), :2]])
        modes.append(fits[:, :2])
    return np.array(best), np.array(modes)


def crossing():
    """Where a hump becomes better than the cover, both there, and where the cover costs log 2."""

    def ends(a):
        return sorted(project_reverse(pair(a)), key=lambda fit: abs(fit.mean))[::-2]

    def lead(a):
        hump, cover = ends(a)
        return hump.kl - cover.kl

    turn = brentq(lead, 2.79, 2.81)
    at_log2 = brentq(lambda a: nearest(pair(a), (0, a))[2] - np.log(2), 2.8, 2.9)
    return turn, *ends(turn), at_log2
