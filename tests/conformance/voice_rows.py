"""What the driver of voice modules must do: each call begun once, called spoken only on the module's own word."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from drivers.ports import Announcement, DeviceSpec, SpeechResult
from drivers.sim.voice import SimVoice
from drivers.speech.voice import Patience
from drivers.speech.worker import SpeechWorker
from tests.conformance.bus_rig import OK, PATIENCE_S, RECOVER_S, WIRES, Bridge, Ear, eventually
from tests.conformance.rows import NotHereError, Row
from tests.found import missing

ONE = ("socket",)
HASTY = Patience(
    answer_s=0.3, late_s=0.5, ask_s=0.1, begun_s=0.03, busy_s=0.8, fastest_s=0.02, slowest_s=0.1, longest_s=0.5,
    poll_s=0.3, missed_s=0.2,
)  # fmt: skip
CHARACTER_S = 0.06  # of the simulated voice: a sentence takes a second
LATE_S = 0.45  # later than is waited for, and sooner than the next question
SENTENCE = "{}号顾客，请到{}号窗口办理业务"
FLOOD = 16
LEFT = 14.0  # of a call's twenty seconds, where the driver has to be seen to give it up


class VoiceEar(Ear):
    """Also hears what became of announcements."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.results: list[tuple[str, SpeechResult]] = []

    def may_say(self, device: str, announcement_id: str) -> bool:
        with self._changed:
            self.begun.append(announcement_id)
            return True

    def spoken(self, device: str, announcement_id: str, result: SpeechResult) -> None:
        with self._changed:
            self.results.append((announcement_id, result))
            self._changed.notify_all()

    def result(self, name: str) -> SpeechResult:
        self.wait_for(lambda: any(name == told for told, _ in self.results))
        return next(result for told, result in self.results if told == name)


@dataclass(slots=True)
class VoiceRig:
    """A worker, its ear and its module."""

    sim: SimVoice
    url: str
    options: dict[str, str] = field(default_factory=dict)
    ear: VoiceEar = field(default_factory=VoiceEar)
    worker: SpeechWorker = field(init=False)
    _thread: threading.Thread = field(init=False)
    _calls: int = 0

    def __enter__(self) -> "VoiceRig":
        spec = DeviceSpec("v1", "voice", self.url, tuple(sorted(self.options.items())))
        self.worker = SpeechWorker(spec, self.ear, recover_s=RECOVER_S, patience=HASTY)
        self._thread = threading.Thread(target=self.worker.run, daemon=True)
        self._thread.start()
        self.ear.wait_health("v1", "ok")
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the worker did not stop"

    def call(self, label: str, window: str = "3", age_s: float = 0.0, zh: str = "") -> str:
        self._calls += 1
        name = f"call-{self._calls}"
        english = f"Ticket {label} to window {window}"
        self.worker.say(Announcement(name, label, zh or SENTENCE.format(label, window), english, age_s))
        return name

    def saying(self, text: str = "") -> None:
        """Wait until the module says something (with this in it)."""
        eventually(lambda: bool(self.sim.state()["saying"]) and text in str(self.sim.state()["saying"]))

    def said(self) -> list[str]:
        """What was said to its end, oldest first."""
        told = self.sim.state()["said"]
        assert isinstance(told, list)
        return [str(one["text"]) for one in reversed(told) if one["whole"]]

    def speaks(self) -> None:
        """All is well again: the next call is spoken."""
        assert self.ear.result(self.call("A999")).spoken
        self.ear.wait_health("v1", "ok")


@contextmanager
def plugged(wire: str, folder: Path, family: str = "syn6288") -> Iterator[tuple[SimVoice, str, Bridge | None]]:
    """A module behind a wire, and the URL by which a station reaches it."""
    lacks = missing("ser2net") if wire in ("ser2net", "rfc2217") else None
    if lacks:
        raise NotHereError(lacks)
    link = None if wire == "socket" else folder / "usb-adapter-by-id"
    sim = SimVoice(link=link, family=family, character_s=CHARACTER_S, late_s=LATE_S).start()
    bridge = None
    try:
        if link is None or wire == "serial":
            yield sim, sim.url, None
            return
        bridge = Bridge(folder, link, {"ser2net": "tcp", "rfc2217": "telnet(rfc2217),tcp"}[wire])
        bridge.start()
        scheme = "socket" if wire == "ser2net" else wire
        yield sim, f"{scheme}://127.0.0.1:{bridge.port}", bridge
    finally:
        if bridge is not None:
            bridge.stop()
        sim.stop()


def healthy(rig: VoiceRig) -> str:
    result = rig.ear.result(rig.call("A027"))
    assert result.spoken, result
    sentence = SENTENCE.format("A027", "3")
    assert rig.said()[:2] == [sentence, sentence], "one waiting: twice, and no English by a module that spells it"
    assert rig.sim.state()["volume"] == ""
    return "spoken after taken, busy, idle; said twice"


