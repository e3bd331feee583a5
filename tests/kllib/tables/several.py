"""Write several.json: functions that return several numbers, by mpmath with 60 digits.

Run as `python -m tests.kllib.tables.several`.
"""

import json
import math
import random
from pathlib import Path

from mpmath import ceil, eigsy, exp, findroot, log, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 60
RANDOM = random.Random(1951)
TERMS = {"k1": lambda u: -u, "k2": lambda u: u * u / 2, "k3": lambda u: exp(u) - 1 - u}


def exact(values):
    return [mpf(v) for v in values]


def floats(count, shape=1.0):
    weights = [RANDOM.gammavariate(shape, 1) for _ in range(count)]
    return [w / math.fsum(weights) for w in weights]


def contributions(p, q):
    return [x * log(x / y) if x else mpf(0) for x, y in zip(exact(p), exact(q), strict=True)]


def smoothing(counts, alpha):
    raised = [mpf(n) + mpf(alpha) for n in counts]
    return [n / sum(raised) for n in raised]


def from_log_probs(logp, logq):
    p, q = ([exp(mpf(x)) for x in logs] for logs in (logp, logq))
    p, q = [x / sum(p) for x in p], [x / sum(q) for x in q]
    return [sum(contributions(p, q))]


def mean_and_error(values, fitted=1):
    mean = sum(values) / len(values)
    variance = sum((v - mean) ** 2 for v in values) / (len(values) - fitted)
    return [mean, sqrt(variance / len(values)), mpf(len(values))]


def log_ratio(logp, logq):
    # the function rounds the difference of its arguments, and so does this
    return exact(y - x for x, y in zip(logp, logq, strict=True))


def estimate(logp, logq, kind):
    return mean_and_error([TERMS[kind](u) for u in log_ratio(logp, logq)])


def best_lambda(u, weights):
    u, weights = exact(u), exact(weights)
    r = [exp(x) for x in u]
    mean_u, mean_r = (sum(w * v for w, v in zip(weights, x, strict=True)) for x in (u, r))
    both = zip(weights, u, r, strict=True)
    covariance = sum(w * (x - mean_u) * (y - mean_r) for w, x, y in both)
    return covariance / sum(w * (y - mean_r) ** 2 for w, y in zip(weights, r, strict=True))


def control_variate(logp, logq, lam):
    u = log_ratio(logp, logq)
    weight = best_lambda(u, [mpf(1) / len(u)] * len(u)) if lam is None else mpf(lam)
    return mean_and_error([weight * (exp(x) - 1) - x for x in u], 1 + (lam is None))


def moments(p, q, kind):
    p, q = exact(p), exact(q)
    values = [TERMS[kind](log(y / x)) for x, y in zip(p, q, strict=True)]
    mean = sum(x * v for x, v in zip(p, values, strict=True))
    return [mean, sqrt(sum(x * (v - mean) ** 2 for x, v in zip(p, values, strict=True)))]


def ratio(shift, spread):
    shift, spread = mpf(shift), mpf(spread)
    square = spread**2
    a, b = (1 - 1 / square) / 2, shift / square
    kl = log(spread) + (1 + shift**2) / (2 * square) - mpf(1) / 2
    back = -log(spread) + (square + shift**2) / 2 - mpf(1) / 2
    chi2 = mp.inf
    if square < 2:
        chi2 = exp(shift**2 / (2 - square)) / (spread * sqrt(2 - square)) - 1
    return [a, b, -log(spread) - shift**2 / (2 * square), kl, kl + back, chi2]


def covering(reference, rewards, beta):
    q, r, beta = exact(reference), exact(rewards), mpf(beta)
    top = max(r)
    share = sum(x for x, y in zip(q, r, strict=True) if y == top)

    def excess(v):
        return sum(beta * x / (v + top - y) for x, y in zip(q, r, strict=True)) - 1

    room = findroot(excess, (beta * share / 2, beta * 2), solver="anderson", tol=1e-50)
    return [beta * x / (room + top - y) for x, y in zip(q, r, strict=True)]


def elbo(x, mean, std, slope, noise):
    x, mean, std, slope, noise = exact([x, mean, std, slope, noise])
    spread = (x - slope * mean) ** 2 + (slope * std) ** 2
    reconstruction = -log(2 * pi) / 2 - log(noise) - spread / (2 * noise**2)
    kl = (mean**2 + std**2 - 1) / 2 - log(std)
    total = slope**2 + noise**2
    evidence = -log(2 * pi * total) / 2 - x**2 / (2 * total)
    bound = reconstruction - kl
    return [reconstruction, kl, bound, evidence, evidence - bound]


def ppca(data, latent):
    n, d = len(data), len(data[0])
    means = [sum(mpf(row[j]) for row in data) / n for j in range(d)]
    off = [[mpf(row[j]) - means[j] for j in range(d)] for row in data]
    cov = matrix(d, d)
    for i in range(d):
        for j in range(d):
            cov[i, j] = sum(row[i] * row[j] for row in off) / n
    values = sorted(eigsy(cov, eigvals_only=True), reverse=True)
    noise = sum(values[latent:]) / (d - latent)
    kept = [*values[:latent], *[noise] * (d - latent)]
    return [-sum(log(v) + 1 + log(2 * pi) for v in kept) / 2]


