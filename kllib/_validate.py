"""Input rules shared by every public function.

Bad input raises a ``ValueError`` that names the argument, the rule and the offending value.
Nothing is clipped, dropped or rescaled here, and NaN passes every check so that it reaches
the result: a comparison with NaN is false, so each rule is written as "no entry breaks it".
"""

import math
import operator
import reprlib
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

Numbers: TypeAlias = np.floating | np.ndarray  # a NumPy scalar, or an array for arrays
Seed: TypeAlias = np.random.Generator | int | None
Rule: TypeAlias = Callable[[str, Any], np.ndarray]


SHORT = reprlib.Repr()
SHORT.maxlist = SHORT.maxtuple = SHORT.maxdict = SHORT.maxset = 6
SHORT.maxlevel, SHORT.maxstring, SHORT.maxlong, SHORT.maxother = 3, 60, 30, 80


def shown(value: Any) -> str:
    """Return `value` as text for a message, cut short."""
    text = " ".join(SHORT.repr(value).split())
    return text if len(text) <= 100 else f"{text[:90]}…"


def tolerance(dtype: Any) -> float:
    """Return how far from 1 a sum may be: what single precision leaves, also if cast since."""
    return 1e-5 if np.dtype(dtype) == np.float64 else math.sqrt(np.finfo(np.float32).eps)


def _holds_masked(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(
            _holds_masked(v) for v in value if isinstance(v, list | tuple | np.ma.MaskedArray)
        )
    return isinstance(value, np.ma.MaskedArray)


def require_same_labels(**values: Any) -> None:
    """Raise where two arguments have labels, as pandas objects do, and these differ."""
    for attribute in ("index", "columns"):
        found: dict[str, Any] = {n: getattr(v, attribute, None) for n, v in values.items()}
        labelled = {n: labels for n, labels in found.items() if hasattr(labels, "equals")}
        names = list(labelled)
        for name in names[1:]:
            if not labelled[names[0]].equals(labelled[name]):
                raise ValueError(
                    f"{names[0]} and {name} must have the same {attribute}; got "
                    f"{shown(labelled[names[0]])} and {shown(labelled[name])} (align them first)"
                )


def require(name: str, array: Any, broken: Any, rule: str) -> None:
    """Raise unless the boolean array `broken` is false everywhere; name its first true entry."""
    if not np.any(broken):
        return
    broken = np.broadcast_to(broken, np.shape(array))
    if np.ndim(array) == 0:
        raise ValueError(f"{name} must {rule}; got {array}")
    index = tuple(int(i) for i in np.argwhere(broken)[0])
    place = ", ".join(map(str, index))
    raise ValueError(f"{name} must {rule}; got {name}[{place}] = {np.asarray(array)[index]}")


def as_real(name: str, value: Any) -> np.ndarray:
    """Return `value` as a float array: float32 stays, everything else becomes float64."""
    if _holds_masked(value):
        raise ValueError(f"{name} must not be a masked array: masked entries would be lost")
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} must be a rectangular array of real numbers; got {shown(value)}"
        ) from None
    if array.dtype.kind == "f":
        return array if array.dtype.itemsize in (4, 8) else array.astype(np.float64)
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    raise ValueError(
        f"{name} must hold real numbers; got dtype {array.dtype!s:.40} in {shown(value)}"
    )


def as_finite(name: str, value: Any) -> np.ndarray:
    """Return `value` as a float array without infinities."""
    array = as_real(name, value)
    require(name, array, np.isinf(array), "be finite")
    return array


def as_positive(name: str, value: Any) -> np.ndarray:
    """Return `value` as a float array of positive finite numbers (scales, rates, shapes)."""
    array = as_finite(name, value)
    require(name, array, array <= 0, "be positive")
    return array


def as_probability(name: str, value: Any) -> np.ndarray:
    """Return `value` as a float array of numbers between 0 and 1 that need not sum to 1."""
    array = as_real(name, value)
    require(name, array, (array < 0) | (array > 1), "lie in [0, 1]")
    return array


def as_counts(name: str, value: Any) -> np.ndarray:
    """Return `value` as a float array of non-negative finite numbers."""
    array = as_finite(name, value)
    require(name, array, array < 0, "be non-negative")
    return array


def as_distribution(name: str, value: Any) -> np.ndarray:
    """Return `value` as a one-dimensional float64 array of probabilities that sum to 1."""
    array = as_probability(name, value)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} must be a non-empty list of numbers; got shape {array.shape}")
    total = math.fsum(array.tolist())
    if abs(total - 1.0) > tolerance(array.dtype):
        raise ValueError(f"{name} must sum to 1; its sum is {total}")
    return array.astype(np.float64)


