/* The clerk's keys and buttons: one primary action that follows the ticket, and dialogs where a choice is needed. */
import { lost, main, say, send, text, whenFresh } from "/static/web/console.js";
import { fetched, showEffect } from "/static/web/redirect.js";
import { draw, recheck } from "/static/web/missing.js";
import { about as aboutComplaint } from "/static/web/complaint.js";
import "/static/web/handover.js";

const HOLD_MS = 600;      // long enough not to happen by accident, short enough not to annoy
const SETTLE_MS = 700;    // a double press ends within half a second: its second half must not start the next step

const previous = document.getElementById("previous");
const fault = document.getElementById("fault");
const pause = document.getElementById("pause");
const chosen = document.getElementById("call");
const hold = document.getElementById("hold");
const about = document.getElementById("about");
const transfer = document.getElementById("transfer");
const back = document.getElementById("back");
const missing = document.getElementById("missing");

const VERBS = { r: "recall", f: "finish", x: "next", k: "pickup" };   // N is held or tapped: see below
const DIALOGS = { c: "complaint", l: "call", h: "hold", m: "missing", u: "about", t: "transfer", b: "back", p: "pause", o: "handover", d: "fault", "?": "keys" };

const desk = () => main.querySelector(".desk");
const state = () => `${desk().dataset.stage}/${desk().dataset.ticket}`;
const enabled = (button) => button && !button.disabled;

// --- commands

let asked = { verb: "next", payload: {} };   // what is done once the previous customer is settled

async function act(verb, payload = {}) {
  const window = encodeURIComponent(desk().dataset.window);
  const answer = await send(`/api/v1/windows/${window}/${verb}`, payload, state());
  if (answer.code === "previous_needed") {
    asked = { verb, payload };
    open(previous);
  }
  if (answer.status === 204) say(text("js.nobody_waiting"));
}

let movedAt = -Infinity;   // when a step was last asked for, or what came of it last stood there

/* Calling, starting and finishing: who presses twice, or again because the answer was slow, takes one step. */
async function step(verb, payload) {
  const now = performance.now();
  const tooSoon = now - movedAt < SETTLE_MS;
  movedAt = now;
  if (tooSoon) return;
  await act(verb, payload);
  movedAt = performance.now();
}

function primary() {
  if (enabled(main.querySelector("[data-primary]"))) step(desk().dataset.order);
}

function press(verb) {
  if (!enabled(main.querySelector(`[data-verb="${verb}"]`))) return;
  if (verb === "next") step(verb, desk().dataset.stage === "called" ? { previous: "served" } : {});   // as its words say
  else act(verb);
}

// --- absent: a tap asks, holding insists

let holding = null;

function holdStart(button) {
  if (holding || !enabled(button)) return;
  button.dataset.holding = "";
  holding = { button, timer: setTimeout(() => { holdEnd(); act("absent", { force: true }); }, HOLD_MS) };
}

function holdEnd() {
  if (!holding) return false;
  clearTimeout(holding.timer);
  delete holding.button.dataset.holding;
  holding = null;
  return true;
}

// --- dialogs

function open(dialog) {
  if (lost() || document.querySelector("dialog[open]")) return;
  if (dialog === fault) {
    fault.querySelector("[data-assets]").replaceChildren(main.querySelector("#assets").content.cloneNode(true));
    fault.querySelector("form").reset();
    const only = fault.querySelectorAll("input[type=radio]");
    if (only.length === 1) only[0].checked = true;
    fault.querySelector("[type=submit]").disabled = only.length === 0;
    foresee();
  }
  if ([chosen, hold, about, back].includes(dialog)) dialog.querySelector("form").reset();
  if (dialog.id === "complaint") aboutComplaint();
  if (dialog === transfer) offer();
  if (dialog === missing) draw();
  dialog.showModal();
}

previous.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-previous]");
  if (enabled(choice)) choose(choice.dataset.previous);
});

