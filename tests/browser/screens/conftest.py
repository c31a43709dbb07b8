"""The stage on which the screens of a file are shown."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.console_hall import ConsoleHall
from tests.browser.screens.stage import Stage


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Stage]:
    with ConsoleHall() as hall:
        running = Stage(browser, hall)
        yield running
        running.close()
