"""What every sign driver must do about its port: pulled, renamed, missing, taken, forbidden, jammed, forgotten."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from drivers import serial_port, tcp
from drivers.bus import exchange, plan, worker
from drivers.catalog import check
from drivers.ports import DeviceSpec
from drivers.supervisor import Supervisor
from tests.conformance.bus_rig import OK, WIRES, Ear, Rig, calls_shown, eventually, line_fault_told, plugged
from tests.conformance.half_open import half_open, power_cut
from tests.conformance.rows import NotHereError, Row
from tests.conformance.sign_rows import FAMILY

if sys.platform != "win32":
    import termios

NOBODY = 65534  # the user id that owns nothing, on every Linux
HOLD = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY), fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def replugged(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site, Rig(site.sim, site.url) as rig:
        rig.all_ok()
        site.sim.set_fault("unplugged", True)
        calls = {1: rig.call("w1", "A070"), 2: rig.call("w2", "A071")}
        line_fault_told(rig, site.gone)
        site.sim.set_fault("unplugged", False)
        calls_shown(rig, calls)
        assert [said[0] for said in rig.ear.said("bus")].count("failed") == 1
    return f"failed {site.gone}; calls kept, repainted, ok"


def bridge_restarted(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site, Rig(site.sim, site.url) as rig:
        assert site.bridge is not None
        rig.all_ok()
        site.bridge.stop()
        calls = {1: rig.call("w1", "A075")}
        line_fault_told(rig, "refused")
        site.bridge.start()
        calls_shown(rig, calls)
    return "failed refused; call kept, repainted, ok"


def other_number(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site, Rig(site.sim, site.url) as rig:
        rig.all_ok()
        link = folder / "usb-adapter-by-id"
        before = link.readlink()
        site.sim.set_fault("unplugged", True)
        calls = {1: rig.call("w1", "A072")}
        line_fault_told(rig, "port_missing")
        with _number_taken(before):
            site.sim.set_fault("unplugged", False)
            calls_shown(rig, calls)
            after = link.readlink()
    assert before != after
    return f"{before.name} is now {after.name}; call kept, repainted, ok"


@contextmanager
def _number_taken(device: Path) -> Iterator[None]:
    """Another adapter gets the number that has become free."""
    ends: list[int] = []
    try:
        while not device.exists():
            ends += os.openpty()
        yield
    finally:
        for end in ends:
            os.close(end)


def missing_at_start(wire: str, folder: Path) -> str:
    with plugged(wire, folder, pulled=True) as site, Rig(site.sim, site.url) as rig:
        calls = {1: rig.call("w1", "A080")}
        line_fault_told(rig, site.gone)
        site.sim.set_fault("unplugged", False)
        calls_shown(rig, calls)
    return f"failed {site.gone}; found later, shown, ok"


def busy(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site:
        command = [sys.executable, "-c", HOLD, str(folder / "usb-adapter-by-id")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            with Rig(site.sim, site.url) as rig:
                calls = {1: rig.call("w1", "A081")}
                line_fault_told(rig, "port_busy")
                assert site.sim.frames() == []
                holder.communicate()
                calls_shown(rig, calls)
    return "failed port_busy; once free: shown, ok"


def forbidden(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site:
        device = (folder / "usb-adapter-by-id").resolve()
        device.chmod(0)
        with Rig(site.sim, f"serial://{device}", before=_become_nobody) as rig:
            calls = {1: rig.call("w1", "A082")}
            line_fault_told(rig, "port_permission")
            assert site.sim.frames() == []
            device.chmod(0o666)
            calls_shown(rig, calls)
    return "failed port_permission; once allowed: shown, ok"


def _become_nobody() -> None:
    # root may open everything; on Linux one thread alone can look at files with another user's eyes.
    if os.geteuid() == 0:
        if not sys.platform.startswith("linux"):
            raise NotHereError("only Linux lets one thread of root lose its rights")
        ctypes.CDLL(None).setfsuid(NOBODY)


def never_drains(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site, Rig(site.sim, site.url) as rig:
        rig.all_ok()
        end = os.open(folder / "usb-adapter-by-id", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            site.sim.set_fault("blocked", True)
            _fill(end)
            began = time.monotonic()
            calls = {1: rig.call("w1", "A083")}
            line_fault_told(rig, "port_blocked")
            named_s = rig.ear.first("bus", "port_blocked") - began
            termios.tcflush(end, termios.TCOFLUSH)
            site.sim.set_fault("blocked", False)
            calls_shown(rig, calls)
        finally:
            os.close(end)
    return f"port_blocked named after {named_s:.1f} s; once it drains: shown, ok"


def _fill(end: int) -> None:
    """Until the port takes nothing more, not even after the system has moved what it holds."""
    refused_since = None
    while refused_since is None or time.monotonic() - refused_since < 0.1:
        try:
            os.write(end, bytes(256))
            refused_since = None
        except BlockingIOError:
            refused_since = refused_since or time.monotonic()
            time.sleep(0.01)


def broadcast(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site:
        for address in (0, 255):
            ear = Listening()
            spec = DeviceSpec("w1", "sign", f"{site.url}#{address}")
            assert check(spec) == [f"w1: unit address '{address}' is not between 1 and 254"]
            supervisor = Supervisor([spec], ear)
            supervisor.start()
            ear.wait_for(lambda ear=ear: bool(ear.said("w1")))  # type: ignore[misc]
            supervisor.stop(1.0)
            assert ear.said("w1")[-1][0] == "failed"
        assert site.sim.frames() == []
    return "addresses 0 and 255 refused in words, no byte sent"


class Listening(Ear):
    """An ear for a whole supervisor; no printer and no voice module is on the line."""

    def may_print(self, device: str, slip_id: str) -> bool:
        return False

    def printed(self, device: str, slip_id: str, result: object) -> None:
        raise AssertionError("there is no printer")

    def may_say(self, device: str, announcement_id: str) -> bool:
        return False

    def spoken(self, device: str, announcement_id: str, result: object) -> None:
        raise AssertionError("there is no voice module")


def clock_jump(wire: str, folder: Path) -> str:
    """A computer that slept an hour; a wall clock that is set is nothing to code that reads none."""
    code = "".join(Path(str(part.__file__)).read_text("utf-8") for part in (exchange, plan, worker, serial_port, tcp))
    assert not [word for word in ("time.time(", "datetime", "gmtime", "localtime") if word in code]
    slept_s = [0.0]
    with (
        plugged(wire, folder) as site,
        Rig(site.sim, site.url, clock=lambda: time.monotonic() + slept_s[0]) as rig,
    ):
        rig.all_ok()
        for number in range(3):
            slept_s[0] += 3600
            calls_shown(rig, {1: rig.call("w1", f"A10{number}")})
        assert {said[0] for said in (*rig.ear.said("w1"), *rig.ear.said("bus"))} <= {"ok", "degraded"}
    return "shown after each of 3 jumps, nothing called failed"


def two_on_a_port(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site, Rig(site.sim, site.url) as second, Rig(site.sim, site.url) as first:
        owner, other = _who_got_it(first, second)
        assert owner.ear.wait_shown(owner.call("w1", "A110")) >= 0
        refused = other.call("w2", "A111")
        line_fault_told(other, "port_busy")
        assert owner.ear.said("bus") == OK
        assert not other.ear.was_shown(refused)
        assert owner.text(2) != "A111"
        owner.worker.stop()
        other.ear.wait_shown(refused)
    return "second one failed port_busy, nothing mixed; takes over when free"


def _who_got_it(*rigs: Rig) -> tuple[Rig, Rig]:
    eventually(lambda: any(rig.ear.said("w1") == OK for rig in rigs))
    owner = next(rig for rig in rigs if rig.ear.said("w1") == OK)
    return owner, next(rig for rig in rigs if rig is not owner)


def two_on_a_bridge(wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site, Rig(site.sim, site.url) as first:
        first.all_ok()
        with Rig(site.sim, site.url) as second:
            refused = second.call("w2", "A121")
            second.ear.wait_for(lambda: bool([said for said in second.ear.said("bus") if said[0] == "failed"]))
            first.ear.wait_shown(first.call("w1", "A120"))
            assert not second.ear.was_shown(refused)
            assert first.text(2) != "A121"
            first.undisturbed("w1", "w2", "w3", "bus")
            code = second.ear.said("bus")[-1][1]
            assert wire == "rfc2217" or code == "in_use", (
                "ser2net says why it hangs up; in its telnet nobody looks for it"
            )
            first.worker.stop()
            second.ear.wait_shown(refused)
    return f"second one failed {code}, nothing mixed; takes over when free"


def rows(number: str, scenario: str, expected: str, see: Callable[[str, Path], str], *wires: str) -> list[Row]:
    """One scenario on each of these wires."""
    return [Row(f"{FAMILY}, {wire}", number, scenario, expected, partial(see, wire)) for wire in wires]


BRIDGED = ("ser2net", "rfc2217")
PORT_ROWS = [
    *rows("16", "replugged", "in words, calls kept, repainted", replugged, *WIRES),
    *rows("16b", "bridge ends and is started again", "in words, call kept, repainted", bridge_restarted, *BRIDGED),
    *rows("17", "replugged, other tty number", "in words, call kept, repainted", other_number, "serial"),
    *rows("18", "missing at start", "in words, found later", missing_at_start, *WIRES),
    *rows("19", "port locked by another process", "port_busy, keeps trying", busy, "serial"),
    *rows("20", "no permission", "port_permission, keeps trying", forbidden, "serial"),
    *rows("21", "port never drains", "port_blocked in about 1 s", never_drains, "serial"),
    *rows("31", "bridge has forgotten us (half-open)", "bus_down, link renewed", half_open, "socket", *BRIDGED),
    *rows("31b", "bridge loses its power", "in words, link renewed", power_cut, "socket", *BRIDGED),
    *rows("33", "broadcast address by accident", "refused before the wire", broadcast, "socket"),
    *rows("34", "clock jumps", "nothing called failed, calls shown", clock_jump, "socket"),
    *rows("35", "two servers on one port", "second one port_busy, nothing mixed", two_on_a_port, "serial"),
    *rows("35", "two servers on one bridge", "second one refused in words, nothing mixed", two_on_a_bridge, *BRIDGED),
]
