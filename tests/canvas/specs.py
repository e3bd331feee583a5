"""What each canvas must be able to show: its situations, its handles, and kllib's values for them."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from kllib import canvas

from .states import logarithmic, power_of_ten, random_state, up_to


@dataclass
class Spec:
    """One canvas: where it stands, what it is tried in, what must be read from it."""

    widget: type
    page: str | None  # None: in a page of its own, until a chapter has it
    corners: list
    shown: Callable  # a widget in some state -> the quantities that `data-values` must hold
    handles: dict = field(default_factory=dict)  # selector -> pixels that change something
    readout: str = "kl"
    within: tuple = (1e-12, 1e-15)  # relative and absolute error
    special: dict = field(default_factory=dict)  # trait -> how to draw it at random

    @property
    def name(self):
        return self.widget.__name__

    def random(self, rng):
        """A random state, within the limits that the traits publish."""
        return random_state(self.widget, rng, self.special)


def _estimated(w):
    exact, found = zip(*w.exact.values(), strict=True), zip(*w.sampled.values(), strict=True)
    names = ("exact_means", "exact_stds", "means", "stds")
    values = dict(zip(names, (*exact, *found), strict=True))
    return values | {"kl": w.kl, "best_lam": w.best_lam, "crossing": w.crossing}


def _one_hot(i):
    return [float(i == k) for k in range(5)]


_EVEN = [0.2] * 5
_UNITS = ("nats", "bits")

SPECS = [
    Spec(
        canvas.BernoulliKL,
        "chapters/02_kl",
        [
            {"p": p, "q": q, "unit": unit, "reverse": both}
            for p, q, unit, both in itertools.product(
                (0, 0.2, 0.5, 1), (0, 0.2, 1), _UNITS, (True, False)
            )
        ],
        lambda w: {"kl": w.kl, "reverse_kl": w.reverse_kl},
        {".kl-true .kl-reach": (60, 0), ".kl-point .kl-reach": (120, 0)},
    ),
    Spec(
        canvas.CodeBudget,
        "chapters/01_codes",
        [
            {"p": p, "lengths": lengths}
            for p, lengths in itertools.product(
                (_one_hot(0), _one_hot(4), _EVEN),
                ([1] * 5, [6] * 5, [1, 2, 3, 4, 4], [4, 4, 3, 2, 1], [1, 1, 6, 6, 6]),
            )
        ],
        lambda w: {
            "kraft": w.kraft,
            "length": w.expected_length,
            "entropy": w.entropy,
            "redundancy": w.redundancy,
            "codewords": w.codewords,
        },
        {".kl-handle >> nth=0": (0, 30), ".kl-handle >> nth=4": (0, -30)},
        "kraft",
    ),
    Spec(
        canvas.Contributions,
        "chapters/02_kl",
        [
            {"p": p, "q": q, "unit": unit}
            for p, q, unit in itertools.product(
                (_one_hot(0), _one_hot(4), _EVEN), (_one_hot(0), _one_hot(2), _EVEN), _UNITS
            )
        ],
        lambda w: {"kl": w.kl, "terms": w.terms},
        {".kl-handle >> nth=0": (0, 25), ".kl-handle >> nth=6": (0, -30)},
    ),
    Spec(
        canvas.ElboGap,
        "chapters/06_vae",
        [
            dict(zip(("x", "weight", "noise", "mean", "std", "beta"), state, strict=True))
            for state in itertools.product(
                (-4, 4), (0, 3), (0.3, 3), (0, 4), (0.1, 1, 3), (0, 1, 8)
            )
        ],
        lambda w: {
            name: getattr(w, name)
            for name in ("elbo", "gap", "reconstruction", "kl", "log_evidence", "objective")
        },
        {".kl-point >> nth=0": (50, 0), ".kl-point >> nth=1": (-20, 0)},
        "elbo",
        (1e-12, 1e-14),  # a difference of terms of order 1 to 1000
    ),
    Spec(
        canvas.Estimators,
        "chapters/07_estimators",
        [
            {"shift": shift, "spread": spread, "n": n, "seed": seed, "lam": lam}
            for shift, spread, n, (seed, lam) in itertools.product(
                (0, 0.01, 4),
                (0.6, 1, 1.41, 1.4142, 2**0.5, 2),
                (10, 1000),
                ((0, 0), (1, 1), (1000, 2)),
            )
        ],
        _estimated,
        {
            ".kl-point >> nth=0": (50, 0),
            ".kl-point >> nth=1": (-20, 0),
            ".kl-point >> nth=2": (60, 0),
        },
        within=(1e-9, 1e-12),  # k3's variance near q = p is what three larger terms leave
        special={"n": power_of_ten(1, 5)},
    ),
    Spec(
        canvas.FDivergenceZoo,
        None,
        [
            {"p": p, "q": q, "weight": w, "noise": noise, "merged": merged, "unit": "bits"}
            for p, q, w, noise, merged in itertools.product(
                (_one_hot(0), _one_hot(4), _EVEN),
                (_one_hot(0), _one_hot(3), _EVEN),
                ("KL", "reverse chi2", "TV"),
                (0, 1),
                (False, True),
            )
        ],
        lambda w: {
            "value": w.value,
            "terms": w.terms,
            "curve": w.curve,
            **{f"values.{name}": value for name, value in w.values.items()},
        },
        {".kl-handle >> nth=0": (0, 25), ".kl-handle >> nth=6": (0, -30)},
        "value",
    ),
    Spec(
        canvas.Leash,
        "chapters/08_systems",
        [
            {"reference": a, "rewards": r, "beta": b, "start": s, "penalty": way, "steps": n}
            for a, r, b, s, way, n in itertools.product(
                ([1, 0, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5]),
                ([-3, 0, 3], [1, 1, 1], [0, 3, 3]),
                (0.05, 20),
                ([1, 0, 0], [0, 0.5, 0.5], [0.2, 0.3, 0.5]),
                ("exact", "k3"),
                (0, 400),
            )
        ],
        lambda w: {
            name: getattr(w, name)
            for name in (
                *("tilted", "log_z", "bound", "reward", "kl", "pulled"),
                *("policy", "policy_reward", "policy_kl", "objective"),
            )
        },
        {
            ".kl-handles >> nth=0 >> .kl-handle >> nth=1": (0, -20),
            ".kl-handles >> nth=1 >> .kl-handle >> nth=0": (0, 30),
            ".kl-handles >> nth=1 >> .kl-handle >> nth=5": (0, -40),
        },
        "bound",
        (1e-9, 1e-12),  # what a root and 400 steps leave of rounding
        {"beta": logarithmic(canvas.Leash, "beta"), "steps": up_to(60)},
    ),
    Spec(
        canvas.LossLandscape,
        "chapters/04_likelihood",
        [
            {"p": p, "start": start, "rate": rate, "scale": scale, "unit": unit, "steps": steps}
            for p, start, rate, scale, unit, steps in itertools.product(
                (0, 0.2, 1), (0, 0.5, 1), (0.01, 2), ("probability", "logit"), _UNITS, (0, 400)
            )
        ],
        lambda w: {"kl": w.kl, "gradient": w.gradient, "q": w.q, "path": w.path},
        {".kl-true .kl-reach": (60, 0), ".kl-point .kl-reach": (120, 0)},
        within=(1e-12, 1e-14),  # what rounding leaves of a difference that descent makes vanish
        special={"steps": up_to(9)},
    ),
    Spec(
        canvas.OneGaussian,
        "chapters/05_directions",
        [
            {"weights": w, "means": m, "stds": s, "mean": a, "std": b, "direction": way}
            for w, m, s, (a, b), way in itertools.product(
                ([0.5, 0.5], [1, 0]),
                ([-6, 6], [1, 1]),
                ([0.3, 3], [0.3, 0.3]),
                ((-6, 0.2), (6, 6), (1, 0.3)),
                ("forward", "reverse"),
            )
        ],
        lambda w: {"forward_kl": w.forward_kl, "reverse_kl": w.reverse_kl},
        {
            ".kl-handles >> nth=0 >> .kl-true >> nth=0": (40, -40),
            ".kl-handles >> nth=0 >> .kl-true >> nth=3": (30, 0),
            ".kl-handles >> nth=0 >> .kl-point >> nth=0": (40, 0),
            ".kl-handles >> nth=0 >> .kl-point >> nth=1": (30, 0),
            ".kl-handles >> nth=1 >> .kl-point": (40, 20),
        },
        "forward_kl",
        (1e-12, 1e-13),  # a difference of sums of thousands of terms, each sum of order 1 to 10
        {"std": logarithmic(canvas.OneGaussian, "std")},
    ),
    Spec(
        canvas.SupportOverlap,
        "chapters/02_kl",
        [
            {"p_left": a, "p_width": b, "q_left": c, "q_width": d, "unit": unit}
            for a, b, c, d, unit in itertools.product((0, 3), (0.5, 2), (0, 3), (0.5, 2), _UNITS)
        ],
        lambda w: {"kl": w.kl, "reverse_kl": w.reverse_kl},
        {"rect.kl-handle >> nth=0": (90, 0), "g.kl-handle >> nth=0": (40, 0)},
    ),
    Spec(
        canvas.TangentBound,
        "chapters/03_gibbs",
        [
            {"p": p, "q": q, "log": log}
            for p, q, log in itertools.product(
                ([1, 0, 0], [0, 0, 1], [0.5, 0.5, 0], [0.2, 0.3, 0.5]),
                ([1, 0, 0], [0, 1, 0], [0.2, 0.3, 0.5]),
                ("natural", "base 2"),
            )
        ],
        lambda w: {"kl": w.kl, "weighted_gaps": w.weighted_gaps, "lost": w.lost},
        {".kl-point >> nth=0": (40, 0), ".kl-point >> nth=2": (30, 0)},
    ),
]
