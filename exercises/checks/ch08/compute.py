"""What the exercises of chapter 8 compute with policies, students, books and bottlenecks."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import entr, gammaln, log_softmax, rel_entr, softmax
from sklearn.datasets import load_digits

from kllib import policy


def tilt(reference, rewards, beta):
    """The optimum of E r - beta D(policy || reference)."""
    return policy.tilt(reference, rewards, beta).policy


def parts(tried, reference, rewards, beta, **other):
    """Value, best value and shortfall of a policy, with some of them got otherwise."""
    seen = tried > 0
    log_z = policy.tilt(reference, rewards, beta).log_z
    log_star = np.log(reference[seen]) + rewards[seen] / beta - log_z
    right = {
        "value": tried @ rewards - beta * rel_entr(tried, reference).sum(),
        "best": beta * log_z,
        "short": beta * tried[seen] @ (np.log(tried[seen]) - log_star),
    }
    return np.array(list((right | other).values()))


def paid(tried, reference, rewards, beta):
    """The three numbers, with products and logarithms as they come."""
    value = tried @ rewards - beta * np.sum(tried * np.log(tried / reference))
    best = beta * np.log(reference @ np.exp(rewards / beta))
    return np.array([value, best, best - value])


def careful(tried, reference, rewards, beta):
    """Zeros are minded, large rewards are not."""
    best = beta * np.log(reference @ np.exp(rewards / beta))
    value = parts(tried, reference, rewards, beta)[0]
    return np.array([value, best, best - value])


def picked(reference, rewards, n, strict=False):
    """Probabilities of the best of n draws, ties broken at random, or by position if `strict`."""
    order = np.arange(len(rewards)) / len(rewards) * strict
    rank = rewards + order * 1e-9
    at_most = np.array([reference[rank <= value].sum() for value in rank])
    below = np.array([reference[rank < value].sum() for value in rank])
    return reference * (at_most**n - below**n) / (at_most - below)


def best(reference, rewards, n, **other):
    """Formula, divergence and mean reward of the best of n."""
    chosen = picked(reference, rewards, n)
    right = {
        "formula": np.log(n) - (n - 1) / n,
        "exact": rel_entr(chosen, reference).sum(),
        "reward": chosen @ rewards,
    }
    return np.array(list((right | other).values()))


def heated(teacher, student, T, **other):
    """Floor, both divergences times T squared, and the slope in the student's first logit."""
    p, q = softmax(teacher / T), softmax(student / T)
    right = {
        "floor": entr(p).sum(),
        "forward": T**2 * rel_entr(p, q).sum(),
        "reverse": T**2 * rel_entr(q, p).sum(),
        "slope": T * (q[0] - p[0]),
    }
    return np.array(list((right | other).values()))


def normal_pair(rho, beta, **other):
    """Kept and predicted information of the normal bottleneck, and its least beta."""
    power = rho**2
    kept = max(0, np.log(power * (beta - 1) / (1 - power)) / 2)
    kept = other.get("kept", kept)
    predicted = -np.log(1 - power * (1 - np.exp(-2 * kept))) / 2 + 0.0
    right = {"kept": kept, "predicted": predicted, "least": 1 / power}
    return np.array(list((right | other).values()))


def nce(N, K):
    """InfoNCE with the best critic where y = x is one of K equally frequent symbols."""
    m = np.arange(N)
    ways = gammaln(N) - gammaln(m + 1) - gammaln(N - m)
    chance = np.exp(ways - m * np.log(K) + (N - 1 - m) * np.log1p(-1 / K))
    return np.log(N) - chance @ np.log(m + 1)


def books(p, q, weight):
    """Entropy rate and divergence rate of two Markov sources, in bits."""
    return np.array([weight @ entr(p).sum(1), weight @ rel_entr(p, q).sum(1)]) / np.log(2)


def kl_div(inputs, target):
    """The sum that PyTorch's function of this name takes before it reduces."""
    return (target * (np.log(target) - inputs)).sum()


def naive_bayes(train=slice(0, 600)):
    """Logits of all digits from black pixels that are taken to be independent, and the labels."""
    images, digit = load_digits(return_X_y=True)
    black = images >= 8
    one = np.eye(10)[digit[train]]
    count = one.sum(0)
    ink = (one.T @ black[train] + 1) / (count[:, None] + 2)
    logits = black @ np.log(ink).T + (~black) @ np.log(1 - ink).T + np.log(count / count.sum())
    return logits, digit


def sure(logits, digit, T, rows):
    """Mean loss in nats, and mean claim, of the rows at a temperature."""
    scores = log_softmax(logits[rows] / T, axis=1)
    return -scores[np.arange(len(scores)), digit[rows]].mean(), np.exp(scores.max(1)).mean()


def heat(logits, digit, rows):
    """The temperature of least loss."""
    found = minimize_scalar(
        lambda u: sure(logits, digit, np.exp(u), rows)[0],
        bounds=(-3, 4),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return np.exp(found.x)
