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
    turn: float = 0.0  # among those who came at the same moment


@dataclass
class PlainHall:
    """Lines in the order of arrival, and which windows are shut for which reasons."""

    windows: dict[str, tuple[str, ...]]
    prefixes: dict[str, str]
    tickets: list[PlainTicket] = field(default_factory=list)
    shut: dict[str, set[str]] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    open: bool = False

    def at(self, window: str) -> PlainTicket | None:
        here = [t for t in self.tickets if t.window == window]
        assert len(here) <= 1
        return here[0] if here else None

    def works(self, window: str) -> bool:
        return not self.shut.get(window) and window not in self.paused

    def homes(self, service: str, but: str = "") -> list[str]:
        return [w for w, served in self.windows.items() if w != but and self.works(w) and service in served]

    def issue(self, service: str, arrival: float) -> str:
        number = 1 + sum(t.label.startswith(self.prefixes[service]) for t in self.tickets)
        ticket = PlainTicket(f"{self.prefixes[service]}{number:03}", service, len(self.tickets), arrival)
        ticket.turn = float(len(self.tickets))
        self.tickets.append(ticket)
        return ticket.label

    def next_for(self, window: str) -> PlainTicket | None:
        """Who comes next: those sent here, then the earliest nobody was promised, then those passed over."""
        mine = [t for t in self.tickets if t.state == "waiting" and t.service in self.windows[window]]
        sent = [t for t in mine if t.sent_to == window]
        urgent = [t for t in mine if t.urgent and not t.pass_over]
        urgent = [t for t in urgent if t.sent_to in (None, window) or not self.works(t.sent_to)]
        rest = [t for t in mine if t.sent_to is None or not self.works(t.sent_to)]
        fresh = [t for t in rest if t.pass_over == 0]
        return min(urgent or sent or fresh or rest, key=lambda t: (t.arrival, t.turn), default=None)

    def named(self, window: str, number: int) -> list[PlainTicket]:
        """Who waits with this number for something that the window serves."""
        mine = [t for t in self.tickets if t.state == "waiting" and t.service in self.windows[window]]
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
        return (pool == "service" or not self.works(kept_by)) and ticket.service in self.windows[window]

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
        free = [w for w in near if self.at(w) is None]
        ticket.state, ticket.window, ticket.sent_to = "waiting", None, near[0]
        if free:
            self.put(ticket, free[0])

    def reopen(self, window: str, incident: str) -> None:
        self.shut.get(window, set()).discard(incident)

    def close(self) -> None:
        self.open = False
        for ticket in self.tickets:
            if ticket.state in ("waiting", "called", "serving", "held", "no_show"):
                self.end(ticket, "expired")

    def picture(self) -> dict[str, tuple[str, str | None]]:
        """State and window of each label."""
        return {t.label: (t.state, t.window) for t in self.tickets}
