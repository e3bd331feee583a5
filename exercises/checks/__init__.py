"""Checks that say what went wrong.

>>> from checks import check, hint, progress, solution
>>> check("2.1", ...)
2.1 is not answered yet.

Progress is kept in a small file beside the worksheets. Nothing is sent anywhere.
"""

from textwrap import fill

from . import memory
from .engine import exercise, fingerprint, verdict
from .engine.sheets import hints, solution_text, titles

__all__ = ["check", "hint", "progress", "solution"]

_wrong = {}
_hinted = {}


def check(id, answer=...):
    """Print one or two sentences on `answer` to exercise `id`, such as "2.3"."""
    record = _known(id)
    if record is None:
        return
    mark = fingerprint(record, answer)
    seen = _wrong.setdefault(record.id, [])
    tries = len({*seen, mark} - {None})
    state, sentence = verdict(record, answer, tries)
    if state == "wrong" and mark is not None and mark not in seen:
        seen.append(mark)
    memory.note(record.id, state)
    print(fill(sentence, width=76, break_long_words=False))


def hint(id):
    """Show the next hint to an exercise, the first one first."""
    record = _known(id)
    if record is None:
        return
    there = hints(record.id)
    number = _hinted[record.id] = _hinted.get(record.id, 0) + 1
    if number > len(there):
        print(f'There are no further hints. solution("{record.id}") shows the solution.')
    else:
        _show(f"**Hint {number} of {len(there)}.** {there[number - 1]}")


def solution(id):
    """Show the solution of an exercise."""
    record = _known(id)
    if record is not None:
        _show(solution_text(record.id))


def progress():
    """Print the exercises of the chapters at work, and how much of the book is done."""
    states = memory.states()
    at_work = {id.partition(".")[0] for id in memory.session()} or {
        id.partition(".")[0] for id in states
    }
    rows = [id for id in titles() if id.partition(".")[0] in at_work]
    for id in rows:
        print(f"{id:5} {titles()[id]:40} {states.get(id, 'open')}")
    if not rows:
        print("Nothing checked yet.")
        return
    print(f"{sum(states.get(id) == 'right' for id in rows)} of {len(rows)} right.")
    if any(id not in rows for id in states):
        done = sum(state == "right" for state in states.values())
        print(f"In the whole book: {done} of {len(titles())} right.")


def _known(id):
    """The record of an exercise; if there is none, say so."""
    try:
        return exercise(id)
    except LookupError as unknown:
        print(fill(str(unknown), width=76))
        return None


def _show(text):
    """Show Markdown: set in a notebook, as it stands elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import Markdown, display
    except ImportError:
        print(text)
        return
    if get_ipython() is None:
        print(text)
    else:
        display(Markdown(text))
