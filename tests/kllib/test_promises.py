"""What a user may rely on everywhere: NaN, error states, labels, dicts, ends of the range, words."""

import importlib
import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest
from mpmath import log, mp, mpf

import kllib as kl
from tests.kllib.test_bad_input import CASES

TABLES = Path(__file__).parent / "tables"
NAN = math.nan
HIDDEN = [  # NaN where a weight is 0
    (kl.kl_divergence, ([0.9, 0.1, 0], [0.1, 0.9, NAN])),
    (kl.kl_divergence, ([[0.9, 0.1, 0]], [0.1, 0.9, NAN])),
    (kl.cross_entropy, ([0.9, 0.1, 0], [0.1, 0.9, NAN])),
    (kl.js_divergence, ([0.9, 0.1, 0], [0.1, 0.9, NAN])),
    (kl.generalized_kl, ([0.9, 0.1, 0], [0.1, 0.9, NAN])),
    (kl.kl_from_logits, ([0, 1, -math.inf], [0, 1, NAN])),
    (kl.kl_from_log_probs, ([0, -math.inf], [0, NAN])),
    (kl.kl_bernoulli, (0.0, NAN)),
    (kl.exact_moments, ([1, 0], [1, NAN], "k1")),
    (kl.exact_moments, ([1, 0], [1, NAN], "k3")),
    (kl.optimal_lambda, ([0.1, 0.2, NAN], [0.5, 0.5, 0])),
    (kl.expected_length, ([1, 0], [1, NAN])),
    (lambda *a: kl.tilt(*a).policy, ([1, 0], [1, NAN], 1)),
    (kl.cover, ([1, 0], [1, NAN], 1)),
]


@pytest.mark.parametrize(("function", "args"), HIDDEN)
def test_nan_is_never_dropped(function, args):
    assert np.isnan(function(*args)).all()


@pytest.mark.parametrize("name", ["kl_divergence", "cross_entropy", "js_divergence"])
def test_nan_is_never_dropped_when_normalizing(name):
    assert np.isnan(getattr(kl, name)([9, 1, 0], [1, 9, NAN], normalize=True))


def calls():
    for table in ("discrete", "families", "several"):
        for name, args, keywords, _ in json.loads((TABLES / f"{table}.json").read_text()):
            yield name, args, keywords
    mixture = kl.GaussianMixture([0.3, 0.7], [-2, 2], [1e-3, 0.5])
    yield "project_forward", [mixture], {}
    yield "project_reverse", [mixture], {}
    yield "descend", [mixture, (0, 2), "reverse"], {"steps": 3}
    yield "projection_kl", [mixture, 0, [1e-3, 100], "reverse"], {}


def test_error_states_and_warnings_change_nothing():
    for name, args, keywords in calls():
        function = getattr(kl, name)
        plain = function(*args, **keywords)
        with np.errstate(all="raise"), warnings.catch_warnings():
            warnings.simplefilter("error")
            strict = function(*args, **keywords)
        np.testing.assert_array_equal(
            np.hstack([np.ravel(x) for x in plain]) if isinstance(plain, tuple) else plain,
            np.hstack([np.ravel(x) for x in strict]) if isinstance(strict, tuple) else strict,
        )


class Series:
    """As much of pandas as labels need."""

    class Index(list):
        def equals(self, other):
            return list(self) == list(other)

    def __init__(self, values, index):
        self.values, self.index = np.asarray(values), self.Index(index)

    def __array__(self, dtype=None, copy=None):
        return self.values


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (kl.kl_divergence, "p and q"),
        (kl.cross_entropy, "p and q"),
        (kl.js_divergence, "p and q"),
        (kl.kl_contributions, "p and q"),
        (kl.generalized_kl, "p and q"),
        (kl.kl_bernoulli, "p and q"),
        (kl.kl_from_logits, "p_logits and q_logits"),
        (kl.kl_poisson, "rate_p and rate_q"),
        (kl.expected_length, "p and lengths"),
        (kl.kl_estimate, "logp and logq"),
        (kl.kl_dirichlet, "alpha_p and alpha_q"),
        (kl.kl_normal_standard, "mean and std"),
        (lambda p, q: kl.exact_moments(p, q, "k1"), "p and q"),
        (lambda p, q: kl.tilt(p, q, 1), "reference and rewards"),
    ],
)
def test_labels_that_differ_are_refused(function, names):
    p, q = Series([0.2, 0.8], "ab"), Series([0.8, 0.2], "ba")
    with pytest.raises(ValueError, match=f"{names} must have the same index"):
        function(p, q)
    same = Series([0.8, 0.2], "ab")
    function(p, same)
    function(p, [0.8, 0.2])


