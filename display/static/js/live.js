/* Keeps a page in step with the server: whole values in (epoch, rev) order, beats, and the truth when either stops. */
import { io } from "/static/vendor/socket.io-4.8.4.esm.min.js";

const LOST_MS = 800;              // a lost socket is said so after this: shorter gaps are a reconnect nobody noticed
const SILENT_MS = 6000;           // three beats missed: the socket stands but the server does not answer
const WATCH_MS = 400;             // how often the two limits above are looked at
const LOADING_MS = 5000;          // a page that never connected says so after this
const BLANK_MS = 5 * 60 * 1000;   // after this a number shown is more likely wrong than right
const RETRY_MIN_MS = 300;
const RETRY_MAX_MS = 1500;        // with CONNECT_MS: right again at most 5 s after a restart
const CONNECT_MS = 2000;          // a restarting machine drops packets; do not wait 20 s for it
const OFFSETS_KEPT = 15;          // half a minute of beats

/** Does `a` come after `b`? A restored database raises the epoch, a fact raises the revision. */
export function newer(a, b) {
  if (!a) return false;
  return !b || a.epoch > b.epoch || (a.epoch === b.epoch && a.rev > b.rev);
}

/** The server's clock, from the beats: a late beat makes an offset too small, so the largest of the last is best. */
class Clock {
  #offsets = [];

  hear(at) {
    const offset = Date.parse(at) - Date.now();
    if (Number.isFinite(offset)) this.#offsets = [...this.#offsets, offset].slice(-OFFSETS_KEPT);
  }

  now() {
    return Date.now() + (this.#offsets.length ? Math.max(...this.#offsets) : 0);
  }
}

/**
 * Connects and stays connected.
 *   namespace  "/board" | "/staff"
 *   event      name of the event that carries whole values (for "/board": "board"), or nothing
 *   url        where the value can be fetched with its ETag, when a beat tells of a revision that was not pushed
 *   first      the value (or {epoch, rev, build}) that the page was rendered from
 *   now        the server's time when it rendered the page: holds until the first beat
 *   onValue(value, {reconnected})   a newer value; onChanged({topics, rev}) for consoles, also after a reconnect
 *   onState(state)                  "loading" | "live" | "stale" | "blank"
 *   idle()                          may the page reload itself now (new build)? default: always
 */
export class Live {
  #options; #socket; #clock = new Clock();
  #state = "loading"; #known; #build;
  #heardAt = 0; #lostAt = 0; #startedAt = performance.now(); #staleAt = 0;
  #everConnected = false; #catchingUp = false; #reloading = false; #fetching = false; #etag = null;

  constructor(options) {
    this.#options = options;
    this.#known = options.first ?? null;
    this.#build = options.first?.build ?? null;
    if (options.now) this.#clock.hear(options.now);
    this.#socket = io(options.namespace, {
      transports: ["websocket"],
      auth: options.auth,
      reconnectionDelay: RETRY_MIN_MS,
      reconnectionDelayMax: RETRY_MAX_MS,
      randomizationFactor: 0.5,
      timeout: CONNECT_MS,
    });
    this.#socket.on("connect", () => this.#connected());
    this.#socket.on("disconnect", () => this.#disconnected());
    this.#socket.on("connect_error", () => this.#tryAgain());
    this.#socket.on("beat", (beat) => this.#beat(beat));
    this.#socket.on("changed", (changed) => this.#changed(changed));
    if (options.event) this.#socket.on(options.event, (value) => this.#value(value));
    setInterval(() => this.#watch(), WATCH_MS);
  }

