"""The simulators' page: paper and signs as a person would see them, and buttons for every misery."""

import json
import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from drivers.sim.hall import SimHall, UnknownDeviceError

HERE = Path(__file__).parent
MAX_BODY_BYTES = 4096  # an action is a hundred bytes
MAX_ROWS = 20_000  # two and a half metres of paper
DEFAULT_ROWS = 200  # in the middle of a slip
CLIENT_TIMEOUT_S = 10.0  # a browser that stops talking must not hold a thread
SLIP = re.compile(r"/slip/([a-z0-9-]{1,40})/(\d{1,6})\.png")
FILES = {
    "/": ("static/page.html", "text/html; charset=utf-8"),
    "/page.css": ("static/page.css", "text/css; charset=utf-8"),
    "/page.js": ("static/page.js", "text/javascript; charset=utf-8"),
    "/matrix.js": ("static/matrix.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("static/icon.svg", "image/svg+xml"),
    "/texts.json": ("texts.json", "application/json"),
}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    @property
    def bound_port(self) -> int:
        """The port, also when it was chosen by the system."""
        return int(self.socket.getsockname()[1])


class PageServer:
    """The page of one ``SimHall`` on its own threads."""

    def __init__(self, hall: SimHall, host: str = "127.0.0.1", port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"hall": hall, "name": host})
        try:
            self._server = _Server((host, port), handler)
        except OSError as error:
            raise OSError(error.errno, f"{error.strerror} (port {port} of {host})") from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="sim-page", daemon=True)

    @property
    def port(self) -> int:
        """The port, also when it was chosen by the system."""
        return self._server.bound_port

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    hall: ClassVar[SimHall]
    name: ClassVar[str]
    protocol_version = "HTTP/1.1"
    timeout = CLIENT_TIMEOUT_S

    def do_GET(self) -> None:
        if not self._is_ours():
            return
        path = self.path.partition("?")[0]
        slip = SLIP.fullmatch(path)
        if path in FILES:
            name, kind = FILES[path]
            self._answer(HTTPStatus.OK, kind, (HERE / name).read_bytes())
        elif path == "/state":
            self._json(HTTPStatus.OK, self.hall.state())
        elif slip:
            try:
                self._answer(HTTPStatus.OK, "image/png", self.hall.slip(slip[1], int(slip[2])))
            except UnknownDeviceError as error:
                self._refuse(HTTPStatus.NOT_FOUND, str(error))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")

    def do_POST(self) -> None:
        if not self._is_ours():
            return
        if self.path != "/fault":
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")
            return
        if self.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json")
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body may have {MAX_BODY_BYTES} bytes")
            return
        try:
            device, fault, on, rows = _action(self.rfile.read(int(length)))
            self.hall.act(device, fault, on, rows)
        except ValueError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except UnknownDeviceError as error:
            self._refuse(HTTPStatus.NOT_FOUND, str(error))
        else:
            self._json(HTTPStatus.OK, self.hall.state())

    def _is_ours(self) -> bool:
        """Refuse names that are not ours (a foreign page may have pointed its name at us) and foreign origins."""
        port = self.connection.getsockname()[1]
        ours = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]", self.name)}
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if host in ours and (origin is None or origin == f"http://{host}"):
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "this host or origin is not served here")
        return False

    def _json(self, status: HTTPStatus, value: object) -> None:
        self._answer(status, "application/json", json.dumps(value, ensure_ascii=False).encode())

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        # The body of a refused request is not read, so the connection cannot be used again.
        self.close_connection = True
        body = {"title": status.phrase, "status": status.value, "detail": detail}
        self._answer(status, "application/problem+json", json.dumps(body).encode())

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The page asks twice a second: a line for each would bury what matters."""


def _action(body: bytes) -> tuple[str, str, bool, int]:
    """Read ``{"device", "fault", "on"?, "rows"?}``. Raises ``ValueError`` in words."""
    try:
        given = json.loads(body)
    except ValueError as error:
        raise ValueError("the body is not JSON") from error
    if not isinstance(given, dict) or set(given) - {"device", "fault", "on", "rows"}:
        raise ValueError("the body has device, fault, on and rows, nothing else")
    device, fault = given.get("device"), given.get("fault")
    on, rows = given.get("on", True), given.get("rows", DEFAULT_ROWS)
    words = isinstance(device, str) and isinstance(fault, str) and isinstance(on, bool)
    number = isinstance(rows, int) and not isinstance(rows, bool) and 0 <= rows <= MAX_ROWS
    if not (words and number):
        raise ValueError(f"device and fault are texts, on is true or false, rows is from 0 to {MAX_ROWS}")
    return str(device), str(fault), bool(on), int(rows)
