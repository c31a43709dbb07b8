"""What of a text a voice module may be given: no command in brackets, nothing that its encoding lacks, no long line."""

import unicodedata
from collections.abc import Iterator

from drivers.ports import DeviceError
from drivers.speech.frames import MAX_TEXT_BYTES

ENCODING = "gbk"
# Square brackets begin commands such as [v10]: in a name they are read as a pause, and as nothing else.
BRACKETS = str.maketrans("[]", "  ")
PAUSES = ("Po", "Zs")  # punctuation and blanks: where a sentence may be cut


def harmless(text: str) -> str:
    """The text in one line, without control characters and without brackets."""
    composed = unicodedata.normalize("NFC", text).translate(BRACKETS)
    shown = (one if unicodedata.category(one)[0] not in "CZ" else " " for one in composed)
    return " ".join("".join(shown).split())


def encoded(text: str) -> bytes:
    """The bytes of a harmless text. Raises ``DeviceError('text_unsupported')`` before the wire."""
    try:
        return harmless(text).encode(ENCODING)
    except UnicodeEncodeError as error:
        raise DeviceError("text_unsupported", f"not in {ENCODING}: {text[error.start : error.end]!r}") from error


def pieces(text: str, command: bytes = b"") -> list[bytes]:
    """The text in pieces that a frame can hold, cut behind punctuation where there is any; ``command`` begins each."""
    return [command + encoded(one) for one in _cut(harmless(text), MAX_TEXT_BYTES - len(command))]


def _cut(text: str, room: int) -> Iterator[str]:
    while len(encoded(text)) > room:
        fits = next(n for n in range(room, 0, -1) if n <= len(text) and len(encoded(text[:n])) <= room)
        ends = [n for n, one in enumerate(text[:fits], 1) if unicodedata.category(one) in PAUSES]
        cut = ends[-1] if ends else fits
        yield text[:cut]
        text = text[cut:]
    if text:
        yield text
