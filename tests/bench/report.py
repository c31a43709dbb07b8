"""A run as a table for people and as Markdown for the documents."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Cell, Figure, Floor
from tests.bench.store import ROOT, Change, Run
from tests.bench.targets import Verdict, verdicts

# Column and width; the first says which figure, numbers stand right.
COLUMNS = {
    "figure": 26, "value": 14, "range": 22, "× floor": 9, "target": 20, "reached": 9, "verdict": 13, "last run": 14,
    "change": 14,
}  # fmt: skip
LEFT = {"figure", "target", "verdict", "change"}
MEMORY_DISKS = {"tmpfs", "ramfs"}
WIDTH = 170  # where no terminal says how wide it is
PAGE = ROOT / "docs" / "performance.md"
NEWEST = re.compile(r"(?<=<!-- newest run -->\n).*?(?=<!-- end of newest run -->)", re.DOTALL)
FQM = "issue rate ≥ 12 × FQM's: not measured here (FQM is not installed beside us)"

Changes = dict[tuple[str, str], Change]


def number(figure: Figure, value: float) -> str:
    """As many digits as say something."""
    whole = abs(value) >= 100 or (figure.unit in ("", "bytes", "/s") and value == int(value))
    digits = 0 if whole else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def shown(figure: Figure) -> str:
    """With its unit."""
    return f"{number(figure, figure.value)} {figure.unit}".strip()


def per_floor(name: str, figure: Figure, floor: Floor | None) -> float | None:
    """A wait in bare commits and empty requests of the same percentile, a rate in bare commits."""
    if floor is None or figure.unit not in ("ms", "/s"):
        return None
    if figure.unit == "/s":
        return figure.value / floor.f_per_s
    return figure.value / (floor.f50 + floor.e50 if name.endswith("p50") else floor.f99 + floor.e99)


def rows(name: str, cell: Cell, run: Run, since: Changes) -> Iterator[tuple[str, ...]]:
    """A line for each figure of a cell; long tails that no target asks for are left to the JSON."""
    by = {v.target.figure: v for v in verdicts(run.cells) if v.target.cell == name}
    for figure in cell.figures:
        if figure in by or not figure.endswith(("longest", "twice")):
            yield _figure(figure, cell, by.get(figure), since.get((name, figure)))


def _figure(name: str, cell: Cell, verdict: Verdict | None, change: Change | None) -> tuple[str, ...]:
    figure = cell.figures[name]
    ratio = per_floor(name, figure, cell.floor)
    spread = f"{number(figure, figure.low)}–{number(figure, figure.high)}" if figure.low != figure.high else ""
    return (
        name, shown(figure), spread, f"{ratio:.2f}" if ratio is not None else "",
        verdict.target.words() if verdict else "",
        f"{verdict.reached:.2f}" if verdict and verdict.reached is not None else "", verdict.said if verdict else "",
        shown(change.was) if change else "", change.said(figure.unit) if change else "",
    )  # fmt: skip


def _beside(cell: Cell) -> str:
    """The floor before and after, and why the cell is not to be trusted."""
    if cell.before is None or cell.after is None:
        return ""
    told = " → ".join(f"F {f.f50:.2f}/{f.f99:.2f} E {f.e50:.2f}/{f.e99:.2f}" for f in (cell.before, cell.after))
    noise = ", ".join(cell.noise())
    return f"{told}  NOISY: {noise}" if noise else told


def tell(run: Run, old: Run | None, since: Changes) -> None:
    """Show everything."""
    console = Console(width=None if Console().is_terminal else WIDTH, highlight=False)
    console.print(
        "HallCall bench. F: bare SQLite WAL + FULL commit, E: empty request; p50/p99 in ms beside each cell\n"
    )
    console.print(_grid([tuple(COLUMNS)]), style="bold")
    for name, cell in run.cells.items():
        console.print(f"[bold]{name}[/bold]: {cell.title} [dim]({cell.note})[/dim]")
        console.print(_grid(rows(name, cell, run, since)))
        console.print(f"  [dim]{_beside(cell)}[/dim]\n")
    missing = [
        f"{v.target.cell} {v.target.figure}"
        for v in verdicts(run.cells)
        if v.holds is None and v.target.cell in run.cells
    ]
    if missing:
        console.print(f"Not measured: {', '.join(missing)}")
    console.print(f"Not measured: {FQM}")
    console.print(summary(run))
    if run.machine.disk in MEMORY_DISKS:
        console.print("That disk is memory: F is no disk's, and no ratio to it means anything. Use --work.")
    said = f"Compared with {old.commit} of {old.at}" if old else "No kept run of an earlier commit to compare with"
    other = old is not None and old.machine != run.machine
    console.print(f"{said}{'; IT WAS MADE ELSEWHERE, only ratios compare' if other else ''}.")


def _grid(lines: Iterable[tuple[str, ...]]) -> Table:
    grid = Table.grid(padding=(0, 1))
    for column, width in COLUMNS.items():
        grid.add_column(width=width, justify="left" if column in LEFT else "right", overflow="fold")
    for line in lines:
        bad = "MISSES" in line or "WORSE" in line[-1]
        grid.add_row(f"  {line[0]}", *line[1:], style="yellow" if bad else "green" if "holds" in line else "")
    return grid


def summary(run: Run) -> str:
    """When, what, where."""
    m = run.machine
    where = f"{m.cpus} × {m.cpu}, {m.memory_gb:g} GB, {m.system}, {m.disk}, Python {m.python}"
    return f"{run.at}, commit {run.commit}, {run.took_s:.0f} s; {where}."


def markdown(run: Run) -> str:
    """The targets and what was reached, each with the floor beside its cell."""
    lines = [
        summary(run), "", "| what | figure | value | target | reached | | F50/F99 | E50/E99 |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for verdict in verdicts(run.cells):
        target, cell = verdict.target, run.cells.get(verdict.target.cell)
        if cell is None or cell.floor is None or verdict.reached is None:
            lines.append(f"| {target.cell} | {target.figure} | | {target.words()} | | not measured | | |")
            continue
        floor, noisy = cell.floor, " (noisy)" if cell.noise() else ""
        figure = shown(cell.figures[target.figure])
        lines.append(
            f"| {cell.title} | {target.figure} | {figure} | {target.words()} | {verdict.reached:.2f} "
            f"| {verdict.said.lower()}{noisy} | {floor.f50:.2f}/{floor.f99:.2f} | {floor.e50:.2f}/{floor.e99:.2f} |"
        )
    return "\n".join([*lines, "", f"{FQM}.", ""])


def into_page(run: Run, page: Path = PAGE) -> None:
    """Replace the table of the newest run in the documents."""
    page.write_text(NEWEST.sub(lambda _: markdown(run), page.read_text("utf-8")), "utf-8")
