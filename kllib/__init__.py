"""Kullback-Leibler divergences: exact, fast and strict."""

from kllib import (
    between,
    coding,
    discrete,
    divergences,
    estimators,
    families,
    geometry,
    policy,
    projection,
    vae,
)
from kllib.between import *
from kllib.coding import *
from kllib.discrete import *
from kllib.divergences import *
from kllib.estimators import *
from kllib.families import *
from kllib.geometry import *
from kllib.policy import *
from kllib.projection import *
from kllib.vae import *

__all__ = [
    *discrete.__all__,
    *divergences.__all__,
    *coding.__all__,
    *families.__all__,
    *between.__all__,
    *projection.__all__,
    *estimators.__all__,
    *vae.__all__,
    *policy.__all__,
    *geometry.__all__,
]
