"""Every trouble a printer can be in: what is arranged, the only true verdict, the papers that may exist."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.ports import Verdict
from drivers.sim.printer import SimPrinter
from tests.conformance.papers import SLIP, ink_rows, until

LAST_INK = ink_rows(SLIP)


@dataclass(frozen=True)
class Row:
    """One scenario: what is arranged, the verdict, and the papers that exist when all is over.

    ``valid`` counts papers without, ``copies`` papers with a copy mark, over the printer and its backup.
    ``silent`` rows end by a time-out of the driver; in the others a slow machine must not cause one.
    """

    number: str
    scenario: str
    verdict: Verdict
    faults: tuple[str, ...] = ()
    valid: int = 1
    copies: int = 0
    begin: tuple[str, ...] = ()
    arrange: Callable[[SimPrinter], object] = lambda sim: None
    aftermath: Callable[[SimPrinter], object] = lambda sim: None
    options: dict[str, str] = field(default_factory=dict)
    hardware: dict[str, float] = field(default_factory=lambda: {"mm_s": 0.0})
    idle_before: bool = False
    silent: bool = False


def refill(sim: SimPrinter) -> None:
    sim.set_fault("paper_end", False)


def out_after(rows: int) -> Callable[[SimPrinter], object]:
    return lambda sim: sim.paper_out_after(rows)


NOT_SENT, PRINTED, CLEARED, UNKNOWN = Verdict.NOT_SENT, Verdict.PRINTED, Verdict.CLEARED, Verdict.UNKNOWN
PROBABLY = Verdict.PROBABLY_PRINTED

ROWS = [
    Row("1", "healthy", PRINTED),
    Row("2", "near end", PRINTED, ("paper_low",), begin=("paper_low",)),
    Row("3", "paper end before the job", NOT_SENT, ("paper_end",), begin=("paper_end",), aftermath=refill),
    Row("4", "cover open before the job", NOT_SENT, ("cover_open",), begin=("cover_open",)),
    Row("5", "cutter error standing", NOT_SENT, ("cutter",), begin=("cutter",)),
    Row("6", "unrecoverable error", NOT_SENT, ("unrecoverable",), begin=("unrecoverable",)),
    Row("7", "head hot", NOT_SENT, ("head_hot",), begin=("head_hot",)),
    Row("8", "offline at the panel", NOT_SENT, ("offline_panel",), begin=("offline_panel",)),
    Row("8a", "feed button held", NOT_SENT, ("feeding",), begin=("feed",)),
    Row("8b", "mechanical error", NOT_SENT, ("mechanical",), begin=("mechanical",)),
    Row("9", "clone mute while the cover is open", NOT_SENT, ("no_answer",), begin=("cover_open", "mute"), silent=True),
    Row("10", "paper out in the ticket", CLEARED, ("paper_end",), arrange=out_after(300)),
    Row(
        "11",
        "cover opened in the ticket",
        CLEARED,
        ("cover_open",),
        arrange=lambda sim: sim.fault_after("cover_open", 300),
        aftermath=lambda sim: sim.set_fault("cover_open", False),
    ),
    Row(
        "11a",
        "head too hot in the ticket",
        CLEARED,
        ("head_hot",),
        arrange=lambda sim: sim.fault_after("head_hot", 120),
        aftermath=lambda sim: sim.set_fault("head_hot", False),
    ),
    Row("12", "cutter jams at the cut", UNKNOWN, ("cutter",), valid=1, copies=1, begin=("cutter_jam",)),
    Row(
        "12a",
        "mechanical error in the ticket: nothing may be cleared",
        UNKNOWN,
        ("mechanical",),
        valid=0,
        copies=1,
        arrange=lambda sim: sim.fault_after("mechanical", 300),
    ),
    Row(
        "13",
        "paper out in the ticket, nothing clears, printed on after the refill",
        UNKNOWN,
        ("paper_end",),
        valid=0,
        copies=1,
        silent=True,
        begin=("no_clear",),
        arrange=out_after(300),
        aftermath=refill,
    ),
    Row("14", "no GS ( H, and we know", PRINTED, begin=("no_gsh",), options={"confirm": "no"}),
    Row("15", "GS ( H ignored", PROBABLY, begin=("no_gsh",), silent=True),
    Row(
        "16",
        "id returned as not printed, then cleared",
        CLEARED,
        ("paper_end",),
        begin=("denies_at_paper_end", "no_asb", "no_gsr"),
        arrange=out_after(300),
        options={"fence": "gsh"},
    ),
    Row(
        "16a",
        "id returned as not printed, nothing clears",
        UNKNOWN,
        ("paper_end",),
        valid=0,
        copies=1,
        silent=True,
        begin=("denies_at_paper_end", "no_asb", "no_gsr", "no_clear"),
        arrange=out_after(300),
        options={"fence": "gsh"},
    ),
    Row("16b", "id denied after all fences", UNKNOWN, ("paper_end",), copies=1, begin=("negative_id",)),
    Row("17", "no reports, paper out", CLEARED, ("paper_end",), silent=True, begin=("no_asb",), arrange=out_after(300)),
    Row(
        "18",
        "reset after 6 KB",
        UNKNOWN,
        ("unreachable",),
        valid=0,
        copies=1,
        arrange=lambda sim: sim.cut_link_after(6000, "rst"),
    ),
    Row(
        "19",
        "hung up after 6 KB",
        UNKNOWN,
        ("unreachable",),
        valid=0,
        copies=1,
        arrange=lambda sim: sim.cut_link_after(6000, "fin"),
    ),
    Row("20", "accepts and never reads", NOT_SENT, ("no_answer",), begin=("never_reads",), silent=True),
    Row(
        "21",
        "hangs up at once",
        NOT_SENT,
        ("unreachable",),
        arrange=lambda sim: sim.cut_link_after(0, "fin"),
    ),
    Row(
        "21a",
        "resets at once",
        NOT_SENT,
        ("unreachable",),
        arrange=lambda sim: sim.cut_link_after(0, "rst"),
    ),
    Row("24", "refused", NOT_SENT, ("refused",), begin=("refuse",)),
    Row(
        "25",
        "idle link closed by the printer",
        PRINTED,
        arrange=lambda sim: sim.cut_link_after(0, "fin"),
        idle_before=True,
    ),
    Row(
        "25a",
        "unplugged while idle",
        NOT_SENT,
        ("refused",),
        arrange=lambda sim: sim.set_fault("unplugged", True),
        idle_before=True,
    ),
    Row("27", "a web server", NOT_SENT, ("wrong_device",), begin=("wrong_http",)),
    Row("28", "a laser printer", NOT_SENT, ("wrong_device",), begin=("wrong_pjl",)),
    Row("29", "junk", NOT_SENT, ("wrong_device",), begin=("wrong_junk",)),
    Row("30", "answers two seconds late", NOT_SENT, ("no_answer",), begin=("late",), silent=True),
    Row(
        "31",
        "a report before the answer",
        PRINTED,
        ("paper_low",),
        arrange=lambda sim: sim.set_fault("paper_low", True),
        idle_before=True,
    ),
    Row("32", "reports split, XOFF inside", PRINTED, begin=("split",)),
    Row("33", "a slow printer", PRINTED, hardware={"mm_s": 40.0}),
    Row("34", "a full buffer that resumes", PRINTED, hardware={"mm_s": 400.0, "buffer_bytes": 600}),
    Row("35", "a clone that drops overflow", PRINTED, begin=("drop_overflow",), hardware={"mm_s": 400.0}),
    Row(
        "36",
        "power cycle in the ticket",
        UNKNOWN,
        ("unreachable",),
        valid=0,
        copies=1,
        arrange=lambda sim: soon(sim, lambda: sim.set_fault("power_cycle", True)),
        hardware={"mm_s": 100.0},
    ),
    Row(
        "37",
        "roll changed within a second",
        CLEARED,
        ("paper_end",),
        arrange=lambda sim: [act(sim) for act in (out_after(300), soon_refill)],
        hardware={"mm_s": 100.0},
    ),
    Row("38", "refill after the redirect", CLEARED, ("paper_end",), arrange=out_after(300), aftermath=refill),
    Row("41", "near sensor missing", PRINTED, begin=("no_near_sensor",)),
    Row("43", "fences only from GS ( H", PRINTED, begin=("no_gsr",), options={"fence": "gsh"}),
    Row("43a", "no fences at all", Verdict.SPOOLED, options={"fence": "none", "confirm": "no"}),
    Row(
        "48",
        "falls silent in the ticket",
        UNKNOWN,
        ("no_answer",),
        valid=0,
        copies=1,
        arrange=lambda sim: soon(sim, lambda: sim.set_fault("mute", True)),
        hardware={"mm_s": 100.0},
        silent=True,
    ),
    Row(
        "47",
        "paper out right after the last ink",
        UNKNOWN,
        ("paper_end",),
        valid=1,
        copies=1,
        arrange=out_after(LAST_INK),
    ),
]


def soon(sim: SimPrinter, act: Callable[[], object]) -> None:
    """Do something as soon as ink hangs out of the printer."""

    def watch() -> None:
        until(lambda: any(not piece.complete for piece in sim.slips()))
        act()

    threading.Thread(target=watch, daemon=True).start()


def soon_refill(sim: SimPrinter) -> None:
    def watch() -> None:
        until(lambda: sim.faults()["paper_end"])
        sim.set_fault("paper_end", False)

    threading.Thread(target=watch, daemon=True).start()
