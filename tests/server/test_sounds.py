"""Sounds of calls over HTTP, and what the screen that speaks tells of them, in a whole server."""

from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from hall_server.contract.devices import SpokenWord
from tests.server.halls import HALL, HERE, Api, open_api

TV = """
[[device]]
id = "tv7"
kind = "tv"
zh = "大屏"
en = "Hall TV"
speaks = true
"""


def fetched(api: Api, path: str) -> TestResponse:
    return Client(api.server.wsgi).open(path, environ_base=HERE)


def test_only_what_the_board_shows_has_a_sound_and_the_clerk_reads_what_was_not_said(tmp_path: Path) -> None:
    api = open_api(tmp_path, HALL + TV)
    api.post("/tickets", {"service": "id"})
    api.post("/windows/1/next", {}, "clerk")
    said = [fetched(api, f"/voice/x/{part}") for part in ("zh/ticket/A001", "en/window/1")]
    assert [(one.status_code, one.mimetype, one.data[:4]) for one in said] == [(200, "audio/ogg", b"OggS")] * 2
    assert "immutable" in said[0].headers["Cache-Control"]
    others = ("zh/ticket/A002", "zh/window/77", "fr/ticket/A001", "zh/other/A001", "zh/ticket/..%2fhall")
    assert {fetched(api, f"/voice/x/{part}").status_code for part in others} == {404}
    board = api.get("/board").get_json()
    assert (board["speaker"], board["hero"]["aloud"]) == ("tv7", True)
    word = SpokenWord.model_validate({"call": board["hero"]["seq"], "spoken": False, "why": "sound_blocked"})
    api.server.live.presence.hear_spoken("tv7", word)
    assert api.get("/windows/1", "clerk").get_json()["ticket"]["unspoken"] is True
    api.server.stop()


@pytest.mark.parametrize("word", [None, {}, {"call": -1, "spoken": True}, {"call": 1, "spoken": 1, "why": "x" * 81}])
def test_a_word_that_no_screen_of_ours_says_is_refused(word: object) -> None:
    with pytest.raises(ValueError, match="validation error"):
        SpokenWord.model_validate(word)
