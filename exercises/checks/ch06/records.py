"""Chapter 6, variational autoencoders."""

import numpy as np
from scipy.special import entr, rel_entr

from kllib.families import kl_normal
from kllib.vae import elbo

from ..common import ANY, BIT, IN_BITS, slot
from ..engine import Exercise, built
from . import compute as ae
from .inputs import accounts, encoders, noises, tables


@built
def closed_form():
    mean, std = np.array([1, -0.5]), np.array([0.5, 1.5])
    each, second = ae.term(mean, std**2), ae.term(0.3, np.exp(-1))
    back = sum(kl_normal(0, 1, m, s) for m, s in zip(mean, std, strict=True))
    return Exercise(
        "6.1",
        "★ The term to the prior",
        answer=[each.sum(), second],
        right="What would make the first 0? Means of 0 and widths of 1, and nothing else.",
        mistakes={
            "The formula has squared standard deviations.": slot(2, 0, ae.term(mean, std).sum()),
            "The one half is missing.": [2 * each.sum(), ANY],
            "A mean over coordinates; the term is their sum.": [each.mean(), ANY],
            "That is the prior from q; the average must be taken under q.": [back, ANY],
            "The logarithm is of the variance, not of std.": slot(
                2, 0, (each + np.log(std) / 2).sum()
            ),
            "The output is the log of the variance, not of std.": slot(
                2, 1, ae.term(0.3, np.exp(-2))
            ),
            "The output is a logarithm: the variance is not negative.": [ANY, ae.term(0.3, 1)],
            IN_BITS: [each.sum() / BIT, ANY],
            "logvar is the log of the variance: exp(-1), not its root.": [
                ANY,
                ae.term(0.3, np.exp(-0.5)),
            ],
            "The sign: a divergence is not negative.": [-each.sum(), -second],
        },
    )


@built
def winds():
    prior, clear, rule = np.array([0.35, 0.65]), np.array([0.2, 0.7]), np.array([0.6, 0.4])
    joint = prior * clear
    total, seen = joint.sum(), rule @ np.log(clear)
    posterior, bound = joint / total, -rel_entr(rule, joint).sum()
    forward = rel_entr(posterior, rule).sum()
    return Exercise(
        "6.2",
        "★ A clear day",
        answer=[np.log(total), bound, np.log(total) - bound, posterior[0]],
        right="With the last number for his rule, the third would be 0.",
        mistakes={
            "That is the rainy day's.": slot(4, 0, np.log(1 - total)),
            "That is p(x); asked is its logarithm.": slot(4, 0, total),
            "The winds are not equally frequent.": slot(4, 0, np.log(clear.mean())),
            "That is the reconstruction; the term to the prior comes off.": slot(4, 1, seen),
            "The average of log q under the rule is missing.": slot(4, 1, rule @ np.log(joint)),
            "The gap averages under the rule, not under the posterior.": slot(4, 2, forward),
            "The gap is from the posterior, not from the prior.": (
                slot(4, 2, rel_entr(rule, prior).sum())
            ),
            "That is the land wind's.": slot(4, 3, posterior[1]),
            "That is p(clear | sea); asked is p(sea | clear).": slot(4, 3, 0.2),
            "Weigh by the prior: the winds are not equally frequent.": (
                slot(4, 3, clear[0] / clear.sum())
            ),
        },
    )


