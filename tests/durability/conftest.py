"""A station that is killed needs the hall and the printer that the station's own tests have."""

from tests.station.conftest import hall, sim

__all__ = ["hall", "sim"]
