"""``hallcall up``: server, station, kiosks and (in the demo) simulators on one PC, started, watched and stopped."""

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from rich.console import Console

from hall_server.local import TOKEN_FILE, call, url_of
from hall_server.lock import NotReady, hold
from hall_server.parts import Part, PartFailed, Program
from hall_server.settings import FILE, Settings, load
from hall_server.settings.tables import place_ports

READY_WITHIN_S = 60.0  # the slowest first start on a small PC
STOP_S = 5.0  # a part that has not stopped by then is ended
POLL_S = 0.1
# Ctrl-C, a polite end, and (where there is one) a closed terminal
STOP_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@dataclass(slots=True)
class Hall:
    """All parts of a hall on one PC."""

    home: Path
    settings: Settings
    demo: bool
    console: Console
    parts: list[Part] = field(default_factory=list)
    stopping: bool = False

    def run(self) -> None:
        """Start everything, say where it is, watch it, stop it."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        try:
            self._start_parts()
            while not self.stopping:
                self._watch()
                time.sleep(POLL_S)
        finally:
            self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _add(self, name: str, *command: str) -> None:
        part = Part(name, ["-m", *command])
        part.start()
        self.parts.append(part)

    def _watch(self) -> None:
        for part in self.parts:
            told = part.watch(time.monotonic())
            if told and not self.stopping:
                self.console.print(told)

    def _start_parts(self) -> None:
        """All at once where tokens are known from an earlier start; the others when the server can make theirs."""
        if self.demo:
            self._add_simulators()
        self._add("server", "hall_server.serve", "--home", str(self.home))
        programs = self._programs()
        for program in programs:
            if program.token.exists():
                self._add(program.name, *program.command)
        admin = self._wait_for_server()
        if self.stopping:
            return
        if self.demo:
            self._open_day(admin)
        for program in programs:
            self._let_in(program, admin)
        self._wait_for_pages()
        if not self.stopping:
            self._say(admin)

    def _add_simulators(self) -> None:
        port = self.settings.port
        signs = [device for device in self.settings.device if device.kind == "sign"]
        boards = [f"{(d.url or '').partition('#')[2]}:{d.lines}" for d in signs if d.simulated and d.lines > 1]
        self._add(
            "simulators", "drivers.sim", "hall", "--page-port", str(port + 3), "--bus-port", str(port + 4),
            "--printer-ports", f"{port + 5},{port + 6}", "--voice-ports", str(port + 7),
            "--signs", str(sum(sign.lines == 1 for sign in signs)),
            "--pads", str(sum(d.kind == "pad" for d in self.settings.device)),
            *(("--boards", ",".join(boards)) if boards else ()),
        )  # fmt: skip

    def _programs(self) -> list[Program]:
        """The stations and kiosks of this hall."""
        kiosks = {kiosk.id for kiosk in self.settings.kiosk}
        stations = sorted({d.station for d in self.settings.device if d.url} - kiosks)
        return [
            *(self._program("station", name, "hall_server.station") for name in stations),
            *(self._program("kiosk", k.id, "kiosk", "--port", self._port_of(k.port)) for k in self.settings.kiosk),
        ]

    def _port_of(self, port: int | str | None) -> str:
        return "0" if port is None else place_ports(str(port), self.settings.port)

    def _program(self, role: str, name: str, module: str, *more: str) -> Program:
        token, state = self.home / "tokens" / f"{role}-{name}.token", self.home / "stations" / name
        link = ("--server", url_of(self.settings), "--token-file", str(token), "--state-dir", str(state))
        more = (*more, "--helpers", str(self.home / FILE))
        return Program(role, name, token, (module, "--id", name, *more, *link))

    def _let_in(self, program: Program, admin: str) -> None:
        """Give a program a token that the server accepts; one that runs with an old one starts again."""
        running = next((part for part in self.parts if part.name == program.name), None)
        changed = self._token(admin, program.role, program.id, program.token)
        if running is None:
            self._add(program.name, *program.command)
        elif changed:
            running.ask_to_stop()

    def _wait_for_pages(self) -> None:
        """Nobody should be sent to a page that is not there yet."""
        until = time.monotonic() + READY_WITHIN_S
        waiting = [self._port_of(kiosk.port) for kiosk in self.settings.kiosk if kiosk.port is not None]
        while waiting and not self.stopping and time.monotonic() < until:
            self._watch()
            try:
                urlopen(f"http://127.0.0.1:{waiting[0]}/", timeout=5).close()
            except (OSError, URLError):
                time.sleep(POLL_S)
            else:
                waiting.pop(0)

    def _wait_for_server(self) -> str:
        until = time.monotonic() + READY_WITHIN_S
        while not self.stopping and time.monotonic() < until:
            self._watch()
            try:
                token = (self.home / TOKEN_FILE).read_text("ascii")
                call(url_of(self.settings), token, "GET", "/api/v1/me")
            except (OSError, URLError):
                time.sleep(POLL_S)
            else:
                return token
        if self.stopping:
            return ""
        raise PartFailed("server")

    def _open_day(self, admin: str) -> None:
        state = call(url_of(self.settings), admin, "GET", "/readyz")
        if not state["open"]:
            call(url_of(self.settings), admin, "POST", "/api/v1/day/open", {"despite": "demo"})

    def _token(self, admin: str, role: str, name: str, path: Path) -> bool:
        """Keep a valid token in a file that only its owner can read; True when it had to be made."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and self._valid(path.read_text("ascii")):
            return False
        made = call(url_of(self.settings), admin, "POST", "/api/v1/tokens", {"role": role, "subject": name})
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(made["secret"])
        return True

    def _valid(self, token: str) -> bool:
        try:
            call(url_of(self.settings), token, "GET", "/api/v1/me")
        except HTTPError:
            return False
        return True

    def _say(self, admin: str) -> None:
        base = url_of(self.settings)
        self.console.print(f"\nHallCall is open: {self.settings.hall.en} · {self.settings.hall.zh}\n")
        self.console.print(f"  Hall TV        {base}/tv")
        for kiosk in self.settings.kiosk:
            if kiosk.port is not None:
                self.console.print(f"  {kiosk.en:<14} http://127.0.0.1:{self._port_of(kiosk.port)}/")
        if self.demo:
            page = f"http://127.0.0.1:{self.settings.port + 3}/"
            self.console.print(f"  Simulators     {page}   (paper, signs, voice, faults)")
            self._say_links(admin, base)
        self.console.print("\nCtrl-C stops everything.\n")

    def _say_links(self, admin: str, base: str) -> None:
        self.console.print("\nSign in (each link works once, within 10 minutes; restart for new ones):\n")
        wanted: list[tuple[str, str, str, str | None]]
        wanted = [(f"Clerk, window {w.id}", "clerk", f"clerk{w.id}", w.id) for w in self.settings.window]
        wanted += [("Hall manager", "manager", "manager", None), ("Maintenance", "maintenance", "electrician", None)]
        wanted += [("Concierge", "concierge", "concierge", None), ("Administrator", "admin", "root", None)]
        wanted += [(f"TV as {d.id}", "tv", d.id, None) for d in self.settings.device if d.kind == "tv"]
        wanted += [
            (f"Display, window {d.window}", "tv", d.id, d.window) for d in self.settings.device if d.kind == "tablet"
        ]
        for title, role, subject, window in wanted:
            body = {"role": role, "subject": subject, "window": window}
            made = call(url_of(self.settings), admin, "POST", "/api/v1/links", body)
            self.console.print(f"  {title:<16} {base}{made['secret']}", soft_wrap=True)
        token = self.home / "tokens" / "manager-api.token"
        self._token(admin, "manager", "api", token)
        self.console.print(f"\nAPI token (manager): {token.read_text('ascii')}", soft_wrap=True)

    def _end(self) -> None:
        """The parts that ask stop before the server that answers them."""
        until = time.monotonic() + STOP_S
        for part in reversed(self.parts):
            part.ask_to_stop()
        for part in reversed(self.parts):
            part.end(until)


def up(home: Path, *, demo: bool) -> None:
    """Run a hall on this PC. Raises ``SettingsError``, ``NotReady`` and ``PartFailed``."""
    home = home.absolute()
    path = home / FILE
    try:
        if demo and not path.exists():
            home.mkdir(parents=True, exist_ok=True)
            path.write_text((Path(__file__).parent / "demo.toml").read_text("utf-8"), "utf-8")
    except OSError as trouble:
        raise NotReady(f"The data folder {home} cannot be written: {trouble.strerror}.") from trouble
    console = Console(markup=False, highlight=False, soft_wrap=True)
    settings = load(path)
    hold(home).close()  # else the parts of a second hall would talk to the first one's server
    Hall(home, settings, demo, console).run()
