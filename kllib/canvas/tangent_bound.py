"""log x under x - 1: where Gibbs' inequality comes from."""

import numpy as np
import traitlets

from kllib.canvas._base import Canvas, Distribution
from kllib.discrete import kl_contributions, kl_divergence

__all__ = ["TangentBound"]


class TangentBound(Canvas):
    """Three outcomes as points at q/p on the logarithm; their gaps to x - 1 add up to D(p‖q).

    Parameters
    ----------
    p, q : sequence of 3 floats
        Probabilities of the outcomes A, B, C.
    log : {"natural", "base 2"}
        Only the natural logarithm stays below the line.

    Examples
    --------
    >>> canvas = TangentBound(p=[0.5, 0.3, 0.2], q=[0.25, 0.6, 0.15])
    >>> canvas.weighted_gaps.round(4)
    array([0.0966, 0.0921, 0.0075])
    >>> bool(np.isclose(canvas.weighted_gaps.sum() + canvas.lost, canvas.kl))
    True
    """

    _front = "tangent_bound"

    p = Distribution([0.5, 0.3, 0.2]).tag(sync=True)
    q = Distribution([0.25, 0.6, 0.15]).tag(sync=True)
    log = traitlets.Enum(["natural", "base 2"], "natural").tag(sync=True)

    def __init__(self, p=(0.5, 0.3, 0.2), q=(0.25, 0.6, 0.15), *, log="natural"):
        super().__init__(p=p, q=q, log=log)

    @property
    def _base(self):
        return 2 if self.log == "base 2" else None

    @property
    def weighted_gaps(self):
        """The gaps p (q/p - 1 - log q/p), 0 where p is 0; negative ones need base 2."""
        p, q = np.array(self.p), np.array(self.q)
        return np.where(p > 0, kl_contributions(p, q, base=self._base) + q - p, 0.0)

    @property
    def lost(self):
        """The mass of q outside the support of p."""
        return sum(b for a, b in zip(self.p, self.q, strict=True) if a == 0)

    @property
    def kl(self):
        """D(p‖q), in nats or, for base 2, in bits."""
        return kl_divergence(self.p, self.q, base=self._base)

    @property
    def _caption(self):
        return (
            "The logarithm lies under its tangent x − 1. Each outcome is a point at x = q/p; its "
            f"gap to the line, weighted by p, is its share of D(p‖q) = {self.kl:.3f}."
        ).replace("inf.", "∞.")

    @property
    def _alt(self):
        return f"A rising curve that touches a straight line at x = 1 only. {self._caption}"

    def figure(self):
        """Return the curve, its tangent and the gaps as a matplotlib figure."""
        from kllib import plotting

        fig, ax = plotting.axes(xlabel="x = q/p", xlim=(0, 3), ylim=(-2, 2))
        x = np.geomspace(0.01, 3, 400)
        scale = np.log(2) if self._base else 1.0
        ax.plot(x, x - 1, color=plotting.GREY, ls="--")
        ax.plot(x, np.log(x) / scale, color="black")
        plotting.note(ax, "x − 1", (2.4, 1.5), color=plotting.GREY, ha="right")
        for name, a, b in zip("ABC", self.p, self.q, strict=True):
            if a > 0 and b > 0:
                ax.plot([b / a] * 2, [b / a - 1, np.log(b / a) / scale], color=plotting.Q, lw=3)
                plotting.note(ax, name, (b / a, np.log(b / a) / scale), dy=-14)
        return fig
