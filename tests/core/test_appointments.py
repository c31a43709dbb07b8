"""Appointments: slots, quotas, check-in with its tolerance, the place in line, figures, what outlives a night."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server import views
from hall_server.core import commands as c
from hall_server.core import crowd
from hall_server.core import folds as fold
from hall_server.core.appointments import Appointment, Slots, day_span, local, moment
from hall_server.core.calendar import Calendar, DayRules, Hours, Span, SpecialDays
from hall_server.core.facts import TicketCalled
from hall_server.core.figures.devices import Told
from hall_server.core.figures.kpi import figures
from hall_server.core.figures.visits import day_of
from hall_server.core.hall import Hall
from hall_server.core.offers import offered_on, slots_at
from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.records.appointments import Person
from hall_server.views import appointments as appointment_views
from hall_server.views import staff as staff_views
from tests.core.scene import CONFIG, OPENED_AT, Scene, picture, scene
from tests.core.test_views import OUTSIDE

ZONE = "Asia/Shanghai"
SLOTS = (Slots("id", 9 * 60, 12 * 60, 30, 2), Slots("loans", 14 * 60, 16 * 60, 60, 1, early_s=600, late_s=60))
HALF_PAST = OPENED_AT + 1800  # 10:30 where the hall stands


@pytest.fixture
def hall() -> Scene:
    return scene(appointments=SLOTS)


def booked(hall: Scene, at: float = HALF_PAST, name: str = "a1", service: str = "id") -> str:
    hall.do(c.Book(name, service, at))
    return name


def check_in(hall: Scene, name: str = "a1", *, walk_in: bool = False) -> str:
    """The label of the ticket."""
    hall.do(c.CheckIn(name, f"t-{name}", f"code-{name}", "K1", walk_in=walk_in))
    return hall.hall.tickets[f"t-{name}"].label


def state(hall: Scene, name: str = "a1") -> str:
    return hall.hall.appointments[name].state


@pytest.mark.parametrize(
    ("service", "at", "code"),
    [
        ("id", HALF_PAST, None),
        ("id", HALF_PAST + 60, "no_slot"),
        ("id", HALF_PAST + 0.5, "no_slot"),
        ("id", OPENED_AT + 2 * 3600, "no_slot"),  # noon: nothing begins that would end later
        ("tax", HALF_PAST, "no_slot"),
        ("loans", HALF_PAST, "no_slot"),
        ("fish", HALF_PAST, "unknown_service"),
        ("id", OPENED_AT - 1800, "slot_away"),
        ("id", HALF_PAST + 61 * 86400, "slot_away"),
    ],
)
def test_an_appointment_is_made_in_a_slot_of_its_service(
    hall: Scene, service: str, at: float, code: str | None
) -> None:
    if code is None:
        booked(hall, at, service=service)
    else:
        assert hall.refusal(c.Book("a1", service, at))[0] == code


def test_slots_are_offered_only_while_the_service_is_open_and_a_make_up_day_is_the_day_it_stands_in_for() -> None:
    week = Hours((0, 1, 2, 3, 4), (Span("09:00", "11:15"), Span("14:00", "17:00")))
    off = SpecialDays("节", "Off", "2026-11-25", "2026-11-25")
    made_up = SpecialDays("补", "Up", "2026-11-28", "2026-11-28", like=0)
    slots = (replace(SLOTS[0], weekdays=(1, 2, 3)),)
    config = replace(CONFIG, appointments=slots, calendar=Calendar((week,), (off, made_up)))
    days = {
        day: [f"{local(at, ZONE):%H:%M}" for _, at in offered_on(config, date(2026, 11, day))] for day in range(23, 30)
    }
    some = ["09:00", "09:30", "10:00", "10:30"]
    assert days == {23: some, 24: some, 25: [], 26: [], 27: [], 28: some, 29: []}


def test_a_slot_has_room_for_so_many_and_a_cancelled_one_makes_room(hall: Scene) -> None:
    booked(hall, name="a1")
    booked(hall, name="a2")
    assert hall.refusal(c.Book("a3", "id", HALF_PAST)) == (
        "slot_full",
        "ID card has no place left at 2026-11-22 10:30.",
    )
    hall.do(c.CancelAppointment("a1"))
    booked(hall, name="a3")


class Unread(dict[str, Appointment]):
    """Appointments through which nobody may go one by one."""

    def values(self) -> Any:
        raise AssertionError("a board would read all of them")


def test_free_places_are_known_without_a_look_at_every_appointment(hall: Scene) -> None:
    first, second, _ = crowd.free_slots(hall.hall, "id")
    for name, at in (("a1", first), ("a2", first), ("a3", second), ("a4", second)):
        booked(hall, at, name)
    hall.do(c.CancelAppointment("a4"))
    hall.hall.appointments = Unread(hall.hall.appointments)
    assert crowd.free_slots(hall.hall, "id")[0] == second


def test_a_sheet_is_taken_whole_or_refused_with_every_line_that_is_wrong(hall: Scene) -> None:
    three = tuple(c.Book(f"a{n}", "id", HALF_PAST) for n in range(3))
    rows = (*three, c.Book("a9", "fish", HALF_PAST))
    code, said = hall.refusal(c.BookMany(rows, (2, 3, 5, 6)))
    assert (code, said) == (
        "sheet_refused",
        "Line 5: ID card has no place left at 2026-11-22 10:30. Line 6: There is no service 'fish'.",
    )
    hall.do(c.BookMany(three[:2], (2, 3)))
    assert [state(hall, f"a{n}") for n in range(2)] == ["booked", "booked"]


def test_what_is_over_is_neither_confirmed_nor_cancelled_nor_checked_in(hall: Scene) -> None:
    booked(hall)
    hall.do(c.ConfirmAppointment("a1"))
    assert hall.refusal(c.ConfirmAppointment("a1"))[0] == "appointment_over"
    hall.do(c.CancelAppointment("a1"))
    for command in (c.ConfirmAppointment("a1"), c.CancelAppointment("a1"), c.CheckIn("a1", "t", "code")):
        assert hall.refusal(command) == ("appointment_over", "The appointment is cancelled.")
    assert hall.refusal(c.CheckIn("nobody", "t", "code"))[0] == "unknown_appointment"


@pytest.mark.parametrize(
    ("offset_s", "code", "arrival"),
    [
        (-1800.001, "too_early", None), (-1800, None, HALF_PAST), (0, None, HALF_PAST), (900, None, HALF_PAST),
        (900.001, "too_late", None),
    ],
)  # fmt: skip
def test_the_tolerance_holds_to_the_second(
    hall: Scene, offset_s: float, code: str | None, arrival: float | None
) -> None:
    booked(hall)
    hall.now = HALF_PAST + offset_s
    if code is not None:
        assert hall.refusal(c.CheckIn("a1", "t", "code"))[0] == code
        return
    check_in(hall)
    ticket = hall.hall.tickets["t-a1"]
    assert (ticket.arrival, ticket.came_at, ticket.since) == (arrival, hall.now, max(hall.now, HALF_PAST))


def test_whoever_is_too_early_is_told_from_when_on(hall: Scene) -> None:
    booked(hall, HALF_PAST + 3600)
    assert hall.refusal(c.CheckIn("a1", "t", "code")) == ("too_early", "You may check in from 2026-11-22 11:00.")


def test_whoever_is_too_late_has_an_ordinary_ticket_as_of_now_if_they_want_one(hall: Scene) -> None:
    booked(hall)
    hall.now = HALF_PAST + 1000
    hall.do(c.Tick())
    assert state(hall) == "no_show"
    assert hall.refusal(c.CheckIn("a1", "t", "code"))[0] == "too_late"
    check_in(hall, walk_in=True)
    ticket = hall.hall.tickets["t-a1"]
    assert (ticket.arrival, ticket.due, state(hall)) == (hall.now, None, "checked_in")


def test_a_second_check_in_is_refused_and_names_the_ticket(hall: Scene) -> None:
    booked(hall)
    label = check_in(hall)
    assert hall.refusal(c.CheckIn("a1", "t2", "code2")) == (
        "checked_in", f"Ticket {label} was given out for this appointment.",
    )  # fmt: skip


def test_who_never_came_is_known_once_the_tolerance_is_over(hall: Scene) -> None:
    booked(hall)
    hall.now = HALF_PAST + 900
    hall.do(c.Tick())
    assert state(hall) == "booked"
    hall.pass_time(0.001)
    hall.do(c.Tick())
    hall.do(c.Tick())
    assert state(hall) == "no_show"


def test_an_appointment_stands_in_line_by_its_time_and_not_by_when_its_customer_came(hall: Scene) -> None:
    booked(hall)
    booked(hall, name="a2")
    hall.now = HALF_PAST - 60
    before = hall.issue()
    first = check_in(hall, "a1")
    hall.now = HALF_PAST + 60
    after = hall.issue()
    second = check_in(hall, "a2")
    assert [hall.serve("1") for _ in range(5)] == [before, first, second, after, None]
    why = {fact.ticket: fact.why for fact in hall.facts if isinstance(fact, TicketCalled)}
    assert [why[hall.id_of(label)] for label in (first, second, after)] == ["appointment", "appointment", "fifo"]


def test_being_early_gains_nothing_but_an_idle_window_may_call_early(hall: Scene) -> None:
    booked(hall)
    early = check_in(hall)
    walk_in = hall.issue()
    assert [hall.serve("1"), hall.serve("1")] == [walk_in, early]
    assert hall.now < HALF_PAST


def test_no_class_and_no_pattern_lets_the_early_go_before_those_who_wait() -> None:
    first = CustomerClass("gold", rank=1, head_start_s=9999)
    for kind in ("strict", "head_start", "quota"):
        policy = Policy(kind, (first, CustomerClass("all", rank=2)), "gold", ("gold", "all"))
        hall = scene(appointments=SLOTS, policy=policy)
        booked(hall)
        early = check_in(hall)  # of the class that goes first
        hall.do(c.Issue("t2", "code2", "id", klass="all"))
        waits = hall.hall.tickets["t2"].label
        coming = [card.label for card in staff_views.clerk(hall.hall, "1", OUTSIDE).next]  # type: ignore[union-attr]
        assert (coming, hall.serve("1"), hall.serve("1")) == ([waits, early], waits, early), kind


def test_waits_count_from_the_appointment_and_promises_from_the_check_in(hall: Scene) -> None:
    rows = [Told(OPENED_AT, "test", fact) for fact in hall.facts]

    def do(command: c.Command) -> None:
        rows.extend(Told(hall.now, "test", fact) for fact in hall.do(command))

    do(c.Book("a1", "id", HALF_PAST))
    hall.now = HALF_PAST - 600
    do(c.CheckIn("a1", "t1", "code"))
    hall.now = HALF_PAST - 300
    do(c.Issue("t2", "code2", "id"))
    hall.now = HALF_PAST + 120
    for command in (c.CallNext("1"), c.CallNext("2"), c.Finish("1"), c.Finish("2")):
        do(command)
    day = day_of(rows)
    assert day is not None
    assert [(v.ticket, v.wait_s, v.stood_s) for v in day.visits.values()] == [("t1", 120, 720), ("t2", 420, 420)]
    assert (figures(day).waits.sum_s, figures(day).overtakes) == (540, 0)


def test_the_public_hears_how_many_go_first_by_appointment_and_no_name(hall: Scene) -> None:
    booked(hall)
    hall.now = HALF_PAST + 60
    hall.do(c.Pause("3"))
    for window in ("1", "2"):
        hall.issue()
        hall.call(window)
    mine = hall.issue()
    label = check_in(hall)
    told = views.ticket(hall.hall, hall.hall.tickets[hall.id_of(mine)], OUTSIDE)
    assert (told.ahead, told.later, told.appointments) == (1, 0, 1)
    card = staff_views.card(hall.hall, hall.hall.tickets["t-a1"])
    assert (card.label, card.appointment) == (label, "2026-11-22T02:30:00.000Z")


def test_a_day_is_shown_with_its_slots_and_names_that_nobody_can_read_whole(hall: Scene) -> None:
    booked(hall)
    person = Person("main", "a1", "王小明", "13800138000", "8000", "", HALF_PAST, 0)
    view = appointment_views.view(hall.hall, date(2026, 11, 22), {"a1": person})
    assert [(row.name, row.contact, row.state) for row in view.rows] == [("王*明", "13800138000", "booked")]
    assert [(slot.at[11:16], slot.taken, slot.capacity) for slot in view.slots if slot.service == "id"] == [
        ("01:00", 0, 2), ("01:30", 0, 2), ("02:00", 0, 2), ("02:30", 1, 2), ("03:00", 0, 2), ("03:30", 0, 2),
    ]  # fmt: skip
    assert [appointment_views.masked(name) for name in ("王明", "John Smith", "李")] == ["王*", "J**n S***h", "李*"]


def test_who_is_expected_outlives_the_night_and_a_start_from_the_opening_knows_it(hall: Scene) -> None:
    booked(hall)
    booked(hall, HALF_PAST + 86400, "a2")
    hall.do(c.ConfirmAppointment("a2"))
    check_in(hall)
    hall.do(c.CloseDay("we close"))
    hall.pass_time(20 * 3600)
    opened = hall.do(c.OpenDay("2026-11-23"))
    assert {name: one.state for name, one in hall.hall.appointments.items()} == {"a1": "checked_in", "a2": "confirmed"}
    again = Hall(seq=hall.hall.seq - len(opened))
    for fact in opened:
        fold.apply(again, fact, again.seq + 1, hall.now, "test")
    assert picture(again) == picture(hall.hall)
    hall.do(c.CloseDay("we close"))
    hall.pass_time(24 * 3600)
    hall.do(c.Tick())
    hall.do(c.OpenDay("2026-11-24"))
    assert {name: one.state for name, one in hall.hall.appointments.items()} == {"a2": "no_show"}


def test_a_crowd_and_closing_time_keep_nobody_out_who_has_an_appointment_and_is_on_time() -> None:
    week = Hours(tuple(range(7)), (Span("10:20", "11:00"),))
    hall = scene(appointments=SLOTS, calendar=Calendar((week,)), day=DayRules(crowd=1))
    booked(hall)
    booked(hall, name="a2")
    assert hall.refusal(c.Issue("t", "code", "id"))[0] == "outside_hours"
    check_in(hall)  # ten minutes before the doors open
    hall.now = HALF_PAST
    hall.do(c.Tick())
    assert hall.refusal(c.Issue("t", "code", "id"))[0] == "crowded"
    check_in(hall, "a2")


def test_nothing_is_checked_in_where_no_ticket_could_be_issued(hall: Scene) -> None:
    booked(hall)
    hall.do(c.CloseDay("we close"))
    assert hall.refusal(c.CheckIn("a1", "t", "code"))[0] == "day_closed"
    assert state(hall) == "booked"


# ---- clocks that are put forward and back: Berlin, 2026-03-29 and 2026-10-25

BERLIN = "Europe/Berlin"
NIGHT = (Slots("id", 60, 5 * 60, 30),)


def test_a_clock_that_is_put_forward_skips_slots_and_one_put_back_still_has_each_once() -> None:
    config = replace(CONFIG, appointments=NIGHT, timezone=BERLIN)
    forward = [f"{local(at, BERLIN):%H:%M}" for _, at in offered_on(config, date(2026, 3, 29))]
    assert forward == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]
    back = [f"{local(at, BERLIN):%H:%M}" for _, at in offered_on(config, date(2026, 10, 25))]
    assert back == ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "04:30"]
    assert moment(date(2026, 3, 29), time(2, 30), BERLIN) is None
    begin, end = day_span(date(2026, 3, 29), BERLIN)
    assert end - begin == 23 * 3600


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from([ZONE, BERLIN, "America/St_Johns", "Australia/Lord_Howe"]),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), slot=st.integers(0, 47), offset_s=st.integers(-2000, 1200),
)  # fmt: skip
def test_on_any_day_anywhere_the_tolerance_is_the_same_number_of_seconds(
    zone: str, day: date, slot: int, offset_s: int
) -> None:
    at = moment(day, time(*divmod(slot * 30, 60)), zone)
    if at is None:
        return
    hall = scene(appointments=(Slots("id", 0, 1440, 30),), timezone=zone)
    assert slots_at(hall.hall.config, "id", at) is not None
    hall.now = at - 3600
    if hall.now < hall.hall.at:
        return
    booked(hall, at)
    hall.now = at + offset_s
    if offset_s < -1800 or offset_s > 900:
        assert hall.refusal(c.CheckIn("a1", "t", "code"))[0] == ("too_early" if offset_s < 0 else "too_late")
    else:
        check_in(hall)
        assert hall.hall.tickets["t-a1"].arrival == at
