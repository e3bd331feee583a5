"""The sentence an answer is met with."""

import numpy as np

from .comparing import agree, as_numbers, call, is_open

__all__ = ["verdict"]


def verdict(exercise, answer, tries=1):
    """Return "open", "wrong" or "right", and the sentence to print.

    `tries` counts the wrong answers so far, this one included. An unrecognised number is sent to
    a hint and told nothing it could be mined for: not even whether it is too large.
    """
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


def _choice(exercise, answer):
    given = answer.strip().casefold() if isinstance(answer, str) else None
    known = {exercise.answer: None} | {wrong: text for text, wrong in exercise.mistakes.items()}
    words = ", ".join(map(repr, sorted(known)))
    return known.get(given, f"Choose one of {words}, with the quotes.")


def _numbers(exercise, answer, tries):
    want = as_numbers(exercise.answer)
    wanted = f"an array of shape {want.shape}" if want.ndim else "a number"
    try:
        given = as_numbers(answer)
    except TypeError as what:
        quotes = ": leave out the quotes" if isinstance(answer, str) else ""
        return f"This asks for {wanted}, not {what}{quotes}."
    if given.shape != want.shape:
        return f"This asks for {wanted}; yours has shape {given.shape}."
    right = _close(given, want, exercise.tolerance)
    if right.all():
        return None
    for sentence, wrong in exercise.mistakes.items():
        if np.all(np.isnan(wrong) | _close(given, wrong, exercise.tolerance)):
            return sentence
    if np.isnan(given).any():
        return "There is a NaN: somewhere 0/0, 0·log 0 or inf − inf was computed."
    if _close(given, want, 10 * exercise.tolerance).all():
        return f"Close, but not to {exercise.digits} decimals: round at the end, not on the way."
    return _elsewhere(right, tries)


def _close(given, want, tolerance):
    return np.isclose(given, want, rtol=0, atol=tolerance)


def _elsewhere(right, tries):
    doubtful = ", ".join(str(index) for index in np.argwhere(~right).tolist())
    where = f"Look again at {doubtful}; the other entries are right. " if right.any() else ""
    hint = {1: "Hint 1 says where to begin.", 2: "Hint 2 has the plan."}
    return where + hint.get(tries, "The solution is in the appendix.")


def _function(exercise, answer):
    if not callable(answer):
        return f'Hand in the function itself, as in check("{exercise.id}", f), not what it returns.'
    tried = [(arguments, call(answer, arguments)) for arguments in exercise.inputs]
    differing = _differing(tried, exercise.answer, exercise.tolerance)
    if not differing:
        return None
    for sentence, mistake in exercise.mistakes.items():
        if not _differing(tried, mistake, exercise.tolerance):
            return sentence
    return _difference(answer, *differing)


def _differing(tried, function, tolerance):
    """The first arguments on which `function` does something else than was `tried`, and both."""
    for arguments, got in tried:
        want = call(function, arguments)
        if not agree(got, want, tolerance):
            return arguments, got, want
    return None


def _difference(function, arguments, got, want):
    text = f"{_name(function)}({', '.join(map(_show, arguments))})"
    if isinstance(got, Exception):
        reason = str(got).partition("\n")[0]
        return f"{text} raised {type(got).__name__}{': ' * bool(reason)}{reason.rstrip('.')}."
    digits = next((d for d in (4, 8) if _show(got, d) != _show(want, d)), 17)
    return f"{text} gave {_show(got, digits)}; it should be {_show(want, digits)}."


def _name(function):
    name = getattr(function, "__name__", "<>")
    return "your function" if name.startswith("<") else name


def _show(value, digits=8):
    if isinstance(value, str):
        return repr(value)
    try:
        numbers = as_numbers(value)
    except TypeError as what:
        return str(what)
    short = {"float_kind": lambda number: f"{number:.{digits}g}"}
    return " ".join(np.array2string(numbers, separator=", ", formatter=short).split())
