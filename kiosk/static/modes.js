// How the kiosk looks and is used: language, modes, keys instead of touches, and that all of it ends with the customer.

const IDLE_MS = 30000; // whoever has not touched anything for so long is asked
const RING_MS = 15000; // and has so long to answer
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const PATIENCE = 3; // so many times as long for who has to listen first
const RIVALS = { large: "low", low: "large" }; // large letters need the whole height, low controls half of it

const root = document.documentElement;
const all = (selector) => [...document.querySelectorAll(selector)];
const ring = document.querySelector("[data-stay]");

let touchedAt = performance.now();
let keyed = false; // whether the customer goes by keys

export function speak(language) {
  root.dataset.language = language;
  root.lang = language;
  for (const button of all("button[data-zh]")) button.setAttribute("aria-label", button.dataset[language]);
}

export function mode(name, on) {
  if (!document.querySelector(`[data-mode=${name}]`)?.checkVisibility() && on) return;
  root.toggleAttribute(`data-${name}`, on);
  if (on && RIVALS[name]) root.removeAttribute(`data-${RIVALS[name]}`);
  for (const button of all("[data-mode]")) {
    button.setAttribute("aria-pressed", String(root.hasAttribute(`data-${button.dataset.mode}`)));
  }
}

export const is = (name) => root.hasAttribute(`data-${name}`);

/* After another screen was drawn: whoever goes by keys is on its first button. */
export function follow(another) {
  const main = reachable().filter((one) => !one.closest(".bar, .info"));
  if (keyed && (another || !reachable().includes(document.activeElement))) main[0]?.focus();
}

function reachable() {
  return ring.hidden ? [...all("main button, .bar button"), ...all(".info button")].filter((one) => !one.disabled && one.checkVisibility()) : [ring];
}

function walk(by) {
  const buttons = reachable();
  const from = buttons.indexOf(document.activeElement);
  buttons.at(from < 0 ? Math.min(by, 0) : (from + by) % buttons.length)?.focus();
}

/* asking(): a screen of the customer's own is open; begun(): something of theirs is on the home screen. */
export function watch({ asking, begun, stay, wipe, changed, asked }) {
  const plain = () => root.dataset.language === "zh" && !all("[data-mode]").some((one) => is(one.dataset.mode));
  const touched = () => {
    touchedAt = performance.now();
    if (ring.hidden) return;
    ring.hidden = true;
    stay();
    follow(false);
  };
  const forget = (theirs) => {
    for (const button of all("[data-mode]")) mode(button.dataset.mode, false);
    speak("zh");
    if (theirs) wipe();
    changed();
  };
  ring.addEventListener("click", touched);
  addEventListener("pointerdown", (event) => {
    keyed = false;
    if (!ring.contains(event.target)) touched();
  });
  addEventListener("keydown", (event) => {
    if (!ring.hidden) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (STEPS[event.key]) {
      event.preventDefault();
      walk(STEPS[event.key]);
    }
    keyed ||= event.key in STEPS || event.key === "Tab";
    touched();
  }, { capture: true });
  setInterval(() => {
    const idle = performance.now() - touchedAt;
    const times = is("guide") ? PATIENCE : 1;
    const theirs = asking() || begun() || (root.dataset.shown === "home" && !plain());
    if (idle > (IDLE_MS + RING_MS) * times) {
      if (theirs || !plain()) forget(theirs);
      touchedAt = performance.now();
    }
    const before = ring.hidden;
    ring.hidden = !(theirs && performance.now() - touchedAt > IDLE_MS * times);
    if (before && !ring.hidden) asked(ring);
  }, 500);
  for (const button of all("[data-mode]")) {
    button.addEventListener("click", () => {
      mode(button.dataset.mode, !is(button.dataset.mode));
      changed(button.dataset.mode);
    });
  }
}
