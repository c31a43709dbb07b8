/* The hall TV: puts the Board, its state of truth, the clock and the sounds together. */
import { Live } from "/static/js/live.js";
import { Hero, withdrawn } from "/static/js/hero.js";
import { Announcer } from "/static/js/announce.js";
import { Promo } from "/static/js/promo.js";
import { Turns } from "/static/js/turns.js";
import * as view from "/static/js/board.js";

const TICK_MS = 250;
const PAGE_MS = 10000;             // windows and services beyond one page
const MESSAGE_MS = 8000;
const FADE_MS = 300;               // of the ticker; tv.css has the same
const SHOWN_MS = 10000;            // the server takes 30 s without it for a broken TV
const DARK_MS = 5 * 60 * 1000;     // how long a closed hall says so before the screen goes black
const SHIFT_MS = 60 * 60 * 1000;   // the picture moves by 4 px each hour, against burn-in

const body = document.body;
const byId = (id) => document.getElementById(id);

let board = JSON.parse(byId("board").textContent);
let messages = view.ticker(board, view.moment(board.at)), message = 0, messageAt = performance.now();
let calledPage = null, closedAt = null, calm = "";

const live = new Live({
  namespace: "/board", event: "board", url: "/api/v1/board", first: board,
  onValue: take, onState: enter,
});
const announcer = new Announcer({
  now: () => live.now(),
  onAudible: (audible) => { byId("sound").hidden = audible; },
  voice: JSON.parse(byId("voice").textContent), first: board,
  tell: (outcome) => live.tell("spoken", outcome, { kept: true }),
});
const hero = new Hero(showCall, board.hero);
const promo = new Promo(byId("promo"));
const turns = new Turns(view.layout.far);
let messageRound = 0;

function take(newer, { reconnected }) {
  board = newer;
  announcer.silence(board.emergency !== null || body.dataset.state !== "live");
  hero.take(board, { reconnected });
  announcer.take(board, (call) => withdrawn(call, board));
  const texts = JSON.stringify(messages = view.ticker(board, live.now()));
  if (texts !== calm) { calm = texts; message = -1; messageAt = -Infinity; messageRound = -1; turns.restart(); }
  draw();
}

function showCall(call, { fresh }) {
  view.drawHero(call, { fresh });
  if (!fresh) return;
  const row = board.windows.findIndex((one) => one.id === call.window);
  calledPage = { page: Math.floor(Math.max(row, 0) / view.WINDOWS_PER_PAGE), until: performance.now() + PAGE_MS };
}

function enter(state) {
  if (state === "blank") view.drawBlank();
  else if (body.dataset.state === "blank") view.drawHero(hero.shown, { fresh: false });
  body.dataset.state = state;
  const stale = state === "stale" || state === "blank";
  announcer.silence(stale || board.emergency !== null);
  view.drawHeroHead(hero.shown, board.timezone, stale);
}

function pageOf(count, perPage, turn = Math.floor(performance.now() / PAGE_MS)) {
  return turn % Math.max(Math.ceil(count / perPage), 1);
}

function draw() {
  const now = live.now();
  const called = calledPage && performance.now() < calledPage.until ? calledPage.page : null;
  view.drawWindows(board, called ?? pageOf(board.windows.length, view.WINDOWS_PER_PAGE), now);
  view.drawServices(board, pageOf(board.services.length, view.layout.services, turns.far ? turns.round : undefined), now);
  view.drawNext(board);
  view.fill(document.querySelector(".head"), { hall: board.hall, date: view.date(now, board.timezone) });
  byId("clock").textContent = view.clock(now, board.timezone);
  byId("frame").dataset.shift = Math.floor(now / SHIFT_MS) % 4;
  drawCover(now);
  promo.tick(board.promo, now, body.dataset.cover === "", turns.far ? turns.roundMs : 0);
}

function drawCover(now) {
  const cover = view.cover(board);
  const [unlike = { zh: "", en: "" }] = view.special(board, now);
  view.fill(byId("again"), { again: view.again(board, now) });
  view.fill(byId("unlike"), { unlike });
  closedAt = cover === "closed" ? closedAt ?? performance.now() : null;
  const dark = closedAt !== null && performance.now() - closedAt > DARK_MS;
  body.dataset.cover = dark ? "dark" : cover;
  if (board.emergency) view.fill(byId("emergency"), { emergency: board.emergency });
}

function drawTicker() {
  if (turns.far ? turns.round === messageRound : performance.now() - messageAt < MESSAGE_MS) return;
  messageAt = performance.now();
  messageRound = turns.round;
  if (messages.length < 2 && message === 0) return;
  messages = view.ticker(board, live.now());   // a promised time may have passed meanwhile
  message = (message + 1) % messages.length;
  const ticker = byId("ticker");
  ticker.dataset.fading = "yes";
  setTimeout(() => {
    const element = ticker.firstElementChild;
    element.dataset.long = messages[message].long ? "yes" : "no";
    view.setIcon(element, messages[message].icon);
    view.fill(element, messages[message]);
    ticker.dataset.fading = "no";
  }, FADE_MS);
}

calm = JSON.stringify(messages);
byId("sound").addEventListener("click", () => announcer.unblock());
addEventListener("pointerdown", () => announcer.unblock());
addEventListener("keydown", () => announcer.unblock());
setInterval(() => { draw(); drawTicker(); turns.tick(); }, TICK_MS);
setInterval(() => live.tell("shown", { rev: board.rev, audio: announcer.audible, promo_item: promo.shown }), SHOWN_MS);
