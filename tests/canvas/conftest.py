"""Tools to hold a canvas: find it in its page, move it, read what it shows."""

import json
import math

import pytest

NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Held:
    """One mounted canvas in a page."""

    def __init__(self, page, name):
        self.page, self.root = page, page.locator(f'[data-canvas="{name}"]')
        page.locator('script[type$="widget-view+json"]').first.wait_for(state="attached")
        for view in page.locator(".widget-view").all():
            view.scroll_into_view_if_needed()
            view.locator("xpath=self::*[@data-canvas]").wait_for()
        self.root.scroll_into_view_if_needed()

    @property
    def values(self):
        """The quantities shown, at full precision."""
        self.page.evaluate(NEXT_FRAME)
        return json.loads(self.root.get_attribute("data-values"), parse_constant=None)

    @property
    def text(self):
        """All that a reader sees in words, drawn labels included."""
        self.page.evaluate(NEXT_FRAME)
        return self.root.evaluate("el => el.innerText + ' ' + [...el.querySelectorAll('svg text')]"
                                  ".map(t => t.textContent).join(' ')")

    @property
    def status(self):
        """The announcement for screen readers."""
        return self.root.locator(".kl-status").text_content()

    def set(self, **traits):
        """Put the canvas into a situation by the address that `copy link` would give."""
        query = "&".join(f"{k}={json.dumps(v)}" for k, v in traits.items())
        name = self.root.get_attribute("id")
        self.page.evaluate("hash => { location.hash = hash }", f"{name}?{query}")
        self.page.evaluate(NEXT_FRAME)
        return self

    def button(self, name):
        """Press a preset, Reset or Copy link."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def drag(self, selector, dx, dy, *, touch=False):
        """Drag a drawn handle by so many pixels."""
        box = self.root.locator(selector).first.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2)
        self.page.mouse.move(x + dx, y + dy)
        self.page.mouse.up()


def number(value):
    """A shown quantity as a float, infinities included."""
    return float(value)


def close(shown, exact, rel=1e-12):
    """Whether a shown quantity equals kllib's, infinities included."""
    shown, exact = number(shown), float(exact)
    return shown == exact or math.isclose(shown, exact, rel_tol=rel, abs_tol=1e-15)


@pytest.fixture
def hold(open_page, site):
    """Open a chapter and hold one of its canvases."""

    def start(name, chapter, **options):
        return Held(open_page(f"{site}/{chapter}.html", **options), name)

    return start
