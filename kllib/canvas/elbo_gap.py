"""The evidence lower bound of a linear-Gaussian model: what q gains, pays and leaves open."""

import numpy as np

from kllib.canvas._base import Bounded, Canvas
from kllib.vae import elbo

__all__ = ["ElboGap"]


class ElboGap(Canvas):
    """z ~ N(0, 1), x | z ~ N(weight·z, noise²), and q(z|x) = N(mean, std²) to be moved.

    Parameters
    ----------
    x, mean : float
        The datum, and the mean of q, in %(x)s and %(mean)s.
    weight, noise, std : float
        In %(weight)s, %(noise)s and %(std)s.
    beta : float
        Weight of the divergence to the prior in the objective, in %(beta)s; 1 for the bound.

    Examples
    --------
    >>> canvas = ElboGap(x=1, mean=0, std=1)
    >>> print(f"{canvas.log_evidence:.4f} = {canvas.elbo:.4f} + {canvas.gap:.4f}")
    -1.5155 = -1.9189 + 0.4034
    """

    _front = "elbo_gap"

    x = Bounded(1.0, -4, 4).tag(sync=True)
    weight = Bounded(1.0, 0, 3).tag(sync=True)
    noise = Bounded(1.0, 0.3, 3).tag(sync=True)
    mean = Bounded(0.0, -4, 4).tag(sync=True)
    std = Bounded(1.0, 0.1, 3).tag(sync=True)
    beta = Bounded(1.0, 0, 8).tag(sync=True)

    def __init__(self, x=1.0, weight=1.0, noise=1.0, mean=0.0, std=1.0, beta=1.0):
        super().__init__(x=x, weight=weight, noise=noise, mean=mean, std=std, beta=beta)

    @property
    def _bound(self):
        return elbo(self.x, self.mean, self.std, slope=self.weight, noise=self.noise)

    @property
    def reconstruction(self):
        """Mean of log p(x|z) under q, in nats."""
        return self._bound.reconstruction

    @property
    def kl(self):
        """D(q(z|x)‖p(z)), the term: divergence to the prior, in nats."""
        return self._bound.kl

    @property
    def elbo(self):
        """The bound: reconstruction - kl."""
        return self._bound.elbo

    @property
    def gap(self):
        """D(q(z|x)‖p(z|x)): divergence to the posterior, in nats."""
        return self._bound.gap

    @property
    def log_evidence(self):
        """Log of p(x), which is elbo + gap."""
        return self._bound.log_evidence

    @property
    def objective(self):
        """The bound with the term weighted: reconstruction - beta·kl."""
        return self.reconstruction - self.beta * self.kl

    @property
    def _caption(self):
        return (
            f"E log p(x|z) − D(q‖prior) = {self.reconstruction:.3f} − {self.kl:.3f} = "
            f"{self.elbo:.3f}, the bound; adding the gap D(q‖posterior) = {self.gap:.3f} gives "
            f"log p(x) = {self.log_evidence:.3f} nats, whatever q is."
        ).replace("-", "−")

    @property
    def _alt(self):
        return f"Left: densities of prior, posterior and q. Right: bars end to end. {self._caption}"

    def figure(self):
        """Return the three densities and the sum as a matplotlib figure."""
        from kllib import plotting

        fig, (left, right) = plotting.axes(2, size=(7.2, 2.8))
        z, total = np.linspace(-5, 5, 401), np.hypot(self.weight, self.noise)
        posterior = self.weight * self.x / total**2, self.noise / total
        for name, which, side, (mean, std) in (
            ("prior", "", -2, (0, 1)),
            ("posterior", "p", 0, posterior),
            ("q", "q", 1, (self.mean, self.std)),
        ):
            density = np.exp(-(((z - mean) / std) ** 2) / 2) / std / np.sqrt(2 * np.pi)
            at = int(np.abs(z - mean - side * std).argmin())
            plotting.curve(left, z, density, which, name, at=at)
        left.set(xlabel="z", ylabel="density", ylim=(0, None))
        names = ["reconstruction", "− D(q‖prior)", "ELBO", "+ D(q‖posterior)", "log p(x)"]
        widths = [self.reconstruction, -self.kl, self.elbo, self.gap, self.log_evidence]
        starts = [0, self.reconstruction, 0, self.elbo, 0]
        colors = [plotting.GREY, plotting.Q, "black", plotting.Q, plotting.P]
        right.barh(names, widths, left=starts, color=colors)
        right.axvline(self.log_evidence, color=plotting.P, ls=(0, (6, 3)), lw=1.4)
        right.margins(x=0.08)
        right.invert_yaxis()
        right.set(xlabel="nats")
        return fig
