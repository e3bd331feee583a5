"""Eight f-divergences of two distributions: what they share, and where they part."""

import numpy as np
import traitlets

from kllib.canvas._base import Bounded, Canvas, Distribution, Unit
from kllib.divergences import GENERATORS, f_divergence

__all__ = ["FDivergenceZoo"]

_ZOO = {
    "KL": "kl",
    "reverse KL": "reverse_kl",
    "chi2": "chi2",
    "reverse chi2": "reverse_chi2",
    "JS": "js",
    "Le Cam": "le_cam",
    "Hellinger": "hellinger",
    "TV": "tv",
}
_LOGARITHMIC = ("KL", "reverse KL", "JS")
_CURVATURES = {
    "kl": lambda t: t**-2,
    "reverse_kl": lambda t: 1 / t,
    "chi2": lambda t: 2 * t**-3,
    "reverse_chi2": lambda t: 2.0,
    "hellinger": lambda t: t**-1.5 / 4,
    "js": lambda t: 1 / (2 * t * (1 + t)),
    "le_cam": lambda t: 4 * (1 + t) ** -3,
    "tv": lambda t: 0.0,
}


def curvature(f, t):
    """f''(t), the weight of E_t; total variation's is a spike at 1, and 0 elsewhere."""
    return _CURVATURES[f](t)


def terms(p, q, f):
    """p f(q/p) of each outcome, by the limits of f where one of them is 0."""
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    each = GENERATORS[f]
    with np.errstate(all="ignore"):
        found = np.where((p > 0) & (q > 0), p * each.f(q / p), 0.0)
        found = np.where((p > 0) & (q == 0), p * each.at_0, found)
        return np.where((p == 0) & (q > 0), q * each.at_inf, found)


def blurred(p, noise, merged):
    """p with a share of random reports, and the last two outcomes told apart no more."""
    mixed = [(1 - noise) * v + noise / len(p) for v in p]
    return [*mixed[:-2], mixed[-2] + mixed[-1]] if merged else mixed


def testing_curve(p, q):
    """Vertices of the test curve: outcomes by falling q/p, their masses under p and q added."""
    pairs = [(a, b) for a, b in zip(p, q, strict=True) if a > 0 or b > 0]
    pairs.sort(key=lambda pair: -np.inf if pair[0] == 0 else -pair[1] / pair[0])
    return np.cumsum([(0.0, 0.0), *pairs], axis=0)


class FDivergenceZoo(Canvas):
    """Two distributions, the test curve, a measure as an area, and eight measures as bars.

    Parameters
    ----------
    p, q : sequence of 5 floats
        Probabilities of the outcomes A to E.
    weight : {"KL", "reverse KL", "chi2", "reverse chi2", "JS", "Le Cam", "Hellinger", "TV"}
        The measure whose terms and area are shown.
    noise : float
        Share of reports, under p and q alike, that are random, in %(noise)s.
    merged : bool
        Whether D and E are told apart no more.
    unit : {"nats", "bits"}
        Of the logarithmic measures; the others have none.

    Examples
    --------
    >>> canvas = FDivergenceZoo()
    >>> print(f"{canvas.values['KL']:.6f} {canvas.values['chi2']:.6f} {canvas.values['TV']:.6f}")
    0.049372 0.120000 0.100000
    """

    _front = "f_divergence_zoo"

    p = Distribution([0.4, 0.2, 0.2, 0.1, 0.1]).tag(sync=True)
    q = Distribution([0.5, 0.2, 0.1, 0.1, 0.1]).tag(sync=True)
    weight = traitlets.Enum(list(_ZOO), "KL").tag(sync=True)
    noise = Bounded(0.0, 0, 1).tag(sync=True)
    merged = traitlets.Bool(False).tag(sync=True)
    unit = Unit().tag(sync=True)

    def __init__(
        self,
        p=(0.4, 0.2, 0.2, 0.1, 0.1),
        q=(0.5, 0.2, 0.1, 0.1, 0.1),
        *,
        weight="KL",
        noise=0.0,
        merged=False,
        unit="nats",
    ):
        super().__init__(p=p, q=q, weight=weight, noise=noise, merged=merged, unit=unit)

    @property
    def pair(self):
        """p and q as they are seen: with the noise, and merged."""
        return tuple(blurred(each, self.noise, self.merged) for each in (self.p, self.q))

    def _size(self, name):
        return float(np.log(2)) if self.unit == "bits" and name in _LOGARITHMIC else 1.0

    @property
    def values(self):
        """The eight measures by name, the logarithmic ones in the chosen unit."""
        return {
            name: float(f_divergence(*self.pair, each, normalize=True)) / self._size(name)
            for name, each in _ZOO.items()
        }

    @property
    def value(self):
        """The chosen measure."""
        return self.values[self.weight]

    @property
    def terms(self):
        """The terms p f(q/p) of the chosen measure."""
        return terms(*self.pair, _ZOO[self.weight]) / self._size(self.weight)

    @property
    def curve(self):
        """The vertices of the test curve."""
        return testing_curve(*self.pair)

    @property
    def _caption(self):
        found = "; ".join(
            f"{name.replace('chi2', 'χ²')} {value:.3f}" for name, value in self.values.items()
        )
        return (
            "Left: the test curve, whose distance from the diagonal every measure weighs. Right: "
            f"the measures, each divided by f″(1), total variation apart: {found}."
        ).replace("inf", "∞")

    @property
    def _alt(self):
        return (
            "Left: a curve above a diagonal, an edge for each of five outcomes, in falling order "
            f"of q/p. Right: eight bars. {self._caption}"
        )

    def figure(self):
        """Return the test curve and the measures as a matplotlib figure."""
        from kllib import plotting

        fig, (left, right) = plotting.axes(2)
        left.plot([0, 1], [0, 1], color=plotting.GREY, ls=":")
        left.plot(*self.curve.T, "o-", color="black", ms=4)
        left.set(xlabel="mass of p", ylabel="mass of q", xlim=(0, 1), ylim=(0, 1))
        bends = {name: GENERATORS[each].curvature for name, each in _ZOO.items()}
        sizes = {
            n: v * self._size(n) / (1 if n == "TV" else bends[n]) for n, v in self.values.items()
        }
        top = max((v for v in sizes.values() if np.isfinite(v)), default=1) or 1
        names = [name.replace("chi2", "χ²") for name in sizes]
        right.barh(names, [min(v, 1.2 * top) for v in sizes.values()], color=plotting.GREY)
        for k, v in enumerate(sizes.values()):
            if np.isinf(v):
                plotting.note(right, "∞", (1.2 * top, k), dx=-12, dy=-3, color="white")
        right.invert_yaxis()
        right.set(xlabel="divided by f″(1)", xlim=(0, 1.25 * top))
        return fig
