"""The divergence of any two distributions on the line: `kl_between`.

The closed form where there is one, else quadrature or summation. A path s leads from the median
of P to an end of its support: x moves towards a finite end by the factor e^-s, towards infinity
by sinh s. Heavy tails and poles of the density are then exponentials of s, which Gauss-Legendre
panels integrate and whose remainder has a closed form.
"""

import math
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy import special

from kllib._validate import log_of_base, shown
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
CHUNK, ENOUGH, LONGEST = 32, 2**14, 2**18  # terms: of a first block, to extrapolate, at most
UNDERFLOW = -745.0  # where exp ends
STEEP = -600.0  # a log density that ends below this has underflowed
NOTICED, ROUNDING = 1e-6, 1e-13  # masses of P that tell a gap of Q from rounding at an end


class AccuracyWarning(UserWarning):
    """A numerical divergence whose error estimate exceeds 1e-9."""


def kl_between(P: Any, Q: Any, *, base: float | None = None) -> np.float64:
    """Return D(P‖Q) for any two distributions on the line, and for two joint ones of one kind.

    The closed form where there is one, else quadrature or summation to about 1e-9.

    Parameters
    ----------
    P, Q : distributions
        Both continuous or both discrete, with scalar parameters: frozen distributions of
        scipy.stats, its newer ones such as ``Normal`` and ``Mixture``, its ``rv_histogram``,
        ``rv_discrete`` by values and ``gaussian_kde`` on the line, `GaussianMixture`, and whatever
        has ``logpdf`` or ``logpmf`` and ``support`` or ``ppf``. Or both ``multivariate_normal``
        or both ``dirichlet``.
    base : float, optional
        Unit of the result; nats by default.

    Returns
    -------
    float
        The divergence; infinite where P has mass outside the support of Q, and where the integral
        diverges, as for a Cauchy P and a normal Q.

    Raises
    ------
    ValueError
        If an argument is no such distribution, or the two are not of one kind.

    Warns
    -----
    AccuracyWarning
        If the error estimate exceeds 1e-9, relative to results above 1. NaN is returned where
        the density of Q underflows in SciPy while that of P does not.

    Notes
    -----
    Supports are taken from the distributions, and a log density that rounds to -inf inside of one
    is no violation. Beyond the distances at which p or q leave the range of floats, tails are
    continued as power laws; their exponents tell whether the integral converges. A divergence that
    begins only where p is below 1e-308 goes unseen.

    Examples
    --------
    >>> from scipy import stats
    >>> kl_between(stats.norm(0, 1), stats.cauchy(0, 1)).round(6)
    np.float64(0.259245)
    >>> kl_between(stats.cauchy(0, 1), stats.norm(0, 1))
    np.float64(inf)
    """
    unit = log_of_base(base)
    joint = _joint(P, Q)
    if joint is not None:
        return np.float64(joint / unit)
    laws = _as_law("P", P), _as_law("Q", Q)
    if laws[0].continuous != laws[1].continuous:
        raise ValueError(
            f"P and Q must be both continuous or both discrete; got {shown(P)} and {shown(Q)}"
        )
    value = _closed_form(*laws)
    return np.float64(_numerical(*laws) if value is None else value) / np.float64(unit)


def _joint(P, Q):
    from scipy.stats import _multivariate as joint

    if type(P) is type(Q) is joint.multivariate_normal_frozen:
        return kl_mvn(P.mean, P.cov, Q.mean, Q.cov)
    if type(P) is type(Q) is joint.dirichlet_frozen:
        return kl_dirichlet(P.alpha, Q.alpha)
    return None


