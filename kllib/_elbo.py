"""Evidence lower bounds and likelihoods of linear models with a normal latent, all exact."""

import math
from typing import NamedTuple

import numpy as np

from kllib._normal import kl_normal
from kllib._validate import as_finite, as_integer, as_positive, check_broadcast

__all__ = ["Elbo", "as_table", "elbo", "log_normal", "ppca_log_likelihood"]


class Elbo(NamedTuple):
    """``elbo = reconstruction - kl = log_evidence - gap``; the last two NaN where intractable."""

    reconstruction: np.ndarray
    kl: np.ndarray
    elbo: np.ndarray
    log_evidence: np.ndarray = np.float64(np.nan)
    gap: np.ndarray = np.float64(np.nan)


def log_normal(square, std):
    """Return log N(x; m, std²) for the square of x - m."""
    return -0.5 * math.log(2 * math.pi) - np.log(std) - square / (2 * std * std)


def elbo(x, mean, std, *, slope=1.0, noise=1.0):
    """Bound on log p(x) for z ~ N(0, 1), x | z ~ N(slope·z, noise²) and q(z|x) = N(mean, std²).

    Parameters
    ----------
    x, mean, std, slope, noise : array_like, broadcast; std and noise positive

    Returns
    -------
    Elbo, in nats; its gap is D(q(z|x)‖p(z|x))

    Raises
    ------
    ValueError
        If an argument is not finite, or a standard deviation not positive.

    Examples
    --------
    >>> bound = elbo(1.5, 0.5, 0.5)
    >>> print(f"{bound.log_evidence:.6f} = {bound.elbo:.6f} + {bound.gap:.6f}")
    -1.828012 = -1.987086 + 0.159074
    """
    x, mean, slope = as_finite("x", x), as_finite("mean", mean), as_finite("slope", slope)
    std, noise = as_positive("std", std), as_positive("noise", noise)
    given = {"x": x, "mean": mean, "std": std, "slope": slope, "noise": noise}
    check_broadcast(**{name: a.shape for name, a in given.items()})
    kl, total = kl_normal(mean, std, 0.0, 1.0), np.hypot(slope, noise)
    gap = kl_normal(mean, std, slope / total * (x / total), noise / total)
    with np.errstate(over="ignore"):
        reconstruction = log_normal((x - slope * mean) ** 2 + (slope * std) ** 2, noise)
        return Elbo(reconstruction, kl, reconstruction - kl, log_normal(x**2, total), gap)


def as_table(name, data, features=None):
    """Return `data` as a finite float64 table, of so many features if that is given."""
    data = as_finite(name, data).astype(np.float64)
    if data.ndim != 2 or 0 in data.shape or features not in (None, data.shape[1]):
        raise ValueError(f"{name} must be rows of {features or 'n'} features; got {data.shape}")
    return data


def ppca_log_likelihood(data, latent):
    """Greatest mean log likelihood of probabilistic PCA (Tipping and Bishop 1999).

    ``-½ Σ (log λ + 1 + log 2π)`` over the eigenvalues λ of the covariance (divided by n), all
    but the k largest replaced by their mean, the noise.

    Parameters
    ----------
    data : array_like, shape (n, d)
    latent : int, the k above, less than d

    Returns
    -------
    np.float64, in nats per example

    Raises
    ------
    ValueError
        If `data` is no finite table, or varies in `latent` directions or fewer.

    Examples
    --------
    >>> ppca_log_likelihood([[0, 0], [2, 0], [0, 1], [2, 1]], 1).round(6)
    np.float64(-2.14473)
    """
    data, latent = as_table("data", data), as_integer("latent", latent, least=1)
    if np.isnan(data).any():
        return np.float64(np.nan)
    values = np.linalg.eigvalsh(np.atleast_2d(np.cov(data.T, bias=True)))[::-1]
    noise = values[latent:].sum() / max(values.size - latent, 1)
    if noise <= 1e-12 * values[0]:
        raise ValueError(f"data must vary in more than {latent} directions; eigenvalues {values}")
    values[latent:] = noise
    return -(np.log(values) + 1 + math.log(2 * math.pi)).sum() / 2
