"""What customers read at a kiosk: opened by one touch, only what is in force, and gone with the customer."""

from dataclasses import replace

import pytest

from display.board import Name
from hall_server.station import HallClient, LinkState, Watch, new_key
from kiosk import helping, reading, touch
from kiosk.asides import Asides
from kiosk.press import Press
from kiosk.touch import Kiosk, face
from tests.kiosk.guide_hall import VIEW, GuideHall
from tests.station.fake_hall import TOKEN, demo_board

NOW_MS = 1_795_312_800_000
HOME = Kiosk(id="K1", since=0.0, board=replace(demo_board(), info=("guide", "fees")), link=LinkState.UP)


def opened(what: reading.Opens) -> Kiosk:
    asked = reading.opened(HOME, what, "zh", "k1", 1.0)
    return reading.fetched(asked, "k1", VIEW, 2.0)


def test_the_header_offers_what_the_hall_has_and_nothing_while_nobody_answers() -> None:
    assert reading.offered(HOME) == ("guide", "fees", "complaint")
    assert reading.offered(replace(HOME, cut=True, alone=frozenset({"tax"}))) == ()
    assert reading.offered(replace(HOME, board=demo_board())) == ("complaint",)
    assert reading.opened(replace(HOME, board=demo_board()), "fees", "zh", "k", 1.0).aside is None


def test_a_guide_has_its_steps_and_what_is_over_is_not_among_them() -> None:
    kiosk = opened("guide")
    assert (face(kiosk), [one["id"] for one in reading.shown(kiosk, NOW_MS)["topics"]]) == ("guide", ["g1"])
    kiosk = reading.chosen(kiosk, "g1", 3.0)
    lines = [one["text"] for one in reading.shown(kiosk, NOW_MS)["lines"]]
    assert (face(kiosk), reading.title(kiosk, NOW_MS)) == ("topic", Name("换证", "Renew"))
    assert lines[1:] == [{"zh": "到窗口", "en": "Go to the window"}, {"zh": "签字", "en": ""}]
    assert face(reading.chosen(kiosk, "", 4.0)) == "guide"
    assert reading.shown(reading.chosen(kiosk, "g2", 4.0), NOW_MS)["lines"] == [], "over"


def test_fees_name_the_service_that_they_are_for() -> None:
    (fee,) = reading.shown(opened("fees"), NOW_MS)["lines"]
    assert (fee["fee"]["en"], fee["service"]["en"]) == ("CNY 20", "Tax")


def test_what_was_opened_ends_with_the_customer_by_touch_by_time_and_by_a_call_for_staff() -> None:
    kiosk = opened("fees")
    assert face(touch.done(kiosk)) == "home"
    assert face(touch.expired(kiosk, 2.0 + touch.ASKED_S)) == "home"
    assert face(touch.stayed(kiosk, 100.0)) == "fees"
    assert helping.chosen(kiosk, "untold", "zh", "k2", 3.0).aside is None
    assert face(touch.pressed(kiosk, "tax", "zh", "k3", 3.0)) == "fees", "there are no tiles on it"
    asking = reading.opened(HOME, "guide", "zh", "k1", 1.0)
    assert face(touch.expired(asking, 40.0)) == "home"
    assert reading.fetched(touch.expired(asking, 40.0), "k1", VIEW, 41.0).aside is None, "an answer that comes too late"


@pytest.fixture
def asides() -> Asides:
    client = HallClient("http://127.0.0.1:9", f"{TOKEN}:K1")
    return Asides(Press(client, Watch(HOME), lambda: 1.0, new_key))


def test_nobody_answers_before_anything_was_read_and_the_last_is_shown_afterwards(asides: Asides) -> None:
    screen = asides.press.screen
    asides.open("guide", "zh")
    assert face(screen.get()[1]) == "unread"
    asides.press.client.close()
    hall = GuideHall()
    hall.start()
    try:
        asides.press.client = HallClient(hall.url, f"{TOKEN}:K1")
        screen.change(touch.done)
        asides.open("guide", "zh")
        assert (face(screen.get()[1]), hall.read) == ("guide", 1)
    finally:
        hall.kill()
    screen.change(touch.done)
    asides.open("fees", "zh")
    assert face(screen.get()[1]) == "fees"
    asides.press.client.close()
