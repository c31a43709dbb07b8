"""Opus sounds joined without decoding them: their packets, one after another, in one Ogg stream.

A page (RFC 3533), numbers little-endian:

    "OggS" | 0 | kind | position: 8 | stream: 4 | number: 4 | check: 4 | n | n lengths | packets

A packet ends with the first length below 255. A stream of Opus (RFC 7845) begins with a packet of its head and one of
tags; positions count samples at 48 kHz. What is joined must begin and end in silence, since a decoder goes on from one
sound to the next.
"""

import struct
from collections.abc import Iterable, Iterator

PAGE = struct.Struct("<4sBBqIIIB")
MARK = b"OggS"
CHECK_AT = 22  # where the check stands, counted as zero when it is made
FIRST, LAST = 0x02, 0x04  # kinds of pages
STREAM = 1  # any number: there is only one stream in a file
LENGTHS = 255  # at most, in a page
HEADS = 2  # packets before the sound
TAGS_END = bytes(4)  # no comments; encoders leave room for some
# Samples of one frame, by the upper five bits of a packet's first byte; its lower two say how many frames follow.
FRAME = (480, 960, 1920, 2880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4
FRAMES = (1, 2, 2)
MANY = 0x3F  # of the second byte, where the lower two bits say 3
POLYNOMIAL = 0x04C11DB7


def _table() -> Iterator[int]:
    for first in range(256):
        check = first << 24
        for _ in range(8):
            check = (check << 1 ^ (POLYNOMIAL if check & 0x80000000 else 0)) & 0xFFFFFFFF
        yield check


CHECKS = tuple(_table())


def packets(file: bytes) -> list[bytes]:
    """The packets of a stream, head and tags first. Raises ``ValueError`` for what is none."""
    found, open_, at = [], b"", 0
    while at < len(file):
        if file[at : at + 4] != MARK or at + PAGE.size > len(file):
            raise ValueError(f"no Ogg page at byte {at}")
        count = file[at + PAGE.size - 1]
        lengths = file[at + PAGE.size : at + PAGE.size + count]
        at += PAGE.size + count
        for length in lengths:
            open_ += file[at : at + length]
            at += length
            if length < LENGTHS:
                found.append(open_)
                open_ = b""
    if at != len(file) or open_ or len(found) < HEADS:
        raise ValueError("a stream that does not end where it should")
    return found


def samples(packet: bytes) -> int:
    """How long a packet sounds, in samples at 48 kHz."""
    many = packet[0] & 3
    return FRAME[packet[0] >> 3] * (packet[1] & MANY if many == len(FRAMES) else FRAMES[many])


def joined(files: Iterable[bytes]) -> bytes:
    """One stream of what several have to say."""
    streams = [packets(file) for file in files]
    head, tags, *_ = streams[0]
    sound = [packet for stream in streams for packet in stream[HEADS:]]
    pages, position = [_page([head], 0, 0, FIRST), _page([tags.rstrip(b"\0") + TAGS_END], 0, 1, 0)], 0
    groups = list(_groups(sound))
    for number, group in enumerate(groups, HEADS):
        position += sum(map(samples, group))
        pages.append(_page(group, position, number, LAST if number == len(groups) + 1 else 0))
    return b"".join(pages)


def _groups(sound: list[bytes]) -> Iterator[list[bytes]]:
    """As many whole packets as a page holds."""
    group: list[bytes] = []
    room = LENGTHS
    for packet in sound:
        needs = len(packet) // LENGTHS + 1
        if needs > room:
            yield group
            group, room = [], LENGTHS
        group.append(packet)
        room -= needs
    yield group


def _page(group: list[bytes], position: int, number: int, kind: int) -> bytes:
    lengths = b"".join(b"\xff" * (len(one) // LENGTHS) + bytes([len(one) % LENGTHS]) for one in group)
    head = PAGE.pack(MARK, 0, kind, position, STREAM, number, 0, len(lengths))
    page = bytearray(head + lengths + b"".join(group))
    check = 0
    for one in page:
        check = (check << 8 & 0xFFFFFFFF) ^ CHECKS[check >> 24 ^ one]
    page[CHECK_AT : CHECK_AT + 4] = check.to_bytes(4, "little")
    return bytes(page)
