"""``python -m tests.durability.mount FROM AT``: a lossy disk under a mount point, told on stdin when to fail.

It begins with the files of FROM, all durable. Commands are JSON lines, each answered by one: ``refuse`` (an error's
name, or nothing), ``deafen``, ``heal``, ``fill``, ``empty``, and ``cut``: what survives goes to a folder, and nothing
works any more.
"""

import errno
import json
import os
import random
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import mfusepy

from tests.durability.disk import FOLDER, Change, Disk

BLOCK = 4096  # bytes; what programs are told a block is


class Lossy(mfusepy.Operations):  # type: ignore[misc]  # the library carries no types
    """The disk as FUSE asks for it; one call at a time."""

    use_ns = True

    def __init__(self, disk: Disk) -> None:
        self.disk, self.turn, self.dead = disk, threading.Lock(), False
        self._began_ns = time.time_ns()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return self._guarded(found) if name in CALLS else found

    def _guarded(self, call: Any) -> Any:
        def guarded(*arguments: Any) -> Any:
            with self.turn:
                if self.dead:
                    raise OSError(errno.EIO, "the power has gone")
                return call(*arguments)

        return guarded

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        number = fh or self.disk.number(path)
        times = dict.fromkeys(("st_atime", "st_mtime", "st_ctime"), self._began_ns)
        who = {"st_uid": os.getuid(), "st_gid": os.getgid()}
        if number == FOLDER:
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2, **who, **times}
        size = len(self.disk.files[number].now)
        return {
            "st_mode": stat.S_IFREG | 0o600,
            "st_nlink": 1,
            "st_size": size,
            "st_blocks": size // 512,
            **who,
            **times,
        }

    def readdir(self, path: str, fh: int) -> list[str]:
        inside = path.rstrip("/") + "/"
        under = (name.removeprefix(inside) for name in self.disk.names if name.startswith(inside))
        return [".", "..", *(name for name in under if name and "/" not in name)]

    def mkdir(self, path: str, mode: int) -> None:
        self.disk.create(path, folder=True)

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        return self.disk.create(path)

    def open(self, path: str, flags: int) -> int:
        return self.disk.number(path)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self.disk.files[fh].now[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self.disk.change(fh, Change(offset, bytes(data)))
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        self.disk.change(fh or self.disk.number(path), Change(length, None))

    def fsync(self, path: str, datasync: int, fh: int) -> None:
        self.disk.sync(fh)

    def fsyncdir(self, path: str, datasync: int, fh: int) -> None:
        self.disk.sync(FOLDER)

    def rename(self, old: str, new: str, flags: int = 0) -> None:
        self.disk.rename(old, new)

    def unlink(self, path: str) -> None:
        self.disk.remove(path)

    rmdir = unlink

    def chmod(self, path: str, mode: int) -> None:
        """Rights are not what this disk is about."""

    def utimens(self, path: str, times: Any = None) -> None:
        """Nor are times."""

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": BLOCK, "f_frsize": BLOCK, "f_blocks": 1 << 20, "f_bavail": 1 << 19, "f_namemax": 255}

    # ---- commands

    def cut(self, cut: str, seed: int, into: str) -> int:
        """The power goes; the number of changes that were not synced."""
        with self.turn:
            self.dead = True
            left = self.disk.survivors(cut, random.Random(seed))
            unsynced = sum(len(file.unsynced) for file in self.disk.files.values())
        for path, content in left.items():
            there = Path(into) / path.lstrip("/")
            if content is None:
                there.mkdir(parents=True, exist_ok=True)
            else:
                there.write_bytes(content)
        return unsynced

    def refuse(self, what: str) -> None:
        """Every change fails with this error, or none."""
        with self.turn:
            self.disk.refuses = what

    def deafen(self) -> None:
        """Writes go well, syncing them fails."""
        with self.turn:
            self.disk.deaf = True

    def heal(self) -> None:
        """Syncing works again."""
        with self.turn:
            self.disk.deaf = False

    def fill(self) -> None:
        """No file may grow."""
        with self.turn:
            self.disk.fill()

    def empty(self) -> None:
        """There is room again."""
        with self.turn:
            self.disk.room = None


CALLS = frozenset(
    "getattr readdir mkdir create open read write truncate fsync fsyncdir rename unlink rmdir chmod utimens".split()
)


def load(source: Path) -> Disk:
    """A disk that holds the files of a folder."""
    disk = Disk()
    for path in sorted(source.rglob("*")):
        number = disk.create("/" + path.relative_to(source).as_posix(), folder=path.is_dir())
        if path.is_file():
            disk.change(number, Change(0, path.read_bytes()))
            disk.sync(number)
    disk.sync(FOLDER)
    return disk


def obey(lossy: Lossy, at: str) -> None:
    """Carry out commands until whoever gives them is gone."""
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        sys.stdout.write(json.dumps(getattr(lossy, command)(*arguments)) + "\n")
        sys.stdout.flush()
    subprocess.run(["fusermount3", "-uz", at], check=False, capture_output=True)


def main(source: str, at: str) -> None:
    """Serve until unmounted."""
    lossy = Lossy(load(Path(source)))
    threading.Thread(target=obey, args=(lossy, at), daemon=True).start()
    # Pages stay in the system's memory and -shm can be mapped; the mount is the only way to these files.
    mfusepy.FUSE(lossy, at, foreground=True, nothreads=True, kernel_cache=True, hard_remove=True, fsname="lossy")


if __name__ == "__main__":
    main(*sys.argv[1:])
