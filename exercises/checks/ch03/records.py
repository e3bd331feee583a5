"""Chapter 3, Gibbs' inequality."""

import argparse
import inspect
from pydoc_data.topics import topics

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp

from kllib.discrete import kl_divergence
from kllib.families import kl_bernoulli

from ..common import ANY, BIT, IN_BITS, IN_NATS, INF, pairs
from ..engine import Exercise, built
from .compute import ceilings, coins, frequencies, lost, split, wins, wins_without_care
from .inputs import bets, channels, tests

MARA, COAST = np.array([0.4, 0.2, 0.2, 0.1, 0.1]), np.array([0.5, 0.2, 0.1, 0.1, 0.1])


@built
def line():
    top = 1 / BIT
    height = np.log2(top) - (top - 1)
    return Exercise(
        "3.1",
        "★ A line that the logarithm crosses",
        answer=[1, 2, height],
        right="In every base but e the curve crosses the line at 1 instead of touching it.",
        mistakes={
            "That is where the curve is highest above the line, not how high.": [1, 2, top],
            "The highest place is not the middle of the interval. Where has log2 x the slope of "
            "the line?": [1, 2, np.log2(1.5) - 0.5],
            "That is the natural logarithm, which only touches the line.": [1, 1, 0],
            "At e the natural logarithm is 1. Where does log2 x meet x − 1 again?": [1, np.e, ANY],
            "The left end first, please.": [2, 1, ANY],
            "The curve is above the line here; its height over it is positive.": [1, 2, -height],
        },
    )


@built
def support():
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.3, 0.2, 0.2])
    kl = np.sum(p * np.log(p / q))
    rescaled = kl + np.log(0.7)
    return Exercise(
        "3.2",
        "★ Where the mass went",
        answer=[-0.3, kl - 0.3, kl],
        right="Divergence = gaps + lost mass, and neither of the two is ever negative.",
        mistakes={
            "The fourth ratio does not exist: sum over the support of p, and q does not sum to 1 "
            "there.": [0, ANY, ANY],
            "That is the mass q lost. The sum of p (x − 1) has the other sign.": [0.3, ANY, ANY],
            "The gaps alone make up D only where q loses no mass.": [ANY, kl, kl],
            "Under p the fourth outcome never occurs. Infinite is D(q‖p).": [ANY, ANY, INF],
            "That is D for q rescaled to sum to 1; take q as it is.": [ANY, ANY, rescaled],
            IN_BITS: [ANY, ANY, kl / BIT],
            "The first two stand in each other's place.": [kl - 0.3, -0.3, ANY],
            "The ratio is upside down under the logarithm.": [ANY, ANY, -kl],
        },
    )


@built
def merging():
    q = np.array([0.2, 0.1, 0.3, 0.2, 0.2])
    kl, unlike = kl_divergence(MARA, q), kl_divergence([0.5, 0.2, 0.2, 0.1], [0.4, 0.1, 0.3, 0.2])
    return Exercise(
        "3.3",
        "★ Merging without loss",
        answer=[kl, kl, unlike],
        right="Merging is free exactly where the ratios p/q agree.",
        mistakes={
            "That is D(q‖p): the average must be taken under p.": [
                kl_divergence(q, MARA),
                ANY,
                ANY,
            ],
            "The merged outcome is missing: it has a term of its own.": [ANY, kl - 0.6 * BIT, ANY],
            "Those are losses; asked is the divergence that is left.": [kl, 0, kl - unlike],
            "Merging adds probabilities, it does not average them.": [ANY, kl - 0.3 * BIT, ANY],
            IN_BITS: [kl / BIT, kl / BIT, ANY],
            "Clear and stormy instead of clear and cloudy, not besides.": [
                ANY,
                ANY,
                kl_divergence([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]),
            ],
        },
    )


metric = Exercise(
    "3.4",
    "★ One metric among four",
    answer="tv",
    right="Half a sum of absolute differences: it inherits the triangle of the numbers.",
    mistakes={
        "Symmetric, and no more: on unit normals at 0, 1 and 2 it gives 4 > 1 + 1.": "sum",
        "Symmetric, and no more: on unit normals at 0, 1 and 2 it gives 2 > 0.5 + 0.5.": "max",
        "On unit normals that is the distance of the means, which has a triangle. Exercise 3.7 "
        "finds coins on which it has none.": "root",
    },
)


def seen(p, q):
    return q[p > 0].sum()


