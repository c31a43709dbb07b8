"""``kill -9`` of the parts that hold the cables: nothing acknowledged is lost, nothing printed twice, soon back."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
import requests

from tests.e2e.conftest import Measured
from tests.e2e.hall import Hall, until, whole_hall
from tests.e2e.papers import DECIDED, Basket, codes, of_ticket, slips
from tests.soak import rounds

ROUNDS = rounds(5, 200)
SERVICES = ("residence", "insurance", "property", "tax", "business")
LONGEST_SLIP_S = 0.7  # from the touch to the cut on the simulated printer; the kill comes anywhere within


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with whole_hall(tmp_path_factory.mktemp("hall")) as open_hall:
        yield open_hall


def kill(part: psutil.Process) -> float:
    """Kill at once; the time of it."""
    part.kill()
    return time.monotonic()


def answers(ask: Callable[[], Any]) -> bool:
    try:
        return bool(ask())
    except requests.ConnectionError:
        return False


def sign_states(hall: Hall) -> set[str]:
    return {row["state"] for row in hall.ask("GET", "/devices").value["devices"] if row["kind"] == "sign"}


def shows(hall: Hall, window: str, label: str) -> None:
    until(lambda: label in hall.sign(window), f"the sign of window {window} shows {label}")


def touch_and_kill(hall: Hall, kiosk: str, service: str, after_s: float) -> tuple[bool, float]:
    """Whether the customer's touch was answered before the kiosk died, and when it died."""
    answered: list[int] = []

    def press() -> None:
        with requests.Session() as finger:
            finger.trust_env = False
            root = hall.kiosk_url(kiosk)
            try:
                answer = finger.post(
                    f"{root}/press", json={"service": service, "language": "zh"}, headers={"Origin": root}, timeout=10
                )
                answered.append(answer.status_code)
            except requests.ConnectionError:
                return

    part = hall.part("kiosk", kiosk)
    touching = threading.Thread(target=press)
    touching.start()
    time.sleep(after_s)  # the moment of the kill is what this test is about
    died_at = kill(part)
    touching.join()
    return answered == [204], died_at


@pytest.mark.needs("zbar")
def test_a_kiosk_killed_while_it_prints_loses_no_ticket_and_prints_none_twice(
    hall: Hall, measured: Measured, tally: Counter[str]
) -> None:
    chance = random.Random(6)  # the same moments in every run
    acknowledged, back, basket = 0, [], Basket()
    for number in range(ROUNDS):
        until(lambda: answers(lambda: hall.screen("K1")["face"] == "home"), "the kiosk serves")
        before = len(codes(hall))
        service = SERVICES[number % len(SERVICES)]
        answered, died_at = touch_and_kill(hall, "K1", service, chance.uniform(0.01, LONGEST_SLIP_S))
        until(lambda: answers(lambda: hall.screen("K1")["face"] == "home"), "the kiosk serves again")
        back.append(time.monotonic() - died_at)
        issued = len(codes(hall)) - before
        assert issued in ((1,) if answered else (0, 1))
        acknowledged += answered
        tally["kills of the kiosk"] += 1
        basket.gather(hall)
    measured["row 6: kiosk killed to serving again, s"] = sorted(back)
    assert acknowledged > 0
    until(lambda: set(slips(hall).values()) <= set(DECIDED), "each slip is decided", 90)

    assert "verifies" in hall.hallcall("journal", "verify").stdout
    secrets, found, word = codes(hall), basket.gather(hall), slips(hall)
    for label, secret in secrets.items():
        copies = [paper.copy for paper in of_ticket(found, secret)]
        assert copies.count(False) <= 1, f"{label} was printed twice without the COPY mark"
        assert copies or word[label] != "printed", f"{label} counts as printed, but no paper came"
    assert set(word) == set(secrets)


def test_a_killed_station_comes_back_to_what_the_signs_must_say(
    hall: Hall, measured: Measured, tally: Counter[str]
) -> None:
    """Each round a customer is called in the very moment in which the signs have no master."""
    chance = random.Random(7)
    back = []
    for _ in range(ROUNDS):
        hall.ask("POST", "/tickets", {"service": "residence"})
        part = hall.part("hall_server.station")
        time.sleep(chance.uniform(0, 0.05))
        died_at = kill(part)
        called = hall.ask("POST", "/windows/1/next", {"previous": "served"}).value
        shows(hall, "1", called["label"])
        back.append(time.monotonic() - died_at)
        tally["kills of the station"] += 1
    measured["row 6: station killed to the sign shows the call, s"] = sorted(back)
    until(lambda: sign_states(hall) == {"ok"}, "the hall knows again that all signs work", 60)
    assert "verifies" in hall.hallcall("journal", "verify").stdout
