"""An evening through the API: windows drain, a late customer, overtime, the closing check, hand-over, next morning."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from hall_server import closing_check
from hall_server.app import Hosting
from hall_server.core.commands import Tick
from hall_server.settings import SettingsError, parse
from hall_server.writer import Answer
from tests.model.moves import Clock
from tests.server.halls import HALL, HERE, open_api, problem

CALENDAR = """
[day]
duty_windows = ["1"]

[[hours]]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
spans = ["08:30-12:00", "13:30-17:00"]
"""


class Evening:
    """A hall on a Monday, and the clock on its wall."""

    def __init__(self, home: Path, text: str) -> None:
        self.clock = Clock()
        self.at("16:30")
        self.api = open_api(home, text, Hosting(clock=self.clock))

    def at(self, time: str, day: int = 23) -> None:
        hour, minute = map(int, time.split(":"))
        self.clock.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp() - 8 * 3600

    def tick(self) -> None:
        """A second passes, as the server says each second."""
        self.api.server.desk.do(Tick(), "server", lambda _hall, _facts: Answer(204, ""))

    def kinds(self, after: int) -> list[str]:
        rows = self.api.get(f"/journal?after={after}").get_json()["rows"]
        return [row["kind"] for row in rows if not row["kind"].startswith("Access")]

    def day(self) -> Any:
        return self.api.get("/day", "manager").get_json()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Evening]:
    made = Evening(tmp_path, HALL + CALENDAR)
    yield made
    made.api.server.stop()


def test_an_evening_from_the_first_window_that_drains_to_the_next_mornings_opening(hall: Evening) -> None:
    api = hall.api
    hall.at("16:45")
    hall.tick()
    draining = {row["window"]: row["until"] for row in hall.day()["windows"]}
    assert draining == {w: None if w == "1" else "2026-11-23T09:00:00.000Z" for w in "123456"}

    hall.at("16:58")
    late = api.post("/tickets", {"service": "id"}, "kiosk").get_json()  # he comes two minutes before closing
    before = api.get("/board", None).get_json()["services"][0]
    assert before["last_at"] < "2026-11-23T08:58"  # and the tile has told him that it may be too late
    hall.at("17:00")
    assert problem(api.post("/tickets", {"service": "id"}, "kiosk")) == (409, "outside_hours")
    assert problem(api.post("/day/close", {}, "manager")) == (409, "tickets_left")

    hall.at("17:03")
    assert api.post("/windows/2/next", {}, "admin").status_code == 204  # it has drained: the window on duty calls him
    assert api.post("/windows/1/next", {}, "clerk").get_json()["label"] == late["label"]
    hall.at("17:09")
    api.post("/windows/1/finish", {}, "clerk")
    written = api.post("/windows/1/handover", {"note": "forms ran out", "to": "xu"}, "clerk").get_json()
    assert (written["by"], written["served"], written["tickets"]) == ("clerk:li", 1, [])
    assert hall.day()["overtime_s"] == 540
    assert api.post("/day/close", {}, "manager").get_json() == {"day": "2026-11-23/1", "open": False}
    closed = api.get("/journal?after=0").get_json()["rows"][-1]
    assert (closed["kind"], closed["body"]) == ("DayClosed", {"day": "2026-11-23/1", "overtime_s": 540})

    told = {"health": [{"device": "sign1", "state": "ok", "faults": [], "evidence": ""}]}
    api.post("/stations/hall/reports", told, "station")
    assert {row["device"]: row["state"] for row in hall.day()["evening"]} == {"printer1": "unknown", "sign1": "on"}
    signed = api.post("/day/sign-off", {"note": "lights out"}, "manager").get_json()["signed_off"]
    assert (signed["by"], signed["answering"], signed["note"]) == ("manager:wang", ["sign1"], "lights out")
    assert problem(api.post("/day/sign-off", {}, "manager")) == (409, "already_signed")

    morning(hall)


def morning(hall: Evening) -> None:
    """The printer is dead, so that the hall opens for a reason only; the next clerk signs before the first call."""
    api = hall.api
    hall.at("08:20", 24)
    dead = {"health": [{"device": "printer1", "state": "failed", "faults": ["paper_end"], "evidence": ""}]}
    api.post("/stations/K1/reports", dead, "kiosk")
    hall.tick()  # ten minutes before it opens, the hall checks itself
    refused = api.post("/day/open", {}, "manager")
    assert problem(refused) == (409, "not_ready")
    assert "printer1: paper_end" in refused.get_json(force=True)["detail"]
    assert api.post("/day/open", {"despite": "slips at kiosk 2"}, "manager").status_code == 200
    assert problem(api.post("/tickets", {"service": "id"}, "manager")) == (409, "outside_hours")
    hall.at("08:30", 24)
    api.post("/tickets", {"service": "id"}, "manager")
    made = api.post("/tokens", {"role": "clerk", "subject": "xu", "window": "1"}).get_json()["secret"]
    assert problem(api.post("/windows/1/next", {}, made)) == (409, "handover_unread")
    assert api.get("/windows/1", made).get_json()["handover"]["note"] == "forms ran out"
    assert api.post("/windows/1/handover/sign", {}, made).get_json()["signed_by"] == "clerk:xu"
    assert api.post("/windows/1/next", {}, made).get_json()["label"] == "A001"
    assert api.get("/windows/1", made).get_json()["handover"] is None


def test_leaving_a_window_by_a_yes_through_the_api(tmp_path: Path) -> None:
    hall = Evening(tmp_path, HALL + CALENDAR.replace("[day]", '[day]\nleave = "approval"'))
    api = hall.api
    assert api.post("/windows/1/pause", {"reason": "meal", "cover": "xu"}, "clerk").get_json()["state"] == "idle"
    asks = hall.day()["windows"][0]["asks"]
    assert (asks["by"], asks["reason"], asks["cover"]) == ("clerk:li", "meal", "xu")
    assert api.get("/windows/1", "clerk").get_json()["asks_since"] is not None
    view = api.post("/windows/1/pause/answer", {"allow": True}, "manager").get_json()
    assert [(row["by"], row["approved_by"], row["cover"]) for row in view["leaves"]] == [
        ("clerk:li", "manager:wang", "xu")
    ]
    assert problem(api.post("/windows/1/pause/answer", {"allow": True}, "manager")) == (409, "no_question")
    assert (
        api.post("/windows/2/pause", {}, "manager").get_json()["state"] == "paused"
    )  # who may allow it needs no leave
    api.server.stop()


def test_a_window_drains_by_hand_and_helps_out_and_what_makes_no_sense_is_refused_by_name(hall: Evening) -> None:
    api = hall.api
    rows = {
        row["window"]: row for row in api.post("/windows/2/drain", {"minutes": 20}, "manager").get_json()["windows"]
    }
    assert (rows["2"]["until"], rows["2"]["minutes"], rows["2"]["by_hand"]) == ("2026-11-23T08:50:00.000Z", 20, True)
    assert problem(api.post("/windows/2/drain", {"minutes": 20}, "manager")) == (409, "already_draining")
    assert problem(api.post("/windows/2/drain", {"minutes": 0}, "manager")) == (400, "invalid")
    api.post("/windows/2/reopen", {}, "manager")
    assert problem(api.post("/windows/2/reopen", {}, "manager")) == (409, "not_draining")
    rows = {
        row["window"]: row
        for row in api.post("/windows/1/substitute", {"service": "loans", "minutes": 30}, "manager").get_json()[
            "windows"
        ]
    }
    assert [(one["service"], one["until"]) for one in rows["1"]["helps"]] == [("loans", "2026-11-23T09:00:00.000Z")]
    assert problem(api.post("/windows/1/substitute", {"service": "id", "minutes": 5}, "manager")) == (409, "same_place")
    assert problem(api.post("/windows/2/substitute", {"service": "tax", "minutes": 0}, "manager")) == (
        409,
        "not_helping",
    )
    assert problem(api.post("/windows/1/handover/sign", {}, "clerk")) == (409, "no_handover")
    assert problem(api.post("/day/sign-off", {}, "manager")) == (409, "day_open")


def test_the_page_of_the_day_shows_all_of_it_to_a_manager(hall: Evening) -> None:
    hall.at("16:50")
    hall.tick()
    hall.api.post("/windows/2/pause", {"reason": "meal"}, "manager")
    said = page(hall, "manager").get_data(as_text=True)
    shown = ("Business day 2026-11-23/1", "takes nobody new, closes at 17:00 (10 min)", "Paused, and nobody stands in")
    assert [words for words in shown if words not in said] == []
    assert page(hall, "clerk").status_code == 403


def page(hall: Evening, role: str) -> TestResponse:
    """The page of the day in English, for whoever has signed in."""
    client = Client(hall.api.server.wsgi)
    client.set_cookie("hallcall", hall.api.server.desk.grant("session", role, "wang", "1", "test"))
    return client.get("/floor/day?lang=en", environ_base=HERE)


def test_the_command_tells_the_day_in_lines(hall: Evening) -> None:
    hall.at("16:50")
    hall.tick()
    hall.api.post("/tickets", {"service": "id"}, "kiosk")
    hall.api.post("/windows/2/pause", {}, "manager")
    lines = closing_check.told(hall.day()).splitlines()
    assert lines[0] == "Business day 2026-11-23/1 is open."
    assert lines[2].startswith("1 customers are still to be served, by about 2026-11-23T09:0")
    assert lines[3:5] == [
        "Window 2: takes nobody new, closes at 2026-11-23T09:00:00.000Z.",
        "Window 2: is paused, and nobody stands in.",
    ]
    hall.api.post("/day/close", {"despite": "fire"}, "manager")
    assert closing_check.told(hall.day()).splitlines()[-2:] == [
        "Nothing that can be asked is still on.", "Nobody has signed the closing check off.",
    ]  # fmt: skip


# ---- the calendar as it is written

BAD = """
[day]
duty_windows = ["7"]

