"""Compute facts.json, the exact values that chapters and exercises are held against.

    python chapters/make_facts.py             write the file
    python chapters/make_facts.py --check     write nothing; fail where it would change

Nothing here comes from kllib: sums and integrals anew, with mpmath, 40 digits in the working and
ten in the file. A fact is there because a chapter or a test asks for it.
"""

import heapq
import json
import sys
from functools import cache
from pathlib import Path

from mpmath import diff, e, erfc, exp, findroot, floor, inf, log, mp, mpf, nstr, pi, sqrt

__all__ = ["facts"]

FILE = Path(__file__).with_name("facts.json")


def row(text):
    """Numbers as they are written, not as a double rounds them."""
    return [mpf(word) for word in text.split()]


def dot(a, b):
    """Sum of products; what has no weight does not count."""
    return sum((x * y for x, y in zip(a, b, strict=True) if x), mpf(0))


def entropy(p):
    """Entropy, nats."""
    return -dot(p, [log(x) if x else 0 for x in p])


def kl(p, q):
    """Divergence of p from q, nats."""
    if any(x and not y for x, y in zip(p, q, strict=True)):
        return inf
    return dot(p, [log(x / y) if x else 0 for x, y in zip(p, q, strict=True)])


def chi_square(p, q):
    """Pearson's measure: the variance of p/q under q."""
    return sum((x - y) ** 2 / y for x, y in zip(p, q, strict=True))


def coin(p, q):
    """Divergence of one coin from another, nats."""
    return kl([p, 1 - p], [q, 1 - q])


def bits(nats):
    """The same in bits."""
    return nats / log(2)


def softmax(theta):
    """Probabilities of logits."""
    weights = [exp(t) for t in theta]
    return [w / sum(weights) for w in weights]


def sigmoid(t):
    """Probability of a logit."""
    return 1 / (1 + exp(-t))


def huffman(p):
    """Word lengths of Huffman's code, the flattest where there is a choice."""
    heap = [(x, 0, [i]) for i, x in enumerate(p)]
    heapq.heapify(heap)
    lengths = [0] * len(p)
    while len(heap) > 1:
        (x, deep, left), (y, deeper, right) = heapq.heappop(heap), heapq.heappop(heap)
        for i in left + right:
            lengths[i] += 1
        heapq.heappush(heap, (x + y, max(deep, deeper) + 1, left + right))
    return lengths


def shannon(p):
    """Word lengths of Shannon's code."""
    return [int(-floor(log(x, 2))) for x in p]


def kraft(lengths):
    """What word lengths spend of the budget of strings."""
    return sum(mpf(2) ** -n for n in lengths)


