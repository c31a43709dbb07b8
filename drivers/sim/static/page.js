// Shows what the simulated devices are doing, twice a second, and passes on what hands do to them.
import { draw } from "/matrix.js";

const EVERY_MS = 500;
// Buttons: [fault, text when it is not set, text when it is]; without a second text it is done once.
const PRINTER_ACTIONS = [
  ["paper_end", "do.paper_out", "do.paper_in"],
  ["paper_out_after", "do.paper_after"],
  ["cover_open", "do.cover_open", "do.cover_close"],
  ["unplugged", "do.unplug", "do.plug"],
  ["tear", "do.tear"],
];
const SIGN_ACTIONS = [
  ["unplugged", "do.sign_unplug", "do.sign_plug"],
  ["off", "do.off", "do.on"],
  ["nak", "do.nak", "do.nak_off"],
  ["power_cycle", "do.cycle"],
];
const VOICE_ACTIONS = [
  ["unplugged", "do.sign_unplug", "do.sign_plug"],
  ["off", "do.off", "do.on"],
  ["mute", "do.mute", "do.answers"],
  ["power_cycle", "do.cycle"],
];
const BUS_ACTIONS = [
  ["unplugged", "do.bus_unplug", "do.bus_plug"],
  ["dead", "do.dead", "do.alive"],
];

const DIGITS = [..."1234567890"].map((digit) => [`key:${digit}`, digit]);
// What the units' own programs call these keys; digits go before a key.
const KEYS = {
  pad: [
    ...DIGITS,
    ["key:0C", "key.call"],
    ["key:0D", "key.recall"],
    ["key:0A", "key.start"],
    ["key:0B", "key.rate"],
    ["key:0E", "key.cancel"],
    ["key:0F", "key.function"],
    ["key:12", "key.pause"],
    ["key:13", "key.transfer"],
  ],
  rating: ["0", "1", "2", "3", "4"].map((level) => [`level:${level}`, `level.${level}`]),
  polled: [
    ["key:31", "key.call"],
    ["key:32", "key.start"],
    ["key:33", "key.transfer"],
    ["key:34", "key.finish"],
  ],
};

const byId = (id) => document.getElementById(id);
const texts = await (await fetch("/texts.json")).json();
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
let latest = null;

const t = (key) => texts[language][key] ?? key;

function translate(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

async function act(device, fault, on) {
  const answer = await fetch("/fault", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ device, fault, on }),
  });
  if (answer.ok) show(await answer.json());
}

function button(box, device, fault) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.fault = fault;
  made.addEventListener("click", () => act(device, fault, made.getAttribute("aria-pressed") !== "true"));
  box.append(made);
  return made;
}

function buttons(box, device, actions, faults) {
  for (const [fault, off, on] of actions) {
    const found = box.querySelector(`[data-fault="${fault}"]`) ?? button(box, device, fault);
    const set = faults[fault] === true && on !== undefined;
    if (on !== undefined) found.setAttribute("aria-pressed", String(set));
    setText(found, t(set ? on : off));
  }
}

function chips(box, device, faults, already) {
  const rest = Object.keys(faults).filter((fault) => !already.some(([known]) => known === fault));
  for (const fault of rest) {
    const found = box.querySelector(`[data-fault="${fault}"]`) ?? button(box, device, fault);
    found.setAttribute("aria-pressed", String(faults[fault]));
    setText(found, t(`fault.${fault}`));
  }
}

function health(node, faults) {
  const set = Object.keys(faults).filter((fault) => faults[fault]);
  node.classList.toggle("ill", set.length > 0);
  setText(node, set.length ? set.map((fault) => t(`fault.${fault}`)).join(" · ") : t("ready"));
  return set.length > 0;
}

function card(parent, template, id) {
  const found = parent.querySelector(`[data-id="${id}"]`);
  if (found) return found;
  const made = byId(template).content.firstElementChild.cloneNode(true);
  made.dataset.id = id;
  parent.append(made);
  translate(made);
  return made;
}

function showSign(sign) {
  const box = card(byId("signs"), "sign-card", sign.id);
  setText(box.querySelector("h3"), `${t(sign.lines > 1 ? "board" : "sign")} ${sign.address}`);
  setText(box.querySelector(".acks"), `${sign.acks} ${t("acks")}`);
  box.classList.toggle("ill", health(box.querySelector(".state"), sign.faults));
  buttons(box.querySelector(".actions"), sign.id, SIGN_ACTIONS, sign.faults);
  chips(box.querySelector(".chips"), sign.id, sign.faults, SIGN_ACTIONS);
  draw(box.querySelector("canvas"), sign);
}

function keys(box, pad) {
  for (const [what, text] of KEYS[pad.kind]) {
    const found = box.querySelector(`[data-fault="${what}"]`) ?? button(box, pad.id, what);
    setText(found, text.includes(".") ? t(text) : text);
    found.disabled = pad.kind === "rating" && !pad.asking;
  }
}

