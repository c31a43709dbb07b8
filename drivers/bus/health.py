"""What exchanges prove about the signs of a line and about the line itself: pure, with time as an argument.

A sign moves between states by evidence only:

    unknown --good--> ok                     never heard before: one good exchange is proof
    ok --a text did not arrive--> degraded   at once, so that TV and voice cover the call
    any --4 s of silence, not by chance--> failed
    any --30 s good at the first try--> ok
    failed, unknown --30 s without such a silence--> degraded   lossy: works, and frames are lost

A miss while the sign holds what it should is counted, not told. How many questions in a row must stay unanswered before
that cannot be chance follows from how many this line has lost so far: a cable that drops three frames in ten is a
cable, and none of its signs is dead.

A sign that does not answer is called failed only when another sign of the line has answered since its first miss; when
no sign answers, the fault is the line's, and the signs are unknown, because nobody can tell. A sign that refuses, or
holds another text than it was sent, has answered.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from drivers.health import Health, State

FAIL_AFTER_S = 4.0  # checked every 4 s, a fault is named within 10 s, and a plug put back at once never
RECOVER_S = 30.0  # a loose cable holds for seconds, a mended one for half a minute
BY_CHANCE = 1e-9  # a line asks half a million times a day, and years shall pass without a false accusation
LATELY = 30  # questions: some seconds of a line; a cable that has just gone bad must not look like a dead sign
BEFORE = 500  # questions: some minutes; a cable that has been bad all day is known better than by its last seconds
LEAST_LOSS = 0.01  # no cable is so good that one silence in a hundred would surprise
WORST_LOSS = 0.75  # on a line that loses more, nobody could ever be called failed
LOSSY = 0.1  # from here on one question alone proves too little, and a person should look at the cable
HEALTHY_TRIES = 2  # the second repairs noise; a third would only delay the neighbours
SUSPECT_TRIES = 1
GARBLED = frozenset({"garbled", "address_clash"})
SILENCE = frozenset({"no_ack", "garbled"})  # what it is called when a frame, or the answer to it, was lost
ANSWERED = frozenset({"nak", "stuck"})  # it said so itself: the line carries, and the trouble is its own
LINE_FAULTS = frozenset({"garbled", "bus_down"})  # two words for one trouble: the first one said stands


@dataclass(frozen=True, slots=True)
class Record:
    """The evidence about one sign, or about a line; times are monotonic seconds, None = never or not now.

    ``good_since``: no silence of ``fail_after_s`` since then; ``clean_since``: nothing had to be asked twice;
    ``silent``: how many questions in a row had no answer.
    """

    state: State = State.UNKNOWN
    faults: tuple[str, ...] = ()
    evidence: str = ""
    last_good: float | None = None
    good_since: float | None = None
    clean_since: float | None = None
    first_miss: float | None = None
    silent: int = 0

    @property
    def suspect(self) -> bool:
        """Whether the latest exchange missed."""
        return self.first_miss is not None

    def health(self) -> Health:
        """The record as it is announced."""
        return Health(self.state, self.faults, self.evidence)


@dataclass(frozen=True, slots=True)
class Loss:
    """How many questions to signs that lived had no answer, of how many; old ones are forgotten by and by."""

    memory: int
    lost: float = 0.4  # until something is known: one in fifty, as on a cable that nobody would notice
    asked: float = 20.0

    def after(self, lost: int, asked: int) -> "Loss":
        """The same with so many more."""
        keep = min(self.memory / (self.asked + asked), 1.0)
        return replace(self, lost=(self.lost + lost) * keep, asked=(self.asked + asked) * keep)

    @property
    def share(self) -> float:
        """Of a question that nobody answers, how likely that is chance."""
        return min(max(self.lost / self.asked, LEAST_LOSS), WORST_LOSS)


@dataclass(frozen=True, slots=True)
class Miss:
    """An exchange without success: its fault, its evidence, after how many tries, and whether a text was waited for.

    ``answered``: somebody named the fault in words, so that the line carries and the trouble is the sign's own.
    """

    fault: str
    evidence: str
    tries: int
    wanted: bool = False
    answered: bool = False


def good(record: Record, now: float, line: "Line", tries: int = 1) -> Record:
    """One acknowledged exchange."""
    gap = record.first_miss is not None and now - record.first_miss >= line.fail_after_s
    since = now if record.good_since is None or gap else record.good_since
    clean = None if tries > 1 else now if record.clean_since is None else record.clean_since
    seen = replace(record, last_good=now, good_since=since, clean_since=clean, first_miss=None, silent=0)
    unheard = record.state is State.UNKNOWN and not record.faults
    if record.state is State.OK or unheard or (clean is not None and now - clean >= line.recover_s):
        return replace(seen, state=State.OK, faults=(), evidence="")
    if record.state is State.DEGRADED and not (line.lossy and SILENCE.intersection(record.faults)):
        return seen
    if record.state is State.DEGRADED or now - since >= line.recover_s:
        return replace(seen, state=State.DEGRADED, faults=("lossy",))
    return seen


def missed(record: Record, miss: Miss, now: float, fail_after_s: float | None) -> Record:
    """One exchange that failed after its tries; ``fail_after_s`` None = the fault may be somebody else's, or chance."""
    first = record.first_miss if record.first_miss is not None else now
    seen = replace(record, clean_since=None, first_miss=first, silent=record.silent + miss.tries)
    if record.state is State.FAILED:
        return seen
    if fail_after_s is not None and now - first >= fail_after_s:
        return replace(seen, state=State.FAILED, faults=(miss.fault,), evidence=miss.evidence, good_since=None)
    if record.state is State.OK and miss.wanted:
        return replace(seen, state=State.DEGRADED, faults=(miss.fault,), evidence=miss.evidence)
    return seen


