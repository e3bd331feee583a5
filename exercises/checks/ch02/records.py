"""Chapter 2, the divergence."""

import argparse
import inspect
from pydoc_data.topics import topics

import numpy as np

from kllib.discrete import (
    cross_entropy,
    entropy,
    kl_contributions,
    kl_divergence,
    mutual_information,
)
from kllib.families import kl_bernoulli, kl_normal

from ..common import ANY, BIT, IN_BITS, IN_NATS, INF, LETTERS, letter_counts, pairs
from ..engine import Exercise, built
from .compute import both_ways, integrated, product, terms
from .inputs import joint_tables


@built
def by_hand():
    heads, tails = terms(np.array([0.7, 0.3]), np.array([0.4, 0.6]))
    mistakes = {
        "That is D(q‖p). Average under p: the weights are 0.7 and 0.3.": kl_bernoulli(0.4, 0.7),
        "That is the term of heads alone; tails give some of it back.": heads,
        "The log-ratios stand there without their weights 0.7 and 0.3.": heads / 0.7 + tails / 0.3,
        "The ratio is upside down: p belongs above q.": -heads - tails,
        "The term of tails is negative and must stay so.": heads - tails,
        IN_BITS: (heads + tails) / BIT,
        "That is the cross-entropy: take off the entropy of p.": cross_entropy(
            [0.7, 0.3], [0.4, 0.6]
        ),
        "That adds up both directions; only D(p‖q) is asked.": both_ways(
            [0.7, 0.3], [0.4, 0.6]
        ).sum(),
        "Those are logarithms to base 10; nats are natural ones.": (heads + tails) / np.log(10),
    }
    right = "Now swap the coins: the other direction costs a little more."
    title = "★ Two bent coins, by hand"
    return Exercise("2.1", title, answer=heads + tails, right=right, mistakes=mistakes)


@built
def coin_twice():
    fair, bent = np.array([0.5, 0.5]), np.array([0.99, 0.01])
    first, second = both_ways(bent, fair) / BIT
    paid, entropy_bent = cross_entropy(fair, bent, base=2), entropy(bent, base=2)
    share_of_excess = 0.5 * np.log2(0.5 / 0.01) / second
    return Exercise(
        "2.2",
        "★ The coin twice",
        answer=[first, second, 0.5 * np.log2(1 / 0.01) / paid],
        right="Sure and wrong costs two and a half times as much as needlessly unsure.",
        mistakes={
            "Those are the cross-entropies, all that is paid. The divergence is what is paid too "
            "much: take off the entropy of the true coin.": [1, paid, ANY],
            "Those are entropies: what you believe is not in them.": [entropy_bent, 1, ANY],
            "The first two costs stand in each other's place.": [second, first, ANY],
            "A share above 1 is tails' share of the divergence, where heads give something back; "
            "the question asks for the share of the cross-entropy.": [ANY, ANY, share_of_excess],
            "That share belongs to the first situation.": [ANY, ANY, 0.01],
            IN_NATS: [first * BIT, second * BIT, ANY],
            "That is tails' share of the tosses; asked is their share of the bill.": [
                ANY,
                ANY,
                0.5,
            ],
        },
    )


@built
def zero():
    forward, backward = np.log(0.5 / 0.4), 0.8 * np.log(0.4 / 0.5)
    floored = backward + 0.2 * np.log(0.2 / 1e-12)
    return Exercise(
        "2.3",
        "★ A source with a zero",
        answer=[forward, INF],
        right="A model may waste belief on what never happens, but not deny what does.",
        mistakes={
            "The other way round: what cannot be paid for is to meet the third symbol after "
            "calling it impossible.": [INF, forward],
            "Only one is infinite: where p = 0 the term is 0, whatever q is.": [INF, INF],
            "The third term is missing from D(q‖p), and it is not 0. A negative divergence always "
            "means that something was dropped.": [ANY, backward],
            "A small number in place of the zero gives a D(q‖p) that only reports how small the "
            "number was.": [ANY, floored],
            IN_BITS: [forward / BIT, ANY],
            "The sign: q is positive there and log(q/0) is +∞.": [ANY, -INF],
            "q may not be rescaled: what it spends on the third symbol is lost.": [0, ANY],
        },
    )


overlap = Exercise(
    "2.4",
    "★ Is overlap enough?",
    answer="neither",
    right="Halve the shift, and halve it again: both stay infinite until it is 0.",
    mistakes={
        "Overlap is not enough: half of p lies on [0, 0.5], where q is 0.": "both",
        "Half of p lies on [0, 0.5], where q is 0: what does that half contribute?": "first",
        "Half of q lies on [1, 1.5], where p is 0, and D(q‖p) averages under q.": "second",
    },
)


