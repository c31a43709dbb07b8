"""Every recording in this folder is played to the drivers of today, and they must say what they said then."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.escpos.slip import UNIT_BYTES, without_ink
from drivers.ports import DeviceError, Verdict
from drivers.sim.printer import SimPrinter
from drivers.trace import Recording, Tap
from tests.recorded import record
from tests.recorded.replay import Event, play, read

FILES = sorted(record.HERE.glob("*.jsonl"))
SIMULATED = {"printer-slip": record.record_slip, "sign-lost-ack": record.record_sign}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_drivers_say_today_what_they_said_when_it_was_recorded(file: Path) -> None:
    _, exchanges, end = read(file)
    assert exchanges
    assert play(file) == end["answers"]


@pytest.mark.parametrize("name", SIMULATED)
def test_what_is_recorded_now_can_be_played_now(name: str, tmp_path: Path) -> None:
    file = tmp_path / "now.jsonl"
    SIMULATED[name](file)
    assert play(file) == read(file)[2]["answers"] == read(record.HERE / f"{name}.jsonl")[2]["answers"]


def test_a_recording_may_begin_when_the_driver_has_long_been_at_work(tmp_path: Path) -> None:
    record.record_slip(tmp_path / "late.jsonl", slips_before=1)
    _, exchanges, end = read(tmp_path / "late.jsonl")
    assert exchanges[0].wire[0] | {"ms": 0} == {"ms": 0, "event": "link", "open": True}
    assert play(tmp_path / "late.jsonl") == end["answers"]


TROUBLES: dict[str, tuple[Verdict, Callable[[SimPrinter], object], tuple[tuple[str, str], ...]]] = {
    "paper out in the slip": (Verdict.CLEARED, lambda sim: sim.paper_out_after(10), ()),
    "cable cut": (Verdict.UNKNOWN, lambda sim: sim.cut_link_after(3000, "rst"), ()),
    "unplugged": (Verdict.NOT_SENT, lambda sim: sim.set_fault("unplugged", True), ()),
    "another device": (Verdict.NOT_SENT, lambda sim: sim.set_fault("wrong_junk", True), ()),
    "blade jammed": (Verdict.UNKNOWN, lambda sim: sim.set_fault("cutter_jam", True), ()),
    "torn answers": (Verdict.PRINTED, lambda sim: sim.set_fault("split", True), ()),
    "own letters": (Verdict.PRINTED, SimPrinter.tear, (("mode", "native"),)),
    "ids as fences": (Verdict.PRINTED, SimPrinter.tear, (("fence", "gsh"),)),
    "nothing confirmed": (Verdict.SPOOLED, SimPrinter.tear, (("fence", "none"), ("confirm", "no"))),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_played_as_it_was(trouble: str, tmp_path: Path) -> None:
    verdict, happen, options = TROUBLES[trouble]
    record.record_slip(tmp_path / "trouble.jsonl", 0 if options else 1, verdict, happen, options)
    assert play(tmp_path / "trouble.jsonl") == read(tmp_path / "trouble.jsonl")[2]["answers"]


def test_a_recording_of_a_simulator_says_so_and_names_no_address() -> None:
    for name in SIMULATED:
        text = (record.HERE / f"{name}.jsonl").read_text("utf-8")
        assert json.loads(text.splitlines()[0])["device"] == "simulator"
        assert "127.0.0.1" not in text
        assert "localhost" not in text


def changed(file: Path, path: Path, change: Callable[[Event], None]) -> Path:
    events = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for event in events:
        change(event)
    path.write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    return path


def flip_a_sent_bit(event: Event) -> None:
    if event["event"] == "write":
        event["data"] = f"{event['data'][:-2]}{int(event['data'][-2:], 16) ^ 1:02x}"


def silence_the_device(event: Event) -> None:
    if event["event"] == "read":
        event["data"] = ""


def believe_everything(event: Event) -> None:
    if event["event"] == "answer":
        event |= {"faults": ["paper_end"], "fault": "nak"}


@pytest.mark.parametrize("change", [flip_a_sent_bit, silence_the_device, believe_everything])
@pytest.mark.parametrize("name", SIMULATED)
def test_a_recording_that_was_tampered_with_does_not_play(
    name: str, change: Callable[[Event], None], tmp_path: Path
) -> None:
    file = changed(record.HERE / f"{name}.jsonl", tmp_path / "changed.jsonl", change)
    with pytest.raises(AssertionError):
        play(file)


def test_of_a_slip_only_the_size_of_its_pictures_is_written_down() -> None:
    head, exchanges, _ = read(record.HERE / "printer-slip.jsonl")
    sent = [bytes.fromhex(e["data"]) for one in exchanges for e in one.wire if e["event"] == "write"]
    pictures = [data for data in sent if data.startswith(b"\x1d\x76\x30\x00")]
    assert pictures
    assert all(not any(picture[8:-3]) and len(picture) <= UNIT_BYTES for picture in pictures)
    assert "Hall" not in json.dumps(head)


def test_ink_is_taken_out_of_every_picture_and_of_nothing_else() -> None:
    picture = b"\x1d\x76\x30\x00\x02\x00\x02\x00"
    data = b"\x1b\x4a\x10" + picture + b"\x1d\x76\x30\x00" + picture + b"\xff" * 4 + b"\x1d\x72\x01"
    assert without_ink(data) == b"\x1b\x4a\x10" + picture + bytes(4) + picture + bytes(4) + b"\x1d\x72\x01"
    assert without_ink(picture + b"\xff") == picture + b"\x00"


class Silent:
    """A wire on which nothing is ever said and that can be cut."""

    cut = False

    def open(self) -> None: ...

    def write(self, data: bytes, timeout_s: float) -> None:
        if self.cut:
            raise DeviceError("unreachable", "to 192.0.2.7")

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        return b""

    def wake(self) -> None:
        """Nobody else is here."""

    def drain(self) -> bytes:
        return b""

    def close(self) -> None: ...

    def describe(self) -> str:
        return "silent"


def lines(file: Path) -> list[Event]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_recording_begins_with_a_question_and_names_faults_without_their_evidence(tmp_path: Path) -> None:
    tap, silent = Tap(), Silent()
    wire = tap.on(silent)
    wire.open()
    recording = Recording(tmp_path / "a.jsonl", {"device": "x"}, lambda: 5.0)
    tap.record(recording)
    wire.write(b"the end of an exchange", 1.0)
    tap.ask("status", "x")
    silent.cut = True
    with pytest.raises(DeviceError):
        wire.write(b"\x10\x04\x01", 1.0)
    wire.close()
    wire.close()
    recording.end("time")
    tap.answer("status", "x")
    assert lines(tmp_path / "a.jsonl") == [
        {"ms": 0.0, "event": "begin", "device": "x"},
        {"ms": 0.0, "event": "link", "open": True},
        {"ms": 0.0, "event": "ask", "what": "status", "device": "x"},
        {"ms": 0.0, "event": "write", "data": "100401"},
        {"ms": 0.0, "event": "error", "call": "write", "fault": "unreachable"},
        {"ms": 0.0, "event": "close"},
        {"ms": 0.0, "event": "end", "why": "time", "answers": {}},
    ]


def test_a_full_file_is_ended_whole(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.jsonl", {"device": "x"}, max_bytes=200)
    for _ in range(100):
        recording.note("read", {"data": "00"})
    assert recording.over == "size"
    recording.end("time")
    recording.end("again")
    told = lines(tmp_path / "a.jsonl")
    assert (told[-1]["event"], told[-1]["why"], len(told) < 10) == ("end", "size", True)
