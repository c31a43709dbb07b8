"""The conversation with real child processes that behave and misbehave: what is credited, what is ended."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from drivers.helper import example
from drivers.helper.child import CRASHES, Child
from drivers.helper.talk import Patience, Talk
from drivers.ports import DeviceError
from tests.drivers.helper import misbehaving

LIVES = """
import sys, time
from drivers.helper.child import Child
Child("held", [sys.executable, "-IS", *sys.argv[1:]]).open()
time.sleep(600)
"""

HASTY = Patience(hello_s=10.0, answer_s=0.3, print_s=0.3)
CALM = Patience(hello_s=30.0, answer_s=30.0, print_s=30.0)


def eventually(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up_at, "the condition never became true"
        time.sleep(0.01)


def starts(folder: Path) -> list[int]:
    """The process ids of all starts of the misbehaving helper."""
    place = folder / "starts"
    return [int(line) for line in place.read_text().split()] if place.exists() else []


@contextmanager
def talk(folder: Path, how: str, patience: Patience, clock: Callable[[], float] = time.monotonic) -> Iterator[Talk]:
    child = Child("odd", [sys.executable, "-IS", str(misbehaving.__file__), how, str(folder)], clock)
    spoken = Talk(child, "sign", patience=patience)
    try:
        yield spoken
    finally:
        spoken.close()


def refused(spoken: Talk) -> DeviceError:
    with pytest.raises(DeviceError) as error:
        spoken.ask("health", spoken.patience.answer_s, address=1)
    return error.value


def test_the_example_answers_and_ends_when_nobody_asks_any_more(tmp_path: Path) -> None:
    child = Child("example", [sys.executable, "-IS", str(example.__file__), "sign", str(tmp_path)])
    spoken = Talk(child, "sign", patience=CALM)
    said = spoken.ask("show", 30.0, address=3, text="请A012号", colour="red")
    [running] = psutil.Process().children()
    assert (said["ok"], (tmp_path / "3.txt").read_text("utf-8")) == (True, "请A012号")
    (tmp_path / "3.fault").write_text("no_answer")
    said = spoken.ask("health", 30.0, address=3)
    assert (said["ok"], said["faults"]) == (False, ["no_answer"])
    spoken.close()
    assert not running.is_running()


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        ("hang", "no_answer", "no answer to health within 0.3 s"),
        ("late", "no_answer", "no answer to health within 0.3 s"),
        ("segfault", "no_answer", "the helper ended by SIGSEGV: I am going to segfault"),
        ("babble", "garbled", "a line of more than 8192 bytes"),
        ("chatter", "garbled", "201 lines that were none"),
        ("wrong_id", "garbled", "1 lines that were none"),
    ],
)
def test_whoever_goes_wrong_is_named_and_ended_and_started_anew(how: str, code: str, said: str, tmp_path: Path) -> None:
    with talk(tmp_path, how, HASTY) as spoken:
        spoken.ready()
        (tmp_path / "now").touch()
        error = refused(spoken)
        assert (error.code, said in error.evidence) == (code, True), error
        assert not psutil.pid_exists(starts(tmp_path)[0]), "a process was left behind"
        (tmp_path / "now").unlink()
        spoken.patience = CALM
        assert spoken.ask("health", CALM.answer_s, address=1)["ok"] is True
    assert len(starts(tmp_path)) == 2


def test_what_a_dead_helper_left_behind_is_ended_too(tmp_path: Path) -> None:
    with talk(tmp_path, "children", HASTY) as spoken:
        spoken.ready()
        (tmp_path / "now").touch()
        assert refused(spoken).code == "no_answer"
    left = int((tmp_path / "left").read_text())
    # Nobody waits for it but whoever adopts orphans: it may stay a zombie there.
    eventually(lambda: not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE)


def test_who_speaks_another_protocol_or_for_another_device_is_no_helper_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "printer").touch()
    with talk(tmp_path, "well", CALM) as spoken:
        assert str(refused(spoken)) == "wrong_device: it speaks protocol 1 for a 'printer'"


def test_a_program_that_is_not_there_says_so() -> None:
    spoken = Talk(Child("lost", ["/nowhere/bridge"]), "sign", patience=CALM)
    assert "No such file or directory" in refused(spoken).evidence


def test_five_crashes_in_a_minute_are_enough_and_then_it_is_started_rarely(tmp_path: Path) -> None:
    now = [0.0]
    with talk(tmp_path, "segfault_at_once", CALM, lambda: now[0]) as spoken:
        seen = []
        for _ in range(240):
            seen.append(refused(spoken).code)
            now[0] += 1.0
        tried = len(starts(tmp_path))
        assert seen[: CRASHES + 1] == ["no_answer"] * CRASHES + ["unrecoverable"]
        assert tried == CRASHES + 7, "one start in half a minute"


def test_after_a_long_life_a_crash_is_the_first_one_again(tmp_path: Path) -> None:
    now = [0.0]
    with talk(tmp_path, "segfault", CALM, lambda: now[0]) as spoken:
        for _ in range(3 * CRASHES):
            spoken.ready()
            now[0] += 61.0
            (tmp_path / "now").touch()
            assert refused(spoken).code == "no_answer"
            (tmp_path / "now").unlink()
    assert len(starts(tmp_path)) == 3 * CRASHES


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_hanging_helper_dies_with_a_station_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIVES, str(misbehaving.__file__), "hang_at_once", str(tmp_path)]
    station = subprocess.Popen(command)
    eventually(lambda: bool(starts(tmp_path)))
    [helper] = starts(tmp_path)
    assert psutil.pid_exists(helper)
    station.kill()
    station.wait()
    eventually(lambda: not psutil.pid_exists(helper) or psutil.Process(helper).status() == psutil.STATUS_ZOMBIE)


def test_a_helper_that_fills_its_output_and_its_complaints_blocks_nobody(tmp_path: Path) -> None:
    with talk(tmp_path, "babble_at_once", HASTY) as spoken:
        assert refused(spoken).code == "garbled"
