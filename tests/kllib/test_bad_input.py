"""Every public function refuses bad input in words: one test over the lists in bad_input/."""

import functools
import importlib
import inspect
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LISTS = sorted(path.stem for path in (HERE / "bad_input").glob("[!_]*.py"))
CASES = [
    pytest.param(module, *case, id=f"{module}-{case[0]}-{i}")
    for module in LISTS
    for i, case in enumerate(importlib.import_module(f"tests.kllib.bad_input.{module}").CASES)
]
LIBRARY = Path(importlib.import_module("kllib").__file__).parent
MODULES = sorted(path.stem for path in LIBRARY.glob("[!_]*.py") if path.stem != "plotting")


@pytest.mark.parametrize(("module", "name", "args", "keywords", "words"), CASES)
def test_refuses_in_words(module, name, args, keywords, words):
    start = importlib.import_module(f"kllib.{module}")
    function = functools.reduce(getattr, name.split("."), start)
    with pytest.raises(ValueError, match=re.escape(words[0])) as refusal:
        function(*args, **keywords)
    assert all(word in str(refusal.value) for word in words)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_cases(module):
    names = importlib.import_module(f"kllib.{module}")
    covered = {case.values[1].split(".")[0] for case in CASES if case.values[0] == module}
    for name in names.__all__:
        thing = getattr(names, name)
        # records of results and warnings take what they are given
        if not (inspect.isclass(thing) and issubclass(thing, (tuple, BaseException))):
            assert name in covered, f"tests/kllib/bad_input/{module}.py has no case for {name}"


def test_lists_belong_to_modules():
    assert set(LISTS) <= set(MODULES)
