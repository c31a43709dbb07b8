"""Holds what the pages say of voice modules to their codecs and settings."""

import re
import tomllib

from drivers.catalog import VOICE_OPTIONS, check_all
from drivers.ports import DeviceSpec
from drivers.speech.frames import ANSWERS, GB2312, GBK, MODULES, SAY, STATUS, STOP, Module
from drivers.speech.text import encoded
from tests.test_devices_doc import TEXT as DEVICES
from tests.test_protocols_doc import TEXT, octets, table, words


def built(module: Module, said: str) -> bytes:
    """The frame that the page names: a text with a volume before it, or an order."""
    if said in ("stop", "status"):
        return module.stop if said == "stop" else module.status
    volume, text = re.fullmatch(r"(\[v\d+\])?(.*)", said).groups("")  # type: ignore[union-attr]
    return module.say(volume.encode() + encoded(text))


def test_each_frame_is_what_our_codecs_build() -> None:
    rows = table("Module", "Said", "Frame")
    assert [built(MODULES[words(row["Module"])[0]], row["Said"]) for row in rows] == [
        octets(row["Frame"]) for row in rows
    ]
    assert {words(row["Module"])[0] for row in rows} == set(MODULES)
    example = re.search(r"The guide's example, .* is `([0-9A-F ]+)`", TEXT)
    assert example
    assert MODULES["xfs5152"].frame(SAY, bytes([GB2312]) + b"[v9]") == bytes.fromhex(example[1])


def test_orders_and_answers_are_those_of_the_code() -> None:
    section = TEXT[TEXT.index("## Voice modules") :].split("\n## ")[0]
    orders = re.search(r"\*Command\*: `(\w\w)` say, `(\w\w)` stop, `(\w\w)` how are you", section)
    assert orders
    assert [int(one, 16) for one in orders.groups()] == [SAY, STOP, STATUS]
    answers = re.search(r"\*Answers\*: (.*?)\.", section)
    assert answers
    assert {int(one, 16) for one in words(answers[1])} == ANSWERS
    assert f"`{GBK:02X}` GBK (`{GB2312:02X}` GB 2312" in section


def test_the_settings_on_the_page_are_right() -> None:
    section = DEVICES[DEVICES.index("## Voice modules") :].split("\n## ")[0]
    example = re.search(r"```toml\n(.*?)```", section, re.DOTALL)
    assert example
    (one,) = tomllib.loads(example[1])["device"]
    assert check_all([DeviceSpec(one["id"], one["kind"], one["url"], tuple(one["options"].items()))]) == []
    rows = [line.split(" | ") for line in section.splitlines() if re.match(r"\| `\w+` \|", line)]
    assert [words(row[0])[0] for row in rows] == list(VOICE_OPTIONS)
    loudest = {name: module.loudest for name, module in MODULES.items()}
    assert f"0-{loudest['syn6288']}, of `xfs5152` 0-{loudest['xfs5152']}" in rows[1][1]
    families = re.findall(r"\| (\w+), [^|]*\| `(\w+)` \| yes \| none yet", DEVICES)
    assert families == [(module.title, name) for name, module in MODULES.items()]
