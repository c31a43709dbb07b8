/* Putting up and taking away what the hall tells its customers: a file goes up in small parts, then the item that shows it. */
import { lost, main, say, send, text } from "/static/web/console.js";

const PART_BYTES = 42000;   // as base64 less than one request may have
const READ = ["guide", "fees"];   // what kiosks let customers read
let edited = "";   // the item that the form changes; none: it makes one
const add = document.getElementById("add"), preview = document.getElementById("preview");
const heads = { add: add.querySelector("h2").textContent, edit: add.querySelector("h2").dataset.edit };
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
  const withFile = wanted.place === "promo" && file?.size > 0, keep = wanted.place === "promo" && form.has("keep");
  if (READ.includes(wanted.place)) {
    for (const name of ["more_zh", "more_en"]) wanted[name] = form.get(name).trim();
    if (form.get("service")) wanted.service = form.get("service");
    wanted.on_tv = form.has("on_tv");
  }
  wrong.textContent = "";
  if (wanted.last < wanted.first) { wrong.textContent = text("js.content.dates"); return; }
  if (!withFile && !keep && !(wanted.zh && wanted.en && wanted.more_zh !== "" && wanted.more_en !== "")) { wrong.textContent = text("js.content.both"); return; }
  if (withFile) {
    wanted.upload = await upload(file);
    if (!wanted.upload) return;
  }
  if (edited && keep && !withFile) wanted.keep = true;
  const path = edited ? `/api/v1/content/${encodeURIComponent(edited)}/revise` : "/api/v1/content";
  const answer = await send(path, wanted, JSON.stringify([edited, wanted]));
  if (!done(answer)) { refused(answer); return; }
  add.close();
  say(text(edited ? "js.content.revised" : "js.content.added"));
});

/* The form, empty for something new or as an item stands there. */
function open(id, item = {}, file = false) {
  const form = add.querySelector("form");
  form.reset();
  edited = id;
  add.querySelector("h2").textContent = id ? heads.edit : heads.add;
  for (const [name, value] of Object.entries(item)) {
    const field = form.elements[name];
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  }
  add.querySelector("[data-keep]").hidden = !file;
  form.elements.keep.checked = file;
  wrong.textContent = "";
  add.showModal();
}

function show({ kind, url, place, moreZh, moreEn }, zh, en) {
  const slide = preview.querySelector(".slide"), said = document.createElement("p");
  preview.querySelector(".tv-picture").dataset.place = place;
  for (const [lang, words] of [["zh", zh], ["zh", moreZh], ["en", en], ["en", moreEn]]) {
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
    open("");
  } else if (button.dataset.edit) {
    open(button.dataset.edit, JSON.parse(button.dataset.item), row.querySelector("[data-kind]").dataset.kind !== "text");
  } else if (button.dataset.preview) {
    show(button.dataset, row.querySelector("[data-zh]").textContent, row.querySelector("[data-en]").textContent);
  } else if (button.dataset.remove) {
    const answer = await send(`/api/v1/content/${encodeURIComponent(button.dataset.remove)}/remove`, {}, button.dataset.remove);
    if (done(answer)) say(text("js.content.removed"));
  }
});
