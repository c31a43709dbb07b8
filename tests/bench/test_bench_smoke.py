"""The bench must not rot: a tiny run of what it is made of. What it measures is nobody's business here."""

import json
import subprocess
import sys
from pathlib import Path

from tests.bench import store
from tests.bench.cells import PLANS
from tests.bench.targets import TARGETS

# ``sign`` needs the whole demonstration hall and ``painted`` and ``first-paint`` a browser; other tests open both.
CELLS = [plan.name for plan in PLANS if plan.name not in ("sign", "painted", "first-paint")]


def test_a_tiny_run_of_the_bench_fills_its_cells_and_draws_them(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    only = [word for cell in CELLS for word in ("--only", cell)]
    command = [sys.executable, "-m", "tests.bench", "--quick", *only, "--work", str(tmp_path), "--out", str(out)]
    done = subprocess.run(command, cwd=store.ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    run = store.read(out)
    assert sorted(run.cells) == sorted(CELLS)
    reached = [v for v in json.loads(out.read_text("utf-8"))["verdicts"] if v["cell"] in CELLS]
    assert [v for v in reached if v["reached"] is None] == []
    assert [v["reached"] for v in reached if v["figure"] == "twice"] == [0] * 4
    assert all(cell.before and cell.after and cell.floor for cell in run.cells.values())
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_every_target_belongs_to_a_cell() -> None:
    assert {target.cell for target in TARGETS} == {plan.name for plan in PLANS}
