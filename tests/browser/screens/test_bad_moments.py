"""The line goes in the middle of a form, and names bring markup, text that turns around, or far too many letters."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import BaseModel

from display.board import Name
from hall_server.contract import DeviceRow
from tests.browser.console_hall import SCREENS, ConsoleHall, wait_for
from tests.browser.screens.audit import cut, wider
from tests.browser.screens.shots import DOCK, FULL, SLIP, TICKETS, TOUCH, WALL, Shot
from tests.browser.screens.stage import Stage
from tests.web.hall import DEVICES, FLOOR, LOBBY, PHRASES, called_view

pytestmark = pytest.mark.needs("chromium")

# Markup, a character that turns around what follows, and a word that nobody can break.
HOSTILE = "<script>document.title='x'</script>\u202e\u2067Donaudampfschifffahrtsgesellschaft"


@pytest.mark.parametrize(
    ("key", "dialog", "fields"),
    [
        ("t", "transfer", {"find": "5", "note": "缺一张照片"}),
        ("o", "handover", {"note": "复印机卡纸，已报修", "to": "wu"}),
        ("d", "fault", {"note": "屏幕左半边不亮"}),
    ],
)
def test_what_was_typed_stands_there_again_when_no_answer_came(
    desk: Callable[..., Page], hall: ConsoleHall, key: str, dialog: str, fields: dict[str, str]
) -> None:
    hall.show(called_view())
    page = desk("clerk", "/clerk")
    hall.lost_answers, hall.silent_change = 1, True
    page.keyboard.press(key)
    for name, value in fields.items():
        page.locator(f"#{dialog} [name={name}]").fill(value)
    for choice in page.locator(f"#{dialog} input[type=radio]:visible").all()[:1]:
        choice.check()
    page.locator(f"#{dialog} [type=submit]").click()
    expect(page.locator(f"#{dialog}[open] .unsent")).to_contain_text("再按一次，不会重复办理")
    for name, value in fields.items():
        expect(page.locator(f"#{dialog} [name={name}]")).to_have_value(value)
    page.locator(f"#{dialog} [type=submit]").click()
    wait_for(lambda: len(hall.asked) == 2)
    expect(page.locator(f"#{dialog}")).to_be_hidden()
    assert hall.asked[0] == hall.asked[1]
    assert len(hall.done) == 1


def wordy(text: str) -> str:
    """A sentence as a language with longer words would have it; what is put into it stays."""
    parts = re.split(r"(\{\w+\})", text)
    return "".join(part if part.startswith("{") else f"{part}{'ö' * (2 * len(part) // 5)}" for part in parts)


@pytest.fixture
def loud_stage(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A hall whose every text is 1.4 times as long, and whose every name is up to no good."""
    texts = {lang: {key: wordy(text) for key, text in table.items()} for lang, table in PHRASES.texts.items()}
    monkeypatch.setattr("tests.web.hall.PHRASES", replace(PHRASES, texts=texts))
    with ConsoleHall() as hall:
        stage = Stage(browser, hall)
        yield stage
        stage.close()


def loud(value: Any) -> Any:
    """The same views with hostile names and notes."""
    if isinstance(value, Name):
        return Name(zh=f"{value.zh}{HOSTILE}", en=f"{value.en} {HOSTILE}")
    if isinstance(value, BaseModel):
        fields = {name: loud(one) for name, one in value}
        notes = {name: HOSTILE * 4 for name in ("note", "urgent") if isinstance(fields.get(name), str)}
        return value.model_copy(update=fields | (notes if not isinstance(value, DeviceRow) else {}))
    return tuple(loud(one) for one in value) if isinstance(value, tuple) else value


LOUD = (
    Shot("loud-clerk", "clerk", "/clerk", lang="en", fits=True, view=loud(FULL)),
    Shot("loud-concierge", "concierge", "/concierge", TOUCH, "en", fits=True, values={"lobby_view": loud(LOBBY)}),
    Shot("loud-floor", "manager", "/floor", WALL, "en", fits=True, values={"floor_view": loud(FLOOR)}),
    Shot("loud-maintenance", "maintenance", "/maintenance", lang="en", values={"device_rows": loud(DEVICES)}),
    Shot("loud-ticket", "nobody", "/t/called?lang=en", DOCK, values={"tickets": TICKETS}),
    Shot("loud-slip", "nobody", "/m/x?lang=en", DOCK, values={"missing_views": {"x": loud(SLIP)}}),
)


def test_long_words_and_hostile_names_break_out_of_nothing(loud_stage: Stage) -> None:
    found = {}
    for shot in LOUD:
        page, complaints = loud_stage.open(shot)
        page.screenshot(path=SCREENS / f"{shot.name}.png", full_page=not shot.fits)
        scripts = page.evaluate(
            "[...document.querySelectorAll('script')].filter((one) => !one.src && !one.type).length"
        )
        turned = page.locator("main").evaluate("(main) => getComputedStyle(main).direction")
        taller = page.evaluate("document.documentElement.scrollHeight - innerHeight") if shot.fits else 0
        found[shot.name] = (cut(page), wider(page), taller, scripts, turned, complaints.said)
    assert found == {shot.name: ([], 0, 0, 0, "ltr", []) for shot in LOUD}
