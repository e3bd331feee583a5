"""Other ways to differ: f-divergences by one recipe, Rényi's orders, Bregman divergences.

An f-divergence is D_f(p‖q) = E_p f(q/p), for a convex f with f(1) = 0: the first argument draws.
Most of the literature writes E_q f(p/q), whose f is r f(1/r) here, so that r log r gives the
divergence there and the reverse one here. Where p = 0 < q, a category adds q times the limit of
f(r)/r; where q = 0 < p, it adds p f(0).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kllib._convex import expm1_excess, log_ratio, xlogx_excess
from kllib._kernels import sum_or_nan
from kllib._rows import Table
from kllib._validate import (
    Numbers,
    as_counts,
    as_finite,
    as_real,
    as_scalar,
    event_last,
    require,
    require_broadcast,
)
from kllib.discrete import kl_divergence

__all__ = [
    "Generator",
    "bregman_divergence",
    "chi2_divergence",
    "f_divergence",
    "hockey_stick",
    "renyi_divergence",
    "squared_hellinger",
    "total_variation",
]


class Generator(NamedTuple):
    """A convex function f of r = q/p with f(1) = 0, and what its divergence needs of it.

    at_0 is f(0), at_inf the limit of f(r)/r, slope and curvature are f'(1) and f''(1).
    """

    f: Callable[[np.ndarray], np.ndarray]
    at_0: float
    at_inf: float
    slope: float
    curvature: float


def _js(r):
    return (r * np.log(r) - (1 + r) * np.log((1 + r) / 2)) / 2


GENERATORS = {
    "kl": Generator(lambda r: -np.log(r), np.inf, 0.0, -1.0, 1.0),
    "reverse_kl": Generator(lambda r: r * np.log(r), 0.0, np.inf, 1.0, 1.0),
    "chi2": Generator(lambda r: (1 - r) ** 2 / r, np.inf, 1.0, 0.0, 2.0),
    "reverse_chi2": Generator(lambda r: (r - 1) ** 2, 1.0, np.inf, 0.0, 2.0),
    "hellinger": Generator(lambda r: 1 - np.sqrt(r), 1.0, 0.0, -0.5, 0.25),
    "js": Generator(_js, np.log(2) / 2, np.log(2) / 2, 0.0, 0.25),
    "le_cam": Generator(lambda r: (r - 1) ** 2 / (2 * (1 + r)), 0.5, 0.5, 0.0, 0.5),
    # a kink at 1: any slope between -1/2 and 1/2 would do
    "tv": Generator(lambda r: abs(r - 1) / 2, 0.5, 0.5, 0.0, np.inf),
}


def _square_over(p, q, whole):
    # (p - q)²/whole without overflow on the way, 0 where the whole is
    rise = q - p
    return np.where((p == 0) & (q == 0), 0.0, rise * (rise / whole))


def _js_term(p, q):
    half = (q - p) / 2
    middle = p + half
    return (xlogx_excess(p, middle, half) + xlogx_excess(q, middle, -half)) / 2


# p (f(r) - slope (r - 1)): never negative, from differences, so that near arguments keep digits.
_TERMS = {
    "kl": lambda p, q: xlogx_excess(p, q, q - p),
    "reverse_kl": lambda p, q: xlogx_excess(q, p, p - q),
    "chi2": lambda p, q: _square_over(p, q, q),
    "reverse_chi2": lambda p, q: _square_over(p, q, p),
    "hellinger": lambda p, q: _square_over(p, q, 2 * (np.sqrt(p) + np.sqrt(q)) ** 2),
    "js": _js_term,
    "le_cam": lambda p, q: _square_over(p, q, 2 * (p + q)),
    "tv": lambda p, q: np.abs(q - p) / 2,
}


def _masses(work, p, q):
    return sum_or_nan(p), sum_or_nan(q)


def _pair(p, q, axis, normalize):
    """Return the table of p and q, and both as float64 rows, checked."""
    table = Table(axis, p=p, q=q)
    sums = table.rows.sums(_masses)
    table.require_distributions(sums, normalize)
    rows = zip(table.rows.arrays, table.rows.row_of, strict=True)
    p, q = (np.asarray(a if own is None else a[own], dtype=np.float64) for a, own in rows)
    return (table, p / sums[0][:, None], q / sums[1][:, None]) if normalize else (table, p, q)


def _named(name, p, q, axis, keepdims, normalize):
    table, p, q = _pair(p, q, axis, normalize)
    with np.errstate(all="ignore"):
        values = _TERMS[name](p, q).sum(axis=-1)
    return table.result(values, None, keepdims)


def f_divergence(
    p: ArrayLike,
    q: ArrayLike,
    f: str | Generator | Callable[[np.ndarray], np.ndarray],
    *,
    at_0: float | None = None,
    at_inf: float | None = None,
    axis: int | tuple[int, ...] = -1,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return the f-divergence Σ p f(q/p).

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    f : str, Generator or callable
        A name in `kllib.divergences.GENERATORS`, a generator, or a convex function of an array of
        ratios r = q/p with f(1) = 0.
    at_0, at_inf : float, optional
        f(0) and the limit of f(r)/r, of a callable; needed where such a zero occurs.
    axis, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The divergence, infinite where a limit that occurs is; in nats for the logarithmic ones.

    Raises
    ------
    ValueError
        If p or q is no distribution, their categories differ in number, f is unknown or not 0
        at 1, or a limit that occurs is missing.

    Notes
    -----
    By name, near-equal arguments keep their digits. A callable's terms p f(q/p) may cancel.

    References
    ----------
    Csiszár (1967), "Information-type measures of difference"; Liese and Vajda (2006), "On
    divergences and informations in statistics and information theory".

    Examples
    --------
    >>> f_divergence([0.5, 0.5], [0.9, 0.1], "hellinger").round(6)
    np.float64(0.105573)
    >>> f_divergence([0.5, 0.5], [0.9, 0.1], lambda r: (r - 1) ** 2).round(6)
    np.float64(0.64)
    """
    given = {"at_0": at_0, "at_inf": at_inf}
    if isinstance(f, str) or not (isinstance(f, Generator) or callable(f)):
        if not isinstance(f, str) or f not in GENERATORS:
            known = ", ".join(GENERATORS)
            raise ValueError(f"f must be a callable, a Generator or one of {known}; got {f!r}")
        name = f
    else:
        name = next((known for known, each in GENERATORS.items() if each is f), "")
    if name or isinstance(f, Generator):
        for key, value in given.items():
            if value is not None:
                raise ValueError(f"{key} must be left to the generator; got {value!r}")
    if name:
        return _named(name, p, q, axis, keepdims, normalize)
    slope = 0.0
    if isinstance(f, Generator):
        f, at_0, at_inf, slope, _ = f
        given = {"at_0": at_0, "at_inf": at_inf}
    limits = {
        key: value if value is None else as_scalar(key, value, as_real)
        for key, value in given.items()
    }
    table, p, q = _pair(p, q, axis, normalize)
    return table.result(_sum_of(f, limits, slope, p, q), None, keepdims)


