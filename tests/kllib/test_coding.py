"""Codes against exhaustive search, exact fractions and the book's facts."""

import itertools
import json
import math
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kllib import coding

FACTS = json.loads((Path(__file__).parent / "tables/known.json").read_text())
SRC5 = [0.4, 0.2, 0.2, 0.1, 0.1]
TEN_DIGITS = 5e-10  # the facts are rounded to ten significant digits


@st.composite
def distributions(draw, least=1):
    weights = draw(st.lists(st.integers(0, 10**9) | st.just(1), min_size=least, max_size=12))
    total = sum(weights)
    return [w / total for w in weights] if total else [1.0, *weights[1:]]


def exact_kraft(lengths, radix=2):
    return sum(Fraction(1, radix**n) for n in lengths)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=40), st.integers(2, 5))
def test_kraft_sum_agrees_with_fractions(lengths, radix):
    exact = exact_kraft(lengths, radix)
    got = coding.kraft_sum(lengths, radix)
    assert got == pytest.approx(float(exact), rel=4e-16 * len(lengths))
    assert (got > 1, got == 1) == (exact > 1, exact == 1)


@pytest.mark.parametrize("radix", [2, 3, 7])
@pytest.mark.parametrize("depth", [1, 20, 60, 1100])
def test_kraft_sum_is_decided_exactly_next_to_one(radix, depth):
    # radix - 1 codewords a level leave one free node, filled at the last level.
    full = [n for n in range(1, depth + 1) for _ in range(radix - 1)] + [depth]
    assert coding.kraft_sum(full, radix) == 1
    assert coding.kraft_sum(full[:-1], radix) < 1
    assert coding.kraft_sum([*full, 10**9], radix) > 1
    assert coding.kraft_sum([*full[:-1], depth + 1], radix) < 1


def test_kraft_sum_ignores_absent_codewords_and_keeps_nan():
    assert coding.kraft_sum([1, math.inf, 2, 1e300]) == 0.75
    assert math.isnan(coding.kraft_sum([1, math.nan]))
    assert coding.kraft_sum([0]) == 1


@given(st.floats(5e-324, 1.0))
def test_shannon_length_is_the_least_whole_one(p):
    length = coding.shannon_lengths([p, 1 - p])[0]
    assert Fraction(1, 2 ** int(length)) <= Fraction(p)
    assert length == 0 or Fraction(p) < Fraction(1, 2 ** (int(length) - 1))


def test_shannon_lengths_of_a_sum_that_rounding_left_above_one():
    assert coding.shannon_lengths([1.0, 2.0**-80]).tolist() == [1, 80]
    assert coding.shannon_lengths([0.5, 0.5, 1e-300]).tolist() == [2, 1, 997]
    assert coding.shannon_lengths([0.1] * 10).tolist() == [4] * 10


@pytest.mark.parametrize("k", [1, 3, 10, 52, 200, 1022])
def test_shannon_lengths_beside_powers_of_two(k):
    p = 2.0**-k
    above, below = math.nextafter(p, 1), math.nextafter(p, 0)
    got = [coding.shannon_lengths([x, 1 - x])[0] for x in (p, above, below)]
    assert got == [k, k, k + 1]


def test_shannon_lengths_of_special_sources():
    assert coding.shannon_lengths([1.0]).tolist() == [0]
    assert coding.shannon_lengths([0.5, 0.5]).dtype == np.int64
    np.testing.assert_array_equal(
        coding.shannon_lengths([math.nan, 0.25, 0.0]), [math.nan, 2, math.inf]
    )


