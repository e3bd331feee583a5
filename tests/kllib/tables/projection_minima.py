"""Write projection_minima.json: normals nearest to mixtures, by mpmath's quadrature, 30 digits.

Run as `python -m tests.kllib.tables.projection_minima`. The starting points are rough; the
stationarity of D(N‖target) in (mean, std) is solved by mpmath's root finder. The grid has step
1/50 in units of std: halving it changes no digit kept.
"""

import json
from pathlib import Path

from mpmath import erfc, exp, findroot, log, mp, mpf, nstr, pi, quad, sqrt

mp.dps = 30

HALVES, NARROW = [0.5, 0.5], [0.5, 0.5]
TARGETS = {
    "A": (HALVES, [-2, 2], NARROW, [(1.9998, 0.5004), (0, 1.7364)]),
    "B": (HALVES, [-3, 3], [1, 1], [(2.9843, 1.0234), (0, 2.7438)]),
    "U": ([0.6, 0.4], [-2, 2], NARROW, [(-1.9998, 0.5003), (1.9998, 0.5005), (-0.3205, 1.7065)]),
    "W": ([0.7, 0.3], [-5, 5], [0.3, 2], [(-5, 0.3), (4.9994, 2.0012)]),
    "three": (
        [0.5, 0.1, 0.4],
        [-3, 0, 5],
        [0.4, 0.75, 1],
        [(-2.9958, 0.4059), (4.9857, 1.0218), (2.9847, 2.5347)],
    ),
}
STEP = mpf(1) / 50
GRID = [(k * STEP, STEP * exp(-((k * STEP) ** 2) / 2) / sqrt(2 * pi)) for k in range(-600, 601)]


def components(target):
    return list(zip(*[[mpf(v) for v in column] for column in target[:3]], strict=True))


def density(target, x):
    return sum(w * exp(-(((x - m) / s) ** 2) / 2) / (s * sqrt(2 * pi)) for w, m, s in target)


def slope(target, x):
    """Derivative of log density."""
    parts = [(w * exp(-(((x - m) / s) ** 2) / 2) / s, (m - x) / s**2) for w, m, s in target]
    return sum(a * b for a, b in parts) / sum(a for a, _ in parts)


def reverse_kl(target, mean, std):
    cross = sum(w * log(density(target, mean + std * z)) for z, w in GRID)
    return -cross - log(std * sqrt(2 * pi)) - mpf(1) / 2


def stationary(target):
    def equations(mean, std):
        slopes = [(z, w * slope(target, mean + std * z)) for z, w in GRID]
        return [sum(v for _, v in slopes), 1 + std * sum(z * v for z, v in slopes)]

    return equations


def entropy(target):
    spread = max(s for _, _, s in target)
    points = sorted({m + k * s for _, m, s in target for k in (-8, -3, 0, 3, 8)})
    points = [points[0] - 6 * spread, *points, points[-1] + 6 * spread]
    return quad(lambda x: -density(target, x) * log(density(target, x)), points)


def rows():
    for name, (*columns, starts) in TARGETS.items():
        target = components(columns)
        minima = []
        for start in starts:
            mean, std = findroot(stationary(target), start)
            minima.append([nstr(v, 20) for v in (mean, std, reverse_kl(target, mean, std))])
        yield {
            "name": name,
            "target": columns,
            "minima": minima,
            "entropy": nstr(entropy(target), 20),
            "cdf_at_1": nstr(sum(w * erfc((m - 1) / s / sqrt(2)) / 2 for w, m, s in target), 20),
        }


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(list(rows()), indent=1) + "\n")
