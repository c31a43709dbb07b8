"""Webhooks in the real server: a receiver that hangs delays nobody, and a killed server loses nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hall_server.upkeep.webhooks import webhooks
from tests.hooks.receiver import SECRET, Receiver, receiver
from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import Program, free_port


def hook(name: str, to: Receiver) -> str:
    return (
        f'\n[[webhook]]\nid = "{name}"\nurl = "{to.url}"\nsecret_file = "{name}.secret"\n'
        'events = ["issued", "called", "finished"]\n'
    )


def test_one_receiver_hangs_the_other_hears_everything_and_a_kill_loses_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with receiver(always="hang") as dead, receiver("500", "close") as well:
        write_settings(home, HALL + hook("dead", dead) + hook("well", well))
        for name in ("dead", "well"):
            (home / f"{name}.secret").write_text(SECRET)
            (home / f"{name}.secret").chmod(0o600)
        fresh_database(home / "hall.sqlite3")
        program = Program(home, free_port())
        program.start()
        try:
            program.post("/day/open")
            wanted = _visits(program, 3)
            dead.wait(lambda: len(dead.got) >= 1)
            well.wait(lambda: len(well.taken()) >= 2)
            program.kill()
            program.start()
            wanted += _visits(program, 2)
            well.wait(
                lambda: {one["data"]["label"] for one in well.taken() if one["event"] == "finished"} >= set(wanted)
            )
            rows = {
                row["id"]: row for row in program.ask("GET", "/api/v1/webhooks", token=program.admin)[1]["webhooks"]
            }
            assert (rows["well"]["state"], rows["dead"]["delivered"]) == ("ok", 0)
            assert rows["dead"]["behind"] >= 15
            _told_once_each_and_in_order(well, wanted)
            said = CliRunner().invoke(webhooks, ["test", "well", "--home", str(home)])
            assert said.output == "well took it (HTTP 200).\n"
            first = well.taken()[0]["seq"]
            again = CliRunner().invoke(webhooks, ["replay", "well", "--from", str(first), "--home", str(home)])
            assert again.output.startswith(f"well begins again after row {first - 1}; ")
            well.wait(lambda: [one.get("seq") for one in well.taken()].count(first) >= 2)
            listed = CliRunner().invoke(webhooks, ["list", "--home", str(home)]).output
            assert "dead" in listed
            assert SECRET not in listed + json.dumps(rows)
        finally:
            dead.over.set()
            program.stop()


def _visits(program: Program, count: int) -> list[str]:
    labels = []
    for _ in range(count):
        program.post("/tickets", {"service": "id"})
        labels.append(program.post("/windows/1/next")["label"])
        program.post("/windows/1/finish")
    return labels


def _told_once_each_and_in_order(to: Receiver, labels: list[str]) -> None:
    """A repeated message has its old id; without the repetitions the journal's own order is left."""
    taken = list({one["id"]: one for one in to.taken()}.values())
    assert [one["seq"] for one in taken] == sorted(one["seq"] for one in taken)
    assert [(one["event"], one["data"]["label"]) for one in taken] == [
        (event, label) for label in labels for event in ("issued", "called", "finished")
    ]


@pytest.mark.parametrize("words", [("test", "nobody"), ("replay", "nobody", "--from", "1")])
def test_without_a_server_the_command_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    said = CliRunner().invoke(webhooks, [*words, "--home", str(tmp_path)])
    assert (said.exit_code, said.output) == (1, "Error: No server runs on this folder: start it first.\n")
