"""What `make new-chapter` writes."""

import importlib.util
import shutil

import nbformat
import pytest
import yaml

from tests.conftest import ROOT

spec = importlib.util.spec_from_file_location("new_chapter", ROOT / "chapters" / "new_chapter.py")
new_chapter = importlib.util.module_from_spec(spec)
spec.loader.exec_module(new_chapter)


@pytest.fixture
def book(tmp_path):
    """A folder with what a new chapter is written into."""
    for folder in ("chapters", "exercises/checks"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    return tmp_path


def test_begins_every_file_and_lists_them(book):
    new_chapter.begin(book, "97_family")
    toc = yaml.safe_load((book / "_toc.yml").read_text("utf-8"))
    entry = toc["parts"][-2]["chapters"][-1]
    assert entry["file"] == "chapters/97_family"
    assert entry["sections"] == [{"file": "exercises/97_family", "title": "Exercises 97"}]
    assert toc["parts"][-1]["chapters"][-1]["file"] == "exercises/97_family_solutions"
    assert "(family)=\n# Family" in (book / "chapters" / "97_family.md").read_text("utf-8")
    notebook = nbformat.read(book / "exercises" / "97_family_solutions.ipynb", 4)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells if cell.id.startswith("ex-97-1-")] == [
        f"ex-97-1-{part}" for part in ("task", "hints", "answer", "check")
    ]
    records = book / "exercises" / "checks" / "ch97" / "records.py"
    compile(records.read_text("utf-8"), str(records), "exec")


def test_writes_over_nothing_and_refuses_other_names(book):
    new_chapter.begin(book, "97_family")
    with pytest.raises(ValueError, match=r"name must be new; 97_family\.md exists"):
        new_chapter.begin(book, "97_family")
    with pytest.raises(ValueError, match="name must be two digits"):
        new_chapter.begin(book, "family")
