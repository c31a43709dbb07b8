/* What the hall TV says for one Board: the same words as display/tv_view.py (a test compares the two), and drawing them. */
import { phrases } from "/static/js/live.js";

/** How much is shown at once, by the size and the distance of this screen. */
export const layout = JSON.parse(document.getElementById("layout").textContent);
export const WINDOWS_PER_PAGE = 2 * layout.rows;
const WORDS = layout.far ? "tv.far" : "tv";

const LIVE_MS = 20000;
const SERVICES_FEW = 5;
const ROWS_MIN = 3;
const USUAL_LABEL = 4;
const USUAL_NAME = 7;
const NOTICE_LONG = 95;
const LARGEST_FIT = 5, SMALLEST_FIT = 9;
const COARSE_FROM_MIN = 10, COARSE_STEP_MIN = 5;
const NOTICE_DAYS = 7, DAY_MS = 86400000, DAYS_PER_WEEK = 7;

const text = phrases();
/** A text in both languages, its parameters too. */
export const both = (key, params) => ({ zh: text(key, "zh", pick(params, "zh")), en: text(key, "en", pick(params, "en")) });

function pick(params = {}, lang) {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value?.[lang] ?? value]));
}

function known(key) {
  try { text(key, "zh"); return true; } catch { return false; }
}

export function cover(board) {
  if (board.emergency) return "emergency";
  const busy = board.hero || board.windows.some((row) => ["called", "serving"].includes(row.state));
  return board.open || busy ? "" : "closed";
}

function windowView(row, board, now) {
  const closed = row.state === "idle" && row.until !== null && moment(row.until) <= now;
  if (!["redirected", "paused"].includes(row.state) && !closed) {
    const live = row.state === "called" && now - calledAt(row, board) < LIVE_MS;
    return { id: row.id, look: live ? "live" : row.state, label: row.label ?? "", word: stateWord(row, board), icon: live ? "bell" : "" };
  }
  const named = row.reason !== null && known(`fault.${row.reason}.public`);
  const noticed = board.notices.some((one) => one.place === "window" && one.at === row.id);
  const broken = row.state === "redirected" && (named || noticed);
  const key = `${WORDS}.${broken ? "repair" : "paused"}`;
  const to = layout.far && row.to.length ? number(row.to[0]) : either(row.to);
  const word = row.to.length ? both(`${key}_to`, { to }) : both(key);
  return { id: row.id, look: "redirected", label: "", word, icon: broken ? "wrench" : "pause" };
}

/** A recall is a new call of a row that has been called for a while. */
export function calledAt(row, board) {
  const calls = board.calls.filter((one) => one.window === row.id && one.label === row.label);
  return Math.max(...[...calls.map((one) => one.at), ...(row.since ? [row.since] : [])].map(moment));
}

function stateWord(row, board) {
  if (row.state !== "idle" || row.until === null) return both(`tv.state.${row.state}`);
  return both(`${WORDS}.until`, { time: clock(moment(row.until), board.timezone) });
}

/* A service outside of its hours says when it opens. */
function serviceView(row, board, now) {
  const openings = row.hours.length ? row.hours : board.hours;
  const coming = openings.find((one) => moment(one.closes) > now);
  const open = openings.length === 0 || (coming && moment(coming.opens) <= now);
  return { name: row.name, waiting: String(row.waiting), wait: open ? waitText(row) : opensText(coming, board, now) };
}

function opensText(opening, board, now) {
  if (!opening) return both("tv.service_closed");
  const opens = moment(opening.opens), time = clock(opens, board.timezone);
  const iso = (ms) => new Intl.DateTimeFormat("sv-SE", { timeZone: board.timezone }).format(ms);
  const away = Math.round((Date.parse(iso(opens)) - Date.parse(iso(now))) / DAY_MS);
  if (away === 0) return both(`${WORDS}.opens`, { when: time });
  const day = away < DAYS_PER_WEEK ? { weekday: "short" } : { month: "short", day: "numeric" };
  const name = (lang) => new Intl.DateTimeFormat(lang, { timeZone: board.timezone, ...day }).format(opens);
  return both(`${WORDS}.opens_on`, { when: { zh: `${name("zh-CN")} ${time}`, en: `${name("en-GB")} ${time}` } });
}

