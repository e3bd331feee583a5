"""Mixtures of normals on the line."""

import math
from functools import cache

import numpy as np
from scipy.special import ndtr

from kllib._validate import as_distribution, as_finite, as_positive, as_real, require

__all__ = ["GaussianMixture"]


@cache
def _grid(refinement):
    z = np.arange(-1000 * refinement, 1000 * refinement + 1) / (100 * refinement)
    density = np.exp(-z * z / 2)
    density /= density.sum()
    return z, density * [z**0, z, z**2 - 1, z**3 - 3 * z, z**4 - 4 * z**2 + 1]


class GaussianMixture:
    """Mixture ``Σ weight · N(mean, std²)``, with the methods of a frozen SciPy distribution.

    Parameters
    ----------
    weights : array_like of probabilities, shape (k,)
    means : array_like of finite numbers, shape (k,)
    stds : array_like of positive numbers, shape (k,), standard deviations

    Raises
    ------
    ValueError
        If a parameter is not of that kind, or is NaN, or the shapes differ.

    Examples
    --------
    >>> target = GaussianMixture([0.5, 0.5], [-2, 2], [0.5, 0.5])
    >>> target.mean(), target.std().round(6), target.cdf(0)
    (np.float64(0.0), np.float64(2.061553), np.float64(0.5))
    """

    def __init__(self, weights, means, stds):
        self.weights = as_distribution("weights", weights)
        self.means = as_finite("means", means).astype(np.float64)
        self.stds = as_positive("stds", stds).astype(np.float64)
        shape = self.weights.shape
        for name, array in vars(self).items():
            require(name, array, np.isnan(array), "hold numbers")
            if array.shape != shape:
                raise ValueError(f"{name} must have the weights' shape {shape}; got {array.shape}")

    def _standardised(self, x):
        x = as_real("x", x).astype(np.float64)
        columns = [a.reshape(-1, *[1] * x.ndim) for a in (self.weights, self.means, self.stds)]
        return (x - columns[1]) / columns[2], *columns

    def logpdf(self, x):
        """Log density at each entry of `x`."""
        with np.errstate(divide="ignore", over="ignore"):  # weight 0; x beyond 1e154 std
            z, weights, _, stds = self._standardised(x)
            terms = np.log(weights) - np.log(stds) - math.log(2 * math.pi) / 2 - z * z / 2
            # The lowest float in place of -inf: at x = ±inf, inf - inf would make NaN of 0.
            top = np.maximum(terms.max(axis=0), np.finfo(np.float64).min)
            return (top + np.log(np.exp(terms - top).sum(axis=0)))[()]

    def pdf(self, x):
        """Density at each entry of `x`."""
        return np.exp(self.logpdf(x))

    def cdf(self, x):
        """Probability of at most each entry of `x`."""
        z, weights, _, _ = self._standardised(x)
        return (weights * ndtr(z)).sum(axis=0)[()]

    def rvs(self, size, rng):
        """Samples of shape `size`, drawn with the `numpy.random.Generator` `rng`."""
        component = rng.choice(self.weights.size, size=size, p=self.weights)
        return rng.normal(self.means[component], self.stds[component])

    def mean(self):
        """Mean."""
        return self.weights @ self.means

    def std(self):
        """Standard deviation."""
        return np.sqrt(self.weights @ (self.stds**2 + (self.means - self.mean()) ** 2))

    def entropy(self):
        """Differential entropy in nats."""
        z, weights = self.quadrature(self.stds.max())
        return -weights[0] @ self.logpdf(self.means + np.outer(z, self.stds)) @ self.weights

    def quadrature(self, std):
        """Points z for expectations under N(mean, std²) of this log density, and weights (5, n).

        The rows are the standard normal density and its derivatives by mean (in units of std),
        by log std and twice by mean, by both, and twice by log std.
        """
        ratio = std / self.stds[self.weights > 0].min()
        return _grid(math.ceil(min(100, max(1, ratio / 10))))  # in this order NaN gives 1
