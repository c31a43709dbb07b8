"""The Alpha codec against published packets, another program's encoder, and torn and broken answers."""

import pytest
from alphasign.commands.base import BaseCommand
from alphasign.commands.special import WriteSpecialFunction
from alphasign.commands.string_file import ReadString, WriteString, parse_read_string_response
from alphasign.commands.text import WriteText
from alphasign.packet import Packet
from alphasign.protocol import DELAY, DisplayMode, DisplayPosition, FileProtection, FileType
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.led.alpha import COLOURS, Alpha, packet, parse, total
from drivers.ports import Colour, DeviceError

SIGN = Alpha()
SHOWN = SIGN.show(1, "A012", Colour.RED)
ASCII = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=123)


def held(inside: bytes) -> bytes:
    """What a sign answers to a question about its memory."""
    return b"\x00" * 20 + b"\x01000" + inside + total(inside) + b"\x04"


HOLDS = held(b"\x02G1\x1c1A012\x03")


def theirs(*commands: BaseCommand, address: str = "01") -> bytes:
    """What the other encoder builds; its marks of a pause are not sent."""
    made = Packet(address=address)
    for command in commands:
        made.add(command)
    return bytes(made.to_bytes()).replace(DELAY, b"")


def test_a_text_is_summed_and_wrapped_in_the_published_bytes() -> None:
    published = bytes.fromhex("00 00 00 00 00 01 5A 30 30 02 41 41 1B 20 62 41 30 31 32 03 30 31 46 38 04")
    inside = published[9:20]
    assert total(inside) == b"01F8"
    assert packet(1, inside[1:-1]) == published.replace(b"Z00", b"Z01"), "the sum is not over the address"


@settings(deadline=None, max_examples=50)
@given(ASCII, st.sampled_from(Colour), st.integers(1, 255))
def test_another_encoder_builds_the_same_bytes_for_a_text(text: str, colour: Colour, address: int) -> None:
    wanted = theirs(WriteString(COLOURS[colour] + text.encode(), label="1"), address=f"{address:02X}")
    assert SIGN.show(address, text, colour) == wanted


def test_another_encoder_builds_the_same_bytes_for_the_preparation_and_the_question() -> None:
    files = [
        {"label": "A", "type": FileType.TEXT, "size": 32, "start_time": 0xFF, "stop_time": 0x00},
        {"label": "1", "type": FileType.STRING, "size": 125, "protection": FileProtection.LOCKED},
    ]
    text = WriteText(b"\x101", label="A", position=DisplayPosition.MIDDLE_LINE, mode=DisplayMode.HOLD)
    assert SIGN.prepare(1) == (
        theirs(WriteSpecialFunction.enable_ack_nak(True)),
        theirs(WriteSpecialFunction.configure_memory(files)),
        theirs(text),
    )
    assert SIGN.question(1) == theirs(ReadString("1"))
    assert parse_read_string_response(HOLDS) == ("1", b"\x1c1A012")


def test_an_empty_text_is_painted_as_a_blank() -> None:
    assert SIGN.show(1, "", Colour.GREEN) == SIGN.show(1, " ", Colour.GREEN)


@pytest.mark.parametrize("text", ["请A012", "é", "A\n", "A\x04", "\x7f", "😀", "x" * 124])
def test_what_the_sign_cannot_show_is_refused_before_the_wire(text: str) -> None:
    with pytest.raises(DeviceError) as refused:
        SIGN.show(1, text, Colour.RED)
    assert refused.value.code == "text_unsupported"


@pytest.mark.parametrize("address", [-1, 0, 256])
def test_no_sign_is_painted_asked_or_prepared_by_a_broadcast(address: int) -> None:
    with pytest.raises(ValueError, match="not between 1 and 255"):
        SIGN.show(address, "A", Colour.RED)
    with pytest.raises(ValueError, match="not between 1 and 255"):
        SIGN.question(address)
    with pytest.raises(ValueError, match="not between 1 and 255"):
        SIGN.prepare(address)


@pytest.mark.parametrize(
    ("buffer", "credited", "rest"),
    [
        (b"\x06\x40", True, b""),
        (b"\x15\x48", False, b""),
        (b"\x00\xff\x06\x40\x06\x40", True, b"\x06\x40"),
        (b"\x06", None, b"\x06"),
        (b"\x06\x06\x40", True, b""),
        (b"\x06\x00", None, b""),
        (b"", None, b""),
    ],
)
def test_answers_are_found_in_whatever_arrives(buffer: bytes, credited: bool | None, rest: bytes) -> None:
    answer, used = SIGN.reply(buffer, 1)
    assert (answer, buffer[used:]) == (credited, rest)


@pytest.mark.parametrize(
    ("buffer", "told", "rest"),
    [
        (HOLDS, True, b""),
        (b"\x7f\x02\x01" + HOLDS, True, b""),
        (held(b"\x02G1\x1c1A013\x03"), "stuck", b""),
        (held(b"\x02G1\x1c2A012\x03"), "stuck", b""),
        (HOLDS[:-1], None, HOLDS[20:-1]),
        (SHOWN, None, b""),
    ],
)
def test_what_the_memory_holds_is_compared_with_what_was_written(
    buffer: bytes, told: bool | str | None, rest: bytes
) -> None:
    answer, used = SIGN.shows(buffer, 1, SHOWN)
    assert (answer, buffer[used:]) == (told, rest)


def test_of_single_bit_errors_only_those_that_no_sum_covers_get_through() -> None:
    """Type and address are unprotected; the parity bit, which real lines have, is not seen by a codec."""
    through = []
    for bit in range(len(SHOWN) * 8):
        broken = bytearray(SHOWN)
        broken[bit // 8] ^= 0x80 >> bit % 8
        parsed = parse(bytes(broken)[5:])
        if bit // 8 >= 5 and isinstance(parsed, tuple):
            through.append(bit // 8)
    assert set(through) == {6, 7, 8}
    answers = [(b"\x06\x40", True), (b"\x15\x40", False)]
    for answer, meant in answers:
        for bit in range(16):
            broken = bytearray(answer)
            broken[bit // 8] ^= 1 << bit % 8
            assert SIGN.reply(bytes(broken), 1)[0] in (None, meant), "taken for its opposite"
    for bit in range(20 * 8, len(HOLDS) * 8):
        broken = bytearray(HOLDS)
        broken[bit // 8] ^= 1 << bit % 8
        assert SIGN.shows(bytes(broken), 1, SHOWN)[0] is None, f"bit {bit}"


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60))
def test_no_bytes_upset_the_parsers(noise: bytes) -> None:
    for answer, used in (SIGN.reply(noise, 1), SIGN.shows(noise, 1, SHOWN)):
        assert 0 <= used <= len(noise)
        assert answer in (None, False, True, "stuck")