def codes():
    """Chapters 1 and 2: sources and books."""
    p = row(".4 .2 .2 .1 .1")
    q, back = row(".5 .2 .1 .1 .1"), p[::-1]
    h, best = bits(entropy(p)), huffman(p)
    yield "code.src5.H", "entropy of (.4, .2, .2, .1, .1), bits", h
    yield (
        "code.src5.huffman",
        "its Huffman lengths, their cost and redundancy, bits",
        {
            "lengths": best,
            "L": dot(p, best),
            "red": dot(p, best) - h,
        },
    )
    rounded = shannon(p)
    yield (
        "code.src5.shannon",
        "its Shannon lengths, cost, Kraft sum",
        {
            "lengths": rounded,
            "L": dot(p, rounded),
            "kraft": kraft(rounded),
        },
    )
    longer = [n + 1 for n in rounded]
    yield (
        "code.src5.sfe",
        "its Shannon-Fano-Elias lengths and cost",
        {
            "lengths": longer,
            "L": dot(p, longer),
        },
    )
    tenths, block, costs = [4, 2, 2, 1, 1], [1], {}
    for n in range(1, 6):
        block = [x * y for x in block for y in tenths]
        cost = sum(x * y for x, y in zip(block, huffman(block), strict=True))
        costs[str(n)] = mpf(cost) / 10**n / n
    yield "code.src5.blockhuffman", "Huffman's code for blocks of n, bits a symbol", costs
    message = [0, 1, 0, 2, 0, 3, 1, 0, 2, 4]
    ideal = -sum(log(p[k], 2) for k in message)
    yield (
        "code.src5.arith",
        "message 0102031024: probability, bits",
        {
            "prob": 2**-ideal,
            "ideal": ideal,
            "arithmetic": int(-floor(-ideal)) + 1,
            "huffman": sum(best[k] for k in message),
            "shannon": sum(rounded[k] for k in message),
        },
    )
    for name, belief in {"reversed": back, "asym": q}.items():
        divergence = bits(kl(p, belief))
        value = {"CE": h + divergence, "KL": divergence, "KLrev": bits(kl(belief, p))}
        value |= {"lengths": huffman(belief), "L": dot(p, huffman(belief))}
        yield f"code.src5.{name}", f"the source priced by {name}: bits; its Huffman code", value
    theirs = huffman(back)
    yield (
        "code.src5.reversed.huff",
        "the reversed source's Huffman code used on the source",
        {
            "lengths": theirs,
            "L": dot(p, theirs),
            "excess": dot(p, theirs) - dot(p, best),
        },
    )
    high = dot(p, shannon(back))
    low = bits(entropy(p) + kl(p, back))
    value = {"low": low, "L": high, "high": low + 1}
    yield "code.mismatch_bounds", "Shannon's code for the reversed source, and its bracket", value
    dyadic = row(".5 .25 .125 .125")
    value = {"H": bits(entropy(dyadic)), "lengths": huffman(dyadic)}
    yield "code.dyadic", "a dyadic source: entropy is Huffman's cost", value
    yield "code.ud_not_prefix", "Kraft sum of {0, 01, 11}", kraft([1, 2, 2])
    thirds = [mpf(1) / n for n in (3, 3, 4, 12)]
    yield (
        "code.huff_not_rounding",
        "(1/3, 1/3, 1/4, 1/12): two best codes, Shannon's, entropy",
        {
            "L1233": dot(thirds, [1, 2, 3, 3]),
            "L2222": dot(thirds, [2, 2, 2, 2]),
            "Lceil": dot(thirds, [2, 2, 2, 4]),
            "H": bits(entropy(thirds)),
        },
    )
    p, q = row(".5 .3 .2"), row(".5 .25 .25")
    yield (
        "code.zero_excess",
        "two sources with one Huffman code, bits",
        {
            "KL": bits(kl(p, q)),
            "L": dot(p, huffman(q)),
            "Lopt": dot(p, huffman(p)),
            "H": bits(entropy(p)),
            "CE": bits(entropy(p) + kl(p, q)),
        },
    )
    value = {"L": mpf(1 + 1 + 2 + 2) / 4, "H": mpf(2)}
    yield "code.one_to_one", "four equal symbols as 0, 1, 00, 01: cost and entropy", value
    rare = row(".99 .01")
    value = {"H": bits(entropy(rare)), "L": 1}
    yield "code.huff_worst", "(.99, .01): entropy and the best code's cost", value
    race, bets = row(".5 .3 .2"), row(".4 .4 .2")
    best, rate = (dot(race, [log(3 * b, 2) for b in bet]) for bet in (race, bets))
    yield (
        "kelly",
        "3-for-1 on three horses: best rate, rate of (.4, .4, .2), loss, bits",
        [
            best,
            rate,
            best - rate,
        ],
    )


def coins():
    """Chapter 2: one coin believed to be another."""
    half = mpf(1) / 2
    for p, q in [(".99", ".5"), (".5", ".99")]:
        truth, belief = [mpf(p), 1 - mpf(p)], [mpf(q), 1 - mpf(q)]
        h, d = entropy(truth), kl(truth, belief)
        yield (
            f"coin.0{p}.0{q}",
            f"a coin of {p} believed to be of {q}: bits, and nats",
            {
                "H": bits(h),
                "CE": bits(h + d),
                "KL": bits(d),
                "CEnats": h + d,
                "KLnats": d,
            },
        )
    whole = entropy([half, half]) + coin(half, mpf(".99"))
    yield "coin.tailshare", "share of tails in the bill of .5 at .99", half * log(100) / whole
    for q in (".02", ".01", ".001", ".98", ".99", ".999", ".5"):
        yield f"bern.0.2.0{q}", f"coin .2 from {q}, nats", coin(mpf(".2"), mpf(q))
    yield "bern.0.02.0.2", "coin .02 from .2, nats", coin(mpf(".02"), mpf(".2"))
    p, q = row(".7 .4")
    yield "bern.0.7.0.4", "coin .7 from .4, and back, nats", [coin(p, q), coin(q, p)]