def least_expected_length(p):
    """Least Σ p·length over all full binary trees, by trying every multiset of depths."""

    def depths(n):
        if n == 1:
            yield (0,)
        for i in range(1, n // 2 + 1):
            for a, b in itertools.product(set(depths(i)), set(depths(n - i))):
                yield tuple(sorted(d + 1 for d in a + b))

    ascending = sorted(p, reverse=True)
    return min(sum(x * n for x, n in zip(ascending, d, strict=True)) for d in set(depths(len(p))))


@given(st.lists(st.integers(1, 50), min_size=2, max_size=7))
def test_huffman_is_optimal(weights):
    p = [w / sum(weights) for w in weights]
    lengths = coding.huffman_lengths(p)
    assert exact_kraft(lengths.tolist()) == 1
    # Rounded sums may break a tie either way: equal up to rounding.
    assert coding.expected_length(p, lengths) == pytest.approx(
        least_expected_length(p), rel=1e-15 * len(p)
    )


def test_huffman_of_special_sources():
    assert coding.huffman_lengths([1.0]).tolist() == [1]
    assert coding.huffman_lengths([0.0, 1.0]).tolist() == [math.inf, 1]
    assert coding.huffman_lengths([1 / 3, 1 / 3, 1 / 3]).tolist() == [1, 2, 2]
    assert coding.huffman_lengths([0.5, 0.5, 0]).tolist() == [1, 1, math.inf]
    assert np.isnan(coding.huffman_lengths([0.5, math.nan])).all()
    assert coding.huffman_lengths([1 / 3, 1 / 3, 1 / 4, 1 / 12]).tolist() == [2, 2, 2, 2]
    fibonacci = np.array([1.0, 1, 2, 3, 5, 8, 13, 21]) / 54
    assert coding.huffman_lengths(fibonacci).tolist() == [7, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("name", "lengths"),
    [
        ("code.src5.huffman", coding.huffman_lengths),
        ("code.src5.shannon", coding.shannon_lengths),
    ],
)
def test_facts_on_one_source(name, lengths):
    fact, lengths = FACTS[name], lengths(SRC5)
    assert lengths.tolist() == fact["lengths"]
    assert coding.expected_length(SRC5, lengths) == pytest.approx(fact["L"], rel=TEN_DIGITS)
    assert coding.kraft_sum(lengths) == fact.get("kraft", 1)


@pytest.mark.parametrize(
    ("name", "q", "p"),
    [
        ("code.dyadic", [0.5, 0.25, 0.125, 0.125], [0.5, 0.25, 0.125, 0.125]),
        ("code.src5.asym", [0.5, 0.2, 0.1, 0.1, 0.1], SRC5),
        ("code.src5.reversed.huff", SRC5[::-1], SRC5),
    ],
)
def test_facts_on_codes_for_another_source(name, q, p):
    fact, lengths = FACTS[name], coding.huffman_lengths(q)
    assert lengths.tolist() == fact["lengths"]
    expected = fact["H"] if "H" in fact else fact["L"]
    assert coding.expected_length(p, lengths) == pytest.approx(expected, rel=TEN_DIGITS)


def test_facts_on_blocks():
    for n, bits in FACTS["code.src5.blockhuffman"].items():
        block = [math.prod(x) for x in itertools.product(SRC5, repeat=int(n))]
        cost = coding.expected_length(block, coding.huffman_lengths(block)) / int(n)
        assert cost == pytest.approx(bits, rel=TEN_DIGITS)


def test_prefix_code_of_the_silent_source():
    assert coding.prefix_code(coding.shannon_lengths([1.0])) == [""]
    assert coding.is_prefix_free([""])
    assert not coding.is_uniquely_decodable([""])


def test_prefix_code_of_long_codewords():
    lengths = [*range(1, 2000), 1999]
    codewords = coding.prefix_code(lengths)
    assert codewords[-1] == "1" * 1999
    assert coding.is_prefix_free(codewords)


@pytest.mark.parametrize(
    ("codewords", "prefix_free", "decodable"),
    [
        (["0", "10", "110", "111"], True, True),
        (["0", "01", "11"], False, True),
        (["0", "01", "011"], False, True),
        (["0", "010", "01", "10"], False, False),
        (["1", "011", "01110", "1110", "10011"], False, False),
        (["0", "1", "00", "01"], False, False),
        (["0", "0", "1"], False, False),
        (["0", ""], False, False),
        (["10", "00", "11", "110"], False, True),
        (["a", "b", "abb"], False, False),
    ],
)
def test_classic_codes(codewords, prefix_free, decodable):
    assert coding.is_prefix_free(codewords) is prefix_free
    assert coding.is_uniquely_decodable(codewords) is decodable


def test_decodability_against_every_message():
    # All 364 codes of three words of at most three bits; six words show any ambiguity there is.
    words = ["".join(w) for n in (1, 2, 3) for w in itertools.product("01", repeat=n)]
    for code in itertools.combinations(words, 3):
        messages = itertools.product(code, repeat=6)
        ambiguous = max(Counter(map("".join, messages)).values()) > 1
        assert coding.is_uniquely_decodable(code) is not ambiguous, code


@st.composite
def messages(draw):
    p = draw(distributions())
    sent = [i for i, x in enumerate(p) if x]
    return draw(st.lists(st.sampled_from(sent), max_size=400)), p


def ideal_bits(message, p):
    """-log2 of the exact probability of the message, to about 1e-13 bits."""
    scale = sum(map(Fraction, p))
    exact = math.prod(Fraction(p[i]) / scale for i in message)
    shift = max(exact.denominator.bit_length() - exact.numerator.bit_length(), 0)
    return shift - math.log2(exact * 2**shift)


@given(messages())
def test_arithmetic_code_is_lossless_and_short(case):
    message, p = case
    bits = coding.arithmetic_encode(message, p)
    assert coding.arithmetic_decode(bits, len(message), p).tolist() == message
    assert coding.arithmetic_decode(bits + "0110", len(message), p).tolist() == message
    assert len(bits) <= ideal_bits(message, p) + 2


def test_arithmetic_code_of_improbable_symbols():
    p = [1 - 2**-53, 2.0**-53, 1e-300, 5e-324]
    message = [3, 0, 2, 1, 0, 3, 3] * 5
    bits = coding.arithmetic_encode(message, p)
    assert coding.arithmetic_decode(bits, len(message), p).tolist() == message
    assert len(bits) <= ideal_bits(message, p) + 2


def test_arithmetic_code_of_a_dyadic_source_is_its_huffman_code():
    p = [0.5, 0.25, 0.125, 0.125]
    codewords = coding.prefix_code(coding.huffman_lengths(p))
    message = np.random.default_rng(1).choice(4, size=2000, p=p)
    bits = coding.arithmetic_encode(message, p)
    # Trailing zeros aside nothing is saved or lost: the message's interval is dyadic.
    assert bits == "".join(codewords[i] for i in message)


def test_arithmetic_codewords_of_equal_length_messages_are_prefix_free():
    p = [0.7, 0.2, 0.1]
    codewords = [coding.arithmetic_encode(m, p) for m in itertools.product(range(3), repeat=5)]
    assert coding.is_prefix_free(codewords)
    assert coding.kraft_sum([len(word) for word in codewords]) <= 1


def test_arithmetic_coder_carries_through_many_words():
    p, n = [1 / 3, 2 / 3], 3000
    half = "1" + "0" * 6000
    message = coding.arithmetic_decode(half, n, p)  # its interval starts just below 1/2
    bits = coding.arithmetic_encode(message, p)
    assert half.startswith(bits) or bits.startswith("0" + "1" * 2000)
    np.testing.assert_array_equal(coding.arithmetic_decode(bits, n, p), message)


def test_arithmetic_decoder_notices_missing_bits():
    rng = np.random.default_rng(2)
    message = rng.choice(5, size=300, p=SRC5)
    bits = coding.arithmetic_encode(message, SRC5)
    for kept in (0, 1, 200, len(bits) - 1):
        with pytest.raises(ValueError, match=f"bits must hold .* got {kept} bits"):
            coding.arithmetic_decode(bits[:kept], 300, SRC5)


def test_arithmetic_code_of_a_long_message():
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.full(100, 0.3))
    message = rng.choice(100, size=100_000, p=p)
    bits = coding.arithmetic_encode(message, p)
    np.testing.assert_array_equal(coding.arithmetic_decode(bits, message.size, p), message)
    assert len(bits) <= -np.log2(p[message]).sum() + 2


