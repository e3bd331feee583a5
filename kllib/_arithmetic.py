"""Arithmetic coding in exact integers: Rissanen 1976, Pasco 1976."""

import math
from bisect import bisect_right
from itertools import accumulate, pairwise

import numpy as np

from kllib._validate import as_distribution, as_integer, require

__all__ = ["arithmetic_decode", "arithmetic_encode"]

_WORD, _REGISTER = 64, 192  # bits emitted at a time, and held
_MASK = (1 << _REGISTER - _WORD) - 1


def _cumulative_counts(p):
    """Cumulative sums of ⌈2**64 p⌉: integers exact for the floats given, none too small."""
    p = as_distribution("p", p)
    require("p", p, np.isnan(p), "hold numbers")
    return [0, *accumulate(math.ceil(math.ldexp(x, 64)) for x in p.tolist())]


def _as_message(symbols, counts):
    symbols = np.asarray(symbols)
    if symbols.ndim != 1 or (symbols.size and symbols.dtype.kind not in "iu"):
        raise ValueError(f"symbols must be a list of integers; got {symbols!r}")
    symbols, size = symbols.astype(np.int64), len(counts)
    require("symbols", symbols, (symbols < 0) | (symbols >= size), f"lie in 0..{size - 1}")
    unsent = np.equal(counts, 0)
    require("symbols", symbols, unsent[symbols], "have positive probability")
    return symbols.tolist()


def arithmetic_encode(symbols, p):
    """Arithmetic code: fewer than ``-log2 P + 2`` bits for a whole message of probability P.

    Parameters
    ----------
    symbols : array_like of int, shape (n,), indices into `p`
    p : array_like of probabilities, shape (k,)

    Returns
    -------
    str
        Codeword over 0 and 1. All messages of n symbols together form a prefix code.

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


def arithmetic_decode(bits, n, p):
    """Message of `n` symbols whose arithmetic code begins `bits`; what follows it is ignored.

    Parameters
    ----------
    bits : str over 0 and 1
    n : int, number of symbols
    p : array_like of probabilities, shape (k,), those it was encoded with

    Returns
    -------
    np.ndarray of int64, shape (n,), indices into `p`

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
        raise ValueError(f"bits must be a string of 0s and 1s; got {bits!r:.60}")
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
