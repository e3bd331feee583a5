"""Every canvas in its page: mouse, keys, touch, presets, extremes, widths, themes."""

import gzip
import json
import math
from functools import reduce
from operator import getitem

import numpy as np
import pytest
import traitlets

from kllib.canvas._base import Bounded, Distribution

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
def test_shows_what_kllib_computes(hold_bare, spec):
    held, rng = hold_bare(spec), np.random.default_rng(5)
    states = spec.corners + [spec.random(rng) for _ in range(200)]
    for state, (values, readout, words) in zip(states, held.sweep(states), strict=True):
        shown = spec.shown(spec.widget(**state))
        for key, exact in shown.items():
            agree(reduce(getitem, key.split("."), values), exact, spec.within)
        exact, number = float(shown[spec.readout]), read(readout)
        assert number == exact or math.isclose(number, exact, rel_tol=5.01e-3, abs_tol=5.01e-4)
        assert not any(word in words for word in BROKEN), (state, words)


@each
def test_sliders_by_keyboard_and_mouse(hold_bare, spec):
    held = hold_bare(spec)
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
def test_number_boxes(hold_bare, spec):
    held = hold_bare(spec)
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
def test_choices_by_keyboard(hold_bare, spec):
    held = hold_bare(spec)
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
def test_handles_by_mouse_and_finger(hold_bare, spec):
    held = hold_bare(spec, has_touch=True)
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
def test_announces_the_result_once_at_rest(hold_bare, spec):
    held = hold_bare(spec)
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


INHERITED = ("toString", "constructor", "__proto__", "hasOwnProperty", "valueOf", "0")


def wrong_values(rule):
    """What a link may say of a trait that its rule does not allow, of every type that JSON has."""
    strange = [None, {}, [], [[]], "", "NaN", "Infinity", 1e999, -1e999, [None] * 5, *INHERITED]
    if "options" in rule:
        return [*strange, 7.5, [rule["options"][0]], f"{rule['options'][0]}?"]
    low, high, size = rule["low"], rule["high"], rule.get("size")
    beyond = [low - 1, high + 1, str(low), True, *[low + 0.5] * rule["whole"]]
    if size is None:
        return [*strange, *beyond, [low]]
    lists = [[each] + [low] * (size - 1) for each in beyond]
    short = [[low] * (size - 1), [low] * (size + 1), low]
    return [*strange, *lists, *short, *([[0.9] * size, [0] * size] if "total" in rule else [])]


@each
def test_link_with_bad_values_is_refused(hold_bare, spec):
    """No link may put a canvas out of its limits, nor into a state that another object lends it."""
    held = hold_bare(spec)
    start = held.values
    bad = [{name: v} for name, rule in spec.widget.rules.items() for v in wrong_values(rule)]
    bad += [{name: 1} for name in ("_esm", "_rules", "nothing", *INHERITED)]
    bad += [{name: {}} for name in ("_rules", *INHERITED)]
    for state, (values, _, words) in zip(bad, held.sweep(bad), strict=True):
        assert values == start, state
        assert "does not fit" in words, state
        assert not any(word in words.split("does not fit")[0] for word in BROKEN), state


@each
def test_link_with_a_minus_zero_is_one_with_zero(hold_bare, spec):
    held = hold_bare(spec)
    for name, rule in spec.widget.rules.items():
        if rule.get("low") == 0 and "size" not in rule:
            ((zero, *_), (minus, _, words)) = held.sweep([{name: 0}, {name: -0.0}])
            assert minus == zero
            assert not any(word in words for word in BROKEN)


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


MOVING = [spec for spec in SPECS if "parts_play" in spec.widget._esm]
moving = pytest.mark.parametrize("spec", MOVING, ids=lambda s: s.name)


def test_what_moves_can_be_played():
    assert {"LossLandscape", "OneGaussian", "Leash"} <= {spec.name for spec in MOVING}


