"""What every sign driver must do on a line that misbehaves: real bytes at 9600 Bd, over every kind of wire.

The last lines join these scenarios and those of ``port_rows`` to the table of the bench.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from drivers.bus.health import BY_CHANCE, FAIL_AFTER_S, RECOVER_S
from tests.conformance.bus_rig import OK, WIRES, Rig, eventually, plugged
from tests.conformance.rows import Row

FAMILY = "A0 90 sign"
NAMED_WITHIN_S = 10.0  # what is promised to the hall about every fault
UPDATES = 80


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario on a line of three healthy signs; ``see`` arranges it and says what it saw."""

    number: str
    scenario: str
    expected: str
    see: Callable[[Rig], str]
    wires: tuple[str, ...] = WIRES


def healthy(rig: Rig) -> str:
    ms = rig.ear.wait_shown(rig.call("w2", "请A012号"))
    assert rig.text(2) == "请A012号"
    assert ms >= 25, "faster than 9600 Bd: the simulated wire takes no time"
    rig.undisturbed("w1", "w2", "w3", "bus")
    return f"shown, ack after {ms:.0f} ms"


def off_and_back(rig: Rig) -> str:
    rig.sim.set_fault("off", True, address=2)
    began = time.monotonic()
    call = rig.call("w2", "A013")
    rig.ear.wait_health("w2", "degraded", "no_ack")
    rig.ear.wait_shown(rig.call("w1", "A014"))
    rig.ear.wait_health("w2", "failed", "no_ack")
    assert not rig.ear.was_shown(call)
    rig.sim.set_fault("off", False, address=2)
    rig.ear.wait_shown(call)
    assert rig.text(2) == "A013"
    rig.ear.wait_health("w2", "ok")
    told = rig.ear.said("w2")
    assert told == [("ok",), ("degraded", "no_ack"), ("failed", "no_ack"), ("ok",)], told
    rig.undisturbed("w1", "w3", "bus")
    named_ms = (rig.ear.first("w2", "no_ack") - began) * 1000
    return f"no_ack told after {named_ms:.0f} ms, others served; repainted, ok"


def accused(rig: Rig, sign: str, code: str) -> None:
    """The sign fails, and the reason is said; on a machine that stalls one of its answers may seem to be missing."""
    rig.ear.wait_for(lambda: any(said[0] == "failed" for said in rig.ear.said(sign)))
    rig.ear.wait_for(lambda: any(code in said for said in rig.ear.said(sign)))
    faults = {fault for said in rig.ear.said(sign) for fault in said[1:]}
    assert faults <= {code, "no_ack"}, faults


def refuses_once(rig: Rig) -> str:
    rig.sim.set_fault("nak_once", True, address=1)
    ms = rig.ear.wait_shown(rig.call("w1", "A014"))
    assert rig.sent("1: A014") == ["1: A014"] * 2
    rig.undisturbed("w1", "bus")
    return f"one retry, ack after {ms:.0f} ms"


def refuses(rig: Rig) -> str:
    rig.sim.set_fault("nak", True, address=1)
    call = rig.call("w1", "A015")
    accused(rig, "w1", "nak")
    assert not rig.ear.was_shown(call)
    assert rig.text(1) != "A015"
    assert len(rig.sent("1: A015")) <= 5, "a sign that refuses is asked without end"
    return f"failed nak after {len(rig.sent('1: A015'))} frames"


def answers_wrongly(fault: str, code: str, rig: Rig) -> str:
    rig.sim.set_fault(fault, True, address=3)
    call = rig.call("w3", "A016")
    accused(rig, "w3", code)
    assert not rig.ear.was_shown(call)
    rig.undisturbed("w1", "w2", "bus")
    return f"not credited, failed {code}"


def late(rig: Rig) -> str:
    rig.sim.set_fault("late", True, address=1)
    rig.sim.set_fault("unplugged", True, address=2)
    rig.call("w1", "A017")
    call = rig.call("w2", "A018")
    rig.ear.wait_shown(rig.call("w3", "A019"))
    rig.ear.wait_for(lambda: any(said[0] == "failed" for said in rig.ear.said("w2")))
    code = rig.ear.said("w2")[-1][1]
    assert code in ("no_ack", "wrong_device"), "what answered in its place, if anything, was the late neighbour"
    assert not rig.ear.was_shown(call)
    assert rig.ear.said("w3") == OK
    return f"never credited to another (failed {code}); neighbour served"


def odd_but_good(fault: str, rig: Rig) -> str:
    rig.sim.set_fault(fault, True, address=1)
    for number in range(3):
        rig.ear.wait_shown(rig.call("w1", f"A02{number}"))
        rig.ear.wait_shown(rig.call("w2", f"B02{number}"))
    rig.undisturbed("w1", "w2", "bus")
    assert len(rig.ear.acks) == 6
    return "one ack each, no retry told"


