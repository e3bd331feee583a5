"""kllib.geometry against exact values, the closed forms of families, and theorems."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from kllib import geometry, kl_divergence, renyi_divergence, total_variation
from kllib.families import kl_bernoulli, kl_exponential, kl_normal, kl_poisson
from kllib.geometry import (
    BERNOULLI,
    CATEGORICAL,
    EXPONENTIAL,
    NORMAL,
    POISSON,
    fisher_rao,
    fisher_rao_normal,
    geodesic,
    i_projection,
    natural_gradient,
    proportional_fit,
)

from .test_laws import laws, seeds, sizes

EXACT = json.loads((Path(__file__).parent / "tables/geometry.json").read_text())


def flat(found):
    """All numbers of a result, in order."""
    parts = found if isinstance(found, tuple) else (found,)
    return np.concatenate([np.ravel(part) for part in parts])


@pytest.mark.parametrize("name", sorted({row[0] for row in EXACT}))
def test_exact_values(name):
    for _, args, values in (row for row in EXACT if row[0] == name):
        found = flat(getattr(geometry, name)(*args))
        within = 1e-9 if name in ("i_projection", "proportional_fit") else 1e-12
        np.testing.assert_allclose(
            found, np.array(values, float), rtol=within, atol=1e-30, err_msg=str(args)
        )


def pairs(rng, low, high, n=500):
    """Parameters, a third of them nearly equal."""
    a, b = rng.uniform(low, high, (2, n))
    near = a * (1 + 10.0 ** rng.uniform(-9, -2, n))
    return a, np.where(np.arange(n) % 3 == 0, near, b)


@laws
@given(seeds)
def test_families_have_the_closed_forms(rng):
    p, q = pairs(rng, 0.01, 0.95)
    mean, other = pairs(rng, 0.1, 9)
    std, width = pairs(rng, 0.2, 4)
    one, two = rng.normal(size=(2, 500))
    two[::3] = one[::3] + 1e-6 * two[::3]
    for family, args, exact in [
        (BERNOULLI, (p, q), kl_bernoulli(p, q)),
        (POISSON, (mean, other), kl_poisson(mean, other)),
        (EXPONENTIAL, (1 / mean, 1 / other), kl_exponential(mean, other)),
    ]:
        thetas = [family.natural(a)[:, None] for a in args]
        # a logarithm's own rounding is the rest
        np.testing.assert_allclose(family.kl(*thetas), exact, rtol=1e-6, atol=1e-15)
    etas = [np.c_[m, m**2 + s**2] for m, s in ((one, std), (two, width))]
    thetas = [np.c_[m / s**2, -0.5 / s**2] for m, s in ((one, std), (two, width))]
    exact = kl_normal(one, std, two, width)
    np.testing.assert_allclose(NORMAL.kl(*thetas), exact, rtol=1e-6, atol=1e-14)
    np.testing.assert_allclose(NORMAL.natural(etas[0]), thetas[0], rtol=1e-6)


def test_near_parameters_keep_their_digits():
    step = 2.0**-30
    for family, theta, information in [
        (BERNOULLI, 0.5, None),
        (POISSON, 1.0, np.e),
        (EXPONENTIAL, -2.0, 0.25),
    ]:
        f = family.fisher(np.array([theta]))[0, 0]
        assert information is None or np.isclose(f, information, rtol=1e-14)
        np.testing.assert_allclose(family.kl(theta, theta + step), f * step**2 / 2, rtol=1e-8)
    assert NORMAL.kl([1.0, -0.5], [1.0, -0.5]) == 0


FAMILIES = [
    (BERNOULLI, lambda rng: rng.normal(size=(6, 1))),
    (POISSON, lambda rng: rng.normal(size=(6, 1))),
    (EXPONENTIAL, lambda rng: -rng.gamma(2, size=(6, 1))),
    (NORMAL, lambda rng: np.c_[rng.normal(size=6), -rng.gamma(2, size=6)]),
    (CATEGORICAL, lambda rng: rng.normal(size=(6, 3))),
]


@pytest.mark.parametrize(("family", "draw"), FAMILIES)
def test_mean_and_information_are_derivatives(family, draw):
    for theta in draw(np.random.default_rng(5)):
        gradient = optimize.approx_fprime(theta, family.log_partition, 1e-6)
        hessian = optimize.approx_fprime(theta, family.mean, 1e-7)
        np.testing.assert_allclose(family.mean(theta), gradient, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(
            family.fisher(theta), np.atleast_2d(hessian), rtol=1e-4, atol=1e-5
        )
        np.testing.assert_allclose(family.natural(family.mean(theta)), theta, rtol=1e-9)


@laws
@given(seeds, sizes, st.sampled_from([0, 0.3, 0.5, 1, 2, 7.5]))
def test_categorical_family_is_the_finite_distributions(rng, n, alpha):
    p, q = rng.dirichlet(np.ones(n), (2, 50))
    thetas = [CATEGORICAL.natural(x[:, :-1]) for x in (p, q)]
    np.testing.assert_allclose(CATEGORICAL.kl(*thetas), kl_divergence(p, q), rtol=1e-7, atol=1e-12)
    exact = renyi_divergence(p, q, alpha)
    np.testing.assert_allclose(CATEGORICAL.renyi(*thetas, alpha), exact, rtol=1e-6, atol=1e-11)


def test_renyi_of_families():
    found = POISSON.renyi(np.log(3), np.log(4), 0.5), POISSON.renyi(np.log(3), np.log(4), 2)
    np.testing.assert_allclose(found, [0.07179676972, 0.25], rtol=1e-9)
    wide, unit = [0.0, -0.25], [0.0, -0.5]  # variances 2 and 1
    np.testing.assert_allclose(NORMAL.kl(wide, unit), 0.1534264097, rtol=1e-9)
    assert NORMAL.renyi(wide, unit, 2) == np.inf
    assert np.isfinite(NORMAL.renyi(wide, unit, 1.99))


@laws
@given(seeds, sizes)
def test_fisher_rao_is_a_metric_along_its_geodesic(rng, n):
    p, q, r = rng.dirichlet(np.full(n, 0.5), 3)
    direct = fisher_rao(p, q)
    assert direct <= fisher_rao(p, r) + fisher_rao(r, q) + 1e-12
    points = geodesic(p, q, np.linspace(0, 1, 5), "fisher")
    legs = [fisher_rao(a, b) for a, b in itertools.pairwise(points)]
    np.testing.assert_allclose(legs, direct / 4, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose([points[0], points[-1]], [p, q], rtol=1e-9, atol=1e-12)
    assert direct >= 2 * total_variation(p, q) - 1e-12


def test_facts_of_the_book():
    np.testing.assert_allclose(fisher_rao([0.5, 0.5], [0.9, 0.1]), 0.927295218, rtol=1e-9)
    np.testing.assert_allclose(fisher_rao_normal(0, 1, 2, 1), 1.862459719, rtol=1e-9)
    fair = [1 / 6] * 6
    star = i_projection(fair, np.arange(1, 7), 4.5)
    np.testing.assert_allclose([star.natural[0], star.kl], [0.3710489381, 0.1781783711], rtol=1e-9)
    other = [0, 0, 0.25, 0.25, 0.25, 0.25]
    parts = kl_divergence(other, star.p, normalize=True) + star.kl
    np.testing.assert_allclose(kl_divergence(other, fair), parts, rtol=1e-9)
    middles = [
        geodesic([0.1, 0.3, 0.6], [0.7, 0.2, 0.1], 0.5, k) for k in ("exponential", "fisher")
    ]
    exact = [[0.3506753763, 0.3246623119, 0.3246623119], [0.3787890158, 0.2821069072, 0.339104077]]
    np.testing.assert_allclose(middles, exact, rtol=1e-9)


@laws
@given(seeds, st.integers(3, 9), st.integers(1, 2))
def test_pythagoras(rng, n, k):
    q, other = rng.dirichlet(np.full(n, 2.0), 2)
    q = np.where(np.arange(n) == n - 1, 0.0, q) if n > 4 else q  # a zero stays
    other = np.where(q == 0, 0.0, other)
    q, other = q / q.sum(), other / other.sum()
    features = rng.normal(size=(k, n)) * 10.0 ** rng.uniform(-3, 3)
    found = i_projection(q, features, features @ other)
    size = np.abs(features).max()
    np.testing.assert_allclose(features @ found.p, features @ other, atol=1e-9 * size)
    assert (found.p[q == 0] == 0).all()
    parts = kl_divergence(other, found.p, normalize=True) + found.kl
    np.testing.assert_allclose(kl_divergence(other, q), parts, rtol=1e-7, atol=1e-10)
    heights = np.log(q[q > 0]) + found.natural @ features[:, q > 0]
    tilted = np.exp(heights - heights.max())
    np.testing.assert_allclose(found.p[q > 0], tilted / tilted.sum(), rtol=1e-7, atol=1e-12)


@laws
@given(seeds, sizes, st.floats(0.01, 1))
def test_mirror_descent_is_the_natural_step(rng, n, rate):
    """In the mean parameters' dual, a step of size rate on D(p‖·) goes along the exponential line."""
    p, q = rng.dirichlet(np.ones(n), 2) * 0.98 + 0.02 / n
    theta, goal = (CATEGORICAL.natural(x[:-1]) for x in (q, p))
    # D(q‖p) as a function of η = q has the gradient θ - θ_p, and F⁻¹ turns θ's slopes into η's
    natural = natural_gradient(
        CATEGORICAL.fisher(theta) @ (theta - goal), CATEGORICAL.fisher(theta)
    )
    stepped = CATEGORICAL.mean(theta - rate * natural)
    line = geodesic(q, p, rate, "exponential")
    np.testing.assert_allclose(stepped, line[:-1], rtol=1e-6, atol=1e-9)


