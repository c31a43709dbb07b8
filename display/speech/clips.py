"""The pack of clips that is shipped, and sentences put together of it, at pauses only."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from display.speech.ogg import joined
from display.speech.sentence import Part

PACK = files("display.speech") / "clips.zip"
SUFFIX = ".opus"
KEPT = 512  # parts of 10 kB: all windows, and the tickets of an hour


class Clips:
    """Sounds of letters, digits, windows and fixed words, by names like zh/digit-7."""

    def __init__(self, raw: bytes) -> None:
        with ZipFile(BytesIO(raw)) as pack:
            read = {name.removesuffix(SUFFIX): pack.read(name) for name in pack.namelist()}
        self.sounds: Mapping[str, bytes] = read
        self.sum = sha256(raw).hexdigest()
        self.part = lru_cache(maxsize=KEPT)(self._part)

    def _part(self, part: Part) -> bytes:
        """Half a sentence as one sound. Raises ``UnspeakableError``."""
        return joined(self.sounds[name] for name in part.clips(self.sounds))

    def sentence(self, parts: tuple[Part, ...]) -> bytes:
        """Halves with the pause of a comma between them. Raises ``UnspeakableError``."""
        said = [name for part in parts for name in ("pause", *part.clips(self.sounds))]
        return joined(self.sounds[name] for name in said[1:])


@lru_cache(maxsize=1)
def shipped() -> Clips:
    """The pack that came with this program."""
    return Clips(PACK.read_bytes())
