"""One normal against a mixture of two: both directions, their minima, descent by steps."""

import numpy as np
import traitlets

from kllib.canvas._base import Bounded, Canvas, Distribution
from kllib.projection import GaussianMixture, project_forward, project_reverse, projection_kl

__all__ = ["OneGaussian"]


class OneGaussian(Canvas):
    """A mixture p and one normal q, on the landscape of the chosen direction.

    Parameters
    ----------
    weights : sequence of 2 floats
        Probabilities of the parts of p.
    means, stds : sequence of 2 floats
        Their means in %(means)s and standard deviations in %(stds)s.
    mean, std : float
        Those of q, in %(mean)s and %(std)s.
    direction : {"forward", "reverse"}
        The divergence shown as a landscape and descended.

    Examples
    --------
    >>> canvas = OneGaussian(mean=2, std=0.5)
    >>> round(float(canvas.forward_kl), 3), round(float(canvas.reverse_kl), 4)
    (15.307, 0.6931)
    """

    _front = "one_gaussian"

    weights = Distribution([0.5, 0.5]).tag(sync=True)
    means = Bounded([-2.0, 2.0], -6, 6).tag(sync=True)
    stds = Bounded([0.5, 0.5], 0.3, 3).tag(sync=True)
    mean = Bounded(1.0, -6, 6).tag(sync=True)
    std = Bounded(2.0, 0.2, 6).tag(sync=True)
    direction = traitlets.Enum(["forward", "reverse"], "reverse").tag(sync=True)

    def __init__(
        self,
        weights=(0.5, 0.5),
        means=(-2.0, 2.0),
        stds=(0.5, 0.5),
        *,
        mean=1.0,
        std=2.0,
        direction="reverse",
    ):
        super().__init__(
            weights=weights,
            means=list(means),
            stds=list(stds),
            mean=mean,
            std=std,
            direction=direction,
        )

    @property
    def target(self):
        """The mixture p."""
        return GaussianMixture(self.weights, self.means, self.stds)

    @property
    def forward_kl(self):
        """D(p‖q), in nats."""
        return projection_kl(self.target, self.mean, self.std, "forward")

    @property
    def reverse_kl(self):
        """D(q‖p), in nats."""
        return projection_kl(self.target, self.mean, self.std, "reverse")

    @property
    def minima(self):
        """Local minima of the chosen divergence, best first."""
        if self.direction == "forward":
            return (project_forward(self.target),)
        return project_reverse(self.target)

    @property
    def _caption(self):
        found = "; ".join(f"{m.kl:.3f} nats at N({m.mean:z.2f}, {m.std:.2f}²)" for m in self.minima)
        return (
            f"q = N({self.mean:g}, {self.std:g}²) against a mixture p: D(p‖q) = "
            f"{self.forward_kl:.3f} and D(q‖p) = {self.reverse_kl:.3f} nats. Local minima of the "
            f"{self.direction} divergence: {found}."
        )

    @property
    def _alt(self):
        return (
            "Left: the mixture's density, solid, and q's, dashed. Right: level lines of the "
            f"{self.direction} divergence over q's mean and width. {self._caption}"
        )

    def figure(self):
        """Return the densities and the landscape as a matplotlib figure."""
        from kllib import plotting

        fig, (left, right) = plotting.axes(2, size=(7.2, 2.8))
        x = np.linspace(-8, 8, 401)
        q = np.exp(-(((x - self.mean) / self.std) ** 2) / 2) / self.std / np.sqrt(2 * np.pi)
        plotting.curve(left, x, self.target.pdf(x), "p", "p", at=int(self.target.pdf(x).argmax()))
        plotting.curve(left, x, q, "q", "q", at=int(q.argmax()))
        left.set(ylabel="density", ylim=(0, None))
        means, stds = np.linspace(-6, 6, 49), np.geomspace(0.2, 6, 31)
        values = projection_kl(self.target, means, stds[:, None], self.direction)
        levels = self.minima[0].kl + np.r_[0, 0.1 * 2.0 ** np.arange(12)]
        plotting.contour(right, means, stds, values, levels)
        right.plot([m.mean for m in self.minima], [m.std for m in self.minima], "wo", mec="black")
        right.plot(self.mean, self.std, "D", color=plotting.Q, mec="white")
        right.set(xlabel="mean of q", ylabel="width of q", yscale="log")
        right.minorticks_off()
        right.set_yticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
        return fig
