"""The settings file: right ones load, wrong ones hear every mistake at once, with its line and what was meant."""

from pathlib import Path

import pytest

from hall_server.core.config import HallConfig
from hall_server.settings import FILE, SettingsError, load, parse
from hall_server.settings.tables import place_ports
from tests.server.halls import HALL

DEMO = Path(__file__).parents[2] / "hall_server" / "demo.toml"


def mistakes(text: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        parse(text)
    return wrong.value.mistakes


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_demo_hall_is_in_order_and_is_the_hall_that_was_promised() -> None:
    demo = parse(DEMO.read_text("utf-8"))
    kinds = [device.kind for device in demo.device]
    assert (len(demo.service), len(demo.window), len(demo.kiosk)) == (5, 6, 2)
    assert {kind: kinds.count(kind) for kind in ("printer", "sign", "bus", "tv")} == {
        "printer": 2, "sign": 7, "bus": 1, "tv": 1,
    }  # fmt: skip


def test_all_mistakes_are_told_at_once_with_line_and_the_word_that_was_meant() -> None:
    text = (
        HALL.replace('timezone = "Asia/Shanghai"', "")
        .replace('zh = "税务"', 'zhh = "税务"')
        .replace("issue_burst = 1000", "issue_burst = 0")
        .replace('kind = "asset"', 'kind = "gadget"')
    )
    found = mistakes(text + "\n[servr]\nport = 1\n")
    assert [sentence.partition(":")[0] for sentence in found] == [
        f"hallcall.toml, line {line_of(text, 'issue_burst')}",
        f"hallcall.toml, line {line_of(text, 'zhh') - 3}",
        f"hallcall.toml, line {line_of(text, 'zhh')}",
        f"hallcall.toml, line {line_of(text, 'gadget')}",
        f"hallcall.toml, line {len((text + chr(10)).splitlines()) + 1}",
    ]
    assert [("Did you mean 'zh'?" in s, "Did you mean 'server'?" in s) for s in found if "not a setting" in s] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_names_that_lead_nowhere_are_told_with_what_was_meant() -> None:
    text = HALL.replace('printer = "printer1"', 'printer = "printr1"').replace('window = "2"', 'window = "22"')
    text = text.replace("\"tax\", 'loans'", '"tax", "loan"').replace('prefix = "C"', 'prefix = "A"')
    found = mistakes(text)
    assert any("there is no printer 'printr1'. Did you mean 'printer1'?" in sentence for sentence in found)
    assert any("there is no window '22'. Did you mean '2'?" in sentence for sentence in found)
    assert any("there is no service 'loan'. Did you mean 'loans'?" in sentence for sentence in found)
    assert sum("the prefix 'A' is used by two services" in sentence for sentence in found) == 2
    assert len(found) == 5


def test_a_thing_that_stands_there_twice_is_told() -> None:
    assert any("the window '1' stands here a second time" in s for s in mistakes(HALL.replace('id = "6"', 'id = "1"')))


@pytest.mark.parametrize(
    ("table", "rest"), [("party", 'zh = "电工"\nen = "Electrician"'), ("clerk", 'skills = ["id"]')]
)
def test_nobody_is_named_twice_because_only_the_last_would_count(table: str, rest: str) -> None:
    row = f'\n[[{table}]]\nid = "li"\n{rest}\n'
    assert [one.partition(": ")[2] for one in mistakes(HALL + row + row)] == [
        f"the {table} 'li' stands here a second time."
    ]


@pytest.mark.parametrize("zone", ["Asia/Shangai", "Mars/Olympus", "../etc/passwd", "", "/etc/localtime"])
def test_a_time_zone_that_does_not_exist_is_told_before_the_hall_opens(zone: str) -> None:
    text = HALL.replace('id = "main"', f'id = "main"\ntimezone = "{zone}"')
    found = mistakes(text)
    assert len(found) == 1
    assert f"line {line_of(text, 'timezone')}: there is no time zone '{zone}'." in found[0]
    assert ("Did you mean 'Asia/Shanghai'?" in found[0]) is (zone == "Asia/Shangai")


@pytest.mark.parametrize("text", ["", "[hall", "hall = 3", 'hall = { zh = "x" }', "\x00", "[[service]]\nid = 1"])
def test_whatever_the_file_says_it_is_answered_in_sentences(text: str) -> None:
    assert all(sentence.startswith("hallcall.toml") for sentence in mistakes(text))


def test_a_device_that_no_driver_can_open_is_told_at_its_line() -> None:
    text = HALL.replace("tcp://127.0.0.1:9", "tpc://127.0.0.1:9")
    found = mistakes(text)
    assert len(found) == 1
    assert f"line {line_of(text, 'tpc')}" in found[0]


def test_a_queue_of_another_system_is_refused_where_the_server_itself_would_have_to_open_it() -> None:
    queue, foreign = (HALL.replace("tcp://127.0.0.1:9", url) for url in ("cups://desk", "win32://desk"))
    assert [parse(text).hall_config().devices[0].monitored for text in (HALL, queue, foreign)] == [True, False, False]
    [said] = mistakes(foreign.replace('station = "K1"\nurl', "url"))
    assert said.partition(": ")[2] == (
        "win32://desk: win32:// needs a station on win32, and this is linux; name the station on that computer."
    )


def test_a_file_that_is_missing_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        load(tmp_path / FILE)
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read as UTF-8"):
        load(tmp_path / FILE)


@pytest.mark.parametrize("port", ["abc", "0", "-1", "99999", "8800.5", " ", "\u0663"])
def test_a_port_that_is_none_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    (tmp_path / FILE).write_text(HALL, "utf-8")
    monkeypatch.setenv("HALLCALL_PORT", port)
    with pytest.raises(SettingsError, match="HALLCALL_PORT says"):
        load(tmp_path / FILE)


def test_ports_are_counted_from_the_one_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text(HALL, "utf-8")
    monkeypatch.setenv("HALLCALL_PORT", "9100")
    assert load(tmp_path / FILE).port == 9100
    assert place_ports("tcp://h:{P}/{P+4}/{P+12}", 9100) == "tcp://h:9100/9104/9112"


def test_mistakes_in_the_tables_and_between_them_are_told_at_once() -> None:
    broken = HALL.replace('en = "Tax"', "en = 7").replace('services = ["id", "tax"]', 'services = ["id", "taxx"]', 1)
    with pytest.raises(SettingsError) as told:
        parse(broken + '\n[[device]]\nid = ["x"]\nkind = "printr"\n')
    said = " ".join(told.value.mistakes)
    for part in ("service.tax.en", "'taxx'", "Did you mean 'tax'?", "device.3.id", "Did you mean 'printer'?"):
        assert part in said


def test_a_server_for_everybody_has_to_say_what_it_is_called() -> None:
    with pytest.raises(SettingsError) as told:
        parse(HALL + '\n[server]\nhost = "0.0.0.0"\n')
    assert len(told.value.mistakes) == 1
    assert "name the addresses of this computer too" in told.value.mistakes[0]
    assert parse(HALL + '\n[server]\nhost = "0.0.0.0"\nhosts = ["192.168.1.10"]\n').server.hosts == ("192.168.1.10",)


@pytest.mark.parametrize("url", ["nonsense", "postgresq://hall:hunter2@there/hall", "mysql://there/hall"])
def test_a_database_that_is_none_is_told_where_it_stands_and_never_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    what = "is no address of a database: write sqlite:///FILE or postgresql://USER@HOST/DATABASE."
    text = HALL + f'\n[server]\ndatabase = "{url}"\n'
    assert mistakes(text) == [f"hallcall.toml, line {line_of(text, url)}: database {what}"]
    (tmp_path / FILE).write_text(HALL, "utf-8")
    monkeypatch.setenv("HALLCALL_DATABASE", url)
    with pytest.raises(SettingsError) as told:
        load(tmp_path / FILE)
    assert told.value.mistakes == [f"HALLCALL_DATABASE {what}"]


REDIRECT = """
[redirect]
sign = "ask"
window = "none"
printer = "none"
tv = "none"
apply_after_s = 60
"""


def test_what_a_fault_does_is_data_of_the_hall_and_without_it_all_is_as_it_was() -> None:
    told, silent = parse(HALL + REDIRECT).hall_config(), parse(HALL).hall_config()

    def chosen(hall: HallConfig) -> tuple[str, str, str, str, int]:
        return (
            hall.on_sign_failure, hall.on_window_failure, hall.on_printer_failure, hall.on_tv_failure,
            hall.redirect_after_s,
        )  # fmt: skip

    assert chosen(told) == ("ask", "none", "none", "none", 60)
    assert chosen(silent) == ("redirect", "redirect", "redirect", "cover", 0)
    older = parse(HALL.replace('id = "main"', 'id = "main"\non_sign_failure = "cover"')).hall_config()
    assert chosen(older) == ("cover", "redirect", "redirect", "cover", 0)


def test_every_mistake_about_redirects_is_told_at_once() -> None:
    text = HALL.replace('id = "main"', 'id = "main"\non_sign_failure = "cover"')
    text = text.replace('id = "printer1"', 'id = "printer1"\non_fault = "none"')
    text = text.replace('kind = "asset"', 'kind = "asset"\non_fault = "cover"')
    text += '\n[redirect]\nsign = "none"\nprinter = "ask"\nwindow = "nome"\napply_after_s = 4000\n'
    found = [sentence.partition(": ")[2] for sentence in mistakes(text)]
    assert found == [
        "redirect.sign says the same: keep only that.",
        "on_fault counts for the devices of a window only.",
        "nothing stands in for 'asset': only for a sign does the TV.",
        "redirect.printer: Input should be 'redirect' or 'none' (it says 'ask').",
        "redirect.window: Input should be 'redirect', 'ask' or 'none' (it says 'nome'). Did you mean 'none'?",
        'nothing says "ask", so there is never a question to answer.',
        "redirect.apply_after_s: Input should be less than or equal to 3600 (it says 4000).",
    ]


SIGN2 = """
[[device]]
id = "sign2"
kind = "sign"
zh = "二号屏"
en = "Sign 2"
window = "2"
url = "socket://127.0.0.1:7#2"
options = { profile = "ours.toml" }
"""
PROFILE = """# written from the maker's sheet
title = "Ours"
source = "its sheet"
[port]
baud = [9600]

[sign]
addresses = [1, 9]
[tx]
show = "02 {addr:dec2} {data:ascii} 03"
"""


def test_a_signs_own_profile_is_read_from_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(PROFILE, "utf-8")
    (tmp_path / FILE).write_text(HALL + SIGN2, "utf-8")
    read = load(tmp_path / FILE)
    told = next(device.all_options["profile"] for device in read.device if device.id == "sign2")
    assert told == PROFILE.replace("# written from the maker's sheet\n", "").replace("\n\n", "\n").rstrip("\n")
    devices = {device.id: device for device in read.hall_config().devices}
    assert (devices["sign1"].monitored, devices["sign1"].charset) == (True, "gb2312")
    assert (devices["sign2"].monitored, devices["sign2"].charset) == (False, "ascii")


def test_every_mistake_of_a_profile_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(PROFILE.replace("[9600]", "9600").replace("dec2", "dec3"), "utf-8")
    (tmp_path / FILE).write_text(HALL + SIGN2 + SIGN2.replace("sign2", "sign3") + "colums = 8\n", "utf-8")
    with pytest.raises(SettingsError) as wrong:
        load(tmp_path / FILE)
    own, *beside = [mistake for mistake in wrong.value.mistakes if "ours" in mistake or "colums" in mistake]
    assert own.startswith("hallcall.toml, line ")
    assert beside[0] == "ours.toml, line 5: port.baud must be a list of speeds like [9600], it is 9600."
    assert beside[1].startswith("ours.toml, line 10: show: {addr:dec3}: there is no kind 'dec3'; known are u8, ")
    assert len(beside) == 2
    assert wrong.value.told(tmp_path / FILE).startswith(f"{tmp_path / FILE} has mistakes:")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gone.toml", "profile 'gone.toml': there is no such file beside hallcall.toml."),
        ("../x.toml", "profile '../x.toml': a profile stands beside hallcall.toml, so its name alone is written here."),
        ("latin.toml", "profile 'latin.toml': what stands in its line 2 is no UTF-8 text."),
        ("folder.toml", "profile 'folder.toml': it cannot be read: Is a directory."),
    ],
)
def test_a_profile_that_cannot_be_read_is_told_where_it_is_named(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(b'title = "x"\nsource = "\xe9"\n')
    text = HALL + SIGN2.replace("ours.toml", name) + "colums = 8\n"
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(SettingsError) as wrong:
        load(tmp_path / FILE)
    at = line_of(text, "profile =")
    assert wrong.value.mistakes == [
        f"hallcall.toml, line {at}: {why}",
        f"hallcall.toml, line {at + 1}: device.sign2.colums is not a setting. Did you mean 'columns'?",
    ]


def test_a_profile_says_how_wide_its_signs_are_unless_one_is_narrower(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(PROFILE.replace("[1, 9]", "[1, 9]\ncolumns = 6"), "utf-8")

    def columns(text: str) -> tuple[int, str]:
        (tmp_path / FILE).write_text(HALL + text, "utf-8")
        sign = next(device for device in load(tmp_path / FILE).device if device.id == "sign2")
        return sign.columns, dict(sign.spec(1).options)["columns"]

    assert columns(SIGN2) == (6, "6")
    assert columns(SIGN2 + "columns = 4\n") == (4, "4")
    at = line_of(HALL + SIGN2 + "columns = 8", "columns = 8")
    with pytest.raises(SettingsError, match=f"line {at}: sign2: columns '8' is not between 4 and 6, which is all"):
        columns(SIGN2 + "columns = 8\n")
    assert columns(SIGN2.replace('profile = "ours.toml"', 'family = "dm56a04"')) == (4, "4")
    assert columns(SIGN2.replace('profile = "ours.toml"', 'family = "a0_90"')) == (8, "8")


def test_a_sign_whose_calls_name_a_window_is_told_its_own(tmp_path: Path) -> None:
    call = 'call = "05 {addr:dec2} {number:base100} {window:u8}"\n'
    (tmp_path / "ours.toml").write_text(PROFILE + call, "utf-8")

    def windows(text: str) -> list[str | None]:
        (tmp_path / FILE).write_text(HALL + text, "utf-8")
        return [device.all_options.get("window") for device in load(tmp_path / FILE).device if device.kind == "sign"]

    assert windows(SIGN2) == [None, "2"]  # the first is of a family without calls
    assert windows(SIGN2.replace('"ours.toml"', '"ours.toml", window = "12"')) == [None, "12"]
    assert windows(SIGN2.replace('window = "2"\n', "")) == [None, None]
    with pytest.raises(SettingsError, match="sign2: window 'two' is no number from 1 to 999"):
        windows(SIGN2.replace('"ours.toml"', '"ours.toml", window = "two"'))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('prefix = "C"', 'prefix = "i"', "service.loans.prefix is one capital letter, not I, O or Q"),
        ('id = "6"', 'id = "six"', "window.six.id is a number from 1 to 999 (it says 'six')."),
        ('printer = "printer1"', 'printer = "the first"', "kiosk.K1.printer is letters, digits and . _ -"),
        ('prefix = "C"', 'prefix = "C', "): a closing quote is missing."),
    ],
)
def test_what_a_pattern_asks_for_is_said_in_words(right: str, wrong: str, said: str) -> None:
    assert any(said in one for one in mistakes(HALL.replace(right, wrong)))


