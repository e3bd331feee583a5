"""Codes for a finite source: lengths in bits, codewords, and arithmetic coding.

A symbol of probability 0 is never sent and has no codeword: its length is ``inf``, which adds
nothing to a Kraft sum. Length arrays are int64, or float64 where they hold ``inf`` or NaN.
Arithmetic coding is in exact integers (Rissanen 1976, Pasco 1976).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kllib._validate import (
    as_distribution,
    as_integer,
    as_real,
    require,
    require_same_labels,
    shown,
)

__all__ = [
    "arithmetic_decode",
    "arithmetic_encode",
    "expected_length",
    "huffman_lengths",
    "is_prefix_free",
    "is_uniquely_decodable",
    "kraft_sum",
    "prefix_code",
    "prefix_decode",
    "prefix_encode",
    "shannon_lengths",
]


def _as_lengths(lengths):
    lengths = as_real("lengths", lengths).astype(np.float64)
    if lengths.ndim != 1 or lengths.size == 0:
        raise ValueError(f"lengths must be a non-empty list; got shape {lengths.shape}")
    broken = (lengths < 0) | (np.isfinite(lengths) & (lengths != np.floor(lengths)))
    require("lengths", lengths, broken, "be non-negative whole numbers")
    return lengths


@np.errstate(all="ignore")
def kraft_sum(lengths: ArrayLike, radix: int = 2) -> np.float64:
    """Return the Kraft sum ``Σ radix**-length``, at most 1 iff some prefix code has these lengths.

    Parameters
    ----------
    lengths : array_like, shape (n,)
        Whole numbers, in symbols of the code alphabet; ``inf`` for no codeword.
    radix : int, optional
        Size of the code alphabet, at least 2; binary by default.

    Returns
    -------
    float
        The sum, never rounded onto or across 1: comparing it with 1 is always right.

    Raises
    ------
    ValueError
        If a length is negative or not whole, or the radix is below 2.

    Examples
    --------
    >>> kraft_sum([2, 3, 3, 4, 4])
    np.float64(0.625)
    >>> kraft_sum([*range(1, 101), 100, 100]) > 1  # by 2**-100
    np.True_
    """
    lengths, radix = _as_lengths(lengths), as_integer("radix", radix, least=2)
    if np.isnan(lengths).any():
        return np.float64(np.nan)
    lengths = [int(n) for n in np.sort(lengths[np.isfinite(lengths)])]
    # Count the free nodes of the code tree. More of them than codewords left cannot run out,
    # so the count is capped, and a length of 10**9 costs no more than a length of 10.
    free, depth = 1, 0
    for left, length in zip(range(len(lengths), 0, -1), lengths, strict=True):
        free = min(left + 1, free * radix ** min(length - depth, left.bit_length() + 1)) - 1
        depth = length
        if free < 0:
            break
    total = math.fsum(float(radix) ** -n for n in lengths)
    if free == 0:
        return np.float64(1.0)
    return np.float64(max(total, 1 + 2**-52) if free < 0 else min(total, 1 - 2**-53))


def _unsent(p, lengths):
    return lengths if np.all(p > 0) else np.where(p > 0, lengths, np.where(p == 0, np.inf, p))


@np.errstate(all="ignore")
def shannon_lengths(p: ArrayLike) -> np.ndarray:
    """Return the Shannon code lengths ``⌈-log2 p⌉``, exact for every float.

    A certain symbol costs 0 bits. Where p sums to more than 1 by rounding, and no code has these
    lengths, the least probable symbol that makes room enough gets one bit more, or several do.

    Parameters
    ----------
    p : array_like, shape (n,)
        Probabilities of the symbols.

    Returns
    -------
    ndarray, shape (n,)
        Lengths in bits; ``inf`` where p = 0.

    Raises
    ------
    ValueError
        If `p` is not a distribution.

    Examples
    --------
    >>> shannon_lengths([0.4, 0.2, 0.2, 0.1, 0.1])
    array([2, 3, 3, 4, 4])
    >>> shannon_lengths([0.5, 0.5, 0.0])
    array([ 1.,  1., inf])
    """
    p = as_distribution("p", p)
    # p = m 2**e with 1/2 <= m < 1 puts -log2 p in (-e, 1 - e]: there is no logarithm to round.
    lengths = 1 - np.frexp(p)[1].astype(np.int64)
    sent = np.flatnonzero(p > 0)
    while kraft_sum(lengths[sent]) > 1:
        room = {i: Fraction(1, 2 ** int(lengths[i])) for i in sent}
        excess = sum(room.values()) - 1
        enough = [i for i in sent if room[i] >= 2 * excess]
        lengths[
            min(enough, key=lambda i: (p[i], i)) if enough else max(room, key=room.__getitem__)
        ] += 1
    return _unsent(p, lengths)


@np.errstate(all="ignore")
def huffman_lengths(p: ArrayLike) -> np.ndarray:
    """Return the lengths of Huffman's code (1952), a binary prefix code of least mean length.

    In a tie single symbols merge before subtrees, and later symbols first: of the optimal codes
    this one has the shortest longest codeword. A lone symbol costs 1 bit, where Shannon's code
    spends none. NaN makes every length NaN.

    Parameters
    ----------
    p : array_like, shape (n,)
        Probabilities of the symbols.

    Returns
    -------
    ndarray, shape (n,)
        Lengths in bits; ``inf`` where p = 0.

    Raises
    ------
    ValueError
        If `p` is not a distribution.

    Examples
    --------
    >>> huffman_lengths([0.4, 0.2, 0.2, 0.1, 0.1])
    array([2, 2, 2, 3, 3])
    """
    p = as_distribution("p", p)
    if np.isnan(p).any():
        return np.full(p.shape, np.nan)
    latest_first = np.flatnonzero(p)[::-1]
    ascending = latest_first[np.argsort(p[latest_first], kind="stable")]
    lengths = np.zeros(p.size, dtype=np.int64)
    lengths[ascending] = _leaf_depths(p[ascending].tolist())
    return _unsent(p, lengths)


def _leaf_depths(weights):
    """Return depths of the leaves of Huffman's tree, for ascending weights (van Leeuwen 1976)."""
    n = len(weights)
    parent, depth = [0] * (2 * n - 1), [0] * (2 * n - 1)
    leaf, tree = 0, n  # subtrees are made in ascending order, so their queue needs no sorting
    for node in range(n, 2 * n - 1):
        weights.append(0.0)
        for _ in range(2):
            if leaf < n and (tree == node or weights[leaf] <= weights[tree]):
                child, leaf = leaf, leaf + 1
            else:
                child, tree = tree, tree + 1
            parent[child] = node
            weights[node] += weights[child]
    for node in reversed(range(2 * n - 2)):
        depth[node] = depth[parent[node]] + 1
    return depth[:n] if n > 1 else [1]


