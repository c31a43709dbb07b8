"""Asks a host whether it is there: by an echo request, our own or that of the system's ping, or by a connection."""

import errno
import ipaddress
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drivers.ports import DeviceError

PROBES = ("ping", "connect")
# A name may not begin with "-", or a program would take it for an option; nothing here is a control character.
_URL = re.compile(
    r"(?P<scheme>ping|connect)://(?P<host>[A-Za-z0-9](?:[A-Za-z0-9-]*\.?[A-Za-z0-9])*|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
HOST_CHARS = 253  # of a name in the DNS
GRACE_S = 2.0  # what a ping program may take beyond the time it was given: it has to start
PAYLOAD_BYTES = 16  # random, so that a late answer to an earlier request is not taken for this one
IP_HEADER_BYTES = 20  # some systems leave it before what they hand over
ECHO = {socket.AF_INET: (socket.IPPROTO_ICMP, 8, 0), socket.AF_INET6: (socket.IPPROTO_ICMPV6, 128, 129)}
NOBODY_THERE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask and how; ``port`` is None for an echo request."""

    host: str
    port: int | None

    @property
    def said(self) -> str:
        return self.host if self.port is None else f"{self.host} port {self.port}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a host is in the network."""

    family: socket.AddressFamily
    ip: str


def target(url: str) -> Target:
    """Whom a probe's URL means. Raises ``ValueError``."""
    found = _URL.fullmatch(url)
    if found is None or len(found["host"]) > HOST_CHARS:
        raise ValueError(f"{url!r} is no address to ask; write ping://192.0.2.7 or connect://192.0.2.7:443")
    host, port = found["host"].strip("[]"), found["port"]
    if "[" in found["host"]:
        ipaddress.IPv6Address(host)
    if found["scheme"] == "ping" and port is not None:
        raise ValueError(f"{url!r}: an echo request goes to no port; write connect:// to ask a port")
    if found["scheme"] == "connect" and not (port and 0 < int(port) < 1 << 16):
        raise ValueError(f"{url!r} needs a port from 1 to 65535, e.g. connect://{found['host']}:443")
    return Target(host, int(port) if port else None)


class Lookup:
    """Finds the address of a host. A name is looked up on a thread of its own: nobody can end one that hangs."""

    def __init__(self, host: str, resolve: Callable[..., Any] = socket.getaddrinfo) -> None:
        self._host, self._resolve = host, resolve
        self._thread: threading.Thread | None = None
        self._found: Address | str = ""

    def address(self, timeout_s: float) -> Address:
        """The address now. Raises ``not_probed``: a host that could not be looked up was not asked."""
        if (written := _written(self._host)) is not None:
            return written
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name=f"look-up of {self._host}", daemon=True)
            self._thread.start()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise DeviceError("not_probed", f"the look-up of {self._host} does not end")
        self._thread = None
        if isinstance(self._found, str):
            raise DeviceError("not_probed", f"{self._host}: {self._found}")
        return self._found

    def _look(self) -> None:
        try:
            family, _, _, _, where = self._resolve(self._host, None, type=socket.SOCK_STREAM)[0]
        except (OSError, UnicodeError) as error:
            self._found = str(error)
        else:
            self._found = Address(family, where[0])


def _written(host: str) -> Address | None:
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        return None
    return Address(socket.AF_INET if version == 4 else socket.AF_INET6, host)


def ask(whom: Target, address: Address, timeout_s: float) -> str:
    """Ask once; what answered. Raises ``no_answer``, ``refused``, ``unreachable``, ``not_probed`` (nobody could)."""
    began = time.monotonic()
    how = connect(address, whom.port, timeout_s) if whom.port is not None else _ping(address, timeout_s)
    return f"{whom.said} {how} in {(time.monotonic() - began) * 1000:.0f} ms"