silent = Exercise(
    "6.3",
    "★ Four silent autoencoders",
    answer=[0, 2, 1, 3],
    right="In each, two bounds were compared. The units alone would not have told.",
    mistakes={
        "Annealing filled units and raised no bound: what would be gained?": slot(4, 0, 2),
        "The price is fair: with and without, the bound is the same.": slot(4, 0, 1),
        "A bound 7.2 nats higher is to be had with the same decoder.": slot(4, 1, 0),
        "The weight is 1 in both runs; the start is what differs.": slot(4, 1, 1),
        "Every schedule ends there: nothing is stuck.": slot(4, 2, 2),
        "The same decoder uses z as soon as the weight is 1.": slot(4, 2, 3),
        "It was annealed, and fell silent again.": slot(4, 3, 2),
        "You want z to carry something, and here it carries nothing.": slot(4, 3, 0),
        "Four are silent because they are not worth their price, whatever the decoder.": slot(
            4, 0, 3
        ),
        "The same decoder fills six when it is started gently.": slot(4, 1, 3),
        "A bound at weight 6 is not what you want; at weight 1 five are active.": slot(4, 2, 0),
        "The weight is 1, and lowering it gives another bound; the decoder needs no z.": slot(
            4, 3, 1
        ),
    },
)


identity = Exercise(
    "6.4",
    "★★ The bound and its gap",
    answer=ae.five,
    digits=9,
    inputs=encoders(),
    right="Try mean and std of the posterior: the gap is 0, for every slope and noise.",
    mistakes={
        "The spread of q adds w²·std² to (x - w·mean)².": ae.at_mean,
        "The term averages under q: D(q‖prior), not D(prior‖q).": lambda x, m, s, w, n: (
            ae.assembled(x, m, s, w, n, kl=kl_normal(0, 1, m, s))
        ),
        "log p(x) needs the spread of z as well: the variance of x is w² + noise².": ae.no_spread,
        "The gap averages under q: D(q‖posterior), not D(posterior‖q).": ae.forward_gap,
        "The gap is from the posterior, not from the prior.": lambda x, m, s, w, n: ae.assembled(
            x, m, s, w, n, gap=kl_normal(m, s, 0, 1)
        ),
        "noise and std are standard deviations: square them.": lambda x, m, s, w, n: ae.five(
            x, m, np.sqrt(s), w, np.sqrt(n)
        ),
    },
)


sampler = Exercise(
    "6.5",
    "★★ Through the sampler",
    answer=ae.pulls,
    digits=9,
    inputs=noises(),
    right="Check it against differences: with eps fixed, the estimate is an ordinary function.",
    mistakes={
        "The draws were treated as numbers; z moves with mean and std.": lambda x, m, s, eps: (
            ae.pulls(x, m, s, eps, through=False)
        ),
        "∂z/∂std is eps: the second average lacks it.": (
            lambda x, m, s, eps: ae.pulls(x, m, s, eps)[[0, 0]] + [0, m - s + 1 / s]
        ),
        "The second is the slope in log std; asked is the slope in std.": lambda x, m, s, eps: (
            ae.pulls(x, m, s, eps) * [1, s]
        ),
        "Those lead downhill; asked are the slopes of the bound itself.": lambda x, m, s, eps: (
            -ae.pulls(x, m, s, eps)
        ),
        "The slopes of the term to the prior are missing.": lambda x, m, s, eps: ae.pulls(
            x, m, s, eps, prior=0
        ),
        "The term is subtracted, and so is its slope.": lambda x, m, s, eps: ae.pulls(
            x, m, s, eps, prior=-1
        ),
        "The score estimator: right on average, but no slope of this estimate.": ae.scored,
        "The estimate is an average over the draws, not their sum.": lambda x, m, s, eps: (
            ae.pulls(x, m, s, eps)
            + (len(eps) - 1) * (ae.pulls(x, m, s, eps) - ae.pulls(x, m, s, eps, through=False))
        ),
        "The slope is taken at each z, not at the mean.": lambda x, m, s, eps: ae.pulls(
            x, m, s, np.zeros(1)
        ),
    },
)


