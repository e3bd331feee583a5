"""Evidence lower bounds in nats for a latent z ~ N(0, I): exact where linear, else sampled."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from kllib._validate import (
    Numbers,
    Seed,
    as_counts,
    as_finite,
    as_generator,
    as_integer,
    as_positive,
    as_probability,
    as_scalar,
    require_broadcast,
    shown,
)
from kllib.families import kl_normal, kl_normal_standard

__all__ = [
    "Elbo",
    "LinearVAE",
    "TinyVAE",
    "elbo",
    "fit",
    "ppca_log_likelihood",
]


class Elbo(NamedTuple):
    """``elbo = reconstruction - kl = log_evidence - gap``; the last two NaN where intractable."""

    reconstruction: Numbers
    kl: Numbers
    elbo: Numbers
    log_evidence: Numbers = np.float64(np.nan)
    gap: Numbers = np.float64(np.nan)


def _log_normal(square, std):
    """Return log N(x; m, std²) for the square of x - m."""
    return -0.5 * math.log(2 * math.pi) - np.log(std) - square / (2 * std * std)


@np.errstate(all="ignore")
def elbo(
    x: ArrayLike, mean: ArrayLike, std: ArrayLike, *, slope: ArrayLike = 1.0, noise: ArrayLike = 1.0
) -> Elbo:
    """Return a bound on log p(x) for z ~ N(0, 1) and x | z ~ N(slope·z, noise²).

    The bound is that of q(z|x) = N(mean, std²).

    Parameters
    ----------
    x : array_like
        What was observed; all arguments broadcast.
    mean, std : array_like
        Mean and positive standard deviation of q(z|x).
    slope, noise : array_like, optional
        Slope and positive standard deviation of the decoder; 1 by default.

    Returns
    -------
    Elbo
        The bound and its parts in nats; the gap is D(q(z|x)‖p(z|x)).

    Raises
    ------
    ValueError
        If an argument is not finite, or a standard deviation not positive.

    Examples
    --------
    >>> bound = elbo(1.5, 0.5, 0.5)
    >>> print(f"{bound.log_evidence:.6f} = {bound.elbo:.6f} + {bound.gap:.6f}")
    -1.828012 = -1.987086 + 0.159074
    """
    x, mean, slope = as_finite("x", x), as_finite("mean", mean), as_finite("slope", slope)
    std, noise = as_positive("std", std), as_positive("noise", noise)
    given = {"x": x, "mean": mean, "std": std, "slope": slope, "noise": noise}
    require_broadcast(**{name: a.shape for name, a in given.items()})
    kl, total = kl_normal(mean, std, 0.0, 1.0), np.hypot(slope, noise)
    gap = kl_normal(mean, std, slope / total * (x / total), noise / total)
    with np.errstate(over="ignore"):
        reconstruction = _log_normal((x - slope * mean) ** 2 + (slope * std) ** 2, noise)
        return Elbo(reconstruction, kl, reconstruction - kl, _log_normal(x**2, total), gap)


def _as_table(name, data, features=None):
    """Return `data` as a finite float64 table, of so many features if that is given."""
    data = as_finite(name, data).astype(np.float64)
    if data.ndim != 2 or 0 in data.shape or features not in (None, data.shape[1]):
        raise ValueError(f"{name} must be rows of {features or 'n'} features; got {data.shape}")
    return data


@np.errstate(all="ignore")
def ppca_log_likelihood(data: ArrayLike, latent: int) -> np.float64:
    """Return the greatest mean log likelihood of probabilistic PCA (Tipping and Bishop 1999).

    ``-½ Σ (log λ + 1 + log 2π)`` over the eigenvalues λ of the covariance (divided by n), all
    but the k largest replaced by their mean, the noise.

    Parameters
    ----------
    data : array_like, shape (n, d)
        Examples in rows.
    latent : int
        The k above, less than d.

    Returns
    -------
    float
        The log likelihood, in nats per example.

    Raises
    ------
    ValueError
        If `data` is no finite table, or varies in `latent` directions or fewer.

    Examples
    --------
    >>> ppca_log_likelihood([[0, 0], [2, 0], [0, 1], [2, 1]], 1).round(6)
    np.float64(-2.14473)
    """
    data, latent = _as_table("data", data), as_integer("latent", latent, least=1)
    if np.isnan(data).any():
        return np.float64(np.nan)
    values = np.linalg.eigvalsh(np.atleast_2d(np.cov(data.T, bias=True)))[::-1]
    noise = values[latent:].sum() / max(values.size - latent, 1)
    if noise <= 1e-12 * values[0]:
        raise ValueError(
            f"data must vary in more than {latent} directions; eigenvalues {shown(values)}"
        )
    values[latent:] = noise
    return -(np.log(values) + 1 + math.log(2 * math.pi)).sum() / 2


class _Autoencoder(ABC):
    """What both models share; `params` maps names to arrays that `fit` changes in place."""

    params: dict[str, np.ndarray]

    def __init__(self, features: int, latent: int) -> None:
        self.features = as_integer("features", features, least=1)
        self.latent = as_integer("latent", latent, least=1)

    def check(self, x: ArrayLike) -> np.ndarray:
        """Return `x` as a float64 table of shape (n, features)."""
        return _as_table("x", x, self.features)

    @abstractmethod
    def encode(self, x: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of q(z|x), each of shape (n, latent)."""

    @abstractmethod
    def decode(self, z: np.ndarray) -> np.ndarray:
        """Return the mean of x given each row of `z`, shape (n, features)."""

    @np.errstate(all="ignore")
    def reconstruct(self, x: ArrayLike) -> np.ndarray:
        """Return the mean of x given the mean of q(z|x), shape (n, features)."""
        return self.decode(self.encode(x)[0])

    @np.errstate(all="ignore")
    def sample(self, n: int, rng: Seed) -> np.ndarray:
        """Return means of x given `n` draws of z from the prior, shape (n, features)."""
        return self.decode(as_generator("rng", rng).normal(size=(n, self.latent)))


