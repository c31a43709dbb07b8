"""What a printer can do, asked while somebody waits for its test slip, by questions that do no harm."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.escpos import commands
from drivers.escpos.link import PrinterLink
from drivers.escpos.patience import Patience
from drivers.escpos.profile import Profile
from drivers.escpos.status import Answer, Kind
from drivers.escpos.text import printable
from drivers.ports import Clock

PROBE_ID = b"able"  # ids of slips begin with t, of their units with u
LABEL_CHARACTERS = 30  # names are shorter; what clones say here may be anything
_WORDS = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class Abilities:
    """What came back: reports by itself, GS r, GS ( H; and what it calls itself, which proves nothing."""

    asb: bool
    gsr: bool
    gsh: bool
    calls_itself: str = ""

    def told(self, profile: Profile) -> str:
        """In words for whoever tests it, with the options that would fit better."""
        found = ", ".join(
            f"{name} {_WORDS[has]}" for name, has in (("asb", self.asb), ("gsr", self.gsr), ("gsh", self.gsh))
        )
        better = self._better(profile)
        name = f"; calls itself {self.calls_itself}" if self.calls_itself else ""
        return found + name + (f"; set options = {{ {', '.join(better)} }}" if better else "")

    def _better(self, profile: Profile) -> list[str]:
        fence = "gsr" if self.gsr else "gsh" if self.gsh else "none"
        lacking = {"gsr": not self.gsr, "gsh": not self.gsh, "none": False}[profile.fence]
        wrong = [f'fence = "{fence}"'] if lacking else []
        wrong += [f'confirm = "{_WORDS[self.gsh]}"'] if profile.confirms is not self.gsh else []
        return wrong + (['asb = "no"'] if profile.reports and not self.asb else [])


def probe(link: PrinterLink, patience: Patience, clock: Clock) -> Abilities:
    """Ask a printer that has nothing to print. Raises ``DeviceError`` when it does not even say how it is."""
    link.ready()
    try:
        link.status(patience.status_s)
        link.send(commands.INITIALISE + commands.ENABLE_ASB)
        asb = _hears(link, clock() + patience.status_s, lambda answer: answer.kind is Kind.GROUP)
        link.fences_due += 1
        link.send(commands.FENCE)
        gsr = _hears(link, clock() + patience.prepare_s, lambda answer: answer.kind is Kind.QUEUED)
        link.send(commands.confirmation(PROBE_ID))
        gsh = _hears(link, clock() + patience.fence_s, lambda answer: answer.data == b"\x37\x22" + PROBE_ID)
        labels = (_label(link, question, clock() + patience.status_s) for question in commands.IDENTITY_QUESTIONS)
        return Abilities(asb, gsr, gsh, " ".join(label for label in labels if label))
    finally:
        link.close()  # what was not answered in time must not answer the next question


def _hears(link: PrinterLink, deadline: float, wanted: Callable[[Answer], bool]) -> bool:
    while (answer := link.answer(deadline)) is not None:
        if wanted(answer):
            return True
    return False


def _label(link: PrinterLink, question: bytes, deadline: float) -> str:
    link.send(question)
    while (answer := link.answer(deadline)) is not None:
        if answer.kind is Kind.BLOCK and answer.data.startswith(b"\x5f"):
            return printable(answer.data[1:].decode("ascii", "replace"))[:LABEL_CHARACTERS]
    return ""
