/* The concierge's touches: give out a ticket, note a need, mark and bring back with a reason. */
import { lost, main, say, send, text } from "/static/web/console.js";

const give = document.getElementById("give");
const why = document.getElementById("why");
const done = (answer) => answer.status >= 200 && answer.status < 300;

let about = null;   // {verb, ticket, label}: what the open dialog asks a reason for

async function mark(verb, ticket, label, payload) {
  const answer = await send(`/api/v1/tickets/${encodeURIComponent(ticket)}/${verb}`, payload, `${verb}/${ticket}`);
  const undone = Object.values(payload).includes(false);
  if (done(answer)) say(undone ? text("js.lobby.unmarked", { label }) : text(`js.about.${verb}`, { label }));
}

function open(dialog, title) {
  if (lost() || document.querySelector("dialog[open]")) return;
  dialog.querySelector("form").reset();
  dialog.querySelector("h2").textContent = title;
  dialog.showModal();
}

main.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { give: service, do: verb, ticket, label } = button.dataset;
  const marked = button.getAttribute("aria-pressed") === "true";
  if (service) {
    give.dataset.service = service;
    open(give, button.dataset.name);
  } else if (verb === "need") {
    mark(verb, ticket, label, { need: !marked });
  } else if (verb === "urgent" && marked) {
    mark(verb, ticket, label, { urgent: false });
  } else if (verb) {
    about = { verb, ticket, label };
    open(why, `${label} · ${button.textContent.trim()}`);
  }
});

why.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = new FormData(event.target).get("reason").trim();
  why.close();
  if (reason) mark(about.verb, about.ticket, about.label, { reason });
});

give.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const service = give.dataset.service;
  const wanted = { service, language: form.get("language"), need: form.has("need") };
  if (form.get("kiosk")) wanted.kiosk = form.get("kiosk");
  if (form.get("then") && form.get("then") !== service) wanted.then = [form.get("then")];
  give.close();
  const answer = await send("/api/v1/tickets", wanted, `give/${service}/${performance.now()}`);
  if (done(answer)) say(text("js.lobby.given", { label: answer.body.label }));
});