[[hours]]
days = ["mon", "tue"]
spans = ["17:00-13:30", "08:30-12:00", "11:00-14:00"]

[[hours]]
days = ["tue"]
spans = ["08:30-12:00"]

[[hours]]
days = ["fri"]
spans = ["08:30-12:00"]
service = "loan"

[[holiday]]
zh = "节"
en = "Holiday"
first = 2026-10-03
last = 2026-10-01

[[holiday]]
zh = "节"
en = "Holiday"
first = 2026-12-24
last = 2026-12-26

[[makeup]]
zh = "调休"
en = "Make-up day"
day = 2026-12-25
like = "fry"
"""


def test_all_mistakes_of_a_calendar_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as wrong:
        parse(HALL.replace('id = "main"\n', 'id = "main"\nopens = "08:30"\n') + BAD)
    said = "\n".join(wrong.value.mistakes)
    assert [part for part in (
        "[[hours]] say when the hall opens: keep only those.",
        "there is no window '7'.",
        "17:00-13:30 ends before it begins.",
        "08:30-12:00 and 11:00-14:00 overlap.",
        "tue stand in row 1 as well.",
        "there is no service 'loan'. Did you mean 'loans'?",
        "it ends before it begins.",
        "2026-12-25 stands in the calendar already.",
        "makeup.0.like: Input should be",
    ) if part not in said] == []  # fmt: skip


def test_a_calendar_is_read_as_it_was_meant() -> None:
    written = CALENDAR + '\n[[makeup]]\nzh = "调休"\nen = "Make-up"\nday = 2026-10-10\nlike = "fri"\n'
    config = parse(HALL + written).hall_config()
    assert [(h.days, [(s.opens, s.closes) for s in h.spans], h.service) for h in config.calendar.hours] == [
        ((0, 1, 2, 3, 4, 5, 6), [("08:30", "12:00"), ("13:30", "17:00")], "")
    ]
    assert [(one.first, one.last, one.like) for one in config.calendar.special] == [("2026-10-10", "2026-10-10", 4)]
    assert (config.day.duty, config.day.drain_min, config.day.leave) == (("1",), 15, "inform")


def test_the_calendar_in_the_documentation_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "day.md").read_text("utf-8")
    written = page.split("```toml\n")[1].split("```")[0].replace('"property"', '"loans"')
    config = parse(HALL + written).hall_config()
    assert (config.day.leave, config.day.crowd, len(config.calendar.hours)) == ("cover", 120, 2)
