"""From opening a page with nothing cached to the first paint of a kiosk and of a TV, in Chromium on this machine."""

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.bench.server import Server
from tests.found import chromium
from tests.kiosk.kiosk_page import kiosk_page

UPRIGHT: ViewportSize = {"width": 1080, "height": 1920}
WIDE: ViewportSize = {"width": 1920, "height": 1080}
FIRST = "() => performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime)[0]"
# The page says when its fonts are there; tiles stand in them.
READY = "async () => { await document.fonts.ready; return performance.now(); }"


def measure(server: Server, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each round: the kiosk's first paint, its tiles in their own letters, the TV's first paint."""
    found: dict[str, list[float]] = {"kiosk": [], "tiles": [], "tv": []}
    with sync_playwright() as playwright, kiosk_page() as kiosk:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for _ in range(rounds):
            page = _opened(browser, UPRIGHT, kiosk.url, ".tile")
            found["kiosk"].append(page.evaluate(FIRST))
            found["tiles"].append(page.evaluate(READY))
            page.context.close()
            page = _opened(browser, WIDE, f"http://127.0.0.1:{server.port}/tv", "body[data-state=live]")
            found["tv"].append(page.evaluate(FIRST))
            page.context.close()
        browser.close()
    return found


def _opened(browser: Browser, size: ViewportSize, url: str, there: str) -> Page:
    """The page in a context of its own: no cache of the one before."""
    page = browser.new_context(viewport=size).new_page()
    page.goto(url)
    page.locator(there).first.wait_for()
    return page
