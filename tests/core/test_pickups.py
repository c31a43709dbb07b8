"""Pick-up: promised on paper, taken back, ready one day or not after all, and fetched with one ticket."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core.codec import dump, load
from hall_server.core.commands import pickups as pc
from hall_server.core.facts import Carried, SlipFailed, SlipOwed, TicketFinished, TicketIssued
from hall_server.core.facts import pickups as p
from hall_server.core.facts.life import TicketUndone
from hall_server.core.hall import Hall
from hall_server.core.pickups import PickUpRules, ready_labels
from tests.core.scene import CONFIG, Scene, picture, scene

SERVICES = (replace(CONFIG.services[0], pickup="tax"), *CONFIG.services[1:])
END_OF_NOVEMBER_24 = 1_795_536_000.0  # two days after the day of the scene, at midnight where the hall stands
DAY_S = 86400
PROMISE = pc.PromisePickUp("1", "u1", "0123456789", "page1")
COME = pc.ComeForPickUp("u1", "t8", "code8", "K3", "en")


def served(service: str = "id", **changes: object) -> Scene:
    """A001 is being served at window 1."""
    hall = scene(**{"services": SERVICES, "pickup": PickUpRules(days=2, shown=True), **changes})
    hall.issue(service)
    hall.call("1")
    hall.do(c.Start("1"))
    return hall


def promised(*, ready: bool = False) -> Scene:
    hall = served()
    hall.do(PROMISE, "clerk:li")
    if ready:
        hall.pass_time(60)
        hall.do(pc.MarkReady("u1", True))
    return hall


def test_a_promise_ends_the_service_and_is_owed_to_a_printer_with_its_code() -> None:
    hall = served()
    assert hall.do(PROMISE) == [
        p.TicketPickUpPromised("t1", "1", "tax", "u1", "0123456789", "page1", END_OF_NOVEMBER_24),
        SlipOwed("u1", "t1", "printer1", 1),
        TicketFinished("t1", "1"),
    ]
    assert (hall.state("A001"), hall.hall.tickets["t1"].slip) == ("done", None)
    failed = hall.do(c.ReportSlip("u1", "printer1", 1, "failed", "NOT_SENT", ("paper_end",)))
    assert failed[-1] == SlipOwed("u1", "t1", "printer2", 2)
    hall.do(c.ReportSlip("u1", "printer2", 2, "printed", "PRINTED"))
    assert hall.do(c.PrintMissing("u1")) == [SlipOwed("u1", "t1", "printer1", 3, copied=True)]


def test_what_is_not_ready_gives_no_ticket_and_what_is_gives_one() -> None:
    hall = promised()
    assert hall.refusal(COME)[0] == "pickup_not_ready"
    hall.pass_time(DAY_S)
    assert hall.do(pc.MarkReady("u1", True)) == [p.PickUpReady("u1", True, END_OF_NOVEMBER_24 + DAY_S)]
    assert hall.do(pc.MarkReady("u1", True)) == []
    issued, come = hall.do(COME)
    assert isinstance(issued, TicketIssued)
    assert (issued.label, issued.service, issued.language, issued.head_start_s) == ("B001", "tax", "en", 0)
    assert come == p.TicketForPickUp("t8", "u1")
    assert hall.refusal(replace(COME, ticket="t9")) == ("code_used", "Ticket B001 was given out for this code.")
    assert hall.refusal(pc.MarkReady("u1", False))[0] == "pickup_over"


def test_a_touch_in_error_is_taken_back() -> None:
    hall = promised(ready=True)
    assert hall.do(pc.MarkReady("u1", False)) == [p.PickUpReady("u1", False, END_OF_NOVEMBER_24)]
    assert hall.refusal(COME)[0] == "pickup_not_ready"


def test_a_code_ends_with_its_last_day() -> None:
    hall = promised(ready=True)
    hall.now = END_OF_NOVEMBER_24
    assert hall.refusal(COME)[0] == "code_expired"
    hall.now -= 1
    assert len(hall.do(COME)) == 2


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PROMISE, window="2"), "illegal_move"),
        (replace(PROMISE, window="9"), "unknown_window"),
        (pc.MarkReady("u1", True), "unknown_pickup"),
        (COME, "unknown_slip"),
    ],
)
def test_what_cannot_be_promised_made_ready_or_fetched_is_refused(command: c.Command, code: str) -> None:
    assert served().refusal(command)[0] == code


def test_a_service_of_which_nothing_is_fetched_later_promises_nothing() -> None:
    assert served("tax").refusal(PROMISE)[0] == "no_pickup"


def test_who_comes_to_fetch_obeys_the_hall_like_everybody() -> None:
    hall = promised(ready=True)
    for window in "12":
        hall.do(c.Pause(window))
    assert hall.refusal(COME)[0] == "service_closed"


def test_who_takes_the_end_of_a_service_back_has_promised_nothing() -> None:
    hall = promised()
    assert hall.do(c.Undo("clerk:li"), "clerk:li") == [
        SlipFailed("u1", "t1", "printer1", 1, "cancelled"),
        p.TicketPickUpWithdrawn("t1", "u1"),
        TicketUndone(("t1",), ("TicketFinished",), "clerk:li"),
    ]
    assert (hall.hall.pickups, hall.at("1")) == ({}, "A001")


def test_a_screen_shows_ready_numbers_the_latest_first_with_the_day_of_older_ones_until_they_are_fetched() -> None:
    hall = promised(ready=True)

    def shown() -> tuple[str, ...]:
        return ready_labels(hall.hall.pickups.values(), hall.now, "Asia/Shanghai")

    assert shown() == ("A001",)
    hall.pass_time(DAY_S)
    hall.do(c.CloseDay("test"))
    hall.do(c.OpenDay("2026-11-23"))
    hall.issue("id")
    hall.call("1")
    hall.do(pc.PromisePickUp("1", "u2", "1123456789", "page2"))
    assert shown() == ("A001 (11-22)",)
    hall.do(pc.MarkReady("u2", True))
    assert shown() == ("A001", "A001 (11-22)")
    hall.do(COME)
    assert shown() == ("A001",)
    hall.pass_time(5 * DAY_S)
    assert shown() == ()


def test_an_opening_carries_the_codes_that_are_still_good_and_a_start_there_equals_the_whole_fold() -> None:
    hall = promised(ready=True)
    hall.pass_time(DAY_S)
    hall.do(c.CloseDay("test"))
    (opened,) = hall.do(c.OpenDay("2026-11-23"))
    carried = load(Carried, dump(getattr(opened, "carried")))  # noqa: B009 - the first of the facts is the opening
    assert carried.pickups == tuple(hall.hall.pickups.values())
    assert [one.slip for one in carried.pickups] == ["u1"]
    again = Hall(seq=hall.hall.seq - 1, at=hall.now)
    fold.apply(again, opened, hall.hall.seq, hall.now, "test")
    assert picture(again) == picture(hall.hall)
    hall.pass_time(2 * DAY_S)
    hall.do(c.CloseDay())
    hall.do(c.OpenDay("2026-11-25"))
    assert hall.hall.pickups == {}
