"""Which addresses a form may name: those of devices, so that it is no way to files, programs and other computers."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

NETWORKED = frozenset({"tcp", "socket", "rfc2217", "ping", "connect"})
# What each other scheme may name: a node of a serial port or USB printer, or a queue. Never a file, never a program.
NODES = {
    "serial": re.compile(
        r"(/dev/(serial/by-(id|path)/[\w.:+-]+|tty[A-Za-z]{1,4}[0-9]{1,3}|cu\.[\w.-]+)|COM[0-9]{1,3})"
    ),
    "usb": re.compile(r"(/dev/usb/lp[0-9]{1,3}|by-path/[\w.:-]+|by-serial/[\w.:%-]+)"),
    "cups": re.compile(r"[\w.%-]+"),
    "win32": re.compile(r"[\w.%-]+"),
}
LOWEST_PORT = 1024  # below are a computer's own services, where no printer and no bridge listens
NEAR = 24  # bits of a network that is looked at: 254 addresses, a few seconds


def refused(url: str, known: Iterable[str]) -> str | None:
    """The code of why a form may not name this address; ``known`` are the hall's own, which it always may."""
    ours = tuple(known)
    if url in ours:
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme in NETWORKED:
            return _network_refused(parts, {urlsplit(one).hostname for one in ours})
    except ValueError:
        return "host"
    if parts.scheme not in NODES:
        return "scheme"
    named = parts.netloc + parts.path
    return None if NODES[parts.scheme].fullmatch(named) and ".." not in named else "node"


def _network_refused(parts: SplitResult, ours: set[str | None]) -> str | None:
    port = parts.port
    if "@" in parts.netloc or parts.path not in ("", "/") or parts.hostname is None:
        return "host"
    if port is not None and port < LOWEST_PORT:
        return "port"
    if parts.hostname in ours:
        return None
    address = ip_address(parts.hostname)  # a name could be anybody's: ValueError
    return None if _of_a_hall(address) else "host"


def _of_a_hall(address: IPv4Address | IPv6Address) -> bool:
    """In a private network, and not this computer itself, nor where clouds keep their secrets."""
    away = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    return address.is_private and not away


def network_of(url: str) -> str:
    """Where a printer like the one at ``url`` may be found; empty where nothing may be asked."""
    try:
        host = ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return ""
    near = isinstance(host, IPv4Address) and urlsplit(url).scheme == "tcp" and _of_a_hall(host)
    return str(ip_network(f"{host}/{NEAR}", strict=False)) if near else ""
