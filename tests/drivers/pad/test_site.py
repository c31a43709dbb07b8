"""A site's table of keys and levels: what it says is what a press means, and every mistake is named with its line."""

from pathlib import Path

import pytest

from drivers.catalog import check
from drivers.pad import ff68
from drivers.pad.families import PAD_FAMILIES
from drivers.pad.site import built_in, load
from drivers.ports import ACTIONS, DeviceSpec, PadContent

FF68 = PAD_FAMILIES["ff68"]
GOOD = """
[site]
rating_addr = "pad"
keys = { "0C" = "next", "5+0F" = "absent", "n+0c" = "call" }
[site.levels]
"00" = 5
"01" = 3
"""
BAD = """
[site]
rating_adr = "pad"
rating_addr = "none"
[site.keys]
"0C" = "nekst"
"5-0F" = "absent"
"30" = "next"
"0D" = "call"
"n+0E" = "transfer"
"n+0e" = "transfer"
[site.levels]
"07" = 1
"01" = 6
"02" = "good"
[pads]
"""


def written(folder: Path, text: str) -> str:
    file = folder / "site.toml"
    file.write_text(text, "utf-8")
    return str(file)


def test_a_site_says_what_its_keys_and_levels_mean(tmp_path: Path) -> None:
    site, wrong = load(written(tmp_path, GOOD), FF68)
    assert wrong == []
    presses = [("", 0x0C), ("12", 0x0C), ("5", 0x0F), ("6", 0x0F), ("", 0x0A)]
    assert [site.action(*press) for press in presses] == ["next", "call", "absent", None, None]
    assert (site.rating_offset, site.levels) == (0, {0: 5, 1: 3})


def test_without_a_file_every_action_has_a_key_but_a_second_meaning_of_digits_and_levels_count_up() -> None:
    site = built_in(FF68)
    assert set(ACTIONS) - set(site.keys.values()) == {"transfer_service", "hold", "take_up"}
    assert (site.rating_offset, site.levels) == (0x80, {0: 1, 1: 2, 2: 3, 3: 4, 4: 5})
    assert built_in(PAD_FAMILIES["qsystem"]).action("", 0x31) == "next"


@pytest.mark.parametrize(
    ("said", "layout"),
    [("3+3", ff68.Display(3, 3)), ("2 4", ff68.Display(2, 4, gap=True)), ("1+6", ff68.Display(1, 6))],
)
def test_a_site_says_how_many_digits_its_displays_have(tmp_path: Path, said: str, layout: ff68.Display) -> None:
    site, wrong = load(written(tmp_path, f'[site]\ndisplay = "{said}"\n'), FF68)
    assert (wrong, site.display) == ([], layout)
    full, unknown = PadContent(12345, "A1012"), PadContent(None)
    waiting = "9" * layout.waiting + " " * layout.gap
    assert ff68.show(5, full, layout) == ff68.digits(5, waiting + "1012"[-layout.ticket :].rjust(layout.ticket))
    assert ff68.show(5, unknown, layout) == ff68.digits(5, " " * (layout.waiting + layout.gap + layout.ticket))


def test_a_display_that_no_pad_has_is_refused(tmp_path: Path) -> None:
    for said in ("3", "0+3", "3-3", "7+1"):
        name = written(tmp_path, f'[site]\ndisplay = "{said}"\n')
        assert load(name, FF68)[1] == [
            f"{name}, line 2: display {said!r} is none like 3+3, or 2 4 with a blank between the numbers"
        ]
    polled = load(written(tmp_path, '[site]\ndisplay = "3+3"\n'), PAD_FAMILIES["qsystem"])[1]
    assert [said.partition(": ")[2] for said in polled] == [
        "display: these pads have one field of their own, leave it out"
    ]


def test_every_mistake_of_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    name = written(tmp_path, BAD)
    said = [problem.removeprefix(f"{name}, ") for problem in load(name, FF68)[1]]
    assert said == [
        "line 16: unknown 'pads'; known are site",
        "line 3: unknown 'rating_adr', did you mean 'rating_addr'?",
        "line 6: '0C': unknown action 'nekst', did you mean 'next'?",
        "line 7: '5-0F' is no key of these pads; a key looks like 0C, 5+0F or n+0C",
        "line 8: '30' is no key of these pads; a key looks like 0C, 5+0F or n+0C",
        "line 9: '0D': call needs typed digits, write n+0D",
        "line 11: 'n+0e' is there twice",
        "line 13: '07' is no level; levels are 00 to 04",
        "line 14: '01': 6 is not between 1 (worst) and 5 (best)",
        "line 15: '02': 'good' is not between 1 (worst) and 5 (best)",
        "line 4: rating_addr 'none' is none of pad+0x80, pad",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[site]\nkeys = \n", "at line 2"),
        ("[keys]", "it begins with [site]"),
        ("[site]\nkeys = 3", "line 2: keys is a table"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    (problem,) = load(written(tmp_path, text), FF68)[1]
    assert said in problem


def test_a_device_with_a_wrong_table_is_refused_before_a_port_is_opened(tmp_path: Path) -> None:
    options = (("site", written(tmp_path, BAD)),)
    problems = check(DeviceSpec("pad1", "pad", "socket://192.0.2.8:4001#1", options))
    assert len(problems) == 11
    assert all(problem.startswith("pad1: ") for problem in problems)
    absent = check(DeviceSpec("pad1", "pad", "socket://192.0.2.8:4001#1", (("site", str(tmp_path / "no.toml")),)))
    assert len(absent) == 1
    assert "cannot be read" in absent[0]
