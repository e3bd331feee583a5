"""Write divergences.json: f-divergences and Rényi's, by mpmath with 60 digits.

The probabilities are multiples of 2^-52, whose sum is 1 without rounding, so that the definitions
are meant to the last digit however near the arguments are.

Run as `python -m tests.kllib.tables.divergences`.
"""

import json
import math
import random
from pathlib import Path

from mpmath import log, mp, mpf, nstr, sqrt

mp.dps = 60
RANDOM = random.Random(1951)
ONE = 2**52
LIMITS = {  # f, f(0), the limit of f(r)/r
    "kl": (lambda r: -log(r), mp.inf, 0),
    "reverse_kl": (lambda r: r * log(r), 0, mp.inf),
    "chi2": (lambda r: (1 - r) ** 2 / r, mp.inf, 1),
    "reverse_chi2": (lambda r: (r - 1) ** 2, 1, mp.inf),
    "hellinger": (lambda r: 1 - sqrt(r), 1, 0),
    "js": (lambda r: (r * log(r) - (1 + r) * log((1 + r) / 2)) / 2, log(2) / 2, log(2) / 2),
    "le_cam": (lambda r: (r - 1) ** 2 / (2 * (1 + r)), mpf(1) / 2, mpf(1) / 2),
    "tv": (lambda r: abs(r - 1) / 2, mpf(1) / 2, mpf(1) / 2),
}


def f_divergence(p, q, name):
    f, at_0, at_inf = LIMITS[name]
    total = mpf(0)
    for x, y in zip(p, q, strict=True):
        if x and y:
            total += x * f(y / x)
        elif x:
            total += x * at_0
        elif y:
            total += y * at_inf
    return total


def renyi(p, q, alpha):
    if p == q:
        return mpf(0)
    both = [(x, y) for x, y in zip(p, q, strict=True) if x]
    if alpha == 0:
        mass = sum(y for _, y in both)
        return -log(mass) if mass else mp.inf
    if alpha == math.inf:
        return log(max(x / y if y else mp.inf for x, y in both))
    if alpha == 1:
        return sum(x * log(x / y) if y else mp.inf for x, y in both)
    if alpha > 1 and any(y == 0 for _, y in both):
        return mp.inf
    a = mpf(alpha)
    total = sum(x**a * y ** (1 - a) for x, y in both if y)
    return log(total) / (a - 1) if total else mp.inf


def hockey_stick(p, q, t):
    sign = 1 if t >= 1 else -1
    return sum(max(sign * (y - mpf(t) * x), mpf(0)) for x, y in zip(p, q, strict=True))


def parts(n, shape):
    weights = [RANDOM.gammavariate(shape, 1) for _ in range(n)]
    counts = [round(w / math.fsum(weights) * ONE) for w in weights]
    counts[counts.index(max(counts))] += ONE - sum(counts)
    return counts


def moved(counts, size):
    """The counts, with so relative a share of each taken from the next."""
    found = list(counts)
    for i in range(len(found) - 1):
        step = round(min(found[i], found[i + 1]) * size * RANDOM.uniform(-1, 1))
        found[i], found[i + 1] = found[i] + step, found[i + 1] - step
    return found


def pairs():
    half = ONE // 2
    yield [half, half], [ONE * 9 // 10, ONE - ONE * 9 // 10]
    yield [ONE, 0], [0, ONE]
    yield [ONE, 0], [half, half]
    yield [half, half], [ONE, 0]
    yield [half, half, 0], [half, 0, half]
    yield [half, half, 0], [half, half, 0]
    yield [half, half], [half + 1, half - 1]
    yield [1, ONE - 1], [ONE - 1, 1]
    yield [ONE - 1, 1], [ONE - 2, 2]
    for size in (1e-12, 1e-9, 1e-6, 1e-3, 0.1, 0.5):
        for shape in (0.5, 5.0):
            p = parts(RANDOM.randint(2, 8), shape)
            yield p, moved(p, size)
    for shape in (0.2, 1.0, 10.0):
        n = RANDOM.randint(2, 8)
        yield parts(n, shape), parts(n, shape)


def rows():
    for k, m in pairs():
        p, q = ([count / ONE for count in counts] for counts in (k, m))
        P, Q = [mpf(x) for x in p], [mpf(x) for x in q]
        for name in LIMITS:
            yield "f_divergence", [p, q, name], f_divergence(P, Q, name)
        yield "total_variation", [p, q], f_divergence(P, Q, "tv")
        yield "squared_hellinger", [p, q], f_divergence(P, Q, "hellinger")
        yield "chi2_divergence", [p, q], f_divergence(P, Q, "chi2")
        for t in (0.0, 0.5, 0.999, 1.0, 1.25, 8.0):
            yield "hockey_stick", [p, q, t], hockey_stick(P, Q, t)
        for alpha in (0.0, 1e-9, 0.1, 0.5, 0.75, 0.999999, 1.0, 1.000001, 2.0, 30.0, math.inf):
            yield "renyi_divergence", [p, q, alpha], renyi(P, Q, alpha)


if __name__ == "__main__":
    table = [[name, args, nstr(value, 20)] for name, args, value in rows()]
    text = ",\n".join(json.dumps(row) for row in table)
    Path(__file__).with_suffix(".json").write_text(f"[\n{text}\n]\n")
