/* What the hall hears: calls one after another, each once, none that is older than 20 s. The rules are those of voice
   modules (drivers/speech/queue.py). While an alarm stands, its text and nothing else. */

export const EXPIRES_MS = 20000;      // who was called longer ago has come, or looks at a screen
export const REPEATED_WHILE = 0;      // calls behind one that is said a second time at its end ...
export const ENGLISH_WHILE = 2;       // ... and behind one that is also said in the other language
const COMMA_MS = 150;                 // between the halves of a sentence
const LANGUAGE_GAP_MS = 350;
const ALARM_GAP_MS = 8000;            // between two warnings staff can be heard, too
const FETCH_MS = 5000;                // a sound that takes longer comes too late for the queue behind it
const DUCK = 0.15;                    // of its loudness is left to a video ...
const DUCK_MS = 300;                  // ... after so long
const DUCK_STEP_MS = 30;
const CHIME_URL = "/static/audio/chime.wav";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Which languages a sentence is said in when so many wait behind it; the first one again when nobody does. */
export function order(languages, behind) {
  const [first, ...others] = languages;
  return [first, ...(behind <= ENGLISH_WHILE ? others : []), ...(behind <= REPEATED_WHILE ? [first] : [])];
}

/* Videos and music step back while somebody is called. */
class Ducking {
  #loudness = new Map(); #timer = 0; #share = 1;

  to(share) {
    clearInterval(this.#timer);
    const step = (share - this.#share) * (DUCK_STEP_MS / DUCK_MS);
    this.#timer = setInterval(() => {
      const next = this.#share + step;
      const there = step >= 0 ? next >= share : next <= share;
      this.#apply(there ? share : next);
      if (there) clearInterval(this.#timer);
    }, DUCK_STEP_MS);
  }

  #apply(share) {
    this.#share = share;
    for (const media of document.querySelectorAll("video, audio")) {
      if (!this.#loudness.has(media)) this.#loudness.set(media, media.volume);
      media.volume = this.#loudness.get(media) * share;
    }
    if (share === 1) this.#loudness.clear();
  }
}

export class Announcer {
  #context = new AudioContext(); #ducking = new Ducking(); #chime;
  #waiting = []; #current = null; #seen; #now; #tell; #voice; #silent = false;
  #danger = null; #warns = false; #warning = false; // the alarm that stands; whether it is looked after, and being said

  /**
   * `now()` is the server's clock in ms; `onAudible(bool)` says whether the browser lets this page be heard;
   * `voice` is where sounds are (`base`, none: only the chime), in which `languages`, and as which `device` this page
   * is signed in; `tell(outcome)` takes what became of a call. Calls of the `first` board are not made anew.
   */
  constructor({ now, onAudible, voice, tell, first }) {
    this.#now = now;
    this.#voice = voice;
    this.#tell = tell;
    this.#seen = newest(first);
    this.#context.addEventListener("statechange", () => onAudible(this.audible));
    onAudible(this.audible);
    this.#chime = this.#sound(CHIME_URL);
    this.#heed(first);
  }

