"""Arguments on which the functions of chapter 6 are tried: few digits, so that they print short."""

import numpy as np


def encoders():
    """Return (x, mean, std, slope, noise): the chapter's, silent, posterior, steep, noisy."""
    exact = (1.5, 0.75, np.sqrt(0.5), 1.0, 1.0)
    return (1.5, 0.5, 0.5, 1.0, 1.0), (1.5, 0.0, 1.0, 1.0, 2.0), exact, (-2.0, -0.5, 0.3, 3.0, 0.5)


def noises():
    """Return (x, mean, std, eps): both pixels, narrow and wide, few draws and one."""
    tried = [(1, 0.5, 0.5, [0.3, -1.2, 0.8, 0.4]), (0, -1.0, 2.0, [0.1, -0.6])]
    tried += [(1, 0.0, 1.0, [1.5]), (0, 2.0, 0.1, [-0.4, 0.9, -1.1])]
    return tuple((x, mean, std, np.array(eps)) for x, mean, std, eps in tried)


def tables():
    """Return (data, q, prior): even days, uneven days, a sure rule, three causes, a silent rule."""
    fact = [0.5, 0.5], [[0.9, 0.1], [0.2, 0.8]], [0.5, 0.5]
    uneven = [0.7, 0.3], [[0.9, 0.1], [0.2, 0.8]], [0.6, 0.4]
    sure = [0.25, 0.75], [[1.0, 0.0], [0.2, 0.8]], [0.5, 0.5]
    three = [0.2, 0.3, 0.5], [[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]], [0.3, 0.3, 0.4]
    silent = [0.8, 0.2], [[0.3, 0.7], [0.3, 0.7]], [0.5, 0.5]
    return tuple(tuple(map(np.array, each)) for each in (fact, uneven, sure, three, silent))


def accounts():
    """Return (data, joint, q): the chapter's, uneven days, a sure rule, one sky never seen."""
    joint = np.array([[0.4, 0.15], [0.1, 0.35]])
    rule = np.array([[0.9, 0.1], [0.2, 0.8]])
    wide = np.array([[0.1, 0.3], [0.05, 0.15], [0.3, 0.1]])
    looser = np.array([[0.5, 0.5], [0.3, 0.7], [0.8, 0.2]])
    return (
        (np.array([0.5, 0.5]), joint, rule),
        (np.array([0.8, 0.2]), joint, rule),
        (np.array([0.6, 0.4]), joint, np.array([[1.0, 0.0], [0.3, 0.7]])),
        (np.array([0.3, 0.0, 0.7]), wide, looser),
    )