@cache
def _exact() -> dict[type, tuple[Callable, Any]]:
    """Return log densities, and supports, of SciPy distributions whose own lose digits or range."""
    from scipy import stats

    def whole(k):
        return (k >= 1) & (k == np.floor(k))

    def fisk(z, c):
        t = c * np.log(z)
        return math.log(c) - np.log(z) - np.abs(t) - 2 * np.log1p(np.exp(-np.abs(t)))

    formulas: dict[Any, tuple[Callable, Any]] = {
        stats.laplace: (lambda z: -np.abs(z) - math.log(2.0), None),
        stats.pareto: (
            lambda z, b: np.where(z >= 1, math.log(b) - (b + 1) * np.log(z), -math.inf),
            None,
        ),
        stats.logser: (
            lambda k, p: np.where(
                whole(k), k * math.log(p) - np.log(k) - math.log(-math.log1p(-p)), -math.inf
            ),
            None,
        ),
        stats.vonmises: (
            lambda z, kappa: np.where(
                np.abs(z) <= math.pi,
                -2 * kappa * np.sin(z / 2) ** 2 - math.log(2 * math.pi * special.ive(0, kappa)),
                -math.inf,
            ),
            (-math.pi, math.pi),
        ),
        stats.cosine: (
            lambda z: np.where(
                np.abs(z) < math.pi,
                2 * np.log(np.sin((math.pi - np.abs(z)) / 2)) - math.log(math.pi),
                -math.inf,
            ),
            None,
        ),
        stats.fisk: (lambda z, c: np.where(z > 0, fisk(z, c), -math.inf), None),
        stats.foldnorm: (
            lambda z, c: np.where(
                z >= 0,
                np.logaddexp(-((z - c) ** 2) / 2, -((z + c) ** 2) / 2) - math.log(2 * math.pi) / 2,
                -math.inf,
            ),
            None,
        ),
        stats.dlaplace: (
            lambda k, a: np.where(
                k == np.floor(k), math.log(math.tanh(a / 2)) - a * np.abs(k), -math.inf
            ),
            None,
        ),
        stats.kappa3: (
            lambda z, a: np.where(
                z >= 0,
                math.log(a) - (1 / a + 1) * np.logaddexp(math.log(a), a * np.log(z)),
                -math.inf,
            ),
            None,
        ),
    }
    return {type(dist): formula for dist, formula in formulas.items()}


class _Law:
    """A distribution on the line: its log density or mass, its support and its quantiles."""

    kind: Any = None  # the type of a SciPy distribution, or None
    points: Any = None  # of a distribution given by its values
    blanks: Any = ()  # intervals without mass, of a density given by its values
    exact_support = False  # whether the density is positive in all of it

    def __init__(self, source, continuous):
        self.source, self.continuous = source, continuous
        self.log_density = source.logpdf if continuous else source.logpmf
        quantile: Any = getattr(source, "ppf", None) or getattr(source, "icdf", None)
        if callable(getattr(source, "support", None)):
            low, high = source.support()
        else:
            low, high = quantile(0.0), quantile(1.0)
        self.support = float(low), float(high)
        self._quantile = quantile

    def quantile(self, u):
        """Return a quantile, or where there is none a place and a distance to begin with."""
        if self._quantile is not None:
            x = float(self._quantile(u))
            if math.isfinite(x):
                return x
        low, high = self.support
        if math.isfinite(low) and math.isfinite(high):
            x = low + (high - low) * np.linspace(0, 1, 1025)[1:-1]
        else:
            far = np.sinh(np.linspace(0, 40, 2000))
            x = low + far if math.isfinite(low) else high - far
            if math.isinf(low) and math.isinf(high):
                x = np.concatenate([-far[::-1], far])
        density = np.asarray(self.log_density(x), dtype=np.float64)
        top = x[int(np.argmax(np.where(np.isnan(density), -math.inf, density)))]
        return top + (u - 0.5) * max(1e-3 * abs(top), 1.0)

    def mass(self, a, b):
        """Return the mass between a and b, infinite where that cannot be known."""
        if not callable(getattr(self.source, "cdf", None)):
            return math.inf
        found = abs(float(self.source.cdf(b)) - float(self.source.cdf(a)))
        return (
            found
            if found < 0.5 or not hasattr(self.source, "sf")
            else max(found, abs(float(self.source.sf(b)) - float(self.source.sf(a))))
        )

    def placed(self, loc, scale):
        """Return the distribution itself: it has no parameters to move it by."""
        return self

    def same(self, other):
        """Return whether the other is known to be this distribution."""
        return getattr(other, "source", None) is self.source