def gibbs():
    """Chapters 2 and 3: terms, parts, bounds, triangles."""
    certain, spent = row("1 0"), row(".01 .99")
    yield "offsupport", "(1, 0) from (.01, .99), nats", kl(certain, spent)
    yield "gibbs.log2fail", "base-2 logarithm of 1.5", log(mpf("1.5"), 2)
    lowest = findroot(lambda x: log(x) + 1, mpf(".4"))
    yield "gibbs.minterm", "least value of x log x", lowest * log(lowest)
    terms = [p * log(5 * p) for p in row(".6 .1 .1 .1 .1")]
    value = [terms[0], sum(terms[1:]), sum(terms)]
    yield "canvasB", "(.6, .1, ...) from uniform: first term, the others, sum, nats", value
    p, q = row(".5 .5"), row(".9 .1")
    cross = entropy(p) + kl(p, q)
    value = [-entropy(p) - cross, cross - entropy(p)]
    yield "eq5wrong", "(.5, .5) from (.9, .1) with the entropy's sign lost, and right", value
    x, y = row(".6 .4"), row(".5 .5")
    given_x, given_y = [row(".9 .1"), row(".3 .7")], [row(".7 .3"), row(".4 .6")]
    joint_p = [a * b for a, line in zip(x, given_x, strict=True) for b in line]
    joint_q = [a * b for a, line in zip(y, given_y, strict=True) for b in line]
    whole, first = kl(joint_p, joint_q), kl(x, y)
    rest = dot(x, [kl(a, b) for a, b in zip(given_x, given_y, strict=True)])
    yield "chain", "chain rule: joint, marginal, conditional, nats", [whole, first, rest]
    second = [[t[0] + t[2], t[1] + t[3]] for t in (joint_p, joint_q)]
    yield "dpi", "the same pair: second part alone, joint, nats", [kl(*second), whole]
    for n, (p, q) in enumerate([(".5", ".9"), (".01", ".99")], 1):
        d, tv = coin(mpf(p), mpf(q)), abs(mpf(p) - mpf(q))
        bound = sqrt(d / 2)
        value = [d, tv, bound, *([bound - tv] if n == 1 else []), sqrt(1 - exp(-d))]
        yield f"pinsker.{n}", f"coin {p} from {q}: D, TV, Pinsker, (slack,) the other bound", value
    value = [mpf(2), 2 * mpf(1) / 2]
    yield "triangle.gauss", "unit normals at 0, 1, 2: direct, by the middle, nats", value
    a, b, c = row(".1 .3 .5")
    value = [coin(a, c), coin(a, b) + coin(b, c)]
    yield "triangle.bern", "coins .1, .3, .5: direct, by the middle, nats", value
    yield (
        "mi.gauss",
        "normal pair of correlation .8: information in nats, bits",
        [
            -log(1 - mpf(".64")) / 2,
            bits(-log(1 - mpf(".64")) / 2),
        ],
    )


def likelihoods():
    """Chapter 4: counts and losses."""
    half = mpf(1) / 2
    p, freq = mpf(".7"), [mpf(".7"), mpf(".3")]
    seven, even = -10 * entropy(freq), 10 * log(half)
    value = [seven, even, -seven / 10, -even / 10, coin(p, half)]
    yield "mle.bern", "7 of 10: log-likelihood of .7, .5; mean losses; coin .7 from .5", value
    counts, truth = [7, 2, 1, 0], row(".6 .2 .15 .05")
    for name, a in {"laplace": mpf(1), "kt": half, "tenth": mpf(".1"), "mle": mpf(0)}.items():
        book = [(n + a) / (10 + 4 * a) for n in counts]
        yield f"smooth.{name}", f"counts (7, 2, 1, 0) smoothed by {nstr(a, 2)}", kl(truth, book)
    residual = mpf("1.3")
    nll = residual**2 / 2 + log(sqrt(2 * pi))
    yield "mle.gaussNLL", "normal log-loss less half the squared error", nll - residual**2 / 2

    def from_wider(s):
        return log(s) + 1 / (2 * s**2) - half

    inflection = findroot(lambda s: diff(from_wider, s, 2), mpf("1.7"))
    yield "nonconvex.sigma", "where N(0, 1) from N(0, s²) turns concave in s", inflection


