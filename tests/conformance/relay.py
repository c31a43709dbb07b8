"""Peers that no simulated printer can be: a wire that is cut, listened in to or falsified, and a script on a pty."""

import ctypes
import os
import pty
import select
import socket
import struct
import sys
import threading
import tty
from collections.abc import Callable
from contextlib import suppress

from tests.conformance.papers import until
from tests.conformance.rows import NotHereError

SO_ATTACH_FILTER = 26  # Linux
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)  # one instruction of a packet filter: keep nothing
LOOK_S = 0.02
ASK_PAPER = b"\x10\x04\x04"


class Relay:
    """Between a driver and a printer on this machine, one connection after another.

    ``cut_power`` makes the printer's side of the present connection deaf below TCP: nothing is acknowledged any more,
    as after a power cut. A later connection finds the printer again.
    """

    def __init__(self, port: int) -> None:
        self.heard = bytearray()
        self.paper_answer: bytes | None = None  # given instead of the answer to the question about the paper
        self.cut_at: int | None = None  # after so many bytes, with the next answer of the printer
        self.cut = threading.Event()
        self._printer_port = port
        self._dead: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="relay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End every connection."""
        self._stopping.set()
        self._thread.join()
        for one in (self._listener, *self._dead):
            one.close()

    def cut_power(self) -> None:
        """Cut now; it has happened when the call returns."""
        self.cut_at = 0
        assert self.cut.wait(20), "there is no connection to cut"

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if select.select([self._listener], [], [], LOOK_S)[0]:
                driver, _ = self._listener.accept()
                self._dead.append(driver)
                # A side that hangs up in the middle of a call ends its connection, not the relay.
                with suppress(OSError), socket.create_connection(("127.0.0.1", self._printer_port)) as printer:
                    if self._carry(driver, printer):
                        continue
                self._dead.remove(driver)
                driver.close()

    def _carry(self, driver: socket.socket, printer: socket.socket) -> bool:
        """Carry until one side ends; True when the power was cut."""
        while not self._stopping.is_set():
            readable, _, _ = select.select([driver, printer], [], [], LOOK_S)
            if self.cut_at == 0 and not self.cut.is_set():
                return self._deafen(driver)
            for side in readable:
                data = side.recv(4096)
                if not data:
                    return False
                if side is driver:
                    self.heard += data
                    printer.sendall(data)
                elif self._answer(driver, data):
                    return True
        return False

    def _answer(self, driver: socket.socket, data: bytes) -> bool:
        if self.paper_answer is not None and self.heard.endswith(ASK_PAPER):
            data = self.paper_answer
        due = self.cut_at is not None and not self.cut.is_set() and len(self.heard) >= self.cut_at
        if due:
            self._deafen(driver)  # before the answer, which makes the driver send what nobody will acknowledge
        driver.sendall(data)
        return due

    def _deafen(self, driver: socket.socket) -> bool:
        program = ctypes.create_string_buffer(DROP_ALL)
        driver.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HxxxxxxP", 1, ctypes.addressof(program)))
        self.cut.set()
        return True


def relay(port: int) -> Relay:
    """A relay, where the system can make a peer deaf."""
    if sys.platform != "linux":
        raise NotHereError("a dead peer on loopback needs a packet filter on its socket (Linux)")
    return Relay(port)


class ScriptedPort:
    """A serial printer that is a function: what was heard so far -> what is said now."""

    def __init__(self, script: Callable[[bytes], bytes]) -> None:
        self._script = script
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.url = f"serial://{os.ttyname(self._slave)}?baud=115200"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take the port away."""
        self._stopping.set()
        self._thread.join()
        for end in (self._master, self._slave):
            os.close(end)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if select.select([self._master], [], [], LOOK_S)[0]:
                said = self._script(os.read(self._master, 4096))
                if said:
                    os.write(self._master, said)


def when(condition: Callable[[], bool], act: Callable[[], object]) -> None:
    """Do something in the background as soon as a condition is true."""

    def watch() -> None:
        until(condition)
        act()

    threading.Thread(target=watch, daemon=True).start()
