"""The one use case: a customer touches a service and has one ticket, whatever happens in between."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from hall_server.contract import CheckInRequest, HelpRequest, HelpWord, Language, Ticket, TicketRequest
from hall_server.station import HallClient, HallError, LinkState, Refused, Unreachable, Watch
from kiosk import checkin, helping, touch
from kiosk.hall_clock import HallClock
from kiosk.lateness import too_late
from kiosk.touch import CheckIn, Help, Kiosk, Visit

LOG = logging.getLogger(__name__)
# Each try of the client lasts up to 3 s; a customer is told the truth well within 15 s.
TRIES = 3
# While the socket is silent the ticket is asked for at this pace.
ASK_EVERY_S = 2.0


@dataclass(slots=True)
class Press:
    """Called by the page's requests, several at once; the screen's state decides who acts."""

    client: HallClient
    screen: Watch[Kiosk]
    clock: Callable[[], float]
    new_key: Callable[[], str]
    alone: Callable[[Visit], Ticket | None] | None = None  # gives out a number that we have in reserve
    hall_clock: HallClock = field(default_factory=HallClock)
    _asked_at: float = field(default=0.0)

    def press(self, service: str, language: Language, then: tuple[str, ...] = ()) -> None:
        """A tile was touched. The request id exists before anything is asked."""

        def pressed(kiosk: Kiosk) -> Kiosk:
            late = too_late(kiosk.board, service, self.hall_clock.now()) is not None
            return touch.pressed(kiosk, service, language, self.new_key(), self.clock(), late=late, then=then)

        before, after = self.screen.change(pressed)
        self._issue_if_new(before, after)

    def again(self, yes: bool) -> None:
        before, after = self.screen.change(lambda kiosk: touch.confirmed(kiosk, yes, self.clock()))
        self._issue_if_new(before, after)

    def answer(self, got: bool) -> None:
        """The customer says whether the paper came; the first answer counts."""
        key = self.new_key()
        _, after = self.screen.change(lambda kiosk: touch.answering(kiosk, key, self.clock()))
        visit = after.visit
        if visit is None or visit.answer_key != key or visit.ticket is None or visit.paper is None:
            return
        if visit.away:  # the hall cannot be asked for another paper: the number on the screen has to do
            paper = visit.paper.model_copy(update={"state": "printed" if got else "failed"})
            name = visit.ticket.id
            self.screen.change(lambda kiosk: touch.printed_alone(kiosk, name, paper, self.clock()))
            return
        try:
            ticket = self.client.answer_slip(visit.ticket.id, got, key)
        except HallError as error:
            LOG.warning("the hall did not take a customer's answer: %s", error)
            self.screen.change(lambda kiosk: touch.unheard(kiosk, key))
        else:
            self.screen.change(lambda kiosk: touch.answered(kiosk, ticket, self.clock()))

    def done(self) -> None:
        self.screen.change(touch.done)

    def wipe(self) -> None:
        """Nobody stands here any more."""
        self.screen.change(touch.wiped)

    def listen(self, on: bool) -> None:
        self.screen.change(lambda kiosk: touch.listening(kiosk, on))

    def stay(self) -> None:
        self.screen.change(lambda kiosk: touch.stayed(kiosk, self.clock()))

    def open_help(self, language: Language) -> None:
        self.screen.change(lambda kiosk: helping.opened(kiosk, language, self.clock()))

    def ask_help(self, reason: HelpWord, language: Language) -> None:
        """Tell the staff that somebody here wants help."""
        key = self.new_key()
        _, after = self.screen.change(lambda kiosk: helping.chosen(kiosk, reason, language, key, self.clock()))
        if after.help is not None and after.help.key == key:
            self.screen.change(self._ask_help(after.help))

    def _ask_help(self, asked: Help) -> Callable[[Kiosk], Kiosk]:
        request = HelpRequest(reason=asked.reason, language=asked.language)
        for _ in range(TRIES):
            try:
                name = self.client.ask_help(request, asked.key).help
            except Unreachable as error:
                LOG.warning("no answer: %s", error)
            except Refused as refusal:
                LOG.warning("the hall sends nobody: %s", refusal)
                break
            else:
                return lambda kiosk: helping.told(kiosk, asked.key, name, self.clock())
        return lambda kiosk: helping.untold(kiosk, asked.key, self.clock())

    def open_check_in(self, language: Language) -> None:
        self.screen.change(lambda kiosk: checkin.opened(kiosk, language, self.clock()))

    def check_in(self, digits: str, language: Language) -> None:
        """A code or the end of a phone number, typed or scanned."""
        self._ask_for(lambda kiosk, key: checkin.typed(kiosk, digits, language, key, self.clock()))

    def choose(self, appointment: str) -> None:
        """Which of several times it is."""
        self._ask_for(lambda kiosk, key: checkin.chosen(kiosk, appointment, key, self.clock()))

    def walk_in(self) -> None:
        """Too late: an ordinary ticket will do."""
        self._ask_for(lambda kiosk, key: checkin.walk_in(kiosk, key, self.clock()))

    def _ask_for(self, move: Callable[[Kiosk, str], Kiosk]) -> None:
        key = self.new_key()
        _, after = self.screen.change(lambda kiosk: move(kiosk, key))
        asked = after.check_in
        if asked is not None and asked.key == key and asked.step == "asking":
            self.screen.change(self._check_in(asked))

    def _check_in(self, asked: CheckIn) -> Callable[[Kiosk], Kiosk]:
        request = CheckInRequest(
            digits=asked.digits, appointment=asked.appointment, language=asked.language, walk_in=asked.walk_in
        )
        for _ in range(TRIES):
            try:
                ticket = self.client.check_in(request, asked.key)
            except Unreachable as error:
                LOG.warning("no answer: %s", error)
            except Refused as refusal:
                code, said = refusal.code, refusal.said
                return lambda kiosk: checkin.denied(kiosk, asked.key, code, said, self.clock())
            else:
                return lambda kiosk: checkin.given(kiosk, asked.key, ticket, self.clock())
        return lambda kiosk: checkin.denied(kiosk, asked.key, touch.UNREACHABLE, {}, self.clock())

    def look(self) -> None:
        """Let time pass on the screen, and ask for the ticket where the socket can't tell."""
        now = self.clock()
        _, kiosk = self.screen.change(lambda kiosk: touch.expired(kiosk, now))
        ticket = touch.pending(kiosk)
        if ticket is None or now < self._asked_at + ASK_EVERY_S:
            return
        self._asked_at = now
        try:
            fresh = self.client.ticket(ticket.id)
        except HallError as error:
            LOG.debug("the ticket cannot be asked for: %s", error)
        else:
            self.screen.change(lambda kiosk: touch.answered(kiosk, fresh, self.clock()))

    def next_look(self, kiosk: Kiosk) -> float:
        """When ``look`` would ask for the ticket again; infinity when the socket tells us."""
        return self._asked_at + ASK_EVERY_S if touch.pending(kiosk) is not None else float("inf")

    def _issue_if_new(self, before: Kiosk, after: Kiosk) -> None:
        """Exactly one of many simultaneous taps sees the change to *asking*, and acts."""
        if after is before or after.visit is None or after.visit.stage != "asking":
            return
        self.screen.change(self._issue(after.visit))

    def _issue(self, visit: Visit) -> Callable[[Kiosk], Kiosk]:
        help_ = self.screen.get()[1].helped or None
        request = TicketRequest(service=visit.service, language=visit.language, then=visit.then, help=help_)
        asked = 0
        while asked < self._tries(visit.service):
            asked += 1
            try:
                ticket = self.client.issue(request, visit.key)
            except Unreachable as error:
                LOG.warning("no answer: %s", error)
            except Refused as refusal:
                code = refusal.code
                return lambda kiosk: touch.refused(kiosk, visit.key, code, self.clock())
            else:
                return lambda kiosk: touch.issued(kiosk, visit.key, ticket, self.clock())
        try:
            own = self.alone(visit) if self.alone is not None and not visit.then else None
        except Refused as refusal:
            code = refusal.code
            return lambda kiosk: touch.refused(kiosk, visit.key, code, self.clock())
        if own is not None:
            return lambda kiosk: touch.issued(kiosk, visit.key, own, self.clock(), away=True)
        return lambda kiosk: touch.refused(kiosk, visit.key, touch.UNREACHABLE, self.clock())

    def _tries(self, service: str) -> int:
        """Nobody waits for a hall that is known to be away while we have numbers of our own."""
        kiosk = self.screen.get()[1]
        if kiosk.cut:
            return 0
        return 1 if kiosk.link is not LinkState.UP and service in kiosk.alone else TRIES
