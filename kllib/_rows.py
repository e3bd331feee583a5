"""Tables of events, read block by block so that memory stays flat and each input is read once."""

import math

import numpy as np

from kllib._kernels import BLOCK
from kllib._validate import as_real, check_sums, event_last, log_of_base, require

__all__ = ["Rows"]


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

    def _block(self, rows, columns):
        for a, numbers in zip(self.flat, self.numbers, strict=True):
            block = a[rows if numbers is None else numbers[rows], columns]
            yield np.ascontiguousarray(block, dtype=np.float64)

    def sums(self, kernel, *params):
        """Return the sums of kernel(*blocks, *params) over each row, shape (sums, rows)."""
        height = max(1, BLOCK // self.n)
        out = []
        with np.errstate(all="ignore"):
            for start in range(0, self.count or 1, height):
                rows = slice(start, start + height)
                own = [param[rows, None] for param in params]
                parts = [
                    kernel(*self._block(rows, slice(first, first + BLOCK)), *own)
                    for first in range(0, self.n, BLOCK)
                ]
                if len(parts) > 1:  # one row, many blocks
                    columns = zip(*parts, strict=True)
                    parts = [[[_total([float(x[0]) for x in column])] for column in columns]]
                out.append(parts[0])
        return np.concatenate([np.array(part) for part in out], axis=-1)

    def tops(self):
        """Return the largest entry of each array's rows, all finite or NaN."""
        tops = []
        for (name, a), flat, numbers in zip(
            self.given.items(), self.flat, self.numbers, strict=True
        ):
            require(name, a, a == math.inf, "be finite or -inf")
            top = np.max(a, axis=self.axes)
            require(f"maximum of {name}", top, top == -math.inf, "be finite: a row is all -inf")
            top = flat.max(axis=-1).astype(np.float64)
            tops.append(top if numbers is None else top[numbers])
        return tops

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
        values = values / log_of_base(base) + 0.0
        values = values.reshape(self.batch).astype(self.dtype)
        return (np.expand_dims(values, self.axes) if keepdims else values)[()]
