"""Holds docs/protocols.md to the drivers: every table row is built, parsed or looked up, and must say the same."""

import ast
import importlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers import catalog
from drivers.bus.exchange import BITS_PER_BYTE
from drivers.bus.worker import DEFAULT_BAUD
from drivers.escpos import commands, job, native, slip
from drivers.escpos.profile import Paper, Profile
from drivers.escpos.slip import REALTIME
from drivers.escpos.status import (
    MAX_BLOCK_BYTES,
    SEVERITY,
    group_faults,
    paper_faults,
    realtime_faults,
    take_answer,
)
from drivers.escpos.text import MAX_CHARACTERS, printable
from drivers.health import FAULTS
from drivers.led.a0_90 import A090, ADDRESSES, MAX_DATA_BYTES, REPLY_BYTES, encode, frame
from drivers.led.families import FAMILIES, PROFILED
from drivers.led.profile_keys import KEYS
from drivers.led.tokens import CHECKS, LENGTHS, NUMBERS, TEXTS
from drivers.ports import Colour, Slip, Verdict
from drivers.serial_port import _OPEN_FAULTS, LineSettings
from drivers.sim.printer_state import paper_byte, realtime_byte, status_group
from hall_server.station.prints import OUTCOMES

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "protocols.md").read_text("utf-8")
NONE = "–"
Rows = list[dict[str, str]]


def tables(text: str) -> dict[tuple[str, ...], Rows]:
    """Every table by its header; tables with one header are one."""
    found: dict[tuple[str, ...], Rows] = {}
    for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        head, _, *rows = (tuple(cell.strip() for cell in line.strip("|\n").split("|")) for line in block.splitlines())
        assert all(len(row) == len(head) for row in rows), head
        found.setdefault(head, []).extend(dict(zip(head, row, strict=True)) for row in rows)
    return found


TABLES = tables(TEXT)


def table(*columns: str) -> Rows:
    """The rows of the table that begins with these columns."""
    return next(rows for head, rows in TABLES.items() if head[: len(columns)] == columns)


def words(cell: str) -> tuple[str, ...]:
    """What stands in back-quotes in a cell."""
    return tuple(word for quoted in re.findall(r"`([^`]*)`", cell) for word in quoted.split())


def octets(cell: str) -> bytes:
    """The bytes of a cell: hexadecimal, or a count and one of them."""
    count, _, rest = cell.partition(" × ")
    return bytes.fromhex("".join(words(rest))) * int(count) if rest else bytes.fromhex("".join(words(cell)))


def test_every_command_is_what_the_drivers_send() -> None:
    known = {"commands": commands, "slip": slip, "native": native, "bytes": bytes}
    rows = table("Name", "Bytes", "In the code")
    told = {row["Name"]: octets(row["Bytes"]) for row in rows}
    # The code of a cell is from our own page.
    assert told == {row["Name"]: eval(row["In the code"].strip("`"), known) for row in rows}
    sent = {value for value in vars(commands).values() if isinstance(value, bytes)} | {*commands.STATUS_QUESTIONS}
    assert sent - {commands.RASTER} <= set(told.values())


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_each_bit_of_a_realtime_answer_means_what_the_page_says(number: int) -> None:
    for row in table("Bit", "Mask", "n = 1"):
        mask = int(octets(row["Mask"])[0])
        assert mask == 1 << int(row["Bit"])
        answers = bytearray(b"\x12" * 4)
        answers[number - 1] |= mask
        assert realtime_faults(bytes(answers)) == words(row[f"n = {number}"])


@pytest.mark.parametrize("place", [1, 2, 3])
def test_each_bit_of_a_status_group_means_what_the_page_says(place: int) -> None:
    for row in table("Bit", "Mask", "byte 1"):
        mask = int(octets(row["Mask"])[0])
        assert mask == 1 << int(row["Bit"])
        group = bytearray(b"\x10\x00\x00\x00")
        group[place - 1] |= mask
        assert group_faults(bytes(group)) == words(row[f"byte {place}"])
    assert group_faults(b"\x10\x00\x00\x0f") == ()


