"""The exported notebooks as files: valid, plain Markdown, the page's words, nothing of this machine."""

import base64
import json
import posixpath
import re
from functools import cache
from html import escape
from itertools import pairwise
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

from tests.conftest import HTML, ROOT, tracked

NOTEBOOKS = ROOT / "_build" / "notebooks"
PAGES = [
    path.relative_to(ROOT).with_suffix("").as_posix()
    for path in tracked("index.md", "chapters/*.md", "exercises/*.ipynb")
]
each = pytest.mark.parametrize("name", PAGES)
COMMONMARK = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
MYST = create_md_parser(
    MdParserConfig(enable_extensions={"colon_fence", "dollarmath", "amsmath", "attrs_inline"}),
    DocutilsRenderer,
)
OF_MYST = {"myst_role", "myst_target", "myst_line_comment", "colon_fence", "front_matter"}


@cache
def notebook(name):
    """One exported notebook."""
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", nbformat.NO_CONVERT)


def texts(name):
    """The sources of a notebook's cells of text."""
    return [cell.source for cell in notebook(name).cells if cell.cell_type == "markdown"]


def tokens(parser, text):
    """All tokens of a text, those inside paragraphs too."""
    for token in parser.parse(text):
        yield token
        yield from token.children or []


def test_every_page_is_a_notebook(html):
    assert len(PAGES) > 20
    assert {p.relative_to(NOTEBOOKS).as_posix() for p in NOTEBOOKS.rglob("*.ipynb")} == {
        f"{name}.ipynb" for name in PAGES
    }


@each
def test_is_valid_and_stands_beside_its_page(html, name):
    nbformat.validate(notebook(name))
    assert (notebook(name).nbformat, notebook(name).nbformat_minor) == (4, 5)
    beside = (HTML / f"{name}.ipynb").read_bytes()
    assert beside == (NOTEBOOKS / f"{name}.ipynb").read_bytes()
    buttons = BeautifulSoup((HTML / f"{name}.html").read_text("utf-8"), "html.parser")
    (button,) = buttons.select(".btn-download-notebook-button")
    assert button["href"] == f"{posixpath.basename(name)}.ipynb"


@each
def test_nothing_of_myst_is_left(html, name):
    for text in texts(name):
        found = list(tokens(MYST, text))
        assert not OF_MYST & {token.type for token in found}
        assert not [t.info for t in found if t.type == "fence" and t.info.startswith("{")]
        words = [t.content for t in tokens(COMMONMARK, text) if t.type == "text"]
        braces = "" if name == "chapters/kllib" else "{}"  # docstrings list choices in braces
        assert not [word for word in words if ":::" in word or set(braces) & set(word)]
    for cell in notebook(name).cells:
        assert "### BEGIN" not in cell.source
        assert "### END" not in cell.source


@each
def test_html_is_what_every_front_end_shows(html, name):
    for text in texts(name):
        for token in tokens(COMMONMARK, text):
            if token.type in ("html_block", "html_inline"):
                tags = set(re.findall(r"</?(\w+)", token.content))
                assert tags <= {"details", "summary", "br", "sup", "sub"}, token.content


def words_of(tree):
    """The words of a piece of HTML, mathematics without its dollars and spaces."""
    for formula in tree.select(".math"):
        text = re.sub(
            r"^\\[(\[]|\\[)\]]$|\\tag\{.*?\}|\\(begin|end)\{split\}", "", formula.get_text().strip()
        )
        text = text.replace("\\Vert", "\\|").replace("\\vert", "|").replace("\\|", "\\Vert")
        formula.replace_with("".join(["", *text.split(), ""]))
    for line_break in tree.select("br"):
        line_break.replace_with(" ")
    return tree.get_text().split()


def page_words(name):
    """What the page says: its article without code, canvases and the marks of the theme."""
    tree = BeautifulSoup((HTML / f"{name}.html").read_text("utf-8"), "html.parser")
    article = tree.select_one("article.bd-article")
    for caption in article.select("figcaption"):
        if caption.select_one(".caption-number"):
            caption.find_parent(class_="cell").insert_after(caption.extract())
    for term in article.select("dt"):
        term.append(": ")
    for extra in article.select(".headerlink, .cell, .eqno, .toctree-wrapper, dl.py, .label"):
        extra.decompose()
    return words_of(article)


