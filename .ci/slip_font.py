"""Cuts the fonts of the paper slip out of Debian's Noto Sans CJK: small, yet wide enough for GB 2312.

A bare machine has no Chinese font and would print boxes. Run again only to change the characters; needs
Debian's ``fonts-noto-cjk`` and ``fonttools`` from the dev lock.
"""

import argparse
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "drivers" / "escpos" / "fonts"
DEBIAN_FONTS = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED = 2  # Place of "Noto Sans CJK SC" in Debian's collections; checked by name below.

ASCII = "".join(map(chr, range(0x20, 0x7F)))
# Western names, quotes, dashes, arrows and marks that GB 2312 lacks.
BEYOND = "".join(map(chr, range(0xA0, 0x100))) + "–—‘’“”•…‹›€№™←↑→↓↔↕≤≥✓�"
# Only the big number is bold: series letters, digits, the copy and reprint words and the word for "number".
BOLD_HANZI = "补打重印号"


def gb2312() -> str:
    """Every character of the set, by asking the codec about each pair of bytes."""
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(cell.decode("gb2312", errors="ignore") for cell in cells)


def cut(source: Path, characters: str, target: Path) -> None:
    """Write the glyphs for ``characters`` and nothing else; a slip at 203 dpi has no use for hints."""
    font = TTFont(source, fontNumber=SIMPLIFIED, recalcTimestamp=False)
    name = font["name"].getDebugName(1)
    if name is None or not name.startswith("Noto Sans CJK SC"):
        raise SystemExit(f"{source}: face {SIMPLIFIED} is {name!r}, not Noto Sans CJK SC")
    options = Options(hinting=False, layout_features=["kern"], name_languages=[0x409], notdef_outline=True)
    options.drop_tables = [*options.drop_tables, "VORG", "vhea", "vmtx", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.save(target)


def main() -> None:
    """Cut both fonts into the driver's folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, default=DEBIAN_FONTS, help="folder with NotoSansCJK-*.ttc")
    folder: Path = parser.parse_args().fonts
    TARGET.mkdir(parents=True, exist_ok=True)
    cut(folder / "NotoSansCJK-Regular.ttc", ASCII + BEYOND + gb2312(), TARGET / "slip-regular.otf")
    cut(folder / "NotoSansCJK-Bold.ttc", ASCII + BOLD_HANZI, TARGET / "slip-bold.otf")


if __name__ == "__main__":
    main()
