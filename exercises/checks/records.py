"""What an exercise is, and where its record is found."""

from dataclasses import KW_ONLY, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

__all__ = ["Exercise", "chapters", "exercise", "exercises"]


@dataclass(frozen=True)
class Exercise:
    """An exercise: its answer, the known mistakes, and what to say to each.

    `id` and `title`, stars included, are the heading in the notebook. `answer` is a number, an
    array or a function at full precision; a string makes the exercise a choice between it and
    the mistakes. `right` says why it matters, or what to try next.

    `mistakes` maps sentences to the wrong answers they explain. In an array NaN stands for any
    entry; a function explains those that agree with it on all `inputs`, a sequence of argument
    tuples. Answers may be off by one unit of the last of the `digits` decimals asked for.
    """

    id: str
    title: str
    _: KW_ONLY
    answer: object
    right: str
    mistakes: dict
    digits: int = 4
    inputs: tuple = ()

    @property
    def tolerance(self):
        """The largest difference between equal numbers; a hair wider, for the last unit itself."""
        return 10.0**-self.digits * (1 + 1e-9)


def chapters():
    """Return the chapters that have records, as text: ["2", …]."""
    return [path.stem[2:].lstrip("0") for path in sorted(Path(__file__).parent.glob("ch*.py"))]


@cache
def exercises(chapter):
    """Return the exercises of a chapter by id, in the order of the notebook."""
    records = import_module(f"{__package__}.ch{chapter:0>2}").EXERCISES
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
