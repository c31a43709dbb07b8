"""``hallcall devices history`` and ``report``: repairs as a sheet, and which devices to replace."""

from pathlib import Path
from urllib.parse import urlencode

import click
from rich.table import Table

from hall_server.contract.reports import DeviceReport, RepairRecord, Repairs
from hall_server.local import ask_server
from hall_server.register.sheets import sheet
from hall_server.upkeep.live import console
from hall_server.upkeep.rows import HOME, LANG, need
from hall_server.upkeep.told import SHEET, is_sheet, told

HEADS = ("id", "name", "down", "failures", "in 30 days", "MTBF", "MTTR", "customers", "age", "warranty", "advice")
ADVICE = {
    "replace": "replace it",
    "warranty": "have it replaced under warranty",
    "inspect": "have it looked at",
    "keep": "keep it",
}


@click.command("history")
@click.argument("name", required=False)
@HOME
@click.option("--csv", "--xlsx", "file", type=SHEET, callback=is_sheet, required=True,
              help="The sheet to write; its ending says which kind.")  # fmt: skip
def history(name: str | None, file: Path, home: Path) -> None:
    """Write the repairs and replacements of NAME, or of all devices, over the last year into a sheet."""
    path = "/api/v1/repairs" + (f"?{urlencode({'device': name})}" if name else "")
    records = Repairs.model_validate(need(ask_server(home, "GET", path), home)).repairs
    rows = (["" if value is None else str(value) for _, value in record] for record in records)
    with told(home):
        file.write_bytes(sheet(file.suffix.lower(), (tuple(RepairRecord.model_fields), *rows)))
    click.echo(f"{file}: {len(records)} repairs and replacements.")


@click.command("report")
@HOME
@LANG
def report(home: Path, lang: str) -> None:
    """Downtime, failures and repair times of each device over a quarter, and whether to repair or replace it."""
    found = DeviceReport.model_validate(need(ask_server(home, "GET", "/api/v1/devices/report"), home))
    table = Table(*HEADS, box=None)
    for one in found.rows:
        age = "" if one.age_days is None else f"{one.age_days / 365:.1f} y"
        table.add_row(
            one.device, one.name.zh if lang == "zh" else one.name.en, _hours(one.down_s), str(one.failures),
            str(one.failures_30), _hours(one.mtbf_s), _hours(one.mttr_s), str(one.customers), age,
            one.warranty_until, ADVICE[one.advice],
        )  # fmt: skip
    console().print(table)
    click.echo(
        f"Business days {found.first} to {found.last}. MTBF: working time over failures; MTTR: report to verification. "
        f"Rule, for the unit that stands there now: {found.few} failures or more under warranty: have it replaced; "
        f"{found.often} or more, or {found.few} and older than {found.old_days // 365} years: replace it; "
        f"{found.few} or more: have it looked at."
    )


def _hours(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.1f} h"
