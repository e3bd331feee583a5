"""Divergences from samples alone."""

import math

import numpy as np

from kllib._validate import as_finite, as_integer, require

__all__ = ["kl_knn"]


def _as_points(name, points, least):
    points = as_finite(name, points).astype(np.float64)
    points = points[:, None] if points.ndim == 1 else points
    if points.ndim != 2 or len(points) < least or points.shape[1] == 0:
        raise ValueError(f"{name} must hold at least {least} samples; got shape {points.shape}")
    return points


def kl_knn(x, y, k=5):
    """k-nearest-neighbour estimate of D(p‖q) from samples x ~ p and y ~ q alone.

    ``d/n Σ log(ν/ρ) + log(m/(n - 1))``, ρ and ν the distances from each of the n points of x to
    its k-th neighbour among the others and among the m points of y (Wang, Kulkarni and Verdú
    2009). Consistent for densities, but biased, slow in many dimensions, at times negative.

    Parameters
    ----------
    x, y : array_like, shapes (n,) and (m,), or (n, d) and (m, d)
    k : int, at most n - 1 and m

    Returns
    -------
    np.float64, in nats

    Raises
    ------
    ValueError
        If samples are too few, of different dimensions, infinite, or so often equal that a
        distance is 0.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> kl_knn(rng.normal(size=5_000), rng.normal(1.0, size=5_000)).round(2)  # exactly 0.5
    np.float64(0.51)
    """
    from scipy.spatial import cKDTree  # dear to import

    k = as_integer("k", k, least=1)
    x, y = _as_points("x", x, k + 1), _as_points("y", y, k)
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"y must have the dimension of x, {x.shape[1]}; got {y.shape[1]}")
    if np.isnan(x).any() or np.isnan(y).any():
        return np.float64(np.nan)
    own, other = cKDTree(x).query(x, [k + 1])[0][:, 0], cKDTree(y).query(x, [k])[0][:, 0]
    for name, distance in [("x", own), ("y", other)]:
        require(f"distance of x to neighbour {k} in {name}", distance, distance == 0, "be positive")
    return x.shape[1] * np.log(other / own).mean() + math.log(len(y) / (len(x) - 1))