def test_a_dict_of_codewords_means_its_values():
    assert not kl.is_prefix_free({"x": "0", "y": "01"})
    assert kl.is_prefix_free({"x": "0", "y": "10"})
    assert not kl.is_uniquely_decodable({"a": "0", "b": "01", "c": "10"})
    assert kl.is_uniquely_decodable({"0": "0", "01": "01", "11": "11"})


def exact_lambda(u):
    with mp.workdps(400):
        u = [mpf(float(x)) for x in u]
        r = [mp.exp(x) for x in u]
        n = len(u)
        off = [x - sum(r) / n for x in r]
        mean = sum(u) / n
        lam = sum((x - mean) * y for x, y in zip(u, off, strict=True)) / sum(y * y for y in off)
        values = [-x + lam * (y - 1) for x, y in zip(u, r, strict=True)]
        value = sum(values) / n
        spread = mp.sqrt(sum((v - value) ** 2 for v in values) / (n - 2) / n)
        return float(lam), float(value), float(spread)


@pytest.mark.parametrize("top", [0.5, 3.0, 36.0, 100.0, 356.0, 700.0, 2000.0])
@pytest.mark.parametrize("rest", [1.0, -300.0])
def test_best_lambda_however_large_a_ratio(top, rest):
    u = np.random.default_rng(8).normal(-0.5, 1, 50) * abs(rest)
    u[0] = top
    lam, value, spread = exact_lambda(u)
    found = kl.kl_control_variate(np.zeros(50), u)
    assert found.value == pytest.approx(value, rel=1e-10)
    assert found.stderr == pytest.approx(spread, rel=1e-9)
    assert kl.optimal_lambda(u) == pytest.approx(lam, rel=1e-10, abs=1e-300)


def test_moments_of_single_precision():
    rng = np.random.default_rng(3)
    for _ in range(20):
        p, q = rng.dirichlet(np.ones(50), 2).astype(np.float32)
        found, exact = kl.exact_moments(p, q, "k1").mean, kl.kl_divergence(p, q)
        assert found == pytest.approx(exact, rel=1e-5)


def test_single_precision_softmax_through_a_list():
    rng = np.random.default_rng(4)
    for _ in range(200):
        x = rng.normal(size=1000).astype(np.float32)
        e = np.exp(x - x.max())
        p = (e / e.sum()).tolist()
        kl.entropy(p)
        logs = (x - x.max() - np.log(e.sum(dtype=np.float32))).tolist()
        kl.kl_from_log_probs(logs, logs)
    with pytest.raises(ValueError, match="kl_from_logits"):
        kl.kl_from_log_probs([0.0, 1.0], [0.0, 1.0])


def normalized(p, q):
    with mp.workdps(700):
        p, q = [mpf(float(x)) for x in p], [mpf(float(x)) for x in q]
        a, b = [x / sum(p) for x in p], [x / sum(q) for x in q]
        return float(sum(x * log(x / y) for x, y in zip(a, b, strict=True) if x))


TINY = 5e-324
ENDS = [
    ([1e300, 1e300], [1e-300, 3e-300]),
    ([TINY, 3 * TINY], [1.0, 1.0]),
    ([1.0, 1.0], [TINY, 3 * TINY]),
    ([1e308, 1e308, 1e308], [1e308, 1.7e308, 1e307]),
    ([1e-310, 2e-310], [2e-310, 1e-310]),
    ([1e300, 1e-10], [1e-10, 1e300]),
    ([1.7e308, 1.7e308], [1.7e308, 1.7e308 * (1 - 1e-12)]),
]


@pytest.mark.parametrize(("p", "q"), ENDS)
def test_normalizing_at_the_ends_of_the_range(p, q):
    exact = normalized(p, q)
    got = kl.kl_divergence(p, q, normalize=True)
    assert got == pytest.approx(exact, rel=1e-11, abs=1e-30)
    cross, entropy = (
        kl.cross_entropy(p, q, normalize=True),
        kl.entropy(p, normalize=True),
    )
    assert cross - entropy == pytest.approx(exact, rel=1e-9, abs=1e-9)
    assert 0 <= kl.js_divergence(p, q, normalize=True) <= math.log(2)
    assert kl.kl_divergence([p], [q], normalize=True)[0] == got


