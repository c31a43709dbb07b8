"""What the hall tells its customers: within its dates and no longer, kept over the night, and how long it was shown."""

from dataclasses import replace

import pytest

from display.board import Name, Promo
from hall_server.core import commands as c
from hall_server.core.commands.content import AddContent, NotePlayed, PostNotice, RemoveContent, ReviseContent
from hall_server.core.content import MOST, Item, Played
from hall_server.core.facts import content as fc
from hall_server.views import board, content
from tests.core.scene import OPENED_AT, Scene, scene
from tests.core.test_views import OUTSIDE

# The scene opens on 2026-11-22 at ten in Shanghai.
SLIDE = Item("i1", "promo", "", "", "office", "2026-11-21", "2026-11-22", "image", f"{'a' * 64}.webp")
LINE = Item("i2", "ticker", "明天下雪", "Snow tomorrow", "office", "2026-11-23", "2026-11-23")


@pytest.fixture
def hall() -> Scene:
    made = scene()
    for item in (SLIDE, LINE):
        made.do(AddContent(item), "manager:wang")
    return made


def test_the_board_carries_what_may_be_shown_with_midnights_of_the_hall_and_drops_what_is_over(hall: Scene) -> None:
    now = board(hall.hall, OUTSIDE)
    url = f"/media/{'a' * 64}.webp"
    slide = Promo("i1", "image", url, Name("", ""), "2026-11-20T16:00:00.000Z", "2026-11-22T16:00:00.000Z")
    line = Name("明天下雪", "Snow tomorrow")
    snow = Promo("i2", "text", "", line, "2026-11-22T16:00:00.000Z", "2026-11-23T16:00:00.000Z")
    assert (now.promo, now.messages) == ((slide,), (snow,))
    hall.pass_time(14 * 3600)
    hall.issue()
    later = board(hall.hall, OUTSIDE)
    assert (later.promo, later.messages) == ((), (snow,))


def test_nothing_is_put_up_that_is_over_and_nothing_taken_away_twice(hall: Scene) -> None:
    over = replace(SLIDE, id="i3", last="2026-11-21")
    said = ("content_over", "Its last day, 2026-11-21, is over: it would never be shown.")
    assert hall.refusal(AddContent(over)) == said
    assert hall.do(RemoveContent("i1")) == [fc.ContentRemoved("i1")]
    assert hall.refusal(RemoveContent("i1"))[0] == "unknown_content"
    for n in range(MOST - 1):
        hall.do(AddContent(replace(SLIDE, id=f"more-{n}")))
    assert hall.refusal(AddContent(replace(SLIDE, id="too-many")))[0] == "content_full"


def test_what_tvs_say_adds_up_and_what_they_say_of_an_unknown_item_does_not_count(hall: Scene) -> None:
    told = (fc.Shown("i1", "tv1", 600), fc.Shown("i1", "tv2", 60), fc.Shown("gone", "tv1", 9))
    assert hall.do(NotePlayed(OPENED_AT, told)) == [fc.ContentPlayed(OPENED_AT, told[:2])]
    assert hall.do(NotePlayed(OPENED_AT, told[2:])) == []
    hall.pass_time(600)
    hall.do(NotePlayed(OPENED_AT, told[:1]))
    assert hall.hall.played == {"i1": Played("i1", 1260, hall.now)}


def test_the_editors_list_says_what_is_shown_now_what_comes_and_what_is_over(hall: Scene) -> None:
    seen = {row.id: (row.state, row.by) for row in content.view(hall.hall, hall.now).rows}
    assert seen == {"i1": ("now", "manager:wang"), "i2": ("coming", "manager:wang")}
    tomorrow = [row.state for row in content.view(hall.hall, hall.now + 24 * 3600).rows]
    assert tomorrow == ["now", "over"], "newest first"


def test_items_and_their_proof_outlive_the_night(hall: Scene) -> None:
    hall.do(NotePlayed(OPENED_AT, (fc.Shown("i1", "tv1", 600),)))
    before = (dict(hall.hall.content), dict(hall.hall.played))
    hall.do(c.CloseDay())
    hall.do(c.OpenDay("2026-11-23"))
    assert (hall.hall.content, hall.hall.played) == before


FEE = Item("i3", "fees", "补领身份证", "Replacement ID card", "office", "2026-11-22", "2026-12-31", more_zh="40元",
           more_en="CNY 40", service="tax", on_tv=True)  # fmt: skip
STEPS = Item("i4", "guide", "如何取号", "Take a ticket", "office", "2026-11-22", "2026-12-31", more_zh="选择业务",
             more_en="Choose a service")  # fmt: skip


def test_an_item_says_something_else_from_now_on_and_its_proof_of_play_goes_on(hall: Scene) -> None:
    hall.do(NotePlayed(OPENED_AT, (fc.Shown("i2", "tv1", 60),)))
    other = replace(LINE, zh="明天大雪", last="2026-11-24")
    assert hall.do(ReviseContent(other), "manager:lin") == [fc.ContentChanged(other)]
    assert hall.hall.content["i2"] == replace(other, by="manager:lin")
    assert (list(hall.hall.content), hall.hall.played["i2"].seconds) == (["i1", "i2"], 60)
    assert hall.refusal(ReviseContent(replace(LINE, id="gone")))[0] == "unknown_content"
    assert hall.refusal(ReviseContent(replace(LINE, first="2026-11-20", last="2026-11-21")))[0] == "content_over"


def test_kiosks_are_told_what_there_is_to_read_and_the_tv_of_what_shall_be_told_there_too(hall: Scene) -> None:
    assert board(hall.hall, OUTSIDE).info == ()
    for item in (FEE, STEPS):
        hall.do(AddContent(item))
    now = board(hall.hall, OUTSIDE)
    assert (now.info, [one.text.en for one in now.messages]) == (
        ("guide", "fees"), ["Snow tomorrow", "Fees: Replacement ID card CNY 40"],
    )  # fmt: skip
    read = content.guide(hall.hall, hall.now)
    assert [(one.service, one.title, one.text) for one in (*read.guide, *read.fees)] == [
        ("", Name("如何取号", "Take a ticket"), Name("选择业务", "Choose a service")),
        ("tax", Name("补领身份证", "Replacement ID card"), Name("40元", "CNY 40")),
    ]
    later = content.guide(hall.hall, hall.now + 60 * 24 * 3600)
    assert (later.guide, later.fees) == ((), ())


def test_two_taps_put_a_notice_up_once_and_it_can_be_put_up_again_when_it_is_lifted(hall: Scene) -> None:
    rain = replace(LINE, id="n1", first="2026-11-22", last="2026-11-22", notice="rain")
    assert hall.do(PostNotice(rain)) == [fc.ContentAdded(rain)]
    assert hall.refusal(PostNotice(replace(rain, id="n2"))) == ("notice_stands", "This notice is shown already.")
    hall.do(RemoveContent("n1"))
    hall.do(PostNotice(replace(rain, id="n3")))
    hall.pass_time(24 * 3600)
    assert hall.refusal(PostNotice(replace(rain, id="n4")))[0] == "content_over"
