"""A simulated ticket printer on TCP: real bytes in and out, paper as pictures, and every misery on demand."""

import os
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

from drivers.sim.paper import PaperRoll, PrintedSlip
from drivers.sim.printer_engine import PrinterEngine
from drivers.sim.printer_state import CONDITIONS, realtime_byte

POLL_S = 0.05  # how soon pulling a cable is noticed
LATE_S = 2.0  # later than any question waits
READ_BYTES = 256  # small, so that a full printer soon closes the window
SLOW_READ_S = 0.06  # per read, as network cards of cheap printers do ...
SLOW_READ_BYTES = 1024  # ... which take a packet of about this size each time
RECEIVE_BUFFER_BYTES = 2304  # the least that Linux grants
SEND_TIMEOUT_S = 1.0

# How it may misbehave besides what it can state about itself.
ENGINE_QUIRKS = frozenset(
    ("no_gsh", "no_gsr", "no_asb", "negative_id", "denies_at_paper_end", "cutter_jam", "drop_overflow")
)
LINK_QUIRKS = frozenset(
    ("mute", "never_reads", "refuse", "unplugged", "no_clear", "late", "wrong_http", "wrong_pjl", "wrong_junk")
    + ("split", "slow_reads")
)
FAULTS = CONDITIONS | ENGINE_QUIRKS | LINK_QUIRKS | {"power_cycle"}

_WRONG = {
    "wrong_http": b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
    "wrong_pjl": b"@PJL INFO STATUS\r\n",
    "wrong_junk": b"\xff\x00\xa5",
}
_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
# Act on arrival, wherever they stand: DLE EOT n, DLE ENQ n, DLE DC4 8 and DLE DC4 1, 2 with two parameters.
_REALTIME = re.compile(re.escape(_CLEAR) + rb"|\x10[\x04\x05].|\x10\x14[\x01\x02]..", re.DOTALL)
_BEGINNING = re.compile(rb"\x10(\x04|\x05|\x14([\x01\x02].?|\x08[\x01-\x14]{0,6})?)?\Z", re.DOTALL)


