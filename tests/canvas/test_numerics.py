"""kl.js and gauss.js against kllib: the page must show the library's numbers."""

import numpy as np
import pytest
from scipy import stats

from kllib import kl_divergence, policy
from kllib.between import kl_between
from kllib.canvas import LossLandscape, _random
from kllib.canvas._source import STATIC
from kllib.coding import kraft_sum, prefix_code
from kllib.discrete import kl_contributions
from kllib.estimators import normal_crossing, normal_ratio, normal_variances
from kllib.families import kl_bernoulli
from kllib.projection import GaussianMixture, descend, project_reverse, projection_kl
from kllib.vae import elbo


@pytest.fixture
def evaluate(open_page, site):
    """Evaluate a function of the module `part`.js, given as text, on a list of argument lists."""
    page = open_page(f"{site}/chapters/notation.html", formulas=False)

    def call(part, function, rows):
        return page.evaluate(
            """async ([source, text, rows]) => {
                 const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
                 const f = new Function("m", `return ${text}`)(await import(url));
                 return rows.map(row => f(...row)).map(v => v === Infinity ? "inf" : v);
               }""",
            [(STATIC / f"{part}.js").read_text("utf-8"), function, rows],
        )

    return call


@pytest.fixture
def js(evaluate):
    """Call a function of kl.js on a list of argument lists."""
    return lambda name, rows: np.array(evaluate("kl", f"m.{name}", rows), dtype=float)


def extreme_probabilities(rng, n):
    """Ordinary, tiny, near 1, exactly 0 and 1."""
    kinds = [rng.random(n), rng.random(n) ** 40, 1 - rng.random(n) ** 20]
    mixed = np.choose(rng.integers(3, size=n), kinds)
    mixed[: n // 20], mixed[n // 20 : n // 10] = 0, 1
    return rng.permutation(mixed)


def test_bernoulli(js):
    rng = np.random.default_rng(1)
    p, q = extreme_probabilities(rng, 4000), extreme_probabilities(rng, 4000)
    near = rng.uniform(0.01, 0.99, 1000)
    p, q = np.r_[p, near], np.r_[q, near * (1 + rng.normal(size=1000) * 1e-7)]
    exact = kl_bernoulli(p, q)
    assert np.isinf(exact).sum() > 100
    np.testing.assert_allclose(js("klBernoulli", np.c_[p, q].tolist()), exact, rtol=1e-12)


def test_discrete(js):
    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.full(5, 0.2), 3000), rng.dirichlet(np.full(5, 0.2), 3000)
    p[:300, 1], q[150:450, 1] = 0, 0
    p, q = p / p.sum(1, keepdims=True), q / q.sum(1, keepdims=True)
    q[-1000:] = p[-1000:] * (1 + 1e-6 * rng.normal(size=(1000, 5)))
    q[-1000:] /= q[-1000:].sum(1, keepdims=True)
    rows = [[a.tolist(), b.tolist()] for a, b in zip(p, q, strict=True)]
    # The last digits of a near-equal pair belong to the rounding of its sum, which is not 1.
    np.testing.assert_allclose(js("klDivergence", rows), kl_divergence(p, q), 1e-12, 1e-22)
    flat = np.c_[p.ravel(), q.ravel()].tolist()
    np.testing.assert_allclose(js("term", flat), kl_contributions(p, q).ravel(), rtol=1e-12)


def test_uniform(js):
    rng = np.random.default_rng(3)
    rows = np.c_[rng.uniform(0, 3, 300), rng.uniform(0.5, 2, 300)]
    rows = np.c_[rows, rng.uniform(0, 1, 300), rng.uniform(1, 5, 300)]
    rows[:40, 2:] = rows[:40, :2]
    exact = [kl_between(stats.uniform(a, b), stats.uniform(c, d)) for a, b, c, d in rows]
    assert 0 < np.isinf(exact).sum() < 300
    np.testing.assert_allclose(js("klUniform", rows.tolist()), exact, rtol=1e-12)


def test_shares_stay_normalised(js):
    rng = np.random.default_rng(4)
    p = np.r_[rng.dirichlet(np.ones(5), 300), np.eye(5)]
    rows = [
        [row.tolist(), int(rng.integers(5)), float(rng.choice([0, 1, rng.random()]))] for row in p
    ]
    moved = js("withShare", rows)
    np.testing.assert_allclose(moved.sum(1), 1, rtol=1e-14)
    assert (moved >= 0).all()
    assert all(moved[k][row[1]] == row[2] for k, row in enumerate(rows))


def test_code_starts(js):
    lengths = np.random.default_rng(8).integers(1, 7, (2000, 5))
    lengths = lengths[[kraft_sum(row) <= 1 for row in lengths]]
    exact = [[int(word, 2) / 2 ** len(word) for word in prefix_code(row)] for row in lengths]
    assert len(exact) > 300
    np.testing.assert_array_equal(js("codeStarts", [[row] for row in lengths.tolist()]), exact)


