"""The simulators' page: state, pictures, faults, and nobody else's requests."""

import io
import json
import re
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from PIL import Image

from drivers.escpos.printer import open_printer
from drivers.led.a0_90 import A090
from drivers.pad import ff68
from drivers.ports import Colour, PadContent, Slip
from drivers.sim import hall as hall_module
from drivers.sim.bus import BUS_FAULTS, SimBus
from drivers.sim.hall import SimHall
from drivers.sim.matrix import ROWS, dots
from drivers.sim.pads import FAULTS as PAD_FAULTS
from drivers.sim.pads import KEY_COMMAND, SimPads
from drivers.sim.page import FILES, PageServer
from drivers.sim.printer import FAULTS as PRINTER_FAULTS
from drivers.sim.printer import SimPrinter
from drivers.sim.signs import FAULTS as SIGN_FAULTS
from drivers.sim.voice import FAULTS as VOICE_FAULTS
from drivers.sim.voice import SimVoice
from drivers.speech.frames import MODULES
from drivers.transport import open_transport

SIM = Path(hall_module.__file__).parent


@pytest.fixture
def hall() -> Iterator[SimHall]:
    built = SimHall({"printer-1": SimPrinter()}, SimBus(count=2, pads=SimPads(1, 1)), voices={"voice-1": SimVoice()})
    built.start()
    yield built
    built.stop()


@pytest.fixture
def page(hall: SimHall) -> Iterator[PageServer]:
    server = PageServer(hall)
    server.start()
    yield server
    server.stop()


