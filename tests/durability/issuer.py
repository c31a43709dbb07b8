"""``python -m tests.durability.issuer HOME ASK_AGAIN [SYNCHRONOUS]``: journal and writer at work until they are killed.

First the request keys of the file ASK_AGAIN are asked again; then many hands issue and call. What has been answered is
said on stdout, one JSON line each: that line is the paper in somebody's hand. SYNCHRONOUS, when given, weakens SQLite's
promise behind the product's back, so that a test can show itself failing.
"""

import itertools
import json
import os
import sys
import threading
from pathlib import Path

from sqlalchemy import event

from hall_server.core import commands as c
from hall_server.core.hall import Hall
from hall_server.journal import Journal
from hall_server.settings import FILE, load
from hall_server.web.api.problems import refusal
from hall_server.writer import Answer, Unavailable, Writer

HANDS = 8  # so many commands share a commit at most
CALLS_EVERY = 3  # of so many commands one calls, the others issue
DIED = 70


def issuer(home: Path, synchronous: str) -> Writer:
    """The product's own writer on the home's database."""
    settings = load(home / FILE)
    journal = Journal(settings.database_url(home), settings.hall.id)
    if synchronous:
        event.listen(
            journal.writes, "connect", lambda raw, _record: raw.execute(f"PRAGMA synchronous={synchronous}")
        )  # after the product's own listener: the last word counts
    writer = Writer(
        journal, refuse=refusal, view=lambda hall: None, publish=lambda made: None, on_crash=lambda: os._exit(DIED)
    )
    writer.start()
    if not writer.look(lambda hall: hall.configured):
        for command in (c.Configure(settings.hall_config()), c.OpenDay("2026-11-21")):
            writer.do(command, actor="test", render=lambda hall, facts: Answer(204, ""))
    return writer


def ask(writer: Writer, key: str) -> str:
    """Do what a key stands for, or get its first answer again."""
    what = key.rsplit("-", 1)[-1]
    if what == "call":
        command: c.Command = c.CallNext(str(int(key.split("-")[1]) % 6 + 1), "served")
    else:
        command = c.Issue(os.urandom(8).hex(), os.urandom(8).hex(), "id")

    def told(hall: Hall, _facts: object) -> Answer:
        if isinstance(command, c.Issue):
            return Answer(201, f"{command.ticket} {hall.tickets[command.ticket].label}")
        return Answer(200, "called")

    return writer.do(command, actor="test", render=told, key=key, body_sha256=what).body


def say(*words: str) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")  # one write is one line, whoever else speaks


def work(writer: Writer, hand: int, life: str) -> None:
    """One hand, until the disk fails it."""
    for turn in itertools.count():
        key = f"{life}-{hand}-{turn}-{'issue' if turn % CALLS_EVERY else 'call'}"
        say("asked", key)
        try:
            say("answered", key, ask(writer, key))
        except Unavailable:
            return


def main(home: str, again: str, synchronous: str = "") -> None:
    """Ask again, then go on for ever."""
    writer = issuer(Path(home), synchronous)
    for key in Path(again).read_text("ascii").split():
        say("again", key, ask(writer, key))
    say("ready")
    hands = [threading.Thread(target=work, args=(writer, hand, os.urandom(6).hex())) for hand in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
