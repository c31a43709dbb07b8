"""What is said to a maker's program and what it answers: JSON objects, one a line. Bytes only, no process.

we      {"id": 7, "do": "show", "address": 3, "text": "A012", "colour": "red"}
helper  {"id": 7, "ok": true}      or      {"id": 7, "ok": false, "faults": ["no_answer"], "detail": "time-out"}
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from drivers.escpos.text import printable
from drivers.health import FAULTS
from drivers.led.families import Family, Heartbeat, Proof, family_of
from drivers.ports import Colour, DeviceError, DeviceSpec, Slip

SCHEME = "helper"
PROTOCOL = 1
KINDS = ("sign", "printer")
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_LINE_BYTES = 8192  # a slip takes two thousand; more than this is no answer
ADDRESSES = range(1, 1000)  # which number is which of the maker's signs, its program knows
DEFAULT_COLUMNS = 8
OPTIONS = ("columns", "answers")
ANSWERS = ("yes", "no")  # no: the maker's library takes a text and never says what became of it
PAPER = ("hall", "number", "lines", "small", "qr", "closing", "copy_mark")  # of a slip
Said = Mapping[str, Any]


def is_helper(url: str) -> bool:
    """Whether a program stands between us and this device."""
    return urlsplit(url).scheme == SCHEME


def name_of(url: str) -> str:
    """The name under which the program is declared. Raises ``ValueError``."""
    parts = urlsplit(url)
    if parts.path or parts.query or not NAME.fullmatch(parts.netloc):
        raise ValueError(f"{url!r} names no helper; write {SCHEME}://NAME as in [[helper]]")
    return parts.netloc


def line(said: Said) -> bytes:
    """An object as one line."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parse(data: bytes) -> Said | None:
    """The object on a line; None for anything else."""
    try:
        said = json.loads(data)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def faults_of(said: Said) -> tuple[str, ...]:
    """The faults of an answer that we know; ``nak`` when it refuses and names none."""
    named = said.get("faults")
    known = tuple(one for one in named if one in FAULTS) if isinstance(named, list) else ()
    return known if known or said.get("ok") is True else ("nak",)


def detail_of(said: Said) -> str:
    """What it says to whoever repairs."""
    return printable(str(said.get("detail", "")))


def paper(slip: Slip) -> dict[str, Any]:
    """The parts of a slip that stand on paper; no control character leaves us."""
    parts = {name: value for name, value in asdict(slip).items() if name in PAPER and value}
    return {
        name: [printable(one) for one in value] if isinstance(value, tuple) else printable(value)
        for name, value in parts.items()
    }


def without_paper(data: bytes) -> bytes:
    """A line without what a customer's slip says, for recordings."""
    said = parse(data)
    return data if said is None or "slip" not in said else line({**said, "slip": {}})


class HelperSign:
    """A sign behind a program, as the bus sees it: the questions, without their numbers."""

    def __init__(self, columns: int = DEFAULT_COLUMNS) -> None:
        self.columns = columns

    def show(self, address: int, text: str, colour: Colour) -> bytes:
        """Ask to show ``text``. Raises ``DeviceError('text_unsupported')`` for what no sign here can show."""
        try:
            text.encode("gbk")
        except UnicodeEncodeError as error:
            raise DeviceError("text_unsupported", f"U+{ord(text[error.start]):04X} is not in GBK") from error
        if not text.isprintable():
            raise DeviceError("text_unsupported", "a control character")
        return line({"do": "show", "address": address, "text": text, "colour": colour.value})

    def reply(self, buffer: bytes, address: int) -> tuple[bool | None, int]:  # noqa: ARG002 - numbers tell, not addresses
        """Read one line: it says yes, no or nothing yet."""
        end = buffer.find(b"\n") + 1
        said = parse(buffer[:end])
        return (None if said is None else said.get("ok") is True), end


def health(address: int) -> bytes:
    """Ask how a sign is, without touching it."""
    return line({"do": "health", "address": address})


HELPER = Family(
    codec=HelperSign,
    addresses=ADDRESSES,
    columns=DEFAULT_COLUMNS,
    reply_bytes=0,
    gap_s=0.0,
    heartbeat=Heartbeat(health, HelperSign().reply),
)
SILENT = Family(
    codec=HelperSign, addresses=ADDRESSES, columns=DEFAULT_COLUMNS, reply_bytes=0, gap_s=0.0, proof=Proof.NONE
)


def sign_family(spec: DeviceSpec) -> Family:
    """The family of a sign, behind a program or on a line."""
    options = dict(spec.options)
    if not is_helper(spec.url):
        return family_of(options)
    return SILENT if options.get("answers") == "no" else HELPER
