"""``hallcall replay``: right files give figures, wrong ones hear every mistake, and pictures are pictures."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hall_server.past.replays import replay_command

# Two windows; three who come for 100 s at once, then a VIP, then another one of everybody.
DAY = """date,arrive_s,service,klass,outcome,wait_s,service_s
2026-11-22,32400,id,all,served,0,100
2026-11-22,32400,id,all,served,0,100
2026-11-22,32410,id,all,served,90,100
2026-11-22,32420,tax,all,abandoned,30,
2026-11-22,32430,tax,vip,served,70,100
2026-11-22,32440,id,all,served,160,100
"""


@pytest.fixture
def day(tmp_path: Path) -> Path:
    path = tmp_path / "day.csv"
    path.write_text(DAY, "utf-8")
    return path


def replay(*words: str | Path) -> Result:
    return CliRunner().invoke(replay_command, [str(word) for word in words])


def told(*words: str | Path) -> dict[str, Any]:
    done = replay(*words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.output)
    return found


def waits(one: dict[str, Any]) -> dict[str, tuple[int, float]]:
    return {group["name"]: (group["waits"]["count"], group["waits"]["sum_s"]) for group in one["by_class"]}


def test_policies_are_compared_on_the_same_customers(day: Path) -> None:
    found = told(
        day, "--windows", "1", "--policy", "fifo", "--policy", "head_start:vip=30", "--policy", "strict:vip,all"
    )
    assert {name: waits(one) for name, one in found["policies"].items()} == {
        "fifo": {"all": (4, 650.0), "vip": (1, 270.0)},  # 0, 100, 190, 360; 270
        "head_start:vip=30": {"all": (4, 750.0), "vip": (1, 170.0)},  # came at 30 s, counts as come at 0 s
        "strict:vip,all": {"all": (4, 850.0), "vip": (1, 70.0)},
    }
    assert [one["overtakes_by_cause"] for one in found["policies"].values()] == [{}, {"head_start": 1}, {"strict": 2}]
    assert (found["date"], found["windows"], found["left_out"]) == ("2026-11-22", 1, 1)


def test_more_windows_and_a_window_that_opens_later(day: Path) -> None:
    two = told(day, "--windows", "2")["policies"]["fifo"]
    later = told(day, "--windows", "2", "--opens", "2=09:01")["policies"]["fifo"]
    assert (two["waits"]["sum_s"], later["waits"]["sum_s"]) == (0 + 0 + 90 + 70 + 160, 0 + 60 + 90 + 130 + 160)


def test_the_table_is_for_people(day: Path) -> None:
    done = replay(day, "--windows", "1")
    assert [line.split() for line in done.output.splitlines()] == [
        "policy waits class all class vip overtaken".split(),
        "fifo 184.00 / 360 / 360 162.50 / 360 / 360 270.00 / 270 / 270 0".split(),
        "Waits in seconds: mean / 90 % / longest.".split(),
        "1 who left unserved are not in it: nobody knows how long they would have taken.".split(),
    ]


def test_every_mistake_of_a_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("arrive_s,service,klass,service_s\n-5,id,1,ten\n10,,1,5\n20,id,1\n30,id,1,5,6\n", "utf-8")
    done = replay(wrong, "--windows", "1")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "wrong.csv, line 2: arrive_s is no number of seconds below 172800: '-5'.",
        "wrong.csv, line 2: service_s is no number of seconds below 172800: 'ten'.",
        "wrong.csv, line 3: service is empty.",
        "wrong.csv, line 4: service_s is no number of seconds below 172800: None.",
        "wrong.csv, line 5: it has not as many values as there are columns.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("arrive_s,klass\n1,1\n", "wrong.csv, line 1: there is no column service, service_s."),
        ("", "wrong.csv, line 1: there is no column arrive_s, service, klass, service_s."),
        ("arrive_s,service,klass,service_s\n", "wrong.csv: it has no customer who was served."),
    ],
)
def test_a_file_that_is_no_day_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(text, "utf-8")
    done = replay(wrong, "--windows", "1")
    assert (done.exit_code, done.stderr.strip()) == (2, sentence)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--policy", "lottery"], "'lottery' is no policy: write fifo"),
        (["--policy", "head_start:vipp=9"], "the file has no class 'vipp'; it has all, vip."),
        (["--policy", "accumulating:vip=0"], "give class vip a number from 1 to 100"),
        (["--policy", "quota:vip"], "nobody of class all would ever have a turn."),
        (["--opens", "3=10:00"], "the windows are 1 to 2."),
        (["--opens", "2=ten"], "write a window and the time at which it opens"),
        (["--opens", "1=9:30", "--opens", "2=9:40"], "At least one window has to be open from the beginning."),
    ],
)
def test_a_wrong_wish_is_explained(day: Path, words: list[str], part: str) -> None:
    done = replay(day, "--windows", "2", *words)
    assert done.exit_code == 2
    assert part in " ".join(done.stderr.split())


def test_a_picture_is_drawn(day: Path, tmp_path: Path) -> None:
    picture = tmp_path / "waits.svg"
    assert replay(day, "--windows", "1", "--svg", picture).exit_code == 0
    assert picture.read_text("utf-8").lstrip().startswith("<?xml")
