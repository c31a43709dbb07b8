"""The answers of real printers, byte for byte, and the stream they come in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.escpos.status import (
    SEVERITY,
    Answer,
    Kind,
    blocking,
    group_faults,
    paper_faults,
    realtime_faults,
    take_answer,
    worst_first,
)
from drivers.health import FAULTS
from drivers.sim.printer_state import CONDITIONS, paper_byte, realtime_byte, status_group

# state: conditions of the simulator, DLE EOT 1-4, ASB, GS r 1, the faults a driver must see
VECTORS = [
    ("ready", (), "12 12 12 12", "10 00 00 00", "00", ()),
    ("drawer high", ("drawer",), "16 12 12 12", "14 00 00 00", "00", ()),
    ("near end", ("paper_low",), "12 12 12 1e", "10 00 03 00", "03", ("paper_low",)),
    ("paper end", ("paper_end",), "1a 32 12 7e", "18 00 0f 00", "0f", ("paper_end",)),
    (
        "paper end, no near sensor",
        ("paper_end", "no_near_sensor"),
        "1a 32 12 72",
        "18 00 0c 00",
        "0c",
        ("paper_end",),
    ),
    ("cover open", ("cover_open",), "1a 16 12 12", "38 00 00 00", "00", ("cover_open",)),
    (
        "cover open, no paper",
        ("cover_open", "paper_end"),
        "1a 36 12 7e",
        "38 00 0f 00",
        "0f",
        ("cover_open", "paper_end"),
    ),
    ("FEED held", ("feed",), "5a 1a 12 12", "58 02 00 00", "00", ("feeding",)),
    ("waiting for recovery", ("waiting",), "3a 12 12 12", "18 01 00 00", "00", ("offline_panel",)),
    ("cutter", ("cutter",), "1a 52 1a 12", "18 08 00 00", "00", ("cutter",)),
    ("mechanical", ("mechanical",), "1a 52 16 12", "18 04 00 00", "00", ("mechanical",)),
    ("unrecoverable", ("unrecoverable",), "1a 52 32 12", "18 20 00 00", "00", ("unrecoverable",)),
    ("head hot", ("head_hot",), "1a 52 52 12", "18 40 00 00", "00", ("head_hot",)),
    ("offline by panel", ("offline_panel",), "1a 12 12 12", "18 00 00 00", "00", ("offline_panel",)),
]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector[0] for vector in VECTORS])
def test_each_state_is_read_alike_from_both_kinds_of_status(vector: tuple[Any, ...]) -> None:
    _, _, realtime, group, paper, faults = vector
    assert realtime_faults(bytes.fromhex(realtime)) == faults
    assert group_faults(bytes.fromhex(group)) == faults
    assert paper_faults(bytes.fromhex(paper)) == tuple(fault for fault in faults if "paper" in fault)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector[0] for vector in VECTORS])
def test_the_simulator_states_each_condition_as_real_printers_do(vector: tuple[Any, ...]) -> None:
    _, conditions, realtime, group, paper, _ = vector
    stated = frozenset(conditions)
    assert b"".join(realtime_byte(n, stated) for n in (1, 2, 3, 4)) == bytes.fromhex(realtime)
    assert status_group(stated) == bytes.fromhex(group)
    assert paper_byte(stated) == bytes.fromhex(paper)


def test_either_half_of_a_pair_of_paper_bits_counts() -> None:
    assert realtime_faults(bytes.fromhex("12 12 12 16")) == ("paper_low",)
    assert realtime_faults(bytes.fromhex("12 12 12 1a")) == ("paper_low",)
    assert realtime_faults(bytes.fromhex("12 12 12 32")) == ("paper_end",)
    assert realtime_faults(bytes.fromhex("12 12 12 52")) == ("paper_end",)


def test_an_error_without_a_cause_is_mechanical_and_the_cover_explains_a_hot_head() -> None:
    assert realtime_faults(bytes.fromhex("1a 52 12 12")) == ("mechanical",)
    assert realtime_faults(bytes.fromhex("1a 56 52 12")) == ("cover_open",)
    assert group_faults(bytes.fromhex("18 00 00 0f")) == ("offline_panel",)


def test_a_status_with_its_fault_bit_lost_never_reads_as_ready() -> None:
    """Every fault is stated more than once, so one flipped bit cannot make a stopped printer look ready."""
    for _, _, realtime, _, _, faults in VECTORS:
        if not blocking(faults) or faults == ("offline_panel",):
            continue
        answers = int.from_bytes(bytes.fromhex(realtime))
        for bit in range(32):
            flipped = (answers ^ 1 << bit).to_bytes(4)
            assert blocking(realtime_faults(flipped)), (realtime, flipped.hex(" "))


def test_what_blocks_is_everything_but_low_paper_and_all_words_are_known() -> None:
    assert blocking(("cutter", "paper_low")) == ("cutter",)
    assert set(SEVERITY) <= FAULTS
    assert worst_first(("no_answer", "paper_end", "cutter", "paper_end")) == ("cutter", "paper_end", "no_answer")
    assert worst_first(("offline_panel", "paper_end")) == ("paper_end",)
    assert worst_first(("offline_panel", "paper_low")) == ("offline_panel", "paper_low")
    assert {"paper_end", "cover_open", "cutter"} <= CONDITIONS


def sorted_out(stream: str, fences: int = 0) -> list[tuple[str, str]]:
    rest = bytes.fromhex(stream)
    found: list[tuple[str, str]] = []
    while True:
        answer, rest = take_answer(rest, fences > 0)
        if answer is None:
            return [*found, ("rest", rest.hex(" "))] if rest else found
        fences -= answer.kind is Kind.QUEUED
        found.append((answer.kind.value, answer.data.hex(" ")))


@pytest.mark.parametrize(
    ("stream", "fences", "expected"),
    [
        ("12 16 32 52 7e", 0, [("realtime", byte) for byte in ("12", "16", "32", "52", "7e")]),
        ("10 00 03 00 1e", 0, [("group", "10 00 03 00"), ("realtime", "1e")]),
        ("18 00 13 0f 11 00", 0, [("group", "18 00 0f 00")]),
        ("18 00", 0, [("rest", "18 00")]),
        ("00 03", 1, [("queued", "00"), ("junk", "03")]),
        ("37 22 30 30 30 31 00 00", 1, [("block", "37 22 30 30 30 31"), ("queued", "00")]),
        ("37 25 00", 0, [("block", "37 25")]),
        ("5f 54 4d 00", 0, [("block", "5f 54 4d")]),
        ("37 22 30", 0, [("rest", "37 22 30")]),
        ("ff 00 a5", 0, [("junk", "ff"), ("junk", "00"), ("junk", "a5")]),
        ("14 12 00 00", 0, [("junk", "14"), ("realtime", "12"), ("junk", "00"), ("junk", "00")]),
    ],
)
def test_one_untagged_stream_is_sorted(stream: str, fences: int, expected: list[tuple[str, str]]) -> None:
    assert sorted_out(stream, fences) == expected


def test_a_web_server_is_junk_from_its_first_byte() -> None:
    assert sorted_out(b"HTTP/1.1".hex())[0] == ("junk", "48")


def test_a_block_without_an_end_becomes_junk() -> None:
    answer, rest = take_answer(b"\x5f" + b"A" * 200, fence_due=False)
    assert answer == Answer(Kind.JUNK, b"\x5f")
    assert len(rest) == 200


@given(st.binary(max_size=200), st.booleans())
def test_any_stream_is_used_up_and_never_grows(stream: bytes, fence_due: bool) -> None:
    rest = stream
    while True:
        before = len(rest)
        answer, rest = take_answer(rest, fence_due)
        if answer is None:
            break
        assert len(rest) < before
    assert len(rest) <= 91


@given(st.binary(max_size=60), st.integers(0, 59))
def test_where_the_stream_is_split_does_not_matter(stream: bytes, at: int) -> None:
    whole = sorted_out(stream.hex(), fences=99)
    rest, found, fences = b"", [], 99
    for part in (stream[:at], stream[at:]):
        rest += part
        while True:
            answer, rest = take_answer(rest, fences > 0)
            if answer is None:
                break
            fences -= answer.kind is Kind.QUEUED
            found.append((answer.kind.value, answer.data.hex(" ")))
    # A group or block that was junk for what followed it is junk in pieces as well.
    assert [*found, ("rest", rest.hex(" "))] == whole if rest else found == whole
