/* What all consoles share: fresh fragments, running times, the stale bar, and commands that are never sent twice. */
import { Live, phrases } from "/static/js/live.js";

const TICK_MS = 1000;
const ANSWER_MS = 4000;       // longer than a slow commit, shorter than a clerk's patience
const REFRESH_MS = 3000;      // a fragment that takes longer comes with the next change
const RETRY_MS = 500;         // after a fragment that failed although the line stands
const OTHERS_MS = 1000;       // what happens at other windows is shown after this and up to twice as long: a hundred
                              // consoles that all ask at once, for each customer of each window, would ask for nothing else
const ALL_MS = 500;           // within this every page has asked about what concerns all of them, one after another
const MESSAGE_MS = 8000;      // two sentences, read slowly
const KEY_BYTES = 16;         // 128 bits: no two requests of a hall's life share a key

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const words = phrases();
export const main = document.getElementById("body");
const message = document.getElementById("message");
const csrf = document.querySelector("meta[name=csrf]");   // renewed with every fragment
const staleBar = document.getElementById("stale");

export const text = (key, params) => words(key, language, params);

/** A problem in words: its code has a sentence, an unknown one says that much. */
function problem(code) {
  try {
    return text(`problem.${code}`);
  } catch (why) {
    console.warn(why);
    return text("problem.unexpected");
  }
}

// --- messages

let hideTimer = 0;

export function say(sentence, kind = "info") {
  clearTimeout(hideTimer);
  message.textContent = sentence;
  message.dataset.kind = kind;
  message.hidden = !sentence;
  hideTimer = setTimeout(() => { message.hidden = true; }, MESSAGE_MS);
}

message.addEventListener("click", () => { message.hidden = true; });

// --- fresh state

/** Fetches the fragment again; resolves when it stands, or when waiting longer would hold the clerk up. */
export function refresh() {
  return new Promise((resolve) => {
    const done = () => { clearTimeout(limit); main.removeEventListener("htmx:afterRequest", done); resolve(); };
    const limit = setTimeout(done, REFRESH_MS);
    main.addEventListener("htmx:afterRequest", done);
    document.body.dispatchEvent(new CustomEvent("hall:changed"));
  });
}

let othersTimer = 0;

/**
 * A clerk's page follows its own window at once, all others a little later, and what concerns every window (null) not
 * in the same moment as every other page; pages without a window follow all.
 */
function changedAt(windows) {
  const own = main.querySelector(".desk")?.dataset.window;
  if (windows && own && !windows.includes(own)) {
    othersTimer ||= setTimeout(changedAt, OTHERS_MS * (1 + Math.random()));
    return;
  }
  if (windows === null && own) {
    setTimeout(changedAt, ALL_MS * Math.random());
    return;
  }
  clearTimeout(othersTimer);
  othersTimer = 0;
  document.body.dispatchEvent(new CustomEvent("hall:changed"));
}

let etag = null;

document.body.addEventListener("htmx:configRequest", (event) => {
  if (etag && event.detail.target === main) event.detail.headers["If-None-Match"] = etag;
});

document.body.addEventListener("htmx:afterOnLoad", (event) => {
  const { xhr, target } = event.detail;
  if (target !== main) return;   // a part that is no picture of now
  if (xhr.status === 200) etag = xhr.getResponseHeader("ETag");
  if (xhr.status !== 200 && xhr.status !== 304) return;
  csrf.content = xhr.getResponseHeader("X-CSRF-Token") ?? csrf.content;
  if (lostAt && live.state === "live") { lostAt = 0; drawLink(); }
});

document.body.addEventListener("htmx:afterSettle", () => { tick(); lock(); onFresh(); });

let onFresh = () => {};

/** Calls `react` whenever a fresh fragment stands. */
export function whenFresh(react) { onFresh = react; }

// --- the link to the hall

let lostAt = 0;

const live = new Live({
  namespace: "/staff",
  first: { epoch: Number(main.dataset.epoch), rev: Number(main.dataset.rev), build: main.dataset.build },
  now: main.dataset.now,
  onChanged: ({ windows }) => changedAt(windows),
  onState: (state) => {
    if (state === "stale" || state === "blank") {
      lostAt ||= live.heardAt || performance.now();
      drawLink();
    } else if (state === "live") {
      recover();
    }
  },
  idle: () => !document.querySelector("dialog[open]") && !sending,
});

/* The line is back, the page is not: it stays marked until what it shows is fresh. */
async function recover() {
  while (lostAt && live.state === "live") {
    await refresh();
    if (lostAt) await new Promise((resume) => setTimeout(resume, RETRY_MS));
  }
}

function drawLink() {
  document.body.classList.toggle("lost", lost());
  document.body.classList.toggle("blank", live.state === "blank");
  staleBar.hidden = !lost();
  tick();
  lock();
}

