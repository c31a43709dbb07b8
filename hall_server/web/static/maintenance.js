/* The maintenance list: every button asks once, with a note, and then tells the hall. */
import { lost, main, say, send, text, whenFresh } from "/static/web/console.js";
import { showEffect } from "/static/web/redirect.js";

const ask = document.getElementById("ask");
const form = ask.querySelector("form");
const expected = ask.querySelector("[data-expected]");
let order = null;   // the data of the button that opened the dialog

main.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask]");
  if (!button || button.disabled || lost()) return;
  order = { ...button.dataset };
  form.reset();
  form.elements.note.value = order.note ?? "";
  ask.querySelector("[data-title]").textContent = order.title;
  ask.querySelector("[data-about]").textContent = order.about;
  ask.querySelector("[data-confirm]").textContent = order.title;
  ask.querySelector("[data-confirm]").disabled = false;
  expected.hidden = !("expected" in order);
  form.note.required = "why" in order;
  form.expected.required = order.expected === "needed";
  foresee(order);
  ask.showModal();
});

/* What it does to waits; what cannot be done is not offered. */
async function foresee(asked) {
  const effect = ask.querySelector("[data-effect]");
  await showEffect(effect, asked.window);
  const away = asked.verb === "redirect" && !("undo" in asked);
  if (order === asked && away && effect.querySelector(".impossible")) ask.querySelector("[data-confirm]").disabled = true;
}

/* What the API takes differs by verb; it refuses fields that it does not know. */
function payload(values) {
  const note = values.get("note");
  if (order.verb === "redirect") return "undo" in order ? { undo: true, reason: note } : { reason: note };
  if (order.verb === "confirm") return { ok: false, note };
  if (order.verb === "day") return { despite: note };
  if (order.verb !== "repair") return { note };
  const at = values.get("expected");
  return { state: order.state, note, ...(at && !expected.hidden ? { expected: new Date(at).toISOString() } : {}) };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = payload(new FormData(form));
  ask.close();
  const answer = await send(order.path, body, order.path);
  if (answer.status >= 200 && answer.status < 300) say(text("js.done"));
});

/* A test asks nothing: what came of it stands beside the button in a moment. */
main.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-now]");
  if (!button || button.disabled || lost()) return;
  await send(button.dataset.path, {}, button.dataset.path);
});

/* So many rolls lie in stock: counted, not loaded. */
main.addEventListener("submit", async (event) => {
  const stock = event.target.closest("form[data-stock]");
  if (!stock) return;
  event.preventDefault();
  if (lost()) return;
  const path = stock.dataset.stock;
  const answer = await send(path, { loaded: false, rolls: Number(stock.elements.rolls.value) }, path);
  if (answer.status === 200) stock.reset();
});

/* What the journal tells of a device is read again when something has happened to it. */
let mark = main.querySelector("[data-mark]")?.dataset.mark;
whenFresh(() => {
  const now = main.querySelector("[data-mark]")?.dataset.mark;
  if (now !== mark) document.body.dispatchEvent(new CustomEvent("device:done"));
  mark = now;
});
