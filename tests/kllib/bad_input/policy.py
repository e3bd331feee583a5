"""Calls of kllib.policy that must raise ValueError: name, arguments, keywords, words said."""

import math

HALF = [0.5, 0.5]

CASES = [
    *[
        (name, (reference, rewards, beta, *rest), {}, words)
        for name, rest in [("tilt", ()), ("cover", ()), ("ascend", ("exact", HALF, 1))]
        for reference, rewards, beta, words in [
            ([0.5, 0.6], [0, 1], 1, ["reference must sum to 1", "1.1"]),
            ([1.5, -0.5], [0, 1], 1, ["reference must lie in [0, 1]", "1.5"]),
            (0.5, [0, 1], 1, ["reference must be a non-empty list", "()"]),
            (HALF, [0, 1, 2], 1, ["rewards must have the shape of reference", "(3,)"]),
            (HALF, [0, math.inf], 1, ["rewards must be finite", "inf"]),
            (HALF, ["a", "b"], 1, ["rewards must hold real numbers"]),
            (HALF, [0, 1], 0, ["beta must be positive", "0"]),
            (HALF, [0, 1], [1, 2], ["beta must be a number", "(2,)"]),
        ]
    ],
    ("ascend", (HALF, [0, 1], 1, "k1", HALF, 1), {}, ["penalty must be 'exact' or 'k3'", "'k1'"]),
    ("ascend", (HALF, [0, 1], 1, "k3", [1.0], 1), {}, ["start must have the shape", "(1,)"]),
    ("ascend", (HALF, [0, 1], 1, "k3", [0.9, 0.9], 1), {}, ["start must sum to 1", "1.8"]),
    ("ascend", (HALF, [0, 1], 1, "k3", HALF, -1), {}, ["steps must be at least 0", "-1"]),
    ("ascend", (HALF, [0, 1], 1, "k3", HALF, 1.5), {}, ["steps must be an integer", "1.5"]),
]
