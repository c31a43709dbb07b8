"""Policies one by one on cases worked out by hand, and what must hold under each of them for any customers at all."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.figures.devices import Told
from hall_server.core.figures.replay import Arrival, Plan, replay
from hall_server.core.figures.visits import Visit, day_of
from hall_server.core.policy import choice as policies
from hall_server.core.policy.because import Because, LeftOut, Overtaken, Rival
from hall_server.core.policy.classes import CustomerClass, Newcomer, Policy
from hall_server.core.policy.estimate import estimate
from tests.core.scene import OPENED_AT, Scene, scene

A, B, C = "A", "B", "C"
CLASSES = (
    CustomerClass(A, "甲", "Gold", head_start_s=90, rate=4, rank=1),
    CustomerClass(B, "乙", "Silver", head_start_s=30, rate=2, rank=2),
    CustomerClass(C, "丙", "All", rank=3),
)
PATTERN = (A, A, B, C)
KINDS = ("fifo", "head_start", "accumulating", "strict", "quota")


def policy(kind: str, guarantee_s: int = 0) -> Policy:
    return Policy(kind, CLASSES, C, PATTERN if kind == "quota" else (), guarantee_s)


def hall(kind: str, guarantee_s: int = 0) -> Scene:
    return scene(policy=policy(kind, guarantee_s))


def come(to: Scene, *customers: tuple[int, str], service: str = "id", need: bool = False) -> list[str]:
    """Customers (second, class) take tickets; their labels."""
    labels = []
    for second, klass in customers:
        to.now = OPENED_AT + second
        name = f"{service}-{second}-{klass}"
        to.do(c.Issue(name, f"code-{name}", service, klass=klass, need=need))
        labels.append(to.hall.tickets[name].label)
    return labels


def order(of: Scene, window: str = "1") -> list[str]:
    """Who is called when nobody else comes and no time passes; it is the order that was foretold."""
    foretold = [t.label for t in policies.coming(of.hall, ("id", "tax"), window)]
    called = []
    while label := of.serve(window):
        called.append(label)
    assert called == foretold
    return called


def test_a_head_start_lets_go_before_those_who_came_less_than_that_earlier() -> None:
    hall_ = hall("head_start")
    come(hall_, (0, C), (10, C), (95, A), (99, B))
    assert order(hall_) == ["A001", "A003", "A002", "A004"]  # 0, 95 - 90, 10, 99 - 30


def test_accumulating_waits_grow_at_different_rates() -> None:
    hall_ = hall("accumulating")
    come(hall_, (0, C), (60, B), (80, A))
    hall_.now = OPENED_AT + 100
    assert hall_.call("1") == "A001"  # 100, 40 x 2, 20 x 4
    hall_.now = OPENED_AT + 140
    assert hall_.call("2") == "A003"  # 80 x 2, 60 x 4


def test_ranks_are_strict_until_the_guarantee() -> None:
    hall_ = hall("strict", guarantee_s=600)
    come(hall_, (0, C), (100, C), (550, A), (560, B))
    hall_.now = OPENED_AT + 590
    assert hall_.call("1") == "A003"
    hall_.now = OPENED_AT + 600
    assert hall_.call("2") == "A001"
    assert isinstance(hall_.facts[-1], f.TicketCalled)
    assert hall_.facts[-1].why == "guarantee"
    assert hall_.call("3") == "A004"


def test_a_pattern_gives_turns_and_goes_on_behind_the_slot_that_was_used() -> None:
    hall_ = hall("quota")
    come(hall_, *((n, klass) for n, klass in enumerate([C] * 3 + [B] * 3 + [A] * 5)))
    taken = [hall_.hall.tickets[hall_.id_of(label)].klass for label in order(hall_)]
    assert "".join(taken) == "AABC" + "AABC" + "ABC"  # the last round has no second A


def test_an_empty_slot_is_skipped() -> None:
    hall_ = hall("quota")
    come(hall_, (0, C), (1, C))
    assert hall_.call("1") == "A001"
    assert hall_.hall.pattern_at == 4, "behind the slot of C"
    come(hall_, (2, A))
    assert hall_.call("2") == "A003"


def test_a_special_need_counts_five_minutes_under_every_policy() -> None:
    for kind in KINDS:
        hall_ = hall(kind)
        come(hall_, (0, C), (10, C), (301, C))
        come(hall_, (305, C), need=True)
        assert order(hall_) == ["A001", "A004", "A002", "A003"], kind


def test_classes_change_nothing_for_who_was_sent_here_or_was_absent() -> None:
    hall_ = hall("strict", guarantee_s=9999)
    come(hall_, (0, C), (1, C), (2, A), (3, A))
    assert hall_.call("2") == "A003"
    assert hall_.call("3") == "A004"
    hall_.do(c.Redirect("2"))  # window 1 is free and takes it over
    assert hall_.at("1") == "A003"
    hall_.do(c.Absent("1", force=True))
    assert [hall_.serve("1"), hall_.serve("1"), hall_.serve("1")] == ["A001", "A002", "A003"]
    called = [fact for fact in hall_.facts if isinstance(fact, f.TicketCalled)]
    assert [call.why for call in called[-4:]] == ["redirected", "strict", "strict", "passed_over"]


def test_a_call_keeps_why_it_chose_whom_it_chose() -> None:
    hall_ = hall("head_start")
    come(hall_, (0, C), (1, C), service="loans")
    come(hall_, (5, C), (10, C), (20, A), (22, B))
    assert hall_.do(c.CallNext("1")) == [
        f.TicketCalled(
            "id-20-A", "1", "head_start", 2,
            because=Because(
                "head_start", 2, (OPENED_AT - 70, 7), A,
                rivals=(Rival(C, "A001", (OPENED_AT + 5, 5)), Rival(B, "A004", (OPENED_AT - 8, 8))),
                overtaken=(Overtaken("A001", 15), Overtaken("A002", 10)), left_out=(LeftOut("C001", "other_service"),),
            ),
        )
    ]  # fmt: skip


def test_the_first_in_line_of_a_hall_without_classes_needs_no_words() -> None:
    hall_ = scene()
    hall_.issue_many(["id", "id"])
    assert hall_.do(c.CallNext("1")) == [f.TicketCalled("t1", "1", "fifo")]


def test_a_policy_changes_while_the_hall_is_open_and_its_number_tells_which_one_it_was() -> None:
    hall_ = hall("fifo")
    come(hall_, (0, C), (10, A))
    before = hall_.hall.policy_seq
    hall_.do(c.Configure(type(hall_.hall.config)(**{
        name: getattr(hall_.hall.config, name) for name in type(hall_.hall.config).__dataclass_fields__
    } | {"policy": policy("strict", 900)})))  # fmt: skip
    assert hall_.call("1") == "A002"
    called = hall_.facts[-1]
    assert isinstance(called, f.TicketCalled)
    assert called.because is not None
    assert called.because.version == hall_.hall.policy_seq > before


def test_an_unknown_class_is_refused_and_one_that_was_removed_is_the_ordinary_one() -> None:
    hall_ = hall("strict", 900)
    assert hall_.refusal(c.Issue("t", "c", "id", klass="king"))[0] == "unknown_class"
    come(hall_, (0, C), (1, A))
    ordinary = Policy("strict", CLASSES[1:], C, (), 900)
    assert (ordinary.of(A).id, ordinary.of("").id) == (C, C)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("fifo", {A: (4, 0), B: (4, 0), C: (4, 0)}),
        ("head_start", {A: (2, 0), B: (4, 0), C: (4, 0)}),  # 35 s behind 0 and 30
        ("accumulating", {A: (1, 0), B: (2, 0), C: (4, 0)}),  # a turn takes 100 s
        ("strict", {A: (1, 0), B: (2, 0), C: (4, 0)}),
        ("quota", {A: (1, 0), B: (3, 0), C: (4, 0)}),
    ],
)
def test_a_newcomer_is_told_how_many_go_first_under_the_policy(kind: str, expected: dict[str, tuple[int, int]]) -> None:
    hall_ = hall(kind, guarantee_s=0)
    come(hall_, (0, C), (40, C), (100, B), (120, A))
    found = {}
    for klass in (A, B, C):
        told = estimate(hall_.hall, "id", new=Newcomer(OPENED_AT + 125, klass))
        assert told is not None
        found[klass] = told.ahead, told.later
    assert found == expected


def test_who_waits_is_told_how_many_came_later_and_go_first() -> None:
    hall_ = hall("strict", 900)
    (first, *_) = come(hall_, (0, C), (40, A), (100, B), (120, A))
    told = estimate(hall_.hall, "id", hall_.hall.tickets[hall_.id_of(first)])
    assert told is not None
    assert (told.ahead, told.later) == (3, 3)


# ---- what holds for any customers

services, classes = st.sampled_from(["id", "tax"]), st.sampled_from([A, B, C])
arrival = st.builds(Arrival, st.integers(0, 900), services, classes, st.integers(0, 200))
customers = st.lists(arrival, min_size=1, max_size=30)
ANY = settings(max_examples=40, deadline=None)


def day(arrivals: list[Arrival], with_policy: Policy, windows: int) -> tuple[list[Visit], list[Told]]:
    told = replay(arrivals, Plan(with_policy, windows), "2026-11-22", 0.0)
    found = day_of(told)
    assert found is not None
    return list(found.visits.values()), told


@given(arrivals=customers, kind=st.sampled_from(KINDS), guarantee_s=st.sampled_from([0, 60, 600]))
@ANY
def test_everybody_is_served_and_inside_a_class_in_the_order_of_arrival(
    arrivals: list[Arrival], kind: str, guarantee_s: int
) -> None:
    visits, told = day(arrivals, policy(kind, guarantee_s), windows=2)
    assert Counter(visit.outcome for visit in visits) == {"done": len(arrivals)}
    calls = [one.fact.ticket for one in told if isinstance(one.fact, f.TicketCalled)]
    classes = {visit.ticket: visit.klass for visit in visits}
    came = [visit.ticket for visit in visits]
    for klass in (A, B, C):
        own = [ticket for ticket in calls if classes[ticket] == klass]
        assert own == sorted(own, key=came.index)


@given(arrivals=customers)
@ANY
def test_first_come_first_called_overtakes_nobody(arrivals: list[Arrival]) -> None:
    _, told = day(arrivals, policy("fifo"), windows=3)
    calls = [one.fact for one in told if isinstance(one.fact, f.TicketCalled)]
    assert [call.overtaken for call in calls] == [0] * len(arrivals)


@given(arrivals=customers, kind=st.sampled_from(KINDS))
@ANY
def test_whoever_has_waited_for_the_guarantee_is_overtaken_by_nobody(arrivals: list[Arrival], kind: str) -> None:
    visits, _ = day(arrivals, policy(kind, guarantee_s=120), windows=1)
    for one, other in ((a, b) for a in visits for b in visits if a.came_at < b.came_at):
        if other.called_at is not None and other.called_at - one.came_at >= 120:
            assert one.called_at is not None
            assert one.called_at <= other.called_at


@given(arrivals=customers)
@ANY
def test_a_quota_uses_the_next_slot_for_which_somebody_waits(arrivals: list[Arrival]) -> None:
    _, told = day(arrivals, policy("quota"), windows=2)
    waiting, pointer = Counter[str](), 0
    for fact in (one.fact for one in told):
        if isinstance(fact, f.TicketIssued):
            waiting[fact.klass] += 1
        if isinstance(fact, f.TicketCalled):
            slots = [(pointer + step) % len(PATTERN) for step in range(len(PATTERN))]
            slot = next(slot for slot in slots if waiting[PATTERN[slot]])
            assert fact.because is not None
            assert (fact.because.slot, fact.because.klass) == (slot, PATTERN[slot])
            waiting[PATTERN[slot]] -= 1
            pointer = slot + 1


def test_a_call_that_is_taken_back_frees_its_slot_unless_others_have_called_since() -> None:
    hall_ = hall("quota")
    come(hall_, *((n, klass) for n, klass in enumerate([C] * 3 + [B] * 3 + [A] * 5)))

    def called(window: str) -> str:
        hall_.do(c.CallNext(window, "served"), f"clerk:{window}")
        ticket = hall_.hall.active(window)
        assert ticket is not None
        return ticket.klass

    assert called("1") == A
    hall_.do(c.Undo("clerk:1"))
    assert [called("1"), called("2"), called("3")] == [A, A, B]
    hall_.do(c.Undo("clerk:1"))
    assert [called("1"), called("2")] == [C, A], "nobody has the turns of window 2 and 3 again"
    hall_.do(c.Undo("clerk:2"))
    hall_.do(c.Undo("clerk:1"))
    assert called("1") == C, "whoever called last goes back first, and then the one before"
