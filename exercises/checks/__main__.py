"""The table of a worksheet: `python -m checks sheet.ipynb`, in the folder of the exercises.

The sheet runs in a fresh kernel; cells that fail do not stop it, and nothing is written.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .engine.sheets import FOLDER, titles

BEGIN = "from checks import memory\nmemory.session_only()"
END = "import json\nfrom checks import memory\nprint(json.dumps(memory.session()))"


def states_of(path):
    """Return the state of every exercise that a worksheet checks, by id."""
    sheet = nbformat.read(path, as_version=4)
    ends = [nbformat.v4.new_code_cell(source) for source in (BEGIN, END)]
    cells = [ends[0], *sheet.cells, ends[1]]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=sheet.metadata)
    resources = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(notebook, resources=resources, allow_errors=True, timeout=300).execute()
    return json.loads(notebook.cells[-1].outputs[-1].text)


def main(arguments=None):
    """Print a table, or comma-separated values, for each sheet."""
    parser = argparse.ArgumentParser(prog="python -m checks", description=__doc__.splitlines()[0])
    parser.add_argument("sheets", nargs="+", type=Path, metavar="sheet.ipynb")
    parser.add_argument("--csv", action="store_true", help="sheet, exercise, title, state")
    options = parser.parse_args(arguments)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if options.csv:
        writer.writerow(["sheet", "exercise", "title", "state"])
    for path in options.sheets:
        if not path.is_file():
            parser.error(f"there is no file {path}")
        states = states_of(path)
        for id, state in states.items():
            row = [path.name, id, titles().get(id, ""), state]
            if options.csv:
                writer.writerow(row)
            else:
                print(f"{id:5} {row[2]:44} {state}")
        if not options.csv:
            right = sum(state == "right" for state in states.values())
            print(f"{path.name}: {right} of {len(states)} right.")


if __name__ == "__main__":
    main()
