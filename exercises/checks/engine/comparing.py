"""Turning what a learner hands in into numbers, calling it, and comparing it."""

import copy
import ctypes
import io
import signal
import threading
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from decimal import Decimal
from numbers import Real

import numpy as np

__all__ = ["TooLong", "agree", "as_numbers", "call", "is_open", "text_of"]

LIMIT = 10  # seconds that a call of a learner's function may take
DEPTH = 8  # no answer is nested more deeply, and a list may hold itself


def is_open(value, inputs=()):
    """Whether an answer, or an entry of it, is still the ``...`` of the worksheet.

    So is a function that returns nothing yet on the first of the `inputs`.
    """
    if callable(value) and inputs:
        value = call(value, inputs[0])
        return value is None or value is ...
    level = [value]
    for _ in range(DEPTH):
        if any(entry is ... for entry in level):
            return True
        level = [entry for part in level if isinstance(part, list | tuple) for entry in part]
    return False


def as_numbers(value):
    """Return `value` as a float array, or raise a `TypeError` that names what it is instead."""
    if callable(value):
        raise TypeError("a function")
    try:
        array = np.asarray(value)
    except Exception:  # an object may raise anything from its own conversion
        raise TypeError(f"{_kind(value)} that is no rectangular array") from None
    if array.dtype.kind in "iuf":
        return array.astype(np.float64)
    if array.dtype.kind == "c" and not array.imag.any():
        return array.real.astype(np.float64)
    if array.dtype.kind == "O" and array.ndim <= DEPTH:
        return _entries(array)
    names = {"b": "True or False", "c": "complex numbers", "U": "text", "S": "text"}
    raise TypeError(names.get(array.dtype.kind, _kind(value)))


def _entries(array):
    """The numbers in an array of objects, or an error that names the first entry that is none."""
    numbers = np.empty(array.shape)
    for place, entry in np.ndenumerate(array):
        try:
            if isinstance(entry, bool | np.bool_) or not isinstance(entry, Real | Decimal):
                raise TypeError
            numbers[place] = float(entry)
        except OverflowError:
            raise TypeError(_at(place, "a number beyond the range of floats")) from None
        except Exception:
            raise TypeError(_at(place, _noun(entry))) from None
    return numbers


def _at(place, noun):
    return f"{noun} at {list(place)}" if place else noun


def _noun(value):
    if value is None:
        return "None (infinity is np.inf)"
    if callable(value):
        return "a function"
    if isinstance(value, str | bytes):
        return "text"
    return _kind(value)


def _kind(value):
    name = type(value).__name__
    return f"a {name}" if isinstance(value, list | tuple) else f"a value of type {name}"


class TooLong(BaseException):
    """Raised in a function that takes longer than a call may; no `except Exception` stops it."""


@contextmanager
def _limited(seconds):
    """Raise `TooLong` in what runs here after so many seconds, and again until it gives way."""
    thread = threading.get_ident()
    if thread == threading.main_thread().ident and hasattr(signal, "setitimer"):

        def stop(number, frame):
            raise TooLong

        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds, 1)
        try:
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        finally:  # the alarm may ring in the first of these; the next is a second away
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        return
    over = threading.Event()  # on Windows, or beside the main thread: what runs in C runs on
    send = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def watch():
        while not over.wait(seconds):
            send(ctypes.c_ulong(thread), ctypes.py_object(TooLong))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        send(ctypes.c_ulong(thread), None)


def call(function, arguments):
    """Return what `function` returns, or the exception it raises; its printing is swallowed.

    It gets copies, so that a function that writes into its arguments spoils only its own result.
    """
    silence = io.StringIO()
    with (
        warnings.catch_warnings(),
        redirect_stdout(silence),
        redirect_stderr(silence),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        try:
            with _limited(LIMIT):
                return function(*copy.deepcopy(arguments))
        except (Exception, SystemExit, GeneratorExit, TooLong) as error:
            return error


def text_of(error):
    """The first line of what an exception says; nothing if it cannot say it."""
    try:
        return str(error).partition("\n")[0].rstrip(".")
    except Exception:
        return ""


def agree(a, b, tolerance):
    """Whether two results are the same: numbers to the tolerance, text, exceptions."""
    if isinstance(a, BaseException) or isinstance(b, BaseException):
        return type(a) is type(b) and text_of(a) == text_of(b)
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and a == b
    try:
        a, b = as_numbers(a), as_numbers(b)
    except TypeError:
        return False
    return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=tolerance, equal_nan=True)
