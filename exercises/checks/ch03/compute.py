"""What the exercises of chapter 3 compute with bounds, channels, letters and bets."""

import numpy as np
from scipy.special import xlogy
from scipy.stats import binom

from kllib.discrete import kl_divergence

from ..common import LETTERS, letter_counts


def ceilings(kl):
    return np.sqrt([kl / 2, 1 - np.exp(-kl)])


def coins(divergence):
    """The direct way from 0.5 to 0.001 and the detour through 0.05, plain and under roots."""
    direct, *legs = divergence(np.array([0.5, 0.5, 0.05]), np.array([0.001, 0.05, 0.001]))
    return np.array([direct, sum(legs), np.sqrt(direct), np.sqrt(legs).sum()])


def lost(p, q, channel, base=None):
    return kl_divergence(p, q, base=base) - kl_divergence(p @ channel, q @ channel, base=base)


def frequencies(text):
    counts = letter_counts(text)
    return counts / counts.sum()


def split(p, q, vowels="aeiou"):
    """D of the letters, of their classes, and of the letters given each class, in bits."""
    vowel = np.isin(list(LETTERS), list(vowels))
    p_class, q_class = ([r[vowel].sum(), r[~vowel].sum()] for r in (p, q))
    within = [kl_divergence(p[c], q[c], base=2, normalize=True) for c in (vowel, ~vowel)]
    merged = kl_divergence(p_class, q_class, base=2)
    return np.array([kl_divergence(p, q, base=2), merged, *within]), p_class


def wins(n, p, q, better=np.greater, truth=None, last=None, orders=True):
    """The probability that q codes n reports `better` than p; `last` ends the sum too early."""
    k = np.arange(n + 1 if last is None else last)
    log_p, log_q = (xlogy(k, r) + xlogy(n - k, 1 - r) for r in (p, q))
    weight = binom.pmf(k, n, p if truth is None else truth) if orders else np.exp(log_p)
    return weight[better(log_q, log_p)].sum()


def wins_without_care(n, p, q):
    k = np.arange(n + 1)
    excess = k * np.log(np.divide(p, q)) + (n - k) * np.log(np.divide(1 - p, 1 - q))
    return binom.pmf(k, n, p)[excess < 0].sum()
