"""The buttons above a page: its notebook, and the same notebook on Binder.

The address of the repository comes from the environment variable BOOK_REPOSITORY, which the
publishing workflow sets; a local build has no such place and shows no button for it.
"""

import os
import posixpath
from urllib.parse import quote

BRANCH = "notebooks"  # main, and the built notebooks in a folder of that name


def point(app, config):
    """Give the theme the repository's address, if there is one."""
    if url := os.environ.get("BOOK_REPOSITORY"):
        config.html_theme_options.update(
            repository_url=url, use_repository_button=True, use_issues_button=True
        )


def binder(url, docname):
    """Return where Binder opens a page's notebook in JupyterLab."""
    place = f"https://mybinder.org/v2/git/{quote(url, safe='')}/{BRANCH}"
    return f"{place}?urlpath=lab/tree/notebooks/{docname}.ipynb"


def add_buttons(app, docname, template, context, doctree):
    """Put the notebook first among what a page's download button offers, and Binder before it."""
    if doctree is None:
        return
    buttons = context["header_buttons"]
    (downloads,) = (b for b in buttons if b["label"] == "download-buttons")
    notebook = {
        "type": "link",
        "url": f"{posixpath.basename(docname)}.ipynb",
        "text": ".ipynb",
        "icon": "fas fa-code",
        "tooltip": "Download as a notebook, executed",
        "label": "download-notebook-button",
    }
    downloads["buttons"].insert(0, notebook)
    if url := os.environ.get("BOOK_REPOSITORY"):
        link = {
            "type": "link",
            "url": binder(url, docname),
            "text": "Binder",
            "icon": "_static/images/logo_binder.svg",
            "tooltip": "Run this page's notebook on Binder",
        }
        group = {
            "type": "group",
            "tooltip": "Run this page",
            "icon": "fas fa-rocket",
            "buttons": [link],
            "label": "launch-buttons",
        }
        buttons.insert(0, group)


def setup(app):
    """Register with Sphinx; the buttons after the theme has made its own."""
    app.connect("config-inited", point)
    app.connect("html-page-context", add_buttons, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
