"""Which screen is true, and how touches, the hall and the clock change it."""

from dataclasses import replace

import pytest

from display.board import Name
from hall_server.contract import SlipState, Ticket
from hall_server.station import LinkState
from kiosk import touch
from kiosk.touch import Kiosk, Visit, face
from tests.kiosk.kiosk_page import ticket
from tests.station.fake_hall import demo_board

HOME = Kiosk(id="K1", since=0.0, board=demo_board(), link=LinkState.UP)
ALARM = replace(demo_board(), emergency=Name("疏散", "Leave"))


def paper(state: str = "owed", kiosk: str | None = "K1", copied: bool = False) -> SlipState:
    return SlipState.model_validate({"state": state, "printer": f"P-{kiosk}", "kiosk": kiosk, "copied": copied})


def with_paper(state: str, kiosk: str | None = "K1", copied: bool = False) -> Kiosk:
    visit = Visit("k1", "tax", "zh", "issued", 10.0, ticket=ticket(), paper=paper(state, kiosk, copied))
    return replace(HOME, visit=visit)


@pytest.mark.parametrize(
    ("kiosk", "expected"),
    [
        (HOME, "home"),
        (replace(HOME, board=None), "loading"),
        (replace(HOME, board=None, cut=True), "offline"),
        (replace(HOME, cut=True), "offline"),
        (replace(HOME, cut=True, alone=frozenset({"tax"})), "home"),
        (replace(HOME, cut=True, alone=frozenset({"tax"}), board=None), "offline"),
        (replace(HOME, cut=True, alone=frozenset({"tax"}), link=LinkState.REFUSED), "out_of_service"),
        (replace(HOME, link=LinkState.REFUSED), "out_of_service"),
        (replace(HOME, board=replace(demo_board(), open=False)), "closed"),
        (replace(HOME, board=ALARM), "emergency"),
        (replace(with_paper("printing"), board=ALARM), "emergency"),
        (replace(HOME, board=ALARM, visit=Visit("k1", "tax", "zh", "late", 10.0)), "emergency"),
        (with_paper("owed"), "printing"),
        (with_paper("printing"), "printing"),
        (with_paper("printing", None), "printing"),
        (with_paper("printing", "K2"), "elsewhere"),
        (with_paper("printed", "K2"), "elsewhere"),
        (with_paper("printed"), "printed"),
        (with_paper("unconfirmed"), "unknown"),
        (with_paper("unconfirmed", "K2"), "unknown"),
        (with_paper("failed"), "failed"),
        (replace(with_paper("printing"), cut=True), "printing"),
    ],
)
def test_one_screen_is_true_in_each_state(kiosk: Kiosk, expected: str) -> None:
    assert face(kiosk) == expected


def issued_tax(now: float = 1.0) -> Kiosk:
    asking = touch.pressed(HOME, "tax", "zh", "k1", 0.0)
    return touch.issued(asking, "k1", ticket(service="tax", slip=paper()), now)


def test_of_many_taps_only_the_first_changes_anything() -> None:
    first = touch.pressed(HOME, "tax", "en", "k1", 0.0)
    assert first.visit == Visit("k1", "tax", "en", "asking", 0.0)
    assert touch.pressed(first, "tax", "en", "k2", 0.1) is first
    assert touch.pressed(first, "insurance", "zh", "k3", 0.1) is first


def test_the_same_service_again_asks_first_and_another_service_does_not() -> None:
    after = touch.done(touch.heard_papers(issued_tax(), {"ab12": paper("printed")}, 3.0))
    assert face(touch.pressed(after, "tax", "zh", "k2", 10.0)) == "again"
    assert face(touch.pressed(after, "insurance", "zh", "k2", 10.0)) == "asking"
    assert face(touch.pressed(after, "tax", "zh", "k2", 30.0)) == "asking"


def test_take_another_goes_on_with_its_own_key_and_no_goes_home() -> None:
    after = touch.done(touch.heard_papers(issued_tax(), {"ab12": paper("printed")}, 3.0))
    again = touch.pressed(after, "tax", "zh", "k2", 10.0)
    yes = touch.confirmed(again, True, 11.0)
    assert yes.visit is not None
    assert (yes.visit.key, yes.visit.stage) == ("k2", "asking")
    assert face(touch.confirmed(again, False, 11.0)) == "home"


