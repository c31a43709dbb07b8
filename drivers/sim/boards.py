"""Which board is simulated for which family of signs, or for a profile of somebody's own."""

from collections.abc import Callable
from functools import partial

from drivers.led import profiles, register_map
from drivers.led.families import DEFAULT_FAMILY, MAPPED, PROFILED, shipped, shipped_map
from drivers.sim.alpha_board import AlphaBoard
from drivers.sim.modbus_board import ModbusBoard
from drivers.sim.signs import A090Board, Board
from drivers.sim.template_board import TemplateBoard

BOARDS: dict[str, Callable[[], Board]] = {
    DEFAULT_FAMILY: A090Board,
    "alpha": AlphaBoard,
    "alpha_readback": AlphaBoard,
    **{name: partial(ModbusBoard, shipped_map(name)) for name in MAPPED},
    **{name: partial(TemplateBoard, shipped(name)) for name in PROFILED},
}


def board_of(text: str) -> Callable[[], Board]:
    """The board of a technician's profile, which has no mistakes."""
    if register_map.is_map(text):
        return partial(ModbusBoard, register_map.parse(text))
    return partial(TemplateBoard, profiles.read(text))
