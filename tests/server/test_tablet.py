"""The display of a window: who may answer there, for whom, until when, and what becomes of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall_server.app import Hosting
from hall_server.settings import FILE, SettingsError, parse
from hall_server.web.cookies import SCREEN_S
from tests.model.moves import Clock
from tests.server.halls import HALL, Api, open_api, problem

TABLET = """
[[device]]
id = "tablet1"
kind = "tablet"
zh = "一号窗口显示屏"
en = "Display of window 1"
window = "1"

[[clerk]]
id = "li"
number = "017"
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hall(tmp_path: Path, clock: Clock) -> Iterator[Api]:
    api = open_api(tmp_path, HALL + TABLET, Hosting(clock=clock))
    api.tokens["tablet"] = api.server.desk.grant("token", "tv", "tablet1", "1", "test")
    api.tokens["next door"] = api.server.desk.grant("token", "tv", "tablet1", "2", "test")
    yield api
    api.server.stop()


def window(api: Api, name: str = "1") -> dict[str, Any]:
    """What the display of a window has beside its row."""
    shown = api.get("/board").get_json()["displays"]
    return next((row for row in shown if row["window"] == name), {"clerk": "", "asks": None})


def serve(api: Api) -> str:
    """One customer at window 1, to the end; the number."""
    label = str(api.post("/tickets", {"service": "id"}).get_json()["label"])
    api.post("/windows/1/next")
    assert api.post("/windows/1/finish").status_code == 200
    return label


def said(api: Api, *kinds: str) -> list[dict[str, Any]]:
    return [json.loads(row.body) for row in api.server.journal.rows() if row.kind in kinds]


def test_C8_a_customer_is_asked_by_the_display_and_the_manager_reads_what_was_said(hall: Api) -> None:
    label = serve(hall)
    assert window(hall)["asks"]["label"] == label
    answer = {"label": label, "level": 2, "reason": "unclear"}
    assert hall.post("/windows/1/rating", answer, "tablet", key="one-press").status_code == 204
    assert hall.post("/windows/1/rating", answer, "tablet", key="one-press").status_code == 204
    assert hall.post("/windows/1/rating", {"label": label, "level": 5}, "tablet").status_code == 204
    assert window(hall)["asks"] is None
    (rated,), (why,) = said(hall, "TicketRated"), said(hall, "TicketRatingExplained")
    assert (rated["level"], rated["device"]) == (2, "tablet1")
    assert (why["ticket"], why["window"], why["level"], why["reason"]) == (rated["ticket"], "1", 2, "unclear")
    total = hall.get("/ratings").get_json()["total"]
    assert (total["served"], total["asked"], total["rated"], total["reasons"]) == (1, 1, 1, {})
    assert hall.server.journal.verify() is None
    for _ in range(4):
        hall.post("/windows/1/rating", {"label": serve(hall), "level": 1, "reason": "wait"}, "tablet")
    assert hall.get("/ratings").get_json()["windows"][0]["reasons"] == {"wait": 4, "unclear": 1}


def test_a_reason_beside_a_good_rating_is_not_kept(hall: Api) -> None:
    hall.post("/windows/1/rating", {"label": serve(hall), "level": 4, "reason": "wait"}, "tablet")
    assert ([one["level"] for one in said(hall, "TicketRated")], said(hall, "TicketRatingExplained")) == ([4], [])


def test_silence_is_no_rating_and_an_answer_that_was_under_way_counts(hall: Api, clock: Clock) -> None:
    label = serve(hall)
    clock.now += 31
    hall.server.live.presence.pass_time()
    assert window(hall)["asks"] is None
    assert len(said(hall, "TicketNotRated")) == 1
    assert hall.post("/windows/1/rating", {"label": label, "level": 5}, "tablet").status_code == 204
    assert [one["level"] for one in said(hall, "TicketRated")] == [5]


@pytest.mark.parametrize(
    ("role", "where", "body", "refused"),
    [
        ("tv", "1", {}, (403, "forbidden")),
        ("next door", "1", {}, (403, "forbidden")),
        ("next door", "2", {}, (409, "not_asked")),
        ("tablet", "2", {}, (403, "forbidden")),
        ("tablet", "1", {"label": "A999"}, (409, "not_asked")),
        ("tablet", "1", {"level": 6}, (400, "invalid")),
        ("tablet", "1", {"reason": "bribe"}, (400, "invalid")),
        ("clerk", "1", {}, (403, "forbidden")),
        ("admin", "1", {}, (403, "forbidden")),
    ],
)
def test_nobody_else_rates_and_nobody_for_whom_was_not_asked(
    hall: Api, role: str, where: str, body: dict[str, Any], refused: tuple[int, str]
) -> None:
    asked = {"label": serve(hall), "level": 1}
    before = hall.rows()
    assert problem(hall.post(f"/windows/{where}/rating", asked | body, role)) == refused
    assert hall.rows() == before


def test_W19_a_clerk_is_shown_by_number_and_never_by_name(hall: Api) -> None:
    link = hall.post("/links", {"role": "clerk", "subject": "li", "window": "1"}).get_json()["secret"]
    hall.server.desk.redeem(link.partition("#")[2])
    assert (window(hall)["clerk"], window(hall, "2")["clerk"]) == ("017", "")
    assert "clerk:li" not in hall.get("/board").get_data(as_text=True)


def test_a_broken_display_asks_nobody_and_one_that_fell_silent_is_broken(hall: Api) -> None:
    presence = hall.server.live.presence
    presence.hear_screen("tablet1", "ok", ())
    (row,) = (one for one in hall.get("/devices").get_json()["devices"] if one["id"] == "tablet1")
    assert (row["kind"], row["state"], row["station"], row["monitored"]) == ("rating", "ok", None, True)
    presence.hear_screen("tablet1", "failed", ("no_answer",))
    serve(hall)
    assert window(hall)["asks"] is None


def test_a_screen_stays_signed_in_beyond_a_working_day(hall: Api, clock: Clock) -> None:
    desk = hall.server.desk
    sessions = {role: desk.grant("session", role, "x", "1", "test") for role in ("tv", "manager")}
    clock.now += SCREEN_S - 60
    assert [desk.principal(secret) is not None for secret in sessions.values()] == [True, False]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[[device]]\nid = "r"\nkind = "rating"\nzh = "评"\nen = "R"\nwindow = "1"\nurl = "socket://192.0.2.1:4001#1"',
         "window 1 has one rating unit"),
        ('[[device]]\nid = "t"\nkind = "tablet"\nzh = "屏"\nen = "T"', "needs its window"),
        ('[[device]]\nid = "t"\nkind = "tablet"\nzh = "屏"\nen = "T"\nwindow = "2"\nurl = "tcp://192.0.2.1:1"',
         "a tablet has no url"),
    ],
)  # fmt: skip
def test_what_a_display_cannot_be_is_told(more: str, told: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        parse(f"{HALL}{TABLET}{more}\n", FILE, Path())
    assert any(told in mistake for mistake in wrong.value.mistakes)
