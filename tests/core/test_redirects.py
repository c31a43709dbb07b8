"""Redirects: what each rule of a hall does with a fault, the questions asked first, the undo, and the figures."""

from dataclasses import replace

import pytest

from hall_server import views
from hall_server.core import codec
from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.config import HallConfig, OnFault
from hall_server.core.facts import redirects as r
from hall_server.core.policy.estimate import estimate
from hall_server.core.preview import preview
from hall_server.views import staff as staff_views
from hall_server.views.signs import sign
from tests.core.scene import CONFIG, Scene, picture, scene
from tests.core.test_views import OUTSIDE

ASK, COVER, NONE, REDIRECT = OnFault.ASK, OnFault.COVER, OnFault.NONE, OnFault.REDIRECT


def asked(**changes: object) -> Scene:
    """A hall that asks before it redirects a window."""
    return scene(on_sign_failure=ASK, on_window_failure=ASK, **changes)


def with_rule(device: str, rule: OnFault) -> HallConfig:
    """The hall whose one device has a rule of its own."""
    devices = tuple(replace(d, on_fault=rule) if d.id == device else d for d in CONFIG.devices)
    return replace(CONFIG, devices=devices)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (REDIRECT, [f.WindowRedirected("2", "r1", "no_ack")]),
        (COVER, []),
        (ASK, [r.WindowRedirectProposed("2", "r1", "no_ack")]),
        (NONE, []),
    ],
)
def test_a_dead_sign_does_what_the_hall_chose_for_signs(rule: OnFault, told: list[f.Fact]) -> None:
    hall = scene(on_sign_failure=rule)
    assert hall.do(c.ReportHealth("sign2", "failed", "r1", ("no_ack",)))[2:] == told


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (REDIRECT, [f.WindowRedirected("2", "r1", "declared")]),
        (ASK, [r.WindowRedirectProposed("2", "r1", "declared")]),
        (NONE, []),
    ],
)
def test_what_nobody_can_probe_does_the_same_once_a_person_says_that_it_is_broken(
    rule: OnFault, told: list[f.Fact]
) -> None:
    hall = scene(on_window_failure=rule)
    assert hall.do(c.DeclareFault("scanner2", "r1", "dark"))[2:] == told


def test_a_declared_sign_follows_the_same_rule_as_a_detected_one() -> None:
    assert [type(fact) for fact in scene(on_sign_failure=COVER).do(c.DeclareFault("sign2", "r1"))] == [
        f.RepairOpened, f.FaultDeclared,
    ]  # fmt: skip


def test_a_device_may_have_a_rule_of_its_own() -> None:
    hall = Scene()
    hall.do(c.Configure(with_rule("scanner2", NONE)))
    hall.do(c.OpenDay("2026-11-22"))
    assert [type(fact) for fact in hall.do(c.DeclareFault("scanner2", "r1"))] == [f.RepairOpened, f.FaultDeclared]
    assert hall.do(c.ReportHealth("sign2", "failed", "r2", ("no_ack",)))[2:] == [
        f.WindowRedirected("2", "r2", "no_ack")
    ]


def test_a_journal_from_before_there_were_rules_folds_into_the_rules_that_then_were() -> None:
    old = {"zh": "厅", "en": "Hall", "on_sign_failure": "cover"}
    assert codec.load(HallConfig, old) == HallConfig("厅", "Hall", on_sign_failure=COVER)
    assert codec.load(HallConfig, {"zh": "厅", "en": "Hall"}) == HallConfig(
        "厅", "Hall", on_sign_failure=REDIRECT, on_window_failure=REDIRECT, on_printer_failure=REDIRECT,
        on_tv_failure=COVER, redirect_after_s=0,
    )  # fmt: skip
    carried = codec.load(f.RedirectCarried, {"window": "1", "incidents": ["r1"], "since": 5.0})
    assert carried == f.RedirectCarried("1", ("r1",))


def test_a_question_is_asked_once_and_meanwhile_the_window_calls() -> None:
    hall = asked()
    hall.do(c.ReportHealth("sign2", "failed", "r1", ("no_ack",)))
    assert hall.health("sign2", "failed", "no_ack", "bus_dead")[1:] == []
    hall.issue()
    assert hall.call("2") == "A001"


