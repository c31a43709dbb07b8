"""A customer is sent on: number and arrival stay, somebody there will call them, and perhaps they come back."""

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.facts.windows import TicketTransferred
from hall_server.core.policy.estimate import Estimate, estimate
from tests.core.scene import Scene


@pytest.fixture
def desk(hall: Scene) -> Scene:
    """A001 is served at window 1; B001, A002, C001 and A003 came later and wait."""
    hall.issue_many(["id", "tax", "id", "loans", "id"])
    hall.call("1")
    hall.do(c.Start("1"))
    return hall


def waiting(desk: Scene, service: str) -> list[str]:
    return [desk.hall.tickets[name].label for _, _, name in desk.hall.queues[service]]


def test_a_transfer_to_a_service_keeps_number_and_place_in_line(desk: Scene) -> None:
    desk.pass_time(600)
    assert desk.do(c.Transfer("1", "tax", note="form 7 is missing")) == [
        TicketTransferred("t1", "1", "tax", None, "form 7 is missing")
    ]
    ticket = desk.hall.tickets["t1"]
    assert (ticket.label, ticket.arrival, ticket.state.value, ticket.window) == ("A001", 1795312800.0, "waiting", None)
    assert (ticket.sent_from, ticket.note, ticket.started_at) == ("1", "form 7 is missing", None)
    assert (waiting(desk, "tax"), waiting(desk, "id"), desk.at("1")) == (["A001", "B001"], ["A002", "A003"], None)
    assert {s: {k: n for k, n in states.items() if n} for s, states in desk.hall.counts.items()} == {
        "id": {"waiting": 2}, "tax": {"waiting": 2}, "loans": {"waiting": 1},
    }  # fmt: skip
    assert desk.call("2") == "A001", "who came first is called first"


def test_who_is_sent_to_a_window_is_called_there_first_and_nowhere_else(desk: Scene) -> None:
    desk.do(c.Transfer("1", to="3"))
    assert waiting(desk, "id") == ["A001", "A002", "A003"]
    assert (desk.call("2"), desk.call("3")) == ("B001", "A001")
    assert isinstance(desk.facts[-1], f.TicketCalled)


def test_a_window_with_other_services_gives_the_customer_the_first_of_its_own(desk: Scene) -> None:
    desk.do(c.Transfer("1", to="4"))
    assert (desk.hall.tickets["t1"].service, desk.call("4"), desk.state("C001")) == ("loans", "A001", "waiting")


def test_a_window_that_pauses_meanwhile_leaves_its_customers_to_the_others(desk: Scene) -> None:
    desk.do(c.Transfer("1", to="3"))
    desk.do(c.Pause("3"))
    assert desk.call("2") == "A001"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.Transfer("1"), "unknown_service"),
        (c.Transfer("1", "nothing"), "unknown_service"),
        (c.Transfer("1", to="9"), "unknown_window"),
        (c.Transfer("9", "tax"), "unknown_window"),
        (c.Transfer("1", "id"), "same_place"),
        (c.Transfer("1", to="1"), "same_place"),
        (c.Transfer("1", "tax", to="3"), "other_service"),
        (c.Transfer("2", "tax"), "illegal_move"),
    ],
)
def test_a_transfer_that_leads_nowhere_is_refused(desk: Scene, command: c.Command, code: str) -> None:
    assert desk.refusal(command)[0] == code


def test_nobody_is_sent_to_a_window_that_calls_nobody(desk: Scene) -> None:
    desk.do(c.Pause("4"))
    assert desk.refusal(c.Transfer("1", to="4"))[0] == "window_paused"
    assert desk.refusal(c.Transfer("1", "loans"))[0] == "service_closed"
    desk.do(c.Redirect("3"))
    assert desk.refusal(c.Transfer("1", to="3"))[0] == "window_redirected"


def test_who_is_wanted_back_returns_first_in_line_and_is_done_only_then(desk: Scene) -> None:
    desk.do(c.Transfer("1", "loans", to="4", come_back=True))
    assert (desk.call("4"), desk.hall.tickets["t1"].back) == ("A001", ("1", "id"))
    assert desk.do(c.Finish("4")) == [TicketTransferred("t1", "4", "id", "1")]
    assert (desk.hall.tickets["t1"].back, desk.state("A001")) == (None, "waiting")
    assert desk.call("1") == "A001"
    assert desk.do(c.Finish("1")) == [f.TicketFinished("t1", "1", None)]


@pytest.mark.parametrize(("stays", "home"), [(True, "3"), (False, None)])
def test_who_is_wanted_back_by_a_window_that_helps_out_returns_to_it_or_to_whoever_has_the_service(
    desk: Scene, stays: bool, home: str | None
) -> None:
    desk.do(c.Finish("1"))
    desk.do(c.Substitute("3", "tax", 60))
    label = desk.issue("tax")
    name = next(t.id for t in desk.hall.tickets.values() if t.label == label)
    desk.do(c.CallTicket("3", label, "served", "asked for"))
    desk.do(c.Transfer("3", "loans", to="4", come_back=True))
    if not stays:
        desk.do(c.Substitute("3", "tax", 0))
    desk.do(c.CallNext("4", "served"))
    assert desk.do(c.Finish("4")) == [TicketTransferred(name, "4", "tax", home)]
    assert (desk.hall.tickets[name].back, desk.state(label)) == (None, "waiting")
    desk.do(c.CallTicket(home or "2", label, "served", "asked for"))
    assert desk.do(c.Finish(home or "2")) == [f.TicketFinished(name, home or "2", None)]


def test_next_sends_back_whom_another_window_wants_and_calls_the_next_one(desk: Scene) -> None:
    desk.do(c.Transfer("1", "loans", come_back=True))
    desk.call("4")
    assert [type(fact) for fact in desk.do(c.CallNext("4", "served"))] == [TicketTransferred, f.TicketCalled]
    assert (desk.at("4"), desk.call("1")) == ("C001", "A001")


def test_the_service_time_of_the_second_window_is_its_own(desk: Scene) -> None:
    desk.pass_time(500)
    desk.do(c.Transfer("1", to="4"))
    desk.call("4")
    desk.pass_time(100)
    desk.do(c.Finish("4"))
    assert list(desk.hall.service_times) == [100.0]


def test_who_was_sent_to_a_window_waits_for_that_one_alone(desk: Scene) -> None:
    for window in "23":
        desk.call(window)
    desk.do(c.Transfer("1", to="3"))
    ticket = desk.hall.tickets["t1"]
    assert estimate(desk.hall, "id", ticket) == Estimate(0, 300, 957)
    desk.do(c.Finish("3"))
    assert estimate(desk.hall, "id", ticket) == Estimate(0, 0, 0)


def test_a_redirect_takes_the_transferred_ticket_along_and_its_note_with_it(desk: Scene) -> None:
    desk.do(c.Transfer("1", to="3", note="wheelchair"))
    desk.call("3")
    desk.do(c.Redirect("3"))
    assert (desk.at("1") or desk.at("2"), desk.hall.tickets["t1"].note) == ("A001", "wheelchair")
