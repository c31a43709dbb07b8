"""Signs that are read back or prepared, on a scripted line: nothing counts as shown that the sign does not hold."""

from functools import partial

import pytest

from drivers.bus.exchange import Line
from drivers.bus.hearing import Spoken
from drivers.led.alpha import ADDRESSES, Alpha, packet
from drivers.led.families import Family, Memory, Proof
from drivers.led.modbus import REPLY_BYTES, Modbus, crc16
from drivers.led.register_map import RegisterMap
from drivers.ports import Colour
from tests.drivers.bus.test_exchange import Scripted, line

Script = list[tuple[float, bytes]]


def spoken(registers: RegisterMap, address: int = 5) -> Spoken:
    codec = Modbus(registers, 4)
    memory = Memory(codec.question, codec.shows, codec.answer_bytes)
    family = Family(partial(Modbus, registers), range(1, 248), 4, REPLY_BYTES, 0.002, Proof.READBACK, memory=memory)
    return Spoken(address, family, codec)


def checked(data: str) -> bytes:
    return bytes.fromhex(data) + crc16(bytes.fromhex(data))


SIGN = spoken(RegisterMap(0, "ascii", 2))
WRITE = SIGN.codec.show(5, "A1", Colour.RED)
READ = checked("05 03 00 00 00 02")
ACK: Script = [(0.01, checked("05 10 00 00 00 02"))]
REFUSED: Script = [(0.01, checked("05 90 02"))]
SAME: Script = [(0.01, checked("05 03 04 00 41 00 31"))]
OTHER: Script = [(0.01, checked("05 03 04 00 41 00 32"))]
UNREADABLE: Script = [(0.01, checked("05 83 02"))]


@pytest.mark.parametrize(
    ("scripts", "fault", "sent"),
    [
        ([ACK, SAME], None, [WRITE, READ]),
        ([ACK, OTHER, ACK, SAME], None, [WRITE, READ, WRITE, READ]),
        ([ACK, OTHER, ACK, OTHER], "stuck", [WRITE, READ, WRITE, READ]),
        ([REFUSED, ACK, SAME], None, [WRITE, WRITE, READ]),
        ([REFUSED, REFUSED], "nak", [WRITE, WRITE]),
        ([ACK, UNREADABLE, ACK, UNREADABLE], "nak", [WRITE, READ, WRITE, READ]),
        ([ACK, [], ACK, SAME], None, [WRITE, READ, WRITE, READ]),
        ([[], []], "no_ack", [WRITE, WRITE]),
    ],
)
def test_a_text_counts_only_when_it_is_acknowledged_and_held(
    scripts: list[Script], fault: str | None, sent: list[bytes]
) -> None:
    wire = Scripted(*scripts)
    assert (line(wire).ask(SIGN, WRITE, 2).fault, wire.sent) == (fault, sent)


@pytest.mark.parametrize(
    ("scripts", "fault", "sent"),
    [
        ([SAME], None, [READ]),
        ([OTHER, ACK, SAME], None, [READ, WRITE, READ]),
        ([[], SAME], None, [READ, READ]),
        ([[], []], "no_ack", [READ, READ]),
    ],
)
def test_a_heartbeat_reads_and_paints_only_what_is_wrong(
    scripts: list[Script], fault: str | None, sent: list[bytes]
) -> None:
    wire = Scripted(*scripts)
    assert (line(wire).holds(SIGN, WRITE, 2).fault, wire.sent) == (fault, sent)


def test_a_frozen_sign_and_a_refusal_are_told_with_the_bytes_that_prove_it() -> None:
    answer = line(Scripted(ACK, OTHER)).ask(SIGN, WRITE, 1)
    assert answer.evidence() == f"1 tries, 0 bytes not understood, answered {OTHER[0][1].hex(' ').upper()}"
    assert line(Scripted(REFUSED)).ask(SIGN, WRITE, 1).evidence().endswith("answered 05 90 02 8C 00")


def test_an_answer_that_repeats_the_question_is_no_echo_and_an_echo_is_no_proof() -> None:
    sign = spoken(RegisterMap(7, "number16", 5, function=0x06))
    frame = sign.codec.show(5, "1234", Colour.RED)
    holds: Script = [(0.01, checked("05 03 02 04 D2"))]
    assert line(Scripted([(0.01, frame)], holds)).ask(sign, frame, 1).fault is None
    question = checked("05 03 00 07 00 01")
    dead_behind_an_echo = Scripted([(0.0, frame)], [(0.0, question)])
    assert line(dead_behind_an_echo).ask(sign, frame, 1).fault == "no_ack"


def test_another_slaves_values_are_not_credited() -> None:
    foreign: Script = [(0.01, checked("06 03 04 00 41 00 31"))]
    assert line(Scripted(ACK, foreign, ACK, foreign)).ask(SIGN, WRITE, 2).fault == "wrong_device"


ALPHA = Alpha()
ALPHA_SIGN = Spoken(1, Family(Alpha, ADDRESSES, 15, 2, 0.1, prepare=ALPHA.prepare), ALPHA)
STRING = ALPHA.show(1, "A1", Colour.RED)
WAKE, MEMORY, TEXT = ALPHA.prepare(1)
YES: Script = [(0.01, b"\x06\x40")]
NO: Script = [(0.01, b"\x15\x48")]


def heard_after(on: Line, wire: Scripted, tries: int = 1) -> tuple[str | None, list[bytes]]:
    wire.sent.clear()
    return on.ask(ALPHA_SIGN, STRING, tries).fault, list(wire.sent)


def test_a_sign_is_prepared_once_then_after_a_silence_woken_and_after_a_refusal_prepared_again() -> None:
    first, silence, refusal = [[], YES, YES, YES, YES], [YES, [], YES, YES], [NO, YES, YES, YES, YES]
    wire = Scripted(*first, *silence, *refusal)
    on = line(wire)
    assert heard_after(on, wire, tries=2) == (None, [WAKE, WAKE, MEMORY, TEXT, STRING])
    assert heard_after(on, wire) == (None, [STRING])
    assert heard_after(on, wire) == ("no_ack", [STRING])
    assert heard_after(on, wire) == (None, [WAKE, STRING])
    assert heard_after(on, wire, tries=2) == (None, [STRING, WAKE, MEMORY, TEXT, STRING])


def test_a_sign_that_is_dead_from_the_beginning_costs_one_frame_a_try() -> None:
    wire = Scripted()
    assert heard_after(line(wire), wire) == ("no_ack", [WAKE])


def test_packets_keep_their_distance() -> None:
    wire = Scripted(YES, YES, YES, YES)
    began = wire.now
    assert heard_after(line(wire), wire)[0] is None
    assert wire.now - began >= 3 * 0.1
    assert packet(1, b"Es1") == WAKE
