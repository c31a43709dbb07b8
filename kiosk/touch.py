"""What the kiosk's screen shows and how a touch, the hall or the clock changes it; pure, time is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from display.board import Board
from hall_server.contract import HelpWord, Language, SlipState, Ticket
from hall_server.station import LinkState
from kiosk.aside import ASIDE_STAY_S, Aside, AsideFace

Stage = Literal["asking", "again", "late", "issued", "refused"]
Face = Literal[
    "loading",
    "home",
    "asking",
    "again",
    "late",
    "printing",
    "elsewhere",
    "printed",
    "unknown",
    "failed",
    "refused",
    "offline",
    "out_of_service",
    "closed",
    "emergency",
    "check_in",
    "which_time",
    "too_early",
    "too_late",
    "not_found",
    "checked_in",
    "help",
    "help_told",
    "help_untold",
    AsideFace,
]
CheckInFace = Literal["check_in", "asking", "which_time", "too_early", "too_late", "not_found", "checked_in", "refused"]
HelpFace = Literal["help", "asking", "help_told", "help_untold"]

# The page itself asks whether more time is needed, and comes back here sooner; this is for a page that is gone.
ASKED_S = 180.0
# How long a screen stays when nobody touches it, in seconds; screens that are not named stay.
STAY_S: Mapping[str, float] = {
    "printed": 8.0,  # time to take the paper and read the number
    "failed": 30.0,  # time to photograph the number
    "unknown": 20.0,  # after that the customer has gone; the ticket stays valid and staff see the doubt
    "elsewhere": 30.0,  # time to read and to note the number before walking
    "refused": 8.0,
    "again": ASKED_S,
    "late": ASKED_S,
    "check_in": ASKED_S,
    "which_time": ASKED_S,
    "help": ASKED_S,
    "help_told": ASKED_S,
    "help_untold": 30.0,
    "too_early": 15.0,
    "too_late": ASKED_S,
    "not_found": 30.0,
    "checked_in": 30.0,  # time to note the number that was given out before
    "printing": 60.0,  # four times the longest print job: without any word the next customer must not wait
    **ASIDE_STAY_S,
}
SLOW = 3  # times as long for who listens first
# One service, one customer: who presses again so soon most likely wants the same ticket.
SAME_CUSTOMER_S = 20.0
# A short break of the line is nobody's business; after it we must not pretend that tickets can be had.
CUT_AFTER_S = 5.0
PAPER_FACES: Mapping[str, Face] = {
    "owed": "printing",
    "printing": "printing",
    "printed": "printed",
    "unconfirmed": "unknown",
    "failed": "failed",
}
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer's dealings, from the first touch to home again; ``key`` is the request id."""

    key: str
    service: str
    language: Language
    stage: Stage
    since: float
    ticket: Ticket | None = None
    paper: SlipState | None = None
    code: str = ""
    answer_key: str = ""
    then: tuple[str, ...] = ()  # further services of the same ticket
    away: bool = False  # the number is our own: the hall has not heard of it yet


