"""An electrician puts another printer in the place of a broken one: with the wizard, in a few clicks, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from drivers.sim.printer import SimPrinter
from tests.e2e.hall import Hall, until, whole_hall
from tests.found import headless

pytestmark = pytest.mark.needs("chromium")

PATIENCE_MS = 60_000  # a slow machine may take its time
SCREENS = Path(__file__).parents[2] / "build" / "screens"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with whole_hall(tmp_path_factory.mktemp("hall")) as running:
        yield running


@pytest.fixture
def fresh() -> Iterator[SimPrinter]:
    printer = SimPrinter().start()
    yield printer
    printer.stop()


@pytest.fixture
def page(hall: Hall) -> Iterator[Page]:
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=headless(), args=["--no-sandbox"])
        opened = engine.new_context(viewport=PHONE, locale="en-US").new_page()  # type: ignore[arg-type]
        opened.set_default_timeout(PATIENCE_MS)
        link = hall.ask("POST", "/links", {"role": "maintenance", "subject": "wu"}, who="admin").value["secret"]
        opened.goto(f"{hall.url()}{link}")
        opened.wait_for_url("**/maintenance")
        yield opened
        engine.close()


def shot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def test_a_printer_of_another_make_takes_the_place_with_its_history(hall: Hall, page: Page, fresh: SimPrinter) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    hall.fault("printer2", "unplugged")
    order = until(lambda: hall.device("printer2")["repair"], "a repair is open", 60)["order"]
    page.goto(f"{hall.url()}/maintenance/devices/printer2")
    page.get_by_role("link", name="Replace device").click()
    expect(page.locator("main")).to_contain_text(f"order {order} becomes fixed")
    take, reason = page.locator("[data-take]"), page.locator("[name=reason]")
    expect(take).to_be_disabled()

    page.locator("[name=url]").fill("tcp://printer.example.com:22")
    page.locator("[data-try]").click()
    expect(page.locator("#mistakes")).to_contain_text("Ports below 1024")
    page.locator("[name=url]").fill(f"tcp://127.0.0.1:{fresh.port}")
    page.locator("[name=serial]").fill("X7K2")
    page.locator("[data-try]").click()
    expect(page.locator("#tried")).to_contain_text("the test slip was printed, it can be taken")
    expect(page.locator("[name=model]")).not_to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shot(page, "replace-tried-en")
    assert reason.is_hidden()
    take.click()
    page.wait_for_url("**/replaced")
    expect(page.locator("main")).to_contain_text("Verified: the new unit works.")
    shot(page, "replace-done-en")
    assert len(fresh.slips()) == 2, "the trial's slip and the proof"

    device = hall.device("printer2")
    assert (device["address"], device["asset"]["serial"], device["repair"]) == (
        f"tcp://127.0.0.1:{fresh.port}", "X7K2", None,
    )  # fmt: skip
    label = hall.take("K2", "tax")
    told = until(lambda: [row for row in hall.journal() if row["kind"] == "SlipPrinted"], f"{label} is printed")
    assert ([row["body"]["printer"] for row in told], len(fresh.slips())) == (["printer2"], 3)
    page.goto(f"{hall.url()}/maintenance/devices/printer2")
    expect(page.locator(".replacement")).to_contain_text("Serial number X7K2")
    expect(page.locator("#past")).to_contain_text("proved by a slip")
    shot(page, "replace-history-en")
    page.get_by_role("button", name="New roll loaded").click()
    expect(page.locator("main")).to_contain_text("about 79.9 m, 888 slips")
