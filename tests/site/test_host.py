"""The static host by itself: any anywidget module, no kernel, faults kept apart."""

import base64
import gzip
import json

import pytest

from tests.conftest import ROOT

HOST = (ROOT / "_static" / "canvas-host.js").read_text("utf-8")
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{"model_id": "%s"}</script>'
PAGE = """<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:,"><body>
<script>window.log = []; window.faults = []; addEventListener("error", e => faults.push(e.message));</script>
%s<script type="application/vnd.jupyter.widget-state+json">%s</script><script src="host.js"></script>"""
COUNTER = """
const initialize = ({ model }) => { log.push("initialize"); model.on("change:n", () => log.push("n=" + model.get("n"))); };
function render({ model, el, signal }) {
  log.push("render");
  const draw = () => { el.textContent = "n is " + model.get("n"); };
  model.on("change:n", draw);
  el.addEventListener("click", () => { model.set("n", model.get("n") + 1); model.save_changes(); });
  window.model = model; window.signal = signal;
  draw();
}
"""
OBJECT = COUNTER + "export default { initialize, render };"
FACTORY = COUNTER + "export default async () => ({ initialize, render });"


@pytest.fixture
def page(open_page, serve, tmp_path):
    """Open a page with the given models and the views of them, in order."""

    def start(models, views, fragment="", between="", **options):
        blocks = [
            f'<div class="block" style="min-height:60px"><p data-widget-static>still</p>{VIEW % v}</div>'
            for v in views
        ]
        state = {"version_major": 2, "state": models}
        (tmp_path / "host.js").write_text(HOST, "utf-8")
        text = PAGE % (between.join(blocks), json.dumps(state))
        (tmp_path / "index.html").write_text(text, "utf-8")
        opened = open_page(f"{serve(tmp_path)}/index.html{fragment}", **options)
        opened.wait_for_load_state("networkidle")
        return opened

    return start


def model(esm, buffers=None, **state):
    """One entry of a page's widget state."""
    return {"state": {"_esm": esm, **state}, "buffers": buffers or []}


def texts(page):
    """What the views say."""
    return page.locator(".widget-view").all_inner_texts()


@pytest.mark.parametrize("esm", [OBJECT, FACTORY])
def test_two_views_of_one_model_stay_in_step(page, esm):
    opened = page({"a": model(esm, n=1), "b": model(esm, n=7)}, ["a", "a", "b"])
    opened.wait_for_function("log.filter(x => x === 'render').length === 3")
    assert opened.evaluate("log.filter(x => x === 'initialize').length") == 2
    opened.locator(".widget-view").first.click()
    assert texts(opened) == ["n is 2", "n is 2", "n is 7"]
    assert opened.locator("[data-widget-static=replaced]").count() == 3


def test_set_is_silent_when_equal_and_off_takes_every_arity(page):
    opened = page({"a": model(OBJECT, n=1, list=[1, {"k": [2]}])}, ["a"])
    opened.wait_for_function("window.model")
    calls = opened.evaluate("""() => {
      const calls = [], note = (name) => () => calls.push(name);
      const one = note("one"), two = note("two"), any = note("any");
      model.on("change:list", one); model.on("change:list", two); model.on("change", any);
      model.set("list", [1, { k: [2] }]);
      model.set("list", [2]);
      model.off("change:list", one); model.set("list", [3]);
      model.off("change:list"); model.set("list", [4]);
      model.off(); model.set("list", [5]); model.set("n", 9);
      model.send({}); model.save_changes();
      return calls;
    }""")
    assert calls == ["one", "two", "any", "two", "any", "any"]


def test_a_handlers_error_is_reported_and_isolated(page, open_page):
    opened = page({"a": model(OBJECT, n=1)}, ["a"])
    opened.wait_for_function("window.model")
    opened.evaluate("""() => { model.off(); const after = () => log.push("after");
      model.on("change:n", () => { throw new Error("mine"); }); model.on("change:n", after); model.set("n", 2); }""")
    assert opened.evaluate("log.at(-1)") == "after"
    assert "mine" in opened.evaluate("faults[0]")
    assert [fault for fault in open_page.faults if "mine" in fault]
    open_page.faults.clear()


@pytest.mark.parametrize(
    "esm", ["export default {", "export default { render() { throw new Error('no luck'); } };"]
)
def test_a_failing_widget_leaves_its_figure_and_says_so(page, esm):
    opened = page({"a": model(esm), "b": model(OBJECT, n=3)}, ["a", "b"])
    opened.wait_for_function("document.querySelector('[data-widget-failed]')")
    opened.wait_for_function("log.includes('render')")
    assert "could not be made interactive" in texts(opened)[0]
    assert texts(opened)[1] == "n is 3"
    stands = opened.locator("[data-widget-static]")
    assert [s.get_attribute("data-widget-static") for s in stands.all()] == ["", "replaced"]


