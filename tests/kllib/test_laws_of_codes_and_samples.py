"""Theorems on codes, estimates and bounds, at sources drawn by the thousand (see test_laws)."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kllib import coding
from kllib.discrete import entropy, kl_divergence
from kllib.estimators import exact_moments, kl_estimate
from kllib.vae import elbo
from tests.kllib.test_laws import BATCH, concentrations, draw, laws, seeds, sizes


def ideal_bits(message, p):
    """-log2 of the probability of a message, with p scaled to the sum 1."""
    return -math.fsum(np.log2(p[message])) + len(message) * math.log2(math.fsum(p))


@laws
@given(seeds, sizes, concentrations)
def test_codes_for_a_source(rng, n, concentration):
    for p in draw(rng, n, concentration):
        shannon, huffman = coding.shannon_lengths(p), coding.huffman_lengths(p)
        bits = entropy(p, base=2)
        best, simple = (coding.expected_length(p, x) for x in (huffman, shannon))
        assert coding.kraft_sum(shannon) <= 1
        assert coding.kraft_sum(huffman) <= 1
        assert bits - 1e-14 <= best
        assert bits - 1e-14 <= simple
        if np.count_nonzero(p) > 1:
            assert best <= simple + 1e-14
            assert best <= bits + 1  # below it, but for rounding
            assert simple <= bits + 1 + 1e-14
            assert coding.kraft_sum(huffman) == 1


@laws
@given(seeds, sizes, concentrations)
def test_codewords_have_their_lengths_and_no_prefixes(rng, n, concentration):
    for p in draw(rng, n, concentration):
        lengths = coding.huffman_lengths(p[p > 0])
        codewords = coding.prefix_code(lengths)
        assert [len(word) for word in codewords] == lengths.tolist()
        assert coding.is_prefix_free(codewords)
        assert coding.is_uniquely_decodable(codewords)


@laws
@given(seeds, sizes, concentrations, st.integers(0, 30))
def test_arithmetic_codes_are_lossless_and_short(rng, n, concentration, count):
    for p in draw(rng, n, concentration):
        message = rng.choice(n, size=count, p=p)
        bits = coding.arithmetic_encode(message, p)
        assert coding.arithmetic_decode(bits, count, p).tolist() == message.tolist()
        assert len(bits) <= ideal_bits(message, p) + 2 + 1e-12


@laws
@given(seeds, st.integers(2, 3), st.floats(0.5, 5))
def test_k1_and_k3_are_unbiased_over_every_sample_of_two(rng, n, concentration):
    p, q = (rng.gamma(concentration, size=(BATCH, n)) + 1e-6 for _ in "pq")
    p, q = (x / x.sum(axis=-1, keepdims=True) for x in (p, q))
    exact = kl_divergence(p, q)
    first, second = np.divmod(np.arange(n * n), n)
    for logp, logq, one, value in zip(np.log(p), np.log(q), p, exact, strict=True):
        weights = one[first] * one[second]
        drawn = list(zip(first, second, strict=True))
        for kind in ("k1", "k3"):
            found = [kl_estimate(logp[list(x)], logq[list(x)], kind).value for x in drawn]
            assert abs(weights @ found - value) <= 1e-13 * (1 + value)


@laws
@given(seeds, sizes, concentrations)
def test_moments_of_k1_and_k3(rng, n, concentration):
    p, q = (draw(rng, n, concentration) for _ in "pq")
    for one, other, value in zip(p, q, kl_divergence(p, q), strict=True):
        k1, k3 = (exact_moments(one, other, kind) for kind in ("k1", "k3"))
        missing = other[one == 0].sum()  # k3 does not see it
        for mean in (k1.mean, k3.mean + missing):
            assert mean == value or abs(mean - value) <= 1e-13 * (1 + value)


@laws
@given(seeds)
def test_the_bound_is_below_the_evidence(rng):
    x, mean, slope = 3 * rng.normal(size=(3, BATCH))
    std, noise = 10.0 ** rng.uniform(-2, 1, size=(2, BATCH))
    bound = elbo(x, mean, std, slope=slope, noise=noise)
    size = np.abs(bound.reconstruction) + np.abs(bound.log_evidence) + bound.kl
    assert np.all(bound.gap >= 0)
    assert np.all(bound.elbo <= bound.log_evidence + 1e-14 * size)
    assert np.all(np.abs(bound.elbo + bound.gap - bound.log_evidence) <= 1e-13 * size)
