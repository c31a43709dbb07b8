"""The settings file: right ones load, wrong ones hear every mistake at once, with its line and what was meant."""

from pathlib import Path

import pytest

from hall_server.core.config import HallConfig
from hall_server.settings import FILE, SettingsError, load, parse, place_ports
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
        "printer": 2, "sign": 6, "bus": 1, "tv": 1,
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
    for part in ("service.1.en", "'taxx'", "Did you mean 'tax'?", "device.3.id", "Did you mean 'printer'?"):
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
