"""The normal nearest to a mixture on the line, in either direction of the divergence, in nats.

Expectations under a normal are trapezoid sums at mean + std·z, z = -10, -9.99, …, 10. Where the
log density of the mixture bends more sharply than these can follow, from one component to the next,
they are Gauss-Legendre sums on panels that narrow towards each bend. The error is that of rounding.
"""

import itertools
import math
from collections.abc import Sequence
from functools import cache, partial
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from kllib._validate import (
    Numbers,
    Seed,
    as_distribution,
    as_finite,
    as_generator,
    as_integer,
    as_positive,
    as_probability,
    as_real,
    as_scalar,
    require,
    require_broadcast,
    shown,
)

__all__ = [
    "GaussianMixture",
    "Projection",
    "Trajectory",
    "descend",
    "project_forward",
    "project_reverse",
    "projection_kl",
]


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_REACH = 10.0  # standard deviations of a normal, beyond which nothing is seen of it
_ROUGH, _FINE = 0.1, 0.01  # steps of the grid
_PANEL = 1.0  # the widest


@cache
def _grid(step):
    z = np.arange(-round(_REACH / step), round(_REACH / step) + 1) * step
    density = np.exp(-z * z / 2)
    return z, _derivatives(z, density / density.sum())


def _derivatives(z, density):
    # the standard normal density, and its derivatives by mean, log std, both, and twice log std
    return density * np.array([z**0, z, z**2 - 1, z**3 - 3 * z, z**4 - 4 * z**2 + 1])