own_function = Exercise(
    "2.5",
    "★★ A function that survives zeros",
    answer=kl_divergence,
    digits=9,
    inputs=pairs(),
    right="Now time it against kl_divergence on a million symbols.",
    mistakes={
        "That is D(q‖p): the average must be taken under p.": lambda p, q: kl_divergence(q, p),
        "Terms with p = 0 must contribute 0; yours became NaN.": lambda p, q: terms(p, q).sum(),
        "Where q = 0 < p the term is infinite; yours was left out.": (
            lambda p, q: terms(p, q)[(p > 0) & (q > 0)].sum()
        ),
        "A small constant in the logarithm turns an infinite divergence into any number.": (
            lambda p, q: (p * np.log((p + 1e-12) / (q + 1e-12))).sum()
        ),
        "Sum the terms, do not average them: p is the weight already.": (
            lambda p, q: kl_divergence(p, q) / len(p)
        ),
        IN_BITS: lambda p, q: kl_divergence(p, q, base=2),
        "A zero of q is infinite only where p has mass.": lambda p, q: (
            INF if (q == 0).any() else kl_divergence(p, q)
        ),
        "1e-300 is a small constant, too.": lambda p, q: (
            p * np.log((p + 1e-300) / (q + 1e-300))
        ).sum(),
        "Those are the terms; the divergence is their sum.": kl_contributions,
    },
)


@built
def sign():
    p, q = np.array([0.5, 0.5]), np.array([0.9, 0.1])
    h, cross = entropy(p), cross_entropy(p, q)
    return Exercise(
        "2.6",
        "★★ A sign in a formula",
        answer=[h, cross, cross - h],
        right="Cross-entropy = entropy + divergence: training moves only the last of the three.",
        mistakes={
            "Entropy first, then cross-entropy.": [cross, h, ANY],
            "That is the printed formula, and it is negative, which no divergence is: −Σ p log q "
            "enters with a plus.": [ANY, ANY, -h - cross],
            "Σ p log p is −H(p), not H(p): the logarithm of a probability is ≤ 0.": [-h, ANY, ANY],
            "That is −D(p‖q): a wrong belief costs more, not less.": [ANY, ANY, h - cross],
            "That cross-entropy averages under q. The coin that falls is p.": [ANY, h, ANY],
            IN_BITS: np.array([h, cross, cross - h]) / BIT,
        },
    )


@built
def claim():
    near_0, near_1 = kl_bernoulli(0.2, 0.01), kl_bernoulli(0.2, 0.99)
    swapped = [kl_bernoulli(0.01, 0.2), kl_bernoulli(0.99, 0.2), ANY]
    return Exercise(
        "2.7",
        "★★ Break a claim",
        answer=[near_0, near_1, 4],
        right="The claim forgets the weight before the logarithm. For which p would it be true?",
        mistakes={
            "That is D(q‖p): 0.2 is the truth here, and the average is under it.": swapped,
            "That is the ratio at ε = 0.01; the limit is smaller.": [ANY, ANY, near_1 / near_0],
            "Both costs grow without bound, but not at one rate.": [ANY, ANY, 1],
            "Upside down: the cost near 1 belongs above.": [ANY, ANY, 0.25],
            IN_BITS: [near_0 / BIT, near_1 / BIT, ANY],
            "Both ends have a weight: 0.8 over 0.2.": [ANY, ANY, 0.8],
        },
    )


@built
def chain():
    p_x, q_x = np.array([0.6, 0.4]), np.array([0.5, 0.5])
    p_y, q_y = np.array([[0.9, 0.1], [0.3, 0.7]]), np.array([[0.7, 0.3], [0.4, 0.6]])
    rows = kl_divergence(p_y, q_y)
    x, y = kl_divergence(p_x, q_x), kl_divergence(p_x @ p_y, q_x @ q_y)
    mean = p_x @ rows
    return Exercise(
        "2.8",
        "★★ The chain rule on four cells",
        answer=[x, mean, x + mean],
        right="They differ little about the weather and much about what follows from it.",
        mistakes={
            "Average the rows under P: its weights are 0.6 and 0.4.": [ANY, q_x @ rows, ANY],
            "Average the rows, do not add them.": [ANY, sum(rows), ANY],
            "That first part is the divergence of Y; X is the weather.": [y, ANY, ANY],
            "Marginal divergences add up for independent parts only.": [ANY, ANY, x + y],
            IN_BITS: np.array([x, mean, x + mean]) / BIT,
        },
    )


