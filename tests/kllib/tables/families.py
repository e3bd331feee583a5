"""Write families.json: the textbook formulas at floats, by mpmath with 400 digits.

Run as `python -m tests.kllib.tables.families`. The digits are needed: between parameters 1e-12
apart the formulas cancel, and kllib computes by other formulas, which do not.
"""

import json
import math
import random
from pathlib import Path

from mpmath import cholesky_solve, det, digamma, exp, log, loggamma, matrix, mp, mpf, nstr

mp.dps = 400
RANDOM = random.Random(1951)
APART = [0.0, 1e-12, 1e-8, 1e-4, 0.02, 0.04, 0.4, 0.6, 3.0, 20.0]


def bernoulli(p, q):
    return sum(x * (log(x / y) if y else mp.inf) for x, y in ((p, q), (1 - p, 1 - q)) if x)


def normal(mean_p, std_p, mean_q, std_q):
    ratio = std_p / std_q
    return (ratio**2 - 1 + ((mean_p - mean_q) / std_q) ** 2) / 2 - log(ratio)


def laplace(loc_p, scale_p, loc_q, scale_q):
    d = abs(loc_p - loc_q)
    return log(scale_q / scale_p) + (d + scale_p * exp(-d / scale_p)) / scale_q - 1


def exponential(p, q):
    return log(p / q) + q / p - 1


def poisson(p, q):
    return p * log(p / q) - p + q


def gamma(a, b, c, d):
    return loggamma(c) - loggamma(a) + (a - c) * digamma(a) + c * log(b / d) + a * (d / b - 1)


def dirichlet(p, q):
    value = loggamma(sum(p)) - loggamma(sum(q))
    for a, b in zip(p, q, strict=True):
        value += loggamma(b) - loggamma(a) + (a - b) * (digamma(a) - digamma(sum(p)))
    return value


def beta(a_p, b_p, a_q, b_q):
    return dirichlet([a_p, b_p], [a_q, b_q])


def mvn(mean_p, cov_p, mean_q, cov_q):
    p, q = matrix(cov_p), matrix(cov_q)
    d = len(mean_p)
    trace = sum(cholesky_solve(q, p[:, i])[i] for i in range(d))
    shift = matrix(mean_p) - matrix(mean_q)
    square = (shift.T * cholesky_solve(q, shift))[0]
    return (trace - d + square + log(det(q) / det(p))) / 2


def normal_standard(mean, std):
    return sum(normal(m, s, mpf(0), mpf(1)) for m, s in zip(mean, std, strict=True))


def near(x, apart):
    return x * math.exp(RANDOM.choice([-1, 1]) * apart)


def size(low, high):
    return 10 ** RANDOM.uniform(low, high)


def covariance(d):
    root = [[RANDOM.gauss(0, 1) for _ in range(d)] for _ in range(d)]
    return [
        [
            sum(root[min(i, j)][k] * root[max(i, j)][k] for k in range(d)) + d * (i == j)
            for j in range(d)
        ]
        for i in range(d)
    ]


def positive_pairs(low, high, count):
    for apart in APART:
        for _ in range(count):
            x = size(low, high)
            yield x, near(x, apart)


def cases():
    for apart in APART:
        for scale in (1e-20, 1e-3, 0.1, 0.4, 0.5):
            p = scale * RANDOM.uniform(0.5, 1)
            q = min(near(p, apart), 0.9)
            yield from [(bernoulli, p, q), (bernoulli, 1 - p, 1 - q), (bernoulli, q, p)]
    for p, q in [
        (0.0, 0.0),
        (1.0, 1.0),
        (0.0, 0.3),
        (1.0, 0.3),
        (0.3, 0.0),
        (5e-324, 0.5),
        (0.2, 1e-300),
    ]:
        yield bernoulli, p, q
    for s, t in positive_pairs(-100, 100, 2):
        m = RANDOM.gauss(0, 1) * s
        for apart in (0.0, 1e-9, 1.0, 1e5):
            yield normal, m, s, m + apart * s, t
            yield laplace, m, s, m + apart * s, t
    yield normal, 0.0, 1.0, 1e-4, 1.0
    yield normal, 0.0, 1e-200, 0.0, 1e200
    for p, q in positive_pairs(-100, 100, 2):
        yield exponential, p, q
        yield poisson, p, q
    for a, c in positive_pairs(-6, 8, 3):
        b = size(-3, 3)
        yield gamma, a, b, c, b
        yield gamma, a, b, c, near(b, RANDOM.choice(APART))
        yield gamma, a, b, c, b * c / a  # equal means
    for a, c in positive_pairs(-3, 6, 2):
        b = size(-3, 6)
        yield beta, a, b, c, near(b, RANDOM.choice(APART))
    for shapes in [(0.1, 0.2, 1.0, 1.0), (1.0, 1.0, 0.1, 0.2), (1e-5, 1e5, 1.0, 1.0)]:
        yield beta, *shapes
    for apart in APART:
        p = [size(-2, 4) for _ in range(RANDOM.randint(2, 6))]
        yield dirichlet, p, [near(x, apart) for x in p]
        yield dirichlet, p, [x * math.exp(apart) for x in p]
        d = RANDOM.randint(1, 4)
        mean, cov = [RANDOM.gauss(0, 1) for _ in range(d)], covariance(d)
        yield mvn, mean, cov, [x + apart for x in mean], cov
        yield mvn, mean, [[math.exp(apart) * x for x in row] for row in cov], mean, cov
        yield mvn, mean, cov, mean, covariance(d)
        yield normal_standard, [apart * x for x in mean], [math.exp(apart * x) for x in mean]


def exact(value):
    return [exact(v) for v in value] if isinstance(value, list) else mpf(value)


if __name__ == "__main__":
    table = [
        [f"kl_{function.__name__}", args, {}, nstr(function(*map(exact, args)), 20)]
        for function, *args in cases()
    ]
    text = ",\n".join(json.dumps(row) for row in table)
    Path(__file__).with_suffix(".json").write_text(f"[\n{text}\n]\n")
