"""Bounds against closed forms, gradients against differences, training against exact PCA."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, special, stats
from sklearn.datasets import load_digits

from kllib.families import kl_normal, kl_normal_standard
from kllib.vae import LinearVAE, TinyVAE, elbo, fit, ppca_log_likelihood

HERE = Path(__file__).parent
FACTS = json.loads((Path(__file__).parent / "tables/known.json").read_text())
TEN_DIGITS = 5e-10  # the facts are rounded to ten significant digits


def test_facts_on_the_bound():
    bound = elbo(1.5, 0.5, 0.5)
    evidence, reconstruction, kl, value, gap = FACTS["vae.elbo"]
    assert bound == pytest.approx((reconstruction, kl, value, evidence, gap), rel=TEN_DIGITS)
    standard = kl_normal_standard(np.array([1, -0.5]), np.array([0.5, 1.5]))
    assert standard == pytest.approx(FACTS["vae.kl"], rel=TEN_DIGITS)


def test_fact_on_the_bias_of_a_wrong_encoder():
    # With std fixed at 1 and the best mean, slope x / (1 + slope²), the bound prefers slope² = 1.
    def mean_bound(squared):
        slope = math.sqrt(squared)
        return sum(elbo(x, slope * x / (1 + squared), 1.0, slope=slope).elbo for x in (-2.0, 2.0))

    likelihood, bound = FACTS["vae.bias"]
    grid = np.arange(0.1, 5, 0.1)
    assert grid[np.argmax([mean_bound(s) for s in grid])] == pytest.approx(bound)
    evidence = [elbo(2.0, 0.0, 1.0, slope=math.sqrt(s)).log_evidence for s in grid]
    assert grid[np.argmax(evidence)] == pytest.approx(likelihood)


def test_bound_against_quadrature_and_its_own_sums():
    x, mean, std, slope, noise = 0.7, -0.4, 0.6, 1.7, 0.3
    bound = elbo(x, mean, std, slope=slope, noise=noise)
    q = stats.norm(mean, std)

    def joint(z):
        return stats.norm.logpdf(x, slope * z, noise)

    reconstruction = integrate.quad(lambda z: q.pdf(z) * joint(z), -9, 9, epsabs=1e-12)[0]
    evidence = integrate.quad(lambda z: np.exp(joint(z)) * stats.norm.pdf(z), -9, 9, points=[0.4])
    assert bound.reconstruction == pytest.approx(reconstruction, rel=1e-10)
    assert bound.log_evidence == pytest.approx(math.log(evidence[0]), rel=1e-9)
    assert bound.kl == pytest.approx(kl_normal(mean, std, 0, 1), rel=1e-14)
    assert bound.elbo == bound.reconstruction - bound.kl
    assert bound.elbo + bound.gap == pytest.approx(bound.log_evidence, rel=1e-13)


def test_gap_closes_at_the_posterior_and_keeps_its_digits_near_it():
    total = math.hypot(1.7, 0.3)
    mean, std = 1.7 * 0.7 / total**2, 0.3 / total
    assert elbo(0.7, mean, std, slope=1.7, noise=0.3).gap == pytest.approx(0, abs=1e-30)
    near = elbo(0.7, mean + 1e-9 * std, std, slope=1.7, noise=0.3).gap
    assert near == pytest.approx(5e-19, rel=1e-6, abs=0)  # a difference of bounds would be 0


def test_bound_broadcasts():
    bound = elbo(np.zeros((4, 1)), np.zeros(3), 1.0)
    assert bound.elbo.shape == (4, 3)
    assert isinstance(elbo(0, 0, 1).elbo, np.float64)
    assert math.isnan(elbo(math.nan, 0, 1).elbo)
    assert elbo(1e200, 0, 1).log_evidence == -math.inf


@pytest.fixture(scope="module")
def table():
    """500 points near a plane in six dimensions."""
    rng = np.random.default_rng(10)
    plane = rng.normal(size=(500, 2)) @ rng.normal(size=(2, 6))
    return plane + 0.5 * rng.normal(size=(500, 6)) + np.arange(6)


def test_ppca_likelihood_is_that_of_its_parameters(table):
    values, vectors = np.linalg.eigh(np.cov(table.T, bias=True))
    noise = values[:4].mean()
    factors = vectors[:, 4:] * np.sqrt(values[4:] - noise)
    model = stats.multivariate_normal(table.mean(0), factors @ factors.T + noise * np.eye(6))
    assert ppca_log_likelihood(table, 2) == pytest.approx(model.logpdf(table).mean(), rel=1e-13)
    full = stats.multivariate_normal(table.mean(0), np.cov(table.T, bias=True))
    assert ppca_log_likelihood(table, 5) == pytest.approx(full.logpdf(table).mean(), rel=1e-13)


def test_ppca_likelihood_of_nan_is_nan(table):
    assert math.isnan(ppca_log_likelihood(np.where(table == table[3, 4], np.nan, table), 2))


def random_linear():
    model, rng = LinearVAE(6, 2, rng=11), np.random.default_rng(12)
    for value in model.params.values():
        value += 0.3 * rng.normal(size=value.shape)
    return model


def test_linear_bound_is_exact(table):
    model = random_linear()
    bound, (mean, std) = model.elbo(table), model.encode(table)
    W, noise = model.params["W"], np.exp(model.params["log_noise"][0])
    b = model.params["b"]
    evidence = stats.multivariate_normal(b, W @ W.T + noise**2 * np.eye(6)).logpdf(table)
    np.testing.assert_allclose(bound.log_evidence, evidence, rtol=1e-12)
    precision = np.eye(2) + W.T @ W / noise**2
    centre = np.linalg.solve(precision, W.T @ (table[0] - b)) / noise**2
    q, posterior = np.diag(std[0] ** 2), np.linalg.inv(precision)
    off = mean[0] - centre
    gap = np.trace(precision @ q) - 2 + off @ precision @ off
    gap = (gap + np.log(np.linalg.det(posterior) / np.linalg.det(q))) / 2
    assert bound.gap[0] == pytest.approx(gap, rel=1e-12)
    z = np.random.default_rng(13).normal(size=(100_000, 2)) * std[0] + mean[0]
    sampled = stats.norm.logpdf(table[0], model.decode(z), noise).sum(axis=1)
    error = sampled.std() / math.sqrt(len(z))
    assert bound.reconstruction[0] == pytest.approx(sampled.mean(), abs=4 * error)


def test_scalar_bound_is_the_linear_one():
    model = LinearVAE(1, 1, rng=0)
    for name, value in {
        "W": 1.7,
        "b": 0,
        "A": 0.4,
        "c": -0.1,
        "log_std": -0.5,
        "log_noise": 0.2,
    }.items():
        model.params[name][...] = value
    found = model.elbo([[0.7]])
    expected = elbo(0.7, 0.4 * 0.7 - 0.1, math.exp(-0.5), slope=1.7, noise=math.exp(0.2))
    assert [v[0] for v in found] == pytest.approx(list(expected), rel=1e-13)


@pytest.mark.parametrize("weight", [1.0, 0.3, 4.0])
@pytest.mark.parametrize("kind", ["linear", "tiny"])
def test_gradients_agree_with_differences(kind, weight, table):
    x = table[:7] if kind == "linear" else special.expit(table[:7])
    model = random_linear() if kind == "linear" else TinyVAE(6, latent=2, hidden=5, rng=14)

    def objective():
        bound = model.elbo(x, np.random.default_rng(15))
        return (bound.reconstruction - weight * bound.kl).mean()

    (reconstruction, kl), grads = model.gradients(x, weight, np.random.default_rng(15))
    assert reconstruction - weight * kl == pytest.approx(objective(), rel=1e-13)
    assert grads.keys() == model.params.keys()
    for name, value in model.params.items():
        assert grads[name].shape == value.shape
        for i in np.ndindex(value.shape):
            kept = value[i]
            value[i] = kept + 1e-5
            above = objective()
            value[i] = kept - 1e-5
            below = objective()
            value[i] = kept
            # Central differences err by the step squared, and by eps over the step.
            assert grads[name][i] == pytest.approx((above - below) / 2e-5, rel=1e-6, abs=1e-8)


def test_linear_training_reaches_ppca(table):
    model, best = LinearVAE(6, 2, rng=16), ppca_log_likelihood(table, 2)
    history = fit(model, table, rng=0, epochs=1500, batch=500, rate=0.1, progress=False)
    bound = model.elbo(table)
    # Adam approaches the optimum slowly along its flattest direction: 1e-6 nats remain.
    assert bound.elbo.mean() == pytest.approx(best, abs=1e-5)
    assert -1e-12 < bound.gap.min() <= bound.gap.max() < 1e-4
    assert (history.elbo <= best + 1e-9).all()
    # The bound's optimum finds the axes themselves: the columns of W are orthogonal.
    gram = model.params["W"].T @ model.params["W"]
    assert abs(gram[0, 1]) < 0.01 * gram[0, 0]


@pytest.fixture(scope="module")
def digits():
    return load_digits().data / 16


@pytest.fixture(scope="module")
def trained(digits):
    model = TinyVAE(64, latent=2, hidden=64, rng=17)
    return model, fit(model, digits, rng=18, epochs=40, progress=False)


def test_digits_are_learnt(digits, trained):
    model, history = trained
    pixel = digits.mean(axis=0)
    blind = (special.xlogy(digits, pixel) + special.xlogy(1 - digits, 1 - pixel)).sum(axis=1)
    bound = model.elbo(digits, np.random.default_rng(0))
    assert bound.elbo.shape == bound.kl.shape == bound.reconstruction.shape == (1797,)
    assert np.isnan(bound.gap)
    # Pixels known one by one leave -27.1 nats; two latents save more than 1.5 of them.
    assert bound.elbo.mean() > blind.mean() + 1.5
    assert bound.kl.mean() > 1
    assert bound.elbo.mean() == pytest.approx(history.elbo[-1], abs=0.3)
    assert history.elbo.shape == (40,)
    assert history.elbo[0] < history.elbo[10] < history.elbo[-1]
    np.testing.assert_array_equal(history.elbo, history.reconstruction - history.kl)


def test_reconstructions_beat_the_mean_and_samples_are_pixels(digits, trained):
    model, _ = trained
    rebuilt = model.reconstruct(digits)
    assert rebuilt.shape == digits.shape
    mean_error = ((digits - digits.mean(axis=0)) ** 2).mean()
    assert ((digits - rebuilt) ** 2).mean() < 0.75 * mean_error
    samples = model.sample(500, np.random.default_rng(1))
    assert samples.shape == (500, 64)
    assert ((samples >= 0) & (samples <= 1)).all()
    np.testing.assert_array_equal(samples, model.sample(500, np.random.default_rng(1)))
    assert ((samples - samples.mean(axis=0)) ** 2).mean() > 0.02


def test_equal_seeds_train_equal_models(digits):
    runs = []
    for seed in (3, 3, 4):
        model = TinyVAE(64, latent=2, hidden=8, rng=0)
        history = fit(model, digits[:300], rng=seed, epochs=2, progress=False)
        runs.append([*history.elbo, *np.concatenate([v.ravel() for v in model.params.values()])])
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_beta_and_its_schedule_weigh_the_kl_term(digits):
    def last_kl(**options):
        model = TinyVAE(64, latent=2, hidden=16, rng=0)
        return fit(model, digits[:500], rng=0, epochs=25, progress=False, **options).kl

    plain, heavy, free = last_kl(), last_kl(beta=20), last_kl(beta=0)
    assert heavy[-1] < 0.05 < plain[-1] < free[-1]
    seen = []

    def schedule(done):
        seen.append(done)
        return min(1.0, 2 * done)

    annealed = last_kl(schedule=schedule)
    assert seen == pytest.approx(np.arange(125) / 125)
    assert annealed[2] > plain[2]
    np.testing.assert_array_equal(last_kl(beta=20, schedule=lambda _: 1 / 20), plain)


def test_only_the_bar_is_printed_and_only_to_stderr(digits, capfd, monkeypatch):
    model = TinyVAE(64, latent=2, hidden=4, rng=0)
    fit(model, digits[:50], rng=0, epochs=3, progress=True)
    out, err = capfd.readouterr()
    assert out == ""
    assert "3/3" in err
    monkeypatch.setitem(sys.modules, "tqdm", None)  # importing it now fails
    fit(model, digits[:50], rng=0, epochs=3)
    assert capfd.readouterr() == ("", "")
