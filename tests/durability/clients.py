"""Callers who hold a server to its word: they ask again, with the same key, until there is an answer."""

import itertools
import threading
import time
from http.client import HTTPException

from tests.server.program import Program

AGAIN_S = 0.05  # between two tries, so that the tries do not slow the start that they wait for
UNAVAILABLE = 503
PATIENCE_S = 240.0


class Client(threading.Thread):
    """Issues ticket after ticket; a request without an answer is asked again with its key until there is one."""

    def __init__(self, program: Program, number: int, token: str, stop: threading.Event) -> None:
        super().__init__(name=f"client-{number}")
        self.acknowledged: dict[str, tuple[str, str]] = {}
        self.repeated = 0
        self._program, self._number, self._token, self._stop_asked = program, number, token, stop

    def run(self) -> None:
        for turn in itertools.count():
            if self._stop_asked.is_set():
                return
            key = f"client-{self._number}-turn-{turn:05}"
            self.acknowledged[key] = self._issue(key)

    def _issue(self, key: str) -> tuple[str, str]:
        while True:
            try:
                status, ticket = self._program.ask(
                    "POST", "/api/v1/tickets", {"service": "id", "kiosk": "K1"}, token=self._token, key=key
                )
            except (OSError, HTTPException):
                status = UNAVAILABLE
            if status == UNAVAILABLE:
                self.repeated += 1
                time.sleep(AGAIN_S)
                continue
            assert status == 201, ticket
            return ticket["id"], ticket["label"]


def call_next(program: Program, number: int, token: str) -> None:
    """One call at one window, repeated with its key until it is answered."""
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        try:
            status, value = program.ask(
                "POST", "/api/v1/windows/1/next", {"previous": "served"}, token=token, key=f"call-{number:05}"
            )
        except (OSError, HTTPException):
            status, value = UNAVAILABLE, None
        if status == UNAVAILABLE:
            time.sleep(AGAIN_S)
            continue
        assert status in (200, 204), value
        return
    raise AssertionError("nobody answered a call")


def wait_for_answers(clients: list[Client], many: int) -> None:
    """Until so many more tickets are in hands."""
    wanted = sum(len(client.acknowledged) for client in clients) + many
    give_up_at = time.monotonic() + PATIENCE_S
    while sum(len(client.acknowledged) for client in clients) < wanted:
        assert time.monotonic() < give_up_at, "the clients get no answers"
        assert all(client.is_alive() for client in clients)
        time.sleep(0.005)


def tickets_of(clients: list[Client]) -> dict[str, tuple[str, str]]:
    """By request key the ticket and label that somebody has."""
    return {key: got for client in clients for key, got in client.acknowledged.items()}
