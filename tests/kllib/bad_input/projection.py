"""Calls of kllib.projection that must raise ValueError: name, arguments, keywords, words said."""

import math

from kllib.projection import GaussianMixture

TARGET = GaussianMixture([0.5, 0.5], [-2, 2], [0.5, 0.5])

CASES = [
    *[
        ("GaussianMixture", args, {}, words)
        for args, words in [
            (([0.9, 0.2], [0, 1], [1, 1]), ["weights must sum to 1", "1.1"]),
            (([1.5, -0.5], [0, 1], [1, 1]), ["weights must lie in [0, 1]", "weights[0] = 1.5"]),
            (([math.nan, 0.5], [0, 1], [1, 1]), ["weights must hold numbers", "nan"]),
            ((1.0, 0, 1), ["weights must be a non-empty list"]),
            (([0.5, 0.5], [0, math.inf], [1, 1]), ["means must be finite", "means[1] = inf"]),
            (([0.5, 0.5], [0, math.nan], [1, 1]), ["means must hold numbers", "means[1] = nan"]),
            (([0.5, 0.5], [0], [1, 1]), ["means must have the weights' shape (2,)", "(1,)"]),
            (([0.5, 0.5], [0, 1], [1, 0]), ["stds must be positive", "stds[1] = 0.0"]),
            (([0.5, 0.5], [0, 1], [1, -1]), ["stds must be positive", "stds[1] = -1.0"]),
            (([0.5, 0.5], [0, 1], [1, math.nan]), ["stds must hold numbers", "stds[1] = nan"]),
            (([0.5, 0.5], [0, 1], 1), ["stds must have the weights' shape (2,)", "()"]),
        ]
    ],
    *[
        (name, ((0, 1), *args), {}, ["target must be a GaussianMixture", "(0, 1)"])
        for name, args in [
            ("project_forward", ()),
            ("project_reverse", ()),
            ("projection_kl", (0, 1, "forward")),
            ("descend", ((0, 1), "forward")),
        ]
    ],
    ("projection_kl", (TARGET, 0, 1, "sideways"), {}, ["direction must be", "'sideways'"]),
    ("projection_kl", (TARGET, 0, -1, "reverse"), {}, ["std must be positive", "-1"]),
    ("projection_kl", (TARGET, math.inf, 1, "reverse"), {}, ["mean must be finite", "inf"]),
    (
        "projection_kl",
        (TARGET, [0, 1], [1, 1, 1], "reverse"),
        {},
        ["mean with (2,)", "std with (3,)"],
    ),
    ("descend", (TARGET, (0, 1), "up"), {}, ["direction must be", "'up'"]),
    ("descend", (TARGET, (0, 0), "reverse"), {}, ["start[1] must be positive", "0.0"]),
    ("descend", (TARGET, (math.inf, 1), "reverse"), {}, ["start[0] must be finite", "inf"]),
    ("descend", (TARGET, 0.5, "reverse"), {}, ["start must be a mean and a standard dev", "0.5"]),
    ("descend", (TARGET, (0, 1), "reverse"), {"steps": 0}, ["steps must be at least 1", "0"]),
    ("descend", (TARGET, (0, 1), "reverse"), {"steps": 1.5}, ["steps must be an integer", "1.5"]),
    ("descend", (TARGET, (0, 1), "reverse"), {"rate": -1}, ["rate must be positive", "-1"]),
]
