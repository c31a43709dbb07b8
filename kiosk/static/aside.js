// What the kiosk lets customers read: titles, steps and fees, as many a page as fit; nothing scrolls.

import { clone, fill, post } from "/static/kiosk/kiosk.js";

const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const one = (selector, from = document) => from.querySelector(selector);

const PHONE = { least: 7, most: 20 }; // digits that somebody can be called by

let phone = "";
let pages = [0]; // the first line of each page that was turned to

/* The buttons of the header, and the one that stands for them where they would be out of reach or too large. */
export function offer(known, choosing) {
  for (const button of all("[data-aside]")) button.hidden = choosing || !known.includes(button.dataset.aside);
  one("[data-menu]").hidden = choosing || !known.length;
}

function topic(data) {
  const item = clone("topic");
  fill(one("[data-text]", item), data.title);
  one("button", item).dataset.topic = data.id;
  one("button", item).addEventListener("click", () => post("/aside/topic", { topic: data.id, language: root.dataset.language }));
  return item;
}

function step(data, n) {
  const item = clone("step");
  one("[data-step]", item).textContent = n + 1;
  fill(one("[data-text]", item), data.text);
  return item;
}

function fee(data) {
  const item = clone("fee");
  for (const name of ["text", "service", "fee"]) fill(one(`[data-${name}]`, item), data[name]);
  return item;
}

const ROWS = {
  guide: (state) => state.topics.map(topic),
  topic: (state) => state.lines.map(step),
  fees: (state) => state.lines.map(fee),
};

export function drawAside(state, another) {
  if (another) dial("");
  const rows = ROWS[state.face];
  if (!rows) return;
  one(`[data-paged=${state.face}]`).replaceChildren(...rows(state));
  if (another) pages = [0];
  turn();
}

/* Shows as many lines from the page's first as fit; what is left is on the next page. */
function turn() {
  const list = one("section:not([hidden]) [data-paged]");
  if (!list) return;
  const items = [...list.children], from = Math.min(pages.at(-1), Math.max(items.length - 1, 0));
  items.forEach((item) => { item.hidden = true; });
  let next = from;
  do {
    if (items[next]) items[next].hidden = false;
    next += 1;
  } while (next < items.length && fits(list, items[next]));
  const button = one("[data-turn]", list.parentElement);
  button.hidden = from === 0 && next >= items.length;
  button.dataset.next = next < items.length ? next : 0;
}

function fits(list, item) {
  item.hidden = false;
  const whole = list.scrollHeight <= list.clientHeight;
  item.hidden = true;
  return whole;
}

/* Letters of another size or language: from the first line again. */
export function turnBack() {
  pages = [0];
  turn();
}

/* A number to call, or none. */
function dial(digits) {
  phone = digits.slice(0, PHONE.most);
  one("[data-phone]").textContent = phone;
  one("[data-complain]").disabled = phone.length > 0 && phone.length < PHONE.least;
}

const DIGITS = { clear: () => "", back: () => phone.slice(0, -1) };
for (const button of all("[data-digit]")) {
  const { digit } = button.dataset;
  button.addEventListener("click", () => dial(DIGITS[digit] ? DIGITS[digit]() : phone + digit));
}
for (const button of all("[data-matter]")) {
  button.addEventListener("click", () => post("/aside/matter", { matter: button.dataset.matter, language: root.dataset.language }));
}
one("[data-complain]").addEventListener("click", () => post("/aside/complain", { contact: phone, language: root.dataset.language }));
for (const button of all("[data-turn]")) {
  button.addEventListener("click", () => {
    const next = Number(button.dataset.next);
    pages = next ? [...pages, next] : [0];
    turn();
  });
}
for (const button of all("[data-aside]")) {
  button.addEventListener("click", () => post("/aside", { what: button.dataset.aside, language: root.dataset.language }));
}
one("[data-menu]").addEventListener("click", () => post("/aside", { what: "menu", language: root.dataset.language }));
one("[data-topics]").addEventListener("click", () => post("/aside/topic", { language: root.dataset.language }));
