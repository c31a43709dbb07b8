"""From a clerk's *next* to the moment when the call has been painted on several TVs, in Chromium on this machine."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.bench.loads import call_next, issue
from tests.bench.server import Server
from tests.bench.stage import WINDOWS
from tests.found import chromium

SCREENS = 6
CALL_EVERY_S = 1.0  # six pages on two cores have drawn the entrance of a call before the next one comes
PATIENCE_S = 20.0
SIZE: ViewportSize = {"width": 1920, "height": 1080}
# The frame in which a label stands in the list of windows is over when a task that was asked for in it runs.
WATCH = """() => {
  window.painted = {};
  new MutationObserver(() => {
    const there = [...document.querySelectorAll("#windows .win-label")].map((one) => one.textContent);
    const fresh = there.filter((label) => label && !(label in window.painted));
    for (const label of fresh) window.painted[label] = 0;
    if (fresh.length) requestAnimationFrame(() => setTimeout(() => {
      for (const label of fresh) window.painted[label] = performance.timeOrigin + performance.now();
    }));
  }).observe(document.getElementById("windows"), { childList: true, subtree: true, characterData: true });
}"""


def measure(server: Server, calls: int) -> list[float]:
    """Seconds from the moment for which *next* was meant until it was painted, call by call, screen by screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        pages = [browser.new_context(viewport=SIZE).new_page() for _ in range(SCREENS)]
        for page in pages:
            page.goto(f"http://127.0.0.1:{server.port}/tv")
            _until(lambda page=page: page.get_attribute("body", "data-state") == "live")  # type: ignore[misc]
            page.evaluate(WATCH)
        meant = _call(server, calls)
        found = [seconds for page in pages for seconds in _seen(page, meant)]
        browser.close()
    return found


def _call(server: Server, calls: int) -> dict[str, float]:
    """When each label was meant to be called, in seconds since 1970."""
    meant: dict[str, float] = {}
    with server.line() as line:
        for _ in range(calls):
            issue(line)
        began = time.time() + 1.0
        for number in range(calls):
            at = began + number * CALL_EVERY_S
            time.sleep(max(0.0, at - time.time()))
            meant[call_next(line, str(number % WINDOWS + 1))] = at
    return meant


def _seen(page: Page, meant: dict[str, float]) -> list[float]:
    _until(lambda: all(page.evaluate("(labels) => labels.map((label) => window.painted[label])", [*meant])))
    painted: dict[str, float] = page.evaluate("window.painted")
    return [painted[label] / 1000 - at for label, at in meant.items()]


def _until(true: Callable[[], object]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > give_up_at:
            raise RuntimeError("a screen never showed it")
        time.sleep(0.05)