def as_scalar(name: str, value: Any, rule: Rule = as_finite) -> Any:
    """Return `value` as one NumPy number that keeps `rule`."""
    array = rule(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be a number; got shape {array.shape}")
    return array[()]


def as_index(value: Any) -> int:
    """Return `value` as an int; a truth value is none."""
    if isinstance(value, bool | np.bool):
        raise TypeError("a truth value is no number")
    return operator.index(value)


def as_integer(name: str, value: Any, least: int) -> int:
    """Return `value` as an int that is at least `least`."""
    try:
        number = as_index(value)
    except TypeError:
        raise ValueError(f"{name} must be an integer; got {shown(value)}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}; got {shown(number)}")
    return number


def as_generator(name: str, value: Any) -> np.random.Generator:
    """Return `value` itself if it is a generator, else one with that seed."""
    try:
        return np.random.default_rng(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a Generator or a seed; got {shown(value)}") from None


def log_of_base(base: Any) -> float:
    """Return ln(base), the number of nats in the unit; 1.0 for ``None`` (nats)."""
    if base is None:
        return 1.0
    rule = f"base must be a positive number other than 1, or None; got {shown(base)}"
    if isinstance(base, bool | str | bytes):
        raise ValueError(rule)
    try:
        value = float(base)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(rule) from None
    if not (0 < value < math.inf) or value == 1:
        raise ValueError(rule)
    return math.log(value)


def _axes(axis, ndim):
    if axis is None:
        return tuple(range(ndim))
    try:
        axes = tuple(map(as_index, axis if isinstance(axis, tuple | list) else (axis,)))
    except TypeError:
        raise ValueError(
            f"axis must be an integer, several of them, or None; got {shown(axis)}"
        ) from None
    if not axes or any(not -ndim <= a < ndim for a in axes):
        raise ValueError(
            f"axis must name axes of an array with {ndim} dimensions; got {shown(axis)}"
        )
    axes = tuple(a % ndim for a in axes)
    if len(set(axes)) < len(axes):
        raise ValueError(f"axis must not name an axis twice; got {shown(axis)}")
    return axes


def event_last(axis: Any, **arrays: np.ndarray) -> tuple[list[np.ndarray], tuple[int, ...]]:
    """Move the event axes of each named array to the end and flatten them into one.

    Returns the list of arrays and the tuple of event axes, counted in the dimensions of the
    widest array. Batch axes are left to broadcast; event axes never are: categories that differ
    in number raise, as does an array that lacks the axis or has no category in it.
    """
    ndim = max(a.ndim for a in arrays.values())
    for name, a in arrays.items():
        if a.ndim == 0:
            raise ValueError(f"{name} must have an axis of categories; got the 0-d value {a}")
    axes = _axes(axis, ndim)
    for name, a in arrays.items():
        if min(axes) < ndim - a.ndim:
            raise ValueError(f"{name} must have axis {axis}; got shape {a.shape}")
        if any(a.shape[i - ndim] == 0 for i in axes):
            raise ValueError(f"{name} must have at least one category; got shape {a.shape}")
    counts = {n: tuple(a.shape[i - ndim] for i in axes) for n, a in arrays.items()}
    if len(set(counts.values())) > 1:
        shapes = " and ".join(f"{n} with shape {a.shape}" for n, a in arrays.items())
        raise ValueError(f"{', '.join(arrays)} must have equally many categories; got {shapes}")
    if axes == (ndim - 1,):
        return list(arrays.values()), axes
    moved = []
    for a in arrays.values():
        a = np.moveaxis(a, [i - ndim for i in axes], range(-len(axes), 0))
        batch, event = a.shape[: a.ndim - len(axes)], a.shape[a.ndim - len(axes) :]
        moved.append(a.reshape(*batch, math.prod(event)))  # -1 fails on an empty batch
    return moved, axes


def require_broadcast(**shapes: tuple[int, ...]) -> None:
    """Raise unless the named shapes broadcast."""
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        got = " and ".join(f"{name} with {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"{', '.join(shapes)} must have shapes that broadcast; got {got}"
        ) from None


def as_parameters(**parameters: tuple[Rule, Any]) -> tuple[Any, ...]:
    """Return parameters as float64 arrays that broadcast, and the dtype of a result.

    Each is given as ``name=(rule, value)``, the rule a function such as `as_positive`.
    """
    require_same_labels(**{name: value for name, (_, value) in parameters.items()})
    arrays = [rule(name, value) for name, (rule, value) in parameters.items()]
    require_broadcast(**{n: a.shape for n, a in zip(parameters, arrays, strict=True)})
    return *(a.astype(np.float64, copy=False) for a in arrays), np.result_type(*arrays)


def in_unit(value: Any, base: Any, dtype: np.dtype) -> Any:
    """Return `value`, in nats, in the unit of `base` and as `dtype`; scalars as NumPy scalars."""
    return (np.asarray(value) / log_of_base(base)).astype(dtype)[()]


def require_sums(name: str, sums: Any, dtype: np.dtype) -> None:
    """Raise unless every sum is 1 within the `tolerance`."""
    broken = np.abs(np.asarray(sums) - 1.0) > tolerance(dtype)
    require(f"sum of {name}", sums, broken, "be 1 (or pass normalize=True)")
