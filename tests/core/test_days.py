"""The business day: opening, closing, what outlives the night, and configurations that change in between."""

from dataclasses import replace

from hall_server.core import codec
from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import folds as fold
from hall_server.core.config import OnFault, Service, Window
from hall_server.core.hall import Hall
from tests.core.scene import CONFIG, Scene, picture, scene


def test_the_same_configuration_twice_is_one_fact(hall: Scene) -> None:
    assert hall.do(c.Configure(CONFIG)) == []
    assert hall.do(c.Configure(replace(CONFIG, qr=False))) == [f.HallConfigured(replace(CONFIG, qr=False))]


def test_a_hall_without_a_configuration_cannot_open() -> None:
    assert Scene().refusal(c.OpenDay("2026-11-22")) == ("not_configured", "The hall has no configuration yet.")


def test_a_day_opens_once_and_closes_once(hall: Scene) -> None:
    assert hall.refusal(c.OpenDay("2026-11-22"))[0] == "day_open"
    assert hall.do(c.CloseDay("we close")) == [f.DayClosed("2026-11-22/1")]
    assert hall.refusal(c.CloseDay("we close"))[0] == "day_closed"


def test_closing_leaves_nothing_outstanding(hall: Scene) -> None:
    hall.issue_many(["id"] * 6)
    hall.serve("1")
    hall.call("1")
    hall.call("2")
    hall.do(c.Start("2"))
    hall.call("3")
    hall.do(c.Absent("3", force=True))
    hall.do(c.Cancel(hall.id_of("A005")))
    found = hall.do(c.CloseDay("we close"))
    assert found == [*(f.TicketExpired(f"t{n}") for n in (2, 3, 4, 6)), f.DayClosed("2026-11-22/1", "we close")]
    assert {hall.state(f"A00{n}") for n in (2, 3, 4, 6)} == {"expired"}
    assert (hall.at("1"), hall.at("2")) == (None, None)


def test_a_date_opened_again_gets_the_next_serial_and_starts_its_numbers_again(hall: Scene) -> None:
    hall.issue()
    hall.do(c.CloseDay("we close"))
    hall.do(c.OpenDay("2026-11-22"))
    assert (hall.hall.day, hall.issue()) == ("2026-11-22/2", "A001")
    hall.do(c.CloseDay("we close"))
    hall.do(c.OpenDay("2026-11-23"))
    assert (hall.hall.day, hall.issue()) == ("2026-11-23/1", "A001")


def test_a_clock_set_back_over_midnight_never_reopens_a_day_whose_labels_are_given_out(hall: Scene) -> None:
    days = [hall.hall.day]
    for date in ("2026-11-23", "2026-11-22", "2026-11-23"):
        hall.do(c.CloseDay("we close"))
        hall.do(c.OpenDay(date))
        days.append(hall.hall.day)
    assert days == ["2026-11-22/1", "2026-11-23/1", "2026-11-23/2", "2026-11-23/3"]


def test_the_opening_carries_what_outlives_the_night_and_nothing_else(hall: Scene) -> None:
    hall.do(c.StationSeen("hall", connected=True))
    hall.do(c.StationSeen("K1", connected=True))
    hall.do(c.StationSeen("K1", connected=False))
    hall.health("sign1", "failed", "no_ack")
    hall.do(c.AdvanceRepair("sign1", "accepted", "on my way", "noon"))
    hall.do(c.DeclareFault("scanner2", "r-scanner", "dark"))
    hall.issue_many(["id", "tax"])
    before = hall.hall
    repairs, windows = dict(before.repairs), {name: dict(w.incidents) for name, w in before.windows.items()}
    health = {name: (d.state, d.faults, d.evidence, d.since) for name, d in before.devices.items()}
    hall.do(c.CloseDay("we close"))
    opened = hall.do(c.OpenDay("2026-11-23"))[0]

    assert isinstance(opened, f.DayOpened)
    fresh = Scene(hall=Hall(), now=hall.now)
    for scene_hall in (hall.hall, _fold_alone(fresh, opened, hall.hall.seq)):
        assert scene_hall.config == CONFIG
        assert scene_hall.repairs == repairs
        assert {name: w.incidents for name, w in scene_hall.windows.items()} == windows
        assert windows["1"] == {"r1": "no_ack"}, "and why"
        assert {n: (d.state, d.faults, d.evidence, d.since) for n, d in scene_hall.devices.items()} == health
        assert {name: s.connected for name, s in scene_hall.stations.items()} == {"hall": True, "K1": False}
        assert (scene_hall.tickets, scene_hall.series, list(scene_hall.calls)) == ({}, {}, [])
    assert picture(_fold_alone(Scene(now=hall.now), opened, hall.hall.seq)) == picture(hall.hall)


