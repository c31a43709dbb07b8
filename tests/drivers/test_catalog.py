"""Wrong device lists are explained before a port is opened, all mistakes at once."""

import pytest

from drivers.catalog import check, check_all
from drivers.ports import DeviceSpec

BUS = "serial:///dev/serial/by-path/1"


NARROW = """
title = "Narrow"
source = "its sheet"
port.baud = [9600]
sign.addresses = [1, 9]
sign.columns = 6
tx.show = "02 {addr:dec2} {data:ascii} 03"
"""


def sign(name: str, url: str, **options: str) -> DeviceSpec:
    return DeviceSpec(name, "sign", url, tuple(options.items()))


@pytest.mark.parametrize(
    "spec",
    [
        DeviceSpec("p1", "printer", "tcp://192.0.2.7:9100"),
        DeviceSpec("p2", "printer", "tcp://192.0.2.7"),
        DeviceSpec("b", "bus", "socket://192.0.2.8:4001"),
        DeviceSpec("p3", "printer", "usb://by-path/1-1.2", (("mode", "native"),)),
        DeviceSpec("p4", "printer", "win32://POS%2080"),
        DeviceSpec("pad", "pad", f"{BUS}#127"),
        DeviceSpec("pad", "pad", f"{BUS}#32", (("family", "qsystem"), ("idle", "silent"))),
        DeviceSpec("rating", "rating", f"{BUS}#3"),
        sign("w1", f"{BUS}?baud=19200#1"),
        sign("w1", f"{BUS}?format=8E1#247", family="dm56a04", columns="4"),
        sign("w1", f"{BUS}?format=7E1#255", family="alpha", columns="15"),
        sign(
            "w1",
            "socket://192.0.2.9:7000#1",
            profile='[registers]\nfirst=0\nlayout="pairs"\ncharacters=20',
            columns="20",
        ),
        sign("w2", "rfc2217://192.0.2.9:7000#254", family="a0_90", columns="16"),
    ],
)
def test_a_right_device_has_no_problems(spec: DeviceSpec) -> None:
    assert check(spec) == []


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (DeviceSpec("x", "printr", "tcp://h"), "x: unknown kind 'printr', did you mean 'printer'?"),
        (sign("w", "seriall:///dev/x#1"), "did you mean 'serial'?"),
        (sign("w", "/dev/ttyUSB0"), "unknown address '/dev/ttyUSB0'"),
        (sign("w", f"{BUS}?baud=fast#1"), "baud 'fast' is not a number"),
        (sign("w", f"{BUS}?speed=9600#1"), "unknown line setting 'speed'"),
        (sign("w", BUS), "a sign needs its unit address"),
        (sign("w", f"{BUS}#0"), "unit address '0' is not between 1 and 254"),
        (sign("w", f"{BUS}#255"), "unit address '255' is not between 1 and 254"),
        (sign("w", f"{BUS}#three"), "unit address 'three' is not between 1 and 254"),
        (sign("w", f"{BUS}#1", family="a090"), "unknown family 'a090', did you mean 'a0_90'?"),
        (sign("w", f"{BUS}#1", colums="8"), "unknown option 'colums', did you mean 'columns'?"),
        (sign("w", f"{BUS}#1", columns="0"), "columns '0' is not between 4 and 64"),
        (sign("w", f"{BUS}#248", family="dm56a04", columns="4"), "unit address '248' is not between 1 and 247"),
        (sign("w", f"{BUS}#1", family="dm56a04", columns="8"), "columns '8' is not between 4 and 4"),
        (sign("w", f"{BUS}#1", family="alpha"), "its boards speak 7E1, and the address says 8N1: add format=7E1"),
        (
            sign("w", f"{BUS}#1", profile="[registers]\nfirst=0\nlayout=4\ncharacters=4"),
            "profile, line 3: layout must be a text",
        ),
        (sign("w", "socket://192.0.2.8:4001?baud=4800#1", family="lihe_v2"), "its boards speak at 9600 baud, and the"),
        (sign("w", "socket://192.0.2.8:4001?format=7E1#1", family="lihe_v2"), "its boards speak 8N1, and the address"),
        (sign("w", f"{BUS}#1", window="0"), "w: window '0' is no number from 1 to 999"),
        (sign("w", f"{BUS}#1", profile=NARROW, columns="8"), "w: columns '8' is not between 4 and 6"),
        (DeviceSpec("d", "pad", BUS), "unit address '' is not between 1 and 127"),
        (DeviceSpec("d", "pad", f"{BUS}#128"), "unit address '128' is not between 1 and 127"),
        (DeviceSpec("d", "pad", f"{BUS}#3", (("family", "qsystem"),)), "unit address '3' is not between 32 and 255"),
        (DeviceSpec("d", "pad", f"{BUS}#3", (("family", "qsistem"),)), "did you mean 'qsystem'?"),
        (DeviceSpec("d", "pad", f"{BUS}#3", (("idle", "mute"),)), "idle 'mute' is none of answers, silent"),
        (DeviceSpec("d", "rating", f"{BUS}#3", (("idle", "silent"),)), "d: unknown option 'idle'"),
        (DeviceSpec("b", "bus", f"{BUS}#1"), "b: a bus has no unit address, remove #1"),
        (DeviceSpec("p", "printer", "tcp://h:9100#1"), "p: a printer has no unit address, remove #1"),
        (DeviceSpec("p", "printer", "tcp://h:port"), "p: "),
        (DeviceSpec("p", "printer", "tcp://"), "needs a host and a port"),
        (sign("w", "usb:///dev/usb/lp0#1"), "w: usb:// is for printers, and this is a sign"),
        (DeviceSpec("p", "printer", "usb://lp0"), "names no USB printer"),
        (DeviceSpec("p", "printer", "tcp://h", (("mode", "text"),)), "mode is 'text', not one of raster, native"),
        (DeviceSpec("p", "printer", "tcp://h", (("widht", "576"),)), "p: unknown printer option 'widht'"),
    ],
)
def test_a_wrong_device_is_explained(spec: DeviceSpec, said: str) -> None:
    problems = check(spec)
    assert len(problems) == 1
    assert said in problems[0]


