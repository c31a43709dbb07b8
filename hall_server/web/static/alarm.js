/* The emergency: a danger's button and the one that lifts the alarm act only when they are held, by finger or key. */
import { lost, say, send, text } from "/static/web/console.js";

const HOLD_MS = 2000;   // no sleeve and no child holds a button that long by chance; console.css fills it meanwhile

const dialog = document.getElementById("emergency");
let holding = null;

function begin(button) {
  if (holding || lost()) return;
  button.dataset.holding = "";
  holding = { button, timer: setTimeout(() => { const { dataset } = button; end(); act(dataset); }, HOLD_MS) };
}

function end() {
  if (!holding) return false;
  clearTimeout(holding.timer);
  delete holding.button.dataset.holding;
  holding = null;
  return true;
}

async function act({ danger }) {
  dialog.close();
  if (danger) await send("/api/v1/emergency", { kind: danger }, `emergency/${danger}`);
  else await send("/api/v1/emergency/lift", {}, "emergency");
}

const early = () => { if (end()) say(text("js.alarm.hold")); };
const held = (event) => event.target.closest(".held");

addEventListener("pointerdown", (event) => { if (held(event) && event.button === 0) begin(held(event)); });
addEventListener("pointerup", early);
addEventListener("pointercancel", end);
addEventListener("blur", end);
addEventListener("contextmenu", (event) => { if (held(event)) event.preventDefault(); });   // what a long touch opens
addEventListener("keydown", (event) => {
  if (!held(event) || ![" ", "Enter"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();   // the space bar of a clerk's page calls
  if (!event.repeat) begin(held(event));
}, true);
addEventListener("keyup", early, true);
document.querySelector("[data-emergency]").addEventListener("click", () => { if (!lost() && !document.querySelector("dialog[open]")) dialog.showModal(); });