@dataclass(frozen=True, slots=True)
class Taken:
    """The last ticket given out here, or (``label`` empty) a request that nobody answered."""

    service: str
    key: str
    at: float
    label: str = ""
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A customer with an appointment; ``said`` is what a refusal adds: times to choose from, a time, a label."""

    key: str
    language: Language
    since: float
    step: CheckInFace = "check_in"
    digits: str = ""
    appointment: str | None = None
    walk_in: bool = False
    code: str = ""
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Help:
    """A customer who wants help, for a reason that they gave or kept to themselves."""

    key: str
    language: Language
    since: float
    step: HelpFace = "help"
    reason: HelpWord = "untold"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """Everything the screen depends on."""

    id: str
    since: float
    board: Board | None = None
    link: LinkState = LinkState.STARTING
    cut: bool = False
    papers: Mapping[str, SlipState] = field(default_factory=dict)
    working: frozenset[str] = frozenset()
    visit: Visit | None = None
    taken: Taken | None = None
    check_in: CheckIn | None = None
    help: Help | None = None
    aside: Aside | None = None
    helped: str = ""  # what this customer asked the hall for; their ticket says so
    slow: bool = False  # this customer listens before every touch
    alone: frozenset[str] = frozenset()  # services of which we may give out numbers when nobody answers


def face(kiosk: Kiosk) -> Face:
    """The one screen that is true now; an alarm does not wait until a customer has finished."""
    if _alarmed(kiosk) and not kiosk.cut and kiosk.link is not LinkState.REFUSED:
        return "emergency"
    if kiosk.visit is not None:
        return _visit_face(kiosk.visit, kiosk.id)
    if kiosk.link is LinkState.REFUSED:
        return "out_of_service"
    if kiosk.cut and not (kiosk.alone and kiosk.board):
        return "offline"
    if kiosk.board is None:
        return "loading"
    if _alarmed(kiosk):
        return "emergency"
    if not kiosk.board.open:
        return "closed"
    if kiosk.help is not None:
        return kiosk.help.step
    if kiosk.aside is not None and not kiosk.cut:
        return kiosk.aside.step
    return "home" if kiosk.check_in is None or kiosk.cut else kiosk.check_in.step


def _alarmed(kiosk: Kiosk) -> bool:
    return kiosk.board is not None and kiosk.board.emergency is not None


def _visit_face(visit: Visit, kiosk_id: str) -> Face:
    if visit.stage != "issued":
        return visit.stage
    paper = visit.paper
    if paper is None:
        return "failed"  # the hall promises no paper: the number on the screen is all there is
    shown = PAPER_FACES[paper.state]
    if shown in ("printing", "printed") and paper.kiosk not in (None, kiosk_id):
        return "elsewhere"
    return shown


def heard_board(kiosk: Kiosk, board: Board) -> Kiosk:
    return replace(kiosk, board=board)


def heard_link(kiosk: Kiosk, link: LinkState, now: float) -> Kiosk:
    """The line came or went; waits are hidden at once, *cut* follows by the clock."""
    if link is LinkState.UP:
        return replace(kiosk, link=link, since=now, cut=False)
    was_up = kiosk.link is LinkState.UP
    return replace(kiosk, link=link, since=now if was_up else kiosk.since)


def heard_health(kiosk: Kiosk, device: str, works: bool) -> Kiosk:
    """One of our own devices; *working* holds those that prove it."""
    others = kiosk.working - {device}
    return replace(kiosk, working=others | {device} if works else others)


def heard_papers(kiosk: Kiosk, papers: Mapping[str, SlipState], now: float) -> Kiosk:
    kiosk = replace(kiosk, papers=dict(papers))
    visit = kiosk.visit
    if visit is None or visit.ticket is None or visit.ticket.id not in papers:
        return kiosk
    return _turn(kiosk, replace(visit, paper=papers[visit.ticket.id]), now)


def pressed(
    kiosk: Kiosk, service: str, language: Language, key: str, now: float, *, late: bool = False,
    then: tuple[str, ...] = (),
) -> Kiosk:  # fmt: skip
    """A tile was touched; only the home screen has tiles, so every further tap of a row changes nothing.

    Who may be too ``late`` is told so first.
    """
    if face(kiosk) != "home":
        return kiosk
    taken = kiosk.taken
    wanted = (service, then)
    same = taken is not None and (taken.service, taken.then) == wanted and now - taken.at < SAME_CUSTOMER_S
    if taken is not None and same and taken.label:
        return replace(kiosk, visit=Visit(key, service, language, "again", now, then=then))
    if taken is not None and same:
        key = taken.key  # nobody answered the first time: the same request once more
    if late and not same:
        return replace(kiosk, visit=Visit(key, service, language, "late", now, then=then))
    return replace(kiosk, visit=Visit(key, service, language, "asking", now, then=then))


def confirmed(kiosk: Kiosk, yes: bool, now: float) -> Kiosk:
    """The answer to "take another?", or to "you may be too late"."""
    if kiosk.visit is None or kiosk.visit.stage not in ("again", "late"):
        return kiosk
    return replace(kiosk, visit=replace(kiosk.visit, stage="asking", since=now) if yes else None)


def printed_alone(kiosk: Kiosk, ticket: str, paper: SlipState, now: float) -> Kiosk:
    """The verdict of our own printer, while the hall cannot tell us its own."""
    visit = kiosk.visit
    mine = visit is not None and visit.ticket is not None and visit.ticket.id == ticket
    if visit is None or not mine or (kiosk.link is LinkState.UP and not visit.away):
        return kiosk
    return _turn(kiosk, replace(visit, paper=paper), now)


def issued(kiosk: Kiosk, key: str, ticket: Ticket, now: float, *, away: bool = False) -> Kiosk:
    visit = kiosk.visit
    if visit is None or visit.key != key or visit.stage != "asking":
        return kiosk
    paper = _newer(kiosk.papers.get(ticket.id), ticket.slip)
    visit = replace(visit, stage="issued", ticket=ticket, paper=paper, since=now, away=away)
    taken = Taken(visit.service, key, now, ticket.label, visit.then)
    return replace(kiosk, visit=visit, taken=taken, helped="")


def refused(kiosk: Kiosk, key: str, code: str, now: float) -> Kiosk:
    """The hall said no, or (``UNREACHABLE``) nothing: then the key is kept, for the ticket may exist."""
    visit = kiosk.visit
    if visit is None or visit.key != key or visit.stage != "asking":
        return kiosk
    taken = Taken(visit.service, key, now, then=visit.then) if code == UNREACHABLE else kiosk.taken
    return replace(kiosk, visit=replace(visit, stage="refused", code=code, since=now), taken=taken)


def answering(kiosk: Kiosk, key: str, now: float) -> Kiosk:
    """The customer answers "did you get your paper?"; the first answer to one question counts."""
    visit = kiosk.visit
    if visit is None or visit.answer_key or face(kiosk) != "unknown":
        return kiosk
    return replace(kiosk, visit=replace(visit, answer_key=key, since=now))


def answered(kiosk: Kiosk, ticket: Ticket, now: float) -> Kiosk:
    """What the hall knows about the ticket now, asked for by us."""
    visit = kiosk.visit
    if visit is None or visit.ticket is None or visit.ticket.id != ticket.id:
        return kiosk
    paper = _newer(kiosk.papers.get(ticket.id), ticket.slip)
    return _turn(kiosk, replace(visit, ticket=ticket, paper=paper, answer_key=""), now)


def unheard(kiosk: Kiosk, key: str) -> Kiosk:
    """Nobody took the customer's answer: ask once more."""
    if kiosk.visit is None or kiosk.visit.answer_key != key:
        return kiosk
    return replace(kiosk, visit=replace(kiosk.visit, answer_key=""))


