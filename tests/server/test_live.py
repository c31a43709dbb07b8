"""Sockets of the real server: who may join, what each is told, and how soon those who may not stay are gone."""

import queue
import re
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionError as NoConnection

from hall_server.core.facts import KINDS
from hall_server.live import EVERYTHING, topics_of
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port

WITHIN_S = 20.0  # how long a test waits for what must come; busy machines are slow


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One running hall for all tests that leave it standing; its day is open."""
    home = tmp_path_factory.mktemp("home")
    write_settings(home)
    fresh_database(home / "hall.sqlite3")
    running = Program(home, free_port())
    running.start()
    running.post("/day/open")
    yield running
    running.stop()


class Ear:
    """One socket: everything it hears, in order. Programs say their server's own origin unless told otherwise."""

    def __init__(self, namespace: str, origin: str | None = None) -> None:
        self.namespace = namespace
        self.client = socketio.Client(reconnection=False, websocket_extra_options={"origin": origin} if origin else {})
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        for name in ("board", "beat", "changed", "owed", "disconnect"):
            self.client.on(name, self._note(name), namespace=namespace)

    def _note(self, name: str) -> Callable[..., None]:
        def note(said: Any = None, *_more: Any) -> None:
            self.heard.put((name, said))

        return note

    def next(self, name: str, fits: Callable[[Any], bool] = lambda _said: True) -> Any:
        """The next message of that name that fits; others are passed over."""
        until = time.monotonic() + WITHIN_S
        while True:
            heard, said = self.heard.get(timeout=max(0.01, until - time.monotonic()))
            if heard == name and fits(said):
                return said


@contextmanager
def ear(program: Program, namespace: str, token: str = "", *, cookie: str = "", origin: str = "") -> Iterator[Ear]:
    one = Ear(namespace, origin or None)
    try:
        one.client.connect(
            program.url, {"Cookie": cookie} if cookie else {}, auth={"token": token} if token else None,
            transports=["websocket"], namespaces=[namespace], wait_timeout=10,
        )  # fmt: skip
        yield one
    finally:
        line = one.client.eio.ws
        if line is not None:
            line.shutdown()  # a polite end would wait 3 s for the other side to be polite too
        one.client.wait()


def refused(program: Program, namespace: str, token: str = "", *, cookie: str = "", origin: str = "") -> bool:
    try:
        with ear(program, namespace, token, cookie=cookie, origin=origin):
            return False
    except NoConnection:
        return True


def test_anybody_gets_the_board_whole_at_once_on_each_change_and_a_beat_in_between(hall: Program) -> None:
    with ear(hall, "/board") as tv:
        first = tv.next("board")
        now = hall.ask("GET", "/api/v1/board")[1]
        assert now == (first if first["rev"] == now["rev"] else tv.next("board", _since(now["rev"])))
        hall.post("/tickets", {"service": "id"})
        called = hall.post("/windows/3/next")
        board = tv.next("board", lambda said: said["hero"] is not None)
        assert (board["hero"]["label"], board["hero"]["window"]) == (called["label"], "3")
        assert board["rev"] > first["rev"]
        beat = tv.next("beat")
        assert (beat["epoch"], set(beat)) == (first["epoch"], {"epoch", "rev", "at", "build"})
        assert (
            tv.next("beat", lambda said: said["rev"] == board["rev"])["at"] > beat["at"] or beat["rev"] == board["rev"]
        )


def test_only_staff_join_staff_and_only_stations_join_station(hall: Program) -> None:
    tokens = {
        role: hall.token(role, "K1", "1") for role in ("kiosk", "station", "tv", "clerk", "manager", "maintenance")
    }
    asked = [(namespace, token) for token in (*tokens.values(), "", "wrong") for namespace in ("/staff", "/station")]
    with ThreadPoolExecutor(len(asked)) as pool:  # the client takes 3 s to believe a refusal
        let_in = [not no for no in pool.map(lambda one: refused(hall, *one), asked)]
    assert dict(zip((*tokens, "nobody", "wrong"), zip(let_in[::2], let_in[1::2], strict=True), strict=True)) == {
        "kiosk": (False, True), "station": (False, True), "tv": (False, False), "clerk": (True, False),
        "manager": (True, False), "maintenance": (True, False), "nobody": (False, False), "wrong": (False, False),
    }  # fmt: skip
    assert not refused(hall, "/board", "wrong")


def test_pages_of_other_sites_open_no_socket(hall: Program) -> None:
    assert refused(hall, "/board", origin="http://evil.example")
    assert not refused(hall, "/board", origin=hall.url)


def test_staff_are_told_which_parts_of_their_pages_changed(hall: Program) -> None:
    with ear(hall, "/staff", hall.token("manager", "wang")) as console:
        for path, body, concerned in [
            ("/tickets", {"service": "id"}, {"queues", "tickets", "windows"}),
            ("/devices/scanner2/fault", {"note": "dark"}, {"devices", "windows"}),
        ]:
            hall.post(path, body)
            rev = hall.ask("GET", "/readyz")[1]["rev"]
            # Another word may come first, of who is at a window: it has the same number and is no fact.
            told = console.next("changed", _since(rev, concerned))
            assert (told["rev"] >= rev, concerned <= set(told["topics"])) == (True, True)


def test_no_fact_waits_for_the_next_beat_to_be_seen() -> None:
    assert all(topics_of(kind) for kind in KINDS)
    assert topics_of("BlockLeased") == EVERYTHING


