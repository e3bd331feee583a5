"""Copy the built notebooks to where a reader works in them, and never over the reader's own work.

    python binder/notebooks.py SOURCE TARGET

A file that the reader has changed stays as it is; the others follow the book. What was given is
remembered in TARGET/.given.json.
"""

import hashlib
import json
import sys
from pathlib import Path

__all__ = ["give"]


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def give(source, target):
    """Copy every file of `source` that the reader has not changed; return what was kept."""
    record = target / ".given.json"
    given = json.loads(record.read_text("utf-8")) if record.exists() else {}
    kept = []
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        name = path.relative_to(source).as_posix()
        copy = target / name
        if copy.exists() and _digest(copy) not in (given.get(name), _digest(path)):
            kept.append(name)
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        given[name] = _digest(path)
    record.write_text(json.dumps(given, indent=1), "utf-8")
    return kept


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:]]
    for changed in give(*folders):
        print(f"kept with your changes: {folders[1] / changed}")
