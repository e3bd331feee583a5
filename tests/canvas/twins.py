"""The parity table: every export of static/twins beside the Python that it repeats.

The file is named as the module of kllib that it repeats, and the function as there, in JavaScript's
case, with the same arguments in the same order. Where no one function of kllib says the same, the
row holds the expression that does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from kllib import (
    _convex,
    coding,
    discrete,
    divergences,
    estimators,
    families,
    policy,
    projection,
    vae,
)
from kllib.between import kl_between
from kllib.canvas import _random, f_divergence_zoo, loss_landscape
from kllib.divergences import GENERATORS
from kllib.projection import GaussianMixture


@dataclass
class Twin:
    """One export: its module, its name, what it is tried on, what it must return there."""

    module: str
    name: str
    rows: Callable  # rng -> lists of arguments
    exact: Callable  # the arguments -> numbers
    take: str = "r => r"  # of what the export returns, the same numbers
    within: tuple = (1e-12, 0)  # relative and absolute error
    call: str = ""  # how to call it, where its arguments are no plain numbers


def probabilities(rng, n):
    """Ordinary, tiny, near 1, exactly 0 and 1."""
    kinds = [rng.random(n), rng.random(n) ** 40, 1 - rng.random(n) ** 20]
    mixed = np.choose(rng.integers(3, size=n), kinds)
    mixed[: n // 20], mixed[n // 20 : n // 10] = 0, 1
    return rng.permutation(mixed)


def coins(rng):
    near = rng.uniform(0.01, 0.99, 1000)
    p = np.r_[probabilities(rng, 4000), near]
    q = np.r_[probabilities(rng, 4000), near * (1 + rng.normal(size=1000) * 1e-7)]
    return np.c_[p, q].tolist()


def pairs(rng):
    p, q = rng.dirichlet(np.full(5, 0.2), (2, 3000))
    p[:300, 1], q[150:450, 1] = 0, 0
    p, q = p / p.sum(1, keepdims=True), q / q.sum(1, keepdims=True)
    q[-1000:] = p[-1000:] * (1 + 1e-6 * rng.normal(size=(1000, 5)))
    q[-1000:] /= q[-1000:].sum(1, keepdims=True)
    return [[a.tolist(), b.tolist()] for a, b in zip(p, q, strict=True)]


def singles(rng):
    return [[p] for p, _ in pairs(rng)] + [[row.tolist()] for row in np.eye(5)]


def excesses(rng):
    sizes = 10.0 ** rng.uniform(-18, 3, 3000)
    return np.r_[sizes, -np.minimum(sizes, 0.999999), 0][:, None].tolist()


def normals(rng):
    means, stds = rng.uniform(-6, 6, (2, 3000)), np.exp(rng.uniform(-3, 3, (2, 3000)))
    means[1, :1000] = means[0, :1000] + 1e-6 * rng.normal(size=1000)
    stds[1, :1000] = stds[0, :1000] * (1 + 1e-6 * rng.normal(size=1000))
    return np.c_[means[0], stds[0], means[1], stds[1]].tolist()


def intervals(rng):
    rows = np.c_[rng.uniform(0, 3, 300), rng.uniform(0.5, 2, 300)]
    rows = np.c_[rows, rng.uniform(0, 1, 300), rng.uniform(1, 5, 300)]
    rows[:40, 2:] = rows[:40, :2]
    return rows.tolist()


def lengths(rng):
    return [[row] for row in rng.integers(1, 7, (2000, 5)).tolist()]


def priced(rng):
    return [[p, row] for [p], [row] in zip(singles(rng)[:2000], lengths(rng), strict=True)]


def starts(rows):
    """Where the shares of the codewords begin, in the order that `prefix_code` documents."""
    order = sorted(range(len(rows)), key=lambda i: (rows[i], i))
    begin = np.cumsum([0.0] + [2.0 ** -rows[i] for i in order])
    return [begin[order.index(i)] for i in range(len(rows))]


def words(rows):
    """The codewords as fractions, -1 for those that do not fit."""
    if coding.kraft_sum(rows) <= 1:
        return [int(word, 2) / 2 ** len(word) for word in coding.prefix_code(rows)]
    return [a if a + 2.0**-n <= 1 else -1 for a, n in zip(starts(rows), rows, strict=True)]


def slopes(rng):
    rows = zip(*np.array(coins(rng)[:3000]).T.tolist(), strict=True)
    return [[p, q, ("probability", "logit")[k % 2]] for k, (p, q) in enumerate(rows)]


def descents(rng):
    rates = rng.uniform(0.01, 2, 3000).tolist()
    return [[p, q, rate, way, 5] for (p, q, way), rate in zip(slopes(rng), rates, strict=True)]


def bounds(rng):
    x, mean = rng.uniform(-4, 4, (2, 1500))
    std, noise = np.exp(rng.uniform(np.log(0.1), np.log(3), (2, 1500)))
    weight = rng.uniform(0, 3, 1500)
    total = np.hypot(weight, noise)
    near = rng.random(1500) < 0.3  # q almost the posterior: the gap must not be rounding
    mean = np.where(near, weight * x / total**2 * (1 + 1e-6 * rng.normal(size=1500)), mean)
    std = np.where(near, noise / total * (1 + 1e-5 * rng.normal(size=1500)), std)
    return np.c_[x, mean, std, weight, noise].tolist()


def mixtures(rng, n):
    """Weights, means and stds of two normals, over all that OneGaussian lets be set."""
    weights = rng.random(n)
    weights[: n // 10] = 0
    rows = np.c_[weights, 1 - weights], rng.uniform(-6, 6, (n, 2)), rng.uniform(0.3, 3, (n, 2))
    return [[part.tolist() for part in row] for row in zip(*rows, strict=True)]


def placed(rng):
    points = np.c_[rng.uniform(-6, 6, 400), rng.uniform(0.2, 6, 400)].tolist()
    ways = ["forward", "reverse"] * 200
    return [[*r, *x, way] for r, x, way in zip(mixtures(rng, 400), points, ways, strict=True)]


def famous(rng):
    halves = [[[0.5, 0.5], [-a, a], [1, 1]] for a in (1, 2.6, 3)]
    others = [[[0.6, 0.4], [-2, 2], [0.5, 0.5]], [[0.7, 0.3], [-5, 5], [0.3, 2]]]
    return [*mixtures(rng, 60), *halves, *others]


def ways_down(rng):
    target = [[0.6, 0.4], [-2.0, 2.0], [0.5, 0.5]]
    return [
        [*target, [1.0, 2.0], way, 40, rate]
        for way in ("forward", "reverse")
        for rate in (0.1, 0.5)
    ]


def down(weights, means, stds, start, direction, steps, rate):
    target = GaussianMixture(weights, means, stds)
    found = projection.descend(target, start, direction, steps=steps, rate=rate)
    return [*found.means, *found.stds]


def pictures(rng):
    grid = [[-6, 0, 5], [-1, 0, 1.5]]
    return [[*row, way, *grid] for row in mixtures(rng, 20) for way in ("forward", "reverse")]


def picture(weights, means, stds, way, places, logs):
    target = GaussianMixture(weights, means, stds)
    return projection.projection_kl(target, places, np.exp(logs)[:, None], way)


def ratios(rng):
    return np.c_[rng.uniform(0, 4, 500), rng.uniform(0.6, 2, 500)].tolist()


def leashes(rng):
    """Reference, rewards, beta and start over all that Leash lets be set."""
    n = 300
    reference, start = rng.dirichlet(np.full(3, 0.7), (2, n))
    reference[: n // 5, 0] = 0
    start[: n // 10, 1] = 0
    beta = np.exp(rng.uniform(np.log(0.05), np.log(20), n))
    parts = reference, rng.uniform(-3, 3, (n, 3)).round(1), beta, start
    sums = [p / p.sum(1, keepdims=True) if k in (0, 3) else p for k, p in enumerate(parts)]
    return [[each.tolist() for each in row] for row in zip(*sums, strict=True)]


def ascents(rng):
    ways = ["exact", "k3"] * 150
    return [[*row[:3], way, row[3], 40] for row, way in zip(leashes(rng), ways, strict=True)]


def sampled(seed, n, shift, spread, lam):
    x, (a, b, c, *_) = _random.normals(seed, n), estimators.normal_ratio(shift, spread)
    u = (a * x + b) * x + c
    k = [estimators.k1(u), estimators.k2(u), estimators.k3(u)]
    rows = np.array([*k, k[2] + (lam - 1) * np.expm1(u)])
    return [*rows.mean(1), *rows.std(1, ddof=1)]


def seeds(rng):
    return [[seed, n] for seed in (0, 1, 2, 1000) for n in (1, 7, 1000)]


def samples(rng):
    return [
        [*row, *ratio, float(rng.uniform(0, 2))]
        for row, ratio in zip(
            [[seed, n] for seed in range(50) for n in (10, 1000)], ratios(rng)[:100], strict=True
        )
    ]


def zoo(rng):
    some = [row for k, row in enumerate(pairs(rng)) if k % 10 == 0]
    return [[*row, name] for row in some for name in GENERATORS]


def blurs(rng):
    return [
        [p, float(rng.choice([0, 1, rng.random()])), bool(rng.integers(2))] for [p] in singles(rng)
    ]


OF_MIXTURE = "(w, m, s, ...rest) => f(gaussianMixture(w, m, s), ...rest)"

TWINS = [
    Twin("convex", "logExcess", excesses, _convex.log_excess),
    Twin("discrete", "entropy", singles, discrete.entropy, within=(1e-12, 1e-16)),
    Twin("discrete", "klContributions", pairs, discrete.kl_contributions),
    # The last digits of a near-equal pair belong to the rounding of its sum, which is not 1.
    Twin("discrete", "klDivergence", pairs, discrete.kl_divergence, within=(1e-12, 1e-22)),
    # The last digits of a near-equal pair belong to the rounding of its sum, which is not 1.
    Twin("divergences", "fDivergence", zoo, divergences.f_divergence, within=(1e-12, 1e-22)),
    Twin(
        "divergences",
        "hockeyStick",
        lambda rng: [[*row, float(t)] for row in pairs(rng) for t in rng.gamma(1, size=1)],
        divergences.hockey_stick,
        within=(1e-12, 1e-15),
    ),
    Twin(
        "f_divergence_zoo",
        "curvature",
        lambda rng: [[f, t] for f in GENERATORS for t in np.exp(rng.normal(size=200)).tolist()],
        f_divergence_zoo.curvature,
    ),
    Twin("f_divergence_zoo", "terms", zoo, f_divergence_zoo.terms, within=(1e-12, 1e-15)),
    Twin("f_divergence_zoo", "blurred", blurs, f_divergence_zoo.blurred, within=(1e-14, 0)),
    Twin(
        "f_divergence_zoo",
        "testingCurve",
        lambda rng: pairs(rng)[:2000],
        f_divergence_zoo.testing_curve,
        within=(1e-12, 1e-12),
    ),
    Twin("families", "klBernoulli", coins, families.kl_bernoulli),
    Twin("families", "klNormal", normals, families.kl_normal),
    Twin(
        "families",
        "klUniform",
        intervals,
        lambda a, b, c, d: kl_between(stats.uniform(a, b), stats.uniform(c, d)),
    ),
    Twin("coding", "kraftSum", lengths, coding.kraft_sum),
    Twin("coding", "expectedLength", priced, coding.expected_length),
    Twin("coding", "codeStarts", lengths, starts),
    Twin(
        "coding",
        "prefixCode",
        lengths,
        words,
        take="r => r.map(w => w === null ? -1 : parseInt(w, 2) / 2 ** w.length)",
    ),
    Twin(
        "loss_landscape",
        "logit",
        lambda rng: [[q] for q in rng.random(2000)],
        special.logit,
        within=(1e-12, 1e-15),
    ),
    Twin(
        "loss_landscape",
        "expit",
        lambda rng: [[t] for t in rng.uniform(-700, 700, 2000)],
        special.expit,
    ),
    Twin("loss_landscape", "slope", slopes, loss_landscape.slope),
    Twin(
        "loss_landscape",
        "descent",
        descents,
        lambda *row: [len(path := loss_landscape.descent(*row)), path[-1]],
        take="r => [r.path.length, r.path.at(-1)]",
        within=(1e-12, 1e-14),
    ),
    Twin(
        "vae",
        "elbo",
        bounds,
        lambda x, mean, std, slope, noise: vae.elbo(x, mean, std, slope=slope, noise=noise),
        take="r => [r.reconstruction, r.kl, r.elbo, r.logEvidence, r.gap]",
        within=(1e-12, 1e-14),
    ),
    Twin(
        "projection",
        "gaussianMixture",
        lambda rng: mixtures(rng, 300),
        lambda *row: [(t := GaussianMixture(*row)).mean(), t.std(), t.logpdf(0.3)],
        take="r => [r.mean, r.std, r.logpdf(0.3)]",
        within=(1e-12, 1e-13),
    ),
    Twin(
        "projection",
        "projectionKl",
        placed,
        lambda w, m, s, *rest: projection.projection_kl(GaussianMixture(w, m, s), *rest),
        within=(1e-12, 1e-13),  # sums of thousands of terms of order 1, in different orders
        call=OF_MIXTURE,
    ),
    Twin(
        "projection",
        "projectForward",
        lambda rng: mixtures(rng, 300),
        lambda *row: projection.project_forward(GaussianMixture(*row)),
        take="r => [r.mean, r.std, r.kl]",
        within=(1e-12, 1e-13),
        call=OF_MIXTURE,
    ),
    Twin(
        "projection",
        "projectReverse",
        famous,
        lambda *row: projection.project_reverse(GaussianMixture(*row)),
        take="r => r.map(f => [f.mean, f.std, f.kl])",
        within=(1e-9, 1e-9),  # Newton's method stops where the gradient drowns in rounding
        call=OF_MIXTURE,
    ),
    Twin(
        "projection",
        "descend",
        ways_down,
        down,
        take="r => [r.means, r.stds]",
        within=(1e-9, 1e-9),  # a step halves by comparing values that end equal to rounding
        call=OF_MIXTURE,
    ),
    Twin(
        "projection", "landscape", pictures, picture, within=(0.01, 0.01), call=OF_MIXTURE
    ),  # for a picture
    Twin(
        "estimators",
        "normalRatio",
        ratios,
        lambda *row: [*(r := estimators.normal_ratio(*row)), r.best_lam],
        take="r => [r.a, r.b, r.c, r.kl, r.jeffreys, r.chi2, r.bestLam]",
        within=(1e-11, 1e-13),
    ),
    Twin(
        "estimators",
        "normalVariances",
        lambda rng: [
            [*row, lam] for row, lam in zip(ratios(rng), rng.uniform(0, 2, 500), strict=True)
        ],
        lambda a, b, lam: estimators.normal_variances(estimators.normal_ratio(a, b), lam),
        within=(1e-9, 0),  # what three larger terms leave
        call="(a, b, lam) => f(normalRatio(a, b), lam)",
    ),
    Twin(
        "estimators",
        "normalCrossing",
        lambda rng: [[v] for v in rng.uniform(0.6, 2, 300)],
        estimators.normal_crossing,
        within=(1e-9, 1e-12),
    ),
    Twin(
        "estimators",
        "sampled",
        samples,
        sampled,
        take="r => [r.means, r.stds]",
        within=(1e-11, 1e-13),
        call="(seed, n, a, b, lam) => f(normals(seed, n), normalRatio(a, b), lam)",
    ),
    Twin("random", "normals", seeds, _random.normals, take="r => [...r]", within=(1e-12, 1e-14)),
    Twin(
        "policy",
        "tilt",
        lambda rng: [row[:3] for row in leashes(rng)],
        lambda *row: [*(t := policy.tilt(*row)).policy, t.log_z],
        take="r => [r.policy, r.logZ]",
        within=(1e-11, 1e-13),
    ),
    Twin(
        "policy",
        "cover",
        lambda rng: [row[:3] for row in leashes(rng)],
        policy.cover,
        within=(1e-9, 1e-12),  # a root
    ),
    Twin("policy", "ascend", ascents, policy.ascend, within=(1e-9, 1e-12)),
]
