"""Write discrete.json: the definitions at tables of floats, by mpmath with 400 digits.

Run as `python -m tests.kllib.tables.discrete`.
"""

import json
import math
import random
from pathlib import Path

from mpmath import exp, log, mp, mpf, nstr

mp.dps = 400
RANDOM = random.Random(1951)


def exact(values):
    return [exact(v) if isinstance(v, list) else mpf(v) for v in values]


def normalized(p):
    return [x / sum(p) for x in p]


def entropy(p):
    return -sum(x * log(x) for x in p if x)


def cross_entropy(p, q):
    return -sum(x * (log(y) if y else -mp.inf) for x, y in zip(p, q, strict=True) if x)


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


def generalized_kl(p, q):
    return kl(p, q) + sum(q) - sum(p)


def js(p, q):
    m = [(x + y) / 2 for x, y in zip(p, q, strict=True)]
    return (kl(p, m) + kl(q, m)) / 2


def softmax(a):
    return normalized([exp(x) for x in a])


def mutual_information(joint):
    # over the table's own total, as the function says
    rows, columns = [sum(row) for row in joint], [sum(c) for c in zip(*joint, strict=True)]
    value = 0
    for row, r in zip(joint, rows, strict=True):
        for x, c in zip(row, columns, strict=True):
            value += x * log(x * sum(rows) / (r * c)) if x else 0
    return value


def conditional_entropy(joint, given):
    groups = joint if given == 0 else [list(c) for c in zip(*joint, strict=True)]
    return sum(sum(g) * entropy(normalized(g)) for g in groups if sum(g))


def dirichlet(n, shape):
    return [float(x) for x in normalized([RANDOM.gammavariate(shape, 1) for _ in range(n)])]


def tilted(p, size):
    q = [x * math.exp(size * RANDOM.gauss(0, 1)) for x in p]
    return [x / math.fsum(q) for x in q]


def pairs():
    yield from [
        ([0.5, 0.5], [0.99, 0.01]),
        ([1.0, 0.0], [0.01, 0.99]),
        ([0.5, 0.5], [1.0, 0.0]),
        ([0.0, 1.0], [0.0, 1.0]),
        ([1.0], [1.0]),
        ([1.0, 1e-300], [1e-300, 1.0]),
        ([1.0, 5e-324], [5e-324, 1.0]),  # their ratio overflows
        ([0.5, 0.5, 5e-324], [0.5, 0.5, 0.0]),
        ([0.5, 0.5, 0.0], [0.5, 0.5, 5e-324]),
        ([1.0, 1e-310], [1.0, 3e-310]),
        ([0.5, 0.5], [0.5 + 1e-9, 0.5 - 1e-9]),
        ([0.5, 0.5], [0.5 + 1e-15, 0.5 - 1e-15]),
        ([0.3, 0.3, 0.4], [0.3, 0.3, 0.4 + 5e-17]),
    ]
    for size in (1e-13, 1e-9, 1e-6, 1e-3, 0.02, 0.05, 0.14, 0.15, 1.0, 5.0):
        for shape in (0.1, 1.0, 10.0):
            p = dirichlet(RANDOM.randint(2, 12), shape)
            yield p, tilted(p, size)


def joints():
    yield from [
        [[0.5, 0.0], [0.0, 0.5]],
        [[0.25, 0.25], [0.25, 0.25]],
        [[0.3, 0.2], [0.1, 0.4]],
        [[0.0, 0.0], [0.5, 0.5]],
        [[1e-200, 0.0], [0.0, 1.0]],
    ]
    for size in (1e-12, 1e-8, 1e-4, 0.1, 2.0):
        p, q = dirichlet(3, 1.0), dirichlet(4, 1.0)
        flat = tilted([x * y for x in p for y in q], size)
        yield [flat[4 * i : 4 * i + 4] for i in range(3)]


def rows():
    for p, q in pairs():
        P, Q = exact(p), exact(q)
        yield "entropy", [p], {}, entropy(P)
        yield "cross_entropy", [p, q], {}, cross_entropy(P, Q)
        yield "kl_divergence", [p, q], {}, kl(P, Q)
        yield "generalized_kl", [p, q], {}, generalized_kl(P, Q)
        yield "js_divergence", [p, q], {}, js(P, Q)
        counts = [[1e3 * x for x in p], [0.7 * x for x in q]]
        if min(p) > 0 and min(q) > 1e-300:
            scaled = [normalized(exact(c)) for c in counts]
            yield "kl_divergence", counts, {"normalize": True}, kl(*scaled)
            yield "js_divergence", counts, {"normalize": True}, js(*scaled)
            yield "cross_entropy", counts, {"normalize": True}, cross_entropy(*scaled)
            yield "entropy", counts[:1], {"normalize": True}, entropy(scaled[0])
            logs = [[math.log(x) for x in p], [math.log(x) + 3.0 for x in q]]
            logits = kl(*(softmax(exact(a)) for a in logs))
            yield "kl_from_logits", logs, {}, logits
    for a, b in [
        ([0.0, 0.0], [0.0, 1000.0]),
        ([1e3, -1e3], [-1e3, 1e3]),
        ([0.0, -math.inf], [0.0, 0.0]),
        ([0.0, 0.0], [0.0, -math.inf]),
        ([0.0, 1.0, -math.inf], [0.0, 1.0 + 1e-9, -math.inf]),
        ([0.0, 1.0, -math.inf], [0.0, 1.0, -50.0]),
        ([500.0, 501.0], [500.0, 501.0 + 1e-10]),
    ]:
        p, q = softmax(exact(a)), softmax(exact(b))
        yield "kl_from_logits", [a, b], {}, kl(p, q)
    for joint in joints():
        yield "mutual_information", [joint], {}, mutual_information(exact(joint))
        for given in (0, 1):
            value = conditional_entropy(exact(joint), given)
            yield "conditional_entropy", [joint, given], {}, value


if __name__ == "__main__":
    table = [[name, args, keywords, nstr(value, 20)] for name, args, keywords, value in rows()]
    text = ",\n".join(json.dumps(row) for row in table)
    Path(__file__).with_suffix(".json").write_text(f"[\n{text}\n]\n")
