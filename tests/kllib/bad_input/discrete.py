"""Calls of kllib.discrete that must raise ValueError: name, arguments, keywords, words said."""

import math

import numpy as np

P, Q = [0.5, 0.5], [0.25, 0.75]
JOINT = [[0.25, 0.25], [0.25, 0.25]]
TABLE = [
    ([0.5, 0.4], ["sum of p must be 1", "got 0.9", "normalize=True"]),
    ([-0.5, 1.5], ["p must be non-negative", "p[0] = -0.5"]),
    ([[0.5, 0.5], [1.5, -0.5]], ["p must be non-negative", "p[1, 1] = -0.5"]),
    ([[0.5, 0.5], [0.6, 0.5]], ["sum of p must be 1", "sum of p[1] = 1.1"]),
    ([math.inf, 0.5], ["p must be finite", "p[0] = inf"]),
    ([-math.inf, math.inf], ["p must be non-negative", "p[0] = -inf"]),
    (1.0, ["p must have an axis of categories"]),
    ([], ["p must have at least one category", "(0,)"]),
    (np.ones((2, 0)), ["p must have at least one category", "(2, 0)"]),
    (["a", "b"], ["p must hold real numbers"]),
    ([True, False], ["p must hold real numbers", "bool"]),
    ([1j, 1], ["p must hold real numbers", "complex"]),
    ([[1.0], [0.5, 0.5]], ["p must be a rectangular array"]),
    (np.ma.masked_array(P, [True, False]), ["p must not be a masked array"]),
    (np.float32([0.5, 0.501]), ["sum of p must be 1"]),
    (None, ["p must hold real numbers"]),
]
BASES = [
    (1, ["base must be a positive number other than 1", "got 1"]),
    (0, ["base must be a positive number other than 1", "got 0"]),
    (-2, ["base must be", "-2"]),
    (math.inf, ["base must be", "inf"]),
    (math.nan, ["base must be", "nan"]),
    ("e", ["base must be", "'e'"]),
]
AXES = [
    (2, ["axis must name axes of an array with 1 dim", "got 2"]),
    ((0, 0), ["axis must not name an axis twice", "(0, 0)"]),
    ((), ["axis must name axes", "()"]),
    (0.5, ["axis must be an integer", "0.5"]),
]
TWO = ["cross_entropy", "js_divergence", "kl_contributions", "kl_divergence"]
LOGS = [("kl_from_logits", "p_logits", "q_logits"), ("kl_from_log_probs", "logp", "logq")]

