"""The exact values: computed anew, and each of them in use."""

import json
import re
import sys

from tests.conftest import ROOT, tracked

sys.path.insert(0, str(ROOT / "chapters"))
from make_facts import FILE, facts

FACTS = json.loads(FILE.read_text("utf-8"))


def test_the_generator_reproduces_the_file():
    for computed, written in zip(facts(), FACTS, strict=True):
        assert computed == written
    ids = [fact["id"] for fact in FACTS]
    assert len(set(ids)) == len(ids)


def test_every_fact_is_asked_for():
    asked = set()
    for path in tracked("chapters/*.md", "exercises/**/*.py", "tests/exercises/*.py"):
        for words in re.findall(r'"([a-zA-Z]\w*\.?[\w.{}]*)"', path.read_text("utf-8")):
            asked.add(".+".join(map(re.escape, re.split(r"\{[^}]*\}", words))))
    asked = re.compile("|".join(sorted(asked)))
    assert [fact["id"] for fact in FACTS if not asked.fullmatch(fact["id"])] == []
