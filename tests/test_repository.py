"""The repository as a whole: layers, sizes, workflows, the library by itself, tidy sources."""

import ast
import graphlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import kllib
from tests.conftest import CHROMIUMS, ROOT, tracked

MODULES = tracked("kllib/**/*.py")
LAYERS = [  # each imports from kllib only what stands before it
    ["_validate"],
    ["_convex"],
    ["_kernels"],
    ["_rows"],
    ["discrete", "coding"],
    ["families"],
    ["between", "divergences", "estimators", "policy", "projection", "vae"],
    ["geometry"],
    ["plotting"],
    ["canvas"],
]


def imports(text):
    """Modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
            yield from names if node.module == "kllib" else [node.module]


def misplaced(sources, layers):
    """Imports of a module's own layer or a higher one; inside a package, circles."""
    layer_of = {name: k for k, names in enumerate(layers) for name in names}
    inside = {}
    for module, text in sources.items():
        own = module.split(".")[1]
        for name in imports(text):
            if not name.startswith("kllib."):
                continue
            part = name.split(".")[1]
            if part == own and module.count(".") > 1:
                inside.setdefault(module, set()).add(name)
            elif layer_of[part] >= layer_of[own]:
                yield f"{module} imports {name}"
    try:
        graphlib.TopologicalSorter(inside).prepare()
    except graphlib.CycleError as circle:
        yield " imports ".join(circle.args[1])


def sources():
    for path in MODULES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[-1] != "__init__":  # these gather what their modules say
            yield ".".join(parts), path.read_text("utf-8")


def test_imports_point_down():
    found = dict(sources())
    assert not list(misplaced(found, LAYERS))
    for module, text in found.items():
        roots = {name.split(".")[0] for name in imports(text)}
        assert not roots & {"chapters", "exercises", "checks", "tests"}
        assert "anywidget" not in roots or module.startswith("kllib.canvas.")
        assert "matplotlib" not in roots or module == "kllib.plotting"


@pytest.mark.parametrize(
    ("module", "line"),
    [
        (
            "kllib.coding",
            "from kllib.discrete import entropy",
        ),  # of one layer: the half of a circle
        ("kllib.families", "def f():\n    from kllib import between"),
        ("kllib._validate", "import kllib._rows"),
        ("kllib.canvas._base", "from kllib.canvas.leash import Leash"),  # which imports _base
    ],
)
def test_circles_and_imports_upwards_are_seen(module, line):
    found = dict(sources())
    found[module] += "\n" + line
    assert list(misplaced(found, LAYERS))


def test_public_functions_stand_in_public_modules():
    for name in kllib.__all__:
        home = getattr(kllib, name).__module__
        assert re.fullmatch(r"kllib\.[a-z]+", home), f"{name} is defined in {home}"


def test_the_library_is_tested_without_the_book():
    for path in tracked("tests/kllib/**/*.py"):
        assert "chapters" not in path.read_text("utf-8"), path


def test_importing_kllib_is_light():
    code = (
        "import sys, kllib; heavy = {'matplotlib', 'anywidget', 'tqdm', 'scipy.stats', 'IPython'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_what_git_knows_is_tested():
    stranger = ROOT / "stranger" / "lib" / "module.py"
    stranger.parent.mkdir(parents=True)
    try:
        stranger.write_text("import")
        found = tracked("**/*.py")
    finally:
        shutil.rmtree(ROOT / "stranger")
    assert stranger not in found
    assert ROOT / "kllib" / "discrete.py" in found


def test_no_test_looks_through_the_working_tree():
    """A folder that somebody's tools left in the clone must not turn a test red."""
    for path in tracked("tests/**/*.py"):
        assert not re.search(r"ROOT\.r?glob", path.read_text("utf-8")), path


def test_workflows_are_valid():
    files = tracked(".github/workflows/*.yml")
    assert files
    lint = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    subprocess.run([*lint, *files], check=True)
    for file in files:
        text = file.read_text("utf-8")
        for job in yaml.safe_load(text)["jobs"].values():
            assert "uses" in job or "timeout-minutes" in job
        for action in re.findall(r"uses: ([^.\s]\S*)", text):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action), f"{file.name}: pin {action}"


def test_nothing_is_published_unless_every_job_is_green():
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text("utf-8"))["jobs"]
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish", "notebooks"}
    assert jobs["notebooks"]["needs"] == "publish"


def test_the_library_workflow_installs_the_library_only():
    text = (ROOT / ".github" / "workflows" / "library.yml").read_text("utf-8")
    assert set(re.findall(r"\.\[([\w,-]+)\]", text)) == {"library-test"}
    jobs = yaml.safe_load(text)["jobs"]
    supported = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert jobs["newest"]["strategy"]["matrix"]["python"][0] == supported["requires-python"][2:]


def test_ci_looks_for_the_browsers_that_the_tests_look_for():
    line = re.search(r"^for name in (.*); do$", (ROOT / ".ci" / "run").read_text("utf-8"), re.M)[1]
    assert line.split() == ["${CHROMIUM:-}", *CHROMIUMS]


def unmet(requirements, locked):
    """Requirements that a lock, {name: version}, does not meet."""
    for requirement in map(Requirement, requirements):
        if not requirement.specifier.contains(locked.get(requirement.name, "0"), prereleases=True):
            yield str(requirement)


def test_the_lock_meets_what_is_required():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [re.match(r"([\w.-]+)==([\w.]+)( ; .*)?$", line) for line in lines]
    assert all(pins), "every line pins one version"
    locked = {pin[1]: pin[2] for pin in pins}
    wanted = [line for line in requires("kllib") if not line.startswith("kllib")]
    assert not [r for r in wanted if Requirement(r).name not in locked]
    assert not list(unmet(wanted, locked))
    assert list(unmet(["numpy>=999"], locked)) == ["numpy>=999"]


def test_shell_scripts_fail_closed():
    for path in tracked(".ci/run", "binder/postBuild", "**/*.sh"):
        assert "set -euo pipefail" in path.read_text("utf-8")
        subprocess.run(["bash", "-n", str(path)], check=True)


def test_sources_are_tidy():
    subprocess.run([sys.executable, "-m", "ruff", "check", str(ROOT)], check=True)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--check", str(ROOT)], check=True)


def test_scripts_are_tidy():
    scripts = tracked("**/*.js")
    assert len(scripts) > 20
    oxfmt = Path(sys.executable).with_name("oxfmt")
    subprocess.run([oxfmt, "-c", ROOT / ".oxfmtrc.json", "--check", *scripts], check=True)
    for script in scripts:
        lines = script.read_text("utf-8").splitlines()
        assert not [line for line in lines if len(line) > 100], script


def test_kllib_is_a_package_by_itself(tmp_path):
    shutil.copytree(ROOT / "kllib", tmp_path / "source" / "kllib")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / "source" / name)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(tmp_path)]
    subprocess.run([*build, str(tmp_path / "source")], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == {"kllib"}
    for needed in (
        "canvas/static/core/frame.js",
        "canvas/static/canvas.css",
        "book.mplstyle",
        "py.typed",
    ):
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
