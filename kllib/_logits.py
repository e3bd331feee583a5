"""Divergences of probabilities given by logits or logarithms."""

import math

import numpy as np

from kllib import _kernels
from kllib._rows import AREA, SMALL, Rows
from kllib._validate import require

__all__ = ["kl_from_log_probs", "kl_from_logits"]

SMALL_SINGLE = 0.1  # in single precision, plain sums have lost digits below


def _softmax_kl(rows):
    """Return the divergences of softmaxes, and the logarithms of the softmaxes' denominators."""
    found = rows.sums(_kernels.logits, area=AREA, dtype=rows.dtype, tops=True)
    tops, (a_sum, b_sum, value) = found[:2], found[2:]
    rows.check_tops(tops)
    mean = value / a_sum
    value = mean + np.log(b_sum) - np.log(a_sum)
    single = rows.dtype == np.float32
    small = np.flatnonzero(value < (SMALL_SINGLE if single else SMALL))
    if small.size:
        few, params = rows.select(small), [x[small] for x in (*tops, mean)]
        if single:
            (terms,) = few.sums(_kernels.logits_excess_single, *params, area=AREA)
        else:
            (terms,) = few.sums(_kernels.logits_excess, *params)
        value[small] = np.log1p(terms / a_sum[small])
    return value, (tops[0] + np.log(a_sum), tops[1] + np.log(b_sum))


def kl_from_logits(p_logits, q_logits, *, axis=-1, base=None, keepdims=False):
    """Return D(p‖q) for p = softmax(p_logits) and q = softmax(q_logits).

    Parameters
    ----------
    p_logits, q_logits : array_like, shape (..., n)
        Logits, finite or -inf (probability 0); constants added to a row do not matter.
    axis, base, keepdims : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray
        The divergence; float32 logits give float32, from sums of doubles.

    Raises
    ------
    ValueError
        If a logit is +inf, all logits of an event are -inf, or the categories differ in number.

    Notes
    -----
    With d = p_logits - q_logits and c = d - E_p d, the divergence is log E_p e^-c; small ones
    are log1p of the expectation of e^-c - 1 + c, which has no negative terms.

    Examples
    --------
    >>> kl_from_logits([0, 0], [0, 1000])
    np.float64(499.30685281944005)
    """
    rows = Rows(axis, p_logits=p_logits, q_logits=q_logits)
    return rows.result(_softmax_kl(rows)[0], base, keepdims)


def kl_from_log_probs(logp, logq, *, axis=-1, base=None, keepdims=False):
    """Return D(p‖q) for p = exp(logp) and q = exp(logq).

    Parameters
    ----------
    logp, logq : array_like, shape (..., n)
        Logarithms of probabilities, in nats whatever `base` says; -inf for 0.
    axis, base, keepdims : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray
        The divergence.

    Raises
    ------
    ValueError
        If the probabilities do not sum to 1, or the categories differ in number.

    Notes
    -----
    Computed as from logits: what rounding of the logarithms adds to the sums cancels.

    Examples
    --------
    >>> import numpy as np
    >>> kl_from_log_probs(np.log([0.5, 0.5]), np.log([0.9, 0.1])).round(6)
    np.float64(0.510826)
    """
    rows = Rows(axis, logp=logp, logq=logq)
    value, denominators = _softmax_kl(rows)
    for (name, a), log_sum in zip(rows.given.items(), denominators, strict=True):
        with np.errstate(over="ignore"):
            total = np.exp(log_sum)
        broken = np.abs(total - 1.0) > math.sqrt(np.finfo(a.dtype).eps)
        require(
            f"sum of exp({name})", total.reshape(rows.batch), broken.reshape(rows.batch), "be 1"
        )
    return rows.result(value, base, keepdims)
