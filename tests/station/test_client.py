"""The client repeats a command with its key until it has an answer, and tells no from nothing."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from hall_server.contract import DeviceOrder, HealthReport, Owed, Report, TicketRequest
from hall_server.station import HallClient, Refused, Unreachable, new_key
from tests.station.fake_hall import TOKEN, FakeHall


@pytest.fixture
def client(hall: FakeHall) -> Iterator[HallClient]:
    client = HallClient(hall.url, TOKEN)
    yield client
    client.close()


def test_the_same_key_is_the_same_ticket(client: HallClient, hall: FakeHall) -> None:
    key = new_key()
    first = client.issue(TicketRequest(service="tax"), key)
    assert client.issue(TicketRequest(service="tax"), key) == first
    assert list(hall.tickets) == [first.id]


def test_a_lost_answer_is_asked_for_again_and_makes_no_second_ticket(client: HallClient, hall: FakeHall) -> None:
    lost: list[str] = []

    def lose_first(path: str) -> None:
        if not lost:
            lost.append(path)
            assert hall.server is not None
            hall.server.cut()

    hall.before_answer = lose_first
    ticket = client.issue(TicketRequest(service="tax"), new_key())
    assert lost == ["/api/v1/tickets"]
    assert list(hall.tickets) == [ticket.id]


def test_a_refusal_carries_code_sentence_and_status(client: HallClient, hall: FakeHall) -> None:
    hall.refuse = (409, "service_closed")
    with pytest.raises(Refused) as caught:
        client.issue(TicketRequest(service="tax"), new_key())
    assert (caught.value.code, caught.value.detail, caught.value.status) == (
        "service_closed",
        "refused by the test",
        409,
    )


def test_a_hall_that_is_not_ready_is_unreachable_not_refusing(client: HallClient, hall: FakeHall) -> None:
    hall.refuse = (503, "not_ready")
    with pytest.raises(Unreachable):
        client.issue(TicketRequest(service="tax"), new_key())


def test_what_a_newer_server_adds_does_not_disturb_an_older_station() -> None:
    said = {"epoch": 1, "rev": 2, "station": "hall", "devices": [], "signs": {}, "slips": []}
    newer = {
        **said,
        "weather": "rain",
        "devices": [{"id": "p", "kind": "printer", "url": "tcp://h:1", "colour": "red"}],
    }
    device = DeviceOrder(id="p", kind="printer", url="tcp://h:1")
    assert Owed.heard(newer) == Owed.heard(said).model_copy(update={"devices": (device,)})
    with pytest.raises(ValidationError):
        TicketRequest.model_validate({"service": "tax", "weather": "rain"})


def test_a_dead_hall_is_unreachable(client: HallClient, hall: FakeHall) -> None:
    hall.kill()
    with pytest.raises(Unreachable):
        client.board()


def test_what_is_asked_for_comes_back_whole(client: HallClient, hall: FakeHall) -> None:
    ticket = client.issue(TicketRequest(service="tax", language="en"), new_key())
    assert client.ticket(ticket.id) == ticket
    assert client.board()["hall"] == {"zh": "市民服务中心", "en": "Citizen Service Centre"}
    assert client.report("K1", Report(health=(HealthReport(device="P1", state="ok"),)), new_key()).granted == ()
    answered = client.answer_slip(ticket.id, True, new_key())
    assert answered.slip is not None
    assert answered.slip.state == "printed"