information = Exercise(
    "2.9",
    "★★ Information is a divergence",
    answer=lambda joint: mutual_information(joint, base=2),
    digits=9,
    inputs=joint_tables(),
    right="Try joint.T: I is symmetric in X and Y, although D is not in its arguments.",
    mistakes={
        "That is D(product‖joint): the average must be taken under the joint.": (
            lambda joint: kl_divergence(product(joint), joint, axis=(0, 1), base=2)
        ),
        "That is the divergence from the uniform table, not from the product of the marginals.": (
            lambda joint: np.log2(joint.size) - entropy(joint, axis=(0, 1), base=2)
        ),
        "Cells with probability 0 must contribute 0; yours became NaN.": (
            lambda joint: terms(joint, product(joint)).sum() / BIT
        ),
        IN_NATS: mutual_information,
        "That is the entropy of X; information is what Y takes off it.": lambda joint: entropy(
            joint.sum(axis=1), base=2
        ),
        "That is what stays unknown of X when Y is known.": lambda joint: (
            entropy(joint, axis=(0, 1), base=2) - entropy(joint.sum(axis=0), base=2)
        ),
        "The sign: a divergence is not negative.": lambda joint: -mutual_information(joint, base=2),
    },
)


@built
def letters():
    prose, source = "".join(topics.values()), inspect.getsource(argparse)
    p, q = letter_counts(prose), letter_counts(source)
    smoothed = both_ways((p + 1) / (p + 1).sum(), (q + 1) / (q + 1).sum()) / BIT
    small = [np.array([text.count(letter) for letter in LETTERS]) for text in (prose, source)]
    small = both_ways(*[counts / counts.sum() for counts in small]) / BIT
    p, q = p / len(prose), q / len(source)
    unequal = [terms(p, q).sum() / BIT, terms(q, p).sum() / BIT]
    p, q = p / p.sum(), q / q.sum()
    forward, backward = both_ways(p, q) / BIT
    paid = [cross_entropy(p, q, base=2), cross_entropy(q, p, base=2)]
    return Exercise(
        "2.10",
        "★★ English at Python's prices",
        answer=[forward, backward],
        digits=6,
        right="Single letters hardly tell the two apart. Try all characters, or pairs of letters.",
        mistakes={
            "In each other's place: the first averages over the prose.": [backward, forward],
            "Those are cross-entropies: take off what the right code would cost.": paid,
            "Divide by the number of letters, not of characters: p and q must sum to 1.": unequal,
            "Capitals count as small letters: text.lower() first.": small,
            "Both texts have every letter: nothing needs smoothing here.": smoothed,
            IN_NATS: [forward * BIT, backward * BIT],
        },
    )


bound = Exercise(
    "2.11",
    "★★★ How negative can a term be?",
    answer=[1 / np.e, -0.3 / np.e, -1 / np.e],
    right="So all negative bars together are shorter than 0.37 nats, whatever their number.",
    mistakes={
        "p = q makes the term 0. Its derivative has two parts: p stands before the logarithm and "
        "inside it.": [1, ANY, ANY],
        "Upside down: the smallest term has p below q.": [np.e, ANY, ANY],
        "That is the bound for q = 1; the term scales with q.": [ANY, -1 / np.e, ANY],
        "There is a bound: no term is below −q/e, and what do the q add up to?": [ANY, ANY, -INF],
        "Only the sum of all terms is ≥ 0; the negative ones alone are not.": [ANY, ANY, 0],
        IN_BITS: [ANY, -0.3 / np.e / BIT, ANY],
    },
)


integral = Exercise(
    "2.12",
    "★★★ The integral and the formula",
    answer=kl_normal,
    digits=6,
    inputs=(
        (0, 1, 1, 1),
        (0, 1, 0, 2),
        (0, 2, 0, 1),
        (1, 0.5, 1, 0.5),
        (0, 1, 0, 0.1),
        (30, 0.1, 30.2, 0.1),
        (-500, 3, -490, 4),
    ),
    right="Units of p's own width make it safe. Now try a p with two modes far apart.",
    mistakes={
        "That is D(q‖p): the density of p weights the integrand.": (
            lambda m, s, n, t: kl_normal(n, t, m, s)
        ),
        "The scales are standard deviations; yours are taken for variances.": (
            lambda m, s, n, t: kl_normal(m, np.sqrt(s), n, np.sqrt(t))
        ),
        "Far out both densities underflow to 0 and the integrand is NaN: subtract log-densities.": (
            integrated(-INF, INF, in_logs=False)
        ),
        "Over a wide range the quadrature steps over a narrow p without seeing it: put the range "
        "where p is.": integrated(-INF, INF),
        "A fixed range from −10 to 10 misses a p that lies outside it.": integrated(-10, 10),
        IN_BITS: lambda *four: kl_normal(*four) / BIT,
    },
)
