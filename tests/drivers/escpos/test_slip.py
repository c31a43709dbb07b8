"""Slips as pictures and as bytes: harmless text, small units, no hidden commands, ink where it belongs."""

import logging
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.escpos import commands
from drivers.escpos.picture import draw_slip
from drivers.escpos.profile import Paper, Profile
from drivers.escpos.slip import FENCE_BYTES, UNIT_BYTES, slip_units
from drivers.escpos.text import MAX_CHARACTERS, printable
from drivers.ports import Slip
from tests.conformance.papers import SLIP

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_no_text_from_outside_can_carry_a_command(text: str) -> None:
    clean = printable(text)
    assert not HARMFUL.search(clean)
    assert len(clean) <= MAX_CHARACTERS
    clean.encode("utf-8", "strict")
    assert printable(clean) == clean


def test_harmless_text_stays_and_line_breaks_become_spaces() -> None:
    assert printable("办理 Café\r\nA012\x1b@\u202e") == "办理 Café A012@"


def test_the_commands_are_those_of_the_manual() -> None:
    assert commands.INITIALISE.hex(" ") == "1b 40"
    assert commands.CUT.hex(" ") == "1d 56 42 00"
    assert commands.ENABLE_ASB.hex(" ") == "1d 61 ff"
    assert commands.FENCE.hex(" ") == "1d 72 01"
    assert [question.hex(" ") for question in commands.STATUS_QUESTIONS] == [f"10 04 0{n}" for n in (1, 2, 3, 4)]
    assert commands.CLEAR.hex(" ") == "10 14 08 01 03 14 01 06 02 08"
    assert commands.confirmation(b"t001").hex(" ") == "1d 28 48 06 00 30 30 74 30 30 31"
    assert commands.raster(2, b"\x80\x00\xff\xff").hex(" ") == "1d 76 30 00 02 00 02 00 80 00 ff ff"
    with pytest.raises(ValueError, match="four printable"):
        commands.confirmation(b"\x10\x04\x01\x00")


def test_importing_the_command_library_leaves_no_trace(tmp_path: Path) -> None:
    script = (
        "import logging, os, drivers.escpos.commands;"
        "print(logging.root.handlers, [name for name in os.environ if name.startswith('ESCPOS')])"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[] []"
    assert list(tmp_path.iterdir()) == []
    assert tempfile.tempdir != str(tmp_path)
    assert logging.root.handlers is not None


def test_units_are_small_and_end_with_ink_then_with_the_cut() -> None:
    units = slip_units(SLIP, Paper())
    assert max(map(len, units)) <= UNIT_BYTES - FENCE_BYTES
    assert units[-1] == b"\n" + commands.CUT
    assert any(units[-2][-72:])
    assert units[-2].startswith(b"\x1d\x76\x30\x00\x48\x00")


def test_the_closing_line_is_one_unit_of_its_own() -> None:
    _, closing_top = draw_slip(SLIP, 576)
    rows = [int.from_bytes(unit[6:8], "little") for unit in slip_units(SLIP, Paper())[:-1]]
    assert sum(rows[:-1]) == closing_top
    assert 10 < rows[-1] <= 28


def test_known_feed_units_replace_blank_rows() -> None:
    fed = slip_units(SLIP, Paper(576, feed_units_per_row=2))
    assert sum(map(len, fed)) < 0.8 * sum(map(len, slip_units(SLIP, Paper())))
    assert any(b"\x1b\x4a" in unit for unit in fed)


def test_pixels_that_spell_a_real_time_command_are_changed() -> None:
    found = re.compile(rb"\x10[\x04\x05\x14]")
    for number in range(40):
        for unit in slip_units(replace(SLIP, number=f"B{number:03}", qr=f"http://hall/t/{number}"), Paper()):
            assert not found.search(unit)


slips = st.builds(
    Slip,
    slip_id=st.just("s"),
    hall=st.text(max_size=30),
    number=st.text(max_size=12),
    lines=st.lists(st.text(max_size=60), max_size=4).map(tuple),
    small=st.lists(st.text(max_size=200), max_size=2).map(tuple),
    qr=st.none() | st.text(min_size=1, max_size=120),
    closing=st.text(max_size=40),
    copy_mark=st.sampled_from(["", "COPY 重印"]),
)


@settings(max_examples=40, deadline=None)
@given(slips, st.sampled_from([Paper(), Paper(384), Paper(576, 2), Paper(512, 1)]))
def test_any_slip_becomes_small_units_without_hidden_commands(slip: Slip, paper: Paper) -> None:
    units = slip_units(slip, paper)
    assert max(map(len, units)) <= UNIT_BYTES - FENCE_BYTES
    assert not any(re.search(rb"\x10[\x04\x05\x14]", unit + commands.FENCE) for unit in units)
    assert units[-1].endswith(commands.CUT)


@pytest.mark.parametrize("qr", ["x" * 5000, "http://hall/\x1b@", "http://hall/\u202et", "\ud800"])
def test_a_code_that_no_phone_should_read_is_left_out(qr: str) -> None:
    assert slip_units(replace(SLIP, qr=qr), Paper()) == slip_units(replace(SLIP, qr=None), Paper())


def test_a_copy_is_marked_and_taller() -> None:
    plain, _ = draw_slip(SLIP, 576)
    marked, _ = draw_slip(replace(SLIP, copy_mark="COPY 重印"), 576)
    assert marked.height > plain.height + 44
    bar = marked.crop((0, 0, 576, 60)).convert("L").histogram()[0]
    assert bar > plain.crop((0, 0, 576, 60)).convert("L").histogram()[0]


def test_long_lines_shrink_and_then_end_in_an_ellipsis() -> None:
    picture, _ = draw_slip(replace(SLIP, hall="很长的名字" * 30), 384)
    assert picture.width == 384
    ink = picture.convert("L").point(lambda value: 255 - value).getbbox()
    assert ink is not None
    assert ink[0] >= 3
    assert ink[2] <= 381


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"widht": "576"}, "unknown printer option 'widht'"),
        ({"width": "80mm"}, "width is '80mm'"),
        ({"feed_units": "9"}, "feed_units is '9'"),
        ({"fence": "often"}, "fence is 'often'"),
    ],
)
def test_wrong_options_are_refused_with_words(options: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Profile.parse(options)


def test_options_make_a_profile() -> None:
    given = {"width": "384", "feed_units": "2", "fence": "gsh", "confirm": "no", "asb": "no", "clear": "no"}
    assert Profile.parse(given) == Profile(Paper(384, 2), "gsh", confirms=False, reports=False, clears=False)
    assert Profile.parse({}) == Profile()
