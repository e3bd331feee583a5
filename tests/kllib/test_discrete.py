"""kllib.discrete against exact values, and in the shapes, sizes and types it promises."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kllib import discrete
from kllib.discrete import (
    additive_smoothing,
    conditional_entropy,
    cross_entropy,
    entropy,
    generalized_kl,
    js_divergence,
    kl_contributions,
    kl_divergence,
    kl_from_log_probs,
    kl_from_logits,
    mutual_information,
)

EXACT = json.loads((Path(__file__).parent / "tables/discrete.json").read_text())
FACTS = json.loads((Path(__file__).parent / "tables/known.json").read_text())
PAIRS = [cross_entropy, generalized_kl, js_divergence, kl_divergence, kl_from_logits]


def distributions(rng, *shape, dtype=np.float64):
    p = rng.gamma(1.0, size=shape)
    return (p / p.sum(axis=-1, keepdims=True)).astype(dtype)


@pytest.mark.parametrize(("name", "args", "keywords", "value"), EXACT)
def test_exact_values(name, args, keywords, value):
    # rtol: some roundings of each of at most a dozen terms, of which some cancel. atol: rounding
    # of marginals and of a softmax's shift counts squared, and subnormals have few digits.
    got = getattr(discrete, name)(*args, **keywords)
    np.testing.assert_allclose(got, float(value), rtol=5e-14, atol=1e-31)


@pytest.mark.parametrize("gap", [1e-9, 1e-12])
def test_near_equal_tables_keep_their_digits(gap):
    # D = gap² + sum(p - q) to first orders, and the sum is exactly 0 here
    p, q = np.array([0.5, 0.25, 0.25]), np.array([0.5, 0.25 * (1 + gap), 0.25 * (1 - gap)])
    t = (q - p)[1:] / p[1:]
    expected = np.sum(p[1:] * t**2 / 2) + math.fsum([*p, *-q])
    np.testing.assert_allclose(kl_divergence(p, q), expected, rtol=1e-9)


def test_facts_of_the_book():
    p, q = np.array([0.5, 0.5]), np.array([0.9, 0.1])
    assert kl_divergence(p, q) == pytest.approx(FACTS["fdiv.table"]["KL"], abs=1e-10)
    assert js_divergence(p, q) == pytest.approx(FACTS["fdiv.table"]["JS"], abs=1e-10)
    src5 = [0.4, 0.2, 0.2, 0.1, 0.1]
    assert entropy(src5, base=2) == pytest.approx(FACTS["code.src5.H"], abs=1e-9)
    found = FACTS["code.src5.uniformmodel"]
    assert kl_divergence(src5, [0.2] * 5, base=2) == pytest.approx(found["KL"], abs=1e-10)
    assert cross_entropy(src5, [0.2] * 5, base=2) == pytest.approx(found["CE"], abs=1e-9)
    for rule, alpha in [("laplace", 1.0), ("kt", 0.5), ("tenth", 0.1)]:
        smoothed = additive_smoothing([7, 2, 1, 0], alpha)
        value = kl_divergence([0.6, 0.2, 0.15, 0.05], smoothed)
        assert value == pytest.approx(FACTS[f"smooth.{rule}"], abs=1e-10)


def test_infinite_exactly_where_q_excludes_what_p_allows():
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.5, 0.0, 0.5])
    for function in (kl_divergence, cross_entropy, generalized_kl):
        assert function(p, q) == math.inf
        assert np.isfinite(function(q, np.full(3, 1 / 3)))
    # though softmax rounds this probability to 0
    assert kl_from_logits([0, -1000], [0, -math.inf]) == math.inf
    with np.errstate(divide="ignore"):
        logp, logq = np.log(p), np.log(q)
    assert kl_from_log_probs(logp, logq) == math.inf
    assert kl_from_log_probs(logp, np.log(np.full(3, 1 / 3))) == pytest.approx(math.log(1.5))
    np.testing.assert_array_equal(kl_contributions(p, q), [0.0, math.inf, 0.0])
    assert np.isfinite(js_divergence(p, q))


def test_long_near_equal_rows_add_exactly():
    # the first half of q exceeds p, the second falls short: partial sums are 1e9 times the result
    rng, n, t = np.random.default_rng(9), 130_000, 1e-9
    half = 10 ** rng.uniform(-6, 0, size=n // 2) * np.repeat(10 ** rng.uniform(-6, 0, 65), 1000)
    p = np.concatenate([half, half[::-1]]) / (2 * half.sum())
    q = p * (1 + t * np.repeat([1, -1], n // 2))
    gaps = (q - p) / p
    expected = math.fsum(p * (gaps**2 / 2 - gaps**3 / 3)) + math.fsum([*p, *-q])
    assert kl_divergence(p, q) == pytest.approx(expected, rel=1e-14, abs=0)


def test_zeros_in_one_block_of_many():
    rng = np.random.default_rng(1)
    p, q = distributions(rng, 3, 70_000), distributions(rng, 3, 70_000)
    p[1, 40_000:] = 0.0
    p[2, 7], q[2, 69_999] = 0.0, 0.0
    p /= p.sum(axis=-1, keepdims=True)
    q /= q.sum(axis=-1, keepdims=True)
    value = kl_divergence(p, q)
    seen = p[1] > 0
    expected = math.fsum(p[1, seen] * np.log(p[1, seen] / q[1, seen]))
    assert value[1] == pytest.approx(expected, rel=1e-13)
    assert np.isfinite(value[0])
    assert value[2] == math.inf


@pytest.mark.parametrize("function", PAIRS)
def test_axes_broadcasting_and_keepdims(function):
    rng = np.random.default_rng(2)
    p = np.moveaxis(distributions(rng, 3, 5, 4), -1, 0)  # (4, 3, 5), categories first
    q = np.moveaxis(distributions(rng, 5, 4), -1, 0)[:, None, :]  # (4, 1, 5)
    value = function(p, q, axis=0)
    assert value.shape == (3, 5)
    for i in range(3):
        for j in range(5):
            one = function(p[:, i, j], q[:, 0, j])
            np.testing.assert_allclose(value[i, j], one, rtol=1e-13, atol=1e-16)
    assert function(p, q, axis=-3, keepdims=True).shape == (1, 3, 5)
    pair = function(p / 3, np.broadcast_to(q / 3, p.shape), axis=(0, 1))
    flat = [function((p[:, :, j] / 3).ravel(), np.repeat(q[:, 0, j] / 3, 3)) for j in range(5)]
    np.testing.assert_allclose(pair, flat, rtol=1e-13, atol=1e-16)
    swapped = function(p / 3, np.broadcast_to(q / 3, p.shape), axis=(1, 0), keepdims=True)
    np.testing.assert_allclose(swapped.ravel(), pair, rtol=1e-13, atol=1e-16)
    assert function(p[..., :0], q[..., :0], axis=0).shape == (3, 0)


def test_units():
    p, q = [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]
    for function in PAIRS[:-1]:
        bits, nats = function(p, q, base=2), function(p, q)
        assert bits == pytest.approx(nats / math.log(2), rel=1e-15)
        assert function(p, q, base=math.e) == pytest.approx(nats, rel=1e-15)
        assert function(p, q, base=0.5) == pytest.approx(-bits, rel=1e-15)
    assert entropy(p, base=2) == 1.5
    assert mutual_information(np.eye(4) / 4, base=2) == 2
    assert conditional_entropy(np.full((4, 4), 1 / 16), 1, base=2) == 2


def test_types_of_results():
    p, q = [0.5, 0.5], [0.25, 0.75]
    single, double = np.float32, np.float64
    for function in PAIRS:
        assert type(function(p, q)) is double
        assert type(function(single(p), single(q))) is single
        assert type(function(single(p), double(q))) is double
        assert function(np.array([p]), np.array([q])).dtype == double
        assert function(single([p, p]), single([q, q])).dtype == single
    assert type(entropy([0, 1])) is double
    assert str(entropy([0, 1])) == "0.0"  # not -0.0
    assert type(mutual_information(single([p, p]) / 2)) is single
    assert type(conditional_entropy([p, p], 0, normalize=True)) is double
    assert additive_smoothing(single([1, 2])).dtype == single
    assert kl_contributions(single(p), single(q)).dtype == single
    assert isinstance(kl_contributions(p, q), np.ndarray)


def test_single_precision_sums_in_double():
    rng = np.random.default_rng(3)
    p, q = distributions(rng, 4, 30_000, dtype=np.float32), distributions(rng, 4, 30_000)
    q = q.astype(np.float32)
    exact = kl_divergence(p.astype(np.float64), q.astype(np.float64), normalize=True)
    np.testing.assert_allclose(kl_divergence(p, q, normalize=True), exact, rtol=1e-7)


def test_logits_in_single_precision():
    rng = np.random.default_rng(4)
    a = 3 * rng.normal(size=(6, 20_000)).astype(np.float32)
    for size in (1.0, 0.3, 1e-3):  # 1e-3: near-equal policies, whose divergence is 5e-7
        b = (a + size * rng.normal(size=a.shape) + 5.0).astype(np.float32)
        exact = kl_from_logits(a.astype(np.float64), b.astype(np.float64))
        got = kl_from_logits(a, b)
        assert got.dtype == np.float32
        # below 0.1 the result is summed in double and rounded once; above, single logits weigh
        np.testing.assert_allclose(got, exact, rtol=2e-6)
        assert np.all(np.abs(got - exact) < 1e-6)
    b[0, 5] = a[0, 5] = -np.inf
    assert np.isfinite(kl_from_logits(a, b)).all()
    b[1, 5] = -np.inf
    assert kl_from_logits(a, b)[1] == np.inf


def test_logits_do_not_depend_on_constants():
    rng = np.random.default_rng(5)
    a = rng.integers(-40, 40, size=(50, 7)) / 8.0  # exact under shifts by whole numbers
    b = a + rng.integers(-4, 5, size=a.shape) / 64.0
    value = kl_from_logits(a, b)
    for shift in (-1000.0, 3.0, 2.0**20):
        np.testing.assert_allclose(kl_from_logits(a + shift, b - 3 * shift), value, rtol=1e-12)


def test_log_probs_agree_with_probs():
    rng = np.random.default_rng(6)
    p, q = distributions(rng, 20, 30), distributions(rng, 20, 30)
    got = kl_from_log_probs(np.log(p), np.log(q), axis=1, keepdims=True)
    np.testing.assert_allclose(got, kl_divergence(p, q, keepdims=True), rtol=1e-13)


def test_batches_of_joint_tables():
    rng = np.random.default_rng(10)
    joint = distributions(rng, 2, 3, 20).reshape(2, 3, 4, 5)
    joint[1, 2] = joint[1, 2].sum(axis=1)[:, None] * joint[1, 2].sum(axis=0)  # independent
    for function in (mutual_information, lambda j: conditional_entropy(j, 1)):
        value = function(joint)
        assert value.shape == (2, 3)
        np.testing.assert_allclose(value[0, 1], function(joint[0, 1]), rtol=1e-14)
        np.testing.assert_allclose(value[1, 2], function(joint[1, 2]), rtol=1e-14)
        assert function(joint[:0]).shape == (0, 3)
    assert mutual_information(joint)[1, 2] < 1e-30


def test_nan_propagates_in_its_row_only():
    p = np.array([[0.5, math.nan], [0.5, 0.5]])
    q = np.array([[0.5, 0.5], [0.25, 0.75]])
    for function in PAIRS:
        for value in (function(p, q), function(q, p)):
            np.testing.assert_array_equal(np.isnan(value), [True, False])
    assert np.isnan(entropy(p)).tolist() == [True, False]
    assert np.isnan(kl_divergence([math.nan, 0.5], [1.0, 0.0]))
    assert np.isnan(mutual_information([[math.nan, 0.5], [0.2, 0.3]]))
    assert np.isnan(conditional_entropy([[math.nan, 0.5], [0.2, 0.3]], 0))
    assert np.isnan(additive_smoothing([math.nan, 1])).all()


def test_normalize_is_asked_for_and_exact():
    with pytest.raises(ValueError, match="sum of p must be 1"):
        kl_divergence([1, 2], [0.5, 0.5])
    assert kl_divergence([1, 3], [3, 9], normalize=True) == 0
    assert entropy([1, 1, 2], base=2, normalize=True) == 1.5
    assert kl_contributions([1, 1], [1, 3], base=2, normalize=True)[0] == 0.5
    table = np.array([[3, 1], [1, 3]])
    for function in (mutual_information, lambda j, **k: conditional_entropy(j, 0, **k)):
        assert function(table, normalize=True) == pytest.approx(function(table / 8), rel=1e-14)
    assert entropy([8e307, 8e307], base=2, normalize=True) == pytest.approx(1, rel=1e-15)
    # one category far ahead: the rest decides, to the last digits
    assert entropy([1.0, 1e-10], normalize=True) == pytest.approx(2.40258509275878725e-9, rel=1e-14)


def test_accepts_sums_within_rounding_and_never_adjusts_them():
    p = np.array([0.5, 0.5 + 1e-9])
    assert kl_divergence(p, [0.5, 0.5]) == pytest.approx(1e-9, rel=1e-6)
    assert kl_divergence([0.5, 0.5], p) == pytest.approx(-1e-9, rel=1e-6)


def test_stays_within_bounds():
    p, q = np.eye(3), np.roll(np.eye(3), 1, axis=0)
    np.testing.assert_allclose(js_divergence(p, q, base=2), 1, rtol=1e-15)
    assert entropy(np.full(7, 1 / 7)) == pytest.approx(math.log(7), rel=1e-15)
    contributions = kl_contributions([0.1, 0.9], [0.1 * math.e, 1 - 0.1 * math.e])
    assert contributions[0] == pytest.approx(-0.1, rel=1e-14)  # -q/e, the least there is


def test_smoothing():
    np.testing.assert_allclose(additive_smoothing([[3, 1], [0, 0]]), [[4 / 6, 2 / 6], [0.5, 0.5]])
    np.testing.assert_allclose(additive_smoothing([[1, 0], [1, 2]], 0.5, axis=0)[:, 0], [0.5, 0.5])
    np.testing.assert_array_equal(additive_smoothing([1, 3], 0), [0.25, 0.75])
    assert additive_smoothing(np.ones((2, 2)), axis=(0, 1)).sum() == 1
