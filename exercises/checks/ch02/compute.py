"""What the exercises of chapter 2 compute with terms, tables and integrals."""

import numpy as np
from scipy.integrate import quad

from kllib.discrete import kl_divergence


def terms(p, q):
    return p * np.log(p / q)


def both_ways(p, q):
    return np.array([kl_divergence(p, q), kl_divergence(q, p)])


def product(joint):
    return np.outer(joint.sum(axis=1), joint.sum(axis=0))


def integrated(low, high, in_logs=True):
    """D between normals by quadrature over a range that need not hold the mass of p."""

    def logpdf(x, mean, std):
        return -0.5 * ((x - mean) / std) ** 2 - np.log(std * np.sqrt(2 * np.pi))

    def kl(mean_p, std_p, mean_q, std_q):
        def integrand(x):
            logs = np.array([logpdf(x, mean_p, std_p), logpdf(x, mean_q, std_q)])
            logp, logq = logs if in_logs else np.log(np.exp(logs))
            return np.exp(logs[0]) * (logp - logq)

        return quad(integrand, low, high)[0]

    return kl