def _sum_of(f, limits, slope, p, q):
    """The sums of p f(q/p), less what the slope adds in all, which is 0."""
    lone = {"at_0": (q == 0) & (p > 0), "at_inf": (p == 0) & (q > 0)}
    for key, where in lone.items():
        if limits[key] is None and where.any():
            category = int(np.argwhere(where)[0][-1])
            zero, other = ("q", "p") if key == "at_0" else ("p", "q")
            raise ValueError(
                f"{key} must be given: category {category} has {zero} = 0 < {other}; got None"
            )
    with np.errstate(all="ignore"):
        at_1 = np.asarray(f(np.ones(1)), dtype=np.float64)
        if at_1.shape != (1,) or not abs(at_1[0]) <= 1e-12:
            raise ValueError(f"f must be 0 at 1, for an array of ratios; got {at_1}")
        both = ~((p == 0) | (q == 0))  # NaN too
        ratio = np.where(both, q / p, 1.0)
        values = np.where(both, p * (f(ratio) - slope * (ratio - 1)), 0.0)
        if lone["at_0"].any():
            values = np.where(lone["at_0"], p * (limits["at_0"] + slope), values)
        if lone["at_inf"].any():
            values = np.where(lone["at_inf"], q * (limits["at_inf"] - slope), values)
        return values.sum(axis=-1)