CASES = [
    ("js_divergence", ([1, 0], [0, 1]), {"weight": 1.5}, ["weight must lie in [0, 1]", "1.5"]),
    ("js_divergence", ([1, 0], [0, 1]), {"weight": [0.5]}, ["weight must be a number", "(1,)"]),
    ("js_distance", ([0.9, 0.2], [0, 1]), {}, ["sum of p must be 1", "1.1"]),
    ("entropy_from_counts", ([1.5, 2],), {}, ["counts must be whole numbers", "1.5"]),
    ("entropy_from_counts", ([-1, 2],), {}, ["counts must be non-negative", "-1"]),
    ("entropy_from_counts", ([0, 0],), {}, ["sum of counts must be positive", "0"]),
    *[("entropy", (p,), {}, words) for p, words in TABLE],
    *[(name, (p, p), {}, words) for name in TWO for p, words in TABLE],
    *[
        (name, (P, q), {}, [words[0].replace("p ", "q "), *words[2:]])
        for name in TWO
        for q, words in TABLE[:2]
    ],
    *[(name, (P, Q), {"base": b}, words) for name in TWO for b, words in BASES],
    *[(name, (P, Q), {"axis": axis}, words) for name in TWO for axis, words in AXES],
    *[
        (name, (p, q), {}, [f"{first}, {second} must have equally many categories", *shapes])
        for name, first, second in [*((name, "p", "q") for name in [*TWO, "generalized_kl"]), *LOGS]
        for p, q, shapes in [
            ([0.5, 0.5], [1.0], ["(2,)", "(1,)"]),
            ([[1.0], [1.0]], [0.5, 0.5], ["(2, 1)", "(2,)"]),
        ]
    ],
    *[
        (
            name,
            (np.full((2, 2), 0.5), np.full((3, 2), 0.5)),
            {},
            ["p, q must have batch axes", "(3, 2)"],
        )
        for name in TWO
    ],
    *[
        (name, args, {"normalize": True}, words)
        for name, args in [("entropy", ([0.0, 0.0],)), *((name, ([0.0, 0.0], P)) for name in TWO)]
        for words in [["sum of p must be positive and finite to normalize", "got 0.0"]]
    ],
    # negative where p is 0, and in the same place of both, where no logarithm tells
    ("kl_divergence", ([0, 0.5, 0.5], [-0.5, 0.75, 0.75]), {}, ["q must be", "q[0] = -0.5"]),
    ("kl_divergence", ([-0.1, 0.9, 0.2], [-0.5, 0.5, 1.0]), {}, ["p must be", "p[0] = -0.1"]),
    ("kl_divergence", ([1, -1], P), {"normalize": True}, ["p must be non-negative", "p[1] = -1"]),
    ("generalized_kl", ([1, -1], P), {}, ["p must be non-negative", "p[1] = -1.0"]),
    ("generalized_kl", (P, [1, math.inf]), {}, ["q must be finite", "q[1] = inf"]),
    *[
        (name, args, {}, words)
        for name, first, second in LOGS
        for args, words in [
            (([0, math.inf], P), [f"{first} must be finite or -inf", f"{first}[1] = inf"]),
            (([-math.inf] * 2, P), [f"maximum of {first} must be finite", "got -inf"]),
            ((P, [[0, 0], [-math.inf] * 2]), [f"maximum of {second}", f"maximum of {second}[1]"]),
            ((["a"], ["b"]), [f"{first} must hold real numbers"]),
        ]
    ],
    ("kl_from_log_probs", (P, Q), {}, ["sum of exp(logp) must be 1", "got 3.29"]),
    ("kl_from_log_probs", ([0.0], [1.0]), {}, ["sum of exp(logq) must be 1", "got 2.718"]),
    ("kl_from_log_probs", ([0.0], [1e4]), {}, ["sum of exp(logq) must be 1", "got inf"]),
    *[
        (name, (joint, *given), {}, words)
        for name, given in [("mutual_information", ()), ("conditional_entropy", (0,))]
        for joint, words in [
            (P, ["joint must have two axes of categories", "(2,)"]),
            ([[0.5, 0.5], [0.5, 0.5]], ["sum of joint must be 1", "got 2.0"]),
            ([[1.5, -0.5], [0, 0]], ["joint must be non-negative", "joint[0, 1] = -0.5"]),
            (np.ones((2, 0)), ["joint must have at least one category", "(2, 0)"]),
            ([["a"]], ["joint must hold real numbers"]),
        ]
    ],
    ("mutual_information", (JOINT,), {"base": 1}, BASES[0][1]),
    *[
        ("conditional_entropy", (JOINT, given), {}, ["given must be 0 or -2 (rows)", repr(given)])
        for given in [2, -3, "x", 0.0, None]
    ],
    ("additive_smoothing", ([1, -1],), {}, ["counts must be non-negative", "counts[1] = -1.0"]),
    ("additive_smoothing", ([1, math.inf],), {}, ["counts must be finite", "counts[1] = inf"]),
    ("additive_smoothing", ([1, 1], -1), {}, ["alpha must be non-negative", "got -1.0"]),
    ("additive_smoothing", ([1, 1], [1, 1]), {}, ["alpha must be a number", "(2,)"]),
    ("additive_smoothing", ([0, 0], 0), {}, ["sum of counts + alpha must be positive", "0.0"]),
    ("additive_smoothing", (3,), {}, ["counts must have an axis of categories"]),
    ("additive_smoothing", ([1, 2],), {"axis": 1}, ["axis must name axes", "got 1"]),
]
