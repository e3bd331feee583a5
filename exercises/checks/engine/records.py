"""What an exercise is."""

from dataclasses import KW_ONLY, dataclass

__all__ = ["Exercise", "built"]


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


def built(make):
    """Decorate a function that builds a record: its name then stands for the `Exercise`.

    So the numbers between question and answer keep to themselves.
    """
    return make()
