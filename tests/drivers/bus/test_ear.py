"""What an ear makes of the bytes of a line: whose they are, however they come, and which are our own."""

import pytest

from drivers.bus.ear import OWN_ECHO_S, REST_S, Ear
from drivers.led.a0_90 import HEADER
from drivers.pad import ff68
from drivers.pad.ff68 import Frame

KEY = ff68.frame(5, 0x10, b"\x0c")
ACK = HEADER + b"\x05\xa5\xaa"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heard() -> list[Frame]:
    return []


@pytest.fixture
def ear(clock: Clock, heard: list[Frame]) -> Ear:
    def hear(frame: Frame) -> bytes:
        heard.append(frame)
        return frame.raw

    return Ear(clock, hear)


@pytest.mark.parametrize(
    "stream", [KEY + ACK, ACK + KEY, b"\x00" + KEY + ACK, KEY + b"\x7e" + ACK, ACK[:2] + KEY + ACK[2:]]
)
def test_a_key_is_taken_out_and_the_rest_is_left_as_it_came(ear: Ear, heard: list[Frame], stream: bytes) -> None:
    for cut in range(len(stream)):
        heard.clear()
        left = ear.take(stream[:cut]) + ear.take(stream[cut:])
        assert (left, [one.raw for one in heard]) == (stream.replace(KEY, b""), [KEY]), cut
        assert ear.owed == [KEY]
        ear.owed.clear()


def test_who_listens_to_nobody_takes_nothing() -> None:
    ear = Ear(Clock(), None)
    assert (ear.take(KEY + ACK), ear.tail, ear.owed, ear.listens) == (KEY + ACK, b"", [], False)


def test_a_beginning_without_an_end_is_given_back(ear: Ear, clock: Clock, heard: list[Frame]) -> None:
    assert (ear.take(b"\x01\xff"), ear.tail, ear.waits()) == (b"\x01", b"\xff", True)
    clock.now += REST_S
    assert not ear.waits()
    assert ear.take(KEY) == b"\xff"
    assert [one.raw for one in heard] == [KEY]


def test_our_own_words_are_known_once_and_only_for_a_moment(ear: Ear, clock: Clock, heard: list[Frame]) -> None:
    ear.said(KEY, clock.now)
    assert ear.take(KEY) == b""
    assert (heard, ear.owed) == ([], [])
    ear.take(KEY)
    assert len(heard) == 1
    ear.owed.clear()
    ear.said(KEY, clock.now)
    clock.now += OWN_ECHO_S
    ear.take(KEY)
    assert len(heard) == 2


def test_a_key_that_still_waits_for_its_acknowledgement_is_the_same_press(
    ear: Ear, clock: Clock, heard: list[Frame]
) -> None:
    for _ in range(4):
        ear.take(KEY)
        clock.now += 0.7
    assert (len(heard), ear.owed) == (1, [KEY])
