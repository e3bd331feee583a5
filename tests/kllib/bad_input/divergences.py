"""Calls of kllib.divergences that must raise ValueError: name, arguments, keywords, words said."""

import math

import numpy as np

from kllib.divergences import GENERATORS

from .discrete import AXES, BASES, TABLE, P, Q

PAIRS = [
    ("total_variation", ()),
    ("squared_hellinger", ()),
    ("chi2_divergence", ()),
    ("hockey_stick", (1.5,)),
    ("renyi_divergence", (2,)),
    ("renyi_divergence", (0,)),
    ("renyi_divergence", (math.inf,)),
    ("f_divergence", ("js",)),
    ("f_divergence", (np.square,)),
]


def square(x):
    return (x**2).sum(-1)


def double(x):
    return 2 * x


CASES = [
    *[(name, (p, p, *rest), {}, words) for name, rest in PAIRS for p, words in TABLE],
    *[
        (name, (P, q, *rest), {}, [words[0].replace("p ", "q "), *words[2:]])
        for name, rest in PAIRS
        for q, words in TABLE[:2]
    ],
    *[(name, (P, Q, *rest), {"axis": axis}, words) for name, rest in PAIRS for axis, words in AXES],
    *[
        (name, (p, q, *rest), {}, ["p, q must have equally many categories", *shapes])
        for name, rest in PAIRS
        for p, q, shapes in [([0.5, 0.5], [1.0], ["(2,)", "(1,)"])]
    ],
    *[("renyi_divergence", (P, Q, 2), {"base": b}, words) for b, words in BASES],
    *[
        ("renyi_divergence", (P, Q, alpha), {}, words)
        for alpha, words in [
            (-1, ["alpha must be an order in [0, inf]", "-1"]),
            (math.nan, ["alpha must be an order", "nan"]),
            ([1, 2], ["alpha must be a number", "(2,)"]),
            ("one", ["alpha must hold real numbers"]),
        ]
    ],
    *[
        ("hockey_stick", (P, Q, t), {}, words)
        for t, words in [
            (-0.5, ["t must be non-negative", "-0.5"]),
            (math.inf, ["t must be finite", "inf"]),
            ([1, 2], ["t must be a number", "(2,)"]),
        ]
    ],
    *[
        ("f_divergence", (P, Q, f), keywords, words)
        for f, keywords, words in [
            ("KL", {}, ["f must be a callable, a Generator or one of kl, reverse_kl", "'KL'"]),
            ("toString", {}, ["f must be a callable", "'toString'"]),
            (2, {}, ["f must be a callable", "2"]),
            (np.exp, {}, ["f must be 0 at 1", "2.7"]),
            (lambda r: 0.0, {}, ["f must be 0 at 1, for an array"]),
            ("kl", {"at_0": 1}, ["at_0 must be left to the generator", "1"]),
            (GENERATORS["js"], {"at_inf": 1}, ["at_inf must be left to the generator", "1"]),
            (np.log, {"at_inf": "far"}, ["at_inf must hold real numbers", "far"]),
        ]
    ],
    ("f_divergence", (P, [1.0, 0.0], np.log), {}, ["at_0 must be given: category 1 has q = 0 < p"]),
    ("f_divergence", ([1.0, 0.0], P, np.log), {}, ["at_inf must be given: category 1 has p = 0"]),
    *[
        ("bregman_divergence", args, keywords, words)
        for args, keywords, words in [
            ((P, [math.inf, 0], square, double), {}, ["y must be finite", "inf"]),
            ((P, [1.0], square, double), {}, ["x, y must have equally many categories", "(1,)"]),
            ((1.0, 1.0, square, double), {}, ["x must have an axis"]),
            ((P, Q, 3, double), {}, ["phi must be callable", "3"]),
            ((P, Q, square, "x"), {}, ["gradient must be callable", "'x'"]),
            ((P, Q, double, double), {}, ["phi must return shape ()", "(2,)"]),
            ((P, Q, square, square), {}, ["gradient must return shape (2,)", "()"]),
            ((P, Q, lambda x: -square(x), lambda x: -2 * x), {}, ["phi must be convex", "-0.125"]),
            ((P, Q, square, double), {"axis": 2}, ["axis must name axes"]),
            ((np.ones((2, 2)), np.ones((3, 2)), square, double), {}, ["shapes that broadcast"]),
        ]
    ],
]
