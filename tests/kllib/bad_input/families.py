"""Calls of kllib.families that must raise ValueError: name, arguments, keywords, words said."""

import math

import numpy as np

I2 = [[1.0, 0.0], [0.0, 1.0]]
GOOD = {
    "kl_bernoulli": {"p": 0.5, "q": 0.5},
    "kl_beta": {"a_p": 1, "b_p": 1, "a_q": 1, "b_q": 1},
    "kl_dirichlet": {"alpha_p": [1, 2], "alpha_q": [1, 2]},
    "kl_exponential": {"rate_p": 1, "rate_q": 1},
    "kl_gamma": {"shape_p": 1, "rate_p": 1, "shape_q": 1, "rate_q": 1},
    "kl_laplace": {"loc_p": 0, "scale_p": 1, "loc_q": 0, "scale_q": 1},
    "kl_mvn": {"mean_p": [0, 0], "cov_p": I2, "mean_q": [0, 0], "cov_q": I2},
    "kl_normal": {"mean_p": 0, "std_p": 1, "mean_q": 0, "std_q": 1},
    "kl_normal_standard": {"mean": [0, 0], "std": [1, 1]},
    "kl_poisson": {"rate_p": 1, "rate_q": 1},
}
PROBABILITY, LOCATION = ["p", "q"], ["mean", "loc"]


def broken():
    """Every parameter of every closed form, by the rule its name stands for."""
    for name, good in GOOD.items():
        for parameter, value in good.items():
            kind = parameter.split("_")[0]
            wrong = [("x", "must hold real numbers")]
            if kind in PROBABILITY:
                wrong += [(-0.1, "must lie in [0, 1]"), (1.1, "must lie in [0, 1]")]
            else:
                wrong += [(math.inf, "must be finite"), (-math.inf, "must be finite")]
            if kind not in [*PROBABILITY, *LOCATION, "cov"]:
                wrong += [(0.0, "must be positive"), (-2.0, "must be positive")]
            for bad, rule in wrong:
                array = np.full(np.shape(value), bad) if np.ndim(value) else bad
                yield name, (), {**good, parameter: array}, [f"{parameter} {rule}", str(bad)]


def changed(name, **parameters):
    return {**GOOD[name], **parameters}


CASES = [
    ("kl_bernoulli_logits", (["a"], 0), {}, ["p_logit must hold real numbers"]),
    ("kl_bernoulli_logits", (0, 1j), {}, ["q_logit must hold real numbers", "1j"]),
    ("kl_normal_standard_logvar", ([0], [math.inf]), {}, ["logvar must be finite", "inf"]),
    ("kl_normal_standard_logvar", ([0, 1], [0]), {}, ["mean, logvar must have equally many"]),
    *broken(),
    *[(name, (), {**good, "base": 1}, ["base must be", "got 1"]) for name, good in GOOD.items()],
    *[
        (name, (), changed(name, **{first: [1, 1], second: [1, 1, 1]}), [first, second, "(3,)"])
        for name, first, second in [
            ("kl_normal", "mean_p", "std_q"),
            ("kl_bernoulli", "p", "q"),
            ("kl_dirichlet", "alpha_p", "alpha_q"),
            ("kl_normal_standard", "mean", "std"),
            ("kl_mvn", "mean_p", "mean_q"),
        ]
    ],
    ("kl_dirichlet", ([1.0], [1.0, 2.0]), {}, ["equally many categories", "(1,)"]),
    ("kl_dirichlet", (1.0, 1.0), {}, ["alpha_p must have an axis"]),
    ("kl_normal_standard", (0.0, 1.0), {}, ["mean must have an axis"]),
    ("kl_normal_standard", ([0.0], [1.0, 1.0]), {}, ["mean, std must have equally many", "(1,)"]),
    *[
        ("kl_mvn", (), changed("kl_mvn", **{parameter: cov}), [f"{parameter} must {rule}", *got])
        for parameter in ["cov_p", "cov_q"]
        for cov, rule, got in [
            ([[1, 2], [2, 1]], "be positive definite", ["[2.0, 1.0]"]),
            ([[1, 1], [1, 1]], "be positive definite", ["[1.0, 1.0]"]),
            ([[1, 0.5], [0.4, 1]], "be symmetric", [f"{parameter}[0, 1] = 0.5"]),
            (np.eye(3), "have shape (..., 2, 2)", ["(3, 3)"]),
            (1.0, "have shape (..., 2, 2)", ["()"]),
            ([1.0, 1.0], "have shape (..., 2, 2)", ["(2,)"]),
        ]
    ],
    (
        "kl_mvn",
        (np.zeros((2, 2)), I2, np.zeros((3, 2)), I2),
        {},
        ["must have shapes that broadcast", "mean_q with (3,)"],
    ),
]
