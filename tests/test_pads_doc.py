"""Holds what the pages say of pads and rating units to the code."""

import re
import tomllib
from pathlib import Path

from drivers.catalog import check_all
from drivers.pad import ff68, qsystem
from drivers.pad.families import PAD_FAMILIES
from drivers.pad.site import load
from drivers.ports import ACTIONS, DeviceSpec, PadContent

DOCS = Path(__file__).resolve().parent.parent / "docs"
PROTOCOLS = (DOCS / "protocols.md").read_text("utf-8")
DEVICES = (DOCS / "devices.md").read_text("utf-8")


def rows(text: str, head: str) -> list[list[str]]:
    """The cells of the table that begins with these columns."""
    lines = text[text.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_each_frame_of_a_unit_is_what_our_codec_builds_and_reads() -> None:
    for _, address, command, data, frame in rows(PROTOCOLS, "Unit says or is told | Address"):
        built = ff68.frame(int(address), int(command, 16), bytes.fromhex(data))
        assert built == bytes.fromhex(frame)
        found = ff68.take(built)
        assert isinstance(found, ff68.Frame)
        assert found.data == bytes.fromhex(data)


def test_each_frame_of_a_polled_pad_is_what_our_codec_builds() -> None:
    built = [qsystem.poll(32), qsystem.show(32, PadContent(0, "A12"))]
    assert [bytes.fromhex(frame) for _, frame in rows(PROTOCOLS, "QSystem frame")] == built
    assert "Keys: " + ", ".join(f"`{key}` {act}" for key, act in PAD_FAMILIES["qsystem"].keys.items()) in PROTOCOLS


def test_the_keys_listed_are_those_that_hold_without_a_table() -> None:
    assert {key: action for key, action in rows(PROTOCOLS, "Key | Action")} == PAD_FAMILIES["ff68"].keys


def test_the_pads_listed_are_those_that_there_are() -> None:
    families = [row[1] for row in rows(DEVICES, "Pads and rating units | Option `family`")]
    assert [family for family in families if family != "–"] == list(PAD_FAMILIES)


def test_the_examples_are_in_order(tmp_path: Path) -> None:
    section = DEVICES[DEVICES.index("## Pads and rating units") :]
    devices, site = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)[:2]
    file = tmp_path / "pads.toml"
    file.write_text(site, "utf-8")
    table, wrong = load(str(file), PAD_FAMILIES["ff68"])
    assert (wrong, table.action("12", 0x0C)) == ([], "call")
    specs = [
        DeviceSpec(one["id"], one["kind"], one["url"], (("site", str(file)),))
        for one in tomllib.loads(devices)["device"]
    ]
    assert check_all(specs) == []
    named = re.search(r"Actions: ((?:`\w+`\s*)+)", section)
    assert named
    assert tuple(re.findall(r"`(\w+)`", named[1])) == ACTIONS
