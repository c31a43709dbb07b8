"""How the settings file says that devices are reached and what stands about them: read at start and at each apply."""

from dataclasses import dataclass, field
from typing import TypeVar

from hall_server import contract as c
from hall_server.settings import Settings
from hall_server.settings.tables import DeviceSettings

V = TypeVar("V")
Orders = dict[str, tuple[str, c.DeviceOrder]]


@dataclass(slots=True)
class Wiring:
    """By device: its station and how to open it, its address, its row of the asset register, whether it is simulated;
    by clerk (role:id) the number that customers see.

    Other threads read while ``renew`` writes: whoever walks over one of these takes a copy first.
    """

    orders: Orders = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    assets: dict[str, c.RegisterRow] = field(default_factory=dict)
    simulated: dict[str, bool] = field(default_factory=dict)
    clerk_numbers: dict[str, str] = field(default_factory=dict)

    def renew(self, settings: Settings) -> None:
        """Take what the file says now."""
        _replace(self.orders, {d.id: (d.station, _order(settings, d)) for d in settings.device if d.url})
        _replace(self.addresses, {d.id: settings.url_of(d) for d in settings.device if d.url})
        _replace(self.simulated, {d.id: d.is_simulated for d in settings.device})
        _replace(self.clerk_numbers, {f"clerk:{one.id}": one.number for one in settings.clerk if one.number})
        manuals = {d.model: d.manual for d in settings.device if d.model and d.manual}
        _replace(self.assets, {d.id: asset(d, manuals.get(d.model or "", "")) for d in settings.device})


def _replace(held: dict[str, V], now: dict[str, V]) -> None:
    held.update(now)
    for gone in held.keys() - now.keys():
        del held[gone]


def _order(settings: Settings, d: DeviceSettings) -> c.DeviceOrder:
    return c.DeviceOrder(id=d.id, kind=d.kind, url=settings.url_of(d), options=d.all_options)


def asset(d: DeviceSettings, manual: str = "") -> c.RegisterRow:
    """What the register says about a device; ``manual`` is what it says for another one of the same model."""
    row = c.RegisterRow(**{name: str(getattr(d, name) or "") for name in c.RegisterRow.model_fields})
    return row if row.manual else row.model_copy(update={"manual": manual})
