"""Closed-form divergences between members of one family, and `kl_between` for any two.

Parameters broadcast, scales are standard deviations, and ``base=None`` means nats. Differences
of parameters are taken first, so that near-equal parameters keep their digits.
"""

import math

import numpy as np

from kllib._between import AccuracyWarning, divergence
from kllib._frozen import Parameters, parameters
from kllib._gamma import kl_beta, kl_dirichlet, kl_gamma
from kllib._normal import kl_mvn, kl_normal, kl_normal_standard
from kllib._special import expm1_excess, log_ratio, ratio_excess, xlogx_excess
from kllib._validate import as_parameters, in_unit, log_of_base

__all__ = [
    "AccuracyWarning",
    "kl_bernoulli",
    "kl_beta",
    "kl_between",
    "kl_dirichlet",
    "kl_exponential",
    "kl_gamma",
    "kl_laplace",
    "kl_mvn",
    "kl_normal",
    "kl_normal_standard",
    "kl_poisson",
]


def kl_bernoulli(p, q, *, base=None):
    """Return p log(p/q) + (1-p) log((1-p)/(1-q)), for coins with the chances p and q of heads.

    Parameters
    ----------
    p, q : array_like
        Probabilities; they broadcast.
    base : float, optional
        Unit of the result, e.g. 2 for bits; nats by default.

    Returns
    -------
    float or ndarray
        The divergence D(p‖q); infinite where q excludes an outcome that p allows.

    Raises
    ------
    ValueError
        If a probability lies outside [0, 1].

    Examples
    --------
    >>> kl_bernoulli([0.99, 0.5], [0.5, 0.99], base=2).round(4)
    array([0.9192, 2.3292])
    """
    p, q, dtype = as_parameters(p=p, q=q)
    with np.errstate(all="ignore"):
        value = xlogx_excess(p, q, q - p) + xlogx_excess(1 - p, 1 - q, p - q)
    return in_unit(value, base, dtype)


def kl_exponential(rate_p, rate_q, *, base=None):
    """Return log(rate_p/rate_q) + rate_q/rate_p - 1.

    Parameters
    ----------
    rate_p, rate_q : array_like
        Rates: inverse means, not the scales of SciPy.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of exponential distributions.

    Raises
    ------
    ValueError
        If a rate is not positive and finite.

    Examples
    --------
    >>> kl_exponential(1, 2).round(6)
    np.float64(0.306853)
    """
    rate_p, rate_q, dtype = as_parameters(rate_p=rate_p, rate_q=rate_q)
    with np.errstate(all="ignore"):
        value = ratio_excess((rate_q - rate_p) / rate_p, log_ratio(rate_q, rate_p))
    return in_unit(value, base, dtype)


def kl_poisson(rate_p, rate_q, *, base=None):
    """Return rate_p log(rate_p/rate_q) - rate_p + rate_q.

    Parameters
    ----------
    rate_p, rate_q : array_like
        Means of the counts.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of Poisson distributions.

    Raises
    ------
    ValueError
        If a rate is not positive and finite.

    Examples
    --------
    >>> kl_poisson(3, [3, 4]).round(6)
    array([0.      , 0.136954])
    """
    rate_p, rate_q, dtype = as_parameters(rate_p=rate_p, rate_q=rate_q)
    with np.errstate(all="ignore"):
        value = xlogx_excess(rate_p, rate_q, rate_q - rate_p)
    return in_unit(value, base, dtype)


def kl_laplace(loc_p, scale_p, loc_q, scale_q, *, base=None):
    """Return log(scale_q/scale_p) + (d + scale_p exp(-d/scale_p)) / scale_q - 1.

    Parameters
    ----------
    loc_p, loc_q : array_like
        Finite medians; d is their distance.
    scale_p, scale_q : array_like
        Mean absolute deviations.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float or ndarray
        The divergence of Laplace distributions.

    Raises
    ------
    ValueError
        If a scale is not positive, or a parameter is infinite.

    Examples
    --------
    >>> kl_laplace(0, 1, [1, 1e-4], 1)
    array([3.67879441e-01, 4.99983334e-09])
    """
    loc_p, scale_p, loc_q, scale_q, dtype = as_parameters(
        loc_p=loc_p, scale_p=scale_p, loc_q=loc_q, scale_q=scale_q
    )
    with np.errstate(all="ignore"):
        scales = ratio_excess((scale_p - scale_q) / scale_q, log_ratio(scale_p, scale_q))
        distance = np.abs(loc_p - loc_q)
        d = distance / scale_p
        near = scale_p / scale_q * expm1_excess(d)
        far = distance / scale_q + scale_p / scale_q * np.expm1(-d)
    return in_unit(scales + np.where(d < 1, near, far), base, dtype)


