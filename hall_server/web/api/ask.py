"""One request as the calls see it: who asks, for what, and how a value becomes an answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from hall_server.core import commands as cmd
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.web.api.limits import IssueLimits
from hall_server.web.desk import Desk
from hall_server.web.ports import Principal
from hall_server.writer import Also, Answer

_JSON: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: who asks, with which key, for what; ``body`` has been checked against its model."""

    desk: Desk
    limits: IssueLimits
    principal: Principal
    key: str
    raw: str
    args: dict[str, str]
    body: Any

    @property
    def actor(self) -> str:
        """Who stands in the journal."""
        return self.principal.actor

    def do(
        self, command: cmd.Command, render: Callable[[Hall, Sequence[Fact]], Answer], *, part: str = "",
        also: Also | None = None,
    ) -> Answer:  # fmt: skip
        """Have a command decided under this request's key; a clerk's at a window only if nobody else has that."""
        if self.principal.role == "clerk" and "window" in self.args:
            command = cmd.AtDesk(self.args["window"], self.actor, command)
        return self.desk.do(command, self.actor, render, key=f"{self.key}{part}", body=self.raw, also=also)


def ok(value: Any, status: int = 200) -> Answer:
    return Answer(status, _JSON.dump_json(value).decode())


FORBIDDEN = "Your sign-in does not cover this."
