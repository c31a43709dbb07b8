"""A program that reads a text aloud into a file, of whatever make: no shell, little time, and its files looked at."""

import contextlib
import hashlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KEEP_BYTES = 200_000_000  # months of a busy hall's tickets
SMALLEST_BYTES, LARGEST_BYTES = 500, 4_000_000  # nothing is heard in less; nobody listens to half a minute
REASON_BYTES = 300  # of what it complains about
# How files begin that browsers play, and what they are.
KINDS = ((b"RIFF", "audio/wav"), (b"OggS", "audio/ogg"), (b"fLaC", "audio/flac"), (b"ID3", "audio/mpeg"),
         (b"\xff\xfb", "audio/mpeg"), (b"\xff\xf3", "audio/mpeg"))  # fmt: skip


class NotMadeError(Exception):
    """The program made no sound: it says why."""


def kind_of(sound: bytes) -> str | None:
    """The media type of a sound, None for what browsers do not play."""
    return next((kind for begins, kind in KINDS if sound.startswith(begins)), None)


@dataclass(frozen=True, slots=True)
class Program:
    """Its words; {text}, {lang} (zh or en) and {file} in them are filled in. What it made is kept in a folder."""

    command: Sequence[str]
    timeout_s: float
    folder: Path

    def kept(self, text: str, language: str) -> bytes | None:
        """What was made before, and is now the last to be deleted."""
        path = self._path(text, language)
        try:
            sound = path.read_bytes()
            os.utime(path)
        except OSError:  # deleted meanwhile, or never made: it is made anew
            return None
        return sound

    def make(self, text: str, language: str) -> bytes:
        """Have a text read aloud. Raises ``NotMadeError``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            file = Path(scratch) / "spoken.wav"
            filled = {"{text}": text, "{lang}": language, "{file}": str(file)}
            self._run([_filled(word, filled) for word in self.command], Path(scratch) / "said")
            sound = _heard(file)
            file.replace(self._path(text, language))
        self._tidy()
        return sound

    def _path(self, text: str, language: str) -> Path:
        told = "\0".join((*self.command, language, text))
        return self.folder / hashlib.sha256(told.encode()).hexdigest()[:32]

    def _run(self, command: list[str], said: Path) -> None:
        """Run it in a group of its own, so that what it starts ends with it."""
        with said.open("wb") as errors:
            try:
                running = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
                )
            except OSError as trouble:
                raise NotMadeError(f"{command[0]}: {trouble.strerror}") from trouble
            try:
                code = running.wait(self.timeout_s)
            except subprocess.TimeoutExpired as late:
                raise NotMadeError(f"{command[0]} took more than {self.timeout_s:g} s") from late
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
                running.wait()
        if code:
            why = said.read_bytes()[-REASON_BYTES:].decode("utf-8", "replace").strip()
            raise NotMadeError(f"{command[0]} ended with {code}: {why}")

    def _tidy(self) -> None:
        """Keep the folder small: what nobody asked for longest goes first."""
        files = sorted(((one.stat(), one) for one in self.folder.iterdir() if one.is_file()), key=_age)
        total = sum(stat.st_size for stat, _ in files)
        for stat, one in files:
            if total <= KEEP_BYTES:
                return
            one.unlink(missing_ok=True)
            total -= stat.st_size


def _age(file: tuple[os.stat_result, Path]) -> float:
    return file[0].st_mtime


def _filled(word: str, values: dict[str, str]) -> str:
    """One pass from left to right would do the same: no value has braces of its own that name another."""
    for name, value in values.items():
        word = word.replace(name, value)
    return word


def _heard(file: Path) -> bytes:
    """What was made, looked at before anybody hears it."""
    try:
        sound = file.read_bytes() if file.stat().st_size <= LARGEST_BYTES else b""
    except OSError as trouble:
        raise NotMadeError("it wrote no file") from trouble
    if len(sound) < SMALLEST_BYTES or kind_of(sound) is None:
        raise NotMadeError("what it wrote is no sound that a browser plays (WAV, Ogg, FLAC, MP3)")
    return sound
