"""kllib.divergences against exact values and theorems, at the edges and in the shapes promised."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.spatial.distance import jensenshannon

from kllib import divergences, js_divergence, kl_divergence
from kllib.divergences import (
    GENERATORS,
    Generator,
    bregman_divergence,
    chi2_divergence,
    f_divergence,
    hockey_stick,
    renyi_divergence,
    squared_hellinger,
    total_variation,
)

from .test_laws import BATCH, concentrations, draw, laws, pair, seeds, sizes

EXACT = json.loads((Path(__file__).parent / "tables/divergences.json").read_text())
RIDGE, COAST = [0.4, 0.2, 0.2, 0.1, 0.1], [0.5, 0.2, 0.1, 0.1, 0.1]
ORDERS = [0, 0.25, 0.5, 0.75, 1, 2, 4, math.inf]
CALLS = [
    total_variation,
    squared_hellinger,
    chi2_divergence,
    lambda p, q, **k: hockey_stick(p, q, 1.25, **k),
    *[lambda p, q, name=name, **k: f_divergence(p, q, name, **k) for name in GENERATORS],
    *[lambda p, q, a=a, **k: renyi_divergence(p, q, a, **k) for a in ORDERS],
]


@pytest.mark.parametrize("name", sorted({row[0] for row in EXACT}))
def test_exact_values(name):
    rows = [row for row in EXACT if row[0] == name]
    assert len(rows) > 20
    for _, args, value in rows:
        got = getattr(divergences, name)(*args)
        # E_t is a difference of t p and q, both rounded
        atol = 1e-15 if name == "hockey_stick" else 0
        np.testing.assert_allclose(got, float(value), rtol=1e-12, atol=atol, err_msg=str(args))


def test_the_zoo_of_the_book():
    values = {
        "kl": 0.04937201559,
        "reverse_kl": 0.0422570576,
        "js": 0.01127847362,
        "hellinger": 0.01136504826,
        "tv": 0.1,
        "chi2": 0.12,
        "reverse_chi2": 0.075,
        "le_cam": 0.02222222222,
    }
    for name, value in values.items():
        np.testing.assert_allclose(f_divergence(RIDGE, COAST, name), value, rtol=1e-9)
    orders = [0, 0.1017294566, 0.2231435513, 0.3618164797, 0.5108256238, 1.021651248, 1.378845786]
    found = [renyi_divergence([0.5, 0.5], [0.9, 0.1], a) for a in ORDERS]
    np.testing.assert_allclose(found, [*orders, 1.609437912], rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", GENERATORS)
def test_generators_are_what_they_say(name):
    f, at_0, at_inf, slope, curvature = GENERATORS[name]
    r = np.geomspace(0.01, 100, 400)
    assert f(np.ones(1))[0] == 0
    assert (np.diff(f(r)) / np.diff(r) < np.diff(f(r))[-1] / np.diff(r)[-1] + 1e-9).all()
    assert math.isinf(at_0) or math.isclose(f(np.array([1e-13]))[0], at_0, abs_tol=1e-6)
    assert math.isinf(at_inf) or math.isclose(f(np.array([1e13]))[0] / 1e13, at_inf, abs_tol=1e-6)
    if math.isfinite(curvature):
        low, middle, high = f(np.array([0.999, 1, 1.001]))
        assert math.isclose((high - low) / 2e-3, slope, abs_tol=1e-5)
        assert math.isclose((high - 2 * middle + low) / 1e-6, curvature, rel_tol=1e-4)


def test_a_callable_a_copy_and_a_name_agree():
    rng = np.random.default_rng(1)
    p, q = draw(rng, 5, 1.0), draw(rng, 5, 1.0)
    for name, each in GENERATORS.items():
        exact = f_divergence(p, q, name)
        assert f_divergence(p, q, each).tolist() == exact.tolist()
        copy = f_divergence(p, q, Generator(*each))
        plain = f_divergence(p, q, each.f, at_0=each.at_0, at_inf=each.at_inf)
        np.testing.assert_allclose(copy, exact, rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(plain, exact, rtol=1e-9, atol=1e-13)


@laws
@given(seeds, sizes, concentrations)
def test_names_agree_with_the_rest_of_kllib(rng, n, concentration):
    p, q = pair(rng, n, concentration)
    forward, back, js = kl_divergence(p, q), kl_divergence(q, p), js_divergence(p, q)
    for exact, name in ((forward, "kl"), (back, "reverse_kl"), (js, "js")):
        np.testing.assert_allclose(f_divergence(p, q, name), exact, rtol=1e-9, atol=1e-15)
    square = -np.expm1(-renyi_divergence(p, q, 0.5) / 2)
    np.testing.assert_allclose(square, squared_hellinger(p, q), 1e-9, 1e-15)
    with np.errstate(over="ignore"):
        chi2 = np.expm1(renyi_divergence(p, q, 2))
    np.testing.assert_allclose(chi2, chi2_divergence(p, q), rtol=1e-9, atol=1e-15)


def test_js_and_chi2_as_scipy_has_them():
    p, q = np.random.default_rng(2).dirichlet(np.ones(5), (2, 100))
    np.testing.assert_allclose(jensenshannon(p, q, axis=1) ** 2, f_divergence(p, q, "js"), 1e-12)
    statistic = stats.chisquare(1000 * p, 1000 * q, axis=1).statistic
    np.testing.assert_allclose(statistic / 1000, chi2_divergence(p, q), 1e-12)
    tv = [
        stats.wasserstein_distance([0, 1], [0, 1], a, b)
        for a, b in zip(p[:, :2], q[:, :2], strict=True)
    ]
    coins = [x[:, :2] / x[:, :2].sum(1, keepdims=True) for x in (p, q)]
    np.testing.assert_allclose(tv, total_variation(*coins), 1e-12)


@laws
@given(seeds, sizes, st.integers(1, 9), concentrations)
def test_no_channel_raises_an_f_divergence(rng, n, m, concentration):
    p, q = pair(rng, n, concentration)
    channel = draw(rng, m, 0.5, n)
    sent = [x @ channel / (x @ channel).sum(axis=1, keepdims=True) for x in (p, q)]
    for call in CALLS:
        before, after = call(p, q), call(*sent)
        room = 1e-13 * (1 + np.where(np.isfinite(before), before, 0))
        assert (after <= before + room).all()


@laws
@given(seeds, sizes, concentrations)
def test_renyi_increases_with_its_order(rng, n, concentration):
    p, q = pair(rng, n, concentration)
    orders = np.sort(np.r_[ORDERS, rng.uniform(0, 3, 4), rng.uniform(0.999, 1.001)])
    values = np.array([renyi_divergence(p, q, a) for a in orders])
    room = 1e-12 * (1 + np.where(np.isfinite(values[1:]), values[1:], 0))
    assert (values[:-1] <= values[1:] + room).all()
    skew = rng.uniform(0.01, 0.99)
    left = (1 - skew) * renyi_divergence(p, q, skew)
    np.testing.assert_allclose(left, skew * renyi_divergence(q, p, 1 - skew), 1e-10, 1e-15)


@laws
@given(seeds, sizes, concentrations, st.sampled_from([0, 0.3, 0.5, 1, 2, math.inf]))
def test_renyi_adds_over_copies(rng, n, concentration, alpha):
    p, q = pair(rng, n, concentration)
    twice = [(x[:, :, None] * x[:, None, :]).reshape(BATCH, -1) for x in (p, q)]
    single, double = renyi_divergence(p, q, alpha), renyi_divergence(*twice, alpha)
    np.testing.assert_allclose(double, 2 * single, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("kl", lambda t: 1 / t**2),
        ("reverse_kl", lambda t: 1 / t),
        ("chi2", lambda t: 2 / t**3),
        ("reverse_chi2", lambda t: 2.0),
        ("hellinger", lambda t: t**-1.5 / 4),
        ("js", lambda t: 1 / (2 * t * (1 + t))),
        ("le_cam", lambda t: 4 / (1 + t) ** 3),
    ],
)
def test_every_f_divergence_is_an_integral_of_the_hockey_stick(name, weight):
    rng = np.random.default_rng(3)
    for p, q in zip(rng.dirichlet(np.ones(4), 5), rng.dirichlet(np.ones(4), 5), strict=True):
        pieces = itertools.pairwise(np.sort(np.r_[q / p, 1.0]))  # outside of these E_t is 0

        def height(t, p=p, q=q):
            return weight(t) * hockey_stick(p, q, t)

        total = sum(integrate.quad(height, *piece, epsabs=1e-12)[0] for piece in pieces)
        np.testing.assert_allclose(total, f_divergence(p, q, name), rtol=1e-9)


def test_disjoint_supports():
    p, q = [1.0, 0.0], [0.0, 1.0]
    values = {name: float(f_divergence(p, q, name)) for name in GENERATORS}
    inf = math.inf
    assert [values[k] for k in ("kl", "reverse_kl", "chi2", "reverse_chi2")] == [inf] * 4
    assert [values[k] for k in ("hellinger", "le_cam", "tv")] == [1.0] * 3
    assert math.isclose(values["js"], math.log(2))
    assert all(renyi_divergence(p, q, a) == inf for a in ORDERS)


@pytest.mark.parametrize("call", CALLS)
def test_shapes_types_and_nan(call):
    rng = np.random.default_rng(4)
    p, q = rng.dirichlet(np.ones(3), (2, 4)), rng.dirichlet(np.ones(3), 4)
    with np.errstate(all="raise"):
        values = call(p, q)
    assert values.shape == (2, 4)
    each = [[call(a, b) for a, b in zip(row, q, strict=True)] for row in p]
    np.testing.assert_allclose(values, each, rtol=1e-13)
    moved = call(np.moveaxis(p, -1, 0), np.moveaxis(q, -1, 0)[:, None], axis=0, keepdims=True)
    np.testing.assert_allclose(moved, values[None], rtol=1e-13)
    np.testing.assert_allclose(call(3 * p, q / 7, normalize=True), values, rtol=1e-9, atol=1e-15)
    single = call(p.astype(np.float32), q.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, values, rtol=1e-4, atol=1e-6)
    assert isinstance(call([0.5, 0.5], [0.25, 0.75]), np.float64)
    assert math.isnan(call([math.nan, 0.5], [0.5, 0.5]))
    assert math.isnan(call([0.5, 0.5], [math.nan, 0.5]))
    assert call([0.5, 0.5, 0], [0.5, 0.5, 0]) == 0


@laws
@given(seeds, sizes, concentrations)
def test_bregman_divergences_of_the_book(rng, n, concentration):
    p, q = draw(rng, n, concentration) + 1e-3, draw(rng, n, concentration) + 1e-3
    p, q = p / p.sum(1, keepdims=True), q / q.sum(1, keepdims=True)
    found = bregman_divergence(p, q, lambda x: (x * np.log(x)).sum(-1), lambda x: np.log(x) + 1)
    np.testing.assert_allclose(found, kl_divergence(p, q), rtol=1e-9, atol=1e-13)
    square = bregman_divergence(p, q, lambda x: (x**2).sum(-1), lambda x: 2 * x)
    np.testing.assert_allclose(square, ((p - q) ** 2).sum(-1), rtol=1e-9, atol=1e-13)


def test_bregman_shapes():
    x, y = np.float32([[1, 2, 3], [4, 5, 6]]), np.float32([1, 1, 1])
    found = bregman_divergence(x, y, lambda x: (x**2).sum(-1), lambda x: 2 * x)
    assert found.dtype == np.float32
    assert found.tolist() == [5.0, 50.0]
    turned = bregman_divergence(x.T, y[:, None], lambda x: (x**2).sum(-1), lambda x: 2 * x, axis=0)
    assert turned.tolist() == [5.0, 50.0]
