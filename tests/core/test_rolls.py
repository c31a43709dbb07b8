"""Paper rolls: what was done by hand while nothing worked is entered later, counted right, and marked as such."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import numbering
from hall_server.core.commands.rolls import EnterHandedOut, EnterLeft, EnterServed, SpoilNumbers, Stretch
from hall_server.core.facts.away import NumbersVoided
from hall_server.core.facts.rolls import TicketArrivalEntered, TicketLeftEntered, TicketServedEntered
from hall_server.core.figures.devices import Told
from hall_server.core.figures.kpi import figures
from hall_server.core.figures.visits import day_of
from hall_server.core.outward import KINDS
from hall_server.core.outward import told as outward
from hall_server.core.rules.rolls import MOST
from hall_server.core.series import Series
from hall_server.views.rolls import running_out, view
from tests.core.scene import OPENED_AT, Scene, scene

HOUR = 3600.0


@pytest.fixture
def hall() -> Scene:
    """Two hours after it opened; a roll with P001 to P040 hangs at the door."""
    made = scene(series=(Series("P", 3, 1, 40, printed=True),))
    made.pass_time(2 * HOUR)
    return made


def handed_out(first: int, last: int, since: float, until: float, service: str = "id") -> EnterHandedOut:
    """Times in seconds since the hall opened."""
    names = tuple((f"p{number}", f"code-p{number}") for number in range(first, last + 1))
    return EnterHandedOut(Stretch("P", first, last), service, OPENED_AT + since, OPENED_AT + until, names)


def served(first: int, last: int, since: float, until: float, window: str = "1") -> EnterServed:
    return EnterServed(Stretch("P", first, last), window, OPENED_AT + since, OPENED_AT + until)


def left(first: int, last: int, at: float) -> EnterLeft:
    return EnterLeft(Stretch("P", first, last), OPENED_AT + at)


def test_numbers_that_were_handed_out_become_tickets_of_those_times_and_say_that_they_were_entered(
    hall: Scene,
) -> None:
    assert hall.do(handed_out(1, 3, 600, 1200)) == [
        f.TicketIssued(f"p{n}", f"code-p{n}", f"P00{n}", "P", n, "id", came_at=OPENED_AT + at, away="roll")
        for n, at in ((1, 600.0), (2, 900.0), (3, 1200.0))
    ]
    assert hall.do(handed_out(4, 4, 1200, 1200))[0] == f.TicketIssued(
        "p4", "code-p4", "P004", "P", 4, "id", came_at=OPENED_AT + 1200, away="roll"
    )
    later = hall.issue()
    assert [hall.call(window) for window in "123"] == ["P001", "P002", "P003"]
    assert (later, hall.call("1", "served"), hall.call("2", "served")) == ("A001", "P004", "A001")


def test_who_was_served_by_hand_is_done_and_no_window_is_disturbed(hall: Scene) -> None:
    hall.do(handed_out(1, 2, 600, 1200))
    now = hall.issue("tax")
    hall.do(c.CallTicket("1", now, reason="first"))
    assert hall.do(served(1, 2, 1200, 2400)) == [
        TicketServedEntered("p1", "1", OPENED_AT + 1200, OPENED_AT + 1800),
        TicketServedEntered("p2", "1", OPENED_AT + 1800, OPENED_AT + 2400),
    ]
    assert (hall.at("1"), hall.state("P001"), hall.state("P002")) == (now, "done", "done")
    assert hall.hall.ratings["1"] == {"served": 2}
    assert (list(hall.hall.service_times), hall.hall.today) == ([], {}), "estimates learn nothing of remembered times"


def test_who_went_away_is_given_up_at_that_time(hall: Scene) -> None:
    hall.do(handed_out(1, 2, 600, 1200))
    assert hall.do(left(1, 2, 3000)) == [
        TicketLeftEntered("p1", OPENED_AT + 3000), TicketLeftEntered("p2", OPENED_AT + 3000),
    ]  # fmt: skip
    assert (hall.state("P001"), hall.hall.tickets["p1"].ended_at, hall.call("1")) == (
        "cancelled", OPENED_AT + 3000, None,
    )  # fmt: skip


def test_a_clerk_calls_a_number_before_it_was_entered_and_then_it_only_learns_when_its_customer_came(
    hall: Scene,
) -> None:
    hall.do(c.CallTicket("3", "p007", ticket="typed", code="code-typed"))
    assert (hall.at("3"), hall.hall.tickets["typed"].service) == ("P007", "id")
    hall.do(c.Absent("3", force=True))
    assert hall.do(handed_out(7, 8, 600, 1200)) == [
        TicketArrivalEntered("typed", OPENED_AT + 600),
        f.TicketIssued("p8", "code-p8", "P008", "P", 8, "id", came_at=OPENED_AT + 1200, away="roll"),
    ]
    assert [name for _, _, name in hall.hall.queues["id"]] == ["typed", "p8"]
    assert hall.refusal(handed_out(7, 7, 600, 600))[0] == "already_entered"


def test_bare_digits_never_mean_a_number_of_the_roll(hall: Scene) -> None:
    assert hall.refusal(c.CallTicket("1", "7", ticket="t", code="c"))[0] == "unknown_ticket"
    assert hall.refusal(c.CallTicket("1", "P041", ticket="t", code="c"))[0] == "unknown_ticket"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (handed_out(1, 41, 600, 900), "not_on_roll"),
        (handed_out(3, 2, 600, 900), "not_on_roll"),
        (replace(handed_out(1, 1, 600, 900), numbers=Stretch("A", 1, 1)), "unknown_roll"),
        (handed_out(20, 20, 600, 600, "nothing"), "unknown_service"),
        (handed_out(20, 20, 600, 3 * HOUR), "future_time"),
        (handed_out(20, 20, -11 * HOUR, 600), "before_day"),
        (handed_out(20, 20, 900, 600), "not_in_order"),
        (handed_out(10, 11, 600, 900), "already_entered"),
        (handed_out(5, 6, 600, 3001), "not_in_order"),
        (handed_out(13, 13, 3599, 3600), "not_in_order"),
        (served(20, 20, 600, 900), "not_entered"),
        (served(10, 10, 2000, 4000), "not_in_order"),
        (served(10, 10, 4000, 3 * HOUR), "future_time"),
        (served(10, 10, 4000, 4100, "9"), "unknown_window"),
        (served(11, 11, 5000, 5100), "illegal_move"),
        (left(10, 10, 2000), "not_in_order"),
        (left(20, 20, 4000), "not_entered"),
        (SpoilNumbers(Stretch("P", 9, 10)), "already_entered"),
    ],
)
def test_what_cannot_have_been_so_is_refused_by_its_own_code(hall: Scene, command: c.Command, code: str) -> None:
    hall.do(handed_out(10, 12, 3000, 3600))
    hall.do(left(11, 11, 4000))
    assert hall.refusal(command)[0] == code


def test_more_than_a_roll_at_once_is_a_mistake_of_the_fingers() -> None:
    hall = scene(series=(Series("P", 4, 1, 9999, printed=True),))
    assert hall.refusal(EnterHandedOut(Stretch("P", 1, MOST + 1), "id", hall.now, hall.now, ()))[0] == "not_on_roll"


def test_a_hall_that_could_not_open_in_time_takes_numbers_from_midnight_on_and_a_second_day_from_its_opening() -> None:
    hall = scene(series=(Series("P", printed=True),))
    hall.do(handed_out(1, 1, -9 * HOUR, -9 * HOUR))
    hall.do(c.CloseDay("a power cut"))
    hall.do(c.OpenDay("2026-11-22"))
    assert hall.refusal(handed_out(1, 1, -60, -60))[0] == "before_day"
    assert hall.do(handed_out(1, 1, 0, 0)) != []


def test_nothing_is_entered_in_a_closed_hall(hall: Scene) -> None:
    hall.do(c.CloseDay("we close"))
    assert hall.refusal(handed_out(1, 1, 600, 600))[0] == "day_closed"


def test_each_hole_in_a_roll_has_its_record_when_the_day_is_closed(hall: Scene) -> None:
    hall.do(handed_out(5, 6, 600, 1200))
    assert hall.do(SpoilNumbers(Stretch("P", 8, 9))) == [NumbersVoided("", "P", 8, 9, "spoiled")]
    hall.do(handed_out(12, 12, 1200, 1200))
    found = [fact for fact in hall.do(c.CloseDay("we close")) if isinstance(fact, NumbersVoided)]
    assert found == [NumbersVoided("", "P", 7, 7, "unentered"), NumbersVoided("", "P", 10, 11, "unentered")]
    assert numbering.mistakes(hall.facts) == []


def test_a_roll_that_comes_to_its_end_is_said_and_the_page_shows_who_had_which_number(hall: Scene) -> None:
    hall.do(handed_out(34, 35, 600, 1200))
    assert running_out(hall.hall) == ()
    hall.do(SpoilNumbers(Stretch("P", 36, 36)))
    hall.do(served(34, 34, 1200, 1800))
    assert [(row.label, row.left, row.printed) for row in running_out(hall.hall)] == [("P036", 4, True)]
    seen = view(hall.hall).rolls[0]
    assert (seen.next, seen.entered, seen.waiting) == (37, 3, 1)
    assert [(one.label, one.state, one.window) for one in seen.tickets] == [
        ("P036", "void", None), ("P035", "waiting", None), ("P034", "done", "1"),
    ]  # fmt: skip


def test_programs_outside_hear_of_what_was_entered_as_of_what_happens() -> None:
    served, gone = TicketServedEntered("p1", "2", 1.0, 2.0), TicketLeftEntered("p3", 3.0)
    assert [(KINDS[type(fact).__name__], outward(fact)) for fact in (served, gone)] == [
        ("finished", {"ticket": "p1", "window": "2"}), ("left", {"ticket": "p3"}),
    ]  # fmt: skip


def test_figures_count_what_was_entered_and_say_which_waits_are_as_people_remembered_them() -> None:
    hall = scene(series=(Series("P", printed=True),))
    told = [Told(hall.now, "test", fact) for fact in hall.facts]

    def do(command: c.Command) -> None:
        told.extend(Told(hall.now, "test", fact) for fact in hall.do(command))

    hall.pass_time(2 * HOUR)
    do(handed_out(1, 4, 0, 1800))  # at 0, 600, 1200 and 1800
    do(served(1, 2, 900, 1500))
    do(left(3, 3, 2400))
    do(c.CallNext("1"))
    do(c.Finish("1"))
    day = day_of(told)
    assert day is not None
    found = figures(day)
    assert (found.arrived, found.served, found.left.cancelled, found.by_hand, found.waits_by_hand) == (4, 3, 1, 4, 3)
    assert (found.waits.count, found.waits.sum_s, found.left.waits.sum_s) == (3, 900 + 600 + 5400, 1200)
    assert (found.waiting, found.most_waiting, found.overtakes, found.promises.told) == (0, 0, 0, 0)
    assert [(hour.name, hour.arrived, hour.served) for hour in found.by_hour] == [("10:00", 4, 3)]
