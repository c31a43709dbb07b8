"""Settings edited by the command line stay the file that a person wrote."""

from pathlib import Path

import pytest

from hall_server import upkeep
from hall_server.register import edit
from hall_server.settings import FILE, SettingsError, parse
from hall_server.wiring import asset

DEMO = Path(upkeep.__file__).parents[1].joinpath("demo.toml").read_text("utf-8")
HALL = """[hall]
zh = "厅"
en = "Hall"
[[service]]
id = "a"
prefix = "A"
zh = "甲"
en = "A"
[[window]]
id = "1"
services = ["a"]

# ---- devices ----
[[device]]
id = "d1"     # the first
kind = "asset"
zh = "一"
en = "One"

# ---- what stands at the door ----
[[device]]
id = "d2"
kind = "asset"
zh = "二"
en = "Two"
serial = "S-2"
"""


def test_rows_that_say_what_the_file_says_change_nothing() -> None:
    assert edit.changed(DEMO, list(edit.rows(DEMO))) == DEMO


def test_a_setting_is_added_changed_and_removed_where_a_person_would() -> None:
    wanted = [{"id": "d1", "serial": "S-1", "bought": "2024-03-01"}, {"id": "d2", "en": "Second", "serial": ""}]
    expected = HALL.replace('en = "One"\n', 'en = "One"\nserial = "S-1"\nbought = 2024-03-01\n')
    expected = expected.replace('en = "Two"\nserial = "S-2"\n', 'en = "Second"\n')
    assert edit.changed(HALL, list(wanted)) == expected


def test_an_unknown_id_is_a_new_device() -> None:
    done = edit.changed(HALL, [{"id": "d3", "kind": "asset", "zh": "三", "en": "Three", "phone": "+86 10"}])
    assert [(one.id, one.phone) for one in parse(done).device] == [("d1", None), ("d2", None), ("d3", "+86 10")]
    without = HALL[: HALL.index("# ---- devices")]
    added = edit.changed(without, [{"id": "d3", "kind": "asset", "zh": "三", "en": "Three"}])
    assert [one.id for one in parse(added).device] == ["d3"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"id": "d1", "en": ""}, "d1: en cannot be empty."),
        ({"en": "x"}, "A row has no id."),
        ({"id": "d1", "bought": "1.3.2024"}, "bought is a day like 2026-11-22, not '1.3.2024'."),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(row: dict[str, str], sentence: str) -> None:
    with pytest.raises(edit.NotChanged) as refused:
        edit.changed(HALL, [row])
    assert str(refused.value) == sentence


def test_settings_with_mistakes_are_not_made() -> None:
    wanted = {
        "id": "d1",
        "kind": "bus",
        "bought": "2024-03-01",
        "warranty_until": "2023-03-01",
        "url": "tpc://192.0.2.7",
    }
    with pytest.raises(SettingsError) as wrong:
        edit.changed(HALL, [wanted])
    said = "\n".join(wrong.value.mistakes)
    assert "the warranty ends before the device was bought." in said
    assert "did you mean 'tcp'?" in said


def test_what_is_written_is_whole_and_the_old_text_is_kept(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(HALL, "utf-8")
    backup = edit.write(tmp_path, DEMO)
    assert (edit.read(tmp_path), backup.read_text("utf-8")) == (DEMO, HALL)
    assert sorted(tmp_path.iterdir()) == sorted((tmp_path / FILE, backup))


def test_the_manual_shows_every_setting_of_the_register() -> None:
    manual = (Path(upkeep.__file__).parents[2] / "docs" / "devices.md").read_text("utf-8")
    example = manual[manual.index("### The asset register") :].split("```")[1].removeprefix("toml\n")
    device = parse(HALL.replace('en = "One"\n', f'en = "One"\n{example}')).device[0]
    assert all(asset(device).model_dump().values())
