"""The divergence of any two frozen SciPy distributions: `kl_between`.

The closed form where there is one, else quadrature or summation. A path s leads from the median
of P to an end of its support: x moves towards a finite end by the factor e^-s, towards infinity
by sinh s. Heavy tails and poles of the density are then exponentials of s, which Gauss-Legendre
panels integrate and whose remainder has a closed form.
"""

import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kllib._validate import log_of_base
from kllib.families import (
    kl_bernoulli,
    kl_beta,
    kl_dirichlet,
    kl_gamma,
    kl_laplace,
    kl_mvn,
    kl_normal,
    kl_poisson,
)

__all__ = ["AccuracyWarning", "kl_between"]

GOAL = 1e-9
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
FARTHEST, NEAREST_TO_END = 1e150, 1e-280  # of paths; squares of the first are finite
RESOLUTION = 2.0**-30  # nearer to an end than this part of it, x has few digits left
BISECTIONS, PANELS = 60, 2000
CHUNK, LONGEST = 1024, 2**18  # terms of the first and of the longest partial sum
UNDERFLOW = -800.0, -600.0  # the logarithm of a density that underflows ends near -745


class AccuracyWarning(UserWarning):
    """A numerical divergence whose error estimate exceeds 1e-9."""


def kl_between(P: Any, Q: Any, *, base: float | None = None) -> np.float64:
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
        return np.float64(joint(P, Q) / unit)
    value = _closed_form(_parameters("P", P), _parameters("Q", Q))
    return np.float64(_numerical(P, Q) if value is None else value) / np.float64(unit)


class _Parameters(NamedTuple):
    """What a SciPy distribution was frozen with."""

    name: str
    shapes: tuple
    loc: float
    scale: float

    @property
    def n(self):
        """The first shape: a number of trials."""
        return self.shapes[0]


# Other names and parameters of the same distributions
RENAMED = {
    "chi2": lambda d: _Parameters("gamma", (d.shapes[0] / 2,), d.loc, 2 * d.scale),
    "erlang": lambda d: d._replace(name="gamma"),
    "expon": lambda d: d._replace(name="gamma", shapes=(1.0,)),
    "uniform": lambda d: d._replace(name="beta", shapes=(1.0, 1.0)),
}


