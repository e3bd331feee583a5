"""Chapter 1, codes."""

from collections import Counter
from pydoc_data.topics import topics

import numpy as np

from kllib import coding
from kllib.discrete import entropy, kl_divergence

from ..common import ANY, BIT, IN_NATS, INF
from ..engine import Exercise, built
from .compute import learning
from .inputs import SKIES, TEN_HOURS, messages, sources


@built
def room():
    lengths = np.array([2, 3, 3, 3, 4, 4])
    return Exercise(
        "1.1",
        "★ Room in the book",
        answer=[coding.kraft_sum(lengths), 4, 16],
        right="The budget is counted in shares of all strings, not in strings.",
        mistakes={
            "Six words leave more than six strings unusable: a word of two flashes takes the four "
            "strings of length 4 that begin with it.": [ANY, 16 - 6, 64 - 6],
            "A word of length l claims the share 2^-l, not 1/l.": [sum(1 / lengths), ANY, ANY],
            "So many are used up; the question asks how many are left.": [ANY, 12, ANY],
            "Two flashes more make a word cheaper by a factor of 4, not 2.": [ANY, ANY, 8],
            "That is what is left of the budget; the Kraft sum is what the six words use.": [
                1 - coding.kraft_sum(lengths),
                ANY,
                ANY,
            ],
        },
    )


@built
def by_hand():
    p = np.array([0.35, 0.17, 0.17, 0.16, 0.15])
    cost, rounded = p @ coding.huffman_lengths(p), p @ coding.shannon_lengths(p)
    return Exercise(
        "1.2",
        "★ Jonas's answers, by hand",
        answer=[cost, 1],
        right="Now make the first answer rarer: when does its word get a second flash?",
        mistakes={
            "Those lengths come from halving the probabilities from above. That is Fano's method, "
            "and not always best: begin at the two rarest.": [p @ [2, 2, 2, 3, 3], 2],
            "Those are Shannon's lengths. Huffman's code does not round.": [rounded, ANY],
            "After each join look again for the two rarest; the joined pair need not be one of "
            "them.": [p @ [1, 2, 3, 4, 4], ANY],
            "The last join, of probability 1, costs a flash as well.": [cost - 1, ANY],
            "Whole flashes do not reach the entropy here.": [entropy(p, base=2), ANY],
            "The most probable answer joins last, and its word has one flash.": [ANY, 3],
            "A second flash for the first answer makes the book dearer.": [
                ANY,
                2,
            ],
            "That is the redundancy; asked is the cost.": [cost - entropy(p, base=2), ANY],
        },
    )


@built
def ten_hours():
    ideal, flat = -np.log2(SKIES[TEN_HOURS]).sum(), 10 * np.log2(5)
    rounded = coding.shannon_lengths(SKIES)[TEN_HOURS].sum()
    return Exercise(
        "1.3",
        "★ Ten hours under two models",
        answer=[ideal, flat, 25],
        right="Two bits in ten hours, for a model that knows nothing about the sky.",
        mistakes={
            "That rounds every hour up. Arithmetic coding rounds once.": [rounded, 30, ANY],
            "Not for an hour: for the whole message.": [ideal / 10, flat / 10, ANY],
            "An interval of width P need not hold a cell of width 2^-24, though P > 2^-24: the "
            "grid may lie badly. One flash more always suffices.": [ANY, ANY, 24],
            IN_NATS: [ideal * BIT, flat * BIT, ANY],
            "That many were sent under p; asked is the nephew's bound.": [
                ANY,
                ANY,
                22,
            ],
            "That is the bound under p; asked is the one under the nephew's model.": [ANY, ANY, 23],
            "A probability is at most 1: the logarithm of 1/P is not negative.": [
                -ideal,
                -flat,
                ANY,
            ],
        },
    )


