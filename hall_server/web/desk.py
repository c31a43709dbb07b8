"""The desk: through it every page and call reaches the writer, the views and the credentials."""

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from display.board import Board
from hall_server import contract as c
from hall_server import views
from hall_server.contract.emergency import AlarmRow
from hall_server.contract.hooks import HookRow
from hall_server.contract.lobby import LobbyView
from hall_server.contract.rolls import RollsView
from hall_server.contract.slips import MissingView, PickUps
from hall_server.core.appointments import day_span
from hall_server.core.commands import Command, ForgetPersons, Grant, OpenDay, Rate, Revoke
from hall_server.core.config import HallConfig
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.core.materials import CODE_DIGITS
from hall_server.core.refusal import Refused
from hall_server.detour import Detour
from hall_server.hooks.all import Webhooks
from hall_server.journal import Journal
from hall_server.media import Media
from hall_server.records import Credential, Credentials, add, appointments, complaints, digest, end
from hall_server.records.credentials import drop, ended_before
from hall_server.register.replacing import Wanted, Workshop
from hall_server.settings.retention import RetentionSettings
from hall_server.settings.tables import Limits
from hall_server.views import appointments as appointment_views
from hall_server.views import checks as check_views
from hall_server.views import day as day_views
from hall_server.views import devices as device_views
from hall_server.views import emergency as emergency_views
from hall_server.views import lobby as lobby_views
from hall_server.views import materials as material_views
from hall_server.views import pickups as pickup_views
from hall_server.views import rolls as roll_views
from hall_server.views import staff as staff_views
from hall_server.web.complaining import Complaining
from hall_server.web.contents import Contents
from hall_server.web.cookies import life_s
from hall_server.web.day_reports import DayReports
from hall_server.web.histories import Histories
from hall_server.web.keeping import Keeping
from hall_server.web.office import Office
from hall_server.web.ports import Link, Principal
from hall_server.writer import Also, Answer, Writer, direct

T = TypeVar("T")

LINK_S = 600.0  # a sign-in link is used at once or not at all
SECRET_BYTES = 32  # 256 bits: nothing to guess
CODE_BYTES = 12  # a ticket's page and a sign-in link: 96 bits, short enough for a QR code


def new_id() -> str:
    """A random id of 64 bits, for tickets, repairs and credentials."""
    return secrets.token_hex(8)


def new_code() -> str:
    """The code of a ticket's page."""
    return secrets.token_hex(CODE_BYTES)


def new_digits() -> str:
    """Digits that a customer types on a kiosk's pad; guesses are limited."""
    return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))


