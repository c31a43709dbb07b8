"""Kiosks and stations that know two servers: when one dies or hangs they go on at the other."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from hall_server.contract import Owed, TicketRequest
from hall_server.station import HallClient, Unreachable, new_key
from hall_server.station.link import Ears, Link
from hall_server.station.servers import Servers as Urls
from tests.cluster import Cluster
from tests.server.program import PROJECT, Program, free_port
from tests.station.fake_hall import TOKEN, FakeHall
from tests.two_servers.conftest import fresh_database
from tests.two_servers.pair import Caller, Servers, servers, until

TOUCH_S = 20.0  # a kiosk's program tries three times for three seconds each before it says no


@pytest.fixture
def halls() -> Iterator[list[FakeHall]]:
    both = [FakeHall().start(), FakeHall().start()]
    yield both
    for hall in both:
        hall.kill()


@pytest.fixture
def client(halls: list[FakeHall]) -> Iterator[HallClient]:
    client = HallClient(",".join(hall.url for hall in halls), TOKEN)
    yield client
    client.close()


def test_urls_are_separated_by_commas_and_left_once_by_however_many_say_so() -> None:
    urls = Urls("http://a:1/, http://b:2")
    assert (len(urls), urls.current) == (2, "http://a:1")
    urls.leave("http://a:1")
    urls.leave("http://a:1")
    assert urls.current == "http://b:2"
    urls.leave("http://b:2")
    assert urls.current == "http://a:1"
    with pytest.raises(ValueError, match="no server's URL"):
        Urls(" , ")


def test_a_client_stays_with_its_server_and_takes_the_next_when_that_one_is_gone(
    client: HallClient, halls: list[FakeHall]
) -> None:
    client.issue(TicketRequest(service="tax"), new_key())
    client.issue(TicketRequest(service="tax"), new_key())
    halls[0].kill()
    client.issue(TicketRequest(service="tax"), new_key())
    halls[0].start()
    client.issue(TicketRequest(service="tax"), new_key())
    assert [len(hall.tickets) for hall in halls] == [2, 2]


def test_a_server_that_is_not_ready_or_hangs_leaves_time_for_the_other(
    client: HallClient, halls: list[FakeHall]
) -> None:
    halls[0].refuse = (503, "unavailable")
    client.issue(TicketRequest(service="tax"), new_key())
    halls[0].refuse = None
    go_on = hang(halls[1])
    try:
        client.issue(TicketRequest(service="tax"), new_key())
    finally:
        go_on()
    assert len(halls[0].tickets) == 1


def hang(hall: FakeHall) -> Callable[[], None]:
    """Take requests and say nothing until told to go on."""
    gate = threading.Event()

    def wait(_path: str) -> None:
        gate.wait(TOUCH_S)

    hall.before_answer = wait
    return gate.set


def test_without_any_server_a_client_says_so(client: HallClient, halls: list[FakeHall]) -> None:
    for hall in halls:
        hall.kill()
    with pytest.raises(Unreachable):
        client.issue(TicketRequest(service="tax"), new_key())


def test_a_station_leaves_a_server_that_cannot_read_the_journal_for_one_that_can(halls: list[FakeHall]) -> None:
    heard: list[Owed] = []
    link = Link(
        ",".join(hall.url for hall in halls), f"{TOKEN}:hall", Ears(owed=heard.append, state=lambda state: None)
    )
    link.start()
    try:
        until(lambda: halls[0].alive, "the station is at the first server")
        halls[0].current = False
        until(lambda: halls[1].alive, "the station is at the second server")
        before = halls[1].alive
        halls[1].current = False  # the database is away for both: it asks again and again, and stays with who can
        until(lambda: halls[0].alive > 1, "the station asks the first server again")
        halls[1].current = True
        until(lambda: halls[1].alive > before + 2, "the station stays with the second server")
    finally:
        link.stop(5)
    assert {owed.station for owed in heard} == {"hall"}


# ---- the real programs


class Finger:
    """A customer at the screen of a kiosk that runs as a program of its own."""

    def __init__(self, hall: Servers, folder: Path) -> None:
        folder.mkdir()
        (folder / "token").write_text(hall.tokens["K1"], "ascii")
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "kiosk", "--id", "K1", "--server", ",".join(server.url for server in hall),
                "--port", str(self.port), "--token-file", str(folder / "token"), "--state-dir", str(folder),
            ],
            cwd=PROJECT, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._line = Caller([self.port], "")

    def screen(self) -> dict[str, Any]:
        try:
            return dict(self._line.once("GET", "/state").value)
        except (OSError, HTTPException):
            self._line.close()
            return {"face": "nobody answers"}

    def touch(self, what: str, body: dict[str, object]) -> None:
        origin = {"Origin": f"http://127.0.0.1:{self.port}"}  # the kiosk answers its own page only
        with contextlib.closing(Caller([self.port], "", answer_s=TOUCH_S, more=origin)) as finger:
            assert finger.once("POST", f"/{what}", body).status == 204

    def take(self) -> str:
        """A ticket's label, as the screen says it; who is told that it went wrong tries again."""
        until(self._home, "the kiosk is ready for a customer")
        return str(until(self._label, "the screen shows a number"))

    def _label(self) -> str | None:
        face = self.screen()["face"]
        if face == "home":
            self.touch("press", {"service": "id", "language": "zh"})
        elif face == "again":
            self.touch("again", {"yes": True})
        elif face == "refused":
            self.touch("done", {})
        seen = self.screen()
        return None if seen["face"] == "again" else seen.get("label")  # which names the ticket that one has

    def _home(self) -> bool:
        if self.screen()["face"] not in ("nobody answers", "home"):
            self.touch("done", {})
        return bool(self.screen()["face"] == "home")

    def end(self) -> None:
        self._line.close()
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def pair(own_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    database = fresh_database(own_cluster)
    opened = servers(tmp_path_factory.mktemp("pair"), [database, database])
    opened.open()
    yield opened
    assert opened.stop() == [0, 0]


def waiting(program: Program) -> int:
    """How many wait, as the public sees it."""
    return int(program.ask("GET", "/api/v1/board")[1]["services"][0]["waiting"])


def is_there(hall: Servers, number: int, station: str) -> bool:
    """What the journal, as this server folds it, last said of a station."""
    told = [
        row["kind"]
        for row in hall[number].ask("GET", "/api/v1/journal", token=hall.tokens["manager"])[1]["rows"]
        if row["body"].get("station") == station
    ]
    return told[-1:] == ["StationConnected"]


@pytest.mark.needs("postgres")
def test_what_one_server_wrote_the_others_board_shows_without_being_asked(
    pair: Servers, record_testsuite_property: Callable[[str, object], None]
) -> None:
    took = []
    for number in range(10):
        caller = pair.caller("manager", number)
        issued = caller.post("/api/v1/tickets", {"service": "id"})
        began, other = time.monotonic(), pair[(number + 1) % 2]
        until(
            lambda other=other, many=number + 1: waiting(other) == many,  # type: ignore[misc]
            f"the other board counts {issued.value['label']}",
        )
        took.append(round(time.monotonic() - began, 3))
        caller.close()
    record_testsuite_property("written at one server to shown by the other, seconds", sorted(took))


@pytest.mark.needs("postgres")
def test_a_kiosk_goes_on_at_the_other_server_when_its_own_is_killed_or_frozen(pair: Servers, tmp_path: Path) -> None:
    finger, before = Finger(pair, tmp_path / "kiosk"), waiting(pair[0])
    try:
        first = finger.take()
        until(lambda: is_there(pair, 1, "K1"), "the other server knows that the kiosk is there")
        pair[0].kill()
        second = finger.take()
        until(lambda: is_there(pair, 1, "K1"), "the kiosk is there, at the other server")
        pair[0].start()
        frozen = pair[1].process
        assert frozen is not None
        os.kill(frozen.pid, signal.SIGSTOP)
        try:
            third = finger.take()
        finally:
            os.kill(frozen.pid, signal.SIGCONT)
        assert [first, second, third] == [f"A{before + n:03}" for n in (1, 2, 3)]
        assert waiting(pair[0]) == before + 3
    finally:
        finger.end()