patience = Exercise(
    "1.4",
    "★ Decodable, with patience",
    answer="c",
    right="Every 0 begins a word, so one sees where words begin, if not where they end.",
    mistakes={
        "That one is decodable, but it is a prefix code: no word begins another.": "a",
        "Its budget is overspent: five words claim 3/2 of all strings.": "b",
        "It keeps to the budget, but 010 is a word, and also 0 followed by 10.": "d",
        "It keeps to the budget, but 101 can be read 1, 01 and 10, 1.": "e",
    },
)


shannon = Exercise(
    "1.5",
    "★★ Shannon's lengths, exactly",
    answer=coding.shannon_lengths,
    digits=9,
    inputs=sources(),
    right="For which p does 1 − Σ 2^-l come close to 1/2, half of the budget left over?",
    mistakes={
        "np.log(p) / np.log(2) may miss a whole number by a rounding, and ⌈29.000000000000004⌉ is "
        "30. Use np.log2, or compare 2.0**-l with p.": lambda p: np.ceil(-np.log(p) / np.log(2)),
        "A power of 1/2 needs no rounding: ⌊x⌋ + 1 gives probability 1/4 three flashes.": (
            lambda p: np.floor(-np.log2(p)) + 1
        ),
        "Rounding down overspends the budget.": lambda p: np.floor(-np.log2(p)),
        "The extra flash belongs to Shannon–Fano–Elias, which does not sort.": (
            lambda p: coding.shannon_lengths(p) + 1
        ),
        "Flashes are bits: log2, not the natural logarithm.": lambda p: np.ceil(-np.log(p)),
        "Those are Huffman's lengths: better, but not asked for.": coding.huffman_lengths,
    },
)


@built
def wrong_book():
    pairs = [
        ([0.5, 0.3, 0.2], [0.5, 0.25, 0.25]),
        ([0.5, 0.25, 0.125, 0.125], [0.125, 0.5, 0.25, 0.125]),
        ([0.4, 0.35, 0.25], [0.3, 0.3, 0.4]),
    ]
    h = np.array([entropy(p, base=2) for p, _ in pairs])
    ideal, backward = (
        np.array([[kl_divergence(p, q), kl_divergence(q, p)] for p, q in pairs]).T / BIT
    )
    own, paid = np.array(
        [[np.dot(p, coding.huffman_lengths(b)) for b in (p, q)] for p, q in pairs]
    ).T
    nothing = np.full(3, ANY)
    under_q = np.array([np.dot(q, coding.huffman_lengths(q)) for _, q in pairs])
    rounded = np.array(
        [np.dot(p, coding.shannon_lengths(q) - coding.shannon_lengths(p)) for p, q in pairs]
    )
    h_q = np.array([entropy(q, base=2) for _, q in pairs])
    return Exercise(
        "1.6",
        "★★ The wrong book's price",
        answer=np.transpose([ideal, paid - own]),
        right="Less, equal, more: with whole flashes the divergence is no bound on either side.",
        mistakes={
            "The first column averages under q. The reports come with p.": np.transpose(
                [backward, nothing]
            ),
            "The second column is measured from the entropy. Measure from what p's own best book "
            "costs in whole flashes.": np.transpose([nothing, paid - h]),
            "That is all that is paid; take off the right book's cost.": np.transpose(
                [ideal + h, paid]
            ),
            "The columns stand in each other's place.": np.transpose([paid - own, ideal]),
            IN_NATS: np.transpose([ideal * BIT, nothing]),
            "In the second column p sends, whatever book is used.": np.transpose(
                [nothing, under_q - own]
            ),
            "Those are Shannon's lengths; Huffman's books are asked for.": np.transpose(
                [nothing, rounded]
            ),
            "A difference of entropies forgets that p sends what q priced.": np.transpose(
                [h_q - h, nothing]
            ),
        },
    )


