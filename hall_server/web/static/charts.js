/* Draws a day's charts with a pointer that reads values; without this script the server's drawings say the same. */

const HEIGHT_PX = 260, POINT_PX = 9, DASH = [10, 6];
const dark = matchMedia("(prefers-color-scheme: dark)");
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function colours() {
  return { text: token("--text"), quiet: token("--text-2"), grid: token("--plot-grid"), lines: [token("--plot-1"), token("--plot-2")] };
}

function axes(data, paint) {
  const font = `14px ${token("--font")}`;
  const look = { stroke: paint.text, font, grid: { stroke: paint.grid }, ticks: { stroke: paint.grid } };
  const hour = (place) => (Number.isInteger(place) ? data.hours[place] ?? "" : "");
  return [{ ...look, space: 70, values: (_, places) => places.map(hour) }, { ...look, size: 56 }];
}

function series(data, names, paint) {
  const hours = { label: names.at(0), value: (_, place) => data.hours[place] ?? "–" };
  return [hours, ...data.series.map((_, n) => ({
    label: names[n + 1], stroke: paint.lines[n], width: 3, spanGaps: false, dash: n ? DASH : undefined,
    fill: data.bars ? paint.lines[n] : undefined,
    paths: data.bars ? uPlot.paths.bars({ size: [0.7, 100] }) : undefined,
    points: { show: !data.bars, size: POINT_PX, fill: paint.lines[n] },
    value: (__, value) => value ?? "–",
  }))];
}

function draw(section) {
  const data = JSON.parse(section.querySelector("script").textContent);
  const live = section.querySelector("[data-live]"), drawn = section.querySelector("[data-drawn]");
  const names = [section.querySelector("th").textContent, ...[...section.querySelectorAll(".legend li")].map((one) => one.textContent)];
  drawn.classList.add("on-paper");
  live.hidden = false;
  const width = () => live.clientWidth;
  const last = data.hours.length - 1;
  const options = {
    width: width(), height: HEIGHT_PX, axes: axes(data, colours()), series: series(data, names, colours()),
    scales: { x: { time: false, range: [-0.5, last + 0.5] }, y: { range: (_, low, high) => [0, Math.max(high, 1) * 1.1] } },
    cursor: { drag: { x: false, y: false } },
  };
  live.replaceChildren();
  return [new uPlot(options, [data.hours.map((_, n) => n), ...data.values], live), width];
}

let plots = [];
const all = () => { plots = [...document.querySelectorAll("[data-plot]:has([data-live])")].map(draw); };
addEventListener("resize", () => { for (const [plot, width] of plots) plot.setSize({ width: width(), height: HEIGHT_PX }); });
dark.addEventListener("change", all);   // its lines are painted, so a style sheet does not reach them
all();
