"""How the consoles judge a device: what it is drawn as, and whether it needs anybody's eye."""

from hall_server.contract import DeviceRow

# The worst first; *unknown* stands right after what certainly fails, for it may be failing too.
ORDER = ("failed", "unknown", "degraded", "disabled", "ok")


def shown_state(device: DeviceRow) -> str:
    """Nobody watches an unmonitored device, so it is never drawn as ok; a declared fault is."""
    if not device.monitored and device.state == "ok":
        return "unknown"
    return device.state


def in_trouble(device: DeviceRow) -> bool:
    """Not what nobody can watch: that would stand on every screen for ever and teach people to look away."""
    if device.repair is not None:
        return True
    return device.monitored and device.state != "ok"
