"""kl.js against kllib: the page must show the library's numbers."""

import numpy as np
import pytest
from scipy import stats

from kllib import kl_divergence
from kllib.canvas._base import _STATIC
from kllib.coding import kraft_sum, prefix_code
from kllib.discrete import kl_contributions
from kllib.families import kl_bernoulli, kl_between


@pytest.fixture
def js(open_page, site):
    """Call a function of kl.js on a list of argument lists."""
    page = open_page(f"{site}/chapters/notation.html", formulas=False)
    source = (_STATIC / "kl.js").read_text("utf-8")

    def call(name, rows):
        out = page.evaluate(
            """async ([source, name, rows]) => {
                 const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
                 const f = (await import(url))[name];
                 return rows.map(row => f(...row)).map(v => v === Infinity ? "inf" : v);
               }""",
            [source, name, rows],
        )
        return np.array(out, dtype=float)

    return call


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
