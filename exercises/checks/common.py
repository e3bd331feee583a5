"""What the records of several chapters say, compute and try."""

import numpy as np

ANY, INF, BIT = np.nan, np.inf, np.log(2)
IN_BITS = "Right size, wrong unit: that is in bits, the question asks for nats."
IN_NATS = "Right size, wrong unit: that is in nats, the question asks for bits."
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slot(size, index, value):
    """An array that leaves open all entries but one."""
    return [value if k == index else ANY for k in range(size)]


def letter_counts(text):
    """How often each letter stands in `text`, in either case."""
    return np.array([text.lower().count(letter) for letter in LETTERS])


def pairs():
    """Return (p, q) with zeros on either side, on both and on none; equal; with one symbol."""
    rng = np.random.default_rng(2)
    drawn = [rng.multinomial(100, np.ones(k) / k, size=2) / 100 for k in (3, 4, 6)]
    fixed = [
        ([0.7, 0.3], [0.4, 0.6]),
        ([0.5, 0.5, 0.0], [0.4, 0.4, 0.2]),
        ([0.4, 0.4, 0.2], [0.5, 0.5, 0.0]),
        ([0.5, 0.0, 0.5], [0.9, 0.0, 0.1]),
        ([0.25, 0.75], [0.25, 0.75]),
        ([1.0], [1.0]),
    ]
    return tuple((np.array(p), np.array(q)) for p, q in [*fixed, *drawn])
