"""Runs of the bench on disk, one file a commit, and what has changed since the last one that was kept."""

import json
import platform
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from hall_server.core import codec
from tests.bench.figures import Cell, Figure, Floor
from tests.bench.targets import verdicts

ROOT = Path(__file__).parents[2]
PRODUCT = ("display", "drivers", "hall_server", "kiosk", "requirements.txt")
COMMIT_CHARS = 12
LOOKED_BACK = 1000  # commits among which the last kept run is looked for
UNSEEN_NOISE = 0.03  # of a figure that was taken once, and so has shown no noise of its own


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a run was made; floors of different machines have nothing to say to each other."""

    cpu: str
    cpus: int
    memory_gb: float
    system: str
    disk: str
    python: str


@dataclass(slots=True)
class Run:
    """One run: when, of what, where, and what it came to."""

    at: str
    commit: str  # with ``+`` when the product's files were changed since
    machine: Machine
    took_s: float = 0.0
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure since the last kept run; ``by`` and ``noise`` are shares of what it was."""

    was: Figure
    by: float
    noise: float

    @property
    def real(self) -> bool:
        """Whether it is more than the noise that both runs have shown."""
        return abs(self.by) > self.noise

    def said(self, unit: str) -> str:
        """For people: only what is more than noise gets a word."""
        if not self.real:
            return f"{self.by:+.0%}"
        return f"{self.by:+.0%} {'BETTER' if (self.by > 0) == (unit == '/s') else 'WORSE'}"


def _git(*words: str) -> str:
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (FileNotFoundError, subprocess.CalledProcessError):
        return ""  # a copy without history has nothing to compare with


def this_commit() -> str:
    """The commit that is measured, marked when the product differs from it."""
    commit = _git("rev-parse", f"--short={COMMIT_CHARS}", "HEAD") or "unknown"
    return f"{commit}+" if _git("status", "--porcelain", "--", *PRODUCT) else commit


def this_machine(folder: Path) -> Machine:
    """A description without names."""
    models = [line for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else platform.processor() or platform.machine()
    at = [part for part in psutil.disk_partitions(all=True) if folder.resolve().is_relative_to(part.mountpoint)]
    disk = max(at, key=lambda part: len(part.mountpoint)).fstype if at else "unknown"
    memory_gb = round(psutil.virtual_memory().total / 1e9, 1)
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return Machine(model, psutil.cpu_count() or 1, memory_gb, system, disk, platform.python_version())


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def keep(run: Run, file: Path) -> None:
    """Write a run; noise and verdicts are there for readers, not read back."""
    raw = codec.dump(run)
    for name, cell in run.cells.items():
        raw["cells"][name]["noisy"] = cell.noise()
    raw["verdicts"] = [
        {"cell": v.target.cell, "figure": v.target.figure, "target": v.target.words(), "reached": v.reached,
         "verdict": v.said} for v in verdicts(run.cells)
    ]  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read(file: Path) -> Run:
    """A run that was kept."""
    return codec.load(Run, json.loads(file.read_text("utf-8")))


def last_kept(store: Path, commit: str) -> Run | None:
    """The run of the newest commit before this one (or of this one, before it was changed) that is in the store."""
    log = _git("rev-list", f"--abbrev={COMMIT_CHARS}", "--abbrev-commit", f"--max-count={LOOKED_BACK}", "HEAD")
    for before in log.split():
        file = store / f"{before}.json"
        if before != commit and file.exists():
            return read(file)
    return None


def changes(new: Run, old: Run) -> dict[tuple[str, str], Change]:
    """By cell and figure: how each that is in both has changed."""
    found = {}
    for name, cell in new.cells.items():
        before = old.cells.get(name)
        for figure, now in cell.figures.items():
            was = before.figures.get(figure) if before else None
            if before and was and was.value:
                moved = _moved(cell.floor, before.floor) if was.unit in ("ms", "/s") else 0.0
                noise = max(_spread(now), _spread(was), UNSEEN_NOISE) + moved
                found[name, figure] = Change(was, now.value / was.value - 1, noise)
    return found


def _spread(figure: Figure) -> float:
    return (figure.high - figure.low) / 2 / abs(figure.value) if figure.value else 0.0


def _moved(new: Floor | None, old: Floor | None) -> float:
    """How far the machine itself has moved between two runs."""
    if new is None or old is None:
        return 0.0
    return abs((new.f50 + new.e50) / (old.f50 + old.e50) - 1)
