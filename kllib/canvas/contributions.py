"""The terms P log(P/Q) of five outcomes and their sum."""

from kllib.canvas._base import Canvas, Distribution, Unit
from kllib.discrete import kl_contributions, kl_divergence

__all__ = ["Contributions"]


class Contributions(Canvas):
    """Two distributions as draggable bars, and the terms that add up to D(P‖Q).

    Parameters
    ----------
    p, q : sequence of 5 floats
        Probabilities of the outcomes A to E under the truth and under the model.
    unit : {"nats", "bits"}

    Examples
    --------
    >>> canvas = Contributions(p=[0.6, 0.1, 0.1, 0.1, 0.1])
    >>> canvas.terms.round(3)
    array([ 0.659, -0.069, -0.069, -0.069, -0.069])
    >>> round(float(canvas.kl), 4)
    0.3819
    """

    _front = "contributions"

    p = Distribution([0.6, 0.1, 0.1, 0.1, 0.1]).tag(sync=True)
    q = Distribution([0.2] * 5).tag(sync=True)
    unit = Unit().tag(sync=True)

    def __init__(self, p=(0.6, 0.1, 0.1, 0.1, 0.1), q=(0.2,) * 5, *, unit="nats"):
        super().__init__(p=p, q=q, unit=unit)

    @property
    def terms(self):
        """The five terms P log(P/Q) in the chosen unit."""
        return kl_contributions(self.p, self.q, base=self._base)

    @property
    def kl(self):
        """D(P‖Q), their sum, in the chosen unit."""
        return kl_divergence(self.p, self.q, base=self._base)

    @property
    def _caption(self):
        value = f"{self.kl:.3f} {self.unit}".replace("inf", "∞")
        return (
            "Left: P solid, Q hatched. Right: the terms P log(P/Q), positive where P exceeds Q "
            f"and negative where Q exceeds P; they add up to {value}."
        )

    @property
    def _alt(self):
        terms = ", ".join(f"{name} {t:.3f}" for name, t in zip("ABCDE", self.terms, strict=True))
        return f"Two bar charts over the outcomes A to E. The terms are {terms}. {self._caption}"

    def figure(self):
        """Return both bar charts as a matplotlib figure."""
        from kllib import plotting

        fig, (above, below) = plotting.axes(2, size=(7.2, 2.8))
        plotting.bars(above, self.p, self.q, list("ABCDE"))
        above.set(ylabel="probability", ylim=(0, 1))
        heights = [min(t, 2) for t in self.terms]
        below.bar(list("ABCDE"), heights, color=plotting.GREY)
        below.bar(["sum"], [min(self.kl, 2)], color="black")
        below.axhline(0, color="black", lw=0.8)
        below.set(ylabel=f"P log(P/Q), {self.unit}")
        return fig