class GaussianMixture:
    """Mixture ``Σ weight · N(mean, std²)``, with the methods of a frozen SciPy distribution.

    Parameters
    ----------
    weights : array_like, shape (k,)
        Probabilities of the components.
    means : array_like, shape (k,)
        Finite means.
    stds : array_like, shape (k,)
        Standard deviations, positive.

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

    def __init__(self, weights: ArrayLike, means: ArrayLike, stds: ArrayLike) -> None:
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

    @np.errstate(all="ignore")
    def logpdf(self, x: ArrayLike) -> Numbers:
        """Return the log density at each entry of `x`."""
        with np.errstate(divide="ignore", over="ignore"):  # weight 0; x beyond 1e154 std
            z, weights, _, stds = self._standardised(x)
            terms = np.log(weights) - np.log(stds) - math.log(2 * math.pi) / 2 - z * z / 2
            # The lowest float in place of -inf: at x = ±inf, inf - inf would make NaN of 0.
            top = np.maximum(terms.max(axis=0), np.finfo(np.float64).min)
            return (top + np.log(np.exp(terms - top).sum(axis=0)))[()]

    @np.errstate(all="ignore")
    def pdf(self, x: ArrayLike) -> Numbers:
        """Return the density at each entry of `x`."""
        return np.exp(self.logpdf(x))

    @np.errstate(all="ignore")
    def cdf(self, x: ArrayLike) -> Numbers:
        """Return the probability of at most each entry of `x`."""
        z, weights, _, _ = self._standardised(x)
        return (weights * ndtr(z)).sum(axis=0)[()]

    def support(self) -> tuple[float, float]:
        """Return the ends of the support: the whole line."""
        return -math.inf, math.inf

    @np.errstate(all="ignore")
    def ppf(self, u: ArrayLike) -> Numbers:
        """Return the quantile at each probability in `u`."""
        u = as_probability("u", u).astype(np.float64)
        # the quantiles of the components lie on either side
        ends = self.means[:, None] + self.stds[:, None] * ndtri(u.ravel())
        low, high = ends.min(axis=0), ends.max(axis=0)
        for _ in range(70):
            middle = np.where(low == high, low, low / 2 + high / 2)
            below = self.cdf(middle) < u.ravel()
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return high.reshape(u.shape)[()]

    @np.errstate(all="ignore")
    def rvs(self, size: int | tuple[int, ...] | None = None, rng: Seed = None) -> np.ndarray:
        """Return samples of shape `size`, one by default; `rng` is a Generator or its seed."""
        rng = as_generator("rng", rng)
        component = rng.choice(self.weights.size, size=size, p=self.weights)
        return rng.normal(self.means[component], self.stds[component])

    @np.errstate(all="ignore")
    def mean(self) -> np.float64:
        """Return the mean."""
        return np.float64(self.weights @ self.means)

    @np.errstate(all="ignore")
    def std(self) -> np.float64:
        """Return the standard deviation."""
        return np.float64(np.sqrt(self.weights @ (self.stds**2 + (self.means - self.mean()) ** 2)))

    @np.errstate(all="ignore")
    def entropy(self) -> np.float64:
        """Return the differential entropy in nats."""
        total = 0.0
        for weight, mean, std in zip(self.weights, self.means, self.stds, strict=True):
            if weight > 0:
                z, weights = self.quadrature(mean, std)
                total -= weight * (weights[0] @ self.logpdf(mean + z * std))
        return np.float64(total)

    @np.errstate(all="ignore")
    def quadrature(
        self, mean: float, std: float, step: float = _FINE
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return points z for expectations of this log density under a normal, and weights (5, n).

        The rows are the standard normal density and its derivatives by mean (in units of std),
        by log std and twice by mean, by both, and twice by log std.
        """
        centres, widths = self._bends(mean, std)
        if not (widths < 6 * step).any():  # a trapezoid rule errs by e^(-2π width / step)
            return _grid(step)
        panels = np.linspace(-_REACH, _REACH, round(2 * _REACH / _PANEL), endpoint=False)
        middle, half = panels + _PANEL / 2, np.full(panels.shape, _PANEL / 2)
        done: list[tuple[np.ndarray, np.ndarray]] = []
        while len(middle):
            away = np.maximum(np.abs(middle[:, None] - centres) - half[:, None], 0.0)
            near = (np.hypot(away, widths) < 1.3 * half[:, None]).any(axis=1) & (half > 1e-14)
            done.append((middle[~near], half[~near]))
            middle, half = middle[near], half[near] / 2
            middle, half = np.concatenate([middle - half, middle + half]), np.tile(half, 2)
        middle, half = (np.concatenate(parts)[:, None] for parts in zip(*done, strict=True))
        z = (middle + half * _NODES).ravel()
        density = np.exp(-z * z / 2) * (half * _WEIGHTS).ravel()
        return z, _derivatives(z, density / density.sum())

    def _bends(self, mean, std):
        # in units of std: where the log density turns from one component to another, the complex
        # zeros of the sum of two; and how far from the line they are
        seen = self.weights > 0
        m, s = (self.means[seen] - mean) / std, self.stds[seen] / std
        square, linear = -0.5 / s**2, m / s**2
        constant = np.log(self.weights[seen]) - np.log(s) - m**2 / s**2 / 2
        i, j = np.triu_indices(len(m), 1)
        a, b, c = (x[i] - x[j] for x in (square, linear, constant))
        c = c - 1j * math.pi
        root = np.sqrt(b * b - 4 * a * c + 0j)
        q = -(b + np.where(b < 0, -root, root)) / 2
        zeros = np.concatenate([q / a, c / q])
        of = np.concatenate([i, i])
        kept = np.isfinite(zeros) & (np.abs(zeros.real) < _REACH + 1)
        x, of = zeros.real[kept], of[kept]
        terms = constant + linear * x[:, None] + square * x[:, None] ** 2
        top = terms[np.arange(len(x)), of] > terms.max(axis=1, initial=-math.inf) - 40
        return x[top], np.abs(zeros.imag[kept][top])


Direction: TypeAlias = Literal["forward", "reverse"]

_LOG_SQRT_2PI = np.log(2 * np.pi) / 2


class Projection(NamedTuple):
    """A normal and its divergence, in nats."""

    mean: np.float64
    std: np.float64
    kl: np.float64


class Trajectory(NamedTuple):
    """The normals of a descent, start included, and their divergences, in nats."""

    means: np.ndarray
    stds: np.ndarray
    kls: np.ndarray


def _forward(centre, spread, entropy, mean, log_std):
    off, var = mean - centre, np.exp(2 * log_std)
    scaled = (spread**2 + off**2) / var
    return _LOG_SQRT_2PI + log_std + scaled / 2 - entropy, np.array([off / var, 1 - scaled])


def _reverse(target, mean, log_std, step=_FINE):
    std = np.exp(log_std)
    z, weights = target.quadrature(mean, std, step)
    cross, by_mean, by_log, mixed, twice = -weights @ target.logpdf(mean + std * z)
    value, gradient = cross - _LOG_SQRT_2PI - 0.5 - log_std, np.array([by_mean / std, by_log - 1])
    return value, gradient, np.array([[by_log / std**2, mixed / std], [mixed / std, twice]])


