"""What can be chosen for a device's driver, for whoever fills in a form; ``catalog`` has the last word on it."""

from drivers.escpos.profile import CHOICES
from drivers.led.families import FAMILIES
from drivers.pad import site
from drivers.pad.families import PAD_FAMILIES

ANY: tuple[str, ...] = ()  # a number, a name of a file


def choices(kind: str) -> dict[str, tuple[str, ...]]:
    """By option its values, the usual one first, or ``ANY``; nothing for what has no options."""
    if kind == "printer":
        return {"width": ANY, **CHOICES, "feed_units": ANY}
    if kind == "sign":
        return {"family": tuple(FAMILIES), "profile": ANY}
    if kind == "pad":
        return {"family": tuple(PAD_FAMILIES), "idle": site.IDLE}
    return {}
