/* The picture of the TV: the hall's slides and films in turn, each within its dates, without sound; else a standing text. */
import { fill, moment } from "/static/js/board.js";

const SLIDE_MS = 12000;
const SHORT = 22;                  // characters that stand in large letters
const FILM_MS = 5 * 60 * 1000;     // a film that never says that it has ended makes room after this
const AGAIN_MS = 60 * 1000;        // a file that could not be shown is tried again after this
const START_MS = 15 * 1000;        // nor may a file keep the old picture standing for longer than this

export class Promo {
  #box; #shown = null; #since = 0; #over = false; #loading = 0; #bad = new Map();

  constructor(box) { this.#box = box; }

  /** The item that stands on the screen; nothing while the standing text does. */
  get shown() { return this.#shown?.id ?? ""; }

  /** Called often: `items` in their order, each for so long at least; while not `awake` nothing plays. */
  tick(items, now, awake, leastMs) {
    const fit = awake ? items.filter((one) => moment(one.begins) <= now && now < moment(one.ends) && this.#usable(one)) : [];
    const clock = performance.now();
    if (this.#shown && !fit.some((one) => one.id === this.#shown.id)) this.#stand();
    if (!fit.length || (this.#loading && clock - this.#loading < START_MS)) return;
    const turn = this.#shown?.kind === "video" ? FILM_MS : Math.max(SLIDE_MS, leastMs);
    if (this.#shown && !this.#over && clock - this.#since < turn) return;
    const next = fit[(fit.findIndex((one) => one.id === this.#shown?.id) + 1) % fit.length];
    if (next.id === this.#shown?.id && next.kind !== "video") { this.#since = clock; return; }
    this.#load(next);
  }

  #usable(item) { return performance.now() - (this.#bad.get(item.id) ?? -Infinity) > AGAIN_MS; }

  /* The new picture takes the old one's place only when it can be seen: a missing file leaves no hole. */
  async #load(item) {
    const started = this.#loading = performance.now();
    const slide = document.importNode(document.getElementById(`promo-${item.kind}`).content.firstElementChild, true);
    fill(slide, { text: item.text });
    slide.dataset.long = item.text.zh.length > SHORT || item.text.en.length > 2 * SHORT ? "yes" : "no";
    slide.dataset.text = item.text.zh || item.text.en ? "yes" : "no";
    try {
      if (item.kind !== "text") await ready(slide.querySelector("img, video"), item.url, () => { if (this.#shown === item) this.#over = true; });
      if (this.#loading !== started) return;
      this.#loading = 0;
      this.#put(slide, item);
    } catch (why) {
      console.info("a picture or film cannot be shown", item.url, why);
      this.#bad.set(item.id, performance.now());
      if (this.#loading === started) this.#loading = 0;
    }
  }

  #put(slide, item) {
    this.#clear();
    this.#shown = item;
    this.#since = performance.now();
    this.#over = false;
    this.#box.append(slide);
    this.#box.dataset.playing = item.kind;
  }

  #stand() {
    this.#clear();
    this.#shown = null;
    this.#box.dataset.playing = "no";
  }

  #clear() {
    this.#loading = 0;
    for (const old of this.#box.querySelectorAll(".slide")) {
      old.querySelector("video")?.pause();
      old.remove();
    }
  }
}

async function ready(element, url, over) {
  element.src = url;
  if (element.tagName === "IMG") return element.decode();
  element.muted = true;   // an attribute in a template does not silence a copy
  element.addEventListener("ended", over);
  return element.play();
}
