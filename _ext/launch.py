"""Launch and repository buttons that point at wherever the book is published from.

The address comes from the environment variable BOOK_REPOSITORY, which the publishing workflow
sets; a local build has no such place and shows no buttons.
"""

import os


def point(app, config):
    """Give the theme the repository's address, if there is one."""
    url = os.environ.get("BOOK_REPOSITORY")
    if url:
        config.html_theme_options.update(
            repository_url=url,
            repository_branch="main",
            path_to_docs="",
            use_repository_button=True,
            use_issues_button=True,
            launch_buttons={
                "notebook_interface": "jupyterlab",
                "binderhub_url": "https://mybinder.org",
            },
        )


def setup(app):
    """Register with Sphinx."""
    app.connect("config-inited", point)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
