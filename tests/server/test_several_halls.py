"""One process that serves several halls: each has its own folder, port, journal and sessions."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import PROJECT, Program, free_port

NAMES = ("east", "west")


def serve(homes: list[Path]) -> "subprocess.Popen[bytes]":
    words = [word for home in homes for word in ("--home", str(home))]
    environment = {name: value for name, value in os.environ.items() if name != "HALLCALL_PORT"}
    command = [sys.executable, "-m", "hall_server.serve", *words]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE)


def write(home: Path, name: str, port: int) -> None:
    write_settings(home, HALL.replace('id = "main"', f'id = "{name}"') + f"\n[server]\nport = {port}\n")
    fresh_database(home / "hall.sqlite3")


@pytest.fixture
def halls(tmp_path: Path) -> Iterator[list[Program]]:
    programs = [Program(tmp_path / name, free_port()) for name in NAMES]
    for name, program in zip(NAMES, programs, strict=True):
        write(program.home, name, program.port)
    process = serve([program.home for program in programs])
    for program in programs:
        program.process = process
        program.wait()
    yield programs
    process.terminate()
    assert process.wait(20) == 0
    assert process.stderr is not None
    process.stderr.close()
    assert not [name for name in NAMES if (tmp_path / name / "server.url").exists()]


def test_halls_in_one_process_share_nothing(halls: list[Program]) -> None:
    east, west = halls
    for hall in halls:
        hall.post("/day/open")
    east.post("/tickets", {"service": "id"})
    assert [hall.post("/tickets", {"service": "id"})["label"] for hall in halls] == ["A002", "A001"]
    assert west.ask("GET", "/api/v1/journal", token=east.admin)[0] == 401
    signed_in = []
    for hall in halls:
        code = hall.post("/links", {"role": "manager", "subject": "wang"})["secret"].partition("#")[2]
        signed_in.append(hall.ask("POST", "/login", {"code": code})[1]["_cookie"].partition("=")[0])
    assert signed_in == ["hallcall-east", "hallcall-west"]


def test_halls_that_want_the_same_port_are_refused_before_anything_starts(tmp_path: Path) -> None:
    port = free_port()
    for name in NAMES:
        write(tmp_path / name, name, port)
    process = serve([tmp_path / name for name in NAMES])
    _, said = process.communicate(timeout=30)
    assert process.returncode == 3
    assert said.decode().strip() == (
        f"Several halls want port {port}: give each its own in [server] of its hallcall.toml, and leave HALLCALL_PORT "
        "unset."
    )


def test_a_folder_that_is_named_twice_is_one_sentence(tmp_path: Path) -> None:
    process = serve([tmp_path, tmp_path / "." / ""])
    _, said = process.communicate(timeout=30)
    assert process.returncode == 3
    assert said.decode().strip() == f"--home names {tmp_path} more than once: each hall has a folder of its own."
