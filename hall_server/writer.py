"""The writer: catch up, rule, fold, append, publish. One for a hall and process; nobody else changes the hall.

Commands wait in a queue. All that wait are decided one after another and committed in one transaction on a real
thread, so that many share one flush to disk and the event loop never waits for it. Answers leave after the commit.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from hall_server.core import folds as fold
from hall_server.core import rules
from hall_server.core.commands import Command
from hall_server.core.facts import DayOpened, Fact, TicketIssued
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.journal import Entry, Journal, JournalError, Row, Stored, Transaction

LOG = logging.getLogger(__name__)

T = TypeVar("T")

MOST_IN_BATCH = 256  # commands that share one transaction; more would only make the first wait
# What a mistake in a pure function raises. One command that meets one must not take the hall down with it.
MISTAKES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
ANSWER_WITHIN_S = 10.0  # a caller gives up when the database hangs for longer; what had not begun then never begins


class Unavailable(Exception):
    """The hall cannot write now: try again with the same key."""


class Broken(Exception):
    """A rule, fold or view of ours has a mistake; the command or look that met it has changed nothing."""


class KeyReused(Exception):
    """The request key was used before with another body."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on its way out: HTTP status and JSON text."""

    status: int
    body: str


News = tuple[tuple[int, Fact], ...]  # what was committed, with its numbers
Render = Callable[[Hall, Sequence[Fact]], Answer]
Refuse = Callable[[Refused], Answer]
Also = Callable[[Transaction, float], None]


@dataclass(slots=True)
class _Item(Generic[T]):
    """Something that waits for the writer: a command, a look at the state, or word that the journal has grown."""

    look: Callable[[Hall], T] | None = None
    command: Command | None = None
    actor: str = ""
    key: str | None = None
    body_sha256: str = ""
    render: Render | None = None
    also: Also | None = None
    catch_up: bool = False
    given_up: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    result: T | Answer | None = None
    error: Exception | None = None


def direct(work: Callable[..., T], *args: Any) -> T:
    """Run the work here: what tests and commands use instead of a real thread of their own."""
    return work(*args)


