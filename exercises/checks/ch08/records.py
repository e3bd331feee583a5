"""Chapter 8, the systems: losses, leashes and books."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, rel_entr, softmax

from kllib.families import kl_bernoulli
from kllib.policy import cover

from ..common import ANY, BIT, IN_BITS, slot
from ..engine import Exercise, built
from . import compute as sy
from .inputs import hot_logits, leashes, pairs_of_normals, picks

HABIT, RATING = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, 2.0])


@built
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
            "A star is worth log 2 here, not 1.": [
                sy.tilt(HABIT, RATING, 1)[1],
                sy.tilt(HABIT, RATING, 0.5)[1],
                ANY,
                ANY,
            ],
            "Those are weights; divide by their sum, Z.": [0.6, 1.2, ANY, ANY],
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


@built
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
            "The two perplexities stand in each other's place.": [ANY, ANY, 2 ** (h + d), 2**h],
        },
    )


@built
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
                back / 2,
                there / 2,
                ANY,
                ANY,
            ],
            "batchmean divides by the number of rows, here 2.": [there, back, ANY, ANY],
            "mean divides by all entries, classes too.": slot(4, 2, there / 2),
            "Nothing takes the logarithm of the input for you.": slot(4, 3, there / 2),
            "target needs no logarithm, input is not exponentiated.": slot(
                4, 3, (p * (p - q)).sum() / 2
            ),
            "log target belongs to the sum: it is not the cross-entropy.": [
                -(p * np.log(q)).sum() / 2,
                -(q * np.log(p)).sum() / 2,
                ANY,
                ANY,
            ],
            IN_BITS: [there / 2 / BIT, back / 2 / BIT, there / 4 / BIT, ANY],
            "The sign: target · (log target - input).": [-there / 2, -back / 2, -there / 4, ANY],
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
        "The largest reward is not the best value: the leash has its price.": lambda p, h, r, b: (
            sy.parts(p, h, r, b, best=max(r))
        ),
        "The shortfall is positive: best value less value.": lambda p, h, r, b: (
            sy.parts(p, h, r, b) * [1, 1, -1]
        ),
    },
)


@built
def three_pulls():
    policy, u = np.array([0.2, 0.3, 0.5]), np.log(HABIT / np.array([0.2, 0.3, 0.5]))
    true = policy[0] * (-u[0] + policy @ u)
    square = policy[0] * (u[0] ** 2 - policy @ u**2) / 2
    covering, star = cover(HABIT, RATING, 0.5), sy.tilt(HABIT, RATING, 0.5)
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
            "That is π*, where k2 leads.": [ANY, ANY, ANY, *star],
            "That is the end for β = 1.": [ANY, ANY, ANY, *cover(HABIT, RATING, 1)],
            "The best answer alone is where training without a leash ends.": [
                ANY,
                ANY,
                ANY,
                0,
                0,
                1,
            ],
            "k2: that leads downhill; asked is the gradient.": slot(6, 1, -true),
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
            h,
            r,
            n,
            exact=rel_entr(np.diff(np.r_[0, h.cumsum()] ** n), h).sum(),
            reward=np.diff(np.r_[0, h.cumsum()] ** n) @ r,
        ),
        "The formula lacks its - (n - 1)/n.": lambda h, r, n: sy.best(h, r, n, formula=np.log(n)),
        "That is the best rating there is; asked is the mean of the best of n.": lambda h, r, n: (
            sy.best(h, r, n, reward=max(r))
        ),
        IN_BITS: lambda h, r, n: sy.best(h, r, n) / [BIT, BIT, 1],
        "That counts the best answer alone: the others bring their rewards, too.": lambda h, r, n: (
            sy.best(h, r, n, reward=(1 - (1 - h[r == max(r)].sum()) ** n) * max(r))
        ),
    },
)


@built
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


@built
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
            "It is right equally often at every T; the loss tells them apart.": slot(4, 2, 1),
        },
    )


@built
def definitely():
    rows = np.array([[1 / 3] * 3, [0.98, 0.01, 0.01]])
    even, geometric = rows.mean(0), np.sqrt(rows.prod(0))
    reverse = geometric / geometric.sum()
    harmonic = 1 / (1 / rows).mean(0)
    harmonic = (harmonic / harmonic.sum())[0]
    product = (rows.prod(0) / rows.prod(0).sum())[0]
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
            "Forward and reverse stand in each other's place.": [ANY, ANY, reverse[0], even[0]],
            "The geometric mean does not sum to 1: divide by its sum.": slot(4, 3, geometric[0]),
            "The blind student is not sure either: B and C keep a share.": slot(4, 3, 1),
            IN_BITS: slot(4, 0, np.log2(3)),
            "The harmonic mean belongs to neither direction.": slot(4, 3, harmonic),
            "The product without its root weighs each question twice.": slot(4, 3, product),
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
        "The floor has no T²: it is an entropy.": lambda t, s, T: (
            sy.heated(t, s, T) * [T**2, 1, 1, 1]
        ),
        "That is the slope in the last logit.": lambda t, s, T: sy.heated(
            t, s, T, slope=sy.heated(t[::-1], s[::-1], T)[3]
        ),
    },
)


@built
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
            sy.normal_pair(rho, beta, kept=np.log(rho**2 * (beta - 1) / (1 - rho**2)) / 2)
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
        "What is predicted is not all there is: that is I(X; Y).": lambda rho, beta: (
            sy.normal_pair(rho, beta) * [1, 0, 1] + [0, -np.log(1 - rho**2) / 2, 0]
        ),
        "The threshold is 1/ρ², not 1/(1 - ρ²).": lambda rho, beta: (
            sy.normal_pair(rho, beta) * [1, 1, 0] + [0, 0, 1 / (1 - rho**2)]
        ),
    },
)


@built
def certificate():
    enough = next(N for N in range(100, 400) if sy.nce(N, 1000) >= 5)
    return Exercise(
        "8.14",
        "★★★ Certify five nats",
        answer=[np.log(1000), sy.nce(2, 1000), 149, enough],
        digits=5,
        right="For ten nats it takes 22027 at least, for twenty half a billion.",
        mistakes={
            IN_BITS: slot(4, 0, np.log2(1000)),
            "That is the cap; once in a thousand the other candidate is the same symbol.": slot(
                4, 1, BIT
            ),
            "A double leaves log(2/2) = 0, and there is one further candidate, not two.": slot(
                4, 1, BIT * (1 - 2 / 1000)
            ),
            "log 148 = 4.997 is short of five.": slot(4, 2, 148),
            "The cap is log N in nats: e to the fifth, not 2 to the fifth.": slot(4, 2, 32),
            "That is the number of symbols. How little of it would be enough?": slot(4, 3, 1000),
            "Enough without doubles; with 149 candidates there often is one.": slot(4, 3, 149),
            "Jensen: log of the mean number of doubles is not the mean of the log.": slot(
                4, 3, next(N for N in range(100, 400) if np.exp(5) <= N / (1 + (N - 1) / 1000))
            ),
        },
    )
