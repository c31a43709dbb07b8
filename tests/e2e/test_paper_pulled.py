"""Somebody pulls the paper, or wants to see a sign work: who is told what, and how it ends."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.conftest import Measured
from tests.e2e.hall import Hall, until, whole_hall
from tests.found import headless

pytestmark = pytest.mark.needs("chromium")

PATIENCE_MS = 60_000  # a slow machine may take its time


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with whole_hall(tmp_path_factory.mktemp("hall")) as running:
        yield running


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=headless(), args=["--no-sandbox"])
        opened = engine.new_context(viewport={"width": 1366, "height": 768}, locale="en-US").new_page()
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        engine.close()


def strips(hall: Hall) -> str:
    return " ".join(strip["en"] for strip in hall.screen("K1")["strips"])


def test_paper_that_is_pulled_is_told_everywhere_and_a_test_slip_ends_it(
    hall: Hall, page: Page, measured: Measured
) -> None:
    link = hall.ask("POST", "/links", {"role": "maintenance", "subject": "wu"}, who="admin").value["secret"]
    page.goto(f"{hall.url()}{link}")
    page.wait_for_url("**/maintenance")
    tv = page.context.new_page()
    tv.goto(f"{hall.url()}/tv")
    began = time.monotonic()
    hall.fault("printer1", "paper_end")
    fault = page.locator('.fault[data-device="printer1"]')
    expect(fault).to_contain_text("Out of paper", timeout=PATIENCE_MS)
    measured["row 4: paper pulled to maintenance, s"] = time.monotonic() - began
    until(lambda: "slip prints at kiosk 2" in strips(hall), "the kiosk says where slips come from")
    measured["row 4: paper pulled to kiosk, s"] = time.monotonic() - began
    expect(tv.locator("#ticker")).to_contain_text("printer out of paper", timeout=PATIENCE_MS)
    measured["row 4: paper pulled to TV, s"] = time.monotonic() - began
    assert hall.device("printer1")["repair"]["state"] == "reported"

    hall.take("K1", "tax")
    until(lambda: any(piece["complete"] for piece in hall.pieces("printer2")), "the backup prints")
    assert hall.pieces("printer1") == []

    fault.locator("h3 a").click()
    page.locator('button[data-path$="/test"]').click()
    expect(page.locator(".test.failed")).to_contain_text("paper_end", timeout=PATIENCE_MS)
    page.locator("button[data-state=accepted]").click()
    page.locator("[name=expected]").fill("2030-01-01T11:30")
    page.locator("#ask [type=submit]").click()
    expect(page.locator(".steps [aria-current]")).to_have_text("Accepted", timeout=PATIENCE_MS)
    assert hall.board()["notices"][0]["expected"].startswith("20")

    hall.fault("printer1", "paper_end", False)
    until(lambda: hall.device("printer1")["state"] == "ok", "the printer has paper again")
    assert hall.board()["notices"], "an answer alone is no proof of paper"
    page.locator('button[data-path$="/test"]:not([disabled])').click()
    expect(page.locator(".test.printed")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".history")).to_contain_text("proved by a slip", timeout=PATIENCE_MS)
    until(lambda: hall.board()["notices"] == [] and strips(hall) == "", "every notice is gone")
    assert [piece["complete"] for piece in hall.pieces("printer1")] == [True], "one test slip and nothing else"

    figures = hall.ask("GET", "/devices/printer1/figures").value
    told = {key: figures[key] for key in ("failures", "customers", "slips")}
    assert told == {"failures": 1, "customers": 1, "slips": 1}
    assert 0 < figures["down_s"] <= figures["open_s"]
    assert figures["days"][0]["repairs"] == 1


def test_a_sign_shows_its_pattern_for_a_moment_and_then_what_it_should(hall: Hall) -> None:
    before = hall.sign("3")
    assert hall.ask("POST", "/devices/sign3/test", {}).status == 200
    until(lambda: hall.sign("3") == "88888888", "every place is lit")
    until(lambda: (test := hall.device("sign3")["test"]) and test["outcome"] == "shown", "the sign has answered")
    until(lambda: hall.sign("3") == before, "the sign says again what it should")