def test_a_request_that_nobody_answered_keeps_its_key_for_the_next_try() -> None:
    asking = touch.pressed(HOME, "tax", "zh", "k1", 0.0)
    silent = touch.refused(asking, "k1", touch.UNREACHABLE, 9.0)
    assert face(silent) == "refused"
    retry = touch.pressed(touch.done(silent), "tax", "zh", "k2", 12.0)
    assert retry.visit is not None
    assert (retry.visit.key, face(retry)) == ("k1", "asking")


def test_the_paper_is_followed_and_a_slip_that_moves_is_told_at_once() -> None:
    kiosk = issued_tax()
    seen = [face(kiosk)]
    for now, state, where in ((2.0, "printing", "K1"), (3.0, "owed", "K2"), (4.0, "printed", "K2")):
        kiosk = touch.heard_papers(kiosk, {"ab12": paper(state, where)}, now)
        seen.append(face(kiosk))
    assert seen == ["printing", "printing", "elsewhere", "elsewhere"]


def test_news_that_overtook_the_answer_is_not_lost() -> None:
    asking = touch.pressed(HOME, "tax", "zh", "k1", 0.0)
    early = touch.heard_papers(asking, {"ab12": paper("printed")}, 0.5)
    assert face(touch.issued(early, "k1", ticket(slip=paper("owed")), 1.0)) == "printed"


@pytest.mark.parametrize(
    ("kiosk", "stays_s"),
    [
        (with_paper("printed"), 8.0),
        (with_paper("failed"), 30.0),
        (with_paper("unconfirmed"), 20.0),
        (with_paper("printing", "K2"), 30.0),
    ],
)
def test_each_screen_goes_home_after_its_own_time(kiosk: Kiosk, stays_s: float) -> None:
    assert touch.next_change(kiosk) == 10.0 + stays_s
    assert touch.expired(kiosk, 9.9 + stays_s) == kiosk
    assert face(touch.expired(kiosk, 10.0 + stays_s)) == "home"


def test_a_new_screen_starts_its_own_time() -> None:
    kiosk = touch.heard_papers(with_paper("printing"), {"ab12": paper("failed")}, 25.0)
    assert touch.next_change(kiosk) == 55.0


def test_a_request_under_way_cannot_be_left() -> None:
    for kiosk in (touch.pressed(HOME, "tax", "zh", "k1", 0.0), with_paper("printing")):
        assert touch.done(kiosk) == kiosk


def answer(kiosk: Kiosk, told: Ticket) -> Kiosk:
    return touch.answered(touch.answering(kiosk, "a1", 15.0), told, 16.0)


def test_the_first_answer_counts_and_its_result_is_shown() -> None:
    asked = touch.answering(with_paper("unconfirmed"), "a1", 15.0)
    assert touch.answering(asked, "a2", 15.1) is asked
    assert face(answer(with_paper("unconfirmed"), ticket(slip=paper("printed")))) == "printed"
    copy = ticket(slip=paper("owed", "K2", copied=True))
    assert face(answer(with_paper("unconfirmed"), copy)) == "elsewhere"


def test_a_copy_that_fails_to_arrive_may_be_asked_about_again() -> None:
    kiosk = answer(with_paper("unconfirmed"), ticket(slip=paper("owed", "K1", copied=True)))
    doubt = touch.heard_papers(kiosk, {"ab12": paper("unconfirmed", copied=True)}, 20.0)
    assert face(doubt) == "unknown"
    assert touch.answering(doubt, "a2", 21.0) is not doubt


def test_an_answer_that_nobody_took_is_asked_for_again() -> None:
    asked = touch.answering(with_paper("unconfirmed"), "a1", 15.0)
    again = touch.unheard(asked, "a1")
    assert touch.answering(again, "a2", 16.0) is not again


def test_a_lost_line_takes_the_tiles_away_soon_and_a_found_one_brings_them_back() -> None:
    lost = touch.heard_link(HOME, LinkState.LOST, 100.0)
    assert (face(touch.expired(lost, 104.9)), face(touch.expired(lost, 105.0))) == ("home", "offline")
    still = touch.heard_link(touch.expired(lost, 105.0), LinkState.REFUSED, 106.0)
    assert face(touch.heard_link(still, LinkState.UP, 107.0)) == "home"


def test_a_silent_socket_makes_the_ticket_be_asked_for() -> None:
    lost = touch.heard_link(with_paper("printing"), LinkState.LOST, 11.0)
    assert touch.pending(with_paper("printing")) is None
    assert touch.pending(lost) == ticket()


def test_only_what_proves_that_it_works_counts_as_working() -> None:
    works = touch.heard_health(HOME, "printer-1", True)
    assert works.working == {"printer-1"}
    assert touch.heard_health(works, "printer-1", False).working == frozenset()
