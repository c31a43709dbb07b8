"""Makes text from outside harmless for paper: no control codes, no direction tricks, no endless lines."""

import re
import unicodedata

MAX_CHARACTERS = 120  # more than any line of a slip can hold at the smallest size

_SPACES = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")
# C0 and C1 controls, marks that reorder text for the eye, and halves of surrogate pairs.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """Compose ``text`` (NFC), turn line breaks into spaces, drop what is harmful."""
    return unicodedata.normalize("NFC", _HARMFUL.sub("", _SPACES.sub(" ", text)))


def printable(text: str) -> str:
    """What may stand on one line: harmless and not endless."""
    # The cap comes last: one before composition could cut a letter from its accent.
    return harmless(text)[:MAX_CHARACTERS].strip()
