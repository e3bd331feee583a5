"""Choose between closed form and quadrature for two frozen SciPy distributions."""

import math

import numpy as np

from kllib._multivariate import kl_beta, kl_dirichlet, kl_mvn
from kllib._quadrature import Parameters, divergence, parameters
from kllib._univariate import kl_bernoulli, kl_gamma, kl_laplace, kl_normal, kl_poisson
from kllib._validate import log_of_base

__all__ = ["kl_between"]

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
