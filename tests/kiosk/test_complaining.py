"""A complaint at the kiosk: three touches without a name, one key however often it is sent, honest if nobody heard."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, Response, request

from display.board import Contacts, Name
from hall_server.contract import ComplaintMade, ComplaintRequest
from hall_server.station import HallClient, LinkState, Watch, new_key
from kiosk import complaining, reading, touch
from kiosk.app import phrases
from kiosk.asides import Asides
from kiosk.press import Press
from kiosk.touch import Kiosk, face
from kiosk.view import Words, render
from tests.station.fake_hall import TOKEN, FakeHall, demo_board

NOW_MS = 1_795_312_800_000
CONTACTS = Contacts("12345", "", Name("出口", "the exit"), "http://hall.lan/complaint")
HOME = Kiosk(id="K1", since=0.0, board=replace(demo_board(), contacts=CONTACTS), link=LinkState.UP)


class ListeningHall(FakeHall):
    """Writes complaints down by their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, ComplaintRequest] = {}

    def _app(self) -> Flask:
        app = super()._app()
        app.add_url_rule("/api/v1/complaints", view_func=self._complain, methods=["POST"])
        return app

    def _complain(self) -> tuple[Response, int]:
        self.said[request.headers["Idempotency-Key"]] = ComplaintRequest.model_validate_json(request.get_data())
        return Response(ComplaintMade(number=41).model_dump_json(), content_type="application/json"), 201


@pytest.fixture
def hall() -> Iterator[ListeningHall]:
    hall = ListeningHall()
    hall.start()
    yield hall
    hall.kill()


def asides_of(url: str) -> Asides:
    return Asides(Press(HallClient(url, f"{TOKEN}:K1"), Watch(HOME), lambda: 1.0, new_key))


def test_a_complaint_without_a_name_is_three_touches_and_gets_a_number(hall: ListeningHall) -> None:
    asides = asides_of(hall.url)
    screen = asides.press.screen
    asides.open_complaint("zh")
    asides.choose_matter("wait")
    assert face(screen.get()[1]) == "complaint_contact"
    asides.complain("")
    asides.complain("")
    assert [said.model_dump(exclude_defaults=True) for said in hall.said.values()] == [{"matter": "wait"}]
    page = render(screen.get()[1], Words(phrases()), NOW_MS)
    assert (page["face"], page["slots"]["complained"]["en"]) == ("complained", "Number 41")
    asides.press.client.close()


def test_a_number_to_call_goes_with_it_and_stays_on_no_screen(hall: ListeningHall) -> None:
    asides = asides_of(hall.url)
    asides.open_complaint("en")
    asides.choose_matter("fees")
    asides.complain("13900008000")
    assert [said.contact for said in hall.said.values()] == ["13900008000"]
    assert "13900008000" not in str(asides.press.screen.get()[1])
    asides.press.client.close()


def test_who_is_not_heard_is_told_so_and_where_else_to_say_it() -> None:
    asides = asides_of("http://127.0.0.1:9")
    asides.open_complaint("zh")
    asides.choose_matter("other")
    screen = asides.press.screen
    screen.change(lambda kiosk: complaining.sending(kiosk, 1.0))
    screen.change(lambda kiosk: complaining.sent(kiosk, kiosk.aside.key if kiosk.aside else "", None, 2.0))
    page = render(screen.get()[1], Words(phrases()), NOW_MS)
    assert (page["face"], page["slots"]["else"]["en"]) == ("uncomplained", "Or: 12345 · box the exit")
    asides.press.client.close()


def test_only_what_stands_there_can_be_chosen_and_it_ends_with_the_customer() -> None:
    asked = complaining.opened(HOME, "zh", "k", 1.0)
    assert complaining.chosen(asked, "war", 2.0) is asked
    assert face(complaining.sending(asked, 2.0)) == "complaint"
    assert reading.offered(HOME) == ("complaint",)
    assert render(asked, Words(phrases()), NOW_MS)["qr"] is not None
    assert face(touch.expired(complaining.chosen(asked, "wait", 2.0), 183.0)) == "home"
    assert complaining.opened(replace(HOME, cut=True, alone=frozenset({"tax"})), "zh", "k", 1.0).aside is None
