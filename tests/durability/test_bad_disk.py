"""F11, F12: on a disk that is full or fails, nobody gets a number, nothing happens by half, and it passes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.ledger import issued, sound
from tests.durability.lossy import LossyDisk, disk_with_a_hall
from tests.server.program import Program, free_port

KEY = "the-customer-who-met-the-full-disk"
TROUBLES = {
    "full": ("fill",),
    "failing": ("refuse", "EIO"),
    "read-only": ("refuse", "EROFS"),
    "deaf": ("deafen",),
}
WELL = (("empty",), ("refuse", ""), ("heal",))

pytestmark = pytest.mark.needs("fuse")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[LossyDisk]:
    with disk_with_a_hall(tmp_path / "hall") as disk:
        disk.mount()
        yield disk


@pytest.fixture
def program(disk: LossyDisk) -> Iterator[Program]:
    running = Program(disk.at, free_port())
    running.start()
    running.post("/day/open")
    yield running
    running.kill()


def issue(program: Program, key: str) -> tuple[int, str]:
    """Status and the label or the problem's code."""
    status, value = program.ask("POST", "/api/v1/tickets", {"service": "id"}, token=program.admin, key=key)
    return status, value["label"] if status == 201 else value["code"]


def test_a_disk_in_trouble_gives_no_number_and_none_is_burnt(disk: LossyDisk, program: Program) -> None:
    """One server meets every trouble in turn, and never has to start again."""
    assert issue(program, "the-first-customer") == (201, "A001")
    for number, (trouble, command) in enumerate(TROUBLES.items(), 1):
        one, other = f"{KEY}-{trouble}-one", f"{KEY}-{trouble}-other"
        before = program.ask("GET", "/api/v1/board")[1]
        disk.tell(*command)
        assert [issue(program, key) for key in (one, other, one)] == [(503, "unavailable")] * 3, trouble
        assert program.ask("GET", "/api/v1/board")[1] == before, "reads go on, and show what is on disk"
        assert [program.ask("GET", path)[0] for path in ("/readyz", "/healthz")] == [503, 200], trouble
        for well in WELL:
            disk.tell(*well)
        assert program.ask("GET", "/readyz")[0] == 200, trouble
        first, second = f"A{2 * number:03}", f"A{2 * number + 1:03}"
        assert [issue(program, key) for key in (other, one, other)] == [(201, first), (201, second), (201, first)]
    assert program.stop() == 0
    labels = [fact.label for fact in issued(sound(disk.at)).values()]
    assert labels == [f"A{number:03}" for number in range(1, 2 * len(TROUBLES) + 2)]


def test_killed_while_the_disk_does_not_sync_the_same_key_still_makes_one_ticket(
    disk: LossyDisk, program: Program
) -> None:
    """The commit that failed may be on disk all the same: whoever asks again learns which."""
    disk.tell("deafen")
    assert issue(program, KEY) == (503, "unavailable")
    program.kill()
    disk.tell("heal")
    program.start()
    assert issue(program, KEY) == (201, "A001")
    assert issue(program, "the-next-customer") == (201, "A002")
    assert program.stop() == 0
    assert [fact.label for fact in issued(sound(disk.at)).values()] == ["A001", "A002"]


def test_a_disk_that_cannot_wipe_what_was_deleted_takes_nobody_down(disk: LossyDisk, program: Program) -> None:
    assert issue(program, KEY) == (201, "A001")
    disk.tell("deafen")
    status, value = program.ask("POST", "/api/v1/purge", token=program.admin)
    assert (status, value.get("code")) == (503, "unavailable"), value
    disk.tell("heal")
    assert issue(program, "the-next-customer") == (201, "A002")
    assert program.stop() == 0
