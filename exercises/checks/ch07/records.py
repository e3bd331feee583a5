"""Chapter 7, divergence from samples."""

from functools import partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from kllib.discrete import kl_divergence
from kllib.estimators import k1, k2, k3, kl_knn
from kllib.families import kl_bernoulli

from ..common import ANY, BIT, IN_BITS
from ..engine import Exercise, built
from . import compute as est
from .inputs import conditioned, logits, markov, rates, shifts, tumours, weighed


@built
def by_hand():
    p, q, kinds = np.array([0.8, 0.2]), np.array([0.6, 0.4]), (k1, k2, k3)
    u = np.log(q / p)
    right = np.array([p @ k(u) for k in kinds])
    return Exercise(
        "7.1",
        "★ Three estimates by hand",
        answer=right,
        right="The first and the third agree, as they must. How far off is the second?",
        mistakes={
            "The draws come from p: it has the weights.": [q @ k(u) for k in kinds],
            "The ratio is upside down: r = q/p, drawn from p.": [p @ k(-u) for k in kinds],
            "The two outcomes do not come equally often.": [k(u).mean() for k in kinds],
            "Half the square, in the second.": [ANY, 2 * right[1], ANY],
            "The square of the mean is not the mean of the square.": [ANY, right[0] ** 2 / 2, ANY],
            IN_BITS: [right[0] / BIT, ANY, ANY],
            "The last two stand in each other's place.": [ANY, right[2], right[1]],
            "k2 is biased: its mean is not D.": [ANY, right[0], ANY],
        },
    )


matching = Exercise(
    "7.2",
    "★ Which functions will do?",
    answer=[0.5, 0.5, 4],
    right="The second is p/q − 1, halved: a mean of χ²(p‖q)/2, with first-order noise.",
    mistakes={
        "g''(0) = 1 is not enough where g'(0) is not 0: it is g'' − g' that must be 1.": [
            ANY,
            1,
            -4,
        ],
        "The sign: g'' − g' = 1, not g'' + g' = 1.": [ANY, ANY, -4 / 3],
        "E t² is twice the divergence: halve it.": [1, ANY, ANY],
        "That makes g' equal to k1's; for this g'' is not 0.": [ANY, 1, 2],
        "E t² is twice the divergence: a half makes it right, a quarter too little.": [
            0.25,
            ANY,
            ANY,
        ],
    },
)


@built
def winner():
    delta = 2
    std = np.array([delta, np.sqrt(delta**4 / 2 + delta**6 / 4), np.sqrt(np.expm1(4) - 4)])
    turn = brentq(lambda v: np.expm1(v) - 2 * v, 1, 2)
    return Exercise(
        "7.3",
        "★ Which wins at two?",
        answer=[*std, np.sqrt(turn)],
        right="The one that may be negative wins; being non-negative is no virtue by itself.",
        mistakes={
            "Those are variances.": [*std**2, ANY],
            "Those are divided by the divergence; asked is the spread in nats.": [*std / 2, ANY],
            "k2 has a mean of its own, 4; take its square off.": [
                ANY,
                np.sqrt(std[1] ** 2 + 16),
                ANY,
                ANY,
            ],
            "That is the distance from D; the spread is about k2's own mean, 4.": [
                ANY,
                np.sqrt(std[1] ** 2 + 4),
                ANY,
                ANY,
            ],
            "The covariance of log r and r is missing: it takes 2δ² off.": [
                ANY,
                ANY,
                np.sqrt(np.expm1(4) + 4),
                ANY,
            ],
            "That is δ², the solution of e^v = 1 + 2v; asked is δ.": [ANY, ANY, ANY, turn],
            "That is the divergence there; asked is δ.": [ANY, ANY, ANY, turn / 2],
            "In the order k1, k2, k3, please.": [*std[::-1], ANY],
            "That is the spread of r alone; k3 has log r as well.": [
                ANY,
                ANY,
                np.sqrt(np.expm1(4)),
                ANY,
            ],
        },
    )


@built
def misprint():
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.3, 0.5, 0.2])
    lam = est.best(p, q)
    stds = [est.control(p, q, x)[1] for x in (0, 1, -1)]
    from_q = [*[est.spread(q, -np.log(q / p) + x * (q / p - 1)) for x in (0, 1, -1)], ANY]
    return Exercise(
        "7.4",
        "★★ Spot the sign",
        answer=[*stds, -lam],
        right="A fitted λ forgives the misprint, by coming out negative. A fixed one does not.",
        mistakes={
            "Plus is k3: exchange the second and the third.": [ANY, stds[2], stds[1], ANY],
            "That is for the right formula; here it changes sign.": [ANY, ANY, ANY, lam],
            "Those are variances.": [*np.square(stds), ANY],
            "Only one direction is in that numerator; it takes both.": [
                ANY,
                ANY,
                ANY,
                -kl_divergence(p, q) / (p @ (q / p - 1) ** 2),
            ],
            "χ² averages under p: that one is χ²(p‖q).": [
                ANY,
                ANY,
                ANY,
                -lam * (p @ (q / p - 1) ** 2) / (q @ (p / q - 1) ** 2),
            ],
            "The draws come from p.": from_q,
        },
    )


