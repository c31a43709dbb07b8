"""A voice module behind the supervisor, and what is told of announcements that nobody can say."""

from collections.abc import Iterator

import pytest

from drivers.ports import Announcement, DeviceSpec
from drivers.sim.voice import SimVoice
from drivers.speech.worker import SpeechWorker
from drivers.supervisor import Supervisor
from drivers.trace import Tap
from tests.conformance.bus_rig import eventually
from tests.conformance.voice_rows import VoiceEar
from tests.drivers.test_supervisor import PATIENCE_S, Hall


@pytest.fixture
def voice() -> Iterator[SimVoice]:
    simulated = SimVoice(character_s=0.1).start()
    yield simulated
    simulated.stop()


def call(name: str) -> Announcement:
    return Announcement(name, name, "请到三号窗口。", "To window 3.")


def test_a_module_speaks_and_a_device_that_is_none_says_so(voice: SimVoice) -> None:
    hall = Hall()
    supervisor = Supervisor([DeviceSpec("v1", "voice", voice.url)], hall)
    supervisor.start()
    try:
        supervisor.say("v1", call("c1"))
        supervisor.say("sign7", call("c2"))
        hall.wait_for(lambda: len(hall.spoken_of) == 2)
        assert sorted(hall.spoken_of) == [("sign7", "c2", False), ("v1", "c1", True)]
        assert hall.said("v1") == [("ok", ())]
    finally:
        supervisor.stop(PATIENCE_S)


def test_settings_that_change_let_the_sentence_in_hand_end_and_tell_what_waited(voice: SimVoice) -> None:
    hall = Hall()
    supervisor = Supervisor([DeviceSpec("v1", "voice", voice.url)], hall)
    supervisor.start()
    try:
        supervisor.say("v1", call("c1"))
        supervisor.say("v1", call("c2"))
        eventually(lambda: bool(voice.state()["saying"]))
        supervisor.replace([DeviceSpec("v1", "voice", voice.url, (("volume", "12"),))])
        supervisor.say("v1", call("c3"))
        hall.wait_for(lambda: len(hall.spoken_of) == 3)
    finally:
        supervisor.stop(PATIENCE_S)
    assert sorted(hall.spoken_of) == [("v1", "c1", True), ("v1", "c2", False), ("v1", "c3", True)]
    assert voice.state()["volume"] == "12"


class Crashing(Tap):
    """A driver with a mistake in it, on its way to the wire."""

    def ask(self, what: str, device: str, **said: object) -> None:
        if what == "say":
            raise RuntimeError("a mistake of ours")


def test_after_a_crash_a_sentence_is_not_called_spoken_and_never_begun_again(voice: SimVoice) -> None:
    ear = VoiceEar()
    worker = SpeechWorker(DeviceSpec("v1", "voice", voice.url), ear, tap=Crashing())
    worker.say(call("c1"))
    with pytest.raises(RuntimeError):
        worker.run()
    worker.say(call("c2"))
    worker.recover()
    assert [(name, result.spoken) for name, result in ear.results] == [("c1", False)]
    worker.stop()
    worker.recover()
    assert [(name, result.evidence) for name, result in ear.results] == [
        ("c1", "the worker crashed"), ("c2", "the worker has been stopped"),
    ]  # fmt: skip
    assert ear.begun == ["c1"]
