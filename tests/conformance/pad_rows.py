"""What the driver of pads and rating units must do: each press told once, whatever the line does to its frames."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from drivers.bus.pads import SAME_PRESS_S
from drivers.ports import PadContent
from drivers.sim.pads import SimPads
from tests.conformance.bus_rig import OK, WIRES, Rig, eventually, plugged
from tests.conformance.rows import Row

ONE = ("socket",)
UNMONITORED = ("unknown", "unmonitored")
NEXT = ("pad-1", "next", "")
KEYS = ("0A", "0B", "0D", "0E")  # start, finish, recall, absent


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario on a line with two signs, two pads with rating units, and a polled pad; ``see`` says what it saw."""

    number: str
    scenario: str
    expected: str
    see: Callable[[Rig], str]
    wires: tuple[str, ...] = ONE


def heard_back(rig: Rig, unit: str) -> int:
    """The unit has been acknowledged and repeats itself no more; how often it spoke."""
    eventually(lambda: rig.pad(unit)["repeating"] is False)
    return int(str(rig.pad(unit)["sent"]))


def quiet() -> None:
    """So long that the same key is meant anew."""
    until = time.monotonic() + SAME_PRESS_S
    eventually(lambda: time.monotonic() > until)


def idle(rig: Rig) -> str:
    rig.ear.wait_health("pad-1", *UNMONITORED)
    at = rig.press("pad-1", "key:0C")
    told_ms = (rig.ear.wait_presses(1) - at) * 1000
    assert heard_back(rig, "pad-1") >= 1
    assert rig.sent("1: 0C")
    assert rig.ear.pressed_so() == [NEXT]
    return f"event after {told_ms:.0f} ms, acknowledged, silent"


def during_a_frame(rig: Rig) -> str:
    calls = [rig.call("w1", "A140"), rig.call("w2", "请A012号到3号窗口")]
    rig.press("pad-1", "key:0C")
    for call in calls:
        rig.ear.wait_shown(call)
    rig.ear.wait_presses(1)
    assert (rig.text(1), rig.text(2)) == ("A140", "请A012号到3号窗口")
    assert rig.ear.pressed_so() == [NEXT]
    return f"both arrive; key sent {rig.pad('pad-1')['sent']} times"


def repeated(rig: Rig) -> str:
    rig.sim.act("pad-1", "deaf")
    rig.press("pad-1", "key:0C")
    eventually(lambda: len(rig.sent("1: 0C")) >= 4)
    rig.sim.act("pad-1", "deaf", on=False)
    heard_back(rig, "pad-1")
    assert rig.ear.pressed_so() == [NEXT]
    quiet()
    rig.press("pad-1", "key:0C")
    rig.ear.wait_presses(2)
    assert len({press.press_id for _, press, _ in rig.ear.presses}) == 2
    return "one event, each repetition acknowledged; the next press is a new one"


def held(rig: Rig) -> str:
    rig.sim.act("pad-1", "held")
    rig.press("pad-1", "key:0D")
    eventually(lambda: int(str(rig.pad("pad-1")["sent"])) >= 8)
    rig.sim.act("pad-1", "held", on=False)
    assert rig.ear.pressed_so() == [("pad-1", "recall", "")]
    return "one event"


def broken_frame(fault: str, rig: Rig) -> str:
    rig.sim.act("pad-1", fault)
    rig.press("pad-1", "key:0", "key:1", "key:7", "key:0C")
    rig.ear.wait_presses(1)
    assert rig.ear.pressed_so() == [("pad-1", "call", "017")]
    return f"one event with its digits, key sent {rig.pad('pad-1')['sent']} times"


def local_echo(rig: Rig) -> str:
    rig.sim.set_fault("echo", True)
    rig.ear.wait_shown(rig.call("w1", "A141"))
    rig.press("pad-1", "key:0C")
    rig.ear.wait_presses(1)
    rig.worker.pads.show("pad-1", PadContent(0, ""))
    rig.worker.pads.result("pad-1", "p", ok=True)
    eventually(lambda: rig.pad("pad-1")["verdict"] == "success")
    spoken = heard_back(rig, "pad-1")
    rig.ear.wait_shown(rig.call("w1", "A142"))
    assert rig.ear.pressed_so() == [NEXT]
    assert len(rig.sent("1: 0C")) <= spoken, "our own acknowledgement was acknowledged"
    return "stripped, one event, no loop"


