"""The settings file changed line by line: comments, order and everything else stay as a person wrote them."""

import tomllib
from datetime import date

import pytest

from hall_server.register.lines import Add, Change, Drop, NotWritable, Put, changed

TEXT = """\
# The hall of a small town.

[day]
leave = "inform"   # or "cover"
# duty_windows = ["1"]

# ---- services ----

[[service]]
id = "id"
zh = "身份证 # 1"     # the first one
norm_min = 6

[[service]]
id = "tax"
zh = "税务"

# ---- checklists ----

[[checklist]]
service = "id"
materials = [
  { id = "form", zh = "表", en = "Form" },   # at the desk
]

# ---- windows ----

[[window]]
id = "1"
services = ["id", "tax"]
"""


def gone(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are only in one of the two."""
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("change", "out", "new"),
    [
        (Put("service", 0, {"zh": "身份#证"}), ['zh = "身份证 # 1"     # the first one'],
         ['zh = "身份#证"     # the first one']),
        (Put("service", 0, {"norm_min": 7.5}), ["norm_min = 6"], ["norm_min = 7.5"]),
        (Put("service", 0, {"norm_min": None}), ["norm_min = 6"], []),
        (Put("service", 1, {"offered": False, "norm_min": 4.0}), [], ["offered = false", "norm_min = 4"]),
        (Put("day", None, {"leave": "cover", "drain_min": 10}), ['leave = "inform"   # or "cover"'],
         ['leave = "cover"   # or "cover"', "drain_min = 10"]),
        (Put("policy", None, {"kind": "fifo"}), [], ["[policy]", 'kind = "fifo"']),
        (Put("window", 0, {"services": ("tax",)}), ['services = ["id", "tax"]'], ['services = ["tax"]']),
        (Add("holiday", {"zh": "国庆", "first": date(2026, 10, 1), "last": None}), [],
         ["[[holiday]]", 'zh = "国庆"', "first = 2026-10-01"]),
    ],
)  # fmt: skip
def test_only_what_was_asked_for_changes(change: Change, out: list[str], new: list[str]) -> None:
    assert gone(TEXT, changed(TEXT, [change])) == (out, new)


def test_a_new_row_stands_behind_the_last_of_its_kind_and_before_the_next_heading() -> None:
    after = changed(TEXT, [Add("service", {"id": "loans", "zh": 'a "b" \\ c'})])
    assert '税务"\n\n[[service]]\nid = "loans"\nzh = "a \\"b\\" \\\\ c"\n\n# ---- checklists' in after


def test_a_row_that_goes_leaves_the_heading_behind_it_and_what_was_added_goes_without_a_trace() -> None:
    after = changed(TEXT, [Drop("service", 1)])
    assert "norm_min = 6\n\n# ---- checklists ----\n" in after
    assert changed(changed(TEXT, [Add("service", {"id": "loans"})]), [Drop("service", 2)]) == TEXT
    assert "checklist" not in tomllib.loads(changed(TEXT, [Drop("checklist", 0)]))


def test_a_list_over_several_lines_is_replaced_whole_and_keeps_the_word_behind_it() -> None:
    rows = [{"id": "photo", "zh": "照片", "en": "Photo"}, {"id": "book", "zh": "户口簿", "en": "Book"}]
    text = TEXT.replace("]\n\n# ---- windows", "]  # what to bring\n\n# ---- windows")
    after = changed(text, [Put("checklist", 0, {"materials": rows})])
    assert tomllib.loads(after)["checklist"][0]["materials"] == rows
    assert '  { id = "book", zh = "户口簿", en = "Book" },\n]  # what to bring\n\n# ---- windows' in after


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ('service = [{ id = "id" }]\n', Add("service", {"id": "tax"})),
        ('service = [{ id = "id" }]\n', Put("service", 0, {"zh": "税"})),
        ('service = [{ id = "id" }]\n', Drop("service", 0)),
        ('[[service]]\nid = "id"\n"zh" = "税"\n', Put("service", 0, {"zh": "务"})),
        ("[[checklist]]\n[[checklist.materials]]\nid = 'a'\n", Put("checklist", 0, {"materials": [{"id": "b"}]})),
        ("[hall]\nzh = '''\n[[service]]\nid = 'x'\n'''\n[[service]]\nid = 'y'\n", Put("service", 0, {"id": "z"})),
        ("[[service]]\nid = 'y'\nen = '''\nzh = [\n'''\n", Put("service", 0, {"zh": "z"})),
        ('[[service]]\nid = "id"\n', Put("service", 3, {"id": "tax"})),
        ('[[service]]\nid = "id"\n', Add("service", {"zh": float("nan")})),
    ],
)  # fmt: skip
def test_what_is_written_in_another_way_is_refused_and_never_spoilt(text: str, change: Change) -> None:
    with pytest.raises(NotWritable):
        changed(text, [change])