def connect(address: Address, port: int, timeout_s: float) -> str:
    """Connect and hang up."""
    with socket.socket(address.family, socket.SOCK_STREAM) as wire:
        wire.settimeout(timeout_s)
        try:
            wire.connect((address.ip, port))
        except OSError as error:
            raise _trouble(error) from error
    return "took a connection"


def _ping(address: Address, timeout_s: float) -> str:
    """By a socket where the system lets anybody send echo requests, else by the program that may."""
    try:
        wire = socket.socket(address.family, socket.SOCK_DGRAM, ECHO[address.family][0])
    except OSError:
        return ping_program(address, timeout_s)
    with wire:
        try:
            wire.connect((address.ip, 0))
        except OSError as error:
            raise _trouble(error) from error
        return echo(wire, address.family, timeout_s)


def echo(wire: socket.socket, family: socket.AddressFamily, timeout_s: float) -> str:
    """One echo request on a connected socket, and the answer to just this one."""
    _, asks, answers = ECHO[family]
    said = os.urandom(PAYLOAD_BYTES)
    deadline = time.monotonic() + timeout_s
    try:
        wire.send(_request(asks, said))
        while (left_s := deadline - time.monotonic()) > 0:
            wire.settimeout(left_s)
            heard = wire.recv(2048)
            packet = heard[IP_HEADER_BYTES:] if heard[:1] and heard[0] >> 4 == 4 else heard
            if packet[:1] == bytes([answers]) and packet.endswith(said):
                return "answered"
    except OSError as error:
        raise _trouble(error) from error
    raise DeviceError("no_answer", "no echo")


def _request(kind: int, said: bytes) -> bytes:
    """The system puts its own identifier in; a checksum over what we write is what some systems want."""
    body = struct.pack(">BBHHH", kind, 0, 0, 0, 1) + said
    total = sum(struct.unpack(f">{len(body) // 2}H", body))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return body[:2] + struct.pack(">H", ~total & 0xFFFF) + body[4:]


def ping_program(address: Address, timeout_s: float) -> str:
    """Let the system's ping ask; its address is a number, so it looks nothing up."""
    program = shutil.which("ping")
    if program is None:
        raise DeviceError("not_probed", "no right to send echo requests, and no ping program")
    try:
        child = subprocess.run(
            [program, *_options(timeout_s), address.ip], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=timeout_s + GRACE_S, env={**os.environ, "LC_ALL": "C"}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as hung:
        raise DeviceError("not_probed", "the ping program does not end") from hung
    except OSError as error:
        raise DeviceError("not_probed", f"ping: {error.strerror}") from error
    said = child.stdout.decode("utf-8", "replace")
    # The ping of Windows calls a router's "unreachable" a success; only an echo has a time to live.
    if child.returncode == 0 and (sys.platform != "win32" or "TTL=" in said or ":" in address.ip):
        return "answered"
    if "unreachable" in said.lower():
        raise DeviceError("unreachable", "ping: unreachable")
    if child.returncode in (0, 1):
        raise DeviceError("no_answer", "ping: no echo")
    raise DeviceError("not_probed", f"ping: {(said.strip().splitlines() or ['ended without a word'])[-1][:200]}")


def _options(timeout_s: float) -> list[str]:
    if sys.platform == "win32":
        return ["-n", "1", "-w", str(round(timeout_s * 1000))]
    wait = str(round(timeout_s * 1000)) if sys.platform == "darwin" else str(max(1, round(timeout_s)))
    return ["-n", "-c", "1", "-W", wait]


def _trouble(error: OSError) -> DeviceError:
    """What an attempt that failed says about the host; what says nothing about it is no fault of the host."""
    if isinstance(error, TimeoutError):
        return DeviceError("no_answer", "no answer")
    if isinstance(error, ConnectionRefusedError):
        return DeviceError("refused", "refused")
    if isinstance(error, ConnectionResetError):
        return DeviceError("no_answer", "hung up")
    code = "unreachable" if error.errno in NOBODY_THERE else "not_probed"
    return DeviceError(code, error.strerror or str(error))