/* The openings of the day that runs, or of the next one that has some. */
function today(board, now) {
  const day = (ms) => date(ms, board.timezone).zh, at = (ms) => clock(ms, board.timezone);
  const coming = board.hours.find((one) => moment(one.closes) > now) ?? board.hours.at(-1);
  const spans = board.hours.filter((one) => day(moment(one.opens)) === day(moment(coming.opens)));
  const said = spans.map((one) => `${at(moment(one.opens))}–${at(moment(one.closes))}`).join(" ");
  const name = date(moment(coming.opens), board.timezone);
  return name.zh === day(now) ? said : { zh: `${name.zh} ${said}`, en: `${name.en} ${said}` };
}

/** When tickets are given out again; where nobody knows, the usual words. */
export function again(board, now) {
  const coming = board.hours.find((one) => moment(one.closes) > now);
  if (!coming || moment(coming.opens) <= now) return both("tv.closed_why");
  const at = moment(coming.opens), time = clock(at, board.timezone), day = date(at, board.timezone);
  const far = day.zh !== date(now, board.timezone).zh;
  return both("open.again", { when: far ? { zh: `${day.zh} ${time}`, en: `${day.en} ${time}` } : time });
}

/** Days off and make-up days of the next week, as long as they are not over. */
export function special(board, now) {
  const iso = (ms) => new Intl.DateTimeFormat("sv-SE", { timeZone: board.timezone }).format(ms);
  const first = iso(now), last = iso(now + NOTICE_DAYS * DAY_MS);
  const day = (at) => date(Date.parse(`${at}T12:00Z`), "UTC");
  return board.special.filter((one) => first <= one.last && one.first <= last).map((one) => {
    const begin = day(one.first), end = day(one.last);
    const days = one.first === one.last ? begin : { zh: `${begin.zh}–${end.zh}`, en: `${begin.en} – ${end.en}` };
    return both(one.spans.length ? "open.unlike" : "open.off", { name: one.name, days, spans: one.spans.join(" ") });
  });
}

function waitText(row) {
  if (!row.open) return both("tv.service_closed");
  if (row.wait === null) return both("tv.wait_unknown");
  const upper = Math.ceil(row.wait.upper90_s / 60);
  const step = upper >= COARSE_FROM_MIN ? COARSE_STEP_MIN : 1;
  const high = Math.ceil(upper / step) * step;
  if (high === 0) return both("tv.no_wait");
  const low = Math.min(Math.max(Math.floor(Math.floor(row.wait.point_s / 60) / step) * step, 1), high);
  return both(`${WORDS}.${low === high ? "wait_one" : "wait_range"}`, { low, high });
}

/** The messages of the ticker: notices first, then what the hall has put up, then what is always worth knowing. */
export function ticker(board, now) {
  const messages = board.notices.map((notice) => ({ text: noticeText(notice, board, now), icon: "triangle-alert" }));
  for (const said of special(board, now)) messages.push({ text: said, icon: "calendar-check" });
  for (const one of board.messages) {
    if (moment(one.begins) <= now && now < moment(one.ends)) messages.push({ text: one.text, icon: "bell" });
  }
  for (const key of ["tv.ticker.1", "tv.ticker.2"]) messages.push({ text: both(key), icon: "bell" });
  if (board.ready.length) messages.push({ text: both("tv.ticker.ready", { labels: board.ready.join(" ") }), icon: "bell" });
  if (board.hours.length) messages.push({ text: both("tv.ticker.hours", { hours: today(board, now) }), icon: "bell" });
  if (board.contacts?.phone) messages.push({ text: both("tv.ticker.complaint", { phone: board.contacts.phone }), icon: "bell" });
  return messages.map((one) => ({ ...one, long: 2 * one.text.zh.length + one.text.en.length > NOTICE_LONG }));
}

export function noticeText(notice, board, now) {
  const key = `tv.notice.${notice.place}${notice.to.length && notice.place !== "hall" ? "_to" : ""}`;
  const fault = `fault.${notice.fault}.public`;
  const said = both(key, {
    at: number(notice.at), to: either(notice.to), name: notice.name,
    fault: both(known(fault) ? fault : "fault.declared.public"),
  });
  if (notice.expected === null) return said;
  const kept = moment(notice.expected) > now;   // a promise that has passed is not repeated
  const until = both(kept ? "tv.notice.expected" : "tv.notice.late", { time: clock(moment(notice.expected), board.timezone) });
  return { zh: said.zh + until.zh, en: said.en + until.en };
}

function number(place) {
  return place.match(/\d+$/)?.[0] ?? place;
}

export function either(places) {
  const numbers = places.slice(0, 2).map(number);
  const word = both("tv.or");
  return { zh: numbers.join(word.zh), en: numbers.join(word.en) };
}

