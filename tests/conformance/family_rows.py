"""The rows of signs that speak by templates: those that acknowledge, those that are polled, those that never answer."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from drivers.led.families import FAMILIES, Proof
from drivers.sim.boards import BOARDS
from tests.conformance.bus_rig import OK, Rig, eventually, plugged
from tests.conformance.rows import Row
from tests.conformance.sign_rows import (
    answers_wrongly,
    echo,
    frozen,
    nobody_answers,
    noise,
    odd_but_good,
    off_and_back,
    overwritten,
    refuses,
    refuses_once,
)

UNMONITORED = [("unknown", "unmonitored")]
MIXED = {1: "a0_90", 2: "lihe_v2", 3: "ruize", 4: "yongtai", 40: "qsystem"}
See = Callable[[Rig], str]


def addresses_of(rig: Rig) -> list[int]:
    return [int(str(sign["address"])) for sign in rig.sim.state()]


def healthy(rig: Rig) -> str:
    ms = rig.ear.wait_shown(rig.call("w2", "A012"))
    assert rig.text(2) == "A012"
    rig.undisturbed("w1", "w2", "w3", "bus")
    return f"shown, ack after {ms:.0f} ms"


def polled(rig: Rig) -> str:
    """The sign lives, and that is all it can say: nothing is ever called shown."""
    call = rig.call("w2", "请A012号")
    rig.ear.wait_sent(call)
    assert rig.text(2) == "请A012号"
    rig.undisturbed("w1", "w2", "w3", "bus")
    rig.sim.set_fault("off", True, address=2)
    later = rig.call("w2", "A013")
    rig.ear.wait_health("w2", "failed", "no_ack")
    rig.ear.wait_sent(rig.call("w1", "A014"))
    assert (("w2", later) in rig.ear.unproved, rig.ear.said("w1"), rig.ear.said("w3")) == (False, OK, OK)
    rig.sim.set_fault("off", False, address=2)
    rig.ear.wait_sent(later)
    assert rig.text(2) == "A013"
    rig.ear.wait_health("w2", "ok")
    assert rig.ear.acks == []
    return "alive, sent, never called shown; off: failed alone; back: repainted, ok"


def silent(rig: Rig) -> str:
    """Text arrives, a dead sign is no news, and nobody ever hears that one is well or ill."""
    first, *others = addresses = addresses_of(rig)
    for address in addresses:
        rig.ear.wait_sent(rig.call(f"w{address}", "A012"))
        eventually(lambda address=address: rig.text(address).strip() == "A012")  # type: ignore[misc]
    rig.sim.set_fault("off", True, address=first)
    rig.ear.wait_sent(rig.call(f"w{first}", "A013"))
    for address in others:
        rig.ear.wait_sent(rig.call(f"w{address}", "A014"))
        eventually(lambda address=address: rig.text(address).strip() == "A014")  # type: ignore[misc]
    told = {name: rig.ear.said(name) for name in rig.worker.signs}
    assert told == dict.fromkeys(rig.worker.signs, UNMONITORED)
    assert (rig.ear.acks, rig.ear.said("bus")) == ([], [])
    return "shown, unknown for ever: cannot be monitored"


def silent_replugged(rig: Rig) -> str:
    first, *_ = addresses_of(rig)
    sign = f"w{first}"
    rig.ear.wait_sent(rig.call(sign, "A020"))
    rig.sim.set_fault("unplugged", True)
    call = rig.call(sign, "A021")
    rig.ear.wait_health("bus", "failed", "refused")
    rig.ear.wait_health(sign, "unknown", "refused")
    rig.sim.set_fault("unplugged", False)
    rig.ear.wait_sent(call)
    eventually(lambda: rig.text(first).strip() == "A021")
    rig.ear.wait_health(sign, "unknown", "unmonitored")
    rig.ear.wait_health("bus", "unknown")
    return "the line is named; then repainted, unknown as before"


def mixed(rig: Rig) -> str:
    """Five families on one pair of wires: each gets its own bytes, pause and proof."""
    for address in (1, 2, 3):
        rig.ear.wait_health(f"w{address}", "ok")
    calls = {address: rig.call(f"w{address}", f"A{address:03}") for address in MIXED}
    waits_ms = [rig.ear.wait_shown(calls[address]) for address in (1, 2)]
    for address in (3, 4, 40):
        rig.ear.wait_sent(calls[address])
    for address in MIXED:
        eventually(lambda address=address: rig.text(address) == f"A{address:03}")  # type: ignore[misc]
    rig.sim.set_fault("off", True, address=2)
    rig.ear.wait_health("w2", "failed", "no_ack")
    assert [rig.ear.said(name) for name in ("w1", "w3", "w4", "w40")] == [OK, OK, UNMONITORED, UNMONITORED]
    return f"all five painted, acks after {', '.join(f'{ms:.0f}' for ms in waits_ms)} ms; a dead one failed alone"


def keeps_its_pause(folder: Path) -> str:
    """The maker's pause holds between boards of one family, measured on the wire."""
    with line({32: "qsystem", 33: "qsystem", 1: "a0_90"}, folder) as rig:
        rig.ear.wait_health("w1", "ok")
        began = time.monotonic()
        for number in range(2):
            for address in (32, 33):
                rig.ear.wait_sent(rig.call(f"w{address}", f"A{number}{address}"))
        paused_s = time.monotonic() - began
        assert paused_s >= 3 * FAMILIES["qsystem"].gap_s
        rig.undisturbed("w1")
    return f"4 frames in {paused_s:.2f} s, and its neighbour is well"


