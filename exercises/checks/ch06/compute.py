"""What the exercises of chapter 6 compute with bounds, encoders and tables."""

import numpy as np
from scipy.special import expit, gammaln, rel_entr, xlogy
from sklearn.datasets import load_digits

from kllib.families import kl_normal
from kllib.vae import elbo


def term(mean, variance):
    """The divergence of each normal from N(0, 1)."""
    return (np.square(mean) + variance - 1 - np.log(variance)) / 2


def five(x, mean, std, slope, noise):
    b = elbo(x, mean, std, slope=slope, noise=noise)
    return np.array([b.reconstruction, b.kl, b.elbo, b.log_evidence, b.gap])


def pulls(x, mean, std, eps, through=True, prior=1):
    """Slopes of the sampled bound in mean and std; z has logit z of Bernoulli x."""
    slope = (x - expit(mean + std * eps)) * through
    return np.array([slope.mean() - prior * mean, (eps * slope).mean() - prior * (std - 1 / std)])


def scored(x, mean, std, eps):
    """The same expectations by the score of q instead of the slope of f."""
    z = mean + std * eps
    f = x * z - np.logaddexp(0, z)
    return np.array(
        [(f * eps).mean() / std - mean, (f * (eps**2 - 1)).mean() / std - std + 1 / std]
    )


def account(data, joint, q):
    evidence = joint.sum(axis=1)
    gap = rel_entr(q, joint / evidence[:, None]).sum(axis=1)
    away = rel_entr(data, evidence).sum()
    return np.array(
        [data @ rel_entr(q, joint).sum(axis=1), -xlogy(data, data).sum(), away, data @ gap]
    )


def carving(data, q, prior):
    aggregate = data @ q
    rate, information = (data @ rel_entr(q, to).sum(axis=1) for to in (prior, aggregate))
    return np.array([rate, information, rel_entr(aggregate, prior).sum()])


def spectrum(ddof=0):
    """Eigenvalues of the covariance of the digits, largest first."""
    return np.linalg.eigvalsh(np.cov(load_digits().data.T, ddof=ddof))[::-1]


def draws(K, rule, joint):
    """The bound of K draws for two causes, by summing over how many draws gave the first."""
    k = np.arange(K + 1)
    ways = gammaln(K + 1) - gammaln(k + 1) - gammaln(K - k + 1)
    chance = np.exp(ways + xlogy(k, rule) + xlogy(K - k, 1 - rule))
    return chance @ np.log((k * joint[0] / rule + (K - k) * joint[1] / (1 - rule)) / K)


def assembled(x, mean, std, slope, noise, **other):
    b = elbo(x, mean, std, slope=slope, noise=noise)
    parts = {"rec": b.reconstruction, "kl": b.kl, "evidence": b.log_evidence} | other
    bound = parts["rec"] - parts["kl"]
    gap = parts.get("gap", parts["evidence"] - bound)
    return np.array([parts["rec"], parts["kl"], bound, parts["evidence"], gap])


def at_mean(x, mean, std, slope, noise):
    rec = -(((x - slope * mean) / noise) ** 2) / 2 - np.log(noise * np.sqrt(2 * np.pi))
    return assembled(x, mean, std, slope, noise, rec=rec)


def no_spread(x, mean, std, slope, noise):
    evidence = -((x / noise) ** 2) / 2 - np.log(noise * np.sqrt(2 * np.pi))
    gap = five(x, mean, std, slope, noise)[4]
    return assembled(x, mean, std, slope, noise, evidence=evidence, gap=gap)


def forward_gap(x, mean, std, slope, noise):
    total = np.hypot(slope, noise)
    gap = kl_normal(slope * x / total**2, noise / total, mean, std)
    return assembled(x, mean, std, slope, noise, gap=gap)


def books(data, joint, q, **other):
    """The four numbers with some of them got otherwise."""
    right = dict(zip(("whole", "entropy", "x", "z"), account(data, joint, q), strict=True))
    return np.array(list((right | other).values()))


def gaps(data, joint, q):
    return rel_entr(q, joint / joint.sum(axis=1, keepdims=True)).sum(axis=1)


def forward_gaps(data, joint, q):
    return data @ rel_entr(joint / joint.sum(axis=1, keepdims=True), q).sum(axis=1)


def careless(data, joint, q):
    away = np.sum(data * np.log(data / joint.sum(axis=1)))
    whole = data @ np.sum(q * np.log(q / joint), axis=1)
    gap = data @ np.sum(q * np.log(q / joint * joint.sum(axis=1)[:, None]), axis=1)
    return np.array([whole, -np.sum(data * np.log(data)), away, gap])


def cut(data, q, prior, **other):
    right = dict(zip(("rate", "information", "mismatch"), carving(data, q, prior), strict=True))
    return np.array(list((right | other).values()))
