/* Numbers of a paper roll: each form is one entry, its times are those of today where the hall stands. */
import { lost, main, say, send, text, whenFresh } from "/static/web/console.js";

const roll = document.getElementById("roll");
const forms = [...document.querySelectorAll("form[data-roll]")];
const today = () => main.querySelector("[data-today]").dataset.today;

/* 930, 9:30 and 09.30 are one time. */
function moment(typed) {
  const digits = typed.replace(/[^0-9]/g, "").padStart(4, "0");
  return `${today()}T${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/* What was handed out last is followed by the next number: that much nobody has to type. */
function offer() {
  const shown = main.querySelector(`section[data-roll="${roll?.value}"]`);
  const first = forms[0]?.elements.first;
  if (shown && !first.value) first.value = shown.dataset.next;
}

whenFresh(offer);
roll?.addEventListener("change", () => { forms[0].reset(); offer(); });
offer();

function body(form) {
  const typed = [...form.elements].filter((one) => one.name && one.value);
  return Object.fromEntries(typed.map((one) => {
    if ("clockTime" in one.dataset) return [one.name, moment(one.value)];
    return [one.name, one.type === "number" ? Number(one.value) : one.value];
  }));
}

/* Which numbers it is about stands behind the sentence: the rest of the entry is right. */
function tell(answer) {
  const labels = (answer.body?.fields ?? []).map((one) => (one.message ? `${one.field} ${one.message}` : one.field));
  if (answer.code && labels.length) say(`${text(`problem.${answer.code}`)} ${labels.join(" · ")}`, "problem");
}

for (const form of forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (lost()) return;
    const path = `/api/v1/rolls/${encodeURIComponent(roll.value)}/${form.dataset.roll}`;
    const answer = await send(path, body(form), path);
    if (answer.status !== 200) return tell(answer);
    form.elements.first.value = form.elements.last.value = "";
    offer();
    say(text("js.roll.entered"));
  });
}