@built
def blocks():
    p = np.array([0.9, 0.1])
    costs, rounded, block = [], [], np.ones(1)
    for n in range(1, 7):
        block = np.outer(block, p).ravel()
        costs.append(block @ coding.huffman_lengths(block / block.sum()) / n)
        rounded.append(block @ coding.shannon_lengths(block / block.sum()) / n)
    first = next(n for n, cost in enumerate(costs, 1) if cost < entropy(p, base=2) + 0.01)
    return Exercise(
        "1.7",
        "★★ A rare alarm",
        answer=[costs[1], costs[2], first],
        right="Go on to n = 10: the cost rises again. What is sure to fall?",
        mistakes={
            "Divide by n: the cost is asked for an hour.": [2 * costs[1], 3 * costs[2], ANY],
            "Those are Shannon's lengths, and a best book is asked for.": [*rounded[1:3], ANY],
            "H < L ≤ H + 1/n guarantees it from n = 100 on; it happens sooner.": [ANY, ANY, 100],
            "One n too early: at n = 5 the excess is just above 0.01.": [ANY, ANY, 5],
        },
    )


@built
def claim():
    small, large = 2.0 ** np.arange(1, 8), 254
    cost, h = small @ np.arange(1, 8) / large, np.log2(large)
    empty = [SKIES @ [0, 1, 1, 2, 2], cost - 7 / large, ANY]
    return Exercise(
        "1.8",
        "★★ Break a claim",
        answer=[SKIES @ [1, 1, 2, 2, 2], cost, 2],
        right="Now do it once for a whole winter: what does it save an hour?",
        mistakes={
            "That is Huffman's book, which must be decodable report after report. Here the lamp "
            "goes out after one.": [SKIES @ [2, 2, 2, 3, 3], ANY, ANY],
            "The empty word is no codeword: a lamp that never flashes has not reported.": empty,
            "That is the entropy; the book of all short strings costs less.": [ANY, h, ANY],
            "That is the gap at k = 7; let k grow.": [ANY, ANY, h - cost],
            "The gap is bounded: both grow like k.": [ANY, ANY, INF],
            "k - 1 is what it comes to for large k; here k is 7.": [ANY, 6, ANY],
        },
    )


@built
def inn():
    p, q, bets = np.array([[0.5, 0.3, 0.2], [0.25, 0.25, 0.5], [0.4, 0.4, 0.2]])
    best, lost = kl_divergence(p, q, base=2), kl_divergence(p, bets, base=2)
    backward, even = kl_divergence(q, p, base=2), 2 ** entropy(p, base=2)
    return Exercise(
        "1.9",
        "★★ The inn has an opinion",
        answer=[best, best - lost, even],
        right="He wins by as much as his belief is closer to the truth than the inn's.",
        mistakes={
            "That is the logarithm of the mean factor. Factors multiply, so it is the logarithm "
            "that is averaged.": [np.log2(p @ (p / q)), np.log2(p @ (bets / q)), ANY],
            "That is what his bets lose against the best ones.": [ANY, lost, ANY],
            "That average is under q; the mules win with p.": [-backward, ANY, ANY],
            "Odds of 1/max p keep the mean of a bet on the favourite even, and ruin him on the "
            "first Sunday it loses.": [ANY, ANY, 2],
            "At 3 for one even equal bets keep even; the best bets need less.": [ANY, ANY, 3],
            "2 to the power of nats: entropy in bits, or e.": [ANY, ANY, 2 ** entropy(p)],
            IN_NATS: [best * BIT, (best - lost) * BIT, ANY],
            "That is the mean factor of a race; average the logarithm of each factor.": [
                p @ (p / q),
                p @ (bets / q),
                ANY,
            ],
            "That is a factor; the rate is its logarithm.": [2**best, 2 ** (best - lost), ANY],
        },
    )


