"""How a command finds the server of its folder, wherever that listens."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from hall_server.local import ADDRESS_FILE, TOKEN_FILE, ask_server
from hall_server.settings import SettingsError, load
from hall_server.up import up


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        known = self.headers["Authorization"] == "Bearer ours"
        status, body = (200, b'{"day": "1"}') if known else (401, b"{}")
        if self.path == "/refused":
            status, body = 409, b'{"detail": "The day is open already."}'
        if self.path.startswith("/echo/"):
            body = json.dumps({"asked": unquote(self.path)}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests read answers, not logs."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / TOKEN_FILE).write_text("ours", "ascii")
    (tmp_path / ADDRESS_FILE).write_text(f"http://127.0.0.1:{server.server_address[1]}", "ascii")
    yield tmp_path
    server.shutdown()
    server.server_close()


def test_a_command_finds_the_server_of_its_folder_on_any_port(home: Path) -> None:
    assert ask_server(home, "POST", "/api/v1/day/close") == {"day": "1"}


def test_what_the_server_refuses_is_said_in_its_own_words(home: Path) -> None:
    with pytest.raises(click.ClickException, match="The day is open already"):
        ask_server(home, "POST", "/refused")


def test_another_halls_server_on_the_same_port_is_not_ours(home: Path) -> None:
    (home / TOKEN_FILE).write_text("theirs", "ascii")
    assert ask_server(home, "POST", "/api/v1/day/close") is None


def test_without_an_address_no_server_runs_here(home: Path) -> None:
    (home / ADDRESS_FILE).unlink()
    assert ask_server(home, "POST", "/api/v1/day/close") is None


def test_a_missing_settings_file_is_not_said_to_have_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "hallcall.toml"
    with pytest.raises(SettingsError) as wrong:
        up(tmp_path, demo=False)
    assert wrong.value.told(path) == f"{path} does not exist: write it, or start with --demo to get one."


def test_a_mistake_is_named_once_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "hallcall.toml"
    path.write_text(
        '[hall]\nid = "x"\nzh = "x"\nen = "x"\n[[service]]\nid = "a"\nprefix = "A"\nzh = "x"\nen = "x"\n'
        'norm_min = "six"\n[[window]]\nid = "1"\nservices = ["a"]\n'
        '[[device]]\nid = "d"\nzh = "x"\nen = "x"\nkind = "printr"\n',
        "utf-8",
    )
    with pytest.raises(SettingsError) as wrong:
        load(path)
    known = (
        "'printer', 'sign', 'bus', 'tv', 'pad', 'rating', 'voice', 'asset', "
        "'camera', 'copier', 'facility', 'network', 'pc', 'phone', 'scanner', 'ups' or 'tablet'"
    )
    assert wrong.value.told(path) == (
        f"{path} has mistakes:\n"
        "  hallcall.toml, line 10: service.a.norm_min: Input should be a valid number, "
        "unable to parse string as a number (it says 'six').\n"
        f"  hallcall.toml, line 18: device.d.kind: Input should be {known} (it says 'printr'). "
        "Did you mean 'printer'?"
    )


def test_whatever_a_person_types_is_asked_for_as_they_typed_it(home: Path) -> None:
    for typed in ("two words", "打印机", "a\nb", "#1"):
        assert ask_server(home, "POST", f"/echo/{typed}") == {"asked": f"/echo/{typed}"}
