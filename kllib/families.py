"""Closed-form divergences between members of one family, and `kl_between` for any two.

Parameters broadcast, scales are standard deviations, and ``base=None`` means nats. Differences
of parameters are taken first, so that near-equal parameters keep their digits.
"""

from kllib._between import kl_between
from kllib._multivariate import kl_beta, kl_dirichlet, kl_mvn
from kllib._quadrature import AccuracyWarning
from kllib._univariate import (
    kl_bernoulli,
    kl_exponential,
    kl_gamma,
    kl_laplace,
    kl_normal,
    kl_normal_standard,
    kl_poisson,
)

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
