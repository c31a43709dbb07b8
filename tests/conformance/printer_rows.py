"""Every trouble a printer can be in, one row each; the rows that need more than one arrangement are cases."""

import threading
from collections.abc import Callable

from drivers.ports import Verdict
from drivers.sim.printer import SimPrinter
from tests.conformance.native_rows import NATIVE_ROWS
from tests.conformance.papers import SLIP, ink_rows, until
from tests.conformance.printer_cases import CASES
from tests.conformance.printer_link_cases import LINK_CASES
from tests.conformance.printer_rig import SILENT_AT_ONCE, SILENT_FOR_GOOD, SILENT_LATER, Trouble
from tests.conformance.rows import Row
from tests.conformance.serial_rows import SERIAL_ROWS
from tests.conformance.spool_rows import SPOOL_ROWS
from tests.conformance.usb_rows import USB_ROWS

LAST_INK = ink_rows(SLIP)


def refill(sim: SimPrinter) -> None:
    sim.set_fault("paper_end", False)


def out_after(rows: int) -> Callable[[SimPrinter], object]:
    return lambda sim: sim.paper_out_after(rows)


NOT_SENT, PRINTED, CLEARED, UNKNOWN = Verdict.NOT_SENT, Verdict.PRINTED, Verdict.CLEARED, Verdict.UNKNOWN
PROBABLY = Verdict.PROBABLY_PRINTED


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


