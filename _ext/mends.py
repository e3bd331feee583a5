"""Small faults of the theme and its companions, mended in the pages they wrote.

A mend that matches nowhere has become needless, or a new version has moved the fault: both stop
the build.
"""

import re
from pathlib import Path

from sphinx.errors import ExtensionError

MENDS = {
    # 1.5 MB on every page for icons that the theme's style sheet also has as a web font.
    r'<script src="[^"]*/scripts/fontawesome\.js[^"]*"></script>': "",
    # A control that has no name for a screen reader.
    r'<summary><span class="toctree-toggle"': (
        '<summary aria-label="Pages below"><span class="toctree-toggle"'
    ),
    # A list role on a box whose children are no list items.
    r'<div role="list" class="citation-list">': '<div class="citation-list">',
}


def mend(app, exception):
    """Apply every mend to every page, once the pages are written."""
    if exception or app.builder.format != "html":
        return
    unused = set(MENDS)
    for path in Path(app.outdir).rglob("*.html"):
        text = old = path.read_text("utf-8")
        for pattern, replacement in MENDS.items():
            text, count = re.subn(pattern, replacement, text)
            if count or (replacement and replacement in text):
                unused.discard(pattern)
        if text != old:
            path.write_text(text, "utf-8")
    removed = {pattern for pattern, replacement in MENDS.items() if not replacement}
    if unused - removed:
        raise ExtensionError(f"mends that match no page: {sorted(unused - removed)}")


def setup(app):
    """Register the mends with Sphinx."""
    app.connect("build-finished", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