def ask(
    page: PageServer, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", page.port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def fault(page: PageServer, body: object, **headers: str) -> tuple[int, dict[str, object]]:
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer, data = ask(page, "POST", "/fault", json.dumps(body).encode(), sent)
    return answer.status, json.loads(data)


def test_every_file_is_served_with_a_strict_policy_and_nothing_else_is(page: PageServer) -> None:
    for path in FILES:
        answer, data = ask(page, "GET", path)
        assert (answer.status, bool(data)) == (200, True)
        assert str(answer.getheader("Content-Security-Policy")).startswith("default-src 'self';")
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
    for path in ("/../page.py", "/static/page.css", "/slip/printer-1/1.png", "/slip/../1.png", "/nothing"):
        assert ask(page, "GET", path)[0].status == 404


def test_the_page_has_no_inline_code_no_foreign_host_and_no_text_of_its_own() -> None:
    html = (SIM / "static/page.html").read_text("utf-8")
    assert not re.search(r"<script>|<style|style=|\son\w+=|https?:|data:", html)
    assert re.sub(r"<[^>]*>|\s", "", html) == ""


def test_both_languages_say_everything_that_the_page_and_the_faults_need() -> None:
    texts = json.loads((SIM / "texts.json").read_text("utf-8"))
    html = (SIM / "static/page.html").read_text("utf-8")
    script = (SIM / "static/page.js").read_text("utf-8")
    needed = set(re.findall(r'data-t="([^"]+)"', html)) | set(re.findall(r'"((?:do|key)\.\w+)"', script))
    needed |= {f"fault.{name}" for name in {*PRINTER_FAULTS, *SIGN_FAULTS, *BUS_FAULTS, *PAD_FAULTS, *VOICE_FAULTS}}
    needed |= {"voice", "volume", "voice.silent", "voice.cut"}
    needed |= {"pad", "rating", "polled", "pad.success", "pad.failure", *(f"level.{level}" for level in range(5))}
    assert set(texts["zh"]) == set(texts["en"])
    assert needed <= set(texts["zh"])


def test_a_painted_sign_is_in_the_state_with_its_lamps(hall: SimHall, page: PageServer) -> None:
    assert hall.bus is not None
    link = open_transport(hall.bus.url(2))
    link.open()
    link.write(A090().show(2, "A027", Colour.YELLOW), 1)
    assert link.read(5) == bytes.fromhex("A0 90 02 A5 AA")
    link.close()
    bus = json.loads(ask(page, "GET", "/state")[1])["bus"]
    sign = bus["signs"][1]
    shown = {name: sign[name] for name in ("id", "address", "text", "colour", "lit", "acks")}
    assert shown == {"id": "sign-2", "address": 2, "text": "A027", "colour": "yellow", "lit": True, "acks": 1}
    assert sign["dots"] == list(dots("A027", 16))
    assert [(frame["way"], frame["text"]) for frame in bus["frames"]] == [("←", ""), ("→", "2: A027")]


def test_a_board_of_several_lines_is_drawn_line_by_line_and_loses_what_is_behind_the_last() -> None:
    text = "A012 请到3号窗口A011 4号窗      欢迎"
    drawn = dots(text, 16, 2)
    assert (len(drawn), {len(row) for row in drawn}) == (2 * ROWS, {128})
    assert drawn[:ROWS] == dots("A012 请到3号窗口", 16)
    assert drawn == dots(text[: text.index("欢")], 16, 2)
    assert set("".join(dots("欢迎", 16, 2)[ROWS:])) == {"0"}


def test_what_a_voice_module_says_is_in_the_state_while_it_says_it_and_afterwards(
    hall: SimHall, page: PageServer
) -> None:
    link = open_transport(hall.voices["voice-1"].url)
    link.open()
    link.write(MODULES["syn6288"].say("[v10]请到三号窗口".encode("gbk")), 1)
    assert link.read(5) == b"A"
    (voice,) = json.loads(ask(page, "GET", "/state")[1])["voices"]
    assert {name: voice[name] for name in ("id", "saying", "volume", "said")} == {
        "id": "voice-1", "saying": "请到三号窗口", "volume": "10", "said": [],
    }  # fmt: skip
    assert fault(page, {"device": "voice-1", "fault": "power_cycle"})[0] == 200
    assert link.read(5) == b"J"
    link.close()
    (voice,) = json.loads(ask(page, "GET", "/state")[1])["voices"]
    assert (voice["saying"], voice["said"]) == ("", [{"text": "请到三号窗口", "whole": False}])


def test_a_printed_slip_is_shown_as_the_picture_of_its_paper(hall: SimHall, page: PageServer) -> None:
    driver = open_printer(f"tcp://127.0.0.1:{hall.printers['printer-1'].port}", {})
    driver.print_slip(Slip("s1", "市民服务中心", "A027"))
    driver.close()
    slips = json.loads(ask(page, "GET", "/state")[1])["printers"][0]["slips"]
    assert [(slip["number"], slip["complete"]) for slip in slips] == [(1, True)]
    answer, png = ask(page, "GET", slips[0]["src"])
    assert (answer.status, answer.getheader("Content-Type")) == (200, "image/png")
    assert Image.open(io.BytesIO(png)).width == 576


@pytest.mark.parametrize(
    ("device", "name"), [("printer-1", "paper_end"), ("sign-2", "unplugged"), ("bus", "unplugged")]
)
def test_a_fault_is_set_and_cleared(hall: SimHall, page: PageServer, device: str, name: str) -> None:
    assert hall.bus is not None
    sources: dict[str, Callable[[], dict[str, bool]]] = {
        "printer-1": hall.printers["printer-1"].faults,
        "sign-2": lambda: hall.bus and hall.bus.faults(2) or {},
        "bus": hall.bus.faults,
    }
    faults = sources[device]
    assert fault(page, {"device": device, "fault": name, "on": True})[0] == 200
    assert [fault_name for fault_name, on in faults().items() if on] == [name]
    assert fault(page, {"device": device, "fault": name, "on": False})[0] == 200
    assert not any(faults().values())


def test_keys_are_pressed_and_displays_read_through_the_page(hall: SimHall, page: PageServer) -> None:
    assert hall.bus is not None
    line = open_transport(hall.bus.url(0))
    line.open()
    for what in ("key:1", "key:7", "key:0C"):
        assert fault(page, {"device": "pad-1", "fault": what})[0] == 200
    key = ff68.frame(1, KEY_COMMAND, bytes([1, 7, 0x0C]))
    heard = b""
    while key not in heard:
        heard += line.read(5)
    said: dict[str, dict[str, object]] = {}
    while not (said and said["rating-1"]["asking"] and said["pad-1"]["display"] == "  3012"):
        # A pad repeats its key until it hears it: where the two meet on the line neither is understood.
        line.write(key + ff68.show(1, PadContent(3, "A012")) + ff68.start_rating(0x81), 1)
        heard += line.read(1)
        said = {pad["id"]: pad for pad in json.loads(ask(page, "GET", "/state")[1])["bus"]["pads"]}
    assert (said["pad-1"]["typed"], said["pad-1"]["repeating"]) == ("", False)
    assert fault(page, {"device": "rating-1", "fault": "level:3"})[0] == 200
    rated = ff68.frame(0x81, ff68.RATED, b"\x03")
    while rated not in heard:
        heard += line.read(5)
    line.close()


def test_hands_can_power_cycle_tear_and_shorten_the_roll(hall: SimHall, page: PageServer) -> None:
    assert hall.bus is not None
    assert fault(page, {"device": "sign-1", "fault": "power_cycle"})[0] == 200
    assert hall.bus.state()[0]["text"] == "8888"
    assert fault(page, {"device": "printer-1", "fault": "paper_out_after", "rows": 20})[0] == 200
    assert fault(page, {"device": "printer-1", "fault": "tear"})[0] == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"device": "printer-9", "fault": "paper_end"}, 404),
        ({"device": "printer-1", "fault": "on_fire"}, 404),
        ({"device": "sign-9", "fault": "off"}, 404),
        ({"device": "sign-x", "fault": "off"}, 404),
        ({"device": "bus", "fault": "off"}, 404),
        ({"device": "pad-9", "fault": "key:0C"}, 404),
        ({"device": "pad-1", "fault": "key:"}, 404),
        ({"device": "pad-1", "fault": "key:FFF"}, 404),
        ({"device": "pad-1", "fault": "level:1"}, 404),
        ({"device": "rating-1", "fault": "level:9"}, 404),
        ({"device": "rating-1", "fault": "key:0C"}, 404),
        ({"device": "bus"}, 400),
        ({"device": "bus", "fault": "dead", "on": "yes"}, 400),
        ({"device": "bus", "fault": "dead", "rows": -1}, 400),
        ({"device": "bus", "fault": "dead", "more": 1}, 400),
        ([], 400),
    ],
)
def test_wrong_actions_are_refused_in_words(hall: SimHall, page: PageServer, body: object, status: int) -> None:
    said, problem = fault(page, body)
    assert (said, problem["status"]) == (status, status)
    assert problem["detail"]
    assert not any(hall.printers["printer-1"].faults().values())


def test_foreign_pages_and_foreign_names_are_refused(page: PageServer) -> None:
    body = {"device": "bus", "fault": "dead"}
    ours = f"http://127.0.0.1:{page.port}"
    assert fault(page, body, Origin="http://evil.example")[0] == 403
    assert fault(page, body, Origin="null")[0] == 403
    assert fault(page, body, Host=f"evil.example:{page.port}")[0] == 403
    assert fault(page, body, Content_Type="text/plain")[0] == 415
    assert ask(page, "GET", "/state", headers={"Host": "evil.example"})[0].status == 403
    assert ask(page, "POST", "/fault", b"x" * 5000, {"Content-Type": "application/json"})[0].status == 413
    assert ask(page, "POST", "/fault", b"{", {"Content-Type": "application/json"})[0].status == 400
    assert fault(page, body, Origin=ours)[0] == 200
