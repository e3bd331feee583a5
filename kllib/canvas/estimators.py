"""k1, k2, k3 and the control variate on seeded samples, beside their exact mean and spread."""

import numpy as np

from kllib.canvas._base import Bounded, Canvas
from kllib.canvas._random import normals
from kllib.estimators import Moments, k1, k2, k3, normal_crossing, normal_ratio, normal_variances

__all__ = ["Estimators"]

_NAMES = ("k1", "k2", "k3", "lam")


class Estimators(Canvas):
    """D(p‖q) from n samples of p = N(0, 1), for q = N(shift, spread²) and r = q/p, in nats.

    Parameters
    ----------
    shift, spread : float
        In %(shift)s and %(spread)s; from spread² = 2 on, k3 has no variance.
    n, seed : int
        In %(n)s and %(seed)s; the same seed gives the same samples in the page.
    lam : float
        λ of the control variate -log r + λ (r - 1), in %(lam)s: 0 is k1, 1 is k3.

    Examples
    --------
    >>> canvas = Estimators(shift=1)
    >>> print(f"{canvas.kl:g}, k1 ± {canvas.exact['k1'].std:g}, k3 ± {canvas.exact['k3'].std:.3f}")
    0.5, k1 ± 1, k3 ± 0.848
    >>> round(canvas.best_lam, 3), round(canvas.crossing, 4)
    (0.582, 1.1209)
    """

    _front = "estimators"

    shift = Bounded(1.0, 0, 4).tag(sync=True)
    spread = Bounded(1.0, 0.6, 2).tag(sync=True)
    n = Bounded(1000, 10, 10_000).tag(sync=True)
    seed = Bounded(1, 0, 1000).tag(sync=True)
    lam = Bounded(1.0, 0, 2).tag(sync=True)

    def __init__(self, shift=1.0, spread=1.0, n=1000, seed=1, lam=1.0):
        super().__init__(shift=shift, spread=spread, n=n, seed=seed, lam=lam)

    _ratio = property(lambda self: normal_ratio(self.shift, self.spread))

    @property
    def kl(self):
        """D(p‖q)."""
        return float(self._ratio.kl)

    @property
    def best_lam(self):
        """λ* = (D(p‖q) + D(q‖p))/χ², for which one sample has least variance."""
        return float(self._ratio.best_lam)

    @property
    def crossing(self):
        """The shift above which, at this spread, k3 is noisier than k1."""
        return normal_crossing(self.spread)

    @property
    def exact(self):
        """Exact mean and standard deviation at one sample, by name: k1, k2, k3, lam."""
        stds = np.sqrt(normal_variances(self._ratio, self.lam))
        means = [self.kl, (stds[0] ** 2 + self.kl**2) / 2, self.kl, self.kl]
        return dict(zip(_NAMES, map(Moments, means, stds), strict=True))

    @property
    def values(self):
        """What each sample contributes, by name."""
        x, (a, b, c, *_) = normals(self.seed, self.n), self._ratio
        u = (a * x + b) * x + c
        values = k1(u), k2(u), k3(u), k3(u) + (self.lam - 1) * np.expm1(u)
        return dict(zip(_NAMES, values, strict=True))

    @property
    def sampled(self):
        """Mean and standard deviation (over n - 1) of the sample, by name."""
        return {name: Moments(v.mean(), v.std(ddof=1)) for name, v in self.values.items()}

    @property
    def _caption(self):
        pairs = zip(_NAMES[:3], self.exact.values(), self.sampled.values(), strict=False)
        found = "; ".join(f"{k} {b.mean:.3f} ± {b.std:.3f} ({a.std:.3f})" for k, a, b in pairs)
        where = f"q = N({self.shift:g}, {self.spread:.3g}²)"
        text = f"D(N(0, 1)‖q) = {self.kl:.3f} nats for {where}. Of {self.n} samples, mean ± spread"
        return f"{text} (exact spread): {found}.".replace("inf", "∞").replace(" -", " −")

    @property
    def _alt(self):
        return f"Left: spread/D of k1 and k3 over the shift. Right: running means. {self._caption}"

    def figure(self):
        """Return spreads over the shift, and running means, as a matplotlib figure."""
        from kllib import plotting

        (fig, (left, right)), shifts = plotting.axes(2), np.linspace(0.05, 4, 200)
        ratios = [normal_ratio(shift, self.spread) for shift in shifts]
        table = np.array([np.sqrt(normal_variances(each, self.lam)) / each.kl for each in ratios])
        looks = {"k1": (plotting.GREY, "--"), "k2": (plotting.GREY, ":"), "k3": ("black", "-")}
        for i, (name, (color, dash)) in enumerate(looks.items()):
            left.semilogy(shifts, table[:, i], color=color, ls=dash)
            means = np.cumsum(self.values[name]) / np.arange(1, self.n + 1)
            right.semilogx(np.arange(1, self.n + 1), means, color=color, ls=dash, label=name)
        left.axvline(self.shift, color=plotting.Q, lw=1.2)
        left.set(xlabel="shift of q", ylabel="spread / D(p‖q)", ylim=(0.1, 100))
        right.axhline(self.kl, color=plotting.P, lw=1.2)
        right.set(xlabel="samples", ylabel="mean so far, nats")
        right.legend()
        return fig
