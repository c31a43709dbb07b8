"""Cables pulled and put back, all of a hall at once: each fault is said once, each recovery once, no window moves.

What every driver does by itself stands in the rows of ``tests/conformance``; here it is what a hall makes of it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from drivers import transport
from drivers.usb import UsbTransport
from tests.conformance.bus_rig import Site, plugged
from tests.conformance.printer_rig import Bench
from tests.conformance.usb_rows import OTHERS, OURS, UsbBus
from tests.e2e.cabled import cabled
from tests.e2e.hall import until
from tests.server.program import Program

pytestmark = [
    pytest.mark.needs("ser2net"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has pseudo-terminals behind links and usblp"),
]

RECOVER_S = 1.0  # a hall waits half a minute before it trusts a device again
PATIENCE_S = 60.0  # a slow machine may take its time
STOOD = ("bus1", "bus2", "printer1", "printer2")
HALL = """
[hall]
zh = "大厅"
en = "Hall"

[[service]]
id = "id"
prefix = "A"
zh = "身份证"
en = "ID card"

[[window]]
id = "1"
services = ["id"]

[[window]]
id = "2"
services = ["id"]
"""
DEVICE = """
[[device]]
id = "{id}"
kind = "{kind}"
zh = "设备"
en = "{id}"
url = "{url}"
{more}
"""


class Place:
    """Two lines of signs, one behind a bridge, and two printers, one of them on USB."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        for name in ("serial", "ser2net"):
            (folder / name).mkdir()
        self.serial: Site = stack.enter_context(plugged("serial", folder / "serial", signs=2))
        self.bridged: Site = stack.enter_context(plugged("ser2net", folder / "ser2net", signs=2))
        bench = Bench(folder, stack)
        self.printer, self.on_usb, self.stranger = bench.sim(), bench.sim(), bench.sim()
        self.usb = UsbBus(bench)
        stack.callback(self.usb.clear)
        self.usb.plug(self.on_usb, 0, OURS)
        self.link = folder / "serial" / "usb-adapter-by-id"
        self.number = self.link.readlink()
        self.taken: list[int] = []
        stack.callback(self._let_go)

    def settings(self) -> str:
        """The hall with these devices."""
        devices = [
            *(("bus1", "bus", self.serial.url, ""), ("bus2", "bus", self.bridged.url, "")),
            *((f"sign{n}", "sign", f"{self.serial.url}#{n}", f'window = "{n}"') for n in (1, 2)),
            *((f"pole{n}", "sign", f"{self.bridged.url}#{n}", f'window = "{n}"') for n in (1, 2)),
            ("printer1", "printer", f"tcp://127.0.0.1:{self.printer.port}", ""),
            ("printer2", "printer", f"usb://by-path/{OURS}", ""),
        ]
        return HALL + "".join(DEVICE.format(id=d, kind=k, url=u, more=m) for d, k, u, m in devices)

    def pull(self) -> None:
        """Everything at once; another printer gets the number of ours on USB."""
        self.number = self.link.readlink()
        self.serial.sim.set_fault("unplugged", True)
        assert self.bridged.bridge is not None
        self.bridged.bridge.stop()
        self.printer.set_fault("unplugged", True)
        self.usb.unplug(0)
        self.usb.plug(self.stranger, 0, OTHERS)

    def put_back(self) -> None:
        """The adapter gets another number, the printer on USB too; the other printer comes back from a power cut."""
        while not self.number.exists():  # whoever had it open has let it go by now
            self.taken += os.openpty()
        self.serial.sim.set_fault("unplugged", False)
        assert self.bridged.bridge is not None
        self.bridged.bridge.start()
        self.printer.set_fault("power_cycle", True)
        self.printer.set_fault("unplugged", False)
        self.usb.plug(self.on_usb, 1, OURS)
        until(self.link.exists, "the adapter is back")
        assert self.link.readlink() != self.number

    def _let_go(self) -> None:
        for end in self.taken:
            os.close(end)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with ExitStack() as stack:
        made = Place(tmp_path, stack)
        monkeypatch.setattr(transport, "UsbTransport", partial(UsbTransport, roots=made.usb.roots))
        yield made


@pytest.fixture
def hall(place: Place, tmp_path: Path) -> Iterator[Program]:
    """The server of that hall, its day open, and a station that has all cables."""
    with cabled(tmp_path / "home", place.settings(), tmp_path / "station", RECOVER_S) as server:
        yield server


def states(hall: Program) -> dict[str, str]:
    rows = hall.ask("GET", "/api/v1/devices", token=hall.admin)[1]["devices"]
    return {row["id"]: row["state"] for row in rows}


def facts(hall: Program, after: int = 0) -> list[dict[str, Any]]:
    """All rows after a number."""
    rows: list[dict[str, Any]] = []
    start: int | None = after
    while start is not None:
        page = hall.ask("GET", f"/api/v1/journal?after={start}", token=hall.admin)[1]
        rows, start = rows + page["rows"], page["next"]
    return rows


def about(rows: list[dict[str, Any]], kind: str, key: str = "device") -> list[str]:
    return [row["body"][key] for row in rows if row["kind"] == kind]


def test_what_is_pulled_and_put_back_recovers_by_itself_and_is_said_once_each_way(hall: Program, place: Place) -> None:
    until(lambda: set(states(hall).values()) == {"ok"}, "all devices have answered", PATIENCE_S)
    start = facts(hall)[-1]["seq"]
    place.pull()
    until(lambda: {states(hall)[name] for name in STOOD} == {"failed"}, "all four are said to fail", PATIENCE_S)
    label = hall.post("/tickets", {"service": "id"})["label"]
    assert hall.post("/windows/1/next", {})["label"] == label
    place.put_back()
    until(lambda: set(states(hall).values()) == {"ok"}, "all devices are back", PATIENCE_S)
    for site in (place.serial, place.bridged):
        until(lambda site=site: label in str(site.sim.state()[0]["text"]), "the call has not been lost")  # type: ignore[misc]
    for printer in ("printer1", "printer2"):
        hall.post(f"/devices/{printer}/test")
    until(lambda: not hall.ask("GET", "/api/v1/board")[1]["notices"], "the printers have proved themselves", PATIENCE_S)

    rows = facts(hall, start)
    told = {
        name: [r["body"]["state"] for r in rows if r["body"].get("device") == name and "state" in r["body"]]
        for name in STOOD
    }
    assert {name: (said.count("failed"), said.count("ok")) for name, said in told.items()} == dict.fromkeys(
        STOOD, (1, 1)
    )
    assert sorted(about(rows, "RepairOpened")) == sorted(about(rows, "RepairVerified")) == sorted(STOOD)
    assert about(rows, "WindowRedirected", "window") == []
    assert not [piece for piece in place.stranger.slips() if piece.complete], "another printer got our number"
