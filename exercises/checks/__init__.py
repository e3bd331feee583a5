"""Checks that say what went wrong.

>>> from checks import check, progress
>>> check("2.1", ...)
2.1 is not answered yet.

Everything stays in this Python process; nothing is sent or stored.
"""

from textwrap import fill

from .engine import exercise, exercises, verdict

__all__ = ["check", "progress"]

_wrong = {}
_states = {}


def check(id, answer=...):
    """Print one or two sentences on `answer` to exercise `id`, such as "2.3"."""
    try:
        record = exercise(id)
    except LookupError as unknown:
        print(fill(str(unknown), width=76))
        return
    state, sentence = verdict(record, answer, _wrong.get(id, 0) + 1)
    _wrong[id] = _wrong.get(id, 0) + (state == "wrong")
    _states[id] = "right" if _states.get(id) == "right" else state
    print(fill(sentence, width=76, break_long_words=False))


def progress():
    """Print the table of this session: every exercise of each chapter that was checked."""
    chapters = sorted({id.partition(".")[0] for id in _states}, key=int)
    records = [record for chapter in chapters for record in exercises(chapter).values()]
    for record in records:
        state = _states.get(record.id, "open")
        print(f"{record.id:5} {record.title:40} {state}")
    done = sum(state == "right" for state in _states.values())
    print(f"{done} of {len(records)} right." if records else "Nothing checked yet.")
