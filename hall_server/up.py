"""``hallcall up``: server, station, kiosks and (in the demo) simulators on one PC, started, watched and stopped."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import click
from rich.console import Console

from hall_server.settings import FILE, Settings, load, place_ports

READY_WITHIN_S = 60.0  # the slowest first start on a small PC
STOP_S = 5.0  # a part that has not stopped by then is ended
BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)  # before a part that died is started again; the last for ever
STEADY_S = 30.0  # a part that lived this long starts its next back-off from the beginning
POLL_S = 0.1
FATAL = (2, 3)  # exit codes that say: settings or set-up are wrong, starting again cannot help


class PartFailed(Exception):
    """A part cannot run; its own sentence stands above."""


def call(settings: Settings, token: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """One call to the running server. Raises ``URLError`` when it does not answer, ``HTTPError`` when it refuses."""
    request = Request(  # noqa: S310 - the scheme is ours
        f"{url_of(settings)}{path}",
        method=method,
        data=json.dumps(body or {}).encode() if method == "POST" else None,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(16)},
    )
    with urlopen(request, timeout=5) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def url_of(settings: Settings) -> str:
    """How programs on this machine reach the server."""
    host = settings.server.host
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{settings.port}"  # noqa: S104 - compared, not bound


def problem_of(error: HTTPError) -> str:
    """The sentence of a problem answer."""
    try:
        return str(json.loads(error.read()).get("detail") or error)
    except ValueError:
        return str(error)


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
        self.process = subprocess.Popen([sys.executable, *self.command], start_new_session=True)

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
        for number in (signal.SIGTERM, signal.SIGINT):
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
        port = self.settings.port
        if self.demo:
            printers = ",".join(str(port + n) for n in (5, 6))
            self._add(
                "simulators", "drivers.sim", "hall", "--page-port", str(port + 3), "--bus-port", str(port + 4),
                "--printer-ports", printers,
                "--signs", str(sum(d.kind == "sign" for d in self.settings.device)),
            )  # fmt: skip
        self._add("server", "hall_server.serve", "--home", str(self.home))
        admin = self._wait_for_server()
        if self.stopping:
            return
        if self.demo:
            self._open_day(admin)
        for station in self._stations():
            token = self._token(admin, "station", station)
            self._add(f"station {station}", "hall_server.station", "--id", station, *self._link(token, station))
        for kiosk in self.settings.kiosk:
            token = self._token(admin, "kiosk", kiosk.id)
            own = place_ports(str(kiosk.port), port) if kiosk.port is not None else "0"
            self._add(
                f"kiosk {kiosk.id}", "kiosk", "--id", kiosk.id, "--port", own, *self._link(token, kiosk.id)
            )  # fmt: skip
        self._say(admin)

    def _stations(self) -> list[str]:
        kiosks = {kiosk.id for kiosk in self.settings.kiosk}
        return sorted({d.station for d in self.settings.device if d.url} - kiosks)

    def _link(self, token: Path, name: str) -> list[str]:
        state = self.home / "stations" / name
        return ["--server", url_of(self.settings), "--token-file", str(token), "--state-dir", str(state)]

    def _wait_for_server(self) -> str:
        until = time.monotonic() + READY_WITHIN_S
        while not self.stopping and time.monotonic() < until:
            self._watch()
            try:
                token = (self.home / "admin.token").read_text("ascii")
                call(self.settings, token, "GET", "/api/v1/me")
            except (OSError, URLError):
                time.sleep(POLL_S)
            else:
                return token
        if self.stopping:
            return ""
        raise PartFailed("server")

    def _open_day(self, admin: str) -> None:
        state = call(self.settings, admin, "GET", "/readyz")
        if not state["open"]:
            call(self.settings, admin, "POST", "/api/v1/day/open")

    def _token(self, admin: str, role: str, name: str) -> Path:
        """A program's token: made once, kept in a file that only its owner can read."""
        path = self.home / "tokens" / f"{role}-{name}.token"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and self._valid(path.read_text("ascii")):
            return path
        made = call(self.settings, admin, "POST", "/api/v1/tokens", {"role": role, "subject": name})
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(made["secret"])
        return path

    def _valid(self, token: str) -> bool:
        try:
            call(self.settings, token, "GET", "/api/v1/me")
        except HTTPError:
            return False
        return True

    def _say(self, admin: str) -> None:
        base = url_of(self.settings)
        self.console.print(f"\nHallCall is open: {self.settings.hall.en} · {self.settings.hall.zh}\n")
        self.console.print(f"  Hall TV        {base}/tv")
        for kiosk in self.settings.kiosk:
            if kiosk.port is not None:
                own = place_ports(str(kiosk.port), self.settings.port)
                self.console.print(f"  {kiosk.en:<14} http://127.0.0.1:{own}/")
        if self.demo:
            self.console.print(f"  Simulators     http://127.0.0.1:{self.settings.port + 3}/   (paper, signs, faults)")
            self._say_links(admin, base)
        self.console.print("\nCtrl-C stops everything.\n")

    def _say_links(self, admin: str, base: str) -> None:
        self.console.print("\nSign in (each link works once, within 10 minutes; restart for new ones):\n")
        wanted: list[tuple[str, str, str, str | None]]
        wanted = [(f"Clerk, window {w.id}", "clerk", f"clerk{w.id}", w.id) for w in self.settings.window]
        wanted += [("Hall manager", "manager", "manager", None), ("Maintenance", "maintenance", "electrician", None)]
        wanted += [(f"TV as {d.id}", "tv", d.id, None) for d in self.settings.device if d.kind == "tv"]
        for title, role, subject, window in wanted:
            body = {"role": role, "subject": subject, "window": window}
            made = call(self.settings, admin, "POST", "/api/v1/links", body)
            self.console.print(f"  {title:<16} {base}{made['secret']}", soft_wrap=True)
        token = self._token(admin, "manager", "api").read_text("ascii")
        self.console.print(f"\nAPI token (manager): {token}", soft_wrap=True)

    def _end(self) -> None:
        """The parts that ask stop before the server that answers them."""
        until = time.monotonic() + STOP_S
        for part in reversed(self.parts):
            part.ask_to_stop()
        for part in reversed(self.parts):
            part.end(until)


def up(home: Path, *, demo: bool) -> None:
    """Run a hall on this PC. Raises ``SettingsError`` and ``PartFailed``."""
    home = home.absolute()
    path = home / FILE
    if demo and not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.write_text((Path(__file__).parent / "demo.toml").read_text("utf-8"), "utf-8")
    console = Console(markup=False, highlight=False, soft_wrap=True)
    Hall(home, load(path), demo, console).run()


def ask_server(home: Path, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask the running server as its own machine's administrator; None when no server runs here.

    Raises ``click.ClickException`` with the server's own sentence when it refuses.
    """
    try:
        token = (home / "admin.token").read_text("ascii")
        return call(load(home / FILE), token, method, path, body) or {}
    except HTTPError as refused:
        raise click.ClickException(problem_of(refused)) from refused
    except (OSError, URLError):
        return None
