"""What the engine says, on exercises made up for the purpose."""

import csv
import re
import subprocess
import sys
import threading
import time
import warnings
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import checks
import nbformat
import numpy as np
import pytest
from checks import check, hint, memory, progress, solution
from checks.__main__ import main
from checks.engine import Exercise, built, catalogue, comparing, exercise, sheets, verdict

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
    [
        *[0.1838, 0.1837, np.float32(0.18378690), np.array(0.18379), Fraction(18379, 100000)],
        *[Decimal("0.1838"), 0.1838 + 0j, np.array(0.1838, object), np.array(Decimal("0.1838"))],
    ],
)
def test_number_is_right_to_the_digits_asked(answer):
    assert says(NUMBER, answer) == "right. Go on."


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("0.1838", "This asks for a number, not text: leave out the quotes."),
        (None, "This asks for a number, not None (infinity is np.inf)."),
        (10**400, "This asks for a number, not a number beyond the range of floats."),
        (18.38, "That is in percent; the question asks for a number between 0 and 1, not times"),
        (True, "This asks for a number, not True or False."),
        (0.18 + 1j, "This asks for a number, not complex numbers."),
        (abs, "This asks for a number, not a function."),
        ([[1], [1, 2]], "This asks for a number, not a list that is no rectangular array."),
        (
            [0.1838],
            "This asks for a number; yours has shape (1,): float(np.squeeze(answer)) makes it so.",
        ),
        (0.19, "Hint 1 says where to begin."),
        (0.192, "Swapped."),
        (np.inf, "Infinite."),
        (-np.inf, "Hint 1 says where to begin."),
        (np.nan, "There is a NaN: somewhere 0/0, 0·log 0 or inf − inf was computed."),
        (0.184, "Close, but not to 4 decimals: was something rounded on the way, a search too"),
        (1, "Hint 1 says where to begin."),
    ],
)
def test_wrong_number(answer, sentence):
    assert says(NUMBER, answer).startswith(f"not right yet. {sentence}")


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
        (
            ["1", "inf", "0.25"],
            "This asks for an array of shape (3,), not text: leave out the quotes.",
        ),
        (
            [1, None, 0.25],
            "This asks for an array of shape (3,), not None (infinity is np.inf) at [1].",
        ),
        (
            [1, 10**400, 0.25],
            "This asks for an array of shape (3,), not a number beyond the range of",
        ),
        (
            [1, True, Decimal(1)],
            "This asks for an array of shape (3,), not a value of type bool at [1].",
        ),
        (
            [[1, np.inf, 0.25]],
            "This asks for an array of shape (3,); yours has shape (1, 3): np.ravel(",
        ),
        ([1, np.inf, 25], "That is in percent"),
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
        (["up", "left"], "not right yet. Choose one of 'both', 'left', 'right', with the quotes."),
        *[
            (form, "right. Go on.")
            for form in (["left"], np.array("left"), "(left)", "left.", "'left'")
        ],
        (np.array(["right"]), "not right yet. No."),
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
def session(monkeypatch, tmp_path):
    """A session that begins, with a file of its own."""
    for name in ("_wrong", "_hinted"):
        monkeypatch.setattr(checks, name, {})
    monkeypatch.setattr(memory, "_session", {})
    monkeypatch.setattr(memory, "_kept", True)
    monkeypatch.setattr(memory, "FILE", tmp_path / "progress.json")


@pytest.mark.parametrize("id", ["2.99", "77.1", "", "two", None, [2]])
def test_unknown_id_lists_the_known(session, capsys, id):
    check(id, 1)
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith(f"There is no exercise {id!r}; there are ")
    assert ("'2.1', '2.2'" if id == "2.99" else "chapters 1, 2, 3") in out


@pytest.mark.parametrize("id", [2.1, 2])
def test_number_for_an_id_is_told_of_quotes(session, capsys, id):
    check(id, 1)
    assert "stands in quotes" in capsys.readouterr().out