@built
def two_at_a_time():
    text = "\n".join(topics[key] for key in sorted(topics))
    couples = [text[i : i + 2] for i in range(0, len(text) - 1, 2)]
    single, double = (np.array([*Counter(units).values()]) for units in (text, couples))
    single, double = single / single.sum(), double / double.sum()
    h, half = entropy(single, base=2), entropy(double, base=2) / 2
    pair, rounded = double @ coding.huffman_lengths(double), single @ coding.shannon_lengths(single)

    def costs(text, step):
        counts = np.array(
            [*Counter(text[i : i + 2] for i in range(0, len(text) - 1, step)).values()]
        )
        letters = np.array([*Counter(text).values()]) / len(text)
        pairs = counts / counts.sum()
        one = entropy(letters, base=2), letters @ coding.huffman_lengths(letters)
        return [*one, pairs @ coding.huffman_lengths(pairs) / 2]

    overlapping, lower = costs(text, 1)[2], costs(text.lower(), 2)
    return Exercise(
        "1.10",
        "★★ Two characters at a time",
        answer=[h, single @ coding.huffman_lengths(single), pair / 2],
        right="Below the first number, and no theorem is hurt: which assumption fails?",
        mistakes={
            "The third number is for a pair; a character is half of one.": [ANY, ANY, pair],
            "Those are Shannon's lengths; Huffman's book is shorter.": [ANY, rounded, ANY],
            "That makes all characters equally likely.": [np.log2(len(single)), ANY, ANY],
            "That is half the entropy of the pairs; their book pays whole bits.": [ANY, ANY, half],
            IN_NATS: [h * BIT, ANY, ANY],
            "Cut the text into pairs; yours overlap.": [ANY, ANY, overlapping],
            "Capitals are characters of their own.": lower,
        },
    )


@built
def long_flash():
    share = (np.sqrt(5) - 1) / 2
    bits, h = np.log2(1 / share), entropy(SKIES, base=2)
    return Exercise(
        "1.11",
        "★★★ A long flash costs double",
        answer=[share, h / bits, share],
        right="Now let the long flash cost three times the short one.",
        mistakes={
            "That is the budget of a lamp with equal flashes.": [0.5, h, ANY],
            "Upside down: the share of a word falls as its cost grows.": [1 / share, ANY, ANY],
            "A unit of oil carries less than a bit, so the bound in units lies above the entropy: "
            "divide.": [ANY, h * bits, ANY],
            "That is Huffman's book with as many long flashes as short ones: a book, not a "
            "bound.": [ANY, 1.5 * 2.2, ANY],
            "Short and long equally often is best for equal costs.": [ANY, ANY, 0.5],
            "Not in proportion to 1/cost: shares go by powers of x.": [ANY, ANY, 2 / 3],
            "Entropy in nats, divided by bits: one unit for both.": [ANY, h * BIT / bits, ANY],
            "That is the share of the long flashes.": [ANY, ANY, 1 - share],
            "That is their share of the oil; asked is that of the flashes.": [
                ANY,
                ANY,
                share / (2 - share),
            ],
            "That is what the best book costs; asked is the bound.": [ANY, 3.1, ANY],
        },
    )


learns = Exercise(
    "1.12",
    "★★★ A book that learns",
    answer=learning,
    digits=6,
    inputs=messages(),
    right="Shuffle the message: the cost stays the same. Why?",
    mistakes={
        "Jonas does not know a symbol before it is sent: count it afterwards.": (
            lambda message, m: learning(message, m, peek=1)
        ),
        "Those are the frequencies of the whole message, which Jonas cannot know beforehand.": (
            lambda message, m: -np.log2(np.bincount(message)[message] / len(message)).sum()
        ),
        "Half a count for each symbol, not a whole one.": (
            lambda message, m: learning(message, m, start=1.0)
        ),
        "The half counts are missing: a symbol not seen before would have probability 0.": (
            lambda message, m: learning(message, m, start=0.0)
        ),
        IN_NATS: lambda message, m: learning(message, m) * BIT,
        "The halves must add up: with m symbols they make m/2 below the line.": lambda message, m: (
            learning(message, m, below=0.5)
        ),
        "Half a count for each symbol makes m/2 below the line, not m.": lambda message, m: (
            learning(message, m, below=m)
        ),
        "The sign: a length is not negative.": lambda message, m: -learning(message, m),
        "That is the cost of a symbol; asked is that of the message.": lambda message, m: (
            learning(message, m) / max(1, len(message))
        ),
    },
)
