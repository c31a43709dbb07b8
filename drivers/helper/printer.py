"""A ticket printer behind a maker's program: what it says of itself, and a verdict for each slip."""

from drivers.escpos.status import blocking
from drivers.health import Health, State
from drivers.helper.talk import Talk
from drivers.helper.words import detail_of, faults_of, paper
from drivers.ports import DeviceError, PrintResult, Slip, Verdict

HELD = "ticket_unconfirmed"


def _faults(error: DeviceError) -> tuple[str, ...]:
    """Silence first, so that a program that comes and goes is damped as a loose cable is."""
    return ("no_answer", error.code) if error.code == "unrecoverable" else (error.code,)


class HelperPrinter:
    """Implements ``drivers.ports.Printer``. After a verdict of UNKNOWN nothing is printed until a person has looked."""

    def __init__(self, talk: Talk) -> None:
        self._talk, self._held = talk, False

    def status(self) -> Health:
        """Ask the program how the printer is."""
        try:
            said = self._talk.ask("health", self._talk.patience.answer_s)
        except DeviceError as error:
            return Health(State.FAILED, _faults(error), error.evidence)
        faults = (*faults_of(said), *((HELD,) if self._held else ()))
        if self._held or said.get("ok") is not True or blocking(faults):
            return Health(State.FAILED, faults, detail_of(said))
        return Health(State.DEGRADED if faults else State.OK, faults, detail_of(said))

    def print_slip(self, slip: Slip) -> PrintResult:
        """Hand the slip over; a program that dies with it in its hands leaves it *unknown*."""
        if self._held:
            return PrintResult(Verdict.NOT_SENT, (HELD,), "not released yet")
        try:
            self._talk.ready()
        except DeviceError as error:
            return PrintResult(Verdict.NOT_SENT, _faults(error), error.evidence)
        try:
            said = self._talk.ask("print", self._talk.patience.print_s, slip=paper(slip))
            verdict = Verdict(str(said.get("verdict")))
            result = PrintResult(verdict, faults_of({"ok": True, **said}), detail_of(said))
        except DeviceError as error:
            result = PrintResult(Verdict.UNKNOWN, _faults(error), error.evidence)
        except ValueError as error:
            result = PrintResult(Verdict.UNKNOWN, ("garbled",), str(error))
        self._held = result.verdict is Verdict.UNKNOWN
        return result

    def close(self) -> None:
        """End the program; the next question starts it."""
        self._talk.close()
