"""Generate the worksheets from the solutions.

    python exercises/make_worksheets.py             worksheets of all chapters
    python exercises/make_worksheets.py --execute   run the solutions and store their outputs first
    python exercises/make_worksheets.py 02_kl       of the chapters that are named (any option)
    python exercises/make_worksheets.py --check     write nothing; fail where a file would change

The marks are nbgrader's. What stands between ``### BEGIN SOLUTION`` and ``### END SOLUTION``
becomes ``...``; at the left margin, where a check below needs the name, ``name = ...`` with the
last name that was assigned, and nothing where none was. Cells tagged ``solution`` and all outputs
go.
"""

import argparse
import ast
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

__all__ = ["executed", "worksheet"]

FOLDER = Path(__file__).parent
REGION = re.compile(
    r"^([ ]*)### BEGIN SOLUTION\n(.*?)^[ ]*### END SOLUTION$", re.DOTALL | re.MULTILINE
)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # without the version, which would differ by machine
}


def _stub(region):
    indent, code = region.groups()
    names = []
    if not indent:
        assignments = [node for node in ast.parse(code).body if isinstance(node, ast.Assign)]
        if not assignments:
            return ""
        names = [target.id for target in assignments[-1].targets]
    return indent + " = ".join([*names, "..."])


def worksheet(solutions, name):
    """Return the notebook of solutions, a file called `name`, without solutions and outputs."""
    cells = []
    for cell in solutions.cells:
        if "solution" in cell.metadata.get("tags", []):
            continue
        cell = nbformat.from_dict(cell)
        cell.source = REGION.sub(_stub, cell.source).rstrip()
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        cells.append(cell)
    link = f"Every exercise is worked out in the [solutions]({name})."
    cells.append(nbformat.v4.new_markdown_cell(link, id="solutions"))
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def executed(notebook):
    """Return the notebook run from top to bottom in this folder, with its outputs."""
    notebook = nbformat.from_dict(notebook)
    resources = {"metadata": {"path": str(FOLDER)}}
    options = {"record_timing": False, "coalesce_streams": True, "timeout": 120}
    NotebookClient(notebook, resources=resources, **options).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def main():
    """Write the notebooks, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--execute", action="store_true", help="run the solutions first")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("chapters", nargs="*", help="names such as 02_kl; all without any")
    options = parser.parse_args()
    changed = []
    for source in sorted(FOLDER.glob("*_solutions.ipynb")):
        if (
            options.chapters
            and source.name.removesuffix("_solutions.ipynb") not in options.chapters
        ):
            continue
        solutions = nbformat.read(source, as_version=4)
        if options.execute:
            solutions = executed(solutions)
        sheet = source.with_name(source.name.replace("_solutions", ""))
        for path, notebook in ((source, solutions), (sheet, worksheet(solutions, source.name))):
            text = nbformat.writes(notebook) + "\n"
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                changed.append(path.name)
                if not options.check:
                    path.write_text(text, encoding="utf-8")
    print("\n".join(changed) or "All in step.")
    sys.exit(bool(changed and options.check))


if __name__ == "__main__":
    main()
