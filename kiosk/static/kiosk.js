// The kiosk's page: asks the kiosk program what is true, draws exactly that, sends touches back.

import { drawAside, offer, turnBack } from "/static/kiosk/aside.js";
import { ask, hush, page as hear } from "/static/kiosk/guide.js";
import { follow, is, mode, speak, watch } from "/static/kiosk/modes.js";

const RETRY_MS = 1000; // the program on this computer restarts within seconds
const SCAN_MS = 2000; // a scanner types its digits in a fraction of this; older ones on the home screen were a mistake
const LENGTHS = [4, 10]; // the end of a phone number, or a code
const TILES_A_PAGE = 6; // 2 × 3, or 3 × 2 on a wide screen; four with large letters, or within reach
const FEW_TILES = 4;
const FIT_STEPS = 3;
// wait for an answer
const ASKING = ["again", "late", "check_in", "which_time", "too_late", "help", "help_told", "menu", "guide", "topic", "fees", "complaint", "complaint_contact", "complained"];
const BODIES = { yes: { yes: true }, no: { yes: false }, got: { got: true }, "not-got": { got: false } };

const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const one = (selector, from = document) => from.querySelector(selector);

let shown = { n: "", face: "loading", slots: {}, tiles: [], strips: [], opens: [], unlike: [], choices: [], groups: [], calling: [], asides: [], topics: [], lines: [], staff: false, slow: false, codes: false, several: false, qr: null, label: "", timezone: null };
let hallAheadMs = 0;
let page = 0;
let group = null; // whose services are shown, where there are groups
let digits = ""; // what has been typed or scanned of an appointment
let keyedAt = 0;
let picked = null; // services of one ticket in their order, while they are being chosen

export function fill(pair, text) {
  one("[lang=zh]", pair).textContent = text ? text.zh : "";
  one("[lang=en]", pair).textContent = text ? text.en : "";
  pair.hidden = !text || !(text.zh || text.en);
}

export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function tile(data) {
  const item = clone("tile");
  const button = one("button", item);
  one("use", item).setAttribute("href", `/static/vendor/sprite.svg#icon-${data.icon}`);
  fill(one("[data-name]", item), data.name);
  fill(one("[data-foot]", item), data.foot);
  const waiting = one("[data-waiting]", item);
  waiting.hidden = !data.waiting;
  one("b", waiting).textContent = data.waiting ?? "";
  button.classList.toggle("shut", !data.open);
  button.dataset.id = data.id;
  const place = picked ? picked.indexOf(data.id) + 1 : 0;
  one("[data-place]", item).hidden = !place;
  one("[data-place]", item).textContent = place;
  if (picked) button.setAttribute("aria-pressed", String(place > 0));
  button.addEventListener("click", () => (picked && data.open ? pick(data.id) : take([data.id])));
  return item;
}

function groupTile(data) {
  const item = clone("tile");
  one("use", item).setAttribute("href", `/static/vendor/sprite.svg#icon-${data.icon}`);
  fill(one("[data-name]", item), data.name);
  one("[data-waiting]", item).hidden = true;
  one("button", item).dataset.id = data.id;
  one("button", item).addEventListener("click", () => enter(data.id));
  return item;
}

/* Into a group, or (null) back to all of them. */
function enter(id) {
  group = id;
  page = 0;
  drawTiles();
  drawBars();
  follow(true);
}

/* What stands on the tiles: groups and what is in none, or the services of one group. */
function offers() {
  if (!shown.groups.length) return shown.tiles.map((data) => [tile, data]);
  const here = shown.tiles.filter((data) => (group ? data.group === group : !shown.groups.some((one) => one.id === data.group)));
  return [...(group ? [] : shown.groups.map((data) => [groupTile, data])), ...here.map((data) => [tile, data])];
}

function take([service, ...then]) {
  post("/press", { service, then, language: root.dataset.language });
}

function pick(id) {
  choose(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);
}

/* One ticket for several services: null ends the choosing. */
function choose(services) {
  picked = services;
  drawTiles();
  drawBars();
}

