"""A hall with a morning behind it, places to move it to, and the command that moves it."""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from hall_server import offline
from hall_server.journal import Journal
from hall_server.migrations import migrate as bring_up_to_date
from tests.hall_server.moves import Databases, Run, Told
from tests.server.halls import HALL, open_api, problem

SLOTS = '\n[[appointment]]\nservice = "id"\nopens = "09:00"\ncloses = "12:00"\ncapacity = 2\n'


@pytest.fixture
def migrate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``hallcall migrate`` as its own process runs it, but in this one."""

    def run(home: Path, to: str, *more: str, source: str = "") -> Told:
        monkeypatch.setattr(sys, "argv", ["hallcall", "migrate", "--home", str(home), "--to", to, *more])
        monkeypatch.setenv("HALLCALL_DATABASE", source)
        with pytest.raises(SystemExit) as end:
            offline.run()
        said = capsys.readouterr()
        return Told(int(end.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall's folder after some work by the real rules: Chinese, fractions of seconds, nulls, a refusal."""
    home = tmp_path_factory.mktemp("morning")
    api = open_api(home, HALL + SLOTS)
    for number in range(30):
        assert api.post("/tickets", {"service": ("id", "tax", "loans")[number % 3], "kiosk": "K1"}).status_code == 201
    for window in "123456":
        assert api.post(f"/windows/{window}/next", {}).status_code == 200
    tomorrow = date.fromisoformat(api.server.desk.today()) + timedelta(days=1)
    for name in ("王小明", "José"):
        said = {"service": "id", "at": f"{tomorrow}T10:00", "name": name, "contact": "13800138000"}
        assert api.post("/appointments", said).status_code == 201
    assert api.post("/devices/scanner2/fault", {"note": "扫不出来 ½ \u0000 \u2028 🎫"}).status_code == 200
    assert problem(api.post("/devices/toaster/fault", {}))[0] == 404
    api.server.stop()
    return home


@pytest.fixture
def home(morning: Path, tmp_path: Path) -> Path:
    """Such a folder for one test."""
    return Path(shutil.copytree(morning, tmp_path / "var"))


@pytest.fixture(scope="module")
def template(postgres_url: str) -> Iterator[Databases]:
    """A database of the newest schema, to be copied: that takes less than to migrate each."""
    made = Databases(postgres_url)
    made.do("CREATE DATABASE moving_template")
    with closing(Journal(made.named("moving_template"), "main")) as opened:
        bring_up_to_date(opened.writes)
    yield made
    made.do("DROP DATABASE moving_template WITH (FORCE)")


@pytest.fixture
def empty_postgres(template: Databases) -> Iterator[str]:
    """A database without a hall."""
    name = f"moved_{secrets.token_hex(4)}"
    template.do(f"CREATE DATABASE {name} TEMPLATE moving_template")
    yield template.named(name)
    template.do(f"DROP DATABASE {name} WITH (FORCE)")