def echo(rig: Rig) -> str:
    rig.sim.set_fault("echo", True)
    for number in range(3):
        rig.ear.wait_shown(rig.call("w1", f"A03{number}"))
    retries = len(rig.sent("1: A03")) - 3
    assert retries <= 1, f"{retries} retries"
    rig.sim.set_fault("unplugged", True, address=1)
    call = rig.call("w1", "A033")
    rig.ear.wait_health("w1", "failed", "no_ack")
    assert not rig.ear.was_shown(call), "our own echo was taken for an answer"
    rig.undisturbed("w2")
    return f"{retries} retries; our own echo is no answer"


def noise(rig: Rig) -> str:
    rig.sim.set_fault("noise", True)
    for number in range(4):
        rig.ear.wait_shown(rig.call("w1", f"A04{number}"))
    rig.undisturbed("w1", "bus")
    retries = len(rig.sent("1: A04")) - 4
    assert retries <= 1, "a driver that noise disturbs retries each time; a machine that stalls does once"
    return f"{retries} retries"


def corrupt(rig: Rig) -> str:
    rig.sim.set_fault("corrupt", True)
    wanted = {1: "", 2: "", 3: ""}
    waits_ms = []
    for number in range(UPDATES):
        address = number % 3 + 1
        before = dict(wanted)
        wanted[address] = f"A{number:03}"
        call = rig.call(f"w{address}", wanted[address])
        waits_ms.append(rig.ear.wait_shown(call))
        assert rig.text(address) == wanted[address]
        assert all(rig.text(other).strip() == before[other] for other in wanted if other != address)
    return f"{UPDATES} updates, 0 wrong texts, median {median(waits_ms):.0f} ms"


def frozen(rig: Rig) -> str:
    rig.sim.set_fault("frozen", True, address=1)
    rig.ear.wait_shown(rig.call("w1", "A060"))
    assert rig.text(1) != "A060"
    assert rig.ear.said("w1") == OK
    return "acknowledged, not seen: this family cannot tell"


def babble(rig: Rig) -> str:
    rig.sim.set_fault("dead", True)
    rig.sim.set_fault("babble", True)
    began = time.monotonic()
    call = rig.call("w1", "A090")
    rig.ear.wait_health("bus", "failed", "garbled")
    assert not rig.ear.was_shown(call)
    rig.sim.set_fault("babble", False)
    rig.sim.set_fault("dead", False)
    rig.ear.wait_shown(call)
    rig.ear.wait_health("bus", "ok")
    assert rig.text(1) == "A090"
    named_ms = (rig.ear.first("w1", "garbled") - began) * 1000
    return f"garbled told after {named_ms:.0f} ms; afterwards shown, ok"


def outside_the_font(rig: Rig) -> str:
    rig.ear.wait_shown(rig.call("w1", "A100"))
    rig.call("w1", "A101 €")
    rig.ear.wait_health("w1", "degraded", "text_unsupported")
    eventually(lambda: rig.text(1) == " ")
    rig.ear.wait_shown(rig.call("w1", "A102"))
    rig.ear.wait_health("w1", "ok")
    assert {text for text in rig.sent("1: A10")} == {"1: A100", "1: A102"}
    return "text_unsupported, never on the wire, sign blank"


def nobody_answers(fault: str, rig: Rig) -> str:
    rig.sim.set_fault(fault, True)
    call = rig.call("w1", "A110")
    rig.ear.wait_health("bus", "failed", "bus_down")
    assert not rig.ear.was_shown(call)
    for sign in ("w1", "w2", "w3"):
        rig.ear.wait_health(sign, "unknown", "bus_down")
    rig.sim.set_fault(fault, False)
    rig.ear.wait_health("bus", "ok")
    rig.all_ok()
    failed = [(name, *said) for name, said, _ in rig.ear.told if said[0] == "failed"]
    assert failed == [("bus", "failed", "bus_down")]
    eventually(lambda: rig.text(1) == "A110")
    return "bus_down once, no sign accused; repainted, ok"


def overwritten(rig: Rig) -> str:
    rig.sim.set_fault("late", True, address=3)
    rig.call("w3", "busy")
    eventually(lambda: bool(rig.sent("3: busy")))
    calls = [rig.call("w1", f"A12{number}") for number in range(8)]
    rig.ear.wait_shown(calls[-1])
    frames = rig.sent("1: A12")
    assert set(frames) == {"1: A127"}
    assert len(frames) <= 2, "more than one and its retry"
    assert [call for call in calls if rig.ear.was_shown(call)] == calls[-1:]
    assert rig.text(1) == "A127"
    return f"{len(frames)} frame, the last text"


