"""Calls of kllib.vae that must raise ValueError: name, arguments, keywords, words said."""

import math

from kllib.vae import LinearVAE, TinyVAE

LINEAR, TINY = LinearVAE(2, 1, rng=0), TinyVAE(2, latent=1, hidden=2, rng=0)
DATA = [[0.1, 0.2], [0.3, 0.5], [0.9, 0.4]]
QUIET = {"rng": 0, "epochs": 1, "progress": False}

CASES = [
    ("elbo", (math.inf, 0, 1), {}, ["x must be finite", "inf"]),
    ("elbo", (0, [0, math.inf], 1), {}, ["mean must be finite", "mean[1] = inf"]),
    ("elbo", (0, 0, 0), {}, ["std must be positive", "0"]),
    ("elbo", (0, 0, [1, -1]), {}, ["std must be positive", "std[1] = -1"]),
    ("elbo", (0, 0, 1), {"slope": math.inf}, ["slope must be finite", "inf"]),
    ("elbo", (0, 0, 1), {"noise": -1}, ["noise must be positive", "-1"]),
    ("elbo", ("x", 0, 1), {}, ["x must hold real numbers", "'x'"]),
    ("elbo", ([0, 1, 2], [0, 1], 1), {}, ["x with (3,)", "mean with (2,)"]),
    ("ppca_log_likelihood", ([1, 2], 1), {}, ["data must be rows of n features", "(2,)"]),
    ("ppca_log_likelihood", ([[1, math.inf]], 1), {}, ["data must be finite", "[0, 1] = inf"]),
    ("ppca_log_likelihood", (DATA, 0), {}, ["latent must be at least 1", "0"]),
    ("ppca_log_likelihood", (DATA, 1.5), {}, ["latent must be an integer", "1.5"]),
    ("ppca_log_likelihood", (DATA, 2), {}, ["data must vary in more than 2 directions"]),
    ("ppca_log_likelihood", ([[1, 1], [2, 2]], 1), {}, ["data must vary in more than 1 dir"]),
    ("LinearVAE", (0, 1), {"rng": 0}, ["features must be at least 1", "0"]),
    ("LinearVAE", (2, 1.5), {"rng": 0}, ["latent must be an integer", "1.5"]),
    ("TinyVAE", (2,), {"latent": -1, "rng": 0}, ["latent must be at least 1", "-1"]),
    ("TinyVAE", (2,), {"hidden": 0, "rng": 0}, ["hidden must be at least 1", "0"]),
    ("LinearVAE.encode", (LINEAR, [[1, 2, 3]]), {}, ["x must be rows of 2 features", "(1, 3)"]),
    ("LinearVAE.elbo", (LINEAR, [1, 2]), {}, ["x must be rows of 2 features", "(2,)"]),
    ("TinyVAE.encode", (TINY, [[0.5, 2.0]]), {}, ["x must lie in [0, 1]", "x[0, 1] = 2.0"]),
    ("TinyVAE.reconstruct", (TINY, [[0.5, -1]]), {}, ["x must lie in [0, 1]", "x[0, 1] = -1"]),
    ("fit", (LINEAR, [[1, 2, 3]]), QUIET, ["x must be rows of 2 features", "(1, 3)"]),
    ("fit", (TINY, [[0.5, 2.0]]), QUIET, ["x must lie in [0, 1]", "x[0, 1] = 2.0"]),
    ("fit", (TINY, DATA), QUIET | {"epochs": 0}, ["epochs must be at least 1", "0"]),
    ("fit", (TINY, DATA), QUIET | {"batch": 0}, ["batch must be at least 1", "0"]),
    ("fit", (TINY, DATA), QUIET | {"batch": 1.0}, ["batch must be an integer", "1.0"]),
    ("fit", (TINY, DATA), QUIET | {"rate": 0}, ["rate must be positive", "0"]),
    ("fit", (TINY, DATA), QUIET | {"beta": -1}, ["beta must be non-negative", "-1"]),
]
