"""The station: the program on a computer that has cables to printers and signs."""

from hall_server.station.client import HallClient, HallError, Refused, Unreachable, new_key
from hall_server.station.helpers import helpers_in
from hall_server.station.link import LinkState
from hall_server.station.program import Station
from hall_server.station.token import read_token
from hall_server.station.watch import Watch

__all__ = [
    "HallClient",
    "HallError",
    "LinkState",
    "Refused",
    "Station",
    "Unreachable",
    "Watch",
    "helpers_in",
    "new_key",
    "read_token",
]
