"""Frozen distributions of scipy.stats: their parameters, and their log densities."""

import math
from typing import NamedTuple

import numpy as np

__all__ = ["Parameters", "log_density", "parameters"]

# SciPy takes these logarithms after the density may have underflowed
EXACT = {
    "laplace": lambda z: -np.abs(z) - math.log(2.0),
    "pareto": lambda z, b: np.where(z >= 1, math.log(b) - (b + 1) * np.log(z), -math.inf),
    "logser": lambda k, p: k * math.log(p) - np.log(k) - math.log(-math.log1p(-p)),
}


class Parameters(NamedTuple):
    """What a SciPy distribution was frozen with."""

    name: str
    shapes: tuple
    loc: float
    scale: float

    @property
    def n(self):
        """The first shape: a number of trials."""
        return self.shapes[0]


def parameters(name, frozen):
    """Return the parameters of a frozen univariate distribution, checked to be valid scalars."""
    from scipy.stats._distn_infrastructure import rv_frozen  # half a second, for who needs it

    if not isinstance(frozen, rv_frozen):
        raise ValueError(
            f"{name} must be a frozen univariate distribution of scipy.stats, or P and Q both "
            f"multivariate_normal or both dirichlet; got {frozen!r}"
        )
    shapes, loc, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    given = f"{frozen.dist.name} with {frozen.args} and {frozen.kwds}"
    if any(np.ndim(value) for value in (*shapes, loc, scale)):
        raise ValueError(f"{name} must have scalar parameters; got {given}")
    if not (frozen.dist._argcheck(*shapes) and scale > 0 and math.isfinite(loc)):
        raise ValueError(f"{name} must have valid parameters; got {given}")
    return Parameters(frozen.dist.name, shapes, float(loc), float(scale))


def log_density(name, frozen):
    """Return the function that takes x to the logarithm of the density or mass at x."""
    given, shapes, loc, scale = parameters(name, frozen)
    if given in EXACT:
        return lambda x: EXACT[given]((x - loc) / scale, *shapes) - math.log(scale)
    return frozen.logpdf if hasattr(frozen, "logpdf") else frozen.logpmf
