// Sliders, radio groups, switches and buttons, each with a native input behind it.
import { h, unique } from "./dom.js";
import { snap } from "./numbers.js";

// A range input on one number, and beside it a box for an exact value unless `tight`.
// `get`, `set` reach the number; `says(v)` is what a screen reader hears.
export function slider({
  name,
  hue = "ink",
  tight = false,
  min = 0,
  max = 1,
  step = 0.01,
  get,
  set,
  says,
  symbol = name,
}) {
  const range = h("input", {
    type: "range",
    min,
    max,
    step,
    "aria-label": name,
    oninput: () => set(Number(range.value)),
  });
  if (hue === "edge") range.style.accentColor = "var(--kl-edge)"; // neither p's colour nor q's
  const exact = h("input", {
    type: "number",
    min,
    max,
    step: "any",
    "aria-label": `${name}, exact value`,
    onchange: () => {
      const v = Number(exact.value);
      const ok = exact.value !== "" && v >= min && v <= max;
      exact.setAttribute("aria-invalid", String(!ok));
      exact.setCustomValidity(ok ? "" : `${name} lies between ${min} and ${max}`);
      if (ok) set(v);
      else exact.reportValidity();
    },
  });
  const update = () => {
    const v = get();
    range.value = v;
    range.setAttribute("aria-valuetext", says(v));
    if (tight || document.activeElement === exact) return;
    exact.value = Number(v.toPrecision(6));
    exact.setCustomValidity("");
    exact.removeAttribute("aria-invalid");
  };
  const el = h(
    "label",
    { class: `kl-slider kl-hue-${hue}${tight ? " kl-tight" : ""}` },
    h("span", { class: "kl-symbol" }, symbol),
    range,
    ...(tight ? [] : [exact]),
  );
  return { el, range, update, snap: (v) => snap([min, max], v, step) };
}

// One of several, as a radio group drawn as a segmented control.
export function choice({ name, options, get, set }) {
  const group = unique("choice");
  const radios = options.map(([value, words]) => {
    const input = h("input", { type: "radio", name: group, value, onchange: () => set(value) });
    return { value, input, el: h("label", {}, input, h("span", {}, words)) };
  });
  const el = h(
    "fieldset",
    { class: "kl-choice" },
    h("legend", {}, name),
    ...radios.map((r) => r.el),
  );
  return {
    el,
    update: () =>
      radios.forEach((r) => {
        r.input.checked = r.value === get();
      }),
  };
}
export const unitChoice = (view) =>
  choice({
    name: "unit",
    options: [
      ["nats", "nats"],
      ["bits", "bits"],
    ],
    ...view.trait("unit"),
  });

export function toggle({ name, get, set }) {
  const input = h("input", { type: "checkbox", onchange: () => set(input.checked) });
  const el = h("label", { class: "kl-toggle" }, input, h("span", {}, name));
  return {
    el,
    update: () => {
      input.checked = get();
    },
  };
}
export const button = (words, onclick) =>
  h("button", { type: "button", class: "kl-button", onclick }, words);
