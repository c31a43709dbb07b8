"""Addresses and options of devices behind a program, and what may be said to one."""

import json

import pytest

from drivers.catalog import check, check_all, never_answers, owner_key, refused
from drivers.helper.words import HelperSign, paper, without_paper
from drivers.ports import Colour, DeviceError, DeviceSpec, Slip


@pytest.mark.parametrize(
    ("kind", "url", "options", "said"),
    [
        ("sign", "helper://#1", {}, "names no helper"),
        ("sign", "helper://a/b#1", {}, "names no helper"),
        ("sign", "helper://a%0Ab#1", {}, "names no helper"),
        ("sign", "helper://a;reboot#1", {}, "names no helper"),
        ("sign", "helper://onbon?x=1#1", {}, "names no helper"),
        ("sign", "helper://onbon", {}, "needs its unit address"),
        ("sign", "helper://onbon#0", {}, "unit address '0' is not between 1 and 999"),
        ("sign", "helper://onbon#1", {"family": "a0_90"}, "unknown option 'family'"),
        ("sign", "helper://onbon#1", {"command": "reboot"}, "unknown option 'command'"),
        ("sign", "helper://onbon#1", {"answers": "maybe"}, "answers 'maybe' is none of yes, no"),
        ("printer", "helper://onbon#1", {}, "a printer has no unit address"),
        ("printer", "helper://onbon", {"width": "384"}, "unknown option 'width'"),
        ("pad", "helper://onbon#1", {}, "helper:// is for signs and printers, and this is a pad"),
        ("sign", "helpr://onbon#1", {}, "did you mean 'helper'?"),
    ],
)
def test_what_no_helper_can_be_is_refused(kind: str, url: str, options: dict[str, str], said: str) -> None:
    [problem] = check(DeviceSpec("d", kind, url, tuple(options.items())))
    assert said in problem


def test_one_program_drives_signs_or_one_printer_and_no_two_devices_at_one_place() -> None:
    one, two = (DeviceSpec(f"s{number}", "sign", f"helper://onbon#{number}") for number in (1, 2))
    port = DeviceSpec("bus", "bus", "helper://onbon")
    assert check_all([one, two, port]) == []
    assert check_all([one, DeviceSpec("p", "printer", "helper://onbon")]) == [
        "s1, p: a printer cannot share helper:onbon with signs"
    ]
    assert check_all([one, DeviceSpec("twin", "sign", one.url)]) == ["s1, twin: all claim helper:onbon#1"]
    assert owner_key("helper://onbon#1") != owner_key("tcp://onbon")


def test_a_sign_whose_library_confirms_nothing_never_answers() -> None:
    assert never_answers(DeviceSpec("s", "sign", "helper://onbon#1", (("answers", "no"),)))
    assert not never_answers(DeviceSpec("s", "sign", "helper://onbon#1"))


@pytest.mark.parametrize("text", ["A\x1b[2J", "A\n{}", "A\u2028", "€\u0e01"])
def test_what_no_sign_can_show_and_every_control_character_is_refused_before_it_is_said(text: str) -> None:
    with pytest.raises(DeviceError, match="text_unsupported"):
        HelperSign().show(1, text, Colour.RED)
    assert refused(DeviceSpec("s", "sign", "helper://onbon#1"), text)


def test_a_slip_goes_out_without_control_characters_and_into_no_recording() -> None:
    parts = paper(Slip("s1", "Hall\x1b@", "A012", lines=("tax\x00", "\u202eloans")))
    assert parts == {"hall": "Hall@", "number": "A012", "lines": ["tax", "loans"]}
    said = json.dumps({"id": 1, "do": "print", "slip": parts}).encode()
    assert json.loads(without_paper(said)) == {"id": 1, "do": "print", "slip": {}}
    assert without_paper(b'{"id":1}\n') == b'{"id":1}\n'
    assert without_paper(b"\xff") == b"\xff"
