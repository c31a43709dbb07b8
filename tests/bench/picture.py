"""A run as a picture: each target as a share of its bound, beside the last run."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from tests.bench import report
from tests.bench.store import Run
from tests.bench.targets import Verdict, verdicts

GOOD, BAD, OLD, INK = "#1a7f5a", "#c2410c", "#9aa3ad", "#20262d"
ROW_INCH, WIDE_INCH, FRAME_INCH = 0.36, 13.0, 2.0
LEAST = 0.004  # the left edge: what is better is drawn on it
AROUND = 1.6  # room beyond the outermost dot


def draw(run: Run, old: Run | None, file: Path) -> None:
    """Left of the line holds, right of it misses; the fainter dot is the last run."""
    found = [v for v in verdicts(run.cells) if v.of_bound is not None]
    before = {v.target: v for v in verdicts(old.cells)} if old else {}
    canvas = Canvas(figsize=(WIDE_INCH, FRAME_INCH + ROW_INCH * len(found)), layout="constrained")
    axes = canvas.add_subplot()
    for place, verdict in enumerate(found):
        _row(axes, place, verdict, before.get(verdict.target), run)
    axes.set_yticks(range(len(found)), [_name(v, run) for v in found], fontsize=9.5, color=INK)
    axes.set_ylim(len(found) - 0.4, -0.6)
    _scale(axes, [v.of_bound or LEAST for v in (*found, *before.values())])
    canvas.suptitle(
        "HallCall bench: what was reached, as a share of its target", fontsize=14, color=INK, x=0.01, ha="left"
    )
    compared = f"   ○ last kept run: {old.commit}" if old else ""
    axes.set_title(f"● this run: {run.commit}, {run.at}{compared}\n{run.machine.cpus} × {run.machine.cpu}, "
                   f"{run.machine.disk}; the bar is the range within the run, ~ marks a noisy cell",
                   fontsize=9, color="#5b6570", loc="left")  # fmt: skip
    canvas.savefig(file, dpi=110)


def _row(axes: Axes, place: int, verdict: Verdict, before: Verdict | None, run: Run) -> None:
    share = max(verdict.of_bound or 0.0, LEAST)
    figure, colour = run.cells[verdict.target.cell].figures[verdict.target.figure], GOOD if verdict.holds else BAD
    if figure.value and figure.low > 0:
        ends = sorted(share * (figure.value / end if verdict.target.least else end / figure.value)
                      for end in (figure.low, figure.high))  # fmt: skip
        axes.plot([max(end, LEAST) for end in ends], [place, place], color=colour, alpha=0.3, linewidth=6,
                  solid_capstyle="round", zorder=2)  # fmt: skip
    if before is not None and before.of_bound is not None:
        axes.plot([max(before.of_bound, LEAST)], [place], "o", markerfacecolor="white", markeredgecolor=OLD,
                  markeredgewidth=1.6, markersize=8, zorder=3)  # fmt: skip
    axes.plot([share], [place], "o", color=colour, markersize=8, zorder=4)
    said = f"{report.shown(figure)}   (target {verdict.target.words()}" + (
        f", reached {verdict.reached:.2f})" if verdict.target.unit.startswith("×") else ")"
    )
    axes.annotate(said, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=9, color=colour)


def _name(verdict: Verdict, run: Run) -> str:
    cell = run.cells[verdict.target.cell]
    return f"{'~ ' if cell.noise() else ''}{cell.title}: {verdict.target.figure}"


def _scale(axes: Axes, shares: list[float]) -> None:
    axes.set_xscale("log")
    low, high = max(LEAST, min(shares)) / AROUND, max(2.0, *shares) * AROUND
    axes.set_xlim(low, high)
    axes.axvline(1.0, color=INK, linewidth=1.2, zorder=1)
    axes.axvspan(1.0, high, color=BAD, alpha=0.05, zorder=0)
    ticks = [t for t in (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100) if low < t < high]
    axes.set_xticks(ticks, [f"{t:g} ×" if t != 1 else "target" for t in ticks], fontsize=9)
    axes.minorticks_off()
    axes.set_xlabel(
        "left of the line the target holds; what was not measured is not drawn", fontsize=9, color="#5b6570"
    )
    axes.grid(axis="x", color="#e3e7eb", zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
