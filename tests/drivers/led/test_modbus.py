"""The Modbus codec against published frames, torn and broken answers, and maps with every mistake."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import drivers.led
from drivers.catalog import profile_mistakes
from drivers.led.modbus import Modbus, crc16, is_whole
from drivers.led.register_map import LAYOUTS, RegisterMap, parse
from drivers.ports import Colour, DeviceError

FOUR = RegisterMap(0, "ascii", 4)
ONE = RegisterMap(7, "number16", 5, function=0x06)
NUMBER = RegisterMap(6, "number24", 6)
SIGN, NUMBERS, SINGLE = Modbus(FOUR, 4), Modbus(NUMBER, 6), Modbus(ONE, 5)
SHOW = bytes.fromhex("05 10 00 00 00 04 08 00 41 00 30 00 31 00 32 73 63")
ACK = bytes.fromhex("05 10 00 00 00 04 C0 4E")
QUESTION = bytes.fromhex("05 03 00 00 00 04 45 8D")
PROFILES = sorted((Path(drivers.led.__file__).parent / "profiles").glob("*.toml"))


def checked(data: str) -> bytes:
    return bytes.fromhex(data) + crc16(bytes.fromhex(data))


HOLDS = checked("05 03 08 00 41 00 30 00 31 00 32")
REFUSED = checked("05 90 02")


def each_bit(frame: bytes) -> list[bytes]:
    flipped = (int.from_bytes(frame) ^ 1 << bit for bit in range(len(frame) * 8))
    return [one.to_bytes(len(frame)) for one in flipped]


def test_a_text_is_written_asked_for_and_acknowledged_in_the_published_bytes() -> None:
    assert SIGN.show(5, "A012", Colour.RED) == SHOW
    assert SIGN.question(5) == QUESTION
    assert SIGN.reply(ACK, 5) == (True, 8)


def test_a_single_register_is_written_in_the_published_bytes() -> None:
    written = bytes.fromhex("05 06 00 07 04 D2 BB 12")
    assert SINGLE.show(5, "1234", Colour.RED) == written
    assert SINGLE.reply(written, 5) == (True, 8)
    assert SINGLE.shows(checked("05 03 02 04 D2"), 5, written) == (True, 7)
    assert SINGLE.shows(checked("05 03 02 04 D3"), 5, written) == ("stuck", 7)


@pytest.mark.parametrize(
    ("layout", "text", "values"),
    [
        ("ascii", "A1", "00 41 00 31 00 20"),
        ("pairs", "A01", "41 30 31 20"),
        ("pairs_swapped", "A01", "30 41 20 31"),
        ("number24", "12", "00 00 00 0C"),
        ("number24", "-1.25", "12 00 00 7D"),
        ("number24", "", "00 00 00 00"),
        ("number16", "999", "03 E7"),
    ],
)
def test_each_layout_lays_the_text_out_as_its_name_says(layout: str, text: str, values: str) -> None:
    assert RegisterMap(0, layout, 3).pack(text) == bytes.fromhex(values)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        (SIGN, "请"), (SIGN, "é"), (SIGN, "\n"), (SIGN, "A0123"), (SINGLE, "65536"), (SINGLE, "-1"), (SINGLE, "1.5"),
        (SINGLE, "A012"),
        (NUMBERS, "1234567"), (NUMBERS, "1-2"), (NUMBERS, "A请"),
        (Modbus(RegisterMap(6, "number24", 8), 8), "16777216"),
    ],
)  # fmt: skip
def test_what_the_sign_cannot_show_is_refused_before_the_wire(codec: Modbus, text: str) -> None:
    with pytest.raises(DeviceError) as refused:
        codec.show(5, text, Colour.RED)
    assert refused.value.code == "text_unsupported"


@pytest.mark.parametrize("address", [-1, 0, 248, 255])
def test_no_sign_is_painted_or_asked_by_a_broadcast(address: int) -> None:
    with pytest.raises(ValueError, match="not between 1 and 247"):
        SIGN.show(address, "A", Colour.RED)
    with pytest.raises(ValueError, match="not between 1 and 247"):
        SIGN.question(address)


@pytest.mark.parametrize(
    ("buffer", "credited", "rest"),
    [
        (ACK, True, b""),
        (ACK + ACK, True, ACK),
        (REFUSED, False, b""),
        (b"\x05\x10\xff" + ACK, True, b""),
        (ACK[:7], None, ACK[:7]),
        (b"\x77\x05", None, b"\x05"),
        (checked("06 10 00 00 00 04"), None, b""),
        (checked("05 10 00 00 00 03"), None, b""),
        (b"\xff\xfe", None, b""),
        (b"", None, b""),
    ],
)
def test_answers_are_found_in_whatever_arrives(buffer: bytes, credited: bool | None, rest: bytes) -> None:
    answer, used = SIGN.reply(buffer, 5)
    assert (answer, buffer[used:]) == (credited, rest)


@pytest.mark.parametrize(
    ("buffer", "told", "rest"),
    [
        (HOLDS, True, b""),
        (b"\x05" + HOLDS, True, b""),
        (checked("05 03 08 00 41 00 30 00 31 00 33"), "stuck", b""),
        (checked("05 83 02"), False, b""),
        (HOLDS[:12], None, HOLDS[:12]),
        (checked("06 03 08 00 41 00 30 00 31 00 32"), None, b""),
        (QUESTION, None, QUESTION),
    ],
)
def test_what_the_registers_hold_is_compared_with_what_was_written(
    buffer: bytes, told: bool | str | None, rest: bytes
) -> None:
    answer, used = SIGN.shows(buffer, 5, SHOW)
    assert (answer, buffer[used:]) == (told, rest)


def test_no_answer_with_a_single_bit_error_is_credited() -> None:
    assert [broken for broken in each_bit(ACK) if SIGN.reply(broken, 5)[0] is not None] == []
    assert [broken for broken in each_bit(REFUSED) if SIGN.reply(broken, 5)[0] is not None] == []
    assert [broken for broken in each_bit(HOLDS) if SIGN.shows(broken, 5, SHOW)[0] is not None] == []
    assert [broken for broken in each_bit(SHOW) + each_bit(QUESTION) if is_whole(broken)] == []


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=40))
def test_no_bytes_upset_the_parsers(noise: bytes) -> None:
    for answer, used in (SIGN.reply(noise, 5), SIGN.shows(noise, 5, SHOW)):
        assert 0 <= used <= len(noise)
        assert answer in (None, False, True, "stuck")


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_each_map_that_we_ship_is_right(path: Path) -> None:
    text = path.read_text("utf-8")
    if "[registers]" in text:
        registers = parse(text)
        Modbus(registers, registers.characters).show(
            1, "" if LAYOUTS[registers.layout].digits_only else "A", Colour.RED
        )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[registers]\nfirst = ", "line 2: Invalid value (at end of document)"),
        (
            '[registers]\nfirst = "0"\nlayuot = "ascii"\n\n[port]\nbaud = 9600\n',
            "line 1: characters is missing\nline 1: layout is missing\n"
            "line 2: first must be a whole number\n"
            "line 3: unknown key 'layuot', did you mean 'layout'?\nline 5: unknown table [port]",
        ),
        (
            '[registers]\nfirst = 0\nlayout = "pair"\ncharacters = 65\nfunction = "16"\n',
            "line 3: unknown layout 'pair', did you mean 'pairs'?; "
            "known are ascii, pairs, pairs_swapped, number24, number16\n"
            "line 4: characters 65 is not between 1 and 64\nline 5: function '16' is none of 06, 10",
        ),
        (
            '[registers]\nfirst = 65534\nlayout = "ascii"\ncharacters = 4\nfunction = "06"\n',
            "line 2: registers 65534 to 65537 are not between 0 and 65535\n"
            "line 5: function 06 writes one register, this map has 4: use 10",
        ),
        (
            '[registers]\nfirst = true\nlayout = "ascii"\ncharacters = 4\n',
            "line 2: first must be a whole number",
        ),
    ],
)  # fmt: skip
def test_every_mistake_in_a_map_is_told_with_its_line(text: str, told: str) -> None:
    assert [f"line {line}: {what}" for line, what in profile_mistakes(text)] == told.splitlines()
