"""Input as users have it: logits, log variances, counts, weights, units, coded text."""

import math

import numpy as np
import pytest
from mpmath import digamma, exp, log, mp, mpf
from scipy.spatial.distance import jensenshannon

import kllib as kl


def test_root_of_jensen_shannon_agrees_with_scipy():
    p, q = np.random.default_rng(1).dirichlet(np.ones(7), (2, 20))
    np.testing.assert_allclose(kl.js_distance(p, q), jensenshannon(p, q, axis=1), rtol=1e-12)
    np.testing.assert_allclose(
        kl.js_distance(p, q, base=2), jensenshannon(p, q, base=2, axis=1), rtol=1e-12
    )


@pytest.mark.parametrize("weight", [0.0, 1e-6, 0.3, 0.9, 1.0])
def test_weighted_jensen_shannon_by_mpmath(weight):
    rng = np.random.default_rng(2)
    for k in range(20):
        p, q = rng.dirichlet(np.full(5, 0.3), 2)
        if k % 2:
            q = p * (1 + 1e-3 * rng.normal(size=5))
        with mp.workdps(50):
            a, b, w = [mpf(float(x)) for x in p], [mpf(float(x)) for x in q], mpf(weight)
            a, b = [x / sum(a) for x in a], [x / sum(b) for x in b]
            m = [w * x + (1 - w) * y for x, y in zip(a, b, strict=True)]
            terms = [
                (w * x * log(x / z) if w and x else 0)
                + ((1 - w) * y * log(y / z) if w < 1 and y else 0)
                for x, y, z in zip(a, b, m, strict=True)
            ]
            exact = float(sum(terms))
        got = kl.js_divergence(p, q, weight=weight, normalize=True)
        assert got == pytest.approx(exact, rel=1e-10, abs=1e-18)
        half = kl.js_divergence(p, q, weight=0.5, normalize=True)
        assert half == kl.js_divergence(p, q, normalize=True)


@pytest.mark.parametrize("a", [-700.0, -40.0, -1.0, 0.0, 1e-9, 3.0, 40.0, 800.0])
def test_bernoulli_logits_by_mpmath(a):
    for b in (-700.5, -40.0, -1.0, 1e-8, 0.5, 3.0000001, 40.0, 900.0):
        with mp.workdps(900):
            p, rest = 1 / (1 + exp(-mpf(a))), 1 / (1 + exp(mpf(a)))
            q, other = 1 / (1 + exp(-mpf(b))), 1 / (1 + exp(mpf(b)))
            exact = float(p * log(p / q) + rest * log(rest / other))
        assert kl.kl_bernoulli_logits(a, b) == pytest.approx(exact, rel=1e-11, abs=1e-300)
    inf = math.inf
    found = kl.kl_bernoulli_logits([inf, inf, -inf, 0, inf], [inf, 0, inf, inf, math.nan])
    np.testing.assert_allclose(found, [0, math.log(2), inf, inf, math.nan])


def test_log_variances():
    rng = np.random.default_rng(3)
    mean, std = rng.normal(size=(2, 50, 4))
    std = np.exp(std)
    np.testing.assert_allclose(
        kl.kl_normal_standard_logvar(mean, 2 * np.log(std)), kl.kl_normal_standard(mean, std)
    )
    assert kl.kl_normal_standard_logvar([0.0], [1e-9]) == pytest.approx(2.5e-19, rel=1e-8)


def test_entropy_from_counts():
    counts = [4, 2, 3, 0, 2, 4, 0, 0, 2]
    with mp.workdps(40):
        half = [digamma(mpf(n + 1) / 2) - digamma(mpf(n) / 2) for n in counts if n]
        parts = [
            digamma(n) + (-1) ** n * h / 2 for n, h in zip(filter(None, counts), half, strict=True)
        ]
        whole = zip(filter(None, counts), parts, strict=True)
        exact = log(17) - sum(n * g for n, g in whole) / 17
    assert kl.entropy_from_counts(counts) == pytest.approx(float(exact), rel=1e-14)
    assert kl.entropy_from_counts(counts, base=2) == pytest.approx(float(exact) / math.log(2))
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(30))
    drawn = rng.multinomial(60, p, size=4000)
    plug_in = kl.entropy(drawn, normalize=True).mean() - kl.entropy(p)
    assert abs(kl.entropy_from_counts(drawn).mean() - kl.entropy(p)) < 0.15 * abs(plug_in)


def test_units_of_estimates():
    x = np.random.default_rng(5).normal(size=300)
    logs = -(x**2) / 2, -((x - 1) ** 2) / 2
    for call in (kl.kl_estimate, kl.kl_control_variate):
        nats, bits = call(*logs), call(*logs, base=2)
        np.testing.assert_allclose(np.array(nats[:2]) / math.log(2), bits[:2])
    assert kl.kl_knn(x, x + 1, base=2) * math.log(2) == pytest.approx(kl.kl_knn(x, x + 1))


@pytest.mark.parametrize("scale", [1e-170, 1e170, 1e300])
def test_neighbours_at_any_scale(scale):
    x, y = np.random.default_rng(6).normal(size=(2, 200, 2))
    assert kl.kl_knn(x * scale, y * scale) == pytest.approx(kl.kl_knn(x, y), rel=1e-9)


def test_prefix_codes_there_and_back():
    rng = np.random.default_rng(7)
    p = rng.dirichlet(np.ones(9))
    words = kl.prefix_code(kl.huffman_lengths(p))
    message = rng.choice(9, size=500, p=p)
    bits = kl.prefix_encode(message, words)
    assert len(bits) == sum(len(words[i]) for i in message)
    np.testing.assert_array_equal(kl.prefix_decode(bits, words), message)
    assert kl.prefix_decode("", words).size == 0