def test_a_yes_moves_the_called_customer_and_a_second_answer_is_told_that_it_comes_late() -> None:
    hall = asked()
    hall.issue()
    hall.call("2")
    hall.do(c.ReportHealth("sign2", "failed", "r1", ("no_ack",)))
    assert hall.do(c.AnswerProposal("2", apply=True)) == [
        f.WindowRedirected("2", "r1", "no_ack"),
        f.TicketRedirected("t1", "2", "1", "r1"),
        f.TicketCalled("t1", "1", "redirected", redirected_from="2"),
    ]
    assert hall.refusal(c.AnswerProposal("2", apply=False))[0] == "no_proposal"


def test_a_no_holds_until_the_repair_is_over_and_a_new_fault_asks_again() -> None:
    hall = asked()
    hall.do(c.ReportHealth("sign2", "failed", "r1", ("no_ack",)))
    assert hall.do(c.AnswerProposal("2", apply=False, reason="busy")) == [r.WindowKept("2", "r1", "busy")]
    assert hall.health("sign2", "failed", "bus_dead")[1:] == []
    hall.health("sign2", "ok")
    assert hall.do(c.ReportHealth("sign2", "failed", "r2", ("no_ack",)))[-1] == r.WindowRedirectProposed(
        "2", hall.hall.repairs["sign2"].id, "no_ack"
    )


def test_a_sign_that_comes_back_withdraws_the_question() -> None:
    hall = asked()
    hall.health("sign2", "failed", "no_ack")
    hall.health("sign2", "ok")
    assert hall.refusal(c.AnswerProposal("2", apply=True))[0] == "no_proposal"


def test_a_yes_that_has_become_impossible_is_refused() -> None:
    hall = asked()
    hall.health("sign2", "failed", "no_ack")
    hall.do(c.Redirect("1"))
    hall.do(c.DeclareFault("scanner2", "r9"))
    assert hall.refusal(c.AnswerProposal("2", apply=True))[0] == "no_other_window"


def test_what_nobody_answers_is_done_by_itself_one_window_a_second() -> None:
    hall = asked(redirect_after_s=60)
    for dark in ("sign1", "sign2"):  # twins: only one of them can go
        hall.do(c.ReportHealth(dark, "failed", f"r-{dark}", ("no_ack",)))
    hall.pass_time(59)
    assert hall.do(c.Tick()) == []
    hall.pass_time(1)
    assert hall.do(c.Tick()) == [f.WindowRedirected("1", "r-sign1", "no_ack")]
    assert hall.do(c.Tick()) == []
    assert hall.issue("tax") == "B001", "somebody still serves it"


def test_without_a_time_limit_a_question_waits_for_ever() -> None:
    hall = asked()
    hall.health("sign2", "failed", "no_ack")
    hall.pass_time(100_000)
    assert [type(fact) for fact in hall.do(c.Tick())] == [f.RepairEscalated]
    assert hall.hall.windows["2"].incidents == {}


def test_questions_and_refusals_outlive_the_night() -> None:
    hall = asked()
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    hall.do(c.ReportHealth("sign3", "failed", "r3", ("no_ack",)))
    hall.do(c.AnswerProposal("1", apply=False))
    hall.do(c.CloseDay())
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.health("sign1", "failed", "bus_dead")[1:] == []
    assert hall.do(c.AnswerProposal("3", apply=True)) == [f.WindowRedirected("3", "r3", "no_ack")]


def test_a_person_may_call_a_window_back_against_a_standing_fault_but_has_to_say_why(hall: Scene) -> None:
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    assert hall.refusal(c.Redirect("1", undo=True, reason=" "))[0] == "reason_needed"
    assert hall.do(c.Redirect("1", undo=True, reason="crowd")) == [r.WindowKept("1", "r1", "crowd")]
    hall.issue()
    assert hall.call("1") == "A001"
    assert hall.health("sign1", "failed", "bus_dead")[1:] == [], "it is not sent away again for the same fault"


def test_what_was_done_by_hand_is_taken_back_before_what_a_fault_did(hall: Scene) -> None:
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    hall.do(c.Redirect("1", reason="lunch"))
    assert hall.do(c.Redirect("1", undo=True)) == [f.WindowRestored("1", "manual")]
    assert hall.refusal(c.CallNext("1"))[0] == "window_redirected"


