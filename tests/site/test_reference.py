"""The reference page: every public name of kllib, and nothing else."""

import re

import kllib


def test_reference_page_has_every_public_name(html):
    text = (html / "chapters" / "kllib.html").read_text("utf-8")
    shown = set(re.findall(r'<dt class="[^"]*" id="kllib\.\w+\.(\w+)"', text))
    assert shown == set(kllib.__all__)


def test_public_names_are_there_once():
    assert len(set(kllib.__all__)) == len(kllib.__all__)
    for name in kllib.__all__:
        assert callable(getattr(kllib, name))
        assert getattr(kllib, name).__doc__
