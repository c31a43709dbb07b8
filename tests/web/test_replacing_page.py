"""The wizard's pages: what stays, what goes, what came of the trial, and who may open them."""

import pytest
from werkzeug.test import TestResponse

from hall_server.contract import DeviceRow
from hall_server.contract.replacing import FoundRow, ReplacedRow, TrialRow, UnitRow
from hall_server.web.ports import Principal
from tests.web.hall import PRINTER, FakePages, at, hall_app
from tests.web.reading import texts

URL = "tcp://192.0.2.8:9100"
OLD, NEW = UnitRow(opened_by="tcp://192.0.2.7:9100", serial="SN 1"), UnitRow(opened_by=URL, model="T 82", serial="SN 2")


def read(path: str, device: DeviceRow = PRINTER, role: str = "maintenance") -> TestResponse:
    pages = FakePages()
    pages.device_rows = (device, pages.device_rows[2])
    pages.sessions = {"s": Principal(role, "wu")}
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "s")
    return browser.get(f"/maintenance/devices/{path}?lang=en")


@pytest.mark.parametrize("page", ["replace", "replaced", "replace/body", "replaced/body", "replace/tried"])
def test_only_maintenance_and_administrators_come_in(page: str) -> None:
    for role, status in (("maintenance", 200), ("admin", 200), ("manager", 403), ("clerk", 403), ("tv", 403)):
        assert read(f"printer-1/{page}", role=role).status_code == status
    assert read(f"copier/{page}").status_code == 404, "what has no cable has no address"
    assert read(f"nobody/{page}").status_code == 404


def test_the_form_begins_with_the_old_unit_and_offers_what_its_driver_knows() -> None:
    page = read("printer-1/replace")
    said = texts(page.text)
    assert {"order r-1 becomes fixed, to be verified", "station main, which has the cable"} <= set(said)
    assert 'name="url"' in page.text
    assert 'value="tcp://192.0.2.7:9100"' in page.text
    assert 'name="option.width" maxlength="60" value="512"' in page.text
    assert {"raster", "native", "as usual (raster)"} <= set(said)


@pytest.mark.parametrize(
    ("outcome", "said", "proved"),
    [
        (None, f"Trying {URL} …", False),
        ("printed", f"{URL}: the test slip was printed, it can be taken.", True),
        ("shown", f"{URL}: the sign took the pattern, it can be taken.", True),
        ("answered", f"{URL}: it answers, it can be taken.", True),
        ("failed", f"{URL}: does not work.", False),
        ("no_answer", "No answer.", False),
    ],
)
def test_a_trial_is_told_in_words_and_only_a_proof_opens_the_button(
    outcome: str | None, said: str, proved: bool
) -> None:
    trial = TrialRow.model_validate({"id": "t", "url": URL, "at": at(1), "by": "maintenance:wu", "outcome": outcome})
    page = read("printer-1/replace/tried", PRINTER.model_copy(update={"trial": trial})).text
    assert (said in texts(page), "data-proved" in page) == (True, proved)


def test_what_was_found_can_be_taken_over() -> None:
    trial = TrialRow(id="t", url="", at=at(1), by="x", outcome="found", found=(FoundRow(url=URL, said="answered 12"),))
    page = read("printer-1/replace/tried", PRINTER.model_copy(update={"trial": trial})).text
    assert f'data-use="{URL}"' in page
    assert "answered 12" in texts(page)


def test_the_last_page_and_the_device_tell_both_units_and_the_reason() -> None:
    done = ReplacedRow(at=at(3), by="maintenance:wu", old=OLD, new=NEW, reason="seen to <print>")
    device = PRINTER.model_copy(update={"replaced": (done,)})
    for page in ("printer-1/replaced", "printer-1/body"):
        said = " ".join(texts(read(page, device).text))
        assert "taken unproved: seen to <print>" in said
        assert "Serial number SN 1" in said
        assert "Model T 82 · Serial number SN 2" in said
