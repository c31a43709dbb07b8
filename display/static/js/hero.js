/* The queue of the hero: every call is seen in turn, none is skipped, and a backlog only makes each turn shorter. */

const TURN_MS = 6000;          // what a person needs to look up, read and compare with the paper
const SHORTEST_MS = 2000;      // still longer than the chime
const BACKLOG_MS = 8000;       // shared by those that wait: the fifth of five is seen, and heard, within 20 s

/** How long the call on the hero stays when so many wait behind it. */
export function turn(waiting) {
  return Math.max(SHORTEST_MS, Math.min(TURN_MS, BACKLOG_MS / Math.max(waiting, 1)));
}

/* The window broke or the ticket waits again: nobody may be sent there any more. */
export function withdrawn(call, board) {
  const row = board.windows.find((one) => one.id === call.window);
  return !board.hero || call.seq > board.hero.seq || (row?.state === "redirected" && row.label !== call.label);
}

export class Hero {
  #waiting = []; #shown = null; #since = 0; #timer = 0; #seen = 0; #show;

  /** `show(call, {fresh})` draws; `fresh` is a call that has just come. */
  constructor(show, first) {
    this.#show = show;
    this.#shown = first;
    this.#seen = first?.seq ?? 0;
    this.#since = -Infinity;  // it was called before this page began: the next one need not wait for it
  }

  get shown() { return this.#shown; }

  /** Takes what is new in a Board. After a gap only the newest counts: the others are no longer being waited for. */
  take(board, { reconnected }) {
    const calls = [...board.calls, ...(board.hero ? [board.hero] : [])]
      .filter((call, n, all) => call.seq > this.#seen && all.findIndex((one) => one.seq === call.seq) === n)
      .sort((a, b) => a.seq - b.seq);
    for (const call of calls) this.#seen = call.seq;
    if (reconnected) {
      if (board.hero?.seq !== this.#shown?.seq) this.#reset(board.hero, { fresh: calls.length > 0 });
      return;
    }
    for (const call of calls) this.#queue(call);
    this.#waiting = this.#waiting.filter((call) => !withdrawn(call, board));
    if (this.#shown && withdrawn(this.#shown, board)) {
      if (this.#waiting.length) this.#since = -Infinity;
      else if (board.hero?.seq !== this.#shown.seq) this.#put(board.hero, { fresh: false });
    }
    this.#next();
  }

  /* Somebody called again, perhaps to another window: the older call would now send them wrong. */
  #queue(call) {
    this.#waiting = this.#waiting.filter((one) => one.label !== call.label);
    if (this.#shown?.label === call.label) {
      this.#waiting.unshift(call);
      this.#since = -Infinity;
    } else {
      this.#waiting.push(call);
    }
  }

  #next() {
    clearTimeout(this.#timer);
    if (!this.#waiting.length) return;
    const left = this.#shown ? this.#since + turn(this.#waiting.length) - performance.now() : 0;
    if (left > 0) {
      this.#timer = setTimeout(() => this.#next(), left);
      return;
    }
    this.#put(this.#waiting.shift(), { fresh: true });
    this.#next();
  }

  #reset(call, { fresh }) {
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#put(call, { fresh: fresh && Boolean(call) });
  }

  #put(call, { fresh }) {
    this.#shown = call;
    this.#since = performance.now();
    this.#show(call, { fresh });
  }
}
