"""Folds of leased numbers: who may give them out, and which have become tickets."""

from collections import deque
from collections.abc import Callable
from typing import Any

from hall_server.core.blocks import Block, Torn, find
from hall_server.core.facts import TicketIssued
from hall_server.core.facts import away as f
from hall_server.core.hall import RECENT_TICKETS, Hall
from hall_server.core.tickets import State, Ticket


def _leased(hall: Hall, fact: f.BlockLeased, at: float, actor: str) -> None:
    block = Block(fact.kiosk, fact.holder, fact.service, fact.series, fact.first, fact.last, at)
    hall.blocks[block.name] = block


def used(hall: Hall, issued: TicketIssued, ticket: Ticket) -> None:
    """A leased or printed number is a ticket from now on."""
    block = find(hall.blocks.values(), issued.series, issued.number)
    if block is None:
        entered = ticket.came_at if issued.away == "roll" else None
        hall.torn.setdefault(issued.series, {})[issued.number] = Torn(ticket.id, entered)
        return
    block.used[issued.number] = ticket.id
    if ticket.kiosk is not None:
        block.came_at = max(block.came_at, ticket.came_at)


def _voided(hall: Hall, fact: f.NumbersVoided, at: float, actor: str) -> None:
    for block in hall.blocks.values():
        if block.series == fact.series:
            block.void.update(range(max(fact.first, block.first), min(fact.last, block.last) + 1))
    if hall.numbers(fact.series).printed:
        numbers = range(fact.first, fact.last + 1)
        hall.torn.setdefault(fact.series, {}).update(dict.fromkeys(numbers, Torn()))


def _merged(hall: Hall, fact: f.TicketMerged, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    waits = ticket.state is State.WAITING
    if waits:
        hall.queues[ticket.service].remove(ticket.key, ticket.lane)
    ticket.arrival = ticket.came_at = fact.came_at
    ticket.kiosk, ticket.language = fact.kiosk, fact.language
    if waits:
        hall.queues[ticket.service].add(ticket.key, ticket.lane)
    hall.codes[fact.code] = ticket.id
    ticket.code = fact.code
    hall.recent.setdefault(fact.kiosk, deque(maxlen=RECENT_TICKETS)).append(ticket.id)
    for block in hall.blocks.values():
        if ticket.id in block.used.values():
            block.came_at = max(block.came_at, fact.came_at)


def _nothing(hall: Hall, fact: Any, at: float, actor: str) -> None:
    """What came too late is a story, and changes nothing of what is true now."""


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.BlockLeased: _leased,
    f.TicketMerged: _merged,
    f.NumbersVoided: _voided,
    f.NumberLapsed: _nothing,
}