def test_on_recovery_only_future_customers_come_back(hall: Scene) -> None:
    hall.issue_many(["id"] * 4)
    for window in "123":
        hall.call(window)
    hall.health("sign1", "failed", "no_ack")
    assert hall.health("sign1", "ok")[-1] == f.WindowRestored("1", hall.hall.tickets["t1"].incidents.copy().pop())
    assert hall.call("1") == "A004", "A001 was promised to window 2"
    assert hall.call("2", "served") == "A001"


def test_a_covered_window_goes_elsewhere_when_no_tv_is_left_to_call_for_it() -> None:
    hall = scene(on_sign_failure=COVER)
    for dark in ("sign1", "sign2"):
        hall.do(c.ReportHealth(dark, "failed", f"r-{dark}", ("no_ack",)))
    assert hall.do(c.Tick()) == []
    hall.health("tv1", "failed", "no_answer")
    assert hall.do(c.Tick()) == [f.WindowRedirected("1", "r-sign1", "no_ack")]
    assert hall.do(c.Tick()) == [], "window 2 is the last that serves tax"
    assert hall.health("sign3", "failed", "no_ack")[-1] == f.WindowRedirected(
        "3", hall.hall.repairs["sign3"].id, "no_ack"
    )


def test_the_figures_are_those_that_then_come_true() -> None:
    for calls in ("", "1", "12", "123"):
        hall = scene()
        hall.issue_many(["id", "tax", "id", "id", "tax", "id"])
        for window in calls:
            hall.call(window)
        before = picture(hall.hall)
        seen = preview(hall.hall, "1")
        assert picture(hall.hall) == before, "a look changed the hall"
        assert [(one.service, one.before) for one in seen.services] == [
            (service, estimate(hall.hall, service)) for service in ("id", "tax")
        ]
        hall.do(c.Redirect("1"))
        assert [one.after for one in seen.services] == [estimate(hall.hall, service) for service in ("id", "tax")]
        label = seen.called.label if seen.called else None
        moved = [fact for fact in hall.facts if isinstance(fact, f.TicketRedirected)]
        assert [(hall.hall.tickets[fact.ticket].label, fact.to) for fact in moved] == (
            [(label, seen.called_to)] if label else []
        )
        again = preview(hall.hall, "1")
        assert [(one.after, one.windows) for one in again.services] == [
            (one.after, one.windows) for one in seen.services
        ]


def test_a_window_that_cannot_be_redirected_says_so_in_its_figures(hall: Scene) -> None:
    seen = staff_views.detour(hall.hall, "4")
    assert seen is not None
    assert (seen.to, [one.windows for one in seen.services], [one.after for one in seen.services]) == ((), [()], [None])
    assert staff_views.detour(hall.hall, "9") is None


def test_clerk_and_manager_see_the_question_with_its_figures_and_when_it_answers_itself() -> None:
    hall = asked(redirect_after_s=90)
    hall.issue_many(["id", "id"])
    hall.do(c.ReportHealth("sign2", "failed", "r1", ("no_ack",)))
    seen = staff_views.detour(hall.hall, "2")
    assert seen is not None
    assert (seen.state, seen.to, seen.reason, seen.waiting, seen.apply_at) == (
        "proposed", ("1",), "no_ack", 2, views.iso(hall.now + 90),
    )  # fmt: skip
    clerk, floor = staff_views.clerk(hall.hall, "2", OUTSIDE), staff_views.floor(hall.hall, OUTSIDE)
    assert clerk is not None
    assert clerk.detour == seen
    assert [row.detour for row in floor.windows] == [None, seen, None, None]


