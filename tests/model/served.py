"""A real server for a machine: how each command is said over HTTP, who says it, and what its journal holds."""

from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from hall_server.core import commands as c
from hall_server.journal import Journal
from tests.core.scene import CONFIG
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port

CLERKS = {window.id: f"clerk{window.id}" for window in CONFIG.windows}
# What a body must say of itself: without it nobody looks further.
NEEDS_REASON = (c.Hold, c.Reinstate)
Call = tuple[str, dict[str, Any]]


def hall_text(database: str) -> str:
    """The settings of the machines' hall; its kiosks have no printers, so that nothing happens by itself."""
    rows = [f'[hall]\nid = "main"\nzh = "{CONFIG.zh}"\nen = "{CONFIG.en}"']
    rows += [f'[server]\ndatabase = "{database}"'] if database else []
    rows += ["[limits]\nissue_every_s = 0\nissue_burst = 100000\nissue_per_s = 100000"]
    rows += [
        f'[[service]]\nid = "{s.id}"\nprefix = "{s.prefix}"\nzh = "{s.zh}"\nen = "{s.en}"' for s in CONFIG.services
    ]
    rows += [f'[[window]]\nid = "{w.id}"\nservices = {list(w.services)}'.replace("'", '"') for w in CONFIG.windows]
    rows += [f'[[kiosk]]\nid = "{k.id}"\nzh = "{k.zh}"\nen = "{k.en}"' for k in CONFIG.kiosks]
    return "\n\n".join(rows)


@dataclass
class Served:
    """One server program for all examples of a run: each begins with a fresh business day."""

    home: Path
    database: str = ""
    module: str = "hall_server.serve"
    tokens: dict[str, str] = field(default_factory=dict)
    days: int = 0

    def start(self) -> None:
        write_settings(self.home, hall_text(self.database))
        if not self.database:
            fresh_database(self.home / "hall.sqlite3")
        self.program = Program(self.home, free_port(), module=self.module)
        self.program.start()
        self.journal = Journal(self.database or f"sqlite:///{self.home / 'hall.sqlite3'}", "main")
        self.tokens = {who: self.program.token("clerk", who, window) for window, who in CLERKS.items()}
        self.tokens |= {role: self.program.token(role, role) for role in ("manager", "tv", "maintenance")}

    def stop(self) -> None:
        self.journal.close()
        self.program.stop()

    def fresh_day(self) -> str:
        """Nobody is here and nothing is redirected; how the request keys of the next example begin."""
        self.say("/day/close", {"despite": "the example is over"}, "")
        for window in CLERKS:
            self.say(f"/windows/{window}/redirect", {"undo": True}, "")
        self.days += 1
        return f"day{self.days}"

    def say(self, path: str, body: Any, key: str, who: str = "manager") -> tuple[int, Any]:
        """Status and value of the answer to a POST."""
        return self.program.ask("POST", f"/api/v1{path}", body, token=self.tokens[who], key=key)

    def read(self, path: str, who: str = "manager") -> Any:
        status, value = self.program.ask("GET", f"/api/v1{path}", token=self.tokens[who])
        assert status == 200, value
        return value

    def die_while_asked(self, path: str, body: str, key: str) -> None:
        """A request is on its way, and nobody will ever hear what came of it; then the server is started again."""
        said = {"Authorization": f"Bearer {self.tokens['manager']}", "Idempotency-Key": key}
        connection = HTTPConnection("127.0.0.1", self.program.port, timeout=10)
        connection.request("POST", f"/api/v1{path}", body, {**said, "Content-Type": "application/json"})
        self.program.kill()
        connection.close()
        self.program.start()


def call(command: c.Command, ticket: dict[str, str]) -> Call:  # noqa: PLR0911 - a line for each command
    """Path and body of a command; ``ticket`` are the server's ids by the machine's names."""
    match command:
        case c.OpenDay():
            return "/day/open", {}
        case c.CloseDay(despite):
            return "/day/close", {"despite": despite}
        case c.Issue():
            return "/tickets", {"service": command.service, "kiosk": command.kiosk, "then": list(command.then)}
        case c.Cancel(name):
            return f"/tickets/{ticket[name]}/cancel", {}
        case c.Reinstate(name, reason):
            return f"/tickets/{ticket[name]}/reinstate", {"reason": reason}
        case c.MarkUrgent(name, reason, urgent):
            return f"/tickets/{ticket[name]}/urgent", {"reason": reason, "urgent": urgent}
        case c.NoteNeed(name, need):
            return f"/tickets/{ticket[name]}/need", {"need": need}
        case c.TakeCare(name, what):
            return f"/tickets/{ticket[name]}/care", {"what": what}
        case c.Undo():
            return "/undo", {}
        case _:
            return at_window(command, ticket)


def at_window(command: c.Command, ticket: dict[str, str]) -> Call:
    """The same for what is done at a window."""
    path = f"/windows/{getattr(command, 'window', '')}"
    match command:
        case c.CallNext(_, previous):
            return f"{path}/next", {"previous": previous}
        case c.CallTicket(_, label, previous, reason):
            return f"{path}/call", {"label": label, "previous": previous, "reason": reason}
        case c.TakeUp(_, name, here, previous):
            return f"{path}/take-up", {"ticket": ticket[name], "here": here, "previous": previous}
        case c.Hold(_, pool, reason):
            return f"{path}/hold", {"pool": pool, "reason": reason}
        case c.Transfer(_, service, to, note, come_back):
            return f"{path}/transfer", {"service": service, "window": to, "note": note, "come_back": come_back}
        case c.Redirect(_, undo, reason):
            return f"{path}/redirect", {"undo": undo, "reason": reason}
        case c.Absent(_, force):
            return f"{path}/absent", {"force": force}
        case c.Start() | c.Finish() | c.Pause() | c.Resume():
            return f"{path}/{type(command).__name__.lower()}", {}
    raise ValueError(f"Nobody says {command} over HTTP here.")
