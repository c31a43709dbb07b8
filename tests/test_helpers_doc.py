"""Holds what docs say of helper programs to the code: each line of the protocol, the settings, the trial by hand."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

from drivers.catalog import check
from drivers.helper import example
from drivers.helper.words import HelperSign, faults_of, health, line, paper, parse
from drivers.ports import Colour, DeviceSpec, Slip, Verdict
from hall_server.settings.tables import HelperSettings

DOCS = Path(__file__).resolve().parent.parent / "docs"
LINES = re.findall(r"^\| (we|helper) \| `(\{.*\})` \|", (DOCS / "protocols.md").read_text("utf-8"), re.MULTILINE)
PAGE = (DOCS / "devices.md").read_text("utf-8")


def test_what_we_say_is_what_the_page_says() -> None:
    slip = Slip("s1", "大厅", "A012", lines=("税务",), qr="https://h/t/1")
    show = parse(HelperSign().show(5, "A012", Colour.RED))
    asked = [show, parse(health(5)), {"do": "print", "slip": paper(slip)}]
    assert [json.loads(told) for who, told in LINES if who == "we"] == [
        {"id": number, **(one or {})} for number, one in enumerate(asked, 7)
    ]


def test_what_a_helper_says_is_understood_as_the_page_says() -> None:
    hello, well, refused, printed = (parse(told.encode()) or {} for who, told in LINES if who == "helper")
    assert hello == {"hello": 1, "kind": "sign"}
    assert [faults_of(said) for said in (well, refused)] == [(), ("no_answer",)]
    assert faults_of({"ok": False, "faults": ["made up"]}) == ("nak",)
    assert Verdict(printed["verdict"]) is Verdict.PRINTED


def test_the_settings_on_the_page_are_in_order() -> None:
    example_text = re.search(r"```toml\n(\[\[helper\]\].*?)```", PAGE, re.DOTALL)
    assert example_text
    told = tomllib.loads(example_text[1])
    assert HelperSettings.model_validate(told["helper"][0]).id == "onbon"
    assert [check(DeviceSpec(d["id"], d["kind"], d["url"])) for d in told["device"]] == [[]]


def test_the_example_can_be_tried_by_hand_as_the_page_says(tmp_path: Path) -> None:
    command = re.search(r"```sh\necho '(\{.*\})' \| python3 bridge.py (.*)\n```", PAGE)
    assert command
    words = [str(tmp_path) if word == "FOLDER" else word for word in shlex.split(command[2])]
    done = subprocess.run(
        [sys.executable, example.__file__, *words], input=line(json.loads(command[1])), capture_output=True, check=True
    )
    assert [json.loads(said) for said in done.stdout.splitlines()] == [
        {"hello": 1, "kind": "sign"},
        {"id": 1, "ok": True},
    ]
    assert (tmp_path / "5.txt").read_text("utf-8") == "A012"