@np.errstate(all="ignore")
def prefix_code(lengths: ArrayLike) -> list[str]:
    """Return the canonical binary prefix code: shorter codewords first, then earlier ones.

    Parameters
    ----------
    lengths : array_like, shape (n,)
        Finite whole numbers, in bits.

    Returns
    -------
    list of str
        Codewords over 0 and 1, in the order of `lengths`.

    Raises
    ------
    ValueError
        If a length is not a finite whole number, or the Kraft sum exceeds 1.

    Examples
    --------
    >>> prefix_code([2, 1, 3, 3])
    ['10', '0', '110', '111']
    """
    lengths = _as_lengths(lengths)
    require("lengths", lengths, ~np.isfinite(lengths), "be finite (leave out symbols never sent)")
    if kraft_sum(lengths) > 1:
        raise ValueError(
            f"lengths must have a Kraft sum of at most 1; got {shown(lengths.tolist())}"
        )
    codewords, word, width = {}, -1, 0
    for i in np.argsort(lengths, kind="stable").tolist():
        gap, width = int(lengths[i]) - width, int(lengths[i])
        word = word + 1 << gap
        codewords[i] = f"{word:0{width}b}" if width else ""
    return [codewords[i] for i in range(lengths.size)]


@np.errstate(all="ignore")
def prefix_encode(symbols: ArrayLike, codewords: Sequence[str]) -> str:
    """Return the codewords of a message, one after the other.

    Parameters
    ----------
    symbols : array_like of int, shape (n,)
        The message, as indices into `codewords`.
    codewords : list of str
        Codewords, none of which begins another: what `prefix_code` returns.

    Returns
    -------
    str
        The coded message.

    Raises
    ------
    ValueError
        If a symbol has no codeword, or a codeword begins another.

    Examples
    --------
    >>> prefix_encode([0, 2, 1], ["0", "10", "11"])
    '01110'
    """
    words = _as_prefix_code(codewords)
    return "".join(words[i] for i in _as_symbols(symbols, len(words)).tolist())


