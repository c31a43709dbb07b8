"""A disk that keeps what was synced and, when the power goes, any part of the rest: in sectors, out of order, or not.

Names follow the order of a journalling file system: syncing a file or folder makes everything durable that happened to
names before it, and a cut keeps a beginning of what happened since. Contents promise nothing until they are synced.
"""

import errno
import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

SECTOR: Final = 512  # bytes; the most that a disk writes whole
CUTS: Final = ("drop", "first", "last", "some", "torn")  # what the power leaves of unsynced changes
FOLDER: Final = 0  # the number of a name that is no file


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes written at an offset; or, without bytes, a new length."""

    at: int
    data: bytes | None

    def apply(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.at :]
            content.extend(bytes(self.at - len(content)))
            return
        content.extend(bytes(max(0, self.at - len(content))))
        content[self.at : self.at + len(self.data)] = self.data

    def sectors(self) -> Iterable["Change"]:
        """The same in pieces that a disk writes whole."""
        if self.data is None:
            yield self
            return
        start = self.at
        while start < self.at + len(self.data):
            end = min((start // SECTOR + 1) * SECTOR, self.at + len(self.data))
            yield Change(start, self.data[start - self.at : end - self.at])
            start = end


@dataclass(slots=True)
class File:
    """A file as programs see it, as it would survive, and what lies between."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytearray = field(default_factory=bytearray)
    unsynced: list[Change] = field(default_factory=list)

    def change(self, change: Change) -> None:
        change.apply(self.now)
        self.unsynced.append(change)

    def sync(self) -> None:
        for change in self.unsynced:
            change.apply(self.durable)
        self.unsynced.clear()

    def survive(self, cut: str, chance: random.Random) -> bytes:
        """What a disk may hold after the power has gone."""
        content = bytearray(self.durable)
        for change in _kept(self.unsynced, cut, chance):
            change.apply(content)
        return bytes(content)


def _kept(changes: list[Change], cut: str, chance: random.Random) -> list[Change]:
    at = chance.randint(0, len(changes))
    if cut == "first":  # a beginning, whose last write is torn
        torn = [piece for change in changes[at : at + 1] for piece in change.sectors()]
        return changes[:at] + torn[: chance.randint(0, len(torn))]
    if cut == "last":  # the newer ones were written first
        return changes[at:]
    if cut == "some":
        return [change for change in changes if chance.random() < 0.5]
    if cut == "torn":
        return [piece for change in changes for piece in change.sectors() if chance.random() < 0.5]
    return []


@dataclass(frozen=True, slots=True)
class Naming:
    """Something that happened to names: the old one goes, the new one stands for a file or folder."""

    number: int
    old: str = ""
    new: str = ""

    def apply(self, names: dict[str, int]) -> None:
        names.pop(self.old, None)
        if self.new:
            names[self.new] = self.number


class Disk:
    """Files and folders by path; every change may be refused with an error number while ``refuses`` says so."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {"/": FOLDER}
        self.files: dict[int, File] = {}
        self.refuses = ""
        self.deaf = False  # writes go well, but nothing is synced
        self.room: int | None = None  # bytes that all files together may grow to
        self._durable_names: dict[str, int] = dict(self.names)
        self._unsynced_names: list[Naming] = []
        self._numbers = itertools.count(1)

    def number(self, path: str) -> int:
        """The number of a name. Raises ``OSError`` when there is none."""
        if path not in self.names:
            raise OSError(errno.ENOENT, path)
        return self.names[path]

    def create(self, path: str, folder: bool = False) -> int:
        self._may_change()
        number = FOLDER if folder else next(self._numbers)
        if not folder:
            self.files[number] = File()
        self._name(Naming(number, new=path))
        return number

    def rename(self, old: str, new: str) -> None:
        self._may_change()
        self._name(Naming(self.number(old), old, new))

    def remove(self, path: str) -> None:
        self._may_change()
        self._name(Naming(self.number(path), path))

    def change(self, number: int, change: Change) -> None:
        """Write or set a length. Raises ``OSError`` as a full or failing disk does."""
        self._may_change()
        file = self.files[number]
        grown = change.at + len(change.data or b"") - len(file.now)
        if self.room is not None and grown > 0 and self._used() + grown > self.room:
            raise OSError(errno.ENOSPC, "no room")
        file.change(change)

    def sync(self, number: int) -> None:
        """Make a file's content durable, or a folder's names; with it what happened to names before."""
        if self.refuses or self.deaf:
            raise OSError(errno.EIO, "not synced")
        if number != FOLDER:
            self.files[number].sync()
        touched = [n for n, naming in enumerate(self._unsynced_names, 1) if number in (FOLDER, naming.number)]
        for naming in self._unsynced_names[: max(touched, default=0)]:
            naming.apply(self._durable_names)
        del self._unsynced_names[: max(touched, default=0)]

    def fill(self) -> None:
        """Nothing may grow from now on, as on a full disk."""
        self.room = self._used()

    def survivors(self, cut: str, chance: random.Random) -> dict[str, bytes | None]:
        """By path what a power cut leaves: contents, or None for a folder."""
        names = dict(self._durable_names)
        kept = 0 if cut == "drop" else chance.randint(0, len(self._unsynced_names))
        for naming in self._unsynced_names[:kept]:
            naming.apply(names)
        return {
            path: None if number == FOLDER else self.files[number].survive(cut, chance)
            for path, number in sorted(names.items())
        }

    def _used(self) -> int:
        return sum(len(self.files[number].now) for number in self.names.values() if number != FOLDER)

    def _may_change(self) -> None:
        if self.refuses:
            raise OSError(getattr(errno, self.refuses), self.refuses)

    def _name(self, naming: Naming) -> None:
        naming.apply(self.names)
        self._unsynced_names.append(naming)
