"""The settings of the demo hall as an administrator's pages see them, and the same in bad moments."""

from dataclasses import dataclass
from pathlib import Path

import hall_server
from hall_server.contract.admin import AdminView, Choice
from hall_server.register import calendar_forms, kiosk_forms, policy_forms, service_forms, window_forms
from hall_server.settings import parse

CALENDAR = """
[[hours]]
days = ["mon", "tue", "wed", "thu", "fri"]
spans = ["08:30-12:00", "13:30-17:00"]

[[hours]]
service = "tax"
days = ["mon", "wed"]
spans = ["09:00-11:30"]

[[holiday]]
zh = "国庆节"
en = "National Day"
first = 2026-10-01
last = 2026-10-07

[policy]
kind = "head_start"
ordinary = "rest"

[[class]]
id = "booked"
zh = "预约客户"
en = "With an appointment"
head_start_s = 300

[[class]]
id = "rest"
zh = "普通客户"
en = "Everybody"

[[makeup]]
zh = "国庆调休"
en = "Make-up day"
day = 2026-10-10
like = "wed"
"""
DEMO = (Path(hall_server.__file__).parent / "demo.toml").read_text("utf-8").replace('opens = "08:30"', "# none")
SETTINGS = parse(DEMO + CALENDAR)
SHEET = AdminView(
    version="v1", in_force=True, services=service_forms.sheets(SETTINGS), windows=window_forms.sheets(SETTINGS),
    kiosks=kiosk_forms.sheets(SETTINGS), calendar=calendar_forms.sheet(SETTINGS), policy=policy_forms.sheet(SETTINGS),
    printers=window_forms.devices(SETTINGS, "printer"), signs=window_forms.devices(SETTINGS, "sign"),
    groups=(Choice(id="papers", zh="证件", en="Papers"),),
)  # fmt: skip
BY_HAND = SHEET.model_copy(update={"in_force": False, "shared": True})
BROKEN = AdminView(
    version="", in_force=False, mistakes=("hallcall.toml, line 12: service.tax.prefix is one capital letter.",)
)


@dataclass
class FakeOffice:
    """What the settings file says, as a test sets it."""

    sheet: AdminView = SHEET

    def view(self) -> AdminView:
        return self.sheet
