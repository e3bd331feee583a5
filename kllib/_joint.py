"""Information in a table of joint probabilities."""

import operator

import numpy as np

from kllib import _kernels
from kllib._rows import AREA, Rows, doubtful
from kllib._validate import as_real

__all__ = ["conditional_entropy", "mutual_information"]


def _joint(joint, normalize):
    table = as_real("joint", joint)
    if table.ndim < 2:
        raise ValueError(f"joint must have two axes of categories; got shape {table.shape}")
    rows = Rows((-2, -1), joint=table)
    rows.check(rows.sums(_kernels.checked), normalize)
    return rows, table.astype(np.float64, copy=False)


def mutual_information(joint, *, base=None, normalize=False):
    """Return the mutual information Σ p(x, y) log(p(x, y) / (p(x) p(y))).

    Parameters
    ----------
    joint : array_like, shape (..., n, m)
        Joint probabilities over the last two axes.
    base, normalize : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray, shape (...)
        The mutual information, never negative.

    Raises
    ------
    ValueError
        If joint is no distribution over two axes.

    Notes
    -----
    The product of the marginals is taken over the total, whose rounding does not count as
    dependence.

    Examples
    --------
    >>> mutual_information([[0.5, 0], [0, 0.5]], base=2)
    np.float64(1.0)
    """
    rows, table = _joint(joint, normalize)
    x, y = table.sum(axis=-1), table.sum(axis=-2, keepdims=True)
    total = x.sum(axis=-1)
    lines, width = Rows(-1, joint=table, y=y), x.shape[-1]
    weight, whole = x.ravel(), np.repeat(total, width)
    with np.errstate(all="ignore"):
        (terms,) = lines.sums(_kernels.dependence, weight / whole, area=AREA)
        small = doubtful(terms.reshape(x.shape).sum(axis=-1))
        small = np.flatnonzero(np.repeat(small, width))
        if small.size:
            few, scales = lines.select(small), (weight[small], whole[small])
            (parts,) = few.sums(_kernels.kl_excess_normalized, *scales, np.zeros(small.size))
            terms[small] = np.where(scales[0] == 0, 0.0, scales[0] * parts)
    value = terms.reshape(x.shape).sum(axis=-1).ravel()
    return rows.result(value / total.ravel() if normalize else value, base, False)


def conditional_entropy(joint, given, *, base=None, normalize=False):
    """Return the conditional entropy H(joint) - H(given) over the last two axes.

    Parameters
    ----------
    joint : array_like, shape (..., n, m)
        Joint probabilities over the last two axes.
    given : {0, -2, 1, -1}
        What is known: the row (0 or -2) or the column (1 or -1).
    base, normalize : optional
        As for `entropy`.

    Returns
    -------
    float or ndarray, shape (...)
        The mean entropy of the other variable, once the given one is known.

    Raises
    ------
    ValueError
        If joint is no distribution over two axes, or `given` is not one of them.

    Examples
    --------
    >>> conditional_entropy([[0.25, 0.25], [0, 0.5]], given=0, base=2)
    np.float64(0.5)
    """
    try:
        axis = {0: -1, -2: -1, 1: -2, -1: -2}[operator.index(given)]
    except (KeyError, TypeError):
        raise ValueError(
            f"given must be 0 or -2 (rows), 1 or -1 (columns); got {given!r}"
        ) from None
    rows, table = _joint(joint, normalize)
    lines = Rows(axis, joint=table)
    total, value = (x.reshape(lines.batch).sum(axis=-1).ravel() for x in lines.within())
    return rows.result(value / total if normalize else value, base, False)
