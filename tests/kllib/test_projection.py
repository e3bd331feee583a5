"""Normals nearest to mixtures: mpmath's minima, the book's facts, invariances, descent."""

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from kllib import projection
from kllib.projection import (
    GaussianMixture,
    descend,
    project_forward,
    project_reverse,
    projection_kl,
)

HERE = Path(__file__).parent
FACTS = json.loads((Path(__file__).parent / "tables/known.json").read_text())
TABLE = json.loads((HERE / "tables/projection_minima.json").read_text())
TEN_DIGITS = 5e-10  # the facts are rounded to ten significant digits
A = GaussianMixture([0.5, 0.5], [-2, 2], [0.5, 0.5])
B = GaussianMixture([0.5, 0.5], [-3, 3], [1, 1])
U = GaussianMixture([0.6, 0.4], [-2, 2], [0.5, 0.5])
W = GaussianMixture([0.7, 0.3], [-5, 5], [0.3, 2])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_minima_agree_with_mpmath(row):
    target = GaussianMixture(*row["target"])
    found = project_reverse(target)
    for mean, std, kl in np.array(row["minima"], dtype=float):
        nearest = min(found, key=lambda fit: abs(fit.mean - mean))
        # The gradient's rounding, over a curvature of 0.1, moves the minimum by about 1e-14.
        assert nearest[:2] == pytest.approx((mean, std), rel=1e-12, abs=1e-12)
        assert nearest.kl == pytest.approx(kl, rel=4e-15)
    assert target.entropy() == pytest.approx(float(row["entropy"]), rel=1e-14)
    assert target.cdf(1) == pytest.approx(float(row["cdf_at_1"]), rel=1e-14)


@pytest.mark.parametrize(("name", "target"), [("A", A), ("B", B)])
def test_facts_on_symmetric_mixtures(name, target):
    fact = {key: FACTS[f"fit.{name}.{key}"] for key in ["forward", "reverse", "reverse.cover"]}
    forward = project_forward(target)
    assert forward == pytest.approx(fact["forward"], rel=TEN_DIGITS)
    right, left, cover = project_reverse(target)
    assert right == pytest.approx(fact["reverse"], rel=TEN_DIGITS)
    assert (-left.mean, left.std, left.kl) == pytest.approx(fact["reverse"], rel=TEN_DIGITS)
    assert cover == pytest.approx(fact["reverse.cover"], rel=TEN_DIGITS, abs=1e-12)
    for fit, direction, key in [
        (forward, "reverse", "forward.rev"),
        (right, "forward", "reverse.fwd"),
    ]:
        value = projection_kl(target, fit.mean, fit.std, direction)
        assert value == pytest.approx(FACTS[f"fit.{name}.{key}"], rel=TEN_DIGITS)


@pytest.mark.parametrize(("name", "target"), [("U.local", U), ("W.widest", W)])
def test_facts_on_unequal_mixtures(name, target):
    np.testing.assert_allclose(project_reverse(target), FACTS[f"fit.{name}"], rtol=TEN_DIGITS)


def test_fact_on_the_crossing():
    def advantage(half):
        *modes, cover = sorted(
            project_reverse(GaussianMixture([0.5, 0.5], [-half, half], [1, 1])),
            key=lambda fit: -abs(fit.mean),
        )
        return cover.kl - modes[0].kl

    crossing = optimize.brentq(advantage, 2.6, 3.0, xtol=1e-13)
    assert crossing == pytest.approx(FACTS["fit.crossing"], rel=TEN_DIGITS)


def test_close_modes_leave_one_minimum():
    (cover,) = project_reverse(GaussianMixture([0.5, 0.5], [-1, 1], [1, 1]))
    assert cover.mean == pytest.approx(0, abs=1e-12)


def test_a_normal_projects_onto_itself():
    target = GaussianMixture([0.2, 0.8, 0.0], [3, 3, 50], [0.1, 0.1, 9])
    for fit in [project_forward(target), *project_reverse(target)]:
        assert fit == pytest.approx((3, 0.1, 0), rel=1e-13, abs=1e-14)
    assert len(project_reverse(target)) == 1


@pytest.mark.parametrize(("shift", "scale"), [(1000.0, 1.0), (0.0, 1e-6), (-3e5, 1e4)])
def test_fits_move_with_the_mixture(shift, scale):
    moved = GaussianMixture(U.weights, shift + scale * U.means, scale * U.stds)
    for fit, before in zip(project_reverse(moved), project_reverse(U), strict=True):
        # Rounding of the shifted points costs a few digits: 1000 / 0.5 times eps.
        assert (fit.mean - shift) / scale == pytest.approx(before.mean, rel=1e-10)
        assert fit.std / scale == pytest.approx(before.std, rel=1e-10)
        assert fit.kl == pytest.approx(before.kl, rel=1e-10)


