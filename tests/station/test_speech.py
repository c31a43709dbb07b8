"""What a station does with calls to be said aloud: begun once, also over a restart, and an outcome for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from display.board import Name
from display.phrases import Phrases
from drivers.ports import Announcement, SpeechResult
from hall_server.contract import DeviceOrder, Owed, SpeechOrder, SpokenReport
from hall_server.station.slips import LOCALE
from hall_server.station.speech import TEST_AGE_S, Speech, announcement
from hall_server.station.speech_log import SpeechLog

PHRASES = Phrases.load(LOCALE)
AT, LATER = "2026-11-22T02:00:00.000Z", "2026-11-22T02:00:07.500Z"
VOICE = DeviceOrder(id="v1", kind="voice", url="socket://192.0.2.9:7000")


def order(number: int, **more: object) -> SpeechOrder:
    plain = {"id": f"call-{number}", "device": "v1", "ticket": f"t{number}", "label": "A027", "window": "12", "at": AT}
    return SpeechOrder.model_validate({**plain, **more})


def owed(*speech: SpeechOrder) -> Owed:
    return Owed(epoch=1, rev=1, station="hall", at=LATER, devices=(VOICE,), speech=speech)


class Rig:
    """The speech of one station with a supervisor that only remembers; ``told`` counts the calls of the reporter."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []
        self.told = 0
        self.start()

    def start(self) -> None:
        self.log = SpeechLog(self.path)
        self.speech = Speech(self.log, lambda _, one: self.said.append(one.announcement_id), PHRASES, self._tell)

    def _tell(self) -> None:
        self.told += 1

    def killed(self) -> int:
        """A new process on the same disk; how many sentences were cut short."""
        self.log.close()
        self.start()
        return self.log.recover()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "station.sqlite3")
    yield made
    made.log.close()


def test_a_call_is_read_digit_by_digit_and_the_window_as_a_number() -> None:
    assert announcement(order(7), LATER, PHRASES) == Announcement(
        "call-7", "t7", "A零二七号顾客，请到12号窗口办理业务。", "Ticket A 0 2 7, please proceed to window 12.", 7.5
    )


def test_a_test_names_its_module_and_a_clock_that_is_behind_makes_no_call_younger_than_new() -> None:
    tested = order(1, id="test-x", ticket="", test=Name("大厅[v16]", "Hall"))
    assert announcement(tested, "", PHRASES) == Announcement(
        "test-x", "test-x", "大厅[v16]测试，一，二，三。", "Hall, test, one, two, three.", TEST_AGE_S
    )
    assert announcement(order(1, at=LATER), AT, PHRASES).age_s == 0.0


def test_what_is_owed_again_and_again_is_handed_over_once(rig: Rig) -> None:
    for _ in range(3):
        rig.speech.take(owed(order(1), order(2)))
    rig.speech.take(owed(order(2), order(3), order(4, device="elsewhere")))
    assert rig.said == ["call-1", "call-2", "call-3"]


def test_what_was_begun_is_never_begun_again_and_is_not_called_spoken_after_a_kill(rig: Rig) -> None:
    rig.speech.take(owed(order(1), order(2)))
    assert rig.speech.may_say("v1", "call-1")
    assert not rig.speech.may_say("v1", "call-1")
    assert rig.killed() == 1
    rig.speech.take(owed(order(1), order(2)))
    assert rig.said == ["call-1", "call-2", "call-2"], "what was not begun may still be in time"
    assert rig.log.unknown_to_hall() == (
        SpokenReport(
            device="v1", announcement="call-1", spoken=False, evidence="the station stopped while it was being said"
        ),
    )


def test_an_outcome_is_on_disk_until_the_hall_knows_it_and_the_first_one_stands(rig: Rig) -> None:
    rig.speech.take(owed(order(1)))
    rig.speech.may_say("v1", "call-1")
    rig.speech.spoken("v1", "call-1", SpeechResult(True, "taken, busy, idle"))
    rig.speech.spoken("v1", "call-1", SpeechResult(False, "too late"))
    assert rig.killed() == 0
    report = SpokenReport(device="v1", announcement="call-1", spoken=True, evidence="taken, busy, idle")
    assert rig.log.unknown_to_hall() == (report,)
    rig.log.known([report])
    assert (rig.log.unknown_to_hall(), rig.told) == ((), 2)


def test_a_call_that_was_merged_into_another_has_its_outcome_without_having_been_begun(rig: Rig) -> None:
    rig.speech.spoken("v1", "call-2", SpeechResult(True))
    assert [one.announcement for one in rig.log.unknown_to_hall()] == ["call-2"]


def test_a_station_that_stops_leaves_what_it_has_not_begun_to_the_next_start(rig: Rig) -> None:
    rig.speech.take(owed(order(1), order(2)))
    rig.speech.may_say("v1", "call-1")
    rig.speech.stop()
    rig.speech.spoken("v1", "call-1", SpeechResult(True))
    rig.speech.spoken("v1", "call-2", SpeechResult(False, "the worker has been stopped"))
    assert [(one.announcement, one.spoken) for one in rig.log.unknown_to_hall()] == [("call-1", True)]
    rig.killed()
    rig.speech.take(owed(order(1), order(2)))
    assert rig.said[2:] == ["call-2"]
