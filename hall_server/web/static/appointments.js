/* The appointments page: confirm, cancel, one more, and a sheet of which every wrong line is named. */
import { main, say, send, text, whenFresh } from "/static/web/console.js";

const book = document.getElementById("book");
const sheet = document.getElementById("sheet");
const code = document.getElementById("code");
const wrong = document.getElementById("wrong");

/* Places are taken meanwhile: the choice is that of the newest fragment, and stays where it can. */
function drawSlots() {
  const chosen = book.slot.value;
  book.slot.replaceChildren(document.getElementById("slots").content.cloneNode(true));
  if ([...book.slot.options].some((one) => one.value === chosen)) book.slot.value = chosen;
  book.querySelector("button").disabled = !book.slot.options.length;
}

whenFresh(drawSlots);
drawSlots();

main.addEventListener("click", (event) => {
  const button = event.target.closest("[data-path]");
  if (button) send(button.dataset.path, {}, button.dataset.path);
});

/* A code is shown until the next one: whoever stands here has to write it down. */
function show(booked) {
  code.textContent = booked.map((one) => text("js.code", { code: one.code ?? text("js.code_lost") })).join(" · ");
  code.hidden = false;
}

book.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [service, at] = book.slot.value.split(" ");
  const answer = await send("/api/v1/appointments", { service, at, name: book.elements.name.value, contact: book.contact.value });
  if (answer.status !== 201) return;
  show([answer.body]);
  book.elements.name.value = book.contact.value = "";
});

/* Codes of a sheet are for its maker's letters: a file to take away, not a page to read. */
function take(booked) {
  const lines = ["at,service,code", ...booked.map((one) => `${one.at},${one.service},${one.code ?? ""}`)];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
  link.download = "codes.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

sheet.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send("/api/v1/appointments/import", { csv: await sheet.file.files[0].text() });
  wrong.replaceChildren(...(answer.code ? answer.body.fields ?? [] : []).map((field) => {
    const line = document.createElement("li");
    line.textContent = text("js.line", { n: field.field, why: text(`js.sheet.${field.message}`) });
    return line;
  }));
  if (answer.status !== 201) return;
  say(text("js.imported", { n: answer.body.booked.length }));
  take(answer.body.booked);
});
