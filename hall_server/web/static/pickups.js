/* What customers fetch: one touch says that it is ready, another that it is not after all; a number is found by typing. */
import { lost, main, say, send, text, whenFresh } from "/static/web/console.js";

const label = document.querySelector("[data-find] [name=label]");

function find() {
  const wanted = label.value.trim().toUpperCase();
  for (const row of main.querySelectorAll("tr[data-label]")) row.hidden = !row.dataset.label.includes(wanted);
}

label.addEventListener("input", find);
label.form.addEventListener("submit", (event) => event.preventDefault());
whenFresh(find);

main.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-ready]");
  if (!button || lost()) return;
  const ready = button.dataset.ready === "true";
  const { slip, label: of } = button.dataset;
  const answer = await send(`/api/v1/pickups/${encodeURIComponent(slip)}/ready`, { ready }, `${slip}/${ready}`);
  if (answer.status === 200) say(text(ready ? "js.pickup.ready" : "js.pickup.not_ready", { label: of }));
});