def boot_text(rig: Rig) -> str:
    rig.ear.wait_shown(rig.call("w1", "A130"))
    rig.sim.power_cycle(1)
    assert rig.text(1) == "8888"
    eventually(lambda: rig.text(1) == "A130")
    rig.undisturbed("w1", "bus")
    return "repainted by the heartbeat"


ONE = ("socket",)
CASES = [
    Case("1", "healthy", "shown, ack", healthy),
    Case("2 · 3", "sign off · returns", "named alone, others served · repainted, ok", off_and_back),
    Case("4", "refuses once", "one retry", refuses_once),
    Case("5", "refuses always", "failed nak, no loop", refuses),
    Case("6", "garbage for an answer", "not credited, failed", partial(answers_wrongly, "garbage", "garbled")),
    Case("7", "foreign address answers", "not credited, failed", partial(answers_wrongly, "foreign", "wrong_device")),
    Case("8", "answers after the time-out", "never credited to another, neighbours recover", late),
    Case("9", "answer in pieces", "accepted", partial(odd_but_good, "split")),
    Case("10", "answers twice", "second one dropped", partial(odd_but_good, "double")),
    Case("11", "local echo", "learnt, at most 1 retry", echo),
    Case("12", "noise before answers", "0 retries", noise),
    Case("13", "30 % of the frames corrupt", "80 updates, 0 wrong texts", corrupt, ONE),
    Case("14", "two signs, one address", "failed, address_clash", partial(answers_wrongly, "clash", "address_clash")),
    Case("15", "picture frozen", "cannot be seen without readback: said so", frozen, ONE),
    Case("22", "babbling device", "line failed in words, recovers", babble),
    Case("27", "character outside the font", "refused before the wire", outside_the_font, ONE),
    Case("28", "first byte of frames lost", "bus_down once", partial(nobody_answers, "lost")),
    Case("29", "all signs dead", "bus_down once", partial(nobody_answers, "dead")),
    Case("30", "8 texts for one sign at once", "1 frame", overwritten),
    Case("32", "power-cycled sign shows its boot text", "repainted within a heartbeat", boot_text),
]


def on_line(see: Callable[[Rig], str], wire: str, folder: Path) -> str:
    with plugged(wire, folder) as site, Rig(site.sim, site.url) as rig:
        return see(rig.all_ok())


def at_the_pace_of_a_hall(folder: Path) -> str:
    """The one row with the times of a hall: 4 s until a sign is called failed, 30 s until it is trusted again."""
    with (
        plugged("socket", folder) as site,
        Rig(site.sim, site.url, recover_s=RECOVER_S, fail_after_s=FAIL_AFTER_S, by_chance=BY_CHANCE) as rig,
    ):
        rig.all_ok().sim.set_fault("off", True, address=2)
        call = rig.call("w2", "A013")
        rig.ear.wait_health("w2", "failed", "no_ack")
        failed_s = rig.ear.when("w2", "failed", "no_ack") - rig.ear.first("w2", "no_ack")
        rig.sim.set_fault("off", False, address=2)
        rig.ear.wait_shown(call)
        rig.ear.wait_health("w2", "ok", patience_s=2 * RECOVER_S)
        back_s = rig.ear.when("w2", "ok") - rig.ear.when("w2", "failed", "no_ack")
    assert FAIL_AFTER_S <= failed_s <= NAMED_WITHIN_S
    assert back_s >= RECOVER_S
    rig.undisturbed("w1", "w3", "bus")
    return f"failed after {failed_s:.1f} s, ok after {back_s:.0f} s"


def six_signs(folder: Path) -> str:
    """The bounds are loose on purpose: they tell a broken scheduler from a slow machine; what was seen is told."""
    with plugged("socket", folder, signs=6) as site, Rig(site.sim, site.url) as rig:
        rig.all_ok()
        waits_ms = [
            rig.ear.wait_shown(rig.call(f"w{sign}", f"A{turn}{sign}0")) for turn in range(8) for sign in range(1, 7)
        ]
        together = [rig.call(f"w{sign}", f"B{sign}00") for sign in range(1, 7)]
        together_ms = max(rig.ear.wait_shown(call) for call in together)
    p50, p95 = median(waits_ms), quantiles(waits_ms, n=20)[18]
    assert p50 < 1000
    assert together_ms < 3000
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms; 6 at once {together_ms:.0f} ms"


# The slowest first: the others run beside it.
LINE_ROWS = [
    Row(f"{FAMILY}, socket", "2 · 3 T", "as 2 · 3, at the pace of a hall", "4-10 s · 30 s", at_the_pace_of_a_hall),
    Row(f"{FAMILY}, socket", "1b", "calls on a line of six", "a fraction of a second", six_signs),
    *(
        Row(f"{FAMILY}, {wire}", case.number, case.scenario, case.expected, partial(on_line, case.see, wire))
        for case in CASES
        for wire in case.wires
    ),
]
