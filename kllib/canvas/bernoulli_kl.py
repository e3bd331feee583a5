"""D(Bern(p) ‖ Bern(q)) as a curve in q."""

import numpy as np
import traitlets

from kllib.canvas._base import Bounded, Canvas, Unit
from kllib.families import kl_bernoulli

__all__ = ["BernoulliKL"]


class BernoulliKL(Canvas):
    """Two sliders and a curve: what a belief q costs when the truth is p.

    Parameters
    ----------
    p, q : float
        Probabilities of a one under the truth and under the belief, in %(p)s.
    unit : {"nats", "bits"}
    reverse : bool
        Whether D(q‖p) is shown beside D(p‖q).

    Examples
    --------
    >>> canvas = BernoulliKL(p=0.2, q=0.02)
    >>> round(float(canvas.kl), 4)
    0.2982
    >>> canvas.q = 0.0
    >>> float(canvas.kl)
    inf
    """

    _front = "bernoulli_kl"

    p = Bounded(0.2, 0, 1).tag(sync=True)
    q = Bounded(0.02, 0, 1).tag(sync=True)
    unit = Unit().tag(sync=True)
    reverse = traitlets.Bool(False).tag(sync=True)

    def __init__(self, p=0.2, q=0.02, *, unit="nats", reverse=False):
        super().__init__(p=p, q=q, unit=unit, reverse=reverse)

    @property
    def kl(self):
        """D(p‖q) in the chosen unit."""
        return kl_bernoulli(self.p, self.q, base=self._base)

    @property
    def reverse_kl(self):
        """D(q‖p) in the chosen unit."""
        return kl_bernoulli(self.q, self.p, base=self._base)

    @property
    def _caption(self):
        return (
            f"D(p‖q) as a function of q for p = {self.p:g}. It is 0 at q = p and rises on both "
            f"sides, faster where p has more weight; at q = {self.q:g} it is "
            f"{self.kl:.3f} {self.unit}."
        ).replace("inf", "∞")

    @property
    def _alt(self):
        return (
            f"A valley-shaped curve over q from 0 to 1 that touches zero at q = p. {self._caption}"
        )

    def figure(self):
        """Return the curve with p and q marked, as a matplotlib figure."""
        from kllib import plotting

        grid = np.linspace(0, 1, 1001)
        fig, ax = plotting.axes(
            xlabel="q, what the model believes", ylabel=f"D(p‖q), {self.unit}", ylim=(0, 4)
        )
        ax.plot(grid, kl_bernoulli(self.p, grid, base=self._base), color=plotting.Q)
        if self.reverse:
            ax.plot(grid, kl_bernoulli(grid, self.p, base=self._base), color=plotting.GREY, ls="--")
        ax.axvline(self.p, color=plotting.P, ls=(0, (6, 3)), lw=1.4)
        ax.annotate("p", (self.p, 3.7), xytext=(5, 0), textcoords="offset points", color=plotting.P)
        ax.plot(self.q, min(self.kl, 4), "o", color=plotting.Q, ms=8, clip_on=False)
        return fig
