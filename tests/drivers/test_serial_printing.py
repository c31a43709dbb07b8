"""What only a test of its own can arrange about serial printing: rights, and bytes that never left."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from drivers.health import Health, State
from tests.conformance.printer_rig import bench, told
from tests.conformance.relay import ScriptedPort

NOBODY = 65534


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo-terminals")
def test_a_printers_port_that_is_not_ours_is_named(tmp_path: Path) -> None:
    with bench(tmp_path) as table:
        terminal = table.cable(table.sim()).link.resolve()
        terminal.chmod(0)
        printer = table.driver(f"serial://{terminal}")
        with nobody():
            refused = table.print(printer)
        assert told(refused.verdict, refused.faults) == "NOT_SENT port_permission"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo-terminals")
def test_what_a_jammed_line_never_took_is_dropped_when_its_port_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pseudo-terminal hides what waits in it, so the count is made up; a real port would hold ``close`` for 30 s."""
    dropped: list[str] = []
    monkeypatch.setattr(serial.Serial, "out_waiting", property(lambda port: 3))
    monkeypatch.setattr(serial.Serial, "reset_output_buffer", lambda port: dropped.append(port.name))
    with bench(tmp_path) as table:
        cable = table.cable(table.sim())
        assert table.driver(cable.url).status().state is State.OK
    assert dropped == [str(cable.link)]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo-terminals")
def test_an_answer_that_nobody_waits_for_any_more_makes_no_foreign_device_of_a_printer(tmp_path: Path) -> None:
    with bench(tmp_path) as table:
        port = ScriptedPort(lambda heard: b"\x00\x12" * heard.count(b"\x10\x04"))
        table.stack.callback(port.stop)
        printer = table.driver(port.url)
        assert printer.status() == Health(State.OK, (), "12 12 12 12")
        printer.close()


@contextmanager
def nobody() -> Iterator[None]:
    """Without the rights of root, for whom nothing is forbidden."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
