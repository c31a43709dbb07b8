"""What is left of a hall on one PC when it is killed, and what a second one on the same folder is told."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hall_server.lock import NotReady, hold
from hall_server.up import up
from tests.server.halls import write_settings

PARENT = """
import time
from hall_server.parts import Part
sleep = "import os, time; os.write(1, b'up'); time.sleep(600)"
part = Part("sleeper", ["-c", sleep])
part.start()
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_killed_hall_takes_its_parts_along() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read(2) == b"up"
        parent.kill()
        assert parent.stdout.read() == b""  # it ends when the last holder of the pipe is gone: the part


def test_a_second_hall_on_the_same_folder_starts_nothing_and_says_why(tmp_path: Path) -> None:
    write_settings(tmp_path)
    with closing(hold(tmp_path)), pytest.raises(NotReady, match="Another hallcall server is running"):
        up(tmp_path, demo=False)
