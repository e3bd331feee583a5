"""What the exercises of chapter 4 compute with counts, books and logits."""

import numpy as np
from scipy.special import log_softmax, rel_entr, softmax

from kllib.discrete import additive_smoothing, cross_entropy, entropy, kl_divergence

from .inputs import regression


def shortfall(counts, q, cost=kl_divergence, added=0):
    return counts.sum() * cost(additive_smoothing(counts, added), q)


def per_observation(counts, q):
    return shortfall(counts, q) / counts.sum()


def exchanged(counts, q):
    return counts.sum() * kl_divergence(q, counts / counts.sum())


def bill(counts, q):
    return shortfall(counts, q, cross_entropy)


def unseen(counts, q):
    return np.sum(counts * np.log(counts / counts.sum() / q))


def raw(counts, q):
    return rel_entr(counts, q).sum()


def smoothed(counts, q):
    return shortfall(counts, q, added=1)


def in_bits(counts, q):
    return shortfall(counts, q) / np.log(2)


def graded(theta, t, sign=1, unit=1, less=0):
    log_q = log_softmax(theta)
    return np.array([-t @ log_q / unit - less, *sign * (np.exp(log_q) - t)])


def careless(theta, t, q, extra=0.0):
    return np.array([-t @ np.log(q + extra), *q - t])


def uphill(theta, t):
    return graded(theta, t, sign=-1)


def graded_in_bits(theta, t):
    return graded(theta, t, unit=np.log(2))


def in_mass(theta, t):
    return np.array([graded(theta, t)[0], *-t / softmax(theta)])


def divergence(theta, t):
    return graded(theta, t, less=entropy(t))


def overflowing(theta, t):
    return careless(theta, t, np.exp(theta) / np.exp(theta).sum())


def underflowing(theta, t):
    return careless(theta, t, softmax(theta))


def capped(theta, t):
    return careless(theta, t, softmax(theta), 1e-12)


def naive(z):
    return np.log(np.exp(z) / np.exp(z).sum())


def log_after(z, extra=0.0):
    return np.log(softmax(z) + extra)


def log_capped(z):
    return log_after(z, 1e-12)


def shifted(z, shift):
    return z - shift - np.log(np.exp(z - shift).sum())


def unshifted(z):
    return shifted(z, 0)


def by_mean(z):
    return shifted(z, z.mean())


def no_sum(z):
    return z - z.max()


def judged(**how):
    """Bits per held-out image, accuracy and mean confidence."""
    q, y = regression(**how)
    hit = q.argmax(axis=1) == y.argmax(axis=1)
    return np.array([-np.log2((q * y).sum(axis=1)).mean(), hit.mean(), q.max(axis=1).mean()])