def english(rig: VoiceRig) -> str:
    rig.ear.result(rig.call("A027"))
    zh = SENTENCE.format("A027", "3")
    assert rig.said() == [zh, "Ticket A027 to window 3", zh]
    return "Chinese, English, Chinese"


def volume(rig: VoiceRig) -> str:
    """Brackets in a text are no commands."""
    rig.ear.result(rig.call("A027", zh="[v1]A[s0]027号顾客请到窗口"))
    assert rig.sim.state()["volume"] == "9"
    assert rig.said()[0] == " v1 A s0 027号顾客请到窗口".strip()
    return "volume 9 in each text, a command in a name read out"


def busy(rig: VoiceRig) -> str:
    rig.sim.set_fault("busy", True)
    name = rig.call("A001")
    time.sleep(HASTY.ask_s)
    assert (rig.ear.results, rig.ear.begun) == ([], [])
    rig.sim.set_fault("busy", False)
    assert rig.ear.result(name).spoken
    return "waits for its end, then spoken"


def busy_for_ever(rig: VoiceRig) -> str:
    rig.sim.set_fault("busy", True)
    assert not rig.ear.result(rig.call("A001")).spoken
    rig.ear.wait_health("v1", "degraded", "unspoken")
    assert not rig.ear.result(rig.call("A002")).spoken
    rig.ear.wait_health("v1", "failed", "unspoken")
    assert rig.said() == []
    rig.sim.set_fault("busy", False)
    rig.speaks()
    return "stopped once, not spoken; degraded, then failed; ok with the next call"


def mute(rig: VoiceRig) -> str:
    rig.sim.set_fault("mute", True)
    name = rig.call("A001", age_s=LEFT)
    rig.ear.wait_health("v1", "failed", "no_answer")
    assert rig.ear.result(name) == SpeechResult(False, "not begun within 20 s: no_answer")
    assert rig.ear.begun == []
    rig.sim.set_fault("mute", False)
    rig.ear.wait_health("v1", "ok")
    told = [("ok",), ("degraded", "no_answer"), ("failed", "no_answer"), ("degraded", "no_answer"), ("ok",)]
    assert rig.ear.said("v1") == told, "once each way"
    return "not spoken; degraded, failed no_answer; ok again"


def goes_mute(rig: VoiceRig) -> str:
    """It takes the text, and then says no more: what it said aloud nobody knows."""
    name = rig.call("A001")
    rig.saying("A001")
    rig.sim.set_fault("mute", True)
    assert not rig.ear.result(name).spoken
    return "not spoken"


def refuses_once(rig: VoiceRig) -> str:
    rig.sim.set_fault("nak_once", True)
    assert rig.ear.result(rig.call("A001")).spoken
    assert not rig.sim.faults()["nak_once"]
    assert rig.ear.said("v1") == OK
    return "one repetition, spoken"


def refuses(rig: VoiceRig) -> str:
    rig.sim.set_fault("nak", True)
    for label, state in (("A001", "degraded"), ("A002", "failed")):
        result = rig.ear.result(rig.call(label))
        assert (result.spoken, result.evidence) == (False, "nak")
        rig.ear.wait_health("v1", state, "nak")
    rig.sim.set_fault("nak", False)
    rig.speaks()
    return "nak; degraded, then failed; no loop"


def power_cycled(rig: VoiceRig) -> str:
    name = rig.call("A001")
    rig.saying("A001")
    rig.sim.power_cycle()
    result = rig.ear.result(name)
    assert (result.spoken, "anew" in result.evidence) == (False, True), result
    rig.speaks()
    return "not spoken: it started anew"


def power_gone(rig: VoiceRig) -> str:
    name = rig.call("A001")
    rig.saying("A001")
    rig.sim.set_fault("off", True)
    assert not rig.ear.result(name).spoken
    rig.ear.wait_health("v1", "failed", "no_answer")
    rig.sim.set_fault("off", False)
    rig.speaks()
    return "not spoken; failed no_answer; ok again"


def late(rig: VoiceRig) -> str:
    first = rig.call("A001")
    rig.saying("A001")
    rig.sim.set_fault("late", True)
    # On a busy machine the late word may still be in time; then it must be true.
    assert not rig.ear.result(first).spoken or rig.said(), "an answer to an older question was taken for the end"
    second = rig.call("A002", age_s=LEFT)
    assert not rig.ear.result(second).spoken
    assert rig.ear.begun == [first], "begun without a word that it is idle"
    rig.sim.set_fault("late", False)
    rig.speaks()
    return "no answer credited to another question; ok again"


def garbled(rig: VoiceRig) -> str:
    rig.sim.set_fault("garbage", True)
    name = rig.call("A001", age_s=LEFT)
    rig.ear.wait_health("v1", "failed", "garbled")
    assert rig.ear.result(name) == SpeechResult(False, "not begun within 20 s: garbled")
    assert rig.ear.begun == []
    rig.sim.set_fault("garbage", False)
    rig.ear.wait_health("v1", "ok")
    return "not spoken; failed garbled; ok again"


