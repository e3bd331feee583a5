"""One dialect of docstrings for all public names of kllib, and complete annotations."""

import inspect

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from numpydoc.validate import validate
from sphinx.ext.napoleon import NumpyDocstring

import kllib

# numpydoc's names for: no summary, no full stop; parameters undocumented, unknown, without a type
# or a description; results and yields without a type or a description
HELD = {"GL08", "SS01", "SS03", "SS04", "SS06", "PR01", "PR02", "PR04", "PR07", "PR10"}
HELD |= {"RT01", "RT03", "YD01"}
FUNCTIONS = [name for name in kllib.__all__ if inspect.isfunction(getattr(kllib, name))]
MODELS = ("GaussianMixture", "LinearVAE", "TinyVAE")
METHODS = [
    (model, name)
    for model in MODELS
    for name, method in inspect.getmembers(getattr(kllib, model), inspect.isfunction)
    if name == "__init__" or not name.startswith("_")
]


def faults(name):
    home = getattr(kllib, name).__module__
    return [text for code, text in validate(f"{home}.{name}")["errors"] if code in HELD]


@pytest.mark.parametrize("name", [*FUNCTIONS, *MODELS])
def test_numpydoc_finds_no_fault(name):
    assert not faults(name)


@pytest.mark.parametrize("name", kllib.__all__)
def test_the_reference_page_can_read_it(name):
    text = str(NumpyDocstring(inspect.getdoc(getattr(kllib, name))))
    tree = publish_doctree(text, settings_overrides={"report_level": 5})
    faults = [fault.astext() for fault in tree.findall(nodes.problematic)]
    assert not [fault for fault in faults if not fault.startswith(":")]  # those are Sphinx's roles


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_say_what_they_return_raise_and_how_they_run(name):
    text = inspect.getdoc(getattr(kllib, name))
    assert text.startswith("Return ")
    for section in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in text, section


def unannotated(function):
    signature = inspect.signature(function)
    bare = [p.name for p in signature.parameters.values() if p.annotation is p.empty]
    return [
        *(name for name in bare if name != "self"),
        *["return"] * (signature.return_annotation is signature.empty),
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_annotated(name):
    assert not unannotated(getattr(kllib, name))


@pytest.mark.parametrize(("model", "name"), METHODS)
def test_methods_are_annotated_and_documented(model, name):
    method = getattr(getattr(kllib, model), name)
    assert not unannotated(method)
    assert name == "__init__" or inspect.getdoc(method).startswith("Return ")


def test_bare_parameters_are_seen():
    def bare(x, y: int) -> None:
        """Return nothing."""

    assert unannotated(bare) == ["x"]
