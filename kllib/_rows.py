"""Tables of events, read block by block so that memory stays flat and each input is read once."""

import math

import numpy as np

from kllib import _kernels
from kllib._kernels import BUFFERS, NARROW, WIDTH
from kllib._validate import as_real, check_sums, event_last, log_of_base, require

__all__ = ["AREA", "SMALL", "Rows", "doubtful"]

AREA = 131072  # elements of a block: a megabyte a buffer, and few calls
SMALL = 1e-2  # below, plain sums have lost digits


def doubtful(value):
    """Return whether a plain sum has lost digits, or overflowed on its way."""
    return ~((value >= SMALL) & (value < math.inf))


def _total(parts):
    total = sum(parts)
    return math.fsum(parts) if math.isfinite(total) else total


class Rows:
    """Named arrays whose event axes are flattened into rows; batch axes broadcast by row number."""

    def __init__(self, axis, **arrays):
        self.given = {name: as_real(name, value) for name, value in arrays.items()}
        moved, axes = event_last(axis, **self.given)
        ndim = max(a.ndim for a in self.given.values())
        self.axes = tuple(i - ndim for i in axes)  # from the end: the same for every array
        self.dtype = np.result_type(*moved)
        try:
            self.batch = np.broadcast_shapes(*(a.shape[:-1] for a in moved))
        except ValueError:
            shapes = " and ".join(f"{n} with shape {a.shape}" for n, a in self.given.items())
            raise ValueError(
                f"{', '.join(arrays)} must have batch axes that broadcast; got {shapes}"
            ) from None
        self.n, self.count = moved[0].shape[-1], math.prod(self.batch)
        self.flat = [a.reshape(-1, self.n) for a in moved]
        self.numbers = [self._numbers(a.shape[:-1]) for a in moved]

    def _numbers(self, shape):
        if shape == self.batch:
            return None
        own = np.arange(math.prod(shape)).reshape(shape)
        return np.broadcast_to(own, self.batch).ravel()

    def select(self, only):
        """Return the table of the rows numbered `only`, without a copy."""
        chosen = object.__new__(Rows)
        chosen.flat, chosen.n, chosen.count = self.flat, self.n, len(only)
        chosen.numbers = [only if own is None else own[only] for own in self.numbers]
        return chosen

    def _select(self, rows, columns=slice(None)):
        for a, numbers in zip(self.flat, self.numbers, strict=True):
            yield a[rows if numbers is None else numbers[rows], columns]

    def _blocks(self, rows, columns, copies, width):
        for block, room in zip(self._select(rows, columns), copies, strict=True):
            if block.dtype != room.dtype:
                copy = room[: block.size].reshape(block.shape)
                np.copyto(copy, block)
                block = copy
            yield block.reshape(-1, width)

    def _spans(self, width, area):
        # columns of a block, and the width of the pieces into which it is cut
        whole = self.n - self.n % width
        spans = [(slice(k, min(k + area, whole)), width) for k in range(0, whole, area)]
        return spans + [(slice(whole, self.n), self.n - whole)] * (whole < self.n)

    def sums(self, kernel, *params, area=2 * WIDTH, dtype=np.float64, tops=False):
        """Return the sums of kernel(work, *blocks, *params) over each row, shape (sums, rows).

        A block is of several short rows, or of several pieces of a long one. With `tops` the
        largest entries of each array's rows are the first parameters, and the first results.
        """
        if self.n <= NARROW:
            area = 2 * WIDTH  # for rows summed by matrix products, which may start threads
        used = min(area, self.n * max(self.count, 1))
        buffers = np.empty((BUFFERS, used), dtype)
        copies = [np.empty(used * (a.dtype != dtype), dtype) for a in self.flat]
        spans = self._spans(min(self.n, WIDTH), area)
        height = max(1, area // self.n) if self.n <= WIDTH else 1
        parts = []
        with np.errstate(all="ignore"):
            for start in range(0, max(self.count, 1), height):
                rows = slice(start, start + height)
                own = [param[rows, None] for param in params]
                largest = [a.max(axis=-1) for a in self._select(rows)] if tops else []
                own = [top[:, None] for top in largest] + own
                pieces = []
                for columns, width in spans:
                    blocks = list(self._blocks(rows, columns, copies, width))
                    work = buffers[:, : blocks[0].size].reshape(BUFFERS, -1, width)
                    pieces.append(kernel(work, *blocks, *own))
                if self.n > WIDTH:
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

    def check_tops(self, tops):
        """Raise where the largest of an event's logits is infinite."""
        for (name, a), top in zip(self.given.items(), tops, strict=True):
            if np.isinf(top).any():
                require(name, a, a == math.inf, "be finite or -inf")
                largest = np.max(a, axis=self.axes)
                broken = largest == -math.inf
                require(f"maximum of {name}", largest, broken, "be finite: no outcome is left")

    def check(self, sums, normalize=False):
        """Raise unless every entry and sum is valid; unfit `sums` (NaN too) call for a look."""
        for (name, a), found in zip(self.given.items(), sums, strict=True):
            if normalize:
                fit = (found > 0) & (found < math.inf)
            else:
                fit = np.abs(found - 1.0) <= math.sqrt(np.finfo(a.dtype).eps)
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
                check_sums(name, total, a.dtype)

    def result(self, values, base, keepdims):
        """Return the rows' values in the due unit, shape and dtype; + 0.0 turns -0.0 into 0.0."""
        with np.errstate(over="ignore"):  # of single precision
            values = (values / log_of_base(base) + 0.0).reshape(self.batch).astype(self.dtype)
        return (np.expand_dims(values, self.axes) if keepdims else values)[()]