  get audible() { return this.#context.state === "running"; }

  /** Inside a touch or key press this is allowed; at other times the browser may refuse. */
  async unblock() {
    await this.#context.resume();
    return this.audible;
  }

  /** Says what is new on a board; `withdrawn(call)` are calls by which nobody may be sent any more. */
  take(board, withdrawn) {
    const fresh = [...board.calls, ...(board.hero ? [board.hero] : [])]
      .filter((call, n, all) => call.seq > this.#seen && all.findIndex((one) => one.seq === call.seq) === n)
      .sort((a, b) => a.seq - b.seq);
    this.#seen = newest(board, this.#seen);
    this.#heed(board);
    if (board.speaker && board.speaker !== this.#voice.device) return;
    for (const call of fresh) if (call.aloud !== false) this.#join(call);
    this.#drop((job) => board.emergency !== null, "emergency");
    this.#drop((job) => withdrawn(job.call), "withdrawn");
    this.#next();
  }

  /** While the board is stale nobody is called, and nothing is made up for later; an alarm goes on until lifted. */
  silence(silent) {
    this.#silent = silent;
    if (silent) this.#drop(() => true, "stale");
  }

  #heed(board) {
    const ours = !board.speaker || board.speaker === this.#voice.device;
    this.#danger = ours ? board.emergency : null;
    if (this.#danger && !this.#warns) this.#warnOn();
  }

  /* In quiet hours, too. A call that is being said ends first. */
  async #warnOn() {
    this.#warns = true;
    while (this.#danger) {
      if (this.#current || !this.audible) await pause(DUCK_MS);
      else await this.#warn(this.#danger);
    }
    this.#warns = false;
  }

  async #warn(danger) {
    this.#warning = true;
    this.#ducking.to(DUCK);
    const chime = await this.#chime.catch(() => null);
    if (chime) await this.#play(chime);
    for (const language of this.#voice.base ? this.#voice.languages : []) {
      const url = `${this.#voice.base}/${language}/alarm/${encodeURIComponent(danger[language])}`;
      const sound = await this.#sound(url).catch(() => null); // there is no voice for it: the chime goes on
      if (!sound || this.#danger?.zh !== danger.zh) break;
      await this.#play(sound);
      await pause(LANGUAGE_GAP_MS);
    }
    this.#ducking.to(1);
    this.#warning = false;
    this.#next();
    await pause(ALARM_GAP_MS);
  }

  /* A recall of who is being called, or waits to be, is no second sentence. */
  #join(call) {
    const job = { call, ids: [call.seq], until: Date.parse(call.at) + EXPIRES_MS };
    if (this.#silent) return this.#end(job, "stale");
    if (this.#current?.call.label === call.label && this.#current.call.window === call.window) {
      this.#current.ids.push(call.seq);
      return undefined;
    }
    const queued = this.#waiting.find((one) => one.call.label === call.label);
    if (queued) Object.assign(queued, { call, until: job.until, ids: [...queued.ids, call.seq] });
    else this.#waiting.push(job);
    return undefined;
  }

  #drop(which, why) {
    const gone = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((job) => !gone.includes(job));
    for (const job of gone) this.#end(job, why);
  }

  #end(job, why) {
    if (!this.#voice.device) return;  // nobody believes a page that is not signed in
    for (const call of job.ids) this.#tell({ call, spoken: !why, why });
  }

  async #next() {
    if (this.#current || this.#warning) return;
    this.#drop((job) => this.#now() >= job.until, "too_old");
    this.#current = this.#waiting.shift() ?? null;
    if (!this.#current) return;
    const why = await this.#announce(this.#current.call).catch((trouble) => `no_sound: ${trouble.message ?? trouble}`);
    const job = this.#current;
    this.#current = null;
    this.#end(job, why);
    if (!this.#waiting.length) this.#ducking.to(1);
    this.#next();
  }

  /* Why it was not said; what comes behind its first sentence is there for whoever has time. */
  async #announce(call) {
    if (!this.audible) return "sound_blocked";
    this.#ducking.to(DUCK);
    document.body.dataset.chimes = Number(document.body.dataset.chimes ?? 0) + 1;
    const first = this.#voice.base ? this.#sentence(call, this.#voice.languages[0]) : null;
    first?.catch(() => {});  // it is waited for below, after the chime
    await this.#play(await this.#chime);
    if (!first) return "no_voice";
    await this.#say(await first);
    for (let said = 1; said < order(this.#voice.languages, this.#waiting.length).length; said += 1) {
      const language = order(this.#voice.languages, this.#waiting.length)[said];
      const halves = await this.#sentence(call, language).catch(() => null);
      if (this.#silent || !halves) break;
      await pause(LANGUAGE_GAP_MS);
      await this.#say(halves);
    }
    return "";
  }

  async #say([ticket, window]) {
    await this.#play(ticket);
    await pause(COMMA_MS);
    await this.#play(window);
  }

  #sentence(call, language) {
    const at = (half, name) => this.#sound(`${this.#voice.base}/${language}/${half}/${encodeURIComponent(name)}`);
    return Promise.all([at("ticket", call.label), at("window", call.window)]);
  }

  /* What was fetched before, the browser has kept. */
  async #sound(url) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return this.#context.decodeAudioData(await answer.arrayBuffer());
  }

  #play(buffer) {
    return new Promise((done) => {
      const source = this.#context.createBufferSource();
      source.buffer = buffer;
      source.connect(this.#context.destination);
      source.onended = done;
      source.start();
    });
  }
}

function newest(board, seen = 0) {
  return Math.max(seen, board.hero?.seq ?? 0, ...board.calls.map((call) => call.seq));
}
