"""Which sign of a line is spoken to next: pure choices over what is wanted and what was tried.

Every job has the moment at which it became due; the one whose due time plus the patience of its kind comes
first is next. So a call goes before everything, and yet nothing waits for ever behind a flood of calls.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from drivers.bus.health import Record
from drivers.health import State
from drivers.ports import SignContent


class Kind(Enum):
    """Why a sign or pad is spoken to; the value is the patience in seconds, how much longer it waits than a call."""

    CALL = 0.0
    STATE = 1.0
    PAD = 1.5
    PROBE = 2.0
    REFRESH = 3.0


REFRESH_S = 3.5  # every sign is checked at least every 4 s, with half a second for what stands before it
PROBE_S = 1.0  # a sign that missed is asked each second: four tries before it is called failed, and until it is ok
SILENT_REFRESH_S = 30.0  # a sign that never answers proves nothing by being painted: only lost pictures are renewed
DEAD_PROBE_S = 4.0  # between probes of dead signs, all together: each costs a quarter of a second that calls wait ...
DEAD_PROBE_MAX_S = 16.0  # ... and a sign that is back shall not wait longer for its next one, however many are dead
BLANK = SignContent("", ("",))


@dataclass(frozen=True, slots=True)
class Want:
    """What one sign shall show, and what has been tried; ``queued_at`` is None once the content was sent."""

    content: SignContent = BLANK
    asked_at: float = 0.0
    queued_at: float | None = None
    page: int = 0
    page_until: float = 0.0
    turned_at: float | None = None
    tried_at: float | None = None
    wobble: float = 1.0
    told: bool = True

    @property
    def text(self) -> str:
        """The page that is to be painted now."""
        return self.content.pages[self.page % len(self.content.pages)] if self.content.pages else ""


@dataclass(frozen=True, slots=True)
class Job:
    """One sign or pad to speak to, why, and since when that is due."""

    sign: str
    kind: Kind
    due: float


def asked(want: Want, content: SignContent, now: float) -> Want:
    """The newest content wins, and inherits the place in the queue of the one it replaces."""
    queued = want.queued_at if want.queued_at is not None else now
    return replace(Want(content, now, queued), tried_at=want.tried_at, wobble=want.wobble, told=False)


def tried(want: Want, now: float, wobble: float) -> Want:
    """A transaction about this sign has ended, well or not; next come page turns, checks and probes.

    ``wobble`` (0.8 … 1.2) stretches the time to the next probe: a fixed period marches in step with a fault.
    """
    if want.queued_at is not None:
        until = now + want.content.page_s
        return replace(want, queued_at=None, tried_at=now, page_until=until, wobble=wobble)
    return replace(want, tried_at=now, turned_at=None, wobble=wobble)


def turned(want: Want, now: float) -> Want:
    """Turn to the next page when its time has come."""
    if len(want.content.pages) < 2 or want.queued_at is not None or now < want.page_until:
        return want
    return replace(want, page=want.page + 1, page_until=now + want.content.page_s, turned_at=now)


def _job(sign: str, want: Want, record: Record | None, dead: int, now: float) -> Job:
    """When this sign is due next, and why; ``dead`` is how many signs of the line have failed.

    A sign without a record is one that never answers: it is painted, and never probed.
    """
    if want.queued_at is not None:
        return Job(sign, Kind.CALL if want.content.urgent else Kind.STATE, want.queued_at)
    if want.tried_at is None:
        return Job(sign, Kind.PROBE, now)
    if record is not None and (record.suspect or record.state is not State.OK):
        silent = record.suspect and record.state is State.FAILED
        every_s = min(dead * DEAD_PROBE_S, DEAD_PROBE_MAX_S) if silent else PROBE_S
        return Job(sign, Kind.PROBE, want.tried_at + every_s * want.wobble)
    if want.turned_at is not None:
        return Job(sign, Kind.REFRESH, want.turned_at)
    due = want.tried_at + (SILENT_REFRESH_S if record is None else REFRESH_S)
    return Job(sign, Kind.REFRESH, min(due, want.page_until) if len(want.content.pages) > 1 else due)


def _witnesses(jobs: list[Job], records: Mapping[str, Record], now: float) -> list[Job]:
    """After a miss that nobody has answered since, ask the others at once: is it the sign or the line?"""
    misses = [record.first_miss for record in records.values() if record.first_miss is not None]
    heard = [record.last_good for record in records.values() if record.last_good is not None]
    if not misses or (heard and max(heard) > max(misses)):
        return jobs
    return [
        Job(one.sign, Kind.PROBE, min(one.due, now)) if one.kind is Kind.REFRESH and one.sign in records else one
        for one in jobs
    ]


def choose(
    wants: Mapping[str, Want], records: Mapping[str, Record], now: float, others: Iterable[Job] = ()
) -> Job | float:
    """The job to do now, or the seconds until the next one is due; ``others`` are the jobs about pads."""
    dead = sum(record.state is State.FAILED for record in records.values())
    jobs = [_job(sign, want, records.get(sign), dead, now) for sign, want in wants.items()]
    jobs = [*_witnesses(jobs, records, now), *others]
    due = [one for one in jobs if one.due <= now]
    if due:
        return min(due, key=lambda one: (one.due + one.kind.value, one.sign))
    return min((one.due for one in jobs), default=now + REFRESH_S) - now
