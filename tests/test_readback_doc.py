"""Holds what the pages say of Modbus and Alpha signs to their codecs."""

import re
import tomllib

from drivers.led.alpha import ADDRESSES as ALPHA_ADDRESSES
from drivers.led.alpha import COLOURS
from drivers.led.families import FAMILIES, MAPPED, Proof
from drivers.led.modbus import ADDRESSES
from drivers.led.register_map import LAYOUTS, RegisterMap, parse
from drivers.ports import Colour
from drivers.sim import modbus_board
from tests.test_devices_doc import TEXT as DEVICES
from tests.test_protocols_doc import TEXT, octets, table, words


def test_each_frame_is_what_our_codecs_build() -> None:
    rows = table("Sign", "Address", "Text", "Sent")
    for row in rows:
        family = FAMILIES[words(row["Sign"])[0]]
        codec = family.codec(family.columns)
        assert codec.show(int(row["Address"]), row["Text"], Colour.RED) == octets(row["Sent"]), row
    assert {words(row["Sign"])[0] for row in rows} == {*MAPPED, "alpha"}


def test_each_answer_is_read_as_the_page_says() -> None:
    meant = {"taken": True, "refused": False, "wait": None, "nothing": None}
    for row in table("Heard", "Read as", "Bytes used"):
        answer = FAMILIES["dm56a04"].codec(4).reply(octets(row["Heard"]), 5)
        assert answer == (meant[row["Read as"]], int(row["Bytes used"])), row


def test_addresses_exceptions_and_colours_are_the_codecs() -> None:
    assert f"*Address* {ADDRESSES[0]}-{ADDRESSES[-1]}; 0 reaches every slave" in TEXT
    assert f"*Address* {ALPHA_ADDRESSES[0]:02X}-{ALPHA_ADDRESSES[-1]:02X}; 00 reaches every sign" in TEXT
    board = modbus_board
    codes = [board.NO_SUCH_FUNCTION, board.NO_SUCH_REGISTER, board.NO_SUCH_VALUE, board.BROKEN]
    assert "{} function, {} register, {} value, {} broken".format(*codes) in TEXT
    red, green, yellow = (COLOURS[colour][1:].decode() for colour in (Colour.RED, Colour.GREEN, Colour.YELLOW))
    assert f"`1C` and `{red}` red, `{green}` green, `{yellow}` yellow" in TEXT


def test_the_map_on_the_page_is_right_and_each_layout_is_explained() -> None:
    examples = re.findall(r"```toml\n(.*?)```", DEVICES, re.DOTALL)
    (example,) = [text for text in examples if "registers" in tomllib.loads(text)]
    assert parse(example) == RegisterMap(0, "ascii", 4)
    rows = [line for line in DEVICES.splitlines() if re.match(r"\| `\w+` \| (`[0-9A-F]|no letters)", line)]
    for row in rows:
        (layout, *values) = re.findall(r"`([\w ]+)`", row)
        text = "12" if "no letters" in row else "A012"
        assert RegisterMap(0, layout, 4).pack(text) == bytes.fromhex("".join(values)), row
    assert {re.findall(r"`(\w+)`", row)[0] for row in rows} == set(LAYOUTS)


def test_what_is_read_back_says_so() -> None:
    assert {name for name, family in FAMILIES.items() if family.proof is Proof.READBACK} == {*MAPPED, "alpha_readback"}
