"""Evidence lower bounds in nats for a latent z ~ N(0, I): exact where linear, else sampled."""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from kllib._validate import (
    as_counts,
    as_finite,
    as_integer,
    as_positive,
    as_probability,
    as_scalar,
    require_broadcast,
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

    reconstruction: np.ndarray
    kl: np.ndarray
    elbo: np.ndarray
    log_evidence: np.ndarray = np.float64(np.nan)
    gap: np.ndarray = np.float64(np.nan)


def _log_normal(square, std):
    """Return log N(x; m, std²) for the square of x - m."""
    return -0.5 * math.log(2 * math.pi) - np.log(std) - square / (2 * std * std)


def elbo(x, mean, std, *, slope=1.0, noise=1.0):
    """Bound on log p(x) for z ~ N(0, 1), x | z ~ N(slope·z, noise²) and q(z|x) = N(mean, std²).

    Parameters
    ----------
    x, mean, std, slope, noise : array_like, broadcast; std and noise positive

    Returns
    -------
    Elbo, in nats; its gap is D(q(z|x)‖p(z|x))

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


def ppca_log_likelihood(data, latent):
    """Greatest mean log likelihood of probabilistic PCA (Tipping and Bishop 1999).

    ``-½ Σ (log λ + 1 + log 2π)`` over the eigenvalues λ of the covariance (divided by n), all
    but the k largest replaced by their mean, the noise.

    Parameters
    ----------
    data : array_like, shape (n, d)
    latent : int, the k above, less than d

    Returns
    -------
    np.float64, in nats per example

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
        raise ValueError(f"data must vary in more than {latent} directions; eigenvalues {values}")
    values[latent:] = noise
    return -(np.log(values) + 1 + math.log(2 * math.pi)).sum() / 2


class _Autoencoder:
    """What both models share; `params` maps names to arrays that `fit` changes in place."""

    def __init__(self, features, latent):
        self.features = as_integer("features", features, least=1)
        self.latent = as_integer("latent", latent, least=1)

    def check(self, x):
        """`x` as a float64 table of shape (n, features)."""
        return _as_table("x", x, self.features)

    def reconstruct(self, x):
        """Mean of x given the mean of q(z|x), shape (n, features)."""
        return self.decode(self.encode(x)[0])

    def sample(self, n, rng):
        """Means of x given `n` draws of z from the prior, shape (n, features)."""
        return self.decode(rng.normal(size=(n, self.latent)))


class LinearVAE(_Autoencoder):
    """x | z ~ N(Wz + b, noise²I) with q(z|x) = N(Ax + c, diag(std²)): all terms in closed form.

    The best such model is probabilistic PCA with orthogonal columns of W: there the posterior is
    within the encoder's reach and the gap closes (Lucas, Tucker, Grosse and Norouzi 2019).

    Parameters
    ----------
    features, latent : positive int, sizes of x and z
    rng : np.random.Generator or seed, for the initial W and A

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

    def __init__(self, features, latent, rng):
        super().__init__(features, latent)
        W, A = np.random.default_rng(rng).normal(size=(2, features, latent)) / math.sqrt(features)
        scales = {"log_std": np.zeros(latent), "log_noise": np.zeros(1)}
        self.params = {"W": W, "b": np.zeros(features), "A": A.T, "c": np.zeros(latent), **scales}

    def encode(self, x):
        """Mean and standard deviation of q(z|x), each of shape (n, latent)."""
        mean = self.check(x) @ self.params["A"].T + self.params["c"]
        return mean, np.broadcast_to(np.exp(self.params["log_std"]), mean.shape)

    def decode(self, z):
        """Mean of x given each row of `z`, shape (n, features)."""
        return z @ self.params["W"].T + self.params["b"]

    def elbo(self, x, rng=None):
        """`Elbo` of each row of `x`, arrays of shape (n,); exact, so `rng` is not used."""
        (mean, std), W, noise = self.encode(x), self.params["W"], np.exp(self.params["log_noise"])
        square = (x - self.decode(mean)) ** 2 + std**2 @ (W**2).T
        reconstruction, kl = _log_normal(square, noise).sum(axis=1), kl_normal_standard(mean, std)
        factor = np.linalg.cholesky(W @ W.T + noise**2 * np.eye(self.features))
        white = np.linalg.solve(factor, (x - self.params["b"]).T)
        evidence = _log_normal(white**2, 1.0).sum(axis=0) - np.log(np.diag(factor)).sum()
        bound = reconstruction - kl
        return Elbo(reconstruction, kl, bound, evidence, evidence - bound)

    def gradients(self, x, weight, rng=None):
        """Mean reconstruction and kl of the rows, and gradients of reconstruction - weight·kl."""
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
    features, latent, hidden : positive int, sizes of x, of z and of both hidden layers
    rng : np.random.Generator or seed, for the initial weights

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

    def __init__(self, features, latent=2, hidden=64, *, rng):
        super().__init__(features, latent)
        hidden, rng = as_integer("hidden", hidden, least=1), np.random.default_rng(rng)
        sizes = {
            "hidden_in": (features, hidden),
            "code": (hidden, 2 * latent),  # mean and log std side by side
            "hidden_out": (latent, hidden),
            "pixels": (hidden, features),
        }
        self.params = {k: rng.normal(size=s) / math.sqrt(s[0]) for k, s in sizes.items()}
        self.params |= {f"{k}_bias": np.zeros(s[1]) for k, s in sizes.items()}

    def check(self, x):
        """`x` as a float64 table of shape (n, features) with entries in [0, 1]."""
        return as_probability("x", super().check(x))

    def _layer(self, name, x):
        return x @ self.params[name] + self.params[f"{name}_bias"]

    def encode(self, x):
        """Mean and standard deviation of q(z|x), each of shape (n, latent)."""
        mean, log_std = np.hsplit(
            self._layer("code", np.tanh(self._layer("hidden_in", self.check(x)))), 2
        )
        return mean, np.exp(log_std)

    def decode(self, z):
        """Mean of x given each row of `z`, in (0, 1), shape (n, features)."""
        return expit(self._logits(z))

    def _logits(self, z):
        return self._layer("pixels", np.tanh(self._layer("hidden_out", z)))

    def elbo(self, x, rng):
        """`Elbo` of each row of `x` at one draw of z, arrays of shape (n,)."""
        x, (mean, std) = self.check(x), self.encode(x)
        logits = self._logits(mean + std * rng.normal(size=mean.shape))
        reconstruction = (x * logits - np.logaddexp(0, logits)).sum(axis=1)
        kl = kl_normal_standard(mean, std)
        return Elbo(reconstruction, kl, reconstruction - kl)

    def gradients(self, x, weight, rng):
        """Mean reconstruction and kl of the rows, and gradients of reconstruction - weight·kl."""
        seen, n = np.tanh(self._layer("hidden_in", x)), len(x)
        mean, log_std = np.hsplit(self._layer("code", seen), 2)
        std = np.exp(log_std)
        noise = std * rng.normal(size=mean.shape)
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


def fit(
    model, data, *, rng, epochs=50, batch=100, rate=0.01, beta=1, schedule=None, progress=False
):
    """Raise ``reconstruction - beta·schedule·kl`` by Adam (Kingma and Ba 2015), in place.

    Parameters
    ----------
    model : LinearVAE or TinyVAE
    data : array_like, shape (n, features)
    rng : np.random.Generator or seed, for the order of the examples and the draws of z
    epochs, batch : int, passes over the data, and the most examples in a step
    rate : float, step size at the start; it falls linearly to 0
    beta : float, weight of the kl term; 1 for the evidence lower bound
    schedule : callable from the fraction done to a factor of beta; ``lambda t: min(1, 4 * t)``
    progress : bool, whether to show a bar, by tqdm if that is installed

    Returns
    -------
    Elbo, in nats, means over each epoch, arrays of shape (epochs,); equal for equal seeds

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
    data, rng = model.check(data), np.random.default_rng(rng)
    epochs, batch = as_integer("epochs", epochs, least=1), as_integer("batch", batch, least=1)
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
