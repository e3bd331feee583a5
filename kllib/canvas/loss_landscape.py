"""D(p‖q) of a Bernoulli model as a loss: over q or over its logit, with gradient descent."""

import numpy as np
import traitlets
from scipy.special import expit, logit

from kllib.canvas._base import Bounded, Canvas, Unit
from kllib.families import kl_bernoulli

__all__ = ["LossLandscape"]


def slope(p, q, scale, size=1.0):
    """The derivative of D(p‖q) by q, or by its logit; `size` is the unit's length in nats."""
    if scale == "logit":
        return (q - p) / size
    ends = {0: (1, 1 - q), 1: (-1, q)}  # there one term is left, and no 0/0 of the other
    top, room = ends.get(p, (q - p, q * (1 - q)))
    return top / room / size if room > 0 else float(np.copysign(np.inf, top))


def descent(p, start, rate, scale, steps, size=1.0):
    """q at the start and after each step of gradient descent that stays in [0, 1]."""
    path, q = [start], start
    to_q = expit if scale == "logit" else float
    theta = float(logit(q)) if scale == "logit" else q
    for _ in range(steps):
        theta -= rate * slope(p, q, scale, size)
        q = float(to_q(theta))
        if not (0 <= q <= 1 and np.isfinite(theta)):
            break
        path.append(q)
    return np.array(path)


class LossLandscape(Canvas):
    """A Bernoulli truth p and a model q, moved downhill in q or in θ = log q/(1 - q).

    Parameters
    ----------
    p, start : float
        Probabilities of a one, in %(p)s, under the truth and, before the first step, the model.
    rate : float, steps : int
        In %(rate)s and %(steps)s; a step goes `rate` times the slope down, within [0, 1].
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

    p = Bounded(0.2, 0, 1).tag(sync=True)
    start = Bounded(0.5, 0, 1).tag(sync=True)
    rate = Bounded(0.1, 0.01, 2).tag(sync=True)
    scale = traitlets.Enum(["probability", "logit"], "probability").tag(sync=True)
    unit = Unit().tag(sync=True)
    steps = Bounded(0, 0, 400).tag(sync=True)

    def __init__(self, p=0.2, start=0.5, rate=0.1, scale="probability", *, unit="nats", steps=0):
        super().__init__(p=p, start=start, rate=rate, scale=scale, unit=unit, steps=steps)

    @property
    def _size(self):
        return float(np.log(2)) if self.unit == "bits" else 1.0

    @property
    def path(self):
        """q at the start and after each step, as far as the steps stay in [0, 1]."""
        return descent(self.p, self.start, self.rate, self.scale, self.steps, self._size)

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
        return slope(self.p, self.q, self.scale, self._size)

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
        right.plot(
            x, [slope(self.p, each, self.scale, self._size) for each in q], color=plotting.GREY
        )
        right.plot(u[-1], np.clip(self.gradient, -3, 3), "o", color=plotting.Q, ms=8)
        right.set(ylabel="slope", ylim=(-3, 3))
        return fig