@built
def bent():
    gap = elbo(2.0, 1.0, 1.0).gap
    wide = elbo(2.0, 2 * np.sqrt(3) / 4, 1.0, slope=np.sqrt(3)).gap
    return Exercise(
        "6.6",
        "★★ Break a claim: nearer to the posterior",
        answer=[3, 1, gap, 7],
        right="For which std do bound and likelihood agree? For that of the true posterior, 1/2.",
        mistakes={
            "That is θ; asked is θ².": slot(4, 0, np.sqrt(3)),
            "The variance of x is θ² + 1: subtract the noise.": slot(4, 0, 4),
            "That is likelihood's choice; q cannot be that narrow.": slot(4, 1, 3),
            "That gap is 0, and with it the model: where is the bound greatest?": slot(4, 2, 0),
            "That is the gap at the likelihood's choice.": slot(4, 2, wide),
            "1/4 is the standard deviation of q; the formula has its variance.": slot(4, 3, 3),
            "A narrower q leaves the bound more room, not less.": slot(4, 3, 0),
        },
    )


forward_in_x = Exercise(
    "6.7",
    "★★ Break a claim: reverse, hence sharp",
    answer=ae.account,
    digits=9,
    inputs=accounts(),
    right="The first is the sum of the rest. Which of the three could be infinite, and when?",
    mistakes={
        "In x the data come first: D(data‖p(x)).": lambda d, j, q: ae.books(
            d, j, q, x=rel_entr(j.sum(1), d).sum()
        ),
        "The gap averages under q: D(q‖posterior), not D(posterior‖q).": lambda d, j, q: ae.books(
            d, j, q, z=ae.forward_gaps(d, j, q)
        ),
        "Some skies are seen more often: weigh the gaps by the data.": lambda d, j, q: ae.books(
            d, j, q, z=ae.gaps(d, j, q).mean()
        ),
        "That is the entropy of the model; asked is the entropy of the data.": lambda d, j, q: (
            ae.books(d, j, q, entropy=entr(j.sum(1)).sum())
        ),
        "That is the average bound; asked is minus that.": lambda d, j, q: (
            ae.account(d, j, q) * [-1, 1, 1, 1]
        ),
        IN_BITS: lambda d, j, q: ae.account(d, j, q) / BIT,
        "0 · log 0 must count as 0; yours became NaN.": ae.careless,
        "That is the loss less the entropy; the first contains all three.": lambda d, j, q: (
            ae.account(d, j, q) - [ae.account(d, j, q)[1], 0, 0, 0]
        ),
    },
)


surgery = Exercise(
    "6.8",
    "★★ Surgery",
    answer=ae.carving,
    digits=9,
    inputs=tables(),
    right="The last rule tells nothing and still pays: all of its rate is mismatch.",
    mistakes={
        "The aggregate weighs its rows by the data; yours is a plain mean.": lambda d, q, prior: (
            ae.carving(np.full(len(d), 1 / len(d)), q, prior)
        ),
        "Information is from the aggregate, not from the prior.": lambda d, q, prior: ae.cut(
            d, q, prior, information=ae.carving(d, q, prior)[0]
        ),
        "The mismatch averages under the aggregate, not under the prior.": lambda d, q, prior: (
            ae.cut(d, q, prior, mismatch=rel_entr(prior, d @ q).sum())
        ),
        "0 · log 0 must count as 0; yours became NaN.": (
            lambda d, q, prior: ae.cut(d, q, prior, rate=d @ np.sum(q * np.log(q / prior), axis=1))
        ),
        "Take off the entropy that is left when x is known.": lambda d, q, prior: ae.cut(
            d, q, prior, information=entr(d @ q).sum()
        ),
        IN_BITS: lambda d, q, prior: ae.carving(d, q, prior) / BIT,
    },
)


