"""The printer rows that take more than one step: the drivers are the product's, the printers speak real bytes."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from drivers.escpos.patience import USUAL
from drivers.escpos.slip import without_ink
from drivers.health import Health, State
from drivers.ports import Slip, Verdict
from tests.conformance.papers import COPY, SLIP, papers, until
from tests.conformance.printer_rig import PATIENT, SILENT_LATER, Bench, bench, told
from tests.conformance.relay import relay, when
from tests.conformance.rows import Row


def quarantine(table: Bench) -> str:
    sim = table.sim()
    printer = table.driver(sim.port, patience=SILENT_LATER)
    sim.set_fault("no_clear", True)
    sim.paper_out_after(300)
    assert table.print(printer).verdict is Verdict.UNKNOWN
    assert printer.status().faults == ("paper_end", "ticket_unconfirmed")
    blocked = table.print(printer, COPY)
    assert told(blocked.verdict, blocked.faults) == "NOT_SENT paper_end ticket_unconfirmed"
    sim.set_fault("paper_end", False)
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    return f"UNKNOWN, NOT_SENT, then PRINTED; {table.check(valid=0, copies=1)}"


def held_by_another(table: Bench) -> str:
    sim = table.sim()
    holder = table.driver(sim.port)
    assert holder.status().state is State.OK
    result = table.print(table.driver(sim.port, patience=USUAL))
    assert result.verdict is Verdict.NOT_SENT, result
    assert table.print(holder).verdict is Verdict.PRINTED
    return f"{told(result.verdict, result.faults)}; {table.check(valid=1, copies=0)}"


def late_on_the_network(table: Bench) -> str:
    sim = table.sim()
    printer = table.driver(sim.port, patience=USUAL)
    sim.set_fault("late", True)
    assert printer.status().faults == ("no_answer",)
    sim.set_fault("late", False)
    sim.set_fault("paper_end", True)
    seen: list[Health] = []
    while not seen or seen[-1].faults != ("paper_end",):
        seen.append(printer.status())
    assert {health.state for health in seen} == {State.FAILED}, seen
    sim.set_fault("paper_end", False)
    until(lambda: printer.status().state is State.OK)
    return "no_answer, paper_end, OK"


def report_before_an_answer(table: Bench) -> str:
    sim = table.sim()
    printer = table.driver(sim.port)
    assert table.print(printer).verdict is Verdict.PRINTED  # from now on the printer reports by itself
    sim.set_fault("paper_low", True)
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "PRINTED paper_low", result
    return f"{told(result.verdict, result.faults)}; {table.check(valid=2, copies=0)}"


def initialised_after_a_power_cycle(table: Bench) -> str:
    sim = table.sim(mm_s=100.0)
    printer = table.driver(sim.port)
    when(lambda: any(not piece.complete for piece in sim.slips()), lambda: sim.set_fault("power_cycle", True))
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "UNKNOWN unreachable", result
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    counted = table.check(valid=0, copies=1)
    sim.paper_out_after(300)  # only a printer that was told to report again names this at once
    again = table.print(printer)
    assert told(again.verdict, again.faults) == "CLEARED paper_end", again
    return f"UNKNOWN, PRINTED; {counted}; reports are on again"


def cut_inside_a_band(received_bytes: int, how: str, table: Bench) -> str:
    sim = table.sim()
    printer = table.driver(sim.port)
    sim.cut_link_after(received_bytes, how)
    assert table.print(printer).verdict is Verdict.UNKNOWN
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    return f"UNKNOWN, PRINTED; {table.check(valid=0, copies=1)}"


def two_kiosks(table: Bench) -> str:
    sim = table.sim()
    slips = [Slip(f"s{n}", "Hall", f"K{n:03}", closing="end") for n in range(2)]
    verdicts: list[list[Verdict]] = [[], []]

    def kiosk(n: int) -> None:
        for _ in range(200):
            printer = table.driver(sim.port, patience=USUAL)
            verdicts[n].append(printer.print_slip(slips[n]).verdict)
            printer.close()
            if verdicts[n][-1] is not Verdict.NOT_SENT:
                return

    threads = [threading.Thread(target=kiosk, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [tried[-1] for tried in verdicts] == [Verdict.PRINTED] * 2, verdicts
    assert [papers([sim], slip) for slip in slips] == [1, 1], "mixed tickets"
    return f"PRINTED twice, after {sum(map(len, verdicts)) - 2} refusals; 1 paper each"


def sensor_stuck(table: Bench) -> str:
    sim = table.sim()
    printer = table.driver(sim.port)
    sim.set_fault("paper_low", True)
    first = printer.status()
    assert first == Health(State.DEGRADED, ("paper_low",), "12 12 12 1e")
    assert [table.print(printer).faults for _ in range(2)] == [("paper_low",)] * 2
    assert printer.status() == first, "the same warning was not the same value"
    return f"PRINTED paper_low twice, one standing warning; {table.check(valid=2, copies=0)}"


def half_a_bit_pair(answer: str, health: State, wanted: str, valid: int, table: Bench) -> str:
    sim = table.sim()
    wire = relay(sim.port)
    table.stack.callback(wire.stop)
    wire.paper_answer = bytes.fromhex(answer)
    printer = table.driver(wire.port)
    seen = printer.status()
    assert (seen.state, " ".join(seen.faults)) == (health, wanted), seen
    result = table.print(printer)
    assert result.verdict is (Verdict.PRINTED if valid else Verdict.NOT_SENT), result
    return f"{wanted}, {result.verdict.value.upper()}; {table.check(valid, copies=0)}"


def identity_is_not_asked(table: Bench) -> str:
    sim = table.sim()
    wire = relay(sim.port)
    table.stack.callback(wire.stop)
    assert table.print(table.driver(wire.port)).verdict is Verdict.PRINTED
    assert b"\x1d\x49" not in without_ink(bytes(wire.heard)), "GS I was asked, and clones lie"
    return f"PRINTED, identity never asked; {table.check(valid=1, copies=0)}"


def label_is_no_proof(table: Bench) -> str:
    """It calls itself a TM-T88V, which would know GS ( H if it were one."""
    sim = table.sim()
    sim.set_fault("no_gsh", True)
    quick = replace(PATIENT, fence_s=4)
    result = table.driver(sim.port, {"confirm": "no"}, quick).print_slip(replace(SLIP, probing=True))
    assert result.evidence == "asb yes, gsr yes, gsh no; calls itself TM-T88V TM-T88V TM-T88V", result
    return f"{told(result.verdict, result.faults)}, gsh no; {table.check(valid=1, copies=0)}"


def all_down(table: Bench) -> str:
    sims = [table.sim(), table.sim()]
    sims[0].set_fault("paper_end", True)
    sims[1].set_fault("unplugged", True)
    results = [table.print(table.driver(sim.port)) for sim in sims]
    seen = [told(result.verdict, result.faults) for result in results]
    assert seen == ["NOT_SENT paper_end", "NOT_SENT refused"], seen
    return f"{', '.join(seen)}; {table.check(valid=0, copies=0)}"


def case(number: str, scenario: str, expected: str, act: Callable[[Bench], str]) -> Row:
    """A row that is a function of its bench."""

    def run(folder: Path) -> str:
        with bench(folder) as table:
            return act(table)

    return Row("printer", number, scenario, expected, run)


CUTS = [(received, how) for received in (2500, 4111, 6000, 20_000) for how in ("rst", "fin")]
CASES: tuple[Row, ...] = (
    case("13a", "after it nothing else is printed until the buffer is proven empty", "quarantine; 1 copy", quarantine),
    case("22", "another client holds the printer", "NOT_SENT, the other prints; 1 valid", held_by_another),
    case("30a", "late answers, while the paper ends", "never OK without paper", late_on_the_network),
    case("31", "a report before the answer", "PRINTED paper_low; 2 valid", report_before_an_answer),
    case("36a", "and then", "initialised: 1 copy, reports on", initialised_after_a_power_cycle),
    *(
        case(
            f"39{letter}",
            f"cut off inside a band ({how} after {received} bytes)",
            "UNKNOWN; next ticket clean, 1 copy",
            partial(cut_inside_a_band, received, how),
        )
        for letter, (received, how) in zip("abcdefgh", CUTS, strict=True)
    ),
    case("40", "two kiosks at once", "serialised, 1 paper each", two_kiosks),
    case("41a", "near sensor stuck", "PRINTED paper_low, one warning", sensor_stuck),
    *(
        case(
            number,
            f"half a bit pair: {answer}",
            f"{fault}, {'PRINTED; 1' if valid else 'NOT_SENT; 0'} valid",
            partial(half_a_bit_pair, answer, state, fault, valid),
        )
        for number, answer, state, fault, valid in (
            ("42", "16", State.DEGRADED, "paper_low", 1),
            ("42a", "32", State.FAILED, "paper_end", 0),
            ("42b", "52", State.FAILED, "paper_end", 0),
        )
    ),
    case("43", "GS I lies", "never asked; options decide", identity_is_not_asked),
    case("43a", "GS I lies to a test slip", "PRINTED, gsh no; 1 valid", label_is_no_proof),
    case("46", "all down (number and QR on the screen: tests/kiosk)", "NOT_SENT, each by name; 0 valid", all_down),
)