def total_variation(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] = -1,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return the total variation distance ``½ Σ |p - q|``.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    axis, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The greatest difference that an event's probability can have, between 0 and 1.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    Examples
    --------
    >>> total_variation([0.5, 0.5], [0.9, 0.1])
    np.float64(0.4)
    """
    return _named("tv", p, q, axis, keepdims, normalize)


def squared_hellinger(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] = -1,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return the squared Hellinger distance 1 - Σ √(p q) = ½ Σ (√p - √q)².

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    axis, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The square, between 0 and 1. Others write twice ours.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    Examples
    --------
    >>> squared_hellinger([0.5, 0.5], [0.9, 0.1]).round(6)
    np.float64(0.105573)
    """
    return _named("hellinger", p, q, axis, keepdims, normalize)


def chi2_divergence(
    p: ArrayLike,
    q: ArrayLike,
    *,
    axis: int | tuple[int, ...] = -1,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return Pearson's χ²(p‖q) = Σ (p - q)²/q, the variance of p/q under q.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    axis, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The divergence; infinite where q = 0 < p. With the arguments exchanged it is Neyman's.

    Raises
    ------
    ValueError
        If p or q is no distribution, or their categories differ in number.

    Examples
    --------
    >>> chi2_divergence([0.5, 0.5], [0.9, 0.1]).round(6)
    np.float64(1.777778)
    """
    return _named("chi2", p, q, axis, keepdims, normalize)


def hockey_stick(
    p: ArrayLike,
    q: ArrayLike,
    t: float,
    *,
    axis: int | tuple[int, ...] = -1,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return E_t, which is Σ max(q - t p, 0) for t >= 1 and Σ max(t p - q, 0) for t < 1.

    Every f-divergence is its integral over t with the weight f''(t).

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    t : float
        Likelihood ratio q/p, not negative.
    axis, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        E_t, between 0 and 1, greatest at t = 1, where it is the total variation.

    Raises
    ------
    ValueError
        If p or q is no distribution, their categories differ in number, or t is negative or
        infinite.

    Examples
    --------
    >>> hockey_stick([0.5, 0.5], [0.9, 0.1], 1.5).round(6)
    np.float64(0.15)
    """
    t = np.float64(as_scalar("t", t, as_counts))
    table, p, q = _pair(p, q, axis, normalize)
    excess = np.where(t >= 1, q - t * p, t * p - q)
    values = np.where(excess > 0, excess, excess * 0.0).sum(axis=-1)  # NaN stays
    return table.result(values, None, keepdims)


def _log_ratios(p, q):
    # log q/p, with the digits of near-equal arguments; -inf and inf at zeros of one
    t = (q - p) / p
    return np.where(np.abs(t) < 0.5, np.log1p(t), log_ratio(q, p))


def _log_power_sum(p, q, s):
    """log Σ p (q/p)^s over p > 0, for s <= 1/2: of p^α q^(1 - α) where s = 1 - α."""
    held = p != 0
    t = np.where(held, _log_ratios(p, q), 0.0)
    lost = np.where(held, 0.0, q).sum(axis=-1)
    # less s (q/p - 1), whose sum is -s lost: what is left is of second order in t
    left = expm1_excess(-s * t) - s * expm1_excess(-t)
    gone = held & (q == 0)
    left = np.where(gone, -1.0 + s if s > 0 else np.inf, left)
    rise = np.where(held, p * left, 0.0).sum(axis=-1) - s * lost
    logs = np.where(held, np.log(p) + s * t, -np.inf)
    top = logs.max(axis=-1, keepdims=True)
    shifted = np.where(logs == top, 0.0, logs - top)  # inf - inf among them
    far = (top + np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))[:, 0]
    return np.where((rise > -0.5) & (rise < 1), np.log1p(rise), far)


