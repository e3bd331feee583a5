"""What Binder gives: the lock installed afresh, JupyterLab started, notebooks opened, read and run."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys

from playwright.sync_api import expect

from tests.conftest import ROOT, tracked

HOME = ROOT / "_build" / "binder"
REPO, VENV = HOME / "repo", HOME / "venv"
CHAPTERS = [path.stem for path in tracked("chapters/[0-9]*.md")]

RUN_ALL = "jupyterapp.commands.execute('notebook:run-all-cells')"
PANEL = "jupyterapp.shell.currentWidget"
ERRORS = f"""() => {PANEL}.content.widgets.flatMap(cell => cell.model.outputs ? cell.model.outputs.toJSON() : [])
             .filter(output => output.output_type === 'error').map(output => output.evalue)"""
IN_KERNEL = f"""async (code) => {{
  const kernel = {PANEL}.context.sessionContext.session.kernel;
  const future = kernel.requestExecute({{ code }});
  let text = '';
  future.onIOPub = ({{ header, content }}) => {{ text += header.msg_type === 'stream' ? content.text : content.evalue ?? ''; }};
  await future.done;
  return text;
}}"""
SHOW = f"""(name) => {{
  const notebook = {PANEL}.content;
  const at = notebook.widgets.findIndex(cell => cell.model.sharedModel.getSource().split('\\n').some(line => line.startsWith(name + '(')));
  notebook.activeCellIndex = at;
  return notebook.scrollToItem(at);
}}"""


def environment():
    """Where Binder's own settings and kernels live, so that the test leaves no trace elsewhere."""
    own = {
        key: str(HOME / "home" / key.lower())
        for key in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    }
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return {**kept, **own, "PATH": path}


def install():
    """Install as Binder does, unless nothing that matters has changed since the last time."""
    shutil.rmtree(REPO, ignore_errors=True)
    shutil.rmtree(HOME / "home", ignore_errors=True)
    for path in tracked("**"):
        copy = REPO / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    shutil.copytree(ROOT / "_build" / "notebooks", REPO / "notebooks")
    parts = ["constraints.txt", "binder/requirements.txt", "pyproject.toml"]
    wanted = hashlib.sha256(b"".join((REPO / p).read_bytes() for p in parts)).hexdigest()
    stamp = VENV / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        pip = [VENV / "bin" / "python", "-m", "pip", "install", "-q"]
        subprocess.run([*pip, "-r", "binder/requirements.txt"], cwd=REPO, check=True)
        stamp.write_text(wanted)
    subprocess.run(["bash", "binder/postBuild"], cwd=REPO, env=environment(), check=True)


@contextlib.contextmanager
def jupyterlab():
    """The address of a JupyterLab as Binder starts it."""
    command = [VENV / "bin" / "jupyter", "lab", "--no-browser", "--allow-root", "--port=0"]
    command += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    log = (HOME / "lab.log").open("w+")
    options = {"cwd": REPO, "env": environment(), "stdout": log, "stderr": log}
    server = subprocess.Popen(command, start_new_session=True, **options)
    try:
        for _ in range(600):
            text = (HOME / "lab.log").read_text()
            found = re.search(r"http://127\.0\.0\.1:\d+", text)
            if found or server.poll() is not None:
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.2)
        assert found, text
        yield found[0]
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # the server and the kernels it started
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        log.close()


def name_of(package):
    """A package's name in the one form that compares."""
    return re.sub(r"[-_.]+", "-", package).lower()


def strangers(installed, lock):
    """The installed packages, as (name, version), that a lock does not name at that version."""
    pins = (line.split(";")[0].strip().split("==") for line in lock.splitlines())
    locked = {(name_of(name), version) for name, version in pins}
    own = {"kllib", "pip", "setuptools"}  # the book's, and what a new environment brings
    return sorted(p for p in installed if p[0] not in own and p not in locked)