STORY = [
    f.DeviceChanged("sign2", "failed", ("no_ack",), "3 polls"),
    f.RepairOpened("r1", "sign2", "no_ack", declared=False, waiting=2),
    f.RepairOpened("r2", "scanner2", "declared", declared=True, note="no power", waiting=2),
    f.FaultDeclared("scanner2", "no power"),
    f.WindowRedirected("2", "r2", "declared"),
    f.TicketRedirected("t1", "2", "3", "r2"),
    f.TicketCalled("t1", "3", "redirected", redirected_from="2"),
    f.TicketFinished("t2", "1"),
    f.TicketCalled("t4", "1", "fifo"),
    f.TicketFinished("t1", "3"),
    f.TicketCalled("t5", "3", "fifo"),
    f.DeviceChanged("sign2", "ok", (), "seen"),
    f.RepairVerified("r1", "sign2", "recovered"),
    f.RepairVerified("r2", "scanner2", "person", "plugged in"),
    f.WindowRestored("2", "r2"),
    f.TicketCalled("t7", "2", "fifo"),
]


def test_the_story_of_a_dead_led_and_then_of_its_whole_window() -> None:
    hall = scene(on_sign_failure=COVER)
    hall.issue_many(["id", "tax", "id", "id", "id"])
    assert [hall.call(window) for window in "213"] == ["A001", "B001", "A002"]
    hall.do(c.Finish("3"))
    start = len(hall.facts)

    def neighbours() -> list[tuple[str, ...]]:
        return [sign(hall.hall, window, OUTSIDE, 8).pages for window in "134"]

    hall.do(c.ReportHealth("sign2", "failed", "r1", ("no_ack",), "3 polls"))  # its LED: the TV and window 3 stand in
    assert neighbours() == [("请B001号",), ("欢迎光临", "2看大屏"), ("欢迎光临",)]
    assert [(n.at, n.fault, n.to) for n in views.board(hall.hall, OUTSIDE).notices] == [("2", "no_ack", ())]

    foreseen = staff_views.detour(hall.hall, "2")
    hall.do(c.DeclareFault("scanner2", "r2", "no power"))  # then the window
    done = staff_views.detour(hall.hall, "2")
    assert foreseen is not None
    assert done is not None
    # three customers of 286 s each by one window, not two
    assert (foreseen.called, foreseen.called_to, foreseen.added_s, foreseen.waiting) == ("A001", "3", 428, 2)
    assert [one.after for one in done.services] == [one.after for one in foreseen.services]
    assert neighbours() == [("请B001号",), ("请A001号",), ("欢迎光临",)]
    board = views.board(hall.hall, OUTSIDE)
    assert [(n.at, n.fault, n.to) for n in board.notices] == [("2", "no_ack", ("1",)), ("2", "declared", ("1",))]
    assert (board.hero and board.hero.label, board.windows[1].to) == ("A001", ("1",))
    hall.do(c.Finish("1"))
    assert neighbours()[0] == ("欢迎光临", "2号到1号")

    assert [hall.call("1"), hall.call("3", "served")] == ["A003", "A004"], "order kept"
    hall.health("sign2", "ok")
    assert hall.refusal(c.CallNext("2"))[0] == "window_redirected"
    hall.do(c.VerifyRepair("scanner2", "plugged in"))
    assert (views.board(hall.hall, OUTSIDE).notices, neighbours()[1]) == ((), ("请A004号",))
    hall.issue()
    assert hall.call("2") == "A005"
    told = [fact for fact in hall.facts[start:] if not isinstance(fact, f.TicketIssued)]
    assert told == STORY


def test_a_called_customer_is_not_moved_to_a_free_window_whose_sign_has_just_missed() -> None:
    hall = scene()
    hall.issue()
    hall.call("2")
    hall.health("sign1", "ok")
    hall.health("sign1", "degraded", "no_ack")
    hall.health("sign2", "failed", "no_ack")
    assert [hall.at(window) for window in "123"] == [None, None, "A001"]
    hall.health("sign3", "failed", "no_ack")
    assert hall.at("1") == "A001", "it is better than none"


def test_what_could_not_be_redirected_is_as_soon_as_there_is_a_window_to_go_to() -> None:
    hall = scene()
    hall.do(c.Redirect("1"))
    hall.do(c.DeclareFault("scanner2", "r1"))
    assert hall.hall.windows["2"].incidents == {}, "nobody else serves tax"
    assert hall.do(c.Tick()) == []
    hall.do(c.Redirect("1", undo=True))
    assert hall.do(c.Tick()) == [f.WindowRedirected("2", "r1", "declared")]
    assert hall.do(c.Tick()) == []
