"""The sentence an answer is met with."""

import re

import numpy as np

from . import comparing
from .comparing import TooLong, agree, as_numbers, call, is_open, text_of

__all__ = ["fingerprint", "verdict"]

CLOSE = (
    "Close, but not to {} decimals: was something rounded on the way, a search too coarse, or is "
    "the method only nearly the right one?"
)
FLOATS = "The values are right, but rounded or in single precision: compute in float64, and do not "
FLOATS += "round inside a function."


def verdict(exercise, answer, tries=1):
    """Return "open", "wrong" or "right", and the sentence to print.

    `tries` counts the wrong answers so far, this one included. An unrecognised number is sent to
    a hint and told nothing it could be mined for: not even whether it is too large.
    """
    with np.errstate(all="ignore"):
        if is_open(answer, exercise.inputs):
            why = f": {_name(answer)} returns nothing so far" if callable(answer) else ""
            return "open", f"{exercise.id} is not answered yet{why}."
        if callable(exercise.answer):
            objection = _function(exercise, answer)
        elif isinstance(exercise.answer, str):
            objection = _choice(exercise, answer)
        else:
            objection = _numbers(exercise, answer, tries)
    if objection:
        return "wrong", f"{exercise.id} is not right yet. {objection}"
    return "right", f"{exercise.id} is right. {exercise.right}"


def fingerprint(exercise, answer):
    """What two answers to a numeric exercise have in common when they count as one try."""
    if callable(exercise.answer) or isinstance(exercise.answer, str):
        return None
    try:
        given = as_numbers(answer)
    except TypeError:
        return None
    if given.shape != np.shape(exercise.answer):
        return None
    with np.errstate(all="ignore"):
        return np.round(given / exercise.tolerance).tobytes()


def _choice(exercise, answer):
    known = {exercise.answer: None} | {wrong: text for text, wrong in exercise.mistakes.items()}
    words = ", ".join(map(repr, sorted(known)))
    return known.get(_word(answer), f"Choose one of {words}, with the quotes.")


def _word(answer):
    """The word in an answer, without case, brackets and full stops; also the one in a list."""
    if isinstance(answer, np.ndarray):
        answer = answer.ravel().tolist()
    if isinstance(answer, list | tuple) and len(answer) == 1:
        answer = answer[0]
    return re.sub(r"^\W+|\W+$", "", answer).casefold() if isinstance(answer, str) else None


def _numbers(exercise, answer, tries):
    want = as_numbers(exercise.answer)
    wanted = f"an array of shape {want.shape}" if want.ndim else "a number"
    try:
        given = as_numbers(answer)
    except TypeError as what:
        quotes = ": leave out the quotes" if str(what).startswith("text") else ""
        return f"This asks for {wanted}, not {what}{quotes}."
    if given.shape != want.shape:
        mend = f": {_reshape(want)} makes it so" if given.size == want.size else ""
        return f"This asks for {wanted}; yours has shape {given.shape}{mend}."
    right = _close(given, want, exercise.tolerance)
    if right.all():
        return None
    for sentence, wrong in exercise.mistakes.items():
        if np.all(np.isnan(wrong) | _close(given, wrong, exercise.tolerance)):
            return sentence
    if np.isnan(given).any():
        return "There is a NaN: somewhere 0/0, 0·log 0 or inf − inf was computed."
    percent = _close(given, 100 * want, 100 * exercise.tolerance) & (abs(want) <= 1) & (want != 0)
    if np.all(right | percent):
        return "That is in percent; the question asks for a number between 0 and 1, not times 100."
    if _close(given, want, 10 * exercise.tolerance).all():
        return CLOSE.format(exercise.digits)
    return _elsewhere(exercise.id, right, tries)


def _reshape(want):
    if not want.ndim:
        return "float(np.squeeze(answer))"
    shape = ", ".join(map(str, want.shape))
    return "np.ravel(answer)" if want.ndim == 1 else f"np.reshape(answer, ({shape}))"


