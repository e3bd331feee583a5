"""The second half of chapter 8: a classifier, students, preferences, bottlenecks."""

import numpy as np
from scipy.special import expit, logit

from kllib.families import kl_bernoulli

from . import systems as sy
from .inputs08 import hot_logits, pairs_of_normals
from .records import Exercise

__all__ = ["LATER"]

ANY, BIT = np.nan, np.log(2)
IN_BITS = "Right size, wrong unit: that is in bits, the question asks for nats."


def slot(size, index, value):
    """An array that leaves open all entries but one."""
    return [value if k == index else ANY for k in range(size)]


def too_sure():
    logits, digit = sy.naive_bayes()
    tune, test = slice(600, 1200), slice(1200, None)
    T, peeked = sy.heat(logits, digit, tune), sy.heat(logits, digit, test)
    (cold, claim), (warm, modest) = (sy.sure(logits, digit, t, test) for t in (1, T))
    return Exercise(
        "8.9",
        "★★ A classifier too sure of itself",
        answer=[cold, claim, T, warm],
        right="The decisions are the same at every temperature: only what they claim changed.",
        mistakes={
            "That is the loss on the images used for tuning.": slot(
                4, 0, sy.sure(logits, digit, 1, tune)[0]
            ),
            "That is how often it is right; asked is what it claims.": slot(
                4, 1, np.mean(logits[test].argmax(1) == digit[test])
            ),
            "That is the claim after tempering.": slot(4, 1, modest),
            "Fitted on the test images: then the last number is no test.": slot(4, 2, peeked),
            "Logits are divided by T; you multiplied.": slot(4, 2, 1 / T),
            "That is the loss at 1/T: sharper still.": slot(
                4, 3, sy.sure(logits, digit, 1 / T, test)[0]
            ),
            IN_BITS: [cold / BIT, ANY, ANY, warm / BIT],
        },
    )


def definitely():
    rows = np.array([[1 / 3] * 3, [0.98, 0.01, 0.01]])
    even, geometric = rows.mean(0), np.sqrt(rows.prod(0))
    reverse = geometric / geometric.sum()
    return Exercise(
        "8.10",
        "★★ Break a claim: definitely A",
        answer=[np.log(3), 0, even[0], reverse[0]],
        right="The student who can differ from row to row need not choose, and does not.",
        mistakes={
            "Reverse averages under the student, who never says B or C.": slot(4, 0, np.inf),
            "That sum runs over the teacher's answers, without their log q.": slot(4, 0, 0),
            "That is what 'definitely A' pays. Another student pays less.": slot(4, 1, np.log(3)),
            "That is what the blind student pays; this one sees the question.": slot(
                4, 1, -np.log(geometric.sum())
            ),
            "Forward and reverse stand in each other's place.": [*[ANY, ANY, reverse[0], even[0]]],
            "The geometric mean does not sum to 1: divide by its sum.": slot(4, 3, geometric[0]),
            "The blind student is not sure either: B and C keep a share.": slot(4, 3, 1),
            IN_BITS: slot(4, 0, np.log2(3)),
        },
    )


temperature = Exercise(
    "8.11",
    "★★ Why T squared",
    answer=sy.heated,
    digits=9,
    inputs=hot_logits(),
    right="Look at the two divergences as T grows: they meet, whatever the student.",
    mistakes={
        "The divergences lack their T².": lambda t, s, T: sy.heated(t, s, T) / [1, T**2, T**2, T],
        "T once is not enough: gradient and difference each bring 1/T.": lambda t, s, T: (
            sy.heated(t, s, T) / [1, T, T, T]
        ),
        "Logits are divided by T; you multiplied.": lambda t, s, T: (
            sy.heated(t, s, 1 / T) * [1, T**4, T**4, T**2]
        ),
        "The chain rule: the logits enter as v/T, so one T of the two goes.": lambda t, s, T: (
            sy.heated(t, s, T) * [1, 1, 1, T]
        ),
        "The slope is q - p: more of an answer than the teacher has costs.": lambda t, s, T: (
            sy.heated(t, s, T) * [1, 1, 1, -1]
        ),
        "The two divergences stand in each other's place.": lambda t, s, T: sy.heated(t, s, T)[
            [0, 2, 1, 3]
        ],
        "The floor is that of the tempered targets, not of those at T = 1.": lambda t, s, T: (
            sy.heated(t, s, T, floor=sy.heated(t, s, 1)[0])
        ),
        IN_BITS: lambda t, s, T: sy.heated(t, s, T) / BIT,
    },
)