@dataclass(slots=True)
class Desk:
    """One hall's services to its pages and calls; implements ``ports.Pages``."""

    writer: Writer
    journal: Journal
    credentials: Credentials
    outside: views.Outside
    limits: Limits
    retention: RetentionSettings
    orders: Mapping[str, tuple[str, c.DeviceOrder]]
    screens: Callable[[], tuple[Link, ...]]
    read_config: Callable[[], HallConfig]
    workshop: Workshop
    hooks: Webhooks
    clock: Callable[[], float] = time.time
    run_native: Callable[..., Any] = direct
    read: Callable[..., Any] = direct  # for what is only looked up, however long that takes
    reports: DayReports = field(init=False)
    contents: Contents = field(init=False)
    complaints: Complaining = field(init=False)
    histories: Histories = field(init=False)
    office: Office = field(init=False)
    keeping: Keeping = field(init=False)
    media: Media = field(kw_only=True)
    latest: Callable[[], Board] = field(kw_only=True)

    def __post_init__(self) -> None:
        self.reports = DayReports(self.journal, self.read, self.look, self.clock, self.today)
        self.contents = Contents(self.media, self.read, self.look, self.clock)
        self.complaints = Complaining(
            self.journal, self.run_native, self.look, self.do, self.today, self.retention.complaint_s
        )
        self.histories = Histories(self.journal, self.read, self.look, self.clock, self.today, self.outside.assets)
        self.keeping = Keeping(self.journal, self.credentials, self.retention, self.read, self.clock)
        self.office = Office(self.workshop, self.run_native, self.look, self.journal.shared, self.outside)

    def do(
        self, command: Command, actor: str, render: Callable[[Hall, Sequence[Fact]], Answer], *,
        key: str | None = None, body: str = "", also: Also | None = None,
    ) -> Answer:  # fmt: skip
        """Have a command decided; the answer is on disk when it leaves."""
        return self.writer.do(
            command, actor=actor, render=render, key=key, body_sha256=digest(f"{actor}\n{body}"), also=also
        )

    def answered(self, key: str) -> bool:
        """Whether a request with this key was answered before. Raises ``JournalError``."""
        return self.journal.answered(key)

    def answer_of(self, key: str) -> str | None:
        """What the request with this key was answered. Raises ``JournalError``."""
        return self.journal.answer_of(key)

    def look(self, view: Callable[[Hall], T]) -> T:
        """A frozen value made after the last commit."""
        return self.writer.look(view)

    # ---- ports.Pages

    def now(self) -> datetime:
        """The server's time in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def board(self) -> Board:
        """The newest board."""
        return self.latest()

    def windows(self) -> tuple[str, ...]:
        """The ids of all windows."""
        return tuple(row.id for row in self.latest().windows)

    def clerk(self, window: str, *, targets: bool = True) -> c.ClerkView | None:
        """A clerk's screen."""
        return self.look(lambda hall: staff_views.clerk(hall, window, self.outside, targets=targets))

    def checks(self) -> c.ChecksView:
        """The opening check and all inspections."""
        return self.look(check_views.view)

    def appointments(self, day: date) -> c.AppointmentsView:
        """A day's appointments and slots."""
        people = self.run_native(appointments.expected, self.journal, *day_span(day, self.timezone))
        days = self.retention.appointment_days
        return self.look(lambda hall: appointment_views.view(hall, day, people, days))

    def hall_day(self) -> c.DayView:
        """The hall's day."""
        return self.look(day_views.view)

    def alarm(self) -> AlarmRow | None:
        """The alarm that stands."""
        return self.look(lambda hall: emergency_views.alarm(hall, self.outside))

    def lobby(self, by: str) -> LobbyView:
        """What a concierge sees."""
        return self.look(lambda hall: lobby_views.lobby(hall, by))

    def rolls(self) -> RollsView:
        """What was entered of paper rolls."""
        return self.look(roll_views.view)

    def has_rolls(self) -> bool:
        """Whether anybody tears numbers off a paper roll here."""
        return self.look(lambda hall: any(one.printed for one in hall.config.series))

    def pickups(self) -> PickUps:
        """What customers fetch."""
        return self.look(pickup_views.view)

    def has_pickups(self) -> bool:
        """Whether anything is fetched later here."""
        return self.look(lambda hall: any(one.pickup for one in hall.config.services) or bool(hall.pickups))

    def missing(self, page: str) -> MissingView | None:
        """What a slip says is missing."""
        return self.look(lambda hall: material_views.page(hall, page))

    def devices(self) -> tuple[c.DeviceRow, ...]:
        """All devices."""
        return self.look(lambda hall: device_views.devices(hall, self.outside))

    def rating(self, code: str) -> int | None:
        """What the customer of a ticket's page said."""
        return self.look(lambda hall: hall.tickets[hall.codes[code]].rating if code in hall.codes else None)

    def rate(self, code: str, level: int) -> None:
        """The customer of a ticket's page says how it was."""
        ticket = self.look(lambda hall: hall.codes.get(code))
        if ticket is not None:
            self.do(Rate("", ticket, level), "customer:-", lambda _hall, _facts: Answer(204, ""))

    def device_options(self, device: str) -> Mapping[str, str]:
        """What its driver is told beside its address."""
        return self.orders[device][1].options if device in self.orders else {}

    def as_written(self, device: str) -> Wanted | None:
        """What the settings say about a device now."""
        found: Wanted | None = self.run_native(self.workshop.as_written, device)
        return found

    def shared(self) -> bool:
        """Whether another server may use the same database."""
        return self.journal.shared

    def floor(self) -> c.FloorView:
        """The floor."""
        return self.look(lambda hall: staff_views.floor(hall, self.outside))

    def detour(self, window: str) -> Detour | None:
        """What redirecting a window does to everybody's wait."""
        return self.look(lambda hall: staff_views.detour(hall, window))

    def ticket_by_code(self, code: str) -> c.Ticket | None:
        """The ticket whose page has this code."""

        def find(hall: Hall) -> c.Ticket | None:
            name = hall.codes.get(code)
            return views.ticket(hall, hall.tickets[name], self.outside) if name else None

        return self.look(find)

    def webhooks(self) -> tuple[HookRow, ...]:
        """How the programs outside do that are told what happens."""
        return self.hooks.rows()

    def links(self) -> tuple[Link, ...]:
        """Screens that are not consoles."""
        return self.screens()

    def principal(self, secret: str) -> Principal | None:
        """Whose token or session this is."""
        found = self.credentials.find(secret, self.clock())
        if found is None or found.what == "link":
            return None
        session = found.id if found.what == "session" else ""
        return Principal(found.role, found.subject, found.window, session, found.id)

    def redeem(self, code: str) -> str | None:
        """Trade a sign-in link for a session; a link is used once."""
        link = self.credentials.find(code, self.clock())
        if link is None or link.what != "link":
            return None
        try:
            return self.grant("session", link.role, link.subject, link.window, "sign-in", instead_of=link.id)
        except Refused:
            return None

    def sign_out(self, secret: str) -> None:
        """End a session."""
        who = self.principal(secret)
        if who is not None and who.session:
            self.revoke(who.session, who.actor)

    @property
    def timezone(self) -> str:
        """The time zone in which the hall stands."""
        return self.latest().timezone

    def forget(self, actor: str) -> int:
        """Delete what is known of people for too long, some at once; of how many. Raises ``JournalError``."""
        now = self.clock()
        persons = self.run_native(appointments.kept_too_long, self.journal, now)
        signed_in = self.run_native(ended_before, self.journal, now - self.retention.sign_in_s)
        gone = self._forget("appointment", persons, appointments.forget, actor)
        gone += self._forget("sign_in", signed_in, drop, actor)
        said = self.run_native(complaints.kept_too_long, self.journal, now)
        gone += self._forget("complaint", said, complaints.forget, actor)
        self.run_native(appointments.wipe_log, self.journal)
        return gone

    def _forget(self, kind: str, names: Sequence[str], away: Callable[..., bool], actor: str) -> int:
        def delete(tx: Any, _now: float) -> None:
            if not away(tx.connection, self.journal.hall, names):
                raise Refused("unknown_appointment", "Another server has forgotten them already.")

        done = names and self.do(ForgetPersons(kind, len(names)), actor, _granted, also=delete).status == 201
        return len(names) if done else 0

    def today(self) -> str:
        """The calendar date where the hall stands, YYYY-MM-DD."""
        zone = ZoneInfo(self.timezone)
        return self.now().astimezone(zone).date().isoformat()

    def read_journal(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Rows of the journal as JSON values, bodies included."""
        rows = self.journal.rows(after, limit)
        return [{**asdict(row), "at": views.iso(row.at), "body": json.loads(row.body)} for row in rows]

    # ---- credentials

    def grant(
        self, what: str, role: str, subject: str | None, window: str | None, actor: str, *,
        instead_of: str | None = None,
    ) -> str:  # fmt: skip
        """A new secret, stored as its digest only. Raises ``Refused`` when ``instead_of`` has been used."""
        secret = secrets.token_urlsafe(CODE_BYTES if what == "link" else SECRET_BYTES)
        name = new_id()
        lasts_s = {"session": float(life_s(role)), "link": LINK_S}.get(what)

        def store(tx: Any, now: float) -> None:
            if instead_of is not None and not end(tx.connection, instead_of, now):
                raise Refused("link_used", "This sign-in link was used before.")
            expires = None if lasts_s is None else now + lasts_s
            row = Credential(
                id=name, hall=self.journal.hall, secret_sha256=digest(secret), what=what, role=role, subject=subject,
                window=window, created_at=now, expires_at=expires,
            )  # fmt: skip
            add(tx.connection, row)

        answer = self.do(Grant(name, what, role, subject, window), actor, _granted, also=store)
        if answer.status != 201:
            refusal = json.loads(answer.body)
            raise Refused(refusal["code"], refusal["detail"])
        return secret

    def open_day(
        self, actor: str, render: Callable[[Hall, Sequence[Fact]], Answer], despite: str = "", **request: Any
    ) -> Answer:
        """Open today's business day, ``despite`` being why when the hall is not ready."""
        return self.do(OpenDay(self.today(), despite), actor, render, **request)

    def revoke(self, credential: str, actor: str) -> None:
        """End a token or session for good."""
        self.do(
            Revoke(credential), actor, _granted, also=lambda tx, now: _end(tx, credential, now)
        )  # fmt: skip


def _end(tx: Any, credential: str, now: float) -> None:
    end(tx.connection, credential, now)


def _granted(_hall: Hall, _facts: Sequence[Fact]) -> Answer:
    return Answer(201, "{}")
