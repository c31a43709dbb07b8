"""Printer rows in the printer's own letters: the same verdicts as for pictures, from a tenth of the bytes."""

from dataclasses import replace

from drivers.escpos.native import native_units
from drivers.escpos.profile import Paper
from drivers.escpos.slip import slip_units
from drivers.ports import Verdict
from tests.conformance.papers import COPY, SLIP
from tests.conformance.printer_cases import case
from tests.conformance.printer_rig import Bench, Trouble, told
from tests.conformance.rows import Row

NATIVE = {"mode": "native"}
RARE = replace(SLIP, number="A013", lines=("🦀 not in GBK",))
# Rows of dots in SLIP: hall, number and service by their heights, lines of 30, a code of 29 modules between two feeds.
LAST_INK = 2 * 24 + 6 * 24 + 2 * 24 + 5 * 30 + 30 + 29 * 6 + 30 + 30

TROUBLES = (
    Trouble("N1", "healthy", Verdict.PRINTED, options=NATIVE),
    Trouble("N2", "near end", Verdict.PRINTED, ("paper_low",), begin=("paper_low",), options=NATIVE),
    Trouble(
        "N3", "cover open before the job", Verdict.NOT_SENT, ("cover_open",), begin=("cover_open",), options=NATIVE
    ),
    Trouble(
        "N4",
        "paper out in the ticket",
        Verdict.CLEARED,
        ("paper_end",),
        arrange=lambda sim: sim.paper_out_after(200),
        options=NATIVE,
    ),
    Trouble(
        "N5",
        "paper out right after the last ink",
        Verdict.UNKNOWN,
        ("paper_end",),
        copies=1,
        arrange=lambda sim: sim.paper_out_after(LAST_INK),
        options=NATIVE,
    ),
    Trouble("N6", "no GS ( H, and we know", Verdict.PRINTED, begin=("no_gsh",), options=NATIVE | {"confirm": "no"}),
    Trouble(
        "N7",
        "cutter jams at the cut",
        Verdict.UNKNOWN,
        ("cutter",),
        copies=1,
        begin=("cutter_jam",),
        options=NATIVE,
    ),
)


def rare_character(table: Bench) -> str:
    sim = table.sim()
    result = table.print(table.driver(sim.port, NATIVE), RARE)
    assert told(result.verdict, result.faults) == "PRINTED", result
    assert [piece.letters for piece in sim.slips()] == [()], "letters were sent that the printer does not have"
    return "PRINTED as a picture"


def cut_off(table: Bench) -> str:
    sim = table.sim()
    printer = table.driver(sim.port, NATIVE)
    sim.cut_link_after(2300, "rst")
    assert table.print(printer).verdict is Verdict.UNKNOWN
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    return f"UNKNOWN, PRINTED; {table.check(valid=0, copies=1)}"


def slow_line(table: Bench) -> str:
    sim = table.sim()
    result = table.print(table.driver(table.cable(sim, 9600).url, NATIVE))
    assert result.verdict is Verdict.PRINTED, result
    letters, picture = (sum(map(len, units)) for units in (native_units(SLIP, Paper()), slip_units(SLIP, Paper())))
    return f"PRINTED: {letters} bytes instead of {picture}; {table.check(valid=1, copies=0)}"


def row(one: Row) -> Row:
    return replace(one, device="printer, own letters")


NATIVE_ROWS: tuple[Row, ...] = (
    *(row(Row("", one.number, one.scenario, one.expected, one.run)) for one in TROUBLES),
    row(case("N8", "a character that GBK lacks", "PRINTED as a picture", rare_character)),
    row(case("N9", "cut off in the ticket (rst)", "UNKNOWN, PRINTED; 1 copy", cut_off)),
    row(case("N10", "9600 Bd", "PRINTED; 1 valid", slow_line)),
)