missing_step = Exercise(
    "3.5",
    "★★ The missing step",
    answer=lambda p, q: -np.log(seen(p, q)),
    digits=9,
    inputs=pairs(),
    right="All that was left to know is that a part of q sums to at most 1.",
    mistakes={
        "That is the lemma's bound, 1 − E[x]. It is true, but Jensen's is sharper.": (
            lambda p, q: 1 - seen(p, q)
        ),
        "Summed over all outcomes q gives 1, and your bound is always 0. The expectation under p "
        "sees only the support of p.": lambda p, q: -np.log(q.sum()),
        "Where p = 0 = q the ratio is 0/0; yours became NaN.": (
            lambda p, q: -np.log((p * (q / p)).sum())
        ),
        "That is the left-hand side, a mean of logarithms. The box holds the logarithm of a "
        "mean.": kl_divergence,
        "A plain mean of the ratios is no expectation under p: weight them with p.": (
            lambda p, q: -np.log((q[p > 0] / p[p > 0]).mean())
        ),
        "The sign: it is −ln that is convex, and the bound is never negative.": (
            lambda p, q: np.log(seen(p, q))
        ),
        IN_BITS: lambda p, q: -np.log2(seen(p, q)),
    },
)


@built
def bounds():
    kl = kl_divergence(MARA, COAST)
    pinsker, other = ceilings(kl)
    reverse = ceilings(kl_divergence(COAST, MARA))
    return Exercise(
        "3.6",
        "★★ Two ceilings",
        answer=[0.1, pinsker, other, brentq(lambda d: np.subtract(*ceilings(d)), 1, 2)],
        right="Small divergences belong to Pinsker, large ones to Bretagnolle and Huber.",
        mistakes={
            "Total variation is half of the sum of absolute differences.": [0.2, ANY, ANY, ANY],
            "The divergence went in in bits; both bounds want nats.": [
                ANY,
                *ceilings(kl / BIT),
                ANY,
            ],
            "That divergence averages under q.": [ANY, *reverse, ANY],
            "Pinsker takes the root of half of D.": [ANY, np.sqrt(kl), ANY, ANY],
            "The root is missing from the second bound.": [ANY, ANY, other**2, ANY],
            "At 2 Pinsker's bound reaches 1; it passes the other one before.": [ANY, ANY, ANY, 2],
            "They meet at 0, and once more.": [ANY, ANY, ANY, 0],
        },
    )


@built
def root():
    right = coins(lambda a, b: kl_bernoulli(a, b) + kl_bernoulli(b, a))
    plain, roots = right[:2], right[2:]
    return Exercise(
        "3.7",
        "★★ Break a claim: symmetric, so a metric",
        answer=right,
        right="Three unit normals refute the first half of the claim, but none the second.",
        mistakes={
            "That is one direction; J is the sum of both.": coins(kl_bernoulli),
            "J is the sum of both directions, not their mean.": [*plain / 2, ANY, ANY],
            "Each leg of a detour has its own root.": [ANY, ANY, ANY, np.sqrt(plain[1])],
            "The last two stand in each other's place.": [ANY, ANY, *roots[::-1]],
            IN_BITS: [*plain / BIT, ANY, ANY],
        },
    )


processing = Exercise(
    "3.8",
    "★★ What a channel loses",
    answer=lost,
    digits=9,
    inputs=channels(),
    right="No channel makes it negative. For which is it 0?",
    mistakes={
        "That is what arrives; asked is what is lost on the way.": (
            lambda p, q, channel: kl_divergence(p @ channel, q @ channel)
        ),
        "A loss is before minus after; yours has the other sign.": (
            lambda p, q, channel: -lost(p, q, channel)
        ),
        "A row of the channel belongs to an input x, so p @ channel; channel @ p sums over y.": (
            lambda p, q, channel: kl_divergence(p, q) - kl_divergence(channel @ p, channel @ q)
        ),
        "The channel acts on both: q goes through it too.": (
            lambda p, q, channel: kl_divergence(p, q) - kl_divergence(p @ channel, q)
        ),
        "That is what D(q‖p) loses.": lambda p, q, channel: lost(q, p, channel),
        IN_BITS: lambda p, q, channel: lost(p, q, channel, base=2),
    },
)