@pytest.mark.parametrize("target", [A, U, W])
def test_divergences_agree_with_adaptive_quadrature(target):
    mean, std = 0.7, 1.3
    q = stats.norm(mean, std)
    points = np.arange(-20, 20, 0.5)  # one interval would hide the kinks between components

    def quad(f):
        return integrate.quad(f, -40, 40, points=points, limit=500, epsabs=1e-13)[0]

    forward = quad(lambda x: target.pdf(x) * (target.logpdf(x) - q.logpdf(x)))
    reverse = quad(lambda x: q.pdf(x) * (q.logpdf(x) - target.logpdf(x)))
    assert projection_kl(target, mean, std, "forward") == pytest.approx(forward, rel=1e-10)
    assert projection_kl(target, mean, std, "reverse") == pytest.approx(reverse, rel=1e-10)


@pytest.mark.parametrize("ratio", [9, 30, 300])
def test_a_wide_normal_costs_no_digits(ratio):
    target, std = GaussianMixture([0.5, 0.5, 0], [-1, 1, 0], [0.3, 0.3, 1e-9]), 0.3 * ratio
    z = np.linspace(-10, 10, 200_001)
    weights = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    exact = -math.log(std * math.sqrt(2 * math.pi * math.e)) - weights @ target.logpdf(std * z)
    assert projection_kl(target, 0, std, "reverse") == pytest.approx(exact, rel=1e-12)


def test_random_mixtures_have_true_minima():
    rng = np.random.default_rng(8)  # among them one that uncapped Newton steps would overshoot
    for k in [2, 3, 4, 5] * 5:
        target = GaussianMixture(
            rng.dirichlet(np.ones(k)), 10 * rng.normal(size=k), rng.gamma(1, 1, size=k) + 0.02
        )
        objective = projection._objective(target, "reverse")
        found = project_reverse(target)
        assert 1 <= len(found) <= k * (k + 1) / 2
        for mean, std, kl in found:
            value, gradient, hessian = objective(mean, np.log(std))
            assert value == pytest.approx(kl, rel=1e-12, abs=1e-14)
            assert np.abs(gradient * [std, 1]).max() < 1e-11
            assert np.linalg.eigvalsh(hessian)[0] > 0


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_derivatives_agree_with_differences(direction):
    objective, point, step = projection._objective(U, direction), np.array([-0.7, 0.3]), 1e-5
    for axis in np.eye(2):
        above, below = objective(*(point + step * axis)), objective(*(point - step * axis))
        here = objective(*point)
        # A central difference errs by step² and by eps/step: about 1e-10 each.
        assert (above[0] - below[0]) / (2 * step) == pytest.approx(here[1] @ axis, rel=1e-8)
        if direction == "reverse":
            np.testing.assert_allclose((above[1] - below[1]) / (2 * step), here[2] @ axis, 1e-7)


def test_divergences_broadcast():
    values = projection_kl(A, [[-1.0], [2.0]], [0.5, 1.0, 2.0], "reverse")
    assert values.shape == (2, 3)
    assert values[1, 0] == projection_kl(A, 2, 0.5, "reverse")
    assert isinstance(projection_kl(A, 2, 0.5, "forward"), np.float64)


