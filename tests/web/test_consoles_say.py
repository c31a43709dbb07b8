"""What each console says, read as a whole, from views written by hand."""

import pytest
from flask.testing import FlaskClient

from display.board import Name
from hall_server.contract import ClerkView, DeviceTestRow, FloorWindow, PaperRow, PartyRow, RepairStep
from hall_server.web.ports import Principal
from tests.web.hall import (
    COPIER,
    FLOOR,
    PRINTER,
    SIGN,
    FakePages,
    at,
    called_view,
    clerk_view,
    device,
    hall_app,
    redirected_view,
    serving_view,
)
from tests.web.reading import tags, texts

QUEUES = "我的队列 户籍与身份证 12 最久 31:00 社会保险 5 最久 16:05 税务 0 无人等候".split()
NEXT = (
    "接下来 A028 户籍与身份证 31:00 C112 社会保险 16:00 A029 户籍与身份证 14:00 A030 户籍与身份证 9:00 "
    "C113 社会保险 3:00"
).split()
PAPER = "1号取号机打印机：缺纸，请换纸卷 · 已报修"
KEYS = (
    "重呼 R 未到 N 办理完成 F 办完并叫下一位 X 按号呼叫 L 挂起 H 缺材料 M 处理号码 U "
    "转移 T 暂停服务 P 交接班 O 设备故障 D 投诉与建议 C 快捷键 ?"
).split()


def client(pages: FakePages, role: str = "admin") -> FlaskClient:
    pages.sessions = {"s": Principal(role, "li", "3")}
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "s")
    return browser


def body(view: ClerkView) -> str:
    return client(FakePages(view=view), "clerk").get("/clerk/body").text


def test_an_idle_window_offers_the_next_customer() -> None:
    said = ["可以叫下一位", "17人等候", "呼叫下一位", "空格", *KEYS]
    assert texts(body(clerk_view())) == [*QUEUES, *said, *NEXT, "窗口屏", "欢迎光临", "在线", PAPER]


def test_a_called_ticket_shows_label_language_wait_and_that_the_sign_acknowledged() -> None:
    called = ["已呼叫，等待顾客", "已重呼1次", "A027", "户籍与身份证", "英语 English", "等候了 10:55", "已呼叫", "1:05"]
    keys = [*KEYS[:3], "重呼两次后，或按住", *KEYS[3:]]
    sign = ["窗口屏", "请A027号", "在线", "61毫秒内确认显示", PAPER]
    assert texts(body(called_view())) == [*QUEUES, *called, "开始办理", "空格", *keys, *NEXT, *sign]


def test_a_serving_window_without_a_sign_says_that_it_has_none() -> None:
    view = serving_view(sign=None, sign_state=None, devices=())
    serving = ["办理中", "A027", "户籍与身份证", "中文", "等候了 8:00", "已办理", "3:20", "办理完成", "空格", *KEYS]
    sign = ["窗口屏", "本窗口没有显示屏", "本窗口没有登记的设备"]
    assert texts(body(view)) == [*QUEUES, *serving, *NEXT, *sign]


def test_a_redirected_window_says_why_and_where_its_customers_go() -> None:
    why = ["本窗口的顾客请到5、1号窗口", "原因：显示屏无应答 · 大屏和取号机上有告示"]
    off = "设备修好并验证后，本窗口自动恢复叫号。"
    sign = ["窗口屏", "欢迎光临", "故障", "应显示此内容，未获确认", PAPER]
    said = ["本窗口已引导到其他窗口", "呼叫下一位", "空格", off, *KEYS]
    assert texts(body(redirected_view(sign_state="failed"))) == [*why, *QUEUES, *said, *NEXT, *sign]


def test_a_window_sent_away_by_hand_waits_for_a_hand_to_bring_it_back() -> None:
    said = texts(body(redirected_view(reason="manual")))
    assert "原因：人工引导 · 大屏和取号机上有告示" in said
    assert "由经理或运维人员恢复窗口后才能叫号。" in said
    row = FloorWindow(window="3", state="redirected", to=("5",), by_hand=True)
    floor = FLOOR.model_copy(update={"windows": (row,)})
    said = texts(client(FakePages(floor_view=floor)).get("/maintenance/body").text)
    assert said[said.index("窗口") :][:4] == ["窗口", "3", "顾客请到5号", "恢复窗口"]


def test_a_paused_window_says_since_when_and_why_and_offers_to_resume() -> None:
    html = body(clerk_view(state="paused", paused_since=at(4, 5), paused_why="meal"))
    said = ["本窗口暂停服务", "已暂停", "4:05", "· 原因：用餐", "恢复服务", "空格"]
    assert texts(html)[len(QUEUES) :][: len(said)] == said
    buttons = {tag["data-open"]: tag for tag in tags(html, "button") if "data-open" in tag}
    assert ("disabled" in buttons["call"], "disabled" in buttons["pause"]) == (True, False)