def replugged(rig: VoiceRig) -> str:
    name = rig.call("A001")
    rig.saying("A001")
    rig.sim.set_fault("unplugged", True)
    assert not rig.ear.result(name).spoken
    rig.ear.wait_for(lambda: rig.ear.said("v1")[-1][0] == "failed")
    waiting = rig.call("A002")
    rig.sim.set_fault("unplugged", False)
    assert rig.ear.result(waiting).spoken, "who was called while it was away, and not too long ago, is called"
    rig.ear.wait_health("v1", "ok")
    states = [said[0] for said in rig.ear.said("v1")]
    assert states in (["ok", "degraded", "failed", "degraded", "ok"], ["ok", "failed", "degraded", "ok"]), states
    return f"not spoken; {rig.ear.said('v1')[-3][1]}; call kept, spoken, ok"


def too_old(rig: VoiceRig) -> str:
    late, fresh = rig.call("A001", age_s=20.0), rig.call("A002", age_s=19.0)
    assert rig.ear.result(late).evidence == "not begun within 20 s"
    assert rig.ear.result(fresh).spoken
    assert rig.ear.begun == [fresh]
    assert not any("A001" in one for one in rig.said())
    return "never begun, told so; one of 19 s spoken"


def flood(rig: VoiceRig) -> str:
    names = [rig.call(f"A{number:03}", age_s=17.0) for number in range(FLOOD)]
    results = [rig.ear.result(name) for name in names]
    spoken = [result.spoken for result in results]
    assert 1 <= sum(spoken) < FLOOD
    assert spoken == sorted(spoken, reverse=True), "not in the order of the calls"
    assert len(rig.ear.results) == FLOOD
    assert rig.ear.begun == names[: len(rig.ear.begun)]
    assert {result.evidence for result in results if not result.spoken} == {"not begun within 20 s"}
    return f"{sum(spoken)} spoken in order, {FLOOD - sum(spoken)} told as not spoken, none twice"


def recalled(rig: VoiceRig) -> str:
    first = rig.call("A001")
    rig.saying("A001")
    again, other = rig.call("A001"), rig.call("A002")
    assert [rig.ear.result(name).spoken for name in (first, again, other)] == [True, True, True]
    assert rig.ear.begun == [first, other]
    assert rig.said()[0] == SENTENCE.format("A001", "3")
    assert rig.said()[1] == SENTENCE.format("A002", "3"), "who waits goes before a repetition"
    return "one sentence for both calls, then the next customer"


def stopped(rig: VoiceRig) -> str:
    first = rig.call("A001")
    rig.saying("A001")
    second = rig.call("A002")
    rig.worker.stop()
    assert rig.ear.result(first).spoken
    assert rig.ear.result(second).evidence == "the worker has been stopped"
    return "the sentence in hand is said, what waits is told as not spoken"


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario with one module; ``see`` says what it saw."""

    number: str
    scenario: str
    expected: str
    see: Callable[[VoiceRig], str]
    wires: tuple[str, ...] = ONE
    family: str = "syn6288"
    options: tuple[tuple[str, str], ...] = ()


CASES = (
    Case("1", "healthy", "spoken after taken, busy, idle", healthy, WIRES),
    Case("2", "a module that reads English", "Chinese, English, Chinese", english, family="xfs5152"),
    Case("3", "commands in a name", "read out, not obeyed", volume, options=(("volume", "9"),)),
    Case("4", "busy with something else", "waits, spoken", busy),
    Case("5", "busy for ever", "not spoken; degraded, failed", busy_for_ever),
    Case("6", "mute", "not spoken; failed no_answer", mute),
    Case("7", "mute after it took the text", "not spoken", goes_mute),
    Case("8", "refuses once", "one repetition, spoken", refuses_once),
    Case("9", "refuses always", "nak; failed, no loop", refuses),
    Case("10", "power cycle while it speaks", "not spoken", power_cycled),
    Case("11", "loses its power while it speaks", "not spoken; failed, ok again", power_gone),
    Case("12", "answers late", "credited to no other question", late),
    Case("13", "answers garbage", "not spoken; failed garbled", garbled),
    Case("14", "unplugged while it speaks, and back", "not spoken; kept call spoken", replugged, ("socket", "serial")),
    Case("15", "called 20 s ago", "never begun, told so", too_old),
    Case("16", "16 calls at once", "each spoken once in order, or told as not spoken", flood),
    Case("17", "recall of who is being called", "one sentence", recalled),
    Case("18", "the worker is stopped while it speaks", "said to its end", stopped),
)  # fmt: skip


def _run(case: Case, wire: str, folder: Path) -> str:
    with plugged(wire, folder, case.family) as (sim, url, _):
        options = {"family": case.family, **dict(case.options)}
        with VoiceRig(sim, url, options) as rig:
            return case.see(rig)


VOICE_ROWS: tuple[Row, ...] = tuple(
    Row(f"voice module, {wire}", case.number, case.scenario, case.expected, partial(_run, case, wire))
    for case in CASES
    for wire in case.wires
)
