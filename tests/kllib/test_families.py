"""The closed forms against exact values, at their extremes, and as arrays."""

import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest

from kllib import families
from kllib._convex import excess
from kllib.families import (
    kl_bernoulli,
    kl_beta,
    kl_dirichlet,
    kl_exponential,
    kl_gamma,
    kl_laplace,
    kl_mvn,
    kl_normal,
    kl_normal_standard,
    kl_poisson,
)

EXACT = json.loads((Path(__file__).parent / "tables/families.json").read_text())
FACTS = json.loads((Path(__file__).parent / "tables/known.json").read_text())
SCALAR = {
    kl_bernoulli: (0.3, 0.6),
    kl_beta: (1.0, 2.0, 3.0, 0.5),
    kl_exponential: (1.0, 2.0),
    kl_gamma: (1.0, 2.0, 3.0, 4.0),
    kl_laplace: (0.0, 1.0, 2.0, 3.0),
    kl_normal: (0.0, 1.0, 2.0, 3.0),
    kl_poisson: (1.0, 2.0),
}


@pytest.mark.parametrize(("name", "args", "keywords", "value"), EXACT)
def test_exact_values(name, args, keywords, value):
    # where the series of t - log1p(t) hands over, at t = 0.03, cancellation costs 70 eps; sums
    # of Dirichlet parameters a few eps more. Parameters 1e-12 apart are among the cases.
    got = getattr(families, name)(*args, **keywords)
    np.testing.assert_allclose(got, float(value), rtol=5e-14, atol=0)


@pytest.mark.parametrize("size", [1e-150, *np.geomspace(1e-8, 0.0299, 30)])
def test_series_are_exact_to_rounding(size):
    # t - log1p(t), from as many terms as the size calls for
    t = np.random.default_rng(0).uniform(-size, size, 50)
    with mpmath.workdps(400):
        exact = [float(mpmath.mpf(x) - mpmath.log1p(mpmath.mpf(x))) for x in t.tolist()]
    np.testing.assert_allclose(excess(t, size), exact, rtol=1e-15, atol=0)


def test_facts_of_the_book():
    for truth, belief in [(0.2, 0.02), (0.2, 0.999), (0.02, 0.2), (0.2, 0.5)]:
        expected = FACTS[f"bern.{truth}.{belief}"]
        assert kl_bernoulli(truth, belief) == pytest.approx(expected, rel=1e-9)
    value = kl_normal_standard([1, -0.5], [0.5, 1.5])
    assert value == pytest.approx(FACTS["vae.kl"], rel=1e-9)
    tilted = [[1, 0.9], [0.9, 1]]
    value = kl_mvn([0, 0], np.diag([0.19, 0.19]), [0, 0], tilted)
    assert value == pytest.approx(FACTS["mf.gauss"]["KL"], rel=1e-9)
    assert kl_normal(0, 1, 1e-4, 1) == pytest.approx(5e-9, rel=1e-14)
    assert kl_beta(0.1, 0.2, 1, 1) == pytest.approx(4.9773, abs=5e-5)


def test_extremes():
    assert kl_normal(0, 1e-200, 0, 1e200) == pytest.approx(400 * math.log(10) - 0.5)
    assert kl_normal(0, 1e200, 0, 1e-200) == math.inf  # 1e800
    assert kl_normal(1e308, 1, -1e308, 1) == math.inf
    assert kl_exponential(1e300, 1e-300) == pytest.approx(600 * math.log(10) - 1)
    assert kl_gamma(1, 1e-300, 1, 1e300) == math.inf
    assert kl_gamma(1e300, 1, 1e300, 1) == 0
    assert kl_laplace(0, 1e-320, 1, 1) == pytest.approx(736.8272408909739)
    np.testing.assert_array_equal(kl_bernoulli([0, 1, 0, 1], [0, 1, 1, 0]), [0, 0, np.inf, np.inf])
    assert kl_bernoulli(0, 5e-324) == 5e-324
    assert kl_poisson(5e-324, 1.0) == pytest.approx(1)
    assert kl_mvn([0], [[1e-300]], [0], [[1.0]]) == pytest.approx(150 * math.log(10) - 0.5)


@pytest.mark.parametrize("function", SCALAR)
def test_arrays_units_and_types(function):
    args = SCALAR[function]
    value = function(*args)
    assert type(value) is np.float64
    assert type(function(*map(np.float32, args))) is np.float32
    assert function(*args, base=2) == pytest.approx(value / math.log(2), rel=1e-15)
    for i in range(len(args)):
        columns = [np.full((3, 1), a) if k == i else np.full(4, a) for k, a in enumerate(args)]
        np.testing.assert_array_equal(function(*columns), np.full((3, 4), value))
        assert np.isnan(function(*args[:i], math.nan, *args[i + 1 :]))
    assert function(*[np.empty(0)] * len(args)).shape == (0,)


@pytest.mark.parametrize("function", SCALAR)
def test_zero_for_equal_parameters(function):
    args = SCALAR[function]
    half = len(args) // 2
    assert function(*args[:half], *args[:half]) == 0


def test_last_axes_are_events():
    p, q = np.full((5, 1, 3), 2.0), np.linspace(1, 2, 12).reshape(4, 3)
    value = kl_dirichlet(p, q)
    assert value.shape == (5, 4)
    assert value[2, 1] == kl_dirichlet(p[0, 0], q[1])
    assert kl_beta(2, 3, 4, 5) == kl_dirichlet([2, 3], [4, 5])
    means, stds = np.ones((4, 3)), np.full((2, 1, 3), 0.5)
    np.testing.assert_allclose(kl_normal_standard(means, stds), 3 * kl_normal(1, 0.5, 0, 1))
    assert type(kl_normal_standard(np.float32([1]), np.float32([1]))) is np.float32
    assert np.isnan(kl_dirichlet([1, math.nan], [1, 1]))


def test_batches_of_covariances():
    rng = np.random.default_rng(0)
    roots = rng.normal(size=(2, 5, 3, 3))
    cov_p, cov_q = roots @ np.swapaxes(roots, -1, -2) + np.eye(3)
    mean_p, mean_q = rng.normal(size=(4, 1, 3)), rng.normal(size=3)
    value = kl_mvn(mean_p, cov_p, mean_q, cov_q)
    assert value.shape == (4, 5)
    for i in range(4):
        one = kl_mvn(mean_p[i, 0], cov_p[2], mean_q, cov_q[2])
        np.testing.assert_allclose(value[i, 2], one, rtol=1e-13)
    stds = np.array([0.5, 2.0])
    parts = kl_normal([1, 2], stds, [0, 3], [1.0, 4.0]).sum()
    whole = kl_mvn([1, 2], np.diag(stds**2), [0, 3], np.diag([1.0, 16.0]))
    np.testing.assert_allclose(whole, parts, rtol=1e-14)
    cov_p[1, 0, 0] = mean_p[3, 0, 1] = math.nan
    value = kl_mvn(mean_p, cov_p, mean_q, cov_q)
    assert np.isnan(value[:, 1]).all()
    assert np.isnan(value[3]).all()
    assert np.isfinite(np.delete(value[:3], 1, axis=1)).all()
    assert type(kl_mvn(*map(np.float32, ([0], [[1]], [1], [[1]])))) is np.float32
