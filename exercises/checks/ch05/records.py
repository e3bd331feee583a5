"""Chapter 5, the two directions."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax

from kllib.discrete import kl_divergence
from kllib.families import kl_bernoulli
from kllib.projection import GaussianMixture, project_forward, project_reverse

from ..common import ANY, BIT, IN_BITS, INF
from ..engine import Exercise, built
from .compute import (
    careless,
    crossing,
    descent,
    ink_fits,
    products,
    slopes,
    table,
    weighed,
)
from .inputs import covariances, digit_ink, logits, places


@built
def moments():
    within, between = 0.3 * 0.25 + 0.7, 0.3 * 0.7 * 3**2
    spread, box = np.sqrt(within + between), np.log(2 * np.pi * np.e / 12) / 2
    return Exercise(
        "5.1",
        "★ Two moments and nothing else",
        answer=[1.1, spread, box],
        right="Stretch the box to any width: the third number stays. Why must it?",
        mistakes={
            "That is the variance; the question asks for s.": [ANY, spread**2, ANY],
            "Within the humps only; their centres differ, too.": [ANY, np.sqrt(within), ANY],
            "That is the spread of the two centres alone.": [ANY, np.sqrt(between), ANY],
            "Average variances, not widths; and the centres differ.": [ANY, 0.85, ANY],
            "The weights belong to the other hump.": [0.1, ANY, ANY],
            "Cross-entropy: take off the box's own entropy, log 3.": [ANY, ANY, box + np.log(3)],
            IN_BITS: [ANY, ANY, box / BIT],
            "That is the spread of a weighted sum of two draws; a mixture takes one of them.": [
                ANY,
                np.sqrt(0.09 * 0.25 + 0.49),
                ANY,
            ],
        },
    )


computable = Exercise(
    "5.2",
    "★ What can you do with it?",
    answer=[1, 2, 3, 0],
    right="For the last, train a second network to tell the two apart: it stands in for log p/q.",
    mistakes={
        "Photographs are draws; D(q‖p) needs p's density.": [2, ANY, ANY, ANY],
        "The constant is harmless, but E_p needs draws from p.": [ANY, 1, ANY, ANY],
        "The constant shifts D(q‖p) and leaves its slopes alone.": [ANY, 0, ANY, ANY],
        "Not both: the draws from the posterior are missing.": [ANY, 3, ANY, ANY],
        "The teacher can be drawn from as well as evaluated.": [ANY, ANY, 1, ANY],
        "Forward too: there are draws from the teacher.": [ANY, ANY, 2, ANY],
        "Forward needs log q, and this q cannot be evaluated.": [ANY, ANY, ANY, 1],
        "Reverse needs log p at what q draws, and no one can evaluate p.": [ANY, ANY, ANY, 2],
        "Draws on both sides, and a logarithm of neither.": [ANY, ANY, ANY, 3],
        "a: photographs are draws from p, and q can be evaluated.": [0, ANY, ANY, ANY],
        "a: only one of the two; nobody can evaluate the density of photographs.": [
            3,
            ANY,
            ANY,
            ANY,
        ],
        "c: both can be drawn from and evaluated.": [ANY, ANY, 0, ANY],
    },
)


@built
def walls():
    cover, seek = 0.7 * np.log(3.5) + 0.3 * np.log(0.75), -np.log(0.7)
    plain = (np.log(3.5) + np.log(0.75)) / 2
    holes = 0.2 * np.log(0.2 / 0.7) + 0.4 * np.log(0.2 / 0.15)
    return Exercise(
        "5.3",
        "★ Two walls",
        answer=[cover, INF, seek, INF],
        right="Here nothing is a tendency: one direction may have no gap, the other no stray mass.",
        mistakes={
            "Two fifths of that q lie where p is 0; q takes the average.": [ANY, holes, ANY, ANY],
            "That is the light piece: it costs -log 0.3.": [ANY, ANY, -np.log(0.3), ANY],
            "That q is not p: on it the log ratio is log(1/0.7).": [ANY, ANY, 0, ANY],
            "Three tenths of p lie where that q is 0.": [ANY, ANY, ANY, -0.7 * seek],
            "The weights are missing: the pieces do not come equally often.": [
                plain,
                ANY,
                ANY,
                ANY,
            ],
            IN_BITS: [cover / BIT, ANY, seek / BIT, ANY],
            "The directions stand in each other's place.": [seek, INF, cover, INF],
            "The sign: log 0.7 is negative, a divergence is not.": [ANY, ANY, -seek, ANY],
        },
    )


@built
def sure():
    forward, reverse = kl_bernoulli(0.01, [0.1, 1e-4]), kl_bernoulli([0.1, 1e-4], 0.01)
    turn = brentq(lambda t: kl_bernoulli(0.01, np.exp(t)) - forward[0], -18, -7, xtol=1e-14)
    mixed, rough = np.transpose([forward, reverse]).ravel(), 1e4 * np.exp(-forward[0] / 0.01)
    return Exercise(
        "5.4",
        "★★ Break a claim: surer than true",
        answer=[*forward, *reverse, 1e6 * np.exp(turn)],
        right="Now let p = (0.95, 0.05): does the sure candidate still win?",
        mistakes={
            "The directions are exchanged: p averages first.": [*reverse, *forward, ANY],
            "Both forward values first, please.": [*mixed, ANY],
            "In millionths, please.": [ANY, ANY, ANY, ANY, np.exp(turn)],
            "The common outcome has a term, too.": [ANY, ANY, ANY, ANY, rough],
            IN_BITS: [*forward / BIT, *reverse / BIT, ANY],
            "That is the logarithm of b.": [ANY, ANY, ANY, ANY, turn],
        },
    )


@built
def spread():
    p, seek = np.array([0.49, 0.49, 0.02]), np.array([0.98, 0.01, 0.01])
    mixed = np.array([seek, [0.45, 0.45, 0.1], np.ones(3) / 3])
    forward, reverse = kl_divergence(p, mixed), kl_divergence(mixed, p)

    def third(c):
        return kl_divergence([(1 - c) / 2, (1 - c) / 2, c], p)

    turn = brentq(lambda c: third(c) - reverse[0], 0.1, 1 / 3)
    wrong = brentq(lambda c: kl_divergence(p, [(1 - c) / 2] * 2 + [c]) - reverse[0], 0.1, 0.9)
    return Exercise(
        "5.5",
        "★★ Break a claim: reverse must seek",
        answer=[forward[0], *reverse, turn],
        right="Nearly a third of the mass may be wasted before reverse prefers the seeker.",
        mistakes={
            "The first is the forward value.": [reverse[0], ANY, ANY, ANY, ANY],
            "The last four average under q.": [ANY, *forward, ANY],
            "That c is for the spread's forward value.": [ANY, ANY, ANY, ANY, wrong],
            "At 1/3 reverse prefers the seeker already.": [ANY, ANY, ANY, ANY, 1 / 3],
            IN_BITS: [forward[0] / BIT, *reverse / BIT, ANY],
        },
    )


@built
def expectation():
    p = GaussianMixture([0.5, 0.5], [-3, 3], [1, 1])
    wide, best = project_forward(p)[:2], project_reverse(p)
    seek = best[0][:2]
    right, hump, own, flat = (
        table(p, *two)
        for two in [(wide, seek), (wide, (3, 1)), (best[2][:2], seek), ((0, 10), seek)]
    )
    return Exercise(
        "5.6",
        "★★ Under which expectation?",
        answer=right,
        right="Each wins its own column. Now say of each of the other two who draws the places.",
        mistakes={
            "Rows are the normals, columns the directions.": right.T,
            "The columns are exchanged: forward averages under p.": right[:, ::-1],
            "That is the hump itself; the best one-hump normal leans a little and is wider.": hump,
            "That cover is the reverse direction's own, a local minimum.": own,
            "kllib wants standard deviations; 10 is the variance of p.": flat,
            IN_BITS: right / BIT,
            "First row cover, second row seek.": right[::-1],
            "log 2 is the bound; the best normal leans a little and pays less.": [
                [ANY, ANY],
                [ANY, BIT],
            ],
        },
    )


@built
def widest():
    heavy, light = project_reverse(GaussianMixture([0.7, 0.3], [-5, 5], [0.3, 2]))
    both = np.array([heavy.kl, light.kl])
    return Exercise(
        "5.7",
        "★★ Break a claim: the widest hump",
        answer=[*both, light.mean, 0.5],
        digits=5,
        right="What is best and what a start finds are two questions with two answers.",
        mistakes={
            "The other way round: the heavy hump is the cheap one.": [*both[::-1], ANY, ANY],
            "Run it: from N(1, 3²) the slope leads to the other hump.": [ANY, ANY, heavy.mean, ANY],
            "Widths do not enter: q takes whatever width it finds.": [ANY, ANY, ANY, 0.3 / 2.3],
            "That is the weight it has; how heavy must it be to win?": [ANY, ANY, ANY, 0.3],
            "It need not be that heavy: the lighter of the two loses.": [ANY, ANY, ANY, 0.7],
            IN_BITS: [*both / BIT, ANY, ANY],
            "That is the mean of the hump; the fit leans a little towards the other.": [
                ANY,
                ANY,
                5,
                ANY,
            ],
        },
    )


pulls = Exercise(
    "5.8",
    "★★ The pull on a logit",
    answer=slopes,
    digits=9,
    inputs=logits(),
    right="Both rows sum to 0: raising all logits alike changes nothing.",
    mistakes={
        "Those are the slopes in q's mass, without the step from q to the logits.": (
            lambda theta, p: np.array([-p / softmax(theta), np.log(softmax(theta) / p) + 1])
        ),
        "Those lead downhill; asked are the derivatives.": lambda theta, p: -slopes(theta, p),
        "The rows stand in each other's place.": lambda theta, p: slopes(theta, p)[::-1],
        "D(q‖p) is missing in the second row: every logit moves all q.": (
            lambda theta, p: weighed(theta, p, 0)
        ),
        "The + 1 belongs to the slope in mass. In logits it cancels, and D appears.": (
            lambda theta, p: weighed(theta, p, 1)
        ),
        "exp of a large logit overflows: take the largest logit off first.": (
            lambda theta, p: careless(theta, p, np.exp(theta) / np.exp(theta).sum())
        ),
        "Where q underflows to 0 its logarithm is lost, and 0 · ∞ became NaN: take log q from the "
        "logits.": lambda theta, p: careless(theta, p, softmax(theta)),
        "Rows are the directions, columns the logits.": lambda theta, p: slopes(theta, p).T,
        "In the second row the ratio is q/p.": lambda theta, p: slopes(theta, p) * [[1], [-1]],
    },
)


factors = Exercise(
    "5.9",
    "★★ Too sure of each",
    answer=products,
    digits=9,
    inputs=covariances(),
    right="Where do the two rows agree? Only where a coordinate has nothing to do with the others.",
    mistakes={
        "The precision is one over the variance.": (
            lambda sigma: np.array([np.diag(np.linalg.inv(sigma)), np.diag(sigma)])
        ),
        "The rows stand in each other's place: reverse gives the small ones.": (
            lambda sigma: products(sigma)[::-1]
        ),
        "Both rows are forward's. Reverse inverts the whole matrix: it counts what the others tell "
        "about a coordinate.": lambda sigma: np.array([np.diag(sigma)] * 2),
        "Those are standard deviations; asked are variances.": (
            lambda sigma: np.sqrt(products(sigma))
        ),
        "That is the share of the variance that remains; asked is the variance.": (
            lambda sigma: products(sigma) / [np.diag(sigma), np.ones(len(sigma))]
        ),
    },
)


@built
def zeros_and_ones():
    ink = digit_ink()
    bare, variances, wide, ones, zeros, cut, unbiased = np.full((7, 2, 4), ANY)
    right, modes = ink_fits(ink, (0.5, 1))
    bare[:, 1], variances[:, 1] = ink.std(), right[:, 1] ** 2
    zeros[1, 2:], ones[0, 2:], wide[0, 2:] = modes[1, 0], modes[0, 1], modes[0, 2]
    cut[1, 2:] = ink_fits(ink, (1,), np.arange(-1000, 2600) / 100)[0][0, 2:]
    unbiased[:, 1] = np.sqrt(right[:, 1] ** 2 + ink.var() / (len(ink) - 1))
    wider = np.full((2, 4), ANY)
    wider[:, 1] = ink.std() + np.array([0.5, 1])
    return Exercise(
        "5.10",
        "★★ Zeros, ones and one normal",
        answer=right,
        right="Forward hardly notices the smoothing; for reverse the smoothing decided.",
        mistakes={
            "The smoothed density is wider than the data: its variance is theirs plus h².": bare,
            "Those are variances.": variances,
            "p_h is an average over all n data: divide by n, not by n - 1.": unbiased,
            "A grid from -10 to 26 cuts the widest q at four standard deviations.": cut,
            "With h = 1/2 that is a local minimum over both; the zeros cost less.": wide,
            "With h = 1/2 that is a local minimum on the ones; the zeros cost less.": ones,
            "With h = 1 that is a local minimum on the zeros; start in the middle, too.": zeros,
            "The two bandwidths stand in each other's place.": right[::-1],
            "Variances add, not widths: s² is that of the data and h².": wider,
        },
    )


by_hand = Exercise(
    "5.11",
    "★★★ Descent by hand",
    answer=descent,
    digits=6,
    inputs=places(),
    right="Set both to 0 for mean 0: s² = 1 + a s E[z tanh(a s z)]. That is the cover.",
    mistakes={
        "The entropy of q is missing. It pays for width, 1 for each unit of log s.": (
            lambda mean, std, a: descent(mean, std, a, entropy=0)
        ),
        "That is the slope in s; asked is the slope in log s, which is s times that.": (
            lambda mean, std, a: descent(mean, std, a) / [1, std]
        ),
        "Those lead downhill; asked are the derivatives.": (
            lambda mean, std, a: -descent(mean, std, a)
        ),
        "That is the gradient of the forward divergence, which knows two moments of p.": (
            lambda mean, std, a: np.array([mean / std**2, 1 - (1 + a**2 + mean**2) / std**2])
        ),
        "tanh of the mean is not the mean of tanh: average over q.": (
            lambda mean, std, a: np.array([mean - a * np.tanh(a * mean), std**2 - 1])
        ),
        "sinh and cosh overflow beyond 710, and their ratio is NaN: use np.tanh.": (
            lambda mean, std, a: descent(mean, std, a, of=lambda x: np.sinh(x) / np.cosh(x))
        ),
        "x = m + sz: in log s there is a factor s before the average, too.": (
            lambda mean, std, a: descent(mean, std, a, factor=1 / std)
        ),
    },
)


@built
def covering():
    turn, hump, cover, at_log2 = crossing()
    wide = np.sqrt(1 + turn**2)
    return Exercise(
        "5.12",
        "★★★ Where covering stops",
        answer=[turn, cover.std, abs(hump.mean), hump.kl],
        right="At the crossing three normals are best, and a hair of difference picks among them.",
        mistakes={
            "There p gets two humps; the best normal covers for longer.": [1, ANY, ANY, ANY],
            "That is the distance between the humps; a is half of it.": [2 * turn, ANY, ANY, ANY],
            "There the cover costs log 2; the hump costs a little less.": [at_log2, ANY, ANY, ANY],
            "That is the forward cover. Reverse's is narrower.": [ANY, wide, ANY, ANY],
            "The best one-hump normal leans towards the other hump.": [ANY, ANY, turn, ANY],
            "log 2 is the bound; compute the value.": [ANY, ANY, ANY, BIT],
            IN_BITS: [ANY, ANY, ANY, hump.kl / BIT],
        },
    )
