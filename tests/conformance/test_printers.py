"""What a driver must say in every trouble a printer can be in, and how many valid papers may exist afterwards."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from drivers.escpos import commands, job
from drivers.escpos import printer as printer_module
from drivers.escpos.printer import EscposPrinter, open_printer
from drivers.escpos.profile import Paper
from drivers.escpos.slip import slip_units
from drivers.health import Health, State
from drivers.ports import PrintResult, Slip, Verdict
from drivers.sim.printer import SimPrinter
from tests.conformance.papers import COPY, SLIP, papers, until
from tests.conformance.printer_rows import CLEARED, NOT_SENT, PRINTED, ROWS, UNKNOWN, Row, refill

UNITS = len(slip_units(SLIP, Paper()))
ALL_PRINTED = PrintResult(PRINTED, units=UNITS, fences=UNITS)
FREE_TO_REDIRECT = {Verdict.NOT_SENT, Verdict.CLEARED}
PATIENCE = {
    (job, "FENCE_TIMEOUT_S"): job.FENCE_TIMEOUT_S,
    (job, "STATUS_TIMEOUT_S"): job.STATUS_TIMEOUT_S,
    (job, "CLEAR_TIMEOUT_S"): job.CLEAR_TIMEOUT_S,
    (printer_module, "STATUS_TIMEOUT_S"): printer_module.STATUS_TIMEOUT_S,
    (printer_module, "PREPARE_TIMEOUT_S"): printer_module.PREPARE_TIMEOUT_S,
    (printer_module, "RELEASE_TIMEOUT_S"): printer_module.RELEASE_TIMEOUT_S,
}


def be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in PATIENCE:
        monkeypatch.setattr(module, name, 10.0)


def expect_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time-outs of the product, but one second for a fence: the rows need not take six each."""
    for (module, name), seconds in PATIENCE.items():
        monkeypatch.setattr(module, name, min(seconds, 1.0))


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    be_patient(monkeypatch)
    with ExitStack() as closing_all:
        yield closing_all


def simulator(stack: ExitStack, **hardware: float) -> SimPrinter:
    sim = SimPrinter(**hardware).start()  # type: ignore[arg-type]
    stack.callback(sim.stop)
    return sim


def driver(stack: ExitStack, sim: SimPrinter, options: dict[str, str] | None = None) -> EscposPrinter:
    return stack.enter_context(closing(open_printer(f"tcp://127.0.0.1:{sim.port}", options or {})))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.number} {row.scenario}" for row in ROWS])
