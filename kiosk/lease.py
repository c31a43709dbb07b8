"""Numbers in reserve: the kiosk has some leased, gives them out while nobody answers, and tells the hall afterwards."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from display.board import Board, Name, ServiceRow
from hall_server.contract import (
    AwayOrder,
    AwayReport,
    AwayTicket,
    BlockOrder,
    LeaseRequest,
    Owed,
    SlipOrder,
    SlipReport,
    SlipState,
    Ticket,
)
from hall_server.station import HallError, LinkState, Refused, Station, Watch, new_key
from hall_server.station.log import SENDING
from hall_server.station.prints import DONE
from kiosk import touch
from kiosk.away_log import AwayLog, Given, Known
from kiosk.call_list import CallList, CallRow
from kiosk.hall_clock import HallClock
from kiosk.touch import Kiosk, Visit

LOG = logging.getLogger(__name__)
LIST_EVERY_S = 30.0  # how old the list to call from may be when the hall is lost
LOOK_S = 2.0  # how soon a hall that is back is told, and how soon the end of the day is noticed
MOST_LISTED = 1000  # more than a kiosk gives out in a day
TOLD_AT_ONCE = 50  # the hall takes no more in one message
PRINT_WITHIN_S = 120.0  # whoever took a number longer ago does not stand before the kiosk any more
STOP_WITHIN_S = 0.5
TOO_MANY_REQUESTS = 429


@dataclass(slots=True)
class Lease:
    """One kiosk's numbers; called by the page's requests, the line to the hall and the printer's worker."""

    kiosk: str
    log: AwayLog
    screen: Watch[Kiosk]
    hall_clock: HallClock
    clock: Callable[[], float]
    station: Station = field(init=False)
    _known: Known = field(init=False)
    _asked: AwayOrder | None = None
    _listed_s: float = float("-inf")
    _paced_s: float = float("-inf")
    _work: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._known = self.log.recall()  # before anything new is heard, which must not be forgotten for it

    def start(self, station: Station) -> None:
        """Go on where the last run stopped: with what the hall said then, and the paper that was not begun."""
        self.station = station
        station.assume(self._known.devices)
        for given, age_s in self.log.untold(TOLD_AT_ONCE):
            if age_s <= PRINT_WITHIN_S:
                self._print(given)
        self._thread = threading.Thread(target=self._run, name="kiosk-lease", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._work.set()
        self._thread.join(STOP_WITHIN_S)
        if not self._thread.is_alive():  # else it waits for an answer, and ends with the process
            self.log.close()

    # ---- what the hall says

    def heard(self, owed: Owed) -> None:
        self._remember(away=owed.away, devices=owed.devices)

    def saw(self, board: Board) -> None:
        """Of the board only what is true for longer than a moment."""
        rows = tuple(ServiceRow(one.id, one.name, one.icon, one.open, 0, offered=one.offered) for one in board.services)
        self._remember(board=Board(0, 0, "", "", board.open, board.hall, board.timezone, services=rows))

    def _remember(self, **news: object) -> None:
        with self._lock:
            known = self._known.model_copy(update=news)
            if known == self._known:
                return
            self._known = known
            self.log.remember(known)
        self._work.set()

    def line(self, state: LinkState) -> None:
        if state is LinkState.UP:
            self._work.set()

    # ---- while nobody answers

    def take(self, visit: Visit) -> Ticket | None:
        """A number for the customer at the screen, printed here; None when there is none.

        Raises ``Refused`` when they are taken as fast as by a child who taps: the hall would say the same.
        """
        order = self._order()
        if order is None or not self.log.left(order, visit.service):
            return None
        if not self._in_time(order):
            raise Refused("rate_limited", "Numbers are being taken too fast.", TOO_MANY_REQUESTS)
        given = self.log.take(order, visit.service, lambda block, n: self._given(order, block, n, visit))
        if given is None:
            return None
        self._show()
        self._print(given)
        paper = SlipState(state="owed", printer=given.printer, kiosk=self.kiosk) if given.printer else None
        return Ticket(
            id=given.ticket, label=given.label, service=given.service, state="waiting", issued_at=given.issued_at,
            language=given.language, slip=paper, url=given.url or "",
        )  # fmt: skip

    def _in_time(self, order: AwayOrder) -> bool:
        """Whether one more may be given out now; each moves the moment by which all so far were in time."""
        now_s = self.clock()
        if self._paced_s - now_s > (order.burst - 1) * order.every_s:
            return False
        self._paced_s = max(self._paced_s, now_s) + order.every_s
        return True

    def printed(self, report: SlipReport) -> None:
        """The printer's verdict, for the screen; the hall has it from the station."""
        state = SlipState(
            state="failed" if report.outcome == "claim" else report.outcome, printer=report.printer, kiosk=self.kiosk,
            reason=next(iter(report.faults), None),
        )  # fmt: skip
        ticket = report.slip.removeprefix("s-")
        self.screen.change(lambda kiosk: touch.printed_alone(kiosk, ticket, state, self.clock()))

    def _order(self) -> AwayOrder | None:
        """The numbers of a day that is not over."""
        order = self._known.away
        return order if order is not None and self.hall_clock.now() < datetime.fromisoformat(order.until) else None

    def _given(self, order: AwayOrder, block: BlockOrder, number: int, visit: Visit) -> Given:
        ticket, code = secrets.token_hex(8), secrets.token_hex(12)
        return Given(
            ticket=ticket, code=code, day=order.day, service=block.service, series=block.series, number=number,
            label=f"{block.series}{number:0{block.digits}d}", language=visit.language,
            issued_at=self.hall_clock.now().isoformat(timespec="milliseconds"), heard_at=self.hall_clock.heard_at,
            printer=order.printer, url=None if order.page is None else f"{order.page}{code}", request=visit.key,
        )  # fmt: skip

    def _print(self, given: Given) -> None:
        board = self._known.board
        if given.printer is None or board is None:
            return
        name = next((row.name for row in board.services if row.id == given.service), Name(given.service, given.service))
        order = SlipOrder(
            slip=slip_of(given), ticket=given.ticket, printer=given.printer, attempt=1, copied=False, hall=board.hall,
            label=given.label, service=name, language=given.language, issued_at=given.issued_at,
            timezone=board.timezone, ahead=0, estimate=None, url=given.url, away=True,
            complaints=board.contacts.phone if board.contacts is not None else "",
        )  # fmt: skip
        self.station.print_alone(order)

    def _show(self) -> None:
        """For which services there are numbers; a kiosk that has just started knows the hall from its last run."""
        order, board = self._order(), self._known.board
        services = {block.service for block in order.blocks} if order else set()
        alone = frozenset(one for one in services if order and self.log.left(order, one))
        self.screen.change(lambda kiosk: replace(kiosk, alone=alone, board=kiosk.board or (board if alone else None)))

    # ---- when it answers again

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._show()
            if self.screen.get()[1].link is LinkState.UP:
                try:
                    self._tell()
                    self._ask()
                    self._list()
                except HallError as trouble:
                    LOG.warning("the hall was not told of numbers: %s", trouble)
            self._work.wait(LOOK_S)
            self._work.clear()

    def _tell(self) -> None:
        """The oldest first; what was told in vain is told again, and nothing happens twice."""
        while rows := self.log.untold(TOLD_AT_ONCE):
            tickets = tuple(self._told(given, age_s) for given, age_s in rows)
            answer = self.station.client.tell_away(
                self.kiosk, AwayReport(holder=self.log.holder, tickets=tickets), new_key()
            )
            if answer.refused:
                LOG.error("the hall does not take these numbers of ours: %s", ", ".join(answer.refused))
            if not (answer.known or answer.refused):
                return
            self.log.told((*answer.known, *answer.refused))

    def _told(self, given: Given, age_s: float) -> AwayTicket:
        """From here on the hall owes the paper that was not begun, and nobody prints it without asking."""
        stage, fault = self.station.settle(slip_of(given))
        paper = "claimed" if stage == SENDING else stage if stage in DONE else "owed"
        if paper == "owed" and age_s > PRINT_WITHIN_S:
            paper, fault = "failed", "no_answer"
        return AwayTicket.model_validate(
            {
                "ticket": given.ticket, "code": given.code, "day": given.day, "service": given.service,
                "number": given.number, "age_s": age_s, "heard_at": given.heard_at, "language": given.language,
                "paper": paper if given.printer else "none", "printer": given.printer, "reason": fault,
                "request": given.request,
            }
        )  # fmt: skip

    def _list(self) -> None:
        if self._known.away is not None and self.clock() >= self._listed_s + LIST_EVERY_S:
            self._remember(waiting=self.station.client.waiting(self.kiosk))
            self._listed_s = self.clock()

    def call_list(self) -> CallList | None:
        """Whom to call by hand: those who waited when the hall was last asked, then those who took a number here."""
        board, waiting = self._known.board, self._known.waiting
        if board is None or waiting is None:
            return None
        own = [given for given, _ in self.log.untold(MOST_LISTED)]
        rows = tuple(
            CallRow(row.name, waiting.labels.get(row.id, ()), tuple(one.label for one in own if one.service == row.id))
            for row in board.services
        )
        return CallList(board.hall, board.timezone, waiting.at, rows)

    def _ask(self) -> None:
        """New numbers before the old ones run short; one answer to one state of things."""
        order, board = self._known.away, self._known.board
        if order is None or board is None or order == self._asked:
            return
        if all(self.log.left(order, row.id) > order.size // 2 for row in board.services):
            return
        try:
            self.station.client.lease(self.kiosk, LeaseRequest(holder=self.log.holder), new_key())
        except Refused as refusal:
            LOG.warning("no numbers in reserve: %s", refusal)
        self._asked = order


def slip_of(given: Given) -> str:
    return f"s-{given.ticket}"
