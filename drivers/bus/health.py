"""What exchanges prove about the signs of a line and about the line itself: pure, with time as an argument.

A sign or a line moves between states by evidence only:

    unknown --good--> ok          never heard before: one good exchange is proof
    ok --miss--> degraded         at once, so that TV and voice cover the call
    degraded, unknown --4 s without a good exchange--> failed
    any but ok --30 s of good exchanges without a miss--> ok

A sign that does not answer is called failed only when another sign of the line has answered since its first miss; when
no sign answers, the fault is the line's, and the signs are unknown, because nobody can tell. A sign that refuses, or
holds another text than it was sent, has answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from drivers.health import Health, State

FAIL_AFTER_S = 4.0  # checked every 4 s, a fault is named within 10 s, and a plug put back at once never
RECOVER_S = 30.0  # a loose cable holds for seconds, a mended one for half a minute
GARBLED = frozenset({"garbled", "address_clash"})
ANSWERED = frozenset({"nak", "stuck"})  # it said so itself: the line carries, and the trouble is its own
LINE_FAULTS = frozenset({"garbled", "bus_down"})  # two words for one trouble: the first one said stands


@dataclass(frozen=True, slots=True)
class Record:
    """The evidence about one sign, or about a line; times are monotonic seconds, None = never or not now."""

    state: State = State.UNKNOWN
    faults: tuple[str, ...] = ()
    evidence: str = ""
    last_good: float | None = None
    good_since: float | None = None
    first_miss: float | None = None

    @property
    def suspect(self) -> bool:
        """Whether the latest exchange missed."""
        return self.first_miss is not None

    def health(self) -> Health:
        """The record as it is announced."""
        return Health(self.state, self.faults, self.evidence)


def good(record: Record, now: float, recover_s: float) -> Record:
    """One acknowledged exchange."""
    since = record.good_since if record.good_since is not None else now
    seen = replace(record, last_good=now, good_since=since, first_miss=None)
    unheard = record.state is State.UNKNOWN and not record.faults
    if record.state is State.OK or unheard or now - since >= recover_s:
        return replace(seen, state=State.OK, faults=(), evidence="")
    return seen


def missed(record: Record, faults: tuple[str, ...], evidence: str, now: float, fail_after_s: float | None) -> Record:
    """One exchange that failed after its tries; ``fail_after_s`` None = the fault may be somebody else's."""
    first = record.first_miss if record.first_miss is not None else now
    seen = replace(record, good_since=None, first_miss=first)
    if record.state is State.FAILED:
        return seen
    if fail_after_s is not None and now - first >= fail_after_s:
        return replace(seen, state=State.FAILED, faults=faults, evidence=evidence)
    if record.state is State.OK:
        return replace(seen, state=State.DEGRADED, faults=faults, evidence=evidence)
    return seen


@dataclass(frozen=True, slots=True)
class Line:
    """A port with its signs: ``port`` is the record of the line itself, ``signs`` those by device id."""

    signs: Mapping[str, Record]
    port: Record = Record()
    recover_s: float = RECOVER_S
    fail_after_s: float = FAIL_AFTER_S


def sign_good(line: Line, sign: str, now: float) -> Line:
    """A sign acknowledged: it is alive, and so is the line."""
    heard = _heard(line, now)
    return replace(heard, signs={**heard.signs, sign: good(line.signs[sign], now, line.recover_s)})


def sign_missed(line: Line, sign: str, fault: str, evidence: str, now: float) -> Line:
    """A sign did not acknowledge; when none does (and there are two or more) the line is at fault."""
    answered = fault in ANSWERED
    if answered:
        line = _heard(line, now)
    record = line.signs[sign]
    alone = answered or (len(line.signs) == 1 and not line.port.suspect)
    first, heard = record.first_miss, line.port.last_good
    proven = alone or (first is not None and heard is not None and heard > first)
    fail_after_s = line.fail_after_s if proven else None
    signs = {**line.signs, sign: missed(record, (fault,), evidence, now, fail_after_s)}
    seen = replace(line, signs=signs)
    if alone or not all(other.suspect for other in signs.values()):
        return seen
    code = "garbled" if fault in GARBLED else "bus_down"
    return _port_missed(seen, code, evidence, _silent_since(seen, now), now)


def port_missed(line: Line, fault: str, evidence: str, now: float) -> Line:
    """The port itself failed: no sign can be reached."""
    signs = {sign: missed(record, (fault,), evidence, now, None) for sign, record in line.signs.items()}
    return _port_missed(replace(line, signs=signs), fault, evidence, now, now)


def written(line: Line) -> Line:
    """A port took a frame, or stays open: on a line where nobody ever answers that ends its fault, unproved."""
    return line if line.signs else replace(line, port=Record())


def spoke(line: Line, now: float) -> Line:
    """Somebody spoke without being asked: the line carries."""
    return _heard(line, now)


def announced(line: Line, has_bus: bool) -> tuple[Health, dict[str, Health]]:
    """What may be said of line and signs; without a device for the line its fault is each sign's own."""
    signs = {sign: record.health() for sign, record in line.signs.items()}
    if not has_bus:
        signs = {
            sign: replace(health, state=State.FAILED) if health.state is State.UNKNOWN and health.faults else health
            for sign, health in signs.items()
        }
    return line.port.health(), signs


def _heard(line: Line, now: float) -> Line:
    """Somebody has answered: the line is alive."""
    # Only a line that was called failed excuses its signs: a blink of the line must not hide a dead sign.
    excused = line.port.suspect and line.port.state is State.FAILED
    return replace(line, signs=_forgiven(line) if excused else line.signs, port=good(line.port, now, line.recover_s))


def _silent_since(line: Line, now: float) -> float:
    firsts = [
        record.first_miss
        for record in line.signs.values()
        if record.first_miss is not None and record.state is not State.FAILED
    ]
    since = min(firsts, default=now)
    return since if line.port.last_good is None else max(since, line.port.last_good)


def _port_missed(line: Line, fault: str, evidence: str, since: float, now: float) -> Line:
    begun = line.port if line.port.suspect else replace(line.port, first_miss=since)
    port = missed(begun, (fault,), evidence, now, line.fail_after_s)
    if port.state is not State.FAILED:
        return replace(line, port=port)
    if not {fault, *port.faults} <= LINE_FAULTS:
        port = replace(port, faults=(fault,), evidence=evidence)
    signs = {
        sign: record
        if record.state is State.FAILED
        else replace(record, state=State.UNKNOWN, faults=port.faults, evidence=port.evidence)
        for sign, record in line.signs.items()
    }
    return replace(line, port=port, signs=signs)


def _forgiven(line: Line) -> dict[str, Record]:
    # Misses while no sign answered were the line's; a sign that was silent before that stays accused.
    heard = line.port.last_good
    return {
        sign: replace(record, first_miss=None)
        if record.first_miss is not None and (heard is None or record.first_miss >= heard)
        else record
        for sign, record in line.signs.items()
    }