def test_a_window_that_pauses_after_its_last_customer_says_so_until_then() -> None:
    said = texts(body(serving_view(paused_since=at(1), paused_why="called away by 李")))
    assert "办完这位后暂停服务" in said
    assert "恢复服务" in said


def test_a_printer_that_answers_again_tells_how_its_repair_ends() -> None:
    again = PRINTER.model_copy(update={"state": "ok", "faults": (), "reason": None})
    html = client(FakePages(device_rows=(again,))).get("/maintenance/body?lang=en").text
    assert "It answers again: the next slip that it prints, or your verification, closes this." in texts(html)


def test_the_floor_names_the_worst_devices_and_counts_the_rest() -> None:
    many = tuple(PRINTER.model_copy(update={"id": f"p{n}"}) for n in range(12))
    floor = FLOOR.model_copy(update={"devices": many})
    said = texts(client(FakePages(floor_view=floor), "manager").get("/floor/body").text)
    assert (said.count("1号取号机打印机"), said[-1]) == (5, "另有7项")


def test_a_closed_day_says_so() -> None:
    view = clerk_view(day_open=False, queues=(), next=(), devices=(SIGN,))
    said = ["我的队列", "营业日未开始", "呼叫下一位", "空格", "营业日开始后才能叫号。", *KEYS]
    assert texts(body(view)) == [*said, "接下来", "当前无人等候", "窗口屏", "欢迎光临", "在线", "设备全部在线"]


ALL_VERBS = ["recall", "absent", "finish", "next"]


@pytest.mark.parametrize(
    ("view", "primary", "on"),
    [
        (clerk_view(), "next", []),
        (called_view(), "start", ["recall", "absent", "next"]),
        (serving_view(), "finish", ["finish", "next"]),
        (clerk_view(state="paused", paused_since=at(1)), "resume", []),
        (redirected_view(), "", []),
        (serving_view(state="redirected", redirected_to=("5",)), "finish", ["finish", "next"]),
        (clerk_view(day_open=False), "", []),
    ],
)
def test_only_what_can_be_done_now_can_be_pressed(view: ClerkView, primary: str, on: list[str]) -> None:
    html = body(view)
    buttons = tags(html, "button")
    desk = next(tag for tag in tags(html, "div") if tag.get("class") == "desk")
    main = next(tag for tag in buttons if "data-primary" in tag)
    assert (desk["data-order"], "disabled" in main) == (primary, not primary)
    assert [tag["data-verb"] for tag in buttons if "data-verb" in tag] == ALL_VERBS
    assert [tag["data-verb"] for tag in buttons if "data-verb" in tag and "disabled" not in tag] == on


def test_a_time_over_its_limit_is_marked_before_any_script_runs() -> None:
    levels = [tag["data-level"] for tag in tags(body(called_view()), "span") if "data-level" in tag]
    assert levels == ["red", "amber", "amber", "red", "amber", "calm", "calm", "calm"]


def test_the_clerk_console_speaks_english() -> None:
    html = (
        client(FakePages(view=clerk_view(next=(), queues=(), devices=(SIGN,)))).get("/clerk/body?window=3&lang=en").text
    )
    more = [
        "Call a number",
        "L",
        "Hold",
        "H",
        "Missing",
        "M",
        "A number",
        "U",
        "Send on",
        "T",
        "Pause",
        "P",
        "Hand over",
        "O",
        "Device fault",
        "D",
        "Complaint",
        "C",
        "Keys",
        "?",
    ]
    keys = ["Recall", "R", "Absent", "N", "Finish", "F", "Finish, call next", "X", *more]
    said = ["My queues", "Ready for the next customer", "Nobody is waiting", "Call next", "Space", *keys]
    assert texts(html) == [*said, "Next", "Nobody is waiting", "My sign", "欢迎光临", "online", "All devices work"]


