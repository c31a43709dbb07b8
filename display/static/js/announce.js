/* Sounds of the hall, one after another; a call older than 20 s is never heard, since its customer is on the way or gone. */

const EXPIRES_MS = 20000;
const CHIME_URL = "/static/audio/chime.wav";

export class Announcer {
  #context = new AudioContext(); #chime = null; #waiting = []; #playing = false; #now; #silent = false;

  /** `now()` is the server's clock in ms; `onAudible(bool)` says whether the browser lets this page be heard. */
  constructor({ now, onAudible }) {
    this.#now = now;
    this.#context.addEventListener("statechange", () => onAudible(this.audible));
    onAudible(this.audible);
    this.#load();
  }

  get audible() { return this.#context.state === "running"; }

  /** Inside a touch or key press this is allowed; at other times the browser may refuse. */
  async unblock() {
    await this.#context.resume();
    return this.audible;
  }

  /** Sounds for a call made at `atMs` (server's clock), after those that wait. */
  say(atMs) {
    if (this.#silent) return;
    this.#waiting.push(atMs);
    this.#next();
  }

  /** While the board is stale nothing is said, and nothing is made up for later. */
  silence(silent) {
    this.#silent = silent;
    if (silent) this.#waiting = [];
  }

  async #load() {
    const answer = await fetch(CHIME_URL);
    this.#chime = await this.#context.decodeAudioData(await answer.arrayBuffer());
    this.#next();
  }

  #next() {
    if (this.#playing || !this.#chime) return;
    this.#waiting = this.#waiting.filter((atMs) => this.#now() - atMs <= EXPIRES_MS);
    if (!this.#waiting.length) return;
    this.#waiting.shift();
    if (!this.audible) return;
    this.#playing = true;
    const source = this.#context.createBufferSource();
    source.buffer = this.#chime;
    source.connect(this.#context.destination);
    source.onended = () => { this.#playing = false; this.#next(); };
    source.start();
    document.body.dataset.chimes = Number(document.body.dataset.chimes ?? 0) + 1;
  }
}
