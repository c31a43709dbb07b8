"""The vocabulary between the hall and its devices: values, and what a printer or a sign must be able to do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.health import Health


class DeviceError(Exception):
    """A device cannot do what was asked; ``code`` is one of ``drivers.health.FAULTS``."""

    def __init__(self, code: str, evidence: str = "") -> None:
        super().__init__(f"{code}: {evidence}" if evidence else code)
        self.code = code
        self.evidence = evidence


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """A device as the hall knows it: id, kind (``drivers.catalog.KINDS``), URL (fragment = unit address), options."""

    id: str
    kind: str
    url: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """A ticket on paper, top to bottom. ``slip_id`` is its identity: one id is printed at most once.

    With ``probing`` it is a test: the printer is also asked what it can do, and the evidence says it.
    """

    slip_id: str
    hall: str
    number: str
    lines: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    qr: str | None = None
    closing: str = ""
    copy_mark: str = ""
    probing: bool = False


class Verdict(StrEnum):
    """What we know about a print job; see docs/devices.md for the evidence each one needs."""

    PRINTED = "printed"
    PROBABLY_PRINTED = "probably_printed"
    NOT_SENT = "not_sent"
    CLEARED = "cleared"
    UNKNOWN = "unknown"
    SPOOLED = "spooled"


@dataclass(frozen=True, slots=True)
class PrintResult:
    """The verdict, the faults seen (most serious first) and the evidence: fences returned of units sent."""

    verdict: Verdict
    faults: tuple[str, ...] = ()
    evidence: str = ""
    units: int = 0
    fences: int = 0


class Colour(StrEnum):
    """Colours of a three-colour LED sign."""

    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"


@dataclass(frozen=True, slots=True)
class SignContent:
    """What a sign shows: one or more pages that alternate every ``page_s`` seconds; the newest content wins.

    ``content_id`` names the content in acknowledgements (``Listener.shown``). ``urgent`` marks a call: it goes
    before every refresh on the bus.
    """

    content_id: str
    pages: tuple[str, ...]
    colour: Colour = Colour.RED
    page_s: float = 3.0
    urgent: bool = False


# What a clerk can ask for with a pad; *call* comes with the digits of a ticket, *transfer* with those of a window,
# *transfer_service* with the place of a service in the settings; *take_up* may come with those of a ticket.
ACTIONS = (
    "next", "recall", "absent", "start", "finish", "pause", "resume", "hold", "take_up", "call",
    "transfer", "transfer_service",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a pad's key: its own id, which no repetition on the line changes, one of ``ACTIONS``, digits."""

    press_id: str
    action: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class PadContent:
    """What a pad shows its clerk: how many wait (None: nobody knows), and the ticket at the window (empty: none)."""

    waiting: int | None
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a voice module says, in Chinese and in English; one id is begun at most once.

    ``subject`` is whom it is about: a newer one takes the place of one about the same that still waits. ``age_s`` is
    how old the call was when it was handed over: what is older than 20 s is never begun.
    """

    announcement_id: str
    subject: str
    zh: str
    en: str = ""
    age_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SpeechResult:
    """What became of an announcement: ``spoken`` only when the module itself said that it began and ended."""

    spoken: bool
    evidence: str = ""


class Printer(Protocol):
    """A ticket printer; used by one worker thread only. Never raises for device trouble: it reports."""

    def status(self) -> Health:
        """Ask the printer how it is; opens the link when needed, gives up within 2.5 s."""
        ...

    def print_slip(self, slip: Slip) -> PrintResult:
        """Print one slip by the fenced procedure; final within 15 s plus its time on the wire."""
        ...

    def close(self) -> None:
        """Close the link; the next call opens it again."""
        ...


class SignCodec(Protocol):
    """The frames of one sign family; pure: bytes in, bytes out."""

    columns: int

    def show(self, address: int, text: str, colour: Colour) -> bytes:
        """Build the frame that shows ``text``. Raises ``DeviceError('text_unsupported')`` before the wire."""
        ...

    def reply(self, buffer: bytes, address: int) -> tuple[bool | None, int]:
        """Parse the front of ``buffer``: (True ack | False nak | None nothing credited yet, bytes consumed)."""
        ...


class Listener(Protocol):
    """Who is told what devices do; called on worker threads, must return quickly."""

    def health(self, device: str, health: Health) -> None:
        """Health changed: called on changes only."""
        ...

    def may_print(self, device: str, slip_id: str) -> bool:
        """Asked before the first byte of a slip; False drops the job. May take up to 3 s (a round trip)."""
        ...

    def printed(self, device: str, slip_id: str, result: PrintResult) -> None:
        """The one and only verdict about a slip."""
        ...

    def shown(self, device: str, content_id: str, ms: float) -> None:
        """A sign acknowledged the content ``ms`` milliseconds after it was asked for."""
        ...

    def sent(self, device: str, content_id: str) -> None:
        """The content was put on the line of a sign that cannot say whether it shows it."""
        ...

    def pressed(self, device: str, press: Press) -> None:
        """Somebody pressed a key of a pad; told once, however often the line repeated it."""
        ...

    def rated(self, device: str, rating_id: str, level: int) -> None:
        """A customer answered the rating that was begun: 1 (worst) to 5 (best), told once."""
        ...

    def may_say(self, device: str, announcement_id: str) -> bool:
        """Asked before the first byte of an announcement; False drops it."""
        ...

    def spoken(self, device: str, announcement_id: str, result: SpeechResult) -> None:
        """The one and only result of an announcement that was not dropped."""
        ...


Clock = Callable[[], float]