def corrupt(rig: Rig) -> str:
    rig.sim.set_fault("corrupt", True)
    for turn in range(3):
        for key in KEYS:
            rig.press(f"pad-{turn % 2 + 1}", f"key:{key}")
            rig.ear.wait_presses(len(rig.ear.presses) + 1)
            heard_back(rig, f"pad-{turn % 2 + 1}")
    rig.sim.set_fault("corrupt", False)
    actions = [action for _, action, _ in rig.ear.pressed_so()]
    assert actions == ["start", "finish", "recall", "absent"] * 3
    return "12 presses, 12 events"


def two_at_once(rig: Rig) -> str:
    rig.press("pad-1", "key:0C")
    rig.press("pad-2", "key:0D")
    call = rig.call("w1", "A143")
    rig.ear.wait_presses(2)
    rig.ear.wait_shown(call)
    assert sorted(rig.ear.pressed_so()) == [NEXT, ("pad-2", "recall", "")]
    return "both told, call shown"


def shows(rig: Rig) -> str:
    for waiting in range(8):
        rig.worker.pads.show("pad-1", PadContent(waiting, "A012"))
    rig.worker.pads.show("polled-1", PadContent(7, "A012"))
    eventually(lambda: rig.pad("pad-1")["display"] == "  7012" and rig.pad("polled-1")["display"] == "012")
    rig.worker.pads.result("pad-1", "p1", ok=False)
    eventually(lambda: (rig.pad("pad-1")["verdict"], rig.pad("pad-1")["beeps"]) == ("failure", 1))
    assert len(set(rig.sent("1: 02 0A"))) <= 2
    return "newest numbers; failure and a beep"


def strange_key(rig: Rig) -> str:
    rig.press("pad-1", "key:7", "key:0D")
    eventually(lambda: rig.pad("pad-1")["verdict"] == "failure")
    assert rig.ear.pressed_so() == []
    return "acknowledged, failure shown, no event"


def rating(rig: Rig) -> str:
    rig.press("rating-1", "level:0")
    heard_back(rig, "rating-1")
    rig.worker.pads.rate("rating-1", "t1")
    eventually(lambda: rig.pad("rating-1")["asking"] is True)
    rig.press("rating-1", "level:3")
    rig.ear.wait_for(lambda: bool(rig.ear.ratings))
    heard_back(rig, "rating-1")
    rig.press("rating-1", "level:1")
    heard_back(rig, "rating-1")
    assert rig.ear.ratings == [("rating-1", "t1", 4)]
    return "level 4 once, every one acknowledged"


def silent_pad(rig: Rig) -> str:
    rig.ear.wait_health("pad-1", *UNMONITORED)
    rig.sim.act("pad-1", "unplugged")
    rig.worker.pads.show("pad-1", PadContent(3, "A012"))
    rig.ear.wait_shown(rig.call("w1", "A144"))
    assert rig.ear.said("pad-1") == [UNMONITORED]
    assert "ok" not in {said[0] for said in rig.ear.said("rating-1")}
    return "cannot be told from an idle one: unknown, said so"


def polled_key(rig: Rig) -> str:
    rig.ear.wait_health("polled-1", "ok")
    at = rig.press("polled-1", "key:31")
    told_ms = (rig.ear.wait_presses(1) - at) * 1000
    rig.sim.act("polled-1", "held")
    rig.press("polled-1", "key:34")
    rig.ear.wait_presses(2)
    eventually(lambda: int(str(rig.pad("polled-1")["sent"])) >= 4)
    assert rig.ear.pressed_so() == [("polled-1", "next", ""), ("polled-1", "finish", "")]
    return f"event after {told_ms:.0f} ms; a held key is one event"


def polled_gone(rig: Rig) -> str:
    rig.ear.wait_health("polled-1", "ok")
    rig.sim.act("polled-1", "unplugged")
    rig.ear.wait_health("polled-1", "failed", "no_ack")
    rig.ear.wait_shown(rig.call("w1", "A145"))
    rig.sim.act("polled-1", "unplugged", on=False)
    rig.ear.wait_health("polled-1", "ok")
    assert [rig.ear.said(name) for name in ("w1", "w2", "bus")] == [OK] * 3
    return "failed no_ack alone, signs served; back: ok"


