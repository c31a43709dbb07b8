"""What the hall tells its customers: within its dates and no longer, kept over the night, and how long it was shown."""

from dataclasses import replace

import pytest

from display.board import Name, Promo
from hall_server.core import commands as c
from hall_server.core.commands.content import AddContent, NotePlayed, RemoveContent
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
