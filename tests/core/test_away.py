"""Numbers that a kiosk gives out alone: leased, told afterwards, merged with what was called, void at the end."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.config import Away
from hall_server.core.facts import away as a
from tests.core.scene import OPENED_AT, Scene, scene


@pytest.fixture
def hall() -> Scene:
    """Kiosk 1 has twenty numbers of each service in reserve, from 701 on."""
    made = scene(away=Away(block=20, first=701))
    made.do(c.Lease("K1", "log1"))
    return made


def told(number: int, age_s: float = 0.0, **more: object) -> c.IssueAway:
    name = f"w{number}"
    made = c.IssueAway(name, f"code-{name}", "K1", "log1", "2026-11-22/1", "id", number, age_s)
    return replace(made, **more)  # type: ignore[arg-type]  # each test names fields of the command


def test_a_kiosk_gets_numbers_of_each_service_and_no_more_while_half_of_them_are_left(hall: Scene) -> None:
    assert hall.facts[-3:] == [
        a.BlockLeased("K1", "log1", "id", "A", 701, 720),
        a.BlockLeased("K1", "log1", "tax", "B", 701, 720),
        a.BlockLeased("K1", "log1", "loans", "C", 701, 720),
    ]
    assert hall.do(c.Lease("K1", "log1")) == []
    for number in range(701, 711):
        hall.do(told(number))
    assert hall.do(c.Lease("K1", "log1")) == [a.BlockLeased("K1", "log1", "id", "A", 721, 740)]


def test_no_number_is_leased_to_two_also_not_to_a_kiosk_that_lost_its_log(hall: Scene) -> None:
    assert hall.do(c.Lease("K2", "log2"))[0] == a.BlockLeased("K2", "log2", "id", "A", 721, 740)
    assert hall.do(c.Lease("K1", "new log"))[0] == a.BlockLeased("K1", "new log", "id", "A", 741, 760)


def test_numbers_of_one_kiosk_keep_their_order_whatever_the_network_did(hall: Scene) -> None:
    hall.pass_time(100)
    hall.do(told(702, age_s=40.0))
    hall.do(told(701, age_s=50.0))
    assert (hall.call("1"), hall.call("2")) == ("A702", "A701")


def test_told_twice_is_told_once(hall: Scene) -> None:
    hall.do(told(701))
    assert hall.do(told(701)) == []


@pytest.mark.parametrize(
    ("paper", "kinds"),
    [
        ("none", []),
        ("owed", ["SlipOwed"]),
        ("claimed", ["SlipOwed", "SlipClaimed"]),
        ("unconfirmed", ["SlipOwed", "SlipClaimed", "SlipUnconfirmed"]),
        ("failed", ["SlipFailed"]),
    ],
)
def test_the_hall_takes_over_what_is_known_of_the_paper(hall: Scene, paper: str, kinds: list[str]) -> None:
    found = hall.do(told(701, paper=paper, printer="printer1", reason="paper_end"))
    assert [type(fact).__name__ for fact in found[1:]] == kinds


def test_paper_that_failed_at_a_kiosk_alone_is_not_printed_elsewhere_for_nobody(hall: Scene) -> None:
    hall.do(told(701, paper="failed", printer="printer1", reason="paper_end"))
    assert hall.paper("A701") == ("failed", None, 1, False)
    assert hall.hall.owed_slips() == ()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (told(700), "not_leased"),
        (told(721), "not_leased"),
        (told(701, service="tax", kiosk="K2"), "not_leased"),
        (told(701, holder="another"), "not_leased"),
        (told(701, kiosk="K9"), "unknown_kiosk"),
        (c.Lease("K9", "log"), "unknown_kiosk"),
    ],
)
def test_numbers_that_are_not_its_own_are_refused(hall: Scene, command: c.Command, code: str) -> None:
    assert hall.refusal(command)[0] == code


def test_a_ticket_whose_answer_was_lost_is_given_up_for_the_one_in_the_customers_hand(hall: Scene) -> None:
    lost = hall.issue("id", "K1")
    found = hall.do(told(701, instead_of=hall.id_of(lost)))
    assert found[1:] == [
        f.TicketCancelled(hall.id_of(lost)),
        f.SlipFailed(f"s-{hall.id_of(lost)}", hall.id_of(lost), "printer1", 1, "cancelled"),
    ]


def test_a_clerk_calls_a_number_before_its_kiosk_could_tell_of_it_and_both_become_one(hall: Scene) -> None:
    hall.pass_time(100)
    assert hall.do(c.CallTicket("1", "A703", ticket="c1", code="typed-1")) == [
        f.TicketIssued("c1", "typed-1", "A703", "A", 703, "id", came_at=hall.now, away="typed"),
        f.TicketCalled("c1", "1", "chosen"),
    ]
    hall.pass_time(60)
    assert hall.do(told(703, age_s=120.0, paper="printed", printer="printer1"))[0] == a.TicketMerged(
        "c1", "code-w703", OPENED_AT + 40.0, "K1"
    )
    ticket = hall.hall.tickets["c1"]
    assert (ticket.arrival, ticket.state, ticket.slip, hall.hall.codes["code-w703"]) == (
        OPENED_AT + 40.0, "called", "s-w703", "c1",
    )  # fmt: skip
    assert hall.do(told(703, age_s=120.0)) == []


def test_a_merged_ticket_that_waits_again_stands_where_it_always_should_have(hall: Scene) -> None:
    hall.pass_time(100)
    hall.do(c.CallTicket("3", "703", ticket="c1", code="typed-1"))
    hall.do(c.Absent("3", force=True))
    hall.do(told(703, age_s=50.0))
    assert list(hall.hall.queues["id"]) == [(OPENED_AT + 50.0, hall.hall.tickets["c1"].seq, "c1")]


@pytest.mark.parametrize(
    ("window", "label", "code"),
    [
        ("1", "700", "unknown_ticket"),
        ("1", "A799", "unknown_ticket"),
        ("1", "701", "ambiguous_number"),
        ("1", "C701", "other_service"),
        ("3", "B701", "other_service"),
    ],
)
def test_a_clerk_who_types_another_number_is_told_what_is_wrong(
    hall: Scene, window: str, label: str, code: str
) -> None:
    assert hall.refusal(c.CallTicket(window, label, ticket="c1", code="typed-1"))[0] == code


def test_at_the_end_of_the_day_each_hole_has_its_record_and_the_next_day_begins_without_blocks(hall: Scene) -> None:
    for number in (701, 702, 705):
        hall.do(told(number))
    found = hall.do(c.CloseDay("we close"))
    assert [fact for fact in found if isinstance(fact, a.NumbersVoided)] == [
        a.NumbersVoided("K1", "A", 703, 704), a.NumbersVoided("K1", "A", 706, 720),
        a.NumbersVoided("K1", "B", 701, 720), a.NumbersVoided("K1", "C", 701, 720),
    ]  # fmt: skip
    assert hall.refusal(c.Lease("K1", "log1"))[0] == "day_closed"
    assert hall.do(told(706)) == [a.NumberLapsed("K1", "2026-11-22/1", "A706", "id")]
    hall.do(c.OpenDay("2026-11-22"))
    assert hall.hall.blocks == {}
    assert hall.do(told(707)) == [a.NumberLapsed("K1", "2026-11-22/1", "A707", "id")]
    assert hall.do(c.Lease("K1", "log1"))[0] == a.BlockLeased("K1", "log1", "id", "A", 701, 720)


def test_a_hall_without_blocks_leases_none() -> None:
    assert scene().do(c.Lease("K1", "log1")) == []
