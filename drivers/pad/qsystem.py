"""Frames of the QSystem call pads, which speak only when polled and check nothing.

    poll    04 | address | 07          answer  01 | address | key | 07
    show    01 | address | blink | three characters, cp1251 | 07

Source: the bytes of the free QSystem project, written down and built anew. What an idle pad answers is unverified.
"""

from drivers.ports import Colour, PadContent

POLL, SAY, END = 0x04, 0x01, 0x07
STEADY = 0x20
ADDRESSES = range(0x20, 0x100)
KEYS = range(0x31, 0x35)
CHARACTERS = 3
UNKNOWN = "-" * CHARACTERS
IDLE_KEY = 0x30  # what our simulator answers while no key is down
PRINTABLE = range(0x20, 0x100)
REPLY_BYTES = 4


GAP_S = 0.005  # 3.5 characters at 9600 Bd; the project's own pause of 0.3 s would leave no line for signs


def poll(address: int) -> bytes:
    """Ask whether a key was pressed."""
    return bytes([POLL, address, END])


def show(address: int, content: PadContent) -> bytes:
    """The end of the ticket's number, dashes when nobody knows it; there is no room for how many wait."""
    text = (UNKNOWN if content.waiting is None else content.ticket).encode("cp1251", "ignore")
    shown = bytes(one for one in text if one in PRINTABLE)[-CHARACTERS:].rjust(CHARACTERS)
    return bytes([SAY, address, STEADY]) + shown + bytes([END])


def result(_address: int, _ok: bool) -> tuple[bytes, ...]:
    """Nothing: which lamp means success on these pads, nobody has written down."""
    return ()


class PolledPad:
    """One pad as its line sees it: a sign of three characters that can be asked; ``key`` is its last answer."""

    columns = CHARACTERS

    def __init__(self) -> None:
        self.key = IDLE_KEY

    def show(self, address: int, text: str, _colour: Colour) -> bytes:
        """Show the end of a text; these pads have no colours."""
        return show(address, PadContent(0, text))

    def reply(self, buffer: bytes, address: int) -> tuple[bool | None, int]:
        """Find the answer of ``address`` to a poll; what stands before it is consumed."""
        wanted = bytes([SAY, address])
        for at in range(len(buffer)):
            piece = buffer[at : at + REPLY_BYTES]
            if piece[:2] == wanted and piece[3:] == bytes([END]):
                self.key = piece[2]
                return True, at + REPLY_BYTES
            if len(piece) < REPLY_BYTES and wanted.startswith(piece[:2]):
                return None, at
        return None, len(buffer)
