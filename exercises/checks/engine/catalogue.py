"""Where the records are found: every `Exercise` that a chapter's `records.py` names."""

from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np

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
    """Return the exercise with this id, or raise a `LookupError` that says which ids there are."""
    if isinstance(id, int | float) and not isinstance(id, bool):
        raise LookupError(
            f'The number of the exercise stands in quotes, as in "{id}": as numbers, 2.1 and 2.10 '
            "are the same."
        )
    asked = repr(id) if len(repr(id)) <= 40 else f"{repr(id)[:39]}…"
    name = id.strip().lstrip("0") if isinstance(id, str) else ""
    chapter = name.partition(".")[0]
    if chapter not in chapters():
        there = ", ".join(chapters())
        raise LookupError(
            f"There is no exercise {asked}; there are chapters {there}, and exercises such as "
            f'"{chapters()[0]}.1".'
        )
    with np.errstate(all="ignore"):  # a learner may have asked NumPy to raise
        records = exercises(chapter)
    if name not in records:
        there = ", ".join(map(repr, records))
        raise LookupError(f"There is no exercise {asked}; there are {there}.")
    return records[name]
