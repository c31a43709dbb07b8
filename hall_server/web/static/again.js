/* A page without a socket asks for itself again: what is new stands in its place, what has become old says so. */
(() => {
  const OLD_MS = 60000;      // four questions without an answer: what stands here may be wrong by now
  const ANSWER_MS = 8000;    // longer than a phone's worst network, shorter than the time between two questions
  const BUZZ_MS = [300, 150, 300, 150, 300];
  let heardAt = Date.now();
  let timer = 0;
  let rung = false;

  const every = () => Number((document.querySelector("[data-again-s]") || { dataset: {} }).dataset.againS || 0) * 1000;

  function later() {
    clearTimeout(timer);
    if (every()) timer = setTimeout(ask, every());
  }

  /* A customer who is called may not be looking. */
  function ring() {
    const called = document.body.hasAttribute("data-ring");
    const touched = navigator.userActivation && navigator.userActivation.hasBeenActive;   // browsers allow it then only
    if (called && !rung && touched && navigator.vibrate) navigator.vibrate(BUZZ_MS);
    rung = called;
  }

  /* Only what differs is replaced: nobody loses a button under the thumb. */
  function show(page) {
    for (const part of ["header", "main", "footer"]) {
      const [now, next] = [document.querySelector(part), page.querySelector(part)];
      if (now && next && now.outerHTML !== next.outerHTML) now.replaceWith(next);
    }
    for (const name of ["class", "data-again-s", "data-lost", "data-ring"]) {
      const value = page.body.getAttribute(name);
      if (value === null) document.body.removeAttribute(name);
      else document.body.setAttribute(name, value);
    }
    for (const said of document.querySelectorAll(".lost")) said.remove();
    document.title = page.title;
  }

  function growOld() {
    if (document.body.classList.contains("old")) return;
    document.body.classList.add("old");
    const said = document.createElement("p");
    said.className = "lost";
    said.setAttribute("role", "alert");
    said.textContent = document.body.dataset.lost || "";
    document.querySelector("main").before(said);
  }

  async function ask() {
    const limit = new AbortController();
    const timeout = setTimeout(() => limit.abort(), ANSWER_MS);
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: limit.signal });
      if (answer.status < 500) {
        show(new DOMParser().parseFromString(await answer.text(), "text/html"));
        heardAt = Date.now();
        ring();
      }
    } catch (why) {
      console.info("no answer; asked again later", why);
    } finally {
      clearTimeout(timeout);
      if (Date.now() - heardAt > OLD_MS) growOld();
      later();
    }
  }

  /* A phone that slept shows what was; the first look is the moment to be right. */
  document.addEventListener("visibilitychange", () => { if (!document.hidden && every()) ask(); });
  addEventListener("online", () => { if (every()) ask(); });
  ring();
  later();
})();
