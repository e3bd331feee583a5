"""Tables read block by block: rows of every length, flat memory, inputs left alone."""

import math
import tracemalloc

import numpy as np
import pytest

from kllib.discrete import entropy, kl_divergence, kl_from_logits
from tests.kllib.test_discrete import PAIRS, distributions


@pytest.mark.parametrize(
    "n", [1, 2, 64, 65, 999, 1001, 4095, 4096, 4097, 8192, 8193, 65536, 65537, 70001]
)
def test_rows_of_every_length_agree_with_exact_sums(n):
    rng = np.random.default_rng(n)
    p, q = distributions(rng, 2, n), distributions(rng, 2, n)
    for i in range(2):
        terms = p[i] * np.log(p[i] / q[i])
        # the logarithm of a rounded ratio is off by eps, whatever the sum comes to
        assert kl_divergence(p, q)[i] == pytest.approx(math.fsum(terms), rel=1e-13, abs=5e-15)
        assert kl_divergence(p[i], q[i]) == pytest.approx(math.fsum(terms), rel=1e-13, abs=5e-15)
        expected = math.fsum(-p[i] * np.log(p[i]))
        assert entropy(p)[i] == pytest.approx(expected, rel=1e-13, abs=1e-15)
    assert kl_from_logits(np.log(p), np.log(q)) == pytest.approx(kl_divergence(p, q), rel=1e-12)
    near = p * (1 + 1e-7 * rng.normal(size=p.shape))
    near /= near.sum(axis=-1, keepdims=True)
    t = (near - p) / p
    second = (p * (t * t / 2 - t**3 / 3)).sum(axis=-1)
    gaps = [math.fsum([*a, *-b]) for a, b in zip(p, near, strict=True)]
    np.testing.assert_allclose(kl_divergence(p, near), second + gaps, rtol=1e-7, atol=1e-28)


@pytest.mark.parametrize("shape", [(2_000_000,), (200, 10_000), (100_000, 20)])
def test_memory_stays_flat(shape):
    rng = np.random.default_rng(7)
    p, q = distributions(rng, *shape), distributions(rng, *shape)
    rows = math.prod(shape[:-1])
    for call in (lambda: entropy(p), lambda: kl_divergence(p, q), lambda: kl_from_logits(p, q)):
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 4e6 + 200 * rows  # buffers, and a few numbers a row


def test_inputs_are_left_alone():
    rng = np.random.default_rng(8)
    p, q = distributions(rng, 5, 100), distributions(rng, 5, 100)
    copies = p.copy(), q.copy()
    for function in PAIRS:
        function(p, q)
    np.testing.assert_array_equal((p, q), copies)
    p.flags.writeable = q.flags.writeable = False
    assert kl_divergence(p[:, ::-1], q[:, ::-1]) == pytest.approx(kl_divergence(p, q), rel=1e-13)