def end_of(held, start):
    """What the canvas shows once it has gone from a state to the end, by one press."""
    held.set(start)
    held.press("To the end")
    return held.values


@moving
def test_step_play_pause_and_end(hold_bare, spec):
    held = hold_bare(spec)
    before = held.values
    start = {name: before[name] for name in spec.widget.rules}
    held.press("Step")
    first = held.values
    assert first != before
    held.press("Step")
    second = held.values
    assert second != first
    end = end_of(held, start)
    assert end not in (first, second)
    held.press("Step")
    assert held.values == end, "a step beyond the end"
    held.set(start)
    # Within the page, so that no slow machine lets it reach the end before it is paused.
    held.root.evaluate(
        """async el => {
             const rest = el.dataset.values;
             const press = (name) =>
               [...el.querySelectorAll('button')].find(b => b.textContent === name).click();
             press('Play');
             while (el.dataset.values === rest) await new Promise(requestAnimationFrame);
             press('Pause');
           }"""
    )
    paused = held.values
    assert paused != end
    held.page.wait_for_timeout(300)
    assert held.values == paused, "it moves on after Pause"
    held.press("Play")
    held.page.wait_for_function(
        "el => [...el.querySelectorAll('button')].some(b => b.textContent === 'Play')",
        arg=held.root.element_handle(),
    )
    assert held.values == end


@moving
def test_a_change_by_hand_stops_the_player(hold_bare, spec):
    held = hold_bare(spec)
    held.press("Play")
    held.press("Reset")
    held.page.get_by_role("button", name="Play", exact=True).wait_for()
    rest = held.values
    held.page.wait_for_timeout(200)
    assert held.values == rest


@moving
def test_reduced_motion_plays_the_end_at_once(hold_bare, spec):
    held = hold_bare(spec, reduced_motion="reduce")
    start = {name: held.values[name] for name in spec.widget.rules}
    end = end_of(held, start)
    held.set(start)
    # Within the press itself: no frame passes, and the button never says Pause.
    name, shown = held.root.evaluate(
        """async el => {
             const play = [...el.querySelectorAll('button')].find(b => b.textContent === 'Play');
             play.click();
             const name = play.textContent;
             await new Promise(requestAnimationFrame);
             return [name, JSON.parse(el.dataset.values)];
           }"""
    )
    assert name == "Play"
    assert shown == end


@each
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_buttons_fade_only_where_motion_is_welcome(hold_bare, spec, motion):
    held = hold_bare(spec, reduced_motion=motion)
    style = held.root.locator(".kl-button").first.evaluate(
        "el => getComputedStyle(el).transitionDuration"
    )
    assert (style == "0s") == (motion == "reduce")


@each
def test_figure_is_named(hold, spec):
    held = hold(spec)
    for figure in held.root.locator("svg.kl-plot").all():
        assert figure.get_attribute("role") == "graphics-document"
        assert len(figure.get_attribute("aria-label")) > 30


@each
def test_weight_as_a_reader_pays_it(spec):
    sent = (spec.widget._esm + spec.widget._css).encode()
    assert len(gzip.compress(sent)) <= 15_000


@each
def test_bad_state_is_refused_in_python(spec):
    widget = spec.widget()
    for name, rule in spec.widget.rules.items():
        value = getattr(widget, name)
        for wrong in wrong_values(rule):
            with pytest.raises(traitlets.TraitError, match=name):
                setattr(widget, name, wrong)
        assert getattr(widget, name) == value


@each
def test_docstring_says_the_limits(spec):
    for trait in spec.widget.class_traits().values():
        if isinstance(trait, Bounded) and not isinstance(trait, Distribution):
            assert trait.limits in spec.widget.__doc__
    assert "%(" not in spec.widget.__doc__


@each
def test_every_trait_has_a_rule(spec):
    own = {name for name in spec.widget.class_traits(sync=True) if name in vars(spec.widget)}
    assert set(spec.widget.rules) == own