@pytest.mark.parametrize("id", [" 2.1", "2.1 ", "02.1"])
def test_id_may_be_padded(session, capsys, id):
    check(id, exercise("2.1").answer)
    progress()
    out = capsys.readouterr().out
    assert "2.1 is right" in out
    assert "1 of " in out


def test_long_id_is_cut(session, capsys):
    check("x" * 10_000, 1)
    assert len(capsys.readouterr().out) < 500


def test_same_answer_again_is_no_further_try(session, capsys):
    for answer in (5, 5.00001, 5, "5", [5], 5):
        check("2.1", answer)
    assert "Hint 2" not in capsys.readouterr().out
    check("2.1", 6)
    check("2.1", 5)
    assert capsys.readouterr().out.count("Hint 2") == 2


def test_learner_may_ask_numpy_to_raise(session, capsys):
    with np.errstate(all="raise"):
        assert says(FUNCTION, FUNCTION.answer) == "right. Go on."
        assert says(LIST, [1, np.inf, 0.25]) == "right. Go on."
        check("2.1", exercise("2.1").answer)
    assert "2.1 is right" in capsys.readouterr().out


def test_records_load_where_numpy_raises():
    code = (
        "import numpy as np; np.seterr(all='raise'); import checks; checks.memory.session_only()\n"
    )
    code += "for c in checks.engine.chapters(): checks.check(f'{c}.1', 1)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=catalogue.CHECKS.parent, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert len(re.findall(r"^\d+\.1 is ", done.stdout, re.MULTILINE)) == len(catalogue.chapters())


def forever(x, n):
    while True:
        pass


def stubborn(x, n):
    while True:
        with suppress(Exception):
            time.sleep(60)


@pytest.mark.parametrize("function", [forever, stubborn])
def test_call_has_a_limit(monkeypatch, function):
    monkeypatch.setattr(comparing, "LIMIT", 0.2)
    text = says(FUNCTION, function)
    assert text.endswith(f"{function.__name__}([1, 2], 2) had not returned after 0.2 seconds.")


def test_limit_holds_beside_the_main_thread(monkeypatch):
    monkeypatch.setattr(comparing, "LIMIT", 0.2)
    texts = []
    worker = threading.Thread(target=lambda: texts.append(says(FUNCTION, forever)), daemon=True)
    worker.start()
    worker.join(60)
    assert texts
    assert texts[0].endswith("had not returned after 0.2 seconds.")


def leaving(x, n):
    sys.exit(3)


class Mute(ValueError):
    def __str__(self):
        raise RuntimeError


def mute(x, n):
    raise Mute


def long_winded(x, n):
    raise ValueError("y" * 10_000)


@pytest.mark.parametrize("function", [leaving, mute, long_winded])
def test_any_exception_gets_a_sentence(function):
    text = says(FUNCTION, function)
    assert f"{function.__name__}([1, 2], 2) raised" in text
    assert len(text) < 300


def test_exceptions_agree_by_what_they_say():
    refusing = replace(FUNCTION, answer=lambda x, n: int("a"), mistakes={})
    assert "right. " in says(refusing, lambda x, n: int("a"))
    assert "raised ValueError: invalid literal" in says(refusing, lambda x, n: int("b"))


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


KNOT = []
KNOT.append(KNOT)


@pytest.mark.parametrize("answer", [KNOT, nested(2000), nested(20)], ids=["knot", "2000", "20"])
@pytest.mark.parametrize("record", [NUMBER, LIST, CHOICE, FUNCTION], ids=lambda r: r.id)
def test_knots_get_a_sentence(record, answer):
    assert verdict(record, answer)[0] == "wrong"
    assert verdict(FUNCTION, lambda x, n: answer)[0] == "wrong"


