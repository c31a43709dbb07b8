"""The view of those who asked for help at a kiosk and whom nobody has been with."""

from display.board import Name
from hall_server.contract.help import HelpRow
from hall_server.core.hall import Hall
from hall_server.core.helps import stands
from hall_server.views import iso
from hall_server.views.staff import card


def helps(hall: Hall) -> tuple[HelpRow, ...]:
    """Who asked first is first."""
    rows = []
    for one in hall.helps.values():
        ticket = hall.tickets.get(one.ticket or "")
        if not stands(one, ticket):
            continue
        kiosk = hall.kiosk_by_id.get(one.kiosk)
        rows.append(
            HelpRow.model_validate(
                {
                    "help": one.id, "kiosk": one.kiosk, "reason": one.reason, "language": one.language,
                    "kiosk_name": Name(kiosk.zh, kiosk.en) if kiosk else Name(one.kiosk, one.kiosk),
                    "at": iso(one.at), "ticket": card(hall, ticket) if ticket else None,
                }
            )
        )  # fmt: skip
    return tuple(rows)
