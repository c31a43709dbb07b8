/* Complaints: who sees to one and until when, what was done, what came of it; or one that somebody told the staff. */
import { lost, main, say, send, text } from "/static/web/console.js";

const PATHS = { take: "/take", note: "/note", close: "/close" };
let about = "";   // the complaint of the open dialog; none: it is a new one

main.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button || lost() || document.querySelector("dialog[open]")) return;
  const dialog = document.getElementById(button.dataset.do), form = dialog.querySelector("form");
  about = button.dataset.id ?? "";
  form.reset();
  dialog.querySelector(".wrong").textContent = "";
  if (button.dataset.do === "take") {
    form.elements.assignee.value = button.dataset.assignee;
    form.elements.due.value = button.dataset.due;
  }
  dialog.showModal();
});

for (const dialog of document.querySelectorAll("dialog:has(form .wrong)")) {
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const wanted = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]));
    const path = about ? `/${encodeURIComponent(about)}${PATHS[dialog.id]}` : "";
    const answer = await send(`/api/v1/complaints${path}`, wanted, JSON.stringify([about, dialog.id, wanted]));
    if (answer.status >= 200 && answer.status < 300) {
      dialog.close();
      say(text(about ? "js.complaint.done" : "js.complaint.made", { number: answer.body.number }));
    } else dialog.querySelector(".wrong").textContent = answer.code ? text(`problem.${answer.code}`) : text("js.no_answer");
  });
}
