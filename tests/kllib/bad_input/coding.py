"""Calls of kllib.coding that must raise ValueError: name, arguments, keywords, words said."""

import math

P = [0.5, 0.5]

CASES = [
    ("prefix_encode", ([0, 2], ["0", "10"]), {}, ["symbols must lie in 0..1", "2"]),
    ("prefix_encode", ([0], ["0", "01"]), {}, ["codewords must not begin one another"]),
    ("prefix_decode", ("011", ["0", "10"]), {}, ["bits must be a sequence of codewords", "1"]),
    ("prefix_decode", (11, ["0", "10"]), {}, ["bits must be a string", "11"]),
    *[
        (name, (*args, p), {}, words)
        for name, args in [
            ("shannon_lengths", ()),
            ("huffman_lengths", ()),
            ("arithmetic_encode", ([0],)),
            ("arithmetic_decode", ("0", 1)),
        ]
        for p, words in [
            ([0.9, 0.2], ["p must sum to 1", "1.1"]),
            ([-0.5, 1.5], ["p must lie in [0, 1]", "p[0] = -0.5"]),
            ([], ["p must be a non-empty list"]),
            (1.0, ["p must be a non-empty list"]),
            ([[0.5, 0.5]], ["p must be a non-empty list", "(1, 2)"]),
            (["a"], ["p must hold real numbers"]),
            ([0.5 + 0.5j, 0.5], ["p must hold real numbers"]),
        ]
    ],
    *[
        (name, (lengths,), {}, words)
        for name in ["kraft_sum", "prefix_code"]
        for lengths, words in [
            ([-1], ["lengths must be non-negative whole", "-1"]),
            ([1, 1.5], ["lengths must be non-negative whole", "lengths[1] = 1.5"]),
            ([], ["lengths must be a non-empty list"]),
            (3, ["lengths must be a non-empty list"]),
            (["10"], ["lengths must hold real numbers"]),
        ]
    ],
    ("kraft_sum", ([1],), {"radix": 1}, ["radix must be at least 2", "1"]),
    ("kraft_sum", ([1],), {"radix": 2.0}, ["radix must be an integer", "2.0"]),
    ("prefix_code", ([1, 1, 9],), {}, ["lengths must have a Kraft sum of at most 1", "9"]),
    ("prefix_code", ([0, 1],), {}, ["lengths must have a Kraft sum of at most 1"]),
    ("prefix_code", ([1, math.inf],), {}, ["lengths must be finite", "lengths[1] = inf"]),
    ("prefix_code", ([1, math.nan],), {}, ["lengths must be finite", "lengths[1] = nan"]),
    ("expected_length", ([0.9, 0.2], [1, 1]), {}, ["p must sum to 1"]),
    ("expected_length", (P, [1]), {}, ["lengths must have the shape of p", "(1,)"]),
    ("expected_length", (P, [[1, 1]]), {}, ["lengths must have the shape of p", "(1, 2)"]),
    ("expected_length", (P, [1, -1]), {}, ["lengths must be non-negative", "lengths[1] = -1"]),
    *[
        (name, (codewords,), {}, ["codewords must be a non-empty list of strings", said])
        for name in ["is_prefix_free", "is_uniquely_decodable"]
        for codewords, said in [([], "[]"), ("01", "'01'"), ([0, 1], "[0, 1]"), (5, "5")]
    ],
    ("arithmetic_encode", ([2], P), {}, ["symbols must lie in 0..1", "symbols[0] = 2"]),
    ("arithmetic_encode", ([0, -1], P), {}, ["symbols must lie in 0..1", "symbols[1] = -1"]),
    ("arithmetic_encode", ([1], [1, 0]), {}, ["symbols must have positive probability", "= 1"]),
    ("arithmetic_encode", ([0.0], P), {}, ["symbols must be a list of integers"]),
    ("arithmetic_encode", (0, P), {}, ["symbols must be a list of integers"]),
    ("arithmetic_encode", ([0], [math.nan, 0.5]), {}, ["p must hold numbers", "p[0] = nan"]),
    ("arithmetic_decode", ("02", 1, P), {}, ["bits must be a string of 0s and 1s", "'02'"]),
    ("arithmetic_decode", ([0], 1, P), {}, ["bits must be a string of 0s and 1s", "[0]"]),
    ("arithmetic_decode", ("0", 2, P), {}, ["bits must hold the code of 2 symbols", "1 bits"]),
    # All ones lie beyond the last symbol, in what rounding leaves unused.
    ("arithmetic_decode", ("1" * 300, 1, [0.3, 0.7]), {}, ["bits must hold the code of 1 sym"]),
    ("arithmetic_decode", ("0", -1, P), {}, ["n must be at least 0", "-1"]),
    ("arithmetic_decode", ("0", 1.0, P), {}, ["n must be an integer", "1.0"]),
]
