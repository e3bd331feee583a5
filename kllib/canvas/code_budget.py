"""Five symbols, five codeword lengths, and the budget that they must share."""

import numpy as np

from kllib import coding
from kllib.canvas._base import Bounded, Canvas, Distribution
from kllib.discrete import entropy

__all__ = ["CodeBudget"]


class CodeBudget(Canvas):
    """Give each symbol a codeword length; a tree shows the code, or why there is none.

    Parameters
    ----------
    p : sequence of 5 floats
        Probabilities of the symbols A to E.
    lengths : sequence of 5 ints
        Codeword lengths in bits, in %(lengths)s. They may overspend the budget: the canvas then
        says so.

    Examples
    --------
    >>> canvas = CodeBudget(lengths=[2, 2, 2, 3, 3])
    >>> float(canvas.kraft), float(canvas.expected_length), canvas.codewords
    (1.0, 2.2, ['00', '01', '10', '110', '111'])
    >>> canvas.lengths = [1, 2, 2, 3, 3]
    >>> float(canvas.kraft), canvas.codewords
    (1.25, [])
    """

    _front = "code_budget"

    p = Distribution([0.4, 0.2, 0.2, 0.1, 0.1]).tag(sync=True)
    lengths = Bounded([2, 3, 3, 4, 4], 1, 6).tag(sync=True)

    def __init__(self, p=(0.4, 0.2, 0.2, 0.1, 0.1), lengths=(2, 3, 3, 4, 4)):
        super().__init__(p=p, lengths=lengths)

    @property
    def kraft(self):
        """The Kraft sum of the lengths: a prefix code has them if and only if it is at most 1."""
        return coding.kraft_sum(self.lengths)

    @property
    def codewords(self):
        """The canonical prefix code with these lengths; none if they overspend the budget."""
        return coding.prefix_code(self.lengths) if self.kraft <= 1 else []

    @property
    def expected_length(self):
        """Bits per symbol if these lengths are paid as often as `p` says."""
        return coding.expected_length(self.p, self.lengths)

    @property
    def entropy(self):
        """H(p) in bits."""
        return entropy(self.p, base=2)

    @property
    def redundancy(self):
        """Bits per symbol above the entropy."""
        return self.expected_length - self.entropy

    @property
    def _caption(self):
        cost = f"{self.expected_length:.3f} bits a symbol; the entropy is {self.entropy:.3f}"
        if self.kraft > 1:
            return f"A Kraft sum of {self.kraft:g} exceeds the budget of 1: no code costs {cost}."
        return f"A Kraft sum of {self.kraft:g}, within the budget of 1. The code costs {cost}."

    @property
    def _alt(self):
        if self.kraft > 1:
            lengths = ", ".join(f"{s} {n}" for s, n in zip("ABCDE", self.lengths, strict=True))
            return f"Blocks side by side, reaching beyond a segment from 0 to 1: lengths {lengths}."
        code = ", ".join(f"{s} {w}" for s, w in zip("ABCDE", self.codewords, strict=True))
        return f"Blocks side by side on a segment from 0 to 1, one for each codeword: {code}."

    def figure(self):
        """Return the shares of the unit segment under the codewords, as a matplotlib figure."""
        from kllib import plotting

        shares = 0.5 ** np.array(self.lengths)
        order = np.argsort(self.lengths, kind="stable")
        starts = np.empty(5)
        starts[order] = np.cumsum(shares[order]) - shares[order]
        right = max(1, float(self.kraft))
        fig, ax = plotting.axes(
            xlabel="share of the budget", ylabel="length, bits", xlim=(0, right), ylim=(7.2, 0)
        )
        words = self.codewords or [""] * 5
        rows = zip("ABCDE", words, starts, shares, self.lengths, strict=True)
        for name, word, start, share, length in rows:
            look = {"fc": "none", "ec": plotting.Q, "hatch": "////"}
            if start + share <= 1:
                look = {"fc": plotting.P, "ec": "white"}
            ax.bar(start, 7.2 - length, share, length, align="edge", **look)
            place = (start + share / 2, length)
            plotting.note(ax, f"{name}\n{word}".strip(), place, dx=0, ha="center", fontsize=9)
        ax.axvline(1, color="black", ls="--", clip_on=False)
        return fig