def _objective(target, direction):
    """Return the function of (mean, log std): divergence, gradient and, reversed, Hessian."""
    if not isinstance(target, GaussianMixture):
        raise ValueError(f"target must be a GaussianMixture; got {shown(target)}")
    if direction == "forward":
        return partial(_forward, target.mean(), target.std(), target.entropy())
    if direction == "reverse":
        return partial(_reverse, target)
    raise ValueError(f"direction must be 'forward' or 'reverse'; got {shown(direction)}")


@np.errstate(all="ignore")
def projection_kl(
    target: GaussianMixture, mean: ArrayLike, std: ArrayLike, direction: Direction
) -> Numbers:
    """Return D(target‖N) if `direction` is "forward", D(N‖target) if "reverse", N = N(mean, std²).

    Parameters
    ----------
    target : GaussianMixture
        The mixture.
    mean, std : array_like
        Means and positive standard deviations of normals; they broadcast.
    direction : {"forward", "reverse"}
        Which divergence.

    Returns
    -------
    float or ndarray
        The divergences, in nats.

    Raises
    ------
    ValueError
        If an argument is not of that kind.

    Examples
    --------
    >>> target = GaussianMixture([0.5, 0.5], [-2, 2], [0.5, 0.5])
    >>> projection_kl(target, 0, [1.0, 2.0], "reverse").round(6)
    array([3.076091, 2.020216])
    """
    objective = _objective(target, direction)
    mean, std = as_finite("mean", mean), as_positive("std", std)
    require_broadcast(mean=mean.shape, std=std.shape)
    value = np.vectorize(lambda m, s: objective(m, np.log(s))[0], otypes=[np.float64])
    return value(mean, std)[()]


@np.errstate(all="ignore")
def project_forward(target: GaussianMixture) -> Projection:
    """Return the normal with the least D(target‖N), the only local minimum: moment matching.

    E[log N] depends on the target's mean and variance alone, and is largest if N has the same.

    Parameters
    ----------
    target : GaussianMixture
        The mixture.

    Returns
    -------
    Projection
        Mean, standard deviation and divergence in nats.

    Raises
    ------
    ValueError
        If `target` is not a GaussianMixture.

    Examples
    --------
    >>> fit = project_forward(GaussianMixture([0.5, 0.5], [-2, 2], [0.5, 0.5]))
    >>> print(f"{fit.mean:.6f} {fit.std:.6f} {fit.kl:.6f}")
    0.000000 2.061553 0.723553
    """
    objective = _objective(target, "forward")
    mean, std = target.mean(), target.std()
    return Projection(mean, std, objective(mean, np.log(std))[0])


@np.errstate(all="ignore")
def project_reverse(target: GaussianMixture) -> tuple[Projection, ...]:
    """Return local minima of D(N‖target) over normals N, best first; of equals the rightmost.

    Newton's method starts from the moment match of every run of neighbouring components: each
    alone, all together, and what lies between; of more than eight, those that joining the nearest
    makes. Nothing proves that no other minimum exists.

    Parameters
    ----------
    target : GaussianMixture
        The mixture.

    Returns
    -------
    tuple of Projection
        The minima, each with its divergence in nats.

    Raises
    ------
    ValueError
        If `target` is not a GaussianMixture.

    Examples
    --------
    >>> for fit in project_reverse(GaussianMixture([0.6, 0.4], [-2, 2], [0.5, 0.5])):
    ...     print(f"{fit.mean:.6f} {fit.std:.6f} {fit.kl:.6f}")
    -1.999838 0.500328 0.510750
    1.999756 0.500483 0.916174
    -0.320459 1.706544 1.876532
    """
    objective = _objective(target, "reverse")
    rough = partial(_reverse, target, step=_ROUGH)
    ends: list[Projection] = []
    for mean, std in _starts(target):
        _add(ends, _local_minimum(rough, mean, std, 1e-6), 1e-3)
    minima: list[Projection] = []
    for end in ends:
        _add(minima, _local_minimum(objective, end.mean, end.std, 1e-12), 1e-6)
    return tuple(sorted(minima, key=lambda fit: (round(fit.kl, 12), -fit.mean)))


