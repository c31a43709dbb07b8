/* Putting up and taking away what the hall tells its customers: a file goes up in small parts, then the item that shows it. */
import { lost, main, say, send, text } from "/static/web/console.js";

const PART_BYTES = 42000;   // as base64 less than one request may have
const add = document.getElementById("add"), preview = document.getElementById("preview");
const wrong = add.querySelector(".wrong"), progress = add.querySelector("progress");
const done = (answer) => answer.status >= 200 && answer.status < 300;

function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function newName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* The name of the upload; nothing when a part was refused: then the console has said why. */
async function upload(file) {
  const name = newName();
  progress.hidden = false;
  try {
    for (let offset = 0; offset < file.size; offset += PART_BYTES) {
      const data = base64(new Uint8Array(await file.slice(offset, offset + PART_BYTES).arrayBuffer()));
      const answer = await send("/api/v1/content/parts", { upload: name, offset, data }, `${name}/${offset}`, { quiet: true });
      if (!done(answer)) return refused(answer);
      progress.value = Math.min(1, (offset + PART_BYTES) / file.size);
    }
    return name;
  } finally {
    progress.hidden = true;
  }
}

function refused({ code }) {
  wrong.textContent = code ? text(`problem.${code}`) : text("js.no_answer");
  return null;
}

add.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target), file = form.get("file");
  const wanted = Object.fromEntries(["place", "zh", "en", "owner", "first", "last"].map((name) => [name, form.get(name).trim()]));
  const withFile = wanted.place === "promo" && file?.size > 0;
  wrong.textContent = "";
  if (wanted.last < wanted.first) { wrong.textContent = text("js.content.dates"); return; }
  if (!withFile && !(wanted.zh && wanted.en)) { wrong.textContent = text("js.content.both"); return; }
  if (withFile) {
    wanted.upload = await upload(file);
    if (!wanted.upload) return;
  }
  const answer = await send("/api/v1/content", wanted, JSON.stringify(wanted));
  if (!done(answer)) { refused(answer); return; }
  add.close();
  say(text("js.content.added"));
});

function show({ kind, url, place }, zh, en) {
  const slide = preview.querySelector(".slide"), said = document.createElement("p");
  preview.querySelector(".tv-picture").dataset.place = place;
  for (const [lang, words] of [["zh", zh], ["en", en]]) {
    if (words) said.append(Object.assign(document.createElement("span"), { lang, textContent: words }));
  }
  const picture = { image: "img", video: "video" }[kind];
  slide.replaceChildren(said);
  if (picture) {
    const element = Object.assign(document.createElement(picture), { src: url, alt: "" });
    if (kind === "video") Object.assign(element, { muted: true, controls: true });
    slide.prepend(element);
  }
  preview.showModal();
}

main.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button || lost() || document.querySelector("dialog[open]")) return;
  const row = button.closest("li");
  if ("add" in button.dataset) {
    add.querySelector("form").reset();
    wrong.textContent = "";
    add.showModal();
  } else if (button.dataset.preview) {
    show(button.dataset, row.querySelector("[data-zh]").textContent, row.querySelector("[data-en]").textContent);
  } else if (button.dataset.remove) {
    const answer = await send(`/api/v1/content/${encodeURIComponent(button.dataset.remove)}/remove`, {}, button.dataset.remove);
    if (done(answer)) say(text("js.content.removed"));
  }
});
