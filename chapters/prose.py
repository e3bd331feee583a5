"""What the hidden cells of the chapters share: numbers for the prose, and what they must meet."""

import json
import os
from pathlib import Path

import numpy as np

__all__ = ["close", "facts", "say"]

facts = json.loads(Path(__file__).with_name("facts.json").read_text("utf-8"))
facts = {fact["id"]: fact["value"] for fact in facts}


def close(value, want, rtol=2e-9, atol=1e-12):
    """Stop the build where a number is not what it should be; facts have ten digits."""
    np.testing.assert_allclose(value, want, rtol=rtol, atol=atol)


def say(**values):
    """Make numbers, or words, available to the prose under their names; idle outside the build."""
    if "BOOK_BUILD" not in os.environ:  # the text of a notebook has its numbers already
        return
    from myst_nb import glue

    for name, value in values.items():
        glue(name, value if isinstance(value, int | str) else float(value), display=False)
