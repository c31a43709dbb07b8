/* A window's redirect on every console: what it does, fetched when somebody is about to decide, and a proposal's answer. */
import { lost, main, say, send, text } from "/static/web/console.js";

const ANSWER_MS = 4000;   // longer than the server thinks, shorter than anybody looks at an empty dialog

/** Shows in `place` what redirecting this window does; without a window nothing. */
export async function showEffect(place, window) {
  place.dataset.window = window ?? "";
  place.replaceChildren();
  if (!window) return;
  const shown = await fetched("detour", window, "js.no_preview");
  if (place.dataset.window === window) place.replaceChildren(...shown);   // else another one was chosen meanwhile
}

/** A part of this console about a window, as nodes; or the words that there is none. */
export async function fetched(part, window, otherwise) {
  try {
    const address = `${location.pathname}/${part}?window=${encodeURIComponent(window)}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!answer.ok) throw new Error(`status of ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.body.childNodes;
  } catch (why) {
    console.info(`no ${part}`, why);
    return [text(otherwise)];
  }
}

main.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-answer]");
  if (!button || button.disabled || lost()) return;
  const { window, answer } = button.dataset;
  const path = `/api/v1/windows/${encodeURIComponent(window)}/redirect/answer`;
  const told = await send(path, { undo: answer === "no" }, `${path}/${answer}`);
  if (told.status >= 200 && told.status < 300) say(text("js.done"));
});
