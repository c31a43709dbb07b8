"""Frames of QSystem pads: known answers and answers among other bytes."""

from drivers.pad import qsystem
from drivers.ports import PadContent


def test_a_frame_has_the_published_bytes() -> None:
    assert qsystem.poll(0x20) == bytes.fromhex("04 20 07")
    assert qsystem.show(0x20, PadContent(4, "A12")) == bytes.fromhex("01 20 20 41 31 32 07")
    assert qsystem.show(0x21, PadContent(4, "")) == bytes.fromhex("01 21 20 20 20 20 07")
    assert qsystem.show(0x20, PadContent(0, "A012\x07")) == bytes.fromhex("01 20 20 30 31 32 07")


def test_an_answer_is_found_among_other_bytes_and_in_pieces() -> None:
    pad = qsystem.PolledPad()
    assert pad.reply(bytes.fromhex("00 FF 01 20 31 07"), 0x20) == (True, 6)
    assert pad.key == 0x31
    assert pad.reply(bytes.fromhex("01 21 32 07"), 0x20) == (None, 4)
    assert pad.reply(bytes.fromhex("FF 01 20 33"), 0x20) == (None, 1)
    assert pad.reply(bytes.fromhex("01 20 30 07"), 0x20) == (True, 4)
    assert pad.key == qsystem.IDLE_KEY
