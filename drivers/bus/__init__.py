"""An RS-485 line of signs: who is spoken to next, what an exchange proves, how the line and its signs feel."""

from drivers.bus.worker import BusWorker

__all__ = ["BusWorker"]
