"""Random situations of the canvases, one function each."""

import numpy as np

BOUND = ("x", "weight", "noise", "mean", "std", "beta")


def bernoulli(rng):
    p, q = np.round(rng.random(2), 2).tolist()
    return {"p": p, "q": q, "unit": str(rng.choice(["nats", "bits"])), "reverse": True}


def shares(rng):
    p = rng.dirichlet(np.full(5, 0.5))
    if rng.random() < 0.2:
        p[rng.integers(5)] = 0
    return (p / p.sum()).tolist()


def contributions(rng):
    unit = str(rng.choice(["nats", "bits"]))
    return {"p": shares(rng), "q": shares(rng), "unit": unit}


def budget(rng):
    return {"p": shares(rng), "lengths": rng.integers(1, 7, 5).tolist()}


def tangent(rng):
    p, q = rng.dirichlet(np.ones(3), 2)
    if rng.random() < 0.2:
        p[rng.integers(3)] = 0
    log = str(rng.choice(["natural", "base 2"]))
    return {"p": (p / p.sum()).tolist(), "q": q.tolist(), "log": log}


def overlap(rng):
    left, width = rng.integers(0, 25, 2) / 8, 0.5 + rng.integers(0, 13, 2) / 8
    unit = str(rng.choice(["nats", "bits"]))
    return {
        "p_left": left[0],
        "p_width": width[0],
        "q_left": left[1],
        "q_width": width[1],
        "unit": unit,
    }


def one_gaussian(rng):
    weight = round(rng.random(), 2)
    return {
        "weights": [weight, 1 - weight],
        "means": rng.uniform(-6, 6, 2).tolist(),
        "stds": rng.uniform(0.3, 3, 2).tolist(),
        "mean": rng.uniform(-6, 6),
        "std": float(np.exp(rng.uniform(np.log(0.2), np.log(6)))),
        "direction": str(rng.choice(["forward", "reverse"])),
    }


def bound(rng):
    low, high = np.array([[-4, 0, 0.3, -4, 0.1, 0], [4, 3, 3, 4, 3, 8]])
    return dict(zip(BOUND, rng.uniform(low, high).tolist(), strict=True))


def estimators(rng):
    return {
        "shift": float(np.round(rng.uniform(0, 4), 2)),
        "spread": rng.uniform(0.6, 2),
        "n": int(10 ** rng.integers(1, 5)),
        "seed": int(rng.integers(1001)),
        "lam": rng.uniform(0, 2),
    }


def landscape(rng):
    p, start = np.round(rng.random(2), 2).tolist()
    return {
        "p": p,
        "start": start,
        "rate": float(np.round(rng.uniform(0.01, 2), 2)),
        "scale": str(rng.choice(["probability", "logit"])),
        "unit": str(rng.choice(["nats", "bits"])),
        "steps": int(rng.integers(0, 9)),
    }


def leash(rng):
    reference, start = rng.dirichlet(np.ones(3), 2)
    if rng.random() < 0.2:
        reference[rng.integers(3)] = 0
    return {
        "reference": (reference / reference.sum()).tolist(),
        "rewards": np.round(rng.uniform(-3, 3, 3), 1).tolist(),
        "beta": float(np.exp(rng.uniform(np.log(0.05), np.log(20)))),
        "start": start.tolist(),
        "penalty": str(rng.choice(["exact", "k3"])),
        "steps": int(rng.integers(0, 60)),
    }