def preferences():
    habit, policy, beta = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2]), 0.5
    gain = beta * np.log(policy / habit)
    more = gain[1] - gain[0]
    ratio = 0.6 * np.exp(logit(0.75) / beta)
    left, back = kl_bernoulli(0.8, 0.5), kl_bernoulli(0.5, 0.8)
    return Exercise(
        "8.12",
        "★★★ What DPO thinks of an answer",
        answer=[more, expit(more), ratio, left],
        right="The last policy sits at the habits and has explained nothing.",
        mistakes={
            "Compared with what? The log ratio is to the habits.": [0, 0.5, ANY, ANY],
            "That is A over B; asked is B over A.": [-more, expit(-more), ANY, ANY],
            "The implicit reward lacks its β.": slot(4, 0, more / beta),
            "β multiplies the log ratio; you divided.": slot(4, 0, more / beta**2),
            "That is a ratio; asked is σ of the difference of rewards.": slot(
                4, 1, policy[1] / (policy[0] + policy[1])
            ),
            "The habits are missing from the ratio: π_ref(B)/π_ref(A) = 0.6.": slot(
                4, 2, ratio / 0.6
            ),
            "The odds are to the power 1/β, not β.": slot(4, 2, 0.6 * np.exp(logit(0.75) * beta)),
            "That is the odds of the preference; the policy starts from its habits.": slot(4, 2, 3),
            "The floor is still in it: that is the loss, not the divergence.": slot(4, 3, BIT),
            "The preferences of the people come first: D(.8‖.5).": slot(4, 3, back),
            "No ratings can say A > B > C > A: it cannot be zero.": slot(4, 3, 0),
            IN_BITS: slot(4, 3, left / BIT),
        },
    )


bottleneck = Exercise(
    "8.13",
    "★★★ A bottleneck of normals",
    answer=sy.normal_pair,
    digits=9,
    inputs=pairs_of_normals(),
    right="Differentiate one in the other at the optimum: the slope is 1/β.",
    mistakes={
        "Below 1/ρ² nothing is kept: information is not negative.": lambda rho, beta: (
            sy.normal_pair(*[rho, beta], kept=np.log(rho**2 * (beta - 1) / (1 - rho**2)) / 2)
        ),
        "The share of the variance is ρ², not ρ.": lambda rho, beta: sy.normal_pair(
            np.sqrt(abs(rho)), beta
        ),
        "The one half is missing: I = -½ log(1 - ρ²).": lambda rho, beta: (
            sy.normal_pair(rho, beta) * [2, 2, 1]
        ),
        "Here β multiplies what is predicted; large means a long leash.": lambda rho, beta: (
            sy.normal_pair(rho, beta, kept=0)
        ),
        "Y is seen through T through X: squared correlations multiply, nats do not.": (
            lambda rho, beta: (
                sy.normal_pair(rho, beta) * [1, 0, 1]
                + [0, rho**2 * sy.normal_pair(rho, beta)[0], 0]
            )
        ),
        IN_BITS: lambda rho, beta: sy.normal_pair(rho, beta) / [BIT, BIT, 1],
    },
)


def certificate():
    enough = next(N for N in range(100, 400) if sy.nce(N, 1000) >= 5)
    return Exercise(
        "8.14",
        "★★★ Certify five nats",
        answer=[np.log(1000), sy.nce(2, 1000), 149, enough],
        right="For ten nats it takes 22027 at least, for twenty half a billion.",
        mistakes={
            IN_BITS: slot(4, 0, np.log2(1000)),
            "That is the cap; once in a thousand the other candidate is the same symbol.": slot(
                4, 1, BIT
            ),
            "A double leaves log(2/2) = 0, not a loss.": slot(4, 1, BIT * (1 - 2 / 1000)),
            "log 148 = 4.997 is short of five.": slot(4, 2, 148),
            "The cap is log N in nats: e to the fifth, not 2 to the fifth.": slot(4, 2, 32),
            "That is the number of symbols. How little of it would be enough?": slot(4, 3, 1000),
            "Enough without doubles; with 149 candidates there often is one.": slot(4, 3, 149),
            "Jensen: log of the mean number of doubles is not the mean of the log.": slot(
                4, 3, next(N for N in range(100, 400) if np.exp(5) <= N / (1 + (N - 1) / 1000))
            ),
        },
    )


LATER = [
    *[too_sure(), definitely(), temperature, preferences(), bottleneck, certificate()],
]