function choose(became) {
  previous.close();
  act(asked.verb, { ...asked.payload, previous: became });
}

/** Opens what a button or key names; the key of a pause also ends it. */
function opened(name) {
  if (!enabled(main.querySelector(`[data-open="${name}"]`))) return;
  if (name === "pause" && "paused" in desk().dataset) act("resume");
  else open(document.getElementById(name));
}

pause.addEventListener("click", (event) => choosePause(event.target.closest("[data-pause]")));

function choosePause(button) {
  if (!button || lost()) return;
  pause.close();
  const cover = pause.querySelector("[name=cover]");
  act("pause", { reason: button.dataset.pause, cover: cover.value.trim() });
  cover.value = "";
}

chosen.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  chosen.close();
  act("call", { label: form.get("label").trim(), reason: form.get("reason").trim() });
});

hold.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  hold.close();
  act("hold", { reason: form.get("reason"), pool: form.get("pool"), not_before_min: Number(form.get("later")) });
});

back.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const note = new FormData(event.target).get("note").trim();
  back.close();
  act("send-back", { note });
});

/* What is done about a number that is somewhere else: before everybody, a special need, brought back, given up. */
about.addEventListener("change", () => {
  const why = about.querySelector("input[name=what]:checked");
  about.querySelector("[name=reason]").required = Boolean(why && "why" in why.dataset);
});

about.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const [label, what, reason] = ["label", "what", "reason"].map((name) => form.get(name).trim());
  about.close();
  const payload = what === "need" ? {} : { reason };
  const answer = await send(`/api/v1/tickets/${encodeURIComponent(label.toUpperCase())}/${what}`, payload, `${what}/${label}`);
  if (answer.status >= 200 && answer.status < 300) say(text(`js.about.${what}`, { label: answer.body.label }));
});

/* One's own last move, taken back: the server knows whose it was, and for how long. */
async function undo() {
  if (!enabled(main.querySelector("[data-undo]"))) return;
  const answer = await send("/api/v1/undo", {}, state());
  if (answer.status === 200) say(text("js.undone", { labels: answer.body.labels.join(", ") }));
}

/* Where somebody can be sent is asked when they are: of a hundred windows it would be most of the page. */
async function offer() {
  const list = transfer.querySelector("[data-targets]");
  transfer.querySelector("form").reset();
  transfer.dataset.about = state();
  list.replaceChildren();
  find("");
  const [about, shown] = [transfer.dataset.about, await fetched("targets", desk().dataset.window, "js.no_answer")];
  if (transfer.dataset.about !== about) return;
  list.replaceChildren(...shown);
  find(transfer.querySelector("[name=find]").value);
}

/* Type-ahead: what does not match is hidden, the first that does is chosen. */
function find(typed) {
  const wanted = typed.trim().toLowerCase();
  const found = [...transfer.querySelectorAll(".asset")].filter((target) => {
    target.hidden = !target.dataset.words.toLowerCase().includes(wanted);
    return !target.hidden;
  });
  const marked = transfer.querySelector(".asset:not([hidden]) input:checked");
  for (const one of transfer.querySelectorAll("input[type=radio]")) one.checked = one === marked;
  if (!marked && wanted && found.length) found[0].querySelector("input").checked = true;
  transfer.querySelector("[type=submit]").disabled = found.length === 0;
}

transfer.addEventListener("input", (event) => { if (event.target.name === "find") find(event.target.value); });

transfer.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const target = transfer.querySelector("input[type=radio]:checked");
  if (!target) return;
  const form = new FormData(event.target);
  transfer.close();
  const payload = { service: target.dataset.service, note: form.get("note").trim(), come_back: form.has("come_back") };
  act("transfer", target.dataset.window ? { ...payload, window: target.dataset.window } : payload);
});

