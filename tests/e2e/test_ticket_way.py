"""One ticket all the way through a whole hall, and what people are told when a sign or the paper fails."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Measured
from tests.e2e.hall import Hall, until, whole_hall
from tests.e2e.papers import code_of, codes, of_ticket, papers

NAMED_S = 10.0  # within this time a fault must be said


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with whole_hall(tmp_path_factory.mktemp("hall")) as open_hall:
        yield open_hall


def kinds(rows: list[dict[str, Any]], *about: str) -> list[str]:
    """The kinds of the facts that name one of these devices, windows or tickets."""
    return [row["kind"] for row in rows if set(about) & {v for v in row["body"].values() if isinstance(v, str)}]


def newest(hall: Hall) -> int:
    return int(hall.journal()[-1]["seq"])


def strips(hall: Hall, kiosk: str) -> str:
    return " | ".join(text["en"] for text in hall.screen(kiosk)["strips"])


@pytest.mark.needs("zbar")
def test_a_touch_prints_a_slip_whose_code_opens_the_ticket_and_next_lights_the_sign_and_the_board(
    hall: Hall, measured: Measured
) -> None:
    began = time.monotonic()
    label = hall.take("K1", "insurance")
    piece = until(lambda: next((p for p in hall.pieces("printer1") if p["complete"]), None), "the slip is cut")
    measured["row 1: touch to cut slip, s"] = time.monotonic() - began
    until(lambda: hall.screen("K1")["face"] == "printed", "the kiosk says that the slip is there")
    measured["row 1: touch to kiosk says printed, s"] = time.monotonic() - began

    issued = [row["body"] for row in hall.journal() if row["kind"] == "TicketIssued"]
    assert [body["label"] for body in issued] == [label] == ["C001"]
    assert code_of(hall.picture(piece)) == f"{hall.url()}/t/{issued[0]['code']}"
    page = hall.web.get(f"{hall.url()}/t/{issued[0]['code']}", timeout=10)
    assert (page.status_code, label in page.text) == (200, True)

    began = time.monotonic()
    called = hall.ask("POST", "/windows/1/next", {}, who="clerk1")
    assert (called.status, called.value["label"], called.value["window"]) == (200, label, "1")
    hero = hall.board()["hero"]
    measured["row 1: next to the hero on the board, s"] = time.monotonic() - began
    assert (hero["label"], hero["window"]) == (label, "1")
    until(lambda: label in hall.sign("1"), "the sign shows the call")
    until(lambda: hall.ask("GET", "/windows/1").value["shown_ms"], "the clerk sees that the sign answered")
    measured["row 1: next to the clerk sees the sign's ACK, s"] = time.monotonic() - began
    frames = hall.simulated()["bus"]["frames"]
    shown = next(n for n, frame in enumerate(frames) if frame["text"].startswith("1:") and label in frame["text"])
    assert frames[shown - 1]["data"] == "A0 90 01 A5 AA"  # newest first: the answer came after it
    receipts = [row["body"] for row in hall.journal() if row["kind"] == "SignShown"]
    assert [body["content"].partition("-")[0] for body in receipts if body["device"] == "sign1"] == ["call"]
    assert {body["device"] for body in receipts} <= {"sign1", "board1"}, "and the board for all windows, in its time"


def test_a_declared_fault_moves_the_window_until_somebody_verifies_the_repair(hall: Hall, measured: Measured) -> None:
    hall.touch("K1", "done")
    hall.token("clerk3")
    start = newest(hall)
    began = time.monotonic()
    assert hall.ask("POST", "/devices/scanner3/fault", {"note": "lamp is dark"}, who="clerk3").status == 200
    row = until(lambda: found if (found := hall.window("3"))["state"] == "redirected" else None, "3 is redirected")
    assert (row["reason"], row["to"][0]) == ("declared", "4")
    until(lambda: "4" in strips(hall, "K1"), "the kiosk names another window", NAMED_S)
    measured["row 3: declared fault to board and kiosk, s"] = time.monotonic() - began
    assert hall.device("scanner3")["state"] == "failed"
    assert hall.ask("GET", "/windows/3", who="clerk3").value["redirected_to"][0] == "4"
    refused = hall.ask("POST", "/windows/3/next", {}, who="clerk3")
    assert (refused.status, refused.value["code"]) == (409, "window_redirected")
    assert "4" in refused.value["detail"]

    assert hall.ask("POST", "/devices/scanner3/repair", {"state": "fixed"}).status == 200
    assert hall.ask("GET", "/windows/3").value["state"] == "redirected"
    assert hall.ask("POST", "/devices/scanner3/verify", {"note": "scanned a page"}).status == 200
    until(lambda: hall.window("3")["state"] == "idle", "window 3 is back")
    until(lambda: strips(hall, "K1") == "", "the kiosk's notice is gone")
    assert hall.ask("POST", "/windows/3/next", {}, who="clerk3").status == 204
    assert kinds(hall.journal(start), "scanner3", "3") == [
        "RepairOpened", "FaultDeclared", "WindowRedirected", "RepairAdvanced", "RepairVerified", "WindowRestored",
    ]  # fmt: skip


def test_an_unplugged_sign_is_named_and_the_ticket_called_there_is_called_elsewhere(
    hall: Hall, measured: Measured
) -> None:
    label = hall.take("K2", "tax")
    assert hall.ask("POST", "/windows/3/next", {}, who="clerk3").value["label"] == label
    start = newest(hall)
    began = time.monotonic()
    hall.fault("sign-3", "unplugged")
    until(lambda: hall.window("3")["state"] == "redirected", "the board says that window 3 is out", NAMED_S)
    measured["row 3: unplugged sign to board, s"] = time.monotonic() - began
    row = hall.window("3")
    board, other = hall.board(), row["to"][0]
    assert hall.device("sign3")["state"] == "failed"
    assert [notice["device"] for notice in board["notices"]] == ["sign3"]
    until(lambda: other in strips(hall, "K1"), "the kiosk names another window", NAMED_S)
    clerk = hall.ask("GET", "/windows/3", who="clerk3").value
    assert (clerk["state"], clerk["redirected_to"][0], clerk["sign_state"]) == ("redirected", other, "failed")

    assert (hall.window(other)["state"], hall.window(other)["label"]) == ("called", label)
    assert (board["hero"]["label"], board["hero"]["window"]) == (label, other)
    until(lambda: label in hall.sign(other), "the other window's sign shows the call")
    refused = hall.ask("POST", "/windows/3/next", {}, who="clerk3")
    assert (refused.status, refused.value["code"]) == (409, "window_redirected")
    still = hall.ask("POST", "/devices/sign3/verify", {})
    assert (still.status, still.value["code"]) == (409, "still_failing")

    began = time.monotonic()
    hall.fault("sign-3", "unplugged", False)
    until(lambda: hall.window("3")["state"] == "idle", "the repaired sign brings its window back", 90)
    measured["row 3: plugged sign to restored window, s"] = time.monotonic() - began
    assert hall.board()["notices"] == []
    assert hall.ask("POST", "/windows/3/next", {}, who="clerk3").status == 204
    story = [kind for kind in kinds(hall.journal(start), "sign3", "3", label) if kind != "SignShown"]
    told = [kind for n, kind in enumerate(story) if kind != "DeviceChanged" or story[n - 1 : n] != [kind]]
    assert told == [
        "DeviceChanged", "RepairOpened", "WindowRedirected", "TicketRedirected", "TicketCalled",
        "DeviceChanged", "RepairVerified", "WindowRestored",
    ]  # fmt: skip
    assert "verifies" in hall.hallcall("journal", "verify").stdout


# ---- paper


def paper_told(hall: Hall, kiosk: str, *faces: str) -> str:
    """The kiosk's final word about the paper of the ticket on its screen."""
    return str(until(lambda: f if (f := hall.screen(kiosk)["face"]) in faces else None, f"{kiosk} says {faces}", 60))


