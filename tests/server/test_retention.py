"""What is known of people goes after as many days as the settings say, and the journal tells how much went."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from hall_server.app import Hosting
from hall_server.settings import FILE, Settings, SettingsError, parse
from hall_server.tables import credentials
from tests.model.moves import Clock
from tests.server.halls import HALL, Api, open_api

DAY_S = 24 * 3600.0
SLOTS = """
[[appointment]]
service = "id"
opens = "09:00"
closes = "17:00"
"""


def kept(api: Api) -> set[str]:
    """Whose tokens and sessions the database still knows."""
    with api.server.journal.reads.connect() as connection:
        return set(connection.scalars(select(credentials.c.subject)))


def told(api: Api) -> list[dict[str, object]]:
    return [json.loads(row.body) for row in api.server.journal.rows() if row.kind == "PersonsForgotten"]


def test_C3_ended_sign_ins_and_people_are_forgotten_after_the_days_of_the_settings(tmp_path: Path) -> None:
    clock = Clock()
    chosen = "\n[retention]\nappointment_days = 3\nsign_in_days = 2\n"
    api = open_api(tmp_path, HALL + SLOTS + chosen, Hosting(clock=clock))
    try:
        day = api.server.desk.today()
        wanted = {"service": "id", "at": f"{day}T16:30", "name": "Li Lei", "contact": "020 555 0101"}
        assert api.post("/appointments", wanted, "manager").status_code == 201
        assert api.get(f"/appointments?day={day}", "manager").get_json()["kept_days"] == 3
        (clerk,) = (one["id"] for one in api.get("/tokens").get_json()["tokens"] if one["subject"] == "li")
        assert api.post(f"/tokens/{clerk}/revoke").status_code == 204
        clock.now += 1.9 * DAY_S
        assert (api.post("/purge").get_json(), "li" in kept(api)) == ({"forgotten": 0}, True)
        clock.now += 0.2 * DAY_S
        assert (api.post("/purge").get_json(), "li" in kept(api), "wang" in kept(api)) == (
            {"forgotten": 1},
            False,
            True,
        )
        clock.now += 2 * DAY_S
        assert api.post("/purge").get_json() == {"forgotten": 1}
        assert told(api) == [{"kind": "sign_in", "count": 1}, {"kind": "appointment", "count": 1}]
        assert api.server.journal.verify() is None
    finally:
        api.server.stop()


def test_a_span_that_nobody_can_mean_is_told_with_all_others() -> None:
    with pytest.raises(SettingsError) as wrong:
        parse(HALL + "\n[retention]\nappointment_days = -1\nsign_in_days = 0\nappointments_days = 2\n", FILE, Path())
    assert len(wrong.value.mistakes) == 3
    assert any("appointment_days" in mistake and "mean" in mistake for mistake in wrong.value.mistakes)
    usual: Settings = parse(HALL, FILE, Path())
    assert (usual.retention.appointment_s, usual.retention.sign_in_s) == (DAY_S, 90 * DAY_S)
