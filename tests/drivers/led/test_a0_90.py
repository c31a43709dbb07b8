"""The A0 90 codec against published frames, torn streams and every single-bit error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.led.a0_90 import A090, decode, encode, frame, parse_show
from drivers.ports import Colour, DeviceError

ACK_3 = bytes.fromhex("A0 90 03 A5 AA")
NAK_3 = bytes.fromhex("A0 90 03 A5 55")
SIGN_TEXT = st.text(st.sampled_from("A019 请到号窗口暂停服务一丁〇。，—"), max_size=84)


def test_the_vendors_example_is_built_byte_for_byte() -> None:
    data = encode("请", Colour.RED) + encode("8", Colour.GREEN)
    assert frame(1, data) == bytes.fromhex("A0 90 01 A5 00 05 C7 EB 00 38 01 B4")


def test_a_ticket_number_is_built_byte_for_byte() -> None:
    # 15 bytes, as the line's arithmetic has it: 15 + 5 of the reply are 20.8 ms at 9600 Bd.
    expected = bytes.fromhex("A0 90 03 A5 00 08 41 00 30 00 31 00 32 00 DC")
    assert A090().show(3, "A012", Colour.RED) == expected


def test_yellow_hanzi_are_built_byte_for_byte() -> None:
    expected = bytes.fromhex("A0 90 02 A5 00 0C D4 DD 02 CD A3 02 B7 FE 02 CE F1 02 BA")
    assert A090().show(2, "暂停服务", Colour.YELLOW) == expected


def test_an_empty_text_is_painted_as_a_blank() -> None:
    assert A090().show(1, "", Colour.GREEN) == frame(1, b" \x01")


@pytest.mark.parametrize("text", ["A€", "😀", "A\n", "A\x00", "\x7f", "A\x80", "ไทย", "\ud800"])
def test_a_character_outside_the_board_is_refused_before_the_wire(text: str) -> None:
    with pytest.raises(DeviceError) as refused:
        A090().show(1, text, Colour.RED)
    assert refused.value.code == "text_unsupported"


def test_eighty_four_hanzi_fit_and_one_more_does_not() -> None:
    assert len(A090().show(1, "窗" * 84, Colour.RED)) == 7 + 252
    with pytest.raises(DeviceError, match="text_unsupported"):
        A090().show(1, "窗" * 85, Colour.RED)


@pytest.mark.parametrize("address", [-1, 0, 255, 256])
def test_no_board_is_painted_by_a_broadcast(address: int) -> None:
    with pytest.raises(ValueError, match="not between 1 and 254"):
        A090().show(address, "A012", Colour.RED)


@settings(deadline=None, max_examples=100)
@given(SIGN_TEXT, st.sampled_from(Colour), st.integers(1, 254))
def test_what_is_built_is_read_back(text: str, colour: Colour, address: int) -> None:
    parsed = parse_show(frame(address, encode(text, colour)))
    assert isinstance(parsed, tuple)
    assert parsed[0] == address
    assert decode(parsed[1]) == tuple((character, colour) for character in text)


@pytest.mark.parametrize("text", ["A012", "请到3号窗口", "8"])
def test_a_board_refuses_every_single_bit_error(text: str) -> None:
    sent = A090().show(3, text, Colour.GREEN)
    for bit in range(len(sent) * 8):
        broken = bytearray(sent)
        broken[bit // 8] ^= 1 << bit % 8
        assert not isinstance(parse_show(bytes(broken)), tuple), f"bit {bit}"


def test_a_reply_with_a_single_bit_error_is_never_credited() -> None:
    for reply in (ACK_3, NAK_3):
        for bit in range(len(reply) * 8):
            broken = bytearray(reply)
            broken[bit // 8] ^= 1 << bit % 8
            assert A090().reply(bytes(broken), 3)[0] is None, f"bit {bit}"


@pytest.mark.parametrize(
    ("buffer", "credited", "rest"),
    [
        (ACK_3, True, b""),
        (NAK_3, False, b""),
        (ACK_3 + ACK_3, True, ACK_3),
        (b"\x00\xff\xa0" + ACK_3, True, b""),
        (b"\xa0\x90\xa0\x90\x03\xa5\xaa\x01", True, b"\x01"),
        (bytes.fromhex("A0 90 04 A5 AA"), None, b""),
        (bytes.fromhex("A0 90 04 A5 AA") + ACK_3, True, b""),
        (ACK_3[:4], None, ACK_3[:4]),
        (b"\x12" + ACK_3[:1], None, ACK_3[:1]),
        (b"", None, b""),
        (b"\x55\xaa", None, b""),
    ],
)
def test_replies_are_found_in_whatever_arrives(buffer: bytes, credited: bool | None, rest: bytes) -> None:
    answer, used = A090().reply(buffer, 3)
    assert (answer, buffer[used:]) == (credited, rest)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=12).filter(lambda junk: 0xA0 not in junk), st.lists(st.integers(0, 20), max_size=4))
def test_a_reply_torn_into_pieces_is_credited_once(junk: bytes, cuts: list[int]) -> None:
    stream, buffer, credits = junk + ACK_3, b"", []
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    for start, end in zip(edges, edges[1:], strict=False):
        buffer += stream[start:end]
        answer, used = A090().reply(buffer, 3)
        buffer = buffer[used:]
        credits.append(answer)
    assert credits[-1] is True
    assert all(answer is None for answer in credits[:-1])


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=40))
def test_no_bytes_upset_the_parsers(noise: bytes) -> None:
    answer, used = A090().reply(noise, 3)
    assert 0 <= used <= len(noise)
    parsed = parse_show(noise)
    assert parsed is None or isinstance(parsed, tuple) or 0 < parsed <= len(noise)
