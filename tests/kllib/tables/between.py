"""Write between.json: divergences of pairs of distributions from their densities, by mpmath.

Run as `python -m tests.kllib.tables.between`. Quadrature runs over the mpmath densities below
(30 digits, tanh-sinh), sums over the mpmath masses; what `exact` gives comes from the formula
that stands there, mostly entropy and moments of P.
"""

import json
from pathlib import Path

from mpmath import (
    beta,
    binomial,
    cosh,
    digamma,
    erfc,
    euler,
    exp,
    factorial,
    gamma,
    inf,
    log,
    log1p,
    mp,
    mpf,
    nstr,
    pi,
    quad,
    sqrt,
    zeta,
)

mp.dps = 30

# logarithms of densities and masses in SciPy's standard parameters
LOG = {
    "norm": lambda x: -(x**2) / 2 - log(2 * pi) / 2,
    "cauchy": lambda x: -log(pi * (1 + x**2)),
    "laplace": lambda x: -abs(x) - log(2),
    "logistic": lambda x: -2 * log(2 * cosh(x / 2)),
    "gumbel_r": lambda x: -x - exp(-x),
    "skewnorm": lambda x, a: -(x**2) / 2 - log(2 * pi) / 2 + log(erfc(-a * x / sqrt(2))),
    "t": lambda x, n: (
        -(n + 1) / 2 * log1p(x**2 / n) + log(gamma((n + 1) / 2) / gamma(n / 2) / sqrt(n * pi))
    ),
    "expon": lambda x: -x,
    "gamma": lambda x, a: (a - 1) * log(x) - x - log(gamma(a)),
    "lognorm": lambda x, s: -((log(x) / s) ** 2) / 2 - log(x * s * sqrt(2 * pi)),
    "invgamma": lambda x, a: -(a + 1) * log(x) - 1 / x - log(gamma(a)),
    "weibull_min": lambda x, c: log(c) + (c - 1) * log(x) - x**c,
    "rayleigh": lambda x: log(x) - x**2 / 2,
    "levy": lambda x: -1 / (2 * x) - log(2 * pi * x**3) / 2,
    "halfnorm": lambda x: -(x**2) / 2 + log(2 / pi) / 2,
    "beta": lambda x, a, b: (a - 1) * log(x) + (b - 1) * log1p(-x) - log(beta(a, b)),
    "arcsine": lambda x: -log(pi * sqrt(x * (1 - x))),
    "uniform": lambda x: mpf(0),
    "triang": lambda x, c: log(2 * x / c if x < c else 2 * (1 - x) / (1 - c)),
    "poisson": lambda k, m: k * log(m) - m - log(factorial(k)),
    "geom": lambda k, p: (k - 1) * log(1 - p) + log(p),
    "binom": lambda k, n, p: log(binomial(n, k)) + k * log(p) + (n - k) * log(1 - p),
    "nbinom": lambda k, n, p: log(binomial(k + n - 1, k)) + n * log(p) + k * log(1 - p),
    "logser": lambda k, p: k * log(p) - log(k) - log(-log(1 - p)),
    "hypergeom": lambda k, M, n, N: log(binomial(n, k) * binomial(M - n, N - k) / binomial(M, N)),
}


def log_density(x, name, shapes=(), loc=0, scale=1):
    return LOG[name]((x - mpf(loc)) / mpf(scale), *map(mpf, shapes)) - log(mpf(scale))


def term(P, Q):
    def value(x):
        log_p = log_density(x, *P)
        return exp(log_p) * (log_p - log_density(x, *Q))

    return value


def integrals():
    line, half = [-inf, -30, -5, -1, 0, 1, 5, 30, inf], [0, 1e-6, 1e-3, 0.1, 1, 5, 30, 200, inf]
    for P, Q in [
        (("norm",), ("cauchy",)),
        (("norm",), ("cauchy", (), 1, 0.001)),  # the log density of Q has a spike
        (("norm",), ("laplace",)),
        (("norm",), ("t", (1.5,))),
        (("t", (3.0,)), ("logistic",)),
        (("skewnorm", (2.0,)), ("norm",)),
        (("laplace",), ("cauchy",)),
        (("cauchy",), ("t", (4.0,))),
    ]:
        yield P, Q, quad(term(P, Q), sorted({*line, 0.999, 1.001}))
    for Q in ("logistic",), ("gumbel_r", (), 1, 2):
        P = ("gumbel_r",)
        yield P, Q, quad(term(P, Q), [-30, -5, -2, 0, 2, 10, 50, 150])
    for P, Q in [
        (("gamma", (2.0,)), ("lognorm", (1.0,))),
        (("lognorm", (1.0,)), ("gamma", (2.0,))),
        (("lognorm", (0.5,), 0, 2), ("weibull_min", (1.5,))),
        (("weibull_min", (1.5,)), ("weibull_min", (2.0,), 0, 3)),
        (("invgamma", (3.0,)), ("lognorm", (1.0,))),
        (("rayleigh",), ("gamma", (3.0,))),
        (("halfnorm",), ("rayleigh",)),
        (("levy",), ("levy", (), 0, 3)),
        (("expon",), ("halfnorm",)),
    ]:
        yield P, Q, quad(term(P, Q), half)
    for P, Q in [
        (("beta", (2.0, 3.0)), ("arcsine",)),
        (("arcsine",), ("beta", (2.0, 0.5))),
        (("beta", (0.5, 0.5)), ("triang", (0.25,))),
        (("triang", (0.3,)), ("beta", (2.0, 2.0))),
    ]:
        yield P, Q, quad(term(P, Q), [0, 0.25, 0.3, 0.5, 1])


