"""One notebook in Jupyter Notebook 7, the other front end at hand."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT

NOTEBOOKS = ROOT / "_build" / "notebooks"


@pytest.fixture
def notebook_7(tmp_path):
    """The address of a Notebook 7 over the exported notebooks."""
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")  # it saves of its own accord
    environment = {**os.environ, **{key: str(tmp_path / key.lower()) for key in own}}
    command = [sys.executable, "-m", "notebook", "--no-browser", "--allow-root", "--port=0"]
    with (tmp_path / "log").open("w+") as log:
        server = subprocess.Popen(
            [*command, "--IdentityProvider.token=", str(tmp_path / "notebooks")],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            for _ in range(600):
                text = (tmp_path / "log").read_text()
                found = re.search(r"http://127\.0\.0\.1:\d+", text)
                if found or server.poll() is not None:
                    break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(0.2)
            assert found, text
            yield found[0]
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def test_reads_as_the_page(html, browser, notebook_7):
    page = browser.new_context(viewport={"width": 1100, "height": 4000}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{notebook_7}/notebooks/chapters/02_kl.ipynb")
    page.get_by_role("heading", name="The price of a wrong belief").wait_for()
    page.locator(".jp-RenderedMarkdown p", has_text="The bill is 2.193 bits an hour").wait_for()
    fold = page.locator(".jp-RenderedMarkdown details").first
    assert not fold.locator("p").first.is_visible()
    fold.locator("summary").click()
    fold.locator("p").first.wait_for(state="visible")
    page.locator(".jp-OutputArea img[alt]").first.wait_for()
    page.get_by_role("heading", name="One coin, two mistakes").wait_for()
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.jp-RenderedMarkdown')].map(cell => {
             const copy = cell.cloneNode(true);
             copy.querySelectorAll('mjx-container, code, pre').forEach(node => node.remove());
             return copy.textContent;
           })"""
    )
    assert len(shown) > 3
    assert not [text for text in shown if re.search(r"[{}]|:::|\*\*|\]\(", text)]
    page.context.close()
