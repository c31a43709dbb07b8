"""What stands on the paper: a slip owed by the hall as the lines that a printer prints."""

import math
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from display.board import Wait
from display.phrases import Phrases
from drivers.ports import Slip
from hall_server.contract import SlipOrder
from hall_server.station.missing import missing_slip

LOCALE = Path(__file__).with_name("locale")
# People plan in steps of five minutes once a wait is longer than ten.
COARSE_FROM_MIN = 10
COARSE_STEP_MIN = 5


def shown_minutes(seconds: int) -> int:
    """A wait in the minutes that we show: never less than one, rounded up, above ten in steps of five."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes <= COARSE_FROM_MIN:
        return minutes
    return math.ceil(minutes / COARSE_STEP_MIN) * COARSE_STEP_MIN


def to_slip(order: SlipOrder, phrases: Phrases) -> Slip:
    """The slip in both languages; its identity is slip and attempt, so each try has its own."""
    if order.test:
        return _test_slip(order, phrases)
    if order.missing is not None:
        return missing_slip(order, order.missing, phrases)
    ahead = phrases.both("slip.away") if order.away else phrases.both("slip.ahead", count=order.ahead)
    return Slip(
        slip_id=f"{order.slip}.{order.attempt}",
        hall=order.hall.zh,
        number=order.label,
        lines=(order.service.zh, order.service.en, f"{ahead.zh}  {ahead.en}"),
        small=(
            *_then(order, phrases),
            *_estimate(order.estimate, order.ahead, phrases),
            _issued(order, phrases),
            *_complaints(order, phrases),
        ),
        qr=order.url,
        closing=" ".join(_pair("slip.closing", phrases)),
        copy_mark=" ".join(_pair("slip.copy", phrases)) if order.copied else "",
    )


def _test_slip(order: SlipOrder, phrases: Phrases) -> Slip:
    """Nobody may take it for a ticket: it has no number, no code, and says what it is twice."""
    return Slip(
        slip_id=f"{order.slip}.{order.attempt}",
        hall=order.hall.zh,
        number=" ".join(_pair("slip.test", phrases)),
        lines=(order.service.zh, order.service.en),
        small=(_issued(order, phrases, "slip.tested"),),
        closing=" ".join(_pair("slip.no_ticket", phrases)),
        probing=True,
    )


def _pair(key: str, phrases: Phrases) -> tuple[str, str]:
    text = phrases.both(key)
    return text.zh, text.en


def _then(order: SlipOrder, phrases: Phrases) -> tuple[str, ...]:
    """What follows, a line each: a printer cuts what is longer than its paper is wide."""
    texts = [phrases.both("slip.then", service=one) for one in order.then]
    return tuple(f"{text.zh}  {text.en}" for text in texts)


def _estimate(wait: Wait | None, ahead: int, phrases: Phrases) -> tuple[str, ...]:
    """An unknown wait is not mentioned; nobody promises what nobody knows."""
    if wait is None:
        return ()
    if wait.point_s == 0 and ahead == 0:
        return ("  ".join(_pair("slip.no_wait", phrases)),)
    text = phrases.both("slip.estimate", point=shown_minutes(wait.point_s), upper=shown_minutes(wait.upper90_s))
    return text.zh, text.en


def _complaints(order: SlipOrder, phrases: Phrases) -> tuple[str, ...]:
    """The number to call, where the hall has one."""
    if not order.complaints:
        return ()
    text = phrases.both("slip.complaints", phone=order.complaints)
    return (f"{text.zh}  {text.en}",)


def _issued(order: SlipOrder, phrases: Phrases, key: str = "slip.issued") -> str:
    local = datetime.fromisoformat(order.issued_at).astimezone(ZoneInfo(order.timezone))
    text = phrases.both(key, time=f"{local:%Y-%m-%d %H:%M}")
    return f"{text.zh}  {text.en}" if text.zh != text.en else text.zh
