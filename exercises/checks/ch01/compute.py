"""What the exercises of chapter 1 compute with messages."""

import numpy as np


def learning(message, m, start=0.5, peek=0, below=None):
    """Bits for a message under frequencies learned on the way; `peek` counts the symbol itself,
    `below` is added to the count of symbols.
    """
    seen = np.full(m, float(start))
    wrong = 0 if below is None else below - m * start
    bits = 0.0
    for x in message:
        seen[x] += peek
        bits -= np.log2(seen[x] / (seen.sum() + wrong))
        seen[x] += 1 - peek
    return bits
