"""Slips in the printer's own letters: what leaves, what never may, and what the paper looks like."""

import io
import re
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.escpos.native import BEGIN, END, native_units, qr_code, without_letters
from drivers.escpos.printer import hide, open_printer
from drivers.escpos.profile import Paper
from drivers.escpos.slip import FENCE_BYTES, UNIT_BYTES, slip_units
from drivers.ports import Slip, Verdict
from drivers.sim.printer import SimPrinter
from drivers.transport import open_transport
from tests.conformance.papers import SLIP, letters

# All that may stand between BEGIN and END: sizes, white on black, the five functions of a code, letters, line feeds.
GRAMMAR = re.compile(
    re.escape(BEGIN)
    + rb"(\x1d![\x00-\x77]|\x1dB[\x00\x01]|\n|\x1d\x28k\x04\x001A2\x00|\x1d\x28k\x03\x00(1C\x06|1E1|1Q0)"
    + rb"|\x1d\x28k..1P0[ -~]*|([ -~]|[\x81-\xfe][\x40-\xfe])+)*"
    + re.escape(END),
    re.DOTALL,
)
slips = st.builds(
    Slip,
    slip_id=st.just("s"),
    hall=st.text(max_size=30),
    number=st.text(max_size=12),
    lines=st.lists(st.text(alphabet="请A0\x1b\x10\x04\x05\x1d排队🦀é\u202e", max_size=150), max_size=4).map(tuple),
    small=st.lists(st.text(alphabet="窗口 Z9\x00", max_size=150), max_size=2).map(tuple),
    qr=st.none() | st.text(alphabet="ht/:7é\x1b\n", min_size=1, max_size=400),
    closing=st.text(alphabet="请留意\x07 end", max_size=40),
    copy_mark=st.sampled_from(["", "COPY 重印"]),
)


@settings(max_examples=50, deadline=None)
@given(slips, st.sampled_from([Paper(), Paper(384)]))
def test_nothing_leaves_but_letters_and_our_own_commands(slip: Slip, paper: Paper) -> None:
    units = native_units(slip, paper)
    assert max(map(len, units)) <= UNIT_BYTES - FENCE_BYTES
    if units[0].startswith(BEGIN):
        assert [unit for unit in units[:-1] if not GRAMMAR.fullmatch(unit)] == []
    elif len(units) > 1:
        assert units == slip_units(slip, paper)
    assert not any(re.search(rb"\x10[\x04\x05\x14]", unit) for unit in units)


def test_what_gbk_lacks_makes_the_whole_slip_a_picture() -> None:
    for change in ({"number": "🦀"}, {"closing": "ไทย"}, {"qr": "http://é"}, {"qr": "h" * 301}, {"qr": "a\x1bb"}):
        slip = replace(SLIP, **change)  # type: ignore[arg-type]  # each change names a field of a slip
        assert native_units(slip, Paper()) == slip_units(slip, Paper())
    with pytest.raises(UnicodeEncodeError):
        qr_code("a\nb")


def test_a_recording_has_no_letter_of_a_slip_and_the_same_commands() -> None:
    for unit in native_units(replace(SLIP, copy_mark="COPY 重印"), Paper()):
        hidden = hide(unit + b"\x1d\x72\x01")
        assert len(hidden) == len(unit) + 3
        shown = re.sub(
            rb"\x1d[!B].|\x1d\x28k(\x04\x001A2.|\x03\x001..|..1P0)", b"", hidden.removeprefix(BEGIN), flags=re.DOTALL
        )
        assert re.fullmatch(rb" *(\n *)*(\x1c\.)?(\x1dVB\x00)?\x1dr\x01", shown), hidden
    assert without_letters(b"A012") == b"A012"


@pytest.mark.needs("zbar")
def test_the_paper_carries_the_letters_and_a_phone_reads_the_code(tmp_path: Path) -> None:
    sim = SimPrinter(mm_s=0).start()
    with closing(open_printer(f"tcp://127.0.0.1:{sim.port}", {"mode": "native"})) as printer:
        assert printer.print_slip(SLIP).verdict is Verdict.PRINTED
    sim.stop()
    [slip] = sim.slips()
    assert "".join(slip.letters) == letters(SLIP)
    paper = tmp_path / "paper.png"
    paper.write_bytes(slip.png)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", paper], capture_output=True, check=True)
    assert read.stdout.decode().strip() == SLIP.qr


def test_the_simulated_letters_grow_and_stand_where_they_are_told() -> None:
    def inked(data: bytes) -> tuple[int, int, int, int]:
        sim = SimPrinter(mm_s=0).start()
        link = open_transport(f"tcp://127.0.0.1:{sim.port}")
        link.open()
        link.write(data + b"\n\x1d\x56\x00\x1d\x72\x01", 5)
        assert link.read(20) == b"\x00"
        link.close()
        sim.stop()
        [slip] = sim.slips()
        box = Image.open(io.BytesIO(slip.png)).convert("L").point(lambda value: 255 - value).getbbox()
        assert box is not None
        return box

    left, top, right, bottom = inked(b"A")
    assert inked(b"\x1d\x21\x12A") == (left * 2, top * 3, right * 2, bottom * 3)
    middle = inked(b"\x1b\x61\x01\xc7\xeb")
    assert abs(middle[0] + middle[2] - 576) <= 4
    assert inked(b"\x1d\x42\x01A")[:2] == (0, 0)
