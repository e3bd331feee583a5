"""Policies on a leash: what maximises reward less a price on divergence from a reference.

A policy is a distribution over finitely many answers, a reward is a number for each of them, and
beta is the price of a nat. With D(policy‖reference) the best policy is the reference, tilted;
with D(reference‖policy), to which the gradient of k3 in a loss leads, another that covers it.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import logsumexp

from kllib._validate import (
    as_distribution,
    as_finite,
    as_integer,
    as_positive,
    as_scalar,
    require_same_labels,
    shown,
)

__all__ = ["Tilt", "ascend", "cover", "tilt"]


class Tilt(NamedTuple):
    """policy ∝ reference · exp(rewards/beta), and the log of the sum that normalises it."""

    policy: np.ndarray
    log_z: np.float64


def _setting(reference, rewards, beta):
    require_same_labels(reference=reference, rewards=rewards)
    reference, rewards = as_distribution("reference", reference), as_finite("rewards", rewards)
    if rewards.shape != reference.shape:
        raise ValueError(
            f"rewards must have the shape of reference, {reference.shape}; got {rewards.shape}"
        )
    beta = np.float64(as_scalar("beta", beta, as_positive))
    return reference, rewards.astype(np.float64), beta


def _log(p):
    with np.errstate(divide="ignore"):
        return np.log(p)


@np.errstate(all="ignore")
def tilt(reference: ArrayLike, rewards: ArrayLike, beta: float) -> Tilt:
    """Return the policy with the greatest E r - beta·D(policy‖reference), which is beta·log Z.

    Parameters
    ----------
    reference : array_like, shape (n,)
        Probabilities of the answers before training.
    rewards : array_like, shape (n,)
        Finite rewards r of the answers.
    beta : float
        Price of a nat of divergence, positive, in units of reward.

    Returns
    -------
    Tilt
        The policy, of shape (n,), and log Z = log E exp(r/beta) under the reference.

    Raises
    ------
    ValueError
        If reference is no distribution, rewards are not as many and finite, or beta not positive.

    Examples
    --------
    >>> best = tilt([0.5, 0.3, 0.2], [0, 1, 2], beta=1)
    >>> best.policy.round(3), best.log_z.round(4)
    (array([0.179, 0.292, 0.529]), np.float64(1.0272))
    """
    reference, rewards, beta = _setting(reference, rewards, beta)
    if np.isnan([*reference, *rewards, beta]).any():
        return Tilt(np.full(reference.shape, np.nan), np.float64(np.nan))
    top = rewards[reference != 0].max()
    with np.errstate(all="ignore"):  # -inf, 0 and inf are the limits
        height = _log(reference) + np.where(reference == 0, 0.0, (rewards - top) / beta)
        weights = np.exp(height - height.max())
        return Tilt(weights / weights.sum(), np.float64(top / beta + logsumexp(height)))


@np.errstate(all="ignore")
def cover(reference: ArrayLike, rewards: ArrayLike, beta: float) -> np.ndarray:
    """Return the policy with the greatest E r - beta·D(reference‖policy).

    It is beta·reference/(level - rewards), with the level at which this sums to 1; an answer that
    the reference excludes takes what is left if its reward is above that level.

    Parameters
    ----------
    reference : array_like, shape (n,)
        Probabilities of the answers before training.
    rewards : array_like, shape (n,)
        Finite rewards r of the answers.
    beta : float
        Price of a nat of divergence, positive, in units of reward.

    Returns
    -------
    ndarray, shape (n,)
        The policy: where gradient ascent ends if k3 stands in the loss.

    Raises
    ------
    ValueError
        If reference is no distribution, rewards are not as many and finite, or beta not positive.

    Examples
    --------
    >>> cover([0.5, 0.3, 0.2], [0, 1, 2], beta=1).round(3)
    array([0.212, 0.222, 0.566])
    """
    reference, rewards, beta = _setting(reference, rewards, beta)
    if np.isnan([*reference, *rewards, beta]).any():
        return np.full(reference.shape, np.nan)
    known = reference > 0
    top = rewards[known].max()
    share = reference[known & (rewards == top)].sum()

    def spent(room):
        return (beta * reference[known] / (room + top - rewards[known])).sum()

    room = beta  # with equal rewards
    if spent(beta) < 1 and share < 1:
        room = brentq(lambda v: spent(v) - 1, beta * share, beta, xtol=1e-15, rtol=1e-15)
    level = max(top + room, rewards.max())
    policy = np.zeros(reference.size)
    policy[known] = beta * reference[known] / (level - rewards[known])
    rest = (~known) & (rewards == level)
    policy[rest] = max(0.0, 1 - policy.sum()) / max(1, rest.sum())
    return policy / policy.sum()


@np.errstate(all="ignore")
def ascend(
    reference: ArrayLike,
    rewards: ArrayLike,
    beta: float,
    penalty: Literal["exact", "k3"],
    start: ArrayLike,
    steps: int,
) -> np.ndarray:
    """Return the policy before and after each step of gradient ascent in its logits.

    A step is 1/(1 + beta) times the gradient. A policy of infinite divergence takes no exact
    step: there the path ends.

    Parameters
    ----------
    reference : array_like, shape (n,)
        Probabilities of the answers before training.
    rewards : array_like, shape (n,)
        Finite rewards of the answers.
    beta : float
        Price of a nat of divergence, positive, in units of reward.
    penalty : {"exact", "k3"}
        Whose gradient is charged: that of D(policy‖reference), or what k3 in the loss gives, the
        gradient of D(reference‖policy).
    start : array_like, shape (n,)
        The policy before the first step.
    steps : int
        How many steps to take; 0 or more.

    Returns
    -------
    ndarray, shape (steps + 1, n)
        The policies, `start` first.

    Raises
    ------
    ValueError
        If reference or start is no distribution, or another argument not of its kind.

    Examples
    --------
    >>> ref, rewards = [0.5, 0.3, 0.2], [0, 1, 2]
    >>> ascend(ref, rewards, 1, "exact", ref, steps=200)[-1].round(3)
    array([0.179, 0.292, 0.529])
    """
    reference, rewards, beta = _setting(reference, rewards, beta)
    if penalty not in ("exact", "k3"):
        raise ValueError(f"penalty must be 'exact' or 'k3'; got {shown(penalty)}")
    path = [as_distribution("start", start)]
    if path[0].shape != reference.shape:
        raise ValueError(
            f"start must have the shape of reference, {reference.shape}; got {path[0].shape}"
        )
    logs = _log(path[0])
    for _ in range(as_integer("steps", steps, least=0)):
        policy = path[-1]
        if penalty == "exact":
            held = policy != 0
            if (held & (reference == 0)).any():
                break
            gains = np.zeros(policy.size)
            gains[held] = rewards[held] - beta * (logs[held] - _log(reference[held]))
            gradient = policy * (gains - policy @ gains)
        else:
            gradient = policy * (rewards - policy @ rewards) - beta * (policy - reference)
        logs = logs + gradient / (1 + beta)
        logs = logs - logsumexp(logs)
        path.append(np.exp(logs))
    return np.array(path)
