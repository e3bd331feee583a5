"""Chapter 7, divergence from samples."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from kllib.discrete import kl_divergence
from kllib.estimators import k1, k2, k3, kl_knn
from kllib.families import kl_bernoulli, kl_mvn

from .estimates import (
    best,
    blind,
    chi_square,
    coin_lambda,
    control,
    even,
    held,
    spread,
    weighted,
    wide,
)
from .inputs07 import conditioned, logits, markov, rates, shifts, tumours, weighed
from .records import Exercise

__all__ = ["EXERCISES"]

ANY, BIT = np.nan, np.log(2)
IN_BITS = "Right size, wrong unit: that is in bits, the question asks for nats."


def by_hand():
    p, q = np.array([0.8, 0.2]), np.array([0.6, 0.4])
    u = np.log(q / p)
    right = np.array([p @ k(u) for k in (k1, k2, k3)])
    return Exercise(
        "7.1",
        "★ Three estimates by hand",
        answer=right,
        right="The first and the third agree, as they must. How far off is the second?",
        mistakes={
            "The draws come from p: its probabilities are the weights.": [
                q @ k(u) for k in (k1, k2, k3)
            ],
            "The ratio is upside down: r = q/p where p is drawn from.": [
                p @ k(-u) for k in (k1, k2, k3)
            ],
            "Weigh the two outcomes by p: they do not come equally often.": [
                k(u).mean() for k in (k1, k2, k3)
            ],
            "Half the square, in the second.": [ANY, 2 * right[1], ANY],
            "The square of the mean is not the mean of the square.": [ANY, right[0] ** 2 / 2, ANY],
            IN_BITS: [right[0] / BIT, ANY, ANY],
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
    },
)


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
                *[ANY, np.sqrt(std[1] ** 2 + 16), ANY, ANY]
            ],
            "That is the distance from D; the spread is about k2's own mean, 4.": [
                *[ANY, np.sqrt(std[1] ** 2 + 4), ANY, ANY]
            ],
            "The covariance of log r and r is missing: it takes 2δ² off.": [
                *[ANY, ANY, np.sqrt(np.expm1(4) + 4), ANY]
            ],
            "That is δ², the solution of e^v = 1 + 2v; asked is δ.": [ANY, ANY, ANY, turn],
            "That is the divergence there; asked is δ.": [ANY, ANY, ANY, turn / 2],
        },
    )


def misprint():
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.3, 0.5, 0.2])
    lam = best(p, q)
    stds = [control(p, q, x)[1] for x in (0, 1, -1)]
    return Exercise(
        "7.4",
        "★★ Spot the sign",
        answer=[*stds, -lam],
        right="A fitted λ forgives the misprint, by coming out negative. A fixed one does not.",
        mistakes={
            "The second and the third stand in each other's place: plus is k3.": [
                *[ANY, stds[2], stds[1], ANY]
            ],
            "That is the best λ of the right formula. In the other it changes sign.": [
                *[ANY, ANY, ANY, lam]
            ],
            "Those are variances.": [*np.square(stds), ANY],
            "Only one direction is in that numerator; it takes both.": [
                *[ANY, ANY, ANY, -kl_divergence(p, q) / (p @ (q / p - 1) ** 2)]
            ],
            "χ² averages under p: that one is χ²(p‖q).": [
                *[ANY, ANY, ANY, -lam * (p @ (q / p - 1) ** 2) / (q @ (p / q - 1) ** 2)]
            ],
        },
    )


perfect = Exercise(
    "7.5",
    "★★ A perfect control",
    answer=coin_lambda,
    digits=6,
    inputs=rates(),
    right="With λ* a single draw is enough, whatever it is. Why do three outcomes spoil that?",
    mistakes={
        "That is k3's λ, for every pair.": lambda p, q: 1.0,
        "The sign: the control variate is + λ(r − 1).": lambda p, q: -coin_lambda(p, q),
        "0/0 at p = q: the slope of log at 1 is the limit.": (
            lambda p, q: np.nan if p == q else coin_lambda(p, q)
        ),
        "One divergence is missing: the covariance is the sum of both directions.": (
            lambda p, q: coin_lambda(p, q, "forward")
        ),
        "The other divergence is missing, D(p‖q).": lambda p, q: coin_lambda(p, q, "reverse"),
        "That is with χ²(p‖q); the variance of r under p is χ²(q‖p).": (
            lambda p, q: coin_lambda(p, q, chi=q * (1 - q))
        ),
    },
)


moments = Exercise(
    "7.6",
    "★★ Exact moments",
    answer=control,
    digits=9,
    inputs=weighed(),
    right="Where q has mass that p lacks, the mean is low by λ times that mass. Did you see it?",
    mistakes={
        "Drop the outcomes with p = 0: they are never drawn, and 0 · ∞ is NaN.": blind,
        "Weigh by p: the outcomes do not come equally often.": even,
        "The sign: + λ(r − 1), which is k3 at λ = 1.": lambda p, q, lam: control(p, q, lam, -1),
        "The second is the variance.": lambda p, q, lam: control(p, q, lam) ** [1, 2],
        "The mean is not D(p‖q) where q has mass outside p: E[r] is less than 1 there.": (
            lambda p, q, lam: np.array([kl_divergence(p, q), control(p, q, lam)[1]])
        ),
        "The ratio is upside down: r = q/p where p is drawn from.": (
            lambda p, q, lam: control(p, p**2 / q, lam)
        ),
    },
)


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
            "The sign: the model is smaller than the sampler wherever it is drawn.": [
                *[-d, ANY, ANY, ANY]
            ],
            "That is k1's mean, too: E[r] − 1 is −0.15 here, not 0.": [ANY, d, ANY, ANY],
            "E[r] − 1 is negative: it lowers the mean.": [ANY, d + lost, ANY, ANY],
            "r is averaged over what can be drawn, and there it is 0.85.": [ANY, ANY, ANY, 1],
            "Under the sampler the three share all the mass, not 0.85 of it.": [
                *[kept * d, ANY, ANY, ANY]
            ],
            IN_BITS: [d / BIT, ANY, ANY, ANY],
        },
    )


gradients = Exercise(
    "7.8",
    "★★ The draws held still",
    answer=held,
    digits=9,
    inputs=logits(),
    right="Rows: nothing, D(p‖q), D(q‖p). The estimate with the exact mean has the wrong slope.",
    mistakes={
        "Those lead uphill and downhill exchanged: the slope of log r is minus the score.": (
            lambda theta, q: held(theta, q, sign=1)
        ),
        "Those are the gradients as a reward: k times the score.": weighted,
        "Those are the gradients of the means; with the draws held, half of each is lost.": (
            lambda theta, q: held(theta, q) + weighted(theta, q)
        ),
        "The score is the one-hot vector minus p: every logit moves all of p.": (
            lambda theta, q: held(theta, q, lift=0.0)
        ),
        "Average over draws from p: the weights are missing.": (
            lambda theta, q: held(theta, q, weights=1)
        ),
        "The first row is 0: the mean of the score. Autodiff does not see the sampler move.": (
            lambda theta, q: held(theta, q)[[1, 1, 2]]
        ),
        "The third row is the slope of D(q‖p), q − p with the sign turned.": (
            lambda theta, q: held(theta, q)[[0, 1, 1]]
        ),
    },
)


def neighbours():
    def both(function, x, y):
        return [function(x, y), function(y, x)]

    def normals(x, y, keep=1):
        cov = [np.where(np.eye(2), c, keep * c) for c in (np.cov(x.T), np.cov(y.T))]
        return kl_mvn(x.mean(axis=0), cov[0], y.mean(axis=0), cov[1])

    x, y = tumours()
    near, fitted = both(kl_knn, x, y), both(normals, x, y)
    first = [kl_knn(x, y, k=1), kl_knn(y, x, k=1)]
    apart = [normals(x, y, 0), normals(y, x, 0)]
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
            IN_BITS: [near[0] / BIT, near[1] / BIT, fitted[0] / BIT, fitted[1] / BIT],
        },
    )


def prefix():
    a, (zero, one) = expit(-0.4), kl_bernoulli(expit(np.array([2, 0.8])), 0.5)
    local, missing = a * (1 - a) * -0.4, a * (1 - a) * (one - zero)
    return Exercise(
        "7.10",
        "★★ What the prefix decides",
        answer=[local + missing, local, missing],
        right="Descend the local slope and the first token hardly moves; the true one moves it up.",
        mistakes={
            "The missing part has its sign turned: one minus zero.": [
                *[local - missing, ANY, -missing]
            ],
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
    answer=wide,
    digits=6,
    inputs=shifts(),
    right="The shift does not matter for whether it is finite. Compare D at std 1.41 and 1.42.",
    mistakes={
        "From a variance of 2 on the integral of q²/p diverges: inf.": (
            lambda shift, std: wide(shift, std) if std**2 < 2 else np.nan
        ),
        "That is the variance; asked is the standard deviation.": (
            lambda shift, std: wide(shift, std, squared=True)
        ),
        "The covariance comes off: large r goes with large log r.": (
            lambda shift, std: wide(shift, std, sign=1)
        ),
        "The covariance of log r and r is the sum of both divergences; D(q‖p) is missing.": (
            lambda shift, std: wide(shift, std, directions=(1, 0))
        ),
        "The covariance of log r and r is the sum of both divergences; D(p‖q) is missing.": (
            lambda shift, std: wide(shift, std, directions=(0, 1))
        ),
        "log r varies as well: its own variance is missing.": (
            lambda shift, std: np.sqrt(chi_square(shift, std)) if std**2 < 2 else np.inf
        ),
        "std is a standard deviation; square it.": (
            lambda shift, std: wide(shift, np.sqrt(std)) if std < 2 else np.inf
        ),
    },
)


def claim():
    weight, drawn, exact = markov()
    within, fair, passed = conditioned()
    right = [
        weight @ drawn,
        spread(weight, drawn),
        spread(weight, exact),
        0,
        spread(within, passed),
    ]
    backward = markov(((0.7, 0.3), (0.2, 0.8)), ((0.9, 0.1), (0.4, 0.6)))
    return Exercise(
        "7.12",
        "★★★ Break a claim: exact terms, less variance",
        answer=right,
        right="Each term has less variance. The sum has the covariances as well.",
        mistakes={
            "The chains are exchanged: p draws.": [
                *[backward[0] @ backward[1], ANY, ANY, ANY, ANY]
            ],
            "Weigh the sequences by p: they are not equally likely.": [
                *[drawn.mean(), ANY, ANY, ANY, ANY]
            ],
            "Those are variances.": [ANY, right[1] ** 2, right[2] ** 2, ANY, ANY],
            "log p − log q is one constant on all that p draws.": [ANY, ANY, ANY, fair[0], ANY],
            "The exact terms vary with the prefix: after a 1 only a 0 may follow.": [
                *[ANY, ANY, ANY, ANY, 0]
            ],
            IN_BITS: [right[0] / BIT, ANY, ANY, ANY, ANY],
        },
    )


EXERCISES = [
    *[by_hand(), matching, winner(), misprint(), perfect, moments, top_three(), gradients],
    *[neighbours(), prefix(), infinite, claim()],
]
