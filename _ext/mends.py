"""Small faults of the theme and its companions, mended in the pages they wrote.

Each page ends with a comment that names the mends it took, so an incremental build knows what older
pages have had. A mend that no page took has become needless, or a new version has moved the fault:
both stop the build.
"""

import re
from pathlib import Path

from sphinx.errors import ExtensionError

MENDS = {
    # 1.5 MB on every page for icons that the theme's style sheet also has as a web font.
    "icon-script": (r'<script src="[^"]*/scripts/fontawesome\.js[^"]*"></script>', ""),
    # A control that has no name for a screen reader.
    "toggle-name": (
        r'<summary><span class="toctree-toggle"',
        '<summary aria-label="Pages below"><span class="toctree-toggle"',
    ),
    # A list role on a box whose children are no list items.
    "citation-role": (
        r'<div role="list" class="citation-list">',
        '<div class="citation-list">',
    ),
}
TAKEN = re.compile(r"<!-- mended: ([\w -]*) -->\n\Z")


def mend(app, exception):
    """Apply every mend to every page that has not been through, once the pages are written."""
    if exception or app.builder.format != "html":
        return
    used = set()
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text("utf-8")
        if found := TAKEN.search(text):
            used.update(found[1].split())
            continue
        taken = []
        for name, (pattern, replacement) in MENDS.items():
            text, count = re.subn(pattern, replacement, text)
            taken += [name] * bool(count)
        path.write_text(f"{text.rstrip()}\n<!-- mended: {' '.join(taken)} -->\n", "utf-8")
        used.update(taken)
    if needless := set(MENDS) - used:
        raise ExtensionError(f"mends that match no page: {', '.join(sorted(needless))}")


def skip_aliases(app, what, name, member, skip, options):
    """Leave out what Python says of a named tuple's fields; the class says what they are."""
    alias = (getattr(member, "__doc__", None) or "").startswith("Alias for field number")
    return True if alias else None  # None: let others decide


def setup(app):
    """Register the mends with Sphinx."""
    app.connect("build-finished", mend)
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-skip-member", skip_aliases)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