@pytest.mark.parametrize("scale", ["probability", "logit"])
def test_descent_of_a_bernoulli_loss(evaluate, scale):
    rng = np.random.default_rng(12)
    p, start = extreme_probabilities(rng, 600), extreme_probabilities(rng, 600)
    rate = rng.uniform(0.01, 2, 600).tolist()
    text = """(p, start, rate, logit) => { const { path } = m.descent(p, start, rate, logit, 5);
              return [path.length, path.at(-1), m.slope(p, path.at(-1), logit)]; }"""
    exact, rows = [], list(zip(p.tolist(), start.tolist(), rate, strict=True))
    for row in rows:
        canvas = LossLandscape(*row, scale, steps=5)
        exact.append([canvas.path.size, canvas.q, canvas.gradient])
    found = evaluate("kl", text, [[*row, scale == "logit"] for row in rows])
    np.testing.assert_allclose(np.array(found, dtype=float), exact, rtol=1e-12, atol=1e-14)


def test_bound(evaluate):
    rng = np.random.default_rng(13)
    x, mean = rng.uniform(-4, 4, (2, 1500))
    std, noise = np.exp(rng.uniform(np.log(0.1), np.log(3), (2, 1500)))
    weight = rng.uniform(0, 3, 1500)
    total = np.hypot(weight, noise)
    near = rng.random(1500) < 0.3  # q almost the posterior: the gap must not be rounding
    mean = np.where(near, weight * x / total**2 * (1 + 1e-6 * rng.normal(size=1500)), mean)
    std = np.where(near, noise / total * (1 + 1e-5 * rng.normal(size=1500)), std)
    exact = elbo(x, mean, std, slope=weight, noise=noise)
    text = """(...a) => { const b = m.elbo(...a);
              return [b.reconstruction, b.kl, b.elbo, b.logEvidence, b.gap]; }"""
    found = evaluate("kl", text, np.c_[x, mean, std, weight, noise].tolist())
    np.testing.assert_allclose(np.array(found).T, exact, rtol=1e-12, atol=1e-14)
    scale = np.abs(exact.elbo)
    np.testing.assert_array_less(np.abs(exact.elbo + exact.gap - exact.log_evidence), 1e-13 * scale)


