"""Write geometry.json: distances, ways and projections, by mpmath with 50 digits.

Run as `python -m tests.kllib.tables.geometry`.
"""

import json
import math
import random
from pathlib import Path

from mpmath import acosh, asin, exp, findroot, inverse, log, matrix, mp, mpf, nstr, sin, sqrt

mp.dps = 50
RANDOM = random.Random(1951)
ONE = 2**52


def share(n, shape=1.0):
    """Multiples of 2^-52 that sum to 1 without rounding."""
    weights = [RANDOM.gammavariate(shape, 1) for _ in range(n)]
    counts = [round(w / math.fsum(weights) * ONE) for w in weights]
    counts[0] += ONE - sum(counts)
    return [k / ONE for k in counts]


def angle(p, q):
    # from the chord, whose square is a sum of what is never negative
    chord = sqrt(sum((sqrt(mpf(x)) - sqrt(mpf(y))) ** 2 for x, y in zip(p, q, strict=True)))
    return 2 * asin(chord / 2)


def rao_normal(m, s, n, u):
    m, s, n, u = map(mpf, (m, s, n, u))
    return sqrt(mpf(2)) * acosh(1 + ((m - n) ** 2 / 2 + (s - u) ** 2) / (2 * s * u))


def scaled(weights):
    return [w / sum(weights) for w in weights]


def way(p, q, t, kind):
    P, Q, t = [mpf(x) for x in p], [mpf(x) for x in q], mpf(t)
    if kind == "mixture":
        return [(1 - t) * x + t * y for x, y in zip(P, Q, strict=True)]
    if kind == "exponential":
        both = zip(P, Q, strict=True)
        return scaled([x ** (1 - t) * y**t if x else mpf(0) for x, y in both])
    a = angle(p, q)
    both = zip(P, Q, strict=True)
    return scaled([(sin((1 - t) * a) * sqrt(x) + sin(t * a) * sqrt(y)) ** 2 for x, y in both])


def natural(gradient, fisher, damping):
    f = matrix(fisher)
    for i in range(len(gradient)):
        f[i, i] += mpf(damping)
    return list(inverse(f) * matrix(gradient))


def projection(q, features, mean):
    q, t = [mpf(x) for x in q], [mpf(x) for x in features]

    def tilted(lam):
        return scaled([x * exp(lam * f) for x, f in zip(q, t, strict=True)])

    def off(lam):
        return sum(x * f for x, f in zip(tilted(lam), t, strict=True)) - mpf(mean)

    lam = findroot(off, (mpf(-60), mpf(60)), solver="anderson", tol=mpf(10) ** -45, maxsteps=500)
    p = tilted(lam)
    kl = sum(x * log(x / y) for x, y in zip(p, q, strict=True) if x)
    return [*p, lam, kl]


def fit(table, rows, columns):
    x = [[mpf(v) for v in row] for row in table]
    for _ in range(4000):
        x = [[v * mpf(r) / sum(row) for v in row] for row, r in zip(x, rows, strict=True)]
        sums = [sum(c) for c in zip(*x, strict=True)]
        x = [[v * mpf(c) / s for v, c, s in zip(row, columns, sums, strict=True)] for row in x]
        if max(abs(sum(row) - mpf(r)) for row, r in zip(x, rows, strict=True)) < mpf(10) ** -40:
            break
    return [v for row in x for v in row]


def cases():
    yield "fisher_rao", [[1.0, 0.0], [0.0, 1.0]], [2 * angle([1, 0], [0, 1])]
    for size in (1e-12, 1e-6, 1e-2, None):
        for n in (2, 5):
            p = share(n)
            q = share(n)
            if size is not None:
                step = round(p[0] * ONE * size) / ONE
                q = [p[0] - step, p[1] + step, *p[2:]]
            yield "fisher_rao", [p, q], [2 * angle(p, q)]
            for kind in ("mixture", "exponential", "fisher"):
                yield "geodesic", [p, q, 0.25, kind], way(p, q, 0.25, kind)
    for row in (
        (0.0, 1.0, 2.0, 1.0),
        (0.0, 1.0, 1e-9, 1.0),
        (1.0, 0.5, 1.0, 0.5 + 2**-40),
        (-3.0, 1e-3, 5.0, 1e3),
        (0.0, 1.0, 0.0, 1.0),
    ):
        yield "fisher_rao_normal", list(row), [rao_normal(*row)]
    for damping in (0.0, 0.5):
        gradient, fisher = [1.0, -2.0, 0.5], [[2.0, 0.3, 0.1], [0.3, 1.0, 0.2], [0.1, 0.2, 0.5]]
        args = [gradient, fisher, damping]
        yield "natural_gradient", args, natural(*args)
    for mean in (1.01, 2.5, 3.5, 4.5, 5.99):
        args = [[0.125, 0.125, 0.25, 0.25, 0.125, 0.125], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], mean]
        yield "i_projection", args, projection(*args)
    for table in ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0, 2.0], [3.0, 4.0, 5.0]]):
        rows = [0.375, 0.625]
        columns = [0.25, 0.75] if len(table[0]) == 2 else [0.25, 0.25, 0.5]
        yield "proportional_fit", [table, rows, columns], fit(table, rows, columns)


if __name__ == "__main__":
    found = [[name, args, [nstr(v, 20) for v in values]] for name, args, values in cases()]
    text = ",\n".join(json.dumps(row) for row in found)
    Path(__file__).with_suffix(".json").write_text(f"[\n{text}\n]\n")