TROUBLES = (
    Trouble("1", "healthy", PRINTED),
    Trouble("2", "near end", PRINTED, ("paper_low",), begin=("paper_low",)),
    Trouble("3", "paper end before the job", NOT_SENT, ("paper_end",), begin=("paper_end",), aftermath=refill),
    Trouble("4", "cover open before the job", NOT_SENT, ("cover_open",), begin=("cover_open",)),
    Trouble("5", "cutter error standing", NOT_SENT, ("cutter",), begin=("cutter",)),
    Trouble("6", "unrecoverable error", NOT_SENT, ("unrecoverable",), begin=("unrecoverable",)),
    Trouble("7", "head hot", NOT_SENT, ("head_hot",), begin=("head_hot",)),
    Trouble("8", "offline at the panel", NOT_SENT, ("offline_panel",), begin=("offline_panel",)),
    Trouble("8a", "feed button held", NOT_SENT, ("feeding",), begin=("feed",)),
    Trouble("8b", "mechanical error", NOT_SENT, ("mechanical",), begin=("mechanical",)),
    Trouble(
        "9",
        "clone mute while the cover is open",
        NOT_SENT,
        ("no_answer",),
        begin=("cover_open", "mute"),
        patience=SILENT_AT_ONCE,
    ),
    Trouble("10", "paper out in the ticket", CLEARED, ("paper_end",), arrange=out_after(300)),
    Trouble(
        "11",
        "cover opened in the ticket",
        CLEARED,
        ("cover_open",),
        arrange=lambda sim: sim.fault_after("cover_open", 300),
        aftermath=lambda sim: sim.set_fault("cover_open", False),
    ),
    Trouble(
        "11a",
        "head too hot in the ticket",
        CLEARED,
        ("head_hot",),
        arrange=lambda sim: sim.fault_after("head_hot", 120),
        aftermath=lambda sim: sim.set_fault("head_hot", False),
    ),
    Trouble("12", "cutter jams at the cut", UNKNOWN, ("cutter",), valid=1, copies=1, begin=("cutter_jam",)),
    Trouble(
        "12a",
        "mechanical error in the ticket: nothing may be cleared",
        UNKNOWN,
        ("mechanical",),
        valid=0,
        copies=1,
        arrange=lambda sim: sim.fault_after("mechanical", 300),
    ),
    Trouble(
        "13",
        "paper out in the ticket, nothing clears, printed on after the refill",
        UNKNOWN,
        ("paper_end",),
        valid=0,
        copies=1,
        patience=SILENT_LATER,
        begin=("no_clear",),
        arrange=out_after(300),
        aftermath=refill,
    ),
    Trouble("14", "no GS ( H, and we know", PRINTED, begin=("no_gsh",), options={"confirm": "no"}),
    Trouble("15", "GS ( H ignored", PROBABLY, begin=("no_gsh",), patience=SILENT_LATER),
    Trouble(
        "16",
        "id returned as not printed, then cleared",
        CLEARED,
        ("paper_end",),
        begin=("denies_at_paper_end", "no_asb", "no_gsr"),
        arrange=out_after(300),
        options={"fence": "gsh"},
    ),
    Trouble(
        "16a",
        "id returned as not printed, nothing clears",
        UNKNOWN,
        ("paper_end",),
        valid=0,
        copies=1,
        patience=SILENT_LATER,
        begin=("denies_at_paper_end", "no_asb", "no_gsr", "no_clear"),
        arrange=out_after(300),
        options={"fence": "gsh"},
    ),
    Trouble("16b", "id denied after all fences", UNKNOWN, ("paper_end",), copies=1, begin=("negative_id",)),
    Trouble(
        "17",
        "no reports, paper out",
        CLEARED,
        ("paper_end",),
        patience=SILENT_LATER,
        begin=("no_asb",),
        arrange=out_after(300),
    ),
    Trouble(
        "18",
        "reset after 6 KB",
        UNKNOWN,
        ("unreachable",),
        valid=0,
        copies=1,
        arrange=lambda sim: sim.cut_link_after(6000, "rst"),
    ),
    Trouble(
        "19",
        "hung up after 6 KB",
        UNKNOWN,
        ("unreachable",),
        valid=0,
        copies=1,
        arrange=lambda sim: sim.cut_link_after(6000, "fin"),
    ),
    Trouble("20", "accepts and never reads", NOT_SENT, ("no_answer",), begin=("never_reads",), patience=SILENT_AT_ONCE),
    Trouble(
        "21",
        "hangs up at once",
        NOT_SENT,
        ("unreachable",),
        arrange=lambda sim: sim.cut_link_after(0, "fin"),
    ),
    Trouble(
        "21a",
        "resets at once",
        NOT_SENT,
        ("unreachable",),
        arrange=lambda sim: sim.cut_link_after(0, "rst"),
    ),
    Trouble("24", "refused", NOT_SENT, ("refused",), begin=("refuse",)),
    Trouble(
        "25",
        "idle link closed by the printer",
        PRINTED,
        arrange=lambda sim: sim.cut_link_after(0, "fin"),
        idle_before=True,
    ),
    Trouble(
        "25a",
        "unplugged while idle",
        NOT_SENT,
        ("refused",),
        arrange=lambda sim: sim.set_fault("unplugged", True),
        idle_before=True,
    ),
    Trouble("27", "a web server", NOT_SENT, ("wrong_device",), begin=("wrong_http",)),
    Trouble("28", "a laser printer", NOT_SENT, ("wrong_device",), begin=("wrong_pjl",)),
    Trouble("29", "junk", NOT_SENT, ("wrong_device",), begin=("wrong_junk",)),
    Trouble("30", "answers two seconds late", NOT_SENT, ("no_answer",), begin=("late",), patience=SILENT_AT_ONCE),
    Trouble("32", "reports split, XOFF inside", PRINTED, begin=("split",)),
    Trouble("32a", "and the paper ends", CLEARED, ("paper_end",), begin=("split",), arrange=out_after(300)),
    Trouble("33", "a slow head: 20 mm/s", PRINTED, hardware={"mm_s": 20.0}),
    Trouble("33a", "a slow reader: 60 ms per read", PRINTED, begin=("slow_reads",)),
    Trouble("34", "a full buffer that resumes", PRINTED, hardware={"mm_s": 400.0, "buffer_bytes": 600}),
    Trouble("35", "a clone that drops overflow", PRINTED, begin=("drop_overflow",), hardware={"mm_s": 400.0}),
    Trouble(
        "36",
        "power cycle in the ticket",
        UNKNOWN,
        ("unreachable",),
        valid=0,
        copies=1,
        arrange=lambda sim: soon(sim, lambda: sim.set_fault("power_cycle", True)),
        hardware={"mm_s": 100.0},
    ),
    Trouble(
        "37",
        "roll changed within a second",
        CLEARED,
        ("paper_end",),
        arrange=lambda sim: [act(sim) for act in (out_after(300), soon_refill)],
        hardware={"mm_s": 100.0},
    ),
    Trouble("38", "refill after the redirect", CLEARED, ("paper_end",), arrange=out_after(300), aftermath=refill),
    Trouble("41", "near sensor missing", PRINTED, begin=("no_near_sensor",)),
    Trouble("14a", "fences only from GS ( H", PRINTED, begin=("no_gsr",), options={"fence": "gsh"}),
    Trouble("14b", "no fences at all", Verdict.SPOOLED, options={"fence": "none", "confirm": "no"}),
    Trouble(
        "26b",
        "falls silent in the ticket",
        UNKNOWN,
        ("no_answer",),
        valid=0,
        copies=1,
        arrange=lambda sim: soon(sim, lambda: sim.set_fault("mute", True)),
        hardware={"mm_s": 100.0},
        patience=SILENT_FOR_GOOD,
    ),
    Trouble(
        "47",
        "paper out right after the last ink",
        UNKNOWN,
        ("paper_end",),
        valid=1,
        copies=1,
        arrange=out_after(LAST_INK),
    ),
)


ROWS: tuple[Row, ...] = (
    *sorted(
        (*(Row("printer", one.number, one.scenario, one.expected, one.run) for one in TROUBLES), *CASES, *LINK_CASES),
        key=lambda row: (int(row.number.rstrip("abcdefgh")), row.number),
    ),
    *USB_ROWS,
    *NATIVE_ROWS,
    *SPOOL_ROWS,
    *SERIAL_ROWS,
)
