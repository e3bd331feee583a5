"""Tools to hold a canvas: find it in its page, move it, read what it shows."""

import json

import pytest

NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
WORDS = """el => el.innerText + ' ' + [...el.querySelectorAll('svg text')].map(t => t.textContent).join(' ')
           + ' ' + [...el.querySelectorAll('[aria-valuetext]')].map(t => t.ariaValueText).join(' ')"""

SWEEP = f"""async ([id, states]) => {{
  const el = document.getElementById(id), frame = {NEXT_FRAME}, words = {WORDS}, seen = [];
  for (const state of states) {{
    location.hash = id + '?' + Object.entries(state).map(([k, v]) => k + '=' + JSON.stringify(v)).join('&');
    await frame();  // the address has changed
    await frame();  // the canvas has drawn
    const readout = el.querySelector('.kl-formula strong').innerText;
    seen.push([JSON.parse(el.dataset.values), readout, words(el)]);
  }}
  return seen;
}}"""


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
        query = "&".join(f"{key}={json.dumps(value)}" for key, value in state.items())
        place = self.root.get_attribute("id")
        self.page.evaluate("hash => { location.hash = hash }", f"{place}?{query}")
        self.settle()
        self.settle()

    def sweep(self, states):
        """Put the canvas into each situation in turn; return what it shows and says in each."""
        return self.page.evaluate(SWEEP, [self.root.get_attribute("id"), states])

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


@pytest.fixture
def hold(open_page, site):
    """Open a chapter and hold one of its canvases."""

    def start(spec, **options):
        address = f"{site}/{spec.page}.html"
        return Held(open_page(address, formulas=False, **options), spec.name)

    return start