def test_maintenance_reads_faults_first_then_windows_then_devices_worst_first() -> None:
    said = texts(client(FakePages()).get("/maintenance/body").text)
    counts = "故障 1 未知 2 需关注 1 停用 0 在线 1".split()
    steps = ["已报修", "已接单", "到场", "待件", "已修复", "已验证"]
    declared = ["5号窗口屏", "5号窗口", "需关注", "工作人员报修", "窗口人员 li 报修 · 09:47 起", "预计 11:30 恢复"]
    detected = ["1号取号机打印机", "1号取号机", "故障", "缺纸，请换纸卷", "自动发现（工位程序 hall） · 10:34 起"]
    accepted = "已到场 待件 已修复 验证恢复 更新时间".split()
    faults = ["故障与维修", "2", *declared, "屏幕左半边不亮", *steps, *accepted]
    faults += [*detected, *steps, "接单", "已到场", "已修复", "验证恢复"]
    windows = ["窗口"]
    for window, state in zip("123456", "办理中 呼叫中 顾客请到5、1号 空闲 办理中 空闲".split(), strict=True):
        windows += [window, state, "恢复叫号" if window == "3" else "引导到其他窗口"]
    assert said[: said.index("设备")] == [*counts, "设备检查", *faults, *windows]
    names = "1号取号机打印机 复印机 2号评价器 5号窗口屏 3号窗口屏".split()
    assert [text for text in said[said.index("设备") :] if text in names] == names


def test_a_device_tile_tells_place_address_evidence_and_that_it_is_simulated() -> None:
    pages = FakePages(device_rows=(SIGN,), floor_view=FLOOR.model_copy(update={"windows": ()}))
    said = texts(client(pages).get("/maintenance/body").text)
    place = ["位置", "3号窗口 · 显示屏", "模拟", "地址", "tcp://127.0.0.1:8804?bus=03"]
    state = ["状态", "09:00 起 · 由 main 连接", "依据", "A0 90 03 06", "屏幕测试", "报故障"]
    assert said[said.index("设备") :] == ["设备", "1", "资产台账", "修换报告", "3号窗口屏", "在线", *place, *state]


@pytest.mark.parametrize("path", ["/maintenance/body", "/floor/body"])
def test_what_nobody_can_watch_is_never_drawn_as_ok(path: str) -> None:
    pages = FakePages(device_rows=(COPIER,), floor_view=FLOOR.model_copy(update={"devices": (COPIER,)}))
    html = client(pages).get(path).text
    drawn = [tag["class"] for tag in tags(html) if "state-ok" in (tag.get("class") or "")]
    assert drawn in ([], ["chip state-ok zero"])  # at most the count of those in order, and it is none


def test_every_state_has_its_icon_and_its_word() -> None:
    words = {"ok": "在线", "degraded": "需关注", "failed": "故障", "unknown": "未知", "disabled": "停用"}
    icons = set()
    for state, word in words.items():
        pages = FakePages(device_rows=(device("d", state=state),))
        html = client(pages).get("/maintenance/body").text
        tile = html[html.index('<li class="device') :]
        chip = tile[tile.index('<span class="chip') :]
        chip = chip[: chip.index("</span>")]
        assert chip.endswith(word)
        icons.add(chip[chip.index("#icon-") : chip.index('"/>')])
    assert len(icons) == len(words)


def test_the_floor_names_queues_idle_windows_redirects_and_troubles() -> None:
    kpis = ["等候人数", "17", "最久等候", "31:00", "已办理", "86", "空闲窗口（有人等）", "1", "故障设备", "1"]
    kpis += ["今日评价（15份）", "4.13"]
    queues = "各业务队列 户籍与身份证 12 31:00 社会保险 5 16:05 税务 0 无人等候".split()
    windows = "窗口 1 A025 办理中 12:40 2 C111 呼叫中 0:40 3 引导到5、1号 4 有人等，未叫号 6:00".split()
    windows += "5 A026 办理中 2:10 6 空闲".split()
    troubles = [
        "设备故障与提醒 ·",
        "大屏内容",
        "·",
        "投诉处理",
        "故障",
        "1号取号机打印机",
        "1号取号机",
        "缺纸，请换纸卷 · 已报修",
    ]
    troubles += ["未知", "2号评价器", "2号窗口", "需关注", "5号窗口屏", "5号窗口"]
    troubles += ["设备拒收 · 已接单 · 预计 11:30 恢复"]
    assert texts(client(FakePages()).get("/floor/body").text) == [*kpis, *queues, *windows, *troubles]


def device_page(pages: FakePages, part: str = "/body", device_id: str = "printer-1") -> list[str]:
    return texts(client(pages, "maintenance").get(f"/maintenance/devices/{device_id}{part}").text)


