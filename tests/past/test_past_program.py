"""The commands about past days as one types them: each starts, and trouble is a sentence."""

import subprocess
import sys
from pathlib import Path

from tests.server.halls import write_settings

HALLCALL = (sys.executable, "-c", "from hall_server.cli import main; main()")


def trouble(home: Path, *words: str) -> str:
    command = [*HALLCALL, *words, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_folder_without_a_hall_and_one_without_a_journal_are_told_in_a_sentence(tmp_path: Path) -> None:
    assert "does not exist" in trouble(tmp_path, "kpi")
    write_settings(tmp_path)
    assert trouble(tmp_path, "why", "A001").startswith("The database cannot be used")