/** Whether what the page shows may be out of date: then nothing may be pressed. */
export const lost = () => lostAt > 0;

/* Buttons are off while the link is lost or an answer is awaited; what the server switched off stays off. */
function lock() {
  const off = lost() || sending;
  for (const button of document.querySelectorAll("main button, .setup button, dialog [type=submit], dialog [data-previous]")) {
    if (off && !button.disabled) { button.disabled = true; button.dataset.locked = ""; }
    if (!off && "locked" in button.dataset) { button.disabled = false; delete button.dataset.locked; }
  }
  document.body.classList.toggle("sending", Boolean(sending));
}

// --- running times

function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const rest = `${two(minutes % 60)}:${two(whole % 60)}`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${rest}` : `${minutes}:${two(whole % 60)}`;
}

function tick() {
  if (lostAt) {
    const age = clockText((performance.now() - lostAt) / 1000);
    staleBar.querySelector("[data-age]").textContent = text("js.age", { age });
  }
  const now = live.now();
  for (const clock of document.querySelectorAll("[data-clock]")) {
    clock.textContent = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: clock.dataset.zone }).format(now);
  }
  for (const due of document.querySelectorAll("[data-due]")) due.toggleAttribute("data-late", now > Date.parse(due.dataset.due));
  if (lostAt) return;   // times stand still with the state that they belong to
  for (const timer of document.querySelectorAll(".timer[data-since]")) {
    const seconds = (now - Date.parse(timer.dataset.since)) / 1000;
    timer.querySelector(".time").textContent = clockText(seconds);
    timer.dataset.level = seconds >= timer.dataset.redS ? "red" : seconds >= timer.dataset.amberS ? "amber" : "calm";
  }
}

setInterval(tick, TICK_MS);
tick();

// --- commands

let sending = null;
let unanswered = null;   // {path, body, key, state}: asked, and nobody knows whether it was done

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* A question without an answer is repeated under its own key, as long as the state it was about still stands. */
function keyFor(path, body, state) {
  const same = unanswered && unanswered.path === path && unanswered.body === body && unanswered.state === state;
  return same ? unanswered.key : newKey();
}

/**
 * Sends one command; while it is under way every other is ignored.
 * `state` says what the command is about (a repeat after silence keeps its key only while that is the same).
 * `quiet`: one of many parts; the page is not refreshed after it.
 * Answers {status, code, body}: status 0 when nobody answered, null when it was not sent.
 */
export async function send(path, payload = {}, state = "", { quiet = false } = {}) {
  if (sending || lost()) return { status: null };
  const typed = written;
  written = null;
  const body = JSON.stringify(payload);
  sending = { path, body, state, key: keyFor(path, body, state) };
  lock();
  try {
    const answer = await post(sending);
    unanswered = answer.status === 0 || answer.status >= 502 ? sending : null;
    tell(answer);
    if (unanswered && typed) writeAgain(typed);
    if (answer.status === 401) location.assign("/login");
    if (answer.status && !quiet) await refresh();
    return answer;
  } finally {
    sending = null;
    lock();
  }
}

async function post({ path, body, key }) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      body,
      headers: {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-CSRF-Token": csrf.content,
      },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const value = answer.status === 204 ? null : await answer.json();
    return { status: answer.status, code: answer.ok ? null : value.code, body: value };
  } catch (why) {
    console.info("no answer that can be read", why);
    return { status: 0, code: null };
  }
}

/* What was typed into the dialog whose command is about to be sent: without an answer it stands there again. */
let written = null;

document.addEventListener("submit", ({ target }) => {
  const dialog = target.closest("dialog");
  dialog?.querySelector(".unsent")?.remove();
  const fields = [...target.elements].map((field) => [field, field.value, field.checked]);
  written = dialog && { dialog, fields };
}, true);

function writeAgain({ dialog, fields }) {
  for (const [field, value, checked] of fields) {
    if (field.type !== "file") field.value = value;
    field.checked = checked;
  }
  const said = document.createElement("p");
  said.className = "unsent";
  said.setAttribute("role", "alert");
  said.textContent = text("js.unsent");
  dialog.querySelector("form").prepend(said);
  dialog.addEventListener("close", () => said.remove(), { once: true });
  if (!dialog.open && !document.querySelector("dialog[open]")) dialog.showModal();
}

function tell({ status, code }) {
  if (status === 0 || status >= 502) say(text("js.no_answer"), "problem");
  else if (code && code !== "previous_needed") say(problem(code), "problem");
  else say("");
}

// --- ready

/* Until the page's own script listens, a press would be lost without a word. */
setTimeout(() => { main.inert = false; });

// --- dialogs

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
