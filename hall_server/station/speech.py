"""What is said aloud: calls and tests that the hall owes to voice modules, each begun once, each with an outcome."""

import threading
from collections.abc import Callable
from datetime import datetime

from display.phrases import Language, Phrases
from drivers.ports import Announcement, SpeechResult
from hall_server.contract import Owed, SpeechOrder, SpokenReport
from hall_server.contract.messages import EVIDENCE_CHARS
from hall_server.station.speech_log import SpeechLog

TEST_AGE_S = 10.0  # a test begins at this age, as it were: whoever stands there waits ten seconds for it, not twenty


class Speech:
    """The announcements of one station; called by its line to the hall and by the devices' workers."""

    def __init__(
        self, log: SpeechLog, say: Callable[[str, Announcement], None], phrases: Phrases, tell: Callable[[], None]
    ) -> None:  # fmt: skip
        self._log, self._say, self._phrases, self._tell = log, say, phrases, tell
        self._handed: set[tuple[str, str]] = set()
        self._stopping = False
        self._lock = threading.Lock()

    def take(self, owed: Owed) -> None:
        """Hand over what is new; what was begun here is never begun again, also not by the next start."""
        here = {device.id for device in owed.devices}
        with self._lock:
            orders = [order for order in owed.speech if order.device in here]
            names = {(order.device, order.id) for order in orders}
            fresh = [order for order in orders if (order.device, order.id) not in self._handed]
            self._handed = names
        for order in fresh:
            if self._log.stage(order.device, order.id) is None:
                self._say(order.device, announcement(order, owed.at, self._phrases))

    def may_say(self, device: str, name: str) -> bool:
        """The last question before the first byte."""
        if self._log.stage(device, name) is not None:
            return False
        self._log.begin(device, name)
        return True

    def stop(self) -> None:
        """What was not begun is left to the next start: it may still be in time."""
        self._stopping = True

    def spoken(self, device: str, name: str, result: SpeechResult) -> None:
        """On disk first, told until the hall knows."""
        if self._stopping and self._log.stage(device, name) is None:
            return
        evidence = result.evidence[:EVIDENCE_CHARS]
        self._log.outcome(SpokenReport(device=device, announcement=name, spoken=result.spoken, evidence=evidence))
        self._tell()


def announcement(order: SpeechOrder, now: str, phrases: Phrases) -> Announcement:
    """The sentence in both languages; ``now`` is the hall's clock, by which the call has its age."""
    zh, en = (_sentence(order, language, phrases) for language in ("zh", "en"))
    age_s = _age_s(order.at, now) + (0.0 if order.test is None else TEST_AGE_S)
    return Announcement(order.id, order.ticket or order.id, zh, en, age_s)


def _sentence(order: SpeechOrder, language: Language, phrases: Phrases) -> str:
    if order.test is not None:
        return phrases.text("speech.test", language, name=order.test)
    digits = phrases.text("speech.digits", language)
    said = (digits[int(one)] if one.isdecimal() else one for one in order.label)
    label = "".join(phrases.text("speech.character", language, character=one) for one in said).strip()
    return phrases.text("speech.call", language, label=label, window=order.window)


def _age_s(at: str, now: str) -> float:
    return max(0.0, (datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds()) if now else 0.0