def mixtures(rng, n):
    """Weights, means and stds of two normals, over all that OneGaussian lets be set."""
    weights = rng.random(n)
    weights[: n // 10] = 0
    rows = np.c_[weights, 1 - weights], rng.uniform(-6, 6, (n, 2)), rng.uniform(0.3, 3, (n, 2))
    return [[part.tolist() for part in row] for row in zip(*rows, strict=True)]


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_normal_against_mixture(evaluate, direction):
    rng = np.random.default_rng(9)
    rows, points = mixtures(rng, 300), np.c_[rng.uniform(-6, 6, 300), rng.uniform(0.2, 6, 300)]
    text = "(w, a, s, x, d) => m.objective(m.mixture(w, a, s), d, [x[0], Math.log(x[1])]).value"
    given = [[*row, x, direction] for row, x in zip(rows, points.tolist(), strict=True)]
    exact = [
        projection_kl(GaussianMixture(*row), *x, direction)
        for row, x in zip(rows, points, strict=True)
    ]
    # Both are sums of thousands of terms of order 1, added up in different orders.
    np.testing.assert_allclose(evaluate("gauss", text, given), exact, rtol=1e-12, atol=1e-13)


def test_local_minima(evaluate):
    rows = mixtures(np.random.default_rng(10), 60)
    halves = [[[0.5, 0.5], [-a, a], [1, 1]] for a in (1, 2.6, 3)]
    rows += [*halves, [[0.6, 0.4], [-2, 2], [0.5, 0.5]], [[0.7, 0.3], [-5, 5], [0.3, 2]]]
    text = "(w, a, s) => m.minima(m.mixture(w, a, s), 'reverse').map(f => [f.mean, f.std, f.kl])"
    for row, found in zip(rows, evaluate("gauss", text, rows), strict=True):
        exact = project_reverse(GaussianMixture(*row))
        # Newton's method stops where the gradient drowns in rounding.
        np.testing.assert_allclose(np.array(found), np.array(exact), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_descent_takes_the_same_steps(evaluate, direction):
    target, start = ([0.6, 0.4], [-2.0, 2.0], [0.5, 0.5]), (1.0, 2.0)
    text = """(w, a, s, d) => { const t = m.mixture(w, a, s); let x = [1, Math.log(2)]; const path = [x];
              for (let i = 0; i < 40; i++) path.push(x = m.descentStep(t, d, x)); return path; }"""
    [path] = evaluate("gauss", text, [[*target, direction]])
    exact = descend(GaussianMixture(*target), start, direction, steps=40)
    # Each step halves its length by comparing values, and near the end these are equal to rounding.
    np.testing.assert_allclose(path, np.c_[exact.means, np.log(exact.stds)], rtol=0, atol=1e-9)


def test_landscape_is_good_for_a_picture(evaluate):
    rows = mixtures(np.random.default_rng(11), 20)
    text = "(w, a, s) => m.landscape(m.mixture(w, a, s), 'reverse', [-6, 0, 5], [-1, 0, 1.5])"
    for row, found in zip(rows, evaluate("gauss", text, rows), strict=True):
        stds = np.exp([[-1], [0], [1.5]])
        exact = projection_kl(GaussianMixture(*row), [-6, 0, 5], stds, "reverse")
        np.testing.assert_allclose(found, exact, rtol=0.01, atol=0.01)


def test_seeded_normals_repeat_and_are_normal(evaluate):
    rows = [[seed, n] for seed in (0, 1, 2, 1000) for n in (1, 7, 1000)]
    found = evaluate("random", "(seed, n) => [...m.normals(seed, n)]", rows)
    for row, values in zip(rows, found, strict=True):
        np.testing.assert_allclose(values, _random.normals(*row), rtol=1e-12, atol=1e-14)
    sums = [_random.normals(seed, 1000).sum() / 1000**0.5 for seed in range(1001)]
    assert stats.kstest(sums, "norm").pvalue > 0.01
    assert abs(np.corrcoef(sums[1:], sums[:-1])[0, 1]) < 0.1


def test_moments_of_the_log_ratio(evaluate):
    rng = np.random.default_rng(14)
    rows = np.c_[rng.uniform(0, 4, 500), rng.uniform(0.6, 2, 500), rng.uniform(0, 2, 500)].tolist()
    text = """(shift, spread, kl, lam) => { const r = m.ratio(shift, spread);
              return [r.jeffreys, r.chi2, r.bestLam, m.crossing(spread),
                      ...m.variances(r, kl, lam)].map(v => v === Infinity ? 1e999 : v); }"""
    exact, given = [], []
    for shift, spread, lam in rows:
        r = normal_ratio(shift, spread)
        each = [r.jeffreys, r.chi2, r.best_lam, normal_crossing(spread), *normal_variances(r, lam)]
        exact.append(each)
        given.append([shift, spread, r.kl, lam])
    assert 100 < np.isinf(exact).any(axis=1).sum() < 400
    found = np.array(evaluate("ratio", text, given), dtype=float)
    np.testing.assert_allclose(found, exact, rtol=1e-9)


def test_moments_by_quadrature():
    x, step = np.linspace(-30, 30, 200_001, retstep=True)
    weights = np.exp(-(x**2) / 2) * step / np.sqrt(2 * np.pi)
    for shift, spread, lam in [(0.1, 1, 1), (1, 1, 0.5), (2, 0.6, 1.8), (0.5, 1.2, 0.7)]:
        found = normal_ratio(shift, spread)
        u = stats.norm(shift, spread).logpdf(x) - stats.norm.logpdf(x)
        each = np.array([-u, u * u / 2, np.expm1(u) - u, lam * np.expm1(u) - u])
        means = each @ weights
        moments = (each - means[:, None]) ** 2 @ weights
        np.testing.assert_allclose(normal_variances(found, lam), moments, rtol=1e-7)
        np.testing.assert_allclose(means[[0, 2, 3]], found.kl, rtol=1e-7)
        np.testing.assert_allclose(np.expm1(u) ** 2 @ weights, found.chi2, rtol=1e-7)


def leashes(rng, n):
    """Reference, rewards, beta and start over all that Leash lets be set."""
    reference, start = rng.dirichlet(np.full(3, 0.7), (2, n))
    reference[: n // 5, 0] = 0
    start[: n // 10, 1] = 0
    beta = np.exp(rng.uniform(np.log(0.05), np.log(20), n))
    parts = reference, rng.uniform(-3, 3, (n, 3)).round(1), beta, start
    sums = [p / p.sum(1, keepdims=True) if k in (0, 3) else p for k, p in enumerate(parts)]
    return [[each.tolist() for each in row] for row in zip(*sums, strict=True)]


def test_policies_on_a_leash(evaluate):
    rows = leashes(np.random.default_rng(15), 300)
    text = """(a, r, b, s) => { const t = m.tilt(a, r, b), last = way => m.train(a, r, b, way, s, 40).at(-1);
              return [...t.policy, t.logZ, ...m.pulled(a, r, b), ...last("exact"), ...last("k3")]; }"""
    for row, found in zip(rows, evaluate("tilt", text, rows), strict=True):
        best, end = policy.tilt(*row[:3]), policy.cover(*row[:3])
        last = [policy.ascend(*row[:3], way, row[3], 40)[-1] for way in ("exact", "k3")]
        exact = np.concatenate([best.policy, [best.log_z], end, *last])
        np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-12)


def test_training_ends_where_the_penalty_says():
    for reference, rewards, beta, _ in leashes(np.random.default_rng(16), 60)[12:]:
        price = max(beta, 0.5)
        best = policy.tilt(reference, rewards, price)
        for way, end in (("exact", best.policy), ("k3", policy.cover(reference, rewards, price))):
            last = policy.ascend(reference, rewards, price, way, [0.3, 0.3, 0.4], 20_000)[-1]
            np.testing.assert_allclose(last, end, atol=1e-4)
        value = best.policy @ rewards - price * kl_divergence(best.policy, reference)
        np.testing.assert_allclose(value, price * best.log_z, rtol=1e-12, atol=1e-12)
