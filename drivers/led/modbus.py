"""Frames of signs that are Modbus RTU slaves: text in registers, acknowledged, refused with a code, and read back.

    write    addr | 10 | register | count | bytes | values | crc      answer  addr | 10 | register | count | crc
    write    addr | 06 | register | value | crc                       answer  the same frame
    read     addr | 03 | register | count | crc                       answer  addr | 03 | bytes | values | crc
    refused  addr | function + 80 | code | crc

Registers, counts and values have two bytes, the high one first; of the crc the low one comes first. Which registers
make the text, and in which form, says the sign's map (``drivers.led.register_map``).
"""

from drivers.led.register_map import RegisterMap
from drivers.ports import Colour

ADDRESSES = range(1, 248)  # 0 reaches every slave, and none answers; those above 247 are reserved
READ, WRITE_ONE, WRITE = 0x03, 0x06, 0x10
REFUSED = 0x80
REPLY_BYTES = 8  # of a write that was done
REFUSAL_BYTES = 5
CRC_BYTES = 2
CRC_START, CRC_POLYNOMIAL = 0xFFFF, 0xA001


def crc16(data: bytes) -> bytes:
    """The check of a frame, in the order of the wire."""
    check = CRC_START
    for byte in data:
        check ^= byte
        for _ in range(8):
            check = check >> 1 ^ CRC_POLYNOMIAL * (check & 1)
    return check.to_bytes(CRC_BYTES, "little")


def frame(address: int, function: int, body: bytes) -> bytes:
    """A request to one slave. Raises ``ValueError`` for an address that is not one slave's."""
    if address not in ADDRESSES:
        raise ValueError(f"address {address} is not between {ADDRESSES[0]} and {ADDRESSES[-1]}")
    checked = bytes([address, function]) + body
    return checked + crc16(checked)


def is_whole(data: bytes) -> bool:
    """Whether these bytes end in their own check."""
    return len(data) > CRC_BYTES and crc16(data[:-CRC_BYTES]) == data[-CRC_BYTES:]


def find(buffer: bytes, address: int, function: int, length: int) -> tuple[bytes, int]:
    """The first answer of a slave to a function, done or refused, and how many bytes to consume; empty: not yet."""
    lengths = {function: length, function | REFUSED: REFUSAL_BYTES}
    keep = len(buffer)
    for at in range(len(buffer)):
        head = buffer[at : at + 2]
        if head[0] != address or (len(head) == 2 and head[1] not in lengths):
            continue
        piece = buffer[at : at + lengths.get(head[-1], length)] if len(head) == 2 else head
        if len(head) < 2 or len(piece) < lengths[head[1]]:
            keep = min(keep, at)
        elif is_whole(piece):
            return piece, at + len(piece)
    return b"", keep


class Modbus:
    """A sign with this register map, as the bus sees it; it has no colours."""

    def __init__(self, registers: RegisterMap, columns: int) -> None:
        self.columns = columns
        self.answer_bytes = 3 + 2 * registers.count + CRC_BYTES
        self._registers = registers
        self._place = registers.first.to_bytes(2, "big")
        self._count = registers.count.to_bytes(2, "big")

    def show(self, address: int, text: str, colour: Colour) -> bytes:  # noqa: ARG002 - it has none
        """The frame that writes ``text``, padded with blanks: what was there before is overwritten whole."""
        values = self._registers.pack(text)
        if self._registers.function == WRITE_ONE:
            return frame(address, WRITE_ONE, self._place + values)
        return frame(address, WRITE, self._place + self._count + bytes([len(values)]) + values)

    def reply(self, buffer: bytes, address: int) -> tuple[bool | None, int]:
        """Find the first answer of ``address`` to a write."""
        function = self._registers.function
        found, used = find(buffer, address, function, REPLY_BYTES)
        if not found:
            return None, used
        if found[1] != function:
            return False, used
        place = self._place if function == WRITE_ONE else self._place + self._count
        return True if found[2:].startswith(place) else None, used

    def question(self, address: int) -> bytes:
        """The frame that asks what the registers hold."""
        return frame(address, READ, self._place + self._count)

    def shows(self, buffer: bytes, address: int, painted: bytes) -> tuple[bool | str | None, int]:
        """Find the answer to ``question``: True, refused, or stuck with other values than the frame wrote."""
        wanted = painted[4:-CRC_BYTES] if painted[1] == WRITE_ONE else painted[7:-CRC_BYTES]
        found, used = find(buffer, address, READ, self.answer_bytes)
        if not found:
            return None, used
        if found[1] != READ:
            return False, used
        return found[2:-CRC_BYTES] == bytes([len(wanted)]) + wanted or "stuck", used
