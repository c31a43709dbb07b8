"""A queue as one would keep it on paper: the model that the real hall is held against. It shares no code with it."""

from dataclasses import dataclass, field

PASS_OVER = 3


@dataclass
class PlainTicket:
    """One line on the paper."""

    label: str
    service: str
    order: int
    arrival: float
    state: str = "waiting"
    window: str | None = None
    sent_to: str | None = None
    absences: int = 0
    pass_over: int = 0
    back: tuple[str, str] | None = None
    held: tuple[str, str] | None = None  # by which window, and for whom
    urgent: bool = False
    away: bool = False
    turn: float = 0.0  # among those who came at the same moment


@dataclass
class Reserve:
    """Numbers that a kiosk may give out alone: those that are left, and the latest arrival it told of."""

    kiosk: str
    service: str
    left: list[int]
    told_at: float
    first: int = 0
    last: int = 0

    def __post_init__(self) -> None:
        self.first, self.last = self.left[0], self.left[-1]


@dataclass
class PlainHall:
    """Lines in the order of arrival, and which windows are shut for which reasons."""

    windows: dict[str, tuple[str, ...]]
    prefixes: dict[str, str]
    tickets: list[PlainTicket] = field(default_factory=list)
    shut: dict[str, set[str]] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)  # windows whose sign has just missed: others are better
    paused: set[str] = field(default_factory=set)
    draining: set[str] = field(default_factory=set)
    also: dict[str, dict[str, float]] = field(default_factory=dict)
    open: bool = False
    reserves: list[Reserve] = field(default_factory=list)

    def at(self, window: str) -> PlainTicket | None:
        here = [t for t in self.tickets if t.window == window]
        assert len(here) <= 1
        return here[0] if here else None

    def works(self, window: str) -> bool:
        return not self.shut.get(window) and window not in self.paused

    def homes(self, service: str, but: str = "") -> list[str]:
        """Windows that do not drain, if one of them has the service; else all that have it."""
        able = [w for w in self.windows if w != but and service in self.serves(w)]
        return [w for w in able if w not in self.draining] or able

    def serves(self, window: str) -> set[str]:
        return {*self.windows[window], *self.also.get(window, ())} if self.works(window) else set()

    def may_call(self, window: str) -> set[str]:
        return {service for service in self.serves(window) if window in self.homes(service)}

    def issue(self, service: str, arrival: float) -> str:
        own = [t for t in self.tickets if not t.away]
        return self.enter(
            service, 1 + sum(t.label.startswith(self.prefixes[service]) for t in own), arrival, away=False
        )

    def enter(self, service: str, number: int, arrival: float, *, away: bool = True) -> str:
        ticket = PlainTicket(f"{self.prefixes[service]}{number:03}", service, len(self.tickets), arrival)
        ticket.turn, ticket.away = float(len(self.tickets)), away
        self.tickets.append(ticket)
        return ticket.label

    def next_for(self, window: str) -> PlainTicket | None:
        """Who comes next: those sent here, then the earliest nobody was promised, then those passed over."""
        waiting = [t for t in self.tickets if t.state == "waiting"]
        mine = [t for t in waiting if t.service in self.may_call(window)]
        sent = [t for t in waiting if t.sent_to == window and t.service in self.serves(window)]
        rest = [t for t in mine if t.sent_to is None or t.service not in self.serves(t.sent_to)]
        urgent = [t for t in (*rest, *(t for t in mine if t.sent_to == window)) if t.urgent and not t.pass_over]
        fresh = [t for t in rest if t.pass_over == 0]
        return min(urgent or sent or fresh or rest, key=lambda t: (t.arrival, t.turn), default=None)

    def named(self, window: str, number: int) -> list[PlainTicket]:
        """Who waits with this number for something that the window serves."""
        mine = [t for t in self.tickets if t.state == "waiting" and t.service in self.serves(window)]
        return [t for t in mine if int(t.label[1:]) == number]

    def call(self, window: str) -> str | None:
        ticket = self.next_for(window)
        if ticket is not None:
            self.put(ticket, window)
        return ticket.label if ticket else None

    def put(self, ticket: PlainTicket, window: str) -> None:
        ticket.state, ticket.window, ticket.sent_to, ticket.pass_over = "called", window, None, 0
        for other in self.tickets:
            if other.state == "waiting" and other.service == ticket.service and other.pass_over:
                other.pass_over -= 1

    def end(self, ticket: PlainTicket, state: str) -> None:
        ticket.state, ticket.window, ticket.sent_to = state, None, None

    def finish(self, ticket: PlainTicket) -> None:
        """Done, unless another window wants the customer back."""
        if ticket.back and ticket.back[0] != ticket.window:
            self.send_on(ticket, ticket.back[1], ticket.back[0])
        else:
            self.end(ticket, "done")

    def send_on(self, ticket: PlainTicket, service: str, to: str | None, come_back: bool = False) -> None:
        """On to another service or window, at the place in line that the ticket always had."""
        if come_back:
            ticket.back = (str(ticket.window), ticket.service)
        elif ticket.back == (to, service):
            ticket.back = None
        ticket.state, ticket.window, ticket.sent_to, ticket.service, ticket.absences = "waiting", None, to, service, 0

    def absent(self, ticket: PlainTicket) -> None:
        if ticket.absences:
            self.end(ticket, "no_show")
            return
        ticket.state, ticket.window = "waiting", None
        ticket.absences, ticket.pass_over = 1, PASS_OVER

    def hold(self, ticket: PlainTicket, pool: str) -> None:
        ticket.held = (str(ticket.window), pool)
        ticket.state, ticket.window, ticket.sent_to = "held", None, None

    def may_take_up(self, ticket: PlainTicket, window: str) -> bool:
        kept_by, pool = ticket.held or ("", "")
        if pool == "hall" or kept_by == window:
            return True
        return (pool == "service" or not self.works(kept_by)) and ticket.service in self.serves(window)

    def reinstate(self, ticket: PlainTicket, arrival: float) -> None:
        """Behind everybody who waits now; those brought back later come later still."""
        latest = max([t.turn for t in self.tickets if t.turn < len(self.tickets)], default=0.0)
        ticket.arrival, ticket.turn = arrival, (latest + len(self.tickets)) / 2
        ticket.state, ticket.absences, ticket.pass_over, ticket.sent_to = "waiting", 0, 0, None

    def can_go(self, window: str) -> bool:
        return all(self.homes(service, but=window) for service in self.windows[window])

    def shut_down(self, window: str, incident: str) -> bool:
        """Send a window's customers elsewhere, if each of its services has an elsewhere; whether that is new."""
        if not self.can_go(window) or incident in self.shut.setdefault(window, set()) or incident in self.kept:
            return False
        self.shut[window].add(incident)
        ticket = self.at(window)
        if ticket is not None and ticket.state == "called":
            self.send_away(ticket, window)
        return True

    def send_away(self, ticket: PlainTicket, window: str) -> None:
        """Call the customer at the nearest free window, or let them wait for the nearest."""
        order = list(self.windows)
        near = sorted(
            self.homes(ticket.service, but=window),
            key=lambda w: (abs(order.index(w) - order.index(window)), order.index(w)),
        )
        if not near:  # taken up from aside by a window that does not serve it, it stays where it is
            return
        free = sorted((w for w in near if self.at(w) is None), key=lambda w: w in self.doubted)
        ticket.state, ticket.window, ticket.sent_to = "waiting", None, near[0]
        if free:
            self.put(ticket, free[0])

    def reopen(self, window: str, incident: str) -> None:
        self.shut.get(window, set()).discard(incident)

    def close(self) -> None:
        self.open = False
        self.draining, self.also = set(), {}
        for ticket in self.tickets:
            if ticket.state in ("waiting", "called", "serving", "held", "no_show"):
                self.end(ticket, "expired")

    def picture(self) -> dict[str, tuple[str, str | None]]:
        """State and window of each label."""
        return {t.label: (t.state, t.window) for t in self.tickets}
