"""The commands about past days as one types them: each starts, and trouble is a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.halls import write_settings

HALLCALL = (sys.executable, "-c", "from hall_server.cli import main; main()")


@pytest.mark.parametrize("words", [("kpi",), ("why", "A001")])
def test_a_folder_without_a_hall_is_told_apart_from_a_day_without_customers(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [*HALLCALL, *words, "--home", str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "does not exist" in done.stderr
    write_settings(tmp_path)
    done = subprocess.run(
        [*HALLCALL, *words, "--home", str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("The database cannot be used")
    assert "Traceback" not in done.stderr