def test_the_verdict_is_true_and_the_papers_are_right(
    row: Row, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    if row.silent:
        expect_silence(monkeypatch)
    sim = simulator(stack, **row.hardware)
    backup = simulator(stack, mm_s=0.0)
    printer = driver(stack, sim, row.options)
    if row.idle_before:
        assert printer.status().state is State.OK
    for fault in row.begin:
        sim.set_fault(fault, True)
    row.arrange(sim)

    result = printer.print_slip(SLIP)

    assert (result.verdict, result.faults) == (row.verdict, row.faults)
    be_patient(monkeypatch)
    if result.verdict in FREE_TO_REDIRECT:
        assert driver(stack, backup).print_slip(SLIP) == ALL_PRINTED
    elif result.verdict is UNKNOWN:
        assert driver(stack, backup).print_slip(COPY).verdict is PRINTED
    row.aftermath(sim)
    until(lambda: sim.idle() or bool(sim.state() != "ready"))
    until(lambda: papers([sim, backup], SLIP) >= row.valid)
    assert (papers([sim, backup], SLIP), papers([sim, backup], COPY)) == (row.valid, row.copies)
    dangerous = [seen for seen in sim.realtime_seen() if seen[1] == 0x05 or seen[:3] == b"\x10\x14\x02"]
    assert dangerous == []
    if {"cutter", "mechanical", "unrecoverable"} & set(result.faults):
        assert commands.CLEAR not in sim.realtime_seen()


def test_22_while_another_client_holds_the_printer_nothing_is_sent(
    stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_silence(monkeypatch)
    sim = simulator(stack, mm_s=0.0)
    holder = driver(stack, sim)
    assert holder.status().state is State.OK
    assert driver(stack, sim).print_slip(SLIP).verdict is NOT_SENT
    be_patient(monkeypatch)
    assert holder.print_slip(SLIP).verdict is PRINTED
    assert papers([sim], SLIP) == 1


def test_23_a_printer_that_answers_no_knock_is_unreachable(stack: ExitStack) -> None:
    full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
    for _ in range(3):  # a full backlog drops further knocks, as a printer without power does
        knock = stack.enter_context(socket.socket())
        knock.setblocking(False)
        knock.connect_ex(full.getsockname())
    printer = stack.enter_context(closing(open_printer(f"tcp://127.0.0.1:{full.getsockname()[1]}", {})))
    assert printer.status() == Health(State.FAILED, ("unreachable",), "timed out")
    assert printer.print_slip(SLIP).verdict is NOT_SENT


def test_30_a_late_answer_never_meets_the_next_question(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    expect_silence(monkeypatch)
    sim = simulator(stack, mm_s=0.0)
    printer = driver(stack, sim)
    sim.set_fault("late", True)
    assert printer.status().faults == ("no_answer",)
    sim.set_fault("late", False)
    sim.set_fault("paper_end", True)
    until(lambda: printer.status().faults == ("paper_end",))
    be_patient(monkeypatch)
    refill(sim)
    assert printer.status().state is State.OK


def next_slip(printer: EscposPrinter, slip: Slip) -> PrintResult:
    until(lambda: "ticket_unconfirmed" not in printer.status().faults)
    return printer.print_slip(slip)


@pytest.mark.parametrize("how", ["rst", "fin"])
@pytest.mark.parametrize("received_bytes", [2500, 4111, 6000, 20_000])
def test_39_after_a_link_cut_inside_a_band_the_next_ticket_is_clean(
    stack: ExitStack, received_bytes: int, how: str
) -> None:
    sim = simulator(stack, mm_s=0.0)
    printer = driver(stack, sim)
    sim.cut_link_after(received_bytes, how)
    assert printer.print_slip(SLIP).verdict is UNKNOWN
    assert next_slip(printer, COPY).verdict is PRINTED
    assert (papers([sim], SLIP), papers([sim], COPY)) == (0, 1)


def test_40_two_kiosks_at_one_printer_never_mix_their_tickets(stack: ExitStack) -> None:
    sim = simulator(stack, mm_s=0.0)
    slips = [Slip(f"s{n}", "Hall", f"K{n:03}", closing="end") for n in range(2)]
    verdicts: list[list[Verdict]] = [[], []]

    def kiosk(n: int) -> None:
        for _ in range(200):
            with closing(open_printer(f"tcp://127.0.0.1:{sim.port}", {})) as printer:
                verdicts[n].append(printer.print_slip(slips[n]).verdict)
            if verdicts[n][-1] is not NOT_SENT:
                return

    threads = [threading.Thread(target=kiosk, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [tried[-1] for tried in verdicts] == [PRINTED, PRINTED]
    assert [papers([sim], slip) for slip in slips] == [1, 1]


def test_41_a_near_end_sensor_that_sticks_is_one_standing_warning(stack: ExitStack) -> None:
    sim = simulator(stack, mm_s=0.0)
    printer = driver(stack, sim)
    sim.set_fault("paper_low", True)
    first = printer.status()
    assert first == Health(State.DEGRADED, ("paper_low",), "12 12 12 1e")
    assert [printer.print_slip(SLIP).faults for _ in range(2)] == [("paper_low",)] * 2
    assert printer.status() == first


def test_46_when_all_printers_are_down_no_paper_exists_and_each_says_why(stack: ExitStack) -> None:
    sims = [simulator(stack, mm_s=0.0) for _ in range(2)]
    sims[0].set_fault("paper_end", True)
    sims[1].set_fault("unplugged", True)
    results = [driver(stack, sim).print_slip(SLIP) for sim in sims]
    assert [(result.verdict, result.faults) for result in results] == [
        (NOT_SENT, ("paper_end",)),
        (NOT_SENT, ("refused",)),
    ]
    assert papers(sims, SLIP) == 0


def test_an_unconfirmed_slip_blocks_the_printer_until_its_buffer_is_proven_empty(
    stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_silence(monkeypatch)
    sim = simulator(stack, mm_s=0.0)
    printer = driver(stack, sim)
    sim.set_fault("no_clear", True)
    sim.paper_out_after(300)
    assert printer.print_slip(SLIP).verdict is UNKNOWN
    assert printer.status().faults == ("paper_end", "ticket_unconfirmed")
    blocked = printer.print_slip(SLIP)
    assert (blocked.verdict, blocked.faults) == (NOT_SENT, ("paper_end", "ticket_unconfirmed"))
    be_patient(monkeypatch)
    refill(sim)
    assert next_slip(printer, COPY).verdict is PRINTED
    assert (papers([sim], SLIP), papers([sim], COPY)) == (0, 1)


def test_a_cleared_printer_prints_the_next_slip_on_its_own_paper(stack: ExitStack) -> None:
    sim = simulator(stack, mm_s=0.0)
    printer = driver(stack, sim)
    sim.fault_after("cover_open", 300)
    assert printer.print_slip(SLIP).verdict is CLEARED
    sim.set_fault("cover_open", False)
    assert printer.print_slip(SLIP).verdict is PRINTED
    assert [piece.complete for piece in sim.slips()] == [False, True]
    assert papers([sim], SLIP) == 1


def test_a_hundred_slips_in_a_row_are_a_hundred_papers(stack: ExitStack) -> None:
    sim = simulator(stack, mm_s=0.0)
    printer = driver(stack, sim)
    assert {printer.print_slip(SLIP).verdict for _ in range(100)} == {PRINTED}
    assert papers([sim], SLIP) == 100
    sim.tear()
    assert sim.slips_png() == []
