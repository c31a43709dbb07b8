// The audio guide: what is touched or reached by keys is said first, and acts when it is pressed again. Screens are read
// as they are shown; the kiosk program makes the sounds, so that they are there without a server, too.

import { is } from "/static/kiosk/modes.js";

const KEY = "F1"; // of a keypad beside the screen: who does not see it needs no switch on it

const root = document.documentElement;
const all = (selector, from) => [...from.querySelectorAll(selector)];

let context = null;
let source = null;
let turn = 0; // of what was asked for last: anything older is not begun any more
let heard = null; // the target that was said
let due = null; // the one that had been said when the screen was touched

export function hush() {
  turn += 1;
  source?.stop();
  source = null;
}

async function say(wanted) {
  hush();
  const mine = turn;
  try {
    context ??= new AudioContext();
    const [answer] = await Promise.all([fetch(`/hear/${root.dataset.language}?${wanted}`), context.resume()]);
    const sound = answer.ok ? await context.decodeAudioData(await answer.arrayBuffer()) : null;
    if (!sound || mine !== turn) return;
    source = context.createBufferSource();
    source.buffer = sound;
    source.connect(context.destination);
    source.start();
  } catch (why) {
    console.info("not said", why); // the program on this computer starts anew; the screen says so itself
  }
}

/* Targets are drawn anew while somebody listens: the same one is known by what it stands for. */
const mark = (button) => button.dataset.id ?? button.dataset.topic ?? (button.textContent.trim() || button);

/* Texts in the customer's language, in the order in which they stand there. */
function texts(from, left) {
  return all(".pair, [data-label], [data-waiting] b", from)
    .filter((one) => one.checkVisibility() && !one.closest(left))
    .map((one) => (one.matches(".pair") ? one.querySelector(`[lang=${root.dataset.language}]`) : one).textContent.trim())
    .filter((text) => text);
}

function target(button) {
  const said = texts(button, "[data-name]"); // the program knows how a service is called
  if (!said.length) said.push(button.dataset[root.dataset.language] ?? button.textContent.trim());
  const rows = new URLSearchParams(button.dataset.id ? { tile: button.dataset.id } : {});
  const beside = all("button", button.closest("ul, .choices, .bars, nav, footer") ?? document).filter((one) => one.checkVisibility());
  rows.set("place", beside.indexOf(button) + 1);
  for (const text of said) if (text) rows.append("say", text);
  return rows;
}

function point(button) {
  heard = mark(button);
  say(target(button));
}

/* Another screen, or another language: its texts, and the target on which whoever goes by keys stands. */
export function page(...first) {
  if (!is("guide")) return;
  const focused = document.activeElement?.closest("main button");
  const button = focused?.checkVisibility() ? focused : null; // what was hidden just now has the focus a moment longer
  const section = all("main > section", document).find((one) => !one.hidden);
  const rows = button ? target(button) : new URLSearchParams();
  for (const text of [...first, ...texts(section, "button, .strips, .calling, .opens")]) rows.append("before", text);
  heard = button ? mark(button) : null;
  say(rows);
}

/* The question whether more time is needed lies over everything. */
export function ask(ring) {
  if (is("guide")) say(target(ring));
}

addEventListener("focusin", (event) => {
  const button = event.target.closest?.("button");
  if (is("guide") && button && mark(button) !== heard) point(button);
});
// A touch moves the focus before it is a click.
addEventListener("pointerdown", () => { due = heard; }, { capture: true });
// Keys press what has the focus, and that was said: only touches (they are counted) have to come twice.
addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!is("guide") || !button || event.detail === 0 || button.matches("[data-stay]")) return;
  if (mark(button) === due) {
    heard = due = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  button.focus();
  if (mark(button) !== heard) point(button); // it had the focus already
}, { capture: true });
addEventListener("keydown", (event) => {
  if (event.key !== KEY) return;
  event.preventDefault();
  document.querySelector("[data-mode=guide]").click();
});
