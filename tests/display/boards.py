"""Boards for tests: a hall of the size asked for, at a moment asked for."""

from datetime import UTC, datetime, timedelta

from display.board import Board, Call, Name, Notice, ServiceRow, Wait, WindowRow

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)  # 10:42 on a Friday in Shanghai

SERVICES = (
    ("id", Name("户籍与身份证", "Residence & ID card"), 12, Wait(1300, 1800), ("A030", "A031")),
    ("social", Name("社会保险", "Social insurance"), 5, Wait(420, 540), ("C113", "C114")),
    ("property", Name("不动产登记", "Property registration"), 8, Wait(1600, 2400), ("F009", "F010")),
    ("tax", Name("税务", "Tax"), 0, Wait(0, 0), ()),
    ("business", Name("企业开办", "Business registration"), 2, None, ("M055", "M056")),
    ("vehicles", Name("车辆管理", "Vehicles"), 0, None, ()),
    ("permit", Name("出入境证件", "Travel permits"), 31, Wait(3600, 5400), ("U101", "U102")),
    ("pension", Name("养老金资格认证", "Pension certification"), 3, Wait(60, 240), ("W007",)),
)
LABELS = ("A025", "C112", "A027", "F008", "A026", "C111", "M054", "M053", "A024", "F007", "W006", "U100")


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def call(seq: int, label: str, window: str, at: datetime = NOW) -> Call:
    return Call(seq=seq, label=label, window=window, at=iso(at))


def hall(windows: int = 6, services: int = 5, now: datetime = NOW) -> Board:
    """Serving windows, window 3 just called, the last one but one idle and the last one redirected."""
    rows = [WindowRow(str(n), "serving", LABELS[n - 1], iso(now - timedelta(minutes=n))) for n in range(1, windows + 1)]
    rows[2] = WindowRow("3", "called", "A027", iso(now))
    rows[-2] = WindowRow(str(windows - 1), "idle")
    rows[-1] = WindowRow(str(windows), "redirected", to=("5", "1"), reason="no_ack")
    return Board(
        epoch=1, rev=100, at=iso(now), build="test-1", open=True,
        hall=Name("市民服务中心", "Citizen Service Centre"), timezone="Asia/Shanghai",
        hero=call(90, "A027", "3", now), calls=(call(90, "A027", "3", now), call(80, "A026", "5", now)),
        windows=tuple(rows),
        services=tuple(
            ServiceRow(key, name, "icon", key != "vehicles", waiting, following, wait, ("1",))
            for key, name, waiting, wait, following in SERVICES[:services]
        ),
        notices=(
            Notice("r1", "window", str(windows), "sign-6", "sign", Name("显示屏", "Sign"), "no_ack", iso(now),
                   ("5", "1"), iso(now + timedelta(minutes=48))),
            Notice("r2", "kiosk", "kiosk-1", "printer-1", "printer", Name("打印机", "Printer"), "paper_end", iso(now),
                   ("kiosk-2",)),
        ),
    )  # fmt: skip
