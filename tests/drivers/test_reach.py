"""Things that nobody drives: what counts as silence, who is asked how, and hosts on loopback that misbehave."""

import queue
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from drivers import reach, reach_ask
from drivers.catalog import check, check_all
from drivers.health import Health, State
from drivers.ports import DeviceError, DeviceSpec
from drivers.reach import ReachWorker, Seen, seen, wait_s
from drivers.reach_ask import Address, Lookup, Target, connect, echo, ping_program, target
from drivers.supervisor import Supervisor
from tests.drivers.test_supervisor import Hall

OK, GONE = Health(State.OK, (), "here"), Health(State.FAILED, ("no_answer",), "silence")
NOT_ASKED = Health(State.UNKNOWN, ("not_probed",), "no ping")
WATCHED = Health(State.DEGRADED, ("no_answer",), "silence")
HOME = Address(socket.AF_INET, "127.0.0.2")
SOON_S = 0.2
LATE_S = 20.0  # only what hangs takes that long


@pytest.mark.parametrize(
    ("url", "whom"),
    [
        ("ping://192.0.2.7", Target("192.0.2.7", None)),
        ("ping://camera-2.hall.lan", Target("camera-2.hall.lan", None)),
        ("connect://192.0.2.7:443", Target("192.0.2.7", 443)),
        ("connect://[2001:db8::7]:80", Target("2001:db8::7", 80)),
    ],
)
def test_an_address_says_whom_to_ask_and_how(url: str, whom: Target) -> None:
    assert target(url) == whom
    assert check(DeviceSpec("c", "camera", url)) == []


