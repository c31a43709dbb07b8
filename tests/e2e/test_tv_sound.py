"""A TV in a Chromium that a hall starts itself: calls are heard when sounds may begin, else after a touch."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.hall import until
from tests.e2e.test_pads import bodies
from tests.found import chromium
from tests.server.halls import HALL
from tests.server.opened import open_hall
from tests.server.program import Program
from tests.server.test_sounds import TV

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("xvfb")]

MAY_SOUND = "--autoplay-policy=no-user-gesture-required"
# Every sound takes 60 ms, and how long it would have taken is remembered: a sentence is ten seconds otherwise.
QUICK = """() => {
  window.heard = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function () {
    window.heard.push(this.buffer.duration);
    start.call(this, 0, 0, 0.06);
  };
}"""
FETCHED = """() => performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname)
  .filter((path) => path.startsWith("/voice/"))"""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Program]:
    with open_hall(tmp_path, HALL + TV) as running:
        yield running


@pytest.fixture
def display() -> Iterator[str]:
    """A display for programs that need one, as the computer behind a TV has it."""
    number, told = os.pipe()
    command = ["Xvfb", "-displayfd", str(told), "-nolisten", "tcp", "-screen", "0", "1280x720x24"]
    with subprocess.Popen(command, pass_fds=(told,), stderr=subprocess.DEVNULL) as server:
        os.close(told)
        with os.fdopen(number) as said:
            yield f":{said.readline().strip()}"
        server.terminate()


@contextmanager
def tv(hall: Program, display: str, *flags: str) -> Iterator[Page]:
    """The TV page, signed in by a link, in a browser that no test tool has started."""
    link = hall.post("/links", {"role": "tv", "subject": "tv7"})["secret"]
    profile = hall.home / f"profile{len(flags)}"
    command = [str(chromium()), "--kiosk", "--no-first-run", "--no-sandbox", "--disable-gpu", *flags]
    command += ["--remote-debugging-port=0", f"--user-data-dir={profile}", hall.url + link]
    port = profile / "DevToolsActivePort"
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=os.environ | {"DISPLAY": display}, start_new_session=True, stdout=quiet, stderr=quiet
    ) as running:
        try:
            until(lambda: port.exists() and port.read_text("ascii").splitlines()[1:], "the browser listens", 60)
            if not flags:  # whatever looks into the page is taken for a touch: first it has to say how it is itself
                until(lambda: blocked(hall), "the page says that it may not sound", 60)
            with sync_playwright() as playwright:
                address = f"http://127.0.0.1:{port.read_text('ascii').splitlines()[0]}"
                (page,) = playwright.chromium.connect_over_cdp(address).contexts[0].pages
                expect(page).to_have_url(re.compile("/tv$"), timeout=60_000)
                expect(page.locator("body")).to_have_attribute("data-state", "live", timeout=60_000)
                page.evaluate(QUICK)
                yield page
        finally:
            os.killpg(running.pid, signal.SIGKILL)


def blocked(hall: Program) -> bool:
    rows = hall.ask("GET", "/api/v1/devices", token=hall.admin)[1]
    return any("sound_blocked" in row["faults"] for row in rows["devices"])


def unspoken(hall: Program) -> bool:
    return bool(hall.ask("GET", "/api/v1/windows/1", token=hall.admin)[1]["ticket"]["unspoken"])


def test_a_hall_hears_its_calls_or_the_clerk_is_told_and_a_touch_lets_them_be_heard(
    hall: Program, display: str
) -> None:
    for _ in range(2):
        hall.post("/tickets", {"service": "id"})
    with tv(hall, display) as page:
        chip = page.locator("#sound")
        expect(chip).to_be_visible()
        hall.post("/windows/1/next")
        until(lambda: bodies(hall, "TicketNotSpoken"), "the page says that it was not heard")
        assert [one["evidence"] for one in bodies(hall, "TicketNotSpoken")] == ["sound_blocked"]
        assert (unspoken(hall), page.evaluate("heard")) == (True, [])
        chip.click()
        expect(chip).to_be_hidden()
        hall.post("/windows/1/recall")
        until(lambda: bodies(hall, "TicketSpoken"), "after a touch it is heard")
        assert not unspoken(hall)
    hall.post("/windows/1/start")
    hall.post("/windows/1/finish")
    with tv(hall, display, MAY_SOUND) as page:
        expect(page.locator("#sound")).to_be_hidden()
        hall.post("/windows/1/next")
        until(lambda: len(bodies(hall, "TicketSpoken")) == 2, "it is heard at once")
        assert not unspoken(hall)
        parts = {path.split("/", 3)[3] for path in page.evaluate(FETCHED)}
        assert parts == {f"{lang}/{half}" for lang in ("zh", "en") for half in ("ticket/A002", "window/1")}
        chime, *sentences = page.evaluate("heard")
        assert (len(sentences), min(sentences) > 1) == (6, True), (chime, sentences)
