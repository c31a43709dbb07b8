"""Help at the kiosk: a reason or none, told to the hall once, and controls that suit whoever gave it; pure."""

from collections.abc import Mapping
from dataclasses import replace

from hall_server.contract import HelpWord, Language
from kiosk.touch import Face, Help, Kiosk, face

# reason -> the icon of its button, and what the page switches on: large letters, contrast, the audio guide, all targets
# within reach
REASONS: Mapping[HelpWord, tuple[str, tuple[str, ...]]] = {
    "mobility": ("accessibility", ("low",)),
    "sight": ("eye", ("large", "contrast", "guide")),
    "hearing": ("ear", ()),
    "older": ("user", ("large",)),
    "baby": ("baby", ()),
    "untold": ("hand-heart", ()),
}
# Where nobody is to be called: a request is under way, or nobody would hear it.
DEAF: frozenset[Face] = frozenset(
    {"loading", "asking", "fetching", "sending", "offline", "out_of_service", "closed", "emergency"}
)


def may_call(kiosk: Kiosk) -> bool:
    """Whether somebody of the staff can be called from this screen."""
    return kiosk.visit is None and face(kiosk) not in DEAF and not kiosk.cut


def opened(kiosk: Kiosk, language: Language, now: float) -> Kiosk:
    """The customer wants help: show the reasons."""
    return replace(kiosk, help=Help("", language, now)) if face(kiosk) == "home" and may_call(kiosk) else kiosk


def chosen(kiosk: Kiosk, reason: HelpWord, language: Language, key: str, now: float) -> Kiosk:
    """A reason was touched, or staff were called without one."""
    if not may_call(kiosk):
        return kiosk
    return replace(kiosk, check_in=None, aside=None, help=Help(key, language, now, "asking", reason))


def told(kiosk: Kiosk, key: str, name: str, now: float) -> Kiosk:
    """The hall knows; the next ticket says so."""
    if kiosk.help is None or kiosk.help.key != key:
        return kiosk
    return replace(kiosk, helped=name, help=replace(kiosk.help, step="help_told", since=now))


def untold(kiosk: Kiosk, key: str, now: float) -> Kiosk:
    """Nobody heard it: the customer has to know that."""
    if kiosk.help is None or kiosk.help.key != key:
        return kiosk
    return replace(kiosk, help=replace(kiosk.help, step="help_untold", since=now))
