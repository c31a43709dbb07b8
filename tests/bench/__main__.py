"""``python -m tests.bench``: what this machine makes of the hall, each figure beside the machine's own floor."""

import argparse
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests.bench import picture, report, store
from tests.bench.cells import PLANS, named
from tests.bench.figures import Cell
from tests.bench.probe import Probe
from tests.bench.profiling import profiled
from tests.bench.stage import ALONE, FULL, LONG, QUICK, Effort, Plan, Stage, scene

BUILD = store.ROOT / "build"
UNSEEN = {"kill", "stop", *(plan.name for plan in PLANS if plan.scene == ALONE)}  # no process to look at from outside


def measure(plans: tuple[Plan, ...], effort: Effort, folder: Path, profile: str | None) -> dict[str, Cell]:
    """All cells, scene by scene."""
    cells: dict[str, Cell] = {}
    probe = Probe(folder, effort.probe_s)
    try:
        for place in dict.fromkeys(plan.place(effort) for plan in plans):
            with scene(place, effort, folder) as stage:
                for plan in (plan for plan in plans if plan.place(effort) == place):
                    cells[plan.name] = _cell(plan, stage, probe, profile)
    finally:
        probe.close()
    return cells


def _cell(plan: Plan, stage: Stage, probe: Probe, profile: str | None) -> Cell:
    cell = Cell(plan.name, plan.title)
    look = profiled(stage.server.pid(), BUILD / f"profile-{plan.name}.txt") if profile == plan.name else nullcontext()
    began = time.monotonic()
    with probe.beside(cell), look:
        cell.figures, cell.note = plan.measure(stage)
    Console(stderr=True).print(f"{plan.name}: {time.monotonic() - began:.1f} s")
    return cell


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--quick", action="store_true", help="a smoke run: the figures mean nothing and are not kept")
    effort.add_argument("--long", action="store_true", help="more of everything, and all 1,000,000 pushes")
    parser.add_argument("--only", action="append", default=[], metavar="CELL", help="only this cell; may be repeated")
    parser.add_argument("--profile", metavar="CELL", help="only this cell, and where its server's time goes (py-spy)")
    parser.add_argument("--store", type=Path, default=BUILD / "bench", help="where runs are kept, a file a commit")
    parser.add_argument("--out", type=Path, help="where the JSON goes (default build/bench.json)")
    parser.add_argument("--work", type=Path, default=BUILD, help="a folder on the disk that is to be measured")
    parser.add_argument("--docs", action="store_true", help="put the table of this run into docs/performance.md")
    parser.add_argument("--list", action="store_true", help="name the cells")
    return parser.parse_args()


def main() -> None:
    """Measure, compare, show, keep."""
    options = _options()
    if options.list:
        Console().print("\n".join(f"{plan.name:14} {plan.title}" for plan in PLANS))
        return
    plans = named([options.profile] if options.profile else options.only)
    if options.profile and plans[0].name in UNSEEN:
        raise SystemExit(f"{options.profile} has no one server that lives through it: profile another cell")
    BUILD.mkdir(exist_ok=True)
    began = time.monotonic()
    run = store.Run(
        datetime.now(UTC).isoformat(timespec="seconds"), store.this_commit(), store.this_machine(options.work)
    )
    with tempfile.TemporaryDirectory(prefix="bench-work-", dir=options.work) as folder:
        effort = QUICK if options.quick else LONG if options.long else FULL
        run.cells = measure(plans, effort, Path(folder), options.profile)
    run.took_s = round(time.monotonic() - began, 1)
    _tell(run, options, whole=len(plans) == len(PLANS) and not options.quick)


def _tell(run: store.Run, options: argparse.Namespace, *, whole: bool) -> None:
    """Only a whole run is kept for comparisons: a part, or a smoke run, would be taken for one."""
    old = store.last_kept(options.store, run.commit)
    since = store.changes(run, old) if old and not options.quick else {}
    report.tell(run, old, since)
    out = options.out or BUILD / ("bench.json" if whole else "bench-part.json")
    files = [out, options.store / f"{run.commit}.json"] if whole else [out]
    for file in files:
        store.keep(run, file)
    drawn = out.with_suffix(".png")
    picture.draw(run, old, drawn)
    if options.docs:
        report.into_page(run)
    Console(stderr=True).print(f"Kept in {', '.join(map(str, [*files, drawn]))}")


if __name__ == "__main__":
    main()
