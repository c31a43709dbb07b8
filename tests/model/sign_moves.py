"""The moves of signs and their station: they report, are declared broken, repaired, and fall silent."""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from hall_server.core import commands as c
from tests.model.life_moves import LifeMachine
from tests.model.moves import WINDOWS, windows
from tests.model.queue_moves import often

SILENT_S = 5  # after this a silent station's devices are unknown
FAULTS = ("no_ack", "bus_dead")
# To each step of a repair: from which one may come.
STEPS = {
    "accepted": ("reported",),
    "on_site": ("reported", "accepted", "waiting_parts", "fixed"),
    "waiting_parts": ("accepted", "on_site"),
    "fixed": ("reported", "accepted", "on_site", "waiting_parts"),
}


@dataclass
class Sign:
    """What we told the hall about the sign of a window."""

    state: str = "unknown"
    faults: tuple[str, ...] = ()
    declared: bool = False
    repair: str | None = None
    steps: dict[str, str] = field(default_factory=dict)  # by repair: the step that it is at


class SignMachine(LifeMachine):
    """A hall whose signs fail and are repaired; a window without one sends its customers elsewhere."""

    def __init__(self) -> None:
        self.signs = {w: Sign() for w in WINDOWS}
        self.station_there: bool | None = None
        self.silent_since = 0.0
        super().__init__()

    def opened(self) -> None:
        """What was carried overnight says since when the station is silent: since the morning."""
        self.silent_since = self.last_at
        self.doubt()

    @rule(window=windows, state=st.sampled_from(["ok", "degraded", "failed", "failed"]), fault=st.sampled_from(FAULTS))
    def sign_reports(self, window: str, state: str, fault: str) -> None:
        sign, faults = self.signs[window], (fault,) if state != "ok" else ()
        repair = self.name("r")
        self.expect(c.ReportHealth(f"sign{window}", state, repair, faults), None)
        if (sign.state, sign.faults) == (state, faults):
            return
        sign.state, sign.faults = state, faults
        self.doubt()
        if state == "failed":
            sign.repair = sign.repair or repair
            self.model.shut_down(window, sign.repair)
        if state == "ok" and sign.repair and not sign.declared:
            self.model.reopen(window, sign.repair)
            sign.repair = None

    @rule(window=windows, anybody=often)
    def declare(self, window: str, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        sign, repair = self.signs[window], self.name("r")
        self.expect(c.DeclareFault(f"sign{window}", repair), "already_reported" if sign.declared else None)
        if not sign.declared:
            sign.declared, sign.repair = True, sign.repair or repair
            self.model.shut_down(window, sign.repair)

    @rule(window=windows)
    def verify(self, window: str) -> None:
        sign = self.signs[window]
        code = "no_repair" if sign.repair is None else "still_failing" if sign.state == "failed" else None
        self.expect(c.VerifyRepair(f"sign{window}"), code)
        if code is None and sign.repair is not None:
            self.model.reopen(window, sign.repair)
            sign.repair, sign.declared = None, False

    @rule(window=windows, step=st.sampled_from((*STEPS, "reported", "verified")), note=st.sampled_from(("", "on it")))
    def advance(self, window: str, step: str, note: str) -> None:
        sign = self.signs[window]
        command = c.AdvanceRepair(f"sign{window}", step, note)
        if sign.repair is None:
            self.expect(command, "no_repair")
            return
        now = sign.steps.get(sign.repair, "reported")
        allowed = (step == now and note) or now in STEPS.get(step, ())
        self.expect(command, None if allowed else "illegal_move")
        if allowed:
            sign.steps[sign.repair] = step
        assert self.look(lambda hall: hall.repairs[f"sign{window}"].state) == (step if allowed else now)

    @rule(connected=st.booleans(), silent_s=st.sampled_from([0, 3, 6]))
    def station(self, connected: bool, silent_s: int) -> None:
        at = self.effective()
        self.expect(c.StationSeen("hall", connected), None)
        if connected is not self.station_there and (connected or self.station_there is not None):
            self.station_there, self.silent_since = connected, at
        self.clock.now += silent_s
        self.tick()

    def tick(self) -> None:
        at = self.effective()
        super().tick()
        self.redirect_late()
        if self.station_there is False and at - self.silent_since > SILENT_S:
            for sign in self.signs.values():
                sign.state, sign.faults = "unknown", sign.faults if sign.state == "unknown" else ("stale",)
        self.doubt()

    def doubt(self) -> None:
        self.model.doubted = {window for window, sign in self.signs.items() if sign.state in ("degraded", "failed")}

    def redirect_late(self) -> None:
        """Who had nowhere to go when the sign failed goes as soon as there is a place, one window a second."""
        failing = [(s.repair, w) for w, s in self.signs.items() if s.repair and (s.declared or s.state == "failed")]
        for repair, window in sorted(failing, key=lambda one: int(one[0].removeprefix("r"))):
            if self.model.shut_down(window, repair):
                return

    @invariant()
    def devices_are_as_last_heard(self) -> None:
        heard = {f"sign{w}": (sign.state, sign.faults) for w, sign in self.signs.items()}
        assert self.look(
            lambda hall: {name: (hall.devices[name].state, hall.devices[name].faults) for name in heard}
        ) == (heard)