class _Frozen(_Law):
    """A frozen distribution of scipy.stats, made only where a closed form does not do."""

    def __init__(self, frozen, shapes, loc, scale, frozen_at=None):
        self.frozen_at = frozen_at or (loc, scale)
        self.frozen, self.kind = frozen, type(frozen.dist)
        self.shapes, self.loc, self.scale = shapes, loc, scale
        self.continuous = hasattr(frozen, "logpdf")

    def placed(self, loc, scale):
        """Return the distribution of (x - loc) / scale."""
        place = (self.loc - loc) / scale, self.scale / scale
        made = type(self)(self.frozen, self.shapes, *place, self.frozen_at)
        made._make()
        return made

    def _make(self):
        dist, loc, scale = self.frozen.dist, self.loc, self.scale
        place = {"loc": loc, "scale": scale} if self.continuous else {"loc": loc}
        there = (loc, scale) == self.frozen_at
        super().__init__(self.frozen if there else dist(*self.shapes, **place), self.continuous)
        log, support = _exact().get(self.kind, (None, None))
        if log is not None:
            shapes, lead = self.shapes, math.log(scale)
            self.log_density = lambda x: log((np.asarray(x) - loc) / scale, *shapes) - lead
        if support is not None:
            self.support = tuple(loc + scale * end for end in support)
        if hasattr(dist, "_hbins"):
            edges = loc + scale * np.asarray(dist._hbins)
            empty = np.flatnonzero(np.asarray(dist._hpdf)[1:-1] == 0)
            self.blanks = [(edges[i], edges[i + 1]) for i in empty]
        else:
            self.exact_support = self.kind.__module__.startswith("scipy.stats.")

    def same(self, other):
        """Return whether type, parameters and tables of values agree."""
        if type(other) is not type(self) or other.kind is not self.kind:
            return False
        if (self.shapes, self.loc, self.scale) != (other.shapes, other.loc, other.scale):
            return False
        mine, theirs = (law.frozen.dist._updated_ctor_param() for law in (self, other))
        keys = ("a", "b", "values", "histogram", "density")
        return all(_equal(mine.get(k), theirs.get(k)) for k in keys)


def _equal(a, b):
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_equal, a, b))
    return a is b or bool(np.array_equal(a, b))


