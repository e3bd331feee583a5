"""What is measured: each case returns named calls that do the same work."""

import importlib.util

import numpy as np
from scipy import special, stats

from kllib import (
    js_divergence,
    kl_between,
    kl_divergence,
    kl_from_logits,
    kl_normal,
    mutual_information,
)

RNG = np.random.default_rng(0)
torch = None
if importlib.util.find_spec("torch"):
    import torch

    torch.set_num_threads(1)


def distributions(*shape):
    p = RNG.random(shape)
    return p / p.sum(axis=-1, keepdims=True)


def against_rel_entr(p, q):
    calls = {
        "kllib": lambda: kl_divergence(p, q),
        "scipy `rel_entr(p, q).sum`": lambda: special.rel_entr(p, q).sum(axis=-1),
    }
    if torch:
        a, b, kl_div = torch.from_numpy(p), torch.from_numpy(q), torch.nn.functional.kl_div
        calls["torch `kl_div(q.log(), p)`"] = lambda: kl_div(b.log(), a, reduction="none").sum(-1)
    return calls


def vectors():
    return against_rel_entr(distributions(10**7), distributions(10**7))


def rows():
    return against_rel_entr(distributions(20_000, 1000), distributions(20_000, 1000))


def short_rows():
    return against_rel_entr(distributions(500_000, 4), distributions(500_000, 4))


def zeros():
    p, q = distributions(20_000, 1000), distributions(20_000, 1000)
    p[RNG.random(p.shape) < 0.3] = 0
    return against_rel_entr(p / p.sum(axis=-1, keepdims=True), q)


def near_equal():
    p = distributions(10**7)
    q = p * (1 + 1e-6 * RNG.normal(size=p.shape))
    return against_rel_entr(p, q / q.sum())


def two_categories():
    calls = against_rel_entr(np.array([0.5, 0.5]), np.array([0.9, 0.1]))
    p, q = np.array([0.5, 0.5]), np.array([0.9, 0.1])
    return calls | {"scipy `stats.entropy(p, q)`": lambda: stats.entropy(p, q)}


def logits(apart):
    a = 2 * RNG.normal(size=(1024, 50_257)).astype(np.float32)
    b = a + (apart * RNG.normal(size=a.shape)).astype(np.float32)

    def scipy_way():
        log_p, log_q = special.log_softmax(a, axis=-1), special.log_softmax(b, axis=-1)
        return (np.exp(log_p) * (log_p - log_q)).sum(axis=-1)

    calls = {"kllib": lambda: kl_from_logits(a, b), "scipy `log_softmax`": scipy_way}
    if torch:
        x, y, F = torch.from_numpy(a), torch.from_numpy(b), torch.nn.functional

        def torch_way():
            log_p, log_q = F.log_softmax(x, -1), F.log_softmax(y, -1)
            return F.kl_div(log_q, log_p, reduction="none", log_target=True).sum(-1)

        calls["torch `log_softmax`, `kl_div`"] = torch_way
    return calls


def jensen_shannon():
    p, q = distributions(2000, 1000), distributions(2000, 1000)

    def scipy_way():
        m = (p + q) / 2
        return (special.rel_entr(p, m) + special.rel_entr(q, m)).sum(axis=-1) / 2

    return {"kllib": lambda: js_divergence(p, q), "scipy `rel_entr`, twice": scipy_way}


def information():
    joint = distributions(10**6).reshape(1000, 1000)

    def scipy_way():
        product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
        return special.rel_entr(joint, product).sum()

    return {"kllib": lambda: mutual_information(joint), "scipy `rel_entr`": scipy_way}


def normals():
    mean, std = RNG.normal(size=(2, 10**6)), np.exp(RNG.normal(size=(2, 10**6)))

    def formula():
        ratio = std[0] / std[1]
        shift = (mean[0] - mean[1]) / std[1]
        return (ratio**2 + shift**2 - 1) / 2 - np.log(ratio)

    calls = {
        "kllib": lambda: kl_normal(mean[0], std[0], mean[1], std[1]),
        "numpy, the formula": formula,
    }
    if torch:
        p, q = (
            torch.distributions.Normal(torch.from_numpy(m), torch.from_numpy(s))
            for m, s in zip(mean, std, strict=True)
        )
        calls["torch `kl_divergence`"] = lambda: torch.distributions.kl_divergence(p, q)
    return calls


def quadrature():
    P, Q = stats.gamma(2.0), stats.lognorm(1.0)
    return {
        "kllib": lambda: kl_between(P, Q),
        "scipy `P.expect`": lambda: P.expect(lambda x: P.logpdf(x) - Q.logpdf(x)),
    }


CASES = [
    ("KL of two vectors of 10⁷", vectors),
    ("KL of 20,000 rows of 1,000", rows),
    ("the same, 30 % of p zero", zeros),
    ("KL of 500,000 rows of 4", short_rows),
    ("KL of two vectors of 10⁷ that differ by 1e-6", near_equal),
    ("one call, 2 categories", two_categories),
    ("KL from logits, 1,024 × 50,257, float32", lambda: logits(1.0)),
    ("the same, of policies 0.01 apart", lambda: logits(0.01)),
    ("Jensen-Shannon of 2,000 rows of 1,000", jensen_shannon),
    ("mutual information, 1,000 × 1,000", information),
    ("KL of 10⁶ pairs of normals", normals),
    ("KL of gamma from lognormal, by quadrature", quadrature),
]
