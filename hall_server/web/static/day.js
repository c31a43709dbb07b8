/* The day of the hall: each form is one command, its fields are the body. */
import { lost, main, say, send, text } from "/static/web/console.js";

function body(form, pressed) {
  const fields = [...form.elements].filter((one) => one.name && one.tagName !== "BUTTON");
  const typed = fields.map((one) => [one.name, one.type === "number" ? Number(one.value) : one.value.trim()]);
  return Object.fromEntries(pressed?.name ? [...typed, [pressed.name, JSON.parse(pressed.value)]] : typed);
}

main.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-send]");
  if (!form) return;
  event.preventDefault();
  if (lost()) return;
  const answer = await send(form.dataset.send, body(form, event.submitter), form.dataset.send);
  if (answer.status >= 200 && answer.status < 300) {
    form.reset();
    say(text("js.done"));
  }
});
