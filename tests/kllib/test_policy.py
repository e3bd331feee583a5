"""Policies on a leash: the optimum by its identity and by search, and where training ends."""

import math

import numpy as np
import pytest
from mpmath import exp, mp, mpf

from kllib.discrete import kl_divergence
from kllib.policy import ascend, cover, tilt

HABIT, REWARDS = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, 2.0])


@pytest.mark.parametrize("beta", [1e-4, 0.05, 1.0, 20.0, 1e6])
@pytest.mark.parametrize("n", [1, 2, 7])
def test_tilt_by_mpmath(n, beta):
    rng = np.random.default_rng(n)
    reference, rewards = rng.dirichlet(np.ones(n)), rng.uniform(-3, 3, n)
    reference /= reference.sum()
    with mp.workdps(50):
        weights = [
            mpf(q) * exp(mpf(r) / mpf(beta)) for q, r in zip(reference, rewards, strict=True)
        ]
        total = mp.fsum(weights)
        exact, log_z = [float(w / total) for w in weights], float(mp.log(total))
    best = tilt(reference, rewards, beta)
    np.testing.assert_allclose(best.policy, exact, rtol=1e-11)
    assert best.log_z == pytest.approx(log_z, rel=1e-12, abs=1e-15)


def objective(policy, beta):
    return policy @ REWARDS - beta * kl_divergence(policy, HABIT, normalize=True)


@pytest.mark.parametrize("beta", [0.3, 1.0, 5.0])
def test_shortfall_is_a_divergence_from_the_tilt(beta):
    best = tilt(HABIT, REWARDS, beta)
    assert objective(best.policy, beta) == pytest.approx(beta * best.log_z, rel=1e-13)
    for policy in np.random.default_rng(3).dirichlet([1, 1, 1], 20):
        short = beta * best.log_z - objective(policy, beta)
        expected = beta * kl_divergence(policy, best.policy, normalize=True)
        assert short == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("beta", [0.05, 1.0, 5.0])
def test_cover_is_best_with_the_other_penalty(beta):
    def value(policy):
        return policy @ REWARDS - beta * kl_divergence(HABIT, policy, normalize=True)

    best = cover(HABIT, REWARDS, beta)
    assert best.sum() == pytest.approx(1, abs=1e-15)
    for step in np.random.default_rng(4).normal(size=(50, 3)):
        other = best * np.exp(0.1 * step)
        assert value(other / other.sum()) < value(best)


def test_training_ends_where_the_penalty_says():
    for penalty, end in [
        ("exact", tilt(HABIT, REWARDS, 1).policy),
        ("k3", cover(HABIT, REWARDS, 1)),
    ]:
        path = ascend(HABIT, REWARDS, 1, penalty, [0.3, 0.3, 0.4], 2000)
        assert path.shape == (2001, 3)
        np.testing.assert_allclose(path[-1], end, rtol=1e-9)


def test_answers_that_the_reference_excludes():
    excluded = [0.7, 0.3, 0.0]
    best = tilt(excluded, REWARDS, 0.5)
    assert best.policy[2] == 0
    assert best.log_z == pytest.approx(math.log(0.7 + 0.3 * math.exp(2)))
    assert cover(excluded, [0, 1, 100], 0.5)[2] > 0.9  # the other penalty is finite there
    assert len(ascend(excluded, REWARDS, 1, "exact", [0.3, 0.3, 0.4], 5)) == 1


def test_ends_of_the_range():
    best = tilt(HABIT, [0, 1e308, -1e308], 1e-300)
    assert (best.policy.tolist(), best.log_z) == ([0, 1, 0], math.inf)
    np.testing.assert_allclose(tilt(HABIT, REWARDS, 1e300).policy, HABIT, rtol=1e-15)
    np.testing.assert_allclose(cover(HABIT, REWARDS, 1e9), HABIT, rtol=1e-8)


def test_nan_propagates():
    assert np.isnan(tilt(HABIT, [0, math.nan, 1], 1).policy).all()
    assert np.isnan(cover([0.5, 0.5, math.nan], REWARDS, 1)).all()
    assert np.isnan(ascend(HABIT, REWARDS, math.nan, "k3", HABIT, 2)[1:]).all()
