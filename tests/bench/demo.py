"""From a clerk's *next* to the answer of the sign, over a whole demonstration hall: server, station, simulated line."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from drivers.sim.bus import BITS_PER_BYTE
from tests.e2e.hall import Hall, until, whole_hall

DAY_S = 24 * 3600
WINDOWS = 6
BAUD = 9600  # the demonstration's line
POLL_S = 0.05  # the line's own log has the times; this only decides how soon the next call comes


def measure(home: Path, calls: int) -> tuple[list[float], list[float], dict[str, float]]:
    """Seconds from sending *next* until its first byte is on the wire, and until the ACK; memory of each process."""
    on_wire, acknowledged = [], []
    with whole_hall(home) as hall:
        for _ in range(calls + WINDOWS):
            hall.ask("POST", "/tickets", {"service": "residence"})
            hall.ask("POST", "/tickets", {"service": "property"})
        for number in range(calls):
            window = number % WINDOWS + 1
            began = time.time()
            called = hall.ask("POST", f"/windows/{window}/next", {"previous": "served"}).value
            frame, answer = until(lambda w=window, c=called: _exchange(hall, w, c["label"]), "the sign answers")  # type: ignore[misc]
            bytes_s = len(frame["data"].split()) * BITS_PER_BYTE / BAUD  # the log has the end of the frame
            on_wire.append(_since(began, frame["at"]) - bytes_s)
            acknowledged.append(_since(began, answer))
            time.sleep(POLL_S)
        memory = _memory(hall)
    return on_wire, acknowledged, memory


def _exchange(hall: Hall, window: int, label: str) -> tuple[dict[str, Any], str] | None:
    """The line's note of the call's frame, and when the sign's ACK came; the log is newest first."""
    time.sleep(POLL_S)
    answered_at = ""
    for frame in hall.simulated()["bus"]["frames"]:
        if frame["data"] == f"A0 90 {window:02X} A5 AA":
            answered_at = frame["at"]
        if frame["text"].startswith(f"{window}: ") and label in frame["text"]:
            return (frame, answered_at) if answered_at else None
    return None


def _since(began: float, clock: str) -> float:
    """Seconds from ``began`` to a time of day in the line's log (local, to the millisecond)."""
    local = datetime.fromtimestamp(began).astimezone()
    start = ((local.hour * 60 + local.minute) * 60 + local.second) + local.microsecond / 1e6
    hours, minutes, seconds = clock.split(":")
    return ((int(hours) * 60 + int(minutes)) * 60 + float(seconds) - start) % DAY_S


def _memory(hall: Hall) -> dict[str, float]:
    own = psutil.Process(hall.process.pid)
    sizes = {"up": own.memory_info().rss}
    for child in own.children():
        sizes[_name(child.cmdline())] = child.memory_info().rss
    return {name: round(size / 1e6, 1) for name, size in sorted(sizes.items())}


def _name(line: list[Any]) -> str:
    module = str(line[line.index("-m") + 1])
    return f"{module} {line[line.index('--id') + 1]}" if "--id" in line else module
