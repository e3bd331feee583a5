"""Checks that say what went wrong.

>>> from checks import check, progress
>>> check("2.1", ...)
2.1 is not answered yet.

Everything stays in this Python process; nothing is sent or stored.
"""

from textwrap import fill

from .engine import exercise, exercises, fingerprint, verdict

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
    mark = fingerprint(record, answer)
    seen = _wrong.setdefault(record.id, [])
    tries = len({*seen, mark} - {None})
    state, sentence = verdict(record, answer, tries)
    if state == "wrong" and mark is not None and mark not in seen:
        seen.append(mark)
    _states[record.id] = "right" if _states.get(record.id) == "right" else state
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
