"""What ``hallcall doctor`` says of webhooks: secret, reach and the last message, without sending one."""

from pathlib import Path

import pytest

from hall_server.contract.hooks import HookRow
from hall_server.settings import FILE, Settings, parse
from hall_server.upkeep import receivers
from tests.hooks.receiver import SECRET, receiver
from tests.server.halls import HALL
from tests.server.program import free_port

ROW = HookRow(id="town", to="http://127.0.0.1", events=("called",), state="ok", behind=0, seq=7, delivered=3)


def settings(url: str, secret: str = 'secret_file = "town.secret"') -> Settings:
    hook = f'\n[[webhook]]\nid = "town"\nurl = "{url}"\nevents = ["called"]\n{secret}\n'
    return parse(HALL + hook, FILE, Path())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "town.secret").write_text(SECRET, "ascii")
    (tmp_path / "town.secret").chmod(0o600)
    return tmp_path


def found(hall: Settings, home: Path, monkeypatch: pytest.MonkeyPatch, *rows: HookRow) -> list[tuple[str, str]]:
    answer = {"webhooks": [row.model_dump() for row in rows]} if rows else None
    monkeypatch.setattr(receivers, "ask_server", lambda *_: answer)
    return list(receivers.hook_findings(hall, home))


def test_a_receiver_that_listens_is_reached_and_asked_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as town:
        hall = settings(town.url)
        assert found(hall, home, monkeypatch, ROW.model_copy(update={"last": "2026-11-22T02:00:00.000Z"})) == [
            ("ok", "town can be reached and has a secret; the last message was taken at 2026-11-22T02:00:00.000Z")
        ]
        assert found(hall, home, monkeypatch, ROW)[0][1].endswith("no message has been taken yet")
        assert [level for level, _ in found(hall, home, monkeypatch)] == ["note"]
        stuck = ROW.model_copy(update={"state": "retrying", "trouble": "HTTP 500", "behind": 41})
        assert found(hall, home, monkeypatch, stuck) == [
            ("act", "town takes no messages (HTTP 500), 41 rows are behind: no message has been taken yet")
        ]
        gone = found(hall, home, monkeypatch, ROW.model_copy(update={"state": "stopped"}))
        assert gone == [
            ("act", "town wants no more messages: ask why, then hallcall webhooks replay town --from ROW")
        ]  # fmt: skip
    assert town.got == []


def test_a_receiver_that_is_not_there_is_told_with_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ((level, said),) = found(settings(f"http://127.0.0.1:{free_port()}/"), home, monkeypatch, ROW)
    assert (level, said.rpartition("): ")[2]) == ("act", receivers.ADVICE["refused"])


def test_a_secret_that_cannot_be_used_is_told_by_whoever_has_to_use_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOWN", raising=False)
    (home / "town.secret").chmod(0o644)
    assert found(settings("http://127.0.0.1:9/"), home, monkeypatch) == [
        ("act", "town has no secret here: others can read the file town.secret: chmod 600 town.secret")
    ]
    by_name = settings("http://127.0.0.1:9/", 'secret_env = "TOWN"')
    assert [level for level, _ in found(by_name, home, monkeypatch)] == ["note"], "the server may have it all the same"
    silent = ROW.model_copy(update={"state": "no_secret", "trouble": "the environment variable TOWN holds no secret"})
    ((level, said),) = found(by_name, home, monkeypatch, silent)
    assert (level, said.startswith("town sends nothing: the environment variable TOWN")) == ("act", True)


def test_a_hall_without_webhooks_is_in_order(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(parse(HALL, FILE, home), home, monkeypatch) == [("ok", "none in the settings")]