class Writer:
    """Owner of the hall's state; ``do`` and ``look`` may be called from any thread or greenlet."""

    def __init__(
        self,
        journal: Journal,
        *,
        refuse: Refuse,
        view: Callable[[Hall], Any],
        publish: Callable[[News], None],
        run_native: Callable[..., Any] = direct,
        clock: Callable[[], float] = time.time,
        on_crash: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._refuse = refuse
        self._view = view
        self._publish = publish
        self._run_native = run_native
        self._clock = clock
        self._on_crash = on_crash
        self._waiting: queue.SimpleQueue[_Item[Any] | None] = queue.SimpleQueue()
        self._hall = Hall()
        self._adrift = False  # what was folded in advance did not come to be: the state must be read again
        self._away = False  # the database does not answer, and the log says so
        self._doubted = False  # the database refused to be written, and nothing was written since
        self._known = 0  # the newest row that is committed and was, or waits to be, published
        self._learnt: list[tuple[int, Fact]] = []  # those that wait
        self._made: tuple[int, Any] | None = None  # the newest view, and the row up to which it is made
        self._ticking = (0.0, 0.0)  # the clock when it was last asked, and the hall's time then
        self._loop = threading.Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        """Fold the journal and begin to work. Raises ``JournalError``."""
        self._run_native(self._replay)
        self._learnt.clear()  # whoever comes is shown all of it anyway
        self._loop.start()

    def stop(self) -> None:
        """Finish what waits, then stop."""
        self._waiting.put(None)
        self._loop.join(timeout=ANSWER_WITHIN_S)

    def do(
        self,
        command: Command,
        *,
        actor: str,
        render: Render,
        key: str | None = None,
        body_sha256: str = "",
        also: Also | None = None,
    ) -> Answer:
        """Decide, append, answer. Raises ``Unavailable``, ``Broken`` and ``KeyReused``; a refusal is an answer."""
        item: _Item[Answer] = _Item(
            command=command, actor=actor, key=key, body_sha256=body_sha256, render=render, also=also
        )
        return cast(Answer, self._wait(item))

    def look(
        self, view: Callable[[Hall], T], *, catch_up: bool = False, within_s: float = ANSWER_WITHIN_S
    ) -> T:  # fmt: skip
        """A frozen value made from the state between two commits; ``view`` must not keep anything mutable.

        ``catch_up`` asks the database first what others wrote, and after trouble whether it can be written again.
        Raises ``Unavailable`` and ``Broken``.
        """
        return cast(T, self._wait(_Item(look=view, catch_up=catch_up), within_s))

    def newest(self, within_s: float = ANSWER_WITHIN_S) -> Any:
        """What the hall shows now: made after the answers have left, once for all commits up to then.

        Raises ``Unavailable`` and ``Broken``.
        """
        made = self._made
        if made is not None and made[0] == self._hall.seq and not self._adrift:
            return made[1]
        return self.look(self._make, within_s=within_s)

    def _make(self, hall: Hall) -> Any:
        if self._made is None or self._made[0] != hall.seq:
            self._made = hall.seq, self._view(hall)
        return self._made[1]

    def show_anew(self) -> None:
        """What is shown depends on more than the journal, and that has changed."""
        self._made = None

    def grown(self, seq: int) -> None:
        """Another server says that the journal has grown to this number: read what it wrote, soon."""
        if seq > self._hall.seq:
            self._waiting.put(_Item(catch_up=True))

    def _wait(self, item: _Item[T], within_s: float = ANSWER_WITHIN_S) -> T | Answer | None:
        self._waiting.put(item)
        if not item.done.wait(within_s):
            item.given_up = True  # nobody is called by a key that was pressed long ago
            raise Unavailable("The hall's journal does not answer.")
        if item.error is not None:
            raise item.error
        return item.result

    def _work(self) -> None:
        clean = False
        try:
            while (batch := self._take()) is not None:
                self._run(batch)
            clean = True
        finally:
            if not clean:  # a fold or rule is broken: the state cannot be trusted, a fresh process replays
                self._on_crash()

    def _take(self) -> list[_Item[Any]] | None:
        first = self._waiting.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < MOST_IN_BATCH:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
            if item is None:
                self._waiting.put(None)
                break
            batch.append(item)
        return batch

    def _run(self, batch: list[_Item[Any]]) -> None:
        news = self._run_native(self._decide, batch)
        if news:
            self._publish(news)
        for item in batch:
            item.done.set()

    def _replay(self) -> None:
        """Fold the journal from the last opening of a day; what was folded without a commit is thrown away."""
        hall = Hall()
        self._fold(hall, self._journal.rows(self._journal.last_opening()))
        self._hall, self._adrift = hall, False

    def _fold(self, hall: Hall, rows: Iterable[Row]) -> None:
        for row in rows:
            fact = row.fact()
            fold.apply(hall, fact, row.seq, row.at, row.actor)
            if row.seq > self._known:
                self._known = row.seq
                self._learnt.append((row.seq, fact))

    def _decide(self, batch: list[_Item[Any]]) -> News:
        """On the real thread: everything between taking a batch and answering it."""
        wanted = [item for item in batch if not item.given_up]
        commands = [item for item in wanted if item.command is not None]
        looks = [item for item in wanted if item.command is None]
        if commands and self._sound(commands):
            self._together(commands)
        if looks and self._sound(looks):
            for item in looks:
                self._show(item)
        made, self._learnt = tuple(self._learnt), []
        return made

    def _sound(self, items: list[_Item[Any]]) -> bool:
        """Whether the state is the journal's; while it has to be read again and cannot be, nobody gets an answer."""
        try:
            if self._adrift:
                self._replay()
            elif any(item.catch_up for item in items):
                self._fold(self._hall, self._journal.rows(self._hall.seq))
            if self._doubted and any(item.catch_up for item in items):
                self._prove()
        except JournalError as away:
            self._tell(away)
            for item in items:
                item.error = Unavailable(f"The journal cannot be used: {away}")
            return False
        return True

    def _tell(self, trouble: JournalError | None) -> None:
        """The log says once that the journal cannot be used, and once that it can be written again."""
        if trouble is not None and not self._away:
            LOG.warning("hall %s cannot write: %s", self._journal.hall, trouble)
        elif trouble is None and self._away:
            LOG.warning("hall %s can write again", self._journal.hall)
        self._away = trouble is not None

    def _prove(self) -> None:
        """After a write that failed, only a write that works shows that the hall is ready again."""
        with self._journal.transaction() as tx:
            tx.prove()
        self._doubted = False

    def _show(self, item: _Item[Any]) -> None:
        if item.look is None:
            return
        try:
            item.result = item.look(self._hall)
        except MISTAKES:
            LOG.exception("a view is broken; only who asked for it goes without")
            item.error = Broken("A mistake of this program makes this view impossible.")

    def _together(self, items: list[_Item[Any]]) -> None:
        """Decide and commit all at once; when one of them is at fault, each alone."""
        if self._settled(items):
            return
        for item in items:
            if not item.given_up and self._sound([item]):
                self._settled([item])

    def _settled(self, items: list[_Item[Any]]) -> bool:
        """Whether each has its answer or knows why not; else they failed for what one of them did."""
        try:
            made = self._commit(items)
        except JournalError as trouble:
            error: Exception = Unavailable(f"The journal could not be written: {trouble}")
            in_common = not trouble.of_a_row
            self._doubted = self._doubted or in_common
            if in_common:
                self._tell(trouble)
        except MISTAKES:
            LOG.exception("a rule, fold or answer is broken; it is tried alone, so that the others get theirs")
            error, in_common = Broken("A mistake of this program makes this impossible; nothing has changed."), False
        else:
            self._learnt += made
            self._known = self._hall.seq
            self._tell(None)
            return True
        self._adrift = True
        if len(items) > 1 and not in_common:
            return False
        for item in items:
            item.error = error
        return True

    def _commit(self, items: list[_Item[Any]]) -> list[tuple[int, Fact]]:
        made: list[tuple[int, Fact]] = []
        with self._journal.transaction() as tx:
            for row in tx.after(self._hall.seq) if tx.head.seq > self._hall.seq else ():
                fact = row.fact()
                fold.apply(self._hall, fact, row.seq, row.at, row.actor)
                made.append((row.seq, fact))
            known = tx.answers([item.key for item in items if item.key])
            fresh: dict[str, Stored] = {}
            entries: list[Entry] = []
            for item in items:
                before = known.get(item.key or "") or fresh.get(item.key or "")
                if before is not None:
                    _repeat(item, before)
                    continue
                entries += self._one(tx, item, made)
                answer = item.result
                if item.key and isinstance(answer, Answer):
                    fresh[item.key] = Stored(item.body_sha256, answer.status, answer.body)
            tx.append(entries)
            tx.remember(fresh, self._clock())
        return made

    def _now(self) -> float:
        """The hall's time: it never runs backwards, and behind a clock that was set back it runs at half speed.

        Standing still until the clock has caught up would stop everything that waits for time to pass.
        """
        clock, (before, then) = round(self._clock(), 3), self._ticking
        slow = then + max(0.0, clock - before) / 2 if before else clock
        self._ticking = clock, max(clock, self._hall.at, round(slow, 3))
        return self._ticking[1]

    def _one(self, tx: Transaction, item: _Item[Any], made: list[tuple[int, Fact]]) -> list[Entry]:
        """Rule, fold and render one command; facts get their numbers here."""
        command, render = item.command, item.render
        if command is None or render is None:
            return []
        hall = self._hall
        item.error = None  # a batch that failed may have left one
        now = self._now()
        try:
            facts = rules.decide(hall, command, now)
            if item.also is not None:
                item.also(tx, now)
        except Refused as refused:
            item.result = self._refuse(refused)
            return []
        entries = []
        for fact in facts:
            day = fact.day if isinstance(fact, DayOpened) else (hall.day or "")
            label = fact.label if isinstance(fact, TicketIssued) else None
            entries.append(Entry(fact, day, now, item.actor, item.key, label))
            fold.apply(hall, fact, hall.seq + 1, now, item.actor)
            made.append((hall.seq, fact))
        item.result = render(hall, facts)
        return entries


def _repeat(item: _Item[Any], before: Stored) -> None:
    if before.body_sha256 != item.body_sha256:
        item.error = KeyReused("This request key was used before with another body: take a new key.")
    else:
        item.result = Answer(before.status, before.answer)
