"""The built pages: no faults, no outside requests, sound links, described figures, print, no script."""

import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import HTML

PAGES = sorted(
    p.relative_to(HTML).as_posix()
    for d in (".", "chapters", "exercises")
    for p in HTML.glob(f"{d}/*.html")
)
CANVAS_PAGES = [p for p in PAGES if "widget-view+json" in (HTML / p).read_text("utf-8")]
each = pytest.mark.parametrize("name", PAGES)


class Anatomy(HTMLParser):
    """Ids, links and images of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.images = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids.add(attrs.get("id"))
        if tag in ("a", "link") and attrs.get("href"):
            self.links.append(attrs["href"])
        if tag in ("img", "script") and attrs.get("src"):
            self.links.append(attrs["src"])
        if tag == "img":
            self.images.append(attrs)


@cache
def anatomy(path):
    """The anatomy of a page, read once."""
    return Anatomy(path.read_text("utf-8"))


def test_there_are_pages():
    assert len(PAGES) > 5
    assert "chapters/02_kl.html" in CANVAS_PAGES


def awake(page):
    """Scroll to every canvas and wait until it is alive."""
    page.wait_for_load_state("networkidle")
    for view in page.locator(".widget-view").all():
        view.scroll_into_view_if_needed()
        view.and_(page.locator("[data-canvas]")).wait_for()
    return page


def grave_faults(page, *rules):
    """What axe-core finds serious or critical, by some rules or by all."""
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = Axe().run(page, options={"preload": False, **only}).response["violations"]
    grave = [v for v in found if v["impact"] in ("serious", "critical")]
    return [(v["id"], [n["html"][:150] for n in v["nodes"]]) for v in grave]


@each
def test_page_is_sound_accessible_and_fits_a_phone(open_page, site, name):
    page = awake(open_page(f"{site}/{name}", color_scheme="light"))
    views = (HTML / name).read_text("utf-8").count("widget-view+json")
    assert page.locator("[data-canvas]").count() == views
    assert page.locator("mjx-merror, .MathJax_Error").count() == 0
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        page.wait_for_function("document.getAnimations().length === 0")  # colours fade over
        rules = () if theme == "light" else ("color-contrast",)  # the rest has no colour
        assert grave_faults(page, *rules) == [], theme
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("document.documentElement.scrollWidth <= 320")


@each
def test_page_opens_from_disk(open_page, html, name):
    page = awake(open_page((html / name).as_uri(), formulas=False))
    views = (html / name).read_text("utf-8").count("widget-view+json")
    assert page.locator("[data-canvas]").count() == views


@each
def test_links_and_anchors_lead_somewhere(html, name):
    here = html / name
    for link in anatomy(here).links:
        if re.match(r"[a-z]+:", link):
            continue
        path, anchor = urldefrag(link)
        target = (here.parent / unquote(path.split("?")[0])).resolve() if path else here
        assert target.exists(), link
        if anchor and target.suffix == ".html":
            assert unquote(anchor) in anatomy(target).ids, link


@each
def test_images_are_described(html, name):
    for image in anatomy(html / name).images:
        alt = image.get("alt") or ""
        assert len(alt) > 20, image.get("src", "")[:60]
        assert "_images/" not in alt


@pytest.mark.parametrize("name", CANVAS_PAGES)
def test_print_and_no_script_show_the_static_figures(open_page, site, name):
    page = awake(open_page(f"{site}/{name}", formulas=False))
    stands = page.locator("[data-widget-static]")
    assert stands.count() == page.locator(".widget-view").count()
    assert not any(stand.is_visible() for stand in stands.all())
    page.emulate_media(media="print")
    assert all(stand.is_visible() for stand in stands.all())
    assert not any(view.is_visible() for view in page.locator(".widget-view").all())
    bare = open_page(f"{site}/{name}", java_script_enabled=False)
    assert all(stand.is_visible() for stand in bare.locator("[data-widget-static]").all())
    # The browser gives up on scripts that the page preloads and it may not run.
    open_page.faults[:] = [f for f in open_page.faults if not re.search(r"^failed: .*\.js", f)]


def test_nothing_is_loaded_from_elsewhere(html):
    for path in [html / name for name in PAGES]:
        text = path.read_text("utf-8")
        assert not re.search(r'<(script|link|img|iframe)[^>]+(src|href)="(https?:)?//', text), path


def test_no_unrendered_markup(html):
    for name in PAGES:
        text = (html / name).read_text("utf-8")
        assert "SOLUTION" not in text, name
        assert "Alias for field number" not in text, name
        prose = re.sub(r"<(script|style|pre|code|textarea)\b.*?</\1>", "", text, flags=re.DOTALL)
        assert not re.search(r"(?<!\\text)\{(glue|doc|ref|cite|prf)[:}]", prose), name
