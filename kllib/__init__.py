"""Kullback-Leibler divergences: exact, fast and strict."""

from kllib.discrete import *  # noqa: F403
