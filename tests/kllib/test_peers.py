"""kllib against SciPy, and against torch where it is installed."""

import importlib.util

import numpy as np
import pytest
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

from kllib.between import kl_between
from kllib.discrete import (
    entropy,
    js_divergence,
    kl_contributions,
    kl_divergence,
    kl_from_log_probs,
    kl_from_logits,
    mutual_information,
)
from kllib.families import kl_normal


@pytest.fixture
def tables():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(40), size=(2, 300))
    p[::3, :5] = 0
    return p / p.sum(axis=-1, keepdims=True), q


def test_scipy_rel_entr(tables):
    p, q = tables
    np.testing.assert_allclose(kl_divergence(p, q), special.rel_entr(p, q).sum(-1), rtol=1e-13)
    np.testing.assert_array_equal(kl_contributions(p, q), special.rel_entr(p, q))


def test_scipy_entropy(tables):
    # which normalizes, over the first axis, unless told otherwise
    p, q = tables
    np.testing.assert_allclose(entropy(p, base=2), stats.entropy(p, base=2, axis=-1), rtol=1e-13)
    np.testing.assert_allclose(
        kl_divergence(3 * p.T, q.T, axis=0, normalize=True), stats.entropy(p.T, q.T), rtol=1e-12
    )


def test_scipy_jensenshannon(tables):
    # which returns the root
    p, q = tables
    np.testing.assert_allclose(js_divergence(p, q), jensenshannon(p, q, axis=-1) ** 2, rtol=1e-12)


def test_scipy_mutual_information(tables):
    p, q = tables
    joint = p[:2].T @ q[:2] / 2
    row, column = joint.sum(axis=1, keepdims=True), joint.sum(axis=0, keepdims=True)
    expected = stats.entropy(joint.ravel(), (row * column).ravel())
    assert mutual_information(joint) == pytest.approx(expected, rel=1e-12)


def test_scipy_log_softmax():
    a, b = np.random.default_rng(1).normal(size=(2, 50, 300)) * 4
    log_p, log_q = special.log_softmax(a, axis=-1), special.log_softmax(b, axis=-1)
    expected = (np.exp(log_p) * (log_p - log_q)).sum(axis=-1)
    np.testing.assert_allclose(kl_from_logits(a, b), expected, rtol=1e-12)
    np.testing.assert_allclose(kl_from_log_probs(log_p, log_q), expected, rtol=1e-12)


def test_scipy_expectation():
    P, Q = stats.gamma(2), stats.lognorm(1)
    expected = P.expect(lambda x: P.logpdf(x) - Q.logpdf(x))
    assert kl_between(P, Q) == pytest.approx(expected, rel=1e-6)


if importlib.util.find_spec("torch"):

    def test_torch(tables):
        import torch

        p, q = tables
        found = torch.nn.functional.kl_div(torch.tensor(q).log(), torch.tensor(p), reduction="none")
        np.testing.assert_allclose(kl_divergence(p, q), found.sum(-1).numpy(), rtol=1e-12)
        normal = torch.distributions.Normal
        found = torch.distributions.kl_divergence(normal(0.0, 1.0), normal(1.0, 2.0)).item()
        assert kl_normal(0, 1, 1, 2) == pytest.approx(found, rel=1e-6)
