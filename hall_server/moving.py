"""``hallcall migrate``: copy halls into another database, SQLite or PostgreSQL, while no server runs on them."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from hall_server.lock import hold
from hall_server.migrations import known_revisions, migrate, revision
from hall_server.records.copying import Contents, Database, NotCopied, Tell, copy_hall, halls_in, servers_on, trouble_of
from hall_server.settings import FILE, load


def move(home: Path, source: Database, target: Database, only: str | None, tell: Tell) -> tuple[Contents, ...]:
    """Copy one hall, or all: afterwards all of it is in the target, or nothing.

    Raises ``NotCopied``, ``NotReady``, ``JournalError`` and ``MigrationFailed``.
    """
    with _alone(home, source, target), source.opened() as reads:
        if servers_on(reads):
            raise NotCopied("A hallcall server is connected to the source database: stop it first.")
        wanted = _wanted(halls_in(reads), only)
        _refuse_present(target, wanted)
        with trouble_of("target"):
            migrate(target.engine)
        with target.opened() as writes:
            return tuple(copy_hall(reads, writes, hall, tell) for hall in wanted)


@contextmanager
def _alone(home: Path, source: Database, target: Database) -> Iterator[None]:
    """Both databases, without a server on this machine that uses them."""
    if target.engine.dialect.name == "sqlite" and target.file is None:
        raise NotCopied("The target names no file; write sqlite:///FILE.")
    if source.file is not None and target.file is not None and source.file.resolve() == target.file.resolve():
        raise NotCopied(f"The hall is in {target.file} already.")
    if source.file is not None and not source.file.exists():
        raise NotCopied(f"There is no database to copy: {source.file} does not exist.")
    folders = {home.resolve()} | ({target.file.parent.resolve()} if target.file is not None else set())
    with ExitStack() as stack:
        for database in (source, target):
            stack.callback(database.engine.dispose)
        for folder in sorted(folders):
            stack.enter_context(closing(hold(folder)))
        _check_schema(source)
        yield


def _check_schema(source: Database) -> None:
    with trouble_of(source.name):
        now, known = revision(source.engine), known_revisions()
    if now is None:
        raise NotCopied("The source database holds no hall.")
    if now not in known:
        raise NotCopied(f"The source database has schema {now}: a newer HallCall wrote it, and only that can copy it.")
    if now != known[-1]:
        raise NotCopied(f"The source database has the older schema {now}: start the server on it once, then stop it.")


def _wanted(there: tuple[str, ...], only: str | None) -> tuple[str, ...]:
    if only is None and there:
        return there
    if only in there:
        return (only,)
    raise NotCopied(
        f"The source database holds no hall {only or ''}".rstrip() + f"; it holds {', '.join(there) or 'none'}."
    )


def _refuse_present(target: Database, wanted: tuple[str, ...]) -> None:
    with trouble_of(target.name):
        empty = revision(target.engine) is None
    if empty:
        return
    with target.opened() as connection:
        present = [hall for hall in halls_in(connection) if hall in wanted]
    if present:
        raise NotCopied(f"The target database holds hall {', '.join(present)} already; nothing was copied.")


@click.command("migrate")
@click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
@click.option("--to", "url", required=True, help="sqlite:///FILE or postgresql://USER@HOST/DATABASE")
@click.option("--hall", help="Only this hall; else all that the database holds.")
def migrate_command(home: Path, url: str, hall: str | None) -> None:
    """Copy the hall into another database; the server must be stopped, and the old database stays as it is."""
    source, target = Database("source", load(home / FILE).database_url(home)), Database("target", url)
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"), TimeElapsedColumn(),
        console=Console(stderr=True),
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}
    with ExitStack() as screen:

        def tell(what: str, more: int, of: int) -> None:
            if not tasks:
                screen.enter_context(bars)  # not before: a refusal stands alone
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.advance(tasks[what], more)

        copied = move(home, source, target, hall, tell)
    for one in copied:
        click.echo(
            f"Hall {one.hall}: {one.head.seq} facts, {one.requests} answers, {one.credentials} credentials and "
            f"{one.appointments} records of appointments copied; the journal verifies, head {one.head.hash}."
        )
    word = ", with the password in place of ***" if "***" in str(target) else ""
    click.echo(
        f"Now write this line under [server] in {home / FILE}{word}, and start the server. HALLCALL_DATABASE, where it "
        f"is set, wins over the file.\n\ndatabase = {json.dumps(str(target), ensure_ascii=False)}"
    )
