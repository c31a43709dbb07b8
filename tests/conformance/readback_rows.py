"""The rows of signs that are read back, and of those that must be prepared: Modbus and Alpha, in every trouble."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from drivers.sim.boards import BOARDS
from tests.conformance.bus_rig import OK, Rig, eventually, plugged
from tests.conformance.rows import Row
from tests.conformance.sign_rows import (
    accused,
    answers_wrongly,
    nobody_answers,
    noise,
    odd_but_good,
    off_and_back,
    overwritten,
    refuses,
    refuses_once,
)

MODBUS, ALPHA, ALPHA_READ = "dm56a04", "alpha", "alpha_readback"
ANSWERS = 20  # texts on a line that breaks three frames of ten, each written and read back
See = Callable[[Rig], str]


def healthy(rig: Rig) -> str:
    ms = rig.ear.wait_shown(rig.call("w2", "A012"))
    assert rig.text(2) == "A012"
    rig.undisturbed("w1", "w2", "w3", "bus")
    return f"shown after {ms:.0f} ms"


def stuck(rig: Rig) -> str:
    """It acknowledges, and holds the old text: found out at the call and never called shown."""
    rig.ear.wait_shown(rig.call("w1", "A059"))
    rig.sim.set_fault("frozen", True, address=1)
    call = rig.call("w1", "A060")
    accused(rig, "w1", "stuck")
    assert not rig.ear.was_shown(call)
    rig.undisturbed("w2", "w3", "bus")
    rig.sim.set_fault("frozen", False, address=1)
    rig.ear.wait_shown(call)
    rig.ear.wait_health("w1", "ok")
    assert rig.text(1) == "A060"
    return "failed stuck, never called shown; mended: shown, ok"


def all_stuck(rig: Rig) -> str:
    """They answer, so the line is well and each is accused by name."""
    for address in (1, 2, 3):
        rig.sim.set_fault("frozen", True, address=address)
        rig.call(f"w{address}", "A061")
    for sign in ("w1", "w2", "w3"):
        accused(rig, sign, "stuck")
    rig.undisturbed("bus")
    return "each failed stuck, the line ok"


def lost_picture(rig: Rig) -> str:
    """A power cut while nobody looks: the heartbeat reads other values and paints again."""
    rig.ear.wait_shown(rig.call("w1", "A130"))
    rig.sim.power_cycle(1)
    assert rig.text(1) == "8888"
    eventually(lambda: rig.text(1) == "A130")
    rig.undisturbed("w1", "bus")
    return "read, repainted by the heartbeat"


def read_only(rig: Rig) -> str:
    """What is on the sign is not written again: heartbeats read."""
    rig.ear.wait_shown(rig.call("w1", "A131"))
    acks = {int(str(sign["address"])): int(str(sign["acks"])) for sign in rig.sim.state()}
    eventually(lambda: all(int(str(s["acks"])) > acks[int(str(s["address"]))] for s in rig.sim.state()))
    assert rig.sent("1: A131") == ["1: A131"]
    rig.undisturbed("w1", "bus")
    return "1 write, then questions only"


def corrupt(rig: Rig) -> str:
    """No check is fooled: a text counts when the sign holds it."""
    rig.sim.set_fault("corrupt", True)
    for number in range(ANSWERS):
        text = f"A{number:03}"
        rig.ear.wait_shown(rig.call(f"w{number % 3 + 1}", text))
        assert rig.text(number % 3 + 1) == text
    return f"{ANSWERS} updates, 0 wrong texts"


def outside(rig: Rig) -> str:
    rig.ear.wait_shown(rig.call("w1", "A100"))
    rig.call("w1", "请A1")
    rig.ear.wait_health("w1", "degraded", "text_unsupported")
    eventually(lambda: not rig.text(1).strip())
    rig.ear.wait_shown(rig.call("w1", "A102"))
    rig.ear.wait_health("w1", "ok")
    return "text_unsupported, never on the wire, sign blank"


def prepared_again(rig: Rig) -> str:
    """With its power a sign loses files and the wish to answer; both are given back, and the text after them."""
    rig.ear.wait_shown(rig.call("w1", "A140"))
    rig.sim.power_cycle(1)
    eventually(lambda: rig.text(1) == "A140")
    rig.ear.wait_health("w1", "ok")
    assert not [said for said in rig.ear.said("w1") if said[1:] not in ((), ("no_ack",), ("nak",))]
    assert rig.ear.said("w2") == OK
    return "prepared again, repainted, ok"


EVERY: tuple[tuple[str, str, str, See], ...] = (
    ("1", "healthy", "shown", healthy),
    ("2 · 3", "sign off · returns", "named alone, others served · repainted, ok", off_and_back),
    ("4", "refuses once", "one retry", refuses_once),
    ("5", "refuses always", "failed nak, no loop", refuses),
    ("6", "garbage for an answer", "not credited, failed", partial(answers_wrongly, "garbage", "garbled")),
    ("9", "answer in pieces", "accepted", partial(odd_but_good, "split")),
    ("10", "answers twice", "second one dropped", partial(odd_but_good, "double")),
    ("27", "character outside the font", "refused before the wire", outside),
    ("29", "all signs dead", "bus_down once", partial(nobody_answers, "dead")),
)
CHECKED: tuple[tuple[str, str, str, See], ...] = (
    ("6b", "check of the answer is wrong", "not credited, failed", partial(answers_wrongly, "broken", "garbled")),
    ("7", "foreign address answers", "not credited, failed", partial(answers_wrongly, "foreign", "wrong_device")),
    ("12", "noise before answers", "0 retries", noise),
    ("13", "30 % of the frames corrupt", f"{ANSWERS} updates, 0 wrong texts", corrupt),
    ("15", "picture frozen", "stuck", stuck),
    ("15b", "all pictures frozen", "each stuck, the line well", all_stuck),
    ("28", "first byte of frames lost", "bus_down once", partial(nobody_answers, "lost")),
    ("30", "8 texts for one sign at once", "1 frame", overwritten),
    ("32", "power-cycled sign shows its boot text", "repainted within a heartbeat", lost_picture),
    ("32b", "heartbeat", "reads, writes nothing", read_only),
)
PREPARED: tuple[tuple[str, str, str, See], ...] = (
    ("32", "power-cycled sign has forgotten everything", "prepared and repainted", prepared_again),
)


def on_line(family: str, see: See, wire: str, folder: Path) -> str:
    boards = {address: BOARDS[family]() for address in (1, 2, 3)}
    options = (("family", family),)
    with plugged(wire, folder, boards=boards) as site, Rig(site.sim, site.url, options=lambda _: options) as rig:
        return see(rig.all_ok())


CASES = (
    *((MODBUS, case, "socket") for case in (*EVERY, *CHECKED)),
    *((MODBUS, case, wire) for case in (EVERY[0], CHECKED[4]) for wire in ("serial", "ser2net", "rfc2217")),
    *((ALPHA, case, "socket") for case in (*EVERY, *PREPARED)),
    *((ALPHA, EVERY[0], wire) for wire in ("serial", "ser2net")),
    *((ALPHA_READ, case, "socket") for case in (EVERY[0], *CHECKED[4:6])),
)
READBACK_ROWS = [
    Row(f"{family} sign, {wire}", number, scenario, expected, partial(on_line, family, see, wire))
    for family, (number, scenario, expected, see), wire in CASES
]