def notebook_words(name):
    """What the notebook says."""
    options = {"html": True, "typographer": False}
    render = MarkdownIt("commonmark", options).enable("table")
    render.use(dollarmath_plugin, renderer=lambda content, _: escape(content))
    html = "\n".join(map(render.render, texts(name)))
    return words_of(BeautifulSoup(html, "html.parser"))


@pytest.mark.parametrize(
    "name", [p for p in PAGES if p not in ("chapters/kllib", "chapters/references")]
)
def test_says_what_the_page_says(html, name):
    page, own = page_words(name), notebook_words(name)
    at = next(
        (k for k, both in enumerate(zip(page, own, strict=False)) if len(set(both)) > 1), None
    )
    if at is not None:
        assert page[max(at - 5, 0) : at + 15] == own[max(at - 5, 0) : at + 15]
    assert len(page) == len(own)


@each
def test_links_lead_to_notebooks_and_to_headings_there(html, name):
    for text in texts(name):
        for token in tokens(COMMONMARK, text):
            target = token.attrs.get("href", "")
            if token.type != "link_open" or re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            here = posixpath.dirname(name)
            other = posixpath.normpath(posixpath.join(here, path)) if path else f"{name}.ipynb"
            assert (NOTEBOOKS / other).exists(), target
            assert other.endswith(".ipynb")
            if anchor:
                assert unquote(anchor) in anchors(other.removesuffix(".ipynb")), target


@cache
def anchors(name):
    """The anchors that JupyterLab makes of a notebook's headings."""
    found = set()
    for text in texts(name):
        parsed = COMMONMARK.parse(text)
        for before, token in pairwise(parsed):
            if before.type == "heading_open":
                words = "".join(
                    f"${child.content}$" if child.type == "math_inline" else child.content
                    for child in token.children
                )
                found.add(words.replace(" ", "-"))
    return found


@each
def test_nothing_of_this_machine_or_this_run(html, name):
    text = (NOTEBOOKS / f"{name}.ipynb").read_text("utf-8")
    assert str(ROOT) not in text
    assert not re.search(r"/home/|/tmp/|\b0x[0-9a-f]{6,}|\"execution\": \{|model_id", text)
    counts = [c.execution_count for c in notebook(name).cells if c.get("execution_count")]
    assert counts == sorted(set(counts))


@each
def test_plumbing_is_folded_and_says_what_it_is_for(html, name):
    for cell in notebook(name).cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            assert cell.source.startswith("# "), cell.source[:80]


@each
def test_pictures_are_described(html, name):
    for cell in notebook(name).cells:
        for output in cell.get("outputs", []):
            page = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser")
            for image in page.select("img"):
                assert len(image["alt"]) > 20
                start, picture = image["src"].split(",")
                assert start == "data:image/svg+xml;base64"
                assert b"<dc:date>" not in base64.b64decode(picture)
            assert not page.select("script")


def test_what_the_notebooks_import_stands_beside_them(html):
    for name in ("chapters/prose.py", "chapters/facts.json", "exercises/checks/__init__.py"):
        assert (NOTEBOOKS / name).read_bytes() == (ROOT / name).read_bytes()


def test_a_readers_changes_are_kept(tmp_path):
    from binder.notebooks import give

    book, own = tmp_path / "book", tmp_path / "own"
    (book / "chapters").mkdir(parents=True)
    own.mkdir()
    (book / "index.ipynb").write_text("1")
    (book / "chapters" / "a.ipynb").write_text("1")
    assert give(book, own) == []
    (own / "index.ipynb").write_text("mine")
    for path in (book / "index.ipynb", book / "chapters" / "a.ipynb"):
        path.write_text("2")
    assert give(book, own) == ["index.ipynb"]
    assert (own / "index.ipynb").read_text() == "mine"
    assert (own / "chapters" / "a.ipynb").read_text() == "2"
    assert give(book, own) == ["index.ipynb"]
    (own / "index.ipynb").unlink()
    assert give(book, own) == []
    assert json.loads((own / ".given.json").read_text()).keys() == {
        "index.ipynb",
        "chapters/a.ipynb",
    }
