"""The repository as a whole: layers, sizes, workflows, the library by itself, tidy sources."""

import ast
import json
import shutil
import subprocess
import sys
import tokenize
import zipfile

import pytest
import yaml

from tests.conftest import ROOT

MODULES = sorted(ROOT.glob("kllib/**/*.py"))
LAYERS = [  # each may import from kllib only what stands before it
    ["_validate"],
    ["_arithmetic", "_kernels", "_rows", "_special"],
    ["_counts", "_joint", "_logits", "_terms", "_words"],
    ["discrete", "coding"],
    ["_between", "_frozen", "_gamma", "_mixture", "_neighbors", "_normal"],
    ["families", "_elbo"],
    ["projection", "estimators", "vae"],
    ["plotting"],
    ["canvas"],
]


def imports(path):
    """Modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
            yield from names if node.module == "kllib" else [node.module]


def layer(module):
    """The height of a kllib module."""
    part = module.split(".")[1]
    return next(k for k, names in enumerate(LAYERS) if part in names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_point_down(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts == ("kllib", "__init__"):
        return
    here = layer(".".join(parts))
    for name in imports(path):
        if name.startswith("kllib."):
            assert layer(name) <= here, name
        root = name.split(".")[0]
        assert root not in ("chapters", "exercises", "checks", "tests")
        assert root != "anywidget" or parts[1] == "canvas"
        assert root != "matplotlib" or parts[1] == "plotting"


def test_importing_kllib_is_light():
    code = (
        "import sys, kllib; heavy = {'matplotlib', 'anywidget', 'tqdm', 'scipy.stats', 'IPython'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def code_lines(path):
    """Lines that hold code: no blanks, comments or docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = set()
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node):
            docs.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    skip = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    found = set()
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type not in skip and token.type != tokenize.ENCODING:
                found.update(range(token.start[0], token.end[0] + 1))
    return found - docs


def test_sizes():
    own = [p for p in ROOT.glob("**/*.py") if not {".venv", "_build"} & set(p.parts)]
    modules = [p for p in own if p.name != "records.py"]  # records are as long as their chapter
    assert not [p.name for p in modules if len(code_lines(p)) > 300]
    assert not [p.name for p in MODULES if len(p.read_text("utf-8").splitlines()) > 300]
    library = [p for p in MODULES if "canvas" not in p.parts]
    assert sum(len(code_lines(p)) for p in library) < 1800
    assert max(len(code_lines(p)) for p in MODULES if "canvas" in p.parts) < 120
    for path in [p for p in own if p.parent.name not in ("tables", "bad_input")]:  # those are data
        lines = code_lines(path)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                span = set(range(node.lineno, node.end_lineno + 1))
                assert len(span & lines) <= 40, f"{path.name}: {node.name}"
    scripts = [*ROOT.glob("kllib/canvas/static/*.js"), *ROOT.glob("_static/*.js")]
    assert not [p.name for p in scripts if len(p.read_text("utf-8").splitlines()) > 300]


def test_workflows_are_valid():
    files = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    assert files
    lint = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    subprocess.run([*lint, *files], check=True)
    for file in files:
        for job in yaml.safe_load(file.read_text("utf-8"))["jobs"].values():
            assert "timeout-minutes" in job


def test_shell_scripts_fail_closed():
    for path in [ROOT / ".ci" / "run", ROOT / "binder" / "postBuild"]:
        assert "set -euo pipefail" in path.read_text("utf-8")
        subprocess.run(["bash", "-n", str(path)], check=True)


def test_sources_are_tidy():
    subprocess.run([sys.executable, "-m", "ruff", "check", str(ROOT)], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--check", str(ROOT)], check=True)


def test_kllib_is_a_package_by_itself(tmp_path):
    shutil.copytree(ROOT / "kllib", tmp_path / "source" / "kllib")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / "source" / name)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(tmp_path)]
    subprocess.run([*build, str(tmp_path / "source")], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == {"kllib"}
    for needed in ("canvas/static/core.js", "canvas/static/canvas.css", "book.mplstyle"):
        assert f"kllib/{needed}" in names
    meta = next(n for n in names if n.endswith("METADATA"))
    required = [
        line
        for line in zipfile.ZipFile(wheel).read(meta).decode().splitlines()
        if line.startswith("Requires-Dist") and "extra ==" not in line
    ]
    assert [line.split()[1].split(">")[0] for line in required] == ["numpy", "scipy"]


def test_citation_and_versions_agree():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert f'version = "{citation["version"]}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_facts_are_numbered_once():
    facts = json.loads((ROOT / "chapters" / "facts.json").read_text("utf-8"))
    ids = [fact["id"] for fact in facts]
    assert len(set(ids)) == len(ids)
