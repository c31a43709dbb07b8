"""A PostgreSQL of the tests' own: made in a temporary folder, reached by a socket file there, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Root may not run PostgreSQL; Debian's package brings this user.
_UNPRIVILEGED = "postgres"
_START_S = 60  # initdb and the first start take 2 s on an idle machine and many times that on a busy one


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Start a server and yield the URL of an empty database; it listens to nothing but its socket file."""
    with tempfile.TemporaryDirectory(prefix="hallcall-pg-") as name:
        folder = Path(name)
        user = _UNPRIVILEGED if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        data = folder / "data"

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(data), *arguments]
            log = folder / f"{program}.log"
            with log.open("ab") as out:
                subprocess.run(command, user=user, cwd=folder, stdout=out, stderr=out, check=True, timeout=_START_S)

        run("initdb", "-A", "trust", "-U", "hall", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "-w", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off")
        try:
            yield f"postgresql+psycopg://hall@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
