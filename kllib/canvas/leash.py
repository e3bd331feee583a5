"""A policy held to its reference: the tilted optimum, and training with two kinds of penalty."""

import functools

import numpy as np
import traitlets

from kllib.canvas._base import Bounded, Canvas, Distribution
from kllib.discrete import kl_divergence
from kllib.policy import ascend, cover, tilt

__all__ = ["Leash"]


_REF, _REWARDS = [0.5, 0.3, 0.2], [0.0, 1.0, 2.0]


@functools.lru_cache(maxsize=4)
def _ascent(*setting):
    # four properties ask for the same path
    path = ascend(*setting)
    path.flags.writeable = False
    return path


class Leash(Canvas):
    """Three answers with rewards r: maximise E r - beta·D(policy‖reference) over the policy.

    Parameters
    ----------
    reference : sequence of 3 floats
        Probabilities of the answers before training.
    rewards : sequence of 3 floats, beta : float
        In %(rewards)s; and the price of a nat of divergence, in %(beta)s.
    start : sequence of 3 floats, or None for the reference
        The policy before the first step.
    penalty : {"exact", "k3"}, steps : int
        Steps of ascent in the logits, in %(steps)s, 1/(1 + beta) times the gradient; the
        penalty's gradient is the divergence's, or that of k3 put into the loss.

    Examples
    --------
    >>> canvas = Leash(beta=1)
    >>> canvas.tilted.round(3), round(canvas.log_z, 4)
    (array([0.179, 0.292, 0.529]), 1.0272)
    >>> print(f"{canvas.reward:.4f} - {canvas.kl:.4f} = {canvas.bound:.4f}")
    1.3501 - 0.3228 = 1.0272
    """

    _front = "leash"

    reference = Distribution(_REF).tag(sync=True)
    rewards = Bounded(_REWARDS, -3, 3).tag(sync=True)
    beta = Bounded(1.0, 0.05, 20).tag(sync=True)
    start = Distribution(_REF).tag(sync=True)
    penalty = traitlets.Enum(["exact", "k3"], "exact").tag(sync=True)
    steps = Bounded(0, 0, 400).tag(sync=True)

    def __init__(
        self, reference=_REF, rewards=_REWARDS, beta=1.0, *, start=None, penalty="exact", steps=0
    ):
        start = reference if start is None else start
        state = {"reference": reference, "rewards": list(rewards), "beta": beta, "start": start}
        super().__init__(**state, penalty=penalty, steps=steps)

    _setting = property(lambda self: (self.reference, self.rewards, self.beta))
    tilted = property(lambda self: tilt(*self._setting).policy, doc="The optimum π*.")
    pulled = property(lambda self: cover(*self._setting), doc="Where k3 in the loss ends.")
    log_z = property(
        lambda self: float(tilt(*self._setting).log_z), doc="log Σ reference exp(r/beta)."
    )
    bound = property(lambda self: self.beta * self.log_z, doc="The objective's greatest value.")
    reward = property(lambda self: float(self.tilted @ self.rewards), doc="E r under π*.")
    kl = property(lambda self: self._leash(self.tilted), doc="D(π*‖reference), in nats.")

    def _leash(self, policy):
        return float(kl_divergence(policy, self.reference, normalize=True))

    @property
    def path(self):
        """The policy at the start and after each step."""
        start = tuple(self.start)
        setting = (tuple(self.reference), tuple(self.rewards), self.beta, self.penalty, start)
        return _ascent(*setting, self.steps)

    policy = property(lambda self: self.path[-1], doc="The policy after the steps.")
    policy_reward = property(lambda self: float(self.policy @ self.rewards), doc="Its E r.")
    policy_kl = property(lambda self: self._leash(self.policy), doc="D(policy‖reference).")

    @property
    def objective(self):
        """E r - beta·D(policy‖reference) after the steps."""
        return self.policy_reward - self.beta * self.policy_kl

    @property
    def _caption(self):
        shares = ", ".join(f"{v:.3f}" for v in self.tilted)
        text = (
            f"π* = ({shares}) at β = {self.beta:.3g}: E r − β D(π*‖reference) = {self.reward:.3f}"
        )
        return f"{text} − {self.beta:.3g} · {self.kl:.3f} = {self.bound:.3f} = β log Z."

    @property
    def _alt(self):
        return f"Left: reference and π*. Right: E r over D(π‖reference). {self._caption}"

    def figure(self):
        """Return the bars, and reward over divergence for every beta, as a matplotlib figure."""
        from kllib import plotting

        fig, (left, right) = plotting.axes(2)
        plotting.bars(left, self.tilted, self.reference, ["A", "B", "C"])
        left.set(ylabel="p: π*;  q: reference", ylim=(0, 1.1))
        for best, color, dash in ((True, plotting.P, "-"), (False, plotting.GREY, "--")):
            states = [(self.reference, self.rewards, b) for b in np.geomspace(0.05, 20, 200)]
            ends = [tilt(*each).policy if best else cover(*each) for each in states]
            reward = np.dot(ends, self.rewards)
            right.plot([self._leash(end) for end in ends], reward, color=color, ls=dash)
        right.plot(self.kl, self.reward, "o", color=plotting.P, ms=8)
        right.set(xlabel="D(π‖reference), nats", ylabel="E r")
        return fig
