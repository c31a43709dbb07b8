/* What one clerk leaves to the next at a window: written in a dialog, signed with a button. */
import { lost, main, say, send, text } from "/static/web/console.js";

const dialog = document.getElementById("handover");
const path = () => `/api/v1/windows/${encodeURIComponent(main.querySelector(".desk").dataset.window)}/handover`;

async function tell(to, body) {
  if (lost()) return;
  const answer = await send(to, body, to);
  if (answer.status >= 200 && answer.status < 300) say(text("js.done"));
}

dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  dialog.close();
  event.target.reset();
  tell(path(), { note: form.get("note").trim(), to: form.get("to").trim() });
});

main.addEventListener("click", (event) => {
  if (event.target.closest("[data-sign-handover]")) tell(`${path()}/sign`, {});
});
