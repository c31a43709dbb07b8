"""The table [tv]: how large the hall's screens are and how far away people sit, for all of them or for one."""

from collections.abc import Iterable, Iterator
from typing import Any

from display.distance import Distance, advice
from hall_server.settings.checks import Where, rows
from hall_server.settings.tables import DeviceSettings, Inches, Metres, Table


class TvSettings(Table):
    """The diagonal of a screen and its farthest seat, unless its device says otherwise."""

    inches: Inches = Distance().inches
    farthest_m: Metres = Distance().farthest_m

    def of(self, device: DeviceSettings | None) -> Distance:
        """Of one screen, or of one that nobody signed in."""
        if device is None:
            return Distance(self.inches, self.farthest_m)
        return Distance(device.inches or self.inches, device.farthest_m or self.farthest_m)

    def advice(self, devices: Iterable[DeviceSettings]) -> Iterator[str]:
        """Screens that some of those who wait cannot read: no mistake, but somebody should know."""
        screens = [one for one in devices if one.kind == "tv"]
        for screen in screens:
            yield from advice(screen.id, self.of(screen))
        if not screens:
            yield from advice("tv", self.of(None))


def tv_checks(raw: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    """What only a screen has."""
    for number, row in rows(raw, "device"):
        for key in ("inches", "farthest_m"):
            if key in row and row.get("kind") != "tv":
                yield ("device", number, key), "only a tv has it."
