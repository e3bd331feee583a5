"""Tools to hold a canvas: find it in its page, move it, read what it shows."""

import json
import shutil
from urllib.parse import quote, urlencode

import pytest

from tests.conftest import ROOT

NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
WORDS = """el => el.innerText + ' ' + [...el.querySelectorAll('svg text')].map(t => t.textContent).join(' ')
           + ' ' + [...el.querySelectorAll('[aria-valuetext]')].map(t => t.ariaValueText).join(' ')"""

GO = """(hash) => new Promise((done) => {
  history.replaceState(null, "", "#");  // the same address again must be told too
  // The host hears of the new address first, and a canvas draws before any frame asked for later.
  addEventListener("hashchange", () => requestAnimationFrame(done), { once: true });
  location.hash = hash;
})"""

SWEEP = f"""async ([id, states]) => {{
  const el = document.getElementById(id), go = {GO}, words = {WORDS}, seen = [];
  for (const state of states) {{
    await go(id + "?" + state);
    const readout = el.querySelector('.kl-formula strong').innerText;
    seen.push([JSON.parse(el.dataset.values), readout, words(el)]);
  }}
  return seen;
}}"""


def query(state):
    """A situation as the address carries it."""
    return urlencode({key: json.dumps(value) for key, value in state.items()}, quote_via=quote)


class Held:
    """One mounted canvas in a page."""

    def __init__(self, page, name):
        self.page = page
        for view in page.locator(".widget-view").all():
            view.scroll_into_view_if_needed()
            view.and_(page.locator("[data-canvas]")).wait_for()
        self.root = page.locator(f'[data-canvas="{name}"]').first
        self.root.scroll_into_view_if_needed()

    def settle(self):
        """Wait until the next frames are drawn."""
        self.page.evaluate(NEXT_FRAME)

    @property
    def values(self):
        """The quantities shown, at full precision."""
        self.settle()
        return json.loads(self.root.get_attribute("data-values"))

    @property
    def words(self):
        """All that a reader sees or hears in words, drawn labels included."""
        self.settle()
        return self.root.evaluate(WORDS)

    def set(self, state):
        """Put the canvas into a situation by the address that `Copy link` would give."""
        self.page.evaluate(GO, f"{self.root.get_attribute('id')}?{query(state)}")

    def sweep(self, states):
        """Put the canvas into each situation in turn; return what it shows and says in each."""
        return self.page.evaluate(SWEEP, [self.root.get_attribute("id"), list(map(query, states))])

    def press(self, name):
        """Press a preset, Reset or Copy link."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def middle(self, selector):
        """The middle of a drawn handle, in the page's pixels."""
        handle = self.root.locator(selector).first
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, selector, dx, dy):
        """Drag a drawn handle by so many pixels with the mouse."""
        x, y = self.middle(selector)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx, y + dy, steps=4)
        self.page.mouse.up()

    def touch(self, selector, dx, dy):
        """Drag a drawn handle by so many pixels with a finger."""
        x, y = self.middle(selector)
        client = self.page.context.new_cdp_session(self.page)

        def send(kind, points):
            event = {"type": kind, "touchPoints": points}
            client.send("Input.dispatchTouchEvent", event)

        send("touchStart", [{"x": x, "y": y}])
        for k in (1, 2, 3):
            send("touchMove", [{"x": x + dx * k / 3, "y": y + dy * k / 3}])
        send("touchEnd", [])


BARE = """<!doctype html><html lang="en"><title>{name}</title><link rel="icon" href="data:,">
<style>html {{ --pst-color-surface: #f3f4f5; background: var(--pst-color-background); }}
html[data-theme="dark"] {{ --pst-color-text-base: #ced6dd; --pst-color-text-muted: #9ca4af;
  --pst-color-surface: #29313d; --pst-color-background: #14181e; --pst-color-border: #48566b; }}
</style>
<body style="margin: 8px"><div><p data-widget-static>still</p>
<script type="application/vnd.jupyter.widget-view+json">{{"model_id": "a"}}</script></div>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<script src="canvas-host.js"></script>"""


def bare_page(widget):
    """A page with this canvas and nothing else, as text."""
    names = [*widget.rules, "_esm", "_css", "_rules"]
    state = {"a": {"state": {name: getattr(widget, name) for name in names}}}
    packed = json.dumps({"state": state}).replace("</", "<\\/")
    return BARE.format(name=type(widget).__name__, state=packed)


@pytest.fixture
def hold(open_page, request):
    """Open a chapter and hold one of its canvases."""

    def start(spec, **options):
        if spec.page is None:
            return request.getfixturevalue("hold_bare")(spec, **options)
        address = f"{request.getfixturevalue('site')}/{spec.page}.html"
        return Held(open_page(address, formulas=False, **options), spec.name)

    return start


@pytest.fixture
def hold_bare(open_page, serve, tmp_path):
    """Hold a canvas in a page of its own: no book is needed, and nothing else is drawn."""

    def start(spec, **options):
        shutil.copy(ROOT / "_static" / "canvas-host.js", tmp_path)
        (tmp_path / "index.html").write_text(bare_page(spec.widget()), "utf-8")
        return Held(open_page(f"{serve(tmp_path)}/index.html", **options), spec.name)

    return start
