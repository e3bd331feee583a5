// The frame around every canvas: its state and the rules for it, presets, Reset, copy link,
// announcements, `data-canvas` and `data-values`, one redraw a frame, an end with the view.
import { button } from "./controls.js";
import { h, ownKeys } from "./dom.js";
import { replaced, sum } from "./numbers.js";

// The rules that a canvas's traits obey in Python come with its state, by name.
const rules = (model) => model.get("_rules");

function broken({ options, low, high, whole, size, total }, value) {
  if (options) return options.includes(value) ? "" : `is one of ${options.join(", ")}`;
  const kind = whole ? "whole number" : "number";
  const fits = (v) =>
    typeof v === "number" && v >= low && v <= high && (!whole || Number.isInteger(v));
  if (size == null) return fits(value) ? "" : `is a ${kind} in [${low}, ${high}]`;
  if (!(Array.isArray(value) && value.length === size && value.every(fits)))
    return `holds ${size} ${kind}s in [${low}, ${high}]`;
  return total == null || Math.abs(sum(value) - total) < 1e-8 ? "" : `sums to ${total}`;
}

// What is wrong with a state that came by link; false if nothing is.
export function refuses(state, model) {
  for (const [name, value] of Object.entries(state)) {
    if (!Object.hasOwn(rules(model), name)) return `${name} is no setting`;
    const rule = broken(rules(model)[name], value);
    if (rule) return `${name} ${rule}`;
  }
  return false;
}

// A polite announcement after half a second of rest; silent until the reader has changed something.
function announcer() {
  const el = h("p", { class: "kl-status", role: "status" });
  let timer;
  let last = null;
  const say = (words) => {
    const first = last === null;
    if (words === last) return;
    last = words;
    clearTimeout(timer);
    if (!first)
      timer = setTimeout(() => {
        el.textContent = words;
      }, 500);
  };
  return { el, say };
}

function copyLink(link, status) {
  const field = h("input", {
    class: "kl-link",
    readonly: true,
    hidden: true,
    "aria-label": "Link to this situation",
  });
  const copy = button("Copy link", async () => {
    const url = link();
    history.replaceState(null, "", url);
    try {
      await navigator.clipboard.writeText(url);
      status.say("Link copied");
    } catch {
      field.hidden = false;
      field.value = url;
      field.select();
      status.say("Copy the link from the field");
    }
  });
  return [copy, field];
}

const written = (_, v) => (v === Infinity ? "Infinity" : v === -Infinity ? "-Infinity" : v);

export function canvas({ model, el, signal, host }, { name, plots }) {
  const traits = Object.keys(rules(model));
  const state = () => Object.fromEntries(traits.map((t) => [t, model.get(t)]));
  const start = state();
  const status = announcer();
  const formula = h("div", { class: "kl-formula" });
  const set = (values) => {
    for (const [k, v] of Object.entries(values)) model.set(k, v);
    model.save_changes();
  };
  const range = (t) => [rules(model)[t].low, rules(model)[t].high];
  // What a control needs of a trait, or of one entry of a list.
  const trait = (t) => ({
    min: range(t)[0],
    max: range(t)[1],
    get: () => model.get(t),
    set: (v) => set({ [t]: v }),
  });
  const entry = (t, i) => ({
    ...trait(t),
    get: () => model.get(t)[i],
    set: (v) => set({ [t]: replaced(model.get(t), i, v) }),
  });
  const presets = (list) =>
    h(
      "div",
      { class: "kl-presets", role: "group", "aria-label": "Situations" },
      ...list.map(([words, values]) => button(words, () => set(values))),
      button("Reset", () => set(start)),
      ...(host?.link ? copyLink(() => host.link(traits), status) : []),
    );
  function compose(...nodes) {
    el.classList.add("kl-canvas");
    el.dataset.canvas = name;
    ownKeys(el);
    el.replaceChildren(...nodes, status.el);
  }
  function show(values, sentence) {
    el.dataset.values = JSON.stringify(values, written);
    status.say(sentence);
  }
  function run(draw) {
    let due = 0;
    const ask = () => {
      due ||= requestAnimationFrame(() => {
        due = 0;
        if (!signal?.aborted) draw();
      });
    };
    const lay = () => {
      plots.forEach((p) => p.layout(p.svg.clientWidth || el.clientWidth || 640));
      draw();
    };
    const wider = (p) => p.svg.clientWidth && Math.abs(p.svg.clientWidth - p.width) > 1;
    const sizes = new ResizeObserver(() => plots.some(wider) && lay());
    traits.forEach((t) => model.on(`change:${t}`, ask));
    plots.forEach((p) => sizes.observe(p.svg));
    lay();
    const end = () => {
      sizes.disconnect();
      cancelAnimationFrame(due);
      traits.forEach((t) => model.off(`change:${t}`, ask));
    };
    signal?.addEventListener("abort", end);
    return end;
  }
  return {
    formula,
    state,
    set,
    get: (t) => model.get(t),
    range,
    trait,
    entry,
    presets,
    compose,
    show,
    run,
  };
}
