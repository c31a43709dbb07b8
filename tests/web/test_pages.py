"""The pages around the consoles: doors, sign-in, cookies, headers, the customer's ticket."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from display.board import Name, Wait
from hall_server.contract import QueueRow, RepairRow
from hall_server.web.api.problems import CODES
from hall_server.web.headers import POLICY
from hall_server.web.ports import Principal
from tests.web.hall import (
    CSRF,
    FLOOR,
    PHRASES,
    ROOT,
    FakePages,
    called_view,
    card,
    clerk_view,
    device,
    hall_app,
    ticket,
)
from tests.web.reading import tags, texts

TEMPLATES = ROOT / "hall_server" / "web" / "templates" / "web"
XSS = "<script>alert('1')</script>\"><img src=x onerror=alert(1)>"
CONSOLES = ("/floor", "/clerk?window=3", "/concierge", "/maintenance")
BODIES = ("/floor/body", "/clerk/body?window=3", "/concierge/body", "/maintenance/body")
MAY = {
    "clerk": {"/clerk?window=3"},
    "maintenance": {"/maintenance"},
    "concierge": {"/concierge"},
    "manager": set(CONSOLES),
    "admin": set(CONSOLES),
    "tv": set(),
    "kiosk": set(),
    "station": set(),
}


def client(role: str | None, pages: FakePages | None = None, window: str | None = "3") -> FlaskClient:
    pages = pages or FakePages()
    pages.sessions = {"s": Principal(role, "li", window)} if role else {}
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "s")
    return browser


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("path", CONSOLES)
def test_a_role_opens_its_pages_and_reads_why_not_others(role: str, path: str) -> None:
    answer = client(role).get(path)
    assert answer.status_code == (200 if path in MAY[role] else 403)
    if answer.status_code == 403:
        assert "不能打开这个页面" in answer.text


@pytest.mark.parametrize("path", CONSOLES)
def test_a_stranger_is_sent_to_sign_in(path: str) -> None:
    answer = client(None).get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


@pytest.mark.parametrize("path", BODIES)
def test_a_console_whose_session_has_ended_leaves_for_the_sign_in_page(path: str) -> None:
    answer = client(None).get(path, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_a_clerk_cannot_look_at_another_window() -> None:
    page = client("clerk").get("/clerk?window=5").text
    assert next(tag for tag in tags(page, "div") if tag.get("class") == "desk")["data-window"] == "3"


def test_a_manager_chooses_a_window_and_hears_of_one_that_is_not_there() -> None:
    manager = client("manager", window=None)
    choice = manager.get("/clerk")
    assert choice.status_code == 200
    links = [tag["href"] for tag in tags(choice.text, "a")]
    assert links == [*(f"/clerk?window={window}" for window in "123456"), "/"]
    unknown = manager.get("/clerk?window=9")
    assert unknown.status_code == 404
    assert "没有9号窗口。" in unknown.text


def test_a_sign_in_link_works_once_and_leads_to_the_page_of_the_role() -> None:
    browser = hall_app(FakePages()).test_client()
    first = browser.post("/login", json={"code": "once"})
    assert (first.status_code, first.json) == (200, {"next": "/clerk"})
    assert browser.get("/clerk").status_code == 200
    again = browser.post("/login", json={"code": "once"})
    assert (again.status_code, again.json) == (401, {"code": "unauthenticated"})


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://hall.test", "hallcall=secret-of-once; Max-Age=43200; HttpOnly; Path=/; SameSite=Strict"),
        (
            "https://hall.test",
            "__Host-hallcall=secret-of-once; Max-Age=43200; Secure; HttpOnly; Path=/; SameSite=Strict",
        ),
    ],
)
def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(base: str, expected: str) -> None:
    answer = hall_app(FakePages()).test_client().post("/login", json={"code": "once"}, base_url=base)
    assert re.sub(r" Expires=[^;]*;", "", answer.headers["Set-Cookie"]) == expected


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": 5}, {"code": "x" * 201}, ["once"]])
def test_a_sign_in_without_a_code_is_refused(body: object) -> None:
    answer = hall_app(FakePages()).test_client().post("/login", json=body)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (400, False)


def test_a_form_of_another_site_cannot_sign_anybody_in() -> None:
    answer = hall_app(FakePages()).test_client().post("/login", data={"code": "once"})
    assert answer.status_code == 400


def test_signing_out_ends_the_session_and_needs_the_token_of_the_page() -> None:
    pages = FakePages()
    browser = client("clerk", pages)
    assert browser.post("/logout").status_code == 403
    assert pages.sessions
    answer = browser.post("/logout", data={"csrf": CSRF})
    assert (answer.status_code, answer.headers["Location"], pages.sessions) == (303, "/login", {})
    assert answer.headers["Set-Cookie"].startswith("hallcall=; Expires=Thu, 01 Jan 1970")


@pytest.mark.parametrize("path", ["/", "/login", *CONSOLES, *BODIES, "/t/code", "/t/none", "/nowhere"])
def test_every_answer_carries_the_policy_and_is_not_kept(path: str) -> None:
    answer = client("admin", FakePages(tickets={"code": ticket("waiting")})).get(path)
    expected = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected


@pytest.mark.parametrize("path", ["/", "/login", "/clerk", *CONSOLES, "/t/code"])
def test_a_page_needs_nothing_inline_and_nothing_from_elsewhere(path: str) -> None:
    html = client("admin", FakePages(view=called_view(), tickets={"code": ticket("called", window="3")})).get(path).text
    for tag in tags(html):
        assert not [name for name in tag if name == "style" or name.startswith("on")]
    for tag in (*tags(html, "script"), *tags(html, "link")):
        source = tag.get("src") or tag.get("href")
        assert tag.get("type") == "application/json" or (source or "").startswith("/static/")


@pytest.mark.parametrize("path", BODIES)
def test_a_fragment_that_has_not_changed_is_not_sent_again(path: str) -> None:
    pages = FakePages()
    browser = client("admin", pages)
    tag = browser.get(path).headers["ETag"]
    same = browser.get(path, headers={"If-None-Match": tag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    assert browser.get(f"{path}{'&' if '?' in path else '?'}lang=en", headers={"If-None-Match": tag}).status_code == 200
    pages.floor_view, pages.view = FLOOR.model_copy(update={"rev": 99}), clerk_view(rev=99)
    assert browser.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_texts_of_people_and_devices_cannot_become_markup() -> None:
    evil = Name(XSS, XSS)
    repair = RepairRow(id="r", state="reported", fault=XSS, declared=True, since=XSS, by=XSS, note=XSS, expected=XSS)
    row = device(
        "d", name=evil, kind=XSS, at=XSS, state="failed", reason=XSS, faults=(XSS,), evidence=XSS, repair=repair
    )
    queue = QueueRow(service="s", name=evil, icon=XSS, waiting=1)
    called = card(XSS, "called", evil)
    view = clerk_view(state="redirected", reason=XSS, ticket=called, next=(called,), queues=(queue,), devices=(row,))
    floor = FLOOR.model_copy(update={"devices": (row,), "queues": (queue,)})
    tickets = {"c": ticket("called", window=XSS, label=XSS)}
    browser = client("admin", FakePages(view, floor, (row,), tickets))
    for path in (*CONSOLES, *BODIES, "/t/c", "/t/" + XSS.replace("/", ""), "/clerk?window=" + XSS):
        html = browser.get(path).text
        assert not tags(html, "img"), path
        assert all(tag.get("src") or tag.get("type") == "application/json" for tag in tags(html, "script")), path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chosen_language_stays_chosen(lang: str) -> None:
    browser = client("manager")
    browser.get(f"/floor?lang={lang}")
    html = browser.get("/floor", headers={"Accept-Language": "fr"}).text
    assert tags(html, "html")[0]["lang"] == ("zh-CN" if lang == "zh" else "en")


@pytest.mark.parametrize(("wish", "lang"), [("en-GB,en", "en"), ("zh-CN,zh", "zh-CN"), ("fr", "zh-CN"), ("", "zh-CN")])
def test_the_browser_may_ask_for_english_and_chinese_is_the_default(wish: str, lang: str) -> None:
    html = client("manager").get("/floor", headers={"Accept-Language": wish}).text
    assert tags(html, "html")[0]["lang"] == lang


TAKEN = "取号 2026-11-21 10:30"
FOOT = [TAKEN, "投诉与建议", "更新于 10:42:10 · 每15秒自动刷新", "刷新", "English"]
ENDED = [TAKEN, "投诉与建议", "更新于 10:42:10", "刷新", "English"]
LEVELS = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
HOW_IT_WAS = ["这次服务怎么样？", *LEVELS, "只能评价一次，不显示姓名"]


@pytest.mark.parametrize(
    ("state", "more", "said"),
    [
        (
            "waiting",
            {"ahead": 3, "estimate": Wait(900, 1600)},
            ["前面还有3人", "大约还要等 15–30 分钟", "请留意大屏和广播，以现场叫号为准。", *FOOT],
        ),
        (
            "waiting",
            {"ahead": 0},
            ["下一位就是您", "等候时间暂时无法估计", "请留意大屏和广播，以现场叫号为准。", *FOOT],
        ),
        (
            "waiting",
            {"ahead": 0, "to": "5"},
            ["下一位就是您", "等候时间暂时无法估计", "请等候5号窗口叫号", *FOOT],
        ),
        ("called", {"window": "3"}, ["请到3号窗口", "请带好证件和小票。", *FOOT]),
        ("serving", {"window": "3"}, ["正在3号窗口办理", *FOOT]),
        ("no_show", {}, ["您已过号", "请到咨询台或原窗口说明，工作人员会帮您。", *FOOT]),
        ("done", {}, ["已办理完成", "谢谢您的光临。", *HOW_IT_WAS, *ENDED]),
        ("cancelled", {}, ["已取消", "如需办理，请重新取号。", *ENDED]),
        ("expired", {}, ["已失效", "当日业务已结束，请在营业时间重新取号。", *ENDED]),
    ],
)
def test_the_ticket_page_says_where_the_customer_stands(state: str, more: dict[str, object], said: list[str]) -> None:
    answer = client(None, FakePages(tickets={"code": ticket(state, **more)})).get("/t/code")
    assert answer.status_code == 200
    assert texts(answer.text) == ["市民服务中心", "A027", "户籍与身份证", *said]
    refreshes = [tag["content"] for tag in tags(answer.text, "meta") if tag.get("http-equiv") == "refresh"]
    assert refreshes == (["15"] if FOOT[2] in said else [])


def test_the_customer_says_once_how_it_was_without_a_script() -> None:
    pages = FakePages(tickets={"code": ticket("done")})
    browser = client(None, pages)
    answer = browser.post("/t/code/rate?lang=en", data={"level": "2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/t/code?lang=en")
    browser.post("/t/code/rate", data={"level": "5"})
    assert pages.rated == {"code": 2}
    assert "已收到您的评价：不满意。谢谢！" in texts(browser.get("/t/code").text)
    assert [browser.post("/t/code/rate", data={"level": wrong}).status_code for wrong in ("", "6", "0", "x")] == [
        400
    ] * 4
    assert browser.post("/t/none/rate", data={"level": "5"}).status_code == 303, "nobody learns which tickets there are"


def test_a_manager_reads_what_customers_said_of_each_window_and_what_the_figures_mean() -> None:
    said = texts(client("manager").get("/floor/ratings?days=1").text)
    assert said[said.index("窗口") + 11 : said.index("窗口") + 44] == [
        *("1", "40", "40", "12", "6", "3", "2", "0", "1", "4.08", "–"), *("3", "31", "0", "3", *["–"] * 7),
        *("全部", "71", "40", "15", "7", "5", "2", "0", "1", "4.13", "–"),
    ]  # fmt: skip
    assert "评价少于5份时不显示各级数字" in said[-1]
    assert client("clerk").get("/floor/ratings").status_code == 403


def test_the_ticket_page_follows_the_language_of_the_slip_unless_asked() -> None:
    browser = client(None, FakePages(tickets={"code": ticket("called", window="3", language="en")}))
    assert "Please go to window 3" in texts(browser.get("/t/code").text)
    assert "请到3号窗口" in texts(browser.get("/t/code?lang=zh").text)


def test_an_unknown_ticket_is_said_to_be_none_and_no_page_is_found_by_search_engines() -> None:
    answer = client(None).get("/t/none")
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (404, "noindex, nofollow")
    assert texts(answer.text)[1:3] == ["没有这张号", "链接有误或当日业务已结束。如需办理，请重新取号。"]


def test_the_ticket_page_with_all_it_loads_is_below_30_kb_and_without_its_script_it_loads_itself_again() -> None:
    browser = client(None, FakePages(tickets={"code": ticket("called", window="3")}))
    html = browser.get("/t/code").text
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in html
    loaded = len(html.encode())
    for address in (*(tag["href"] for tag in tags(html, "link")), *(tag["src"] for tag in tags(html, "script"))):
        with browser.get(str(address)) as file:
            loaded += len(file.data)
    assert loaded < 30_000


# Texts whose key ends in a state, a verb or a code of a view.
FAMILIES = (
    "lobby.state js.lobby care.do care.done js.care clerk.about clerk.hold clerk.hold_for clerk.moved js.about "
    "problem role home.about home.link web.page web.place clerk.do clerk.stage clerk.empty clerk.off clerk.keys "
    "clerk.language clerk.pause maint.do maint.about maint.step floor.window ticket "
    "maint.priority maint.test maint.tested device.ended journal register criticality rating ratings.days "
    "check.state check.item check.why check.every day.device help"
)


def test_every_text_of_the_catalogue_is_used_and_every_icon_exists() -> None:
    sources = [*TEMPLATES.glob("*.html"), *(ROOT / "hall_server" / "web").glob("*.py"), *_scripts()]
    source = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    families = tuple(f"{family}." for family in FAMILIES.split())
    ours = (ROOT / "hall_server" / "web" / "locale" / "en.po").read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', ours, re.MULTILINE)
    assert [key for key in keys if key not in source and not key.startswith(families)] == []
    used = re.findall(r'\bt\("([a-z_.]+[a-z_])"[,)]', source)
    assert [key for key in used if key not in PHRASES.texts["zh"]] == []
    sprite = (ROOT / "display" / "static" / "vendor" / "sprite.svg").read_text(encoding="utf-8")
    assert [name for name in re.findall(r'icon\("([a-z0-9-]+)"', source) if f'id="icon-{name}"' not in sprite] == []


def test_every_problem_of_the_api_has_a_sentence() -> None:
    assert [code for code in CODES if f"problem.{code}" not in PHRASES.texts["zh"]] == []


def _scripts() -> list[Path]:
    return sorted((ROOT / "hall_server" / "web" / "static").glob("*.js"))