def beliefs():
    """Chapters 5 and 7: both directions, and others, on small tables."""
    truth = row(".99 .01")
    for name, q in {"ab.Q1": ".1", "ab.Q2": ".0001", "ab.Q3": ".000001"}.items():
        belief = [1 - mpf(q), mpf(q)]
        yield name, f"(.99, .01) and a belief of {q}", [kl(truth, belief), kl(belief, truth)]
    first = coin(mpf(".01"), mpf(".1"))
    level = findroot(lambda q: coin(mpf(".01"), q) - first, row("2e-6 4e-6"), solver="ridder")
    yield "ab.threshold", "the belief in the rare outcome at which forward changes its mind", level
    p = row(".49 .49 .02")
    three = {"cover": row(".45 .45 .1"), "seek": row(".98 .01 .01"), "uniform": [mpf(1) / 3] * 3}
    for name, q in three.items():
        yield f"abc.{name}", "(.49, .49, .02), forward and reverse", [kl(p, q), kl(q, p)]
    p, q = row(".5 .5"), row(".9 .1")
    middle = [(x + y) / 2 for x, y in zip(p, q, strict=True)]
    affinity = sum(sqrt(x * y) for x, y in zip(p, q, strict=True))
    yield (
        "fdiv.table",
        "(.5, .5) and (.9, .1): a table of measures, nats",
        {
            "KL": kl(p, q),
            "rKL": kl(q, p),
            "J": kl(p, q) + kl(q, p),
            "JS": (kl(p, middle) + kl(q, middle)) / 2,
            "H2": 1 - affinity,
            "chiPQ": chi_square(p, q),
            "chiQP": chi_square(q, p),
            "TV": sum(abs(x - y) for x, y in zip(p, q, strict=True)) / 2,
            "R05": -2 * log(affinity),
            "R2": log(1 + chi_square(p, q)),
        },
    )


@cache
def grid(step, end):
    """Points of a standard normal and their weights; the trapezoid rule is all but exact here."""
    points = [mpf(k) / step for k in range(-end * step, end * step + 1)]
    return points, [exp(-(z**2) / 2) / sqrt(2 * pi) / step for z in points]


