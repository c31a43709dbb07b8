/* The administrator's forms: what stands in them goes out as one value; each mistake comes back to its field. */
import { lost, main, say, send, text } from "/static/web/console.js";

const form = document.getElementById("setup");
const letters = JSON.parse(document.getElementById("letters")?.textContent ?? "{}");
const OWNER = "[data-row], form";

function said(key, fallback) {
  try {
    return text(key);
  } catch (why) {
    console.info("a code without a sentence of its own", why);
    return fallback;
  }
}

// --- what stands in the form

const own = (scope, selector) => [...scope.querySelectorAll(selector)].filter((one) => one.parentElement.closest(OWNER) === scope);
const rowsOf = (container) => [...container.children].filter((one) => "row" in one.dataset);

/* Typed with a Chinese keyboard or an English one: dashes, colons and what stands between two of them. */
function words(value) {
  return value.replaceAll(/\s*[-\u2013\u2014~]\s*/g, "-").replaceAll("\uff1a", ":").split(/[\s,;\uff0c\u3001\uff1b]+/).filter(Boolean);
}

function valueOf(field) {
  const value = field.value.trim();
  if ("boolean" in field.dataset) return value === "true";
  if (field.type === "checkbox") return field.checked;
  if (field.type === "number" || "number" in field.dataset) return value === "" ? null : Number(value);
  if ("split" in field.dataset) return words(value);
  return value;
}

/* One object of a form or of a row: lists are gathered by name, rows within it likewise. */
function read(scope) {
  const found = {};
  for (const field of own(scope, "[name]")) {
    if (field.type === "radio" && !field.checked) continue;
    if ("list" in field.dataset) {
      found[field.name] ??= [];
      if (field.type === "checkbox" ? field.checked : field.value) found[field.name].push(field.value);
    } else {
      found[field.name] = valueOf(field);
    }
  }
  for (const container of own(scope, "[data-rows]")) found[container.dataset.rows] = rowsOf(container).map(read);
  return found;
}

function asked() {
  const { id, ...value } = read(form);
  return { version: form.dataset.version, ...(id === undefined ? {} : { id }), [form.dataset.key]: value };
}

// --- mistakes

/* "hours.2.spans": the row of the list, then the field in it; what has no field of its own is told at the row. */
function place(path) {
  let scope = form, found = null;
  for (const part of path.split(".")) {
    const at = /^\d+$/.test(part) ? null : own(scope, `[data-field="${part}"]`)[0] ?? own(scope, `[name="${part}"]`)[0]?.closest("label");
    if (at) found = at;
    const rows = /^\d+$/.test(part) ? found?.querySelector("[data-rows]") : null;
    if (rows) { scope = rowsOf(rows)[Number(part)] ?? scope; found = scope; }
  }
  return found;
}

const box = form?.querySelector(".wrongs");

function clear() {
  for (const old of form.querySelectorAll(".wrong")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) { field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); }
  box.hidden = true;
  form.querySelector(".saved")?.remove();
}

function mark(at, sentence, number) {
  const field = at.matches("input, select") ? at : at.querySelector("input:not([type=hidden]), select");
  const told = Object.assign(document.createElement("small"), { className: "wrong", id: `wrong-${number}`, textContent: sentence });
  at.append(told);
  field?.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-describedby", told.id);
  return field;
}

/* A mistake of a whole row is named after its list. */
function line(sentence, field, at, english) {
  const item = document.createElement("li");
  const name = at?.closest("label, fieldset")?.querySelector("span, legend")?.textContent.trim();
  if (field) {
    const go = Object.assign(document.createElement("button"), { type: "button", textContent: name ? `${name}: ${sentence}` : sentence });
    go.addEventListener("click", () => field.focus());
    item.append(go);
  } else {
    item.textContent = sentence;
    if (english) item.lang = "en";
  }
  return item;
}