class SimPrinter:
    """Start it, point a driver at ``port``, set faults, look at ``slips()``; one client at a time, as usual."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        width: int = 576,
        mm_s: float = 250.0,
        buffer_bytes: int = 4096,
        faults: Iterable[str] = (),
    ) -> None:
        self.host, self.port = host, port
        self._engine = PrinterEngine(PaperRoll(width), self._say, mm_s, buffer_bytes)
        self._quirks: set[str] = set()
        self._faults = tuple(faults)
        self._stopping = threading.Event()
        self._settled = threading.Condition()
        self._listening = False
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self._cut_link: tuple[int, str] | None = None
        self._realtime_seen: list[bytes] = []
        self._speaking = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="sim-printer-link", daemon=True)

    def start(self) -> "SimPrinter":
        """Open the port; from now on ``port`` is the real one."""
        self._listen(True)
        self._engine.start()
        self._thread.start()
        for fault in self._faults:
            self.set_fault(fault, True)
        return self

    def stop(self) -> None:
        """Switch everything off and free the port."""
        self._stopping.set()
        self._thread.join()
        self._engine.stop()
        if self._listener is not None:
            self._listener.close()

    def set_fault(self, name: str, on: bool) -> None:
        """Begin or end a fault; those of the cable have happened when the call returns."""
        if name not in FAULTS:
            raise ValueError(f"unknown fault {name!r}; known are {', '.join(sorted(FAULTS))}")
        if name == "power_cycle":
            if on:
                self._power_cycle()
        elif name in CONDITIONS:
            self._engine.set_condition(name, on)
        else:
            quirks = self._engine.quirks if name in ENGINE_QUIRKS else self._quirks
            (quirks.add if on else quirks.discard)(name)
            with self._settled:
                self._settled.wait_for(self._is_settled, timeout=5)

    def faults(self) -> dict[str, bool]:
        """Every fault this printer can have, and whether it has it."""
        having = self._engine.conditions() | self._engine.quirks | self._quirks
        return {name: name in having for name in sorted(FAULTS)}

    def paper_out_after(self, rows: int) -> None:
        """Let the roll end after so many more rows of dots."""
        self._engine.condition_after("paper_end", rows)

    def fault_after(self, name: str, rows: int) -> None:
        """Let a condition (cover_open …) come after so many more rows of dots."""
        if name not in CONDITIONS:
            raise ValueError(f"{name!r} is not a condition of the printer")
        self._engine.condition_after(name, rows)

    def cut_link_after(self, received_bytes: int, how: str) -> None:
        """End the link (``"rst"`` or ``"fin"``) once so many more bytes have come in; once only."""
        self._cut_link = (received_bytes, how)

    def slips(self) -> list[PrintedSlip]:
        """All paper that came out, oldest first; what still hangs in the printer is last and incomplete."""
        return self._engine.pieces()

    def slips_png(self) -> list[tuple[int, bytes, bool]]:
        """The same as (number, PNG, complete)."""
        return [(slip.number, slip.png, slip.complete) for slip in self.slips()]

    def tear(self) -> None:
        """Take the finished slips away."""
        self._engine.tear()

    def state(self) -> str:
        """What a person sees: the conditions and quirks in force, or ``ready``."""
        return " ".join(name for name, on in self.faults().items() if on) or "ready"

    def idle(self) -> bool:
        """Nothing is left to print."""
        return self._engine.idle()

    def realtime_seen(self) -> list[bytes]:
        """Every real-time command that arrived, in order."""
        return list(self._realtime_seen)

    def _is_settled(self) -> bool:
        connected = self._client is not None
        if self._quirks & {"refuse", "unplugged"}:
            return not self._listening and not (connected and "unplugged" in self._quirks)
        return self._listening

    def _power_cycle(self) -> None:
        self._engine.clear(power_cycle=True)
        with self._settled:
            if self._client is not None:
                self._cut_link = (0, "rst")
                self._settled.wait_for(lambda: self._client is None, timeout=5)

    def _listen(self, on: bool) -> None:
        """A bound socket that does not listen refuses, and keeps the port ours."""
        if self._listener is not None:
            self._listener.close()
        listener = socket.socket()
        if os.name == "posix":  # elsewhere this option lets two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        try:
            listener.bind((self.host, self.port))
        except OSError:
            listener.close()
            raise
        self.port = listener.getsockname()[1]
        listener.settimeout(POLL_S)
        self._listener = listener
        if on:
            listener.listen(3)
        with self._settled:
            self._listening = on
            self._settled.notify_all()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            wanted = not self._quirks & {"refuse", "unplugged"}
            if wanted != self._listening:
                self._listen(wanted)
            listener = self._listener
            if listener is None or not wanted:
                self._stopping.wait(POLL_S)
            elif select.select([listener], [], [], POLL_S)[0]:
                with suppress(OSError):  # the client may have gone between the two calls
                    self._attend(listener.accept()[0])

    def _attend(self, link: socket.socket) -> None:
        link.settimeout(SEND_TIMEOUT_S)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = link
        held = b""
        with link, suppress(OSError):
            while not self._abandoned():
                data = self._receive(link)
                if data is None:
                    break
                if data:
                    held = self._arrived(held + data)
            if "unplugged" in self._quirks:
                _reset(link)
        with self._settled:
            self._client = None
            self._settled.notify_all()

    def _abandoned(self) -> bool:
        if self._quirks & {"refuse", "unplugged"} and self._listening:
            self._listen(False)
        return self._stopping.is_set() or "unplugged" in self._quirks

    def _receive(self, link: socket.socket) -> bytes | None:
        """Bytes, none yet (empty) or the end (None)."""
        if self._cut_link is not None and self._cut_link[0] <= 0:
            how, self._cut_link = self._cut_link[1], None
            self._end_link(link, how)
            return None
        if not select.select([link], [], [], POLL_S)[0]:
            return b""
        if "never_reads" in self._quirks:
            time.sleep(POLL_S)
            return b"" if link.recv(1, socket.MSG_PEEK) else None
        cut = self._cut_link
        if cut is not None and cut[0] <= 0:
            return b""  # ordered while we waited: the next round ends the link
        if "slow_reads" in self._quirks:
            self._stopping.wait(SLOW_READ_S)
        most = SLOW_READ_BYTES if "slow_reads" in self._quirks else READ_BYTES
        data = link.recv(most if cut is None else min(most, cut[0]))
        if cut is not None:
            self._cut_link = (cut[0] - len(data), cut[1])
        return data or None

    def _end_link(self, link: socket.socket, how: str) -> None:
        if how == "rst":
            _reset(link)
            return
        link.shutdown(socket.SHUT_WR)
        while not self._stopping.is_set() and link.recv(READ_BYTES):
            pass  # what comes after the end is nobody's: a reset instead of FIN would be another fault

    def _arrived(self, data: bytes) -> bytes:
        """Act on real-time commands at once, hand the rest to the engine; return an unfinished command."""
        wrong = [answer for quirk, answer in _WRONG.items() if quirk in self._quirks]
        if wrong:
            self._say(wrong[0])
            return b""
        beginning = _BEGINNING.search(data)
        held = b"" if beginning is None or _REALTIME.search(data[beginning.start() :]) else beginning.group()
        data = data[: len(data) - len(held)]
        ordinary = _REALTIME.sub(self._at_once, data)
        if ordinary:
            self._engine.receive(ordinary, self._abandoned)
        return held

    def _at_once(self, found: re.Match[bytes]) -> bytes:
        command = found.group()
        self._realtime_seen.append(command)
        if command[1] == 0x04:
            conditions = self._engine.conditions()
            if "late" in self._quirks:
                self._stopping.wait(LATE_S)
            self._say(realtime_byte(command[2], conditions))
        elif command == _CLEAR and "no_clear" not in self._quirks:
            self._engine.clear()
            self._engine.set_condition("cutter", False)  # it recovers from errors that a person should see
            self._say(b"\x37\x25\x00")
        return b""

    def _say(self, data: bytes) -> None:
        client = self._client
        if client is None or not data or "mute" in self._quirks:
            return
        parts = [data]
        if "split" in self._quirks and len(data) > 1:
            parts = [data[:2], b"\x13" + data[2:] + b"\x11"]
        with self._speaking, suppress(OSError):
            for part in parts:
                client.sendall(part)
                if len(parts) > 1:
                    time.sleep(POLL_S / 5)


def _reset(link: socket.socket) -> None:
    with suppress(OSError):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.close()
