"""F13: a process that stands still is told from one that works, and when it goes on nothing happens twice or late."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
import requests

from tests.e2e.conftest import Measured
from tests.e2e.hall import Hall, until, whole_hall
from tests.e2e.papers import DECIDED, codes, of_ticket, papers, slips

HONEST_S = 15.0  # so long after a line fell silent no screen may pretend
CLERK_WAITS_S = 3.0  # what a page waits for one answer
FROZEN_S = 12.0  # longer than any caller waits, so that whatever it asked has been given up
KEY = "pressed-while-the-server-stood-still"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with whole_hall(tmp_path_factory.mktemp("hall")) as open_hall:
        yield open_hall


@contextmanager
def frozen(part: psutil.Process) -> Iterator[float]:
    """The process stands still until the block ends; the time it stopped."""
    part.suspend()
    try:
        yield time.monotonic()
    finally:
        part.resume()


def kinds(hall: Hall) -> Counter[str]:
    return Counter(row["kind"] for row in hall.journal())


def press(hall: Hall, service: str = "tax") -> None:
    """A customer's finger; the kiosk itself answers when it knows more."""
    root = hall.kiosk_url("K1")
    requests.post(
        f"{root}/press", json={"service": service, "language": "zh"}, headers={"Origin": root}, timeout=60
    ).raise_for_status()


def call_in_vain(hall: Hall) -> None:
    """A clerk's key, as a page presses it: three tries with one key, then it says that nothing happened."""
    headers = {"Authorization": f"Bearer {hall.token('clerk1')}", "Idempotency-Key": KEY}
    for _ in range(3):
        with pytest.raises(requests.Timeout):
            requests.post(f"{hall.url()}/api/v1/windows/1/next", json={}, headers=headers, timeout=CLERK_WAITS_S)


def test_a_frozen_server_is_told_on_every_screen_and_does_nothing_late_when_it_goes_on(
    hall: Hall, measured: Measured
) -> None:
    assert hall.ask("POST", "/tickets", {"service": "residence"}).status == 201
    hall.token("clerk1")
    before = kinds(hall)
    customer = threading.Thread(target=press, args=(hall,))
    with frozen(hall.part("hall_server.serve")) as since:
        customer.start()
        call_in_vain(hall)
        until(lambda: "away" in hall.screen("K2")["slots"], "a kiosk that nobody touched says so", HONEST_S)
        measured["row F13: server frozen to kiosk says offline, s"] = time.monotonic() - since
        customer.join()
        own = hall.screen("K1")["label"]
        assert own in ("M701", "M751"), "it gave out a number of its own"
        until(lambda: time.monotonic() - since > FROZEN_S, "everybody has given up")
    until(lambda: "away" not in hall.screen("K2")["slots"], "the kiosk serves again")
    until(lambda: own in codes(hall), "the number is told")
    after = kinds(hall)
    assert {kind: after[kind] - before[kind] for kind in ("TicketIssued", "TicketCalled")} == {
        "TicketIssued": 1, "TicketCalled": 0,
    }  # fmt: skip
    answers = [hall.ask("POST", "/windows/1/next", {}, who="clerk1", key=KEY) for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0].status, kinds(hall)["TicketCalled"]) == (200, 1)
    assert "verifies" in hall.hallcall("journal", "verify").stdout


@pytest.mark.needs("zbar")
def test_a_frozen_station_and_a_frozen_kiosk_are_unknown_and_go_on_where_they_stood(
    hall: Hall, measured: Measured
) -> None:
    """The kiosk stops in the middle of a slip: the paper hangs half printed, then it comes out whole, once."""
    until(lambda: hall.screen("K1")["face"] == "home", "the kiosk is free", 60)
    hall.ask("POST", "/tickets", {"service": "residence"})
    before = set(codes(hall))
    customer = threading.Thread(target=press, args=(hall, "insurance"))
    customer.start()
    until(lambda: any(not piece["complete"] for piece in hall.pieces("printer1")), "the slip is on its way")
    with frozen(hall.part("kiosk", "K1")) as since, frozen(hall.part("hall_server.station")):
        for device in ("printer1", "sign1"):
            until(lambda name=device: hall.device(name)["state"] == "unknown", f"{device} is unknown")  # type: ignore[misc]
        measured["row F13: station frozen to its devices unknown, s"] = time.monotonic() - since
        called = hall.ask("POST", "/windows/1/next", {"previous": "served"}).value
    customer.join()
    until(lambda: called["label"] in hall.sign("1"), "the sign shows who was called meanwhile")
    (label,) = set(codes(hall)) - before
    until(lambda: slips(hall)[label] in DECIDED, "the slip is decided", 60)
    copies = [paper.copy for paper in of_ticket(papers(hall), codes(hall)[label])]
    assert (slips(hall)[label], copies) in [("printed", [False]), ("unconfirmed", [False]), ("unconfirmed", [])]
    assert "verifies" in hall.hallcall("journal", "verify").stdout
