"""The hours in which a hall makes no noise: calls are shown then, and neither chime nor voice is expected."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hall_server.core.config import HallConfig


def quiet(config: HallConfig, at: float) -> bool:
    """Whether nothing is said at this moment."""
    if not config.quiet:
        return False
    local = datetime.fromtimestamp(at, ZoneInfo(config.timezone)).strftime("%H:%M")
    return any(span.opens <= local < span.closes for span in config.quiet)
