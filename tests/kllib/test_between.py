"""kl_between against exact values, with and without the closed forms, and in doubt."""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kllib.between import AccuracyWarning, _as_law, _numerical, kl_between
from kllib.estimators import kl_estimate
from kllib.families import kl_dirichlet, kl_mvn

PAIRS = json.loads((Path(__file__).parent / "tables/between.json").read_text())


def divergence(P, Q):
    """D(P‖Q) without the closed forms."""
    return _numerical(_as_law("P", P), _as_law("Q", Q))


def frozen(name, shapes=(), loc=0, scale=None):
    """A SciPy distribution; the discrete ones take no scale."""
    return getattr(stats, name)(*shapes, loc=loc, **({} if scale is None else {"scale": scale}))


@pytest.mark.parametrize(("P", "Q", "value"), PAIRS)
def test_exact_values(P, Q, value):
    # what is promised is 1e-9; an AccuracyWarning would be an error here
    got = kl_between(frozen(*P), frozen(*Q))
    assert type(got) is np.float64
    assert got == pytest.approx(float(value), rel=1e-9, abs=1e-9)


CLOSED = [
    (stats.norm(0, 1), stats.norm(1, 2)),
    (stats.norm(0, 1), stats.norm(1e-4, 1)),
    (stats.norm(0, 1), stats.norm(1e4, 1)),
    (stats.norm(3, 1e-6), stats.norm(0, 1)),
    (stats.norm(0, 1), stats.norm(3, 1e-3)),
    (stats.laplace(0, 1), stats.laplace(2, 0.1)),
    (stats.cauchy(0, 1), stats.cauchy(5, 1e-3)),
    (stats.cauchy(0, 1e-6), stats.cauchy(5, 1e3)),
    (stats.lognorm(3), stats.lognorm(1, scale=5)),
    (stats.expon(scale=2), stats.gamma(3, scale=0.5)),
    (stats.gamma(0.001), stats.expon()),
    (stats.gamma(2.5, loc=-1), stats.chi2(3, loc=-1)),
    (stats.erlang(2), stats.chi2(1, scale=7)),
    (stats.beta(0.1, 0.2), stats.uniform()),
    (stats.uniform(), stats.beta(0.1, 0.2)),
    (stats.beta(2, 3, loc=5, scale=0.1), stats.beta(0.5, 7, loc=5, scale=0.1)),
    (stats.poisson(3), stats.poisson(4)),
    (stats.poisson(3, loc=2), stats.poisson(4, loc=2)),
    (stats.bernoulli(0.3), stats.bernoulli(0.9)),
    (stats.binom(10, 0.3), stats.binom(10, 0.4)),
    (stats.geom(0.01), stats.geom(0.02)),
    (stats.nbinom(5, 0.3), stats.nbinom(5, 0.4)),
]


@pytest.mark.parametrize(("P", "Q"), CLOSED, ids=lambda d: f"{d.dist.name}{d.args}")
def test_quadrature_agrees_with_closed_forms(P, Q):
    closed, numerical = kl_between(P, Q), divergence(P, Q)
    assert numerical == pytest.approx(closed, rel=1e-9, abs=1e-12)


# half the samples of a gamma of shape 0.001 are smaller than floats
SAMPLED = [pair for pair in CLOSED if pair[0].args != (0.001,)]


@pytest.mark.parametrize(("P", "Q"), SAMPLED, ids=lambda d: f"{d.dist.name}{d.args}")
def test_samples_agree_with_closed_forms(P, Q):
    # 4 standard errors, which a bounded or exponential log ratio keeps: 6e-5 each, at this seed
    x = P.rvs(20_000, random_state=np.random.default_rng(1951))
    log_density = "logpdf" if hasattr(P, "logpdf") else "logpmf"
    logp, logq = (np.asarray(getattr(d, log_density)(x)) for d in (P, Q))
    seen = np.isfinite(logp) & np.isfinite(logq)  # a rounded sample may fall on the end of P
    assert seen.mean() > 0.98
    found = kl_estimate(logp[seen], logq[seen], "k1")
    assert found.value == pytest.approx(kl_between(P, Q), abs=4 * found.stderr + 1e-12)


def test_closed_forms_keep_digits_of_near_equal_parameters():
    # half the Fisher information of the parameter, times its step squared
    h = 2.0**-30
    for P, Q, half_information in [
        (stats.norm(0, 1), stats.norm(h, 1), 0.5),
        (stats.norm(0, 1), stats.norm(0, 1 + h), 1.0),
        (stats.laplace(0, 1), stats.laplace(h, 1), 0.5),
        (stats.cauchy(0, 1), stats.cauchy(h, 1), 0.25),
        (stats.expon(scale=3), stats.expon(scale=3 + h), 0.5 / 9),
        (stats.lognorm(1), stats.lognorm(1 + h), 1.0),
        (stats.poisson(1), stats.poisson(1 + h), 0.5),
        (stats.bernoulli(0.5), stats.bernoulli(0.5 + h), 2.0),
        (stats.binom(10, 0.5), stats.binom(10, 0.5 + h), 20.0),
        (stats.geom(0.5), stats.geom(0.5 + h), 4.0),
        (stats.nbinom(3, 0.5), stats.nbinom(3, 0.5 + h), 12.0),
    ]:
        assert kl_between(P, Q) == pytest.approx(half_information * h * h, rel=1e-8, abs=0)


