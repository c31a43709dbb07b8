/* What one clerk leaves to the next at a window, and whose it is: written in dialogs, signed with a button. */
import { lost, main, say, send, text } from "/static/web/console.js";

const dialog = document.getElementById("handover");
const seat = document.getElementById("seat");
const path = (verb) => `/api/v1/windows/${encodeURIComponent(main.querySelector(".desk").dataset.window)}/${verb}`;

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
  tell(path("handover"), { note: form.get("note").trim(), to: form.get("to").trim() });
});

seat.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = new FormData(event.target).get("reason").trim();
  seat.close();
  event.target.reset();
  if (reason) tell(path("session"), { reason });
});

main.addEventListener("click", (event) => {
  if (event.target.closest("[data-sign-handover]")) tell(path("handover/sign"), {});
  const taken = event.target.closest("[data-take-over]");
  if (!taken || lost() || document.querySelector("dialog[open]")) return;
  seat.querySelector("[data-who]").textContent = text("js.seat.text", { who: taken.dataset.who });
  seat.showModal();
});
