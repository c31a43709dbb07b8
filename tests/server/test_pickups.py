"""Pick-up through the API: promised at a window, marked ready by staff, shown to all, fetched at a kiosk once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from hall_server.contract import SlipOrder
from hall_server.owed import owed
from hall_server.settings import SettingsError, parse
from tests.server.halls import HALL, HERE, Api, open_api, problem

PICKUP = HALL.replace('en = "ID card"\n', 'en = "ID card"\npickup = "loans"\n', 1) + "\n[pickup]\nshown = true\n"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Api]:
    api = open_api(tmp_path, PICKUP)
    yield api
    api.server.stop()


def promise(api: Api) -> SlipOrder:
    """A001 goes with a slip; what the kiosk's printer owes of it."""
    api.post("/tickets", {"service": "id"}, "concierge")
    api.post("/windows/1/next", {}, "clerk")
    assert api.get("/windows/1", "clerk").get_json()["pick_up"] is True
    told = api.post("/windows/1/pickup", {}, "clerk").get_json()
    assert (told["label"], told["pick_up"], told["items"], told["paper"]["state"]) == ("A001", True, [], "owed")
    assert api.get("/windows/1", "clerk").get_json()["missing"] == told
    desk = api.server.desk
    (slip,) = desk.look(lambda now: owed(now, "K1", desk.orders, desk.outside)).slips
    return slip


def code_of(slip: SlipOrder) -> str:
    assert slip.missing is not None
    assert slip.missing.pick_up
    return slip.missing.code


def mark(api: Api, slip: str, *, ready: bool = True) -> str:
    state = api.post(f"/pickups/{slip}/ready", {"ready": ready}, "concierge").get_json()["state"]
    return str(state)


def test_what_is_marked_ready_is_shown_and_fetched_with_one_ticket(hall: Api) -> None:
    slip = promise(hall)
    check_in = {"digits": code_of(slip)}
    assert problem(hall.post("/checkins", check_in, "kiosk")) == (409, "pickup_not_ready")
    assert hall.server.desk.board().ready == ()
    assert mark(hall, slip.slip) == "ready"
    assert (hall.server.desk.board().ready, hall.server.desk.board().codes) == (("A001",), True)
    given = hall.post("/checkins", check_in, "kiosk")
    assert (given.status_code, given.get_json()["label"], given.get_json()["service"]) == (201, "C001", "loans")
    assert problem(hall.post("/checkins", check_in, "concierge")) == (409, "code_used")
    (row,) = hall.get("/pickups", "clerk").get_json()["rows"]
    assert (row["label"], row["state"], row["back"], row["service_name"]["en"]) == ("A001", "come", "C001", "Loans")
    assert hall.server.desk.board().ready == ()
    assert problem(hall.post(f"/pickups/{slip.slip}/ready", {"ready": False}, "clerk")) == (409, "pickup_over")


def test_what_is_not_ready_after_all_is_shown_no_more(hall: Api) -> None:
    slip = promise(hall)
    assert (mark(hall, slip.slip), mark(hall, slip.slip, ready=False)) == ("ready", "promised")
    assert hall.server.desk.board().ready == ()
    assert problem(hall.post("/pickups/none/ready", {}, "clerk")) == (404, "unknown_pickup")


def test_nobody_promises_for_another_window_nor_what_is_not_fetched_later(hall: Api) -> None:
    assert hall.post("/windows/2/pickup", {}, "clerk").status_code == 403
    hall.post("/tickets", {"service": "tax"}, "concierge")
    hall.post("/windows/1/next", {}, "clerk")
    assert hall.get("/windows/1", "clerk").get_json()["pick_up"] is False
    assert problem(hall.post("/windows/1/pickup", {}, "clerk")) == (409, "no_pickup")


def test_the_page_of_a_slip_says_whether_it_is_ready_and_nothing_of_anybody(hall: Api) -> None:
    slip = promise(hall)
    assert slip.url is not None
    path = "/m/" + slip.url.split("/m/")[1] + "?lang=en"

    def page() -> str:
        return Client(hall.server.wsgi).get(path, environ_base=HERE).get_data(as_text=True)

    assert "Not ready yet" in page()
    assert "A001" not in page()
    mark(hall, slip.slip)
    assert "Ready: you can pick it up now" in page()
    hall.post("/checkins", {"digits": code_of(slip)}, "kiosk")
    assert "A ticket was given out" in page()


def test_all_mistakes_of_pick_up_are_told_at_once() -> None:
    text = PICKUP.replace('pickup = "loans"', 'pickup = "loan"').replace("shown = true", "shown = 3\ndays = 400")
    for wrong, told in (
        (
            text,
            [
                "there is no service 'loan'. Did you mean 'loans'?",
                "pickup.shown: Input should be a valid boolean, unable to interpret input (it says 3).",
                "pickup.days: Input should be less than or equal to 366 (it says 400).",
            ],
        ),
        (HALL + "\n[pickup]\ndays = 3\n", ["no [[service]] says pickup, so nothing is ever fetched later."]),
    ):
        with pytest.raises(SettingsError) as refused:
            parse(wrong)
        assert [mistake.split(": ", 1)[1] for mistake in refused.value.mistakes] == told