def settled(hall: Hall, label: str) -> dict[str, Any]:
    """What the hall knows about a ticket's slip once it is decided."""
    ticket = next(row["body"]["ticket"] for row in hall.journal() if row["body"].get("label") == label)

    def decided() -> dict[str, Any] | None:
        slip = hall.ask("GET", f"/tickets/{ticket}").value["slip"]
        return dict(slip) if slip["state"] in ("printed", "failed", "unconfirmed") else None

    return until(decided, f"the slip of {label} is decided", 60)


@pytest.mark.needs("zbar")
def test_each_ticket_has_one_valid_paper_and_the_kiosk_tells_the_truth_whenever_the_paper_is_pulled(
    hall: Hall, measured: Measured
) -> None:
    labels = []
    # before the slip: nobody has noticed yet that the roll is gone
    hall.fault("printer1", "paper_end")
    began = time.monotonic()
    labels.append(hall.take("K1", "residence"))
    paper_told(hall, "K1", "elsewhere")
    until(lambda: settled(hall, labels[-1])["printer"] == "printer2", "the slip comes from the other printer")
    measured["row 4: paper pulled before: touch to slip at the other printer, s"] = time.monotonic() - began
    assert "kiosk 2" in hall.screen("K1")["slots"]["elsewhere"]["en"]
    hall.fault("printer1", "paper_end", False)
    until(lambda: hall.device("printer1")["state"] == "ok", "the printer has paper again")
    # in the middle of a slip
    hall.fault("printer1", "paper_out_after", rows=200)
    began = time.monotonic()
    labels.append(hall.take("K1", "insurance"))
    paper_told(hall, "K1", "elsewhere")
    assert settled(hall, labels[-1])["printer"] == "printer2"
    measured["row 4: paper ends mid-slip: touch to slip at the other printer, s"] = time.monotonic() - began
    hall.fault("printer1", "paper_end", False)
    until(lambda: hall.device("printer1")["state"] == "ok", "the printer has paper again")
    # after a slip
    labels.append(hall.take("K1", "property"))
    paper_told(hall, "K1", "printed")
    hall.fault("printer1", "paper_end")
    began = time.monotonic()
    labels.append(hall.take("K1", "business"))
    paper_told(hall, "K1", "elsewhere")
    assert settled(hall, labels[-1])["printer"] == "printer2"
    measured["row 4: paper pulled after: next touch to slip at the other printer, s"] = time.monotonic() - began
    hall.fault("printer1", "paper_end", False)
    until(lambda: hall.device("printer1")["state"] == "ok", "the printer has paper again")

    secret, found = codes(hall), papers(hall)
    assert [[paper.copy for paper in of_ticket(found, secret[label])] for label in labels] == [[False]] * 4
    assert [paper.printer for label in labels for paper in of_ticket(found, secret[label])] == [
        "printer2", "printer2", "printer1", "printer2",
    ]  # fmt: skip


