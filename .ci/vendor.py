"""Copies the scripts, icons and fonts that the screens use from npm packages to ``display/static/vendor``.

The copies are committed: a hall needs no node. ``package-lock.json`` pins what is fetched,
``vendor.lock.json`` what was copied; ``tests/test_architecture.py`` checks the copies without node.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
TARGET = ROOT / "display" / "static" / "vendor"

# package -> ((file in the package, name of the copy), ...); {v} is the installed version.
FILES = {
    "htmx.org": (
        ("dist/htmx.min.js", "htmx-{v}.min.js"),
        ("LICENSE", "htmx-{v}.LICENSE"),
    ),
    "idiomorph": (
        ("dist/idiomorph-ext.min.js", "idiomorph-ext-{v}.min.js"),
        ("LICENSE", "idiomorph-ext-{v}.LICENSE"),
    ),
    "socket.io-client": (
        ("dist/socket.io.esm.min.js", "socket.io-{v}.esm.min.js"),
        ("LICENSE", "socket.io-{v}.LICENSE"),
    ),
    "uplot": (
        ("dist/uPlot.iife.min.js", "uplot-{v}.iife.min.js"),
        ("dist/uPlot.min.css", "uplot-{v}.min.css"),
        ("LICENSE", "uplot-{v}.LICENSE"),
    ),
    "lucide-static": (("LICENSE", "lucide-{v}.LICENSE"),),
    "@fontsource-variable/atkinson-hyperlegible-next": (("LICENSE", "fonts/atkinson-hyperlegible-next-{v}.LICENSE"),),
    "@fontsource-variable/noto-sans-sc": (("LICENSE", "fonts/noto-sans-sc-{v}.LICENSE"),),
}

# package -> (family as our style sheets name it, file stem, subsets wanted; empty = every slice)
FONTS = {
    "@fontsource-variable/atkinson-hyperlegible-next": (
        "Atkinson Hyperlegible Next",
        "atkinson-hyperlegible-next",
        ("latin",),
    ),
    "@fontsource-variable/noto-sans-sc": ("Noto Sans SC", "noto-sans-sc", ()),
}

ICONS = tuple(
    "a-large-small accessibility arrow-down-to-line arrow-right baby bell briefcase building calendar-check "
    "car check chevron-left chevron-right circle-check circle-help circle-x clock contrast copy credit-card ear eye "
    "flag flame hand hand-heart heart-handshake house id-card info keyboard languages log-in log-out map-pin "
    "megaphone monitor monitor-off pause phone play plug plus printer printer-x receipt-text rotate-ccw "
    "scroll-text skip-forward ticket triangle-alert unplug user users volume-2 volume-x wifi-off wrench "
    "x zap".split()
)

_STROKES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
_SHAPES = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
_FACE = re.compile(
    r"@font-face \{[^}]*?font-weight: (?P<weight>[\d ]+);"
    r"[^}]*?url\(\./files/(?P<file>[\w-]+\.woff2)\)[^}]*?unicode-range: (?P<range>[^;]+);",
)


def main() -> int:
    """Fetch, empty the folder, copy, draw the sprite, write the style sheet of fonts and the lock."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("vendor: npm is not installed; the committed copies stay as they are\n")
        return 1
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "fonts").mkdir(parents=True)
    for package, pairs in FILES.items():
        for source, name in pairs:
            shutil.copyfile(PACKAGES / package / source, TARGET / name.format(v=version(package)))
    (TARGET / "sprite.svg").write_text(sprite(), encoding="utf-8")
    (TARGET / "fonts.css").write_text("\n".join(font_faces()), encoding="utf-8")
    write_lock()
    return 0


def version(package: str) -> str:
    """The version that npm installed."""
    manifest = json.loads((PACKAGES / package / "package.json").read_text(encoding="utf-8"))
    return str(manifest["version"])


def sprite() -> str:
    """One file with a symbol per icon, to be drawn with ``<use href="…/sprite.svg#icon-NAME">``."""
    rows = [
        f"<!-- lucide {version('lucide-static')}, ISC licence -->",
        '<svg xmlns="http://www.w3.org/2000/svg">',
    ]
    for name in ICONS:
        drawing = (PACKAGES / "lucide-static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        shapes = _SHAPES.search(drawing)
        if shapes is None:
            raise ValueError(f"icon {name} is not the drawing this script expects")
        inner = "".join(line.strip() for line in shapes[1].splitlines())
        rows.append(f'<symbol id="icon-{name}" viewBox="0 0 24 24" {_STROKES}>{inner}</symbol>')
    return "\n".join([*rows, "</svg>", ""])


def font_faces() -> Iterator[str]:
    """Copy the font slices and yield the rules that load each one only for the characters it has."""
    for package, (family, stem, wanted) in FONTS.items():
        faces = list(_FACE.finditer((PACKAGES / package / "wght.css").read_text(encoding="utf-8")))
        if not faces:
            raise ValueError(f"{package}: no font faces found in wght.css")
        for face in faces:
            subset = face["file"].removeprefix(f"{stem}-").removesuffix("-wght-normal.woff2")
            if wanted and subset not in wanted:
                continue
            name = f"{stem}-{version(package)}-{subset}.woff2"
            shutil.copyfile(PACKAGES / package / "files" / face["file"], TARGET / "fonts" / name)
            yield (
                f'@font-face {{ font-family: "{family}"; font-style: normal; font-weight: {face["weight"]}; '
                f'font-display: swap; src: url("fonts/{name}") format("woff2"); '
                f"unicode-range: {face['range']}; }}"
            )
    yield ""


def write_lock() -> None:
    """Record what each copy must look like."""
    rows = [
        {
            "file": path.relative_to(TARGET).as_posix(),
            "version": version_in(path),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(TARGET.rglob("*"))
        if path.is_file()
    ]
    (TARGET / "vendor.lock.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def version_in(path: Path) -> str:
    """The version a copy belongs to: the one in its name; sprite and style sheet are made by this script."""
    found = re.search(r"-(\d+\.\d+\.\d+)", path.name)
    return found[1] if found else version("lucide-static") if path.suffix == ".svg" else "generated"


if __name__ == "__main__":
    raise SystemExit(main())
