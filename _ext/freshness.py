"""Execute chapters again when the library or the lock has changed, not only their own text.

The execution cache knows a notebook by its cells alone. Here its folder is named after everything
else that the results depend on; Sphinx reads all pages anew when that name changes. Kernels learn
from BOOK_BUILD that they run for the build (chapters/prose.py).
"""

import hashlib
import os
from pathlib import Path

KINDS = {".py", ".js", ".css", ".mplstyle"}


def name_cache(app, config):
    """Point the execution cache at a folder named after kllib, the lock and what chapters share."""
    root = Path(app.confdir)
    sources = [p for p in sorted((root / "kllib").rglob("*")) if p.suffix in KINDS]
    digest = hashlib.sha256()
    shared = [root / "chapters" / name for name in ("prose.py", "facts.json")]
    for path in [*sources, root / "constraints.txt", *shared]:
        digest.update(path.read_bytes())
    config.nb_execution_cache_path = str(root / "_build" / "cache" / digest.hexdigest()[:12])


def setup(app):
    """Register with Sphinx, ahead of the builder that opens the cache."""
    os.environ["BOOK_BUILD"] = "1"
    app.connect("config-inited", name_cache, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
