"""static/twins against kllib: the page must show the library's numbers."""

import re

import numpy as np
import pytest
from scipy import stats

from kllib.canvas import _random
from kllib.canvas._source import STATIC, front_end
from kllib.estimators import normal_ratio, normal_variances
from kllib.vae import elbo

from .twins import TWINS, bounds

# The modules bundled as for a canvas, all their exports at hand, and `f` among them.
LOAD = """async ([source, text, rows]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: modules } = await import(url);
  const all = Object.assign({}, ...modules);
  const f = new Function(...Object.keys(all), `return ${text}`)(...Object.values(all));
  const plain = (v) => v === Infinity ? "inf" : v === -Infinity ? "-inf" : v;
  return rows.map((row) => [f(...row)].flat(3).map(plain));
}"""
FILES = sorted(path.stem for path in (STATIC / "twins").glob("*.js"))


def exports(folder, name):
    """What a module of static/ exports."""
    text = (STATIC / folder / f"{name}.js").read_text("utf-8")
    return re.findall(r"^export (?:const|function) (\w+)", text, re.M)


@pytest.fixture
def evaluate(open_page, serve, tmp_path):
    """Evaluate a JavaScript function over the exports of static/, on a list of argument lists."""
    (tmp_path / "index.html").write_text('<link rel="icon" href="data:,">', "utf-8")
    page = open_page(serve(tmp_path))
    known = [("core", "numbers"), *(("twins", name) for name in FILES)]
    lines = [
        f'import {{ {", ".join(exports(*each))} }} from "./{"/".join(each)}.js";' for each in known
    ]
    ending = ", ".join(f"{{ {', '.join(exports(*each))} }}" for each in known)
    copy = tmp_path / "static"
    copy.mkdir()
    for folder in ("core", "twins"):
        (copy / folder).symlink_to(STATIC / folder)
    (copy / "all.js").write_text("\n".join([*lines, f"export default [{ending}];\n"]), "utf-8")
    source = front_end("all", copy)
    return lambda text, rows: page.evaluate(LOAD, [source, text, rows])


@pytest.mark.parametrize("twin", TWINS, ids=lambda t: f"{t.module}.{t.name}")
def test_parity(evaluate, twin):
    rows = twin.rows(np.random.default_rng(1))
    call = twin.call.replace("f(", f"{twin.name}(") or twin.name
    found = evaluate(f"(...row) => ({twin.take})(({call})(...row))", rows)
    assert len(rows) >= 4
    for row, values in zip(rows, found, strict=True):
        exact = np.ravel(np.asarray(twin.exact(*row), dtype=float))
        np.testing.assert_allclose(
            np.array(values, dtype=float), exact, *twin.within, err_msg=str(row)
        )


def test_every_export_has_its_row():
    listed = [(twin.module, twin.name) for twin in TWINS]
    assert len(set(listed)) == len(listed)
    assert set(listed) == {(name, each) for name in FILES for each in exports("twins", name)}


def test_infinities_are_tried():
    rng = np.random.default_rng(1)
    for name in ("klContributions", "klDivergence", "klBernoulli", "klUniform", "normalRatio"):
        twin = next(t for t in TWINS if t.name == name)
        infinite = [bool(np.isinf(twin.exact(*row)).any()) for row in twin.rows(rng)]
        assert 0.01 < np.mean(infinite) < 0.9, name


def test_shares_stay_normalised(evaluate):
    rng = np.random.default_rng(4)
    p = np.r_[rng.dirichlet(np.ones(5), 300), np.eye(5)]
    rows = [
        [row.tolist(), int(rng.integers(5)), float(rng.choice([0, 1, rng.random()]))] for row in p
    ]
    moved = np.array(evaluate("withShare", rows))
    np.testing.assert_allclose(moved.sum(1), 1, rtol=1e-14)
    assert (moved >= 0).all()
    assert all(moved[k][row[1]] == row[2] for k, row in enumerate(rows))


def test_bound_and_gap_make_the_evidence():
    x, mean, std, weight, noise = np.array(bounds(np.random.default_rng(13))).T
    exact = elbo(x, mean, std, slope=weight, noise=noise)
    scale = np.abs(exact.elbo)
    np.testing.assert_array_less(np.abs(exact.elbo + exact.gap - exact.log_evidence), 1e-13 * scale)


def test_seeded_normals_are_normal():
    sums = [_random.normals(seed, 1000).sum() / 1000**0.5 for seed in range(1001)]
    assert stats.kstest(sums, "norm").pvalue > 0.01
    assert abs(np.corrcoef(sums[1:], sums[:-1])[0, 1]) < 0.1


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
