"""Arguments on which the functions of chapter 8 are tried: few digits, so that they print short."""

import numpy as np

HABIT, RATING = [0.5, 0.3, 0.2], [0.0, 1.0, 2.0]


def leashes():
    """Return (policy, reference, rewards, beta): habit, C alone, short, silenced, huge rewards."""
    tried = [
        (HABIT, HABIT, RATING, 1.0),
        ([0.0, 0.0, 1.0], HABIT, RATING, 2.0),
        ([0.2, 0.2, 0.6], HABIT, [1.0, -1.0, 0.5], 0.25),
        ([0.3, 0.7, 0.0], [0.6, 0.4, 0.0], [0.0, 1.0, 5.0], 0.5),
        ([0.1, 0.9], [0.5, 0.5], [0.0, 900.0], 0.5),
    ]
    return tuple((*map(np.array, three), beta) for *three, beta in tried)


def picks():
    """Return (reference, rewards, n): the chapter's, one draw, ties, all tied, many answers."""
    tried = [
        (HABIT, RATING, 4),
        (HABIT, RATING, 1),
        ([0.1, 0.4, 0.2, 0.3], [2.0, 0.0, 2.0, 1.0], 3),
        ([0.4, 0.6], [1.0, 1.0], 8),
        (np.full(8, 0.125), np.arange(8.0)[::-1], 5),
    ]
    return tuple((np.array(reference), np.array(rewards), n) for reference, rewards, n in tried)


def hot_logits():
    """Return (teacher, student, T): nothing known yet, the chapter's, two answers, cold, hot."""
    teacher, other = [4.0, 2.0, 0.0], [1.0, 3.0, 0.0]
    tried = [(teacher, [0.0, 0.0, 0.0], 1), (teacher, other, 4)]
    tried += [([0.0, 0.0], [2.0, -1.0], 2), (teacher, [5.0, 3.0, 1.5], 0.5), (teacher, other, 100)]
    return tuple((np.array(teacher), np.array(student), T) for teacher, student, T in tried)


def pairs_of_normals():
    """Return (rho, beta): the chapter's, below the threshold, negative, weak and dear."""
    return (0.8, 5.0), (0.8, 1.2), (-0.6, 10.0), (0.25, 20.0), (0.95, 2.0)
