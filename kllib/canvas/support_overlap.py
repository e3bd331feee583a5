"""Two uniform densities on the line: finite only where q covers p."""

from scipy import stats

from kllib.between import kl_between
from kllib.canvas._base import Bounded, Canvas, Unit

__all__ = ["SupportOverlap"]


class SupportOverlap(Canvas):
    """Slide one uniform interval across another and watch the divergence become infinite.

    Parameters
    ----------
    p_left, q_left : float
        Left ends of the intervals, in %(p_left)s.
    p_width, q_width : float
        Their widths, in %(p_width)s.
    unit : {"nats", "bits"}

    Examples
    --------
    >>> canvas = SupportOverlap(p_left=1.5, p_width=1, q_left=1, q_width=2)
    >>> round(float(canvas.kl), 4), float(canvas.reverse_kl)
    (0.6931, inf)
    """

    _front = "support_overlap"

    p_left = Bounded(0.0, 0, 3).tag(sync=True)
    p_width = Bounded(1.0, 0.5, 2).tag(sync=True)
    q_left = Bounded(1.0, 0, 3).tag(sync=True)
    q_width = Bounded(1.0, 0.5, 2).tag(sync=True)
    unit = Unit().tag(sync=True)

    def __init__(self, p_left=0.0, p_width=1.0, q_left=1.0, q_width=1.0, *, unit="nats"):
        super().__init__(p_left=p_left, p_width=p_width, q_left=q_left, q_width=q_width, unit=unit)

    @property
    def _densities(self):
        return (
            stats.uniform(self.p_left, self.p_width),
            stats.uniform(self.q_left, self.q_width),
        )

    @property
    def kl(self):
        """D(p‖q) in the chosen unit."""
        p, q = self._densities
        return kl_between(p, q, base=self._base)

    @property
    def reverse_kl(self):
        """D(q‖p) in the chosen unit."""
        p, q = self._densities
        return kl_between(q, p, base=self._base)

    @property
    def _caption(self):
        forward, back = (f"{v:.3f} {self.unit}" for v in (self.kl, self.reverse_kl))
        return (
            f"p is uniform on an interval of width {self.p_width:g}, q on one of width "
            f"{self.q_width:g}. D(p‖q) = {forward} and D(q‖p) = {back}: a divergence is infinite "
            "as soon as its second argument leaves bare any of the first."
        ).replace("inf ", "∞ ")

    @property
    def _alt(self):
        return f"Two rectangles over a line from 0 to 5, p solid and q hatched. {self._caption}"

    def figure(self):
        """Return the two densities as a matplotlib figure."""
        from kllib import plotting

        fig, ax = plotting.axes(xlim=(0, 5), ylim=(0, 2.2), ylabel="density")
        for left, width, name, look in (
            (self.p_left, self.p_width, "p", {"color": plotting.P, "alpha": 0.75}),
            (self.q_left, self.q_width, "q", {"fc": "none", "ec": plotting.Q, "hatch": "////"}),
        ):
            ax.bar(left, 1 / width, width, align="edge", **look)
            place = (left + (0 if name == "p" else width), 1 / width)
            side = "left" if name == "p" else "right"
            plotting.note(ax, name, place, color=getattr(plotting, name.upper()), ha=side, dx=0)
        return fig
