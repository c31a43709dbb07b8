"""Files are believed by their content, drawn anew or looked through, never larger than allowed, never half there."""

import os
import struct
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from hall_server import media
from hall_server.media import Media, MediaRefused


@pytest.fixture
def shelf(tmp_path: Path) -> Media:
    return Media(tmp_path / "content")


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 36), **more: object) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "#0a4a82").save(made, kind, **more)
    return made.getvalue()


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


MP4 = box(b"ftyp", b"isom") + box(b"moov", b"....avc1....") + box(b"mdat", b"film")
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"film"


def send(shelf: Media, data: bytes, part: int = 1000, upload: str = "up") -> tuple[str, str]:
    for offset in range(0, len(data), part):
        shelf.write(upload, offset, data[offset : offset + part])
    return shelf.take(upload)


def refusal(shelf: Media, data: bytes) -> str:
    with pytest.raises(MediaRefused) as why:
        send(shelf, data, part=max(len(data), 1))
    assert sorted(path.suffix for path in shelf.folder.iterdir()) == [], "nothing of it stays"
    return why.value.code


def kept(shelf: Media, name: str) -> Path:
    path = shelf.find(name)
    assert path is not None
    return path


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_without_what_was_hidden_in_it_and_no_larger_than_a_screen(
    shelf: Media, kind: str
) -> None:
    hidden = b"<script>alert(1)</script>"
    kept_as, name = send(shelf, picture(kind, (4000, 1000)) + hidden)
    assert (kept_as, name[-5:]) == ("image", ".webp")
    data = kept(shelf, name).read_bytes()
    assert hidden not in data
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size, image.info.get("exif")) == ("WEBP", (1920, 480), None)


def test_a_picture_that_lies_on_its_side_is_put_upright_and_what_is_transparent_becomes_white(shelf: Media) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    _, name = send(shelf, picture("JPEG", (90, 30), exif=exif))
    with Image.open(kept(shelf, name)) as image:
        assert image.size == (30, 90)
    clear = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "PNG")
    _, name = send(shelf, clear.getvalue())
    with Image.open(kept(shelf, name)) as image:
        assert image.convert("RGB").getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(("data", "ending"), [(MP4, "mp4"), (WEBM, "webm")], ids=["mp4", "webm"])
def test_a_film_stays_as_it_is(shelf: Media, data: bytes, ending: str) -> None:
    kind, name = send(shelf, data, part=7)
    assert (kind, name.partition(".")[2], kept(shelf, name).read_bytes()) == ("video", ending, data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ" + b"\0" * 99, "media_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "media_type"),
        (b"GIF89a" + b"\0" * 99, "media_type"),
        (b"\x1a\x45\xdf\xa3" + b"matroska" * 9, "media_type"),
        (box(b"ftyp", b"isom") + box(b"moov", b"hvc1") + box(b"mdat", b"film"), "media_type"),
        (picture()[:40], "media_broken"),
        (picture("JPEG")[:300], "media_broken"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "media_broken"),
        (MP4[:-1], "media_broken"),
        (box(b"ftyp", b"isom") + b"\0\0\0\1mdat" + b"\xff" * 8, "media_broken"),
        (b"\0\0\0\0ftyp", "media_broken"),
    ],
)
def test_what_is_no_picture_or_film_or_is_cut_short_is_refused_whatever_it_is_called(
    shelf: Media, data: bytes, code: str
) -> None:
    assert refusal(shelf, data) == code


def test_a_small_file_that_would_fill_the_memory_is_refused_before_it_is_drawn(
    shelf: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(shelf, picture("PNG", (20_000, 2_001))) == "media_large"
    monkeypatch.setattr(media, "IMAGE_BYTES", 50)
    assert refusal(shelf, picture()) == "media_large"


def test_a_film_may_not_be_larger_than_its_limit(shelf: Media, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "VIDEO_BYTES", 20)
    shelf.write("up", 0, MP4[:20])
    with pytest.raises(MediaRefused, match="MB at most"):
        shelf.write("up", 20, MP4[20:])
    assert list(shelf.folder.iterdir()) == []


def test_a_part_that_comes_twice_changes_nothing_and_a_gap_is_told(shelf: Media) -> None:
    assert [shelf.write("up", 0, WEBM[:10]), shelf.write("up", 10, WEBM[10:]), shelf.write("up", 0, WEBM[:10])] == [
        10, len(WEBM), len(WEBM),
    ]  # fmt: skip
    assert shelf.take("up")[0] == "video"
    for gone in (lambda: shelf.write("up", 99, b"x"), lambda: shelf.take("up")):
        with pytest.raises(MediaRefused) as why:
            gone()
        assert why.value.code == "upload_lost"


def test_a_few_files_come_at_once_and_those_that_nobody_continues_make_room(shelf: Media) -> None:
    for n in range(media.PARTS):
        shelf.write(f"up{n}", 0, b"x")
    with pytest.raises(MediaRefused) as why:
        shelf.write("one more", 0, b"x")
    assert why.value.code == "upload_busy"
    for path in shelf.folder.iterdir():
        os.utime(path, (0, 0))
    assert shelf.write("one more", 0, b"x") == 1


@pytest.mark.parametrize("name", ["../hallcall.toml", "admin.token", f"{'a' * 64}.webp/..", f"{'a' * 64}.part", ""])
def test_nothing_else_is_ever_found_or_dropped(shelf: Media, name: str) -> None:
    shelf.folder.mkdir()
    secret = shelf.folder.parent / "hallcall.toml"
    secret.write_text("secret")
    shelf.drop(name)
    assert shelf.find(name) is None
    assert secret.exists()
