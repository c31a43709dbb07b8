"""``python -m drivers.sim``: a printer, a line of signs, a voice module, or all devices of a demonstration hall."""

import argparse
import logging
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from drivers.led.families import DEFAULT_FAMILY, FAMILIES, own
from drivers.led.profile_keys import ProfileError
from drivers.sim.boards import BOARDS, board_of
from drivers.sim.bus import SimBus
from drivers.sim.hall import SimHall
from drivers.sim.pads import SimPads
from drivers.sim.page import PageServer
from drivers.sim.printer import SimPrinter
from drivers.sim.voice import SimVoice
from drivers.speech.frames import DEFAULT_MODULE, MODULES

LOG = logging.getLogger("drivers.sim")
HALL_SIGNS = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted; 2 with one sentence when a port cannot be had."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    hall = _hall(options)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        page = PageServer(hall, options.host, options.page_port) if options.page_port is not None else None
        hall.start()
    except OSError as error:
        LOG.error("a port cannot be opened: %s", error)  # noqa: TRY400 - the sentence says it all
        return 2
    _tell(hall)
    if page is not None:
        page.start()
        LOG.info("page      http://%s:%d/", options.host, page.port)
    # An event waited for without a limit cannot be interrupted on Windows.
    while not stopping.wait(0.5):
        continue
    if page is not None:
        page.stop()
    hall.stop()
    return 0


def _tell(hall: SimHall) -> None:
    for name, printer in hall.printers.items():
        LOG.info("%-9s tcp://%s:%d", name, printer.host, printer.port)
    for cable in hall.cables:
        LOG.info("%-9s %s", "cable", cable.url)
    for name, voice in hall.voices.items():
        LOG.info("%-9s %s", name, voice.url)
    if hall.bus is not None:
        LOG.info("%-9s %s", "signs", hall.bus.url(hall.bus.first))


def _hall(options: argparse.Namespace) -> SimHall:
    ports = {"printer": [options.port], "bus": []}.get(options.what, options.printer_ports)
    printers = {f"printer-{number}": SimPrinter(options.host, port) for number, port in enumerate(ports, 1)}
    if options.what == "printer":
        return SimHall(printers, links={} if options.link is None else {"printer-1": (options.link, options.baud)})
    if options.what == "voice":
        return SimHall(voices={"voice-1": SimVoice(options.host, options.port, options.link, options.module)})
    voices = {f"voice-{number}": SimVoice(options.host, port) for number, port in enumerate(options.voice_ports, 1)}
    port = options.port if options.what == "bus" else options.bus_port
    pads = SimPads(options.pads, options.polled_pads)
    family = FAMILIES[options.family] if options.profile is None else own(options.profile)
    board = BOARDS[options.family] if options.profile is None else board_of(options.profile)
    boards = {address: board() for address in (*family.addresses[: options.signs], *options.boards)}
    bus = SimBus(options.host, port, 0, options.baud, options.link, boards=boards, pads=pads)
    return SimHall(printers, bus, lines=options.boards, voices=voices)


def _parser() -> argparse.ArgumentParser:
    about = "Simulated devices that speak real bytes and fail on demand."
    parser = argparse.ArgumentParser(prog="python -m drivers.sim", description=about)
    parser.set_defaults(page_port=None, port=0, printer_ports=[], bus_port=0, signs=HALL_SIGNS, baud=9600, link=None)
    parser.set_defaults(pads=0, polled_pads=0, family=DEFAULT_FAMILY, profile=None, boards={})
    parser.set_defaults(voice_ports=[], module=DEFAULT_MODULE)
    kinds = parser.add_subparsers(dest="what", required=True)
    # SUPPRESS: an option that a sub-command was not given must not hide the default above
    unset = argparse.SUPPRESS
    printer = kinds.add_parser(
        "printer", argument_default=unset, help="one ESC/POS printer on TCP or, with --link, on a pseudo-terminal"
    )
    bus = kinds.add_parser(
        "bus", argument_default=unset, help="a line of signs on TCP or, with --link, on a pseudo-terminal"
    )
    voice = kinds.add_parser(
        "voice", argument_default=unset, help="a voice module on TCP or, with --link, on a pseudo-terminal"
    )
    hall = kinds.add_parser(
        "hall", argument_default=unset, help="every device of the demonstration hall, in one process"
    )
    for one in (printer, bus, voice, hall):
        one.add_argument("--host", default="127.0.0.1", help="address to listen on")
        one.add_argument("--page-port", type=int, required=one is hall, help="port of the page; 0 chooses one")
    for one in (printer, bus, voice):
        one.add_argument("--port", type=int, help="TCP port; 0 chooses one")
        one.add_argument("--link", type=Path, help="link to the pseudo-terminal")
    for one in (printer, bus, hall):
        one.add_argument("--baud", type=int, help="speed of the line")
    for one in (bus, hall):
        one.add_argument("--signs", type=int, choices=range(1, 255), metavar="1-254", help="how many signs")
        one.add_argument("--boards", type=_boards, help="boards of several lines as ADDRESS:LINES, e.g. 128:4")
        one.add_argument("--pads", type=int, choices=range(128), metavar="0-127", help="pads with rating units")
        one.add_argument("--polled-pads", type=int, choices=range(225), metavar="0-224", help="QSystem pads")
    signs = bus.add_mutually_exclusive_group()
    signs.add_argument("--family", choices=BOARDS, help="of which family the signs are")
    signs.add_argument("--profile", type=_profile, help="a file: the signs are what this profile says")
    voice.add_argument("--family", dest="module", choices=MODULES, help="of which family the module is")
    hall.add_argument("--voice-ports", type=_ports, help="TCP ports of voice modules, e.g. 8807")
    hall.add_argument("--bus-port", type=int, required=True, help="TCP port of the line of signs")
    hall.add_argument("--printer-ports", type=_ports, required=True, help="TCP ports, e.g. 8805,8806")
    return parser


def _boards(text: str) -> dict[int, int]:
    return {int(address): int(lines) for address, _, lines in (one.partition(":") for one in text.split(","))}


def _profile(name: str) -> str:
    """The text of a profile; all its mistakes, each with its line."""
    try:
        text = Path(name).read_text("utf-8")
        own(text)
    except (OSError, UnicodeDecodeError) as trouble:
        raise argparse.ArgumentTypeError(f"{name} cannot be read: {trouble.args[-1]}") from trouble
    except ProfileError as wrong:
        said = "".join(f"\n  {name}, line {line}: {what}." for line, what in wrong.mistakes)
        raise argparse.ArgumentTypeError(f"{name} has mistakes:{said}") from wrong
    return text


def _ports(text: str) -> list[int]:
    return [int(port) for port in text.split(",")]


if __name__ == "__main__":
    raise SystemExit(main())
