"""The screen as JSON for the page: which face, its texts in both languages, tiles, notices, the QR code."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno

from display import hours, openings, waits
from display.board import Board, Name, Notice, ServiceRow, Wait
from display.phrases import Phrases
from display.tv_view import number
from hall_server.station import LinkState
from kiosk import calls, codes, complaining, crowds, groups, helping, reading
from kiosk.aside import Aside
from kiosk.lateness import too_late
from kiosk.touch import CheckIn, Kiosk, Visit, face

# Two strips fit above the tiles of a 1366 × 768 screen; the kiosk's own trouble comes first.
STRIPS_SHOWN = 2
DECLARED = "declared"  # a person said so: no status of the device says otherwise
QUIET_ZONE_MODULES = 4
CHOICES_SHOWN = 6  # phones that end alike are rare; more buttons than these would not fit
# Refusals that have their own sentence; every other code reads as "not possible now".
REFUSALS = frozenset(
    "service_closed day_closed outside_hours last_ticket crowded unknown_service rate_limited guessed_too_often"
    " unreachable unauthenticated forbidden".split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogues, asked for whole sentences."""

    phrases: Phrases

    def __call__(self, key: str, **params: object) -> Name:
        return self.phrases.both(f"kiosk.{key}", **params)

    def fault(self, code: str) -> Name:
        """What customers may read about a fault; a code from a newer hall reads as "out of order"."""
        try:
            return self.phrases.both(f"fault.{code}.public")
        except KeyError:
            return self("fault_unnamed")


def render(kiosk: Kiosk, words: Words, now_ms: int) -> dict[str, Any]:
    """Everything that the page draws; it adds nothing but the clock and the choice of language."""
    now_face = face(kiosk)
    slots: dict[str, Name] = {"kiosk": words("name", number=number(kiosk.id))}
    board = kiosk.board
    at_home = now_face == "home" and board is not None
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    if board is not None:
        slots["hall"] = words("head", hall=board.hall)
        slots.update({name: words(key) for name, key in codes.keys(board, kiosk.check_in).items()})
        if board.emergency is not None:
            slots["emergency"] = board.emergency
    visit = kiosk.visit
    if visit.away if visit is not None else kiosk.cut and at_home:
        slots["away"] = words("away")
    if visit is not None:
        slots.update(_visit_slots(kiosk, visit, words, now))
    elif now_face == "closed" and board is not None:
        slots["again"] = openings.again(board, words.phrases, now) or words("closed.why")
    elif kiosk.aside is not None:
        slots.update(_aside_slots(kiosk, kiosk.aside, words, now_ms))
    elif kiosk.check_in is not None and board is not None:
        slots.update(_check_in_slots(kiosk.check_in, board, words, now_ms))
    return {
        "face": now_face,
        "label": _label(kiosk),
        "busy": bool(visit and visit.answer_key),
        "slots": {name: asdict(text) for name, text in slots.items()},
        "tiles": [_tile(row, kiosk, board, words, now_ms) for row in board.services if row.offered]
        if at_home and board
        else [],
        "groups": [asdict(one) for one in groups.shown(board)] if at_home and board else [],
        "strips": [asdict(text) for text in _strips(kiosk, board, words, now_ms)]
        if at_home and board and not kiosk.cut
        else [],
        "codes": codes.taken(board) and not kiosk.cut,
        "slow": kiosk.slow,
        "staff": helping.may_call(kiosk),
        "calling": calls.latest(board, words.phrases) if at_home and board and kiosk.link is LinkState.UP else [],
        "several": board is not None and board.several and not kiosk.cut,
        "opens": _opens(board, now) if now_face == "closed" and board else [],
        "unlike": [asdict(text) for text in openings.notices(board, words.phrases, now)]
        if now_face == "closed" and board
        else [],
        "choices": _choices(kiosk.check_in, board) if now_face == "which_time" and board else [],
        "qr": _qr(visit.ticket.url if visit is not None and visit.ticket is not None else _form(kiosk)),
        "timezone": board.timezone if board is not None else None,
        **reading.shown(kiosk, now_ms),
    }


def _aside_slots(kiosk: Kiosk, aside: Aside, words: Words, now_ms: int) -> dict[str, Name]:
    found = {"topic": reading.title(kiosk, now_ms), "else": complaining.elsewhere(kiosk, words)}
    number = words("complaint.number", number=aside.number)
    return {name: text for name, text in found.items() if text is not None} | {"complained": number}


def _check_in_slots(asked: CheckIn, board: Board, words: Words, now_ms: int) -> dict[str, Name]:
    code = asked.code if asked.code in REFUSALS else "other"
    slots = {"why": words(f"refused.{code}")}
    if opens := asked.said.get("opens"):
        now = datetime.fromtimestamp(now_ms / 1000, UTC)
        slots["opens"] = words("too_early", time=_clock(opens, board, now))
    if label := asked.said.get("label"):
        slots["label"] = words("checked_in.label", label=label)
    return slots


