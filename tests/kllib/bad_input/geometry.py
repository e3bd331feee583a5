"""Calls of kllib.geometry that must raise ValueError: name, arguments, keywords, words said."""

import math

import numpy as np

from kllib.geometry import BERNOULLI

HALF, FIVE = [0.5, 0.5], [1.0, 2.0]
DISTRIBUTIONS = [
    ([0.5, 0.6], ["p must sum to 1", "1.1"]),
    ([-0.5, 1.5], ["p must lie in [0, 1]", "-0.5"]),
    (0.5, ["p must be a non-empty list", "()"]),
    (["a", "b"], ["p must hold real numbers"]),
    ([0.5, 0.25, 0.25], ["p, q must have equally many categories", "(3,)", "(2,)"]),
]
DICE = ([1 / 6] * 6, [1, 2, 3, 4, 5, 6])

CASES = [
    *[("fisher_rao", (p, HALF), {}, words) for p, words in DISTRIBUTIONS],
    *[("geodesic", (p, HALF, 0.5), {}, words) for p, words in DISTRIBUTIONS],
    ("geodesic", (HALF, HALF, 1.5), {}, ["t must lie in [0, 1]", "1.5"]),
    ("geodesic", (HALF, HALF, 0.5, "straight"), {}, ["kind must be 'mixture'", "'straight'"]),
    ("geodesic", (HALF, [1.0, 0.0], 0.5, "exponential"), {}, ["p, q must have one support"]),
    ("fisher_rao_normal", (0, 0, 0, 1), {}, ["std_p must be positive", "0"]),
    ("fisher_rao_normal", (0, 1, 0, -1), {}, ["std_q must be positive", "-1"]),
    ("fisher_rao_normal", (math.inf, 1, 0, 1), {}, ["mean_p must be finite", "inf"]),
    ("fisher_rao_normal", ([0, 1], 1, [0, 1, 2], 1), {}, ["shapes that broadcast", "(3,)"]),
    *[
        ("natural_gradient", args, {}, words)
        for args, words in [
            (([1.0], [[0.0]]), ["fisher must be positive definite with damping=0", "0.0"]),
            (([1.0, 1.0], [[1.0, 2.0], [2.0, 1.0]], 0.5), ["with damping=0.5", "-1"]),
            (([1.0, 1.0], [[1.0, 0.5], [0.0, 1.0]]), ["fisher must be symmetric"]),
            (([1.0, 1.0], [[1.0]]), ["must have shapes (d,) and (d, d)", "(1, 1)"]),
            ((1.0, 1.0), ["must have shapes (d,) and (d, d)", "()"]),
            (([1.0], [[1.0]], -1), ["damping must be non-negative", "-1"]),
            (([math.inf], [[1.0]]), ["gradient must be finite"]),
        ]
    ],
    *[
        ("i_projection", args, {}, words)
        for args, words in [
            ((*DICE, 6), ["no tilt has these means", "6"]),
            ((*DICE, 1), ["no tilt has these means", "1"]),
            ((*DICE, 7), ["no tilt has these means", "7"]),
            (([0.5, 0.5, 0.0], [1, 2, 3], 2.5), ["no tilt has these means", "2.5"]),
            (([0.5, 0.6], FIVE, 1.5), ["q must sum to 1"]),
            ((HALF, [1, 2, 3], 1.5), ["must have shapes (k, n), (k,), (n,)", "(1, 3)"]),
            ((HALF, FIVE, [1.5, 1.5]), ["must have shapes", "(2,)"]),
            ((HALF, [1, math.inf], 1.5), ["features must be finite"]),
            ((HALF, FIVE, math.inf), ["means must be finite"]),
        ]
    ],
    *[
        ("proportional_fit", args, keywords, words)
        for args, keywords, words in [
            (([[1, -2], [3, 4]], HALF, HALF), {}, ["table must be non-negative", "-2"]),
            (([[1, 2], [3, 4]], HALF, [0.5, 0.6]), {}, ["must have one positive sum", "1.1"]),
            (([[1, 2], [3, 4]], [0, 0], [0, 0]), {}, ["must have one positive sum", "0.0"]),
            (([[1, 2], [3, 4]], [1.0], HALF), {}, ["must have shapes (r, c), (r,), (c,)"]),
            (([[1, 0], [0, 1]], [0.3, 0.7], HALF), {"steps": 9}, ["the table's zeros allow", "9"]),
            (([[0, 0], [0, 1]], HALF, HALF), {"steps": 9}, ["the table's zeros allow"]),
            (([[1, 2], [3, 4]], HALF, HALF), {"tol": 0}, ["tol must be positive", "0"]),
            (([[1, 2], [3, 4]], HALF, HALF), {"steps": 0}, ["steps must be at least 1", "0"]),
        ]
    ],
    *[
        (f"{family}.{name}", (p, q, *rest), {}, words)
        for name, rest in (("kl", ()), ("renyi", (0.5,)))
        for family, p, q, words in [
            ("EXPONENTIAL", 1.0, -1.0, ["theta_p must be negative: θ is minus the rate", "1."]),
            ("EXPONENTIAL", -1.0, 0.0, ["theta_q must be negative", "0."]),
            ("NORMAL", [0.0, 1.0], [0.0, -1.0], ["theta_p must be (μ/σ², -1/(2σ²))", "0. 1."]),
            ("NORMAL", [0.0, -1.0], [-1.0], ["theta_q must be (μ/σ², -1/(2σ²))"]),
            ("BERNOULLI", math.inf, 0.0, ["theta_p must be finite", "inf"]),
            ("CATEGORICAL", [0.0, 0.0], [0.0], ["must have equally many parameters", "(1,)"]),
        ]
    ],
    ("ExponentialFamily.kl", (BERNOULLI, 0.0, -math.inf), {}, ["theta_q must be finite", "-inf"]),
    ("POISSON.renyi", (0.0, 1.0, -1), {}, ["alpha must be non-negative", "-1"]),
    ("POISSON.renyi", (0.0, 1.0, np.inf), {}, ["alpha must be finite", "inf"]),
]
