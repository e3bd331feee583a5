"""The notebooks: in step with their source, clean, and safe to run untouched."""

import re
import subprocess
import sys

import nbformat
import pytest
from checks.engine import exercises
from make_worksheets import executed, main, worksheet

from tests.conftest import ROOT, tracked

FOLDER = ROOT / "exercises"
SOLUTIONS = tracked("exercises/*_solutions.ipynb")
SHEETS = sorted(set(tracked("exercises/*.ipynb")) - set(SOLUTIONS))
each_sheet = pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
each_notebook = pytest.mark.parametrize("path", SHEETS + SOLUTIONS, ids=lambda path: path.stem)


def test_sheets_are_in_step_with_the_solutions(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["make_worksheets.py", "--check"])
    with pytest.raises(SystemExit) as exit:
        main()
    assert capsys.readouterr().out == "All in step.\n"
    assert exit.value.code == 0
    assert [path.stem for path in SHEETS] == [p.stem.removesuffix("_solutions") for p in SOLUTIONS]


@each_notebook
def test_is_a_clean_notebook(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+[a-z0-9-]*", id) for id in ids)
    assert notebook.metadata.language_info == {"name": "python"}
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert all(output.get("name") == "stdout" for output in outputs)


def test_cells_run_in_their_order_however_tests_are_shuffled():
    names = [str(path.relative_to(ROOT)) for path in SOLUTIONS[:2]]
    command = ["pytest", "--nbval", "--collect-only", "-q", "-p", "randomly", *names]
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )
    found = re.findall(r"^(.*)::Cell (\d+)$", done.stdout, re.MULTILINE)
    assert {name for name, _ in found} == set(names)
    assert found == sorted(found, key=lambda cell: (cell[0], int(cell[1])))


@each_sheet
def test_sheet_holds_no_solution(path):
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    assert not any("solution" in cell.metadata.get("tags", []) for cell in notebook.cells)
    assert "SOLUTION" not in nbformat.writes(notebook)


@each_sheet
def test_every_exercise_has_its_parts(path):
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    headings = re.findall(r"^## (\d.*)$", "\n".join(c.source for c in cells.values()), re.MULTILINE)
    records = exercises(headings[0].partition(".")[0])
    assert headings == [f"{record.id} {record.title}" for record in records.values()]
    for id in records:
        part = f"ex-{id.replace('.', '-')}"
        assert re.search(r"^\*Trains: .+\.\*$", cells[f"{part}-task"].source, re.MULTILINE)
        hints = cells[f"{part}-hints"].source
        assert re.findall(r"<summary>(.*)</summary>", hints) == ["Hint 1", "Hint 2"]
        assert "..." in cells[f"{part}-answer"].source
        assert cells[f"{part}-check"].source.startswith(f'check("{id}", ')


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_running_the_solutions_is_nobodys_progress(path):
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    (at,) = [k for k, cell in enumerate(code) if "memory.session_only()" in cell.source]
    assert set(code[at].metadata.tags) == {"remove-cell", "solution"}
    assert not any("check(" in cell.source for cell in code[:at])


@each_sheet
def test_untouched_sheet_runs_and_says_so(path):
    notebook = executed(nbformat.read(path, as_version=4))
    checks = [cell for cell in notebook.cells if cell.id.endswith("-check")]
    assert checks
    for cell in checks:
        (output,) = cell.outputs
        assert re.fullmatch(r"\d+\.\d+ is not answered yet.*\.\n", output.text)


def test_stubs():
    source = """\
# [a, b]
### BEGIN SOLUTION
a = 1
answer = [a, 2]
print(answer)
### END SOLUTION
def f(x):
    ### BEGIN SOLUTION
    y = x + 1
    return y
    ### END SOLUTION
### BEGIN SOLUTION
print(f(1))
### END SOLUTION"""
    cells = [
        nbformat.v4.new_code_cell(source, id="a", execution_count=3),
        nbformat.v4.new_markdown_cell("Gone.", id="b", metadata={"tags": ["solution"]}),
    ]
    cell, link = worksheet(nbformat.v4.new_notebook(cells=cells), "a_solutions.ipynb").cells
    assert cell.source == "# [a, b]\nanswer = ...\ndef f(x):\n    ..."
    assert "](a_solutions.ipynb)" in link.source
    assert cell.execution_count is None
    assert "SOLUTION" in cells[0].source
