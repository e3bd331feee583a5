"""Quick questions in the page, without a kernel: by mouse and keys, each answer with its sentence."""

import json
import re

import pytest
import yaml

from kllib.canvas import QuickQuestions, ask_choice, ask_number
from tests.conftest import ROOT, tracked

from .conftest import Held

CHAPTERS = [
    path.stem
    for path in tracked("chapters/*.md")
    if re.search(r"^QuickQuestions\(", path.read_text("utf-8"), re.M)
]


def replies(held):
    """What the page says to the answers given."""
    return held.root.locator(".kl-reply").all_inner_texts()


@pytest.fixture
def quiz(open_page, site):
    """Open the quick questions of a chapter."""
    return lambda chapter, **options: Held(
        open_page(f"{site}/chapters/{chapter}.html", formulas=False, **options), "QuickQuestions"
    )


def questions(held):
    """The records that the page carries."""
    states = json.loads(held.page.locator('script[type$="widget-state+json"]').text_content())
    return next(
        m["state"]["questions"] for m in states["state"].values() if "questions" in m["state"]
    )


def test_every_numbered_chapter_asks():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    files = [page["file"] for part in parts for page in part["chapters"]]
    numbered = [f.removeprefix("chapters/") for f in files if re.match(r"chapters/\d\d_", f)]
    assert numbered
    assert numbered == CHAPTERS


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_answer_has_its_sentence(quiz, chapter):
    held = quiz(chapter)
    for i, question in enumerate(questions(held)):
        box = held.root.locator(".kl-question").nth(i)
        if "options" in question:
            rights = 0
            for k, (_, why, right) in enumerate(question["options"]):
                box.locator("input").nth(k).check()
                assert replies(held)[i] == ("✓ Right. " if right else "✗ ") + why
                assert held.values["right"][i] is right
                rights += right
            assert rights == 1
            continue
        field = box.locator("input")
        for wrong, sentence in question["mistakes"]:
            field.fill(f"{wrong:.{question['digits']}f}")
            field.press("Enter")
            assert replies(held)[i] == f"✗ {sentence}"
        for text, start in (
            ("abc", "Type a number"),
            ("", "Type a number"),
            ("98765", "✗ Not that"),
        ):
            field.fill(text)
            box.get_by_role("button", name="Check").click()
            assert replies(held)[i].startswith(start)
        field.fill(f"{question['answer']:.{question['digits']}f}".replace(".", ","))
        field.press("Enter")
        assert replies(held)[i].startswith("✓ Right.")


def test_options_by_keyboard_and_on_a_phone(quiz):
    held = quiz("02_kl", viewport={"width": 320, "height": 640})
    first = held.root.locator("input[type=radio]").first
    first.focus()
    held.page.keyboard.press("ArrowDown")
    assert any(replies(held))
    assert held.root.evaluate("el => el.scrollWidth - el.clientWidth") <= 0


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_right_option_is_not_always_first(quiz, chapter):
    lists = [q["options"] for q in questions(quiz(chapter)) if "options" in q]
    assert not all(options[0][2] for options in lists)


def test_constructors_refuse_what_would_mislead():
    with pytest.raises(ValueError, match="right must be one of the options"):
        ask_choice("?", {"a": "because"}, right="b")
    with pytest.raises(ValueError, match="options must each have an explanation"):
        ask_choice("?", {"a": "because", "b": ""}, right="a")
    with pytest.raises(ValueError, match="mistakes must differ from the answer"):
        ask_number("?", 0.1838, {"bits": 0.18381}, "yes")


def test_static_form_has_questions_and_folded_answers():
    quiz = QuickQuestions([ask_choice("Which?", {"a": "so", "b": "no"}, right="a")])
    html = quiz._repr_mimebundle_()[0]["text/html"]
    assert "Which?" in html
    assert "<summary>Answer</summary>a. so" in html
