"""One question on a scripted line with a fake clock: what is credited, what is learnt, how long it takes."""

import pytest

from drivers.bus.exchange import Line
from drivers.bus.hearing import Spoken
from drivers.led.families import FAMILIES
from drivers.ports import Colour

FAMILY = FAMILIES["a0_90"]
CODEC = FAMILY.codec(8)
FRAME = CODEC.show(3, "A012", Colour.RED)
WIRE_S = len(FRAME) * 10 / 9600
ACK = bytes.fromhex("A0 90 03 A5 AA")
NAK = bytes.fromhex("A0 90 03 A5 55")
NEIGHBOUR = bytes.fromhex("A0 90 04 A5 AA")


class Scripted:
    """A line on which, after each frame, bytes arrive at given seconds; reading is what makes time pass."""

    def __init__(self, *scripts: list[tuple[float, bytes]]) -> None:
        self.now = 100.0
        self.sent: list[bytes] = []
        self._scripts = list(scripts)
        self._coming: list[tuple[float, bytes]] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def open(self) -> None:
        """Always open."""

    def close(self) -> None:
        """Always open."""

    def describe(self) -> str:
        return "a scripted line"

    def write(self, data: bytes, timeout_s: float) -> None:
        self.sent.append(data)
        script = self._scripts.pop(0) if self._scripts else []
        self._coming += [(self.now + WIRE_S + after_s, data) for after_s, data in script]

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        if self._coming and self._coming[0][0] <= self.now + timeout_s:
            at, data = self._coming.pop(0)
            self.now = max(self.now, at)
            return data
        self.now += timeout_s
        return b""

    def wake(self) -> None:
        """Nobody else is here."""

    def drain(self) -> bytes:
        waiting = b"".join(data for at, data in self._coming if at <= self.now)
        self._coming = [(at, data) for at, data in self._coming if at > self.now]
        return waiting


def line(scripted: Scripted) -> Line:
    return Line(scripted, 9600, scripted.clock, scripted.sleep)


def ask(on: Line, tries: int = 2, address: int = 3) -> tuple[str | None, int]:
    answer = on.ask(Spoken(address, FAMILY, CODEC), CODEC.show(address, "A012", Colour.RED), tries)
    return answer.fault, answer.tries


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        ([(0.01, ACK)], (None, 1)),
        ([(0.01, ACK[:2]), (0.02, ACK[2:])], (None, 1)),
        ([(0.01, b"\x00\xff" + ACK)], (None, 1)),
        ([(-WIRE_S, FRAME), (0.01, ACK)], (None, 1)),
        ([(-WIRE_S, FRAME[:7]), (0.0, FRAME[7:] + ACK)], (None, 1)),
        ([(0.01, NEIGHBOUR), (0.03, ACK)], (None, 1)),
    ],
)
def test_a_good_answer_is_credited_at_the_first_try(
    first: list[tuple[float, bytes]], outcome: tuple[str | None, int]
) -> None:
    assert ask(line(Scripted(first))) == outcome


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ([], "no_ack"),
        ([(-WIRE_S, FRAME)], "no_ack"),
        ([(0.01, NAK)], "nak"),
        ([(0.01, b"\x12\x34")], "garbled"),
        ([(0.01, ACK[:3])], "garbled"),
        ([(0.01, NEIGHBOUR)], "wrong_device"),
        ([(0.01, b"\xa0\x90\x03\xa5\xff\x03\xa5\xaa")], "address_clash"),
    ],
)
def test_what_is_no_answer_is_asked_once_more_and_then_named(answer: list[tuple[float, bytes]], fault: str) -> None:
    scripted = Scripted(answer, answer)
    assert ask(line(scripted)) == (fault, 2)
    assert scripted.sent == [FRAME, FRAME]


def test_a_dead_sign_is_known_after_two_tries_in_less_than_half_a_second() -> None:
    scripted = Scripted()
    ask(line(scripted))
    assert scripted.now - 100.0 <= 0.45


def test_a_slow_sign_is_learnt_and_the_second_try_waits_for_it() -> None:
    scripted = Scripted([(0.2, ACK)], [(0.2, ACK)])
    on = line(scripted)
    assert ask(on) == (None, 2)
    assert on.pace.timeout_s(3) == pytest.approx(0.4)
    assert on.pace.timeout_s(4) == 0.12


def test_a_late_answer_is_not_credited_to_the_next_question() -> None:
    scripted = Scripted([(0.5, ACK)], [])
    on = line(scripted)
    assert ask(on, tries=1) == ("no_ack", 1)
    scripted.now += 0.4
    assert ask(on, tries=1) == ("no_ack", 1)
    assert on.dropped == len(ACK)


def test_after_silence_the_line_stays_quiet_until_the_slowest_sign_could_have_answered() -> None:
    scripted = Scripted([(0.2, ACK)], [(0.2, ACK)], [])
    on = line(scripted)
    ask(on)
    before = scripted.now
    ask(on, tries=1, address=4)
    assert scripted.now - before < 0.2
    ask(on, tries=1, address=5)
    assert scripted.now - before >= 0.4 + 2 * WIRE_S


def test_babble_is_given_up_in_the_time_of_a_silence() -> None:
    babble = [(index * 0.001, b"\x55" * 3) for index in range(2000)]
    scripted = Scripted(babble)
    assert ask(line(scripted), tries=1) == ("garbled", 1)
    assert scripted.now - 100.0 < 0.9


def test_another_boards_late_answer_makes_nobody_a_wrong_device() -> None:
    on = line(Scripted([(0.01, NEIGHBOUR)], [], [(0.01, NEIGHBOUR)], [(0.01, NEIGHBOUR)]))
    assert [ask(on, tries=1) for _ in range(4)] == [("no_ack", 1), ("no_ack", 1), ("no_ack", 1), ("wrong_device", 1)]


def test_a_sign_that_stays_silent_costs_its_neighbours_less_from_the_third_time() -> None:
    scripted = Scripted([(0.01, ACK)])
    on = line(scripted)
    ask(on, tries=1)
    began = []
    for _ in range(4):
        ask(on, tries=1)
        began.append(round(scripted.now, 3))
    cost_s = [round(after - before, 2) for before, after in zip(began, began[1:], strict=False)]
    assert cost_s == [0.26, 0.26, 0.14]
