"""A simulated voice module: it takes texts, needs its time to say them, and fails as modules on site do."""

import re
import threading
import time
from collections import deque
from functools import reduce
from operator import xor
from pathlib import Path

from drivers.sim.wire import PtyWire, TcpWire, Wire
from drivers.speech.frames import ACCEPTED, BOOTED, BUSY, DEFAULT_MODULE, HEADER, IDLE, REFUSED, SAY, STATUS, STOP

FAULTS = ("unplugged", "off", "mute", "busy", "nak", "nak_once", "garbage", "late")
OTHERS = (0x03, 0x04, 0x88, 0xFF)  # pause, resume, sleep, wake: taken, and without an effect here
ENCODINGS = ("gb2312", "gbk", "big5", "utf-16-be")
COMMAND = re.compile(r"\[[a-z]\d*\]")  # what is obeyed and not read out
CHECKED = frozenset({"syn6288"})
POLL_S = 0.02  # how soon a fault set by hand acts
REPLY_S = 0.005  # what a small controller needs
LATE_S = 1.2  # slower than anybody waits, and sooner than the next question
CHARACTER_S = 0.22  # a syllable at the usual speed
NOISE = b"\x00\xb7"
KEPT = 6  # as many sentences as a person remembers


class SimVoice:
    """One module on TCP, or on a pseudo-terminal when ``link`` is given."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        link: Path | None = None,
        family: str = DEFAULT_MODULE,
        character_s: float = CHARACTER_S,
        late_s: float = LATE_S,
    ) -> None:
        self._wire: Wire = TcpWire(host, port) if link is None else PtyWire(link)
        self._checked, self._character_s, self._late_s = family in CHECKED, character_s, late_s
        self._faults: set[str] = set()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sim-voice", daemon=True)
        self._due: list[tuple[float, bytes]] = []
        self._buffer = b""
        self._saying, self._ends_at = "", 0.0
        self._volume = ""
        self._said: deque[dict[str, object]] = deque(maxlen=KEPT)

    @property
    def port(self) -> int:
        """The TCP port; 0 on a pseudo-terminal."""
        return self._wire.port if isinstance(self._wire, TcpWire) else 0

    @property
    def url(self) -> str:
        """The device URL."""
        if isinstance(self._wire, TcpWire):
            return f"socket://{self._wire.host}:{self._wire.port}"
        assert isinstance(self._wire, PtyWire)
        return f"serial://{self._wire.link}"

    def start(self) -> "SimVoice":
        """Plug it in and give it power."""
        self._wire.plug()
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the thread, then close the port."""
        self._stopping.set()
        self._thread.join()
        self._wire.unplug()

    def set_fault(self, name: str, on: bool) -> None:
        """Set or clear a fault. Raises ``ValueError`` for an unknown one."""
        if name not in FAULTS:
            raise ValueError(f"no fault {name!r} of a voice module; known are {', '.join(FAULTS)}")
        with self._lock:
            if name == "off":
                self._power(on=not on)
            (self._faults.add if on else self._faults.discard)(name)

    def faults(self) -> dict[str, bool]:
        """Which faults are set."""
        with self._lock:
            return {name: name in self._faults for name in FAULTS}

    def power_cycle(self) -> None:
        """Take its power away for a moment: it forgets what it says, and tells that it has started."""
        with self._lock:
            self._power(on=False)
            self._power(on=True)

    def state(self) -> dict[str, object]:
        """What it says now and how loud, and what it said before, newest first; ``whole``: to its end."""
        with self._lock:
            return {"saying": self._saying, "volume": self._volume, "said": list(reversed(self._said))}

    def _power(self, *, on: bool) -> None:
        if on:
            self._later(BOOTED)
            return
        self._buffer, self._due = b"", []
        self._end(whole=False)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                plugged = "unplugged" not in self._faults
                (self._wire.plug if plugged else self._wire.unplug)()
            data = self._wire.receive(self._pause_s()) if plugged else b""
            if not plugged:
                self._stopping.wait(POLL_S)
            with self._lock:
                self._hear(data)
                self._pass_time(time.monotonic())

    def _pause_s(self) -> float:
        with self._lock:
            next_at = min((at for at, _ in self._due), default=time.monotonic() + POLL_S)
        return min(max(next_at - time.monotonic(), 0), POLL_S)

    def _pass_time(self, now: float) -> None:
        if self._saying and now >= self._ends_at and "busy" not in self._faults:
            self._end(whole=True)
            self._later(IDLE)
        ready = [data for at, data in self._due if at <= now]
        self._due = [one for one in self._due if one[0] > now]
        for data in ready:
            self._wire.send(data)

    def _end(self, *, whole: bool) -> None:
        if self._saying:
            self._said.append({"text": self._saying, "whole": whole})
        self._saying = ""

    def _later(self, answer: int) -> None:
        if {"mute", "off"} & self._faults:
            return
        data = NOISE if "garbage" in self._faults else bytes([answer])
        self._due.append((time.monotonic() + (self._late_s if "late" in self._faults else REPLY_S), data))

    def _hear(self, data: bytes) -> None:
        self._buffer = b"" if "off" in self._faults else self._buffer + data
        while (start := self._buffer.find(HEADER)) >= 0:
            self._buffer = self._buffer[start:]
            size = 3 + int.from_bytes(self._buffer[1:3])
            if len(self._buffer) < 3 or len(self._buffer) < size:
                return
            frame, self._buffer = self._buffer[:size], self._buffer[size:]
            self._obey(frame)

    def _obey(self, frame: bytes) -> None:
        body = frame[3:-1] if self._checked else frame[3:]
        wrong = (self._checked and reduce(xor, frame) != 0) or not body
        if wrong or (body[0] == SAY and {"nak", "nak_once"} & self._faults):
            self._faults.discard("nak_once")
            self._later(REFUSED)
        elif body[0] == SAY and len(body) > 2:
            self._say(body[1] & 7, body[2:])
        elif body[0] == STATUS:
            self._later(BUSY if self._saying or "busy" in self._faults else IDLE)
        elif body[0] == STOP or body[0] in OTHERS:
            if body[0] == STOP:
                self._end(whole=False)
            self._later(ACCEPTED)
        else:
            self._later(REFUSED)

    def _say(self, encoding: int, data: bytes) -> None:
        try:
            given = data.decode(ENCODINGS[encoding])
        except (UnicodeDecodeError, IndexError):
            self._later(REFUSED)
            return
        self._end(whole=False)  # a new text ends the old one
        text = COMMAND.sub("", given)
        self._volume = next((one[2:-1] for one in COMMAND.findall(given) if one[1] == "v"), self._volume)
        self._saying, self._ends_at = text, time.monotonic() + self._character_s * max(len(text), 1)
        self._later(ACCEPTED)
