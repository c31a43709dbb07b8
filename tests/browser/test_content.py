"""Putting something up on the TV by hand: a file goes in small parts, mistakes are said beside the form, a preview."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hall_server.contract.content import PART_BYTES
from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.web.test_content_page import ROWS

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def page(desk: Callable[..., Page], hall: ConsoleHall) -> Page:
    hall.pages.contents.rows = tuple(row.model_copy(update={"missing": True}) for row in ROWS)
    shown = desk("manager", "/floor/content")
    shown.screenshot(path=SCREENS / "content.png")
    shown.locator("[data-add]").click()
    shown.locator("[name=owner]").fill("办公室")
    shown.locator("[name=last]").fill("2099-12-31")
    return shown


def test_a_picture_goes_up_in_parts_and_then_the_item_that_shows_it(
    page: Page, hall: ConsoleHall, tmp_path: Path
) -> None:
    file = tmp_path / "slide.png"
    file.write_bytes(b"\x89PNG" * 20_000)
    page.locator("[name=zh]").fill("新版社保卡")
    page.locator("[name=file]").set_input_files(file)
    page.screenshot(path=SCREENS / "content-add.png")
    page.locator("#add [type=submit]").click()
    expect(page.locator("#add")).to_be_hidden()
    *parts, item = hall.asked
    assert [(one.path, one.body["offset"]) for one in parts] == [("content/parts", 0), ("content/parts", PART_BYTES)]
    assert len({one.body["upload"] for one in parts}) == 1
    today = hall.pages.today()
    assert (item.path, item.body) == (
        "content", {"place": "promo", "zh": "新版社保卡", "en": "", "owner": "办公室", "first": today,
                    "last": "2099-12-31", "upload": parts[0].body["upload"]},
    )  # fmt: skip


def test_what_is_missing_or_refused_is_said_in_the_form_and_nothing_typed_is_lost(
    page: Page, hall: ConsoleHall, tmp_path: Path
) -> None:
    page.locator("[name=zh]").fill("只有中文")
    page.locator("#add [type=submit]").click()
    expect(page.locator(".wrong")).to_contain_text("中文和英文都要填写")
    assert hall.asked == []
    file = tmp_path / "virus.png"
    file.write_bytes(b"MZ")
    page.locator("[name=file]").set_input_files(file)
    hall.refusal = "media_type"
    page.locator("#add [type=submit]").click()
    expect(page.locator(".wrong")).to_contain_text("不是可播放的")
    expect(page.locator("[name=zh]")).to_have_value("只有中文")


def test_a_preview_has_the_tvs_shape_and_taking_away_is_one_press(page: Page, hall: ConsoleHall) -> None:
    page.locator("#add [data-close]").click()
    page.locator("[data-preview=i3]").click()
    expect(page.locator("#preview .slide")).to_have_text("下雪Snow")
    page.screenshot(path=SCREENS / "content-preview.png")
    page.locator("#preview [data-close]").click()
    page.locator("[data-remove=i2]").click()
    expect(page.locator("#message")).to_contain_text("已撤下")
    assert [(one.path, one.body) for one in hall.asked] == [("content/i2/remove", {})]
