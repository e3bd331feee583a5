"""From a record and an answer to a verdict; no chapter is named here."""

from .catalogue import chapters, exercise, exercises
from .messages import fingerprint, verdict
from .records import Exercise, built

__all__ = ["Exercise", "built", "chapters", "exercise", "exercises", "fingerprint", "verdict"]