def test_a_stream_is_taken_apart_as_the_page_says() -> None:
    for row in table("Stream", "GS r owed"):
        left, read = octets(row["Stream"]), []
        while left:
            answer, left = take_answer(left, row["GS r owed"] == "yes")
            if answer is None:
                read.append("wait")
                break
            read.append(f"{answer.kind} `{answer.data.hex(' ').upper()}`")
        assert ", ".join(read) == row["Read as"]
    assert f"more than {MAX_BLOCK_BYTES} bytes" in TEXT


def test_each_state_is_told_and_understood_as_the_page_says() -> None:
    for row in table("State", "DLE EOT 1 2 3 4"):
        realtime, group, paper = (octets(row[name]) for name in ("DLE EOT 1 2 3 4", "ASB", "GS r 1"))
        faults = words(row["Faults"])
        assert (realtime_faults(realtime), group_faults(group)) == (faults, faults), row
        assert paper_faults(paper) == tuple(fault for fault in faults if fault.startswith("paper"))
        stated = frozenset(words(row["Simulated by"]))
        assert b"".join(realtime_byte(n, stated) for n in (1, 2, 3, 4)) == realtime
        assert (status_group(stated), paper_byte(stated)) == (group, paper)
    assert f"`{' '.join(SEVERITY)}`" in TEXT


def test_the_blocks_and_the_commands_that_are_never_sent_are_named() -> None:
    for block in (job.PRINTED_ID, job.UNPRINTED_ID, job.CLEARED):
        assert f"`{block.hex(' ')}`" in TEXT
    never = TEXT[TEXT.index("**Never sent by us:**") :].split("\n\n")[0]
    forbidden = [bytes.fromhex(found) for found in re.findall(r"`([0-9A-F ]+)`", never)]
    assert forbidden == [b"\x10\x05\x01", b"\x10\x05\x02", b"\x10\x14\x02\x01\x08"]
    sent = b" ".join(octets(row["Bytes"]) for row in table("Name", "Bytes", "In the code"))
    assert [command for command in forbidden if command in sent] == []


def test_letters_are_sent_as_the_page_says() -> None:
    for row in table("Text", "As", "Bytes"):
        (part,) = words(row["As"])
        made = replace(Slip("s", "", ""), **{part: ast.literal_eval(row["Text"].strip("`"))})
        assert octets(row["Bytes"]) in b"".join(native.native_units(made, Paper())), row
    assert f"beyond {native.QR_MAX_BYTES} bytes" in TEXT


def test_dots_and_texts_are_made_harmless_as_the_page_says() -> None:
    for row in table("Dots", "Sent as"):
        assert REALTIME.sub(b"\x11", octets(row["Dots"])) == octets(row["Sent as"])
    for row in table("Given", "Printed"):
        given, printed = (ast.literal_eval(row[name].strip("`")) for name in ("Given", "Printed"))
        assert printable(given) == printed
    assert f"{MAX_CHARACTERS} characters are kept" in TEXT


def test_the_verdicts_are_all_there_with_what_they_mean_for_the_hall() -> None:
    rows = table("Verdict", "Evidence", "In the hall")
    assert {words(row["Verdict"]): words(row["In the hall"]) for row in rows} == {
        (verdict.value,): (OUTCOMES[verdict],) for verdict in Verdict
    }


