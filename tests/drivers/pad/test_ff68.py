"""Frames of FF 68 pads and rating units: known answers, and a stream in which a flipped bit makes nothing up."""

import pytest

from drivers.pad import ff68
from drivers.pad.ff68 import Frame
from drivers.ports import PadContent

KEY = ff68.frame(5, 0x10, bytes([0, 1, 7, 0x0C]))


def taken(stream: bytes) -> list[Frame]:
    """Every frame in a stream."""
    frames: list[Frame] = []
    while stream:
        found = ff68.take(stream)
        if found is None:
            break
        if isinstance(found, Frame):
            frames.append(found)
        stream = stream[found if isinstance(found, int) else len(found.raw) :]
    return frames


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        (ff68.digits(5, "   017"), "FF 68 08 08 68 05 02 0A 0A 0A 00 01 07 2D 16"),
        (ff68.result(5, ok=True)[1], "FF 68 02 02 68 05 03 08 16"),
        (ff68.frame(0x83, ff68.RATED, b"\x02"), "FF 68 03 03 68 83 11 02 96 16"),
        (ff68.rating_heard(0x83, 2), "FF 68 03 03 68 83 01 02 86 16"),
        (ff68.start_rating(0x83), "FF 68 03 03 68 83 01 0B 8F 16"),
        (ff68.result(5, ok=True)[0], "FF 68 03 03 68 05 02 01 08 16"),
        (ff68.result(5, ok=False)[0], "FF 68 03 03 68 05 02 00 07 16"),
    ],
)
def test_a_frame_has_the_published_bytes(built: bytes, expected: str) -> None:
    assert built == bytes.fromhex(expected)
    assert [frame.raw for frame in taken(built)] == [built]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (PadContent(17, "A012"), " 17012"),
        (PadContent(0, ""), "  0   "),
        (PadContent(1234, "B7"), "999  7"),
        (PadContent(3, "V12345"), "  3345"),
    ],
)
def test_a_pad_shows_how_many_wait_and_the_end_of_the_number(content: PadContent, shown: str) -> None:
    assert ff68.show(5, content) == ff68.digits(5, shown)


def test_what_was_typed_comes_with_the_key() -> None:
    (frame,) = taken(KEY)
    assert ff68.key(frame) == ("017", 0x0C)
    assert ff68.key(taken(ff68.frame(5, 0x10, b"\x0d"))[0]) == ("", 0x0D)


@pytest.mark.parametrize("data", [b"", b"\x01\x02", b"\x0a\x0c", b"\x01\x0a\x0c"])
def test_what_is_no_digits_and_a_key_is_no_press(data: bytes) -> None:
    assert ff68.key(taken(ff68.frame(5, 0x10, data))[0]) is None


def test_no_display_of_ours_can_be_taken_for_a_press() -> None:
    for waiting in (0, 7, 17, 999):
        for ticket in ("", "A1", "A012"):
            assert ff68.key(taken(ff68.show(5, PadContent(waiting, ticket)))[0]) is None
    assert [ff68.key(taken(frame)[0]) for frame in (*ff68.result(5, ok=True), *ff68.result(5, ok=False))] == [None] * 4


def test_a_rating_is_one_of_five_levels() -> None:
    levels = [ff68.level(taken(ff68.frame(0x83, ff68.RATED, bytes([raw])))[0]) for raw in range(6)]
    assert levels == [0, 1, 2, 3, 4, None]
    assert ff68.key(taken(ff68.frame(0x83, ff68.RATED, b"\x0c"))[0]) is None


@pytest.mark.parametrize("bit", range(8))
def test_no_flipped_bit_makes_another_frame(bit: int) -> None:
    for frame in (KEY, ff68.frame(0x83, ff68.RATED, b"\x02"), ff68.frame(1, 0x10, b"\x0c")):
        for place in range(len(frame)):
            broken = bytearray(frame)
            broken[place] ^= 1 << bit
            assert taken(bytes(broken)) == [], (place, bit)
            assert [found.raw for found in taken(bytes(broken) + frame)][-1:] == [frame]


def test_frames_are_found_among_other_bytes_and_in_pieces() -> None:
    assert [found.raw for found in taken(b"\xa0\x90\xff\xff\x68" + KEY + b"\x00\xff" + KEY)] == [KEY, KEY]
    assert [ff68.take(KEY[:end]) for end in range(1, len(KEY))] == [None] * (len(KEY) - 1)
    assert ff68.take(b"\xff\xff") == 1
    assert ff68.take(b"\xff\x68\x02\x03") == 1
    assert ff68.take(b"\xff\x68\x7f") == 1
