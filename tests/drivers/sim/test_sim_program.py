"""``python -m drivers.sim`` as a program: it says where its devices are, and ends when told to."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def program() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "drivers.sim", "hall", "--page-port", "0", "--bus-port", "0"]
    with subprocess.Popen([*command, "--printer-ports", "0,0"], stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def test_the_hall_says_where_its_devices_are_and_ends_on_a_signal(program: subprocess.Popen[str]) -> None:
    assert program.stderr is not None
    said = [program.stderr.readline() for _ in range(4)]
    ports = [int(found[1]) for line in said if (found := re.search(r"://127\.0\.0\.1:(\d+)", line))]
    assert [line.split()[0] for line in said] == ["printer-1", "printer-2", "signs", "page"]
    for port in ports:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    program.send_signal(signal.SIGTERM)
    assert program.wait(20) == 0


def test_a_taken_port_is_one_sentence_and_exit_code_two() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "drivers.sim", "bus", "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert re.fullmatch(r"a port cannot be opened: .*\n", ended.stderr)