@pytest.mark.parametrize(
    "url",
    [
        "ping://", "ping://-f", "ping://a b", "ping://a\nb", "ping://10.0.0.9\n", "ping://a..b", "ping://10.0.0.9/x",
        "ping://10.0.0.9:80", "ping://[::g]", "ping://user@10.0.0.9", "connect://10.0.0.9", "connect://10.0.0.9:0",
        "connect://10.0.0.9:65536", "connect://$(id):80", f"ping://{'a' * 254}", "ping://10.0.0.9#1",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert len(check(DeviceSpec("c", "camera", url))) == 1


def test_only_what_nobody_drives_is_asked_and_each_address_is_asked_for_one_device() -> None:
    assert check(DeviceSpec("p", "printer", "ping://192.0.2.7")) == [
        "p: ping:// is for what nobody drives, and this is a printer"
    ]
    assert check(DeviceSpec("u", "ups", "tcp://192.0.2.7:1")) == [
        "u: a ups is only asked whether it is there: write ping://HOST or connect://HOST:PORT"
    ]
    assert check(DeviceSpec("u", "ups", "ping://192.0.2.7", (("tries", "3"),))) == [
        "u: unknown option 'tries': an address that is only asked has none"
    ]
    twice = [DeviceSpec("a", "pc", "ping://192.0.2.7"), DeviceSpec("b", "ups", "ping://192.0.2.7")]
    assert check_all(twice) == ["a, b: all claim ping:192.0.2.7"]
    beside = [DeviceSpec("a", "pc", "ping://192.0.2.7"), DeviceSpec("b", "printer", "tcp://192.0.2.7:9100")]
    assert check_all(beside) == []
    taken = check_all([DeviceSpec("p", "printer", "tcp://h:9100"), DeviceSpec("x", "pc", "connect://h:9100")])
    # a connection of ours would keep the printer's own from being made
    assert {told.partition(":")[0] for told in taken} == {"p, x"}


def states(*readings: tuple[float, Health], recover_s: float = 30.0) -> list[tuple[str, tuple[str, ...]]]:
    """What is announced after each reading (its time in seconds, what was found)."""
    told, now = [], Seen()
    for at, reading in readings:
        now = seen(now, reading, at, recover_s)
        told.append((now.health.state.value, now.health.faults))
    return told


def test_silence_is_a_fault_after_three_misses_and_ten_seconds() -> None:
    quiet = ("degraded", ("no_answer",))
    assert states((0, OK), (10, GONE), (13, GONE), (16, GONE), (20, GONE)) == [
        ("ok", ()), quiet, quiet, quiet, ("failed", ("no_answer",)),
    ]  # fmt: skip
    assert states((0, GONE), (30, GONE), (60, GONE)) == [
        ("unknown", ()), ("unknown", ()), ("failed", ("no_answer",)),
    ]  # fmt: skip


def test_who_was_silent_has_to_answer_for_half_a_minute() -> None:
    heard = states((0, OK), (10, GONE), (20, GONE), (30, GONE), (31, OK), (60, OK), (60.9, GONE), (61, OK), (91, OK))
    assert [state for state, _ in heard] == [
        "ok", "degraded", "degraded", "failed", "degraded", "degraded", "degraded", "degraded", "ok",
    ]  # fmt: skip


def test_what_nobody_could_ask_is_unknown_at_once_and_no_fault() -> None:
    assert states((0, OK), (10, NOT_ASKED), (20, OK)) == [("ok", ()), ("unknown", ("not_probed",)), ("ok", ())]


def test_it_is_asked_every_ten_seconds_and_sooner_while_in_doubt() -> None:
    assert (wait_s(Seen(OK), 0.0), wait_s(Seen(OK), 1.0)) == (8.0, 12.0)
    watched = (wait_s(Seen(OK, watched=WATCHED), 0.0), wait_s(Seen(OK, watched=WATCHED), 1.0))
    assert watched == pytest.approx((2.4, 3.6))


# ---- connections


def code_of(error: pytest.ExceptionInfo[DeviceError]) -> str:
    return error.value.code


@contextmanager
def listening(backlog: int = 8) -> Iterator[socket.socket]:
    with closing(socket.create_server((HOME.ip, 0), backlog=backlog)) as server:
        yield server


def test_a_host_that_takes_connections_is_there_and_one_that_refuses_says_so() -> None:
    with listening() as server:
        port = server.getsockname()[1]
        assert connect(HOME, port, LATE_S) == "took a connection"
    with pytest.raises(DeviceError) as refused:
        connect(HOME, port, LATE_S)
    assert code_of(refused) == "refused"


def test_a_host_that_drops_what_it_is_sent_does_not_answer() -> None:
    with listening(backlog=0) as server, ExitStack() as held:
        for _ in range(4):  # its queue is full after a few: what comes then is dropped
            wire = held.enter_context(socket.socket())
            wire.setblocking(False)
            wire.connect_ex(server.getsockname())
        with pytest.raises(DeviceError) as dropped:
            connect(HOME, server.getsockname()[1], SOON_S)
        assert code_of(dropped) == "no_answer"


class Told:
    """Keeps what a worker says."""

    def __init__(self) -> None:
        self.said: queue.SimpleQueue[Health] = queue.SimpleQueue()

    def health(self, device: str, health: Health) -> None:
        self.said.put(health)

    def until(self, state: State) -> Health:
        while (health := self.said.get(timeout=LATE_S)).state is not state:
            continue
        return health


@contextmanager
def working(url: str, clock: Any = None, **more: Any) -> Iterator[tuple[ReachWorker, Told]]:
    told = Told()
    worker = ReachWorker(DeviceSpec("x", "pc", url), told, **({"clock": clock} if clock else {}), **more)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker, told
    finally:
        worker.stop()
        thread.join(LATE_S)


def test_a_host_that_goes_and_comes_back_is_told_of_once_each_way() -> None:
    now = [0.0]

    def later(worker: ReachWorker, told: Told, seconds: float) -> Health:
        now[0] += seconds
        worker.probe("x")
        return told.said.get(timeout=LATE_S)

    with listening() as server:
        host = server.getsockname()
        with working(f"connect://{host[0]}:{host[1]}", lambda: now[0]) as (worker, told):
            told.until(State.OK)
            server.close()
            gone = [later(worker, told, 5).state.value for _ in range(4)]
            with closing(socket.create_server(host)):
                back = [later(worker, told, 15).state.value for _ in range(3)]
    assert (gone, back) == (["degraded", "degraded", "failed", "failed"], ["degraded", "degraded", "ok"])


# ---- echo requests, to a host that speaks their bytes over a datagram socket


@contextmanager
def host(*replies: str) -> Iterator[socket.socket]:
    """A socket connected to a host that answers a request with these: right, strange, old, framed."""
    with socket.socket(type=socket.SOCK_DGRAM) as there, socket.socket(type=socket.SOCK_DGRAM) as here:
        there.bind((HOME.ip, 0))
        there.settimeout(LATE_S)
        here.connect(there.getsockname())

        def answer() -> None:
            request, sender = there.recvfrom(2048)
            right = b"\0" + request[1:]
            made = {"right": right, "old": right[:8] + b"x" * 16, "strange": b"?", "empty": b"", "echo": request}
            for reply in replies:
                there.sendto(made.get(reply, b"\x45" + bytes(19) + right), sender)

        thread = threading.Thread(target=answer)
        thread.start()
        yield here
        thread.join(LATE_S)


@pytest.mark.parametrize("replies", [("right",), ("old", "strange", "empty", "echo", "right"), ("with a header",)])
def test_only_the_answer_to_this_request_counts(replies: tuple[str, ...]) -> None:
    with host(*replies) as wire:
        assert echo(wire, socket.AF_INET, LATE_S) == "answered"


def test_an_old_answer_and_our_own_request_are_no_answer() -> None:
    with host("old", "echo") as wire, pytest.raises(DeviceError) as silent:
        echo(wire, socket.AF_INET, SOON_S)
    assert code_of(silent) == "no_answer"


def test_a_request_has_a_checksum_that_adds_up() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as there, socket.socket(type=socket.SOCK_DGRAM) as here:
        there.bind((HOME.ip, 0))
        here.connect(there.getsockname())
        with pytest.raises(DeviceError):
            echo(here, socket.AF_INET, 0.01)
        request = there.recv(2048)
    words = sum(int.from_bytes(request[n : n + 2], "big") for n in range(0, len(request), 2))
    assert (request[:2], (words & 0xFFFF) + (words >> 16)) == (b"\x08\0", 0xFFFF)


# ---- the system's ping


def a_ping(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "ping"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 1", "no_answer"),
        ("echo 'From 127.0.0.1: Destination Host Unreachable'; exit 1", "unreachable"),
        ("echo 'ping: socket: Operation not permitted' >&2; exit 2", "not_probed"),
        ("kill -9 $$", "not_probed"),
    ],
)
def test_what_ping_says_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: str) -> None:
    a_ping(tmp_path, monkeypatch, script)
    with pytest.raises(DeviceError) as said:
        ping_program(HOME, 1.0)
    assert code_of(said) == code