function tell({ code, body }) {
  clear();
  const wrong = body?.fields ?? [];
  const items = wrong.map(({ field, code: why, message }, number) => {
    const sentence = said(`problem.setting.${why}`, message), at = field ? place(field) : null;
    if (at) return line(sentence, mark(at, sentence, number), at);
    if (why === "other") return line(message, null, null, true);   // in the words of the file, with its line
    return line(message === why ? sentence : `${sentence} (${message})`, null, null);
  });
  box.querySelector("span").textContent = code ? said(`problem.${code}`, body?.detail ?? code) : text("js.no_answer");
  box.querySelector("ul").replaceChildren(...items);
  box.hidden = false;
  say("");   // told here, once
  box.focus();
  if (body?.fresh) form.dataset.version = body.fresh.version;   // whoever saves again writes into what stands there now
}

const done = (answer) => answer.status >= 200 && answer.status < 300;

async function write(path, body) {
  if (lost()) return;
  const answer = await send(path, body, form.dataset.version);
  if (answer.status === null) return;
  if (done(answer)) location.assign(path.endsWith("/remove") ? form.dataset.back : back(body));
  else tell(answer);
}

function back(body) {
  const edited = body.id ?? form.dataset.edit;
  return `${form.dataset.back}?${edited ? `${form.dataset.param ?? "edit"}=${encodeURIComponent(edited)}&` : ""}saved`;
}

// --- rows

function addRow(name) {
  const container = form.querySelector(`[data-rows="${name}"]`);
  container.append(form.querySelector(`template[data-of="${name}"]`).content.cloneNode(true));
  container.lastElementChild.querySelector("input:not([type=hidden]), select").focus();
}

function dropRow(row) {
  const next = row.nextElementSibling?.querySelector("[data-drop]") ?? row.closest("fieldset").querySelector("[data-add]");
  row.remove();
  next.focus();
}

// --- what a letter is heard as, and an id that nobody has typed

function hear() {
  const field = form.elements.prefix, label = field.closest("label");
  label.querySelector(".heard")?.remove();
  const codes = letters[field.value.trim()] ?? [];
  if (!codes.length) return;
  const told = Object.assign(document.createElement("small"), { className: "heard", textContent: codes.map((code) => text(`problem.setting.${code}`)).join(" ") });
  label.append(told);
}

function nameIt() {
  const { id, en } = form.elements;
  if (id && en && !("typed" in id.dataset)) id.value = en.value.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "").slice(0, 24);
}

// --- what screens would say

function lines(list, names) {
  list.replaceChildren(...names.map(({ zh, en }) => {
    const item = document.createElement("li");
    for (const [lang, words] of [["zh", zh], ["en", en]]) item.append(Object.assign(document.createElement("span"), { lang, textContent: words }));
    return item;
  }));
}

async function look() {
  const day = form.querySelector("[data-day]").value, time = form.querySelector("[data-time]").value;
  const answer = await send("/api/v1/admin/calendar/preview", { ...asked(), at: `${day}T${time}` }, "", { quiet: true });
  if (answer.status === null) return;
  if (!done(answer)) { tell(answer); return; }
  clear();
  const { open, kiosk, tv, services } = answer.body, screens = form.querySelector(".screens");
  const opens = screens.querySelector("[data-open]");
  opens.textContent = open ? opens.dataset.open : opens.dataset.closed;
  lines(screens.querySelector("[data-kiosk]"), kiosk);
  lines(screens.querySelector("[data-services]"), services.map(({ name, said: words }) => ({ zh: `${name.zh} ${words.zh}`, en: `${name.en} ${words.en}` })));
  lines(screens.querySelector("[data-tv]"), tv);
  screens.hidden = false;
}

// --- what is pressed

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  write(form.dataset.path, asked());
});

form?.addEventListener("input", ({ target }) => {
  if (target.name === "id") target.dataset.typed = "";
  if (target.name === "en") nameIt();
  if (target.name === "prefix") hear();
});

form?.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.add) addRow(button.dataset.add);
  else if ("drop" in button.dataset) dropRow(button.closest("[data-row]"));
  else if ("look" in button.dataset) look();
  else if ("remove" in button.dataset) document.getElementById("remove").showModal();
});

const remove = document.getElementById("remove");
remove?.querySelector("form").addEventListener("submit", () => {
  remove.close();
  write(`${form.dataset.path}/remove`, { version: form.dataset.version });
});

main.addEventListener("click", async ({ target }) => {
  if (!target.closest("[data-apply]") || lost()) return;
  if (done(await send("/api/v1/config/apply", {}, "apply"))) say(text("js.done"));
});

if (form?.elements.prefix) hear();