def test_closed_forms_at_the_ends_of_the_range():
    assert kl.kl_mvn([0, 0], 1e300 * np.eye(2), [0, 0], 1e-10 * np.eye(2)) == math.inf
    assert kl.kl_from_logits([1e308, -1e308], [-1e308, 1e308]) == math.inf  # 2e308
    assert kl.kl_from_logits([1e308, 0], [-1e308, 0]) == 1e308
    assert kl.kl_laplace(1e308, 1e308, -1e308, 1e308) == pytest.approx(1 + math.exp(-2))
    assert kl.kl_laplace(0, 1e308, 0, 1e-308) == math.inf
    assert kl.kl_normal(1e308, 1e308, -1e308, 1e308) == pytest.approx(2)
    ends = [1e-300, 1e-12, 1.0, 1e12, 1e300]
    a, b, c, d = np.array(np.meshgrid(ends, ends, ends, ends)).reshape(4, -1)
    assert not np.isnan(kl.kl_beta(a, b, c, d)).any()
    assert not np.isnan(kl.kl_normal(a, b, c, d)).any()
    assert not np.isnan(kl.kl_laplace(-a, b, c, d)).any()
    a, c = np.minimum(a, 1e12), np.minimum(c, 1e12)  # beyond, log Γ has no digits left
    assert (kl.kl_gamma(a, b, c, d) >= 0).all()
    assert kl.kl_gamma(1e-300, 1e-300, 1e-300, 1e12) == pytest.approx(1e12)


def test_unequal_scales_do_not_hide_asymmetry():
    cov = np.array([[1e12, 1.0], [-1.0, 1e-4]])
    with pytest.raises(ValueError, match="cov_p must be symmetric"):
        kl.kl_mvn([0, 0], cov, [0, 0], np.eye(2))


LONG = [
    (kl.entropy, (["x" * 10**6],)),
    (kl.entropy, ([["a"] * 10**5],)),
    (kl.entropy, ([0.5, "b" * 10**6],)),
    (kl.entropy, ([[0.5], [0.5, 0.5]] * 10**4,)),
    (
        kl.kl_mvn,
        (
            np.zeros((3, 100)),
            np.stack([np.eye(100)] * 2 + [np.zeros((100, 100))]),
            np.zeros(100),
            np.eye(100),
        ),
    ),
    (kl.prefix_code, ([1] * 10**5,)),
    (kl.is_prefix_free, ([1] * 10**5,)),
    (kl.is_prefix_free, ("0" * 10**6,)),
    (kl.arithmetic_encode, ([[1.5] * 10**4], [0.5, 0.5])),
    (kl.arithmetic_decode, ("0x" * 10**5, 1, [0.5, 0.5])),
    (kl.project_forward, ("x" * 10**6,)),
    (kl.kl_between, ("x" * 10**6, "y" * 10**6)),
    (kl.kl_normal, (list("x" * 10**5), 1, 0, 1)),
    (kl.ppca_log_likelihood, (np.ones((3, 400)), 1)),
    (kl.kl_estimate, ([0], [0], "k" * 10**6)),
    (kl.entropy, ([0.5, 0.5],), {"base": "2" * 10**6}),
    (kl.entropy, ([0.5, 0.5],), {"axis": "2" * 10**6}),
    (kl.entropy, ([0.5, 0.5],), {"axis": (0,) * 10**5}),
    (kl.kl_knn, ([0, 1], [0, 1]), {"k": 10**400}),
    (kl.entropy, (np.ones((1,) * 30),), {"axis": 40}),
]


@pytest.mark.parametrize(("function", "args", "keywords"), [(*row, {})[:3] for row in LONG])
def test_long_input_makes_short_messages(function, args, keywords):
    with pytest.raises(ValueError, match="must") as refusal:
        function(*args, **keywords)
    assert len(str(refusal.value)) < 300


def test_every_message_is_short():
    for module, name, args, keywords, _ in (case.values for case in CASES):
        function = importlib.import_module(f"kllib.{module}")
        for part in name.split("."):
            function = getattr(function, part)
        with pytest.raises(ValueError) as refusal:  # noqa: PT011  # the words are tried elsewhere
            function(*args, **keywords)
        assert len(str(refusal.value)) < 300


