"""The view behind the concierge's screen."""

from heapq import merge
from itertools import islice

from display.board import Name, Wait
from hall_server.contract import lobby as m
from hall_server.contract.content import NOTICES
from hall_server.core import crowd, routing
from hall_server.core.hall import Hall
from hall_server.core.policy.estimate import estimate
from hall_server.core.rules.content import standing
from hall_server.views import iso
from hall_server.views.help import helps
from hall_server.views.life import held, undo_of
from hall_server.views.staff import card

WAITING_SHOWN = 12  # who has waited longest: more is no list to act upon
GONE_SHOWN = 6  # whoever comes back does so soon


def lobby(hall: Hall, by: str) -> m.LobbyView:
    """What a concierge sees; ``by`` is who looks, as role:id."""
    queues = [hall.queues[service.id] for service in hall.config.services]
    longest = [hall.tickets[name] for _, _, name in islice(merge(*queues), WAITING_SHOWN)]
    latest = [hall.tickets[name] for name in islice(reversed(hall.gone), GONE_SHOWN)]
    return m.LobbyView(
        rev=hall.seq, at=iso(hall.at), day_open=hall.day_open,
        services=tuple(_service(hall, service.id) for service in hall.config.services if service.offered),
        kiosks=tuple(
            m.LobbyKiosk(id=k.id, name=Name(k.zh, k.en), works=routing.printer(hall, k.id) is not None)
            for k in hall.config.kiosks
            if k.printer is not None
        ),
        classes=tuple(m.LobbyClass(id=k.id, name=Name(k.zh, k.en)) for k in hall.config.policy.classes),
        total=sum(len(queue) for queue in queues), waiting=tuple(card(hall, one) for one in longest),
        held=held(hall), interrupted=interrupted(hall), helps=helps(hall),
        gone=tuple(card(hall, one) for one in latest), undo=undo_of(hall, by),
        notices=tuple((name, standing(hall, name, hall.at) is not None) for name in NOTICES),
    )  # fmt: skip


def interrupted(hall: Hall) -> tuple[m.InterruptedRow, ...]:
    """Who stands before a window that nobody is heard at, the longest first."""
    left = [(w.unattended, name) for name, w in hall.windows.items() if w.unattended is not None and w.ticket]
    rows = ((hall.tickets[hall.windows[name].ticket or ""], name, since) for since, name in sorted(left))
    return tuple(
        m.InterruptedRow(
            label=ticket.label, service_name=card(hall, ticket).service_name, window=name,
            clerk=hall.windows[name].last_clerk, since=iso(since),
        )
        for ticket, name, since in rows
    )  # fmt: skip


def _service(hall: Hall, service: str) -> m.LobbyService:
    known, wait = hall.service_by_id[service], estimate(hall, service)
    return m.LobbyService(
        id=service, name=Name(known.zh, known.en), icon=known.icon, waiting=len(hall.queues[service]),
        open=hall.day_open and wait is not None and not crowd.stops(hall, service),
        wait=Wait(wait.point_s, wait.upper90_s) if wait else None,
    )  # fmt: skip
