"""A rush: many take tickets and many call, each with a key of its own, while something happens to the servers."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import HTTPException

from tests.two_servers.checker import Got
from tests.two_servers.pair import SERVICES, WINDOWS, Answer, Caller, Servers

TWICE_EACH = 4  # every fourth ticket is asked for at two servers at the same moment


@dataclass
class Rush:
    """Who takes part; ``acknowledged`` is what they were told, by key."""

    servers: Servers
    issuers: int
    tickets_each: int
    callers: int
    pause_s: float = 0.0
    name: str = "rush"
    acknowledged: dict[str, Got] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    asked: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)
    turned_away: int = 0
    repeated: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _issued: threading.Event = field(default_factory=threading.Event)
    _leave: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        issuing = [self._thread(self._issue, n) for n in range(self.issuers)]
        calling = [self._thread(self._call, n) for n in range(self.callers)]
        self._threads = [*issuing, *calling]
        for thread in self._threads:
            thread.start()

        def watch() -> None:
            for thread in issuing:
                thread.join()
            self._issued.set()

        self._threads.append(threading.Thread(target=watch, daemon=True))
        self._threads[-1].start()

    def leave(self) -> None:
        """No new tickets from now on; what is under way is finished, and everybody who waits is called."""
        self._leave.set()

    def end(self) -> None:
        for thread in self._threads:
            thread.join()

    @property
    def answers(self) -> int:
        return len(self.acknowledged)

    def alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _thread(self, work: Callable[[int], None], number: int) -> threading.Thread:
        return threading.Thread(target=self._kept, args=(work, number), daemon=True)

    def _kept(self, work: Callable[[int], None], number: int) -> None:
        """What breaks in a thread is told where the test looks."""
        try:
            work(number)
        except (AssertionError, LookupError, OSError, HTTPException, ValueError) as broken:
            self.wrong.append(f"{work.__name__} {number} broke: {broken!r}")

    def _issue(self, number: int) -> None:
        callers: dict[str, Caller] = {}
        for turn in range(self.tickets_each):
            if self._leave.wait(self.pause_s if turn else 0.0):
                break
            kiosk = f"K{(number + turn) % 20 + 1}"
            caller = callers.setdefault(kiosk, self.servers.caller(kiosk, number))
            body = {"service": SERVICES[(number + turn) % len(SERVICES)]}
            key = f"{self.name}-issuer-{number:02}-turn-{turn:04}"
            twice = len(self.servers.programs) > 1 and (number + turn) % TWICE_EACH == 0
            other = self._ask_beside(kiosk, number + 1, body, key) if twice else None
            self._note("issue", kiosk, "/api/v1/tickets", body, key, caller.post("/api/v1/tickets", body, key))
            if other is not None:
                self._compare(key, other)
        self._put_away(callers.values())

    def _ask_beside(self, kiosk: str, server: int, body: dict[str, str], key: str) -> Caller | None:
        """The same request at the other server, its answer not awaited."""
        other = self.servers.caller(kiosk, server)
        try:
            other.send("POST", "/api/v1/tickets", body, key)
        except (OSError, HTTPException):
            other.close()
            return None
        return other

    def _compare(self, key: str, other: Caller) -> None:
        try:
            answer = other.hear()
        except (OSError, HTTPException):
            return  # that server is away: it said nothing that could be wrong
        finally:
            other.close()
        said = got("issue", answer, "")
        if answer.status not in (502, 503, 504) and said != self.acknowledged[key]:
            self.wrong.append(f"{key} got {self.acknowledged[key]} at one server and {answer} at the other")

    def _call(self, number: int) -> None:
        """Press *next* until nobody waits and nobody comes any more; some share a window."""
        window = str(number % (WINDOWS if self.callers > WINDOWS else max(1, self.callers - 2)) + 1)
        caller, turn, after_the_last = self.servers.caller("manager", number), 0, False
        while not after_the_last:
            last = self._issued.is_set()
            path, body = f"/api/v1/windows/{window}/next", {"previous": "served"}
            key = f"{self.name}-caller-{number:02}-turn-{turn:04}"
            answer = caller.post(path, body, key)
            self._note("next", "manager", path, body, key, answer, window)
            turn += 1
            after_the_last = (last and answer.status == 204) or answer.status >= 400
            if answer.status == 204:
                self._issued.wait(0.1)
        self._put_away([caller])

    def _note(
        self, what: str, who: str, path: str, body: dict[str, str], key: str, answer: Answer, window: str = ""
    ) -> None:
        if answer.status not in (200, 201, 204):
            self.wrong.append(f"{key} was refused: {answer}")
        with self._lock:
            self.acknowledged[key] = got(what, answer, window)
            self.asked[key] = (who, path, body)

    def _put_away(self, callers: Iterable[Caller]) -> None:
        for caller in callers:
            with self._lock:
                self.turned_away += caller.turned_away
                self.repeated += caller.tries
            caller.close()


def got(what: str, answer: Answer, window: str) -> Got:
    value = answer.value
    return Got(what, answer.status, str(value.get("id", "")), str(value.get("label", "")), window)
