// Two distributions over named outcomes: a row of sliders each, and bars that a pointer drags.
import { slider } from "../core/controls.js";
import { h, s } from "../core/dom.js";
import { plain, withShare } from "../core/numbers.js";
import { drag, move, rect } from "../core/plot.js";

// `says(i)` ends what a screen reader hears of outcome i; `light(i)` hears which has the focus.
export function shareSliders(view, names, { says, light = () => {} }) {
  const make = (which) => (name, i) => {
    const letter = which.toUpperCase();
    const control = slider({
      name: `${letter} of ${name}`,
      hue: which,
      tight: true,
      get: () => view.get(which)[i],
      set: (v) => view.set({ [which]: withShare(view.get(which), i, v) }),
      says: (v) => `${letter} of ${name} = ${plain(v)}; ${says(i)}`,
    });
    control.range.addEventListener("focus", () => light(i));
    control.range.addEventListener("blur", () => light(null));
    return control;
  };
  const sliders = ["p", "q"].map((which) => names.map(make(which)));
  const style = `grid-template-columns: repeat(${names.length + 1}, 1fr); padding: 0 14px 0 44px`;
  const rows = sliders.map((list, k) =>
    h(
      "div",
      { class: "kl-columns", style },
      ...list.map((c) => c.el),
      h("span", {}, h("i", { class: k ? "kl-q" : "kl-p" }, k ? "Q" : "P")),
    ),
  );
  return { rows, sliders };
}

// The bars of one distribution, each with a grip that a pointer can drag.
export function shareBars(chart, view, which, snap) {
  const layer = chart.layer("kl-bars");
  const [from, to] = which === "p" ? [-0.4, -0.02] : [0.02, 0.4];
  const grips = view.get(which).map((_, i) => {
    const grip = s(
      "g",
      {},
      s("rect", { class: "kl-reach", x: -14, y: -14, width: 28, height: 28 }),
      s("rect", { class: "kl-grip", x: -8, y: -3, width: 16, height: 6, rx: 3 }),
    );
    drag(grip, chart, (_, y) => view.set({ [which]: withShare(view.get(which), i, snap(y)) }));
    return grip;
  });
  const bars = layer.appendChild(s("g"));
  layer.append(...grips);
  return () => {
    const shares = view.get(which);
    const bar = (i, attrs) => rect(chart, [i + from, i + to], [0, shares[i]], attrs);
    bars.replaceChildren(
      ...shares.flatMap((_, i) => [
        bar(i, { class: `kl-bar-${which}` }),
        ...(which === "q" ? [bar(i, { fill: chart.hatch })] : []),
      ]),
    );
    grips.forEach((grip, i) => move(grip, chart.sx(i + (from + to) / 2), chart.sy(shares[i])));
  };
}