def on_line(see: Callable[[Rig], str], wire: str, folder: Path) -> str:
    with plugged(wire, folder, signs=2, pads=SimPads(2, 1)) as site, Rig(site.sim, site.url) as rig:
        return see(rig.all_ok())


def own_port(wire: str, folder: Path) -> str:
    """Only pads: nobody has to answer, and yet a port that is gone is named and found again."""
    with plugged(wire, folder, signs=0, pads=SimPads(2)) as site, Rig(site.sim, site.url) as rig:
        rig.worker.pads.show("pad-1", PadContent(3, "A012"))
        rig.press("pad-1", "key:0C")
        rig.ear.wait_presses(1)
        rig.ear.wait_health("bus", "ok")
        site.sim.set_fault("unplugged", True)
        rig.ear.wait_health("bus", "failed", site.gone)
        rig.ear.wait_health("pad-1", "unknown", site.gone)
        site.sim.set_fault("unplugged", False)
        rig.ear.wait_health("pad-1", *UNMONITORED)
        rig.press("pad-2", "key:0C")
        rig.ear.wait_presses(2)
        rig.ear.wait_health("bus", "ok")
        eventually(lambda: rig.pad("pad-1")["display"] == "  3012")
    return f"unknown {site.gone}; found again, painted, heard"


def one_address(folder: Path) -> str:
    """A rating unit that has its pad's own address, as a site's table says; its levels count downwards."""
    table = folder / "site.toml"
    table.write_text('[site]\nrating_addr = "pad"\nlevels = { "00" = 5, "01" = 4 }\n', "utf-8")
    with (
        plugged("socket", folder, signs=1, pads=SimPads(1, rating_offset=0)) as site,
        Rig(site.sim, site.url, site=str(table)) as rig,
    ):
        rig.worker.pads.rate("rating-1", "t1")
        eventually(lambda: rig.pad("rating-1")["asking"] is True)
        rig.press("rating-1", "level:0")
        rig.press("pad-1", "key:0C")
        rig.ear.wait_for(lambda: bool(rig.ear.ratings and rig.ear.presses))
        assert (rig.ear.ratings, rig.ear.pressed_so()) == ([("rating-1", "t1", 5)], [NEXT])
    return "level 5 and the pad's key, told apart"


CASES = [
    Case("23", "key pressed on an idle line", "event, acknowledged", idle, WIRES),
    Case("24", "key pressed during a frame", "both arrive", during_a_frame, WIRES),
    Case("25", "key repeated until it is heard", "one event", repeated),
    Case("25b", "key held down", "one event", held),
    Case("25c", "key frame broken once", "one event", partial(broken_frame, "broken")),
    Case("25d", "key frame in two pieces", "one event", partial(broken_frame, "split")),
    Case("25e", "two keys and a call at once", "all arrive", two_at_once),
    Case("11p", "local echo of pads' frames", "stripped, no loop", local_echo, WIRES),
    Case("13p", "30 % of our frames corrupt", "each press once", corrupt),
    Case("23b", "key that means nothing here", "failure shown, no event", strange_key),
    Case("23c", "numbers and results on pads", "newest wins", shows),
    Case("26", "rating", "level once, acknowledged", rating),
    Case("31p", "silent pad", "unknown, never ok", silent_pad),
    Case("23q", "key of a polled pad", "event, once", polled_key),
    Case("2q", "polled pad off · returns", "named alone, ok", polled_gone),
]
PAD_ROWS = [
    *(
        Row(f"pads, {wire}", case.number, case.scenario, case.expected, partial(on_line, case.see, wire))
        for case in CASES
        for wire in case.wires
    ),
    *(
        Row(f"pads alone, {wire}", "16p", "adapter unplugged", "named, found again, heard", partial(own_port, wire))
        for wire in ("socket", "serial")
    ),
    Row("pads, socket", "26b", "rating unit with its pad's address", "told apart by command", one_address),
]