def unplug_in_the_middle(hall: Hall, printer: str) -> threading.Thread:
    """Pull the plug as soon as paper hangs out of the printer."""

    def watch() -> None:
        until(lambda: any(not p["complete"] for p in hall.pieces(printer)), "a slip has begun", 60)
        hall.fault(printer, "unplugged")

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.mark.needs("zbar")
def test_a_plug_pulled_in_the_middle_of_a_slip_is_admitted_and_a_second_paper_says_copy(
    hall: Hall, measured: Measured
) -> None:
    hall.fault("printer1", "tear")
    watcher = unplug_in_the_middle(hall, "printer1")
    label = hall.take("K1", "residence")
    watcher.join()
    face = paper_told(hall, "K1", "unknown", "elsewhere", "printed")
    secret = codes(hall)[label]
    on_paper = [paper.copy for paper in of_ticket(papers(hall), secret)]
    if face == "unknown":
        assert settled(hall, label)["state"] == "unconfirmed"
        hall.touch("K1", "answer", {"got": bool(on_paper)})
    began = time.monotonic()
    other = hall.take("K1", "insurance")
    assert paper_told(hall, "K1", "elsewhere") == "elsewhere"
    assert (settled(hall, other)["state"], settled(hall, other)["printer"]) == ("printed", "printer2")
    measured["row 4: plug pulled mid-slip: next touch to slip at the other printer, s"] = time.monotonic() - began

    settled(hall, label)
    found = papers(hall)
    first = [paper.copy for paper in of_ticket(found, secret)]
    assert first == ([False] if on_paper or face != "unknown" else [True])
    assert [paper.copy for paper in of_ticket(found, codes(hall)[other])] == [False]
    hall.fault("printer1", "unplugged", False)
    until(lambda: hall.device("printer1")["state"] != "failed", "the hall sees that the plug is in again", 60)
    assert [paper.copy for paper in of_ticket(papers(hall), secret)] == first


