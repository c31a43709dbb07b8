"""Help at the kiosk: reasons, what the hall is asked, and what the customer is told when nobody heard."""

from collections.abc import Iterator

import pytest
import requests

from hall_server.station import LinkState
from kiosk import helping, touch
from kiosk.touch import Kiosk, face
from tests.kiosk.help_hall import HelpHall
from tests.kiosk.kiosk_page import Page, home, kiosk_page, visiting


@pytest.fixture
def hall() -> Iterator[HelpHall]:
    hall = HelpHall()
    hall.start()
    yield hall
    hall.kill()


@pytest.fixture
def page(hall: HelpHall) -> Iterator[Page]:
    with kiosk_page(hall.url) as page:
        yield page


def post(page: Page, path: str, body: object) -> int:
    headers = {"Origin": page.url}
    return requests.post(f"{page.url}{path}", json=body, headers=headers, timeout=30).status_code


def shown(page: Page) -> str:
    return face(page.screen.get()[1])


def test_C4_a_reason_is_told_to_the_hall_once_and_the_ticket_that_follows_names_it(page: Page, hall: HelpHall) -> None:
    assert (post(page, "/help/open", {"language": "en"}), shown(page)) == (204, "help")
    assert (post(page, "/help", {"reason": "sight", "language": "en"}), shown(page)) == (204, "help_told")
    assert [(one.reason, one.language) for one in hall.helps] == [("sight", "en")]
    post(page, "/done", {})
    post(page, "/press", {"service": "tax", "language": "en"})
    post(page, "/done", {})
    post(page, "/press", {"service": "residence", "language": "en"})
    assert [one.help for one in hall.asked] == ["h1", None]


def test_staff_are_called_with_one_touch_and_without_a_reason(page: Page, hall: HelpHall) -> None:
    assert (post(page, "/help", {"language": "zh"}), shown(page)) == (204, "help_told")
    assert [one.reason for one in hall.helps] == ["untold"]
    assert post(page, "/help", {"reason": "in a hurry"}) == 400


def test_who_was_not_heard_is_sent_to_the_desk(page: Page, hall: HelpHall) -> None:
    hall.refuse = (409, "day_closed")
    post(page, "/help", {"reason": "older"})
    assert shown(page) == "help_untold"
    assert page.screen.get()[1].helped == ""


def test_the_next_customer_finds_nothing_of_this_one() -> None:
    asked = helping.chosen(home(), "sight", "zh", "k", 1.0)
    told = touch.done(helping.told(asked, "k", "h1", 2.0))
    assert told.helped == "h1"
    assert touch.wiped(told).helped == ""


@pytest.mark.parametrize("kiosk", [visiting("asking"), home(cut=True), home(link=LinkState.REFUSED)])
def test_nobody_is_called_while_a_ticket_is_made_or_where_nobody_would_hear(kiosk: Kiosk) -> None:
    assert helping.may_call(home())
    assert not helping.may_call(kiosk)
    assert helping.chosen(kiosk, "older", "zh", "k", 1.0) is kiosk


def test_more_time_begins_the_screens_own_time_anew() -> None:
    asked = helping.opened(home(), "zh", 0.0)
    stayed = touch.stayed(asked, 100.0)
    assert (touch.next_change(asked), touch.next_change(stayed)) == (touch.ASKED_S, 100.0 + touch.ASKED_S)
    assert face(touch.expired(stayed, 100.0 + touch.ASKED_S)) == "home"
