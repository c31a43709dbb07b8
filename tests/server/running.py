"""A journal and its writer without pages and sockets, for tests of what they promise together."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from hall_server.core.commands import Command
from hall_server.core.hall import Hall
from hall_server.journal import Journal
from hall_server.web.api.problems import refusal
from hall_server.writer import Answer, News, Writer
from tests.server.databases import fresh_database


@dataclass
class Desk:
    """One writer at work on one database: a file, unless ``url`` says where another is."""

    path: Path
    clock: Callable[[], float]
    url: str = ""
    published: list[News] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def open(self) -> None:
        if not self.url:
            fresh_database(self.path)
        self.journal = Journal(self.url or f"sqlite:///{self.path}", "hall")
        self.writer = Writer(
            self.journal, refuse=refusal, view=lambda hall: hall.seq, publish=self.published.append, clock=self.clock,
            on_crash=lambda: self.crashes.append("crashed"),
        )  # fmt: skip
        self.writer.start()

    def close(self) -> None:
        self.writer.stop()
        self.journal.close()

    def ask(self, command: Command, key: str | None = None, body: str | None = None) -> Answer:
        """The answer; its body says how many facts came of it, or why not."""
        return self.writer.do(
            command, actor="test", render=lambda hall, facts: Answer(200, json.dumps([hall.seq, len(facts)])),
            key=key, body_sha256=sha256(repr(command).encode()).hexdigest() if body is None else body,
        )  # fmt: skip

    def code(self, command: Command, key: str | None = None) -> str | None:
        """The code of the refusal, or None."""
        answer = self.ask(command, key)
        return str(json.loads(answer.body)["code"]) if answer.status >= 400 else None

    def look(self, view: Callable[[Hall], Any]) -> Any:
        return self.writer.look(view)
