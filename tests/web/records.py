"""Records for tests of pages: who may sign in, what was deleted, who did what."""

from dataclasses import dataclass

from hall_server.records.credentials import Credential
from hall_server.records.trail import Wanted
from hall_server.settings.retention import RetentionSettings
from hall_server.web.keeping import Purge, Step, Trail

AT = 1_795_400_000.0  # 10:13 on a Monday in Shanghai


def held(name: str, what: str, role: str, subject: str | None, window: str | None = None) -> Credential:
    return Credential(name, "main", "", what, role, subject, window, AT, None if what == "token" else AT + 3600)


HOLDERS = (
    held("c1", "session", "clerk", "li", "3"),
    held("c2", "link", "clerk", "wu", "5"),
    held("c3", "session", "manager", "wang"),
    held("c4", "token", "station", "hall"),
    held("c5", "session", "tv", "tablet3", "3"),
)
PURGES = (Purge(AT, "server", "sign_in", 12), Purge(AT - 600, "admin:zhang", "appointment", 3))
STEPS = (
    Step(1207, AT, "clerk:li", "TicketCalled", "A027", {"ticket": "t1", "window": "3"}),
    Step(1206, AT - 4, "manager:wang", "WindowPaused", "", {"window": "5", "reason": "午休", "cover": "clerk:wu"}),
    Step(1205, AT - 60, "admin:zhang", "AccessGranted", "", {"credential": "c2", "what": "link", "role": "clerk"}),
)


@dataclass
class FakeRecords:
    """As a test sets them; ``asked`` is what the trail was asked for last."""

    retention: RetentionSettings = RetentionSettings()
    held: tuple[Credential, ...] = HOLDERS
    deleted: tuple[Purge, ...] = PURGES
    steps: tuple[Step, ...] = STEPS
    asked: Wanted | None = None

    def holders(self) -> tuple[Credential, ...]:
        return self.held

    def purges(self) -> tuple[Purge, ...]:
        return self.deleted

    def trail(self, wanted: Wanted, limit: int) -> Trail:
        self.asked = wanted
        return Trail(self.steps[:limit])
