"""Calls of kllib.estimators that must raise ValueError: name, arguments, keywords, words said."""

import math

import numpy as np

from kllib.estimators import normal_ratio


def minus_log(r):
    return -np.log(r)


CASES = [
    *[
        (name, args, {}, words)
        for name in ["k1", "k2", "k3", "optimal_lambda"]
        for args, words in [
            (([0, math.inf],), ["log_ratio must be below inf", "log_ratio[1] = inf"]),
            ((["a"],), ["log_ratio must hold real numbers"]),
            ((1j,), ["log_ratio must hold real numbers", "1j"]),
        ]
    ],
    *[
        (name, args, {}, words)
        for name in ["kl_estimate", "kl_control_variate"]
        for args, words in [
            (([], []), ["logq must have logp's shape, not empty", "(0,)"]),
            (([0, 0], [0]), ["logq must have logp's shape", "(1,), (2,)"]),
            ((0, [0]), ["logq must have logp's shape", "(1,), ()"]),
            (([0, -math.inf], [0, 0]), ["logp must be finite", "logp[1] = -inf"]),
            (([0, 0], [math.inf, 0]), ["logq must be below inf", "logq[0] = inf"]),
            ((["a"], [0]), ["logp must hold real numbers"]),
        ]
    ],
    ("kl_estimate", ([0], [0]), {"kind": "k4"}, ["kind must be 'k1', 'k2' or 'k3'", "'k4'"]),
    ("kl_estimate", ([0], [0]), {"kind": 3}, ["kind must be 'k1', 'k2' or 'k3'", "3"]),
    ("kl_control_variate", ([0], [0]), {"lam": math.inf}, ["lam must be finite", "inf"]),
    ("kl_control_variate", ([0], [0]), {"lam": "x"}, ["lam must hold real numbers", "'x'"]),
    ("optimal_lambda", ([],), {}, ["log_ratio must hold a sample", "(0,)"]),
    ("optimal_lambda", ([0, 1], [1.0]), {}, ["weights must have the shape of log_ratio", "(1,)"]),
    ("optimal_lambda", ([0, 1], [0.9, 0.2]), {}, ["weights must sum to 1", "1.1"]),
    ("kl_control_variate", ([0], [0]), {"lam": [0.1, 0.2]}, ["lam must be a number", "(2,)"]),
    ("bregman_estimate", (minus_log, [-1], [0.1]), {}, ["fprime_1 must be a number", "(1,)"]),
    ("bregman_estimate", (minus_log, -1, []), {}, ["log_ratio must hold a sample", "(0,)"]),
    ("bregman_estimate", (minus_log, -1, [math.inf]), {}, ["log_ratio must be below inf"]),
    ("bregman_estimate", (minus_log, math.inf, [0.1]), {}, ["fprime_1 must be finite", "inf"]),
    ("bregman_estimate", (minus_log, 1, [0.0, 0.5]), {}, ["f(r) - fprime_1 (r - 1)", "f'(1)"]),
    ("bregman_estimate", (np.log, 1, [0.0, 0.5]), {}, ["f(r) - fprime_1 (r - 1)", "convex"]),
    ("bregman_estimate", (np.exp, 0, [0.5]), {}, ["f(1) must be 0", "2.718"]),
    ("exact_moments", ([0.9, 0.2], [0.5, 0.5], "k1"), {}, ["p must sum to 1", "1.1"]),
    ("exact_moments", ([0.5, 0.5], [1.5, -0.5], "k1"), {}, ["q must lie in [0, 1]", "1.5"]),
    ("exact_moments", ([0.5, 0.5], [1.0], "k1"), {}, ["q must have the shape of p", "(1,)"]),
    ("exact_moments", ([1.0], [1.0], "k0"), {}, ["kind must be 'k1', 'k2' or 'k3'", "'k0'"]),
    ("normal_ratio", (math.inf, 1), {}, ["shift must be finite", "inf"]),
    ("normal_ratio", (0, 0), {}, ["spread must be positive", "0"]),
    ("normal_ratio", ([0, 1], 1), {}, ["shift must be a number", "(2,)"]),
    ("normal_crossing", (-1,), {}, ["spread must be positive", "-1"]),
    ("normal_variances", ((0, 1), 1), {}, ["found must be a NormalRatio", "(0, 1)"]),
    ("normal_variances", (normal_ratio(1, 1), math.inf), {}, ["lam must be finite", "inf"]),
    ("kl_knn", ([0, 1, 2], [0, 1, 2]), {"k": 0}, ["k must be at least 1", "0"]),
    ("kl_knn", ([0, 1, 2], [0, 1, 2]), {"k": 1.5}, ["k must be an integer", "1.5"]),
    ("kl_knn", ([0, 1], [0, 1, 2]), {"k": 2}, ["x must hold at least 3 samples", "(2, 1)"]),
    ("kl_knn", ([0, 1, 2], [0]), {"k": 2}, ["y must hold at least 2 samples", "(1, 1)"]),
    ("kl_knn", (0.5, [0, 1]), {"k": 1}, ["x must hold at least 2 samples", "()"]),
    ("kl_knn", ([0, math.inf], [0, 1]), {"k": 1}, ["x must be finite", "x[1] = inf"]),
    (
        "kl_knn",
        ([[0, 1], [2, 3]], [[0], [1]]),
        {"k": 1},
        ["y must have the dimension of x, 2", "1"],
    ),
    ("kl_knn", ([0, 0, 1], [2, 3]), {"k": 1}, ["distance of x to neighbour 1 in x", "positive"]),
    ("kl_knn", ([0, 1, 2], [2, 3]), {"k": 1}, ["distance of x to neighbour 1 in y", "[2] = 0.0"]),
]
