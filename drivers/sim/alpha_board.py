"""A simulated Alpha sign: a memory of files that has to be set up, and answers that have to be switched on."""

from drivers.led.alpha import ANSWER, COLOURS, EOT, ETX, SOH, STX, parse, total
from drivers.sim.signs import BOOT_TEXT, Order

TAKEN, REFUSED_IT = b"\x06\x40", b"\x15\x60"  # 60: an illegal command
CALL = 0x10  # inside a TEXT: the STRING with this label
HEX = b"0123456789ABCDEF"
EVERYBODY = 0


class AlphaBoard:
    """Loses all it knew with its power, as one whose battery is empty."""

    def __init__(self) -> None:
        self._strings: dict[bytes, bytes] = {}
        self._texts: dict[bytes, bytes] = {}
        self._answers = False
        self.text, self.colour = "", "red"

    def boot(self) -> None:
        """Nothing is left."""
        self._strings, self._texts, self._answers = {}, {}, False
        self.text, self.colour = BOOT_TEXT, "yellow"

    def take(self, buffer: bytes) -> Order | None | int:
        """Read a packet; the NULs before it belong to it."""
        packet = buffer.lstrip(b"\x00")
        if not packet:
            return None
        parsed = parse(packet)
        if parsed is None or isinstance(parsed, int):
            return parsed
        head, command = parsed
        if head == ANSWER or not set(head[1:]) <= set(HEX):
            return 1
        address, done = int(head[1:], 16), [True]

        def obey() -> None:
            done[0] = self._obey(command)

        def answer(_: int) -> bytes:
            if address == EVERYBODY:
                return b""
            if command[:1] == b"H" and command[1:2] in self._strings:
                inside = STX + b"G" + command[1:2] + self._strings[command[1:2]] + ETX
                return b"\x00" * 20 + SOH + ANSWER + inside + total(inside) + EOT
            return b"" if not answers else TAKEN if done[0] else REFUSED_IT

        answers = self._answers  # what switches them on is not answered yet
        said = command[4:].decode("ascii", "replace") if command[:1] == b"G" else ""
        return Order(address, len(buffer) - len(packet) + packet.index(EOT) + 1, said, obey, answer, REFUSED_IT)

    def _obey(self, command: bytes) -> bool:
        if command == b"Es1":
            self._answers = True
        elif command[:2] == b"E$":
            self._strings, self._texts = {}, {}
            for at in range(2, len(command), 11):
                files = self._texts if command[at + 1 : at + 2] == b"A" else self._strings
                files[command[at : at + 1]] = b""
        elif command[:1] in (b"A", b"G"):
            files = self._texts if command[:1] == b"A" else self._strings
            if command[1:2] not in files:
                return False
            files[command[1:2]] = command[2:]
        if self._texts:
            self._paint()
        return True

    def _paint(self) -> None:
        """Show the first TEXT file, which is the STRING that it calls."""
        text = next(iter(self._texts.values()))
        at = text.find(CALL)
        shown = self._strings.get(text[at + 1 : at + 2], b"") if at >= 0 else b""
        colours = {code: colour.value for colour, code in COLOURS.items()}
        self.text, self.colour = shown[2:].decode("ascii"), colours.get(shown[:2], "red")