function showPad(pad) {
  const box = card(byId("pads"), "pad-card", pad.id);
  setText(box.querySelector("h3"), `${t(pad.kind)} ${pad.id.split("-")[1]}`);
  box.classList.toggle("ill", health(box.querySelector(".state"), pad.faults));
  setText(box.querySelector(".acks"), pad.verdict ? t(`pad.${pad.verdict}`) : "");
  const digits = box.querySelector(".digits");
  digits.hidden = pad.kind === "rating";
  const shown = pad.typed ? ["", pad.typed] : pad.kind === "pad" ? [pad.display.slice(0, 3), pad.display.slice(3)] : ["", pad.display];
  digits.replaceChildren(...shown.map((text) => Object.assign(document.createElement("span"), { textContent: text || " " })));
  keys(box.querySelector(".keys"), pad);
  chips(box.querySelector(".chips"), pad.id, pad.faults, []);
}

function showVoice(voice) {
  const box = card(byId("voices"), "voice-card", voice.id);
  setText(box.querySelector("h3"), `${t("voice")} ${voice.id.split("-")[1]}`);
  setText(box.querySelector("code"), voice.url);
  setText(box.querySelector(".acks"), voice.volume ? `${t("volume")} ${voice.volume}` : "");
  box.classList.toggle("ill", health(box.querySelector(".state"), voice.faults));
  const now = box.querySelector(".saying");
  now.classList.toggle("silent", !voice.saying);
  setText(now, voice.saying || t("voice.silent"));
  const said = voice.said.map((one) => {
    const row = document.createElement("li");
    row.textContent = one.whole ? one.text : `${one.text} (${t("voice.cut")})`;
    return row;
  });
  box.querySelector(".said").replaceChildren(...said);
  buttons(box.querySelector(".actions"), voice.id, VOICE_ACTIONS, voice.faults);
  chips(box.querySelector(".chips"), voice.id, voice.faults, VOICE_ACTIONS);
}

function showFrames(frames) {
  byId("log-empty").hidden = frames.length > 0;
  const rows = frames.map((frame) => {
    const row = document.createElement("tr");
    const sent = frame.way === "→";
    row.className = sent ? "out" : "in";
    for (const cell of [frame.at, t(sent ? "log.out" : "log.in"), frame.text, frame.data]) {
      row.insertCell().textContent = cell;
    }
    return row;
  });
  byId("frames").replaceChildren(...rows);
}

function showSlips(roll, slips) {
  const key = language + JSON.stringify(slips);
  if (roll.dataset.key === key) return;
  roll.dataset.key = key;
  if (!slips.length) {
    const none = document.createElement("p");
    none.className = "none";
    none.textContent = t("paper.none");
    roll.replaceChildren(none);
    return;
  }
  roll.replaceChildren(
    ...slips.map((slip) => {
      const figure = document.createElement("figure");
      figure.className = slip.complete ? "slip" : "slip stub";
      const picture = document.createElement("img");
      picture.src = slip.src;
      picture.alt = `${t("paper.slip")} ${slip.number}`;
      const caption = document.createElement("figcaption");
      caption.textContent = `${t("paper.slip")} ${slip.number} · ${t(slip.complete ? "paper.complete" : "paper.stub")}`;
      figure.append(picture, caption);
      return figure;
    }),
  );
}

function showPrinter(printer) {
  const box = card(byId("printers"), "printer-card", printer.id);
  setText(box.querySelector("h2"), `${t("printer")} ${printer.id.replace("printer-", "")}`);
  setText(box.querySelector("code"), printer.url);
  box.classList.toggle("ill", health(box.querySelector(".state"), printer.faults));
  buttons(box.querySelector(".actions"), printer.id, PRINTER_ACTIONS, printer.faults);
  chips(box.querySelector(".chips"), printer.id, printer.faults, PRINTER_ACTIONS);
  showSlips(box.querySelector(".roll"), printer.slips);
}

function show(state) {
  latest = state;
  byId("bus").hidden = byId("log").hidden = state.bus === null;
  if (state.bus) {
    setText(byId("bus-url"), state.bus.url);
    health(byId("bus-state"), state.bus.faults);
    buttons(byId("bus-actions"), "bus", BUS_ACTIONS, state.bus.faults);
    chips(byId("bus-faults"), "bus", state.bus.faults, BUS_ACTIONS);
    state.bus.signs.forEach(showSign);
    state.bus.pads.forEach(showPad);
    showFrames(state.bus.frames);
  }
  byId("voices").hidden = state.voices.length === 0;
  state.voices.forEach(showVoice);
  state.printers.forEach(showPrinter);
}

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${t("title")} · HallCall`;
  translate(document);
  if (latest) show(latest);
}

async function look() {
  try {
    const answer = await fetch("/state", { signal: AbortSignal.timeout(3000) });
    show(await answer.json());
    byId("offline").hidden = true;
  } catch {
    byId("offline").hidden = false;
  }
  setTimeout(look, EVERY_MS);
}

byId("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem("language", language);
  speak();
});
speak();
look();