def test_the_member_of_a_batch_is_named():
    covs = np.stack([np.eye(2), np.eye(2), [[1, 2], [2, 1]]])
    with pytest.raises(ValueError, match=r"\[\[1\.0, 2\.0\], \[2\.0, 1\.0\]\] at \(2,\)"):
        kl.kl_mvn(np.zeros(2), covs, np.zeros(2), np.eye(2))


@pytest.mark.parametrize(
    ("function", "args", "keywords", "words"),
    [
        (kl.entropy, ([0.5, 0.5],), {"base": "2"}, "base must"),
        (kl.entropy, ([0.5, 0.5],), {"base": 10**400}, "base must"),
        (kl.entropy, ([[0.5, 0.5]],), {"axis": True}, "axis must"),
        (kl.conditional_entropy, ([[0.5, 0.5]], True), {}, "given must"),
        (kl.arithmetic_decode, ("0", True, [0.5, 0.5]), {}, "n must"),
        (kl.arithmetic_encode, ([[0], [0, 1]], [0.5, 0.5]), {}, "symbols must"),
        (kl.arithmetic_encode, (np.array([2**64 - 1], np.uint64), [0.5, 0.5]), {}, str(2**64 - 1)),
        (kl.entropy, ([np.ma.masked_array([0.5, 0.5], [0, 1])],), {}, "masked"),
        (
            kl.fit,
            (kl.LinearVAE(2, 1, rng=0), [[0.0, 1.0]]),
            {"rng": 0, "schedule": -5},
            "schedule must",
        ),
        (kl.LinearVAE, (2, 1, "seed"), {}, "rng must"),
        (kl.mutual_information, ([[0.5, 0.5]],), {"axis": (0, 0)}, "axis must"),
    ],
)
def test_what_is_no_number_is_refused(function, args, keywords, words):
    with pytest.raises(ValueError, match="must") as refusal:
        function(*args, **keywords)
    assert words in str(refusal.value)


def test_shannon_lengths_of_single_precision():
    rng = np.random.default_rng(5)
    for n in (2, 3, 50, 5000):
        for _ in range(20):
            p = rng.dirichlet(np.ones(n)).astype(np.float32)
            lengths = kl.shannon_lengths(p)
            assert kl.kraft_sum(lengths) <= 1
    assert kl.kraft_sum(kl.shannon_lengths(np.float32([0.5, 0.25, 0.2500874]))) <= 1


def test_seeds_are_ints_or_generators():
    mixture = kl.GaussianMixture(np.float32([0.3, 0.7]), [0, 1], [1, 1])
    np.testing.assert_array_equal(mixture.rvs(5, 1), mixture.rvs(5, np.random.default_rng(1)))
    assert np.ndim(mixture.rvs()) == 0
    model = kl.TinyVAE(4, rng=0)
    np.testing.assert_array_equal(model.sample(2, 3), model.sample(2, np.random.default_rng(3)))
    assert model.elbo(np.full((2, 4), 0.5), 3).kl.shape == (2,)


def test_axes_are_alike_everywhere():
    rng = np.random.default_rng(6)
    joint = rng.dirichlet(np.ones(12), 5).reshape(5, 3, 4)
    np.testing.assert_allclose(
        kl.mutual_information(np.moveaxis(joint, 0, 1), axis=(0, 2)), kl.mutual_information(joint)
    )
    np.testing.assert_allclose(
        kl.conditional_entropy(np.moveaxis(joint, 0, -1), 1, axis=[0, 1]),
        kl.conditional_entropy(joint, 1),
    )
    p, q = joint / 5, joint[::-1] / 5
    assert kl.kl_divergence(p, q, axis=None) == pytest.approx(
        kl.kl_divergence(p.ravel(), q.ravel())
    )
    assert kl.entropy(joint, axis=[1, 2]) == pytest.approx(kl.entropy(joint, axis=(1, 2)))
    a, b = rng.gamma(2, size=(2, 3, 4))
    np.testing.assert_allclose(kl.kl_dirichlet(a.T, b.T, axis=0), kl.kl_dirichlet(a, b))
    np.testing.assert_allclose(kl.kl_normal_standard(a.T, b.T, axis=0), kl.kl_normal_standard(a, b))
