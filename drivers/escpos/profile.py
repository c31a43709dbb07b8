"""What one printer model can do; told by the device's options, checked when it was commissioned."""

from collections.abc import Mapping
from dataclasses import dataclass

_YES_NO = {"yes": True, "no": False}
CHOICES: dict[str, tuple[str, ...]] = {
    "fence": ("gsr", "gsh", "none"),
    "confirm": ("yes", "no"),
    "asb": ("auto", "yes", "no"),
    "clear": ("yes", "no"),
    "mode": ("raster", "native"),
}
_WIDTHS = range(200, 833)  # 58 mm heads have 384 or 420 dots, 80 mm heads 512 or 576, 112 mm heads 832
_FEED_UNITS = range(5)  # motion units per dot row: 0 unknown, 2 on most Epson models


@dataclass(frozen=True, slots=True)
class Paper:
    """What a picture depends on: dots across, motion units per dot row (0: unknown, send blank rows)."""

    width: int = 576
    feed_units_per_row: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """Abilities of a printer: the command that fences a unit, the confirmation id, reports, the clear command."""

    paper: Paper = Paper()
    fence: str = "gsr"
    confirms: bool = True
    reports: bool | None = None  # None: found out by the first job
    clears: bool = True
    native: bool = False  # the printer's own letters; only once a person has read a test slip

    @classmethod
    def parse(cls, options: Mapping[str, str]) -> "Profile":
        """Read the options of a printer. Raises ``ValueError`` naming the first that is wrong."""
        given = dict(options)
        width = _number(given, "width", 576, _WIDTHS)
        feed_units = _number(given, "feed_units", 0, _FEED_UNITS)
        chosen = {name: _choice(given, name) for name in CHOICES}
        if given:
            known = ", ".join(["width", "feed_units", *CHOICES])
            raise ValueError(f"unknown printer option {sorted(given)[0]!r}; known are {known}")
        return cls(
            Paper(width, feed_units),
            chosen["fence"],
            _YES_NO[chosen["confirm"]],
            _YES_NO.get(chosen["asb"]),
            _YES_NO[chosen["clear"]],
            chosen["mode"] == "native",
        )


def _choice(given: dict[str, str], name: str) -> str:
    allowed = CHOICES[name]
    value = given.pop(name, allowed[0])
    if value not in allowed:
        raise ValueError(f"printer option {name} is {value!r}, not one of {', '.join(allowed)}")
    return value


def _number(given: dict[str, str], name: str, default: int, allowed: range) -> int:
    value = given.pop(name, str(default))
    if not (value.isdecimal() and int(value) in allowed):
        raise ValueError(f"printer option {name} is {value!r}, not between {allowed[0]} and {allowed[-1]}")
    return int(value)
