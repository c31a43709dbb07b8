"""One webhook at work: reads the journal after its cursor, sends what its receiver wants, and waits when it must."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from hall_server.contract.hooks import HookCause, HookRow, HookState, HookTried
from hall_server.core import facts as f
from hall_server.core.outward import KINDS, told
from hall_server.hooks import wire
from hall_server.hooks.cursor import Cursor
from hall_server.hooks.source import Source
from hall_server.journal import Row
from hall_server.settings.hooks import WebhookSettings
from hall_server.views import iso, iso_or_none

IDLE_S = 0.2  # how often it is looked whether there is more: a receiver learns of a call about as fast as people
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0  # between tries: doubled each time
LABELS_KEPT = 10_000  # tickets whose label is remembered: more than a busy day has
GONE = 410  # the receiver wants nothing any more
UNACCEPTABLE = frozenset({400, 413, 415, 422})  # it will not take this message, whenever it is sent


@dataclass(slots=True)
class Sender:
    """A webhook; ``step`` does what can be done now and says for how many seconds there is nothing more to do."""

    hook: WebhookSettings
    secret: bytes | None
    source: Source
    clock: Callable[[], float]
    post: Callable[[str, bytes, Mapping[str, str]], int] = wire.post
    chance: Callable[[], float] = random.random
    trouble: str = ""
    cause: HookCause = ""
    tries: int = 0
    next_try: float | None = None
    oldest: float | None = None
    cursor: Cursor | None = None
    _labels: dict[str, str] = field(default_factory=dict)

    def step(self) -> float:
        """Raises ``JournalError`` and ``OSError`` when journal or cursor cannot be read or written: try again."""
        cursor = self._begun()
        if self.secret is None or cursor.stopped:
            self.oldest = None
            return IDLE_S
        if cursor.seq >= self.source.newest:
            self.oldest, self.tries, self.next_try = None, 0, None
            return IDLE_S
        for row in self.source.rows(cursor.seq):
            if row.seq != self._at + 1:  # somebody wants it sent again from elsewhere
                break
            self.oldest = row.at
            if not self._done(row):
                return self._pause()
        return 0.0

    def _begun(self) -> Cursor:
        """A new webhook begins with what happens from now on; after a restore of the database nothing is skipped."""
        if self.cursor is None:
            epoch, seq = self.source.head()
            known = self.source.cursors.read(self.hook.id) or Cursor(epoch, seq)
            if known.epoch != epoch:
                known = replace(known, epoch=epoch, seq=min(known.seq, seq))
            self._keep(known)
        return self.cursor or Cursor(0, 0)

    @property
    def _at(self) -> int:
        return self.cursor.seq if self.cursor is not None else 0

    def _keep(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.source.keep(self.hook.id, cursor)

    def _done(self, row: Row) -> bool:
        """Whether the next row may be looked at."""
        cursor = self.cursor
        if cursor is None or cursor.stopped:
            return False
        fact = row.fact() if row.kind in KINDS else None
        if isinstance(fact, f.TicketIssued):
            self._remember(fact.ticket, fact.label)
        if fact is None or KINDS[row.kind] not in self.hook.events:
            self.cursor = replace(cursor, seq=row.seq)  # not written: it costs nothing to skip it again
            return True
        if row.at < self.clock() - self.hook.keep_h * 3600:
            self._keep(replace(cursor, seq=row.seq, dropped=cursor.dropped + 1))
            return True
        return self._sent(row, fact, cursor)

    def _sent(self, row: Row, fact: f.Fact, cursor: Cursor) -> bool:
        name = f"{self.source.hall}/{cursor.epoch}/{row.seq}"
        said = {
            "id": name, "event": KINDS[row.kind], "fact": row.kind, "hall": self.source.hall, "epoch": cursor.epoch,
            "seq": row.seq, "day": row.day, "at": iso(row.at), "data": self._data(fact, row.seq),
        }  # fmt: skip
        status, self.cause, self.trouble = self._ask(name, KINDS[row.kind], said)
        if self.cursor is not cursor:  # asked meanwhile to begin elsewhere
            return True
        if status is not None and 200 <= status < 300:
            self._keep(replace(cursor, seq=row.seq, delivered=cursor.delivered + 1, taken_at=self.clock()))
        elif status in UNACCEPTABLE:
            self._keep(replace(cursor, seq=row.seq, refused=cursor.refused + 1))
        elif status == GONE:
            self._keep(replace(cursor, stopped=True))
            return False
        else:
            return False
        self.tries, self.next_try = 0, None
        return True

    def _data(self, fact: f.Fact, seq: int) -> dict[str, object]:
        data = told(fact)
        if "ticket" in data:
            label = self._labels.get(data["ticket"]) or self.source.label(data["ticket"], seq)
            self._remember(data["ticket"], label)
            data["label"] = label
        return data

    def _remember(self, ticket: str, label: str) -> None:
        self._labels[ticket] = label
        if len(self._labels) > LABELS_KEPT:
            del self._labels[next(iter(self._labels))]

    def _ask(self, name: str, event: str, said: Mapping[str, object]) -> tuple[int | None, HookCause, str]:
        """The receiver's status, or why there is none: the kind of trouble, and what was said about it."""
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json", "User-Agent": "HallCall", "Connection": "close",
            "HallCall-Delivery": name, "HallCall-Event": event,
            "HallCall-Signature": wire.signed(self.secret or b"", body, int(self.clock())),
        }  # fmt: skip
        try:
            status = self.post(self.hook.url, body, headers)
        except wire.Trouble as trouble:
            return None, wire.cause(trouble), f"{type(trouble).__name__}: {trouble}"
        return (status, "", "") if 200 <= status < 300 else (status, "status", f"HTTP {status}")

    def _pause(self) -> float:
        """Longer each time, and never all receivers at one instant."""
        if self.cursor is not None and self.cursor.stopped:
            return IDLE_S
        pause_s: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self.tries) * (0.5 + self.chance() / 2)
        self.tries += 1
        self.next_try = self.clock() + pause_s
        return pause_s

    def stuck(self, why: str) -> float:
        """Something of ours keeps it from working: it is tried again, and meanwhile its row says so."""
        self.cause, self.trouble = "", why
        return self._pause()

    # ---- asked from outside

    def test(self, name: str) -> HookTried:
        """Send a message that means nothing, once."""
        if self.secret is None:
            return HookTried(delivered=False, trouble=self.trouble)
        said = {"id": name, "event": "test", "hall": self.source.hall, "at": iso(self.clock()), "data": {}}
        status, _, trouble = self._ask(name, "test", said)
        return HookTried(delivered=status is not None and 200 <= status < 300, status=status, trouble=trouble)

    def replay(self, seq: int) -> None:
        """Send everything from a row on once more, now; a receiver that had said *gone* is asked again."""
        self._keep(replace(self._begun(), seq=min(seq - 1, self.source.newest), stopped=False))
        self.tries, self.next_try, self.cause, self.trouble = 0, None, "", ""

    def row(self) -> HookRow:
        """How it does."""
        cursor, parts = self.cursor or Cursor(0, self.source.newest), urlsplit(self.hook.url)
        return HookRow(
            id=self.hook.id, to=f"{parts.scheme}://{parts.netloc}", events=self.hook.events, state=self._state(cursor),
            behind=max(0, self.source.newest - cursor.seq), since=iso_or_none(self.oldest), seq=cursor.seq,
            delivered=cursor.delivered, refused=cursor.refused, dropped=cursor.dropped, tries=self.tries,
            cause=self.cause, trouble=self.trouble, next_try=iso_or_none(self.next_try),
            last=iso_or_none(cursor.taken_at),
        )  # fmt: skip

    def _state(self, cursor: Cursor) -> HookState:
        if self.secret is None:
            return "no_secret"
        if cursor.stopped:
            return "stopped"
        if self.tries:
            return "retrying"
        return "ok" if cursor.delivered else "waiting"
