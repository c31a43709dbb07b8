/* The list of one inspection: ticked on a phone, sent once, and kept as it was when the hall could not be reached. */
import { lost, say, send, text } from "/static/web/console.js";

const LEAVE_MS = 1200;   // long enough to read that it is noted

const form = document.querySelector(".inspection");

/* What is wrong may be written only where something is wrong. */
function draw() {
  for (const item of form.querySelectorAll("fieldset")) {
    item.classList.toggle("wrong", Boolean(item.querySelector("[value=defect]:checked")));
  }
  form.classList.toggle("defective", Boolean(form.querySelector(".wrong")));
}

form.addEventListener("change", draw);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (lost()) return;
  const items = [...form.querySelectorAll("fieldset")].map((item) => ({
    zh: item.dataset.zh, en: item.dataset.en, ok: !item.classList.contains("wrong"),
    note: item.classList.contains("wrong") ? item.querySelector(".field input").value : "",
  }));
  const answer = await send(form.dataset.path, { plan: form.dataset.plan, items, usable: form.usable.checked }, JSON.stringify(items));
  if (answer.status < 200 || answer.status >= 300) return;
  say(text("js.inspected"));
  setTimeout(() => location.assign("/maintenance/checks"), LEAVE_MS);
});

draw();
