"""Work on a hall's data on this machine: read and verify the journal, and write while no server runs."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hall_server.app import Hosting, Server, build
from hall_server.core import numbering
from hall_server.core.commands import CloseDay, Command, Configure, OpenDay
from hall_server.core.refusal import Refused
from hall_server.journal import Journal, JournalError
from hall_server.lock import NotReady, hold
from hall_server.migrations import MigrationFailed, SchemaNewer
from hall_server.moving import migrate_command
from hall_server.records.copying import NotCopied
from hall_server.settings import FILE, SettingsError, load
from hall_server.views import iso
from hall_server.writer import Answer

HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
WIDTH = 200  # columns of a table that is not printed on a terminal


def fail(sentence: str) -> None:
    """Say what is wrong and leave."""
    click.echo(sentence, err=True)
    sys.exit(3)


def printable(body: str) -> str:
    """The same JSON without a character that a terminal would obey: people wrote parts of it."""
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in body)


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n : n + 2].hex()}" for n in range(0, len(units), 2))


def _journal(home: Path) -> Journal:
    settings = load(home / FILE)
    return Journal(settings.database_url(home), settings.hall.id)


@contextmanager
def _server(home: Path) -> Iterator[Server]:
    """The hall's server without its pages and sockets, while no other one runs."""
    with closing(hold(home)):
        server = build(load(home / FILE), home, Hosting())
        yield server
        server.stop()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Commands that open the database themselves."""


@main.group()
def journal() -> None:
    """Read what happened."""


@journal.command("show")
@HOME
@click.option("--after", default=0, help="Rows after this number.")
@click.option("--limit", default=0, help="At most this many rows (0: all).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def show(home: Path, after: int, limit: int, as_json: bool) -> None:
    """Print the journal."""
    opened = _journal(home)
    rows = opened.rows(after, limit or None)
    if as_json:
        for row in rows:
            click.echo(
                f'{{"seq":{row.seq},"at":"{iso(row.at)}","kind":"{row.kind}","actor":"{row.actor}",'
                f'"body":{printable(row.body)}}}'
            )
        return
    table = Table("row", "time", "fact", "by", "what", box=None, pad_edge=False)
    for row in rows:
        table.add_row(str(row.seq), iso(row.at), row.kind, row.actor, printable(row.body[:WIDTH]))
    Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False).print(table)


@journal.command("verify")
@HOME
def verify(home: Path) -> None:
    """Check that no row was changed, added or removed, and that no number of a ticket is missing."""
    opened = _journal(home)
    wrong = opened.verify()
    if wrong is not None:
        click.echo(wrong, err=True)
        sys.exit(1)
    missing = numbering.mistakes(row.fact() for row in opened.rows() if row.kind in numbering.KINDS)
    if missing:
        click.echo("\n".join(missing), err=True)
        sys.exit(1)
    head = opened.head()
    click.echo(f"The journal verifies: {head.seq} rows, head {head.hash}; each number is a ticket or has its record.")


def _do(home: Path, make: Callable[[Server], Command], said: str = "") -> None:
    with _server(home) as server:
        done = server.desk.do(
            make(server),
            "console",
            lambda hall, _: Answer(200, f"{hall.day} is {'open' if hall.day_open else 'closed'}"),
        )
    if done.status >= HTTPStatus.BAD_REQUEST:
        fail(json.loads(done.body)["detail"])
    click.echo(f"{said} Business day {done.body}.".lstrip())


@main.command("day-open")
@HOME
@click.option("--despite", default="")
def day_open(home: Path, despite: str) -> None:
    """Open the business day."""
    _do(home, lambda server: OpenDay(server.desk.today(), despite))


@main.command("day-close")
@HOME
@click.option("--despite", default="")
def day_close(home: Path, despite: str) -> None:
    """Close the business day."""
    _do(home, lambda _server: CloseDay(despite))


@main.command("config-apply")
@HOME
def config_apply(home: Path) -> None:
    """Take the settings file into force."""
    _do(home, lambda server: Configure(server.settings.hall_config()), "The settings are in force.")


@main.command("secret")
@HOME
@click.option("--what", type=click.Choice(["token", "link"]), required=True)
@click.option("--role", required=True)
@click.option("--for", "subject")
@click.option("--window")
def secret(home: Path, what: str, role: str, subject: str | None, window: str | None) -> None:
    """Create a token or a sign-in link."""
    with _server(home) as server:
        made = server.desk.grant(what, role, subject, window, "console")
    click.echo(f"/login#{made}" if what == "link" else made)


main.add_command(migrate_command)


def run() -> None:
    """Run a command; every known trouble is one sentence and an exit code."""
    try:
        main(prog_name="hallcall")
    except SettingsError as wrong:
        fail("\n".join(wrong.mistakes))
    except (JournalError, MigrationFailed, SchemaNewer, NotCopied, Refused, NotReady) as trouble:
        fail(str(trouble))


if __name__ == "__main__":
    run()
