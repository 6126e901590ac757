/* A chart comes alive: drawn at the width there is, its values told one by one, its series shown or not.
   Loaded when it is seen. Vega's expressions are interpreted, never evaluated, as the page's policy asks. */
import { transforms } from "vega-dataflow";
import * as encode from "vega-encode";
import { expressionInterpreter } from "vega-interpreter";
import { parse } from "vega-parser";
import * as basic from "vega-transforms";
import { View } from "vega-view";
import * as views from "vega-view-transforms";

Object.assign(transforms, basic, views, encode);

const NARROWEST = 260;
const LOCALES = {
  de: { decimal: ",", thousands: ".", grouping: [3], currency: ["", " €"] },
  en: { decimal: ".", thousands: ",", grouping: [3], currency: ["£", ""] },
};

const element = (name, classes, parent) => {
  const made = document.createElement(name);
  made.className = classes;
  parent.append(made);
  return made;
};

/* Where the value stands in the picture, in pixels of the holder. */
const place = (view, point) => {
  const [left, top] = view.origin();
  const around = view.padding();
  return { x: around.left + left + view.scale("x")(point.at), y: around.top + top + view.scale("y")(point.value) };
};

const nearest = (view, points, x, y) => {
  const far = (point) => {
    const at = place(view, point);
    return Math.hypot(at.x - x, (at.y - y) / 3); // one looks along the days
  };
  return points.reduce((best, point) => (!best || far(point) < far(best) ? point : best), null);
};

const draw = async (holder, spec, language) => {
  const view = new View(parse(spec, null, { ast: true }), {
    expr: expressionInterpreter,
    locale: { number: LOCALES[language] || LOCALES.en },
    logLevel: 0,
    renderer: "svg",
    hover: false,
  });
  const fit = () => view.width(Math.max(holder.clientWidth, NARROWEST)).runAsync();
  await view.initialize(holder).runAsync();
  await fit();
  let width = holder.clientWidth;
  new ResizeObserver(() => {
    if (holder.clientWidth === width || !holder.clientWidth) return; // its height is ours
    width = holder.clientWidth;
    fit();
  }).observe(holder);
  return view;
};

/* The value that is shown, with its words beside it; the same words are said to a screen reader. */
const teller = (view, holder, points) => {
  const ring = element("span", "chart-ring", holder);
  const tip = element("div", "chart-tip", holder);
  const said = element("p", "visually-hidden", holder.parentElement);
  said.setAttribute("role", "status");
  let shown = null;

  const hide = () => {
    shown = null;
    ring.hidden = tip.hidden = true;
    said.textContent = "";
  };
  const show = (point, aloud) => {
    shown = point;
    const { x, y } = place(view, point);
    ring.hidden = tip.hidden = false;
    tip.replaceChildren();
    element("strong", "", tip).textContent = point.said;
    element("span", "", tip).textContent = `${point.day} · ${point.name}`;
    Object.assign(ring.style, { left: `${x}px`, top: `${y}px` });
    const left = Math.min(Math.max(x - tip.offsetWidth / 2, 0), holder.clientWidth - tip.offsetWidth);
    const above = y - tip.offsetHeight - 14;
    Object.assign(tip.style, { left: `${left}px`, top: `${above < 0 ? y + 14 : above}px` });
    if (aloud) said.textContent = `${point.day}: ${point.said}, ${point.name}`;
  };
  hide();
  return { hide, show, shown: () => shown, points };
};

const listenToKeys = (frame, tell, seen) => {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  frame.addEventListener("keydown", (event) => {
    const points = seen();
    if (event.key === "Escape") tell.hide();
    const now = points.indexOf(tell.shown());
    const last = points.length - 1;
    const next = { Home: 0, End: last }[event.key]
      ?? (steps[event.key] && (now < 0 ? last : Math.min(Math.max(now + steps[event.key], 0), last)));
    if (next === undefined || !points[next]) return;
    event.preventDefault();
    tell.show(points[next], true);
  });
  frame.addEventListener("blur", tell.hide);
};

const listenToPointer = (view, holder, tell, seen) => {
  const point = (event) => {
    const box = holder.getBoundingClientRect();
    const found = nearest(view, seen(), event.clientX - box.left, event.clientY - box.top);
    if (found) tell.show(found, false);
  };
  holder.addEventListener("pointermove", point);
  holder.addEventListener("pointerdown", point);
  holder.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && tell.hide());
};

/* Every series of the legend is a button; the last one that is shown stays. */
const switches = (legend, view, values, hidden, done) => {
  [...legend.children].forEach((entry, index) => {
    const button = element("button", "legend-switch", legend);
    button.type = "button";
    button.append(...entry.childNodes);
    button.setAttribute("aria-pressed", "true");
    entry.replaceWith(button);
    button.addEventListener("click", () => {
      if (!hidden.has(index) && hidden.size === values.length - 1) return;
      hidden.has(index) ? hidden.delete(index) : hidden.add(index);
      button.setAttribute("aria-pressed", String(!hidden.has(index)));
      view.data(`s${index}`, hidden.has(index) ? [] : values[index].map((value) => ({ ...value }))).runAsync().then(done);
    });
  });
};

export const hydrate = async (figure) => {
  const { spec, points } = JSON.parse(figure.querySelector("script").textContent);
  const frame = figure.querySelector(".chart-scroll");
  const legend = figure.querySelector(".legend");
  const holder = element("div", "chart-live", frame);
  holder.setAttribute("aria-hidden", "true");
  const values = spec.data.filter((data) => /^s\d+$/.test(data.name)).map((data) => data.values);
  figure.classList.add("is-live");
  const view = await draw(holder, spec, document.documentElement.lang).catch((error) => {
    figure.classList.remove("is-live"); // the picture from the server stays
    holder.remove();
    throw error;
  });
  const hidden = new Set();
  const seen = () => points.filter((point) => !hidden.has(point.series));
  const tell = teller(view, holder, points);
  frame.setAttribute("role", "application");
  listenToKeys(frame, tell, seen);
  listenToPointer(view, holder, tell, seen);
  if (legend && legend.children.length === values.length) switches(legend, view, values, hidden, tell.hide);
};
