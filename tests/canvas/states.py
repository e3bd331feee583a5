"""Random situations of the canvases, within the limits that their traits publish."""

import numpy as np


def _spread(low, high, log=False):
    def draw(rng):
        return float(
            np.exp(rng.uniform(np.log(low), np.log(high))) if log else rng.uniform(low, high)
        )

    return draw


def _shares(rng, size):
    """Probabilities, one of them often 0 or 1 or tiny."""
    p = rng.dirichlet(np.full(size, 0.6))
    if rng.random() < 0.2:
        p[rng.integers(size)] = 0
    return (p / p.sum()).tolist()


def _value(rule, rng):
    """A value that the rule allows."""
    if "options" in rule:
        return rule["options"][rng.integers(len(rule["options"]))]
    if "total" in rule:
        return _shares(rng, rule["size"])
    low, high, size = rule["low"], rule["high"], rule.get("size")
    if rule["whole"]:
        return (
            rng.integers(low, high + 1, size).tolist() if size else int(rng.integers(low, high + 1))
        )
    return rng.uniform(low, high, size).tolist() if size else float(rng.uniform(low, high))


def random_state(widget, rng, special=None):
    """A state of the canvas, each trait within its rule, or as `special` draws it."""
    draws = special or {}
    return {
        name: draws[name](rng) if name in draws else _value(rule, rng)
        for name, rule in widget.rules.items()
    }


def logarithmic(widget, name):
    """Draw a trait over its limits, each factor as likely."""
    return _spread(widget.rules[name]["low"], widget.rules[name]["high"], log=True)


def up_to(n):
    """Draw a whole number of steps below n: rounding grows with each."""
    return lambda rng: int(rng.integers(n))


def power_of_ten(low, high):
    """Draw 10, 100 and so on."""
    return lambda rng: int(10 ** rng.integers(low, high))
