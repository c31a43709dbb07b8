"""What only a test of its own can arrange about serial printing: rights, and a port that never drains."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conformance.printer_rig import bench, told

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
