"""The configuration that rules read: one value, carried whole by the fact ``HallConfigured``."""

from dataclasses import dataclass
from enum import StrEnum


class OnSignFailure(StrEnum):
    """What a hall does when the sign over a window fails: send customers elsewhere, or let TV and voice stand in."""

    REDIRECT = "redirect"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Service:
    """What customers come for. ``norm_s`` is the usual service time, the prior of every estimate."""

    id: str
    zh: str
    en: str
    prefix: str
    icon: str = "ticket"
    norm_s: int = 300


@dataclass(frozen=True, slots=True)
class Window:
    """A window and the services it can serve, in the order of the hall."""

    id: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A kiosk, its own printer and the printers that stand in for it, best first."""

    id: str
    zh: str
    en: str
    printer: str | None = None
    backups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """An asset: what it is, where it stands (window, kiosk or hall) and which station holds its cable.

    ``monitored`` is False for what nobody can probe: it stays *unknown* until a person declares it faulty.
    """

    id: str
    kind: str
    zh: str
    en: str
    place: str = "hall"
    at: str = ""
    station: str | None = None
    monitored: bool = True
    columns: int = 8


@dataclass(frozen=True, slots=True)
class HallConfig:
    """Services, windows, kiosks and devices of one hall, and the rules it chose."""

    zh: str
    en: str
    timezone: str = "Asia/Shanghai"
    services: tuple[Service, ...] = ()
    windows: tuple[Window, ...] = ()
    kiosks: tuple[Kiosk, ...] = ()
    devices: tuple[Device, ...] = ()
    on_sign_failure: OnSignFailure = OnSignFailure.REDIRECT
    qr: bool = True
