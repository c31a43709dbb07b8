"""Series of numbers: ranges, digits, letters that services share, what is skipped, and the record of each hole."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import numbering
from hall_server.core.calendar import DayRules
from hall_server.core.config import Away
from hall_server.core.facts.away import BlockLeased, NumbersVoided
from hall_server.core.facts.life import TicketKept
from hall_server.core.series import Series
from hall_server.views.rolls import running_out
from tests.core.scene import CONFIG, Scene, scene

CARRY = DayRules(overnight="carry")


def over_night(hall: Scene) -> None:
    """The day is closed over whoever waits, and the next one opens."""
    hall.do(c.CloseDay("a power cut"))
    hall.do(c.OpenDay("2026-11-23"))


def test_a_series_has_its_own_digits_and_range() -> None:
    hall = scene(series=(Series("A", 4, 101, 4999),))
    assert [hall.issue(), hall.issue(), hall.issue("tax")] == ["A0101", "A0102", "B001"]


def test_services_with_one_letter_share_its_numbers() -> None:
    shared = tuple(replace(one, prefix="A") for one in CONFIG.services)
    hall = scene(services=shared, series=(Series("A"),))
    assert hall.issue_many(["id", "tax", "loans", "id"]) == ["A001", "A002", "A003", "A004"]


def test_a_range_that_ends_early_goes_on_with_a_digit_more_and_says_what_it_left_out() -> None:
    hall = scene(series=(Series("A", 2, 1, 2),), away=Away(block=4, first=51))
    hall.do(c.Lease("K1", "log"))
    assert [hall.issue() for _ in range(4)] == ["A01", "A02", "A100", "A101"]
    assert [fact for fact in hall.facts if isinstance(fact, NumbersVoided)] == [
        NumbersVoided("", "A", 3, 50, "range"), NumbersVoided("", "A", 55, 99, "range"),
    ]  # fmt: skip


def test_a_range_that_is_moved_while_the_hall_is_open_leaves_no_hole_without_a_record() -> None:
    hall = scene()
    hall.issue()
    hall.do(c.Configure(replace(CONFIG, series=(Series("A", 3, 201, 400),))))
    assert [hall.issue(), hall.issue()] == ["A201", "A202"]
    assert hall.facts[-3] == NumbersVoided("", "A", 2, 200, "range")
    hall.do(c.CloseDay("we close"))
    assert numbering.mistakes(hall.facts) == []


@pytest.mark.parametrize(("given", "left"), [(8, []), (9, [("A09", "A10", 1)]), (10, [("A10", "A10", 0)])])
def test_from_nine_tenths_of_a_range_on_it_is_said_how_many_numbers_are_left(
    given: int, left: list[tuple[str, str, int]]
) -> None:
    hall = scene(series=(Series("A", 2, 1, 10),))
    for _ in range(given):
        hall.issue()
    assert [(row.label, row.last_label, row.left) for row in running_out(hall.hall)] == left
    hall.do(c.CloseDay("we close"))
    assert running_out(hall.hall) == ()


def test_who_waits_or_is_held_stays_overnight_and_everybody_else_expires() -> None:
    hall = scene(day=CARRY)
    hall.issue_many(["id"] * 5)
    hall.call("1")
    hall.do(c.Hold("1", "hall", "papers"))
    hall.call("1")
    hall.call("2")
    hall.do(c.Start("2"))
    found = hall.do(c.CloseDay("a power cut"))
    assert found == [
        TicketKept("t1", "a power cut"), f.TicketExpired("t2"), f.TicketExpired("t3"),
        TicketKept("t4", "a power cut"), TicketKept("t5", "a power cut"), f.DayClosed("2026-11-22/1", "a power cut"),
    ]  # fmt: skip
    hall.do(c.Cancel(hall.id_of("A005")))
    hall.do(c.OpenDay("2026-11-23"))
    assert {t.label: t.state.value for t in hall.hall.tickets.values()} == {"A001": "held", "A004": "waiting"}
    assert {state: n for state, n in hall.hall.counts["id"].items() if n} == {"held": 1, "waiting": 1}
    hall.do(c.TakeUp("2", "t1"))
    assert (hall.at("2"), hall.call("1"), hall.hall.codes["code-t1"]) == ("A001", "A004", "t1")


def test_who_stayed_stands_before_those_who_come_in_the_morning_with_all_that_was_said_of_them() -> None:
    hall = scene(day=CARRY)
    hall.issue_many(["id", "id"])
    hall.do(c.NoteNeed("t2"))
    hall.do(c.MarkUrgent("t2", "in pain"))
    hall.do(c.TakeCare("t2", "apologised"), "concierge:wu")
    over_night(hall)
    hall.issue_many(["tax"])
    kept = hall.hall.tickets["t2"]
    assert (kept.need, kept.urgent, kept.kept, kept.wait_quoted, kept.slip) == (
        True, "in pain", "2026-11-22/1", None, None,
    )  # fmt: skip
    assert [(one.what, one.by) for one in kept.care] == [("apologised", "concierge:wu")]
    assert [hall.call(window) for window in "123"] == ["A002", "A001", None]


def test_a_hall_that_does_not_keep_tickets_lets_them_expire() -> None:
    hall = scene()
    hall.issue()
    assert hall.do(c.CloseDay("we close"))[0] == f.TicketExpired("t1")


def test_a_kiosk_does_not_give_out_a_leased_number_that_somebody_still_holds() -> None:
    hall = scene(day=CARRY, away=Away(block=4, first=2))
    hall.issue_many(["id", "id", "id", "id"])
    over_night(hall)
    leased = [fact for fact in hall.do(c.Lease("K1", "log")) if getattr(fact, "series", "") == "A"]
    assert leased == [
        BlockLeased("K1", "log", "id", "A", 2, 5), *(NumbersVoided("K1", "A", n, n, "taken") for n in (2, 3, 4)),
    ]  # fmt: skip
    block = hall.hall.blocks["A2"]
    assert (block.left, block.gone) == (1, (2, 3, 4))
    told = c.IssueAway("w", "code-w", "K1", "log", "2026-11-23/1", "id", 3, 0.0)
    assert hall.refusal(told)[0] == "not_leased"
    hall.do(replace(told, number=5))
    assert hall.issue() == "A006"
    hall.do(c.CloseDay("we close"))
    assert numbering.mistakes(hall.facts) == []


def issued(label: str, number: int) -> f.TicketIssued:
    return f.TicketIssued(f"t{number}", f"c{number}", label, label[0], number, "id")


def test_the_check_names_each_number_that_is_neither_a_ticket_nor_void() -> None:
    opened = f.DayOpened("2026-11-22/1", f.Carried(CONFIG))
    wrong: list[f.Fact] = [
        issued("A002", 2), issued("A003", 3), issued("A007", 7), issued("A007", 7), issued("A006", 6),
        BlockLeased("K1", "log", "tax", "B", 701, 703), NumbersVoided("K1", "B", 702, 702),
    ]  # fmt: skip
    assert numbering.mistakes([opened, *wrong, f.DayClosed("2026-11-22/1")]) == [
        "A007 of 2026-11-22/1 was given out twice, or although it was void.",
        "A007 of 2026-11-22/1 was given out after a higher number.",
        "A006 of 2026-11-22/1 was given out after a higher number.",
        "A001 of 2026-11-22/1: no ticket, and no record why not.",
        "A004 to A005 of 2026-11-22/1: no ticket, and no record why not.",
        "B701 of 2026-11-22/1: no ticket, and no record why not.",
        "B703 of 2026-11-22/1: no ticket, and no record why not.",
    ]
