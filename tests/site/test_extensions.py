"""The book's small Sphinx extensions."""

import importlib.util
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from tests.conftest import ROOT


def load(name):
    """Import one extension from its file."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "_ext" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_buttons_lead_to_the_notebook_here_and_on_binder(monkeypatch):
    launch, config = load("launch"), SimpleNamespace(html_theme_options={"a": 1})

    def buttons():
        context = {"header_buttons": [{"label": "download-buttons", "buttons": []}]}
        launch.add_buttons(None, "chapters/02_kl", "page.html", context, object())
        return context["header_buttons"]

    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    launch.point(None, config)
    assert config.html_theme_options == {"a": 1}
    (downloads,) = buttons()
    assert [b["url"] for b in downloads["buttons"]] == ["02_kl.ipynb"]
    monkeypatch.setenv("BOOK_REPOSITORY", "https://example.org/owner/book")
    launch.point(None, config)
    assert config.html_theme_options["repository_url"] == "https://example.org/owner/book"
    run, _ = buttons()
    assert [b["url"] for b in run["buttons"]] == [
        "https://mybinder.org/v2/git/https%3A%2F%2Fexample.org%2Fowner%2Fbook/notebooks"
        "?urlpath=lab/tree/notebooks/chapters/02_kl.ipynb"
    ]
    workflow = (ROOT / ".github" / "workflows" / "book.yml").read_text("utf-8")
    assert "BOOK_REPOSITORY: ${{ github.server_url }}/${{ github.repository }}" in workflow
    assert f"HEAD:{launch.BRANCH}" in workflow


def test_cache_is_named_after_what_results_depend_on(tmp_path):
    freshness = load("freshness")
    for name in (
        "kllib/canvas/static/core/frame.js",
        "kllib/discrete.py",
        "constraints.txt",
        "chapters/facts.json",
        "chapters/prose.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)

    def name():
        config = SimpleNamespace()
        freshness.name_cache(SimpleNamespace(confdir=tmp_path), config)
        return config.nb_execution_cache_path

    seen = {name()}
    assert name() in seen
    for changed in (
        "kllib/canvas/static/core/frame.js",
        "constraints.txt",
        "chapters/facts.json",
        "chapters/prose.py",
    ):
        (tmp_path / changed).write_text("changed")
        assert name() not in seen
        seen.add(name())


FAULTS = {
    "icon-script": '<script src="_static/scripts/fontawesome.js?digest=1"></script>',
    "toggle-name": '<summary><span class="toctree-toggle"></span></summary>',
    "citation-role": '<div role="list" class="citation-list"></div>',
}


@pytest.fixture
def pages(tmp_path):
    """A folder of built pages as the mends see it."""
    return SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))


def test_mends_are_applied_once(pages):
    mends = load("mends")
    assert set(FAULTS) == set(mends.MENDS)
    page = pages.outdir / "page.html"
    page.write_text("".join(FAULTS.values()))
    for _ in range(2):  # an incremental build meets pages that are mended already
        mends.mend(pages, None)
        text = page.read_text()
        assert "fontawesome" not in text
        assert "<summary aria-label=" in text
        assert 'role="list"' not in text
        assert text.count("<!-- mended: ") == 1
    (pages.outdir / "fresh.html").write_text("a page written anew, with nothing to mend")
    mends.mend(pages, None)


@pytest.mark.parametrize("name", FAULTS)
def test_a_needless_mend_stops_the_build(pages, name):
    page = pages.outdir / "page.html"
    page.write_text("".join(fault for key, fault in FAULTS.items() if key != name))
    with pytest.raises(ExtensionError, match=f"match no page: {name}$"):
        load("mends").mend(pages, None)