def test_what_is_shown_is_short_and_has_no_dust():
    near = replace(FUNCTION, answer=lambda x, n: np.array([-1.7e-17, -0.0]), mistakes={})
    assert says(near, lambda x, n: [-1e-18, 1]).endswith("gave [0, 1]; it should be [0, 0].")
    assert len(says(FUNCTION, lambda x, n: "a" * 10_000)) < 200
    assert len(says(FUNCTION, lambda x, n: np.ones(10_000))) < 200
    long = replace(FUNCTION, answer=lambda x, n: np.arange(100.0), mistakes={})
    off = np.arange(100.0)
    off[70] = 3
    assert says(long, lambda x, n: off).endswith("gave 3 at [70]; it should be 70.")


@pytest.mark.parametrize("spoil", [np.float16, lambda x: np.round(x, 4), lambda x: round(x, 6)])
def test_function_that_rounds_is_told_so(spoil):
    assert "do not round inside a function" in says(FUNCTION, lambda x, n: spoil(mean_log(x, n)))


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


def test_progress_outlives_the_session(session, capsys, monkeypatch):
    check("2.1", exercise("2.1").answer)
    check("2.2", 5)
    monkeypatch.setattr(memory, "_session", {})
    check("2.1", 5)
    check("3.1", exercise("3.1").answer)
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[:2]] == ["right", "wrong"]
    assert lines[-1].startswith("2 of ")
    monkeypatch.setattr(memory, "_session", {})
    check("3.1", exercise("3.1").answer)
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("3.") for line in lines[:-2])
    assert lines[-1] == f"In the whole book: 2 of {len(sheets.titles())} right."


def test_a_session_may_keep_to_itself(session):
    memory.session_only()
    check("2.1", exercise("2.1").answer)
    assert not memory.FILE.exists()


@pytest.mark.parametrize("spoilt", ["", "{", "[1]", '{"2.1": 7}'])
def test_spoilt_file_is_no_progress(session, capsys, spoilt):
    memory.FILE.write_text(spoilt)
    progress()
    assert capsys.readouterr().out == "Nothing checked yet.\n"
    check("2.1", exercise("2.1").answer)
    assert memory.states() == {"2.1": "right"}


def test_every_exercise_has_title_hints_and_solution():
    for chapter in catalogue.chapters():
        for id, record in catalogue.exercises(chapter).items():
            assert sheets.titles()[id] == record.title
            assert len(sheets.hints(id)) >= 2
            assert "Idea" in sheets.solution_text(id)
            assert "```python" in sheets.solution_text(id)
            assert "SOLUTION" not in sheets.solution_text(id)


def test_hints_come_one_after_the_other(session, capsys):
    for _ in range(3):
        hint("2.1")
    one, two = sheets.hints("2.1")
    assert capsys.readouterr().out == (
        f"**Hint 1 of 2.** {one}\n**Hint 2 of 2.** {two}\n"
        'There are no further hints. solution("2.1") shows the solution.\n'
    )
    hint(2.1)
    solution("2.99")
    solution("2.1")
    out = capsys.readouterr().out
    assert "stands in quotes" in out
    assert "There is no exercise '2.99'" in out
    assert sheets.solution_text("2.1") in out


def test_table_of_a_sheet(tmp_path, capsys):
    sheet = tmp_path / "sheet.ipynb"
    cells = [
        "from checks import check",
        "1 / 0",
        f'check("2.1", {exercise("2.1").answer})',
        'check("2.2", 5)\ncheck("2.3")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbformat.write(notebook, sheet)
    main([str(sheet)])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[:3]] == ["right", "wrong", "open"]
    assert lines[3] == "sheet.ipynb: 1 of 3 right."
    main(["--csv", str(sheet)])
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert rows[0] == ["sheet", "exercise", "title", "state"]
    assert rows[1] == ["sheet.ipynb", "2.1", sheets.titles()["2.1"], "right"]
    with pytest.raises(SystemExit):
        main(["missing.ipynb"])
