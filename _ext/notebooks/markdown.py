"""A resolved document as CommonMark with LaTeX in dollars.

Numbers, references and citations stand in the document already; only their form is decided here.
HTML is used where every front end shows it and Markdown has nothing: `<details>`, `<sup>`, `<sub>`.
A kind of node that is not named here stops the build: nothing is left out in silence.
"""

import html
import re
from textwrap import indent

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number

__all__ = ["Markdown", "heading", "numbered"]

SPECIAL = re.compile(r"(?<!\w)_|_(?!\w)|[\\`*\[\]<~$]|&(?=[#\w]+;)")
AT_START = re.compile(r"^\s*([#>+-](?=\s|$)|\d+(?=[.)]\s))")  # what would begin a list, a title
RAW_HTML = re.compile(r"(\s*</?(details|summary|br)( open)?>\s*|[^<>]+)+")
NOTHING = (
    "comment",
    "target",
    "index",
    "toctree",
    "compound",
    "colspec",
    "substitution_definition",
)


def heading(node):
    """Return the words of a title, mathematics as source: what front ends make anchors from."""
    return "".join(
        f"${child.astext()}$" if isinstance(child, nodes.math) else child.astext()
        for child in node.findall(lambda n: isinstance(n, (nodes.Text, nodes.math)))
        if not isinstance(child.parent, nodes.math)
    )


def numbered(node, numbers):
    """Return a name such as Theorem 3, as the page has it."""
    return f"{node['realtype'].title()} {'.'.join(map(str, numbers[node['ids'][0]]))}"


def kind_of(node):
    """Return the names of a node's class and of those it derives from, the nearest first."""
    return [cls.__name__ for cls in type(node).__mro__]