# The fields in which P and Q must agree, and the closed form if they do. Gamma divergences depend
# on the ratio of rates only: scales in exchanged places serve as rates, without a rounding.
CLOSED: dict[str, tuple[tuple[str, ...], Callable]] = {
    "norm": ((), lambda p, q: kl_normal(p.loc, p.scale, q.loc, q.scale)),
    "laplace": ((), lambda p, q: kl_laplace(p.loc, p.scale, q.loc, q.scale)),
    "cauchy": ((), lambda p, q: _cauchy(p.loc, p.scale, q.loc, q.scale)),
    "lognorm": (
        ("loc",),
        lambda p, q: kl_normal(math.log(p.scale / q.scale), p.shapes[0], 0.0, q.shapes[0]),
    ),
    "gamma": (("loc",), lambda p, q: kl_gamma(p.shapes[0], q.scale, q.shapes[0], p.scale)),
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


# SciPy takes these logarithms after the density may have underflowed
EXACT: dict[str, Callable] = {
    "laplace": lambda z: -np.abs(z) - math.log(2.0),
    "pareto": lambda z, b: np.where(z >= 1, math.log(b) - (b + 1) * np.log(z), -math.inf),
    "logser": lambda k, p: k * math.log(p) - np.log(k) - math.log(-math.log1p(-p)),
}


def _parameters(name, frozen):
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
    return _Parameters(frozen.dist.name, shapes, float(loc), float(scale))


def _log_density(name, frozen):
    """Return the function that takes x to the logarithm of the density or mass at x."""
    given, shapes, loc, scale = _parameters(name, frozen)
    if given in EXACT:
        return lambda x: EXACT[given]((x - loc) / scale, *shapes) - math.log(scale)
    return frozen.logpdf if hasattr(frozen, "logpdf") else frozen.logpmf


def _numerical(P, Q):
    """Return D(P‖Q) in nats of two frozen distributions, both continuous or both discrete."""
    continuous = hasattr(P, "logpdf")
    if continuous != hasattr(Q, "logpdf"):
        raise ValueError(f"P and Q must be both continuous or both discrete; got {P!r} and {Q!r}")
    pair = _Pair(P, Q)
    with np.errstate(all="ignore"):
        value = float(_integral(pair) if continuous else _sum(pair))
    if value == math.inf:
        return value
    error = pair.error + abs(pair.mass - 1.0)
    if error > 0.1:
        value = math.nan  # mass of P is missing, or a density is too coarse to integrate
    if math.isnan(value) or not error < GOAL * max(1.0, abs(value)):
        message = f"D(P‖Q) = {value:.10g} is uncertain by {error:.0e}"
        warnings.warn(message, AccuracyWarning, stacklevel=3)
    return value


class _Pair:
    """Two distributions with their log densities, the mass of P that was seen, and an error."""

    def __init__(self, P, Q):
        self.P, self.Q = P, Q
        self.logp, self.logq = _log_density("P", P), _log_density("Q", Q)
        self.mass = self.error = 0.0

    def terms(self, x, log_weight=0.0):
        """Return weighted p log(p/q), p, and p (|log p| + |log q|), which sizes rounding."""
        log_p, log_q = self.logp(x), self.logq(x)
        p = np.exp(log_p + log_weight)
        ratio = np.where(p > 0, log_p - log_q, 0.0)
        size = np.where(p > 0, np.abs(log_p) + np.abs(log_q), 0.0)
        return np.stack([p * ratio, p, p * size])


class _Path:
    """The path s -> x from the middle of P to an end of its support, with log |dx/ds|."""

    def __init__(self, middle, spread, end, other):
        self.middle, self.end, self.spread = middle, end, math.copysign(spread, end - middle)
        self.origin = end if math.isfinite(end) else other
        gap = abs(middle - self.origin)
        if math.isfinite(end):
            self.last = math.log(gap / max(NEAREST_TO_END, RESOLUTION * abs(end)))
        elif math.isfinite(other):
            self.last = math.log(FARTHEST) - math.log(gap)
        else:
            self.last = math.asinh(min(FARTHEST / spread, 1e300))

    def __call__(self, s):
        """Return x and log |dx/ds|: of the rounded x, so that rounding moves only along s."""
        if math.isinf(self.origin):
            return self.middle + self.spread * np.sinh(s), np.log(abs(self.spread) * np.cosh(s))
        way = -s if math.isfinite(self.end) else s
        x = self.origin + (self.middle - self.origin) * np.exp(way)
        return x, np.log(np.abs(x - self.origin))

    def cuts(self):
        """Return the ends of panels, finest around the median, where P may have a peak."""
        cuts = np.concatenate([np.arange(self.last), [self.last], 2.0 ** np.arange(-39, 0, 3)])
        return np.unique(cuts[cuts <= self.last])

    def inverse(self, x):
        """Return s, for an x on the path; else NaN or outside of (0, last)."""
        if math.isinf(self.origin):
            return np.arcsinh((x - self.middle) / self.spread)
        s = np.log((x - self.origin) / (self.middle - self.origin))
        return -s if math.isfinite(self.end) else s


def _integral(pair):
    P, Q = pair.P, pair.Q
    (low, high), (least, most) = P.support(), Q.support()
    if low < least or high > most:
        return math.inf
    middle = P.median()
    if math.isfinite(low):  # leave a path to either end
        middle = max(middle, low + 8 * max(NEAREST_TO_END, RESOLUTION * abs(low)))
    if math.isfinite(high):
        middle = min(middle, high - 8 * max(NEAREST_TO_END, RESOLUTION * abs(high)))
    spread = P.ppf(0.75) - P.ppf(0.25)
    if math.isinf(low) and math.isinf(high):
        if not spread > 0:
            return math.nan
        pair.error = 1e-3 * np.spacing(abs(middle)) / spread  # of rounding x, roughly
    paths = [_Path(middle, spread, low, high), _Path(middle, spread, high, low)]
    limits = _where_q_has_density(pair, middle, paths)
    if limits is None:
        return math.inf
    if not limits[0] <= middle <= limits[1] or pair.logq(middle) == -math.inf:
        return math.nan
    for path, limit in zip(paths, limits, strict=True):
        if math.isfinite(limit):
            path.last = min(path.last, path.inverse(limit))
    return sum(_integrate_to_end(pair, path) for path in paths)


def _where_q_has_density(pair, middle, paths):
    """Return the x between which Q has a density, or None where it has none though P has.

    Where log(pdf) of Q underflows instead, the limits are those of numbers in full precision.
    """
    x = np.unique(np.concatenate([path(path.cuts())[0] for path in paths]))
    blank = pair.logq(x) == -math.inf
    low, high = -math.inf, math.inf
    for i in np.flatnonzero(blank[1:] != blank[:-1]):
        ends = (x[i], x[i + 1]) if blank[i + 1] else (x[i + 1], x[i])
        inside = _bisect(lambda x: pair.logq(x) > -math.inf, *ends)
        if UNDERFLOW[0] < pair.logq(inside) < UNDERFLOW[1]:
            inside = _bisect(lambda x: pair.logq(x) > -700.0, middle, inside)
        elif pair.logp(inside) > -745.0:
            return None
        low, high = (low, min(high, inside)) if inside > middle else (max(low, inside), high)
    return low, high


def _bisect(holds, inside, outside):
    for _ in range(BISECTIONS):
        halfway = (inside + outside) / 2
        inside, outside = (halfway, outside) if holds(halfway) else (inside, halfway)
    return inside


def _integrate_to_end(pair, path):
    cuts = path.cuts()
    x, log_derivative = path(cuts)
    log_p = pair.logp(x)
    size = np.clip(np.abs(log_p - pair.logq(x)), 1.0, 1e300)  # 1: the mass of P counts as well
    weight = log_p + log_derivative + np.log(size)
    heavy = np.flatnonzero(weight >= np.fmax.reduce(weight) - 50)
    if not heavy.size:
        return math.nan
    needed = heavy[-1] + 2
    value = _panels(lambda s: pair.terms(*path(s)), cuts[:needed], pair)
    return value if needed <= len(cuts) else value + _remainder(pair, path)


def _panels(f, cuts, pair):
    # Gauss-Legendre on each panel, halved until whole and halves agree to within rounding
    def rule(left, right):
        s = (left + right)[:, None] / 2 + (right - left)[:, None] / 2 * NODES
        return f(s) @ WEIGHTS * (right - left) / 2

    left, right = cuts[:-1], cuts[1:]
    whole = rule(left, right)
    scale = 1e-14 * whole[2].sum()
    value, gaps = 0.0, np.zeros(1)
    while len(left):
        middle = (left + right) / 2
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        halves = rule(left, right)
        pairs = halves[:, : len(middle)] + halves[:, len(middle) :]
        gaps = np.abs(pairs - whole)
        rough = (gaps[0] > scale) | (gaps[1] > 1e-13)
        if rough.sum() > PANELS or np.all(right - left < 1e-15):
            pair.error += gaps[0, rough].sum()
            rough[:] = False
        value += pairs[0, ~rough].sum()
        pair.mass += pairs[1, ~rough].sum()
        both = np.tile(rough, 2)
        left, right, whole = left[both], right[both], halves[:, both]
    return value


def _remainder(pair, path):
    """Return the integral beyond the path, for exponential p dx/ds and log(p/q) = a + b e^cs."""
    step = min(1.0, path.last / 2)
    x, log_derivative = path(path.last - step * np.arange(3.0))
    # the steps that rounding of x has left
    s = path.inverse(x)
    log_p = pair.logp(x)
    weights, ratio = log_p + log_derivative, log_p - pair.logq(x)
    decay, before = -np.diff(weights) / np.diff(s)
    if not decay > 0:
        return math.nan  # no density falls like this
    weight = math.exp(weights[0])
    rise, previous = np.diff(ratio) / np.diff(s)
    flat = max(abs(rise), abs(previous)) * step < 1e-9 * max(1.0, abs(ratio[0]))
    growth = 0.0 if flat or rise / previous <= 0 else math.log(rise / previous) / step
    pair.mass += weight / decay
    if abs(growth) < 1e-6:
        value = weight * (ratio[0] + rise / decay) / decay
    elif decay - growth < 1e-6:
        return math.inf
    else:
        bend = rise * step / -math.expm1(-growth * step)
        value = weight * ((ratio[0] - bend) / decay + bend / (decay - growth))
    sure = abs(decay - before) < 1e-4 * abs(decay)
    exact = 1e-12 if path.end == 0 or math.isinf(path.end) else RESOLUTION
    pair.error += abs(value) * (exact / min(decay, 1.0) if sure else 1.0)
    return value


def _sum(pair):
    P = pair.P
    points = getattr(P.dist, "xk", None)  # of a distribution given by its values
    if points is not None:
        x = np.asarray(points, dtype=np.float64) + _parameters("P", P).loc
        value, pair.mass, _ = pair.terms(x).sum(axis=-1)
        return value
    low, high = P.support()
    middle = P.median()
    down = _series(pair, middle - 1, -1, middle - low)
    return down + _series(pair, middle, 1, high - middle + 1)


def _series(pair, first, sign, count):
    # blocks of doubling length, so that a power law makes them a geometric series
    blocks, start, length = np.zeros((2, 3)), 0, CHUNK
    while start < count and length <= LONGEST:
        x = first + sign * np.arange(start, start + min(length, count - start))
        seen = _terms_before_underflow(pair, x, sign)
        blocks = np.vstack([blocks, pair.terms(x[:seen]).sum(axis=-1)])
        start += len(x)
        length = start
        if seen < len(x) or blocks[-1, 2] <= 1e-17 * blocks[:, 2].sum():
            break
    else:
        if start < count:
            rest, error = _geometric(*blocks[-3:, 0])
            pair.mass += _geometric(*blocks[-3:, 1])[0]
            pair.error += error
            blocks = np.vstack([blocks, [rest, 0.0, 0.0]])
    pair.mass += blocks[:, 1].sum()
    return blocks[:, 0].sum()


def _terms_before_underflow(pair, x, sign):
    # how many terms come before log(pmf) of Q underflows; the rest counts as error
    blank = pair.logq(x) == -math.inf
    i = int(np.argmax(blank))
    coming = 2 * pair.logq(x[i] - sign) - pair.logq(x[i] - 2 * sign)
    if not blank.any() or not coming < UNDERFLOW[1]:
        return len(x)
    pair.error -= UNDERFLOW[0] * np.exp(pair.logp(x[i:])).sum()
    return i


def _geometric(third, second, last):
    ratio, before = last / second, second / third
    if ratio > 0.999:
        return math.copysign(math.inf, last), 0.0
    rest = last * ratio / (1 - ratio)
    return rest, abs(rest - last * before / (1 - before)) / (1 - ratio)