def test_a_console_is_told_at_which_windows_something_happened(hall: Program) -> None:
    with ear(hall, "/staff", hall.token("manager", "wang")) as console:
        heard = []
        for path, body in [
            ("/tickets", {"service": "id"}),  # told together with the token that was just given
            ("/tickets", {"service": "id"}),
            ("/windows/3/next", {"previous": "served"}),
            ("/windows/3/transfer", {"window": "4"}),
            ("/windows/3/redirect", {"reason": "training"}),
            ("/windows/3/redirect", {"undo": True}),
        ]:
            hall.post(path, body)
            rev = hall.ask("GET", "/readyz")[1]["rev"]
            heard.append(console.next("changed", _since(rev))["windows"])
        hall.post("/windows/4/next", {})
        hall.post("/windows/4/finish")
    assert heard[1:] == [[], ["3"], ["3", "4"], None, None]


def _since(rev: int, concerned: Collection[str] = ()) -> Callable[[Any], bool]:
    return lambda said: bool(said["rev"] >= rev) and set(concerned) <= set(said.get("topics", ()))


def test_a_station_is_told_what_it_owes_and_told_again_when_that_changes(hall: Program) -> None:
    with ear(hall, "/station", hall.token("kiosk", "K1")) as station:
        owed = station.next("owed")
        assert (owed["station"], [d["id"] for d in owed["devices"]], owed["slips"]) == ("K1", ["printer1"], [])
        ticket = hall.post("/tickets", {"service": "id", "kiosk": "K1"})
        owed = station.next("owed", lambda said: said["slips"])
        assert [(s["ticket"], s["label"], s["printer"], s["attempt"]) for s in owed["slips"]] == [
            (ticket["id"], ticket["label"], "printer1", 1)
        ]
        report = {"slips": [{"slip": owed["slips"][0]["slip"], "printer": "printer1", "attempt": 1,
                             "outcome": "printed", "verdict": "PRINTED"}]}  # fmt: skip
        kiosk = hall.token("kiosk", "K1")
        assert hall.ask("POST", "/api/v1/stations/K1/reports", report, token=kiosk)[0] == 200
        owed = station.next("owed", lambda said: not said["slips"])
        assert owed["papers"][ticket["id"]]["state"] == "printed"


def test_a_session_that_has_ended_loses_its_socket(hall: Program) -> None:
    link = hall.post("/links", {"role": "manager", "subject": "wang"})["secret"].partition("#")[2]
    status, signed_in = hall.ask("POST", "/login", {"code": link})
    assert status == 200
    cookie = signed_in["_cookie"].partition(";")[0]
    with ear(hall, "/staff", cookie=cookie) as console:
        console.next("beat")
        _sign_out(hall, cookie)
        console.next("disconnect")
    assert refused(hall, "/staff", cookie=cookie)


def test_whose_page_is_connected_has_the_window_as_soon_as_the_clerk_before_signs_out(hall: Program) -> None:
    li, wu = (_sign_in(hall, name) for name in ("li", "wu"))
    with ear(hall, "/staff", cookie=li, origin=hall.url), ear(hall, "/staff", cookie=wu, origin=hall.url):
        assert _clerk(hall) == "clerk:li"
        _sign_out(hall, li, "/clerk")
        until = time.monotonic() + WITHIN_S
        while _clerk(hall) != "clerk:wu":
            assert time.monotonic() < until, "whoever is heard there does not have the window"
            time.sleep(0.1)
    _sign_out(hall, wu, "/clerk")
    assert _clerk(hall) == ""


def _sign_in(program: Program, clerk: str) -> str:
    link = program.post("/links", {"role": "clerk", "subject": clerk, "window": "5"})["secret"].partition("#")[2]
    status, signed_in = program.ask("POST", "/login", {"code": link})
    assert status == 200
    return str(signed_in["_cookie"].partition(";")[0])


def _clerk(program: Program) -> str:
    return str(program.ask("GET", "/api/v1/day", token=program.admin)[1]["windows"][4]["clerk"])


def _sign_out(program: Program, cookie: str, page: str = "/floor") -> None:
    """As the page does: with the token that it carries."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', program.page(page, cookie))
    assert found is not None
    assert program.form("/logout", f"csrf={found[1]}", cookie) == 303


def test_a_station_that_is_gone_after_a_restart_is_not_believed(program: Program) -> None:
    token = program.token("station", "hall")
    with ear(program, "/station", token) as station:
        station.next("owed")
        report = {"health": [{"device": "sign1", "state": "ok"}]}
        assert program.ask("POST", "/api/v1/stations/hall/reports", report, token=token)[0] == 200
        assert _sign(program)["state"] == "ok"
        program.kill()
    program.start()
    until = time.monotonic() + WITHIN_S
    while (row := _sign(program))["state"] == "ok":
        assert time.monotonic() < until, "a dead station's sign is still shown as ok"
        time.sleep(0.1)
    assert (row["state"], row["reason"]) == ("unknown", "stale")


def _sign(program: Program) -> dict[str, Any]:
    devices = program.ask("GET", "/api/v1/devices", token=program.admin)[1]["devices"]
    row: dict[str, Any] = next(device for device in devices if device["id"] == "sign1")
    return row


@pytest.mark.parametrize("size", [70_000, 300_000])
def test_a_message_that_grows_beyond_the_cap_ends_the_socket_and_not_the_server(hall: Program, size: int) -> None:
    with ear(hall, "/board") as flood:
        flood.next("board")
        flood.client.emit("shown", {"audio": "x" * size}, namespace="/board")
        flood.next("disconnect")
    assert hall.ask("GET", "/readyz")[0] == 200
