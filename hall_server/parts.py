"""The programs of a hall as child processes: started, watched, started again, stopped."""

import ctypes
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# Before a part that died is started again; the last for ever. With a start of 2 s at most, a part that is killed again
# and again still serves within the 3 s that the hall promises.
BACK_OFF_S = (0.1, 0.1, 0.2, 0.5, 1.0)
STEADY_S = 3.0  # a part that lived this long did start: it comes back without delay
FATAL = (2, 3)  # exit codes that say: settings or set-up are wrong, starting again cannot help


PR_SET_PDEATHSIG = 1  # prctl(2): the signal that a process gets when its parent has died


class PartFailed(Exception):
    """A part cannot run; its own sentence stands above."""


@dataclass(slots=True)
class Part:
    """One child process, kept running."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    deaths: int = 0
    started: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        """Start it, in a group of its own, so that Ctrl-C reaches it only through us."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *self.command], start_new_session=True,
            preexec_fn=_stop_with_parent if sys.platform == "linux" else None,  # safe: we have one thread
        )  # fmt: skip

    def watch(self, now: float) -> str | None:
        """Start it again when it died; a sentence when it did."""
        if self.process is None:
            if now >= self.again_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.process = None
        self.deaths = 0 if now - self.started > STEADY_S else self.deaths + 1
        wait_s = BACK_OFF_S[min(self.deaths, len(BACK_OFF_S) - 1)]
        self.again_at = now + wait_s
        if code in FATAL:
            raise PartFailed(self.name)
        return f"{self.name} ended (code {code}); it starts again in {wait_s} s"

    def ask_to_stop(self) -> None:
        """Tell it to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for it; end it when it does not stop."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _stop_with_parent() -> None:
    """Parts of a hall whose ``up`` was killed would keep its ports and its lock, and nobody would know them."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Program:
    """A station or kiosk to run: its role and id, where its token is kept, and its command."""

    role: str
    id: str
    token: Path
    command: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"{self.role} {self.id}"
