/** The page's script: zoom, keyboard, details and traces. Without it the page still shows every lane. */
export const PAGE_SCRIPT: string = `
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const scroller = document.querySelector(".scroller");
const canvas = document.querySelector(".canvas");
const axis = document.querySelector(".axis");
const details = document.querySelector(".details");
const welcome = details.innerHTML;
const lanes = [...document.querySelectorAll(".lane")].map((lane) => [...lane.querySelectorAll(".use")]).filter((uses) => uses.length > 0);
const uses = lanes.flat();
let zoom = 1;
let pinned = null;
let traceId = null;

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) key === "on" ? element.addEventListener("click", value) : element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const formatOffset = (millis, step) => {
  const [unit, size] = step >= 60000 ? ["min", 60000] : step >= 1000 ? ["s", 1000] : step >= 1 ? ["ms", 1] : ["µs", 0.001];
  return Number((millis / size).toPrecision(6)) + " " + unit;
};

function drawAxis() {
  const steps = [1, 2, 5];
  const wanted = (data.millis * 120) / axis.clientWidth;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = steps.map((one) => one * power).find((one) => one >= wanted) ?? 10 * power;
  const first = Math.max(0, Math.floor(((scroller.scrollLeft / axis.clientWidth) * data.millis) / step) - 1);
  const ticks = [];
  for (let index = first; index * step <= data.millis && ticks.length < 60; index += 1) {
    const left = ((index * step) / data.millis) * 100;
    if (left * axis.clientWidth / 100 > axis.clientWidth - 40 && index > 0) break;
    ticks.push(make("span", { class: "tick", style: "left:" + left + "%" }, formatOffset(index * step, step)));
  }
  axis.replaceChildren(...ticks);
}

function setZoom(next, anchor = scroller.clientWidth / 2) {
  const labels = axis.offsetLeft;
  const share = (scroller.scrollLeft + anchor - labels) / axis.clientWidth;
  zoom = Math.min(5000, Math.max(1, next));
  canvas.style.setProperty("--zoom", zoom);
  scroller.scrollLeft = share * axis.clientWidth + labels - anchor;
  document.querySelector(".zoom output").textContent = zoom < 10 ? Number(zoom.toFixed(1)) + "×" : Math.round(zoom) + "×";
  drawAxis();
}

function showTrace(id) {
  traceId = id;
  scroller.classList.toggle("tracing", id !== null);
  for (const use of uses) use.classList.toggle("same", use.dataset.trace === id);
  history.replaceState(null, "", id === null ? location.pathname + location.search : "#trace=" + id);
}

function traceActions(current) {
  const others = uses.filter((use) => use.dataset.trace === current.traceId);
  const actions = make("div", { class: "actions" });
  const isShown = traceId === current.traceId;
  if (others.length > 1 || isShown) actions.append(make("button", { type: "button", "aria-pressed": String(isShown), on: () => { showTrace(isShown ? null : current.traceId); show(pinned ?? others[0]); } },
    isShown ? "Show all traces" : "Highlight its " + others.length + " checkouts"));
  if (data.traceUrl !== null) actions.append(make("a", { class: "button", href: data.traceUrl.replaceAll("{traceId}", current.traceId), rel: "noreferrer" }, "Open the trace"));
  const jumps = make("div", { class: "actions" });
  if (others.length > 1) others.slice(0, 12).forEach((use) => jumps.append(make("button", { type: "button", on: () => select(use) }, data.checkouts[use.dataset.i].title)));
  return [make("h3", {}, "Trace"), make("code", {}, current.traceId), actions, jumps];
}

function show(use) {
  if (!use) { details.innerHTML = welcome; return; }
  const current = data.checkouts[use.dataset.i];
  const list = make("dl", {}, ...current.facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  const rows = current.queries.map(([summary, offset, duration, failure]) =>
    make("tr", {}, make("td", {}, summary, ...(failure === null ? [] : [make("span", { class: "failed" }, " failed: " + failure)])), make("td", {}, offset), make("td", {}, duration)));
  const queries = rows.length === 0 ? [] : [make("h3", {}, rows.length + (rows.length === 1 ? " query" : " queries")), make("table", {}, make("tbody", {}, ...rows))];
  details.replaceChildren(make("h2", {}, current.title), list, ...traceActions(current), ...queries);
}

function select(use) {
  for (const other of uses) other.tabIndex = -1;
  pinned?.removeAttribute("aria-current");
  use.setAttribute("aria-current", "true");
  use.tabIndex = 0;
  pinned = use;
  use.focus({ preventScroll: true });
  reveal(use);
  show(use);
}

function reveal(use) {
  use.scrollIntoView({ block: "nearest", inline: "nearest" });
  const box = use.getBoundingClientRect();
  const view = scroller.getBoundingClientRect();
  const left = view.left + axis.offsetLeft + 16;
  if (box.left < left) scroller.scrollLeft -= left - box.left;
  else if (box.left > view.right - 40) scroller.scrollLeft += box.left - view.right + 120;
}

function nearest(lane, use) {
  const middle = (one) => one.offsetLeft + one.offsetWidth / 2;
  return lane.reduce((best, one) => Math.abs(middle(one) - middle(use)) < Math.abs(middle(best) - middle(use)) ? one : best);
}

function neighbour(use, key) {
  const row = lanes.findIndex((lane) => lane.includes(use));
  const column = lanes[row].indexOf(use);
  if (key === "ArrowLeft") return lanes[row][column - 1];
  if (key === "ArrowRight") return lanes[row][column + 1];
  if (key === "Home") return lanes[row][0];
  if (key === "End") return lanes[row].at(-1);
  const other = lanes[row + (key === "ArrowUp" ? -1 : 1)];
  return other && nearest(other, use);
}

const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
scroller.addEventListener("keydown", (event) => {
  const use = event.target.closest(".use");
  if (use && KEYS.has(event.key)) {
    event.preventDefault();
    const next = neighbour(use, event.key);
    if (next) select(next);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "+" || event.key === "=") setZoom(zoom * 1.6);
  else if (event.key === "-") setZoom(zoom / 1.6);
  else if (event.key === "0") setZoom(1);
  else if (event.key === "Escape") { showTrace(null); show(pinned); }
  else if (event.key === "t" && pinned) { showTrace(traceId === pinned.dataset.trace ? null : pinned.dataset.trace); show(pinned); }
});
scroller.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  setZoom(zoom * Math.exp(-event.deltaY / 300), event.clientX - scroller.getBoundingClientRect().left);
}, { passive: false });
scroller.addEventListener("scroll", drawAxis, { passive: true });
scroller.addEventListener("mouseover", (event) => { const use = event.target.closest(".use"); if (use) show(use); });
scroller.addEventListener("mouseleave", () => show(pinned));
scroller.addEventListener("click", (event) => { const use = event.target.closest(".use"); if (use) select(use); });
scroller.addEventListener("focusin", (event) => { const use = event.target.closest(".use"); if (use && use !== pinned) select(use); });
document.querySelector("[data-zoom=in]").addEventListener("click", () => setZoom(zoom * 1.6));
document.querySelector("[data-zoom=out]").addEventListener("click", () => setZoom(zoom / 1.6));
document.querySelector("[data-zoom=fit]").addEventListener("click", () => setZoom(1));
new ResizeObserver(drawAxis).observe(scroller);
if (uses[0]) uses[0].tabIndex = 0;
const wanted = /^#trace=([0-9a-f]{32})$/.exec(location.hash)?.[1];
const first = uses.find((use) => use.dataset.trace === wanted);
if (first) { showTrace(wanted); select(first); }
drawAxis();
`;
