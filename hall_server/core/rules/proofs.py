"""Rules of tests: a marked slip or a pattern on demand, owed once, and what it proves about a repair."""

from hall_server.core import checks
from hall_server.core import facts as f
from hall_server.core.commands import AskTest, ReportShown, ReportSlip
from hall_server.core.hall import DeviceTest, Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import devices, slips

LIMIT_S = 90.0  # a slip is final after 15 s plus its time on a slow wire, and another one may go before it


def ask(hall: Hall, command: AskTest, now: float) -> list[f.Fact]:
    """One test of a device at a time."""
    device = devices.need_device(hall, command.device)
    if not checks.tested(device):
        raise Refused("no_test", f"{device.en} cannot be tested from here: somebody has to look at it.")
    if running(hall, device.id) is not None:
        raise Refused("test_running", f"{device.en} is being tested already.")
    return [f.DeviceTestAsked(device.id, command.test)]


def running(hall: Hall, device: str) -> DeviceTest | None:
    """The test that a device still owes."""
    test = hall.tests.get(device)
    return test if test is not None and test.outcome is None else None


def report_slip(hall: Hall, command: ReportSlip, now: float) -> list[f.Fact]:
    """A station's step with a slip; a test's slip belongs to no ticket, and the station's own log prints it once."""
    test = running(hall, command.printer)
    if test is None or command.slip != test.name:
        found = slips.report(hall, command, now)
    elif command.outcome == "claim":
        found = []
    else:
        found = [f.DeviceTestDone(test.device, test.id, command.outcome, _evidence(command))]
    on_paper = any(isinstance(fact, f.SlipPrinted) or getattr(fact, "outcome", "") == "printed" for fact in found)
    return [*found, *proved(hall, command.printer, "printed")] if on_paper else found


def proved(hall: Hall, name: str, how: str) -> list[f.Fact]:
    """One confirmed slip, pattern or sentence ends a detected fault, unless the device says that it still fails."""
    repair = hall.repairs.get(name)
    if repair is None or repair.declared or hall.devices[name].state == "failed":
        return []
    return [f.RepairVerified(repair.id, name, how), *devices.restore(hall, repair)]


def _evidence(command: ReportSlip) -> str:
    return "; ".join(part for part in (", ".join(command.faults), command.verdict, command.evidence) if part)


def report_shown(hall: Hall, command: ReportShown, now: float) -> list[f.Fact]:
    """A sign's receipt: for a call, or for the pattern of a test."""
    test = running(hall, command.device)
    if test is None or command.content != test.name:
        return devices.report_shown(hall, command, now)
    if command.ms is None:
        return [f.DeviceTestDone(test.device, test.id, "sent")]
    done = f.DeviceTestDone(test.device, test.id, "shown", f"{command.ms:.0f} ms")
    return [done, *proved(hall, test.device, "shown")]


def overdue(hall: Hall, now: float) -> list[f.Fact]:
    """A test that nobody has reported on in time has not worked."""
    owing = (test for name in hall.tests if (test := running(hall, name)) is not None)
    return [f.DeviceTestDone(test.device, test.id, "no_answer") for test in owing if now - test.at > LIMIT_S]