def test_a_device_page_says_how_it_is_what_to_do_and_how_far_its_repair_is() -> None:
    repair = PRINTER.repair
    assert repair is not None
    steps = (
        RepairStep(state="reported", at=at(8), by="station:hall"),
        RepairStep(state="accepted", at=at(3), by="maintenance:wu", note="带了新纸卷"),
    )
    party = PartyRow(name=Name("信息中心", "IT"), phone="8001", escalate="8000")
    more = {"state": "accepted", "steps": steps, "party": party, "due": at(1), "priority": "urgent", "waiting": 17}
    tested = DeviceTestRow(id="x", at=at(2), by="maintenance:wu", outcome="failed", evidence="paper_end")
    paper = PaperRow(left_m=8.1, left_slips=90, until=at(-300))
    now = {"repair": repair.model_copy(update=more), "test": tested, "paper": paper, "rolls": 1}
    row = PRINTER.model_copy(update=now)
    said = device_page(FakePages(device_rows=(row,)))
    facts = ["类型", "打印机", "printer-1", "模拟", "地址", "tcp://127.0.0.1:8805", "参数", "feed_unit = 2"]
    facts += ["状态", "09:00 起 · 由 main 连接", "依据", "10 04 04 -> 7E"]
    facts += ["纸卷", "约 8.1 米，90 张 ·", "可用到 15:42", "库存纸卷", "1 卷 ·", "库存不足，请订购"]
    steps_shown = [
        "打开上盖。",
        "取出空纸芯，放入新纸卷，纸头从下方朝向自己拉出。",
        "纸头留出一掌长，合上上盖至咔哒一声。",
    ]
    assert said == [
        "全部设备", "1号取号机打印机", "1号取号机", "故障", "缺纸，请换纸卷；上盖未关，请合上", *facts,
        "10:40 测试失败", "paper_end", "打印测试", "更换设备", "已换新纸卷", "登记库存",
        "处理步骤：缺纸，请换纸卷", *steps_shown, "点“打印测试”，测试小票打印成功后告示自动撤下。", "已自行修好",
        "报修单 r-1", "缺纸，请换纸卷", "紧急", "自动发现（工位程序 hall） · 10:34 起 · 当时17人等候",
        "下一步不晚于 10:41", "已逾期，应于 10:41，请上报 8000", "信息中心 8001",
        "已报修", "已接单", "到场", "待件", "已修复", "已验证", "已到场", "待件", "已修复", "验证恢复", "更新时间",
        "已接单", "10:39 · 运维人员 wu", "带了新纸卷", "已报修", "10:34 · 工位程序 hall",
    ]  # fmt: skip


def test_a_device_that_works_needs_no_help_and_one_that_is_not_there_has_no_page() -> None:
    said = device_page(FakePages(), device_id="sign-3")
    assert ("处理步骤" in "".join(said), said[-2:]) == (False, ["更换设备", "报故障"])
    gone = client(FakePages(), "maintenance")
    assert [gone.get(f"/maintenance/devices/none{part}").status_code for part in ("", "/body", "/history")] == [404] * 3
    assert client(FakePages(), "clerk").get("/maintenance/devices/sign-3").status_code == 403


def test_a_devices_past_tells_figures_with_their_meaning_repairs_and_the_log() -> None:
    pages = FakePages()
    figures = ["停用时间", "8:00", "故障或已报修，营业 2:42:10", "故障次数", "1", "新开报修单"]
    figures += ["平均无故障时间", "2:34:10", "正常时间 ÷ 故障次数", "平均修复时间", "8:00", "报修到验证的平均时间"]
    figures += ["受影响顾客", "3", "改去其他窗口或在别处出票", "小票", "41", "约 3.7 米纸"]
    table = "营业日 停用时间 故障次数 维修 受影响顾客 小票 2026-11-21/1 8:00 1 1 3 41".split()
    repairs = ["维修", "1", "导出维修记录（XLSX）", "CSV", "上盖未关，请合上"]
    repairs += ["09:02 – 09:10 · 打印验证 · 8:00", "已报修 09:02 · 工位程序 hall"]
    repairs += ["已验证 09:10 · 工位程序 hall", "closed it"]
    heads = ["日志", "#", "时间", "事件", "依据", "来源"]
    row = ["901", "10:34", "状态变化", "failed · paper_end", "工位程序 hall"]
    said = ["近1个营业日统计", *figures, *table, *repairs, *heads, *row, "更早"]
    assert device_page(pages, "/history") == said
    assert device_page(pages, "/history?before=812") == [*heads, *row, "最新", "更早"]
    device_page(pages, "/history?before=nonsense")
    assert pages.asked_before[1:] == [812, pages.asked_before[0]]


def test_a_manager_is_told_which_repair_is_late() -> None:
    repair = PRINTER.repair
    assert repair is not None
    late, early = (PRINTER.model_copy(update={"repair": repair.model_copy(update={"due": at(m)})}) for m in (1, -1))
    for row, marks in ((late, 2), (early, 1)):
        floor = FLOOR.model_copy(update={"devices": (row,)})
        html = client(FakePages(floor_view=floor), "manager").get("/floor/body").text
        assert ("已逾期，应于" in html, html.count("data-late") + html.count("data-due")) == (True, marks)
