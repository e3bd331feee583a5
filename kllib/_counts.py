"""Tables of non-negative numbers that need not sum to 1."""

import numpy as np

from kllib import _kernels
from kllib._rows import Rows
from kllib._validate import as_counts, as_scalar, event_last, require

__all__ = ["additive_smoothing", "generalized_kl"]


def generalized_kl(p, q, *, axis=-1, base=None, keepdims=False):
    """Return Σ p log(p/q) - p + q, the divergence of tables that need not sum to 1.

    Parameters
    ----------
    p, q : array_like, shape (..., n)
        Non-negative and finite; batch axes broadcast, categories never do.
    axis, base, keepdims : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray
        The divergence, never negative; infinite where q = 0 < p for a category.

    Raises
    ------
    ValueError
        If an entry is negative or infinite, or the categories differ in number.

    Examples
    --------
    >>> generalized_kl([1, 2], [2, 2]).round(6)
    np.float64(0.306853)
    """
    rows = Rows(axis, p=as_counts("p", p), q=as_counts("q", q))
    return rows.result(rows.sums(_kernels.kl_excess)[0], base, keepdims)


def additive_smoothing(counts, alpha=1.0, *, axis=-1):
    """Return the probabilities (n + alpha) / Σ (n + alpha), positive for a positive alpha.

    Parameters
    ----------
    counts : array_like, shape (..., k)
        Counts n, non-negative; they need not be whole.
    alpha : float, optional
        Pseudo-count of each category: 1 is Laplace's rule, 1/2 Krichevsky and Trofimov's.
    axis : int or tuple of int, optional
        Axis, or axes, of the categories.

    Returns
    -------
    ndarray, shape (..., k)
        The mean of the posterior under a symmetric Dirichlet(alpha) prior.

    Raises
    ------
    ValueError
        If a count or alpha is negative or infinite, or all are 0.

    Examples
    --------
    >>> additive_smoothing([3, 1, 0])
    array([0.57142857, 0.28571429, 0.14285714])
    """
    n, pseudo = as_counts("counts", counts), as_scalar("alpha", alpha, as_counts)
    event_last(axis, counts=n)
    with np.errstate(over="ignore"):
        raised = n + pseudo.astype(np.float64)
        total = raised.sum(axis=axis, keepdims=True)
    require(
        "sum of counts + alpha", total, (total <= 0) | np.isinf(total), "be positive and finite"
    )
    return (raised / total).astype(n.dtype)