def discrete_rows():
    for n, shape in [(2, 1.0), (5, 0.3), (9, 5.0), (3, 20.0)]:
        p, q = floats(n, shape), floats(n, shape)
        yield "kl_contributions", [p, q], {}, contributions(p, q)
        yield "kl_contributions", [[*p, 0.0], [*q, 0.0]], {}, contributions([*p, 0], [*q, 0])
        logs = [[math.log(x) for x in t] for t in (p, q)]
        yield "kl_from_log_probs", logs, {}, from_log_probs(*logs)
        counts = [float(RANDOM.randint(0, 30)) for _ in range(n)]
        for alpha in (1.0, 0.5, 1e-6, 1e6):
            yield "additive_smoothing", [counts, alpha], {}, smoothing(counts, alpha)
    yield (
        "kl_contributions",
        [[1.0, 1e-300], [1e-300, 1.0]],
        {},
        contributions([1, 1e-300], [1e-300, 1]),
    )


def coding_rows():
    for n in (2, 3, 7, 30):
        p = [x / (1 + 1e-10) for x in floats(n)]  # below 1, so that no rounding has to make room
        lengths = [ceil(-log(mpf(x), 2)) for x in p]
        yield "shannon_lengths", [p], {}, lengths
        whole = [int(x) for x in lengths]
        yield (
            "expected_length",
            [p, whole],
            {},
            [sum(mpf(x) * k for x, k in zip(p, whole, strict=True))],
        )
        for radix in (2, 3):
            yield "kraft_sum", [whole, radix], {}, [sum(mpf(radix) ** -k for k in whole)]


def estimator_rows():
    for u in (1e-12, -1e-12, 0.3, -0.3, 40.0, -700.0):
        yield "k1", [u], {}, [-mpf(u)]
        yield "k2", [u], {}, [mpf(u) ** 2 / 2]
    for n, size in [(2, 1.0), (10, 0.3), (50, 0.01), (50, 2.0), (20, 1e-6)]:
        logp = [RANDOM.gauss(-2, 1) for _ in range(n)]
        logq = [x + size * RANDOM.gauss(0, 1) for x in logp]
        for kind in TERMS:
            yield "kl_estimate", [logp, logq, kind], {}, estimate(logp, logq, kind)
        for lam in (0.0, 0.5, -1.0, *([None] if n > 2 else [])):
            yield "kl_control_variate", [logp, logq, lam], {}, control_variate(logp, logq, lam)
    for n, shape in [(2, 1.0), (6, 1.0), (12, 3.0)]:
        p, q = floats(n, shape), floats(n, shape)
        for kind in TERMS:
            yield "exact_moments", [p, q, kind], {}, moments(p, q, kind)
        u = [math.log(y / x) for x, y in zip(p, q, strict=True)]
        yield "optimal_lambda", [u, p], {}, [best_lambda(u, p)]


def normal_rows():
    for spread in (0.6, 1.0, 1.0 + 1e-6, 1.3, 2.0, 1e-3):
        for shift in (0.0, 1e-7, 1.0, -3.0):
            yield "normal_ratio", [shift, spread], {}, ratio(shift, spread)


def policy_rows():
    for n, beta in [(2, 1.0), (3, 0.05), (6, 20.0), (3, 1e-3)]:
        reference = floats(n)
        for rewards in ([RANDOM.uniform(-3, 3) for _ in range(n)], [2.0] * n):
            yield "cover", [reference, rewards, beta], {}, covering(reference, rewards, beta)


def vae_rows():
    for x, mean, std, slope, noise in [
        (1.5, 0.5, 0.5, 1.0, 1.0),
        (0.0, 0.0, 1.0, 0.0, 1.0),
        (-3.0, 2.0, 0.01, 1.7, 0.3),
        (100.0, -0.4, 20.0, 1e-3, 5.0),
        (1e-8, 1e-8, 1e-3, 30.0, 1e-2),
    ]:
        keywords = {"slope": slope, "noise": noise}
        yield "elbo", [x, mean, std], keywords, elbo(x, mean, std, slope, noise)
    for n, d, latent in [(5, 2, 1), (12, 4, 2), (30, 3, 2)]:
        data = [[RANDOM.gauss(j, 1 + j) for j in range(d)] for _ in range(n)]
        yield "ppca_log_likelihood", [data, latent], {}, ppca(data, latent)


if __name__ == "__main__":
    parts = (
        discrete_rows(),
        coding_rows(),
        estimator_rows(),
        vae_rows(),
        normal_rows(),
        policy_rows(),
    )
    table = [[*call, [nstr(v, 20) for v in values]] for part in parts for *call, values in part]
    text = ",\n".join(json.dumps(row) for row in table)
    Path(__file__).with_suffix(".json").write_text(f"[\n{text}\n]\n")