@dataclass(frozen=True, slots=True)
class Line:
    """A port with its signs: ``port`` is the record of the line itself, ``signs`` those by device id."""

    signs: Mapping[str, Record]
    port: Record = Record()
    lately: Loss = Loss(LATELY)
    before: Loss = Loss(BEFORE)
    recover_s: float = RECOVER_S
    fail_after_s: float = FAIL_AFTER_S
    by_chance: float = BY_CHANCE

    @property
    def loss(self) -> float:
        """The share of questions that this line loses, at its worst."""
        return max(self.lately.share, self.before.share)

    @property
    def enough(self) -> int:
        """How many questions in a row must stay unanswered before that is no chance."""
        return math.ceil(math.log(self.by_chance) / math.log(self.loss))

    @property
    def lossy(self) -> bool:
        """Whether frames are lost so often that a single question proves little."""
        return self.loss >= LOSSY

    def tries(self, sign: str) -> int:
        """How often to ask this sign in one exchange."""
        record = self.signs.get(sign)
        if record is None or not record.suspect or (self.lossy and record.state is not State.FAILED):
            return HEALTHY_TRIES
        return SUSPECT_TRIES


def sign_good(line: Line, sign: str, now: float, tries: int = 1) -> Line:
    """A sign acknowledged after so many tries: it is alive, and so is the line."""
    record = line.signs[sign]
    if record.state is not State.FAILED and line.port.state is not State.FAILED:
        # What was lost before this answer was lost on the way; of a dead sign's silence nothing is learnt.
        lost = record.silent + tries - 1
        line = replace(line, lately=line.lately.after(lost, lost + 1), before=line.before.after(lost, lost + 1))
    heard = _heard(line, now)
    return replace(heard, signs={**heard.signs, sign: good(heard.signs[sign], now, line, tries)})


def sign_missed(line: Line, sign: str, miss: Miss, now: float) -> Line:
    """A sign did not acknowledge; when none does (and there are two or more) the line is at fault."""
    answered = miss.answered or miss.fault in ANSWERED
    if answered:
        line = _heard(line, now)
    record = line.signs[sign]
    alone = answered or (len(line.signs) == 1 and not line.port.suspect)
    first, heard = record.first_miss, line.port.last_good
    proven = alone or (first is not None and heard is not None and heard > first)
    no_chance = record.silent + miss.tries >= line.enough
    signs = {**line.signs, sign: missed(record, miss, now, line.fail_after_s if proven and no_chance else None)}
    silent = 0 if answered else line.port.silent + miss.tries
    seen = replace(line, signs=signs, port=replace(line.port, silent=silent))
    if alone or silent < line.enough or not all(other.suspect for other in signs.values()):
        return seen
    code = "garbled" if miss.fault in GARBLED else "bus_down"
    return _port_missed(seen, replace(miss, fault=code, tries=0, wanted=False), _silent_since(seen, now), now)


def port_missed(line: Line, fault: str, evidence: str, now: float) -> Line:
    """The port itself failed: no sign can be reached, and the system itself says so."""
    miss = Miss(fault, evidence, 0, wanted=True)
    signs = {sign: missed(record, miss, now, None) for sign, record in line.signs.items()}
    return _port_missed(replace(line, signs=signs), miss, now, now)


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
    return replace(line, signs=_forgiven(line) if excused else line.signs, port=good(line.port, now, line))


def _silent_since(line: Line, now: float) -> float:
    firsts = [
        record.first_miss
        for record in line.signs.values()
        if record.first_miss is not None and record.state is not State.FAILED
    ]
    since = min(firsts, default=now)
    return since if line.port.last_good is None else max(since, line.port.last_good)


def _port_missed(line: Line, miss: Miss, since: float, now: float) -> Line:
    begun = line.port if line.port.suspect else replace(line.port, first_miss=since)
    port = missed(begun, miss, now, line.fail_after_s)
    if port.state is not State.FAILED:
        return replace(line, port=port)
    if not {miss.fault, *port.faults} <= LINE_FAULTS:
        port = replace(port, faults=(miss.fault,), evidence=miss.evidence)
    signs = {
        sign: record
        if record.state is State.FAILED
        else replace(
            record, state=State.UNKNOWN, faults=port.faults, evidence=port.evidence, good_since=None, clean_since=None
        )
        for sign, record in line.signs.items()
    }
    return replace(line, port=port, signs=signs)


def _forgiven(line: Line) -> dict[str, Record]:
    # Misses while no sign answered were the line's; a sign that was silent before that stays accused.
    heard = line.port.last_good
    return {
        sign: replace(record, first_miss=None, silent=0)
        if record.first_miss is not None and (heard is None or record.first_miss >= heard)
        else record
        for sign, record in line.signs.items()
    }
