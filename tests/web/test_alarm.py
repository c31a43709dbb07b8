"""While an alarm stands every console and every customer's page says so; who may lift it has the button."""

import re

import pytest

from display.board import Name
from hall_server.contract.emergency import AlarmRow
from hall_server.web.ports import Principal
from tests.web.hall import FakePages, at, called_view, hall_app, ticket
from tests.web.reading import texts

FIRE = AlarmRow(kind="fire", text=Name("请立即离开", "Leave now"), by="concierge:sun", at=at(1))
ROLES = ("clerk", "maintenance", "manager", "concierge")
CONSOLES = {"/clerk?window=3": "clerk", "/concierge": "concierge", "/maintenance": "maintenance", "/floor": "manager"}


def signed_in(**more: object) -> FakePages:
    pages = FakePages(**more)  # type: ignore[arg-type]
    pages.sessions = {role: Principal(role, role, "3") for role in ROLES}
    return pages


@pytest.mark.parametrize(("path", "role"), CONSOLES.items())
def test_every_console_names_the_danger_in_the_page_and_in_each_fresh_part(path: str, role: str) -> None:
    browser = hall_app(signed_in(alarm_row=FIRE)).test_client()
    browser.set_cookie("hallcall", role)
    page, _, asked = path.partition("?")
    for shown in (page, f"{page}/body"):
        said = browser.get(f"{shown}?{asked}&lang=en").text
        assert "Emergency: Fire. Nobody is called, no tickets are given out." in texts(said)
        assert ("data-lift" in said) is (role in ("manager", "concierge"))
    assert ('hx-swap-oob="true"' in browser.get(f"{page}/body?{asked}").text) is True


def test_where_no_alarm_stands_its_place_is_empty_and_only_who_may_has_the_buttons() -> None:
    browser = hall_app(signed_in()).test_client()
    for role, page in (("clerk", "/clerk"), ("concierge", "/concierge")):
        browser.set_cookie("hallcall", role)
        said = browser.get(f"{page}?lang=en").text
        assert re.search(r'id="alarm"[^>]* hidden', said)
        assert re.findall(r'data-danger="(\w+)"', said) == (
            ["fire", "earthquake", "illness"] if role == "concierge" else []
        )


def test_a_clerk_can_finish_whoever_is_there_and_call_nobody() -> None:
    browser = hall_app(signed_in(alarm_row=FIRE)).test_client()
    browser.set_cookie("hallcall", "clerk")
    assert 'data-stage="alarm"' in browser.get("/clerk").text
    busy = hall_app(signed_in(alarm_row=FIRE, view=called_view())).test_client()
    busy.set_cookie("hallcall", "clerk")
    said = busy.get("/clerk").text
    off = set(re.findall(r'data-verb="(\w+)"[^>]* disabled', said))
    assert {"recall", "next"} <= off
    assert 'data-stage="called"' in said
    assert 'data-order="start"' in said


@pytest.mark.parametrize("state", ["waiting", "called", "done"])
def test_a_customer_s_page_says_what_to_do_before_anything_else(state: str) -> None:
    known = {"code": ticket(state)}
    said = hall_app(FakePages(tickets=known, alarm_row=FIRE)).test_client().get("/t/code?lang=en").text
    assert "Leave now" in texts(said)
    assert "Your number is kept. Please follow the staff." in texts(said)
    assert "face-alarm" in said