def sums():
    for P, Q, first, last in [
        (("binom", (10, 0.3)), ("poisson", (3.0,)), 0, 10),
        (("poisson", (3.0,)), ("nbinom", (5, 0.6)), 0, 120),
        (("geom", (0.5,)), ("poisson", (2.0,)), 1, 200),
        (("geom", (0.02,)), ("logser", (0.9,)), 1, 6000),
        (("logser", (0.9,)), ("geom", (0.3,)), 1, 1000),
        (("hypergeom", (50, 20, 10)), ("binom", (10, 0.4)), 0, 10),
        (("binom", (10, 0.3)), ("binom", (20, 0.2)), 0, 10),
        (("poisson", (100.0,)), ("geom", (0.01,), -1), 0, 600),
    ]:
        yield P, Q, sum(map(term(P, Q), range(first, last + 1)))


def exact():
    normal = log(2 * pi) / 2  # less the mean of log q of N(0, 1) is this plus half E x²
    for n in ("2.1", "2.01", "3"):
        n = mpf(n)
        half, whole = (n + 1) / 2, digamma((n + 1) / 2) - digamma(n / 2)
        entropy = half * whole + log(sqrt(n) * beta(n / 2, mpf(1) / 2))
        yield ("t", (float(n),)), ("norm",), normal + n / (n - 2) / 2 - entropy
    yield ("logistic",), ("norm",), normal + pi**2 / 6 - 2
    yield ("laplace",), ("norm",), normal - log(2)
    yield ("norm", (), 1000, 1), ("laplace",), log(2) + 1000 - normal - mpf(1) / 2
    yield ("norm", (), 3, 1e-6), ("cauchy",), log(10 * pi) - normal - log(mpf(1e-6)) - mpf(1) / 2
    yield ("uniform", (), -1, 2), ("norm",), normal + mpf(1) / 6 - log(2)
    yield ("uniform", (), 3, 0.001), ("uniform", (), 0, 10), log(10 / mpf(0.001))
    yield ("expon", (), 1), ("expon", (), 0, 2), log(2) + 1 - 1
    yield ("expon",), ("gumbel_r",), mpf(1) / 2
    yield ("triang", (0.3,)), ("uniform",), log(2) - mpf(1) / 2
    a, b = mpf(0.1), mpf(0.2)
    ends = (a - 1) * (digamma(a) - digamma(a + b)) + (b - 1) * (digamma(b) - digamma(a + b))
    yield ("beta", (0.1, 0.2)), ("uniform",), ends - log(beta(a, b))
    yield ("pareto", (0.05,)), ("pareto", (3.0,)), log(mpf(0.05) / 3) + 3 / mpf(0.05) - 1
    yield ("pareto", (3.0,)), ("expon",), log(3) - 1 - mpf(1) / 3 + mpf(3) / 2
    zipf = -zeta(mpf(3.5), derivative=1) / zeta(mpf(3.5)) * (2 - mpf(3.5))
    yield ("zipf", (3.5,)), ("zipf", (2.0,)), zipf + log(zeta(2) / zeta(mpf(3.5)))
    yield ("randint", (0, 100000)), ("randint", (-5, 300000)), log(mpf("3.00005"))
    a, c = mpf(0.5), mpf(2)
    mean = gamma(1 + c / a)
    yield (
        ("weibull_min", (0.5,)),
        ("weibull_min", (2.0,)),
        log(a / c) + (a - c) * -euler / a + mean - 1,
    )


def infinite():
    yield from [
        (("cauchy",), ("norm",)),
        (("t", (2.0,)), ("norm",)),
        (("pareto", (1.0,)), ("expon",)),
        (("uniform",), ("invgamma", (1.0,))),  # no density of Q at 0 to speak of
        (("gamma", (0.01,)), ("invgamma", (0.5,))),
        (("logistic",), ("gumbel_r",)),
        (("lognorm", (1.0,)), ("gumbel_l",)),
        (("norm",), ("uniform", (), -50, 100)),
        (("expon",), ("expon", (), 1)),
        (("uniform", (), 0, 2), ("beta", (1.0, 1.0))),
        (("poisson", (3.0,)), ("binom", (10, 0.3))),
        (("poisson", (3.0,)), ("poisson", (3.0,), 0.5)),
        (("zipf", (2.0,)), ("geom", (0.5,))),
        (("zipf", (1.9,)), ("poisson", (1.0,))),
    ]


if __name__ == "__main__":
    found = [*integrals(), *sums(), *exact(), *((P, Q, inf) for P, Q in infinite())]
    text = ",\n".join(json.dumps([P, Q, nstr(value, 18)]) for P, Q, value in found)
    Path(__file__).with_suffix(".json").write_text(f"[\n{text}\n]\n")
