/* The display of one window: its ticket or state from the board, and after each service the question how it was. */
import { Live } from "/static/js/live.js";
import * as view from "/static/js/board.js";

const TICK_MS = 250;
const CALL_MS = 20000;        // a call stands out for as long as on the TV
const ASK_MS = 20000;         // whoever has not pressed by then has left, and nobody shall answer for them
const REASON_MS = 8000;       // to read six words; with the time to answer less than the 30 s that the server waits
const TELL_MS = 6000;         // how long an answer is repeated before it is said that it could not be kept
const RETRY_MS = 1000;
const THANKS_MS = 3000;
const SHOWN_MS = 10000;       // the server takes 30 s without it for a broken display
const MINUTE_MS = 60000;
const LOW = 2;
const KEY_BYTES = 16;         // 128 bits: no two requests of a hall's life share a key
const USUAL_LABEL = 4;

const body = document.body;
const id = body.dataset.window, mayAsk = body.dataset.asks === "yes";
const byId = (name) => document.getElementById(name);

let board = JSON.parse(byId("board").textContent);
let question = null;          // {id, label, phase, until, level}: what stands on the screen now
let over = "";                // the last question that was answered or let go

const live = new Live({
  namespace: "/board", event: "board", url: "/api/v1/board", first: board, now: body.dataset.now,
  onValue: (newer) => { board = newer; draw(); },
  onState: (state) => { body.dataset.state = state; draw(); },
  idle: () => question === null,
});

const mine = () => board.windows.find((one) => one.id === id);
const shown = () => board.displays.find((one) => one.window === id) ?? { clerk: "", asks: null };

// --- what the window shows

/* Where to go instead stands below the state itself. */
function stateOf(row, now) {
  const until = row.until === null ? null : view.moment(row.until);
  if (row.state === "redirected" || row.state === "paused" || (row.state === "idle" && until !== null && until <= now)) {
    const broken = row.state === "redirected" && row.reason !== "manual";
    const more = row.to.length ? view.both("tablet.to", { to: view.either(row.to) }) : view.both("tablet.no_other");
    return { look: broken ? "fault" : "paused", word: view.both(broken ? "tablet.fault" : "tablet.paused"), more };
  }
  const more = until === null ? none : view.both("tablet.until", {
    time: view.clock(until, board.timezone), minutes: Math.max(0, Math.ceil((until - now) / MINUTE_MS)),
  });
  const fresh = row.state === "called" && now - view.calledAt(row, board) < CALL_MS;
  return { look: fresh ? "call" : row.state, word: view.both(`tablet.${row.state}`), more };
}

const none = { zh: "", en: "" };

function draw() {
  const now = live.now(), row = mine(), { clerk, asks } = shown();
  if (!row) return;
  const state = stateOf(row, now), known = body.dataset.state === "live" || body.dataset.state === "stale";
  follow(asks, now);
  const notice = board.notices.find((one) => one.place === "window" && one.at === id && state.look !== "fault");
  body.dataset.cover = view.cover(board) === "closed" && question ? "" : view.cover(board);
  body.dataset.look = known ? state.look : "number";
  body.dataset.notice = notice ? "yes" : "no";
  body.dataset.clerk = clerk ? "yes" : "no";
  byId("now").dataset.long = (row.label ?? "").length > USUAL_LABEL ? "yes" : "no";
  view.setIcon(byId("now"), state.look === "fault" ? "wrench" : "pause");
  view.fill(body.querySelector(".head"), { hall: board.hall, clerk: view.both("tablet.clerk", { number: clerk }) });
  view.fill(byId("now"), { word: state.word, label: known ? row.label ?? "" : "", more: state.more });
  view.fill(body.querySelector(".notice"), { notice: notice ? view.noticeText(notice, board, now) : none });
  if (board.emergency) view.fill(byId("emergency"), { emergency: board.emergency });
  byId("clock").textContent = view.clock(now, board.timezone);
  drawQuestion(row, now);
}

// --- the question

/* One question at a time; the board says whom, the clock how long. */
function follow(asked, now) {
  const name = asked ? `${asked.label} ${asked.at}` : "";
  if (question?.phase === "faces" && question.id !== name) letGo();
  if (question && now >= question.until) ended();
  if (!question && mayAsk && name && name !== over && now < view.moment(asked.at) + ASK_MS) {
    question = { id: name, label: asked.label, phase: "faces", until: view.moment(asked.at) + ASK_MS, level: 0 };
    question.length = question.until - now;
  }
}

function letGo() {
  over = question.id;
  question = null;
}

/* Silence is no rating; but who has said that it was bad has said that much. */
function ended() {
  if (question.phase === "reasons") answer(null);
  else if (question.phase !== "sending") letGo();
}

function drawQuestion(row, now) {
  const there = question && body.dataset.state === "live" && !board.emergency;
  body.dataset.asking = there ? question.phase : "";
  if (!there) return;
  byId("ask").dataset.strip = row.state === "called" ? "yes" : "no";
  view.fill(byId("ask"), { label: row.label ?? "", asked: question.label });
  byId("left").style.setProperty("width", `${Math.max(0, (100 * (question.until - now)) / question.length)}%`);
}

function chosen(level) {
  question.level = level;
  if (level > LOW) {
    answer(null);
    return;
  }
  Object.assign(question, { phase: "reasons", until: live.now() + REASON_MS, length: REASON_MS });
  draw();
}

async function answer(reason) {
  const asked = question;
  Object.assign(asked, { phase: "sending", until: Infinity });
  draw();
  const kept = await tell({ label: asked.label, level: asked.level, ...(reason && { reason }) });
  Object.assign(asked, { phase: kept ? "thanks" : "failed", until: live.now() + THANKS_MS, length: THANKS_MS });
  draw();
}

/* The same words under the same key until somebody answers: they count once. */
async function tell(said) {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const headers = {
    "Content-Type": "application/json",
    "Idempotency-Key": Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    "X-CSRF-Token": document.querySelector("meta[name=csrf]").content,
  };
  const giveUp = performance.now() + TELL_MS;
  while (performance.now() < giveUp) {
    try {
      const request = { method: "POST", headers, body: JSON.stringify(said), signal: AbortSignal.timeout(TELL_MS) };
      const { status } = await fetch(`/api/v1/windows/${encodeURIComponent(id)}/rating`, request);
      if (status < 500) return status < 400;
    } catch (why) {
      console.info("no answer; it is said again", why);
    }
    await new Promise((resume) => setTimeout(resume, RETRY_MS));
  }
  return false;
}

byId("ask").addEventListener("click", ({ target }) => {
  const { level, reason } = target.closest("button")?.dataset ?? {};
  if (question?.phase === "faces" && level) chosen(Number(level));
  else if (question?.phase === "reasons" && reason) answer(reason);
});

draw();
setInterval(draw, TICK_MS);
if (mayAsk) setInterval(() => live.tell("shown", { rev: board.rev }), SHOWN_MS);
