"""Chapter 8, the systems: losses, leashes and books. Its second half is in `later08`."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import rel_entr, softmax

from . import systems as sy
from .inputs08 import leashes, picks
from .later08 import LATER
from .records import Exercise

__all__ = ["EXERCISES"]

ANY, BIT = np.nan, np.log(2)
HABIT, RATING = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, 2.0])
IN_BITS = "Right size, wrong unit: that is in bits, the question asks for nats."


def slot(size, index, value):
    """An array that leaves open all entries but one."""
    return [value if k == index else ANY for k in range(size)]


def stars():
    rating = RATING * BIT
    one, half = sy.tilt(HABIT, rating, 1), sy.tilt(HABIT, rating, 0.5)
    value, price = np.log(HABIT @ np.exp(rating)), rel_entr(one, HABIT).sum()
    bare = [softmax(rating)[1], softmax(2 * rating)[1], np.log(np.exp(rating).sum()), ANY]
    return Exercise(
        "8.1",
        "★ Three answers on a leash",
        answer=[one[1], half[1], value, price],
        right="B gains at first and loses later: where does its rating equal the mean?",
        mistakes={
            "The habits are missing: π* is π_ref · e^{r/β}, divided by its sum.": bare,
            "The rating is divided by β; you multiplied.": slot(4, 1, sy.tilt(HABIT, rating, 2)[1]),
            "An extra star doubles the weight; it does not add to it.": slot(
                4, 0, 0.3 * (1 + BIT) / (HABIT @ (1 + rating))
            ),
            "That is Z; the objective is β log Z.": slot(4, 2, HABIT @ np.exp(rating)),
            "That is the mean rating; the leash has its price.": slot(4, 2, one @ rating),
            "The policy produces the answers: D(π*‖π_ref), not D(π_ref‖π*).": slot(
                4, 3, rel_entr(HABIT, one).sum()
            ),
            IN_BITS: [ANY, ANY, value / BIT, price / BIT],
        },
    )


directions = Exercise(
    "8.2",
    "★ Whose draws?",
    answer=[1, 0, 2, 0, 1],
    right="What produced y? That settles all five, and the name of the loss settles none.",
    mistakes={
        "a: z is drawn from q, which moves, and the draw is differentiated.": slot(5, 0, 0),
        "a: here z is a function of mean and std, so the gradient sees the draw.": slot(5, 0, 2),
        "b: the labels are drawn by whoever typed them; the network moves second.": slot(5, 1, 1),
        "b: E ∇log q is 0 under q itself. These labels do not come from q.": slot(5, 1, 2),
        "c: its value is D(student‖teacher). What is the mean of its gradient?": slot(5, 2, 1),
        "c: the draws are the student's own, not the teacher's.": slot(5, 2, 0),
        "d: the words were drawn before the update, and the old policy stays put.": slot(5, 3, 1),
        "d: the draws come from old: E ∇log new is 0 under new only.": slot(5, 3, 2),
        "e: the first argument is log q, the second what averages: the student.": slot(5, 4, 0),
        "e: nothing is drawn, both factors of the sum are differentiated.": slot(5, 4, 2),
    },
)


def another_book():
    p = np.array([[0.9, 0.1], [0.4, 0.6]])
    q = np.array([[0.75, 0.25], [0.5, 0.5]])
    own, theirs = np.array([0.8, 0.2]), np.array([2, 1]) / 3
    h, d = sy.books(p, q, own)
    even, by_book = sy.books(p, q, np.array([0.5, 0.5])), sy.books(p, q, theirs)
    return Exercise(
        "8.3",
        "★ Somebody else's book",
        answer=[h, d, 2**h, 2 ** (h + d)],
        right="The wrong book multiplies the perplexity by 2 to the divergence.",
        mistakes={
            "Contexts count as often as they occur; yours are equally frequent.": [*even, ANY, ANY],
            "The source writes the text: its contexts, not the book's.": [*by_book, ANY, ANY],
            "Those are nats; here bits are asked for.": [h * BIT, d * BIT, ANY, ANY],
            "The excess of own text in the book, not a difference of two entropy rates.": slot(
                4, 1, sy.books(q, q, theirs)[0] - h
            ),
            "That forgets the contexts: only the frequencies were compared.": slot(
                4, 1, rel_entr(own, theirs).sum() / BIT
            ),
            "The average is under the source: D(p‖q), not D(q‖p).": slot(
                4, 1, sy.books(q, p, own)[1]
            ),
            "Bits go with 2: perplexity is 2 to the bits.": [ANY, ANY, np.exp(h), np.exp(h + d)],
            "Average the bits first, then take the power.": slot(
                4, 2, own @ 2 ** sy.books(p, q, np.eye(2))[0]
            ),
            "Own perplexity times 2 to the divergence, not plus.": slot(4, 3, 2**h + 2**d),
        },
    )


def four_calls():
    p = np.array([[0.5, 0.5], [0.9, 0.1]])
    q = np.array([[0.8, 0.2], [0.6, 0.4]])
    there, back = sy.kl_div(np.log(q), p), sy.kl_div(np.log(p), q)
    raw = sy.kl_div(q, p)
    return Exercise(
        "8.4",
        "★ Four calls",
        answer=[there / 2, back / 2, there / 4, raw / 2],
        right="Only a is the mean of D(p‖q). At q = p all but d are 0.",
        mistakes={
            "target averages and comes second: a and b stand in each other's place.": [
                *[back / 2, there / 2, ANY, ANY]
            ],
            "batchmean divides by the number of rows, here 2.": [there, back, ANY, ANY],
            "mean divides by all entries, classes too.": slot(4, 2, there / 2),
            "Nothing takes the logarithm of the input for you.": slot(4, 3, there / 2),
            "target needs no logarithm, input is not exponentiated.": slot(
                4, 3, (p * (p - q)).sum() / 2
            ),
            "log target belongs to the sum: it is not the cross-entropy.": [
                *[-(p * np.log(q)).sum() / 2, -(q * np.log(p)).sum() / 2, ANY, ANY]
            ],
            IN_BITS: [there / 2 / BIT, back / 2 / BIT, there / 4 / BIT, ANY],
        },
    )


shortfall = Exercise(
    "8.5",
    "★★ What a policy falls short by",
    answer=sy.parts,
    digits=9,
    inputs=leashes(),
    right="First is second minus third, for every policy: training is a reverse projection.",
    mistakes={
        "The price is D(π‖π_ref), not D(π_ref‖π).": lambda p, h, r, b: sy.parts(
            p, h, r, b, value=p @ r - b * rel_entr(h, p).sum()
        ),
        "The shortfall is D(π‖π*), not D(π*‖π).": lambda p, h, r, b: sy.parts(
            p, h, r, b, short=b * rel_entr(sy.tilt(h, r, b), p).sum()
        ),
        "The value lacks its β: the price is β a nat.": lambda p, h, r, b: sy.parts(
            p, h, r, b, value=p @ r - rel_entr(p, h).sum()
        ),
        "The best value is β log Z, not log Z.": lambda p, h, r, b: sy.parts(
            p, h, r, b, best=sy.parts(p, h, r, b)[1] / b
        ),
        "The shortfall is β D(π‖π*); yours lacks β.": lambda p, h, r, b: sy.parts(
            p, h, r, b, short=sy.parts(p, h, r, b)[2] / b
        ),
        "Z averages e^{r/β} under the habits; yours is a plain sum.": lambda p, h, r, b: sy.parts(
            p, h, r, b, best=b * np.log(np.exp(r / b - max(r) / b).sum()) + max(r)
        ),
        "0 · log 0 must count as 0, and e^1800 as a float is infinite.": sy.paid,
        "e^1800 as a float is infinite: take the largest reward out first.": sy.careful,
        "e^-1800 as a float is 0; its logarithm is -1800: stay with logarithms.": (
            lambda p, h, r, b: sy.parts(p, h, r, b, short=b * rel_entr(p, sy.tilt(h, r, b)).sum())
        ),
    },
)


def three_pulls():
    policy, u = np.array([0.2, 0.3, 0.5]), np.log(HABIT / np.array([0.2, 0.3, 0.5]))
    true = policy[0] * (-u[0] + policy @ u)
    square = policy[0] * (u[0] ** 2 - policy @ u**2) / 2
    covering, star = sy.covering(HABIT, RATING, 0.5), sy.tilt(HABIT, RATING, 0.5)
    return Exercise(
        "8.6",
        "★★ Three pulls",
        answer=[0, true, policy[0] - 0.5, *covering],
        right="One loss without a leash, one with the leash meant, one with another.",
        mistakes={
            "k1: that is the gradient of D(π‖π_ref). With the draws held, ∇k1 = ∇log π.": (
                slot(6, 0, true)
            ),
            "k1: E ∇log π = Σ ∇π, and probabilities sum to 1.": slot(6, 0, policy[0]),
            "k2: through the draws as well; what is differentiated is k2 alone.": slot(
                6, 1, true + square
            ),
            "k2: the draws' part alone; what is differentiated is k2, at given draws.": slot(
                6, 1, square
            ),
            "k3: unbiased in value, but its gradient is not that of D(π‖π_ref).": slot(6, 2, true),
            "k3: the slope of D(π_ref‖π) in a logit is π - π_ref; mind the sign.": slot(
                6, 2, 0.5 - policy[0]
            ),
            "That is π*, where k2 leads.": [*[ANY] * 3, *star],
            "That is the end for β = 1.": [*[ANY] * 3, *sy.covering(HABIT, RATING, 1)],
            "The best answer alone is where training without a leash ends.": [*[ANY] * 3, 0, 0, 1],
        },
    )


best_of_n = Exercise(
    "8.7",
    "★★ Break a claim: log n − (n − 1)/n nats",
    answer=sy.best,
    digits=9,
    inputs=picks(),
    right="Equality needs rewards without ties, hence infinitely many answers.",
    mistakes={
        "The formula is a bound here; the divergence is asked as well.": lambda h, r, n: sy.best(
            h, r, n, exact=np.log(n) - (n - 1) / n
        ),
        "The average is under the best of n: D(best‖π_ref).": lambda h, r, n: sy.best(
            h, r, n, exact=rel_entr(h, sy.picked(h, r, n)).sum()
        ),
        "Equal rewards are broken at random, not by position.": lambda h, r, n: sy.best(
            h, r, n, exact=rel_entr(sy.picked(h, r, n, strict=True), h).sum()
        ),
        "Add up the probabilities in the order of the rewards.": lambda h, r, n: sy.best(
            *[h, r, n],
            exact=rel_entr(np.diff(np.r_[0, h.cumsum()] ** n), h).sum(),
            reward=np.diff(np.r_[0, h.cumsum()] ** n) @ r,
        ),
        "The formula lacks its - (n - 1)/n.": lambda h, r, n: sy.best(h, r, n, formula=np.log(n)),
        "That is the best rating there is; asked is the mean of the best of n.": lambda h, r, n: (
            sy.best(h, r, n, reward=max(r))
        ),
        IN_BITS: lambda h, r, n: sy.best(h, r, n) / [BIT, BIT, 1],
    },
)


def too_long():
    habit, grade = np.array([0.5, 0.3, 0.15, 0.05]), np.arange(4.0)
    meant = np.array([0.0, 1, 2, -1])

    def cov(beta, f=meant, pi=sy.tilt):
        pi = pi(habit, grade, beta)
        return pi @ (f * grade) - (pi @ f) * (pi @ grade)

    turn = brentq(cov, 0.5, 20)
    pi, start = sy.tilt(habit, grade, turn), cov(1, pi=lambda *_: habit)
    spread = [habit @ f**2 - (habit @ f) ** 2 for f in (meant, grade)]
    even = brentq(lambda b: sy.tilt(habit, grade, b) @ meant - habit @ meant, 0.3, turn)
    return Exercise(
        "8.8",
        "★★ A leash too long",
        answer=[start, turn, pi @ meant, rel_entr(pi, habit).sum()],
        right="Under the habits grader and purpose agree. That is no promise for later.",
        mistakes={
            "That is the correlation; asked is the covariance.": slot(
                4, 0, start / np.sqrt(np.prod(spread))
            ),
            "The product of the means comes off.": slot(4, 0, habit @ (meant * grade)),
            "That is the variance of the grade.": slot(4, 0, spread[1]),
            "That is the length of the leash, 1/β.": slot(4, 1, 1 / turn),
            "There what was meant is back where it began: it turned before.": slot(4, 1, even),
            "That is the mean grade; asked is what was meant.": slot(4, 2, pi @ grade),
            "That is what was meant under the habits.": slot(4, 2, habit @ meant),
            "The policy produces the answers: D(π‖π_ref), not D(π_ref‖π).": slot(
                4, 3, rel_entr(habit, pi).sum()
            ),
            IN_BITS: slot(4, 3, rel_entr(pi, habit).sum() / BIT),
        },
    )


EXERCISES = [
    *[stars(), directions, another_book(), four_calls(), shortfall, three_pulls()],
    *[best_of_n, too_long(), *LATER],
]
