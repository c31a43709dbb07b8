"""The hall's HTTP interface as kiosks and stations use it: every command carries its key and may be repeated."""

import random
import secrets
import time
from typing import Any
from urllib.parse import quote

import requests

from hall_server.contract import (
    AwayAnswer,
    AwayReport,
    CheckInRequest,
    ComplaintMade,
    ComplaintRequest,
    LeaseRequest,
    Message,
    Report,
    ReportAnswer,
    SlipAnswer,
    Ticket,
    TicketRequest,
    WaitingList,
)
from hall_server.contract.content import GuideView
from hall_server.contract.help import HelpAsked, HelpRequest
from hall_server.station.servers import Servers

# A customer waits for the answer, and a printer may wait 3 s for its claim (drivers.ports.Listener.may_print).
ANSWER_WITHIN_S = 3.0
# Short enough for two or three tries within those 3 s, long enough for a restarted server to open its port.
PAUSE_S = (0.1, 0.4)
# The server (or a proxy before it) is there but not ready: the command was not done, asking again is right.
NOT_READY = frozenset({502, 503, 504})


class HallError(Exception):
    """The hall did not do what was asked."""


class Refused(HallError):
    """The hall answered no; ``code`` is stable, ``detail`` is a sentence for people, ``said`` what belongs to it."""

    def __init__(self, code: str, detail: str, status: int, said: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.code = code
        self.detail = detail
        self.status = status
        self.said = said or {}


class Unreachable(HallError):
    """No answer within the time allowed; whether the command was done is unknown, so keep its key."""


class HallClient:
    """One caller with one token; its calls may come from several threads."""

    def __init__(self, server_urls: str, token: str) -> None:
        self._servers = Servers(server_urls)
        self._session = requests.Session()
        self._session.trust_env = False  # a hall's server is never behind the proxy of the environment
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.headers["Accept"] = "application/json, application/problem+json"

    def issue(self, request: TicketRequest, key: str) -> Ticket:
        return Ticket.heard(self._post("/tickets", request, key))

    def check_in(self, request: CheckInRequest, key: str) -> Ticket:
        return Ticket.heard(self._post("/checkins", request, key))

    def ask_help(self, request: HelpRequest, key: str) -> HelpAsked:
        return HelpAsked.heard(self._post("/helps", request, key))

    def complain(self, request: ComplaintRequest, key: str) -> ComplaintMade:
        return ComplaintMade.heard(self._post("/complaints", request, key))

    def guide(self) -> GuideView:
        return GuideView.heard(self._get("/guide"))

    def lease(self, kiosk: str, request: LeaseRequest, key: str) -> None:
        self._post(f"/kiosks/{quote(kiosk, safe='')}/lease", request, key)

    def waiting(self, kiosk: str) -> WaitingList:
        return WaitingList.heard(self._get(f"/kiosks/{quote(kiosk, safe='')}/waiting"))

    def tell_away(self, kiosk: str, report: AwayReport, key: str) -> AwayAnswer:
        return AwayAnswer.heard(self._post(f"/kiosks/{quote(kiosk, safe='')}/tickets", report, key))

    def ticket(self, ticket_id: str) -> Ticket:
        return Ticket.heard(self._get(f"/tickets/{quote(ticket_id, safe='')}"))

    def answer_slip(self, ticket_id: str, got: bool, key: str) -> Ticket:
        path = f"/tickets/{quote(ticket_id, safe='')}/slip"
        return Ticket.heard(self._post(path, SlipAnswer(got=got), key))

    def report(
        self, station: str, report: Report, key: str, *, within_s: float = ANSWER_WITHIN_S
    ) -> ReportAnswer:  # fmt: skip
        path = f"/stations/{quote(station, safe='')}/reports"
        return ReportAnswer.heard(self._post(path, report, key, within_s))

    def board(self) -> dict[str, Any]:
        return self._get("/board")

    def close(self) -> None:
        self._session.close()

    def _post(self, path: str, body: Message, key: str, within_s: float = ANSWER_WITHIN_S) -> dict[str, Any]:
        return self._ask("POST", path, body.model_dump_json(exclude_none=True).encode(), key, within_s)

    def _get(self, path: str) -> dict[str, Any]:
        return self._ask("GET", path, None, None)

    def _ask(
        self, method: str, path: str, body: bytes | None, key: str | None, within_s: float = ANSWER_WITHIN_S
    ) -> dict[str, Any]:  # fmt: skip
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        give_up_at = time.monotonic() + within_s
        untried = len(self._servers)
        while True:
            server = self._servers.current
            wait_s = (give_up_at - time.monotonic()) / max(untried, 1)  # one that hangs leaves time for the next
            try:
                answer = self._session.request(
                    method, f"{server}/api/v1{path}", data=body, headers=headers, timeout=max(wait_s, 0.05)
                )
                if answer.status_code not in NOT_READY:
                    return _read(answer)
                reason = f"HTTP {answer.status_code}"
            except requests.RequestException as error:
                reason = type(error).__name__
            self._servers.leave(server)
            untried -= 1
            pause_s = random.uniform(*PAUSE_S)
            if time.monotonic() + pause_s >= give_up_at:
                raise Unreachable(f"{method} {path}: {reason}")
            time.sleep(pause_s)


def new_key() -> str:
    """A fresh key for one command; the same command repeated keeps its key."""
    return secrets.token_urlsafe(18)


def _read(answer: requests.Response) -> dict[str, Any]:
    """The JSON of a good answer; a problem document becomes ``Refused``."""
    try:
        value = answer.json()
    except requests.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise Refused("not_json", "the answer is not a JSON object", answer.status_code)
    if answer.status_code >= 400:
        code, detail = str(value.get("code", "unknown")), str(value.get("detail", ""))
        raise Refused(code, detail, answer.status_code, _fields(value.get("fields")))
    return value


def _fields(told: Any) -> dict[str, str]:
    """What a problem says field by field."""
    rows = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    return {str(one.get("field", "")): str(one.get("message", "")) for one in rows}
