"""Kullback-Leibler divergences: exact, fast and strict."""

from kllib import discrete, families
from kllib.discrete import *
from kllib.families import *

__all__ = [*discrete.__all__, *families.__all__]