def done(kiosk: Kiosk) -> Kiosk:
    """The customer is finished; a request that is under way can't be left."""
    begun = any(one is not None for one in (kiosk.visit, kiosk.check_in, kiosk.help, kiosk.aside))
    return _home(kiosk) if begun and face(kiosk) not in ("asking", "printing") else kiosk


def wiped(kiosk: Kiosk) -> Kiosk:
    """The customer has gone: the next one finds nothing of theirs."""
    return replace(done(kiosk), helped="", slow=False)


def listening(kiosk: Kiosk, on: bool) -> Kiosk:
    """The audio guide was switched on or off."""
    return replace(kiosk, slow=on)


def stayed(kiosk: Kiosk, now: float) -> Kiosk:
    """The customer needs more time."""
    return replace(
        kiosk,
        visit=replace(kiosk.visit, since=now) if kiosk.visit else None,
        check_in=replace(kiosk.check_in, since=now) if kiosk.check_in else None,
        help=replace(kiosk.help, since=now) if kiosk.help else None,
        aside=replace(kiosk.aside, since=now) if kiosk.aside else None,
    )


def _home(kiosk: Kiosk) -> Kiosk:
    return replace(kiosk, visit=None, check_in=None, help=None, aside=None)


def expired(kiosk: Kiosk, now: float) -> Kiosk:
    """What the mere passing of time changes."""
    if now >= _leaves_at(kiosk):
        kiosk = _home(kiosk)
    if kiosk.link is not LinkState.UP and now >= kiosk.since + CUT_AFTER_S:
        kiosk = replace(kiosk, cut=True)
    return kiosk


def _leaves_at(kiosk: Kiosk) -> float:
    """When a customer who does nothing more has gone; what a check-in had begun does not outlast a closed screen."""
    times = SLOW if kiosk.slow else 1
    if kiosk.visit is not None:
        return kiosk.visit.since + times * STAY_S.get(face(kiosk), float("inf"))
    asked = kiosk.help or kiosk.check_in or kiosk.aside
    if asked is None or asked.step == "asking":
        return float("inf")
    return asked.since + times * STAY_S.get(asked.step, 0.0)


def next_change(kiosk: Kiosk) -> float:
    """When ``expired`` will have something to say; infinity when never."""
    at = _leaves_at(kiosk)
    if kiosk.link is not LinkState.UP and not kiosk.cut:
        at = min(at, kiosk.since + CUT_AFTER_S)
    return at


def pending(kiosk: Kiosk) -> Ticket | None:
    """The ticket whose paper is not yet decided and about which the socket can't tell us."""
    visit = kiosk.visit
    if visit is None or visit.ticket is None or kiosk.link is LinkState.UP or visit.answer_key or visit.away:
        return None
    return visit.ticket if face(kiosk) in ("printing", "elsewhere") else None


def _turn(kiosk: Kiosk, visit: Visit, now: float) -> Kiosk:
    """A new screen starts its own time; a new question may be answered anew."""
    turned = replace(kiosk, visit=visit)
    if face(turned) == face(kiosk):
        return turned
    return replace(turned, visit=replace(visit, since=now, answer_key=""))


def _newer(heard: SlipState | None, told: SlipState | None) -> SlipState | None:
    """Push and answer may overtake each other: what was merely owed in the answer may have gone on since."""
    if heard is None or told is None or told.state != "owed" or heard.copied != told.copied:
        return told
    return heard if heard.state in ("printing", "printed", "failed") else told
