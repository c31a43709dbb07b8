"""Check-in at the kiosk: which screen follows which answer, and what a touch does on each."""

from dataclasses import replace

import pytest

from hall_server.contract import SlipState
from hall_server.station import LinkState
from kiosk import checkin, touch
from kiosk.app import phrases
from kiosk.touch import Kiosk, face
from kiosk.view import Words, render
from tests.kiosk.kiosk_page import ticket
from tests.station.fake_hall import demo_board

HOME = Kiosk(id="K1", since=0.0, board=replace(demo_board(), appointments=True), link=LinkState.UP)
NINE = 1_795_309_200_000  # 2026-11-22 09:00 in Shanghai, in milliseconds
WORDS = Words(phrases())


def asking(digits: str = "1234567890", key: str = "k1") -> Kiosk:
    return checkin.typed(checkin.opened(HOME, "en", 1.0), digits, "en", key, 2.0)


def said(code: str, **about: str) -> Kiosk:
    return checkin.denied(asking(), "k1", code, about, 3.0)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("which_time", "which_time"), ("too_early", "too_early"), ("too_late", "too_late"),
        ("unknown_appointment", "not_found"), ("appointment_over", "not_found"), ("checked_in", "checked_in"),
        ("guessed_too_often", "refused"), ("day_closed", "refused"), (touch.UNREACHABLE, "refused"),
    ],
)  # fmt: skip
def test_each_answer_has_its_screen_and_each_screen_ends_by_itself(code: str, expected: str) -> None:
    kiosk = said(code)
    assert face(kiosk) == expected
    assert face(touch.done(kiosk)) == "home"
    assert face(touch.expired(kiosk, touch.next_change(kiosk))) == "home"


def test_a_scanner_needs_no_pad_and_of_two_answers_only_the_one_to_our_question_counts() -> None:
    scanned = checkin.typed(HOME, "1234567890", "zh", "k1", 1.0)
    assert face(scanned) == "asking"
    assert checkin.typed(scanned, "1234567890", "zh", "k2", 1.1) is scanned
    assert touch.done(scanned) is scanned
    assert checkin.given(scanned, "k0", ticket(), 2.0) is scanned
    assert checkin.denied(scanned, "k0", "too_late", {}, 2.0) is scanned


def test_a_checked_in_customer_has_a_ticket_like_all_others() -> None:
    paper = SlipState.model_validate({"state": "owed", "printer": "P1", "kiosk": "K1"})
    kiosk = checkin.given(asking(), "k1", ticket(service="tax", slip=paper), 3.0)
    assert (face(kiosk), kiosk.check_in) == ("printing", None)
    assert kiosk.visit is not None
    assert (kiosk.visit.service, kiosk.visit.language) == ("tax", "en")


def test_the_time_is_chosen_among_those_that_were_shown() -> None:
    kiosk = said("which_time", a1="2026-11-22T02:30:00Z", a2="2026-11-22T06:00:00Z")
    assert render(kiosk, WORDS, NINE)["choices"] == [{"id": "a1", "time": "10:30"}, {"id": "a2", "time": "14:00"}]
    assert checkin.chosen(kiosk, "a3", "k2", 4.0) is kiosk
    after = checkin.chosen(kiosk, "a2", "k2", 4.0).check_in
    assert after is not None
    assert (after.key, after.step, after.appointment, after.digits) == ("k2", "asking", "a2", "1234567890")


def test_only_who_is_too_late_is_offered_a_ticket_here() -> None:
    assert checkin.walk_in(said("too_early"), "k2", 4.0) == said("too_early")
    after = checkin.walk_in(said("too_late"), "k2", 4.0).check_in
    assert after is not None
    assert (after.key, after.step, after.walk_in) == ("k2", "asking", True)


def test_who_is_early_reads_from_when_with_the_day_if_it_is_another() -> None:
    today = render(said("too_early", opens="2026-11-22T05:45:00+00:00"), WORDS, NINE)["slots"]["opens"]
    other = render(said("too_early", opens="2026-11-24T05:45:00+00:00"), WORDS, NINE)["slots"]["opens"]
    assert (today["zh"], other["en"]) == ("13:45起可签到", "You may check in from 11-24 13:45")


def test_the_number_that_was_given_out_before_is_shown_again() -> None:
    assert render(said("checked_in", label="A012"), WORDS, NINE)["slots"]["label"]["en"] == "Your number is A012"


@pytest.mark.parametrize(
    ("appointments", "codes", "offered"),
    [
        (True, False, "我有预约，现在报到"),
        (False, True, "我有告知单或领取单"),
        (True, True, "我有预约、告知单或领取单"),
    ],
)
def test_the_kiosk_says_which_codes_it_takes(appointments: bool, codes: bool, offered: str) -> None:
    board = replace(demo_board(), appointments=appointments, codes=codes)
    shown = render(replace(HOME, board=board), WORDS, NINE)
    assert (shown["codes"], shown["slots"]["have_code"]["zh"]) == (True, offered)


@pytest.mark.parametrize(
    ("code", "screen", "slot", "says"),
    [
        ("code_used", "checked_in", "checked_in", "This code was used before"),
        ("code_expired", "not_found", "not_found", "This code is no longer good"),
        ("pickup_not_ready", "not_found", "not_found", "Not ready for pick-up yet"),
        ("unknown_appointment", "not_found", "not_found", "No appointment found"),
    ],
)
def test_a_code_of_a_list_that_is_used_or_too_old_says_so(code: str, screen: str, slot: str, says: str) -> None:
    kiosk = said(code, label="A012")
    assert face(kiosk) == screen
    assert render(kiosk, WORDS, NINE)["slots"][slot]["en"] == says


def test_a_hall_without_appointments_offers_no_check_in_and_one_that_closes_ends_it() -> None:
    assert render(replace(HOME, board=demo_board()), WORDS, NINE)["codes"] is False
    opened = checkin.opened(HOME, "zh", 1.0)
    closed = touch.heard_board(opened, replace(demo_board(), open=False))
    assert face(closed) == "closed"
    assert touch.expired(closed, 1.0 + touch.ASKED_S).check_in is None
    assert checkin.opened(closed, "zh", 1.0) is closed