def installed():
    """What pip lists in Binder's environment."""
    command = [VENV / "bin" / "python", "-m", "pip", "list", "--format=json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [(name_of(p["name"]), p["version"]) for p in json.loads(done.stdout)]


def test_a_package_that_the_lock_lacks_is_a_stranger():
    lock = "numpy==2.3.1\nappnope==0.1.4 ; sys_platform == 'darwin'\n"
    found = [("pip", "24"), ("kllib", "0.1.0"), ("numpy", "2.3.1"), ("appnope", "0.1.4")]
    assert strangers(found, lock) == []
    assert strangers([("numpy", "2.3.0"), ("left-pad", "1")], lock) == [
        ("left-pad", "1"),
        ("numpy", "2.3.0"),
    ]


def test_binder_opens_and_runs_every_chapter(browser):
    install()
    assert strangers(installed(), (ROOT / "constraints.txt").read_text()) == []
    with jupyterlab() as lab:
        for name in ["index", *(f"chapters/{name}" for name in CHAPTERS)]:
            opens_as_a_notebook_and_runs(lab, browser, name)


READ = f"""async () => {{
  const notebook = {PANEL}.content;
  const found = [];
  for (const cell of notebook.widgets) {{
    if (cell.model.type !== 'markdown') continue;
    await notebook.scrollToItem(notebook.widgets.indexOf(cell));
    await cell.ready;
    const copy = cell.node.querySelector('.jp-RenderedMarkdown').cloneNode(true);
    copy.querySelectorAll('mjx-container, code, pre').forEach(formula => formula.remove());
    found.push(copy.textContent);
  }}
  return found;
}}"""


def reads_as_prose(page):
    """No mark of a source shows, folds open, and Lab has nothing to say of its own."""
    text = page.evaluate(READ)
    assert not [t for t in text if re.search(r"[{}]|:::|\$|\]\(|\*\*", t)]
    assert page.locator("mjx-merror").count() == 0
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0
    for fold in page.locator(".jp-RenderedMarkdown details").all()[:1]:
        fold.scroll_into_view_if_needed()
        body = fold.locator("p").first
        assert not body.is_visible()
        fold.locator("summary").click()
        body.wait_for(state="visible")


def opens_as_a_notebook_and_runs(lab, browser, name):
    """Open a notebook at its Binder address, read it, run it to the end, move its canvases."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/notebooks/{name}.ipynb?reset")  # without the tabs of the last one
    page.locator(".jp-NotebookPanel").wait_for(timeout=120_000)
    page.wait_for_function(
        f"{PANEL}?.context?.sessionContext?.session?.kernel?.status === 'idle'", timeout=120_000
    )
    reads_as_prose(page)
    pictures = page.locator(".jp-OutputArea img[alt]")
    assert pictures.first.is_visible()  # before anything has run
    page.set_default_timeout(240_000)
    assert page.evaluate(RUN_ALL) is not False
    assert page.evaluate(ERRORS) == []
    sources = page.evaluate(
        f"() => {PANEL}.content.widgets.map(c => c.model.sharedModel.getSource())"
    )
    canvases = [m[1] for s in sources if (m := re.search(r"^([A-Z]\w+)\(", s, re.M))]
    assert canvases
    for canvas in set(canvases) - {"QuickQuestions"}:
        moves_both_ways(page, canvas)
    context.close()


STATE = """
import gc, json
from kllib import canvas as canvases
kind = getattr(canvases, "{name}")
canvas = [o for o in gc.get_objects() if isinstance(o, kind)][0]
{then}
traits = {{k: getattr(canvas, k) for k in canvas.keys if k[0] != "_"}}
print(json.dumps({{k: v for k, v in traits.items() if isinstance(v, (float, list))}}))
"""


def kernel_state(page, name, then=""):
    """The canvas's numeric traits as the kernel has them."""
    return json.loads(page.evaluate(IN_KERNEL, STATE.format(name=name, then=then)))


def moves_both_ways(page, name):
    """A key pressed in the page updates the Python object; setting the object moves the page."""
    page.evaluate(SHOW, name)
    root = page.locator(f'[data-canvas="{name}"]').first
    root.wait_for()
    before, shown = kernel_state(page, name), root.get_attribute("data-values")
    root.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    moved = before
    for _ in range(100):
        moved = kernel_state(page, name)
        if moved != before:
            break
    changed = [key for key in before if moved[key] != before[key]]
    assert changed
    assert root.get_attribute("data-values") != shown
    kernel_state(page, name, "\n".join(f"canvas.{key} = {before[key]!r}" for key in changed))
    expect(root).to_have_attribute("data-values", shown)
