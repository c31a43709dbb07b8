"""Holds docs/devices.md to the code: the devices that it lists are those that there are, and its examples are right."""

import json
import re
import tomllib
from pathlib import Path

from drivers.catalog import ADDRESSES, FOR_PRINTERS, KINDS, check, check_all
from drivers.led.families import FAMILIES, PROFILED, family_of, shipped
from drivers.ports import Colour, DeviceSpec
from drivers.trace import MAX_BYTES

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "devices.md").read_text("utf-8")


def column(head: str, number: int = 0) -> list[str]:
    """The cells of one column of the table that begins with ``head``."""
    rows = TEXT[TEXT.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [row.strip("| ").split(" | ")[number].strip() for row in rows]


def test_the_families_and_addresses_listed_are_those_that_there_are() -> None:
    assert column("Family | Boards") == [f"`{name}`" for name in FAMILIES]
    printers, *signs = (re.findall(r"`(\w+)://`", reached) for reached in column("Driver", 1))
    assert sorted(printers) == sorted(ADDRESSES)
    for reached in signs:
        assert sorted(reached) == sorted(set(ADDRESSES) - set(FOR_PRINTERS))
    assert sorted(re.findall(r"`(\w+)://`", " ".join(column("Address | How it was tried")))) == sorted(ADDRESSES)


def test_every_address_of_a_usb_printer_on_the_page_can_be_written() -> None:
    urls = [cell.strip("`") for cell in column("Address | Finds")]
    assert [check(DeviceSpec("p", "printer", url)) for url in urls] == [[]] * 3


def test_nothing_is_said_to_work_on_hardware_before_a_recording_of_it_is_here() -> None:
    files = (ROOT / "tests" / "recorded").glob("*.jsonl")
    heads = [json.loads(file.read_text("utf-8").splitlines()[0]) for file in files]
    real = [head for head in heads if head["device"] != "simulator"]
    assert heads
    assert set(column("Driver", 3)) == {"none yet"} or real
    assert set(column("Address | How it was tried", 2)) == {"unproved"}


def test_the_devices_in_the_example_are_in_order() -> None:
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example
    devices = tomllib.loads(example[1])["device"]
    specs = [DeviceSpec(d["id"], d["kind"], d["url"], tuple(d.get("options", {}).items())) for d in devices]
    assert check_all(specs) == []
    assert {spec.kind for spec in specs} <= set(KINDS)


def test_every_kind_of_line_in_a_recording_is_explained() -> None:
    events = {
        json.loads(line)["event"]
        for file in (ROOT / "tests" / "recorded").glob("*.jsonl")
        for line in file.read_text("utf-8").splitlines()
    }
    explained = set(re.findall(r"`(\w+)`", " ".join(column("`event`"))))
    assert events <= explained
    assert {f"{MAX_BYTES // 1_000_000} MB"} == set(re.findall(r"\d+ MB", TEXT))


def test_the_command_and_the_pages_that_it_names_are_there() -> None:
    assert "hallcall devices trace" in TEXT
    for page, anchor in re.findall(r"\]\((\w+\.md)(?:#([\w-]+))?\)", TEXT):
        headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE)
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_the_table_of_sign_families_says_what_the_code_says() -> None:
    told = zip(*(column("Family | Boards", number) for number in (0, 2, 3, 4)), strict=True)
    assert list(told) == [
        (f"`{name}`", f"`{one.proof}`", one.charset, f"{one.addresses[0]}-{one.addresses[-1]}")
        for name, one in FAMILIES.items()
    ]
    assert column("Proof | What its boards prove, and what the hall says") == [
        f"`{proof}`" for proof in ("readback", "ack", "poll", "none")
    ]
    said = dict(
        zip(
            column("Family | Boards"),
            zip(column("Family | Boards", 1), column("Family | Boards", 5), strict=True),
            strict=True,
        )
    )
    shipped_ones = {name: shipped(name) for name in PROFILED}
    assert {name: said[f"`{name}`"] for name in PROFILED} == {
        name: (one.title, one.verified) for name, one in shipped_ones.items()
    }


def test_the_walk_through_makes_a_profile_that_speaks_the_vendors_bytes() -> None:
    text = TEXT[TEXT.index("`my-sign.toml`, beside") :]
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example
    family = family_of({"profile": example[1]})
    assert family.codec(8).show(3, "请A012", Colour.RED).hex(" ").upper() == (
        "AA 03 BB 51 54 53 08 00 63 00 63 C7 EB 41 30 31 32 FF"
    )
    calls = {text: family.codec_of({"window": "3"}).show(3, text, Colour.RED) for text in ("B1234", "1234")}
    assert {text: sent.hex(" ").upper() for text, sent in calls.items()} == {
        "B1234": "A0 07 28 03 01 0C 22 03 42 42 FF",
        "1234": "A0 06 28 03 01 0C 22 03 63 FF",
    }
    assert calls["B1234"].hex(" ").upper() in TEXT
    assert family.codec(8).reply(bytes.fromhex("A0 03 14 03 50 06 FF"), 3) == (True, 7)
    assert family.heartbeat is not None
    assert family.heartbeat.ask(3) == bytes.fromhex("A0 03 98 03 50 26 FF")
    assert (family.proof, family.gap_s) == (FAMILIES["lihe_v2"].proof, FAMILIES["lihe_v2"].gap_s)
