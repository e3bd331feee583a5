// Quick questions: pick or type an answer, and read what that answer says about you.
import { button } from "./core/controls.js";
import { h, ownKeys, row, unique } from "./core/dom.js";
import { refuses } from "./core/frame.js";

// What to say to a number: the record's answer and mistakes, to the digits asked for.
function judge({ answer, mistakes, why, digits }, text) {
  const v = Number(text.trim().replace(",", ".").replace("\u2212", "-"));
  if (text.trim() === "" || Number.isNaN(v)) return [null, "Type a number, such as 0.25."];
  const near = (w) => Math.abs(v - w) <= 0.6 * 10 ** -digits;
  if (near(answer)) return [true, why];
  const known = mistakes.find(([wrong]) => near(wrong));
  return [false, known ? known[1] : `Not that. The answer is wanted to ${digits} decimals.`];
}

function numberField(question, say) {
  const field = h("input", {
    type: "text",
    inputmode: "decimal",
    class: "kl-link kl-short",
    "aria-label": "Your answer, a number",
    onkeydown: (e) => {
      if (e.key === "Enter") say(...judge(question, field.value));
    },
  });
  return row(
    field,
    button("Check", () => say(...judge(question, field.value))),
  );
}

function options(question, say, name) {
  return h(
    "div",
    { class: "kl-options" },
    ...question.options.map(([text, why, right]) =>
      h(
        "label",
        { class: "kl-toggle" },
        h("input", { type: "radio", name, onchange: () => say(right, why) }),
        h("span", {}, text),
      ),
    ),
  );
}

function render({ model, el }) {
  const questions = model.get("questions");
  const done = questions.map(() => null);
  const group = unique("quiz");
  const items = questions.map((question, i) => {
    const reply = h("p", { class: "kl-reply", role: "status" });
    const say = (right, text) => {
      done[i] = right;
      reply.className = `kl-reply ${{ true: "kl-true", false: "kl-false" }[right] ?? ""}`;
      reply.textContent = (right === null ? "" : right ? "✓ Right. " : "✗ ") + text;
      el.dataset.values = JSON.stringify({ right: done });
    };
    const form = question.options
      ? options(question, say, `${group}-${i}`)
      : numberField(question, say);
    return h(
      "fieldset",
      { class: "kl-question" },
      h("legend", {}, `${i + 1}. ${question.prompt}`),
      form,
      reply,
    );
  });
  el.classList.add("kl-canvas");
  el.dataset.canvas = "QuickQuestions";
  ownKeys(el);
  el.dataset.values = JSON.stringify({ right: done });
  el.replaceChildren(...items);
}
export default { render, refuses };