# Other names and parameters of the same distributions
RENAMED = {
    "chi2": lambda d: Parameters("gamma", (d.shapes[0] / 2,), d.loc, 2 * d.scale),
    "erlang": lambda d: d._replace(name="gamma"),
    "expon": lambda d: d._replace(name="gamma", shapes=(1.0,)),
    "uniform": lambda d: d._replace(name="beta", shapes=(1.0, 1.0)),
}

# The fields in which P and Q must agree, and the closed form if they do. Gamma divergences depend
# on the ratio of rates only: scales in exchanged places serve as rates, without a rounding.
CLOSED = {
    "norm": ((), lambda p, q: kl_normal(p.loc, p.scale, q.loc, q.scale)),
    "laplace": ((), lambda p, q: kl_laplace(p.loc, p.scale, q.loc, q.scale)),
    "cauchy": ((), lambda p, q: _cauchy(p.loc, p.scale, q.loc, q.scale)),
    "lognorm": (
        ("loc",),
        lambda p, q: kl_normal(math.log(p.scale / q.scale), *p.shapes, 0.0, *q.shapes),
    ),
    "gamma": (("loc",), lambda p, q: kl_gamma(*p.shapes, q.scale, *q.shapes, p.scale)),
    "beta": (("loc", "scale"), lambda p, q: kl_beta(*p.shapes, *q.shapes)),
    "poisson": (("loc",), lambda p, q: kl_poisson(*p.shapes, *q.shapes)),
    "bernoulli": (("loc",), lambda p, q: kl_bernoulli(*p.shapes, *q.shapes)),
    "geom": (("loc",), lambda p, q: kl_bernoulli(*p.shapes, *q.shapes) / p.shapes[0]),
    "binom": (("loc", "n"), lambda p, q: p.n * kl_bernoulli(p.shapes[1], q.shapes[1])),
    "nbinom": (
        ("loc", "n"),
        lambda p, q: p.n * kl_bernoulli(p.shapes[1], q.shapes[1]) / p.shapes[1],
    ),
}
JOINT = {
    "multivariate_normal_frozen": lambda P, Q: kl_mvn(P.mean, P.cov, Q.mean, Q.cov),
    "dirichlet_frozen": lambda P, Q: kl_dirichlet(P.alpha, Q.alpha),
}


def _cauchy(loc_p, scale_p, loc_q, scale_q):
    # Chyzak and Nielsen (2019), "A closed-form formula for the Kullback-Leibler divergence
    # between Cauchy distributions"
    squares = (scale_p - scale_q) ** 2 + (loc_p - loc_q) ** 2
    return np.log1p(squares / (4 * scale_p * scale_q))


def _closed_form(p, q):
    p, q = (RENAMED.get(d.name, lambda d: d)(d) for d in (p, q))
    fields, formula = CLOSED.get(p.name, ((), None))
    degenerate = 0 in (*p.shapes, *q.shapes)  # a Poisson rate of 0, say, has no closed form here
    if p.name != q.name or formula is None or degenerate:
        return None
    return formula(p, q) if all(getattr(p, f) == getattr(q, f) for f in fields) else None


def kl_between(P, Q, *, base=None):
    """Return D(P‖Q) for any two frozen distributions of scipy.stats.

    The closed form where there is one, else quadrature or summation to about 1e-9.

    Parameters
    ----------
    P, Q : frozen distributions
        With scalar parameters; both continuous or both discrete, or both ``multivariate_normal``
        or both ``dirichlet``.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float
        The divergence; infinite where the support of Q does not cover that of P, and where the
        integral diverges, as for a Cauchy P and a normal Q.

    Raises
    ------
    ValueError
        If an argument is no frozen distribution, or the two are not of one kind.

    Warns
    -----
    AccuracyWarning
        If the error estimate exceeds 1e-9, relative to results above 1. NaN is returned where
        the density of Q underflows in SciPy while that of P does not.

    Notes
    -----
    Beyond the distances at which p or q leave the range of floats, tails are continued as power
    laws; their exponents tell whether the integral converges. A divergence that begins only
    where p is below 1e-308 goes unseen.

    Examples
    --------
    >>> from scipy import stats
    >>> kl_between(stats.norm(0, 1), stats.cauchy(0, 1)).round(6)
    np.float64(0.259245)
    >>> kl_between(stats.cauchy(0, 1), stats.norm(0, 1))
    np.float64(inf)
    """
    unit = log_of_base(base)
    joint = JOINT.get(type(P).__name__)
    if joint is not None and type(P) is type(Q):
        return joint(P, Q) / unit
    value = _closed_form(parameters("P", P), parameters("Q", Q))
    return np.float64(divergence(P, Q) if value is None else value) / unit
