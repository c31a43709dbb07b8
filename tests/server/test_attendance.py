"""Who is at a window as the server hears it: pages that come and go, silence, taking over, standing still."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hall_server.core.facts.seats import WindowAttended
from hall_server.presence import AtWindow, Presence
from tests.server.halls import HALL, Api, open_api, problem

LIMIT_S = 300  # as the settings have it unless they say otherwise


@dataclass
class Hearing:
    """The presence of a server whose clock and connected pages a test moves by hand; ``seconds`` begin anywhere."""

    api: Api
    seconds: float = 1000.0
    pages: set[AtWindow] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.presence = Presence(self.api.server.desk, frozenset, lambda: frozenset(self.pages), lambda: self.seconds)

    def pass_time(self, seconds: float, step_s: float = 9.0) -> None:
        until = self.seconds + seconds
        while self.seconds < until:
            self.seconds = min(until, self.seconds + step_s)
            self.presence.pass_time()

    def told(self) -> list[tuple[str, str]]:
        """What the journal says of windows' sessions, with who said it."""
        rows = self.api.server.journal.rows()
        return [(row.kind, row.actor) for row in rows if row.kind in ("WindowAttended", "WindowReleased")]

    def clerk(self) -> str:
        """Who has window 1."""
        found = self.api.server.desk.look(lambda hall: hall.seats.get("1"))
        return found.clerk if found else ""


@pytest.fixture
def hearing(api: Api) -> Hearing:
    made = Hearing(api)
    made.pages = {li_signs_in(api)}
    return made


def li_signs_in(api: Api) -> AtWindow:
    secret = api.server.desk.grant("session", "clerk", "li", "1", "test")
    principal = api.server.desk.principal(secret)
    assert principal is not None
    return AtWindow("1", "clerk:li", principal.session)


def test_a_page_that_is_loaded_again_or_a_minute_without_a_network_release_nothing(hearing: Hearing) -> None:
    for away_s in (2, 60, LIMIT_S - 5):
        hearing.pass_time(20)
        pages, hearing.pages = hearing.pages, set()
        hearing.pass_time(away_s)
        hearing.pages = pages
    hearing.pass_time(20)
    assert (hearing.clerk(), hearing.told()) == ("clerk:li", [])


def test_a_page_that_is_gone_releases_the_window_and_has_it_again_when_it_comes_back(hearing: Hearing) -> None:
    hearing.pass_time(10)
    pages, hearing.pages = hearing.pages, set()
    hearing.pass_time(LIMIT_S + 20)
    assert (hearing.clerk(), hearing.told()) == ("", [("WindowReleased", "server")])
    assert hearing.api.get("/floor").get_json()["windows"][0]["clerk"] == "clerk:li"
    hearing.pages = pages
    hearing.pass_time(5)
    assert hearing.clerk() == "clerk:li"
    assert hearing.told()[1:] == [("WindowAttended", "server")]
    hearing.pass_time(5)
    assert len(hearing.told()) == 2


def test_whoever_came_meanwhile_keeps_the_window(hearing: Hearing) -> None:
    pages, hearing.pages = hearing.pages, {AtWindow("1", "clerk:wu", "s9")}
    hearing.pass_time(LIMIT_S + 20)
    hearing.pages |= pages
    hearing.pass_time(LIMIT_S + 20)
    assert hearing.clerk() == "clerk:wu"


def test_a_server_that_stood_still_does_not_take_its_own_deafness_for_silence(hearing: Hearing) -> None:
    hearing.pass_time(10)
    hearing.pages = set()  # nobody could connect either
    hearing.pass_time(10 * LIMIT_S, step_s=LIMIT_S)
    assert (hearing.clerk(), hearing.told()) == ("clerk:li", [])


def test_a_restarted_server_gives_everybody_the_whole_time_again(hearing: Hearing) -> None:
    hearing.pages = set()
    hearing.pass_time(LIMIT_S - 5)
    again = Hearing(hearing.api)
    again.pass_time(LIMIT_S - 5)
    assert again.told() == []
    again.pass_time(30)
    assert again.told() == [("WindowReleased", "server")]


def test_the_second_clerk_is_refused_at_every_key_and_may_take_over_for_a_reason(api: Api) -> None:
    api.server.desk.grant("session", "clerk", "wu", "1", "test")
    api.post("/tickets", {"service": "id"})
    for verb, body in [("next", {}), ("call", {"label": "A001", "reason": "x"}), ("pause", {}), ("handover", {})]:
        refused = api.post(f"/windows/1/{verb}", body, "clerk")
        assert problem(refused) == (409, "taken_over"), verb
    assert problem(api.post("/windows/1/session", {}, "clerk")) == (409, "taken_over")
    taken = api.post("/windows/1/session", {"reason": "Wu is ill"}, "clerk")
    assert (taken.status_code, taken.get_json()["clerk"]) == (200, "clerk:li")
    assert api.post("/windows/1/next", {}, "clerk").get_json()["label"] == "A001"
    told = [row.fact() for row in api.server.journal.rows() if row.kind == "WindowAttended"]
    assert told == [WindowAttended("1", "clerk:li", "", "Wu is ill", "clerk:wu")]
    assert api.post("/windows/2/session", {"reason": "x"}, "clerk").status_code == 403


def test_a_manager_calls_anywhere(api: Api) -> None:
    api.server.desk.grant("session", "clerk", "wu", "1", "test")
    api.post("/tickets", {"service": "id"})
    assert api.post("/windows/1/next", {}, "manager").get_json()["label"] == "A001"


def test_a_hall_may_say_never(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALLCALL_PORT", raising=False)
    opened = open_api(tmp_path, HALL + "\n[day]\nrelease_min = 0\n")
    try:
        never = Hearing(opened)
        li_signs_in(opened)
        never.pass_time(4 * LIMIT_S)
        assert never.told() == []
    finally:
        opened.server.stop()
