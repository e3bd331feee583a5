"""What stands in the notebooks: titles, hints, solutions."""

import json
import re
from functools import cache
from pathlib import Path

__all__ = ["hints", "solution_text", "titles"]

FOLDER = Path(__file__).parents[2]
HINT = re.compile(r"<details><summary>Hint \d</summary>\s*(.*?)\s*</details>", re.DOTALL)
MARKS = re.compile(r"^[ ]*### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)


@cache
def _cells(chapter):
    (path,) = FOLDER.glob(f"{chapter:0>2}_*_solutions.ipynb")
    return json.loads(path.read_text("utf-8"))["cells"]


@cache
def titles():
    """Return the title of every exercise of the book by id."""
    found = {}
    for path in sorted(FOLDER.glob("[0-9]*_solutions.ipynb")):
        chapter = path.name.partition("_")[0].lstrip("0")
        for cell in _cells(chapter):
            heading = re.match(r"## (\d+\.\d+) (.*)", "".join(cell["source"]))
            if heading:
                found[heading[1]] = heading[2]
    return found


def _of(id):
    """The cells of one exercise."""
    begin = f"ex-{id.replace('.', '-')}-"
    return [cell for cell in _cells(id.partition(".")[0]) if cell["id"].startswith(begin)]


def hints(id):
    """Return the hints of an exercise, in their order, as Markdown."""
    text = "".join("".join(cell["source"]) for cell in _of(id) if cell["id"].endswith("-hints"))
    return HINT.findall(text)


def solution_text(id):
    """Return the solution of an exercise as Markdown: idea, code, what to notice."""
    parts = []
    for cell in _of(id):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and "solution" in cell["metadata"].get("tags", []):
            parts.append(source)
        elif cell["id"].endswith("-answer"):
            parts.append(f"```python\n{MARKS.sub('', source).strip()}\n```")
    return "\n\n".join(parts)