@np.errstate(all="ignore")
def prefix_decode(bits: str, codewords: Sequence[str]) -> np.ndarray:
    """Return the message that `prefix_encode` made these bits of.

    Parameters
    ----------
    bits : str
        The coded message, whole.
    codewords : list of str
        The codewords that it was coded with.

    Returns
    -------
    ndarray of int64, shape (n,)
        The message, as indices into `codewords`.

    Raises
    ------
    ValueError
        If a codeword begins another, or the bits are no sequence of codewords.

    Examples
    --------
    >>> prefix_decode("01110", ["0", "10", "11"])
    array([0, 2, 1])
    """
    words = _as_prefix_code(codewords)
    if not isinstance(bits, str):
        raise ValueError(f"bits must be a string; got {shown(bits)}")
    number, sizes = {word: i for i, word in enumerate(words)}, sorted(set(map(len, words)))
    message, at = [], 0
    while at < len(bits):
        found = next((s for s in sizes if bits[at : at + s] in number), None)
        if not found:
            raise ValueError(f"bits must be a sequence of codewords; none begins at {at}")
        message.append(number[bits[at : at + found]])
        at += found
    return np.array(message, dtype=np.int64)


def _as_prefix_code(codewords):
    words = _as_codewords(codewords)
    if not is_prefix_free(words):
        raise ValueError(f"codewords must not begin one another; got {shown(words)}")
    return words


@np.errstate(all="ignore")
def expected_length(p: ArrayLike, lengths: ArrayLike) -> np.float64:
    """Return the expected length ``Σ p · length``; lengths such as ``-log2 q`` are welcome.

    Parameters
    ----------
    p : array_like, shape (n,)
        Probabilities of the symbols.
    lengths : array_like, shape (n,)
        Lengths, not negative, whole or not, in any unit.

    Returns
    -------
    float
        The mean length, in the unit of `lengths`; 0 · ``inf`` counts as 0.

    Raises
    ------
    ValueError
        If `p` is not a distribution, a length is negative, or the shapes differ.

    Examples
    --------
    >>> expected_length([0.5, 0.25, 0.25, 0.0], [1, 2, 2, float("inf")])
    np.float64(1.5)
    """
    require_same_labels(p=p, lengths=lengths)
    p, lengths = as_distribution("p", p), as_real("lengths", lengths)
    if lengths.shape != p.shape:
        raise ValueError(f"lengths must have the shape of p, {p.shape}; got {lengths.shape}")
    require("lengths", lengths, lengths < 0, "be non-negative")
    terms = p * np.where((p == 0) & np.isinf(lengths), 0.0, lengths)
    return np.float64(math.fsum(terms.tolist()))


def _as_codewords(codewords):
    if isinstance(codewords, Mapping):  # symbols and their codewords
        codewords = codewords.values()
    words = [] if isinstance(codewords, str) or not np.iterable(codewords) else list(codewords)
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError(f"codewords must be a non-empty list of strings; got {shown(codewords)}")
    return words