def test_what_somebody_began_with_a_device_in_the_evening_goes_on_in_the_morning(hall: Scene) -> None:
    hall.do(c.Configure(replace(CONFIG, on_sign_failure=OnFault.ASK)))
    hall.health("sign1", "failed", "no_ack")
    hall.do(c.DeclareFault("printer2", "r-printer", "jam"))
    hall.do(c.VerifyRepair("printer2"))
    hall.do(c.AskTest("sign2", "x1"), "maintenance:wu")
    hall.do(c.AskTrial("printer1", "t1", "tcp://192.0.2.8:9100", {"width": "384"}), "maintenance:wu")
    evening = dict(hall.hall.trials), dict(hall.hall.tests), dict(hall.hall.released)
    hall.do(c.CloseDay())
    hall.pass_time(60)
    opened = hall.do(c.OpenDay("2026-11-23"))[0]
    assert (hall.hall.trials, hall.hall.tests, hall.hall.released) == evening
    assert evening[2] == {"printer2": "r-printer"}
    assert list(hall.hall.windows["1"].proposed.values()) == [("no_ack", hall.now)], "asked as of now, for its reason"
    again = codec.load(f.DayOpened, codec.dump(opened))
    assert picture(_fold_alone(Scene(now=hall.now), again, hall.hall.seq)) == picture(hall.hall)
    done = hall.do(c.ReportShown("sign2", "test-x1", 12.0))
    assert done[0] == f.DeviceTestDone("sign2", "x1", "shown", "12 ms")
    assert hall.do(c.ReportTrial("K1", "t1", "printed", (), "said"))[0] == f.DeviceTrialDone(
        "printer1", "t1", "printed", (), "said"
    )


def _fold_alone(fresh: Scene, opened: f.Fact, seq: int) -> Hall:
    """What a start makes of the opening, without anything that is older."""
    fold.apply(fresh.hall, opened, seq, fresh.now, "test")
    return fresh.hall


def test_a_window_redirected_yesterday_still_calls_nobody_today_and_comes_back_when_repaired(hall: Scene) -> None:
    hall.health("sign1", "failed", "no_ack")
    hall.do(c.CloseDay("we close"))
    hall.do(c.OpenDay("2026-11-23"))
    hall.issue()
    assert hall.refusal(c.CallNext("1"))[0] == "window_redirected"
    hall.health("sign1", "ok")
    assert hall.call("1") == "A001"


def test_paper_of_yesterday_is_nobodys_today(hall: Scene) -> None:
    label = hall.issue("id", "K1")
    slip = f"s-{hall.id_of(label)}"
    hall.do(c.CloseDay("we close"))
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.refusal(c.ReportSlip(slip, "printer1", 1, "claim"))[0] == "slip_moved"
    assert hall.do(c.ReportSlip(slip, "printer1", 1, "printed", "PRINTED")) == []


def test_a_window_taken_out_of_the_settings_leaves_its_tickets_to_the_others() -> None:
    hall = scene()
    hall.issue_many(["id", "id", "id", "id"])
    for window in "123":
        hall.call(window)
    hall.do(c.Redirect("1"))  # A001 waits, bound first to window 2
    without_2 = replace(CONFIG, windows=tuple(w for w in CONFIG.windows if w.id != "2"))
    hall.do(c.Configure(replace(without_2, devices=())))
    hall.do(c.Finish("3"))
    assert hall.call("3") == "A001"


def test_a_service_taken_out_of_the_settings_closes_and_its_tickets_stay_where_they_are(hall: Scene) -> None:
    hall.issue("loans", "K1")
    config = replace(CONFIG, services=CONFIG.services[:2], windows=CONFIG.windows[:3])
    hall.do(c.Configure(config))
    assert hall.refusal(c.Issue("t", "c", "loans"))[0] == "unknown_service"
    assert hall.state("C001") == "waiting"
    hall.do(c.Configure(replace(config, services=(*config.services, Service("new", "新", "New", "D")),
                                windows=(*config.windows, Window("5", ("new",))))))  # fmt: skip
    assert hall.issue("new") == "D001"
    assert hall.call("5") == "D001"


def test_a_clerk_is_let_in_only_to_a_window_that_there_is(hall: Scene) -> None:
    refused = hall.refusal(c.Grant("c1", "token", "clerk", "li", "9"))
    assert refused == ("unknown_window", "There is no window '9'; there are 1, 2, 3, 4.")
    assert hall.do(c.Grant("c1", "token", "clerk", "li", "2")) == [f.AccessGranted("c1", "token", "clerk", "li", "2")]
