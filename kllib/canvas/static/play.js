// Step, Play and Pause, and To the end, for canvases in which something evolves.
import { button, h } from "./core.js";

// `step` moves once and says whether more remains. Nothing starts by itself, and where the reader
// asked for less motion Play goes to the end at once. `pace` is a step's length in frames.
export function player({ step, limit = 600, pace = 1, signal }) {
  let due = 0;
  let count = 0;
  const stop = () => { cancelAnimationFrame(due); due = 0; play.textContent = "Play"; };
  const end = () => { stop(); for (let i = 0; i < limit && step(); i++); };
  const frame = () => { if (count++ % pace || step()) due = requestAnimationFrame(frame); else stop(); };
  const play = button("Play", () => {
    if (due) stop();
    else if (matchMedia("(prefers-reduced-motion: reduce)").matches) end();
    else { play.textContent = "Pause"; due = requestAnimationFrame(frame); }
  });
  signal?.addEventListener("abort", stop);
  return { el: h("div", { class: "kl-row", role: "group", "aria-label": "Optimiser" }, button("Step", () => { stop(); step(); }), play, button("To the end", end)), stop };
}
