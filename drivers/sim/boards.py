"""Which board is simulated for which family of signs."""

from collections.abc import Callable
from functools import partial

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