def renyi_divergence(
    p: ArrayLike,
    q: ArrayLike,
    alpha: float,
    *,
    axis: int | tuple[int, ...] = -1,
    base: float | None = None,
    keepdims: bool = False,
    normalize: bool = False,
) -> Numbers:
    """Return Rényi's divergence of order α, log(Σ p^α q^(1 - α)) / (α - 1).

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Probabilities; batch axes broadcast, categories never do.
    alpha : float
        The order, from 0 to infinity. At 0 the divergence is -log q(p > 0), at 1 the
        Kullback-Leibler divergence, at infinity log max p/q.
    axis, base, keepdims, normalize : optional
        As for `entropy`; `normalize` divides both by their sums.

    Returns
    -------
    float or ndarray
        The divergence in the unit of `base`, nats by default; it increases with the order.
        Infinite where q = 0 < p and α >= 1, and on disjoint supports.

    Raises
    ------
    ValueError
        If p or q is no distribution, their categories differ in number, or α is negative or NaN.

    References
    ----------
    van Erven and Harremoës (2014), "Rényi divergence and Kullback-Leibler divergence".

    Examples
    --------
    >>> renyi_divergence([0.5, 0.5], [0.9, 0.1], 2).round(6)
    np.float64(1.021651)
    """
    alpha = np.float64(as_scalar("alpha", alpha, as_real))
    require("alpha", alpha, not alpha >= 0, "be an order in [0, inf]")
    if alpha == 1:
        return kl_divergence(p, q, axis=axis, base=base, keepdims=keepdims, normalize=normalize)
    table, p, q = _pair(p, q, axis, normalize)
    with np.errstate(all="ignore"):
        if alpha == 0:
            held, lost = (
                np.where(where, q, 0 * (p + q)).sum(axis=-1) for where in (p != 0, p == 0)
            )
            values = -np.where(lost < 0.5, np.log1p(-lost), np.log(held + 0 * lost))
        elif alpha == np.inf:
            values = np.where((p == 0) & ~np.isnan(q), -np.inf, -_log_ratios(p, q)).max(axis=-1)
        elif alpha < 0.5:
            values = _log_power_sum(q, p, alpha) / (alpha - 1)
        else:
            values = _log_power_sum(p, q, 1 - alpha) / (alpha - 1)
    return table.result(values, base, keepdims)


def bregman_divergence(
    x: ArrayLike,
    y: ArrayLike,
    phi: Callable[[np.ndarray], np.ndarray],
    gradient: Callable[[np.ndarray], np.ndarray],
    *,
    axis: int | tuple[int, ...] = -1,
) -> Numbers:
    """Return φ(x) - φ(y) - ⟨∇φ(y), x - y⟩, what a convex φ rises above its tangent.

    Parameters
    ----------
    x, y : array_like, shape (..., n)
        Points; batch axes broadcast, entries never do.
    phi : callable
        A convex function: of an array of shape (..., n) it returns one of shape (...).
    gradient : callable
        Its gradient, of the shape of its argument.
    axis : int or tuple of int, optional
        Axis, or axes, of a point's entries; the functions find them flattened, last.

    Returns
    -------
    float or ndarray
        The divergence, negative by rounding at most.

    Raises
    ------
    ValueError
        If an entry is infinite, the points differ in length, the functions return other shapes,
        or the tangent lies above: then phi is not convex, or the gradient not its own.

    References
    ----------
    Banerjee, Merugu, Dhillon and Ghosh (2005), "Clustering with Bregman divergences".

    Examples
    --------
    >>> square = bregman_divergence([1, 2], [3, 2], lambda x: (x**2).sum(-1), lambda x: 2 * x)
    >>> float(square)
    4.0
    """
    points = {"x": as_finite("x", x), "y": as_finite("y", y)}
    for name, function in (("phi", phi), ("gradient", gradient)):
        if not callable(function):
            raise ValueError(f"{name} must be callable; got {function!r}")
    moved, _ = event_last(axis, **points)
    require_broadcast(**{k: a.shape for k, a in zip(points, moved, strict=True)})
    x, y = (a.astype(np.float64) for a in moved)
    with np.errstate(all="ignore"):
        slopes = np.asarray(gradient(y), dtype=np.float64)
        tops = [np.asarray(phi(a), dtype=np.float64) for a in (x, y)]
    for name, found, shape in (
        ("phi", tops[0], x.shape[:-1]),
        ("phi", tops[1], y.shape[:-1]),
        ("gradient", slopes, y.shape),
    ):
        if found.shape != shape:
            raise ValueError(f"{name} must return shape {shape}; got {found.shape}")
    with np.errstate(all="ignore"):
        tangent = (slopes * (x - y)).sum(axis=-1)
        values = tops[0] - tops[1] - tangent
        room = 1e-9 * (abs(tops[0]) + abs(tops[1]) + abs(tangent))
        lowest = values + room
    require("what phi rises above its tangent", values, lowest < 0, "be >= 0: phi must be convex")
    return values.astype(np.result_type(*points.values()))[()]
