"""Kullback-Leibler divergences: exact, fast and strict."""

from kllib import coding, discrete, families, projection
from kllib.coding import *
from kllib.discrete import *
from kllib.families import *
from kllib.projection import *

__all__ = [*discrete.__all__, *coding.__all__, *families.__all__, *projection.__all__]
