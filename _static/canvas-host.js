// Mounts anywidget views in a static page: no kernel, no server, no other script.
//
// A page holds one script of widget state and one script per view, as Jupyter tools write them.
// Each view whose model carries `_esm` (an anywidget front-end module) is mounted when it is
// scrolled near. A sibling marked `data-widget-static` is its stand-in: it stays if anything
// fails, and comes back in print. A view's state can travel in the page's address:
// #widget-2?p=0.2&q=0.9 sets traits of the second view (see `link` and `follow`).
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  const same = (a, b) => {
    if (Object.is(a, b)) return true;
    if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
    if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((k) => k in b && same(a[k], b[k]));
  };

  // The part of a Backbone model that the front-end module specification lets a widget use.
  function model(state) {
    const handlers = new Map();
    const emit = (name, ...args) => {
      for (const handler of [...(handlers.get(name) ?? [])]) {
        try {
          handler(...args);
        } catch (error) {
          reportError(error);
        }
      }
    };
    return {
      get: (key) => (Object.hasOwn(state, key) ? state[key] : undefined),
      set(key, value) {
        if (same(state[key], value)) return;
        state[key] = value;
        emit(`change:${key}`, this, value);
        emit("change", this);
      },
      save_changes() {},
      send() {},
      on(name, handler) {
        handlers.set(name, [...(handlers.get(name) ?? []), handler]);
      },
      off(name, handler) {
        for (const key of name == null ? [...handlers.keys()] : [name])
          handlers.set(key, handler ? (handlers.get(key) ?? []).filter((h) => h !== handler) : []);
      },
    };
  }

  // Binary traits travel as base64 beside the state, with the path at which they belong.
  function unpack({ state, buffers = [] }) {
    const copy = structuredClone(state);
    for (const { path, data } of buffers) {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const parent = path.slice(0, -1).reduce((node, key) => node[key], copy);
      parent[path.at(-1)] = new DataView(bytes.buffer);
    }
    return copy;
  }

  const once = (make) => {
    const made = new Map();
    return (key, ...rest) => made.get(key) ?? made.set(key, make(key, ...rest)).get(key);
  };
  const load = once(async (source) => {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      const { default: widget } = await import(url);
      return typeof widget === "function" ? await widget() : widget;
    } finally {
      URL.revokeObjectURL(url);
    }
  });
  const style = once(
    (css) =>
      document.head.append(Object.assign(document.createElement("style"), { textContent: css })) ??
      css,
  );

  function pageModels() {
    const saved = {};
    for (const script of document.querySelectorAll(STATE))
      Object.assign(saved, JSON.parse(script.textContent).state);
    const models = once((id) => model(unpack(saved[id])));
    const ready = once(async (id, widget, host, signal) =>
      widget.initialize?.({ model: models(id), host, signal }),
    );
    return { models, ready, has: (id) => Boolean(saved[id]?.state?._esm) };
  }

  async function mount(view, page) {
    const { el, id, stand } = view;
    const control = new AbortController();
    try {
      const m = page.models(id);
      const host = {
        getModel: async (ref) => page.models(ref.replace(/^anywidget:/, "")),
        link: (traits) => link(view, m, traits),
      };
      const widget = await load(m.get("_esm"));
      if (m.get("_css")) style(m.get("_css"));
      await page.ready(id, widget, host, control.signal);
      await widget.render({ model: m, el, host, signal: control.signal });
      stand?.setAttribute("data-widget-static", "replaced");
      follow(view, m, widget);
      addEventListener("hashchange", () => follow(view, m, widget));
    } catch (error) {
      control.abort();
      el.replaceChildren(
        `This figure could not be made interactive (${error.message}); its static form is shown.`,
      );
      el.dataset.widgetFailed = "";
    }
  }

  // The page's address with the view's name and the given traits in its fragment.
  function link({ el }, m, traits) {
    const query = new URLSearchParams(traits.map((key) => [key, JSON.stringify(m.get(key))]));
    return `${location.href.split("#")[0]}#${el.id}?${query}`;
  }

  // JSON knows a minus zero, whose logarithm is none.
  const positive = (_, v) => (v === 0 ? 0 : v);

  // Take the state that the address carries for this view, whole or not at all.
  function follow({ el, id }, m, widget) {
    const [name, query] = location.hash.slice(1).split("?");
    if (name !== el.id || !query) return;
    const note =
      el.querySelector(":scope > .widget-note") ??
      el.appendChild(Object.assign(document.createElement("p"), { className: "widget-note" }));
    try {
      const parsed = [...new URLSearchParams(query)].map(([k, v]) => [k, JSON.parse(v, positive)]);
      const wanted = Object.fromEntries(parsed);
      const known = Object.entries(wanted).every(
        ([k, v]) => !k.startsWith("_") && m.get(k) !== undefined && typeof m.get(k) === typeof v,
      );
      const rule = known ? widget.refuses?.(wanted, m) : "it names no such setting";
      if (rule) throw new Error(rule);
      for (const [key, value] of Object.entries(wanted)) m.set(key, value);
      note.remove();
    } catch (error) {
      note.textContent = `The address's setting does not fit this figure (${error.message}).`;
    }
    el.scrollIntoView({ block: "center" });
  }

  function start() {
    const page = pageModels();
    const near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (isIntersecting) {
            near.unobserve(target);
            mount(views.get(target), page);
          }
        }
      },
      { rootMargin: "800px" },
    );
    const views = new Map();
    for (const [i, script] of document.querySelectorAll(VIEW).entries()) {
      const id = JSON.parse(script.textContent).model_id;
      if (!page.has(id)) continue;
      const el = Object.assign(document.createElement("div"), {
        id: `widget-${i + 1}`,
        className: "widget-view",
      });
      const view = {
        el,
        id,
        stand: script.parentElement.querySelector(":scope > [data-widget-static]"),
      };
      script.after(el);
      views.set(el, view);
      if (location.hash.slice(1).split("?")[0] === el.id) mount(view, page);
      else near.observe(el);
    }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