class Mixture:
    """A mixture of normals, and what it costs a normal to stand for it."""

    def __init__(self, weights, means, stds):
        self.parts = list(zip(weights, means, stds, strict=True))
        self.heights = [log(w / s) - log(2 * pi) / 2 for w, _, s in self.parts]
        self.mean = dot(weights, means)
        self.var = dot(weights, [s**2 + m**2 for _, m, s in self.parts]) - self.mean**2

    def log_and_slopes(self, x):
        """The logarithm of the density, and its first two derivatives."""
        pulls = [(m - x) / s**2 for _, m, s in self.parts]
        logs = [
            height - (pull * s) ** 2 / 2
            for height, pull, (_, _, s) in zip(self.heights, pulls, self.parts, strict=True)
        ]
        top = max(logs)
        shares = [exp(v - top) for v in logs]
        total = sum(shares)
        slope = dot(shares, pulls) / total
        bend = sum(
            share * (pull**2 - s**-2)
            for share, pull, (_, _, s) in zip(shares, pulls, self.parts, strict=True)
        )
        return top + log(total), slope, bend / total - slope**2

    def seen_by(self, mean, std):
        """The logarithm and its derivatives at the points of N(mean, std²)."""
        points, _ = grid(40, 8)  # fine enough for the zeros of the mixture off the axis
        return zip(*[self.log_and_slopes(mean + std * z) for z in points], strict=True)

    def entropy(self):
        """Differential entropy, nats."""
        _, weights = grid(40, 8)
        return -sum(w * dot(weights, next(self.seen_by(m, s))) for w, m, s in self.parts)

    def reverse(self, mean, std):
        """Divergence of N(mean, std²) from the mixture, nats."""
        _, weights = grid(40, 8)
        return -log(2 * pi * e * std**2) / 2 - dot(weights, next(self.seen_by(mean, std)))

    def forward(self, mean, std):
        """Divergence of the mixture from N(mean, std²), nats."""
        far = (self.var + (self.mean - mean) ** 2) / std**2
        return (log(2 * pi * std**2) + far) / 2 - self.entropy()

    def valley(self, mean, std):
        """The stationary point of `reverse` by Newton's steps from a start: mean, std, price."""
        points, weights = grid(40, 8)
        once = [w * z for w, z in zip(weights, points, strict=True)]
        twice = [w * z for w, z in zip(once, points, strict=True)]
        moved = 1
        while moved > mpf(10) ** -16:  # the step after it would be the square of this
            _, slopes, bends = self.seen_by(mean, std)
            a, b = dot(weights, slopes), 1 / std + dot(once, slopes)
            aa, ab, bb = dot(weights, bends), dot(once, bends), dot(twice, bends) - std**-2
            det = aa * bb - ab**2
            step = (bb * a - ab * b) / det, (aa * b - ab * a) / det
            mean, std = mean - step[0], std - step[1]
            moved = max(map(abs, step))
        return [mean, std, self.reverse(mean, std)]


def fits():
    """Chapter 5: a normal for a mixture, both ways round."""
    pairs = {"A": ("-2 2", ".5 .5", "2 .5", "0 1.74"), "B": ("-3 3", "1 1", "3 1", "0 2.74")}
    for name, (means, stds, near, middle) in pairs.items():
        p = Mixture(row(".5 .5"), row(means), row(stds))
        mode, cover = p.valley(*row(near)), p.valley(*row(middle))
        what = f"even humps at {means}, stds {stds}"
        yield f"fit.{name}.reverse", f"{what}: reverse fit and price (and its mirror)", mode
        yield f"fit.{name}.reverse.cover", f"{what}: the covering valley of reverse", cover
        if name == "A":
            fit = [p.mean, sqrt(p.var)]
            yield "fit.A.forward", f"{what}: forward fit and price", [*fit, p.forward(*fit)]
            yield "fit.A.forward.rev", "that fit's reverse price", p.reverse(*fit)
            yield "fit.A.reverse.fwd", "the reverse fit's forward price", p.forward(*mode[:2])
    p = Mixture(row(".6 .4"), row("-2 2"), row(".5 .5"))
    value = [p.valley(*row(start)) for start in ("-2 .5", "2 .5", "-.32 1.7")]
    yield "fit.U.local", "weights .6, .4 on humps at -2, 2: three valleys of reverse", value
    p = Mixture(row(".7 .3"), row("-5 5"), row(".3 2"))
    value = [p.valley(*row(start)) for start in ("-5 .3", "5 2")]
    yield "fit.W.widest", "a heavy narrow hump and a light wide one: valleys of reverse", value

    def advantage(a):
        p = Mixture(row(".5 .5"), [-a, a], row("1 1"))
        return p.valley(a, mpf(1))[2] - p.valley(mpf(0), mpf("2.56"))[2]

    crossing = findroot(advantage, tuple(row("2.8 2.8001")), solver="secant", tol=mpf(10) ** -28)
    yield "fit.crossing", "half-distance of unit humps at which reverse leaves the middle", crossing
    rho = mpf(".9")
    value = {"rev_var": 1 - rho**2, "fwd_var": 1, "KL": -log(1 - rho**2) / 2}
    yield "mf.gauss", "products against a normal pair of correlation .9", value