@built
def digit_code():
    values = ae.spectrum()
    noise, sample = values[8:].mean(), ae.spectrum(1)[8:].mean()
    rates = np.log(values[:8] / noise) / 2
    shares = np.log(values[:8].sum() / noise) / 2
    return Exercise(
        "6.9",
        "★★ What a digit's code carries",
        answer=[noise, rates[0], rates.sum()],
        right="Plot the rate against the number of coordinates: each new one carries less.",
        mistakes={
            "Divide by n, not by n - 1: likelihood does.": slot(3, 0, sample),
            "The noise is the mean of all eigenvalues left out.": slot(3, 0, values[8]),
            "That is a standard deviation; asked is s².": slot(3, 0, np.sqrt(noise)),
            "The one half is missing.": [ANY, 2 * rates[0], 2 * rates.sum()],
            "λ includes the noise already: it is λ/s², not 1 + λ/s².": [
                ANY,
                np.log1p(values[0] / noise) / 2,
                np.log1p(values[:8] / noise).sum() / 2,
            ],
            "Add the rates, not the eigenvalues.": slot(3, 2, shares),
            IN_BITS: [ANY, rates[0] / BIT, rates.sum() / BIT],
            "The noise is the mean of the 56 left out; one more was taken.": slot(
                3, 0, values[7:].mean()
            ),
            "The noise is the mean of the 56 left out; one is missing.": slot(
                3, 0, values[9:].mean()
            ),
            "That is the mean of all 64 eigenvalues.": slot(3, 0, values.mean()),
            "That is the mean rate of a coordinate; asked is their sum.": slot(3, 2, rates.mean()),
        },
    )


@built
def falls_silent():
    v, s2, beta = 4, 0.64, 4
    rate = np.log(v / (beta * s2)) / 2
    unpriced, right = np.log(v / s2) / 2, v - beta * s2
    return Exercise(
        "6.10",
        "★★★ Where z falls silent",
        answer=[v - s2, right, v / s2, rate],
        right="That rate is what Shannon's theory asks for a normal source at distortion βs².",
        mistakes={
            "0.8 is the standard deviation; its square is the noise.": slot(4, 0, v - 0.8),
            "The price multiplies s², not s.": slot(4, 1, v - (beta * 0.8) ** 2),
            "β divides nothing here: it makes the noise count for more.": slot(4, 1, v - s2 / beta),
            "0.8 must be squared: v/s², not v/s.": slot(4, 2, v / 0.8),
            "That is the rate at weight 1.": slot(4, 3, unpriced),
            "The one half is missing.": slot(4, 3, 2 * rate),
            "The posterior's rate; at weight 4 the best q is wider.": slot(
                4, 3, np.log1p(right / s2) / 2
            ),
            IN_BITS: slot(4, 3, rate / BIT),
            "That is θ; asked is θ².": slot(4, 0, np.sqrt(v - s2)),
            "The price makes the noise count for more; it does not divide v.": slot(
                4, 1, v / beta - s2
            ),
        },
    )


@built
def higher_bound():
    joint, rules = np.array([0.4, 0.15]), np.array([0.9, 0.45])
    first = [ae.draws(1, rule, joint) for rule in rules]
    ahead = next(
        K for K in range(1, 100) if ae.draws(K, rules[1], joint) > ae.draws(K, rules[0], joint)
    )
    spread = (joint[0] / joint.sum() - rules) ** 2 / (rules * (1 - rules))
    gaps = np.log(0.55) - np.array(first)
    return Exercise(
        "6.11",
        "★★★ Break a claim: the higher bound",
        answer=[*first, ahead, *(spread / 2)],
        right="Divergence decides the first draw, χ² the many. They need not agree.",
        mistakes={
            "Those are gaps; asked are the bounds.": [*gaps, ANY, ANY, ANY],
            "The two rules stand in each other's place.": [*first[::-1], ANY, ANY, ANY],
            "At that K the sure rule is still ahead, by a hair.": slot(5, 2, ahead - 1),
            "It falls behind later than at once: sum over K + 1 cases.": slot(5, 2, 2),
            "The one half is missing: log(1 + u) ≈ u - u²/2.": [ANY, ANY, ANY, *spread],
            "The gap goes by the variance of the weight.": [ANY] * 3 + [*np.sqrt(spread)],
            "Those are the divergences; for many draws it is χ².": [ANY, ANY, ANY, *gaps],
            "The last two stand in each other's place.": [ANY, ANY, ANY, *(spread / 2)[::-1]],
        },
    )
