"""Turning what a learner hands in into numbers, and comparing it with what was meant."""

import copy
import io
import warnings
from contextlib import redirect_stdout
from numbers import Real

import numpy as np

__all__ = ["agree", "as_numbers", "call", "is_open"]


def is_open(value, inputs=()):
    """Whether an answer, or an entry of it, is still the ``...`` of the worksheet.

    So is a function that returns nothing yet on the first of the `inputs`.
    """
    if callable(value) and inputs:
        value = call(value, inputs[0])
        return value is None or value is ...
    return value is ... or (isinstance(value, list | tuple) and any(map(is_open, value)))


def as_numbers(value):
    """Return `value` as a float array, or raise a `TypeError` that names what it is instead."""
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            return np.array(float(value))
        except OverflowError:
            raise TypeError("a number beyond the range of floats") from None
    try:
        array = np.asarray(value)
    except Exception:  # an object may raise anything from its own conversion
        raise TypeError(f"a {type(value).__name__} that is no rectangular array") from None
    if array.dtype.kind in "iuf":
        return array.astype(np.float64)
    raise TypeError(_noun(value, array.dtype.kind))


def _noun(value, kind):
    if value is None:
        return "None"
    if callable(value):
        return "a function"
    if kind in "US":
        return "text"
    other = f"a value of type {type(value).__name__}"
    return {"b": "True or False", "c": "complex numbers"}.get(kind, other)


def call(function, arguments):
    """Return what `function` returns, or the exception it raises; its printing is swallowed.

    It gets copies, so that a function that writes into its arguments spoils only its own result.
    """
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            return function(*copy.deepcopy(arguments))
        except Exception as error:
            return error


def agree(a, b, tolerance):
    """Whether two results are the same: numbers to the tolerance, text, kinds of exception."""
    if isinstance(a, Exception) or isinstance(b, Exception):
        return type(a) is type(b)
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and a == b
    try:
        a, b = as_numbers(a), as_numbers(b)
    except TypeError:
        return False
    return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=tolerance, equal_nan=True)
