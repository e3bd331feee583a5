"""What every record of every chapter must do; a new chapter is picked up by itself."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from checks.ch05.inputs import digit_ink
from checks.engine import chapters, exercise, exercises, verdict

from kllib import GaussianMixture

RECORDS = [record for chapter in chapters() for record in exercises(chapter).values()]
MISTAKES = [(record, sentence) for record in RECORDS for sentence in record.mistakes]
NUMERIC = [r for r in RECORDS if not callable(r.answer) and not isinstance(r.answer, str)]
FUNCTIONS = [r for r in RECORDS if callable(r.answer)]
FACTS = json.loads((Path(__file__).parents[2] / "chapters" / "facts.json").read_text())
FACTS = {fact["id"]: fact["value"] for fact in FACTS}


def named(records):
    return pytest.mark.parametrize("record", records, ids=lambda record: record.id)


def short(value):
    return value[:30] if isinstance(value, str) else value.id


def completed(record, sentence):
    """The wrong answer, with the right entries where the record leaves them open."""
    wrong = record.mistakes[sentence]
    if callable(wrong) or isinstance(wrong, str):
        return wrong
    return np.where(np.isnan(wrong), record.answer, wrong)


@named(RECORDS)
def test_is_complete(record):
    assert re.fullmatch(r"[1-9]\d*\.[1-9]\d*", record.id)
    assert re.fullmatch(r"★{1,3} [^★]+", record.title)
    assert len(record.mistakes) >= 2
    assert record.right.endswith((".", "?"))
    assert all(sentence.endswith((".", "?")) for sentence in record.mistakes)
    assert bool(record.inputs) == callable(record.answer)


def test_ids_follow_one_another():
    for chapter in chapters():
        count = len(exercises(chapter))
        assert list(exercises(chapter)) == [f"{chapter}.{i}" for i in range(1, count + 1)]


@named(RECORDS)
def test_reference_answer_passes(record):
    assert verdict(record, record.answer) == ("right", f"{record.id} is right. {record.right}")


@named(NUMERIC)
def test_rounded_and_cut_answers_pass(record):
    exact = np.asarray(record.answer)
    cut = np.where(np.isinf(exact), exact, np.trunc(exact * 10**record.digits) / 10**record.digits)
    for answer in (np.round(exact, record.digits), cut):
        assert verdict(record, answer.tolist())[0] == "right"


@pytest.mark.parametrize(("record", "sentence"), MISTAKES, ids=short)
def test_mistake_gets_its_own_sentence(record, sentence):
    wrong = completed(record, sentence)
    answers = [wrong] if callable(wrong) or isinstance(wrong, str) else [wrong, wrong.tolist()]
    if isinstance(wrong, np.ndarray):
        answers.append(np.round(wrong, record.digits))
    for answer in answers:
        assert verdict(record, answer) == ("wrong", f"{record.id} is not right yet. {sentence}")


@named(NUMERIC)
def test_answers_of_a_record_are_told_apart(record):
    """Where two slips gave the same number, the example would be at fault."""
    told = [completed(record, sentence) for sentence in record.mistakes]
    told.append(np.asarray(record.answer, float))
    for k, one in enumerate(told):
        for other in told[:k]:
            with np.errstate(invalid="ignore"):
                apart = np.where(one == other, 0, abs(one - other))
            assert apart.max() > 10 * record.tolerance, (one, other)


@named(RECORDS)
def test_unanswered_is_no_mistake(record):
    assert verdict(record, ...) == ("open", f"{record.id} is not answered yet.")
    assert verdict(record, [0.5, ...])[0] == "open"


class Hostile:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("not an array")


WRONG_TYPES = {
    "None": None,
    "text": "0.1838",
    "empty": [],
    "ragged": [1, [2]],
    "dict": {},
    "set": {1},
    "object": object(),
    "hostile": Hostile(),
    "complex": 1 + 2j,
    "bool": True,
    "nan": np.nan,
    "inf": np.inf,
    "huge": 10**400,
    "big array": np.ones((2, 3, 4)),
    "names": np.array(["a", "b"]),
    "no arguments": lambda: 1.0,
    "five arguments": lambda a, b, c, d, e: 1.0,
    "returns text": lambda *_: "1",
    "returns dict": lambda *_: {},
    "class": dict,
}


@named(RECORDS)
@pytest.mark.parametrize("kind", WRONG_TYPES)
def test_wrong_type_gets_a_sentence(record, kind):
    state, text = verdict(record, WRONG_TYPES[kind])
    assert state == "wrong"
    assert re.fullmatch(rf"{re.escape(record.id)} is not right yet\. .+[.?]", text)


@named(NUMERIC)
def test_unrecognised_number_cannot_be_mined(record):
    low, high = (np.where(np.isinf(record.answer), 0, record.answer) + d for d in (-37.5, 41.5))
    assert verdict(record, low) == verdict(record, high)
    shown = verdict(record, low)[1].removeprefix(record.id)
    assert not any(f"{value:.2f}" in shown for value in np.ravel(record.answer))


@named(FUNCTIONS)
def test_unrecognised_function_is_shown_one_input(record):
    def off(*arguments):
        return record.answer(*arguments) + 0.001

    assert re.search(r"off\(.*\) gave .*; it should be [^;]*\.$", verdict(record, off)[1])


@named(FUNCTIONS)
def test_raising_function_is_quoted(record):
    def bad(*arguments):
        raise ZeroDivisionError("by nothing\nat all")

    assert re.search(r"bad\(.*\) raised ZeroDivisionError: by nothing\.$", verdict(record, bad)[1])


@pytest.mark.parametrize(
    ("id", "facts"),
    [
        ("1.3", [FACTS["code.src5.arith"]["ideal"], FACTS["code.src5.arith"]["ideal"] + 2, 25]),
        ("2.1", [FACTS["bern.0.7.0.4"][0]]),
        (
            "2.2",
            [FACTS["coin.0.99.0.5"]["KL"], FACTS["coin.0.5.0.99"]["KL"], FACTS["coin.tailshare"]],
        ),
        ("2.7", [FACTS["bern.0.2.0.01"], FACTS["bern.0.2.0.99"], 4]),
        ("2.8", np.roll(FACTS["chain"], -1)),
        ("2.11", [-FACTS["gibbs.minterm"], 0.3 * FACTS["gibbs.minterm"], FACTS["gibbs.minterm"]]),
        ("4.1", [FACTS["mle.bern"][0], FACTS["mle.bern"][1], FACTS["mle.bern"][4]]),
        (
            "4.4",
            [FACTS["mle.gaussNLL"], 3.605791352645, 1.254990039801, 1.646066169343],
        ),
        (
            "4.5",
            [*[FACTS[f"smooth.{name}"] for name in ("laplace", "kt", "tenth")], 0.69118096605],
        ),
        (
            "5.4",
            [
                *FACTS["ab.Q1"][:1],
                *FACTS["ab.Q2"][:1],
                FACTS["ab.Q1"][1],
                FACTS["ab.Q2"][1],
                1000000.0 * FACTS["ab.threshold"],
            ],
        ),
        (
            "5.5",
            [*FACTS["abc.seek"], FACTS["abc.cover"][1], FACTS["abc.uniform"][1], 0.31831496763791],
        ),
        (
            "5.7",
            [
                FACTS["fit.W.widest"][0][2],
                FACTS["fit.W.widest"][1][2],
                FACTS["fit.W.widest"][1][0],
                0.5,
            ],
        ),
        ("4.11", [FACTS["nonconvex.sigma"], 8, 2 * np.exp(-1.5), 4 / np.sqrt(7)]),
        ("6.1", [FACTS["vae.kl"], (0.09 + np.exp(-1)) / 2]),
        ("6.4", np.array(FACTS["vae.elbo"])[[1, 2, 3, 0, 4]]),
        ("6.6", [*FACTS["vae.bias"], (1 - np.log(2)) / 2, 7]),
        ("6.8", FACTS["vae.surgery"]),
        (
            "7.3",
            [
                *[2 * FACTS["est.gauss.2"][name] for name in ("k1_std", "k2_std", "k3_std")],
                FACTS["est.cross"]["k3k1"][0],
            ],
        ),
        ("7.7", [np.log(20 / 17), np.log(20 / 17) - 0.15, 0, 0.85]),
        ("8.5", [0.7, FACTS["rlhf.opt"]["logZ"], 0.3272221776414]),
        ("8.7", [FACTS["rlhf.bon"][0], 0.5597505603575, 1.5279]),
        ("8.10", [FACTS["distill.onehot"], 0, 197 / 300, 0.8319256396466]),
        ("8.11", [FACTS["distill.T1"]["H"], 0.6575548446099, 1.044319339832, -0.533479998864]),
        ("8.13", FACTS["ib.gauss"]),
    ],
)
def test_answers_against_the_facts(id, facts):
    record = exercises(id.partition(".")[0])[id]
    answer = record.answer(*record.inputs[0]) if callable(record.answer) else record.answer
    np.testing.assert_allclose(np.ravel(answer), facts, rtol=5e-10)  # facts: ten digits


def test_reverse_fits_of_the_ink_are_minima():
    ink, z = digit_ink(), np.linspace(-9, 9, 3601)
    weights = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    for h, (_, _, mean, std) in zip((0.5, 1), exercise("5.10").answer, strict=True):
        p = GaussianMixture(np.full(len(ink), 1 / len(ink)), ink, np.full(len(ink), h))

        def price(m, s, p=p):
            return -np.log(s) - weights @ p.logpdf(m + s * z)

        for there in [
            (mean + 0.01, std),
            (mean - 0.01, std),
            (mean, std + 0.01),
            (mean, std - 0.01),
        ]:
            assert price(*there) > price(mean, std), (h, mean, std)
