"""What the exercises of chapter 7 compute with ratios, weights and scores."""

import numpy as np
from scipy.special import log_softmax

from kllib.discrete import kl_divergence
from kllib.estimators import k1, k2, k3
from kllib.families import kl_bernoulli, kl_mvn


def best(p, q):
    both = kl_divergence(p, q) + kl_divergence(q, p)
    return both / (p @ (q / p - 1) ** 2)


def blind(p, q, lam):
    with np.errstate(all="ignore"):
        values = -np.log(q / p) + lam * (q / p - 1)
        return np.array([p @ values, np.sqrt(p @ values**2 - (p @ values) ** 2)])


def chi_square(shift, std):
    return np.exp(shift**2 / (2 - std**2)) / (std * np.sqrt(2 - std**2)) - 1


def coin_lambda(p, q, numerator="both", chi=None):
    forward, reverse = kl_bernoulli(p, q), kl_bernoulli(q, p)
    if p == q:
        return 1.0
    over = {"both": forward + reverse, "forward": forward, "reverse": reverse}[numerator]
    return over * (p * (1 - p) if chi is None else chi) / (q - p) ** 2


def control(p, q, lam, sign=1):
    r = np.divide(q, p, out=np.ones_like(p), where=p > 0)
    values = -np.log(r) + sign * lam * (r - 1)
    mean = p @ values
    return np.array([mean, np.sqrt(p @ (values - mean) ** 2)])


def even(p, q, lam):
    r = q[p > 0] / p[p > 0]
    values = -np.log(r) + lam * (r - 1)
    return np.array([values.mean(), values.std()])


def held(theta, q, lift=1.0, sign=-1, weights=None):
    log_p = log_softmax(theta)
    p, u = np.exp(log_p), np.log(q) - log_p
    slopes = np.array([-np.ones_like(u), u, np.expm1(u)])
    weights = p if weights is None else weights
    return sign * (weights * slopes) @ (np.eye(len(p)) - lift * p)


def spread(weight, values):
    return np.sqrt(weight @ (values - weight @ values) ** 2)


def weighted(theta, q):
    log_p = log_softmax(theta)
    p, u = np.exp(log_p), np.log(q) - log_p
    return (p * np.array([k1(u), k2(u), k3(u)])) @ (np.eye(len(p)) - p)


def wide(shift, std, sign=-1, directions=(1, 1), squared=False):
    if std**2 >= 2:
        return np.inf
    forward = np.log(std) + (1 + shift**2) / (2 * std**2) - 0.5
    reverse = -np.log(std) + (std**2 + shift**2) / 2 - 0.5
    of_log = shift**2 / std**4 + (1 - 1 / std**2) ** 2 / 2
    both = directions[0] * forward + directions[1] * reverse
    variance = chi_square(shift, std) + of_log + sign * 2 * both
    return variance if squared else np.sqrt(abs(variance))


def coin_undefined(p, q):
    return np.nan if p == q else coin_lambda(p, q)


def coin_other_chi(p, q):
    return coin_lambda(p, q, chi=q * (1 - q))


def assumed(p, q, lam):
    return np.array([kl_divergence(p, q), control(p, q, lam)[1]])


def upside_down(p, q, lam):
    return control(p, p**2 / q, lam)


def whole(theta, q):
    return held(theta, q) + weighted(theta, q)


def first_moved(theta, q):
    return held(theta, q)[[1, 1, 2]]


def third_same(theta, q):
    return held(theta, q)[[0, 1, 1]]


def undefined(shift, std):
    return wide(shift, std) if std**2 < 2 else np.nan


def of_ratio(shift, std):
    return np.sqrt(chi_square(shift, std)) if std**2 < 2 else np.inf


def not_squared(shift, std):
    return wide(shift, np.sqrt(std))


def normals(x, y, keep=1):
    p, q = (np.where(np.eye(2), c, keep * c) for c in (np.cov(x.T), np.cov(y.T)))
    return kl_mvn(x.mean(axis=0), p, y.mean(axis=0), q)
