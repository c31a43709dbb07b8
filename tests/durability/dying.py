"""``python -m tests.durability.dying ARGUMENTS``: a real program that kills itself at a named point.

The program and the point come from the environment, so that whoever starts programs in tests can start this one. The
product knows nothing of it: a function of it is wrapped after it was loaded, and the process ends as by ``kill -9``.
"""

import functools
import importlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PROGRAM, POINT = "HALLCALL_TEST_PROGRAM", "HALLCALL_TEST_POINT"
KEY = "HALLCALL_TEST_KEY"  # a server dies only of the request with this key; a report's parts have it with an ending


@dataclass(frozen=True, slots=True)
class Point:
    """Before or after a call of a method."""

    owner: str
    method: str
    after: bool


_JOURNAL, _WRITER, _LIVE = "hall_server.journal:Transaction", "hall_server.writer:Writer", "hall_server.live:Live"
_PRINTS, _LOG, _CLIENT = (
    "hall_server.station.prints:Prints", "hall_server.station.log:SlipLog", "hall_server.station.client:HallClient",
)  # fmt: skip
OF_SERVER = {
    "decided, not written": Point(_JOURNAL, "append", after=False),
    "written, answer not kept": Point(_JOURNAL, "remember", after=False),
    "answer kept, not committed": Point(_JOURNAL, "remember", after=True),
    "committed, not published": Point(_WRITER, "_commit", after=True),
    "published, not answered": Point(_LIVE, "publish", after=True),
}
OF_STATION = {
    "claimed, no byte sent": Point(_PRINTS, "may_print", after=True),
    "last byte sent, verdict not noted": Point(_PRINTS, "printed", after=False),
    "verdict noted, not reported": Point(_LOG, "outcome", after=True),
    "reported, not noted as known": Point(_LOG, "known", after=False),
}
OF_KIOSK = {
    "key made, nothing asked": Point(_CLIENT, "issue", after=False),
    "answered, not shown": Point(_CLIENT, "issue", after=True),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(point: Point, wanted: Callable[[tuple[Any, ...]], bool]) -> None:
    """Die at the first wanted call."""
    module, _, name = point.owner.partition(":")
    owner = getattr(importlib.import_module(module), name)
    call = getattr(owner, point.method)

    @functools.wraps(call)
    def dying(*arguments: Any, **named: Any) -> Any:
        if not point.after and wanted(arguments):
            die()
        answer = call(*arguments, **named)
        if point.after and wanted(arguments):
            die()
        return answer

    setattr(owner, point.method, dying)


class Alarm:
    """Whether the writer has begun with a command that is to be the last."""

    rung = False

    def listen(self) -> None:
        owner = importlib.import_module("hall_server.writer").Writer
        commit = owner._commit  # noqa: SLF001 - the one place that knows a batch's keys

        @functools.wraps(commit)
        def listening(writer: Any, items: Any) -> Any:
            self.rung = self.rung or any((item.key or "").startswith(os.environ[KEY]) for item in items)
            return commit(writer, items)

        owner._commit = listening  # noqa: SLF001


def main() -> None:
    """Load the program, wrap the point, run."""
    program, name = os.environ[PROGRAM], os.environ[POINT]
    loaded = importlib.import_module(program)  # first of all: the server patches what others load
    if name in OF_SERVER:
        alarm = Alarm()
        alarm.listen()
        wrap(OF_SERVER[name], lambda _arguments: alarm.rung)
    else:
        wrap((OF_STATION | OF_KIOSK)[name], lambda arguments: arguments[1:] != ((),))  # known: of no slip, is nothing
    loaded.main(prog_name=program)


if __name__ == "__main__":
    main()
    sys.exit(0)