def looked_up(name: str) -> object:
    """A value by its full name: a module, then attributes."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            value: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            value = getattr(value, attribute)
        return value
    raise LookupError(name)


def test_each_constant_has_the_value_that_the_page_says() -> None:
    rows = table("Constant", "Value", "Why")
    told = {row["Constant"].strip("`"): float(row["Value"]) for row in rows}
    assert len(told) == len(rows) > 30
    assert told == {name: looked_up(name) for name in told}


def test_each_printer_option_takes_the_values_that_the_page_says() -> None:
    rows = table("Option", "Values", "Default")
    for row in rows:
        (name,) = words(row["Option"])
        first, dash, last = row["Values"].partition("-")
        values = [first, last] if dash else row["Values"].split()
        assert all(Profile.parse({name: value}) for value in values)
        assert Profile.parse({name: row["Default"]}) == Profile()
        for wrong in [str(int(last) + 1)] if dash else [*{"yes", "no", "auto", "gsr"} - set(values)]:
            with pytest.raises(ValueError, match=name):
                Profile.parse({name: wrong})
    with pytest.raises(ValueError, match="known are") as refused:
        Profile.parse({"paper": "wide"})
    listed = str(refused.value).partition("known are ")[2].split(", ")
    assert sorted(listed) == sorted(words(row["Option"])[0] for row in rows)


def test_each_sign_frame_is_what_our_codec_builds() -> None:
    for row in table("Address", "Text", "Colour", "Frame"):
        assert A090().show(int(row["Address"]), row["Text"], Colour(row["Colour"])) == octets(row["Frame"])
    vendors = re.search(r"vendor's text has .*: `([0-9A-F ]+)`", TEXT)
    assert vendors
    shown = encode(chr(0x8BF7), Colour.RED) + encode("8", Colour.GREEN)
    assert frame(1, shown) == bytes.fromhex(vendors[1])
    assert f"*Address* {ADDRESSES[0]}-{ADDRESSES[-1]};" in TEXT
    assert f"at most {MAX_DATA_BYTES}," in TEXT


def test_each_sign_reply_is_read_as_the_page_says() -> None:
    meant = {"shown": True, "refused": False, "wait": None, "nothing": None}
    for row in table("Received", "Read as", "Bytes used"):
        assert A090().reply(octets(row["Received"]), 3) == (meant[row["Read as"]], int(row["Bytes used"])), row


def test_the_time_on_the_wire_is_computed_right() -> None:
    for row in table("Text", "Frame and reply, bytes"):
        count = len(A090().show(1, row["Text"], Colour.RED)) + REPLY_BYTES
        assert count == int(row["Frame and reply, bytes"])
        assert float(row["ms at 9600 Bd"]) == round(count * BITS_PER_BYTE / DEFAULT_BAUD * 1000, 1)


def test_the_ways_that_bytes_travel_are_all_there() -> None:
    urls = [words(row["URL"])[0] for row in table("URL", "Way")]
    assert sorted(url.partition("://")[0] for url in urls) == sorted(catalog.ADDRESSES)
    for url in urls:
        query = url.partition("?")[2].partition("#")[0]
        assert LineSettings.parse(query) == LineSettings()
    told = {int(row["Error number"]): words(row["Fault"])[0] for row in table("Error number", "Fault")}
    assert told == _OPEN_FAULTS


def test_every_fault_on_the_page_is_one_that_drivers_may_report() -> None:
    columns = {"Faults", "Fault", "n = 1", "n = 2", "n = 3", "n = 4", "byte 1", "byte 2", "byte 3"}
    said = {
        word for rows in TABLES.values() for row in rows for name in columns & set(row) for word in words(row[name])
    }
    assert said <= FAULTS
    assert set(SEVERITY) <= said


def test_every_word_of_a_template_and_every_key_of_a_profile_is_on_the_page() -> None:
    kinds: list[tuple[str, str, Iterable[str]]] = [
        ("Number", "Bytes", NUMBERS), ("Length", "Written as", LENGTHS), ("Check", "Of all bytes", CHECKS),
        ("Text", "Bytes", TEXTS),
    ]  # fmt: skip
    for first, second, known in kinds:
        rows = table(first, second)
        assert sorted(word for row in rows for word in words(row[first])) == sorted(known)
    told = [word for row in table("Key", "What it says") for word in words(row["Key"])]
    assert sorted(told) == sorted(".".join(part for part in where if part) for where in KEYS)


def test_each_frame_of_a_template_family_is_what_its_profile_builds() -> None:
    for row in table("Family", "Address", "Window"):
        codec = FAMILIES[words(row["Family"])[0]].codec_of({"window": row["Window"]})
        assert codec.show(int(row["Address"]), row["Text"], Colour.RED) == octets(row["Call"]), row
    rows = table("Family", "Address", "Text")
    assert [words(row["Family"])[0] for row in rows] == [*PROFILED]
    for row in rows:
        family = FAMILIES[words(row["Family"])[0]]
        frame_shown = family.codec(family.columns).show(int(row["Address"]), row["Text"], Colour.RED)
        assert frame_shown == octets(row["Frame"]), row
