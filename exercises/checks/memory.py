"""What has been done: in this session, and in a small file that outlives it."""

import json
from pathlib import Path

__all__ = ["note", "session", "session_only", "states"]

FILE = Path(__file__).parents[1] / ".progress.json"
_session = {}
_kept = True


def session_only():
    """Neither read nor write the file: a run of the solutions is nobody's progress."""
    global _kept
    _kept = False


def session():
    """Return the state of every exercise that was checked in this session, by id."""
    return dict(_session)


def states():
    """Return the state of every exercise that was ever checked, by id."""
    known = _read() if _kept else {}
    for id, state in _session.items():
        if known.get(id) != "right":
            known[id] = state
    return known


def note(id, state):
    """Remember a state; what was right once stays right."""
    _session[id] = "right" if _session.get(id) == "right" else state
    if _kept and state != "open":
        try:
            FILE.write_text(json.dumps(states(), indent=1) + "\n", "utf-8")
        except OSError as why:
            print(f"(Progress is not kept: {why.strerror}.)")


def _read():
    """What the file says; nothing, if it is missing or spoilt."""
    try:
        known = json.loads(FILE.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    fine = isinstance(known, dict)
    return {id: state for id, state in known.items() if state in ("right", "wrong")} if fine else {}