  get state() { return this.#state; }

  /** When the server was last heard, by performance.now(); 0 = never. */
  get heardAt() { return this.#heardAt; }

  /** Milliseconds since 1970 by the server's clock. */
  now() { return this.#clock.now(); }

  /** Tells the server something: now, if it listens, or (`kept`) as soon as it does. */
  tell(event, body, { kept = false } = {}) {
    if (kept) this.#socket.emit(event, body);
    else if (this.#socket.connected) this.#socket.volatile.emit(event, body);
  }

  #connected() {
    this.#heardAt = performance.now();
    this.#lostAt = 0;
    this.#catchingUp = this.#everConnected;
    const again = this.#everConnected;
    this.#everConnected = true;
    if (!this.#options.event) this.#enter("live");
    if (again && this.#options.onChanged) this.#options.onChanged({ topics: null, rev: null });
  }

  #disconnected() {
    this.#lostAt ||= performance.now();
    this.#tryAgain();
  }

  /* The library retries a broken connection by itself, but not one that the server closed or refused. */
  #tryAgain() {
    if (this.#socket.active) return;
    const wait = RETRY_MIN_MS + Math.random() * (RETRY_MAX_MS - RETRY_MIN_MS);
    setTimeout(() => { if (!this.#socket.active) this.#socket.connect(); }, wait);
  }

  #beat(beat) {
    this.#heardAt = performance.now();
    this.#clock.hear(beat.at);
    this.#checkBuild(beat.build);
    if (!this.#options.event) {
      if (newer(beat, this.#known)) this.#changed({ topics: null, rev: beat.rev, epoch: beat.epoch });
      this.#enter("live");
    } else if (newer(beat, this.#known)) {
      this.#fetch();
    } else {
      this.#enter("live");
    }
  }

  #changed(changed) {
    this.#heardAt = performance.now();
    this.#known = { epoch: changed.epoch ?? this.#known?.epoch ?? 0, rev: changed.rev };
    this.#options.onChanged?.(changed);
  }

  #value(value) {
    this.#heardAt = performance.now();
    if (newer(this.#known, value) && this.#catchingUp) return this.#reload();
    const reconnected = this.#catchingUp || this.#state === "stale" || this.#state === "blank";
    this.#catchingUp = false;
    this.#checkBuild(value.build);
    this.#enter("live");
    if (newer(value, this.#known)) {
      this.#known = { epoch: value.epoch, rev: value.rev };
      this.#options.onValue(value, { reconnected });
    }
  }

  async #fetch() {
    if (this.#fetching || !this.#options.url) return;
    this.#fetching = true;
    try {
      const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
      const answer = await fetch(this.#options.url, { headers, cache: "no-store", credentials: "same-origin" });
      if (answer.ok) {
        this.#etag = answer.headers.get("ETag");
        this.#value(await answer.json());
      }
    } catch (why) {
      console.info("the value could not be fetched; the next beat tries again", why);
    } finally {
      this.#fetching = false;
    }
  }

  #watch() {
    const now = performance.now();
    if (!this.#everConnected) {
      if (now - this.#startedAt > LOADING_MS) this.#enter("stale");
    } else if (this.#lostAt ? now - this.#lostAt > LOST_MS - WATCH_MS : now - this.#heardAt > SILENT_MS) {
      this.#enter("stale");
    }
    if (this.#state === "stale" && now - this.#staleAt > BLANK_MS) this.#enter("blank");
  }

  #enter(state) {
    if (state === this.#state || (state === "stale" && this.#state === "blank")) return;
    if (state === "stale") this.#staleAt = performance.now();
    this.#state = state;
    this.#options.onState?.(state);
  }

  #checkBuild(build) {
    if (build && this.#build && build !== this.#build) this.#reload();
  }

  /* A new build, or a server that knows less than this page (its data were replaced): begin again from nothing. */
  #reload() {
    if (this.#reloading) return;
    this.#reloading = true;
    this.#reloadWhenServed();
  }

  async #reloadWhenServed() {
    try {
      const answer = await fetch("/healthz", { cache: "no-store" });
      if (answer.ok && (this.#options.idle?.() ?? true)) {
        location.reload();
        return;
      }
    } catch (why) {
      console.info("a new build is there but does not answer yet", why);
    }
    setTimeout(() => this.#reloadWhenServed(), RETRY_MIN_MS + Math.random() * RETRY_MAX_MS);
  }
}

/** The texts of the page from its data block: text("tv.window_to", "zh", {to: "5"}). */
export function phrases(id = "phrases") {
  const tables = JSON.parse(document.getElementById(id).textContent);
  return (key, lang, params = {}) => {
    const template = tables[lang][key];
    if (template === undefined) throw new Error(`no text ${key} in ${lang}`);
    return template.replace(/\{(\w+)\}/g, (_, name) => params[name]);
  };
}
