"""A picture of replays, read as JSON: for each policy how long whom has waited, hour by hour and class by class."""

import json
import sys
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INCHES = (10.0, 6.0)


def draw(told: dict[str, Any], path: str) -> None:
    """Save the picture; the ending of the path says of which kind."""
    policies: dict[str, dict[str, Any]] = told["policies"]
    with rc_context({"svg.hashsalt": "hallcall", "font.size": 9}):
        canvas = Figure(figsize=INCHES, layout="constrained")
        by_hour, by_class = canvas.subplots(2, 1)
        hours = sorted({group["name"] for one in policies.values() for group in one["by_hour"]})
        for name, one in policies.items():
            means = {group["name"]: group["waits"]["mean_s"] for group in one["by_hour"]}
            by_hour.plot(hours, [means.get(hour) for hour in hours], marker="o", label=name)
        by_hour.set_title(f"{told['file']}, {told['date']}: {told['windows']} windows")
        by_hour.set_ylabel("mean wait (s)")
        by_hour.legend()
        _bars(by_class, policies)
        canvas.savefig(path, metadata={"Date": None} if path.endswith(".svg") else None)


def _bars(axes: Axes, policies: dict[str, dict[str, Any]]) -> None:
    """90 % of a class wait no longer than this."""
    classes = sorted({group["name"] for one in policies.values() for group in one["by_class"]})
    width = 0.8 / len(classes)
    for n, klass in enumerate(classes):
        found = [{g["name"]: g["waits"]["p90_s"] for g in one["by_class"]}.get(klass) or 0 for one in policies.values()]
        axes.bar([at + n * width for at in range(len(policies))], found, width, label=f"class {klass or '-'}")
    axes.set_xticks([at + width * (len(classes) - 1) / 2 for at in range(len(policies))], list(policies))
    axes.set_ylabel("90 % wait at most (s)")
    axes.legend()


if __name__ == "__main__":
    draw(json.load(sys.stdin), sys.argv[1])
