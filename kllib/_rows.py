"""Tables of events, and their rows read block by block.

A `Table` knows names and shapes: it holds the rules for its entries and gives results their
shape. Its `Blocks` know rows only: they read each input once, in flat memory, and sum.
"""

import math

import numpy as np

from kllib import _kernels
from kllib._kernels import BUFFERS, NARROW, WIDTH
from kllib._validate import (
    as_real,
    event_last,
    log_of_base,
    require,
    require_same_labels,
    require_sums,
    tolerance,
)

__all__ = ["AREA", "SMALL", "Blocks", "Table", "lost_digits"]

AREA = 131072  # elements of a block: a megabyte a buffer, and few calls
SMALL = 1e-2  # below, plain sums have lost digits


def lost_digits(value):
    """Return whether a plain sum has lost digits, or overflowed on its way."""
    return ~((value >= SMALL) & (value < math.inf))


def _total(parts):
    total = sum(parts)
    return math.fsum(parts) if math.isfinite(total) else total


class Blocks:
    """Rows of arrays of as many columns; `row_of` has, for each, the places of the rows, or None.

    None stands for an array whose rows are in their places already.
    """

    def __init__(self, arrays, row_of, n_rows):
        self.arrays, self.row_of, self.n_rows = arrays, row_of, n_rows
        self.n_categories = arrays[0].shape[-1]

    def select(self, only):
        """Return the rows numbered `only`, without a copy."""
        row_of = [only if own is None else own[only] for own in self.row_of]
        return Blocks(self.arrays, row_of, len(only))

    def _read(self, rows, columns=slice(None)):
        for a, own in zip(self.arrays, self.row_of, strict=True):
            yield a[rows if own is None else own[rows], columns]

    def _blocks(self, rows, columns, copies, width):
        for block, room in zip(self._read(rows, columns), copies, strict=True):
            if block.dtype != room.dtype:
                copy = room[: block.size].reshape(block.shape)
                np.copyto(copy, block)
                block = copy
            yield block.reshape(-1, width)

    def _spans(self, width, area):
        # columns of a block, and the width of the pieces into which it is cut
        n = self.n_categories
        whole = n - n % width
        spans = [(slice(k, min(k + area, whole)), width) for k in range(0, whole, area)]
        return spans + [(slice(whole, n), n - whole)] * (whole < n)

    def sums(self, kernel, *params, area=2 * WIDTH, dtype=np.float64, maxima=False):
        """Return the sums of kernel(work, *blocks, *params) over each row, shape (sums, rows).

        A block is of several short rows, or of several pieces of a long one. With `maxima` the
        largest entries of each array's rows are the first parameters, and the first results.
        """
        n, n_rows = self.n_categories, max(self.n_rows, 1)
        if n <= NARROW:
            area = 2 * WIDTH  # for rows summed by matrix products, which may start threads
        used = min(area, n * n_rows)
        buffers = np.empty((BUFFERS, used), dtype)
        copies = [np.empty(used * (a.dtype != dtype), dtype) for a in self.arrays]
        spans = self._spans(min(n, WIDTH), area)
        height = max(1, area // n) if n <= WIDTH else 1
        parts = []
        with np.errstate(all="ignore"):
            for start in range(0, n_rows, height):
                rows = slice(start, start + height)
                own = [param[rows, None] for param in params]
                largest = [a.max(axis=-1) for a in self._read(rows)] if maxima else []
                own = [top[:, None] for top in largest] + own
                pieces = []
                for columns, width in spans:
                    blocks = list(self._blocks(rows, columns, copies, width))
                    work = buffers[:, : blocks[0].size].reshape(BUFFERS, -1, width)
                    pieces.append(kernel(work, *blocks, *own))
                if n > WIDTH:
                    columns = zip(*pieces, strict=True)
                    pieces = [[[_total(np.concatenate(c).tolist())] for c in columns]]
                parts.append(np.array([*largest, *pieces[0]], dtype=np.float64))
        return np.concatenate(parts, axis=-1)

    def _totals(self):
        # for each array: the sums of the rows, and what rounding took from them
        parts = self.sums(_kernels.total)
        for high, low in zip(parts[::2], parts[1::2], strict=True):
            yield high + low, (high - (high + low)) + low

    def scales(self):
        """Return the sums of p and of q, and the relative difference that rounding left them."""
        (p_sum, p_rest), (q_sum, q_rest) = self._totals()
        return p_sum, q_sum, p_rest / p_sum - q_rest / q_sum

    def within(self):
        """Return the sums r of p and those of p log(r/p), to which r returns what rounding took."""
        ((total, rest),) = self._totals()
        return total, self.sums(_kernels.within, total)[0] + rest


class Table:
    """Named arrays whose event axes are flattened into `rows`; batch axes broadcast by number."""

    def __init__(self, axis, **arrays):
        require_same_labels(**arrays)
        self.inputs = {name: as_real(name, value) for name, value in arrays.items()}
        moved, axes = event_last(axis, **self.inputs)
        ndim = max(a.ndim for a in self.inputs.values())
        self.axes = tuple(i - ndim for i in axes)  # from the end: the same for every array
        self.dtype = np.result_type(*moved)
        try:
            self.batch = np.broadcast_shapes(*(a.shape[:-1] for a in moved))
        except ValueError:
            shapes = " and ".join(f"{n} with shape {a.shape}" for n, a in self.inputs.items())
            raise ValueError(
                f"{', '.join(arrays)} must have batch axes that broadcast; got {shapes}"
            ) from None
        flat = [a.reshape(-1, a.shape[-1]) for a in moved]
        row_of = [self._row_of(a.shape[:-1]) for a in moved]
        self.rows = Blocks(flat, row_of, math.prod(self.batch))

    def _row_of(self, shape):
        if shape == self.batch:
            return None
        own = np.arange(math.prod(shape)).reshape(shape)
        return np.broadcast_to(own, self.batch).ravel()

    def require_maxima(self, maxima):
        """Raise where the largest of an event's logits is infinite."""
        for (name, a), largest in zip(self.inputs.items(), maxima, strict=True):
            if np.isinf(largest).any():
                require(name, a, a == math.inf, "be finite or -inf")
                largest = np.max(a, axis=self.axes)
                broken = largest == -math.inf
                require(f"maximum of {name}", largest, broken, "be finite: no outcome is left")

    def require_distributions(self, sums, normalize=False):
        """Raise unless every entry and sum is valid; unfit `sums` (NaN too) call for a look."""
        for (name, a), found in zip(self.inputs.items(), sums, strict=True):
            if normalize:
                fit = (found > 0) & (found < math.inf)
            else:
                fit = np.abs(found - 1.0) <= tolerance(a.dtype)
            if fit.all():
                continue
            require(name, a, a < 0, "be non-negative")
            require(name, a, np.isinf(a), "be finite")
            with np.errstate(over="ignore"):
                total = np.sum(a, axis=self.axes, dtype=np.float64)
            if normalize:
                broken = (total <= 0) | np.isinf(total)
                require(f"sum of {name}", total, broken, "be positive and finite to normalize")
            else:
                require_sums(name, total, a.dtype)

    def result(self, values, base, keepdims):
        """Return the rows' values in the due unit, shape and dtype; + 0.0 turns -0.0 into 0.0."""
        with np.errstate(over="ignore"):  # of single precision
            values = (values / log_of_base(base) + 0.0).reshape(self.batch).astype(self.dtype)
        return (np.expand_dims(values, self.axes) if keepdims else values)[()]