perfect = Exercise(
    "7.5",
    "★★ A perfect control",
    answer=est.coin_lambda,
    digits=6,
    inputs=rates(),
    right="With λ* a single draw is enough, whatever it is. Why do three outcomes spoil that?",
    mistakes={
        "That is k3's λ, for every pair.": lambda p, q: 1.0,
        "The sign: the control variate is + λ(r − 1).": lambda p, q: -est.coin_lambda(p, q),
        "0/0 at p = q: the slope of log at 1 is the limit.": est.coin_undefined,
        "D(q‖p) is missing: the covariance is both.": partial(est.coin_lambda, numerator="forward"),
        "D(p‖q) is missing: the covariance is both.": partial(est.coin_lambda, numerator="reverse"),
        "Var r under p is χ²(q‖p), not χ²(p‖q).": est.coin_other_chi,
        "Var r is (q - p)²/p(1 - p): the last two factors are missing.": lambda p, q: (
            est.coin_lambda(p, q, chi=1)
        ),
    },
)


moments = Exercise(
    "7.6",
    "★★ Exact moments",
    answer=est.control,
    digits=9,
    inputs=weighed(),
    right="Where q has mass that p lacks, the mean is low by λ times that mass. Did you see it?",
    mistakes={
        "Drop the outcomes with p = 0: they are never drawn, and 0 · ∞ is NaN.": est.blind,
        "Weigh by p: the outcomes do not come equally often.": est.even,
        "The sign: + λ(r − 1), which is k3 at λ = 1.": partial(est.control, sign=-1),
        "The second is the variance.": lambda p, q, lam: est.control(p, q, lam) ** [1, 2],
        "The mean is D(p‖q) only if E[r] = 1: q may have mass outside p.": est.assumed,
        "The ratio is upside down: r = q/p, drawn from p.": est.upside_down,
        "That is the root of the mean square: take off the square of the mean.": lambda p, q, lam: (
            np.array([est.control(p, q, lam)[0], np.hypot(*est.control(p, q, lam))])
        ),
    },
)


@built
def top_three():
    lost, kept = 0.15, 0.85
    d = -np.log(kept)
    return Exercise(
        "7.7",
        "★★ The best three of five",
        answer=[d, d - lost, 0, kept],
        right="A report of 0.0125 ± 0, and D is thirteen times that. Only the mean of r tells.",
        mistakes={
            "Renormalise what is left: the sampler's probabilities sum to 1.": [0, ANY, ANY, ANY],
            "The sign: q is smaller than p wherever p draws.": [-d, ANY, ANY, ANY],
            "That is k1's mean, too: E[r] − 1 is −0.15 here, not 0.": [ANY, d, ANY, ANY],
            "E[r] − 1 is negative: it lowers the mean.": [ANY, d + lost, ANY, ANY],
            "r is averaged over what can be drawn, and there it is 0.85.": [ANY, ANY, ANY, 1],
            "The three share all the mass of p, not 0.85.": [kept * d, ANY, ANY, ANY],
            IN_BITS: [d / BIT, ANY, ANY, ANY],
            "Infinite is D(q‖p): p draws nothing that q lacks.": [np.inf, ANY, ANY, ANY],
            "Upside down: r is q/p.": [ANY, ANY, ANY, 1 / kept],
        },
    )


gradients = Exercise(
    "7.8",
    "★★ The draws held still",
    answer=est.held,
    digits=9,
    inputs=logits(),
    right="Rows: nothing, D(p‖q), D(q‖p). The estimate with the exact mean has the wrong slope.",
    mistakes={
        "The slope of log r is minus the score: the sign.": partial(est.held, sign=1),
        "Those are the gradients as a reward: k times the score.": est.weighted,
        "Those are the gradients of the means; hold the draws.": est.whole,
        "The score is one-hot minus p: every logit moves all of p.": partial(est.held, lift=0),
        "Average over draws from p: the weights are missing.": partial(est.held, weights=1),
        "The first row is 0: the mean score. Autodiff does not see p move.": est.first_moved,
        "The third row is the slope of D(q‖p), which is p − q.": est.third_same,
        "Rows are k1, k2, k3; columns the logits.": lambda theta, q: est.held(theta, q).T,
        "The one half of k2 goes when the square is differentiated.": lambda theta, q: (
            est.held(theta, q) * [[1], [0.5], [1]]
        ),
        "The square is halved: no 2 is left in the slope of k2.": lambda theta, q: (
            est.held(theta, q) * [[1], [2], [1]]
        ),
        "First k1, then k2, then k3.": lambda theta, q: est.held(theta, q)[::-1],
    },
)


