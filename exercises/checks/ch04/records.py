"""Chapter 4, likelihood."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_softmax, softmax
from scipy.stats import binom, norm

from kllib.discrete import additive_smoothing, cross_entropy, entropy, kl_divergence
from kllib.families import kl_bernoulli, kl_exponential

from ..common import ANY, BIT, IN_BITS
from ..engine import Exercise, built
from . import compute as like
from .inputs import logits, regression, sightings, targets


@built
def seven():
    best, half = (10 * (0.7 * np.log(q) + 0.3 * np.log(1 - q)) for q in (0.7, 0.5))
    apart, back, orders = kl_bernoulli(0.7, 0.5), kl_bernoulli(0.5, 0.7), np.log(120)
    return Exercise(
        "4.1",
        "★ Seven in ten",
        answer=[best, half, apart],
        right="Ten times the third is the difference of the first two: one objective, two names.",
        mistakes={
            "Those are averages; the likelihood has ten factors.": [best / 10, half / 10, ANY],
            "You counted all orders; the evenings came in one.": [
                best + orders,
                half + orders,
                ANY,
            ],
            "A probability is at most 1, its logarithm at most 0.": [-best, -half, ANY],
            "The arguments are exchanged: the frequencies take the average.": [ANY, ANY, back],
            "That is a loss. Take off the entropy of the frequencies.": [ANY, ANY, -half / 10],
            IN_BITS: [best / BIT, half / BIT, apart / BIT],
            "Those are likelihoods; asked are their logarithms.": [np.exp(best), np.exp(half), ANY],
        },
    )


short = Exercise(
    "4.2",
    "★ How far from the best",
    answer=like.shortfall,
    digits=9,
    inputs=sightings(),
    right="It is 0 at the frequencies and nowhere else; that settles how a table is fitted.",
    mistakes={
        "That is for one observation; the likelihood has a factor for each.": like.per_observation,
        "The arguments are exchanged: the frequencies take the average.": like.exchanged,
        "That is minus the log-likelihood of q. What does the best table have?": like.bill,
        "Outcomes that were not seen must contribute 0; yours became NaN.": like.unseen,
        "The best table is the frequencies themselves, without smoothing.": like.smoothed,
        IN_BITS: like.in_bits,
        "Half of that: the doubled one is the statistic of a test.": lambda counts, q: (
            2 * like.shortfall(counts, q)
        ),
        "The sign: the best table is never behind.": lambda counts, q: -like.shortfall(counts, q),
        "That is a ratio of likelihoods; asked is its logarithm.": lambda counts, q: np.exp(
            like.shortfall(counts, q)
        ),
        "Frequencies, not counts, stand against q: divide by their sum.": like.raw,
    },
)


@built
def floor():
    t, sure = (
        np.array([0.84, 0.04, 0.04, 0.04, 0.04]),
        np.array([0.99, 0.0025, 0.0025, 0.0025, 0.0025]),
    )
    shared = np.array([0.8, 0.05, 0.05, 0.05, 0.05])
    least, bold = entropy(t), cross_entropy(t, sure)
    others = [0.8, np.log(16), entropy(shared), cross_entropy(shared, sure)]
    label_only = [ANY, ANY, -0.84 * np.log(0.84), -0.84 * np.log(0.99)]
    return Exercise(
        "4.3",
        "★ The floor of a loss",
        answer=[0.84, np.log(21), least, bold],
        right="On targets that stop at 0.84, a claim of 0.99 is punished even where it is right.",
        mistakes={
            "The ε is spread over all five classes, the label's own included.": others,
            "The gap of logits is the log of a ratio, not a difference.": [ANY, 0.8, ANY, ANY],
            "A soft target has an entropy: the floor is not 0.": [ANY, ANY, 0, ANY],
            "Only the label's term; the other four classes have mass, too.": label_only,
            "That is the loss against the hard label.": [ANY, ANY, ANY, -np.log(0.99)],
            "That is the divergence; the loss includes the floor.": [ANY, ANY, ANY, bold - least],
            IN_BITS: [ANY, ANY, least / BIT, bold / BIT],
            "That is the ratio of the probabilities; the logits differ by its logarithm.": [
                ANY,
                21,
                ANY,
                ANY,
            ],
        },
    )


@built
def squares():
    r = np.array([1.3, -0.4, 0.2, -2.1])
    gap, sharp = np.log(2 * np.pi) / 2, -norm.logpdf(1.3, scale=0.5)
    wide, fitted = -norm.logpdf(1.3, scale=np.sqrt(0.5)), np.sqrt(np.mean(r**2))
    least, loose = np.log(fitted) + gap + 0.5, np.sqrt(np.sum(r**2) / 3)
    return Exercise(
        "4.4",
        "★★ Squared error in nats",
        answer=[gap, sharp, fitted, least],
        right="Halve every residual: the last number falls by log 2, whatever they were.",
        mistakes={
            "Take off half of the squared error, not all of it.": [gap - 1.3**2 / 2, ANY, ANY, ANY],
            "You took 0.5 for the variance; it is σ.": [ANY, wide, ANY, ANY],
            "log σ is missing: a narrow normal is a tall one.": [ANY, sharp + BIT, ANY, ANY],
            "That is the variance.": [ANY, ANY, fitted**2, ANY],
            "Maximum likelihood divides by n.": [ANY, ANY, loose, ANY],
            "The model says that residuals lie about 0, not their own mean.": [
                ANY,
                ANY,
                r.std(),
                ANY,
            ],
            "That is the sum; asked is the average.": [ANY, ANY, ANY, 4 * least],
            IN_BITS: [gap / BIT, sharp / BIT, ANY, least / BIT],
            "The logarithm is of σ, not of its square.": [ANY, sharp - BIT, ANY, ANY],
            "The mean of |r| is best for another density; the normal asks for squares.": [
                ANY,
                ANY,
                np.mean(abs(r)),
                ANY,
            ],
        },
    )


@built
def constants():
    p, counts, tried = np.array([0.6, 0.2, 0.15, 0.05]), np.array([7, 2, 1, 0]), (1, 0.5, 0.1)
    books, thinner = (np.array([additive_smoothing(counts, a / k) for a in tried]) for k in (1, 4))
    prices, back, thin = kl_divergence(p, books), kl_divergence(books, p), kl_divergence(p, thinner)
    best = brentq(lambda a: 4 / (10 + 4 * a) - p @ (1 / (counts + a)), 0.01, 5, xtol=1e-14)
    least = kl_divergence(p, additive_smoothing(counts, best))
    return Exercise(
        "4.5",
        "★★ A constant for the unseen",
        answer=[*prices, best],
        right="With counts (6, 2, 2, 0) another α is best. To know it one must know the truth.",
        mistakes={
            "The arguments are exchanged: the truth produces the evenings.": [*back, ANY],
            "Each count gets α, not α/4.": [*thin, 4 * best],
            "Without smoothing the price is infinite; 0 cannot be best.": [ANY, ANY, ANY, 0],
            "That is the least price; asked is the α at which it is paid.": [ANY, ANY, ANY, least],
            IN_BITS: [*prices / BIT, ANY],
            "In the order 1, 1/2, 1/10, please.": [*prices[::-1], ANY],
            "Those are cross-entropies: take off the entropy of p.": [*prices + entropy(p), ANY],
            "The average is under the truth, not under the frequencies.": [
                *kl_divergence(counts / 10, books),
                ANY,
            ],
        },
    )


@built
def hat():
    k = np.arange(21)
    weight, share, laplace, half = binom.pmf(k, 20, 0.1), k / 20, (k + 1) / 22, (k + 0.5) / 21
    far, near, kt = (kl_bernoulli(0.1, q) for q in (share, laplace, half))
    back = kl_bernoulli(share, 0.1), kl_bernoulli(laplace, 0.1)
    denied, within, beyond = weight[0] + weight[20], weight @ back[0], weight @ near
    even = [2 / 21, np.mean(near < far), np.mean(back[0]), np.mean(near)]
    return Exercise(
        "4.6",
        "★★ Break a claim: nearest to the truth",
        answer=[denied, weight @ (near < far), within, beyond],
        digits=5,
        right="The third is near 1/2n, for almost every truth. Try p = 0.3 and n = 100.",
        mistakes={
            "That is the probability that D(p‖p̂) is finite.": [1 - denied, ANY, ANY, ANY],
            "Weigh each count by its probability: not every k is equally likely.": even,
            "That is with α = 1/2.": [ANY, ANY, ANY, weight @ kt],
            "D(p‖p̂) has an infinite average; asked is D(p̂‖p).": [ANY, ANY, np.inf, ANY],
            "In the last the truth takes the average: D(p‖q).": [ANY, ANY, ANY, weight @ back[1]],
            IN_BITS: [ANY, ANY, within / BIT, beyond / BIT],
        },
    )


@built
def cheapest():
    books = np.array([[0.7, 0.2, 0.1], [0.4, 0.2, 0.4]])
    likelihood = books[:, 0] ** 3 * books[:, 2]
    weight = likelihood / likelihood.sum()
    mean, even = weight @ books, books.mean(axis=0)
    blend = np.exp(weight @ np.log(books))
    blend /= blend.sum()

    def paid(q):
        return weight @ kl_divergence(books, q)

    bold = paid(books[0])
    return Exercise(
        "4.7",
        "★★ The cheapest book",
        answer=[mean[0], paid(mean), bold],
        digits=5,
        right="The two prices differ by D(p̄‖A): what it costs to be sure of the likelier book.",
        mistakes={
            "That is the prior's mean; the four evenings favour A.": [even[0], paid(even), ANY],
            "That prints the likelier book, which is not the cheapest.": [0.7, bold, ANY],
            "The mean of the logarithms is best for D(q‖P), not for D(P‖q).": [blend[0], ANY, ANY],
            "If A is printed and is right, nothing is paid; B has its own weight.": [
                ANY,
                ANY,
                kl_divergence(books[1], books[0]),
            ],
            "The arguments are exchanged: the true book takes the average.": [
                ANY,
                weight @ kl_divergence(mean, books),
                weight[1] * kl_divergence(*books),
            ],
            IN_BITS: [ANY, paid(mean) / BIT, bold / BIT],
            "That is the posterior weight of A; asked is the book's first entry.": [
                weight[0],
                ANY,
                ANY,
            ],
        },
    )


graded_loss = Exercise(
    "4.8",
    "★★ A loss and its slopes",
    answer=like.graded,
    digits=6,
    inputs=targets(),
    right="The slopes sum to 0, and none is beyond ±1: a loss of 1000 pulls no harder than that.",
    mistakes={
        "The slopes lead uphill: they are prediction minus target.": like.uphill,
        "Those are slopes in q. Go on to the logits by the chain rule.": like.in_mass,
        "The loss is the cross-entropy; you took the target's entropy off.": like.divergence,
        "exp of a large logit overflows: take the largest logit off first.": like.overflowing,
        "Where q underflows to 0 its logarithm is lost: work with log q.": like.underflowing,
        "A small number inside the logarithm caps a loss that should be 800.": like.capped,
        "The loss is in bits; the question asks for nats.": like.graded_in_bits,
        "The slopes are q minus the target; yours are q.": lambda theta, t: np.array(
            [like.graded(theta, t)[0], *softmax(theta)]
        ),
        "That is the slope of q in its own logit; the loss has q - t.": lambda theta, t: np.array(
            [like.graded(theta, t)[0], *softmax(theta) * (1 - softmax(theta))]
        ),
    },
)


stable = Exercise(
    "4.9",
    "★★ Logits at ±1000",
    answer=log_softmax,
    digits=6,
    inputs=logits(),
    right="Feed it a row of −∞ and one 0: an impossible class may stay impossible.",
    mistakes={
        "exp overflows or vanishes: take the largest logit off first.": like.naive,
        "The largest must come off before every exp, in the sum as well.": like.unshifted,
        "The logarithm comes too late: the small probability is 0 by then.": like.log_after,
        "A small number inside the logarithm replaces −800 by −27.6.": like.log_capped,
        "Those are the probabilities; asked are their logarithms.": softmax,
        "Take off the largest logit; with the mean, exp can still overflow.": like.by_mean,
        "That only takes the largest off; the sum is missing.": like.no_sum,
        "The largest logit need not come first.": lambda z: like.shifted(z, z[0]),
        "The median may be far below the largest logit.": lambda z: like.shifted(z, np.median(z)),
        "The largest size is not the largest logit.": lambda z: like.shifted(z, abs(z).max()),
    },
)


@built
def projected():
    own = np.log(3)
    least, unit, move = 1 - BIT, 1.5 - own, kl_exponential(2 / 3, 1)
    return Exercise(
        "4.10",
        "★★ No member is true",
        answer=[2 / 3, least, unit, move],
        right="The third is the sum of the second and the fourth: Pythagoras, for a wrong family.",
        mistakes={
            "That is the mean; the rate is its inverse.": [1.5, ANY, ANY, ANY],
            "That matches the standard deviation; T is x.": [np.sqrt(12) / 3, ANY, ANY, ANY],
            "That matches the median; T is x.": [BIT / 1.5, ANY, ANY, ANY],
            "Those are cross-entropies; take off p's own entropy.": [
                ANY,
                least + own,
                unit + own,
                ANY,
            ],
            "The arguments are exchanged: the projection comes first.": [
                ANY,
                ANY,
                ANY,
                kl_exponential(1, 2 / 3),
            ],
            "An exponential has mass beyond 3, but it is not asked there.": [ANY, np.inf, ANY, ANY],
            IN_BITS: [ANY, least / BIT, unit / BIT, move / BIT],
        },
    )


steps = Exercise(
    "4.11",
    "★★★ Break a claim: the loss is convex",
    answer=[np.sqrt(3), 8, np.exp(BIT - 1.5), np.sqrt(16 / 7)],
    right="One loss, three landscapes. Only the minimum, s = 1, is the same in all of them.",
    mistakes={
        "That is the minimum; asked is where the curvature changes sign.": [1, ANY, ANY, ANY],
        "That is the square of it.": [3, ANY, ANY, ANY],
        "The first derivative over the second is taken off: minus times minus.": [
            ANY,
            -4,
            ANY,
            ANY,
        ],
        "The minimum is at 1; the step goes elsewhere.": [ANY, 1, ANY, ANY],
        "That is log s; asked is s.": [ANY, ANY, BIT - 1.5, ANY],
        "That is λ; asked is s.": [ANY, ANY, ANY, 7 / 16],
        "That is 1/λ, the variance; asked is s.": [ANY, ANY, ANY, 16 / 7],
        "Upside down: it is s² that is 3.": [1 / np.sqrt(3), ANY, ANY, ANY],
    },
)


@built
def digits():
    right, unit = np.array([like.judged(), like.judged(smoothing=0.1)]), np.array([BIT, 1, 1])
    q, y = regression(smoothing=0.1)
    soft = np.full((2, 3), ANY)
    soft[1, 0] = -((0.9 * y + 0.01) * np.log2(q)).sum(axis=1).mean()
    plain, fewer, more = (
        np.array([like.judged(**how), like.judged(smoothing=0.1, **how)])
        for how in ({"bias": False}, {"steps": 499}, {"steps": 501})
    )
    missed = np.full((2, 3), ANY)
    missed[:, 1] = 1 - right[:, 1]
    return Exercise(
        "4.12",
        "★★★ Digits with softened labels",
        answer=right,
        digits=5,
        right="Multiply the smoothed model's logits by 2 before judging: what becomes of its bits?",
        mistakes={
            "Right size, wrong unit: those are nats, the question asks for bits.": right * unit,
            "Judge both by the true labels: softened ones add their own floor.": soft,
            "The bias is missing: append a pixel that is always 1.": plain,
            "One step too few: 500 of them.": fewer,
            "One step too many: 500 of them.": more,
            "That is the share of errors; asked is that of hits.": missed,
            "The rows stand in each other's place.": right[::-1],
            "The last two columns stand in each other's place.": right[:, [0, 2, 1]],
        },
    )