ACKING: list[tuple[str, str, str, See]] = [
    ("1", "healthy", "shown, ack", healthy),
    ("2 · 3", "sign off · returns", "named alone · repainted, ok", off_and_back),
    ("6", "garbage for an answer", "not credited, failed", partial(answers_wrongly, "garbage", "garbled")),
    ("9", "answer in pieces", "accepted", partial(odd_but_good, "split")),
    ("10", "answers twice", "second one dropped", partial(odd_but_good, "double")),
    ("11", "local echo", "learnt, at most 1 retry", echo),
    ("15", "picture frozen", "cannot be seen without readback: said so", frozen),
    ("29", "all signs dead", "bus_down once", partial(nobody_answers, "dead")),
]
CASES: list[tuple[str, str, str, str, See]] = [
    *(("lihe_v2", *case) for case in ACKING),
    ("lihe_v2", "7", "foreign address answers", "not credited", partial(answers_wrongly, "foreign", "wrong_device")),
    ("lihe_v2", "12", "noise before answers", "0 retries", noise),
    ("lihe_v2", "30", "8 texts for one sign at once", "1 frame", overwritten),
    *(("am03127", *case) for case in ACKING),
    ("am03127", "4", "refuses once", "one retry", refuses_once),
    ("am03127", "5", "refuses always", "failed nak, no loop", refuses),
    ("ruize", "1 · 2 · 3 P", "polled: healthy · off · returns", "alive, never called shown", polled),
]
SILENT = [name for name, family in FAMILIES.items() if family.proof is Proof.NONE]


def _options(family: str, address: str) -> tuple[tuple[str, str], ...]:
    """A sign that takes calls stands at the window of its own number."""
    return ("family", family), *((("window", address),) if FAMILIES[family].calls else ())


@contextmanager
def line(families: Mapping[int, str], folder: Path) -> Iterator[Rig]:
    """A line of boards by address, and its worker."""
    boards = {address: BOARDS[family]() for address, family in families.items()}
    with (
        plugged("socket", folder, boards=boards) as site,
        Rig(site.sim, site.url, options=lambda address: _options(families[int(str(address))], str(address))) as rig,
    ):
        yield rig


def on_line(family: str, see: See, folder: Path) -> str:
    """Three boards at the first addresses, or as many as there can be."""
    with line(dict.fromkeys(list(FAMILIES[family].addresses)[:3], family), folder) as rig:
        for sign in rig.worker.signs:
            said = ("unknown", "unmonitored") if family in SILENT else ("ok",)
            rig.ear.wait_health(sign, *said)
        return see(rig)


def on_mixed_line(folder: Path) -> str:
    with line(MIXED, folder) as rig:
        return mixed(rig)


FAMILY_ROWS = [
    *(
        Row(f"{family} sign, socket", number, scenario, expected, partial(on_line, family, see))
        for family, number, scenario, expected, see in CASES
    ),
    *(
        Row(f"{family} sign, socket", number, scenario, expected, partial(on_line, family, see))
        for family in SILENT
        for number, scenario, expected, see in (
            ("1 · 2 S", "never answers: healthy · off", "unknown for ever, no fault", silent),
            ("16", "replugged", "the line is named, repainted", silent_replugged),
        )
    ),
    Row(
        "mixed signs, socket", "1 · 2 M", "five families on one line", "each its own bytes, pause, proof", on_mixed_line
    ),
    Row("mixed signs, socket", "36", "a family that needs a pause of 300 ms", "kept", keeps_its_pause),
]