function drawBars() {
  one("[data-choose]").hidden = picked !== null;
  one("[data-choose-several]").hidden = picked === null;
  one("[data-take]").hidden = one("[data-leave]").hidden = picked === null;
  one("[data-take]").disabled = !picked?.length;
  one("[data-several]").hidden = picked !== null || !shown.several;
  one("[data-check-in]").hidden = picked !== null || !shown.codes;
  one("[data-up]").hidden = group === null;
  one("[data-help]").hidden = picked !== null || !shown.staff;
  offer(shown.asides, picked !== null);
}

function strip(text) {
  const item = clone("strip");
  fill(one(".pair", item), text);
  return item;
}

function opens(data) {
  const item = clone("opens");
  fill(one("[data-name]", item), data.name);
  fill(one("[data-when]", item), data.when);
  return item;
}

function drawTiles() {
  const many = is("large") || is("low") ? FEW_TILES : TILES_A_PAGE;
  if (!shown.groups.some((one) => one.id === group)) group = null;
  const known = offers();
  const pages = Math.max(1, Math.ceil(known.length / many));
  const held = document.activeElement?.dataset.id; // whoever goes by keys stays where they are
  page %= pages;
  const from = page * many;
  one("[data-tiles]").replaceChildren(...known.slice(from, from + many).map(([draw, data]) => draw(data)));
  one("[data-pager]").hidden = pages < 2;
  all(".what").forEach(fit);
  if (held) one(`[data-id="${CSS.escape(held)}"]`)?.focus();
}

/* A name that is too long for its tile is drawn smaller, in three steps. */
function fit(what) {
  const name = one("[data-name]", what);
  const fits = () => name.offsetHeight <= what.clientHeight && name.scrollWidth <= name.clientWidth;
  for (let step = 1; step <= FIT_STEPS && !fits(); step += 1) what.dataset.fit = step;
}

function calling(data) {
  const item = clone("calling");
  one("b", item).textContent = data.label;
  fill(one("[data-window]", item), data.window);
  return item;
}

function drawDigits() {
  one("[data-digits]").textContent = digits;
  one("[data-key=enter]").disabled = !LENGTHS.includes(digits.length);
}

function choice(data) {
  const button = clone("choice");
  button.textContent = data.time;
  button.addEventListener("click", () => post("/check-in/choose", { appointment: data.id }));
  return button;
}

/* Keys of the pad and of a scanner, which types like a keyboard. */
function key(name) {
  if (!shown.codes || !["home", "check_in"].includes(shown.face)) return false;
  if (shown.face === "home" && performance.now() - keyedAt > SCAN_MS) digits = "";
  keyedAt = performance.now();
  const complete = name === "enter" && LENGTHS.includes(digits.length);
  if (complete) {
    post("/check-in", { digits, language: root.dataset.language });
    digits = "";
  } else if (name === "back") digits = digits.slice(0, -1);
  else if (/^[0-9]$/.test(name)) digits = (digits + name).slice(0, Math.max(...LENGTHS));
  else if (name.length === 1) digits = ""; // of an address that a scanner types only the last digits count
  drawDigits();
  return complete;
}

function drawQr(qr) {
  for (const svg of all("[data-qr]")) {
    svg.toggleAttribute("hidden", !qr);
    if (!qr) continue;
    svg.setAttribute("viewBox", `${qr.from} ${qr.from} ${qr.size} ${qr.size}`);
    const [rect, path] = svg.children;
    for (const [name, value] of Object.entries({ x: qr.from, y: qr.from, width: qr.size, height: qr.size })) {
      rect.setAttribute(name, value);
    }
    path.setAttribute("d", qr.d);
  }
}