/** Milliseconds since 1970; a Board's time without a zone is UTC. */
export function moment(at) {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at}Z`);
}

export function clock(ms, timeZone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
}

/** 11月21日 星期六 · Sat 21 Nov */
export function date(ms, timeZone) {
  const part = (lang, options) => new Intl.DateTimeFormat(lang, { timeZone, ...options }).format(ms);
  const zh = `${part("zh-CN", { month: "long", day: "numeric" })} ${part("zh-CN", { weekday: "long" })}`;
  const en = [{ weekday: "short" }, { day: "numeric" }, { month: "short" }].map((one) => part("en-US", one)).join(" ");
  return { zh, en };
}

/* ---- drawing ---- */

/** Puts values into the elements marked data-t="path"; text only, never markup. */
export function fill(element, values) {
  for (const slot of [element, ...element.querySelectorAll("[data-t]")]) {
    if (!slot.dataset.t) continue;
    const value = slot.dataset.t.split(".").reduce((at, name) => at?.[name], values);
    if (value !== undefined && slot.textContent !== value) slot.textContent = value;
  }
}

export function setIcon(element, name) {
  const use = element.querySelector("use"), href = `#icon-${name}`;
  if (use.getAttribute("href") !== href) use.setAttribute("href", href);
}

function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function rows(list, template, count) {
  while (list.children.length > count) list.lastElementChild.remove();
  while (list.children.length < count) list.append(clone(template));
  return [...list.children];
}

export function drawWindows(board, page, now) {
  const shown = board.windows.slice(page * WINDOWS_PER_PAGE, (page + 1) * WINDOWS_PER_PAGE);
  const list = document.getElementById("windows");
  const needed = Math.ceil(Math.min(board.windows.length, WINDOWS_PER_PAGE) / 2);
  list.dataset.rows = Math.max(needed, Math.min(ROWS_MIN, layout.rows));
  document.body.dataset.headed = needed > layout.headed ? "no" : "yes";
  rows(list, "window-row", shown.length).forEach((element, n) => {
    const view = windowView(shown[n], board, now);
    element.dataset.look = view.look;
    element.dataset.long = view.label.length > USUAL_LABEL ? "yes" : "no";
    if (view.icon) setIcon(element, view.icon);
    fill(element, view);
  });
}

export function drawServices(board, page, now) {
  const shown = board.services.slice(page * layout.services, (page + 1) * layout.services);
  const list = document.getElementById("services");
  list.parentElement.dataset.many = shown.length > SERVICES_FEW ? "yes" : "no";
  rows(list, "service-row", shown.length).forEach((element, n) => {
    const { zh, en } = shown[n].name;
    element.dataset.long = zh.length > USUAL_NAME || en.length > 3 * USUAL_NAME ? "yes" : "no";
    fill(element, serviceView(shown[n], board, now));
  });
}

export function drawNext(board) {
  const each = board.services.length <= SERVICES_FEW ? 2 : 1;
  const labels = board.services.flatMap((row) => row.next.slice(0, each).map((label, n) => ({ label, first: n === 0 })));
  rows(document.getElementById("next"), "next-label", labels.length).forEach((element, n) => {
    element.dataset.first = labels[n].first ? "yes" : "no";
    fill(element, labels[n]);
  });
}

/** A fresh element each time: its entrance and pulses begin anew. */
export function drawHero(call, { fresh }) {
  const hero = document.getElementById("hero");
  hero.dataset.look = call ? "call" : "empty";
  const element = clone(call ? "hero-call" : "hero-empty");
  if (call) {
    hero.dataset.fit = Math.min(Math.max(call.label.length + number(call.window).length, LARGEST_FIT), SMALLEST_FIT);
    fill(element, { label: call.label, window: number(call.window), head: both("tv.please_go") });
  }
  if (fresh) element.classList.add("hero-fresh");
  hero.replaceChildren(element);
}

/** After minutes without the server a number is more likely wrong than right. */
export function drawBlank() {
  const hero = document.getElementById("hero");
  hero.dataset.look = "blank";
  hero.replaceChildren(clone("hero-blank"));
}

/** While stale the hero only claims to be the last call, with its time. */
export function drawHeroHead(call, timeZone, stale) {
  const element = document.getElementById("hero").firstElementChild;
  if (!call || !element) return;
  fill(element, { head: stale ? both("tv.last_call", { time: clock(moment(call.at), timeZone) }) : both("tv.please_go") });
}