def test_two_devices_cannot_claim_one_place() -> None:
    specs = [sign("w1", f"{BUS}#1"), sign("w2", f"{BUS}#1"), DeviceSpec("b", "bus", BUS), sign("w3", f"{BUS}#3")]
    assert check_all(specs) == ["w1, w2: all claim /dev/serial/by-path/1#1"]


def test_a_sign_a_pad_and_a_rating_unit_may_have_one_number() -> None:
    kinds = [DeviceSpec(kind, kind, f"{BUS}#3") for kind in ("sign", "pad", "rating")]
    assert check_all(kinds) == []
    assert check_all([*kinds, DeviceSpec("other", "pad", f"{BUS}#3")]) == [
        "pad, other: all claim /dev/serial/by-path/1#3"
    ]


def test_one_port_has_one_set_of_line_settings() -> None:
    specs = [sign("w1", f"{BUS}?baud=9600#1"), sign("w2", f"{BUS}?baud=19200#2")]
    assert check_all(specs) == ["w1, w2: different line settings for /dev/serial/by-path/1"]


def test_a_printer_does_not_share_a_port_and_an_id_is_used_once() -> None:
    specs = [DeviceSpec("p", "printer", "socket://h:1"), sign("w", "socket://h:1#1"), sign("w", "socket://h:1#2")]
    assert check_all(specs) == ["w: this id is used 2 times", "p, w, w: a printer cannot share h:1 with signs"]


def test_all_mistakes_are_said_at_once() -> None:
    assert len(check_all([sign("w1", BUS), sign("w2", f"{BUS}#0"), DeviceSpec("p", "printer", "lpt1")])) == 3