def test_css_once_a_class_and_modules_once_a_source(page):
    css = ".x { color: red }"
    esm = "log.push('loaded');" + OBJECT
    models = {"a": model(esm, n=1, _css=css), "b": model(esm, n=2, _css=css)}
    opened = page(models, ["a", "b"])
    opened.wait_for_function("log.filter(x => x === 'render').length === 2")
    assert opened.locator("head style, body style").count() == 1
    assert opened.evaluate("log.filter(x => x === 'loaded').length") == 1


def test_binary_traits_arrive_as_bytes(page):
    esm = "export default { render({ model, el }) { el.textContent = model.get('data').bytes.getUint8(1); } };"
    packed = {"path": ["data", "bytes"], "encoding": "base64"}
    packed["data"] = base64.b64encode(bytes([5, 200])).decode()
    opened = page({"a": model(esm, [packed], data={})}, ["a"])
    opened.wait_for_function("document.querySelector('.widget-view').textContent === '200'")


def test_other_widgets_are_left_alone_and_far_ones_wait(page):
    space = '<div style="height: 6000px"></div>'
    models = {"a": model(OBJECT, n=1), "b": model(OBJECT, n=2), "c": {"state": {"value": 3}}}
    opened = page(models, ["c", "a", "b"], between=space)
    assert opened.locator(".widget-view").count() == 2
    assert opened.evaluate("log") == []
    opened.locator(".widget-view").first.scroll_into_view_if_needed()
    opened.wait_for_function("log.includes('render')")
    assert texts(opened) == ["n is 1", ""]


def test_the_address_sets_a_view_whole_or_not_at_all(page):
    esm = OBJECT.replace(
        "{ initialize,", "{ refuses: ({ n }) => n > 50 && 'n is at most 50', initialize,"
    )
    opened = page({"a": model(esm, n=1, m="x")}, ["a"], "#widget-1?n=12&m=%22y%22")
    opened.wait_for_function("document.querySelector('.widget-view').innerText.includes('n is 12')")
    assert opened.evaluate("model.get('m')") == "y"
    for query in ("n=99", "n=%22text%22", "_esm=%221%22", "n=3&no=1", "n="):
        opened.evaluate("q => { location.hash = 'widget-1?' + q }", query)
        opened.wait_for_function("document.querySelector('.widget-note')")
        assert opened.evaluate("model.get('n')") == 12
    assert "at most 50" not in texts(opened)[0]


def test_works_from_disk(open_page, tmp_path, page):
    page({"a": model(OBJECT, n=4)}, ["a"])
    opened = open_page((tmp_path / "index.html").as_uri())
    opened.wait_for_function("log.includes('render')")
    assert texts(opened) == ["n is 4"]


INHERITED = ("__proto__", "constructor", "toString", "hasOwnProperty")


@pytest.mark.parametrize("value", ["{}", "1", "%22x%22", "[]", "null"])
def test_what_a_model_inherits_is_no_setting(page, value):
    """A link that names what every object has must not reach a widget, whatever it refuses."""
    opened = page({"a": model(OBJECT, n=1)}, ["a"], "#widget-1?n=5")
    opened.wait_for_function("document.querySelector('.widget-view').innerText.includes('n is 5')")
    for name in INHERITED:
        assert opened.evaluate("name => model.get(name) === undefined", name)
        opened.evaluate(
            """hash => new Promise(done => {
                 document.querySelector('.widget-note')?.remove();
                 addEventListener('hashchange', done, { once: true });
                 location.hash = hash;
               })""",
            f"widget-1?{name}={value}",
        )
        assert opened.locator(".widget-note").count() == 1, name
        assert opened.evaluate("model.get('n')") == 5


def test_a_minus_zero_arrives_as_zero(page):
    opened = page({"a": model(OBJECT, n=1, list=[1])}, ["a"], "#widget-1?n=-0&list=[-0]")
    opened.wait_for_function("document.querySelector('.widget-view').innerText.includes('n is 0')")
    assert opened.evaluate(
        "[Object.is(model.get('n'), 0), Object.is(model.get('list')[0], 0)]"
    ) == [
        True,
        True,
    ]


def test_weight():
    assert len(gzip.compress(HOST.encode())) <= 3_000
