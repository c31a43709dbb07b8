"""The list to call from by hand, as the kiosk's page prints it."""

import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from display.board import Name
from hall_server.station import HallClient, Watch, new_key
from kiosk.app import create_app, phrases
from kiosk.call_list import CallList, CallRow
from kiosk.hall_clock import HallClock
from kiosk.press import Press
from tests.kiosk.kiosk_page import NOBODY, home

KNOWN: list[CallList | None] = [None]


@pytest.fixture
def page() -> Iterator[FlaskClient]:
    screen, client = Watch(home()), HallClient(NOBODY, "token")
    press = Press(client, screen, time.monotonic, new_key)
    yield create_app(press, screen, phrases(), HallClock(), lambda: KNOWN[0]).test_client()
    client.close()


def test_it_names_who_waited_and_who_took_a_number_here_and_says_as_of_when(page: FlaskClient) -> None:
    rows = (CallRow(Name("税务", "Tax"), ("A012", "A013"), ("A701",)), CallRow(Name("贷款", "Loans"), (), ()))
    KNOWN[0] = CallList(Name("市民中心", "Citizen Centre"), "Asia/Shanghai", "2026-11-22T02:42:00Z", rows)
    said = page.get("/calllist", base_url="http://127.0.0.1").get_data(as_text=True)
    words = [label for label in ("A012", "A013", "A701") if f"<li>{label}</li>" in said]
    assert words == ["A012", "A013", "A701"]
    assert "2026-11-22 10:42" in said
    assert said.count('class="none"') == 1


def test_a_kiosk_that_never_heard_a_list_says_so(page: FlaskClient) -> None:
    KNOWN[0] = None
    assert "No list has come" in page.get("/calllist", base_url="http://127.0.0.1").get_data(as_text=True)


def test_it_is_for_this_computer_only(page: FlaskClient) -> None:
    assert page.get("/calllist", base_url="http://evil.example").status_code == 403