def encoders():
    """Chapter 6: bounds and gaps."""
    pairs = zip(row("1 -.5"), row(".5 1.5"), strict=True)
    value = sum(m**2 + s**2 - 1 - 2 * log(s) for m, s in pairs) / 2
    yield "vae.kl", "N((1, -.5), diag(.5², 1.5²)) from N(0, I), nats", value
    x, m, s = row("1.5 .5 .5")
    evidence = -log(2 * pi * 2) / 2 - x**2 / 4
    reconstruction = -log(2 * pi) / 2 - ((x - m) ** 2 + s**2) / 2
    price = (m**2 + s**2 - 1 - 2 * log(s)) / 2
    bound = reconstruction - price
    yield (
        "vae.elbo",
        "z ~ N(0, 1), x|z ~ N(z, 1), x = 1.5, q = N(.5, .5²): evidence and parts",
        [
            evidence,
            reconstruction,
            price,
            bound,
            evidence - bound,
        ],
    )

    def likelihood(t):
        return -log(1 + t) / 2 - 4 / (2 * (1 + t))

    def best_bound(t):
        return -4 / (2 * (1 + t)) - t / 2

    value = [findroot(lambda t, f=f: diff(f, t), mpf("1.5")) for f in (likelihood, best_bound)]
    yield "vae.bias", "E x² = 4: θ² by likelihood, and by the bound with unit variance", value
    rules, prior = [row(".9 .1"), row(".2 .8")], row(".5 .5")
    rate = sum(kl(rule, prior) for rule in rules) / 2
    mean = [sum(column) / 2 for column in zip(*rules, strict=True)]
    value = [rate, entropy(mean) - sum(map(entropy, rules)) / 2, kl(mean, prior)]
    yield "vae.surgery", "two data: rate, information, mismatch, nats", value


def moments(p, q):
    """Mean and standard deviation over D of k1, k2, k3 for tables, and the best weight."""
    logs = [log(b / a) for a, b in zip(p, q, strict=True)]
    d = -dot(p, logs)
    terms = [[-x for x in logs], [x**2 / 2 for x in logs], [exp(x) - 1 - x for x in logs]]
    means = [dot(p, k) for k in terms]
    stds = [sqrt(dot(p, [(v - m) ** 2 for v in k])) for k, m in zip(terms, means, strict=True)]
    lam = -dot(p, [exp(x) * (x + d) for x in logs]) / dot(p, [(exp(x) - 1) ** 2 for x in logs])
    return means, [s / d for s in stds], -lam


def estimators():
    """Chapter 7: k1, k2, k3 and their gradients."""
    for name in ("0.1", "0.5", "1", "2", "3"):
        d = mpf(name)
        u = d**2
        price = u / 2
        yield (
            f"est.gauss.{name}",
            f"N({name}, 1) against N(0, 1): spreads over D",
            {
                "KL": price,
                "k1_std": sqrt(u) / price,
                "k2_bias": u**2 / 8 / price,
                "k2_std": sqrt(u**2 / 2 + u**3 / 4) / price,
                "k3_std": sqrt(exp(u) - 1 - u) / price,
                "lam": u / (exp(u) - 1),
                "opt_std": sqrt(u - u**2 / (exp(u) - 1)) / price,
                "p_neg": erfc(d / 2 / sqrt(2)) / 2,
            },
        )
    variance = {1: lambda u: u, 2: lambda u: u**2 / 2 + u**3 / 4, 3: lambda u: exp(u) - 1 - u}
    roots = {}
    for name, (a, b, bias) in {
        "k3k1": (3, 1, 0),
        "k2k1": (2, 1, 0),
        "k3k2": (3, 2, 0),
        "k3k2_mse": (3, 2, 1),
    }.items():
        u = findroot(
            lambda u, a=a, b=b, bias=bias: variance[a](u) - variance[b](u) - bias * u**4 / 64,
            mpf("1.5"),
        )
        roots[name] = [sqrt(u), u / 2]
    yield "est.cross", "shifts, and divergences, at which two spreads are equal", roots
    wrong = [sqrt(3 * u + exp(u) - 1) / (u / 2) for u in (mpf(".01"), mpf(1))]
    yield "est.wrongsign", "spread over D with the control variate's sign wrong, at .1 and 1", wrong
    value = [(log(2) - mpf(".5")) / 2, mpf(2) / 16, inf]
    yield "est.infvar", "N(0, 1) against N(0, 2): D, variances of k1 and k3", value
    p, q = [1 - mpf("1e-6"), mpf("1e-6")], row(".99 .01")
    means, spreads, lam = moments(p, q)
    value = {"KL": means[0], **dict(zip(("k1", "k2", "k3"), spreads, strict=True)), "lam": lam}
    yield "est.rare", "(1 - 1e-6, 1e-6) against (.99, .01): D, spreads, best weight", value
    p, q = row(".7 .3"), row(".6 .3")
    reach = sum(q)
    yield (
        "est.support",
        "a truncated sampler: D, mean of k3, mean ratio",
        [
            kl(p, q),
            kl(p, q) + reach - 1,
            reach,
        ],
    )
    before = moments(row(".05 .05 .9"), row(".2 .6 .2"))[0]
    after = moments(row(".1 .9"), row(".8 .2"))[0]
    value = [before[1], after[1], before[0], after[0]]
    yield "est.k2dpi", "merging outcomes: mean of k2 before and after, D before and after", value
    yield from gradients()
    evaluations = 50_000 * 2048 * 32
    yield (
        "llm.evals",
        "a batch of logits: one model, two, GB for each in float32",
        [
            evaluations,
            2 * evaluations,
            mpf(evaluations) * 4 / 10**9,
        ],
    )