def test_ping_is_given_a_number_and_a_limit_and_no_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_ping(tmp_path, monkeypatch, f'printf "%s " "$@" > {tmp_path}/said')
    assert ping_program(HOME, 1.0) == "answered"
    assert (tmp_path / "said").read_text() == "-n -c 1 -W 1 127.0.0.2 "


def test_a_ping_that_hangs_or_is_not_there_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach_ask, "GRACE_S", 0.1)
    a_ping(tmp_path, monkeypatch, "exec sleep 60")
    with pytest.raises(DeviceError) as hung:
        ping_program(HOME, 0.1)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(DeviceError) as absent:
        ping_program(HOME, 0.1)
    assert (code_of(hung), code_of(absent)) == ("not_probed", "not_probed")


# ---- names


def test_a_look_up_that_hangs_delays_only_its_own_device_and_ends_what_was_claimed() -> None:
    hold = threading.Event()

    def resolve(name: str, *_: Any, **__: Any) -> list[Any]:
        hold.wait(LATE_S)
        return [(socket.AF_INET, None, None, "", ("127.0.0.2", 0))]

    lookup = Lookup("slow.invalid", resolve)
    for _ in range(2):
        with pytest.raises(DeviceError) as hung:
            lookup.address(0.01)
        assert code_of(hung) == "not_probed"
    hold.set()
    assert lookup.address(LATE_S) == HOME


def test_a_name_that_nobody_knows_is_unknown_with_the_reason() -> None:
    with working("connect://camera.invalid:80") as (_, told):
        health = told.until(State.UNKNOWN)
    assert health.faults == ("not_probed",)
    assert health.evidence.startswith("camera.invalid: ")


def test_a_station_asks_many_and_one_look_up_that_hangs_delays_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    hold, hall = threading.Event(), Hall()
    monkeypatch.setattr(Lookup, "_look", lambda _: hold.wait(LATE_S))
    monkeypatch.setattr(reach, "LOOKUP_S", LATE_S)
    with listening() as server:
        port = server.getsockname()[1]
        hanging = [DeviceSpec(f"camera{n}", "camera", f"ping://camera{n}.invalid") for n in range(3)]
        station = Supervisor([*hanging, DeviceSpec("pc", "pc", f"connect://{HOME.ip}:{port}")], hall)
        station.start()
        try:
            hall.wait_for(lambda: ("pc", "ok", ()) in hall.healths)
            assert {device for device, state, _ in hall.healths if state != "unknown"} == {"pc"}
        finally:
            hold.set()
            station.stop(LATE_S)
