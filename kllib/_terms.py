"""What one sample contributes to an estimate, by its log ratio."""

import numpy as np

from kllib import _special
from kllib._validate import as_real, require

__all__ = ["as_log_ratio", "k1", "k2", "k3"]


def as_log_ratio(log_ratio):
    """Return `log_ratio` as a float array below inf."""
    log_ratio = as_real("log_ratio", log_ratio)
    require("log_ratio", log_ratio, np.isposinf(log_ratio), "be below inf: p(x) > 0 at its samples")
    return log_ratio


def k1(log_ratio):
    """``-log r``: unbiased, and negative wherever q(x) > p(x).

    Parameters
    ----------
    log_ratio : array_like below inf, at samples of p

    Returns
    -------
    np.ndarray or NumPy scalar, in nats

    Raises
    ------
    ValueError
        If a log ratio is not a real number below inf.

    Examples
    --------
    >>> k1([-0.5, 0.5])
    array([ 0.5, -0.5])
    """
    return 0.0 - as_log_ratio(log_ratio)[()]


def k2(log_ratio):
    """``(log r)²/2``: never negative, but biased.

    Parameters
    ----------
    log_ratio : array_like below inf, at samples of p

    Returns
    -------
    np.ndarray or NumPy scalar, in nats

    Raises
    ------
    ValueError
        If a log ratio is not a real number below inf.

    Examples
    --------
    >>> k2([-0.5, 0.5])
    array([0.125, 0.125])
    """
    with np.errstate(over="ignore"):
        return as_log_ratio(log_ratio)[()] ** 2 / 2


def k3(log_ratio):
    """``r - 1 - log r``: never negative; low by the mass that q has where p has none.

    Its variance is infinite where E[r²] is: where q's tail is much heavier than p's.

    Parameters
    ----------
    log_ratio : array_like below inf, at samples of p

    Returns
    -------
    np.ndarray or NumPy scalar, in nats

    Raises
    ------
    ValueError
        If a log ratio is not a real number below inf.

    Examples
    --------
    >>> k3([-0.5, 0.5, 1e-9])
    array([1.06530660e-01, 1.48721271e-01, 5.00000000e-19])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _special.expm1_excess(-as_log_ratio(log_ratio))[()]
