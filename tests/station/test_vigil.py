"""A program whose own thread dies ends, so that nobody takes what it said last for what is true now."""

import subprocess
import sys
from pathlib import Path

from hall_server.station.vigil import EXIT_BROKEN, VITAL

HERE = Path(__file__).parents[2]
PROGRAM = """
import threading
from hall_server.station.vigil import vigil

def dies():
    raise KeyError("a mistake of ours")

with vigil():
    thread = threading.Thread(target=dies, name={name!r}, daemon=True)
    thread.start()
    thread.join()
print("still here")
"""


def run(name: str) -> tuple[int, str, bool]:
    program = [sys.executable, "-c", PROGRAM.format(name=name)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, "KeyError: 'a mistake of ours'" in done.stderr


def test_a_thread_without_which_nothing_is_told_takes_its_program_with_it() -> None:
    assert run("station-reports") == (EXIT_BROKEN, "", True)


def test_any_other_thread_dies_alone() -> None:
    assert run("station-look") == (0, "still here\n", True)


def test_the_vital_threads_are_called_so() -> None:
    places = [*HERE.glob("hall_server/station/*.py"), HERE / "kiosk/lease.py", HERE / "drivers/supervisor.py"]
    sources = "".join(path.read_text("utf-8") for path in places)
    assert [name for name in sorted(VITAL) if f'name="{name}"' not in sources] == []
