"""A simulated Modbus RTU sign: the registers of one map, functions 03, 06 and 10, and the standard's exceptions."""

from collections.abc import Callable

from drivers.led.modbus import ADDRESSES, CRC_BYTES, READ, REFUSED, WRITE, WRITE_ONE, crc16, is_whole
from drivers.led.register_map import RegisterMap
from drivers.sim.signs import BOOT_TEXT, Order

NO_SUCH_FUNCTION, NO_SUCH_REGISTER, NO_SUCH_VALUE, BROKEN = 1, 2, 3, 4
SHORT_BYTES = 8  # of a question, and of a single register written
EVERYBODY = 0  # obeyed, and answered by nobody
HEAD_BYTES = 6  # address, function, register, count


def _one_each(values: bytes) -> str:
    return values.decode("utf-16-be", "replace").rstrip()


def _swapped(values: bytes) -> str:
    return _pairs(bytes(values[at ^ 1] for at in range(len(values))))


def _pairs(values: bytes) -> str:
    return values.decode("ascii", "replace").rstrip()


def _number24(values: bytes) -> str:
    number = int.from_bytes(values[1:]) / 10 ** (values[0] & 0xF)
    return f"{'-' if values[0] >> 4 else ''}{number:.{values[0] & 0xF}f}"


# What a person reads, by layout.
SEEN: dict[str, Callable[[bytes], str]] = {
    "ascii": _one_each,
    "pairs": _pairs,
    "pairs_swapped": _swapped,
    "number24": _number24,
    "number16": lambda values: str(int.from_bytes(values)),
}


class ModbusBoard:
    """The registers of one sign; reading and writing outside its map is refused."""

    def __init__(self, registers: RegisterMap) -> None:
        self.colour = "red"
        self._map = registers
        self._values = registers.pack("")

    @property
    def text(self) -> str:
        """What the registers make the sign show."""
        return SEEN[self._map.layout](self._values)

    @text.setter
    def text(self, text: str) -> None:
        self._values = self._map.pack(text)

    def boot(self) -> None:
        """Registers are no memory: they begin anew."""
        self.text = BOOT_TEXT[: self._map.characters]

    def take(self, buffer: bytes) -> Order | None | int:
        """Read a request; what has no known length is one when all that was heard ends in its check."""
        if buffer[0] not in ADDRESSES and buffer[0] != EVERYBODY:
            return 1
        if len(buffer) < 2 or (buffer[1] == WRITE and len(buffer) < HEAD_BYTES + 1):
            return None
        lengths = {
            READ: SHORT_BYTES,
            WRITE_ONE: SHORT_BYTES,
            WRITE: HEAD_BYTES + 1 + CRC_BYTES + (buffer + b"\0")[6:7][0],
        }
        length = lengths.get(buffer[1], len(buffer))
        if len(buffer) < length:
            return None
        if not is_whole(buffer[:length]):
            return None if buffer[1] not in lengths else 1
        return self._order(buffer[:length])

    def _order(self, frame: bytes) -> Order:
        address, function, body = frame[0], frame[1], frame[2:-CRC_BYTES]
        at = 2 * (int.from_bytes(body[:2]) - self._map.first)
        written = {WRITE_ONE: body[2:], WRITE: body[5:]}.get(function, b"")
        size = len(written) or 2 * int.from_bytes(body[2:4])
        code = self._mistake(function, body, at, size)

        def obey() -> None:
            if not code and written:
                self._values = self._values[:at] + written + self._values[at + size :]

        def answer(speaker: int) -> bytes:
            if address == EVERYBODY:
                return b""
            if code:
                return _sealed(speaker, function | REFUSED, bytes([code]))
            held = bytes([size]) + self._values[at : at + size]
            return _sealed(speaker, function, held if function == READ else body[:4])

        said = SEEN[self._map.layout](written) if written and not code and size == len(self._values) else "?"
        refusal = _sealed(address, function | REFUSED, bytes([code or BROKEN]))
        return Order(address, len(frame), said if written else "", obey, answer, refusal)

    def _mistake(self, function: int, body: bytes, at: int, size: int) -> int:
        if function not in (READ, WRITE_ONE, WRITE):
            return NO_SUCH_FUNCTION
        counted = int.from_bytes(body[2:4])
        if (function == WRITE and (body[4] != size or size != 2 * counted)) or size == 0:
            return NO_SUCH_VALUE
        return 0 if at >= 0 and at + size <= len(self._values) else NO_SUCH_REGISTER


def _sealed(address: int, function: int, body: bytes) -> bytes:
    data = bytes([address, function]) + body
    return data + crc16(data)
