"""The paper that a clerk hands out: what is missing, with room to tick, or what is fetched later; and its code."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from display.board import Name
from display.phrases import Phrases
from drivers.ports import Slip
from hall_server.contract import MissingOrder, SlipOrder

COLUMNS = 38  # half-width letters in a line that 80 mm paper takes without making it smaller
INDENT = "  "


def missing_slip(order: SlipOrder, missing: MissingOrder, phrases: Phrases) -> Slip:
    """Nobody may take it for a ticket: what stands large is its title, and it says that it is not one."""
    kind = "slip.pickup" if missing.pick_up else "slip.missing"
    lines = [order.service.zh, order.service.en, f"{order.label} {_both(f'{kind}.lacks', phrases)}"]
    for item in missing.items:
        lines += _item(item)
    code = f"{missing.code[:5]} {missing.code[5:]}"
    return Slip(
        slip_id=f"{order.slip}.{order.attempt}",
        hall=order.hall.zh,
        number=phrases.text(f"{kind}.title", "zh"),
        lines=(*lines, _around(f"{kind}.code", code, phrases)),
        small=(*_pair(f"{kind}.until", phrases, date=_last_day(order, missing)), _told(order, kind, phrases)),
        qr=order.url,
        closing=_both(f"{kind}.closing", phrases),
        copy_mark=_both("slip.copy", phrases) if order.copied else "",
    )


def _pair(key: str, phrases: Phrases, **params: object) -> tuple[str, str]:
    text = phrases.both(key, **params)
    return text.zh, text.en


def _both(key: str, phrases: Phrases) -> str:
    return " ".join(_pair(key, phrases))


def _around(key: str, what: str, phrases: Phrases) -> str:
    zh, en = _pair(key, phrases)
    return f"{zh} {what} {en}"


def _item(item: Name) -> list[str]:
    """A box to tick, and as many lines as its words need."""
    first, *rest = [*_folded(item.zh), *_folded(item.en)]
    return [f"□ {first}", *(INDENT + line for line in rest)]


def _folded(text: str) -> list[str]:
    """Lines that the paper takes: broken between words, inside only what has no blanks."""
    lines = [""]
    for word in text.split(" "):
        for piece in _pieces(word):
            together = f"{lines[-1]} {piece}".strip() if piece == word else lines[-1] + piece
            if lines[-1] and _width(together) > COLUMNS:
                lines.append(piece)
            else:
                lines[-1] = together
    return lines


def _pieces(word: str) -> list[str]:
    return [word] if _width(word) <= COLUMNS else list(word)


def _width(text: str) -> int:
    return sum(1 if one.isascii() else 2 for one in text)


def _last_day(order: SlipOrder, missing: MissingOrder) -> str:
    """The code is good to the end of this day."""
    end = datetime.fromisoformat(missing.until).astimezone(ZoneInfo(order.timezone))
    return f"{end - timedelta(seconds=1):%Y-%m-%d}"


def _told(order: SlipOrder, kind: str, phrases: Phrases) -> str:
    local = datetime.fromisoformat(order.issued_at).astimezone(ZoneInfo(order.timezone))
    return _around(f"{kind}.told", f"{local:%Y-%m-%d %H:%M}", phrases)
