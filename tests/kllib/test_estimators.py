"""Estimators: exact enumeration over samples, mpmath's k3, the book's facts, peers."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from kllib import estimators
from kllib.estimators import exact_moments, k1, k2, k3, kl_control_variate, kl_estimate, kl_knn

HERE = Path(__file__).parent
FACTS = json.loads((Path(__file__).parent / "tables/known.json").read_text())
TEN_DIGITS = 5e-10  # the facts are rounded to ten significant digits
P, Q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.5, 0.3])
KL = math.fsum(P * np.log(P / Q))


def test_k3_agrees_with_mpmath():
    u, exact = np.array(json.loads((HERE / "tables/estimators_k3.json").read_text()), float).T
    # Just above |u| = 0.03 the subtraction costs 2/0.03 = 67 eps.
    np.testing.assert_allclose(k3(u), exact, rtol=1.5e-14, atol=0)


@given(st.floats(-1e300, 700))
def test_laws_of_the_terms(u):
    assert k3(u) >= 0
    assert k2(u / 1e200) >= 0
    assert k1(u) == -u
    # k3 lies above k2 where r > 1, below where r < 1.
    if 1e-100 < abs(u) < 100:
        assert (k3(u) - k2(u)) * u > -1e-14 * k2(u) * abs(u)


def test_types_and_limits_of_the_terms():
    for k in (k1, k2, k3):
        assert isinstance(k(0.5), np.float64)
        assert isinstance(k(np.float32(0.5)), np.float32)
        assert k(np.zeros((2, 3), np.float32)).dtype == np.float32
        assert k([0.0, -math.inf]).tolist() == [0, math.inf]
        assert math.isnan(k(math.nan))
    assert k3(1000.0) == math.inf
    assert k2(-1e300) == math.inf
    assert kl_estimate([0.0, 0.0], [-1e300, 0.0], "k1").value == 5e299


def samples(p, n):
    """Every sample of n outcomes, with its probability."""
    for drawn in itertools.product(range(len(p)), repeat=n):
        yield list(drawn), math.prod(p[list(drawn)])


def expectation(p, n, estimate):
    return math.fsum(weight * estimate(drawn) for drawn, weight in samples(p, n))


@pytest.mark.parametrize("kind", ["k1", "k2", "k3"])
def test_expectation_over_every_sample(kind):
    logp, logq, n = np.log(P), np.log(Q), 4
    moments = exact_moments(P, Q, kind)

    def estimate(drawn):
        return kl_estimate(logp[drawn], logq[drawn], kind)

    assert expectation(P, n, lambda x: estimate(x).value) == pytest.approx(moments.mean, rel=1e-13)
    variance = expectation(P, n, lambda x: estimate(x).stderr ** 2)
    assert variance == pytest.approx(moments.std**2 / n, rel=1e-13)
    if kind != "k2":
        assert moments.mean == pytest.approx(KL, rel=1e-14)


@pytest.mark.parametrize("lam", [-1.0, 0.0, 0.4, 1.0, 1.149354647])
def test_a_fixed_lambda_is_unbiased(lam):
    logp, logq = np.log(P), np.log(Q)
    mean = expectation(P, 3, lambda x: kl_control_variate(logp[x], logq[x], lam).value)
    assert mean == pytest.approx(KL, rel=1e-13)


def test_a_fitted_lambda_is_biased_by_one_over_n():
    logp, logq = np.log(P), np.log(Q)

    def bias(n):
        counts = [(i, j, n - i - j) for i in range(n + 1) for j in range(n + 1 - i)]
        values = [kl_control_variate(np.repeat(logp, c), np.repeat(logq, c)).value for c in counts]
        return stats.multinomial(n, P).pmf(counts) @ values - KL

    assert bias(40) == pytest.approx(bias(20) / 2, rel=0.1)


def test_the_fitted_lambda_is_least_squares():
    rng = np.random.default_rng(7)
    logp, logq = rng.normal(size=50), rng.normal(size=50)
    u = logq - logp
    slope, intercept = np.polyfit(np.expm1(u), -u, 1)
    found = kl_control_variate(logp, logq)
    residuals = -u - slope * np.expm1(u) - intercept
    assert estimators.optimal_lambda(u) == pytest.approx(-slope, rel=1e-12)
    assert found.value == pytest.approx(intercept, rel=1e-12)
    assert found.stderr == pytest.approx(math.sqrt(residuals @ residuals / 48 / 50), rel=1e-12)
    assert found.n == 50
    for other in (-0.2, 0.5):
        assert kl_control_variate(logp, logq, other).stderr > found.stderr


def test_lambda_at_its_limits():
    assert estimators.optimal_lambda([0.3, 0.3]) == 1
    near = 1e-7 * np.array([1.0, -2.0, 0.5])
    assert estimators.optimal_lambda(near) == pytest.approx(1, abs=1e-6)
    assert estimators.optimal_lambda([-math.inf, 0.1]) == 0
    assert estimators.optimal_lambda([-math.inf, 0.1, 0.2], [0, 0.5, 0.5]) != 0
    assert kl_control_variate([0, 0], [-math.inf, 0]).value == math.inf
    exact = estimators.optimal_lambda(np.log(Q / P), P)
    assert exact == pytest.approx(FACTS["grad.setup"][3], rel=TEN_DIGITS)


def test_estimates_of_few_and_of_infinite_samples():
    one = kl_estimate([0.0], [-0.5])
    assert (one.value, one.n) == (k3(-0.5), 1)
    assert math.isnan(one.stderr)
    two = kl_estimate([0.0, 0.0], [-0.5, 0.5], "k1")
    assert two == pytest.approx((0, 0.5, 2), abs=1e-16)
    assert math.isnan(kl_control_variate([0.0, 0.0], [-0.5, 0.5]).stderr)
    for kind in ("k1", "k2", "k3"):
        assert kl_estimate([0.0, 0.0], [-0.5, -math.inf], kind).value == math.inf
    assert math.isnan(kl_estimate([0.0, math.nan], [0.0, 0.0]).value)
    assert kl_estimate(np.zeros((4, 5)), np.ones((4, 5))).n == 20


def test_bregman_estimates_contain_k3():
    logp, logq = np.log(P), np.log(Q)
    for drawn in ([0, 1, 2, 2], [1, 1, 0, 2]):
        k3s = kl_estimate(logp[drawn], logq[drawn], "k3")
        found = estimators.bregman_estimate(lambda r: -np.log(r), -1.0, (logq - logp)[drawn])
        assert found == pytest.approx(k3s, rel=1e-13)


@pytest.mark.parametrize(
    ("f", "slope", "exact"),
    [
        (lambda r: r * np.log(r), 1, Q @ np.log(Q / P)),
        (lambda r: (r - 1) ** 2, 0, (Q - P) ** 2 @ (1 / P)),
        (lambda r: np.abs(r - 1) / 2, 0.3, np.abs(Q - P).sum() / 2),  # any subgradient will do
        (lambda r: (np.sqrt(r) - 1) ** 2, 0, ((np.sqrt(P) - np.sqrt(Q)) ** 2).sum()),
    ],
)
def test_bregman_estimates_are_unbiased(f, slope, exact):
    u = np.log(Q / P)
    mean = expectation(P, 3, lambda x: estimators.bregman_estimate(f, slope, u[x]).value)
    assert mean == pytest.approx(exact, rel=1e-13)


def normal_pair(delta, scale=1.0, width=30):
    """N(0, 1) and N(delta, scale²) as finite distributions; trapezoid sums are exact here."""
    x = np.linspace(-width, width, 100 * width + 1)
    p, q = stats.norm.pdf(x), stats.norm.pdf(x, delta, scale)
    return p / p.sum(), q / q.sum()


@pytest.mark.parametrize("delta", [0.1, 0.5, 1, 2, 3])
def test_facts_on_shifted_normals(delta):
    fact = FACTS[f"est.gauss.{delta}"]
    p, q = normal_pair(delta)
    u = np.log(q) - np.log(p)
    moments = {kind: exact_moments(p, q, kind) for kind in ("k1", "k2", "k3")}
    lam = estimators.optimal_lambda(u, p)
    kl = moments["k1"].mean
    best = np.sqrt(p @ (k1(u) + lam * np.expm1(u) - kl) ** 2)
    found = {
        "KL": kl,
        "k1_std": moments["k1"].std / kl,
        "k2_bias": moments["k2"].mean / kl - 1,
        "k2_std": moments["k2"].std / kl,
        "k3_std": moments["k3"].std / kl,
        "lam": lam,
        "opt_std": best / kl,
        "p_neg": stats.norm.cdf(-delta / 2),
    }
    # The logarithms of the tails' densities, near -450, carry errors of 1e-13.
    assert found == pytest.approx(fact, rel=1e-9)


def spread(kind, delta):
    return exact_moments(*normal_pair(delta), kind).std


def squared_error(kind, delta):
    mean, std = exact_moments(*normal_pair(delta), kind)
    return std**2 + (mean - delta**2 / 2) ** 2


@pytest.mark.parametrize(
    ("name", "one", "other", "measure"),
    [
        ("k3k1", "k3", "k1", spread),
        ("k2k1", "k2", "k1", spread),
        ("k3k2", "k3", "k2", spread),
        ("k3k2_mse", "k3", "k2", squared_error),
    ],
)
def test_facts_on_crossings(name, one, other, measure):
    delta = optimize.brentq(lambda d: measure(one, d) - measure(other, d), 0.8, 1.6, xtol=1e-12)
    assert [delta, delta**2 / 2] == pytest.approx(FACTS["est.cross"][name], rel=1e-9)


@pytest.mark.parametrize(("i", "delta"), [(0, 0.1), (1, 1.0)])
def test_fact_on_the_wrong_sign(i, delta):
    p, q = normal_pair(delta)
    u, kl = np.log(q) - np.log(p), delta**2 / 2
    std = math.sqrt(p @ (k1(u) - np.expm1(u) - kl) ** 2)
    assert std / kl == pytest.approx(FACTS["est.wrongsign"][i], rel=1e-9)


def test_fact_on_infinite_variance():
    kl, variance_k1, _ = FACTS["est.infvar"]
    moments = [exact_moments(*normal_pair(0, math.sqrt(2), w), "k3") for w in (10, 20, 30)]
    p, q = normal_pair(0, math.sqrt(2))
    assert moments[2].mean == pytest.approx(kl, rel=TEN_DIGITS)
    assert exact_moments(p, q, "k1").std ** 2 == pytest.approx(variance_k1, rel=TEN_DIGITS)
    # E[r²] is the integral of a constant: the variance grows with the interval for ever.
    growth = np.diff([m.std**2 for m in moments])
    assert growth == pytest.approx(20 / 2 / math.sqrt(2 * math.pi), rel=1e-3)


def test_fact_on_rare_outcomes():
    fact, p, q = FACTS["est.rare"], [1 - 1e-6, 1e-6], [0.99, 0.01]
    for kind in ("k1", "k2", "k3"):
        std = exact_moments(p, q, kind).std
        assert std / fact["KL"] == pytest.approx(fact[kind], rel=TEN_DIGITS)
    assert exact_moments(p, q, "k1").mean == pytest.approx(fact["KL"], rel=TEN_DIGITS)
    lam = estimators.optimal_lambda(np.log(q) - np.log(p), p)
    assert lam == pytest.approx(fact["lam"], rel=TEN_DIGITS)


def test_fact_on_truncated_support():
    p, q = [0.7, 0.3, 0.0], [0.6, 0.3, 0.1]
    found = [exact_moments(p, q, "k1").mean, exact_moments(p, q, "k3").mean]
    assert found == pytest.approx(FACTS["est.support"][:2], rel=TEN_DIGITS)
    for kind in ("k1", "k2", "k3"):
        assert exact_moments(q, p, kind) == (math.inf, math.inf)


def test_fact_on_merged_outcomes():
    p, q = [0.05, 0.05, 0.9], [0.2, 0.6, 0.2]
    merged = [0.1, 0.9], [0.8, 0.2]
    found = [exact_moments(*pair, kind).mean for kind in ("k2", "k1") for pair in [(p, q), merged]]
    assert found == pytest.approx(FACTS["est.k2dpi"], rel=TEN_DIGITS)


def test_exact_moments_of_near_equal_distributions():
    # For q - p = d (1, -1), D is d²/2 Σ 1/p to first order; the next is 1e-11 of it.
    d = 2.0**-40
    p, q = [0.3125, 0.6875], [0.3125 + d, 0.6875 - d]
    fisher = 1 / 0.3125 + 1 / 0.6875
    for kind in ("k1", "k2", "k3"):
        assert exact_moments(p, q, kind).mean == pytest.approx(d * d / 2 * fisher, 1e-9, 0)
    assert exact_moments(p, q, "k1").std == pytest.approx(d * math.sqrt(fisher), 1e-9, 0)
    assert exact_moments(p, p, "k3") == (0, 0)


def brute_force_knn(x, y, k):
    own = np.sort(np.linalg.norm(x[:, None] - x, axis=-1))[:, k]  # column 0 is the point itself
    other = np.sort(np.linalg.norm(x[:, None] - y, axis=-1))[:, k - 1]
    n, d = x.shape
    return d / n * np.log(other / own).sum() + math.log(len(y) / (n - 1))


@pytest.mark.parametrize("d", [1, 3])
@pytest.mark.parametrize("k", [1, 5])
def test_knn_agrees_with_brute_force(d, k):
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(60, d)), rng.normal(0.5, 2, size=(90, d))
    assert kl_knn(x, y, k) == pytest.approx(brute_force_knn(x, y, k), rel=1e-12)
    assert kl_knn(5 + 3 * x, 5 + 3 * y, k) == pytest.approx(kl_knn(x, y, k), rel=1e-9)


def test_knn_approaches_the_divergence():
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=(4000, 2)), rng.normal([1, 0], 1, size=(6000, 2))
    # Exactly 0.5; the standard error at this n is about 0.02.
    assert kl_knn(x, y) == pytest.approx(0.5, abs=0.06)
    assert kl_knn(x[:, 0], y[:, 0]) == kl_knn(x[:, :1], y[:, :1])
    assert isinstance(kl_knn(x, y), np.float64)


def test_knn_and_nan_and_ties():
    x, y = np.array([0.0, 1.0, 1.0, 3.0]), np.array([0.5, 2.0, 4.0])
    assert math.isnan(kl_knn([0.0, math.nan, 1.0], y, 1))
    # Two equal points leave the second neighbour at a distance.
    assert math.isfinite(kl_knn(x, y, 2))