@np.errstate(all="ignore")
def is_prefix_free(codewords: Iterable[str] | Mapping[Any, str]) -> bool:
    """Return whether no codeword begins another; equal codewords begin each other.

    Parameters
    ----------
    codewords : list of str or dict
        Codewords over any alphabet; of a dict, its values.

    Returns
    -------
    bool
        Whether that is so.

    Raises
    ------
    ValueError
        If `codewords` is not a non-empty list of strings.

    Examples
    --------
    >>> is_prefix_free(["0", "10", "11"]), is_prefix_free(["0", "01", "11"])
    (True, False)
    """
    # In sorted order whatever begins with a word follows it at once.
    return not any(b.startswith(a) for a, b in pairwise(sorted(_as_codewords(codewords))))


@np.errstate(all="ignore")
def is_uniquely_decodable(codewords: Iterable[str] | Mapping[Any, str]) -> bool:
    """Return whether no text splits into codewords in two ways (Sardinas and Patterson 1953).

    Parameters
    ----------
    codewords : list of str or dict
        Codewords over any alphabet; of a dict, its values.

    Returns
    -------
    bool
        Whether that is so; False also where codewords are equal or one is empty.

    Raises
    ------
    ValueError
        If `codewords` is not a non-empty list of strings.

    Examples
    --------
    >>> is_uniquely_decodable(["0", "01", "11"]), is_uniquely_decodable(["0", "010", "01", "10"])
    (True, False)
    """
    codewords = _as_codewords(codewords)
    words = set(codewords)
    if len(words) < len(codewords) or "" in words:
        return False
    ordered, sizes = sorted(words), sorted(set(map(len, words)))

    def rests(text):
        # what is left of the text behind a word, and of words behind the text
        for size in sizes[: bisect_left(sizes, len(text))]:
            if text[:size] in words:
                yield text[size:]
        k = bisect_right(ordered, text)
        while k < len(ordered) and ordered[k].startswith(text):
            yield ordered[k][len(text) :]
            k += 1

    # Each place in a word is reached from one text only, so the work grows like the code.
    seen = {rest for word in words for rest in rests(word)}
    waiting = list(seen)
    while waiting:
        text = waiting.pop()
        if text in words:
            return False
        fresh = set(rests(text)) - seen
        seen |= fresh
        waiting += fresh
    return True


_WORD, _REGISTER = 64, 192  # bits emitted at a time, and held
_MASK = (1 << _REGISTER - _WORD) - 1


def _cumulative_counts(p):
    """Return cumulative sums of ⌈2**64 p⌉: integers exact for the floats given, none too small."""
    p = as_distribution("p", p)
    require("p", p, np.isnan(p), "hold numbers")
    return [0, *accumulate(math.ceil(math.ldexp(x, 64)) for x in p.tolist())]


def _as_symbols(symbols, size):
    given = symbols
    try:
        symbols = np.asarray(symbols)
    except ValueError:
        raise ValueError(f"symbols must be a list of integers; got {shown(given)}") from None
    if symbols.ndim != 1 or (symbols.size and symbols.dtype.kind not in "iu"):
        raise ValueError(f"symbols must be a list of integers; got {shown(given)}")
    require("symbols", symbols, (symbols < 0) | (symbols >= size), f"lie in 0..{size - 1}")
    return symbols.astype(np.int64)


def _as_message(symbols, counts):
    symbols = _as_symbols(symbols, len(counts))
    unsent = np.equal(counts, 0)
    require("symbols", symbols, unsent[symbols], "have positive probability")
    return symbols.tolist()


