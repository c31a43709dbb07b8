/* A complaint that a customer told the clerk; what was typed stays until the hall has it. */
import { main, say, send, text } from "/static/web/console.js";

const dialog = document.getElementById("complaint"), form = dialog.querySelector("form"), wrong = dialog.querySelector(".wrong");

/** The number of whoever stands there is offered; it can be taken out, or be another one. */
export function about() {
  const { label } = main.querySelector(".desk").dataset;
  if (form.dataset.about !== label) {   // what was typed about somebody else is not theirs
    form.reset();
    form.elements.label.value = form.dataset.about = label;
  }
  wrong.textContent = "";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wanted = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
  const answer = await send("/api/v1/complaints", wanted, JSON.stringify(wanted));
  if (answer.status >= 200 && answer.status < 300) {
    form.reset();
    delete form.dataset.about;
    dialog.close();
    say(text("js.complaint.made", { number: answer.body.number }));
  } else wrong.textContent = answer.code ? text(`problem.${answer.code}`) : text("js.no_answer");
});
