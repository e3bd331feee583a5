"""What tests share: the built book served on loopback, and a Chromium that reports every fault."""

import functools
import http.server
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHROMIUMS = ["chromium", "chromium-browser", "google-chrome"]
HTML = ROOT / "_build" / "html"
MISSING = "no Chromium was found (set CHROMIUM, install one, or run `make browser`)"


def tracked(*patterns):
    """Return what git knows of the patterns, as paths: never somebody's venv, nor what was built."""
    listing = ["git", "ls-files", "-z", "--", *(f":(glob){pattern}" for pattern in patterns)]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return sorted(path for path in paths if path.exists())


def find_chromium():
    """Return the path of a Chromium: $CHROMIUM, one on the path, or Playwright's own."""
    names = [os.environ.get("CHROMIUM"), *CHROMIUMS]
    found = next(filter(None, map(shutil.which, filter(None, names))), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def pytest_collection_modifyitems(config, items):
    """Without a Chromium, leave the browser tests out, or fail them all where CI is set."""
    ours = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in ours:
        item.add_marker("browser")
    if ours and not find_chromium() and not os.environ.get("CI"):
        for item in ours:
            item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter):
    """Say how many tests did not run for want of a browser."""
    left_out = sum(MISSING in str(r.longrepr) for r in terminalreporter.stats.get("skipped", []))
    if left_out:
        terminalreporter.write_line(f"{left_out} browser tests did not run: {MISSING}")


@pytest.fixture(scope="session")
def html():
    """The built book's folder."""
    if not (HTML / "index.html").exists():
        pytest.fail("the book is not built: run `make book` first")
    return HTML


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def serve():
    """Serve a folder on loopback and return its address."""
    servers = []

    def start(folder):
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def site(html, serve):
    """The address of the built book."""
    return serve(html)


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for all tests of a process."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if not path:
        pytest.fail(MISSING)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=quiet)
        yield chromium
        chromium.close()


class Faults(list):
    """What went wrong on a page: errors, failed requests, requests to other hosts."""

    def watch(self, page):
        """Collect the faults of `page` from now on."""
        page.on("pageerror", lambda error: self.append(f"page error: {error}"))
        page.on("console", lambda m: m.type == "error" and self.append(f"console: {m.text}"))
        page.on("requestfailed", lambda r: self.append(f"failed: {r.url}"))
        page.on("response", lambda r: r.status >= 400 and self.append(f"{r.status}: {r.url}"))
        page.on("request", self._outside)
        return page

    def _outside(self, request):
        if not request.url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:", "ws://127")):
            self.append(f"outside request: {request.url}")


@pytest.fixture
def open_page(browser):
    """Open an address in a fresh context; at the end no page may have had a fault."""
    faults, contexts = Faults(), []

    def start(address, *, formulas=True, **options):
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 900}, **options})
        contexts.append(context)
        if not formulas:  # typesetting takes most of a page's time
            empty = {"body": "", "content_type": "text/javascript"}
            context.route("**/mathjax/*.js*", lambda route: route.fulfill(**empty))
        page = faults.watch(context.new_page())
        page.goto(address)
        return page

    start.faults = faults
    yield start
    for context in contexts:
        context.close()
    assert not faults
