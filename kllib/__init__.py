"""Kullback-Leibler divergences: exact, fast and strict."""

from kllib import coding, discrete, estimators, families, projection, vae
from kllib.coding import *
from kllib.discrete import *
from kllib.estimators import *
from kllib.families import *
from kllib.projection import *
from kllib.vae import *

__all__ = [
    *discrete.__all__,
    *coding.__all__,
    *families.__all__,
    *projection.__all__,
    *estimators.__all__,
    *vae.__all__,
]
