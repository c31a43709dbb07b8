"""One Chromium for the pages of each file, a hall for its consoles, and a desk to open them at."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.console_hall import LIMIT_S, ConsoleHall, wait_for
from tests.browser.hall_with_a_tv import TvHall
from tests.browser.kiosk_screens import draw
from tests.display import boards
from tests.found import headless
from tests.kiosk.help_hall import HelpHall
from tests.kiosk.kiosk_page import Page as KioskPage
from tests.kiosk.kiosk_page import home, kiosk_page

expect.set_options(timeout=LIMIT_S * 1000)  # whatever comes true comes within this, on a machine that does much else
BLANK = "about:blank"
CONSOLES = ("/clerk", "/clerk?window=3", "/maintenance", "/floor")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=headless(), args=["--no-sandbox"])
        yield engine
        engine.close()


@pytest.fixture
def hall() -> Iterator[ConsoleHall]:
    with ConsoleHall() as running:
        yield running


@pytest.fixture
def desk(browser: Browser, hall: ConsoleHall) -> Iterator[Callable[..., Page]]:
    """Opens a page as a role; at the end nothing may have been complained about or asked of another host."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(role: str, path: str, size: tuple[int, int] = (1366, 768), lang: str = "zh") -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        cookies = {"hallcall": role, "hallcall_lang": lang}
        context.add_cookies([{"name": name, "value": value, "url": hall.url} for name, value in cookies.items()])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(hall.url) else None)
        page.goto(hall.url + path)
        wait_for(lambda: hall.listeners or path not in CONSOLES)
        return page

    yield opened
    for context in contexts:
        context.close()
    # What the browser itself prints about refused commands and cut sockets is what these tests provoke.
    assert [text for text in complaints if not re.search(r"status of (409|503)|WebSocket", text)] == []


@pytest.fixture
def tv_hall() -> Iterator[TvHall]:
    """A hall of eight windows, for its TV."""
    server = TvHall(boards.hall(windows=8, now=datetime.now(UTC)))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A kiosk's tab, which fails the test when its page complains or asks anybody else."""
    tab = browser.new_page(viewport={"width": 1080, "height": 1920})
    complaints: list[str] = []

    def complain(what: str) -> None:
        """A page that has been left may meet the end of its server while it is taken down; that is no complaint."""
        if tab.url != BLANK:
            complaints.append(what)

    tab.on("console", lambda message: complain(message.text))
    tab.on("pageerror", lambda error: complain(str(error)))
    tab.on("request", lambda asked: complain(asked.url) if not _is_ours(asked.url) else None)
    yield tab
    tab.close()
    assert complaints == []


@pytest.fixture
def page() -> Iterator[KioskPage]:
    with kiosk_page() as page:
        yield page


@pytest.fixture
def help_hall() -> Iterator[HelpHall]:
    with HelpHall() as running:
        yield running


@pytest.fixture
def kiosk(help_hall: HelpHall, tab: Page) -> Iterator[KioskPage]:
    """A kiosk of a hall that answers it, at its first screen."""
    with kiosk_page(help_hall.url) as page:
        tab.goto(page.url)
        draw(tab, page, home())
        yield page
        tab.goto(BLANK)


def _is_ours(url: str) -> bool:
    return url.startswith("http://127.0.0.1:") or url == BLANK
