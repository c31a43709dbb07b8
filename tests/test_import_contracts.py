"""The import contracts of pyproject.toml catch what they promise: each is shown a tree that breaks it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"

# A small hall in which every room exists and imports only what it may.
HONEST = {
    "display/__init__.py": "",
    "display/tv.py": "import flask\n",
    "drivers/__init__.py": "",
    "drivers/catalog.py": "import threading, socket, serial\n",
    "drivers/escpos/__init__.py": "",
    "drivers/escpos/commands.py": "import escpos\n",
    "drivers/sim/__init__.py": "",
    "hall_server/__init__.py": "",
    "hall_server/cli.py": "import hall_server.settings\n",
    "hall_server/serve.py": "import gevent, socket\nimport hall_server.app\n",
    "hall_server/app.py": "import flask_socketio, sqlalchemy\nimport hall_server.web, hall_server.writer\n",
    "hall_server/voice/__init__.py": "import hall_server.core, hall_server.settings, display.phrases\n",
    "hall_server/web/__init__.py": "import flask\nimport hall_server.writer, display.tv\n",
    "hall_server/live.py": "import flask_socketio\n",
    "hall_server/presence.py": "import hall_server.web.desk\n",
    "hall_server/plays.py": "import hall_server.core\n",
    "hall_server/media.py": "",
    "hall_server/owed.py": "",
    "hall_server/migrations/__init__.py": "import alembic\n",
    "hall_server/up.py": "import hall_server.settings\n",
    "hall_server/doctor.py": "import hall_server.upkeep, hall_server.migrations, hall_server.journal\n",
    "hall_server/upkeep/__init__.py": "import hall_server.local, hall_server.settings\n",
    "hall_server/wiring.py": "import hall_server.contract, hall_server.settings\n",
    "hall_server/devices.py": "import hall_server.settings, hall_server.trace_files\n",
    "hall_server/trace_files.py": "",
    "hall_server/past/__init__.py": "import hall_server.records, hall_server.settings\n",
    "hall_server/offline.py": "import hall_server.app, hall_server.moving\n",
    "hall_server/moving.py": "import hall_server.migrations, hall_server.records\n",
    "hall_server/writer.py": "import threading, concurrent.futures\nimport hall_server.journal\n",
    "hall_server/records/__init__.py": "import sqlalchemy\n",
    "hall_server/journal.py": "import sqlalchemy\nimport hall_server.tables, hall_server.core\n",
    "hall_server/tables.py": "import sqlalchemy\n",
    "hall_server/core/__init__.py": "",
    "hall_server/station/__init__.py": "import threading\nimport drivers.catalog, hall_server.settings\n",
    "hall_server/lock.py": "",
    "hall_server/local.py": "import hall_server.settings\n",
    "hall_server/parts.py": "",
    "hall_server/opening_check.py": "",
    "hall_server/register/__init__.py": "",
    "hall_server/closing_check.py": "",
    "hall_server/detour.py": "",
    "hall_server/hooks/__init__.py": "import hall_server.records, hall_server.settings.hooks\n",
    "kiosk/__init__.py": "import flask\nimport hall_server.station, display.tv\n",
    "hall_server/contract/__init__.py": "import hall_server.contract.lobby, hall_server.detour\n",
    "hall_server/contract/messages.py": "",
    "hall_server/contract/admin.py": "import hall_server.contract.messages\n",
    "hall_server/contract/appointments.py": "import hall_server.contract.messages\n",
    "hall_server/contract/away.py": "import hall_server.contract.messages\n",
    "hall_server/contract/checks.py": "import hall_server.contract.messages\n",
    "hall_server/contract/day.py": "import hall_server.contract.messages\n",
    "hall_server/contract/devices.py": "import hall_server.contract.messages\n",
    "hall_server/contract/complaints.py": "import hall_server.contract.messages\n",
    "hall_server/contract/content.py": "import hall_server.contract.messages\n",
    "hall_server/contract/emergency.py": "import hall_server.contract.messages\n",
    "hall_server/contract/help.py": "import hall_server.contract.tickets\n",
    "hall_server/contract/hooks.py": "import hall_server.contract.messages\n",
    "hall_server/contract/life.py": "import hall_server.contract.messages\n",
    "hall_server/contract/lobby.py": "import hall_server.contract.messages\n",
    "hall_server/contract/ratings.py": "import hall_server.contract.messages\n",
    "hall_server/contract/replacing.py": "import hall_server.contract.messages\n",
    "hall_server/contract/reports.py": "import hall_server.contract.messages\n",
    "hall_server/contract/rolls.py": "import hall_server.contract.messages\n",
    "hall_server/contract/slips.py": "import hall_server.contract.messages\n",
    "hall_server/contract/tickets.py": "import hall_server.contract.messages\n",
    "hall_server/contract/windows.py": "import hall_server.contract.messages\n",
    "hall_server/settings/__init__.py": "import hall_server.core, hall_server.settings.hooks\n",
    "hall_server/settings/checks.py": "import drivers.catalog\n",
    "hall_server/settings/signs.py": "import drivers.catalog, hall_server.settings.checks\n",
    "hall_server/settings/tables.py": "import hall_server.core, hall_server.settings.signs\n",
    "hall_server/settings/appointments.py": "import hall_server.settings.tables\n",
    "hall_server/settings/calendar.py": "import hall_server.settings.tables\n",
    "hall_server/settings/hooks.py": "import hall_server.settings.tables\n",
    "hall_server/settings/policy.py": "import hall_server.settings.tables\n",
    "hall_server/settings/busy.py": "import hall_server.settings.tables\n",
    "hall_server/settings/checklists.py": "import hall_server.settings.tables\n",
    "hall_server/settings/numbers.py": "import hall_server.settings.tables\n",
    "hall_server/settings/complaints.py": "import hall_server.settings.tables\n",
    "hall_server/settings/retention.py": "import hall_server.settings.tables\n",
    "hall_server/settings/reviews.py": "import hall_server.settings.tables\n",
    "hall_server/settings/tv.py": "import hall_server.settings.tables\n",
    "hall_server/settings/voice.py": "import hall_server.settings.tables, hall_server.settings.calendar\n",
    "hall_server/views/__init__.py": "import hall_server.contract, hall_server.core, display.tv\n",
    "hall_server/views/appointments.py": "import hall_server.views\n",
    "hall_server/views/checks.py": "import hall_server.views\n",
    "hall_server/views/complaints.py": "import hall_server.views\n",
    "hall_server/views/day.py": "import hall_server.views\n",
    "hall_server/views/devices.py": "import hall_server.views\n",
    "hall_server/views/content.py": "import hall_server.views\n",
    "hall_server/views/emergency.py": "import hall_server.views\n",
    "hall_server/views/help.py": "import hall_server.views.staff\n",
    "hall_server/views/life.py": "import hall_server.views\n",
    "hall_server/views/lobby.py": "import hall_server.views\n",
    "hall_server/views/reasons.py": "import hall_server.views\n",
    "hall_server/views/materials.py": "import hall_server.views\n",
    "hall_server/views/pickups.py": "import hall_server.views\n",
    "hall_server/views/rolls.py": "import hall_server.views\n",
    "hall_server/views/signs.py": "import hall_server.views\n",
    "hall_server/views/tablets.py": "import hall_server.core\n",
    "hall_server/views/staff.py": "import hall_server.views\n",
}

# What somebody adds, and the contract that must break.
OFFENCES = [
    ("hall_server/core/__init__.py", "import hall_server.journal", "The server's rooms"),
    ("hall_server/web/__init__.py", "import hall_server.live", "The server's rooms"),
    ("hall_server/attic.py", "", "The server's rooms"),
    ("hall_server/views/devices.py", "import hall_server.views.staff", "The views' rooms"),
    ("hall_server/contract/tickets.py", "import hall_server.contract.lobby", "The messages' rooms"),
    ("hall_server/settings/checks.py", "import hall_server.settings.tables", "The settings' rooms"),
    ("hall_server/settings/__init__.py", "import drivers.catalog", "Devices belong to the station"),
    ("hall_server/settings/__init__.py", "import hall_server.contract", "The server's rooms"),
    ("hall_server/contract/__init__.py", "import hall_server.core", "Wire and station do not know the rules"),
    ("hall_server/station/__init__.py", "import hall_server.core", "Wire and station do not know the rules"),
    ("hall_server/cli.py", "import hall_server.serve", "The command starts processes"),
    ("hall_server/cli.py", "import drivers.sim", "The command starts processes"),
    ("drivers/catalog.py", "import drivers.escpos.commands", "Who prints nothing does not load the printers' commands"),
    ("display/tv.py", "import drivers.catalog", "Leaves do not know each other"),
    ("drivers/catalog.py", "import display.tv", "Leaves do not know each other"),
    ("drivers/catalog.py", "import hall_server.contract", "Leaves do not know their users"),
    ("hall_server/web/__init__.py", "import kiosk", "Nobody imports the kiosk or the station"),
    ("hall_server/web/__init__.py", "import hall_server.station", "Nobody imports the kiosk or the station"),
    ("kiosk/__init__.py", "import hall_server.journal", "The kiosk's share of the server"),
    ("kiosk/__init__.py", "import hall_server.core", "The kiosk's share of the server"),
    ("hall_server/web/__init__.py", "import drivers.catalog", "Devices belong to the station"),
    ("kiosk/__init__.py", "import drivers.catalog", "Devices belong to the station"),
    ("hall_server/web/__init__.py", "import socket", "Ports and sockets have their rooms"),
    ("hall_server/station/__init__.py", "import serial", "Ports and sockets have their rooms"),
    ("hall_server/web/__init__.py", "import sqlalchemy", "SQL has its rooms"),
    ("hall_server/writer.py", "import flask", "Web frameworks have their rooms"),
    ("hall_server/live.py", "import gevent", "One file knows the event loop"),
    ("hall_server/app.py", "import threading", "Threads live where something blocks"),
    ("kiosk/__init__.py", "import concurrent.futures", "Threads live where something blocks"),
]


def broken_contracts(tree: dict[str, str], folder: Path) -> list[str]:
    """Write the tree beside our own contracts and name those that it breaks."""
    for name, source in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PYPROJECT.read_text(encoding="utf-8"), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE)


def test_a_hall_that_keeps_to_its_rooms_breaks_nothing(tmp_path: Path) -> None:
    assert broken_contracts(HONEST, tmp_path) == []


@pytest.mark.parametrize(("file", "line", "contract"), OFFENCES)
def test_an_import_across_a_wall_breaks_the_contract_that_guards_it(
    tmp_path: Path, file: str, line: str, contract: str
) -> None:
    broken = broken_contracts({**HONEST, file: HONEST.get(file, "") + line + "\n"}, tmp_path)
    assert contract in broken