def _starts(target):
    # the moment matches of runs of neighbouring components, of more than eight only those that
    # grow by joining the nearest
    order = [i for i in np.argsort(target.means, kind="stable") if target.weights[i] > 0]
    runs = list(itertools.combinations_with_replacement(range(len(order)), 2))
    if len(order) > 8:
        parts = [(i, i) for i in range(len(order))]
        runs = list(parts)
        while len(parts) > 1:
            gaps = [
                target.means[order[b]] - target.means[order[a]]
                for (a, _), (_, b) in itertools.pairwise(parts)
            ]
            k = int(np.argmin(gaps))
            parts[k : k + 2] = [(parts[k][0], parts[k + 1][1])]
            runs.append(parts[k])
    for first, last in runs:
        run = order[first : last + 1]
        weights = target.weights[run] / target.weights[run].sum()
        match = GaussianMixture(weights, target.means[run], target.stds[run])
        yield match.mean(), match.std()


def _add(found, fit, tolerance):
    # unless it is there already
    for other in found:
        near = abs(fit.mean - other.mean) <= tolerance * min(fit.std, other.std)
        if near and abs(math.log(fit.std / other.std)) <= tolerance:
            return
    found.append(fit)


def _local_minimum(objective, mean, std, tolerance):
    """Return where Newton's method ends, with lengths in units of std; it never climbs."""
    log_std = np.log(std)
    value, gradient, hessian = objective(mean, log_std)
    for _ in range(100):
        units = np.array([np.exp(log_std), 1.0])
        gradient, hessian = gradient * units, hessian * np.outer(units, units)
        if np.abs(gradient).max() < tolerance * max(1.0, abs(value)):
            break
        # Where the landscape bends down, bend it up: then every step leads downhill.
        lift = max(0, 0.1 - np.linalg.eigvalsh(hessian)[0])
        step = np.linalg.solve(hessian + lift * np.eye(2), -gradient)
        step *= units / max(1, np.abs(step).max())
        for _ in range(40):
            new = objective(mean + step[0], log_std + step[1])
            if new[0] <= value + 1e-14 * (1 + abs(value)):
                break
            step /= 2
        else:
            break
        mean, log_std = mean + step[0], log_std + step[1]
        value, gradient, hessian = new
    return Projection(mean, np.exp(log_std), value)


@np.errstate(all="ignore")
def descend(
    target: GaussianMixture,
    start: Sequence[float],
    direction: Direction,
    *,
    steps: int = 200,
    rate: float = 0.5,
) -> Trajectory:
    """Return the path of gradient descent on the divergence in (mean, log std), never uphill.

    A step is `rate` times the gradient, cut where std would change by more than a factor of e,
    then halved until the divergence falls by half of what the gradient promises.

    Parameters
    ----------
    target : GaussianMixture
        The mixture.
    start : pair of float
        A mean and a positive standard deviation.
    direction : {"forward", "reverse"}
        Which divergence, as in `projection_kl`.
    steps : int, optional
        How many steps, at least 1.
    rate : float, optional
        What the gradient is multiplied by, positive.

    Returns
    -------
    Trajectory
        Arrays of shape (steps + 1,), divergences in nats; once at a minimum, to rounding, the
        point repeats.

    Raises
    ------
    ValueError
        If an argument is not of that kind.

    Examples
    --------
    >>> target = GaussianMixture([0.5, 0.5], [-2, 2], [0.5, 0.5])
    >>> path = descend(target, (0, 2), "reverse")  # ends in the covering local minimum
    >>> print(f"{path.stds[-1]:.6f} {path.kls[-1]:.6f}")
    1.736362 1.871197
    """
    objective = _objective(target, direction)
    if np.shape(start) != (2,):
        raise ValueError(f"start must be a mean and a standard deviation; got {shown(start)}")
    mean, std = as_scalar("start[0]", start[0]), as_scalar("start[1]", start[1], as_positive)
    steps, rate = as_integer("steps", steps, least=1), as_scalar("rate", rate, as_positive)
    point = np.array([mean, np.log(std)], dtype=np.float64)
    value, gradient = objective(*point)[:2]
    path = [(*point, value)]
    for _ in range(steps):
        length = rate / max(1, rate * abs(gradient[1]))
        for _ in range(60):
            trial = point - length * gradient
            new, new_gradient = objective(*trial)[:2]
            if new <= value - length / 2 * (gradient @ gradient):
                point, value, gradient = trial, new, new_gradient
                break
            length /= 2
        path.append((*point, value))
    means, log_stds, kls = np.transpose(path)
    return Trajectory(means, np.exp(log_stds), kls)
