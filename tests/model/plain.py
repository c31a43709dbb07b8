"""A queue as one would keep it on paper: the model that the real hall is held against. It shares no code with it."""

from dataclasses import dataclass, field, replace

from tests.model.plain_policy import PlainPolicy

PASS_OVER = 3
EASED = 0.9  # of a crowd: a tenth has to go


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
    worked: tuple[str, str] | None = None  # the window, and the service, that the last review was of
    held: tuple[str, str] | None = None  # by which window, and for whom
    urgent: bool = False
    away: bool = False
    turn: float = 0.0  # among those who came at the same moment
    then: list[str] = field(default_factory=list)
    need: bool = False
    klass: str = ""
    guest: bool = False  # has stayed overnight

    @property
    def place(self) -> tuple[float, float]:
        return self.arrival, self.turn


@dataclass
class Reserve:
    """Numbers that a kiosk may give out alone: those that are left, and the latest arrival it told of."""

    kiosk: str
    service: str
    left: list[int]
    told_at: float
    first: int
    last: int


@dataclass
class Draining:
    """A window that closes then, because a person said so or by the calendar."""

    until: float
    by_hand: bool


@dataclass
class LeftWord:
    """A hand-over: who wrote it, and whether the next one has read it."""

    by: str
    read: bool = False


