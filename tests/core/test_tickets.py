"""Issuing, numbering and giving up tickets, and the table of moves."""

import itertools

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.refusal import Refused
from hall_server.core.tickets import FINAL, MOVES, State, Ticket, require
from tests.core.scene import Scene, scene

PUBLISHED = {
    ("call", "waiting"), ("recall", "called"), ("start", "called"), ("finish", "called"), ("finish", "serving"),
    ("absent", "called"), ("cancel", "waiting"), ("cancel", "held"), ("cancel", "called"), ("redirect", "called"),
    ("transfer", "called"), ("transfer", "serving"), ("transfer", "held"),
    ("expire", "waiting"), ("expire", "called"), ("expire", "serving"), ("expire", "held"), ("expire", "no_show"),
    ("hold", "called"), ("hold", "serving"), ("resume", "held"), ("reinstate", "no_show"), ("reinstate", "cancelled"),
    ("mark", "waiting"), ("keep", "waiting"), ("keep", "held"), ("enter", "waiting"),
}  # fmt: skip


def test_only_the_published_moves_exist_and_every_other_one_is_refused_by_name() -> None:
    allowed, refusals = set(), []
    for move, state in itertools.product(MOVES, State):
        ticket = Ticket("t1", "c1", "A001", "id", 0.0, 1, state=state)
        try:
            require(ticket, move)
        except Refused as refused:
            refusals.append((refused.code, "A001" in refused.detail, state in refused.detail))
        else:
            allowed.add((move, state.value))
    assert (allowed, set(refusals)) == (PUBLISHED, {("illegal_move", True, True)})


def test_only_expiry_and_staff_bring_back_who_was_not_there_and_nothing_leaves_another_end() -> None:
    leaving = {state: [move for move, froms in MOVES.items() if state in froms] for state in (*FINAL, State.NO_SHOW)}
    back = ["reinstate"]
    assert leaving == {State.DONE: [], State.CANCELLED: back, State.EXPIRED: [], State.NO_SHOW: [*back, "expire"]}


def test_a_ticket_carries_its_number_its_promise_and_the_printer_that_owes_its_paper(hall: Scene) -> None:
    found = hall.do(c.Issue("t1", "code1", "id", "K1", "en"))
    assert found == [
        f.TicketIssued("t1", "code1", "A001", "A", 1, "id", "K1", "en", ahead=0, point_s=0, upper90_s=0),
        f.SlipOwed("s-t1", "t1", "printer1", 1),
    ]
    ticket = hall.hall.tickets["t1"]
    assert (ticket.state, ticket.arrival, ticket.language, ticket.slip) == (State.WAITING, hall.now, "en", "s-t1")


def test_each_service_counts_its_own_numbers(hall: Scene) -> None:
    assert hall.issue_many(["id", "tax", "id", "loans", "tax"]) == ["A001", "B001", "A002", "C001", "B002"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.Issue("t", "c", "nothing"), "unknown_service"),
        (c.Issue("t", "c", "id", "K9"), "unknown_kiosk"),
        (c.Cancel("nobody"), "unknown_ticket"),
        (c.AnswerSlip("nobody", got=True), "unknown_ticket"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(hall: Scene, command: c.Command, code: str) -> None:
    assert hall.refusal(command)[0] == code


def test_a_closed_hall_issues_nothing(hall: Scene) -> None:
    hall.do(c.CloseDay("we close"))
    assert hall.refusal(c.Issue("t", "c", "id"))[0] == "day_closed"


def test_a_service_that_no_window_offers_is_closed() -> None:
    closed = scene(windows=tuple(w for w in scene().hall.config.windows if w.id != "4"))
    assert closed.refusal(c.Issue("t", "c", "loans")) == ("service_closed", "No window serves Loans now.")


def test_waiting_and_called_tickets_can_be_cancelled_and_served_ones_cannot(hall: Scene) -> None:
    hall.issue_many(["id", "id", "id"])
    hall.do(c.Cancel(hall.id_of("A002")))
    assert (hall.call("1"), hall.call("2")) == ("A001", "A003")
    hall.do(c.Cancel(hall.id_of("A001")))
    hall.do(c.Start("2"))
    assert [hall.state(label) for label in ("A001", "A002", "A003")] == ["cancelled", "cancelled", "serving"]
    assert (hall.at("1"), hall.at("2")) == (None, "A003")
    assert hall.refusal(c.Cancel(hall.id_of("A003")))[0] == "illegal_move"
    assert hall.refusal(c.Cancel(hall.id_of("A001")))[0] == "illegal_move"


def test_a_ticket_without_a_kiosk_or_from_one_without_a_printer_owes_no_paper(hall: Scene) -> None:
    assert [type(fact) for fact in hall.do(c.Issue("t1", "c1", "id"))] == [f.TicketIssued]
    assert [type(fact) for fact in hall.do(c.Issue("t2", "c2", "id", "K3"))] == [f.TicketIssued]