@built
def letters():
    p, q = frequencies("".join(topics.values())), frequencies(inspect.getsource(argparse))
    (whole, merged, *within), weights = split(p, q)
    back, others = split(q, p)
    return Exercise(
        "3.9",
        "★★ Vowels and consonants",
        answer=[whole, merged, np.dot(weights, within)],
        digits=6,
        right="Whoever sees only the classes keeps the second number; the third is lost.",
        mistakes={
            "That is D(q‖p): the prose is what is read.": [*back[:2], ANY],
            "In this exercise y is a consonant.": [ANY, split(p, q, "aeiouy")[0][1], ANY],
            "Average over the two classes, do not add.": [ANY, ANY, sum(within)],
            "The second and the third are exchanged.": [ANY, whole - merged, merged],
            IN_NATS: [whole * BIT, merged * BIT, ANY],
            "The classes have the weights of the prose, which is what is read.": [
                ANY,
                ANY,
                np.dot(others, within),
            ],
        },
    )


witness = Exercise(
    "3.10",
    "★★ A witness",
    answer=lambda f, p, q: p @ f - logsumexp(f, b=q),
    digits=9,
    inputs=tests(),
    right="Whatever f it is given, it never claims more than D(p‖q).",
    mistakes={
        "A difference of two means can exceed D(p‖q). The second term is the logarithm of the mean "
        "of exp(f).": lambda f, p, q: p @ f - q @ f,
        "exp(f) overflows beyond f = 709: take the largest f out of the sum first.": (
            lambda f, p, q: p @ f - np.log(q @ np.exp(f))
        ),
        "The second mean is under q.": lambda f, p, q: p @ f - logsumexp(f, b=p),
        "The roles of p and q are exchanged.": lambda f, p, q: q @ f - logsumexp(f, b=p),
        "The weights q are missing from the mean of exp(f).": lambda f, p, q: p @ f - logsumexp(f),
        "The two terms stand in each other's place.": lambda f, p, q: logsumexp(f, b=q) - p @ f,
        IN_BITS: lambda f, p, q: (p @ f - logsumexp(f, b=q)) / BIT,
        "The logarithm of the second mean is missing.": lambda f, p, q: p @ f - q @ np.exp(f),
        "What was taken off before the exp must come back after the logarithm.": lambda f, p, q: (
            p @ f - logsumexp(f, b=q) + f.max()
        ),
        "That bound, with exp(f - 1) and no logarithm, is true and lower.": lambda f, p, q: (
            p @ f - q @ np.exp(f - 1)
        ),
    },
)


luck = Exercise(
    "3.11",
    "★★★ How often a wrong belief wins",
    answer=wins,
    digits=9,
    inputs=bets(),
    right="For which q is a win over a day most likely? Not for one far from p.",
    mistakes={
        "A tie is no win: the bill must be lower.": lambda n, p, q: wins(n, p, q, np.greater_equal),
        "Those are the chances of the right book.": lambda n, p, q: wins(n, p, q, np.less),
        "The reports come from p; a binomial with q describes a world that is not there.": (
            lambda n, p, q: wins(n, p, q, truth=q)
        ),
        "A sure belief that comes true costs nothing, but 0 · ∞ gave NaN and the win was lost.": (
            wins_without_care
        ),
        "That is a single report; count all n together.": lambda n, p, q: wins(1, p, q),
        "All n may be ones: k goes from 0 to n.": lambda n, p, q: wins(n, p, q, last=n),
        "The binomial coefficient is missing: k ones come in many orders.": lambda n, p, q: wins(
            n, p, q, orders=False
        ),
        "That is the bound you are to prove; asked is the probability.": lambda n, p, q: (
            (np.sqrt(p * q) + np.sqrt((1 - p) * (1 - q))) ** n
        ),
    },
)


@built
def projection():
    t = (1 + np.sqrt(13)) / 2
    star = t ** np.arange(3) / (1 + t + t * t)
    kl = np.log(3) + star @ np.log(star)
    line = np.array([1, 4, 7]) / 12
    reverse, linear = kl_divergence([1 / 3] * 3, star), kl_divergence(line, [1 / 3] * 3)
    return Exercise(
        "3.12",
        "★★★ The foot of the perpendicular",
        answer=[t, kl, 0.3 * np.log(t), 0],
        right="The surplus is ln t for each unit of mean beyond the wall, whatever else p does.",
        mistakes={
            "That is ln t; the question asks for the ratio t.": [np.log(t), ANY, ANY, ANY],
            "That is D(q‖p*): the projection is the first argument.": [ANY, reverse, ANY, ANY],
            "A straight line through q has the right mean and too large a divergence: tilt q "
            "exponentially.": [ANY, linear, ANY, ANY],
            "Equality needs p on the wall, with mean 1.5. The first lies beyond.": [ANY, ANY, 0, 0],
            "The surplus is D(p‖q) less the other two: its sign.": [ANY, ANY, -0.3 * np.log(t), 0],
            IN_BITS: [ANY, kl / BIT, ANY, ANY],
        },
    )