def test_units():
    P, Q = stats.norm(0, 1), stats.cauchy(0, 1)
    assert kl_between(P, Q, base=2) == pytest.approx(kl_between(P, Q) / math.log(2))
    assert kl_between(Q, P, base=2) == math.inf


def test_joint_distributions():
    cov = [[1, 0.9], [0.9, 1]]
    P, Q = stats.multivariate_normal([1, 0], cov), stats.multivariate_normal([0, 0])
    assert kl_between(P, Q) == kl_mvn([1, 0], cov, [0, 0], np.eye(2))
    P, Q = stats.dirichlet([1, 2, 3]), stats.dirichlet([3, 2, 1])
    assert kl_between(P, Q, base=2) == kl_dirichlet([1, 2, 3], [3, 2, 1], base=2)


def test_tables_of_values():
    coin = stats.rv_discrete(values=([0, 1], [0.5, 0.5]))
    assert kl_between(coin(), stats.bernoulli(0.9)) == pytest.approx(0.5108256237659907)
    assert kl_between(stats.bernoulli(0.9), coin(loc=0)) == pytest.approx(0.3680642071684971)
    assert kl_between(coin(), stats.bernoulli(1)) == math.inf
    loaded = stats.rv_discrete(values=([0.5, 1.5, 2.5], [0.2, 0.3, 0.5]))
    assert kl_between(loaded(loc=1), loaded(loc=1)) == 0


def test_histograms():
    # densities with jumps, and a hole that P does not avoid
    edges = np.array([0.0, 1.0, 3.0, 7.0])
    P = stats.rv_histogram((np.array([0.5, 0.25, 0.25]), edges), density=False)()
    Q = stats.rv_histogram((np.array([0.25, 0.5, 0.25]), edges), density=False)()
    assert kl_between(P, Q) == pytest.approx(0.25 * math.log(2), rel=1e-9)
    hole = stats.rv_histogram((np.array([0.5, 0.0, 0.5]), edges), density=False)()
    assert kl_between(P, hole) == math.inf
    assert kl_between(hole, P) == pytest.approx(0.5 * math.log(2), rel=1e-9)


def test_narrow_peaks_far_from_the_end_of_the_support():
    # a folded normal this far out is a normal
    got = kl_between(stats.foldnorm(1e6), stats.norm(1e6, 2))
    assert got == pytest.approx(kl_between(stats.norm(), stats.norm(0, 2)), abs=1e-9)


def test_zero_rates_and_trials():
    assert kl_between(stats.poisson(0), stats.poisson(2)) == pytest.approx(2)
    assert kl_between(stats.bernoulli(0), stats.bernoulli(0.25)) == pytest.approx(math.log(4 / 3))
    assert kl_between(stats.binom(5, 0), stats.binom(5, 0.5)) == pytest.approx(5 * math.log(2))


DOUBTFUL = [
    # P, Q, the value (NaN for unknown): heavy tails summed by extrapolation, masses of P that
    # SciPy rounds to 1e-8, a tail that hardly converges, a density that does not integrate to 1
    (stats.zipf(1.5), stats.zipf(2.0), 0.29005807763409404),
    (stats.binom(10**9, 0.5), stats.poisson(5 * 10**8), math.log(2) / 2 - 0.25),
    (stats.tukeylambda(-0.5), stats.cauchy(), math.nan),
    (stats.t(2.00001), stats.norm(), 99999.459),
]


@pytest.mark.parametrize(("P", "Q", "value"), DOUBTFUL, ids=lambda d: getattr(d, "args", d))
def test_doubts_are_said(P, Q, value):
    with pytest.warns(AccuracyWarning, match="uncertain by"):
        got = kl_between(P, Q)
    assert got == pytest.approx(value, rel=1e-2, nan_ok=True)


@pytest.mark.parametrize("loc", [0.0, 1.0, -1e6])
@pytest.mark.parametrize("shape", [0.003, 0.01, 0.1, 0.5, 2.0, 50.0])
def test_estimates_of_the_error_are_honest(shape, loc):
    # away from 0 floats are sparse, and hide the mass of a pole: right to 1e-9, or in doubt
    for P, Q in [
        (stats.gamma(shape, loc=loc), stats.gamma(1.5, loc=loc)),
        (stats.beta(3.0, shape, loc=loc), stats.beta(1.0, 0.7, loc=loc)),
        (stats.t(2 + shape, loc=loc), stats.norm(loc, 2)),
    ]:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            got = divergence(P, Q)
        if P.dist.name == "t":
            second = (1 + 2 / shape) / 4
            exact = math.log(2) + math.log(2 * math.pi) / 2 + second / 2 - P.entropy()
        else:
            exact = kl_between(P, Q)
        assert said or got == pytest.approx(exact, rel=3e-9, abs=3e-9)
