"""Signs of unlike families: what is sent to each, how long it is waited for, and what may be claimed of it."""

from pathlib import Path

import pytest

from drivers.bus import worker
from drivers.bus.exchange import Line
from drivers.bus.hearing import Answer, Spoken
from drivers.led.families import FAMILIES
from drivers.ports import Colour
from drivers.sim.boards import BOARDS
from tests.conformance.bus_rig import Rig, eventually, plugged
from tests.drivers.bus.test_exchange import Scripted

POLL = bytes.fromhex("85 C0 48")
ALIVE = b"\x3b"


def spoken(family: str, address: int) -> Spoken:
    return Spoken(address, FAMILIES[family], FAMILIES[family].codec(8))


def line(scripted: Scripted) -> Line:
    return Line(scripted, 9600, scripted.clock, scripted.sleep)


def ask(on: Line, sign: Spoken) -> Answer:
    return on.ask(sign, sign.codec.show(sign.address, "A012", Colour.RED), 2)


def test_a_sign_that_never_answers_is_told_once_and_not_waited_for() -> None:
    scripted = Scripted()
    assert ask(line(scripted), spoken("ed400", 1)) == Answer(None, 1)
    assert scripted.sent == [bytes.fromhex("02 30 31 41 30 31 32 03")]
    assert scripted.now - 100.0 < 0.05


def test_a_polled_sign_is_asked_behind_its_text_and_again_when_it_is_silent() -> None:
    scripted = Scripted([], [], [], [(0.01, ALIVE)])
    assert ask(line(scripted), spoken("ruize", 5)) == Answer(None, 2)
    text = bytes.fromhex("85 C0 44 41 30 31 32 1A")
    assert scripted.sent == [text, POLL, text, POLL]


def test_a_sign_can_be_asked_whether_it_lives_without_its_text() -> None:
    scripted = Scripted([(0.01, ALIVE)])
    assert line(scripted).alive(spoken("ruize", 5), 2) == Answer(None, 1)
    assert scripted.sent == [POLL]


def test_the_pause_of_a_family_is_kept_between_its_own_frames_only() -> None:
    scripted = Scripted([], [], [(0.01, bytes.fromhex("A0 90 03 A5 AA"))])
    on, times = line(scripted), []
    for family, address in (("qsystem", 32), ("a0_90", 3), ("qsystem", 33)):
        ask(on, spoken(family, address))
        times.append(scripted.now)
    assert times[1] - times[0] < 0.3
    assert times[2] - times[0] >= 0.3


def test_a_family_with_a_slower_answer_is_waited_for_from_the_first_question_on() -> None:
    scripted = Scripted([(0.4, b"ACK")])
    assert ask(line(scripted), spoken("am03127", 1)) == Answer(None, 1)


def test_a_sign_with_a_heartbeat_is_painted_once_and_then_only_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    boards = {address: BOARDS["lihe_v2"]() for address in (1, 2, 3)}
    options = (("family", "lihe_v2"),)
    with (
        plugged("socket", tmp_path, boards=boards) as site,
        Rig(site.sim, site.url, options=lambda _: options) as rig,
    ):
        rig.ear.wait_shown(rig.call("w1", "A012"))
        poll = bytes.fromhex("A0 03 98 01 50 24 FF").hex(" ").upper()
        eventually(lambda: any(frame.data == poll for frame in site.sim.frames()))
        assert rig.sent("1: A012") == ["1: A012"]
        monkeypatch.setattr(worker, "REPAINT_S", 0.0)
        eventually(lambda: len(rig.sent("1: A012")) > 1)
        rig.undisturbed("w1", "w2", "w3", "bus")