@built
def neighbours():
    pairs = tumours(), tumours()[::-1]
    near, first = ([kl_knn(*pair, k=k) for pair in pairs] for k in (5, 1))
    fitted, apart = ([est.normals(*pair, keep) for pair in pairs] for keep in (1, 0))
    return Exercise(
        "7.9",
        "★★ Two kinds of tumour",
        answer=[*near, *fitted],
        digits=3,
        right="Neither pair is the truth. One assumes a shape, the other that 212 points are many.",
        mistakes={
            "Those are with the nearest neighbour; k = 5 was asked.": [*first, ANY, ANY],
            "The directions stand in each other's place.": [*near[::-1], *fitted[::-1]],
            "The covariance is missing: radius and texture hang together.": [ANY, ANY, *apart],
            "The normals stand first; asked are the neighbours first.": [*fitted, *near],
            IN_BITS: np.array([*near, *fitted]) / BIT,
        },
    )


@built
def prefix():
    a, (zero, one) = expit(-0.4), kl_bernoulli(expit(np.array([2, 0.8])), 0.5)
    local, missing = a * (1 - a) * -0.4, a * (1 - a) * (one - zero)
    return Exercise(
        "7.10",
        "★★ What the prefix decides",
        answer=[local + missing, local, missing],
        right="Both raise the first logit; the local slope knows three fifths of the reason.",
        mistakes={
            "Turn the missing part: one minus zero.": [local - missing, ANY, -missing],
            "dp/dθ = p(1 − p) of the first token is missing.": [ANY, -0.4, one - zero],
            "That is the slope of D(q‖p): average under the policy.": [ANY, a - 0.5, ANY],
            "True and local stand in each other's place.": [local, local + missing, ANY],
            "The score has mean 0, but its product with d₂ has not.": [ANY, ANY, 0],
            IN_BITS: [ANY, local / BIT, ANY],
        },
    )


infinite = Exercise(
    "7.11",
    "★★★ Where the variance ends",
    answer=est.wide,
    digits=6,
    inputs=shifts(),
    right="The shift does not matter for whether it is finite. Compare D at std 1.41 and 1.42.",
    mistakes={
        "From a variance of 2 on the integral of q²/p diverges: inf.": est.undefined,
        "That is the variance; asked is the standard deviation.": partial(est.wide, squared=True),
        "The covariance comes off: large r goes with large log r.": partial(est.wide, sign=1),
        "The covariance is both divergences; D(q‖p) is missing.": partial(
            est.wide, directions=(1, 0)
        ),
        "The covariance is both divergences; D(p‖q) is missing.": partial(
            est.wide, directions=(0, 1)
        ),
        "log r varies as well: its own variance is missing.": est.of_ratio,
        "std is a standard deviation; square it.": est.not_squared,
        "The covariance comes off twice.": partial(est.wide, sign=-0.5),
    },
)


@built
def claim():
    weight, drawn, exact = markov()
    within, fair, passed = conditioned()
    stds = [est.spread(weight, v) for v in (drawn, exact)]
    right = [weight @ drawn, *stds, 0, est.spread(within, passed)]
    backward = markov(((0.7, 0.3), (0.2, 0.8)), ((0.9, 0.1), (0.4, 0.6)))
    return Exercise(
        "7.12",
        "★★★ Break a claim: never more variance",
        answer=right,
        right="Each term has less variance. The sum has the covariances as well.",
        mistakes={
            "The chains are exchanged.": [backward[0] @ backward[1], ANY, ANY, ANY, ANY],
            "Weigh the sequences by p.": [drawn.mean(), ANY, ANY, ANY, ANY],
            "Those are variances.": [ANY, right[1] ** 2, right[2] ** 2, ANY, ANY],
            "log p − log q is one constant on all that p draws.": [ANY, ANY, ANY, fair[0], ANY],
            "The exact terms vary: after a 1 only a 0 may follow.": [ANY, ANY, ANY, ANY, 0],
            IN_BITS: [right[0] / BIT, ANY, ANY, ANY, ANY],
            "The two spreads of a stand in each other's place.": [ANY, stds[1], stds[0], ANY, ANY],
        },
    )
