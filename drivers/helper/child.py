"""A maker's program as a wire: started when it is opened, read without blocking, ended when it is closed."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from drivers.escpos.text import printable
from drivers.ports import Clock, DeviceError

LOG = logging.getLogger(__name__)
CRASHES = 5  # so many ends within CRASH_WINDOW_S are no accident any more ...
CRASH_WINDOW_S = 60.0
SLOW_START_S = 30.0  # ... and then it is started so rarely, until it has lived for CRASH_WINDOW_S: never a loop
GOODBYE_S = 0.3  # for a program to end when its input ends, and again after SIGTERM; a station stops within 0.8 s
REAP_S = 1.0  # a killed program is gone in a millisecond, unless the system itself hangs in its device
HELD_BYTES = 65536  # what it says beyond is left in its pipe, so that it waits
LOG_LINES = 20  # of what it complains about, in LOG_EVERY_S: a helper must not fill the disk
LOG_EVERY_S = 60.0
ENVIRONMENT = {"PYTHONUNBUFFERED": "1"}  # the commonest mistake of a helper in Python is an answer that is not flushed


def _command(argv: Sequence[str]) -> list[str]:
    """The program, on Linux behind the leash that ends it with us even when it hangs."""
    if sys.platform != "linux":
        return list(argv)
    return [sys.executable, "-IS", str(Path(__file__).with_name("leash.py")), str(os.getpid()), *argv]


class _Life:
    """One run of the program: its process and what was heard of it."""

    def __init__(self, name: str, argv: Sequence[str], clock: Clock) -> None:
        self._name, self._clock = name, clock
        self.changed = threading.Condition()
        self.held = bytearray()
        self.silent = self._over = False
        self._last_words = ""
        self._logged: deque[float] = deque(maxlen=LOG_LINES)
        # The hall's own secrets are none of its business.
        own = {name: value for name, value in os.environ.items() if not name.startswith("HALLCALL_")}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            _command(argv), bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe, env=own | ENVIRONMENT,
            start_new_session=True,
        )  # fmt: skip
        self._readers = [
            threading.Thread(target=hear, args=(stream,), name=f"helper {name}", daemon=True)
            for hear, stream in ((self._hear, self._process.stdout), (self._overhear, self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    def _hear(self, stream: IO[bytes]) -> None:
        with stream:
            while data := stream.read(4096):
                with self.changed:
                    self.changed.wait_for(lambda: self._over or len(self.held) < HELD_BYTES)
                    self.held += data
                    self.changed.notify_all()
        with self.changed:
            self.silent = True
            self.changed.notify_all()

    def _overhear(self, stream: IO[bytes]) -> None:
        with stream:
            rest = b""
            while data := stream.read(4096):
                *lines, rest = (rest + data).split(b"\n")
                rest = rest[-HELD_BYTES:]
                for line in lines:
                    self._complained(line)
            self._complained(rest)

    def _complained(self, line: bytes) -> None:
        words = printable(line.decode("utf-8", "replace"))
        if not words:
            return
        self._last_words = words
        now = self._clock()
        if len(self._logged) < LOG_LINES or now - self._logged[0] >= LOG_EVERY_S:
            self._logged.append(now)
            LOG.info("helper %s: %s", self._name, words)

    def say(self, data: bytes, timeout_s: float) -> None:
        """Write all of it; who does not read is ended, which also ends a write that waits for it."""
        guard = threading.Timer(timeout_s, self._kill)
        guard.daemon = True
        guard.start()
        rest = memoryview(data)
        stdin = self._process.stdin
        assert stdin is not None, "it was started with a pipe"
        try:
            while rest:
                rest = rest[stdin.write(rest) :]
        except OSError as error:
            raise DeviceError("no_answer", self.how_it_ended()) from error
        finally:
            guard.cancel()

    def how_it_ended(self) -> str:
        """What is known of its end, for whoever repairs."""
        try:
            code: int | None = self._process.wait(GOODBYE_S)
        except subprocess.TimeoutExpired:
            code = None
        known = {one.value: one.name for one in signal.Signals}
        said = "closed its output" if code is None else f"ended with code {code}"
        if code is not None and code < 0:
            said = f"ended by {known.get(-code, -code)}"
        return f"the helper {said}" + (f": {self._last_words}" if self._last_words else "")

    def end(self) -> None:
        """Ask it to end, then end it, with all that it started."""
        with self.changed:
            self._over = True
            self.changed.notify_all()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        if not self._gone(GOODBYE_S):
            self._process.terminate()
            self._gone(GOODBYE_S)
        self._kill()  # also what it has started and left behind
        if not self._gone(REAP_S):
            LOG.warning("helper %s cannot be ended", self._name)
        for reader in self._readers:
            reader.join(GOODBYE_S)

    def _gone(self, within_s: float) -> bool:
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


class Child:
    """Implements ``drivers.transport.Transport``. Each opening is a start, and starts are rationed."""

    def __init__(self, name: str, argv: Sequence[str], clock: Clock = time.monotonic) -> None:
        self._name, self._argv, self._clock = name, tuple(argv), clock
        self._life: _Life | None = None
        self._starts: deque[float] = deque(maxlen=CRASHES)
        self._worn = False

    def open(self) -> None:
        """Start the program unless it runs. Raises ``unrecoverable`` when it has ended too often."""
        if self._life is not None:
            return
        now = self._clock()
        self._ration(now)
        self._starts.append(now)
        try:
            self._life = _Life(self._name, self._argv, self._clock)
        except OSError as error:
            raise DeviceError("no_answer", f"the helper cannot be started: {error}") from error

    def _ration(self, now: float) -> None:
        if self._starts and now - self._starts[-1] >= CRASH_WINDOW_S:
            self._starts.clear()  # the last one lived long enough
            self._worn = False
        self._worn = self._worn or (len(self._starts) == CRASHES and now - self._starts[0] < CRASH_WINDOW_S)
        if self._worn and (left_s := self._starts[-1] + SLOW_START_S - now) > 0:
            raise DeviceError("unrecoverable", f"the helper ended {CRASHES} times in a minute; again in {left_s:.0f} s")

    def write(self, data: bytes, timeout_s: float) -> None:
        """Hand over all of ``data``. Raises ``no_answer`` when the program has gone or does not read."""
        self._opened().say(data, timeout_s)

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        """What it said. Raises ``no_answer`` when it has ended and all was read."""
        life = self._opened()
        with life.changed:
            life.changed.wait_for(lambda: life.held or life.silent, max(timeout_s, 0))
            data = bytes(life.held[:limit])
            del life.held[:limit]
            life.changed.notify_all()
            over = life.silent and not data
        if over:
            raise DeviceError("no_answer", life.how_it_ended())
        return data

    def wake(self) -> None:
        """Nothing: only lines of pads are listened to without end."""

    def drain(self) -> bytes:
        """Take what waits, without waiting. Raises ``no_answer`` when the program has ended."""
        return self.read(0, HELD_BYTES)

    def close(self) -> None:
        """End the program; harmless when there is none."""
        life, self._life = self._life, None
        if life is not None:
            life.end()

    def describe(self) -> str:
        """The address, as people know it."""
        return f"helper://{self._name}"

    def _opened(self) -> _Life:
        if self._life is None:
            raise DeviceError("no_answer", "the helper is not running")
        return self._life