/* What it will do to waits, before the button is pressed. */
function foresee() {
  const asset = fault.querySelector("input:checked");
  showEffect(fault.querySelector("[data-effect]"), asset?.dataset.away);
  const steps = asset && main.querySelector(`template[data-help-for="${CSS.escape(asset.value)}"]`);
  fault.querySelector("[data-help]").replaceChildren(...(steps ? [steps.content.cloneNode(true)] : []));
  fault.querySelector("[data-fixed]").hidden = !steps;
}

/* What the clerk could mend needs nobody else; it is noted all the same. */
fault.addEventListener("click", async (event) => {
  const device = fault.querySelector("input:checked")?.value;
  if (!event.target.closest("[data-fixed]") || !device || lost()) return;
  const note = fault.querySelector("[name=note]").value;
  fault.close();
  const answer = await send(`/api/v1/devices/${encodeURIComponent(device)}/fixed`, { note }, device);
  if (answer.status >= 200 && answer.status < 300) say(text("js.fixed"));
});

fault.addEventListener("change", (event) => { if (event.target.name === "device") foresee(); });

fault.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const device = form.get("device");
  if (!device) return;
  fault.close();
  const answer = await send(`/api/v1/devices/${encodeURIComponent(device)}/fault`, { note: form.get("note") }, device);
  if (answer.status >= 200 && answer.status < 300) say(text("js.reported"));
});

// --- pointer

main.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("primary" in button.dataset) primary();
  else if ("undo" in button.dataset) undo();
  else if (button.dataset.take) act("take-up", { ticket: button.dataset.take, here: "here" in button.dataset });
  else if (button.dataset.open) opened(button.dataset.open);
  else if (button.dataset.verb && button.dataset.verb !== "absent") press(button.dataset.verb);
  else if (button.dataset.verb && event.detail === 0) act("absent");   // pressed by keyboard: no hold to measure
  if (event.detail > 0) button.blur();   // the space bar belongs to the primary button again
});

main.addEventListener("pointerdown", (event) => {
  const button = event.target.closest('[data-verb="absent"]');
  if (button && event.button === 0) holdStart(button);
});

addEventListener("pointerup", () => { if (holdEnd()) act("absent"); });
addEventListener("pointercancel", holdEnd);
addEventListener("blur", holdEnd);

// --- keys

const typing = (target) => target.matches("input:not([type=radio]), textarea, select, [contenteditable]");

addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key.toLowerCase() === "z" && !typing(event.target) && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    if (!event.repeat) undo();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (previous.open) return keyInPrevious(event);
  if (pause.open && !event.repeat) return choosePause(pause.querySelectorAll("[data-pause]")[event.key - 1]);
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const focused = document.activeElement.matches("a, button") && document.activeElement.matches(":focus-visible");
  if (key === "f9" || (key === " " && !focused)) {
    event.preventDefault();
    if (!event.repeat) primary();
  } else if (key === "n") {
    if (!event.repeat) holdStart(main.querySelector('[data-verb="absent"]'));
  } else if (!event.repeat && VERBS[key]) {
    press(VERBS[key]);
  } else if (!event.repeat && DIALOGS[key]) {
    event.preventDefault();
    opened(DIALOGS[key]);
  }
});

addEventListener("keyup", (event) => {
  if (event.key.toLowerCase() === "n" && holdEnd()) act("absent");
});

function keyInPrevious(event) {
  const became = { 1: "served", 2: "absent" }[event.key];
  if (became && !event.repeat && !lost()) choose(became);
}

// The customer in question may have been settled elsewhere while the dialog stood.
whenFresh(() => {
  recheck();
  if (previous.open && desk().dataset.stage !== "called") previous.close();
  if (hold.open && !["called", "serving"].includes(desk().dataset.stage)) hold.close();
  if (back.open && !main.querySelector('[data-open="back"]')) back.close();
  if (transfer.open && transfer.dataset.about.split("/")[1] !== desk().dataset.ticket) transfer.close();
});
