"""Begin a chapter: its page, its solutions, its records, its lines in _toc.yml.

    python chapters/new_chapter.py 09_family

What it writes builds. What is still to be written, the tests of the chapters say.
"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat

__all__ = ["begin"]

ROOT = Path(__file__).parents[1]

PAGE = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

({slug})=
# {title}

What is asked here?
And why is it hard?

:::{{admonition}} You will be able to
:class: tip
- **compute** one thing;
- **decide** another;
- **predict** a third.

*Needed before:* {{doc}}`02_kl`.
*Reading time:* 45 minutes.
:::

```{{code-cell}} ipython3
import numpy as np
import kllib as kl
from kllib.canvas import QuickQuestions, ask_choice, ask_number
```

```{{code-cell}} ipython3
:tags: [remove-cell]

# What the hidden cells of this chapter use.
from prose import close, facts, say
```

## A concrete case

Numbers first.

:::{{admonition}} Before you compute
:class: tip
A question whose answer surprises?

<details><summary>Answer</summary>

The answer.

</details>
:::

```{{code-cell}} ipython3
d = kl.kl_divergence([.5, .5], [.9, .1])
```

```{{code-cell}} ipython3
:tags: [remove-cell]

# The numbers of this section, for the prose; and what it says, checked.
say(d=d)
assert d > 0
```

It is {{glue:text}}`d:.3f` nats.

## Check yourself

```{{code-cell}} ipython3
:tags: [remove-input]

QuickQuestions([
    ask_number("D of the two coins in nats, to three decimals?", d, {{
        "That is in bits.": d / np.log(2),
    }}, "The average is under the first."),
    ask_choice("Can it be negative?", {{
        "No": "Gibbs' inequality.",
        "Yes": "Single terms can; the sum cannot.",
    }}, right="No"),
])
```

## Summary

- One sentence for each objective.

## Where people go wrong

:::{{admonition}} Said often, and not so
:class: warning
- *"A sentence that is repeated."*
  And why it does not hold.
:::

## Exercises

{{doc}}`The worksheet <../exercises/{name}>` has exercises with hints and checks; \
{{doc}}`its solutions <../exercises/{name}_solutions>` are run and compared in every build.

## Further reading

- {{cite:t}}`cover2006` for what.
"""

RECORDS = '''\
"""Chapter {number}, {title}."""

from kllib.discrete import kl_divergence

from ..common import BIT, IN_BITS
from ..engine import Exercise, built


@built
def first():
    divergence = kl_divergence([0.5, 0.5], [0.9, 0.1])
    return Exercise(
        "{number}.1",
        "★ Two coins",
        answer=divergence,
        right="Now exchange them.",
        mistakes={{
            "That is D(q‖p): the average must be taken under p.": kl_divergence(
                [0.9, 0.1], [0.5, 0.5]
            ),
            IN_BITS: divergence / BIT,
        }},
    )
'''

CHECKS = "from checks import check, hint, progress, solution"
SESSION = """# A run of the solutions is nobody's progress.
from checks import memory

memory.session_only()"""
HINTS = """\
<details><summary>Hint 1</summary>

Which of the two is averaged over?

</details>

<details><summary>Hint 2</summary>

`kl_divergence(p, q)` averages under p.

</details>"""


def solutions(number, name, title):
    """Return the first notebook of solutions: one exercise with all its parts."""
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    part = f"ex-{number}-1"
    task = (
        f"## {number}.1 ★ Two coins\n\n*Trains: what this exercise is for.*\n\n"
        "What is $D(p\\|q)$ in nats for $p = (.5, .5)$ and $q = (.9, .1)$?"
    )
    link = f"These are the solutions. The [worksheet]({name}.ipynb) is the same page without them."
    answer = (
        "### BEGIN SOLUTION\ndivergence = kl_divergence([0.5, 0.5], [0.9, 0.1])\n### END SOLUTION"
    )
    cells = [
        text(f"# Exercises: {title}\n\nOn [the chapter](../chapters/{name}.md).", id="title"),
        text(link, id="solutions-note", metadata={"tags": ["solution"]}),
        code(f"{CHECKS}\nfrom kllib import kl_divergence", id="setup"),
        code(SESSION, id="session", metadata={"tags": ["remove-cell", "solution"]}),
        text(task, id=f"{part}-task"),
        text(HINTS, id=f"{part}-hints"),
        code(answer, id=f"{part}-answer"),
        code(f'check("{number}.1", divergence)', id=f"{part}-check"),
        text("## Where you stand", id="progress-title"),
        code("progress()", id="progress"),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def listed(toc, number, name, title):
    """Return the table of contents with the chapter after the last one, its solutions likewise."""
    chapter = (
        f"      - file: chapters/{name}\n        sections:\n          - file: exercises/{name}\n"
        f'            title: "Exercises {number}"\n'
    )
    toc = toc.replace("  - caption: Reference\n", chapter + "  - caption: Reference\n")
    return f'{toc}      - file: exercises/{name}_solutions\n        title: "Solutions: {title}"\n'


def begin(root, name):
    """Write the files of chapter `name`, such as 09_family, below `root`."""
    if not re.fullmatch(r"\d\d_[a-z_]+", name):
        raise ValueError(f"name must be two digits, an underscore and a word; got {name!r}")
    number, slug = int(name[:2]), name[3:]
    title = slug.replace("_", " ")
    page = root / "chapters" / f"{name}.md"
    if page.exists():
        raise ValueError(f"name must be new; {page.name} exists")
    page.write_text(PAGE.format(name=name, slug=slug, title=title.capitalize()), "utf-8")
    checks = root / "exercises" / "checks" / f"ch{number:02}"
    checks.mkdir()
    (checks / "__init__.py").write_text("", "utf-8")
    (checks / "records.py").write_text(RECORDS.format(number=number, title=title), "utf-8")
    notebook = nbformat.writes(solutions(number, name, title)) + "\n"
    (root / "exercises" / f"{name}_solutions.ipynb").write_text(notebook, "utf-8")
    toc = root / "_toc.yml"
    toc.write_text(listed(toc.read_text("utf-8"), number, name, title), "utf-8")


if __name__ == "__main__":
    begin(ROOT, *sys.argv[1:])
    script = ROOT / "exercises" / "make_worksheets.py"
    subprocess.run([sys.executable, script, "--execute", *sys.argv[1:]], check=True)
    print("Written. Now: git add --all, make check, and a line in index.md.")
