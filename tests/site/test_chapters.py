"""The template and the manners of every chapter's source."""

import re
import sys

import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from tests.conftest import ROOT, tracked

sys.path.insert(0, str(ROOT / "chapters"))
from sentences import set_sentences

PAGES = tracked("index.md", "chapters/*.md")
CHAPTERS = tracked("chapters/[0-9]*.md")
VERB = r"- \*\*[a-z]+\*\*"
ENDING = ["Check yourself", "Summary", "Where people go wrong", "Exercises", "Further reading"]
each = pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)


def cells(path, kind=None):
    """The cells of a chapter read as a notebook."""
    notebook = read_myst_markdown_notebook(path.read_text("utf-8"))
    return [c for c in notebook.cells if kind in (None, c.cell_type)]


def tags(cell):
    """A cell's tags."""
    return cell.metadata.get("tags", [])


def lines(cell):
    """A code cell's lines without blank ones."""
    return [line for line in cell.source.splitlines() if line.strip()]


def prose(path):
    """A chapter's words without code cells, directives' options and mathematics."""
    text = path.read_text("utf-8").split("---\n", 2)[2]
    text = re.sub(r"```\{code-cell\}.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "x", text, flags=re.DOTALL)
    return re.sub(r"^:+.*$|\{[a-z:]+\}|`[^`]*`", "", text, flags=re.MULTILINE)


def section(path, title):
    """The text of one second-level section."""
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", path.read_text("utf-8"), re.M | re.S)[1]


def test_there_are_chapters():
    assert len(CHAPTERS) >= 1


@each
def test_opening(path):
    text = path.read_text("utf-8")
    slug = path.stem.split("_", 1)[1]
    body = text.split("---\n", 2)[2].strip()
    assert body.startswith(f"({slug})=\n# ")
    question = body.split("\n\n")[1]
    assert len(re.findall(r"[.?!](?:\s|$)", question)) == 2
    assert question.endswith("?")
    box = re.search(r"You will be able to\n(.*?)\n:::", text, re.S)[1]
    assert 3 <= len(re.findall(VERB, box)) <= 5
    assert "*Needed before:*" in box
    assert "*Reading time:*" in box


@each
def test_setup_and_code_are_short(path):
    visible = [c for c in cells(path, "code") if "remove-cell" not in tags(c)]
    assert len(lines(visible[0])) <= 6
    assert "import numpy as np" in visible[0].source
    for cell in visible[1:]:
        if "QuickQuestions([" in cell.source:
            assert "remove-input" in tags(cell)
            continue
        folded = {"hide-input", "remove-input"} & set(tags(cell))
        assert len(lines(cell)) <= (15 if folded else 10), cell.source
        assert max(map(len, lines(cell))) <= (100 if folded else 73), cell.source


@each
def test_asks_before_it_shows(path):
    text = path.read_text("utf-8")
    assert text.count(":::{admonition} Before you compute") >= 1
    shown = [c.source for c in cells(path)]
    names = re.findall(r"^class (\w+)\(Canvas\)", all_canvases(), re.M)
    for name in set(names) - {"QuickQuestions"}:
        at = [k for k, s in enumerate(shown) if s.startswith(f"{name}(")]
        for k in at:
            assert "?" in shown[k - 1] or "guess" in shown[k - 1].lower(), name
            assert "*Try:*" in shown[k + 1], name


def all_canvases():
    """The Python source of every canvas."""
    return "\n".join(p.read_text("utf-8") for p in tracked("kllib/canvas/*.py"))


@each
def test_ending(path):
    titles = re.findall(r"^## (.*)$", path.read_text("utf-8"), re.M)
    assert titles[-len(ENDING) :] == ENDING
    assert len(re.findall(r"^- ", section(path, "Summary"), re.M)) <= 6
    assert ":class: warning" in section(path, "Where people go wrong")
    assert f"../exercises/{path.stem}>" in section(path, "Exercises")
    reading = re.findall(r"^- .*\{cite", section(path, "Further reading"), re.M)
    assert 3 <= len(reading) <= 6
    quiz = section(path, "Check yourself")
    assert 2 <= len(re.findall(r"^    ask_(?:number|choice)\(", quiz, re.M)) <= 4


@each
def test_prose(path):
    words = len(prose(path).split())
    assert 1800 <= words <= 4000, words
    for paragraph in re.split(r"\n\n|\n- ", prose(path)):
        assert len(paragraph.split()) <= 130, paragraph[:80]
    lowered = prose(path).lower()
    for filler in ("important to note", "in this section we will", "obviously", "simply put"):
        assert filler not in lowered


@each
def test_prose_is_asserted_where_it_stands(path):
    found = cells(path)
    checks = 0
    for cell, after in zip(found, [*found[1:], None], strict=True):
        if cell.cell_type == "code" and re.search(r"^(?:close\(|assert )", cell.source, re.M):
            assert tags(cell) == ["remove-cell"], cell.source
            assert re.match(r"(?:\([\w-]+\)=\n)?## ", after.source), cell.source  # a section ends
            checks += cell.source.count("close(") + cell.source.count("assert ")
    assert checks >= 8
    numbers = re.findall(r"\{glue:text\}`(\w+)", path.read_text("utf-8"))
    assert len(numbers) >= 5


@each
def test_hidden_cells_say_what_they_are_for(path):
    for cell in cells(path, "code"):
        if "remove-cell" in tags(cell):
            first = cell.source.splitlines()[0]
            assert first.startswith("# "), first
            assert len(first.split()) >= 4


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_one_sentence_a_line(path):
    source = path.read_text("utf-8")
    assert set_sentences(source) == source, "python chapters/sentences.py"


def test_sentences_are_told_from_what_looks_like_them():
    page = """- **Run.** One $a. B$ or `x. Y`, .5 and two. Three? *"Four."* (Five!) six, e.g. Seven.
: Of [a. B](c. D). {glue:text}`x` is eight
  and nine... goes on. 10. Ten

```{code-cell}
"A. B"
```
$$
a. B
$$ (label)
:::{note} No. No
:class: a. B
Well. Well
:::
"""
    expected = """- **Run.** One $a. B$ or `x. Y`, .5 and two.
  Three?
  *"Four."*
  (Five!) six, e.g. Seven.
: Of [a. B](c. D).
  {glue:text}`x` is eight and nine... goes on. 10.
  Ten

```{code-cell}
"A. B"
```
$$
a. B
$$ (label)
:::{note} No. No
:class: a. B
Well.
Well
:::
"""
    assert set_sentences(page) == expected
    assert set_sentences(expected) == expected


@each
def test_figures_are_captioned_and_described(path):
    for cell in cells(path, "code"):
        if "plotting.axes(" in cell.source:
            spec = cell.metadata["mystnb"]
            assert len(spec["figure"]["caption"]) > 40
            assert len(spec["image"]["alt"]) > 40


@each
def test_needs_no_network_and_no_hidden_chance(path):
    code = "\n".join(c.source for c in cells(path, "code"))
    assert not re.search(
        r"pip install|urlopen|requests\.|https?://|np\.random\.(?!default_rng)", code
    )
    assert "default_rng()" not in code
    assert not re.search(r"perf_counter|time\.time|timeit", code)  # no number changes by machine
