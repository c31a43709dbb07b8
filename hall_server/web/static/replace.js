/* The replacement of a device: look, try, take; what the server refuses stands in words beside the form. */
import { lost, say, send, text } from "/static/web/console.js";

const form = document.getElementById("unit");
const tried = document.getElementById("tried");
const mistakes = document.getElementById("mistakes");
const take = form.querySelector("[data-take]");
let asked = null;   // the trial of what stands in the form now: its id

/* Empty options stay as usual; the server refuses fields that it does not know. */
function unit() {
  const values = new FormData(form);
  const options = {};
  for (const [name, value] of values) if (name.startsWith("option.") && value) options[name.slice("option.".length)] = value.trim();
  const columns = Number(values.get("columns"));
  return { url: values.get("url").trim(), ...(form.querySelector("[name^='option.']") ? { options } : {}), ...(columns ? { columns } : {}) };
}

function label() {
  const values = new FormData(form);
  return Object.fromEntries(["model", "serial", "firmware"].map((name) => [name, values.get(name).trim()]));
}

function sentence(code) {
  try {
    return text(`problem.unit.${code}`);
  } catch (why) {
    console.info("a sentence of the settings", why);
    return code;
  }
}

function tell(answer) {
  const wrong = answer.body?.fields ?? [];
  mistakes.replaceChildren(...wrong.map(({ message }) => Object.assign(document.createElement("li"), { textContent: sentence(message) })));
  mistakes.hidden = !wrong.length;
  return answer.status >= 200 && answer.status < 300;
}

async function ask(body) {
  if (lost()) return;
  const path = `${form.dataset.path}/trial`;
  asked = null;
  const answer = await send(path, body, path);
  if (tell(answer)) asked = answer.body.trial.id;
  draw();
}

/* The button counts only while the trial is of what stands in the form. */
function draw() {
  const shown = tried.querySelector("[data-trial]");
  const proved = Boolean(asked) && shown?.dataset.trial === asked && "proved" in shown.dataset;
  take.disabled = !proved;
  if (proved) fillIn(shown.querySelector("[data-evidence]")?.textContent ?? "");
}

/* What a printer calls itself is offered where nobody has written anything; its last word with digits is the firmware. */
function fillIn(evidence) {
  const words = [...new Set(/calls itself ([^;]+)/.exec(evidence)?.[1].trim().split(/\s+/))];
  const firmware = words.length > 1 && /^v?\d+[\w.]*$/i.test(words.at(-1)) ? words.pop() : "";
  if (!form.elements.model.value) form.elements.model.value = words.join(" ").slice(0, 60);
  if (!form.elements.firmware.value) form.elements.firmware.value = firmware;
}

form.addEventListener("input", (event) => {
  if (event.target.name === "url" || event.target.name?.startsWith("option.") || event.target.name === "columns") asked = null;
  draw();
});
form.querySelector("[data-look]").addEventListener("click", () => ask({}));
form.querySelector("[data-try]").addEventListener("click", () => {
  if (form.reportValidity()) ask(unit());
});
tried.addEventListener("click", (event) => {
  const use = event.target.closest("[data-use]");
  if (!use) return;
  form.elements.url.value = use.dataset.use;
  asked = null;
  draw();
});
document.body.addEventListener("htmx:afterSettle", draw);
for (const ready of form.querySelectorAll("[data-look], [data-try]")) ready.disabled = false;   // nothing is pressed in vain

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const unproved = event.submitter?.matches("[data-unproved]") || take.disabled;
  const reason = form.elements.reason.value.trim();
  if (unproved && !reason) {
    document.getElementById("unproved").open = true;
    form.elements.reason.focus();
    say(text("problem.not_tried"), "problem");
    return;
  }
  const path = `${form.dataset.path}/replace`;
  const answer = await send(path, { ...unit(), ...label(), ...(unproved ? { reason } : {}) }, path);
  if (tell(answer)) location.assign(form.dataset.done);
});
