"""Write support.json: pairs whose densities vanish, end or leave the range of floats, by mpmath.

Run as `python -m tests.kllib.tables.support`.
"""

import json
from pathlib import Path

from mpmath import besseli, cos, cosh, euler, exp, gamma, inf, log, mp, mpf, nstr, pi, quad, sqrt

mp.dps = 30
LINE, HALF = [-inf, -8, -1, 0, 1, 8, inf], [0, mpf(1) / 8, 1, 8, 64, inf]


def norm(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def fisk(c):
    return lambda x: c * x ** (c - 1) / (1 + x**c) ** 2


def laplace(x):
    return exp(-abs(x)) / 2


def dgamma(a):
    return lambda x: abs(x) ** (a - 1) * exp(-abs(x)) / (2 * gamma(a))


def dweibull(c):
    return lambda x: c / 2 * abs(x) ** (c - 1) * exp(-(abs(x) ** c))


def vonmises(k):
    return lambda x: exp(k * cos(x)) / (2 * pi * besseli(0, k))


def divergence(p, q, points):
    return quad(lambda x: p(x) * log(p(x) / q(x)) if p(x) else mpf(0), points)


ROUND = [-pi, -1, 0, 1, pi]
PAIRS = [
    ("expon", [], {}, "fisk", [3], {}, lambda: divergence(lambda x: exp(-x), fisk(3), HALF)),
    (
        "beta",
        [2, 2],
        {},
        "fisk",
        [3],
        {},
        lambda: divergence(lambda x: 6 * x * (1 - x), fisk(3), [0, mpf(1) / 2, 1]),
    ),
    ("uniform", [float(-pi), float(2 * pi)], {}, "cosine", [], {}, lambda: log(mpf(2))),
    (
        "uniform",
        [0, 2],
        {},
        "semicircular",
        [1],
        {},
        lambda: divergence(
            lambda x: mpf(1) / 2, lambda x: 2 / pi * sqrt(1 - (x - 1) ** 2), [0, 1, 2]
        ),
    ),
    ("norm", [], {}, "dgamma", [2], {}, lambda: divergence(norm, dgamma(2), LINE)),
    ("norm", [], {}, "dweibull", [2], {}, lambda: divergence(norm, dweibull(2), LINE)),
    ("laplace", [], {}, "dgamma", [2], {}, lambda: +euler),
    (
        "norm",
        [0, 19],
        {},
        "gumbel_r",
        [],
        {},
        # E e^-x = e^(19²/2), E x = 0
        lambda: exp(mpf(361) / 2) - log(19 * sqrt(2 * pi)) - mpf(1) / 2,
    ),
    (
        "vonmises",
        [2],
        {},
        "vonmises",
        [0.5],
        {},
        lambda: divergence(vonmises(2), vonmises(mpf(1) / 2), ROUND),
    ),
    (
        "vonmises",
        [2],
        {},
        "uniform",
        [float(-pi), float(2 * pi)],
        {},
        lambda: divergence(vonmises(2), lambda x: 1 / (2 * pi), ROUND),
    ),
    ("uniform", [1e6, 1], {}, "powerlaw", [2, 1e6], {}, lambda: 1 - log(mpf(2))),
    (
        "foldnorm",
        [0],
        {},
        "kappa3",
        [2],
        {},
        lambda: divergence(lambda x: 2 * norm(x), lambda x: 2 * (2 + x * x) ** -mpf(1.5), HALF),
    ),
    (
        "hypsecant",
        [],
        {},
        "laplace",
        [],
        {},
        lambda: divergence(lambda x: 1 / (pi * cosh(x)), laplace, LINE),
    ),
    (
        "expon",
        [],
        {"scale": 1e30},
        "lognorm",
        [1],
        {"scale": 1e30},
        # E log x = -γ, E log² x = γ² + π²/6
        lambda: -1 + log(2 * pi) / 2 - euler + (euler**2 + pi**2 / 6) / 2,
    ),
]

if __name__ == "__main__":
    rows = [[*row, nstr(value(), 20)] for *row, value in PAIRS]
    text = ",\n".join(json.dumps(row) for row in rows)
    Path(__file__).with_suffix(".json").write_text(f"[\n{text}\n]\n")
