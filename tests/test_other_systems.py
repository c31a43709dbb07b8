"""That nothing of ours needs a POSIX system in order to start; on Windows itself nobody has run it yet."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def python(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


# serve patches the process before it loads anything, so it gets one of its own.
PROGRAMS = {
    "server": (["hall_server.serve"], {"hall_server.serve"}),
    "all others": (
        ["hall_server.station", "hall_server.cli", "kiosk", "drivers", "display"],
        {"hall_server.station.__main__", "hall_server.cli", "kiosk.__main__", "drivers.sim.__main__", "display.tv"},
    ),
}


@pytest.mark.parametrize(("modules", "loaded"), PROGRAMS.values(), ids=PROGRAMS)
def test_our_programs_load_without_the_modules_of_posix(modules: list[str], loaded: set[str]) -> None:
    done = python("-m", "tests.other_system", *modules)
    assert done.returncode == 0, done.stderr
    assert loaded <= set(done.stdout.split())


NEEDY = [
    ("import fcntl", "No module named 'fcntl' on Windows"),
    ("import termios", "No module named 'termios' on Windows"),
    ("from pty import openpty", "No module named 'pty' on Windows"),
    ("import os\nos.fork", "Windows has no os.fork"),
    ("from os import geteuid", "cannot import name 'geteuid'"),
    ("import signal\nsignal.SIGHUP", "Windows has no signal.SIGHUP"),
    ("import select\nselect.poll", "Windows has no select.poll"),
]


@pytest.mark.parametrize(("code", "said"), NEEDY, ids=[code.replace("\n", "; ") for code, _ in NEEDY])
def test_code_of_ours_that_needs_posix_would_be_found(code: str, said: str, tmp_path: Path) -> None:
    ours = f"from tests import other_system as o; o.pretend(); exec({code!r}, {{'__name__': 'kiosk.app'}})"
    done = python("-c", ours)
    assert done.returncode == 1
    assert said in done.stderr


def test_our_code_is_told_another_system_and_libraries_are_not() -> None:
    code = "import sys, os, fcntl; print(sys.platform, os.name)"
    shown = "from tests import other_system as o; o.pretend(); exec({!r}, {{'__name__': {!r}}})"
    assert python("-c", shown.format(code, "serial.serialposix")).stdout == f"{sys.platform} posix\n"
    assert python("-c", shown.format(code.replace(", fcntl", ""), "drivers.tcp")).stdout == "win32 nt\n"
