"""What must hold when a maker's program stands before signs or a printer, and that program goes wrong."""

import math
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from drivers.bus import BusWorker
from drivers.helper import example
from drivers.helper.child import CRASHES, Child
from drivers.helper.line import HelperLine
from drivers.helper.printer import HelperPrinter
from drivers.helper.talk import Patience, Talk
from drivers.ports import DeviceSpec, PrintResult, SignContent, Verdict
from tests.conformance.bus_rig import FAIL_AFTER_S, OK, PATIENCE_S, RECOVER_S, Ear, eventually
from tests.conformance.papers import SLIP
from tests.conformance.rows import Row
from tests.drivers.helper import misbehaving

SIGNS = ("w1", "w2", "w3")
CALM = Patience(hello_s=30.0, answer_s=10.0, print_s=10.0)
HASTY = Patience(hello_s=30.0, answer_s=0.5, print_s=0.5)


@dataclass(slots=True)
class Desk:
    """Three signs behind one program; what it keeps is in ``folder``."""

    folder: Path
    worker: BusWorker
    ear: Ear = field(default_factory=Ear)
    _calls: int = 0

    def call(self, sign: str, text: str) -> str:
        self._calls += 1
        self.worker.show(sign, SignContent(f"{sign} {text} {self._calls}", (text,), urgent=True))
        return f"{sign} {text} {self._calls}"

    def all_ok(self) -> None:
        for device in ("bus", *SIGNS):
            self.ear.wait_health(device, "ok")

    def goes_wrong(self, wrong: bool = True) -> None:
        if wrong:
            (self.folder / "now").touch()
        else:
            (self.folder / "now").unlink()

    def starts(self) -> int:
        place = self.folder / "starts"
        return len(place.read_text().split()) if place.exists() else 0

    def text(self, address: int) -> str:
        place = self.folder / f"{address}.txt"
        return place.read_text("utf-8") if place.exists() else ""


@contextmanager
def desk(folder: Path, program: str, *words: str, patience: Patience = CALM, answers: str = "yes") -> Iterator[Desk]:
    options = (("answers", answers),)
    specs = (
        DeviceSpec("bus", "bus", "helper://odd"),
        *(DeviceSpec(sign, "sign", f"helper://odd#{number}", options) for number, sign in enumerate(SIGNS, 1)),
    )
    child = Child("odd", (sys.executable, "-IS", program, *words, str(folder)))
    ear = Ear()
    worker = BusWorker(
        specs, ear, recover_s=RECOVER_S, fail_after_s=FAIL_AFTER_S, renew_after_s=math.inf,
        open_line=lambda url: child, speak=partial(HelperLine, patience=patience),
    )  # fmt: skip
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        yield Desk(folder, worker, ear)
    finally:
        worker.stop()
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), "the worker did not stop"


def healthy(folder: Path) -> str:
    with desk(folder, example.__file__, "sign") as odd:
        ms = odd.ear.wait_shown(odd.call("w2", "请A012号"))
        assert odd.text(2) == "请A012号"
        odd.all_ok()
        assert {name: odd.ear.said(name) for name in SIGNS} == dict.fromkeys(SIGNS, OK)
    return f"shown, answer after {ms:.0f} ms"


def one_sign(folder: Path) -> str:
    with desk(folder, example.__file__, "sign") as odd:
        odd.all_ok()
        (folder / "2.fault").write_text("no_answer")
        call = odd.call("w2", "A013")
        odd.ear.wait_health("w2", "failed", "no_answer")
        odd.ear.wait_shown(odd.call("w1", "A014"))
        assert not odd.ear.was_shown(call)
        (folder / "2.fault").unlink()
        odd.ear.wait_shown(call)
        odd.ear.wait_health("w2", "ok")
        assert odd.text(2) == "A013"
        assert [odd.ear.said(name) for name in ("w1", "w3", "bus")] == [OK] * 3
    return "failed alone, others served; shown when it is back"


def says_nothing(folder: Path) -> str:
    with desk(folder, example.__file__, "sign", answers="no") as odd:
        odd.ear.wait_sent(odd.call("w1", "A015"))
        assert odd.text(1) == "A015"
        odd.ear.wait_for(lambda: odd.ear.said("w1") == [("unknown", "unmonitored")])
        assert odd.ear.acks == []
    return "sent, unmonitored, never shown"


def goes_wrong(how: str, code: str, folder: Path) -> str:
    """One fault, then a sound program again: what was called meanwhile is on its sign in the end."""
    with desk(folder, misbehaving.__file__, how, patience=HASTY) as odd:
        odd.ear.wait_for(lambda: all(("ok",) in odd.ear.said(sign) for sign in SIGNS))
        odd.goes_wrong()
        call = odd.call("w1", "A020")
        odd.ear.wait_for(lambda: any(code in said for said in odd.ear.said("bus")))
        assert not odd.ear.was_shown(call)
        odd.goes_wrong(False)
        odd.ear.wait_shown(call)
        odd.ear.wait_for(lambda: odd.ear.said("bus")[-1] == ("ok",))
        assert 2 <= odd.starts() <= CRASHES + 1
        return f"{code}; started {odd.starts() - 1} times again, then shown"


