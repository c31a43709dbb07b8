"""The pack of clips that is shipped, and sentences put together of it, at pauses only."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import file_digest
from importlib.resources import files
from io import BufferedReader, BytesIO
from typing import cast
from zipfile import ZipFile

from display.speech.ogg import joined
from display.speech.sentence import Part

PACK = files("display.speech") / "clips.zip"
SUFFIX = ".opus"
KEPT = 512  # parts of 10 kB: all windows, and the tickets of an hour


class _Sounds(Mapping[str, bytes]):
    """The clips of a pack, each read when it is asked for: a server that runs for years needs few of them."""

    def __init__(self, pack: ZipFile) -> None:
        self._pack = pack
        self._files = {name.removesuffix(SUFFIX): name for name in pack.namelist()}

    def __getitem__(self, name: str) -> bytes:
        return self._pack.read(self._files[name])

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class Clips:
    """Sounds of letters, digits, windows and fixed words, by names like zh/digit-7."""

    def __init__(self, file: BytesIO | BufferedReader) -> None:
        self.sum = file_digest(file, "sha256").hexdigest()
        self.sounds: Mapping[str, bytes] = _Sounds(ZipFile(file))
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
    return Clips(cast(BufferedReader, PACK.open("rb")))
