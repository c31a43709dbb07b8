"""The station's line to the hall: told whole values, the newest wins, and it comes back by itself."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import socketio
import websocket
from pydantic import ValidationError

from hall_server.contract import Owed
from hall_server.station.servers import Servers

LOG = logging.getLogger(__name__)
# The hall calls a station silent after some of these are missing.
ALIVE_EVERY_S = 2.0
# The hall beats every 2 s: three missing beats mean that it hangs, although the line is up.
SILENCE_S = 6.0
# Soon, because routing waits for us; with jitter, so that stations do not return in one instant.
RETRY_S = (0.3, 1.5)
CONNECT_WITHIN_S = 3.0
STATION, BOARD = "/station", "/board"


class LinkState(StrEnum):
    """What we may claim about the line; *refused* means that the hall does not accept our token."""

    STARTING = "starting"
    UP = "up"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told; called on the line's threads, must return quickly."""

    owed: Callable[[Owed], None]
    state: Callable[[LinkState], None]
    board: Callable[[dict[str, Any]], None] | None = None
    time: Callable[[str], None] | None = None


class Link:
    """One thread that keeps one connection; each connection is a fresh client, so nothing old survives."""

    def __init__(self, server_urls: str, token: str, ears: Ears) -> None:
        self._servers = Servers(server_urls)
        self._token = token
        self._ears = ears
        self._namespaces = [STATION] if ears.board is None else [STATION, BOARD]
        self._newest: dict[str, tuple[int, int]] = {}
        self._state = LinkState.STARTING
        self._heard_at = 0.0
        self._behind = False
        self._stop = threading.Event()
        self._wake = threading.Event()
        # The client runs each message on a thread of its own: older news must not be told after newer.
        self._telling = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="station-link", daemon=True)

    @property
    def state(self) -> LinkState:
        return self._state

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._stop.set()
        self._wake.set()
        with self._telling:
            pass  # what is being told now is finished; nothing is told after it
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            wires: list[websocket.WebSocket] = []
            client, server = self._client(wires), self._servers.current
            try:
                self._converse(client, server)
            except socketio.exceptions.SocketIOError as error:
                LOG.debug("no line to the hall: %s", error)
            # A namespace that fails was refused by the hall itself; a dead network fails before that.
            self._enter(LinkState.REFUSED if client.failed_namespaces else LinkState.LOST)
            _hang_up(client, wires)
            self._servers.leave(server)
            self._stop.wait(random.uniform(*RETRY_S))

    def _converse(self, client: socketio.Client, server: str) -> None:
        """Connect, stay while the hall is heard, return when it is not."""
        self._wake.clear()
        # Another server of the hall may be a moment behind, and what it says is all we have; an older epoch stays out.
        self._newest = {namespace: (epoch, 0) for namespace, (epoch, _) in self._newest.items()}
        self._heard_at, self._behind = time.monotonic(), False
        client.connect(
            server,
            namespaces=self._namespaces,
            transports=["websocket"],
            auth={"token": self._token},
            wait_timeout=CONNECT_WITHIN_S,
        )
        self._enter(LinkState.UP)
        while not self._stop.is_set() and client.connected:
            if self._behind:
                LOG.warning("the hall's server does not know what is true now: asking another one")
                return
            if time.monotonic() - self._heard_at > SILENCE_S:
                LOG.warning("the hall has been silent for %s s", SILENCE_S)
                return
            client.emit("alive", {}, namespace=STATION)
            self._wake.wait(ALIVE_EVERY_S)
            self._wake.clear()

    def _client(self, wires: list[websocket.WebSocket]) -> socketio.Client:
        """A client that notes its connection in ``wires``: it forgets one that breaks while it is being made."""

        def wire(**options: Any) -> websocket.WebSocket:
            wires.append(websocket.WebSocket(**options))
            return wires[-1]

        client = socketio.Client(
            reconnection=False,
            handle_sigint=False,
            request_timeout=CONNECT_WITHIN_S,
            websocket_extra_options={"http_no_proxy": ["*"], "class_": wire},
        )
        client.on("owed", self._on_owed, namespace=STATION)
        for namespace in self._namespaces:
            client.on("beat", self._on_beat, namespace=namespace)
            client.on("disconnect", self._on_disconnect, namespace=namespace)
        if BOARD in self._namespaces:
            client.on("board", self._on_board, namespace=BOARD)
        return client

    def _on_owed(self, data: Any) -> None:
        self._heard_at = time.monotonic()
        try:
            owed = Owed.heard(data)
        except ValidationError:
            LOG.exception("what the hall says it owes cannot be read")
            return
        with self._telling:
            if self._is_newest(STATION, owed.epoch, owed.rev):
                self._ears.owed(owed)

    def _on_board(self, data: dict[str, Any]) -> None:
        self._heard_at = time.monotonic()
        with self._telling:
            if self._ears.board is not None and self._is_newest(BOARD, data["epoch"], data["rev"]):
                self._ears.board(data)

    def _on_beat(self, data: dict[str, Any]) -> None:
        self._heard_at = time.monotonic()
        if data.get("current") is False and len(self._servers) > 1:
            self._behind = True  # it cannot read the journal; another server of the hall may be able to
            self._wake.set()
        if self._ears.time is not None:
            self._ears.time(str(data.get("at", "")))

    def _on_disconnect(self, _reason: Any = None) -> None:
        self._wake.set()

    def _is_newest(self, namespace: str, epoch: int, rev: int) -> bool:
        """The same revision again is welcome: after a reconnection it is the whole truth once more."""
        if self._stop.is_set() or (epoch, rev) < self._newest.get(namespace, (0, 0)):
            return False
        self._newest[namespace] = (epoch, rev)
        return True

    def _enter(self, state: LinkState) -> None:
        if state is not self._state:
            self._state = state
            LOG.info("line to the hall: %s", state.value)
            self._ears.state(state)


def _hang_up(client: socketio.Client, wires: list[websocket.WebSocket]) -> None:
    """Cut the connection first: waiting for a closing handshake takes 3 s when the hall hangs."""
    for wire in wires:
        wire.abort()
    client.disconnect()
    for wire in wires:
        wire.shutdown()