def _choices(asked: CheckIn | None, board: Board) -> list[dict[str, str]]:
    """Times and nothing else: a name is not for whoever stands behind."""
    said = asked.said if asked is not None else {}
    return [{"id": name, "time": f"{_local(at, board):%H:%M}"} for name, at in said.items()][:CHOICES_SHOWN]


def _local(at: str, board: Board) -> datetime:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(board.timezone))


def _label(kiosk: Kiosk) -> str:
    visit = kiosk.visit
    if visit is not None and visit.ticket is not None:
        return visit.ticket.label
    return kiosk.taken.label if visit is not None and visit.stage == "again" and kiosk.taken else ""


def _opens(board: Board, now: datetime) -> list[dict[str, Any]]:
    """When services open that have hours of their own."""
    found = ((row.name, openings.again_of(row, board, now)) for row in board.services)
    return [{"name": asdict(name), "when": asdict(opens)} for name, opens in found if opens is not None]


def _late_slots(kiosk: Kiosk, visit: Visit, words: Words, now: datetime) -> dict[str, Name]:
    """What is known before the ticket: how many wait, how long that takes, and that it may be too long."""
    board = kiosk.board
    row = next((one for one in board.services if one.id == visit.service), None) if board else None
    closes = too_late(board, visit.service, now)
    if board is None or row is None:
        return {}
    said = {"why": words("late", time=_clock(closes, board, now))} if closes else {}
    if kiosk.link is not LinkState.UP:  # the numbers may be wrong by now
        return said
    return said | {"ahead": words("ahead", count=row.waiting), "range": _range(row.wait, row.waiting, words)}


def _visit_slots(kiosk: Kiosk, visit: Visit, words: Words, now: datetime) -> dict[str, Name]:
    slots = {"service": _service_names(kiosk.board, (visit.service, *visit.then))}
    if visit.stage == "late":
        slots.update(_late_slots(kiosk, visit, words, now))
    if visit.stage == "again":
        slots["again"] = words("again", label=_label(kiosk))
    if visit.stage == "refused":
        slots["why"] = _refused(kiosk.board, visit, words, now)
    ticket, paper = visit.ticket, visit.paper
    if ticket is not None:
        if ticket.ahead is not None:
            slots["ahead"] = words("ahead", count=ticket.ahead)
        slots["range"] = _range(ticket.estimate, ticket.ahead or 0, words)
    if paper is not None:
        if paper.kiosk is not None:
            key = "elsewhere.printed" if paper.state == "printed" else "elsewhere.printing"
            slots["elsewhere"] = words(key, number=number(paper.kiosk))
        copied = "printing.copy" if paper.copied else "printing"
        slots["printing"] = words(copied)
        slots["reason"] = words("failed.why", fault=_why_no_paper(kiosk, paper.reason, words))
    return slots


def _refused(board: Board | None, visit: Visit, words: Words, now: datetime) -> Name:
    if visit.code == "crowded" and board is not None:
        return crowds.refused(board, visit.service, words, lambda at: _clock(at, board, now), now)
    return words(f"refused.{visit.code if visit.code in REFUSALS else 'other'}")


def _why_no_paper(kiosk: Kiosk, reason: str | None, words: Words) -> Name:
    """The printer's own reason, or, when no printer could be asked, what stands against this kiosk's printer."""
    standing = [notice.fault for notice in _here(kiosk, kiosk.board)] if kiosk.board else []
    known = reason or next(iter(standing), None)
    return words.fault(known) if known else words("fault_unnamed")


def _service_names(board: Board | None, services: tuple[str, ...]) -> Name:
    names = [_service_name(board, one) for one in services]
    return Name(" → ".join(one.zh for one in names), " → ".join(one.en for one in names))


def _service_name(board: Board | None, service: str) -> Name:
    rows = board.services if board is not None else ()
    return next((row.name for row in rows if row.id == service), Name(service, service))


def _tile(row: ServiceRow, kiosk: Kiosk, board: Board, words: Words, now_ms: int) -> dict[str, Any]:
    """A tile; while the line is down its numbers are hidden, because they may be wrong by now."""
    live, now = kiosk.link is LinkState.UP, datetime.fromtimestamp(now_ms / 1000, UTC)
    here = hours.at(row.hours or board.hours, now)
    is_open = row.open and here.open and (not kiosk.cut or row.id in kiosk.alone)
    waiting = is_open and live
    foot = _foot(row, is_open, live, words)
    if board.open and not here.open and here.opening is not None:
        foot = words("tile.opens", time=_clock(here.opening.opens, board, now))
    elif live and row.crowded:
        foot = crowds.foot(row, words, lambda at: _clock(at, board, now), now)
    elif waiting and (closes := too_late(board, row.id, now)):
        foot = words("tile.late", time=_clock(closes, board, now))
    return {
        "id": row.id,
        "icon": row.icon,
        "name": asdict(row.name),
        "group": row.group,
        "open": is_open,
        "waiting": row.waiting if waiting else None,
        "foot": asdict(foot),
    }