def never_lives(how: str, folder: Path) -> str:
    with desk(folder, misbehaving.__file__, how) as odd:
        call = odd.call("w1", "A030")
        odd.ear.wait_health("bus", "failed", "unrecoverable")
        for sign in SIGNS:
            odd.ear.wait_health(sign, "unknown", "unrecoverable")
        assert (odd.starts(), odd.ear.was_shown(call)) == (CRASHES, False)
    return f"failed unrecoverable after {CRASHES} starts"


def outside_the_font(folder: Path) -> str:
    with desk(folder, example.__file__, "sign") as odd:
        odd.ear.wait_shown(odd.call("w1", "A040"))
        odd.call("w1", "A041 €\x02")
        odd.ear.wait_health("w1", "degraded", "text_unsupported")
        eventually(lambda: odd.text(1) == "")
    return "text_unsupported, never said, sign blank"


def printed(program: str, words: tuple[str, ...], fault: str, want: PrintResult, held: bool, folder: Path) -> str:
    """A slip through a program: ``fault`` is the printer's, ``held`` whether the next slip has to wait for a person."""
    talk = Talk(Child("odd", (sys.executable, "-IS", program, *words, str(folder))), "printer", patience=HASTY)
    (folder / "printer").touch()
    if fault:
        (folder / "printer.fault").write_text(fault)
    printer = HelperPrinter(talk)
    try:
        if program == misbehaving.__file__ and not words[0].endswith("_at_once"):
            talk.ready()
            (folder / "now").touch()
        result = printer.print_slip(SLIP)
        assert (result.verdict, result.faults) == (want.verdict, want.faults), result
        again = printer.print_slip(SLIP)
        assert (again.faults == ("ticket_unconfirmed",)) is held, again
        assert len(list(folder.glob("slip-*.json"))) == (2 if want.verdict is Verdict.PRINTED else 0)
    finally:
        talk.close()
    return f"{result.verdict.name} {' '.join(result.faults)}".strip() + (", held for a person" if held else "")


def paper(program: str, words: str, want: Verdict, *faults: str, fault: str = "") -> Callable[[Path], str]:
    result = PrintResult(want, faults)
    return partial(printed, program, tuple(words.split()), fault, result, want is Verdict.UNKNOWN)


S, P = "signs behind a helper", "printer behind a helper"
GOOD, BAD = example.__file__, misbehaving.__file__
AGAIN = "{}; started again, then shown"
HELPER_ROWS = [
    Row(S, "E1", "healthy", "shown, answer", healthy),
    Row(S, "E2", "one sign fails and returns", "failed alone, others served", one_sign),
    Row(S, "E3", "a library that confirms nothing", "sent, unmonitored, never shown", says_nothing),
    *(
        Row(S, number, scenario, AGAIN.format(code), partial(goes_wrong, how, code))
        for number, scenario, how, code in (
            ("E4", "hangs for ever", "hang", "no_answer"),
            ("E5", "segfaults", "segfault", "no_answer"),
            ("E6", "answers too late", "late", "no_answer"),
            ("E7", "answers another question", "wrong_id", "garbled"),
            ("E8", "babbles without an end of line", "babble", "garbled"),
            ("E9", "chatters", "chatter", "garbled"),
        )
    ),
    Row(
        S, "E10", "segfaults at every start", "failed unrecoverable, no loop", partial(never_lives, "segfault_at_once")
    ),
    Row(S, "E11", "character outside the font, control byte", "refused before it is said", outside_the_font),
    Row(P, "E12", "healthy", "PRINTED", paper(GOOD, "printer", Verdict.PRINTED)),
    Row(P, "E13", "no paper", "NOT_SENT", paper(GOOD, "printer", Verdict.NOT_SENT, "paper_end", fault="paper_end")),
    Row(
        P,
        "E14",
        "dies with the slip in its hands",
        "UNKNOWN, held",
        paper(BAD, "segfault", Verdict.UNKNOWN, "no_answer"),
    ),
    Row(
        P, "E15", "hangs with the slip in its hands", "UNKNOWN, held", paper(BAD, "hang", Verdict.UNKNOWN, "no_answer")
    ),
    Row(P, "E16", "babbles over the slip", "UNKNOWN, held", paper(BAD, "babble", Verdict.UNKNOWN, "garbled")),
    Row(P, "E17", "dies before the slip", "NOT_SENT", paper(BAD, "segfault_at_once", Verdict.NOT_SENT, "no_answer")),
    Row(P, "E18", "there is no such program", "NOT_SENT", paper("/nowhere", "at all", Verdict.NOT_SENT, "no_answer")),
]