function draw(state) {
  const another = state.face !== shown.face;
  if (another) { page = 0; group = null; digits = ""; picked = null; drawDigits(); }
  shown = state;
  if (!shown.several) picked = null;
  for (const section of all("[data-face]")) section.hidden = section.dataset.face !== state.face;
  root.dataset.shown = state.face;
  root.dataset.drawn = state.n.split("-").pop();
  for (const pair of all("[data-slot]")) fill(pair, state.slots[pair.dataset.slot]);
  for (const label of all("[data-label]")) label.textContent = state.label;
  for (const button of all("[data-post]")) button.disabled = state.busy === true;
  one("[data-strips]").replaceChildren(...state.strips.map(strip));
  one("[data-opens]").replaceChildren(...state.opens.map(opens));
  one("[data-unlike]").replaceChildren(...state.unlike.map(strip));
  drawBars();
  one("[data-choices]").replaceChildren(...state.choices.map(choice));
  one("[data-calling]").replaceChildren(...state.calling.map(calling));
  one("[data-staff]").hidden = !state.staff;
  drawTiles();
  drawQr(state.qr);
  drawAside(state, another);
  follow(another);
  if (another) hear();
  listen();
}

/* The program gives who listens first more time. */
function listen() {
  if (shown.slow !== is("guide")) post("/guide", { on: is("guide") });
}

function drawClock() {
  if (!shown.timezone) return; // this computer's own time zone may be another
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: shown.timezone });
  one("[data-clock]").textContent = format.format(Date.now() + hallAheadMs);
}

export async function post(path, body = {}) {
  try {
    await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    draw({ ...shown, n: "", face: "offline" }); // the program is gone; the poll below finds it again
  }
}

async function poll() {
  for (;;) {
    try {
      const answer = await fetch(`/state?after=${encodeURIComponent(shown.n)}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const state = await answer.json();
      hallAheadMs = state.at - Date.now();
      // what the clock alone has changed: a service opens, a ticket may be too late, a day off begins
      if (JSON.stringify({ ...state, at: 0 }) !== JSON.stringify({ ...shown, at: 0 })) draw(state);
      drawClock();
    } catch {
      draw({ ...shown, n: "", face: "offline", tiles: [], strips: [] });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

for (const button of all("[data-post]")) {
  button.addEventListener("click", () => post(button.dataset.post, BODIES[button.dataset.body]));
}
for (const button of all("[data-key]")) button.addEventListener("click", () => key(button.dataset.key));
one("[data-check-in]").addEventListener("click", () => post("/check-in/open", { language: root.dataset.language }));
addEventListener("keydown", (event) => {
  // what a scanner ends with presses no button besides
  if (key(event.key === "Backspace" ? "back" : event.key.toLowerCase())) event.preventDefault();
});
one("[data-language-switch]").addEventListener("click", () => {
  speak(root.dataset.language === "zh" ? "en" : "zh");
  drawTiles(); // names of another length
  turnBack();
  hear();
});
one("[data-several]").addEventListener("click", () => choose([]));
one("[data-leave]").addEventListener("click", () => choose(null));
one("[data-take]").addEventListener("click", () => take(picked));
one("[data-up]").addEventListener("click", () => enter(null));
one("[data-pager]").addEventListener("click", () => { page += 1; drawTiles(); });
addEventListener("contextmenu", (event) => event.preventDefault());
one("[data-help]").addEventListener("click", () => post("/help/open", { language: root.dataset.language }));
one("[data-staff]").addEventListener("click", () => post("/help", { language: root.dataset.language }));
for (const button of all("[data-reason]")) {
  button.addEventListener("click", () => {
    for (const name of button.dataset.modes.split(" ")) if (name) mode(name, true);
    post("/help", { reason: button.dataset.reason, language: root.dataset.language });
  });
}
watch({
  asking: () => ASKING.includes(shown.face),
  begun: () => page > 0 || group !== null || picked !== null,
  stay: () => post("/stay"),
  wipe: () => { group = null; digits = ""; picked = null; post("/wipe"); },
  changed: (name) => {
    page = 0;
    drawTiles(); drawBars(); drawDigits(); turnBack();
    listen();
    if (!is("guide")) hush();
    else if (name === "guide") hear(one("[data-mode=guide]").getAttribute(`data-on-${root.dataset.language}`));
  },
  asked: ask,
});
setInterval(drawClock, 1000);
draw(shown);
drawClock();
poll();
