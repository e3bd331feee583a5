"""Theorems, at distributions drawn by the thousand.

Hypothesis draws the shape of the problem and a seed; each example then checks one batch of
tables, some with zeros, some nearly equal. Rounding may break an inequality by a few eps of the
terms' size, never more: sums of absolute terms p |log(p/q)| are at most D + sqrt(2 D) + 1.
"""

import math

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kllib.discrete import (
    conditional_entropy,
    cross_entropy,
    entropy,
    generalized_kl,
    js_divergence,
    kl_divergence,
    mutual_information,
)
from kllib.families import kl_dirichlet, kl_gamma, kl_normal

EXAMPLES, BATCH = 30, 200  # 6,000 draws a law
EPS = np.finfo(float).eps
laws = settings(  # no shrinking: a seed has no simpler form
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
)
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
sizes = st.integers(2, 9)
concentrations = st.floats(0.05, 20)


def draw(rng, n, concentration, batch=BATCH):
    """Distributions over n categories; a third have zeros, and one is certain."""
    p = rng.gamma(concentration, size=(batch, n)) + 1e-300
    p[: batch // 3] *= rng.random((batch // 3, n)) < 0.7
    p[p.sum(axis=-1) == 0] = 1.0
    p[-1] = np.arange(n) == 0
    return p / p.sum(axis=-1, keepdims=True)


def pair(rng, n, concentration):
    """Two batches; a third of the pairs nearly agree, and p = 0 wherever q = 0 in another."""
    p, q = draw(rng, n, concentration), draw(rng, n, concentration)
    third = BATCH // 3
    apart = 10.0 ** rng.uniform(-10, 0, size=(third, 1))
    q[third : 2 * third] = p[third : 2 * third] * np.exp(apart * rng.normal(size=(third, n)))
    p[2 * third :] = np.where(q[2 * third :] == 0, 0, p[2 * third :] + 1e-12)
    return p / p.sum(axis=-1, keepdims=True), q / q.sum(axis=-1, keepdims=True)


def slack(*values):
    """8 eps of the terms' size."""
    size = 1.0 + sum(np.where(np.isfinite(v), np.abs(v), 0) for v in values)
    return 8 * EPS * size


@laws
@given(seeds, sizes, concentrations)
def test_gibbs(rng, n, concentration):
    p, q = pair(rng, n, concentration)
    value = kl_divergence(p, q)
    assert np.all(value >= -8 * EPS)
    assert np.all(kl_divergence(p, p) == 0)
    # equality only for equal tables: the least divergence at this distance is Pinsker's
    distance = np.abs(p - q).sum(axis=-1)
    assert np.all(value[distance > 1e-6] > 0)
    assert np.all(generalized_kl(p, q) >= 0)
    assert np.all(cross_entropy(p, q) >= entropy(p) - slack(cross_entropy(p, q)))


@laws
@given(seeds, sizes, concentrations)
def test_cross_entropy_is_entropy_plus_divergence(rng, n, concentration):
    p, q = pair(rng, n, concentration)
    left, right = cross_entropy(p, q), entropy(p) + kl_divergence(p, q)
    np.testing.assert_array_equal(np.isinf(left), np.isinf(right))
    finite = np.isfinite(left)
    left, right = left[finite], right[finite]
    assert np.all(np.abs(left - right) <= slack(left))


@laws
@given(seeds, sizes, sizes, concentrations)
def test_chain_rule(rng, n, m, concentration):
    p, q = pair(rng, n * m, concentration)
    p, q = p.reshape(-1, n, m), q.reshape(-1, n, m)
    p_x, q_x = p.sum(axis=-1), q.sum(axis=-1)
    joint, marginal = kl_divergence(p, q, axis=(1, 2)), kl_divergence(p_x, q_x, normalize=True)
    seen = p_x > 0
    rows_p, rows_q = p[seen], q[seen]
    known = rows_q.sum(axis=-1) > 0
    conditional = np.full(seen.sum(), math.inf)
    conditional[known] = kl_divergence(rows_p[known], rows_q[known], normalize=True)
    parts = np.zeros(p_x.shape)
    parts[seen] = p_x[seen] * conditional
    right = marginal + parts.sum(axis=-1)
    np.testing.assert_array_equal(np.isinf(joint), np.isinf(right))
    finite = np.isfinite(joint)
    joint, right = joint[finite], right[finite]
    # the sums of p and q, off 1 by rounding, count in the joint divergence alone
    assert np.all(np.abs(joint - right) <= 4 * slack(joint))
    h = entropy(p, axis=(1, 2)) - entropy(p_x, normalize=True)
    np.testing.assert_allclose(conditional_entropy(p, 0), h, atol=1e-13)


@laws
@given(seeds, sizes, sizes, concentrations)
def test_additivity_over_independent_parts(rng, n, m, concentration):
    p, q = pair(rng, n, concentration)
    r, s = pair(rng, m, concentration)
    product_p, product_q = p[:, :, None] * r[:, None], q[:, :, None] * s[:, None]
    # where no product underflows to a zero of its own
    clear = ~((product_q == 0) & (product_p > 0)).any(axis=(1, 2))
    clear &= np.isfinite(kl_divergence(p, q)) & np.isfinite(kl_divergence(r, s))
    left = kl_divergence(product_p[clear], product_q[clear], axis=(1, 2))
    right = (kl_divergence(p, q) + kl_divergence(r, s))[clear]
    assert np.all(np.abs(left - right) <= 4 * slack(right))
    information = mutual_information(product_p)
    assert np.all(information >= 0)
    assert np.all(information <= 8 * EPS)


@laws
@given(seeds, sizes, concentrations)
def test_joint_convexity(rng, n, concentration):
    (p, q), (r, s) = pair(rng, n, concentration), pair(rng, n, concentration)
    w = rng.random((BATCH, 1))
    mixed = kl_divergence(w * p + (1 - w) * r, w * q + (1 - w) * s)
    bound = w[:, 0] * kl_divergence(p, q) + (1 - w[:, 0]) * kl_divergence(r, s)
    assert np.all(mixed <= bound + slack(mixed))


@laws
@given(seeds, sizes, sizes, concentrations)
def test_data_processing(rng, n, m, concentration):
    p, q = pair(rng, n, concentration)
    channel = draw(rng, m, concentration, batch=n)
    after_p, after_q = p @ channel, q @ channel
    for function in (kl_divergence, js_divergence):
        before, after = function(p, q), function(after_p, after_q)
        assert np.all(after <= before + slack(before))
    joint = p[:, :, None] * channel
    # I(X; Y) <= H(X), and one more channel only loses
    further = joint @ draw(rng, m, concentration, batch=m)
    information = mutual_information(joint)
    assert np.all(mutual_information(further) <= information + slack(information))
    assert np.all(information <= entropy(p) + slack(information))


@laws
@given(seeds, sizes, concentrations)
def test_pinsker_and_bretagnolle_huber(rng, n, concentration):
    p, q = pair(rng, n, concentration)
    value, total_variation = kl_divergence(p, q), np.abs(p - q).sum(axis=-1) / 2
    assert np.all(2 * total_variation**2 <= value + slack())
    assert np.all(total_variation <= np.sqrt(-np.expm1(-np.maximum(value, 0))) + 1e-7)


@laws
@given(seeds, sizes, concentrations)
def test_log_sum_inequality(rng, n, concentration):
    scale = 10.0 ** rng.uniform(-5, 5, size=(2, BATCH, 1))
    p, q = np.array(pair(rng, n, concentration)) * scale
    whole = generalized_kl(p.sum(axis=-1, keepdims=True), q.sum(axis=-1, keepdims=True))
    parts = generalized_kl(p, q)
    size = p.sum(axis=-1) + q.sum(axis=-1)
    assert np.all(whole <= parts + 100 * EPS * np.where(np.isfinite(parts), size + parts, 0))


@laws
@given(seeds, sizes, concentrations)
def test_jensen_shannon_bounds(rng, n, concentration):
    p, q = pair(rng, n, concentration)
    value, distance = js_divergence(p, q), np.abs(p - q).sum(axis=-1) / 2
    assert np.all(value >= 0)
    assert np.all(value == js_divergence(q, p))
    assert np.all(value <= math.log(2) * distance + slack())  # Lin (1991), theorem 3
    assert np.all(value >= distance**2 / 2 - slack())
    # its root is a metric
    r = draw(rng, n, concentration)
    sides = np.sqrt(js_divergence(p, r)), np.sqrt(js_divergence(r, q))
    assert np.all(np.sqrt(value) <= sum(sides) + slack())


@laws
@given(seeds, sizes, concentrations)
def test_entropy_bounds(rng, n, concentration):
    p = draw(rng, n, concentration)
    value = entropy(p)
    assert np.all(value >= 0)
    assert np.all(value <= math.log(n) + slack())
    uniform = kl_divergence(p, np.full(n, 1 / n))
    assert np.all(np.abs(math.log(n) - value - uniform) <= slack(value))


@laws
@given(seeds)
def test_closed_forms(rng):
    size = (BATCH,)
    apart = 10.0 ** rng.uniform(-12, 1, size=(4, *size)) * rng.choice([-1, 1], size=(4, *size))
    a, b = 10.0 ** rng.uniform(-3, 3, size=(2, *size))
    c, d = a * np.exp(apart[0]), b * np.exp(apart[1])
    assert np.all(kl_gamma(a, b, c, d) > 0)
    mean = a + apart[2] * b
    np.testing.assert_allclose(kl_normal(a, b, mean, b), ((mean - a) / b) ** 2 / 2, rtol=1e-14)
    alpha, beta = np.stack([a, b], axis=-1), np.stack([c, d], axis=-1)
    # normalized gammas are Dirichlet, and normalizing is data processing
    parts = kl_gamma(a, 1, c, 1) + kl_gamma(b, 1, d, 1)
    value = kl_dirichlet(alpha, beta)
    assert np.all(value >= 0)
    assert np.all(value <= parts * (1 + 100 * EPS))
