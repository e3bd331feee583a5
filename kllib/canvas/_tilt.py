"""The best policy on a leash, and the way to it by gradient: the twin of static/tilt.js."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp

__all__ = ["Tilt", "pulled", "tilt", "train"]


class Tilt(NamedTuple):
    """policy ∝ reference · exp(rewards/beta), and the log of the sum that normalises it."""

    policy: np.ndarray
    log_z: float


def _log(p):
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(p, dtype=float))


def tilt(reference, rewards, beta):
    """The policy with the greatest E r - beta·D(policy‖reference), which is beta·log Z."""
    height = _log(reference) + np.divide(rewards, beta)
    weights = np.exp(height - height.max())
    return Tilt(weights / weights.sum(), float(logsumexp(height)))


def pulled(reference, rewards, beta):
    """The policy with the greatest E r - beta·D(reference‖policy), where k3 in the loss ends.

    It is beta·reference/(level - rewards), with the level at which this sums to 1; an answer that
    the reference excludes takes what is left if its reward is above that level.
    """
    reference, rewards = np.asarray(reference, dtype=float), np.asarray(rewards, dtype=float)
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


def train(reference, rewards, beta, penalty, start, steps):
    """The policy before and after each step of gradient ascent in its logits, 1/(1 + beta) long.

    penalty "exact" is the gradient of D(policy‖reference), "k3" what k3 in the loss gives: the
    gradient of D(reference‖policy). A policy of infinite divergence takes no exact step.
    """
    reference, rewards = np.asarray(reference, dtype=float), np.asarray(rewards, dtype=float)
    path, logs = [np.asarray(start, dtype=float)], _log(start)
    for _ in range(steps):
        policy = path[-1]
        held = policy > 0
        if penalty == "exact":
            if (held & (reference == 0)).any():
                break
            gains = np.zeros(policy.size)
            gains[held] = rewards[held] - beta * (logs[held] - _log(reference[held]))
            slope = policy * (gains - policy @ gains)
        else:
            slope = policy * (rewards - policy @ rewards) - beta * (policy - reference)
        logs = logs + slope / (1 + beta)
        logs = logs - logsumexp(logs)
        path.append(np.exp(logs))
    return np.array(path)