def test_a_sign_that_cannot_show_the_halls_tickets_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(PROFILE.replace("ascii", "digits(4)"), "utf-8")
    (tmp_path / FILE).write_text(HALL + SIGN2, "utf-8")
    with pytest.raises(SettingsError, match="sign2 cannot show 'A012': 'A012': the board has digits only"):
        load(tmp_path / FILE)


def test_a_board_of_several_lines_belongs_to_no_window() -> None:
    board = SIGN2.replace('options = { profile = "ours.toml" }', "lines = 4\ncolumns = 16")
    assert any("lines are for a sign that belongs to no window" in one for one in mistakes(HALL + board))
    devices = parse(HALL + board.replace('window = "2"\n', "")).hall_config().devices
    assert [(one.place, one.lines, one.columns) for one in devices if one.id == "sign2"] == [("hall", 4, 16)]
    full = board.replace('window = "2"\n', "").replace("columns = 16", "columns = 64")
    assert any("256 bytes" in one or "512 bytes" in one for one in mistakes(HALL + full))


def test_a_line_at_another_speed_than_its_boards_is_told() -> None:
    slow = SIGN2.replace('options = { profile = "ours.toml" }', 'options = { family = "ed400" }')
    slow = slow.replace("socket://127.0.0.1:7#2", "serial:///dev/ttyS9?baud=19200#2")
    assert any("its boards speak at 1200 or 2400 or 4800 or 9600 baud" in one for one in mistakes(HALL + slow))


def test_a_sign_without_an_address_has_its_line_for_itself() -> None:
    pole = SIGN2.replace('options = { profile = "ours.toml" }', 'options = { family = "cd5220" }').replace("#2", "#1")
    other = pole.replace("sign2", "sign3").replace("cd5220", "ed400").replace("#1", "#3")
    pole, other = pole.replace(":7#", ":8#"), other.replace(":7#", ":8#")
    assert any("sign2: such a sign has no address" in one for one in mistakes(HALL + pole + other))
