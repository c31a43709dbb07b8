"""A PostgreSQL of the tests' own: made in a temporary folder, on loopback only, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

# Root may not run PostgreSQL; Debian's package brings this user.
_UNPRIVILEGED = "postgres"
_START_S = 60  # initdb and the first start take 2 s on an idle machine and many times that on a busy one


@dataclass
class Cluster:
    """A server that can be stopped, killed, frozen and started again; ``url`` is reached by its socket file."""

    programs: Path
    folder: Path
    port: int
    fsync: bool = False  # only who measures waits for the disk

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://hall@/postgres?host={self.folder}&port={self.port}"

    def tcp_url(self, database: str = "postgres", port: int = 0) -> str:
        """The same over loopback, by way of another port where something stands in between."""
        return f"postgresql+psycopg://hall@127.0.0.1:{port or self.port}/{database}"

    def make(self) -> None:
        self.run("initdb", "-A", "trust", "-U", "hall", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        fsync = "on" if self.fsync else "off"
        options = f"-k {self.folder} -p {self.port} -c listen_addresses=127.0.0.1 -c fsync={fsync}"
        self.run("pg_ctl", "start", "-w", "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        """``immediate`` is what a kill does: nobody is told, the next start recovers."""
        self.run("pg_ctl", "stop", "-w", "-m", mode)

    def freeze(self) -> None:
        """Every process stands still with what it holds; the ports still accept, nobody answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def sql(self, statement: str, database: str = "postgres") -> list[Any]:
        """The rows of one statement, committed at once."""
        where = f"host={self.folder} port={self.port} user=hall dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def run(self, program: str, *arguments: str) -> None:
        user = _UNPRIVILEGED if os.geteuid() == 0 else None
        command = [str(self.programs / program), "-D", str(self.folder / "data"), *arguments]
        with (self.folder / f"{program}.log").open("ab") as out:
            subprocess.run(command, user=user, cwd=self.folder, stdout=out, stderr=out, check=True, timeout=_START_S)

    def _signal(self, number: signal.Signals) -> None:
        master = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text("ascii").splitlines()[0]))
        master.send_signal(number)  # first, so that it makes no more children meanwhile
        for child in master.children(recursive=True):
            child.send_signal(number)


@contextmanager
def running(programs: Path, *, fsync: bool = False) -> Iterator[Cluster]:
    """A server of its own for a test that does things to it."""
    with tempfile.TemporaryDirectory(prefix="hallcall-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, _UNPRIVILEGED)
        made = Cluster(programs, folder, _free_port(), fsync)
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """The URL of an empty database."""
    with running(programs) as server:
        yield server.url


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