class Markdown:
    """Writes the nodes of one page.

    `link` turns a reference into a target, `entries` holds the names of books and papers by id.
    """

    def __init__(self, builder, link, entries):
        self.builder = builder
        self.entries = entries
        self.link = link
        self.quoted = 0
        self.in_table = False

    # -- blocks

    def blocks(self, children):
        """Return blocks parted by empty lines."""
        return "\n\n".join(filter(None, map(self.block, children)))

    def block(self, node):
        """Return one block, without a line break at its end."""
        for name in kind_of(node):
            if method := getattr(self, f"block_{name}", None):
                return method(node)
            if name in NOTHING:
                return ""
        raise ExtensionError(f"no Markdown for a {type(node).__name__}: {str(node)[:200]}")

    def block_paragraph(self, node):
        text = self.inlines(node).strip()
        if mark := AT_START.match(text):
            at = mark.end() if mark[1].isdigit() else mark.start(1)
            text = f"{text[:at]}\\{text[at:]}"
        return text

    def block_container(self, node):
        return self.blocks(node.children)

    def block_section(self, node):
        """The body of a theorem; sections with titles are taken apart before."""
        if isinstance(node[0], nodes.title):
            raise ExtensionError(f"a section inside a box: {node[0].astext()}")
        return self.blocks(node.children)

    block_definition_list = block_field_list = block_desc_content = block_field_body = (
        block_container
    )
    block_proof_node = block_container

    def block_rubric(self, node):
        return f"**{self.inlines(node)}**"

    def block_transition(self, node):
        return "---"

    def block_bullet_list(self, node):
        return self.items(node, ["- "] * len(node))

    def block_enumerated_list(self, node):
        first = node.get("start", 1)
        return self.items(node, [f"{first + k}. " for k in range(len(node))])

    def items(self, node, markers):
        """Return list items, close together where each is one paragraph."""
        gap = "\n" if all(len(item) == 1 for item in node) else "\n\n"
        bodies = (
            indent(self.blocks(item.children), " " * len(marker))[len(marker) :]
            for item, marker in zip(node, markers, strict=True)
        )
        return gap.join(marker + body for marker, body in zip(markers, bodies, strict=True))

    def block_definition_list_item(self, node):
        term, *definitions = node.children
        body = self.blocks(block for definition in definitions for block in definition)
        words = self.inlines(term)
        name = words if words.startswith("**") else f"**{words}**"
        return f"{name}: {body}"

    def block_citation(self, node):
        """A book or paper under a heading, to which its citations lead."""
        rest = node.children[1:]  # without the label, which the pages do not show either
        return f"###### {self.escape(self.entries[node['ids'][0]])}\n\n{self.blocks(rest)}"

    def block_field(self, node):
        name, body = node.children
        return f"**{self.inlines(name)}**\n\n{self.block(body)}"

    def quote(self, write):
        """Return what `write` gives as a quotation: the box that every front end has."""
        self.quoted += 1
        text = write()
        self.quoted -= 1
        return indent(text, "> ", lambda line: True).replace("> \n", ">\n")

    def block_block_quote(self, node):
        return self.quote(lambda: self.blocks(node.children))

    def block_admonition(self, node):
        """An admonition; one that folds on the page folds here."""
        first, *rest = node.children
        if not isinstance(first, nodes.title):
            return self.quote(lambda: self.blocks(node.children))
        if "dropdown" in node["classes"]:
            summary = html.escape(first.astext(), quote=False)
            return f"<details><summary>{summary}</summary>\n\n{self.blocks(rest)}\n\n</details>"
        return self.quote(lambda: f"**{self.inlines(first)}**\n\n{self.blocks(rest)}")

    def block_Admonition(self, node):
        """A theorem or its like, with the number that it has on the page."""
        if "countertype" not in node:
            return self.quote(lambda: self.blocks(node.children))
        title, *rest = node.children
        name = numbered(node, self.builder.fignumbers[node["countertype"]]) + self.inlines(title)
        return self.quote(lambda: f"#### {name}\n\n{self.blocks(rest)}")

    def block_math_block(self, node):
        lines = [line.strip() for line in node.astext().splitlines() if line.strip()]
        if node["number"] and node["label"]:
            lines.append(f"\\tag{{{get_node_equation_number(self, node)}}}")
        if self.quoted:  # JupyterLab takes the mark of a quotation for a part of the formula
            return f"$${' '.join(lines)}$$"
        return "\n".join(["$$", *lines, "$$"])

    def block_literal_block(self, node):
        text = node.astext().rstrip("\n")
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", text))])
        language = re.sub("^ipython3?$", "python", node.get("language", ""))
        return f"{fence}{language.replace('none', '')}\n{text}\n{fence}"

    def block_doctest_block(self, node):
        return f"```pycon\n{node.astext()}\n```"

    def block_raw(self, node):
        text = node.astext().strip()
        if not RAW_HTML.fullmatch(text):
            raise ExtensionError(f"HTML that a notebook need not show: {text[:200]}")
        return text

    def block_image(self, node):
        return f"![{self.escape(node['alt'])}]({node['uri']})"

    def block_table(self, node):
        (group,) = node.children
        self.in_table = True
        rows = [
            ["<br>".join(map(self.block, entry)) for entry in row]
            for row in group.findall(nodes.row)
        ]
        self.in_table = False
        sides = {"text-left": ":--", "text-center": ":-:", "text-right": "--:"}
        first = next(iter(group.findall(nodes.row)))
        rule = [sides.get(" ".join(entry["classes"]), "---") for entry in first]
        rows.insert(1, rule)
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def block_desc(self, node):
        return self.blocks(node.children)

    def block_desc_signature(self, node):
        return f"#### {self.code(node.astext())}"

    # -- inline

    def inlines(self, node):
        """Return the text of a node's children."""
        return "".join(map(self.inline, node.children))

    def inline(self, node):
        """Return one piece of a paragraph."""
        for name in kind_of(node):
            if method := getattr(self, f"inline_{name}", None):
                return method(node)
            if name in NOTHING:
                return ""
        raise ExtensionError(f"no Markdown for a {type(node).__name__}: {str(node)[:200]}")

    def escape(self, text):
        """Return words that no front end takes for marks, on one line."""
        text = SPECIAL.sub(lambda m: "&amp;" if m[0] == "&" else f"\\{m[0]}", text)
        return re.sub(r"\s*\n\s*", " ", text.replace("|", "\\|") if self.in_table else text)

    def inline_Text(self, node):
        return self.escape(node.astext())

    def inline_math(self, node):
        text = " ".join(node.astext().split())
        if self.in_table:  # a bar would end the cell
            text = text.replace("\\|", "\\Vert ").replace("|", "\\vert ")
        return f"${text}$"

    def code(self, text):
        """Return text as code."""
        text = text.replace("|", "\\|") if self.in_table else text
        fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
        pad = " " if "`" in (text[:1], text[-1:]) else ""
        return f"{fence}{pad}{text}{pad}{fence}"

    def inline_literal(self, node):
        return self.code(node.astext())

    def wrapped(self, node, mark):
        """Return marked text, its outer spaces outside the marks."""
        text = self.inlines(node)
        bare = text.strip()
        if not bare:
            return text
        before, _, after = text.partition(bare)
        return f"{before}{mark}{bare}{mark}{after}"

    def inline_emphasis(self, node):
        return self.wrapped(node, "*")

    def inline_strong(self, node):
        return self.wrapped(node, "**")

    inline_title_reference = inline_emphasis
    inline_literal_strong = inline_strong

    def inline_inline(self, node):
        return self.inlines(node)

    inline_paragraph = inline_literal_emphasis = (
        inline_inline  # a type's parts stand too close to mark
    )

    def inline_superscript(self, node):
        return f"<sup>{self.inlines(node)}</sup>"

    def inline_subscript(self, node):
        return f"<sub>{self.inlines(node)}</sub>"

    def inline_raw(self, node):
        return self.block_raw(node)

    def inline_image(self, node):
        return self.block_image(node)

    def inline_reference(self, node):
        return f"[{self.inlines(node)}]({self.link(node)})"
