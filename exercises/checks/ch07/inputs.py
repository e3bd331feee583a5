"""Data of chapter 7, and arguments on which its functions are tried."""

from itertools import product

import numpy as np
from sklearn.datasets import load_breast_cancer


def rates():
    """Return (p, q), two probabilities: apart, rare, nearly equal, equal, exchanged."""
    return (0.2, 0.5), (1e-6, 0.01), (0.3, 0.301), (0.4, 0.4), (0.5, 0.2), (0.9, 0.05)


def weighed():
    """Return (p, q, lam): k1, k3, beyond, an outcome that p lacks, equal ones, a rare one."""
    tried = [([0.5, 0.3, 0.2], [0.2, 0.5, 0.3], 0.0), ([0.5, 0.3, 0.2], [0.2, 0.5, 0.3], 1.0)]
    tried += [([0.7, 0.3, 0.0], [0.6, 0.3, 0.1], 1.0), ([0.5, 0.5], [0.5, 0.5], 0.5)]
    tried += [([0.75, 0.25, 0.0], [0.5, 0.25, 0.25], 0.25), ([0.999, 0.001], [0.9, 0.1], 1.0)]
    return tuple((np.array(p), np.array(q), lam) for p, q, lam in tried)


def logits():
    """Return (theta, q): the fixed example, at the reference, with one outcome abandoned."""
    tried = [(np.log([0.5, 0.3, 0.2]), [0.2, 0.5, 0.3]), (np.log([0.25, 0.75]), [0.25, 0.75])]
    tried += [([0.0, 3.0], [0.5, 0.5]), ([1.0, 0.0, -1.0, 2.0], [0.1, 0.2, 0.3, 0.4])]
    return tuple((np.array(theta), np.array(q)) for theta, q in tried)


def shifts():
    """Return (shift, std) of q: shifted, narrow, wide, nearly p, and too wide."""
    return (1.0, 1.0), (2.0, 1.0), (0.0, 0.5), (0.5, 1.2), (0.01, 1.0), (0.0, 1.5), (1.0, 2.0)


def tumours():
    """Return log radius and log texture of malignant and of benign tumours, spread 1 each."""
    data = load_breast_cancer()
    x = np.log(data.data[:, :2])
    x /= x.std(axis=0)
    return x[data.target == 0], x[data.target == 1]


def parts(logp, logq):
    """Sums of k1 and of exact divergences, from log conditionals of shape (n, tokens, 2)."""
    bits = np.array(list(product([0, 1], repeat=logp.shape[1])))
    with np.errstate(invalid="ignore"):
        terms = np.where(np.exp(logp) > 0, np.exp(logp) * (logp - logq), 0)
        drawn = np.take_along_axis(logp - logq, bits[..., None], axis=2)[..., 0]
    weight = np.exp(np.take_along_axis(logp, bits[..., None], axis=2)[..., 0].sum(axis=1))
    seen = weight > 0
    return weight[seen], drawn[seen].sum(axis=1), terms.sum(axis=(1, 2))[seen]


def markov(step_p=((0.9, 0.1), (0.4, 0.6)), step_q=((0.7, 0.3), (0.2, 0.8))):
    """Return `parts` of six bits from two chains that begin after a 0."""
    before = np.array(list(product([0, 1], repeat=6)))
    before = np.c_[np.zeros(len(before), int), before[:, :-1]]
    return parts(np.log(step_p)[before], np.log(step_q)[before])


def conditioned():
    """Return `parts` for six fair bits conditioned on no two neighbouring ones, and fair bits."""
    bits = np.array(list(product([0, 1], repeat=6)))
    allowed = bits[~(bits[:, 1:] & bits[:, :-1]).any(axis=1)]
    counts = np.zeros((64, 6, 2))
    for t in range(6):
        same = (bits[:, None, :t] == allowed[None, :, :t]).all(axis=2)
        for value in (0, 1):
            counts[:, t, value] = (same & (allowed[:, t] == value)).sum(axis=1)
    total = np.maximum(counts.sum(axis=2, keepdims=True), 1)
    with np.errstate(divide="ignore"):
        return parts(np.log(counts / total), np.full(counts.shape, np.log(0.5)))
