"""The bench must not rot: a tiny run measures every cell. What it measures is nobody's business here."""

import json
import subprocess
import sys
from pathlib import Path


def test_a_tiny_run_of_the_bench_fills_every_cell(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "tests.bench", "--quick", "--out", str(out)]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(out.read_text("utf-8"))
    assert [cell["name"] for cell in result["cells"]] == [
        "F: bare commit, SQLite WAL + FULL", "empty request, kept connection",
        "issue, 1 client, closed loop", "issue, 16 clients, closed loop", "issue, 64 clients, closed loop",
        "issue, 100 a second, open loop",
        "call → TV, 5 sockets", "call → TV, 10 sockets", "issue, 50 a second, open loop, 10 TVs",
        "memory of the server, 10 TVs",
        "kill -9 → first answer", "SIGTERM → exit, 50 sockets",
        "call → sign has its frame, 9600 Bd", "call → sign ACK, 9600 Bd", "tickets issued twice",
    ]  # fmt: skip
    timed = [cell["spread"]["count"] for cell in result["cells"] if cell["spread"]]
    assert (len(timed), min(timed) > 0) == (13, True)
    assert [target["value"] for target in result["cells"][-1]["targets"]] == [0]
    assert {"server with 10 TVs", "demo: hall_server.serve", "demo: kiosk K1"} <= set(result["memory_mb"])