def pulls(p, q):
    """What k1, k2, k3 pull at the logits of p, as loss and as reward."""
    logs = [log(b / a) for a, b in zip(p, q, strict=True)]
    ks = {1: [-x for x in logs], 2: [x**2 / 2 for x in logs], 3: [exp(x) - 1 - x for x in logs]}
    slopes = {1: [1] * len(p), 2: [-x for x in logs], 3: [1 - exp(x) for x in logs]}

    def along(w):
        return [p[j] * (w[j] - dot(p, w)) for j in range(len(p))]

    return {n: along(slopes[n]) for n in ks}, {n: along(ks[n]) for n in ks}


def gradients():
    """Chapter 7: what one descends."""
    p, q = row(".5 .3 .2"), row(".2 .5 .3")
    yield (
        "grad.setup",
        "the example: D, D back, chi-square, best weight",
        [
            kl(p, q),
            kl(q, p),
            chi_square(q, p),
            moments(p, q)[2],
        ],
    )
    theta = [log(x) for x in p]

    def slope(price):
        return [
            diff(lambda t, j=j: price(softmax([*theta[:j], t, *theta[j + 1 :]])), theta[j])
            for j in range(3)
        ]

    yield "grad.true_reverse", "slope of D(p‖q) at the logits", slope(lambda p: kl(p, q))
    yield "grad.true_forward", "slope of D(q‖p) at the logits", slope(lambda p: kl(q, p))
    as_loss, as_reward = pulls(p, q)
    for n in as_loss:
        yield f"grad.k{n}_loss", f"what k{n} pulls in the loss", as_loss[n]
        yield f"grad.k{n}_reward", f"what k{n} pulls in the reward", as_reward[n]
    for name in ("0.1", "0.01"):
        near = softmax([log(q[0]) + mpf(name), log(q[1]), log(q[2])])
        reward = pulls(near, q)[1]
        value = [reward[1][0], reward[3][0], reward[2][0]]
        yield f"grad.near.{name}", f"first logit {name} above the reference: k1, k3, k2", value
    half, theta = mpf(1) / 2, mpf(".5")
    later = [coin(sigmoid(mpf(t)), half) for t in ("1.5", "-.2")]

    def first(t):
        return coin(sigmoid(t), half)

    def whole(t):
        return first(t) + sigmoid(t) * later[0] + (1 - sigmoid(t)) * later[1]

    true, local = diff(whole, theta), diff(first, theta)
    yield (
        "grad.twotoken",
        "two tokens: true slope, token-local, missing",
        [
            true,
            local,
            true - local,
        ],
    )


