"""Where the records are found: every `Exercise` that a chapter's `records.py` names."""

from functools import cache
from importlib import import_module
from pathlib import Path

from .records import Exercise

__all__ = ["chapters", "exercise", "exercises"]

CHECKS = Path(__file__).parents[1]


def chapters():
    """Return the chapters that have records, as text: ["2", …]."""
    return [path.parent.name[2:].lstrip("0") for path in sorted(CHECKS.glob("ch*/records.py"))]


@cache
def exercises(chapter):
    """Return the exercises of a chapter by id, in the order of its module."""
    module = import_module(f"..ch{chapter:0>2}.records", __package__)
    records = [value for value in vars(module).values() if isinstance(value, Exercise)]
    return {record.id: record for record in records}


def exercise(id):
    """Return the exercise with this id, or raise a `LookupError` that lists the ids there are."""
    chapter = str(id).partition(".")[0]
    known = [chapter] if chapter in chapters() else chapters()
    records = {key: record for name in known for key, record in exercises(name).items()}
    if not isinstance(id, str) or id not in records:
        raise LookupError(
            f"There is no exercise {id!r}; there are {', '.join(map(repr, records))}."
        )
    return records[id]
