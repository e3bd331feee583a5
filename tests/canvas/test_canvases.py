"""Every canvas in its page: mouse, keys, touch, presets, extremes, widths, themes."""

import json
import math

import numpy as np
import pytest
import traitlets

from .conftest import Held
from .specs import SPECS

each = pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
BROKEN = ("NaN", "undefined", "Infinity", "null", "[object")


def agree(shown, exact, within=(1e-12, 1e-15)):
    """Whether shown quantities equal kllib's, infinities included."""
    shown, exact = np.array(shown, dtype=float), np.array(exact, dtype=float)
    np.testing.assert_allclose(shown, exact, rtol=within[0], atol=within[1])


def read(text):
    """The number at the start of a read-out such as '−0.069 nats', '1.2e−7 bits' or '∞'."""
    plain = text.split()[0].replace("\u2212", "-").replace("∞", "inf")
    return float(plain)


@each
def test_shows_what_kllib_computes(hold, spec):
    held, rng = hold(spec), np.random.default_rng(5)
    states = spec.corners + [spec.random(rng) for _ in range(200)]
    for state, (values, readout, words) in zip(states, held.sweep(states), strict=True):
        shown = spec.shown(spec.widget(**state))
        for key, exact in shown.items():
            agree(values[key], exact, spec.within)
        exact, number = float(shown[spec.readout]), read(readout)
        assert number == exact or math.isclose(number, exact, rel_tol=5.01e-3, abs_tol=5.01e-4)
        assert not any(word in words for word in BROKEN), (state, words)


@each
def test_sliders_by_keyboard_and_mouse(hold, spec):
    held = hold(spec)
    for slider in held.root.locator("input[type=range]").all():
        slider.focus()
        seen = []
        for key in ("Home", "End", "ArrowLeft", "PageDown", "Home", "ArrowRight", "PageUp"):
            held.page.keyboard.press(key)
            seen.append(json.dumps(held.values))
            assert slider.get_attribute("aria-valuetext")
        assert len({seen[0], seen[1], seen[2], seen[3]}) == 4
        assert len({seen[4], seen[5], seen[6]}) == 3
        box = slider.bounding_box()
        for share in (0.85, 0.2):
            before = held.values
            slider.click(position={"x": box["width"] * share, "y": box["height"] / 2})
            assert held.values != before
        held.press("Reset")


@each
def test_number_boxes(hold, spec):
    held = hold(spec)
    for box in held.root.locator("input[type=number]").all():
        low, high = float(box.get_attribute("min")), float(box.get_attribute("max"))
        name = box.get_attribute("aria-label")
        box.fill(str(low + 0.625 * (high - low)))
        box.press("Enter")
        agree(box.input_value(), low + 0.625 * (high - low))
        before = held.values
        for wrong in (str(high + 1), str(low - 1), ""):
            box.fill(wrong)
            box.press("Tab")
            assert held.values == before, f"{name} took {wrong!r}"
            assert box.get_attribute("aria-invalid") == "true"
        held.press("Reset")


@each
def test_choices_by_keyboard(hold, spec):
    held = hold(spec)
    for radio in held.root.locator("input[type=radio]:checked").all():
        before = held.values
        radio.focus()
        held.page.keyboard.press("ArrowRight")
        assert held.values != before
    for box in held.root.locator("input[type=checkbox]").all():
        before = box.is_checked()
        box.focus()
        held.page.keyboard.press("Space")
        assert box.is_checked() != before


@each
def test_handles_by_mouse_and_finger(hold, spec):
    held = hold(spec, has_touch=True)
    assert spec.handles
    for move in (held.drag, held.touch):
        for selector, (dx, dy) in spec.handles.items():
            before = held.values
            move(selector, dx, dy)
            assert held.values != before, (move.__name__, selector)
        held.press("Reset")


@each
def test_presets_and_reset(hold, spec):
    held = hold(spec)
    start = held.values
    names = held.root.locator(".kl-presets button").all_inner_texts()
    presets = [name for name in names if name not in ("Reset", "Copy link")]
    assert len(presets) >= 3
    seen = []
    for name in presets:
        held.press(name)
        seen.append(json.dumps(held.values))
        assert not any(word in held.words for word in BROKEN)
    assert len(set(seen)) == len(presets)
    held.press("Reset")
    assert held.values == start


@each
def test_announces_the_result_once_at_rest(hold, spec):
    held = hold(spec)
    status = held.root.get_by_role("status")
    assert status.text_content() == ""
    held.root.locator("input[type=range]").first.focus()
    for _ in range(5):
        held.page.keyboard.press("ArrowRight")
    held.page.wait_for_function(
        "el => el.textContent !== ''", arg=status.element_handle(), timeout=5000
    )
    assert any(char.isdigit() for char in status.text_content())