@settings(deadline=None, max_examples=20)
@given(
    st.floats(-5, 5),
    st.floats(0.05, 5),
    st.sampled_from(["forward", "reverse"]),
    st.sampled_from([0.02, 0.5, 3.0, 1e6]),
)
def test_descent_never_climbs(mean, std, direction, rate):
    path = descend(U, (mean, std), direction, steps=40, rate=rate)
    assert [len(array) for array in path] == [41, 41, 41]
    assert (path.means[0], path.stds[0]) == (mean, pytest.approx(std, rel=1e-14))
    assert (np.diff(path.kls) <= 0).all()
    assert (np.abs(np.diff(np.log(path.stds))) <= 1 + 1e-12).all()
    np.testing.assert_allclose(
        path.kls, projection_kl(U, path.means, path.stds, direction), rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize("rate", [0.1, 0.5, 10.0])
@pytest.mark.parametrize("start", [(-5, 0.1), (3, 3)])
def test_descent_ends_in_a_minimum(start, rate):
    path = descend(A, start, "reverse", rate=rate)
    best = project_reverse(A)[0]
    # Near a minimum the divergence is flat: half its digits are all the position can have.
    assert abs(path.means[-1]) == pytest.approx(best.mean, rel=1e-7)
    assert path.stds[-1] == pytest.approx(best.std, rel=1e-6)
    assert path.kls[-1] == pytest.approx(best.kl, rel=1e-13)


def test_descent_from_the_middle_is_caught_by_the_covering_minimum():
    forward = project_forward(A)
    path = descend(A, forward[:2], "reverse")
    assert path.kls[-1] == pytest.approx(FACTS["fit.A.reverse.cover"][2], rel=TEN_DIGITS)


def test_descent_takes_the_plain_gradient_step_where_it_may():
    path = descend(A, (1.5, 1.0), "forward", steps=1, rate=1e-3)
    assert path.means[1] == pytest.approx(1.5 - 1e-3 * 1.5)
    second = 4.25 + 1.5**2
    assert path.stds[1] == pytest.approx(math.exp(-1e-3 * (1 - second)))


def test_mixture_methods():
    x = np.linspace(-8, 9, 41).reshape(1, 41)
    pdf = sum(
        w * stats.norm(m, s).pdf(x) for w, m, s in zip(W.weights, W.means, W.stds, strict=True)
    )
    np.testing.assert_allclose(W.pdf(x), pdf, rtol=1e-13)
    np.testing.assert_allclose(W.logpdf(x), np.log(pdf), rtol=1e-13)
    assert W.mean() == pytest.approx(-2)
    assert W.std() == pytest.approx(math.sqrt(0.7 * 0.09 + 0.3 * 4 + 21))
    assert W.cdf([-np.inf, np.inf]).tolist() == [0, 1]


def test_log_density_in_the_far_tail():
    assert A.logpdf(-60) == pytest.approx(math.log(0.5) + stats.norm(-2, 0.5).logpdf(-60))
    assert A.logpdf([np.inf, -np.inf, 1e200]).tolist() == [-np.inf] * 3
    assert math.isnan(A.logpdf(math.nan))
    assert isinstance(A.logpdf(0), np.float64)
    assert isinstance(A.cdf(0), np.float64)
    certain = GaussianMixture([1, 0], [0, 1], [1, 1])
    assert certain.logpdf(2) == pytest.approx(stats.norm.logpdf(2), rel=1e-15)


def test_samples_follow_the_mixture():
    samples = W.rvs((200, 100), np.random.default_rng(5))
    assert samples.shape == (200, 100)
    # Kolmogorov's distance at n = 20,000 exceeds 1.95/√n once in a thousand seeds; one is fixed.
    assert stats.kstest(samples.ravel(), W.cdf).statistic < 1.95 / math.sqrt(20_000)


SCALES = [
    ([0.5, 0.5], [-2, 2], [1e-5, 1]),
    ([0.5, 0.5], [-1e4, 1e4], [1, 1]),
    ([0.3, 0.7], [-1e6, 1e6], [1, 1]),
    ([0.2, 0.8], [0, 1e-3], [1e-6, 1e6]),
    (np.full(20, 0.05), np.linspace(-30, 30, 20), np.geomspace(1e-3, 3, 20)),
    (np.full(20, 0.05), np.sort(np.random.default_rng(0).uniform(-30, 30, 20)), np.full(20, 0.7)),
]


@pytest.mark.parametrize(("weights", "means", "stds"), SCALES)
def test_time_is_bounded_and_minima_are_there_once(weights, means, stds):
    target = GaussianMixture(weights, means, stds)
    start = time.process_time()
    found = project_reverse(target)
    assert time.process_time() - start < 2
    places = {(f"{fit.mean:.4e}", f"{fit.std:.4e}") for fit in found}
    assert len(places) == len(found)


def test_narrow_components_far_inside_a_wide_normal():
    # far apart, one component at a time is seen: its own entropy, and that of the weights
    weights, means, stds = np.array([0.3, 0.7]), np.array([-1.0, 5.0]), np.array([1e-7, 1e-3])
    target = GaussianMixture(weights, means, stds)
    own = np.log(stds) + 0.5 * np.log(2 * np.pi * np.e)
    assert target.entropy() == pytest.approx(weights @ own - weights @ np.log(weights), rel=1e-13)
    # from a wide normal log q is the higher of two parabolas, which cross twice
    mean, std = 0.3, 2.0
    rows = [
        np.array([-1 / s**2, 2 * m / s**2, -((m / s) ** 2)]) / 2 + [0, 0, np.log(w / s)]
        for w, m, s in zip(weights, means, stds, strict=True)
    ]
    ends = [mean - 10 * std, *np.sort(np.roots(rows[0] - rows[1])), mean + 10 * std]
    cross = np.log(2 * np.pi) / 2
    for row, low, high in zip([rows[1], rows[0], rows[1]], ends, ends[1:], strict=False):
        part = integrate.quad(
            lambda x, row=row: np.polyval(row, x) * stats.norm(mean, std).pdf(x),
            low,
            high,
            epsabs=0,
            epsrel=1e-11,
            limit=500,
        )
        cross -= part[0]
    expected = cross - np.log(std) - 0.5 * np.log(2 * np.pi * np.e)
    assert projection_kl(target, mean, std, "reverse") == pytest.approx(expected, rel=1e-9)