def systems():
    """Chapter 8: leashes, teachers, bottlenecks."""
    ref, r = row(".5 .3 .2"), row("0 1 2")
    tilted = [x * exp(y) for x, y in zip(ref, r, strict=True)]
    best = [x / sum(tilted) for x in tilted]
    value = {"pi": best, "logZ": log(sum(tilted)), "Er": dot(best, r), "KL": kl(best, ref)}
    yield "rlhf.opt", "reference (.5, .3, .2), rewards (0, 1, 2), β = 1", value
    value = [log(mpf(n)) - mpf(n - 1) / n for n in (4, 16, 64)]
    yield "rlhf.bon", "bounds for the best of 4, 16, 64, nats", value
    for t in (1, 4):
        p = softmax([mpf(x) / t for x in (4, 2, 0)])
        value = {"p": p, "H": entropy(p)}
        yield f"distill.T{t}", f"teacher logits (4, 2, 0) at temperature {t}", value
    value = kl(row("1 0 0"), [mpf(1) / 3] * 3)
    yield "distill.onehot", "'definitely A' from A, B or C alike, nats", value
    rho, beta = mpf(".8"), 5
    kept = log(rho**2 * (beta - 1) / (1 - rho**2)) / 2
    predicted = -log(1 - rho**2 * (1 - exp(-2 * kept))) / 2
    value = [kept, predicted, 1 / rho**2]
    yield "ib.gauss", "normal pair of correlation .8, β = 5: kept, predicted, threshold", value
    yield "ib.disc", "four skies, two marks, β = 5: kept, predicted, all there is", bottleneck(beta)
    value = [noise_contrast(rho), log(2)]
    yield "mi.infonce2", "InfoNCE with the best critic and two candidates; its cap", value


def bottleneck(beta):
    """Kept and predicted information at the end of the iteration, and the information itself."""
    skies = [[x, 1 - x] for x in row(".95 .8 .3 .1")]
    rule = [row(".9 .1")] * 2 + [row(".1 .9")] * 2
    marginal = [sum(column) / 4 for column in zip(*skies, strict=True)]
    while True:
        marks = [sum(column) / 4 for column in zip(*rule, strict=True)]
        said = [
            [sum(rule[x][t] * skies[x][y] for x in range(4)) / 4 / marks[t] for y in range(2)]
            for t in range(2)
        ]
        pairs = list(zip(marks, said, strict=True))
        scores = [[log(m) - beta * kl(sky, s) for m, s in pairs] for sky in skies]
        after = [softmax(score) for score in scores]
        moved = max(abs(a[0] - b[0]) for a, b in zip(after, rule, strict=True))
        rule = after
        if moved < mpf(10) ** -30:
            break
    return [
        sum(kl(line, marks) for line in rule) / 4,
        dot(marks, [kl(s, marginal) for s in said]),
        sum(kl(sky, marginal) for sky in skies) / 4,
    ]


def noise_contrast(rho):
    """Two candidates: log 2 less E log(1 + exp(-ρuv/2(1-ρ²))).

    Here u is the difference of the candidates and v is ρ times their sum less 2x: normal, with
    variances 2 and 4 - 2ρ² and covariance 2ρ.
    """
    points, bell = grid(8, 10)
    std, slope = sqrt(2), 2 * rho / sqrt(2)
    rest, scale = sqrt(4 - 2 * rho**2 - slope**2), rho / (2 * (1 - rho**2))
    total = mpf(0)
    for a, weight in zip(points, bell, strict=True):
        terms = [log(1 + exp(-scale * std * a * (slope * a + rest * b))) for b in points]
        total += weight * dot(bell, terms)
    return log(2) - total


TOPICS = (codes, coins, gibbs, likelihoods, beliefs, fits, encoders, estimators, systems)


def rounded(value):
    """A value as the file holds it: ten digits, infinity as a word."""
    if isinstance(value, dict):
        return {name: rounded(v) for name, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, int):
        return value
    return "inf" if value == inf else float(nstr(mp.chop(value), 10))


def facts():
    """All facts, in the order of the chapters."""
    with mp.workdps(40):
        return [
            {"id": id, "statement": statement, "value": rounded(value)}
            for topic in TOPICS
            for id, statement, value in topic()
        ]


if __name__ == "__main__":
    text = json.dumps(facts(), indent=1, ensure_ascii=False) + "\n"
    if "--check" in sys.argv[1:]:
        sys.exit(text != FILE.read_text("utf-8"))
    FILE.write_text(text, "utf-8")
