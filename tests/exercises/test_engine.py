"""What the engine says, on exercises made up for the purpose."""

import warnings
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import checks
import numpy as np
import pytest
from checks import check, progress
from checks.engine import Exercise, built, catalogue, exercise, verdict

NUMBER = Exercise(
    "9.1",
    "★ A number",
    answer=0.18378689738,
    right="Go on.",
    mistakes={"Swapped.": 0.1920, "Infinite.": np.inf},
)
LIST = Exercise(
    "9.2",
    "★ A list",
    answer=[1, np.inf, 0.25],
    right="Go on.",
    mistakes={"First swapped.": [0.3, np.nan, np.nan], "Finite.": [np.nan, 27.6, np.nan]},
)
CHOICE = Exercise(
    "9.3", "★ A choice", answer="left", right="Go on.", mistakes={"No.": "right", "Not.": "both"}
)
FUNCTION = Exercise(
    "9.4",
    "★ A function",
    answer=lambda x, n: np.log(x).sum() / n,
    digits=9,
    inputs=((np.array([1.0, 2.0]), 2), (np.array([0.0, 0.5]), 1)),
    right="Go on.",
    mistakes={
        "Sum, not mean.": lambda x, n: np.log(x).sum(),
        "NaN.": lambda x, n: np.where(x > 0, np.log(x), np.nan).sum() / n,
    },
)


def says(record, answer, tries=1):
    return verdict(record, answer, tries)[1].removeprefix(f"{record.id} is ")


@pytest.mark.parametrize(
    "answer",
    [0.1838, 0.1837, np.float32(0.18378690), np.array(0.18379), Fraction(18379, 100000)],
)
def test_number_is_right_to_the_digits_asked(answer):
    assert says(NUMBER, answer) == "right. Go on."


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("0.1838", "This asks for a number, not text: leave out the quotes."),
        (None, "This asks for a number, not None."),
        (True, "This asks for a number, not True or False."),
        (0.18 + 1j, "This asks for a number, not complex numbers."),
        (abs, "This asks for a number, not a function."),
        (Decimal("0.1838"), "This asks for a number, not a value of type Decimal."),
        ([[1], [1, 2]], "This asks for a number, not a list that is no rectangular array."),
        ([0.1838], "This asks for a number; yours has shape (1,)."),
        (0.19, "Hint 1 says where to begin."),
        (0.192, "Swapped."),
        (np.inf, "Infinite."),
        (-np.inf, "Hint 1 says where to begin."),
        (np.nan, "There is a NaN: somewhere 0/0, 0·log 0 or inf − inf was computed."),
        (0.184, "Close, but not to 4 decimals: round at the end, not on the way."),
        (1, "Hint 1 says where to begin."),
    ],
)
def test_wrong_number(answer, sentence):
    assert says(NUMBER, answer) == f"not right yet. {sentence}"


def test_later_tries_are_sent_further():
    texts = [says(NUMBER, 5, tries) for tries in (1, 2, 3, 4)]
    assert ["Hint 1" in texts[0], "Hint 2" in texts[1], "solution" in texts[2]] == [True] * 3
    assert texts[2] == texts[3]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((1, np.inf), "This asks for an array of shape (3,); yours has shape (2,)."),
        ([0.3, np.inf, 0.25], "First swapped."),
        ([0.3, 5, 0.7], "First swapped."),
        ([1, 27.6, 0.25], "Finite."),
        ([1, 8, 0.25], "Look again at [1]; the other entries are right. Hint 1 says where"),
        ([2, np.inf, 0.5], "Look again at [0], [2]; the other entries are right. Hint 1 says"),
        ([2, 2, 2], "Hint 1 says where to begin."),
        ([1, np.inf, np.nan], "There is a NaN"),
        (["1", "inf", "0.25"], "This asks for an array of shape (3,), not text."),
    ],
)
def test_wrong_list(answer, sentence):
    assert says(LIST, answer).startswith(f"not right yet. {sentence}")


def test_entry_left_open_is_no_answer():
    assert verdict(LIST, [1, ..., 0.25]) == ("open", "9.2 is not answered yet.")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (" Left", "right. Go on."),
        ("right", "not right yet. No."),
        ("up", "not right yet. Choose one of 'both', 'left', 'right', with the quotes."),
        (["left"], "not right yet. Choose one of 'both', 'left', 'right', with the quotes."),
    ],
)
def test_choice(answer, sentence):
    assert says(CHOICE, answer) == sentence


def mean_log(x, n):
    return np.mean(np.log(x)) * len(x) / n


