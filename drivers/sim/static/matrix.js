// Draws a sign as the lamps it is made of.
const PITCH = 5;
const LAMPS = { red: "#ff5240", green: "#3ddc6c", yellow: "#ffc93c" };

export function draw(canvas, sign) {
  const rows = sign.dots;
  const width = rows[0].length * PITCH + PITCH;
  const height = rows.length * PITCH + PITCH;
  const key = [sign.text, sign.colour, sign.lit].join("\n");
  if (canvas.dataset.key === key) return;
  canvas.dataset.key = key;
  canvas.width = width;
  canvas.height = height;
  canvas.setAttribute("aria-label", sign.text);
  const pen = canvas.getContext("2d");
  const lamp = LAMPS[sign.colour] ?? LAMPS.yellow;
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      const on = sign.lit && row[x] === "1";
      pen.fillStyle = on ? lamp : "#1b1b1b";
      pen.shadowColor = lamp;
      pen.shadowBlur = on ? 5 : 0;
      pen.beginPath();
      pen.arc(PITCH + x * PITCH, PITCH + y * PITCH, on ? 2.4 : 1.3, 0, 2 * Math.PI);
      pen.fill();
    }
  });
}
