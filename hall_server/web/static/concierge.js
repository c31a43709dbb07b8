/* The concierge's touches: give out a ticket, mark, bring back, give up or take back, and a word to who waits long. */
import { lost, main, say, send, text } from "/static/web/console.js";

const give = document.getElementById("give");
const code = document.getElementById("code");
const why = document.getElementById("why");
const done = (answer) => answer.status >= 200 && answer.status < 300;

let about = null;   // {verb, ticket, label}: what the open dialog asks a reason for
let then = [];      // further services of the ticket that is being given out, in their order

async function mark(verb, ticket, label, payload, said = `js.about.${verb}`) {
  const answer = await send(`/api/v1/tickets/${encodeURIComponent(ticket)}/${verb}`, payload, `${verb}/${ticket}`);
  const undone = Object.values(payload).includes(false);
  if (done(answer)) say(text(undone ? "js.lobby.unmarked" : said, { label }));
}

async function helped(help, label) {
  const answer = await send(`/api/v1/helps/${encodeURIComponent(help)}/done`, {}, `help/${help}`);
  if (done(answer)) say(text("js.help.done", { label }));
}

/* On the TV for today, or no longer. */
async function notice(name, up) {
  const answer = await send(`/api/v1/notices/${name}${up ? "/lift" : ""}`, {}, `notice/${name}/${up}`);
  if (done(answer)) say(text(up ? "js.notice.lifted" : "js.notice.up"));
}

async function undo(button) {
  const answer = await send("/api/v1/undo", {}, button.dataset.due);
  if (done(answer)) say(text("js.undone", { labels: answer.body.labels.join(", ") }));
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
  const { give: service, do: verb, care, help, ticket, label, notice: template } = button.dataset;
  const marked = button.getAttribute("aria-pressed") === "true";
  if (service) {
    give.dataset.service = service;
    choose([]);
    open(give, button.dataset.name);
  } else if (care) {
    mark("care", ticket, label, { what: care }, `js.care.${care}`);
  } else if (help) {
    helped(help, label);
  } else if (template) {
    notice(template, marked);
  } else if ("code" in button.dataset) {
    open(code, button.querySelector("b").textContent);
  } else if ("undo" in button.dataset) {
    undo(button);
  } else if (verb === "need") {
    mark(verb, ticket, label, { need: !marked });
  } else if (verb === "urgent" && marked) {
    mark(verb, ticket, label, { urgent: false });
  } else if (verb) {
    about = { verb, ticket, label };
    why.querySelector("[name=reason]").required = verb !== "cancel";   // whoever leaves owes nobody a reason
    open(why, `${label} · ${button.textContent.trim()}`);
  }
});

why.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = new FormData(event.target).get("reason").trim();
  why.close();
  if (reason || about.verb === "cancel") mark(about.verb, about.ticket, about.label, { reason });
});

/* Further services in the order in which they were touched; each button says its place. */
function choose(services) {
  then = services;
  for (const button of give.querySelectorAll("[data-then]")) {
    const place = then.indexOf(button.dataset.then) + 1;
    button.hidden = button.dataset.then === give.dataset.service;
    button.setAttribute("aria-pressed", String(place > 0));
    button.querySelector("b").textContent = place ? `${place + 1}. ` : "";
  }
}

give.addEventListener("click", (event) => {
  const service = event.target.closest("[data-then]")?.dataset.then;
  if (service) choose(then.includes(service) ? then.filter((one) => one !== service) : [...then, service]);
});

give.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const service = give.dataset.service;
  const wanted = { service, language: form.get("language"), need: form.has("need") };
  if (form.get("kiosk")) wanted.kiosk = form.get("kiosk");
  if (form.get("class")) wanted.customer_class = form.get("class");
  if (then.length) wanted.then = then;
  give.close();
  const answer = await send("/api/v1/tickets", wanted, `give/${service}/${performance.now()}`);
  if (done(answer)) say(text("js.lobby.given", { label: answer.body.label }));
});

/* Of an appointment, or of a list of what was missing: the server knows which. */
code.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const wanted = { digits: form.get("digits"), language: form.get("language") };
  if (form.get("kiosk")) wanted.kiosk = form.get("kiosk");
  code.close();
  const answer = await send("/api/v1/checkins", wanted, `code/${wanted.digits}`);
  if (done(answer)) say(text("js.lobby.given", { label: answer.body.label }));
});
