"""The settings as an administrator's pages and calls reach them: what the file says, and whether it is in force."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from display import openings, tv_view
from display.board import Board
from hall_server import views
from hall_server.contract.admin import AdminView, Choice, Preview, PreviewRequest, ServiceSaid
from hall_server.core.calendar import Calendar
from hall_server.core.hall import Hall
from hall_server.register import adopting, calendar_forms, kiosk_forms, policy_forms, service_forms, window_forms
from hall_server.register.adopting import NotAdopted
from hall_server.register.replacing import Workshop


class Sheets(Protocol):
    """What pages ask of it."""

    def view(self) -> AdminView: ...


@dataclass(frozen=True, slots=True)
class Office:
    """One hall's settings file; ``run_native`` runs on a real thread, for reading a whole file takes its time."""

    workshop: Workshop
    run_native: Callable[..., Any]
    look: Callable[[Callable[[Hall], Any]], Any]
    shared: bool
    outside: views.Outside

    def view(self) -> AdminView:
        """What stands in the file now; with mistakes in it nothing but these."""
        try:
            text, settings = self.run_native(adopting.read, self.workshop)
        except NotAdopted as why:
            return AdminView(version="", in_force=False, mistakes=tuple(one.said for one in why.wrong))
        config = settings.hall_config()
        return AdminView(
            version=adopting.version_of(text), in_force=self.look(lambda hall: hall.config == config),
            shared=self.shared, services=service_forms.sheets(settings), windows=window_forms.sheets(settings),
            kiosks=kiosk_forms.sheets(settings), calendar=calendar_forms.sheet(settings),
            policy=policy_forms.sheet(settings),
            groups=tuple(Choice(id=one.id, zh=one.zh, en=one.en) for one in settings.group),
            printers=window_forms.devices(settings, "printer"), signs=window_forms.devices(settings, "sign"),
        )  # fmt: skip

    def preview(self, asked: PreviewRequest) -> Preview:
        """What screens would say by a calendar that is not written yet. Raises ``NotAdopted``."""
        wish = calendar_forms.put(asked.calendar)
        wanted = self.run_native(adopting.draft, self.workshop, asked.version, wish).settings.hall_config()
        at = asked.at.replace(tzinfo=ZoneInfo(wanted.timezone)).astimezone(UTC)
        board = self.look(lambda hall: _board(hall, wanted.calendar, at, self.outside))
        return self._said(board, at)

    def _said(self, board: Board, at: datetime) -> Preview:
        phrases = self.outside.signs.phrases
        again = openings.again(board, phrases, at)
        rows = (tv_view.service_view(row, board, phrases, at) for row in board.services)
        return Preview(
            open=again is None, kiosk=(*([again] if again else []), *openings.notices(board, phrases, at)),
            tv=tuple(one.text for one in tv_view.ticker(board, phrases, at)),
            services=tuple(ServiceSaid(name=row.name, said=row.wait) for row in rows),
        )  # fmt: skip


def _board(hall: Hall, calendar: Calendar, at: datetime, outside: views.Outside) -> Board:
    """The board of a hall that shares everything with this one but calendar and clock, on an open day."""
    seen = copy(hall)
    seen.config, seen.at, seen.day_open = replace(hall.config, calendar=calendar), at.timestamp(), True
    return views.board(seen, outside)