@np.errstate(all="ignore")
def arithmetic_encode(symbols: ArrayLike, p: ArrayLike) -> str:
    """Return the arithmetic code of a message: under ``-log2 P + 2`` bits for probability P.

    Parameters
    ----------
    symbols : array_like of int, shape (n,)
        The message, as indices into `p`.
    p : array_like, shape (k,)
        Probabilities of the symbols.

    Returns
    -------
    str
        A codeword over 0 and 1. All messages of n symbols together form a prefix code.

    Raises
    ------
    ValueError
        If `p` is not a distribution, or a symbol lies outside it or has probability 0.

    Notes
    -----
    Integer frequencies ⌈2⁶⁴ p⌉ share an interval at least 128 bits wide; the codeword names the
    largest dyadic interval inside the message's. Rounding costs under n·k·2⁻⁶² bits in all, and
    P is taken under `p` divided by its sum.

    Examples
    --------
    >>> p = [0.4, 0.2, 0.2, 0.1, 0.1]
    >>> arithmetic_encode([0, 1, 0, 2, 0, 3, 1, 0, 2, 4], p)  # -log2 P = 21.2
    '0010111001101110000010'
    """
    cumulative = _cumulative_counts(p)
    total, words, low, width = cumulative[-1], [], 0, 1 << _REGISTER
    counts = [high - start for start, high in pairwise(cumulative)]
    for symbol in _as_message(symbols, counts):
        unit = width // total
        low += unit * cumulative[symbol]
        width = unit * counts[symbol]
        while width <= _MASK:
            words.append(low >> _REGISTER - _WORD)
            low, width = (low & _MASK) << _WORD, width << _WORD
    # The codeword: the first dyadic interval of the largest size that fits.
    size = width.bit_length() - 1
    while (-(-low >> size) + 1 << size) > low + width:
        size -= 1
    # Words went out before later additions could carry into them: now the carry goes back.
    carry, bits = -(-low >> size), []
    for word, count in [(0, _REGISTER - size), *((word, _WORD) for word in reversed(words))]:
        carry, digits = divmod(word + carry, 1 << count)
        bits.append(f"{digits:0{count}b}" if count else "")
    return "".join(reversed(bits))


@np.errstate(all="ignore")
def arithmetic_decode(bits: str, n: int, p: ArrayLike) -> np.ndarray:
    """Return the `n` symbols whose arithmetic code begins `bits`; what follows it is ignored.

    Parameters
    ----------
    bits : str
        What `arithmetic_encode` returned, over 0 and 1.
    n : int
        Number of symbols in the message.
    p : array_like, shape (k,)
        The probabilities that it was encoded with.

    Returns
    -------
    ndarray of int64, shape (n,)
        The message, as indices into `p`.

    Raises
    ------
    ValueError
        If `p` is not a distribution, or `bits` is not of 0 and 1 or belongs to no such message.

    Examples
    --------
    >>> arithmetic_decode("0110", 3, [0.5, 0.25, 0.25])
    array([0, 2, 0])
    """
    cumulative, n = _cumulative_counts(p), as_integer("n", n, least=0)
    if not isinstance(bits, str) or bits.strip("01"):
        raise ValueError(f"bits must be a string of 0s and 1s; got {shown(bits)}")
    total, size, message = cumulative[-1], len(cumulative) - 1, []
    code, used, width = int(bits[:_REGISTER].ljust(_REGISTER, "0"), 2), _REGISTER, 1 << _REGISTER
    for _ in range(n):
        unit = width // total
        symbol = bisect_right(cumulative, code // unit) - 1
        if symbol == size:
            break
        message.append(symbol)
        code -= unit * cumulative[symbol]
        width = unit * (cumulative[symbol + 1] - cumulative[symbol])
        while width <= _MASK:
            code = code << _WORD | int(bits[used : used + _WORD].ljust(_WORD, "0"), 2)
            used, width = used + _WORD, width << _WORD
    # Bits that are cut short leave some continuation outside the interval of the message.
    if len(message) < n or code + (1 << max(used - len(bits), 0)) > width:
        raise ValueError(f"bits must hold the code of {n} symbols; got {len(bits)} bits")
    return np.array(message, dtype=np.int64)
