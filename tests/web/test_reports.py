"""Whether to repair or replace: the rule, the page that states it, and the sheets."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from hall_server.web.device_reports import FEW, OFTEN, OLD_DAYS, advice
from hall_server.web.ports import Principal
from tests.web.hall import FakePages, hall_app
from tests.web.reading import texts


@pytest.mark.parametrize(
    ("failures", "age", "warranty", "word"),
    [
        (0, None, False, "keep"), (FEW - 1, OLD_DAYS, False, "keep"), (FEW, None, False, "inspect"),
        (FEW, OLD_DAYS, False, "replace"), (OFTEN, 10, False, "replace"), (FEW, 10, True, "warranty"),
        (OFTEN, OLD_DAYS, True, "warranty"), (FEW - 1, 10, True, "keep"),
    ],
)  # fmt: skip
def test_the_rule_is_one_table(failures: int, age: int | None, warranty: bool, word: str) -> None:
    assert advice(failures, age, in_warranty=warranty) == word


def read(role: str, path: str) -> TestResponse:
    pages = FakePages()
    pages.sessions = {"s": Principal(role, "wu")}
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "s")
    return browser.get(path)


def test_the_report_states_its_rule_beside_the_advice() -> None:
    said = texts(read("manager", "/maintenance/report?lang=en").text)
    row = said[said.index("printer-1") :]
    assert row[:12] == [
        "printer-1", "Printer of kiosk 1", "T 80 SN 1", "replace", "7", "3", "2:01:00", "71:08:25", "30:15", "31",
        "2021-03-01 (5.7 years)", "2024-03-01",
    ]  # fmt: skip
    assert any("6 or more" in text and "5 years" in text for text in said)
    assert read("clerk", "/maintenance/report").status_code == 403


def test_repairs_are_handed_out_as_sheets_without_formulas() -> None:
    answer = read("maintenance", "/maintenance/repairs.csv?lang=en")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Device", "Order", "Fault"]
    assert rows[1][:3] == ["printer-1", "r-1", "Out of paper: load a roll"]
    assert rows[1][-1] == "'=1+1"
    sheet = load_workbook(BytesIO(read("maintenance", "/maintenance/repairs.xlsx?device=printer-1").data)).worksheets[0]
    assert [[cell.value for cell in row][-1] for row in sheet.iter_rows()] == ["备注", "=1+1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    for path in ("repairs.ods", "repairs.csv?device=nobody", "repairscsv"):
        assert read("maintenance", f"/maintenance/{path}").status_code == 404
