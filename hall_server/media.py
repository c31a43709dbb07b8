"""Pictures and films of a hall: taken in small parts, believed by their content, kept under the name of their content.

Pictures are drawn anew, so that nothing but the picture is kept; films stay as they are, if a browser can play them.
"""

import os
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from re import fullmatch

from PIL import Image, ImageOps

FOLDER = "content"  # in the hall's own folder
IMAGE_BYTES = 12 * 1024 * 1024  # a camera's largest pictures
VIDEO_BYTES = 64 * 1024 * 1024  # two minutes at four megabits a second
PIXELS = 40_000_000  # what decoding may need: 160 MB
WIDTH, HEIGHT = 1920, 1080  # no TV shows it larger than a quarter of this; kept for whole-screen use
QUALITY = 88  # text in a slide shows no rings
PARTS = 4  # uploads under way at once
PART_S = 3600.0  # an upload that nobody has continued for so long is over
HEAD_BYTES = 64
ENDINGS = {"image": "webp", "mp4": "mp4", "webm": "webm"}
CODECS = (b"avc1", b"avc3", b"vp09", b"av01")  # what browsers play in an MP4 file
NAME = r"[0-9a-f]{64}\.(webp|mp4|webm)"


class MediaRefused(Exception):
    """A file cannot be taken; ``code`` names why, ``detail`` says it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Media:
    """The files of one hall on this computer."""

    folder: Path

    def write(self, upload: str, offset: int, data: bytes) -> int:
        """One part of a file; a part that comes twice is written twice to the same place. How much there is."""
        part = self._part(upload)
        size = part.stat().st_size if part.exists() else 0
        if offset > size:
            raise MediaRefused("upload_lost", "Parts of the file are missing here: send it again from its beginning.")
        if offset + len(data) > VIDEO_BYTES:
            part.unlink(missing_ok=True)
            raise MediaRefused("media_large", f"A film may have {VIDEO_BYTES // 1024 // 1024} MB at most.")
        if not size:
            self._make_room()
        with part.open("r+b" if size else "wb") as stream:
            stream.seek(offset)
            stream.write(data)
        return max(size, offset + len(data))

    def take(self, upload: str) -> tuple[str, str]:
        """What was uploaded: its kind (image | video), and the name under which it is kept."""
        part = self._part(upload)
        if not part.exists():
            raise MediaRefused("upload_lost", "There is no such file here: send it again.")
        try:
            data = part.read_bytes()
        finally:
            part.unlink()
        found = _signature(data[:HEAD_BYTES])
        if found == "image":
            data = _redraw(data)
        elif found == "mp4":
            _check_mp4(data)
        name = f"{sha256(data).hexdigest()}.{ENDINGS[found]}"
        self._keep(name, data)
        return ("image" if found == "image" else "video"), name

    def find(self, name: str) -> Path | None:
        """Where a file is, if it is here."""
        path = self.folder / name
        return path if fullmatch(NAME, name) and path.is_file() else None

    def drop(self, name: str) -> None:
        """Nobody shows it any more."""
        if fullmatch(NAME, name):
            (self.folder / name).unlink(missing_ok=True)

    def _keep(self, name: str, data: bytes) -> None:
        new = self.folder / f"{name}.new"
        with new.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self.folder / name)

    def _part(self, upload: str) -> Path:
        return self.folder / f"{sha256(upload.encode()).hexdigest()}.part"

    def _make_room(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        parts = sorted(self.folder.glob("*.part"), key=lambda path: path.stat().st_mtime)
        for path in parts:
            if time.time() - path.stat().st_mtime > PART_S:
                path.unlink()
        if sum(path.exists() for path in parts) >= PARTS:
            raise MediaRefused("upload_busy", "Other files are being sent just now: try again in a few minutes.")


def _signature(head: bytes) -> str:
    """What a file is by its first bytes, whatever its name says."""
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "webm"
    raise MediaRefused("media_type", "This is no PNG, JPEG or WebP picture and no MP4 or WebM film.")


def _redraw(data: bytes) -> bytes:
    if len(data) > IMAGE_BYTES:
        raise MediaRefused("media_large", f"A picture may have {IMAGE_BYTES // 1024 // 1024} MB at most.")
    drawn = BytesIO()
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the next line is stricter
            if image.width * image.height > PIXELS:
                raise MediaRefused("media_large", f"A picture may have {PIXELS // 1_000_000} megapixels at most.")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
            upright.thumbnail((WIDTH, HEIGHT))
            flat = Image.new("RGB", upright.size, "white")
            flat.paste(upright, mask=upright)
            flat.save(drawn, "WEBP", quality=QUALITY)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as why:
        raise MediaRefused("media_broken", "The picture cannot be read: it is damaged or cut short.") from why
    return drawn.getvalue()


def _check_mp4(data: bytes) -> None:
    boxes = dict(_boxes(data))
    if b"moov" not in boxes or b"mdat" not in boxes:
        raise MediaRefused("media_broken", "The film cannot be read: it is damaged or cut short.")
    if not any(codec in boxes[b"moov"] for codec in CODECS):
        raise MediaRefused("media_type", "Browsers cannot play this film: save it as H.264 (MP4), VP9 or AV1.")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The outermost boxes of an MP4 file, as far as they are whole."""
    at = 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:  # the true size follows in eight bytes
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        size = size or len(data) - at  # 0: to the end of the file
        if size < 8 or at + size > len(data):
            return
        yield kind, data[at : at + size]
        at += size
