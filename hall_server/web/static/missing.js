/* What a customer lacks: ticked, told once on paper, and printed again. */
import { lost, main, say, send, text } from "/static/web/console.js";

const dialog = document.getElementById("missing");
const desk = () => main.querySelector(".desk").dataset;
const path = (rest) => `/api/v1/windows/${encodeURIComponent(desk().window)}/missing${rest}`;

/** Draws the list of the customer who is at the window now. */
export function draw() {
  dialog.querySelector("[data-items]").replaceChildren(main.querySelector("#materials").content.cloneNode(true));
  dialog.dataset.about = desk().ticket;
  count();
}

function count() {
  dialog.querySelector("[type=submit]").disabled = !dialog.querySelector("input:checked");
}

dialog.addEventListener("change", count);

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const items = new FormData(event.target).getAll("item");
  dialog.close();
  if (!items.length) return;
  const answer = await send(path(""), { items }, `missing/${dialog.dataset.about}`);
  if (answer.status === 200) say(text("js.missing.told", { label: answer.body.label }));
});

main.addEventListener("click", (event) => {
  const again = event.target.closest("[data-print]");
  if (again && !lost()) send(path(`/${encodeURIComponent(again.dataset.print)}/print`), {}, again.dataset.print);
});

/** The customer in question may be gone meanwhile. */
export function recheck() {
  if (dialog.open && dialog.dataset.about !== desk().ticket) dialog.close();
}
