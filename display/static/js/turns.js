/* A far screen has room for one language at a time, and for few words: texts take turns, long ones page by page. */

const TURN_MS = 6000;              // one language, then the other
const PAGE_MS = 3000;              // a page of a text that does not fit: some twenty letters

export class Turns {
  #far; #began = performance.now(); #length = TURN_MS;

  /** Each round shows both languages once; a screen that has both side by side stays in round 0. */
  round = 0;

  constructor(far) { this.#far = far; }

  get far() { return this.#far; }

  /** How long a round takes as long as its texts stay as they are. */
  get roundMs() { return 2 * this.#length; }

  /** Something new is read from its beginning. */
  restart() {
    document.body.dataset.turn = "zh";
    this.#began = performance.now();
  }

  /** Called often. */
  tick() {
    if (!this.#far) return;
    const now = performance.now();
    if (now - this.#began >= this.#length) {
      const second = document.body.dataset.turn === "zh";
      document.body.dataset.turn = second ? "en" : "zh";
      this.#began = now;
      this.round += second ? 0 : 1;
    }
    this.#turnPages(now - this.#began);
  }

  #turnPages(elapsed) {
    const boxes = [...document.querySelectorAll(".paged")].map((box) => [box, pages(box)]);
    this.#length = Math.max(TURN_MS, PAGE_MS * Math.max(...boxes.map(([, count]) => count)));
    for (const [box, count] of boxes) {
      const page = Math.min(Math.floor(elapsed / (this.#length / count)), count - 1);
      const top = Math.round(page * box.getBoundingClientRect().height);
      if (box.scrollTop !== top) box.scrollTop = top;
    }
  }
}

function pages(box) {
  return box.clientHeight ? Math.max(Math.round(box.scrollHeight / box.clientHeight), 1) : 1;
}
