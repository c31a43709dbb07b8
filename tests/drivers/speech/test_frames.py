"""Frames of voice modules: published ones byte for byte, and what their check notices."""

from functools import reduce
from operator import xor

import pytest

from drivers.ports import DeviceError
from drivers.speech.frames import GB2312, MAX_TEXT_BYTES, MODULES, SAY, STATUS, STOP, syn6288, xfs5152
from drivers.speech.text import encoded, harmless, pieces

SYN, XFS = MODULES["syn6288"], MODULES["xfs5152"]


def test_the_published_frames_are_built_byte_for_byte() -> None:
    built = [
        SYN.say("直行".encode("gbk")), SYN.stop, SYN.status,
        xfs5152(SAY, bytes([GB2312]) + b"[v9]"), XFS.status,
    ]  # fmt: skip
    assert [frame.hex(" ").upper() for frame in built] == [
        "FD 00 07 01 01 D6 B1 D0 D0 9D", "FD 00 02 02 FD", "FD 00 02 21 DE",
        "FD 00 06 01 00 5B 76 39 5D", "FD 00 01 21",
    ]  # fmt: skip


@pytest.mark.parametrize("frame", [SYN.say("A零二七".encode("gbk")), syn6288(STOP), syn6288(STATUS)])
def test_every_single_bit_that_is_lost_shows_in_the_check(frame: bytes) -> None:
    assert reduce(xor, frame) == 0
    for bit in range(len(frame) * 8):
        broken = bytearray(frame)
        broken[bit // 8] ^= 1 << bit % 8
        assert reduce(xor, broken) != 0


def test_a_length_says_how_many_bytes_follow_it() -> None:
    for module in MODULES.values():
        frame = module.say(bytes(MAX_TEXT_BYTES))
        assert len(frame) == 3 + int.from_bytes(frame[1:3])


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("A[v10]027", "A v10 027"),
        ("[v0][s9]", "v0 s9"),
        ("一\x1b[2J号\r\n窗口\u202e", "一 2J号 窗口"),
        ("【请】［v1］", "【请】［v1］"),
    ],
)
def test_a_text_from_outside_is_one_line_without_commands(given: str, read: str) -> None:
    assert harmless(given) == read
    assert b"[" not in encoded(given)


def test_what_the_encoding_lacks_is_refused_before_the_wire() -> None:
    for text in ("A\u20ac", "\U0001f600"):
        with pytest.raises(DeviceError, match="text_unsupported"):
            pieces(text)


def test_a_long_text_is_cut_behind_punctuation_and_each_piece_begins_with_the_volume() -> None:
    text = "请到三号窗口，" * 20 + "办理业务。"
    cut = pieces(text, b"[v9]")
    assert len(cut) == 2
    assert [len(one) <= MAX_TEXT_BYTES and one.startswith(b"[v9]") for one in cut] == [True, True]
    assert cut[0].decode("gbk").endswith("，")
    assert "".join(one.decode("gbk").removeprefix("[v9]") for one in cut) == text


def test_a_text_without_punctuation_is_cut_where_it_has_to_be_and_never_inside_a_character() -> None:
    cut = pieces("A" + "号" * 150)
    assert [len(one) for one in cut] == [199, 102]
    assert b"".join(cut).decode("gbk") == "A" + "号" * 150
    assert pieces("") == []
