"""A lossy disk in a test's hands: mounted, told to fail, cut and mounted again with what survived."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.server.databases import fresh_database
from tests.server.halls import write_settings

PROJECT = Path(__file__).parents[2]
MOUNTED_WITHIN_S = 20.0


class LossyDisk:
    """Files under ``at`` lie on a disk that forgets what was not synced; ``kept`` is what it began with."""

    def __init__(self, folder: Path) -> None:
        self.at = folder / "disk"
        self.kept = folder / "kept-0"
        self.lives = 0
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.at.mkdir()
        self.kept.mkdir()

    def mount(self) -> None:
        """Give power to a disk that holds ``kept``."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.mount", str(self.kept), str(self.at)],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        give_up_at = time.monotonic() + MOUNTED_WITHIN_S
        while not os.path.ismount(self.at):
            assert self._process.poll() is None, "the disk's program ended"
            assert time.monotonic() < give_up_at, "the disk is not mounted"
            time.sleep(0.01)

    def tell(self, command: str, *arguments: object) -> Any:
        """One command to the disk's program; its answer."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([command, *arguments]).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def cut(self, how: str, seed: int) -> int:
        """The power goes: nothing works any more, and ``kept`` is what is left; the changes that were not synced."""
        self.lives += 1
        self.kept = self._folder / f"kept-{self.lives}"
        self.kept.mkdir()
        return int(self.tell("cut", how, seed, str(self.kept)))

    def unmount(self) -> None:
        """Take the disk away, whoever may still have a file open on it."""
        if self._process is None:
            return
        subprocess.run(["fusermount3", "-uz", str(self.at)], check=False, capture_output=True)
        process, self._process = self._process, None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def disk_with_a_hall(folder: Path) -> Iterator[LossyDisk]:
    """A disk, not yet mounted, with the settings and database of a hall."""
    folder.mkdir()
    disk = LossyDisk(folder)
    write_settings(disk.kept)
    fresh_database(disk.kept / "hall.sqlite3")
    try:
        yield disk
    finally:
        disk.unmount()
