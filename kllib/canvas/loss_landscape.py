"""D(p‖q) of a Bernoulli model as a loss: over q or over its logit, with gradient descent."""

import numpy as np
import traitlets
from scipy.special import expit, logit

from kllib.canvas._base import Canvas, Unit
from kllib.families import kl_bernoulli

__all__ = ["LossLandscape"]


class LossLandscape(Canvas):
    """A Bernoulli truth p and a model q, moved downhill in q or in θ = log q/(1 - q).

    Parameters
    ----------
    p, start : float
        Probabilities of a one under the truth and, before the first step, under the model.
    rate : float, steps : int
        In [0.01, 2] and 0, 1, ..., 400; a step goes `rate` times the slope down, within [0, 1].
    scale : {"probability", "logit"}, unit : {"nats", "bits"}
        Of the parameter and of the loss; a step in bits is 1/log 2 times as long.

    Examples
    --------
    >>> canvas = LossLandscape(p=0.2, start=0.5, rate=0.1)
    >>> round(float(canvas.kl), 4), round(canvas.gradient, 4)
    (0.1927, 1.2)
    >>> LossLandscape(steps=2).path.round(4)
    array([0.5   , 0.38  , 0.3036])
    """

    _front = "loss_landscape"
    _parts = ("kl", "play")

    p = traitlets.Float(0.2).tag(sync=True)
    start = traitlets.Float(0.5).tag(sync=True)
    rate = traitlets.Float(0.1).tag(sync=True)
    scale = traitlets.Enum(["probability", "logit"], "probability").tag(sync=True)
    unit = Unit().tag(sync=True)
    steps = traitlets.Int(0).tag(sync=True)

    def __init__(self, p=0.2, start=0.5, rate=0.1, scale="probability", *, unit="nats", steps=0):
        super().__init__(p=p, start=start, rate=rate, scale=scale, unit=unit, steps=steps)

    @traitlets.validate("p", "start", "rate", "steps")
    def _in_range(self, proposal):
        ranges = {"rate": (0.01, 2), "steps": (0, 400)}
        return self._within(proposal, *ranges.get(proposal.trait.name, (0, 1)))

    def _slope(self, q):
        size = float(np.log(2)) if self.unit == "bits" else 1.0
        if self.scale == "logit":
            return (q - self.p) / size
        ends = {0: (1, 1 - q), 1: (-1, q)}  # there one term is left, and no 0/0 of the other
        top, room = ends.get(self.p, (q - self.p, q * (1 - q)))
        return top / room / size if room > 0 else float(np.copysign(np.inf, top))

    @property
    def path(self):
        """q at the start and after each step, as far as the steps stay in [0, 1]."""
        path, q = [self.start], self.start
        to_q = expit if self.scale == "logit" else float
        theta = float(logit(q)) if self.scale == "logit" else q
        for _ in range(self.steps):
            theta -= self.rate * self._slope(q)
            q = float(to_q(theta))
            if not (0 <= q <= 1 and np.isfinite(theta)):
                break
            path.append(q)
        return np.array(path)

    @property
    def q(self):
        """Probability of a one under the model, after the steps."""
        return float(self.path[-1])

    @property
    def kl(self):
        """D(p‖q) in the chosen unit."""
        return kl_bernoulli(self.p, self.q, base=self._base)

    @property
    def gradient(self):
        """Derivative of D(p‖q) by q or by its logit, in the chosen unit."""
        return self._slope(self.q)

    @property
    def _caption(self):
        value = f"D(p‖q) for p = {self.p:g} is {self.kl:.3f} {self.unit} at q = {self.q:.3g}"
        slope = f"its slope over the {self.scale} is {self.gradient:.3g}"
        rule = "Slopes have no bound in q; in the logit they are q − p."
        return f"{value}; {slope}. {rule}".replace("inf", "∞")

    @property
    def _alt(self):
        return f"Left: a valley with floor at p, its tangent at q. Right: slopes. {self._caption}"

    def figure(self):
        """Return the loss with its tangent and the path, and its slopes, as a figure."""
        from kllib import plotting

        x, q, name, u, at = *[np.linspace(0.001, 0.999, 999)] * 2, "q", self.path, self.p
        if self.scale == "logit":
            x, name = np.linspace(-7, 7, 999), "θ = log q/(1 − q)"
            q, u, at = expit(x), logit(u).clip(-7, 7), logit(at).clip(-7, 7)
        fig, (left, right) = plotting.axes(2, xlim=(x[0], x[-1]), xlabel=name)
        left.plot(x, kl_bernoulli(self.p, q, base=self._base), color=plotting.Q)
        v = np.minimum(kl_bernoulli(self.p, self.path, base=self._base), 2)
        left.plot(u, v, "o-", color=plotting.Q, ms=4, lw=1, clip_on=False)
        left.axvline(at, color=plotting.P, ls=(0, (6, 3)), lw=1.4)
        plotting.note(left, "p", (at, 1.8), color=plotting.P)
        if np.isfinite(self.gradient):
            left.axline((u[-1], v[-1]), slope=self.gradient, color=plotting.GREY, ls="--", lw=1)
        left.set(ylabel=f"D(p‖q), {self.unit}", ylim=(0, 2))
        right.plot(x, [self._slope(each) for each in q], color=plotting.GREY)
        right.plot(u[-1], np.clip(self.gradient, -3, 3), "o", color=plotting.Q, ms=8)
        right.set(ylabel="slope", ylim=(-3, 3))
        return fig
