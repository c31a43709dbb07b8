"""A hall that speaks its calls by a voice module: each once, also when the station is killed in the middle of one."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.sim.voice import SimVoice
from tests.e2e.hall import until
from tests.e2e.test_pads import HALL, bodies
from tests.server.databases import fresh_database
from tests.server.halls import COUNTER, write_settings
from tests.server.program import PROJECT, Program, free_port

CHARACTER_S = 0.1  # a sentence takes two seconds: time enough to pull a plug
MORE = """
[[window]]
id = "3"
services = ["id", "tax"]

[[device]]
id = "voice1"
kind = "voice"
zh = "语音模块"
en = "Voice module"
url = "{url}"
options = {{ volume = "9" }}
"""
SENTENCE = "A零零{}号顾客，请到3号窗口办理业务。"


@dataclass
class Spoken:
    """The hall's server, the program of its station, and the module."""

    program: Program
    voice: SimVoice
    station: "subprocess.Popen[bytes] | None" = None

    def start_station(self) -> None:
        home = self.program.home
        (home / "station.token").write_text(self.program.token("station", "hall"), "ascii")
        command = [sys.executable, "-m", "hall_server.station", "--id", "hall", "--server", self.program.url]
        files = ["--token-file", str(home / "station.token"), "--state-dir", str(home / "state"), "--recover-s", "0.5"]
        self.station = subprocess.Popen([*command, *files], cwd=PROJECT)

    def kill_station(self) -> None:
        assert self.station is not None
        self.station.kill()
        self.station.wait()

    def device(self) -> dict[str, Any]:
        devices = self.program.ask("GET", "/api/v1/devices", token=self.program.admin)[1]["devices"]
        return dict(next(one for one in devices if one["id"] == "voice1"))

    def unspoken(self) -> bool:
        return bool(self.program.ask("GET", "/api/v1/windows/3", token=self.program.admin)[1]["ticket"]["unspoken"])

    def said(self) -> list[str]:
        told = self.voice.state()["said"]
        assert isinstance(told, list)
        return [str(one["text"]) for one in reversed(told)]

    def saying(self, number: str) -> None:
        until(lambda: self.voice.state()["saying"] == SENTENCE.format(number), f"A00{number} is called")

    def serve(self) -> None:
        self.program.post("/windows/3/start")
        self.program.post("/windows/3/finish")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Spoken]:
    voice = SimVoice(character_s=CHARACTER_S).start()
    write_settings(tmp_path, HALL + COUNTER + MORE.format(url=voice.url))
    fresh_database(tmp_path / "hall.sqlite3")
    program = Program(tmp_path, free_port())
    program.start()
    program.post("/day/open")
    made = Spoken(program, voice)
    made.start_station()
    yield made
    made.kill_station()
    program.stop()
    voice.stop()


def test_calls_are_spoken_once_and_the_clerk_sees_which_were_not(hall: Spoken) -> None:
    until(lambda: hall.device()["state"] == "ok", "the module answers", 60)
    for _ in range(3):
        hall.program.post("/tickets", {"service": "id"})

    hall.program.post("/windows/3/next")
    until(lambda: bodies(hall.program, "TicketSpoken"), "the module says that it has said it")
    assert hall.said()[0] == SENTENCE.format("一")
    assert not hall.unspoken()
    hall.serve()

    hall.program.post("/windows/3/next")
    hall.saying("二")
    hall.kill_station()
    hall.start_station()
    until(hall.unspoken, "nobody knows how much of it was heard")
    until(lambda: hall.device()["state"] == "ok", "the station is back", 60)
    until(lambda: not hall.voice.state()["saying"], "it has ended by itself")
    assert hall.said().count(SENTENCE.format("二")) == 1
    hall.program.post("/windows/3/recall")
    hall.saying("二")
    hall.voice.power_cycle()
    until(hall.unspoken, "it started anew in the middle")
    hall.serve()

    hall.voice.set_fault("unplugged", True)
    hall.program.post("/windows/3/next")
    until(lambda: hall.device()["repair"], "a repair is open")
    board = hall.program.ask("GET", "/api/v1/board")[1]
    assert [(one["kind"], one["at"]) for one in board["notices"]] == [("voice", "")]
    hall.voice.set_fault("unplugged", False)
    hall.saying("三")
    until(lambda: hall.device()["repair"] is None, "a sentence said to its end proves that it is repaired")

    hall.program.post("/devices/voice1/test")
    until(lambda: (hall.device()["test"] or {}).get("outcome") == "spoken", "the module says that it has spoken")
    assert "语音模块测试，一，二，三。" in hall.said()
    spoken, not_spoken = (bodies(hall.program, kind) for kind in ("TicketSpoken", "TicketNotSpoken"))
    assert (len(spoken), len(not_spoken)) == (2, 2)