def test_a_second_hall_runs_beside_the_first(hall: Hall, tmp_path: Path, measured: Measured) -> None:
    began = time.monotonic()
    with whole_hall(tmp_path / "second") as second:
        measured["row 2: second hall beside the first is open, s"] = time.monotonic() - began
        before = newest(hall)
        label = second.take("K1", "property")
        assert settled(second, label)["state"] == "printed"
        assert label == "F001"
        assert [kind for kind in kinds(hall.journal(before), label)] == []
    assert hall.ask("GET", "/me").status == 200


def test_a_key_of_the_pad_calls_finishes_and_has_the_customer_asked(hall: Hall) -> None:
    start = newest(hall)
    hall.take("K1", "insurance")  # others may wait since earlier tests
    hall.fault("pad-1", "key:0C")
    called = until(lambda: [r for r in hall.journal(start) if r["kind"] == "TicketCalled"], "somebody is called")
    assert [(row["actor"], row["body"]["window"]) for row in called] == [("pad:pad1", "1")]
    label = hall.window("1")["label"]
    until(lambda: label in hall.sign("1"), "the sign shows the call")
    hall.fault("pad-1", "key:0B")
    until(lambda: unit(hall, "rating-1")["asking"], "the rating unit asks")

    def answered() -> list[dict[str, Any]]:
        if unit(hall, "rating-1")["asking"]:  # on a full line a press may be lost: the customer presses again
            hall.fault("rating-1", "level:4")
            time.sleep(2.0)
        return [row for row in hall.journal(start) if row["kind"] == "TicketRated"]

    rated = until(answered, "the answer is kept", 60)
    assert [(row["body"]["level"], row["body"]["device"]) for row in rated] == [(5, "rating1")]
    assert hall.window("1")["state"] == "idle"


def unit(hall: Hall, name: str) -> dict[str, Any]:
    """A pad or rating unit as the simulators' page shows it."""
    return next(dict(one) for one in hall.simulated()["bus"]["pads"] if one["id"] == name)


@pytest.mark.needs("zbar")
def test_what_is_missing_is_printed_where_a_printer_works_and_its_code_gives_one_ticket_more(hall: Hall) -> None:
    hall.fault("printer1", "paper_end")
    until(lambda: hall.device("printer1")["state"] == "failed", "the nearer printer has no paper")
    label = hall.take("K2", "residence")
    called = hall.ask("POST", "/windows/2/call", {"label": label, "reason": "test"}, who="clerk2")
    assert called.status == 200
    told = hall.ask("POST", "/windows/2/missing", {"items": ["photo"]}, who="clerk2")
    assert (told.status, told.value["label"]) == (200, label)
    page = until(lambda: next((p.url for p in papers(hall) if "/m/" in p.url), None), "the list is printed", 60)
    printed = until(lambda: row if (row := missing(hall))["paper"]["state"] == "printed" else None, "it is known")
    assert printed["paper"]["printer"] == "printer2"
    assert "两寸白底照片" in hall.web.get(f"{page}?lang=zh", timeout=10).text

    code = page.rpartition("/")[2]
    until(lambda: hall.home_again("K2"), "the kiosk is free", 70)
    hall.touch("K2", "check-in", {"digits": code, "language": "zh"})
    again = until(lambda: hall.screen("K2")["label"], "a new number is on the screen")
    assert again != label
    paper_told(hall, "K2", "printed")
    until(lambda: hall.home_again("K2"), "the kiosk is free", 70)
    hall.touch("K2", "check-in", {"digits": code, "language": "zh"})
    assert paper_told(hall, "K2", "checked_in") == "checked_in"
    assert missing(hall)["used"] is True


def missing(hall: Hall) -> dict[str, Any]:
    """What the clerk of window 2 reads of the last list."""
    return dict(hall.ask("GET", "/windows/2", who="clerk2").value["missing"])
