"""Kullback-Leibler divergences: exact, fast and strict."""