def _close(given, want, tolerance):
    return np.isclose(given, want, rtol=0, atol=tolerance)


def _elsewhere(id, right, tries):
    doubtful = ", ".join(str(index) for index in np.argwhere(~right).tolist())
    where = f"Look again at {doubtful}; the other entries are right. " if right.any() else ""
    hint = {1: "Hint 1 says where to begin.", 2: "Hint 2 has the plan."}
    return where + hint.get(tries, f'solution("{id}") shows the solution.')


def _function(exercise, answer):
    if not callable(answer):
        return f'Hand in the function itself, as in check("{exercise.id}", f), not what it returns.'
    tried = []
    for arguments in exercise.inputs:
        tried.append((arguments, call(answer, arguments)))
        if isinstance(tried[-1][1], TooLong):
            break
    differing = _differing(tried, exercise.answer, exercise.tolerance)
    if not differing:
        return None
    for sentence, mistake in exercise.mistakes.items():
        if not _differing(tried, mistake, exercise.tolerance):
            return sentence
    if all(_rounded(got, call(exercise.answer, arguments)) for arguments, got in tried):
        return FLOATS
    return _difference(answer, exercise.tolerance, *differing)


def _rounded(got, want):
    """Whether a result is what was wanted but for the digits that were thrown away."""
    try:
        given, want = as_numbers(got), as_numbers(want)
    except TypeError:
        return False
    if given.shape != want.shape:
        return False
    if np.asarray(got).dtype in (np.float32, np.float16):
        return np.allclose(given, want, rtol=1e-3, atol=1e-3, equal_nan=True)
    return any(
        np.allclose(given, np.round(want, digits), rtol=0, atol=1e-12, equal_nan=True)
        for digits in range(2, 9)
    )


def _differing(tried, function, tolerance):
    """The first arguments on which `function` does something else than was `tried`, and both."""
    for arguments, got in tried:
        want = call(function, arguments)
        if not agree(got, want, tolerance):
            return arguments, got, want
    return None


def _difference(function, tolerance, arguments, got, want):
    text = f"{_name(function)}({', '.join(map(_show, arguments))})"
    if isinstance(got, TooLong):
        return f"{text} had not returned after {comparing.LIMIT} seconds."
    if isinstance(got, BaseException):
        reason = _cut(text_of(got), 120)
        return f"{text} raised {type(got).__name__}{': ' * bool(reason)}{reason}."
    place, got, want = _entry(got, want, tolerance)
    digits = next((d for d in (4, 8) if _show(got, d) != _show(want, d)), 17)
    return f"{text} gave {_show(got, digits)}{place}; it should be {_show(want, digits)}."


def _entry(got, want, tolerance):
    """Both results, tiny numbers as 0; of long ones the first entry that differs, and its place."""
    try:
        got, want = (np.where(abs(x) < tolerance / 100, 0, x) for x in map(as_numbers, (got, want)))
    except TypeError:
        return "", got, want
    if got.shape != want.shape or got.size <= 12:
        return "", got, want
    place = tuple(np.argwhere(~np.isclose(got, want, rtol=0, atol=tolerance, equal_nan=True))[0])
    return f" at {[int(k) for k in place]}", got[place], want[place]


def _name(function):
    name = getattr(function, "__name__", "<>")
    return "your function" if not isinstance(name, str) or name.startswith("<") else _cut(name, 40)


def _cut(text, length):
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _show(value, digits=8):
    if isinstance(value, str):
        return repr(_cut(value, 60))
    try:
        numbers = as_numbers(value)
    except TypeError as what:
        return str(what)
    short = {"float_kind": lambda number: f"{number:.{digits}g}"}
    shown = np.array2string(numbers, separator=", ", formatter=short, threshold=40, edgeitems=3)
    return " ".join(shown.split())
