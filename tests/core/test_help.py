"""Help that is asked for at a kiosk: believed, told, joined to the ticket that follows, and granting nothing."""

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.commands.help import AskHelp, GiveHelp
from hall_server.core.facts import help as hf
from hall_server.core.helps import Help, stands
from tests.core.scene import Scene, scene


def asked(s: Scene, name: str = "h1", reason: str = "sight", kiosk: str = "K1") -> list[f.Fact]:
    return s.do(AskHelp(name, kiosk, reason))


def test_C4_a_ticket_that_follows_says_why_help_was_asked_for_and_goes_before_nobody() -> None:
    s = scene()
    s.issue_many(("id",))
    assert asked(s) == [hf.HelpAsked("h1", "K1", "sight")]
    s.do(c.Issue("t9", "code", "id", "K1", help="h1"))
    ticket = s.hall.tickets["t9"]
    assert (ticket.help, ticket.need, ticket.urgent) == ("sight", False, "")
    assert s.hall.helps["h1"].ticket == "t9"
    assert [s.call("1"), s.call("2")] == ["A001", "A002"]


def test_who_asks_twice_at_the_same_kiosk_is_told_once_until_there_is_a_ticket() -> None:
    s = scene()
    asked(s)
    assert asked(s, "h2") == []
    assert asked(s, "h3", "older") == [hf.HelpAsked("h3", "K1", "older")]
    s.do(c.Issue("t9", "code", "id", "K1", help="h1"))
    assert asked(s, "h4") == [hf.HelpAsked("h4", "K1", "sight")]


def test_a_ticket_of_another_kiosk_or_a_second_one_joins_no_request() -> None:
    s = scene()
    asked(s)
    s.do(c.Issue("t1", "c1", "id", "K2", help="h1"))
    s.do(c.Issue("t2", "c2", "id", "K1", help="h1"))
    s.do(c.Issue("t3", "c3", "id", "K1", help="h1"))
    s.do(c.Issue("t4", "c4", "id", "K1", help="unheard of"))
    assert [s.hall.tickets[f"t{n}"].help for n in range(1, 5)] == ["", "sight", "", ""]


def test_somebody_was_there_is_said_once_and_a_window_that_calls_ends_it_too() -> None:
    s = scene()
    asked(s)
    assert s.do(GiveHelp("h1")) == [hf.HelpGiven("h1")]
    assert s.do(GiveHelp("h1")) == []
    assert s.refusal(GiveHelp("h7")) == ("unknown_help", "Nobody has asked for this help today.")
    asked(s, "h2")
    s.do(c.Issue("t9", "code", "id", "K1", help="h2"))
    known = s.hall.helps["h2"]
    assert stands(known, s.hall.tickets["t9"])
    s.call("1")
    assert not stands(known, s.hall.tickets["t9"])
    assert known == Help("h2", "K1", "sight", "zh", s.now, "t9")


def test_nobody_is_asked_in_a_closed_hall_or_at_a_kiosk_that_there_is_not_and_a_new_day_forgets() -> None:
    s = scene()
    assert s.refusal(AskHelp("h1", "K9", "older")) == ("unknown_kiosk", "There is no kiosk 'K9'.")
    asked(s)
    s.do(c.CloseDay())
    assert s.refusal(AskHelp("h2", "K1", "older")) == ("day_closed", "The hall is closed: nobody is here to help.")
    s.do(c.OpenDay("2026-11-23"))
    assert s.hall.helps == {}
