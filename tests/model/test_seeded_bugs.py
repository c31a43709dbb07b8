"""Mistakes put into the product on purpose: each is found by a machine, within a number of examples that is given."""

from collections.abc import Callable
from typing import Any

import pytest

from hall_server.core.facts import Fact
from hall_server.core.policy import choice as policy
from hall_server.core.rules import redirects, windows
from hall_server.journal import Transaction
from tests.model.moves import HallMachine
from tests.model.prove import finds
from tests.model.served import Served
from tests.model.test_core_machine import CoreMachine
from tests.model.test_http_machine import HttpMachine
from tests.model.test_journal_machine import Database, File, JournalMachine
from tests.soak import SOAK

Patch = pytest.MonkeyPatch


def no_idempotency(patch: Patch) -> None:
    """Nobody remembers a request key."""
    patch.setattr(Transaction, "answers", lambda _self, _keys: {})
    patch.setattr(Transaction, "remember", lambda _self, _answers, _at: None)


def two_tickets_a_window(patch: Patch) -> None:
    """*Next* leaves the customer before where they are."""
    settle = windows._settle  # noqa: SLF001 - what is to be broken

    def forgetful(*asked: Any) -> list[Fact]:
        settle(*asked)  # refuses what it always did
        return []

    patch.setattr(windows, "_settle", forgetful)


def last_come_first_served(patch: Patch) -> None:
    """Within a class whoever came last is called first."""
    line = policy._line  # noqa: SLF001
    patch.setattr(policy, "_line", lambda *asked, **more: reversed(list(line(*asked, **more))))


def lost_redirect(patch: Patch) -> None:
    """A window's new customers go elsewhere, but who was called there is forgotten."""
    send_away = redirects.send_away
    patch.setattr(redirects, "send_away", lambda *asked: send_away(*asked)[:1])


def core() -> HallMachine:
    return CoreMachine()


def on_file() -> HallMachine:
    return JournalMachine(File())


BUGS: dict[str, tuple[Callable[[Patch], None], Callable[[], HallMachine]]] = {
    "no idempotency, on SQLite": (no_idempotency, on_file),
    "two tickets a window": (two_tickets_a_window, core),
    "two tickets a window, on SQLite": (two_tickets_a_window, on_file),
    "last come, first served": (last_come_first_served, core),
    "last come, first served, on SQLite": (last_come_first_served, on_file),
    "lost redirect": (lost_redirect, core),
    "lost redirect, on SQLite": (lost_redirect, on_file),
}
WITHIN = 200  # examples; it took 3 to 52 when this was written, whatever they began with


@pytest.mark.parametrize("bug", BUGS)
def test_a_mistake_is_found(bug: str, monkeypatch: Patch) -> None:
    seed_it, machine = BUGS[bug]
    seed_it(monkeypatch)
    with pytest.raises(AssertionError):
        finds(machine, within=WITHIN)


@pytest.mark.needs("postgres")
def test_forgotten_request_keys_are_found_on_postgres(database: Database, monkeypatch: Patch) -> None:
    no_idempotency(monkeypatch)
    with pytest.raises(AssertionError):
        finds(lambda: JournalMachine(database), within=WITHIN)


@pytest.mark.skipif(not SOAK, reason="a server takes seconds to start: only in make soak")
def test_forgotten_request_keys_are_found_over_http(careless: Served) -> None:
    with pytest.raises(AssertionError):
        finds(lambda: HttpMachine(careless), within=WITHIN)