def test_natural_gradient_does_not_depend_on_the_dial():
    """Bern(.9) from .5 by one step: the direction is one, in whatever parameter."""
    eta, goal, rate = 0.5, 0.9, 1e-6
    slope = (eta - goal) / (eta * (1 - eta))
    dials = [
        (slope, 1 / (eta * (1 - eta)), 1.0),
        (eta - goal, eta * (1 - eta), eta * (1 - eta)),
        (slope * np.sqrt(eta * (1 - eta)), 1.0, np.sqrt(eta * (1 - eta))),
    ]
    steps = [natural_gradient([g], [[f]])[0] * jacobian * rate for g, f, jacobian in dials]
    np.testing.assert_allclose(steps, steps[0], rtol=1e-12)
    np.testing.assert_allclose(steps[0], -rate * (goal - eta), rtol=1e-12)


@laws
@given(seeds, st.integers(2, 5), st.integers(2, 5))
def test_proportional_fit_keeps_cross_ratios(rng, r, c):
    table = rng.gamma(1.0, size=(r, c)) + 0.05
    rows, columns = rng.dirichlet(np.ones(r)) + 0.01, rng.dirichlet(np.ones(c)) + 0.01
    rows, columns = rows / rows.sum(), columns / columns.sum()
    fitted = proportional_fit(table, rows, columns)
    np.testing.assert_allclose(fitted.sum(1), rows, atol=1e-11)
    np.testing.assert_allclose(fitted.sum(0), columns, atol=1e-11)
    ratio = np.log(fitted / table)
    crossed = ratio - ratio[:1] - ratio[:, :1] + ratio[0, 0]
    np.testing.assert_allclose(crossed, 0, atol=1e-8)


def test_zeros_of_a_table_stay():
    fitted = proportional_fit([[1, 0, 2], [3, 4, 0]], [1, 2], [1.2, 1, 0.8])
    assert fitted[0, 1] == fitted[1, 2] == 0
    empty = proportional_fit([[0, 0], [1, 2]], [0, 1], [0.5, 0.5])
    np.testing.assert_allclose(empty, [[0, 0], [0.5, 0.5]])


def test_batches_and_nan():
    theta = np.random.default_rng(6).normal(size=(4, 3, 2))
    found = CATEGORICAL.kl(theta, theta[0, 0])
    assert found.shape == (4, 3)
    assert found[0, 0] == 0
    assert np.isnan(BERNOULLI.kl(np.nan, 0.0))
    assert np.isnan(fisher_rao_normal(np.nan, 1, 0, 1))
    assert geodesic([0.5, 0.5], [1.0, 0.0], np.zeros((2, 3))).shape == (2, 3, 2)