class _Values(_Frozen):
    """A frozen distribution given by its values: SciPy's looks for x - loc, which is rounded."""

    def _make(self):
        order = np.argsort(self.frozen.dist.xk)
        x = np.asarray(self.frozen.dist.xk, dtype=np.float64)[order] + self.loc
        p = np.asarray(self.frozen.dist.pk, dtype=np.float64)[order]
        self.source = self.frozen
        self.points, logs = x[p > 0], np.log(p[p > 0])
        self.support = tuple(self.points[[0, -1]].tolist())
        gaps = 4 * np.spacing(np.abs(self.points) + abs(self.loc))

        def log_mass(at):
            at = np.asarray(at, dtype=np.float64)
            right = np.clip(np.searchsorted(self.points, at), 0, len(logs) - 1)
            left = np.maximum(right - 1, 0)
            i = np.where(at - self.points[left] < self.points[right] - at, left, right)
            return np.where(np.abs(self.points[i] - at) <= gaps[i], logs[i], -math.inf)

        self.log_density, self._quantile = log_mass, None

    def quantile(self, u):
        """Return a point near the middle."""
        return float(self.points[len(self.points) // 2])


class _Kernels(_Law):
    """SciPy's kernel estimate of a density on the line: a mixture of as many normals as points."""

    def __init__(self, kde):
        self.source, self.continuous, self.exact_support = kde, True, True
        self.log_density = lambda x: kde.logpdf(np.ravel(x)).reshape(np.shape(x))
        self.support = -math.inf, math.inf
        order = np.argsort(kde.dataset[0])
        places, weights = kde.dataset[0][order], np.cumsum(kde.weights[order])
        width = float(np.sqrt(kde.covariance[0, 0]))

        def quantile(u):
            i = min(int(np.searchsorted(weights, u)), len(places) - 1)
            return float(places[i]) + 2 * width * (u - 0.5)

        self._quantile = quantile


def _as_law(name, given):
    """Return a distribution as a `_Law`, checked to be one on the line with valid parameters."""
    # half a second to import, for who needs it
    from scipy.stats import gaussian_kde, rv_histogram
    from scipy.stats._distn_infrastructure import rv_frozen, rv_generic, rv_sample

    if isinstance(given, (rv_histogram, rv_sample)):
        given = given()
    if isinstance(given, rv_frozen):
        shapes, loc, scale = given.dist._parse_args(*given.args, **given.kwds)
        said = f"{given.dist.name} with {shown(given.args)} and {shown(given.kwds)}"
        if any(np.ndim(value) for value in (*shapes, loc, scale)):
            raise ValueError(f"{name} must have scalar parameters; got {said}")
        if not (given.dist._argcheck(*shapes) and 0 < scale < math.inf and math.isfinite(loc)):
            raise ValueError(f"{name} must have valid parameters; got {said}")
        law = _Values if isinstance(given.dist, rv_sample) else _Frozen
        return law(given, tuple(map(float, shapes)), float(loc), float(scale))
    if isinstance(given, gaussian_kde) and given.d == 1:
        return _Kernels(given)
    density, mass = (callable(getattr(given, f"log{x}", None)) for x in ("pdf", "pmf"))
    places = any(callable(getattr(given, x, None)) for x in ("support", "ppf", "icdf"))
    if isinstance(given, (type, rv_generic, gaussian_kde)) or not ((density or mass) and places):
        raise ValueError(
            f"{name} must be a frozen univariate distribution, or have logpdf or logpmf and "
            f"support or ppf, or P and Q be both multivariate_normal or both dirichlet; got "
            f"{shown(given)}"
        )
    if density and mass:  # SciPy's newer distributions have both, and one is -inf
        density = not np.isfinite(given.logpmf(given.icdf(0.5)))
    return _Law(given, density)


class _Fields(NamedTuple):
    """What closed forms ask of a SciPy distribution."""

    kind: Any
    shapes: tuple
    loc: float
    scale: float

    @property
    def n(self):
        """The first shape: a number of trials."""
        return self.shapes[0]


def _renamed(law):
    # other names and parameters of the same distributions
    from scipy import stats

    found = _Fields(law.kind, law.shapes, law.loc, law.scale)
    if law.kind is type(stats.chi2):
        return found._replace(kind=type(stats.gamma), shapes=(found.n / 2,), scale=2 * found.scale)
    if law.kind is type(stats.erlang):
        return found._replace(kind=type(stats.gamma))
    if law.kind is type(stats.expon):
        return found._replace(kind=type(stats.gamma), shapes=(1.0,))
    if law.kind is type(stats.uniform):
        return found._replace(kind=type(stats.beta), shapes=(1.0, 1.0))
    return found


# The fields in which P and Q must agree, and the closed form if they do. Gamma divergences depend
# on the ratio of rates only: scales in exchanged places serve as rates, without a rounding.
CLOSED: dict[str, tuple[tuple[str, ...], Callable]] = {
    "norm": ((), lambda p, q: kl_normal(p.loc, p.scale, q.loc, q.scale)),
    "laplace": ((), lambda p, q: kl_laplace(p.loc, p.scale, q.loc, q.scale)),
    "cauchy": ((), lambda p, q: _cauchy(p.loc, p.scale, q.loc, q.scale)),
    "vonmises": (
        ("scale",),
        lambda p, q: _vonmises(p.shapes[0], q.shapes[0], (p.loc - q.loc) / p.scale),
    ),
    "lognorm": (
        ("loc",),
        lambda p, q: kl_normal(
            math.log(p.scale) - math.log(q.scale), p.shapes[0], 0.0, q.shapes[0]
        ),
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


def _cauchy(loc_p, scale_p, loc_q, scale_q):
    # Chyzak and Nielsen (2019), "A closed-form formula for the Kullback-Leibler divergence
    # between Cauchy distributions"
    squares = (scale_p / scale_q - 1) ** 2 + ((loc_p - loc_q) / scale_q) ** 2
    return np.log1p(squares / (4 * (scale_p / scale_q)))


def _vonmises(kappa_p, kappa_q, turn):
    # log I₀(κq)/I₀(κp) + A(κp) (κp - κq cos turn), A = I₁/I₀, in scaled Bessel functions
    resultant = special.ive(1, kappa_p) / special.ive(0, kappa_p)
    lead = math.log(special.ive(0, kappa_q) / special.ive(0, kappa_p))
    rest = (kappa_q - kappa_p) * (1 - resultant) + kappa_q * resultant * 2 * math.sin(turn / 2) ** 2
    return max(lead + rest, 0.0)


def _closed_form(P, Q):
    if P.same(Q):
        return 0.0
    if P.kind is None or Q.kind is None:
        return None
    from scipy import stats

    p, q = _renamed(P), _renamed(Q)
    name = next((name for name in CLOSED if type(getattr(stats, name)) is p.kind), None)
    degenerate = 0 in (*p.shapes, *q.shapes)  # a Poisson rate of 0, say, has no closed form here
    if p.kind is not q.kind or name is None or degenerate:
        return None
    fields, formula = CLOSED[name]
    if not all(getattr(p, f) == getattr(q, f) for f in fields):
        return None
    with np.errstate(all="ignore"):
        value = float(formula(p, q))
    return None if math.isnan(value) else value


def _numerical(P, Q):
    """Return D(P‖Q) in nats of two laws, by quadrature or summation."""
    if isinstance(P, _Frozen):  # digits of x count from where P is
        loc, scale = P.loc, P.scale if P.continuous else 1.0
        if isinstance(Q, _Frozen):
            P, Q = P.placed(loc, scale), Q.placed(loc, scale)
        else:
            P = P.placed(0.0, 1.0)
    elif isinstance(Q, _Frozen):
        Q = Q.placed(0.0, 1.0)
    pair = _Pair(P, Q)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of SciPy's densities: they count as doubt below
        value = float(_integral(pair) if P.continuous else _sum(pair))
    if value == math.inf:
        return value
    error = pair.error + abs(pair.mass - 1.0)
    if error > 0.1:
        value = math.nan  # mass of P is missing, or a density is too coarse to integrate
    if math.isnan(value) or not error < GOAL * max(1.0, abs(value)):
        message = f"D(P‖Q) = {value:.10g} is uncertain by {error:.0e}"
        warnings.warn(message, AccuracyWarning, stacklevel=3)
    return value


def _without_nan(found):
    nan = np.isnan(found)
    return np.where(nan, -math.inf, found) if np.any(nan) else np.asarray(found, dtype=np.float64)


class _Pair:
    """Two laws, the mass of P that was seen, and an error."""

    def __init__(self, P, Q):
        self.P, self.Q = P, Q
        self.mass = self.error = 0.0

    def logp(self, x):
        """Return the log density of P; what is no number counts as none."""
        return _without_nan(self.P.log_density(x))

    def logq(self, x):
        """Return the log density of Q; what is no number counts as none."""
        return _without_nan(self.Q.log_density(x))

    def terms(self, x, log_weight=0.0):
        """Return weighted p log(p/q), p, p (|log p| + |log q|), which sizes rounding, and doubt.

        Doubt is what may be lost where the density of Q has underflowed.
        """
        log_p, log_q = self.logp(x), self.logq(x)
        p = np.exp(log_p + log_weight)
        lost = (p > 0) & (log_q == -math.inf)
        seen = (p > 0) & ~lost
        ratio = np.where(seen, log_p - log_q, 0.0)
        size = np.where(seen, np.abs(log_p) + np.abs(log_q), 0.0)
        return np.stack([p * ratio, p, p * size, p * lost * -UNDERFLOW])


class _Path:
    """The path s -> x from the middle of P to an end of its support, with log |dx/ds|."""

    complete = False  # whether nothing of P is left beyond its last point

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


def _bisect(holds, inside, outside):
    for _ in range(BISECTIONS):
        halfway = (inside + outside) / 2
        inside, outside = (halfway, outside) if holds(halfway) else (inside, halfway)
    return inside


def _integral(pair):
    P, Q = pair.P, pair.Q
    (low, high), (least, most) = P.support, Q.support
    if _passes(low, least) or _passes(-high, -most):
        return math.inf
    low, high = max(low, least), min(high, most)
    if _has_mass_in_blanks(pair):
        return math.inf
    middle, spread = P.quantile(0.5), abs(P.quantile(0.75) - P.quantile(0.25))
    if math.isfinite(low):  # leave a path to either end
        middle = max(middle, low + 8 * max(NEAREST_TO_END, RESOLUTION * abs(low)))
    if math.isfinite(high):
        middle = min(middle, high - 8 * max(NEAREST_TO_END, RESOLUTION * abs(high)))
    if math.isinf(low) and math.isinf(high):
        if not 0 < spread < math.inf:
            return math.nan
        pair.error = 1e-3 * np.spacing(abs(middle)) / spread  # of rounding x, roughly
    paths = [_Path(middle, spread, low, high), _Path(middle, spread, high, low)]
    if _has_mass_where_q_jumps_to_0(pair, paths):
        return math.inf
    return sum(_integrate_to_end(pair, path) for path in paths)


def _passes(low, least):
    """Return whether P has mass below `least`, where Q ends; with signs changed, above.

    Ends that differ by rounding are one.
    """
    return low < least - 4 * np.spacing(abs(least))


def _has_mass_in_blanks(pair):
    for left, right in pair.Q.blanks:
        inside = left + (right - left) * np.linspace(0, 1, 1001)[1:-1]
        if (pair.logp(inside) > -math.inf).any():
            return True
    return False


def _has_mass_where_q_jumps_to_0(pair, paths):
    """Return whether the density of Q falls to 0 at once where that of P does not."""
    least = NOTICED if pair.Q.exact_support else ROUNDING  # where less, the doubt is said
    x = np.unique(np.concatenate([path(path.cuts())[0] for path in paths]))
    blank = pair.logq(x) == -math.inf
    for i in np.flatnonzero(blank[1:] != blank[:-1]):
        ends = (x[i], x[i + 1]) if blank[i + 1] else (x[i + 1], x[i])
        inside = _bisect(lambda x: pair.logq(x) > -math.inf, *ends)
        beyond = inside + (ends[1] - inside) * np.array([1e-6, 1e-3, 0.5])
        holds = (pair.logq(beyond) == -math.inf) & (pair.logp(beyond) > UNDERFLOW)
        if pair.logq(inside) > STEEP and holds.all() and pair.P.mass(inside, ends[1]) > least:
            return True
    return False


def _end_before_underflow(pair, path):
    # of the path: where both densities still are numbers
    def seen(s):
        x = path(s)[0]
        return np.isfinite(pair.logp(x)) & np.isfinite(pair.logq(x))

    cuts = path.cuts()
    good = np.flatnonzero(seen(cuts))
    if good.size and good[-1] + 1 < len(cuts):
        path.last = _bisect(seen, cuts[good[-1]], cuts[good[-1] + 1])
        at = pair.logp(path(np.array([path.last, cuts[good[-1] + 1]]))[0])
        path.complete = at[0] > STEEP and at[1] == -math.inf  # P ends here


def _integrate_to_end(pair, path):
    _end_before_underflow(pair, path)
    cuts = path.cuts()
    x, log_derivative = path(cuts)
    log_p = pair.logp(x)
    gap = np.abs(log_p - pair.logq(x))
    size = np.clip(np.where(np.isfinite(gap), gap, 1.0), 1.0, 1e300)  # 1: for the mass of P
    weight = log_p + log_derivative + np.log(size)
    weight[np.isposinf(weight)] = -math.inf  # a pole at the middle
    heavy = np.flatnonzero(weight >= np.fmax.reduce(weight) - 50)
    if not heavy.size:
        return math.nan
    needed = heavy[-1] + 2
    value = _panels(lambda s: pair.terms(*path(s)), cuts[:needed], pair)
    return value if path.complete or needed <= len(cuts) else value + _remainder(pair, path)


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
        pair.error += pairs[3, ~rough].sum()
        both = np.tile(rough, 2)
        left, right, whole = left[both], right[both], halves[:, both]
    return value


def _remainder(pair, path):
    """Return the integral beyond the path, for exponential p dx/ds and log(p/q) = a + b e^cs."""
    step = min(1.0, path.last / 2)
    fall, rise = _at_end(pair, path, step)
    if not abs(fall.rate - fall.before) < 1e-4 * abs(fall.rate):
        fall, rise = _at_end(pair, path, 1e-3 * step)  # no power law: what it does at the end
        sure = False
    else:
        sure = True
    if not fall.rate > 0:
        return math.nan  # no density falls like this
    weight = math.exp(fall.value)
    flat = max(abs(rise.rate), abs(rise.before)) * step < 1e-9 * max(1.0, abs(rise.value))
    growth = 0.0
    if not flat and rise.before != 0 and rise.rate / rise.before > 0:
        growth = math.log(rise.rate / rise.before) / rise.step
    pair.mass += weight / fall.rate
    if abs(growth) < 1e-6:
        value, slowest = weight * (rise.value + rise.rate / fall.rate) / fall.rate, fall.rate
    elif fall.rate - growth < 1e-6:
        return math.inf
    else:
        slowest = min(fall.rate, fall.rate - growth)
        bend = rise.rate * rise.step / -math.expm1(-growth * rise.step)
        value = weight * ((rise.value - bend) / fall.rate + bend / (fall.rate - growth))
    exact = 1e-12 if path.end == 0 or math.isinf(path.end) else RESOLUTION
    pair.error += abs(value) * (exact / min(slowest, 1.0) if sure else 1.0)
    return value


class _End(NamedTuple):
    """A function of s at the end of a path: its value, and its rate in two steps before it."""

    value: float
    rate: float
    before: float
    step: float


def _at_end(pair, path, step):
    # of minus the logarithm of p dx/ds, with its own value, and of log(p/q)
    x, log_derivative = path(path.last - step * np.arange(3.0))
    s = path.inverse(x)  # the steps that rounding of x has left
    log_p = pair.logp(x)
    weights, ratio = log_p + log_derivative, log_p - pair.logq(x)
    fall, before = -np.diff(weights) / np.diff(s)
    rise, previous = np.diff(ratio) / np.diff(s)
    return _End(weights[0], fall, before, step), _End(ratio[0], rise, previous, step)


def _sum(pair):
    P, Q = pair.P, pair.Q
    if P.points is not None:
        value, pair.mass, _, doubt = pair.terms(P.points).sum(axis=-1)
        lost = P.points[pair.logq(P.points) == -math.inf]
        if not all(_has_underflowed(pair, x) for x in lost):
            return math.inf
        pair.error += doubt
        return value
    (low, high), (least, most) = P.support, Q.support
    middle = round(P.quantile(0.5) - low) + low if math.isfinite(low) else P.quantile(0.5)
    near = np.unique(np.clip(middle + np.arange(-512.0, 513.0), low, high))
    outside = pair.logp(near[(near < least) | (near > most)])
    ends = [e for e in (low, least - 1, most + 1, high) if math.isfinite(e) and low <= e <= high]
    ends = np.array([e for e in ends if e < least or e > most])
    if (outside > -math.inf).any() or (ends.size and (pair.logp(ends) > -math.inf).any()):
        return math.inf
    seen = near[pair.logp(near) > -math.inf]
    apart = Q.points is not None or _off_lattice(Q, seen)
    if apart and (pair.logq(seen) == -math.inf).any():
        return math.inf
    down = _series(pair, middle - 1, -1, middle - low)
    return down + _series(pair, middle, 1, high - middle + 1)


def _off_lattice(Q, x):
    # whether steps of 1 from the end of Q's support miss x
    end = Q.support[0] if math.isfinite(Q.support[0]) else Q.quantile(0.5)
    return bool(np.any(np.abs((x - end) - np.round(x - end)) > 1e-9 * np.maximum(1, np.abs(x))))


def _has_underflowed(pair, x):
    # whether the mass of Q at a point without any may just be too small: it falls towards there
    Q = pair.Q
    if Q.points is not None or not Q.support[0] <= x <= Q.support[1] or _off_lattice(Q, x):
        return False
    middle = Q.quantile(0.5)
    way = np.linspace(middle, x, 2049)
    logs = pair.logq(np.unique(middle + np.round(way - middle)))
    return bool(np.min(logs[logs > -math.inf], initial=0.0) < STEEP)


def _series(pair, first, sign, count):
    # blocks of doubling length, so that a power law makes them a geometric series
    blocks, start, length = np.zeros((0, 4)), 0, CHUNK
    rest, error, mass, done = 0.0, 0.0, 0.0, True
    while start < count:
        x = first + sign * np.arange(start, start + min(length, count - start))
        seen = _terms_before_underflow(pair, x)
        blocks = np.vstack([blocks, pair.terms(x[:seen]).sum(axis=-1)])
        start += len(x)
        length = start
        done = seen < len(x) or blocks[-1, 2] <= 1e-17 * blocks[:, 2].sum()
        if done or start >= count:
            break
        if start >= ENOUGH:
            growing = (blocks[-2:, 0] >= 0.9999 * blocks[-3:-1, 0]).all()
            growing &= blocks[-1, 0] > 0 and blocks[-1, 1] < 0.99 * blocks[-2, 1]
            if growing and start >= LONGEST:
                return math.inf  # though the masses fall
            (rest, error), (mass, doubt) = _limit(blocks[:, 0]), _limit(blocks[:, 1])
            error += doubt
            if error < GOAL / 10 or start >= LONGEST:
                break
    if done or start >= count:
        rest = error = mass = 0.0
    pair.mass += blocks[:, 1].sum() + mass
    pair.error += error
    return blocks[:, 0].sum() + rest


def _limit(blocks):
    """Return what sums of doubling length lack of their limit, by Wynn's epsilon, and an error.

    Powers of the index make the sums geometric; each two terms take one power, or its logarithm,
    away (Wynn 1956, "On a device for computing the e_m(S_n) transformation").
    """
    if blocks[-1] == 0:
        return 0.0, 0.0
    tails = np.cumsum(blocks[::-1])[::-1]  # what is missing at each start of a block, so far
    columns = [np.zeros(len(tails) + 2), -np.append(tails, 0.0)]
    while len(columns[-1]) > 2:
        with np.errstate(all="ignore"):
            gaps = np.diff(columns[-1])
            columns.append(columns[-2][1:-1] + 1 / gaps)
        if not np.isfinite(columns[-1]).all():
            columns.pop()
            break
    best = [column[-1] for column in columns[1::2]]
    steps = np.abs(np.diff(best))
    if not steps.size:
        return 0.0, math.inf
    k = int(np.argmin(steps))
    return best[k + 1], 10 * max(steps[max(k - 1, 0) : k + 1])


def _terms_before_underflow(pair, x):
    # how many terms come before the mass of Q underflows; the rest counts as error
    blank = (pair.logq(x) == -math.inf) & (pair.logp(x) > -math.inf)
    if not blank.any():
        return len(x)
    i = int(np.argmax(blank))
    pair.error -= UNDERFLOW * np.exp(pair.logp(x[i:])).sum()
    return i
