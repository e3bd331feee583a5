"""Sets of codewords: which of them can be told apart."""

from itertools import pairwise

import numpy as np

__all__ = ["is_prefix_free", "is_uniquely_decodable"]


def _as_codewords(codewords):
    words = [] if isinstance(codewords, str) or not np.iterable(codewords) else list(codewords)
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError(f"codewords must be a non-empty list of strings; got {codewords!r}")
    return words


def is_prefix_free(codewords):
    """Whether no codeword begins another; equal codewords begin each other.

    Parameters
    ----------
    codewords : list of str, over any alphabet

    Returns
    -------
    bool

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


def is_uniquely_decodable(codewords):
    """Whether no text splits into codewords in two ways (Sardinas and Patterson 1953).

    Parameters
    ----------
    codewords : list of str, over any alphabet

    Returns
    -------
    bool, False also where codewords are equal or one is empty

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
    words, seen = set(codewords), set()
    if len(words) < len(codewords) or "" in words:
        return False
    dangling = {rest for word in words for rest in _rests(word, words)}
    while not dangling & words:
        seen |= dangling
        dangling = {rest for stem in dangling for rest in _rests(stem, words)} - seen
        if not dangling:
            return True
    return False


def _rests(stem, words):
    """What is left over where `stem` begins another word, or another word begins it."""
    for word in words - {stem}:
        if word.startswith(stem):
            yield word[len(stem) :]
        elif stem.startswith(word):
            yield stem[len(word) :]
