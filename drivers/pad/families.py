"""Which pads there are: the ``family`` option of a pad to its frames, its keys and whether it waits to be asked."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from drivers.pad import ff68, qsystem
from drivers.pad.ff68 import Display
from drivers.ports import PadContent


@dataclass(frozen=True, slots=True)
class PadFamily:
    """The frames of one make; ``keys`` is what its keys mean when a site says nothing, see ``drivers.pad.site``."""

    addresses: range
    legal_keys: Container[int]
    keys: Mapping[str, str]
    polled: bool
    show: Callable[[int, PadContent, Display], bytes]
    result: Callable[[int, bool], tuple[bytes, ...]]


DEFAULT_PAD_FAMILY = "ff68"
PAD_FAMILIES = {
    "ff68": PadFamily(
        addresses=ff68.ADDRESSES,
        legal_keys=range(ff68.FIRST_KEY, 0x20),
        keys={
            "0A": "start",
            "0B": "finish",
            "0C": "next",
            "n+0C": "call",
            "0D": "recall",
            "0E": "absent",
            "5+0F": "absent",
            "0+0F": "pause",
            "12": "pause",
            "0+12": "resume",
            "n+13": "transfer",
        },
        polled=False,
        show=ff68.show,
        result=ff68.result,
    ),
    "qsystem": PadFamily(
        addresses=qsystem.ADDRESSES,
        legal_keys=qsystem.KEYS,
        keys={"31": "next", "32": "start", "34": "finish"},
        polled=True,
        show=lambda address, content, _: qsystem.show(address, content),
        result=qsystem.result,
    ),
}