@each
def test_link_carries_the_situation(hold, open_page, spec):
    held = hold(spec)
    held.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    held.set(spec.random(np.random.default_rng(6)))
    state = held.values
    held.press("Copy link")
    link = held.page.evaluate("navigator.clipboard.readText()")
    assert held.page.url == link
    other = Held(open_page(link, formulas=False), spec.name)
    assert other.values == state


@each
def test_link_with_bad_values_is_refused(hold, spec):
    held = hold(spec)
    start = held.values
    trait, good = next((k, v) for k, v in spec.corners[0].items() if k != "unit")
    wrong = [7.5] if isinstance(good, list) else 7.5
    for state in ({trait: wrong}, {"_esm": "alert(1)"}, {"nothing": 1}, {"unit": "hours"}):
        held.set(state)
        assert held.values == start
        assert "does not fit" in held.root.locator(".widget-note").inner_text()


@each
@pytest.mark.parametrize("width", [320, 1100])
def test_fits_and_can_be_hit(hold, spec, width):
    held = hold(spec, viewport={"width": width, "height": 800})
    sizes = held.root.evaluate(
        """el => { const own = el.getBoundingClientRect();
             return [...el.querySelectorAll('input, button, .kl-reach')]
               .filter(e => !e.hidden && e.type !== 'radio' && e.type !== 'checkbox')
               .map(e => { const b = e.getBoundingClientRect(); return { what: e.outerHTML.slice(0, 90),
                  height: b.height, width: b.width, inside: b.left >= own.left - 1 && b.right <= own.right + 1 }; }); }"""
    )
    assert len(sizes) > 5
    for size in sizes:
        assert size["height"] >= 24, size
        assert size["inside"] or "kl-reach" in size["what"], size
    over = held.root.evaluate("el => el.scrollWidth - el.clientWidth")
    assert over <= 0
    labels = held.root.locator("label:has(input[type=radio]), label:has(input[type=checkbox])")
    for label in labels.all():
        assert label.bounding_box()["height"] >= 24


CONTRAST = """el => {
  const rgb = (c) => (c.match(/[\\d.]+/g) ?? []).map(Number);
  const lum = (c) => { const [r, g, b] = rgb(c).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                       return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const card = getComputedStyle(el).backgroundColor;
  const decor = '.kl-grid, .kl-lit, .kl-reach, .kl-floor, defs *, .kl-on-alarm, .kl-on, .kl-grip';
  const seen = new Map();
  for (const e of el.querySelectorAll('svg text, svg path, svg line, svg rect, svg circle')) {
    if (e.matches(decor)) continue;
    const style = getComputedStyle(e), text = e.tagName === 'text';
    const inks = text ? [style.fill] : [style.stroke, style.fill].filter(c => c.startsWith('rgb') && rgb(c)[3] !== 0);
    if (!inks.length) continue;  // a pattern: its lines are looked at by themselves
    const best = Math.max(0, ...inks.map(c => ratio(c, card)));
    seen.set(`${e.tagName}.${e.getAttribute('class')}`, [best, text ? 4.5 : 3, inks.join(' ')]);
  }
  return [...seen].map(([k, v]) => [k, ...v]);
}"""


@each
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_in_both_themes_and_live_change(hold, spec, theme):
    held = hold(spec)
    was = held.root.evaluate("el => getComputedStyle(el).backgroundColor")
    held.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    now = held.root.evaluate("el => getComputedStyle(el).backgroundColor")
    assert (was != now) == (theme == "dark")
    found = held.root.evaluate(CONTRAST)
    assert len(found) > 4
    faint = [row for row in found if row[1] < row[2]]
    assert not faint


@each
def test_reduced_motion_shows_the_end_at_once(hold, spec):
    held = hold(spec, reduced_motion="reduce")
    held.root.locator(".kl-presets button").first.click()
    held.settle()
    assert held.page.evaluate("document.getAnimations().length") == 0


@each
def test_figure_is_named(hold, spec):
    held = hold(spec)
    for figure in held.root.locator("svg.kl-plot").all():
        assert figure.get_attribute("role") == "graphics-document"
        assert len(figure.get_attribute("aria-label")) > 30


@each
def test_weight(spec):
    assert len(spec.widget._esm.encode()) + len(spec.widget._css.encode()) <= 30_000


@each
def test_bad_state_is_refused_in_python(spec):
    widget = spec.widget()
    start = {key: getattr(widget, key) for key in spec.corners[0]}
    for key, value in start.items():
        wrong = "hours" if isinstance(value, str) else [[9], [0.5] * 5, [2, -1, 0, 0, 0]]
        wrong = wrong if isinstance(value, list) else [wrong if isinstance(value, str) else -7.5]
        if isinstance(value, bool):
            wrong = ["yes"]
        for each_wrong in wrong:
            with pytest.raises(traitlets.TraitError, match=key):
                setattr(widget, key, each_wrong)
        assert getattr(widget, key) == value