def _foot(row: ServiceRow, is_open: bool, live: bool, words: Words) -> Name:
    if not is_open:
        return words("tile.closed")
    if not live:
        return Name("", "")
    return _range(row.wait, row.waiting, words)


def _clock(at: str, board: Board, now: datetime) -> str:
    """The time where the hall stands, with the date unless it is today's."""
    local, today = (one.astimezone(ZoneInfo(board.timezone)) for one in (datetime.fromisoformat(at), now))
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%m-%d %H:%M}"


def _range(wait: Wait | None, ahead: int, words: Words) -> Name:
    if wait is None:
        return Name("", "")
    if ahead == 0 and wait.point_s == 0:
        return words("no_wait")
    low, high = waits.minutes(wait)
    return words("wait_one", minutes=high) if low == high else words("wait_range", low=low, high=high)


def _strips(kiosk: Kiosk, board: Board, words: Words, now_ms: int) -> list[Name]:
    """Standing faults that concern a customer here: this kiosk's printer first, then windows, then who calls.

    The hall keeps a notice until a repair is proven; the kiosk has the cable and knows when its printer is back.
    """
    mine = _here(kiosk, board)
    windows = [notice for notice in board.notices if notice.place == "window" and notice.to]
    texts = [
        *(_own_fault(notice, board, words, now_ms) for notice in mine),
        *_detours(windows, words),
        *_calls_by(board, words),
        *crowds.strips(board, words),
        *openings.notices(board, words.phrases, datetime.fromtimestamp(now_ms / 1000, UTC)),
    ]
    return texts[:STRIPS_SHOWN]


def _calls_by(board: Board, words: Words) -> list[Name]:
    """Where calls are to be seen, as long as a TV, the voice or the sign of a window that goes on calling is out."""
    if any(notice.kind == "tv" for notice in board.notices):
        return [words("strip.tv")]
    voice = [words("strip.voice")] if any(notice.kind == "voice" for notice in board.notices) else []
    signs = [notice.at for notice in board.notices if notice.place == "window" and notice.kind == "sign"]
    away = {notice.at for notice in board.notices if notice.place == "window" and notice.to}
    return [*voice, *(words("strip.sign", window=window) for window in signs if window not in away)]


def _here(kiosk: Kiosk, board: Board) -> list[Notice]:
    here = [notice for notice in board.notices if notice.place == "kiosk" and notice.at == kiosk.id]
    return [notice for notice in here if notice.fault == DECLARED or notice.device not in kiosk.working]


def _own_fault(notice: Notice, board: Board, words: Words, now_ms: int) -> Name:
    """What is wrong here, and until when if somebody has promised that; a promise that has passed is not repeated."""
    fault = words.fault(notice.fault)
    said = words("strip.no_paper", fault=fault)
    if notice.to:
        said = words("strip.prints_at", fault=fault, number=number(notice.to[0]))
    promised = datetime.fromisoformat(notice.expected) if notice.expected else None
    if promised is None or promised.timestamp() * 1000 <= now_ms:
        return said
    until = words("strip.expected", time=f"{promised.astimezone(ZoneInfo(board.timezone)):%H:%M}")
    return Name(said.zh + until.zh, said.en + until.en)


def _detours(notices: list[Notice], words: Words) -> list[Name]:
    """A window is named once, however many of its devices are broken, and all of them stand in one strip."""
    ways = list({notice.at: notice.to[0] for notice in notices}.items())
    if len(ways) < 2:
        return [words("strip.window", window=window, to=to) for window, to in ways]
    head, comma = words("strip.windows"), words("strip.comma")
    said = [words("strip.way", window=window, to=to) for window, to in ways]
    return [Name(head.zh + comma.zh.join(one.zh for one in said), head.en + comma.en.join(one.en for one in said))]


def _form(kiosk: Kiosk) -> str | None:
    """Where a customer writes on a phone of their own instead."""
    contacts = kiosk.board.contacts if kiosk.board is not None and kiosk.aside is not None else None
    return contacts.url if contacts is not None else None


def _qr(url: str | None) -> dict[str, Any] | None:
    """A page as the modules of a QR code: one path, so that no markup crosses over."""
    if not url:
        return None
    rows = [bytes(row) for row in segno.make(url, error="m", micro=False).matrix]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"d": path, "from": -QUIET_ZONE_MODULES, "size": len(rows) + 2 * QUIET_ZONE_MODULES}