def test_fact_on_the_arithmetic_code():
    expected = FACTS["code.src5.arith"]
    message = [int(c) for c in "0102031024"]
    assert ideal_bits(message, SRC5) == pytest.approx(expected["ideal"], rel=TEN_DIGITS)
    bits = coding.arithmetic_encode(message, SRC5)
    assert math.ceil(expected["ideal"]) <= len(bits) <= expected["arithmetic"]
    lengths = coding.huffman_lengths(SRC5)
    assert sum(lengths[message]) == expected["huffman"]
    assert sum(coding.shannon_lengths(SRC5)[message]) == expected["shannon"]


def test_expected_length_may_be_infinite():
    assert coding.expected_length([0.5, 0.5], [1, math.inf]) == math.inf
    assert math.isnan(coding.expected_length([1.0, 0.0], [1, math.nan]))
    assert isinstance(coding.expected_length([1.0], [3]), np.float64)


@pytest.mark.parametrize("turn", [1, -1])
def test_unique_decodability_takes_time_like_the_code(turn):
    def seconds(n):
        p = np.random.default_rng(n).dirichlet(np.ones(n))
        words = [word[::turn] for word in coding.prefix_code(coding.huffman_lengths(p))]
        start = time.process_time()
        assert coding.is_uniquely_decodable(words)
        return time.process_time() - start

    assert seconds(8000) < 10 * seconds(2000) + 0.05  # 16 if quadratic
