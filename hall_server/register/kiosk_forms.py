"""What a kiosk's form asks of the settings: its names, its printer, and the printers that stand in for it."""

from collections.abc import Callable

from hall_server.contract.admin import KioskForm, KioskSheet
from hall_server.register.adopting import NotAdopted, Wish
from hall_server.register.lines import Put
from hall_server.settings import Settings

KEYS = ("zh", "en", "printer", "backups")
NEEDED = ("zh", "en")  # an empty one is a mistake that has to be told


def sheets(settings: Settings) -> tuple[KioskSheet, ...]:
    """All kiosks as forms show them."""
    return tuple(
        KioskSheet(id=one.id, zh=one.zh, en=one.en, printer=one.printer or "", backups=one.backups)
        for one in settings.kiosk
    )


def put(name: str, form: KioskForm) -> Callable[[Settings], Wish]:
    """Change a kiosk."""

    def wish(settings: Settings) -> Wish:
        known = {one.id: (row, one) for row, one in enumerate(sheets(settings))}
        if name not in known:
            raise NotAdopted("unknown_kiosk")
        row, now = known[name]
        differing = {key: getattr(form, key) for key in KEYS if getattr(form, key) != getattr(now, key)}
        values = {key: value or ("" if key in NEEDED else None) for key, value in differing.items()}
        return Wish([Put("kiosk", row, values)] if values else [], {("kiosk", row): ""})

    return wish
