/* Redeems the one-time code after the # of a sign-in link: it never travels in an address. */

const steps = document.querySelectorAll("#login [data-step]");
const code = location.hash.slice(1);   // read once; the address is cleaned below

function show(name) {
  for (const step of steps) step.hidden = step.dataset.step !== name;
}

async function signIn() {
  show("wait");
  try {
    const answer = await fetch("/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code }),
    });
    if (answer.ok) location.replace((await answer.json()).next);
    else show(answer.status < 500 ? "refused" : "unreachable");
  } catch (why) {
    console.info("the sign-in was not answered", why);
    show("unreachable");
  }
}

document.querySelector("[data-retry]").addEventListener("click", signIn);
// Another link opened in this tab changes only the part after the #.
addEventListener("hashchange", () => location.reload());

if (code) {
  history.replaceState(null, "", location.pathname + location.search);
  signIn();
}
