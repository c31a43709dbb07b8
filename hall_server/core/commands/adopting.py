"""The command of an administrator's page: settings that were checked come into force."""

from dataclasses import dataclass

from hall_server.core.config import HallConfig


@dataclass(frozen=True, slots=True)
class Adopt:
    """Take a configuration that a page has written, unless somebody of today would be left without what it drops."""

    config: HallConfig
