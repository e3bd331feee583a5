// Step, Play and Pause, and To the end, for canvases in which something evolves.
import { button } from "../core/controls.js";
import { h } from "../core/dom.js";

// `step` moves once and says whether more remains. Nothing starts by itself, and where the reader
// asked for less motion Play goes to the end at once. `pace` is a step's length in frames.
export function player({ step, limit = 600, pace = 1, signal }) {
  let due = 0;
  let count = 0;
  const stop = () => {
    cancelAnimationFrame(due);
    due = 0;
    play.textContent = "Play";
  };
  const end = () => {
    stop();
    for (let i = 0; i < limit && step(); i++);
  };
  const frame = () => {
    if (count++ % pace || step()) due = requestAnimationFrame(frame);
    else stop();
  };
  const play = button("Play", () => {
    if (due) stop();
    else if (matchMedia("(prefers-reduced-motion: reduce)").matches) end();
    else {
      play.textContent = "Pause";
      due = requestAnimationFrame(frame);
    }
  });
  const once = button("Step", () => {
    stop();
    step();
  });
  signal?.addEventListener("abort", stop);
  const el = h(
    "div",
    { class: "kl-row", role: "group", "aria-label": "Optimiser" },
    once,
    play,
    button("To the end", end),
  );
  return { el, stop };
}