@dataclass
class TakenHome:
    """A slip in a customer's hand, good for a ticket of that service until then; what is fetched has to be ready."""

    service: str
    until: float
    ready: bool = True
    sooner_s: float = 0.0
    come: bool = False

    def __post_init__(self) -> None:
        self.fetched = not self.ready

    def good(self, now: float) -> bool:
        return self.ready and not self.come and now < self.until


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
    draining: dict[str, Draining] = field(default_factory=dict)
    kept_until: dict[str, float] = field(default_factory=dict)  # closing times past which a window is kept open
    also: dict[str, dict[str, float]] = field(default_factory=dict)
    lent: set[str] = field(default_factory=set)  # services left to windows that only help out
    open: bool = False
    reserves: list[Reserve] = field(default_factory=list)
    leave: str = "inform"
    asks: set[str] = field(default_factory=set)  # windows that wait for a yes to pause
    limits: dict[str, int] = field(default_factory=dict)  # by service, "": the hall: so many are a crowd
    crowded: set[str] = field(default_factory=set)
    seats: dict[str, tuple[str, str]] = field(default_factory=dict)  # by window: who, and by which sign-in
    empty: set[str] = field(default_factory=set)  # windows that were left without a word
    skills: dict[str, set[str]] = field(default_factory=dict)  # of clerks who cannot do everything
    words: dict[str, LeftWord] = field(default_factory=dict)  # by window
    ranges: dict[str, int] = field(default_factory=dict)  # by prefix: the last number before one more digit is needed
    tops: dict[str, int] = field(default_factory=dict)  # by prefix: the last number that was given out in turn
    carries: bool = False  # whoever waits when the day is closed waits tomorrow
    policy: PlainPolicy = field(default_factory=PlainPolicy)
    reviews: dict[str, str] = field(default_factory=dict)  # by service: in whose queue what was done is looked at

    def staying(self) -> list[PlainTicket]:
        """Who waits, or is set aside, after closing."""
        return sorted((t for t in self.tickets if t.state in ("waiting", "held")), key=lambda t: t.turn)

    def tomorrow(self) -> "PlainHall":
        """What outlives the night: redirects, who sits where, words that nobody has read, and what the hall chose."""
        return PlainHall(
            self.windows, self.prefixes, shut=self.shut, kept=self.kept, lent=self.lent, open=True, leave=self.leave,
            limits=self.limits, seats=self.seats, skills=self.skills, ranges=self.ranges, carries=self.carries,
            policy=self.policy.fresh(), reviews=self.reviews,
            tickets=[
                replace(t, order=n, turn=float(n), pass_over=0, guest=True) for n, t in enumerate(self.staying())
            ],
            words={window: word for window, word in self.words.items() if not word.read},
        )  # fmt: skip

    def at(self, window: str) -> PlainTicket | None:
        here = [t for t in self.tickets if t.window == window]
        assert len(here) <= 1
        return here[0] if here else None

    def works(self, window: str) -> bool:
        return not self.shut.get(window) and window not in self.paused

    def homes(self, service: str, but: str = "") -> list[str]:
        """Windows that do not drain, if one of them has the service; else all that have it."""
        able = [w for w in self.windows if w != but and service in self.keeps(w)]
        return [w for w in able if w not in self.draining] or able

    def serves(self, window: str) -> set[str]:
        if not self.works(window):
            return set()
        both = self.has(window)
        clerk, _ = self.seats.get(window, ("", ""))
        return both & self.skills.get(clerk, both)

    def has(self, window: str) -> set[str]:
        """Its own services, and those that it helps out with."""
        return {*self.windows.get(window, ()), *self.also.get(window, ())}

    def keeps(self, window: str) -> set[str]:
        """For what it counts, and keeps customers to itself: whoever comes to an empty one may call all the same."""
        return set() if window in self.empty else self.serves(window)

    def may_call(self, window: str) -> set[str]:
        staying = {s for w in self.windows if w not in self.draining for s in self.keeps(w)}
        return self.serves(window) - staying if window in self.draining else self.serves(window)

    def sit(self, window: str, clerk: str, credential: str) -> None:
        self.seats[window] = clerk, credential
        self.empty.discard(window)

    def issue(self, service: str, arrival: float) -> str:
        """The next number of the series that no kiosk has in reserve, and nobody has on a slip since yesterday."""
        prefix = self.prefixes[service]
        last, there = self.ranges.get(prefix, 999), {t.label for t in self.tickets if t.guest}
        reserved = {n for one in self.reserves if one.service == service for n in range(one.first, one.last + 1)}
        number = self.tops.get(prefix, 0) + 1
        while number in reserved or last < number < 1000 or f"{prefix}{number:03}" in there:
            number += 1
        self.tops[prefix] = number
        return self.enter(service, number, arrival, away=False)

    def enter(self, service: str, number: int, arrival: float, *, away: bool = True, prefix: str = "") -> str:
        label = f"{prefix or self.prefixes[service]}{number:03}"
        ticket = PlainTicket(label, service, len(self.tickets), arrival)
        ticket.turn, ticket.away = float(len(self.tickets)), away
        self.tickets.append(ticket)
        return ticket.label

    def waiting(self) -> list[PlainTicket]:
        return [t for t in self.tickets if t.state == "waiting"]

    def crowds(self) -> dict[str, int]:
        """By service, and in the whole hall, how many wait where that counts."""
        names = {*self.limits, *self.crowded}
        return {name: sum(name in ("", t.service) for t in self.waiting()) for name in names}

    def full(self, service: str) -> bool:
        seen = {name: many for name, many in self.crowds().items() if name in ("", service)}
        return any(name in self.crowded or 0 < self.limits.get(name, 0) <= many for name, many in seen.items())

    def gather(self, seen: dict[str, int]) -> None:
        """Time passes: there is a crowd where so many wait, until a tenth has gone or nobody minds any more."""
        for name, many in seen.items():
            limit = self.limits.get(name, 0)
            stays = name in self.crowded and limit > 0 and many > limit * EASED
            begins = name not in self.crowded and 0 < limit <= many
            self.crowded = self.crowded - {name} | ({name} if stays or begins else set())

    def next_for(self, window: str, now: float) -> PlainTicket | None:
        """Who comes next: those sent here, then whose turn it is of those nobody was promised, then who was absent."""
        waiting = self.waiting()
        mine = [t for t in waiting if t.service in self.may_call(window)]
        sent = [t for t in waiting if t.sent_to == window and t.service in self.serves(window)]
        rest = [t for t in mine if t.sent_to is None or t.service not in self.keeps(t.sent_to)]
        urgent = [t for t in (*rest, *(t for t in mine if t.sent_to == window)) if t.urgent and not t.pass_over]
        fresh = [t for t in rest if t.pass_over == 0]
        self.policy.slot = None
        first = urgent or sent or self.policy.whose_turn(fresh, now) or rest
        return min(first, key=lambda t: t.place, default=None)

    def named(self, window: str, number: int) -> list[PlainTicket]:
        """Who waits with this number for something that the window serves."""
        mine = [t for t in self.waiting() if t.service in self.serves(window)]
        return [t for t in mine if int(t.label[1:]) == number]

    def put(self, ticket: PlainTicket, window: str) -> None:
        ticket.state, ticket.window, ticket.sent_to, ticket.pass_over = "called", window, None, 0
        for other in self.tickets:
            if other.state == "waiting" and other.service == ticket.service and other.pass_over:
                other.pass_over -= 1

    def end(self, ticket: PlainTicket, state: str) -> None:
        ticket.state, ticket.window, ticket.sent_to = state, None, None

    def finish(self, ticket: PlainTicket, *, work: bool = True) -> None:
        """Done, unless another window wants the customer back or to see the work, or they came for something else."""
        window, service = ticket.back or ("", "")
        to = window if service in self.has(window) else None
        if service and window != ticket.window and (to or service != ticket.service):
            self.send_on(ticket, service, to)
        elif work and ticket.service in self.reviews:
            ticket.worked = str(ticket.window), ticket.service
            self.step(ticket, self.reviews[ticket.service])
        elif ticket.then:
            ticket.worked = None
            self.step(ticket, ticket.then.pop(0))
        else:
            self.end(ticket, "done")

    def step(self, ticket: PlainTicket, service: str) -> None:
        """The next part of a visit: with the same number, at the same place in line."""
        ticket.state, ticket.window, ticket.sent_to, ticket.absences = "waiting", None, None, 0
        ticket.service, ticket.back = service, None

    def reviewed(self, ticket: PlainTicket) -> tuple[str, str] | None:
        """Whose work is looked at where the ticket stands, and what it was."""
        worked = ticket.worked
        return worked if worked and self.reviews.get(worked[1]) == ticket.service else None

    def send_on(self, ticket: PlainTicket, service: str, to: str | None, come_back: bool = False) -> None:
        """On to another service or window, at the place in line that the ticket always had."""
        if come_back:
            ticket.back = (str(ticket.window), ticket.service)
        elif ticket.back and service == ticket.back[1] and to in (None, ticket.back[0]):
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
        if not self.serves(window):
            return False
        if pool == "hall" or kept_by == window:
            return True
        return (pool == "service" or not self.keeps(kept_by)) and ticket.service in self.serves(window)

    def reinstate(self, ticket: PlainTicket, arrival: float) -> None:
        """Behind everybody who waits now; those brought back later come later still."""
        latest = max([t.turn for t in self.tickets if t.turn < len(self.tickets)], default=0.0)
        ticket.arrival, ticket.turn = arrival, (latest + len(self.tickets)) / 2
        ticket.state, ticket.absences, ticket.pass_over, ticket.sent_to = "waiting", 0, 0, None

    def can_go(self, window: str) -> bool:
        return all(self.homes(service, but=window) for service in self.windows[window])

    def own_windows(self, service: str) -> list[str]:
        """Windows that have the service by the settings and are not redirected."""
        return [w for w, services in self.windows.items() if service in services and not self.shut.get(w)]

    def shut_down(self, window: str, incident: str) -> bool:
        """Send a window's customers elsewhere, if each of its services has an elsewhere; whether that is new."""
        if not self.can_go(window) or incident in self.shut.setdefault(window, set()) or incident in self.kept:
            return False
        self.shut[window].add(incident)
        self.lent |= {s for s in self.windows[window] if not self.own_windows(s)}
        ticket = self.at(window)
        if ticket is not None and ticket.state == "called":
            self.send_away(ticket, window)
        return True

    def send_away(self, ticket: PlainTicket, window: str) -> None:
        """Call the customer at a free window, or let them wait: those that signs name first, then the nearest."""
        order = list(self.windows)
        homes = [set(self.homes(service, but=window)) for service in self.windows[window]]
        named = (set.intersection(*homes) or set.union(*homes)) if homes and all(homes) else set()
        near = sorted(
            self.homes(ticket.service, but=window),
            key=lambda w: (w not in named, abs(order.index(w) - order.index(window)), order.index(w)),
        )
        if not near:  # taken up from aside by a window that does not serve it, it stays where it is
            return
        free = sorted((w for w in near if self.at(w) is None), key=lambda w: w in self.doubted)
        ticket.state, ticket.window, ticket.sent_to = "waiting", None, near[0]
        if free:
            self.put(ticket, free[0])

    def reopen(self, window: str, incident: str) -> None:
        self.shut.get(window, set()).discard(incident)
        if not self.shut.get(window):
            self.lent -= set(self.windows[window])

    def close(self) -> None:
        self.open, self.crowded = False, set()
        self.draining, self.also, self.asks, self.empty = {}, {}, set(), set()
        for block in self.reserves:  # what nobody has is void
            block.left.clear()
        stay = ("waiting", "held") if self.carries else ()
        for ticket in self.tickets:
            if ticket.state in ("waiting", "called", "serving", "held", "no_show") and ticket.state not in stay:
                self.end(ticket, "expired")

    def picture(self) -> dict[str, tuple[str, str | None]]:
        """State and window of each label."""
        return {t.label: (t.state, t.window) for t in self.tickets}
