/* The administrator's records: a sign-in link that is shown once, the end of a session, a purge. */
import { lost, main, say, send, text } from "/static/web/console.js";

const byId = (id) => document.getElementById(id);
const link = byId("link"), once = byId("once"), end = byId("end");
let ending = "";

main.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button || lost()) return;
  if ("link" in button.dataset) link.showModal();
  if ("purge" in button.dataset) purge();
  if (!button.dataset.end) return;
  ending = button.dataset.end;
  byId("end-who").textContent = button.dataset.who;
  end.showModal();
});

link?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { role, subject, window: place } = Object.fromEntries(new FormData(event.target));
  const bound = { role, subject: subject || null, window: place || null };
  const lacks = role === "clerk" && !(subject && place);
  link.querySelector(".wrong").textContent = lacks ? text("js.users.clerk") : "";
  if (lacks) return;
  const { status, body } = await send("/api/v1/links", bound, JSON.stringify(bound));
  if (status !== 201) return;
  link.close();
  show(body);
});

/* Nothing of it is kept: not by the server, and not by this page once the dialog has been closed. */
function show({ secret, qr, side }) {
  byId("secret").textContent = `${location.origin}${secret}`;
  const picture = once.querySelector("svg");
  picture.setAttribute("viewBox", `0 0 ${side} ${side}`);
  picture.querySelector("path").setAttribute("d", qr);
  once.showModal();
}

once?.addEventListener("close", () => {
  byId("secret").textContent = "";
  once.querySelector("path").removeAttribute("d");
});

end?.addEventListener("submit", async () => {
  const { status } = await send(`/api/v1/tokens/${ending}/revoke`, {}, ending);
  if (status === 204) say(text("js.users.ended"));
});

/* A few hundred at a time, so that nobody who calls has to wait for it. */
async function purge() {
  let forgotten = 0;
  for (;;) {
    const { status, body } = await send("/api/v1/purge");
    if (status !== 200) return;
    forgotten += body.forgotten;
    if (!body.forgotten) break;
  }
  if (forgotten) location.reload();
  else say(text("js.purged"));
}
