"""Quiet hours, and the one screen that says calls."""

from dataclasses import replace

from hall_server.core import commands as c
from hall_server.core.calendar import Span
from hall_server.core.config import Device
from hall_server.core.facts import speech as s
from hall_server.views import board
from hall_server.views.staff import card
from tests.core.scene import CONFIG, scene
from tests.core.test_views import OUTSIDE

SPEAKER = Device("tv9", "tv", "大屏", "Hall TV", speaks=True)
MODULE = Device("voice1", "voice", "语音模块", "Voice module", station="hall")
ALWAYS = (Span("00:00", "24:00"),)


def test_a_call_is_owed_by_the_screen_that_speaks_and_the_clerk_sees_that_it_was_not_said() -> None:
    desk = scene(devices=(*CONFIG.devices, SPEAKER))
    desk.issue_many(["id"])
    desk.call("1")
    (call,) = desk.hall.speech["tv9"].values()
    assert board(desk.hall, OUTSIDE).speaker == "tv9"
    assert desk.do(c.ReportSpoken("tv9", call.name, False, "sound_blocked")) == [
        s.TicketNotSpoken("t1", "tv9", call.name, "sound_blocked")
    ]
    ticket = desk.hall.active("1")
    assert ticket is not None
    assert card(desk.hall, ticket).unspoken


def test_in_quiet_hours_nothing_is_owed_and_the_board_says_so_of_the_call() -> None:
    desk = scene(devices=(*CONFIG.devices, SPEAKER, MODULE))
    desk.do(c.Configure(replace(desk.hall.config, quiet=ALWAYS)))
    desk.issue_many(["id"])
    desk.call("1")
    assert desk.hall.speech == {}
    shown = board(desk.hall, OUTSIDE)
    assert shown.hero is not None
    assert (shown.hero.label, shown.hero.aloud) == ("A001", False)


def test_quiet_hours_end() -> None:
    desk = scene(devices=(*CONFIG.devices, MODULE))
    desk.do(c.Configure(replace(desk.hall.config, quiet=(Span("00:00", "00:01"),))))
    desk.issue_many(["id"])
    desk.call("1")
    assert [one.label for one in desk.hall.speech["voice1"].values()] == ["A001"]
