"""Every page as an executed notebook in plain Markdown, beside the page and in _build/notebooks.

The text comes from the resolved document from which Sphinx writes the page, so that every number,
reference and citation is the page's; code and outputs come from the notebook that the build ran.
What stands in _build/notebooks runs as it is: the chapters' helpers and the checks are beside it.
"""

import base64
import bisect
import hashlib
import html
import posixpath
import re
import shutil
from functools import cache
from pathlib import Path
from urllib.parse import quote

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from sphinx.errors import ExtensionError

from .markdown import Markdown, heading, numbered

WIDGET = "application/vnd.jupyter.widget-view+json"
FOLDED = {"hide-input", "remove-input", "remove-cell", "hide-cell"}
MARKER = re.compile(r"^[ ]*### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}
BESIDE = ["chapters/prose.py", "chapters/facts.json", "exercises/checks"]  # what notebooks import


class Page:
    """One page on its way into a notebook."""

    def __init__(self, app, docname, doctree):
        self.app, self.docname, self.doctree = app, docname, doctree
        entries = app.env.get_domain("cite").citations
        names = {entry.citation_id: entry_name(entry.entry) for entry in entries}
        self.markdown = Markdown(app.builder, self.link, names)
        self.source = executed(app, docname)
        self.cells = []

    def link(self, node):
        """Return where a reference leads from here: another notebook, a heading, another site."""
        if "refid" in node:
            return "#" + self.anchor(self.docname, node["refid"])
        path, _, fragment = node["refuri"].partition("#")
        if re.match(r"[a-z]+:", path):
            return node["refuri"]
        here = posixpath.dirname(self.docname)
        docname = posixpath.normpath(posixpath.join(here, path)) if path else self.docname
        docname = docname.removesuffix(".html").removesuffix(".ipynb").removesuffix(".md")
        if docname not in self.app.env.found_docs:
            raise ExtensionError(f"{self.docname}: no notebook to link to for {node['refuri']}")
        target = posixpath.relpath(f"{docname}.ipynb", here or ".") if path else ""
        return target + (f"#{self.anchor(docname, fragment)}" if fragment else "")

    def anchor(self, docname, id):
        """Return the anchor of the heading nearest above what has this id on the page."""
        return quote(headings(self.app.env, docname)[id].replace(" ", "-"), safe="")

    def blocks(self):
        """Yield (number of the source's cell, block), sections taken apart."""
        starts = self.source.metadata.get("source_map") if self.source else None
        at = 0

        def walk(node, level):
            nonlocal at
            for child in node.children:
                if "cell_index" in getattr(child, "attributes", ()):
                    at = child["cell_index"]
                elif child.line:
                    place = child.line // 10000 - 1
                    if starts:
                        place = bisect.bisect_right(starts, child.line - 1) - 1
                    at = max(at, place) if self.source else 0
                if isinstance(child, nodes.section):
                    yield from walk(child, level + 1)
                else:
                    yield at, level, child

        yield from walk(self.doctree, 0)

    def write(self):
        """Return the notebook."""
        done, text = -1, []
        end = (len(self.source.cells) if self.source else 0, 0, nodes.comment())
        for at, level, block in [*self.blocks(), end]:
            plumbing = [k for k in range(done + 1, at) if self.is_code(k)]
            shown = "cell_index" in getattr(block, "attributes", ())
            if plumbing or shown or isinstance(block, nodes.title):
                self.add_text(text)
            for index in plumbing:
                self.add_code(index, None)
            done = at if shown else max(done, at - 1)
            if shown:
                self.add_code(at, block)
            elif isinstance(block, nodes.title):
                text.append(f"{'#' * level} {self.markdown.inlines(block)}")
            else:
                text.append(self.markdown.block(block))
        self.add_text(text)
        notebook = nbformat.v4.new_notebook(cells=self.cells, metadata=METADATA)
        nbformat.validate(notebook)
        return notebook

    def is_code(self, index):
        """Say whether a cell of the source holds code."""
        return self.source.cells[index].cell_type == "code"

    def new_id(self):
        """Return an id that the next build gives again."""
        return f"cell-{len(self.cells) + 1}"

    def add_text(self, blocks):
        """Add what has gathered as one cell of text."""
        text = "\n\n".join(filter(None, blocks))
        blocks.clear()
        if text:
            self.cells.append(nbformat.v4.new_markdown_cell(text, id=self.new_id()))

    def add_code(self, index, block):
        """Add a cell of code with its outputs and, below it, the captions of its figures."""
        cell = self.source.cells[index]
        tags = set(cell.metadata.get("tags", []))
        source = MARKER.sub("", cell.source).strip("\n")
        figures = list(block.findall(nodes.figure)) if block is not None else []
        metadata = {}
        if tags & FOLDED:
            metadata["jupyter"] = {"source_hidden": True}
            if not source.startswith("# "):
                source = f"# {self.purpose(cell, figures)}\n{source}"
        count = sum(c.cell_type == "code" for c in self.cells) + 1
        new = nbformat.v4.new_code_cell(source, id=self.new_id(), metadata=metadata)
        if block is not None:
            new.outputs = list(filter(None, (self.output(o, figures) for o in cell.outputs)))
        if cell.execution_count:
            new.execution_count = count
        for output in new.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
        self.cells.append(new)
        self.add_text([self.caption(figure) for figure in figures])

    def purpose(self, cell, figures):
        """Say what a folded cell is for: it is what shows in its place."""
        if figures:
            return f"Draws {self.label(figures[0])}."
        if any(WIDGET in output.get("data", ()) for output in cell.outputs):
            return "Shows what stands below."
        raise ExtensionError(
            f"{self.docname}: no comment says what this cell is for: {cell.source}"
        )

    def label(self, figure):
        """Return a name such as Fig. 3."""
        number = ".".join(map(str, self.app.builder.fignumbers["figure"][figure["ids"][0]]))
        return self.app.config.numfig_format["figure"] % number

    def caption(self, figure):
        """Return a caption as the page has it."""
        (caption,) = figure.findall(nodes.caption)
        return f"**{self.label(figure)}** {self.markdown.inlines(caption)}"

    def output(self, output, figures):
        """Return an output as it looks without a kernel, or None for what only the build reads."""
        if output.output_type == "stream":
            return None if output.name == "stderr" else nbformat.from_dict(dict(output))
        if output.output_type == "error":
            raise ExtensionError(f"{self.docname}: {output.ename}: {output.evalue}")
        data = {k: v for k, v in output.data.items() if not k.startswith("application/papermill")}
        if WIDGET in data:
            figure = data["text/html"].partition("<script")[0]
            alt = re.search(r'alt="([^"]*)"', figure)
            plain = html.unescape(alt[1]) if alt else re.sub("<[^>]+>", " ", figure).strip()
            data = {"text/html": figure, "text/plain": plain}
        elif "image/svg+xml" in data:
            (image,) = [image for figure in figures for image in figure.findall(nodes.image)]
            picture = base64.b64encode(data["image/svg+xml"].encode()).decode()
            alt = html.escape(image["alt"])
            tag = f'<img alt="{alt}" src="data:image/svg+xml;base64,{picture}">'
            data = {"text/html": tag, "text/plain": image["alt"]}
        if not data:
            return None
        if found := re.search(r"\bat 0x[0-9a-f]+", data.get("text/plain", "")):
            raise ExtensionError(f"{self.docname}: an output names a place in memory: {found[0]}")
        return nbformat.v4.new_output(output.output_type, data=data)


def executed(app, docname):
    """Return the notebook that the build read, with the outputs of its run; None for plain text."""
    path = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    if not path.exists():
        return None
    notebook = nbformat.read(path, 4)
    if docname in app.env.nb_metadata and "exec_data" in app.env.nb_metadata[docname]:
        # What MyST-NB writes there lacks the outputs whenever they came from the cache.
        cache = get_cache(app.config.nb_execution_cache_path)
        _, notebook = cache.merge_match_into_notebook(notebook)
    return notebook


def entry_name(entry):
    """Return the short name of a book or paper: the one that its citations have."""
    last = [" ".join(map(str, person.rich_last_names)) for person in entry.persons["author"]]
    names = f"{last[0]} et al." if len(last) > 2 else " and ".join(last)
    return f"{names}, {entry.fields['year']}"


@cache
def headings(env, docname):
    """Return the words of the heading that each id of a page stands under, by id."""
    found = {}

    def walk(node, words):
        if isinstance(node, nodes.section) and isinstance(node[0], nodes.title):
            words = heading(node[0])
        elif "countertype" in getattr(node, "attributes", ()):
            numbers = env.toc_fignumbers[docname][node["countertype"]]
            words = numbered(node, numbers) + heading(node[0])
        for id in getattr(node, "attributes", {}).get("ids", []):
            found[id] = words
        for child in node.children:
            walk(child, words)

    walk(env.get_doctree(docname), "")
    for citation in env.get_domain("cite").citations:
        if citation.bibliography_key.docname == docname:
            found[citation.citation_id] = entry_name(citation.entry)
    return found


def hide_markers(app, doctree):
    """Take the marks between which a worksheet has nothing out of the code that the pages show."""
    for block in doctree.findall(nodes.literal_block):
        if MARKER.search(block.astext()):
            block[:] = [nodes.Text(MARKER.sub("", block.astext()).strip("\n"))]
            block.rawsource = block.astext()


def export(app, docname, template, context, doctree):
    """Write the notebook of a page beside it."""
    if doctree is None or app.builder.format != "html":
        return
    text = nbformat.writes(Page(app, docname, doctree).write()) + "\n"
    for folder in (Path(app.outdir), Path(app.outdir).parent / "notebooks"):
        path = folder / f"{docname}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def gather(app, exception):
    """Put beside the notebooks what they import."""
    if exception or app.builder.format != "html":
        return
    for name in BESIDE:
        source, target = Path(app.confdir) / name, Path(app.outdir).parent / "notebooks" / name
        shutil.rmtree(target, ignore_errors=True)
        if source.is_dir():
            shutil.copytree(
                source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        elif source.exists():
            shutil.copy(source, target)


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-read", hide_markers)
    app.connect("html-page-context", export)
    app.connect("build-finished", gather)
    digest = hashlib.sha256(
        b"".join(p.read_bytes() for p in sorted(Path(__file__).parent.glob("*.py")))
    )
    version = int(digest.hexdigest()[:7], 16)  # pages are written anew when this extension changes
    return {"env_version": version, "parallel_read_safe": True, "parallel_write_safe": True}
