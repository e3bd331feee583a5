"""kl_between where densities vanish, end, underflow, or go by another's name."""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.stats import _distr_params as listed

from kllib.between import AccuracyWarning, kl_between
from kllib.projection import GaussianMixture

PAIRS = json.loads((Path(__file__).parent / "tables/support.json").read_text())
SLOW = ("levy_stable", "studentized_range")  # a density is an integral: minutes
ALL = [
    (getattr(stats, name) if isinstance(name, str) else name)(*shapes)
    for name, shapes in listed.distcont + listed.distdiscrete
]
LINE, UNIFORM = stats.norm(), stats.uniform(-math.pi, 2 * math.pi)


@pytest.mark.parametrize("P", ALL, ids=lambda d: d.dist.name or "values")
def test_nothing_diverges_from_itself(P):
    assert kl_between(P, P) == 0
    again = P.dist(*P.args, **P.kwds)
    assert kl_between(P, again) == 0


def wide(P):
    low, high = P.support()
    return hasattr(P, "logpdf") and (math.isinf(low) or math.isinf(high))


@pytest.mark.parametrize(
    "P", [P for P in ALL if wide(P) and P.dist.name not in SLOW], ids=lambda d: d.dist.name
)
def test_neighbours_are_near(P):
    # the same, a little wider: by the numerical route, where there is no closed form
    low = P.support()[0]
    place = {0: {}, 1: {"loc": -0.01}}[int(math.isfinite(low) and low != 0)]
    Q = P.dist(*P.args, scale=1.01, **place)
    assert 0 < kl_between(P, Q) < 0.2


@pytest.mark.parametrize(("p", "p_args", "p_more", "q", "q_args", "q_more", "value"), PAIRS)
def test_exact_values(p, p_args, p_more, q, q_args, q_more, value):
    P, Q = getattr(stats, p)(*p_args, **p_more), getattr(stats, q)(*q_args, **q_more)
    assert kl_between(P, Q) == pytest.approx(float(value), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("P", "Q"),
    [
        (stats.poisson(1), stats.logser(0.5)),  # 0 is none of Q's
        (stats.geom(0.5), stats.logser(0.5, 0.5)),  # nor is any whole number
        (stats.poisson(2), stats.poisson(2, loc=0.5)),
        (stats.zipf(2), stats.geom(0.1)),  # Σ 1/k
        (stats.zipf(2), stats.poisson(1, loc=1)),
        (stats.hypsecant(), stats.gumbel_r()),  # E e^-x
        (stats.kappa3(2), stats.foldnorm(0)),  # E x²
        (stats.norm(), stats.pearson3(-2)),  # whose support SciPy does not know
        (stats.norm(), UNIFORM),
        (stats.norm(), stats.vonmises(2)),
        (stats.gumbel_r(), stats.expon(loc=-10)),  # of mass e^-e^10
        (stats.rv_discrete(values=([0, 1], [0.5, 0.5])), stats.bernoulli(1)),
    ],
)
def test_infinite_where_mass_is_outside_or_the_integral_diverges(P, Q):
    assert kl_between(P, Q) == math.inf


class Named(stats.rv_continuous):
    def _pdf(self, x):
        return np.exp(-np.abs(x)) / 2


def test_types_decide_not_names():
    mine = Named(name="norm")
    expected = kl_between(stats.laplace(), stats.norm())
    assert kl_between(mine(), stats.norm()) == pytest.approx(expected, rel=1e-9)
    assert kl_between(mine(), Named(name="laplace")()) == 0


def test_zeros_and_values_between_whole_numbers():
    coin = stats.rv_discrete(values=([0.5, 1.5], [0.25, 0.75]))
    moved = stats.rv_discrete(values=([0.6, 1.6], [0.5, 0.5]))
    expected = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert kl_between(coin(loc=0.1), moved) == pytest.approx(expected, rel=1e-12)
    assert kl_between(coin, coin(loc=1e-3)) == math.inf
    assert kl_between(coin, coin) == 0


MIXTURE = GaussianMixture([0.3, 0.7], [-1, 2], [0.5, 1.5])
OTHERS = [
    # the same distribution in other clothes
    (
        MIXTURE,
        stats.Mixture(
            [stats.Normal(mu=-1, sigma=0.5), stats.Normal(mu=2, sigma=1.5)], weights=[0.3, 0.7]
        ),
    ),
    (stats.norm(1, 2), stats.Normal(mu=1, sigma=2)),
    (stats.norm(1, 2), GaussianMixture([1.0], [1.0], [2.0])),
    (stats.uniform(1, 3), stats.Uniform(a=1, b=4)),
    (stats.binom(10, 0.3), stats.Binomial(n=10, p=0.3)),
    (stats.gamma(2.5), stats.make_distribution(stats.gamma)(a=2.5)),
]


@pytest.mark.parametrize(("P", "Q"), OTHERS, ids=lambda d: type(d).__name__)
def test_other_kinds_of_distributions(P, Q):
    assert abs(kl_between(P, Q)) < 1e-9
    assert abs(kl_between(Q, P)) < 1e-9


def by_sums(P, Q, low, high):
    """D(P‖Q) by a fine trapezoid rule, for smooth densities on the line."""
    x, step = np.linspace(low, high, 400_001, retstep=True)
    return (np.exp(P.logpdf(x)) * (P.logpdf(x) - Q.logpdf(x))).sum() * step


def test_mixtures_kernels_histograms_and_newer_distributions():
    kernels = stats.gaussian_kde(np.array([-2.0, -1.9, 0.3, 4.0, 4.1]))
    for P, Q in [
        (MIXTURE, stats.norm(0, 3)),
        (stats.norm(0, 1), MIXTURE),
        (kernels, stats.norm(1, 4)),
        (stats.norm(), kernels),
        (MIXTURE, kernels),
        (stats.Normal(mu=0.5), MIXTURE),
    ]:
        assert kl_between(P, Q) == pytest.approx(by_sums(P, Q, -40, 40), rel=1e-9, abs=1e-9)
    edges = np.array([0.0, 1.0, 3.0, 7.0])
    histogram = stats.rv_histogram((np.array([0.5, 0.25, 0.25]), edges), density=False)
    exact = 0.5 * math.log(0.5 * 7) + 0.25 * math.log(0.125 * 7) + 0.25 * math.log(0.0625 * 7)
    assert kl_between(histogram, stats.Uniform(a=0, b=7)) == pytest.approx(exact, rel=1e-9)


class Bare:
    """A triangle on [0, 2]: a density and where it ends, and nothing else."""

    def logpdf(self, x):
        with np.errstate(divide="ignore"):
            return np.log(np.clip(1 - np.abs(np.asarray(x) - 1), 0, None))

    def support(self):
        return 0.0, 2.0


def test_whatever_has_a_density_and_ends():
    # of the triangle: E log p = -1/2
    assert kl_between(Bare(), stats.uniform(0, 2)) == pytest.approx(math.log(2) - 0.5, rel=1e-9)
    assert kl_between(stats.uniform(0, 2), Bare()) == pytest.approx(1 - math.log(2), rel=1e-9)
    assert kl_between(stats.uniform(0, 3), Bare()) == math.inf


def test_doubt_is_said_where_a_tail_hardly_falls():
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = kl_between(stats.zipf(1.5), stats.zipf(2.0))
    assert [w.category for w in said] in ([], [AccuracyWarning])
    assert said or found == pytest.approx(0.29005807763409404, abs=1e-9)
