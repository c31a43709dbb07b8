"""The asset register as a page: what is written about each device, and a dash for what nobody wrote."""

import pytest

from hall_server.contract import RegisterRow
from hall_server.web.ports import Principal
from tests.web.hall import PRINTER, FakePages, hall_app
from tests.web.reading import texts

ASSET = RegisterRow(model="T <80>", serial="SN 9", phone="8001", criticality="high", manual="https://maker.invalid/t80")


def read(role: str, path: str) -> str:
    pages = FakePages()
    pages.device_rows = (PRINTER.model_copy(update={"asset": ASSET}), PRINTER.model_copy(update={"id": "printer-9"}))
    pages.sessions = {"s": Principal(role, "li")}
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "s")
    return browser.get(path).text


@pytest.mark.parametrize("role", ["maintenance", "manager"])
def test_every_device_has_its_row(role: str) -> None:
    said = texts(read(role, "/maintenance/register?lang=en"))
    head = said.index("Device")
    assert said[head : head + 15] == [
        "Device", "Kind", "Place", "Address", "Model", "Serial number", "Firmware", "Responsible", "Deputy", "Phone",
        "Vendor", "Bought", "Warranty until", "Criticality", "Manual",
    ]  # fmt: skip
    first, second = said.index("printer-1"), said.index("printer-9")
    tail = ["–", "–", "–", "8001", "–", "–", "–", "high", "open", "https://maker.invalid/t80"]
    assert said[first:second][-12:] == ["T <80>", "SN 9", *tail]
    assert said[second:].count("–") == len(RegisterRow.model_fields)


def test_a_clerk_does_not_read_it() -> None:
    assert "SN 9" not in read("clerk", "/maintenance/register")


def test_the_page_of_a_device_shows_its_papers() -> None:
    said = texts(read("maintenance", "/maintenance/devices/printer-1?lang=en"))
    assert said[said.index("Model") + 1] == "T <80>"
    assert said[said.index("Manual") + 1] == "https://maker.invalid/t80"
