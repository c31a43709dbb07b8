"""What the pages ask of the rest of the server, and who is asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from display.board import Board
from hall_server.contract import (
    AppointmentsView,
    ChecksView,
    ClerkView,
    DayView,
    DeviceRow,
    FloorView,
    Ticket,
)
from hall_server.contract.emergency import AlarmRow
from hall_server.contract.hooks import HookRow
from hall_server.contract.lobby import LobbyView
from hall_server.contract.rolls import RollsView
from hall_server.contract.slips import MissingView, PickUps
from hall_server.detour import Detour
from hall_server.register.replacing import Wanted
from hall_server.web.complaining import Complaints
from hall_server.web.contents import Shelf
from hall_server.web.day_reports import Reports
from hall_server.web.histories import Kept
from hall_server.web.keeping import Records
from hall_server.web.office import Sheets

TOLD_APART_BY = 8  # hex digits of a credential's id: enough for all that a hall ever gives out, and still read aloud


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is signed in: the role, whom or what the sign-in is for, and a clerk's window.

    ``session`` names the credential of somebody who signed in at a page, programs have none; ``credential`` anybody's.
    """

    role: str
    subject: str | None = None
    window: str | None = None
    session: str = ""
    credential: str = ""

    @property
    def actor(self) -> str:
        """How the journal calls them: who has no name goes by the credential, lest two be taken for one."""
        return f"{self.role}:{self.subject or self.credential[:TOLD_APART_BY] or '-'}"


@dataclass(frozen=True, slots=True)
class Link:
    """A screen that is not a console: the hall's TV, a window's display, a kiosk, the simulators of the demo."""

    kind: Literal["tv", "tablet", "kiosk", "simulator"]
    url: str
    name: str = ""


class Pages(Protocol):
    """Views for pages; each call gives one frozen value built after the last commit."""

    @property
    def reports(self) -> Reports:
        """What happened on days, and what the next ones ask for."""

    @property
    def contents(self) -> Shelf:
        """What the hall tells its customers."""

    @property
    def histories(self) -> Kept:
        """What devices and ratings were."""

    @property
    def office(self) -> Sheets:
        """The settings, for whoever sets the hall up."""

    @property
    def keeping(self) -> Records:
        """Who may sign in, what is kept of people, who did what."""

    @property
    def complaints(self) -> Complaints:
        """What customers complained of."""

    def now(self) -> datetime:
        """The server's time in UTC, with its zone."""

    def today(self) -> str:
        """The calendar date where the hall stands, YYYY-MM-DD."""

    def board(self) -> Board: ...

    def pickups(self) -> PickUps: ...

    def has_pickups(self) -> bool: ...

    def missing(self, page: str) -> MissingView | None: ...

    def windows(self) -> tuple[str, ...]: ...

    def clerk(self, window: str, *, targets: bool = True) -> ClerkView | None:
        """None when there is no such window; without ``targets`` it does not say where a customer can be sent."""

    def checks(self) -> ChecksView: ...

    def hall_day(self) -> DayView: ...

    def appointments(self, day: date) -> AppointmentsView: ...

    def alarm(self) -> AlarmRow | None:
        """The alarm that stands; None while there is no danger."""

    def lobby(self, by: str) -> LobbyView:
        """What a concierge (role:id) sees."""

    def rolls(self) -> RollsView: ...

    def has_rolls(self) -> bool: ...

    def devices(self) -> tuple[DeviceRow, ...]: ...

    def device_options(self, device: str) -> Mapping[str, str]:
        """How its driver was set up."""

    def as_written(self, device: str) -> Wanted | None:
        """What the settings say about it now; None for what has no address."""

    def shared(self) -> bool:
        """Whether another server may use the same database."""

    def floor(self) -> FloorView:
        """Its ``rev`` grows with every fact: it is the ETag of every staff page."""

    def detour(self, window: str) -> Detour | None:
        """None when there is no such window."""

    def ticket_by_code(self, code: str) -> Ticket | None:
        """None when the code never was one or its day is over."""

    def rating(self, code: str) -> int | None:
        """What the customer said, 1 to 5; None when nothing has been said."""

    def rate(self, code: str, level: int) -> None:
        """The customer says it; once a ticket, and only of a service that is over."""

    def webhooks(self) -> tuple[HookRow, ...]:
        """Programs outside that are told what happens, and how they do."""

    def links(self) -> tuple[Link, ...]: ...

    def principal(self, secret: str) -> Principal | None:
        """Whose session this is; None once it has ended."""

    def redeem(self, code: str) -> str | None:
        """A new session's secret for a one-time sign-in code; None when it was used or has run out."""

    def sign_out(self, secret: str) -> None: ...
