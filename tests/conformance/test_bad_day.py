"""A hall's day on a bad cable, in virtual time: no notice that is not true, no wrong text, every text shown in the end.

`make soak` lives through whole days; elsewhere it is a part of one.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from drivers.bus.health import RECOVER_S
from drivers.health import Health, State
from drivers.ports import DeviceSpec, SignContent
from drivers.sim.signs import A090Board
from hall_server.core import facts as f
from hall_server.core.config import Device
from hall_server.core.facts import redirects as r
from tests.conformance.virtual_line import URL, Losing, VirtualLine, whole
from tests.core.scene import CONFIG, OPENED_AT, Scene, scene
from tests.soak import rounds

WINDOWS = "1234"
BOARD = 128
SIGNS = {**{f"sign{window}": int(window) for window in WINDOWS}, "board": BOARD}
DAY_S = 24 * 3600.0
SPAN_S = rounds(1000, int(DAY_S))
QUIET_S = 120.0  # at the end the cable is mended, and this long everything has time to come right
RESTED_S = 600.0


def drops(share: float, seed: int = 7) -> Losing:
    """A cable that loses this share of all frames, either way."""
    chance = random.Random(seed)
    return lambda _, data: b"" if chance.random() < share else data


def drops_bytes(share: float, seed: int = 7) -> Losing:
    """A cable that loses single bytes."""
    chance = random.Random(seed)
    return lambda _, data: bytes(one for one in data if chance.random() >= share)


def dead(when: Callable[[float], bool]) -> Losing:
    """A cable that carries nothing at these moments."""
    return lambda now, data: b"" if when(now) else data


@dataclass
class BadDay:
    """Four windows and a board; people are called, now and then a window pauses, at night it is quiet."""

    losing: Losing
    seconds: float = SPAN_S
    asked: dict[str, list[SignContent]] = field(default_factory=lambda: {sign: [] for sign in SIGNS})
    awaited: set[str] = field(default_factory=set)
    changes: list[tuple[float, str, str]] = field(default_factory=list)
    calls: int = 0
    lost: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        specs = [DeviceSpec("bus", "bus", URL)]
        specs += [DeviceSpec(sign, "sign", f"{URL}#{at}", (("columns", "16"),)) for sign, at in SIGNS.items()]
        self.line = VirtualLine(tuple(specs), {at: A090Board() for at in SIGNS.values()}, losing=self.lose)
        others = (Device("bus", "bus", "总线", "Line"), Device("board", "sign", "综合屏", "Board"))
        self.hall: Scene = scene(devices=(*CONFIG.devices, *others))
        self.chance = random.Random(3)
        self.line.diary.on_health, self.line.diary.on_shown = self.told, self.shown

    def live(self) -> "BadDay":
        for window in WINDOWS:
            self.plan(window)
        self.line.moments.at(self.line.moments.now + self.seconds, self.mend)
        self.line.run(self.seconds + QUIET_S)
        for sign, at in SIGNS.items():
            assert self.line.text(at) in self.asked[sign][-1].pages, f"{sign} does not show its last text"
        assert self.awaited == set()
        return self

    def lose(self, now: float, data: bytes) -> bytes:
        left = self.losing(now, data)
        if left != data:
            self.lost[data[2]] = now  # the address, either way
        return left

    def mend(self) -> None:
        self.losing = whole

    def plan(self, window: str) -> None:
        """The next customer in a minute or five; outside the ten hours of a day nobody comes."""
        next_s = self.chance.uniform(60, 300)
        self.line.moments.at(self.line.moments.now + next_s, lambda: self.next(window))

    def next(self, window: str) -> None:
        self.plan(window)
        if self.line.moments.now % DAY_S > 10 * 3600:
            return
        self.calls += 1
        label = f"A{self.calls % 1000:03}"
        if self.chance.random() < 0.1:
            self.show(f"sign{window}", "暂停服务", urgent=False)
            return
        self.show(f"sign{window}", label, urgent=True)
        self.show("board", f"{label} 请到{window}号", f"{label} -> {window}", urgent=False)

    def show(self, sign: str, *pages: str, urgent: bool) -> None:
        content = SignContent(f"{sign} {len(self.asked[sign])}", pages, urgent=urgent)
        self.asked[sign].append(content)
        self.awaited.add(sign)
        self.line.worker.show(sign, content)

    def told(self, device: str, health: Health) -> None:
        """The hall hears of it, and what it hears is true."""
        self.look()
        now, state = self.line.moments.now, health.state
        if state is State.DEGRADED and not self.was(device, "failed", "unknown", "degraded"):
            assert device in self.awaited, f"{device} was called degraded, and no text was missing"
        if state is State.OK and device in SIGNS and self.was(device, "failed", "unknown", "degraded"):
            assert now - self.lost[SIGNS[device]] >= RECOVER_S, f"{device} was called ok too early"
        self.changes.append((now, device, state))
        self.hall.now = OPENED_AT + now
        self.hall.health(device, state, *health.faults)

    def was(self, device: str, *states: str) -> bool:
        return next((said in states for _, name, said in reversed(self.changes) if name == device), False)

    def shown(self, sign: str, content_id: str) -> None:
        """Whatever is called shown is on the sign at this moment."""
        content = next(one for one in reversed(self.asked[sign]) if one.content_id == content_id)
        assert self.line.text(SIGNS[sign]) in content.pages
        if content is self.asked[sign][-1]:
            self.awaited.discard(sign)
        self.look()

    def look(self) -> None:
        """No sign ever shows what it was not asked to show."""
        for sign, at in SIGNS.items():
            texts = {" ", "", *(page for content in self.asked[sign][-3:] for page in content.pages)}
            assert self.line.text(at) in texts

    def states(self, device: str) -> list[str]:
        return [said for _, name, said in self.changes if name == device]

    def consequences(self) -> list[str]:
        """What the hall did about it."""
        kinds = (f.RepairOpened, f.RepairVerified, f.WindowRedirected, r.WindowRedirectProposed)
        return [
            f"{type(fact).__name__} {getattr(fact, 'device', '')}"
            for fact in self.hall.facts
            if isinstance(fact, kinds)
        ]


@pytest.mark.parametrize(
    "losing",
    [drops(0.3), drops(0.5), drops_bytes(0.02), dead(lambda now: now % 60 < 2), dead(lambda now: now % 4 < 2)],
    ids=["30 % of the frames", "half of the frames", "2 % of the bytes", "2 s each minute", "2 s of 4"],
)
def test_a_bad_cable_raises_no_notice_that_is_not_true(losing: Losing) -> None:
    day = BadDay(losing).live()
    assert {said for _, _, said in day.changes} <= {"ok", "degraded"}
    assert day.consequences() == []
    assert day.states("bus") == ["ok"]


def test_a_line_that_is_dead_for_ten_seconds_is_told_once_and_restored_once() -> None:
    day = BadDay(dead(lambda now: 300 <= now % DAY_S < 310), seconds=RESTED_S).live()
    assert day.states("bus") == ["ok", "failed", "ok"]
    assert day.consequences() == ["RepairOpened bus", "RepairVerified bus"]
    assert [day.states(sign) for sign in SIGNS] == [["ok", "unknown", "ok"]] * len(SIGNS)


def test_a_plug_that_is_loose_for_an_hour_is_one_fault() -> None:
    """Twelve seconds off, twelve on: a gap is long enough to be called a fault, and no pause to end it."""
    day = BadDay(dead(lambda now: now % 24 >= 12), seconds=RESTED_S).live()
    assert day.states("bus") == ["ok", "failed", "ok"]
    assert [day.states(sign) for sign in SIGNS] == [["ok", "unknown", "ok"]] * len(SIGNS)
    assert day.consequences() == ["RepairOpened bus", "RepairVerified bus"]


def test_the_day_sees_a_notice_that_is_not_true(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a few silent questions proof enough, the same cable would open repairs."""
    monkeypatch.setattr("tests.conformance.virtual_line.BY_CHANCE", 0.1)
    assert BadDay(drops(0.5), seconds=1000.0).live().consequences() != []
