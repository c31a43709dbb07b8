"""``python -m drivers.sim`` as a program: it says where its devices are, and ends when told to."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from drivers.escpos.printer import open_printer
from drivers.health import State
from tests.drivers.sim.test_indoors import OURS


@pytest.fixture
def program() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "drivers.sim", "hall", "--page-port", "0", "--bus-port", "0", "--boards", "128:4"]
    with subprocess.Popen([*command, "--printer-ports", "0,0"], stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def test_the_hall_says_where_its_devices_are_and_ends_on_a_signal(program: subprocess.Popen[str]) -> None:
    assert program.stderr is not None
    said = [program.stderr.readline() for _ in range(4)]
    ports = [int(found[1]) for line in said if (found := re.search(r"://127\.0\.0\.1:(\d+)", line))]
    assert [line.split()[0] for line in said] == ["printer-1", "printer-2", "signs", "page"]
    with urlopen(f"http://127.0.0.1:{ports[-1]}/state", timeout=5) as answer:
        signs = {sign["address"]: sign["lines"] for sign in json.load(answer)["bus"]["signs"]}
    assert signs == {**dict.fromkeys(range(1, 7), 1), 128: 4}
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


def test_signs_of_a_profile_are_played_where_its_addresses_are(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OURS, "utf-8")
    command = [sys.executable, "-m", "drivers.sim", "bus", "--profile", str(file), "--signs", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            url = urlsplit(running.stderr.readline().split()[1])
            assert url.fragment == "5"
            with socket.create_connection(("127.0.0.1", url.port or 0), timeout=20) as line:
                line.sendall(bytes.fromhex("AB 06 00 0C 03 41"))
                assert line.recv(2) == bytes.fromhex("AC 06")
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0


def test_a_profile_with_mistakes_is_told_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(OURS.replace("[9600]", "9600"), "utf-8")
    command = [sys.executable, "-m", "drivers.sim", "bus", "--profile", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"{file}, line 5: port.baud must be a list of speeds like [9600], it is 9600." in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_printer_with_a_link_is_a_serial_one(tmp_path: Path) -> None:
    link = tmp_path / "usb-printer-by-id"
    command = [sys.executable, "-m", "drivers.sim", "printer", "--link", str(link), "--baud", "115200"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            said = [running.stderr.readline().split() for _ in range(2)]
            assert said[1] == ["cable", f"serial://{link}?baud=115200"]
            with closing(open_printer(said[1][1], {})) as printer:
                assert printer.status().state is State.OK
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0
    assert not link.is_symlink()
