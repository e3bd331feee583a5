"""Calls of kllib.between that must raise ValueError: name, arguments, keywords, words said."""

import math

from scipy import stats

CASES = [
    *[
        ("kl_between", args, {}, [f"{'PQ'[args.index(wrong)]} must be a frozen", str(wrong)[:9]])
        for wrong in [1, None, stats.norm, [0.5, 0.5]]
        for args in [(wrong, stats.norm()), (stats.norm(), wrong)]
    ],
    ("kl_between", (stats.norm(), stats.poisson(1)), {}, ["P and Q must be both continuous"]),
    ("kl_between", (stats.poisson(1), stats.norm()), {}, ["P and Q must be both continuous"]),
    ("kl_between", (stats.norm([0, 1]), stats.norm()), {}, ["P must have scalar", "[0, 1]"]),
    ("kl_between", (stats.norm(), stats.norm(0, -1)), {}, ["Q must have valid", "norm", "-1"]),
    ("kl_between", (stats.gamma(-2), stats.norm()), {}, ["P must have valid", "gamma", "-2"]),
    ("kl_between", (stats.norm(math.inf), stats.norm()), {}, ["P must have valid", "inf"]),
    ("kl_between", (stats.multivariate_normal([0, 0]), stats.norm()), {}, ["P must be a frozen"]),
    ("kl_between", (stats.norm(), stats.dirichlet([1, 1])), {}, ["Q must be a frozen"]),
    ("kl_between", (stats.norm(), stats.norm()), {"base": 0}, ["base must be", "got 0"]),
    (
        "kl_between",
        (stats.multivariate_normal([0, 0]), stats.multivariate_normal([0, 0, 0])),
        {},
        ["mean_p, mean_q must have equally many"],
    ),
]