class LinearVAE(_Autoencoder):
    """x | z ~ N(Wz + b, noise²I) with q(z|x) = N(Ax + c, diag(std²)): all terms in closed form.

    The best such model is probabilistic PCA with orthogonal columns of W: there the posterior is
    within the encoder's reach and the gap closes (Lucas, Tucker, Grosse and Norouzi 2019).

    Parameters
    ----------
    features, latent : int
        Sizes of x and z, positive.
    rng : numpy.random.Generator or int
        Generator, or its seed, for the initial W and A.

    Raises
    ------
    ValueError
        If a size is not a positive integer.

    Examples
    --------
    >>> bound = LinearVAE(3, 1, rng=0).elbo([[0.5, 1.0, -1.0]])
    >>> bool(np.allclose(bound.log_evidence, bound.elbo + bound.gap))
    True
    """

    def __init__(self, features: int, latent: int, rng: Seed) -> None:
        super().__init__(features, latent)
        W, A = as_generator("rng", rng).normal(size=(2, features, latent)) / math.sqrt(features)
        scales = {"log_std": np.zeros(latent), "log_noise": np.zeros(1)}
        self.params = {"W": W, "b": np.zeros(features), "A": A.T, "c": np.zeros(latent), **scales}

    @np.errstate(all="ignore")
    def encode(self, x: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of q(z|x), each of shape (n, latent)."""
        mean = self.check(x) @ self.params["A"].T + self.params["c"]
        return mean, np.broadcast_to(np.exp(self.params["log_std"]), mean.shape)

    @np.errstate(all="ignore")
    def decode(self, z: np.ndarray) -> np.ndarray:
        """Return the mean of x given each row of `z`, shape (n, features)."""
        return z @ self.params["W"].T + self.params["b"]

    @np.errstate(all="ignore")
    def elbo(self, x: ArrayLike, rng: Seed = None) -> Elbo:
        """Return the `Elbo` of each row of `x`, shape (n,); exact, so `rng` is not used."""
        (mean, std), W, noise = self.encode(x), self.params["W"], np.exp(self.params["log_noise"])
        square = (x - self.decode(mean)) ** 2 + std**2 @ (W**2).T
        reconstruction, kl = _log_normal(square, noise).sum(axis=1), kl_normal_standard(mean, std)
        factor = np.linalg.cholesky(W @ W.T + noise**2 * np.eye(self.features))
        white = np.linalg.solve(factor, (x - self.params["b"]).T)
        evidence = _log_normal(white**2, 1.0).sum(axis=0) - np.log(np.diag(factor)).sum()
        bound = reconstruction - kl
        return Elbo(reconstruction, kl, bound, evidence, evidence - bound)

    @np.errstate(all="ignore")
    def gradients(
        self, x: np.ndarray, weight: float, rng: Seed = None
    ) -> tuple[tuple[np.float64, np.float64], dict[str, np.ndarray]]:
        """Return mean reconstruction and kl, and gradients of reconstruction - weight·kl."""
        (mean, std), W, noise = self.encode(x), self.params["W"], np.exp(self.params["log_noise"])
        residual, variance = x - self.decode(mean), std[0] ** 2
        square = (residual**2).mean(axis=0) + W**2 @ variance
        error = residual / noise**2 / len(x)
        by_mean = error @ W - weight * mean / len(x)
        reconstruction, kl = _log_normal(square, noise).sum(), kl_normal_standard(mean, std).mean()
        return (reconstruction, kl), {
            "W": error.T @ mean - W * variance / noise**2,
            "b": error.sum(axis=0),
            "A": by_mean.T @ x,
            "c": by_mean.sum(axis=0),
            "log_std": -variance * (W**2).sum(axis=0) / noise**2 - weight * (variance - 1),
            "log_noise": square.sum() / noise**2 - self.features,
        }


class TinyVAE(_Autoencoder):
    """Pixels x | z ~ Bernoulli and q(z|x) normal, both by networks with one hidden tanh layer.

    Grey pixels are scored by cross-entropy, so that the best reconstruction is minus their
    entropy, not 0. One draw z = mean + std·ε per example keeps the bound unbiased.

    Parameters
    ----------
    features, latent, hidden : int
        Sizes of x, of z and of both hidden layers, positive.
    rng : numpy.random.Generator or int
        Generator, or its seed, for the initial weights.

    Raises
    ------
    ValueError
        If a size is not a positive integer.

    Examples
    --------
    >>> model = TinyVAE(64, latent=2, hidden=32, rng=0)
    >>> model.sample(3, np.random.default_rng(0)).shape
    (3, 64)
    """

    def __init__(self, features: int, latent: int = 2, hidden: int = 64, *, rng: Seed) -> None:
        super().__init__(features, latent)
        hidden, rng = as_integer("hidden", hidden, least=1), as_generator("rng", rng)
        sizes = {
            "hidden_in": (features, hidden),
            "code": (hidden, 2 * latent),  # mean and log std side by side
            "hidden_out": (latent, hidden),
            "pixels": (hidden, features),
        }
        self.params = {k: rng.normal(size=s) / math.sqrt(s[0]) for k, s in sizes.items()}
        self.params |= {f"{k}_bias": np.zeros(s[1]) for k, s in sizes.items()}

    def check(self, x: ArrayLike) -> np.ndarray:
        """Return `x` as a float64 table of shape (n, features) with entries in [0, 1]."""
        return as_probability("x", super().check(x))

    def _layer(self, name, x):
        return x @ self.params[name] + self.params[f"{name}_bias"]

    @np.errstate(all="ignore")
    def encode(self, x: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of q(z|x), each of shape (n, latent)."""
        mean, log_std = np.hsplit(
            self._layer("code", np.tanh(self._layer("hidden_in", self.check(x)))), 2
        )
        return mean, np.exp(log_std)

    @np.errstate(all="ignore")
    def decode(self, z: np.ndarray) -> np.ndarray:
        """Return the mean of x given each row of `z`, in (0, 1), shape (n, features)."""
        return expit(self._logits(z))

    def _logits(self, z):
        return self._layer("pixels", np.tanh(self._layer("hidden_out", z)))

    @np.errstate(all="ignore")
    def elbo(self, x: ArrayLike, rng: Seed) -> Elbo:
        """Return the `Elbo` of each row of `x` at one draw of z, arrays of shape (n,)."""
        x, (mean, std) = self.check(x), self.encode(x)
        logits = self._logits(mean + std * as_generator("rng", rng).normal(size=mean.shape))
        reconstruction = (x * logits - np.logaddexp(0, logits)).sum(axis=1)
        kl = kl_normal_standard(mean, std)
        return Elbo(reconstruction, kl, reconstruction - kl)

    @np.errstate(all="ignore")
    def gradients(
        self, x: np.ndarray, weight: float, rng: Seed
    ) -> tuple[tuple[np.float64, np.float64], dict[str, np.ndarray]]:
        """Return mean reconstruction and kl, and gradients of reconstruction - weight·kl."""
        seen, n = np.tanh(self._layer("hidden_in", x)), len(x)
        mean, log_std = np.hsplit(self._layer("code", seen), 2)
        std = np.exp(log_std)
        noise = std * as_generator("rng", rng).normal(size=mean.shape)
        drawn = np.tanh(self._layer("hidden_out", mean + noise))
        logits = self._layer("pixels", drawn)
        by_logits = (x - expit(logits)) / n
        by_drawn = by_logits @ self.params["pixels"].T * (1 - drawn**2)
        by_z = by_drawn @ self.params["hidden_out"].T
        by_code = np.hstack([by_z - weight * mean / n, by_z * noise - weight * (std**2 - 1) / n])
        by_seen = by_code @ self.params["code"].T * (1 - seen**2)
        layers = {"hidden_in": (x, by_seen), "code": (seen, by_code)}
        layers |= {"hidden_out": (mean + noise, by_drawn), "pixels": (drawn, by_logits)}
        grads = {name: a.T @ b for name, (a, b) in layers.items()}
        grads |= {f"{name}_bias": b.sum(axis=0) for name, (_, b) in layers.items()}
        reconstruction = (x * logits - np.logaddexp(0, logits)).sum() / n
        return (reconstruction, kl_normal_standard(mean, std).mean()), grads


@np.errstate(all="ignore")
def fit(
    model: LinearVAE | TinyVAE,
    data: ArrayLike,
    *,
    rng: Seed,
    epochs: int = 50,
    batch: int = 100,
    rate: float = 0.01,
    beta: float = 1,
    schedule: Callable[[float], float] | None = None,
    progress: bool = False,
) -> Elbo:
    """Return the history of raising ``reconstruction - beta·schedule·kl``, in place.

    Steps are those of Adam (Kingma and Ba 2015).

    Parameters
    ----------
    model : LinearVAE or TinyVAE
        The model, changed in place.
    data : array_like, shape (n, features)
        Examples in rows.
    rng : numpy.random.Generator or int
        Generator, or its seed, for the order of the examples and the draws of z.
    epochs : int, optional
        Passes over the data.
    batch : int, optional
        The most examples in a step.
    rate : float, optional
        Step size at the start; it falls linearly to 0.
    beta : float, optional
        Weight of the kl term; 1 for the evidence lower bound.
    schedule : callable, optional
        Takes the fraction done to a factor of beta: ``lambda t: min(1, 4 * t)``.
    progress : bool, optional
        Whether to show a bar on stderr; that needs tqdm.

    Returns
    -------
    Elbo
        Means over each epoch in nats, arrays of shape (epochs,); equal for equal seeds.

    Raises
    ------
    ValueError
        If the data are not the model's kind, a size or `rate` not positive, beta negative.

    Examples
    --------
    >>> data = np.random.default_rng(0).normal(size=(200, 3)) * [2.0, 1.0, 1.0]
    >>> history = fit(LinearVAE(3, 1, rng=0), data, rng=0, rate=0.03)
    >>> bool(history.elbo[0] < history.elbo[-1] < ppca_log_likelihood(data, 1))
    True
    """
    data, rng = model.check(data), as_generator("rng", rng)
    epochs, batch = as_integer("epochs", epochs, least=1), as_integer("batch", batch, least=1)
    if schedule is not None and not callable(schedule):
        raise ValueError(f"schedule must be a function or None; got {shown(schedule)}")
    rate, beta = as_scalar("rate", rate, as_positive), as_scalar("beta", beta, as_counts)
    batches, step, history, passes = -(-len(data) // batch), 0, [], range(epochs)
    moments = {name: np.zeros((2, *value.shape)) for name, value in model.params.items()}
    if progress:
        from tqdm import tqdm

        passes = tqdm(passes, unit="epoch")
    for _ in passes:
        sums = np.zeros(2)
        for rows in np.array_split(rng.permutation(len(data)), batches):
            done, step = step / (epochs * batches), step + 1
            weight = beta if schedule is None else beta * schedule(done)
            terms, grads = model.gradients(data[rows], weight, rng)
            sums += np.multiply(terms, len(rows) / len(data))
            for name, (first, second) in moments.items():
                first += 0.1 * (grads[name] - first)
                second += 0.001 * (grads[name] ** 2 - second)
                scale = np.sqrt(second / (1 - 0.999**step)) + 1e-8
                model.params[name] += rate * (1 - done) / (1 - 0.9**step) * first / scale
        history.append([*sums, sums[0] - sums[1]])
    return Elbo(*np.transpose(history))