def integer(x, n):
    return 7


def wrong_shape(x, n):
    return np.log(x)


def raising(x, n):
    raise KeyError


def unfinished(x, n): ...


def ellipsis(x, n):
    return ...


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (mean_log, "right. Go on."),
        (unfinished, "not answered yet: unfinished returns nothing so far."),
        (ellipsis, "not answered yet: ellipsis returns nothing so far."),
        (0.5, 'not right yet. Hand in the function itself, as in check("9.4", f), not what'),
        (integer, "not right yet. integer([1, 2], 2) gave 7; it should be 0.3466."),
        (wrong_shape, "not right yet. wrong_shape([1, 2], 2) gave [0, 0.6931]; it should"),
        (raising, "not right yet. raising([1, 2], 2) raised KeyError."),
        (lambda x: 1, "not right yet. your function([1, 2], 2) raised TypeError: "),
        (lambda x, n: "a", "not right yet. your function([1, 2], 2) gave 'a'; it should be"),
        (
            lambda x, n: [mean_log(x, n)],
            "not right yet. your function([1, 2], 2) gave [0.3466]; it",
        ),
        (lambda x, n: {}, "not right yet. your function([1, 2], 2) gave a value of type dict;"),
        (lambda x, n: mean_log(x, n) + 1e-6, "not right yet. your function([1, 2], 2) gave "),
        (lambda x, n: mean_log(x, 1), "not right yet. Sum, not mean."),
        (FUNCTION.mistakes["NaN."], "not right yet. NaN."),
    ],
)
def test_function(answer, sentence):
    assert says(FUNCTION, answer).startswith(sentence)


def test_values_are_shown_to_the_digits_in_which_they_differ():
    text = says(FUNCTION, lambda x, n: mean_log(x, n) + 1e-6)
    assert text.endswith("gave 0.34657459; it should be 0.34657359.")


def test_function_may_write_into_its_arguments():
    def spoiling(x, n):
        result = mean_log(x, n)
        x[:] = -1
        return result

    assert says(FUNCTION, spoiling) == "right. Go on."
    assert FUNCTION.inputs[0][0].tolist() == [1.0, 2.0]


def test_function_may_print_and_warn(capsys):
    def noisy(x, n):
        print("here")
        warnings.warn("of something", UserWarning, stacklevel=1)
        return np.log(x).sum() / n

    assert says(FUNCTION, noisy) == "right. Go on."
    assert capsys.readouterr().out == ""


def test_a_built_record_stands_for_itself():
    @built
    def number():
        return NUMBER

    assert number is NUMBER


def test_every_record_of_a_module_is_found(monkeypatch):
    module = SimpleNamespace(second=LIST, helper=len, first=NUMBER, TABLE=[CHOICE])
    monkeypatch.setattr(catalogue, "import_module", lambda name, package: module)
    assert list(catalogue.exercises.__wrapped__("9")) == ["9.2", "9.1"]


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(checks, "_wrong", {})
    monkeypatch.setattr(checks, "_states", {})


@pytest.mark.parametrize("id", ["2.99", "77.1", "", "two", 2.1, None, [2]])
def test_unknown_id_lists_the_known(session, capsys, id):
    check(id, 1)
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith(f"There is no exercise {id!r}; there are '")
    assert "'2.1', '2.2'" in out


def test_check_counts_tries(session, capsys):
    for answer in (..., 5, 6, 7, exercise("2.1").answer):
        check("2.1", answer)
    check("2.2")
    lines = capsys.readouterr().out.splitlines()
    parts = [
        "2.1 is not answered",
        "Hint 1",
        "Hint 2",
        "solution",
        "right. ",
        "2.2 is not answered",
    ]
    assert all(part in line for part, line in zip(parts, lines, strict=True))


def test_check_wraps_long_sentences(session, capsys, monkeypatch):
    long = replace(NUMBER, right="Go on. " * 20)
    monkeypatch.setattr(checks, "exercise", lambda id: long)
    check("9.1", long.answer)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert max(map(len, lines)) <= 88


def test_progress_shows_the_chapter_at_work(session, capsys):
    progress()
    check("2.1", exercise("2.1").answer)
    check("2.1", 5)
    check("2.2", 5)
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[:3]] == ["right", "wrong", "open"]
    assert lines[-1] == f"1 of {len(lines) - 1} right."


def test_progress_before_any_check(session, capsys):
    progress()
    assert capsys.readouterr().out == "Nothing checked yet.\n"
