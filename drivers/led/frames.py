"""Frame templates: one line that says what a frame looks like, and both builds frames and finds them in a stream.

    A0 90 {addr:u8} cmd=A5 {n:len16be(data..data)} {data:gbk+colour} {ck:xor8(addr..data):u8}

A frame that is found is whole and without contradiction: constants, lengths and checks all agree.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from drivers.led.tokens import CHECK_NUMBERS, CHECKS, LENGTHS, NUMBERS, TEXTS, Number, TextCode, number
from drivers.ports import DeviceError

MAX_TEXT_BYTES = 512  # no sign shows more; a length beyond is noise, and waiting for it would swallow real frames
ONE = re.compile(
    r"(?:(?P<name>[a-z]\w*)=)?(?:'(?P<text>[^']+)'|(?P<byte>[0-9A-Fa-f]{2})(?![^\s{'])|\{(?P<field>[^{}]+)\})"
)
FIELD = re.compile(r"(?P<name>[a-z]\w*):(?P<kind>[\w+/-]+)(?:\((?P<inside>[\w.]+)\))?(?P<rest>.*)")
SPAN = re.compile(r"([a-z]\w*)\.\.([a-z]\w*)")


class TemplateError(ValueError):
    """A line that is no template; the text says why."""


class Miss(Enum):
    """Why there is no frame at the beginning of a stream: more bytes may make it one, or nothing can."""

    MORE = "more"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Found:
    """A frame that was read: its numbers by name, its text, and how many bytes it took."""

    numbers: Mapping[str, int]
    text: str
    used: int


@dataclass(frozen=True, slots=True)
class _Constant:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    number: Number


@dataclass(frozen=True, slots=True)
class _Length:
    name: str
    number: Number
    span: tuple[str, str]
    bias: int


@dataclass(frozen=True, slots=True)
class _Check:
    """The first kind is built, each is understood."""

    name: str
    number: Number
    span: tuple[str, str]
    kinds: tuple[Callable[[bytes], int], ...]


@dataclass(frozen=True, slots=True)
class _Data:
    """Text; ``size`` None: as long as a length says, or up to the constant behind it."""

    name: str
    code: TextCode
    size: int | None


_Item = _Constant | _Field | _Length | _Check | _Data


class Template:
    """A compiled line. Raises ``TemplateError`` for one that is not right."""

    def __init__(self, line: str) -> None:
        self.items = _items(line)
        names = [item.name for item in self.items if item.name]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise TemplateError(f"the name {twice!r} stands here twice")
        self._place = {item.name: index for index, item in enumerate(self.items) if item.name}
        self.fields = frozenset(item.name for item in self.items if isinstance(item, _Field))
        found = [index for index, item in enumerate(self.items) if isinstance(item, _Data)]
        if len(found) > 1:
            raise TemplateError("there can be one text only")
        self._data = found[0] if found else None
        for index, item in enumerate(self.items):
            if isinstance(item, _Length | _Check):
                self._check_span(index, item)
        self._end = self._find_end()

    @property
    def code(self) -> TextCode | None:
        """How the text is coded, when there is one."""
        item = self.items[self._data] if self._data is not None else None
        return item.code if isinstance(item, _Data) else None

    @property
    def text(self) -> str:
        """What the text is called; empty when there is none."""
        return self.items[self._data].name if self._data is not None else ""

    @property
    def size(self) -> int | None:
        """How many bytes a frame has; None when that depends on its text."""
        sizes = [_size(item) for item in self.items]
        return None if None in sizes else sum(size or 0 for size in sizes)

    def build(self, numbers: Mapping[str, int], text: str = "", colour: int = 0) -> bytes:
        """Build a frame. Raises ``ValueError`` for a number, ``DeviceError`` for a text that does not fit."""
        parts = [self._part(item, numbers, text, colour) for item in self.items]
        for index, item in enumerate(self.items):
            if isinstance(item, _Length):
                parts[index] = item.number.encode(len(self._within(item.span, parts)) + item.bias)
        for index, item in enumerate(self.items):
            if isinstance(item, _Check):
                parts[index] = item.number.encode(item.kinds[0](self._within(item.span, parts)))
        return b"".join(parts)

    def parse(self, stream: bytes) -> Found | Miss:
        """Read the frame at the beginning of a stream."""
        parts: list[bytes] = []
        at = 0
        for index, item in enumerate(self.items):
            fixed = _size(item)
            size = self._text_size(parts, stream, at) if fixed is None else fixed
            if isinstance(size, Miss):
                return size
            parts.append(stream[at : at + size])
            if isinstance(item, _Constant) and not item.data.startswith(parts[index]):
                return Miss.BROKEN
            if len(parts[index]) < size:
                return Miss.MORE
            at += size
        try:
            return self._read(parts, at)
        except ValueError:
            return Miss.BROKEN

    def _part(self, item: _Item, numbers: Mapping[str, int], text: str, colour: int) -> bytes:
        if isinstance(item, _Constant):
            return item.data
        if isinstance(item, _Field):
            return item.number.encode(numbers[item.name])
        if isinstance(item, _Data):
            return self._text(item, text, colour)
        return bytes(item.number.size)

    def _text(self, item: _Data, text: str, colour: int) -> bytes:
        data = item.code.encode(text, colour)
        if len(data) > (item.size or MAX_TEXT_BYTES):
            raise DeviceError("text_unsupported", f"{len(data)} bytes, a frame holds {item.size or MAX_TEXT_BYTES}")
        if self._end is not None and self._end[0] in data:
            raise DeviceError("text_unsupported", f"it holds {self._end[0].hex(' ').upper()}, which ends a frame")
        return data.ljust(item.size or 0, item.code.fill)

    def _within(self, span: tuple[str, str], parts: list[bytes]) -> bytes:
        return b"".join(parts[self._place[span[0]] : self._place[span[1]] + 1])

    def _text_size(self, parts: list[bytes], stream: bytes, at: int) -> int | Miss:
        """How long the text at ``at`` is, by the length before it or by the constant that ends it."""
        length = self._length()
        if length is not None:
            index, item = length
            first, last = (self._place[name] for name in item.span)
            others = sum(_size(other) or 0 for other in self.items[first : last + 1])
            size = item.number.decode(parts[index]) - item.bias - others
            return size if 0 <= size <= MAX_TEXT_BYTES else Miss.BROKEN
        assert self._end is not None
        end, between = self._end
        found = stream.find(end, at + between)
        if found < 0:
            return Miss.MORE if len(stream) - at <= MAX_TEXT_BYTES + between else Miss.BROKEN
        return found - between - at

    def _read(self, parts: list[bytes], used: int) -> Found:
        numbers, text = {}, ""
        for item, part in zip(self.items, parts, strict=True):
            if isinstance(item, _Field):
                numbers[item.name] = item.number.decode(part)
            elif isinstance(item, _Data):
                text = item.code.decode(part)
            elif isinstance(item, _Length):
                if item.number.decode(part) != len(self._within(item.span, parts)) + item.bias:
                    raise ValueError("a length that is none")
            elif isinstance(item, _Check):
                within = self._within(item.span, parts)
                if item.number.decode(part) not in [kind(within) for kind in item.kinds]:
                    raise ValueError("a check that fails")
        return Found(numbers, text, used)

    def _length(self) -> tuple[int, _Length] | None:
        for index, item in enumerate(self.items[: self._data]):
            if isinstance(item, _Length) and self._data is not None:
                first, last = (self._place[name] for name in item.span)
                if first <= self._data <= last:
                    return index, item
        return None

    def _check_span(self, index: int, item: "_Length | _Check") -> None:
        for name in item.span:
            if name not in self._place:
                raise TemplateError(f"{item.name} reaches to {name!r}, and nothing has this name")
        first, last = (self._place[name] for name in item.span)
        if first > last:
            raise TemplateError(f"{item.name} begins at {item.span[0]!r}, which stands behind {item.span[1]!r}")
        if isinstance(item, _Check) and first <= index <= last:
            raise TemplateError(f"{item.name} is a check over itself")

    def _find_end(self) -> tuple[bytes, int] | None:
        """The constant that ends an open text, and how many bytes stand between them; None where a length tells."""
        if self._data is None or _size(self.items[self._data]) is not None or self._length() is not None:
            return None
        between = 0
        for item in self.items[self._data + 1 :]:
            if isinstance(item, _Constant):
                return item.data, between
            between += _size(item) or 0
        raise TemplateError("nothing says where the text ends: a length before it, its size, or a constant behind it")


def _size(item: _Item) -> int | None:
    if isinstance(item, _Constant):
        return len(item.data)
    return item.size if isinstance(item, _Data) else item.number.size


def _items(line: str) -> tuple[_Item, ...]:
    items: list[_Item] = []
    rest = line.strip()
    while rest:
        token = ONE.match(rest)
        if not token or (token["name"] and token["field"]):
            wrong = rest.split()[0]
            prefixed = "; bytes are hexadecimal without 0x" if "0x" in wrong.lower() else ""
            raise TemplateError(f"{wrong!r} is no byte, 'text', name=byte or {{field}}{prefixed}")
        if token["field"]:
            items.append(_field(token["field"]))
        else:
            items.append(_Constant(token["name"] or "", _constant(token["text"], token["byte"])))
        rest = rest[token.end() :].lstrip()
    if not items:
        raise TemplateError("the line is empty")
    return tuple(items)


def _constant(text: str | None, byte: str) -> bytes:
    if text is None:
        return bytes.fromhex(byte)
    if not text.isascii():
        raise TemplateError(f"{text!r} has letters that are not ASCII")
    return text.encode("ascii")


def _field(said: str) -> _Item:
    field = FIELD.fullmatch(said.replace(" ", ""))
    if not field:
        raise TemplateError(f"{{{said}}} is not like {{name:kind}}")
    name, kind, inside, rest = field["name"], field["kind"], field["inside"], field["rest"]
    if kind in LENGTHS:
        bias = re.fullmatch(r"(?:([+-]\d{1,3}))?", rest)
        if bias is None:
            raise TemplateError(f"{{{said}}}: {rest!r} is not like +1")
        return _Length(name, NUMBERS[LENGTHS[kind]], _span(said, inside), int(bias[1] or 0))
    kinds = kind.split("/")
    if kinds[0] in CHECKS:
        return _check(said, name, kinds, _span(said, inside), rest)
    known = number(kind)
    if kind not in TEXTS and known is None:
        raise TemplateError(f"{{{said}}}: {_unknown(kind, inside, rest)}")
    if rest or (inside and known is not None):
        raise TemplateError(f"{{{said}}}: {rest or inside!r} is too much")
    if known is None:
        if inside is not None and not (inside.isdecimal() and 0 < int(inside) <= MAX_TEXT_BYTES):
            raise TemplateError(f"{{{said}}}: {inside!r} is no number of bytes")
        return _Data(name, TEXTS[kind], int(inside) if inside else None)
    return _Field(name, known)


def _unknown(kind: str, inside: str | None, rest: str) -> str:
    """What was not found, and what there is in its place: only a check says how it is written, only it and a length
    reach from one name to another.
    """
    if rest.startswith(":"):
        return f"there is no check {kind!r}; known are {', '.join(CHECKS)}"
    known = (*LENGTHS, *CHECKS) if SPAN.fullmatch(inside or "") else (*NUMBERS, *TEXTS)
    return f"there is no kind {kind!r}; known are {', '.join(known)}"


def _check(said: str, name: str, kinds: list[str], span: tuple[str, str], rest: str) -> _Check:
    unknown = [kind for kind in kinds if kind not in CHECKS]
    if unknown:
        raise TemplateError(f"{{{said}}}: there is no check {unknown[0]!r}; known are {', '.join(CHECKS)}")
    if rest.removeprefix(":") not in CHECK_NUMBERS:
        raise TemplateError(f"{{{said}}}: how is it written? {', '.join(f':{kind}' for kind in CHECK_NUMBERS)}")
    return _Check(name, NUMBERS[rest.removeprefix(":")], span, tuple(CHECKS[kind] for kind in kinds))


def _span(said: str, inside: str | None) -> tuple[str, str]:
    span = SPAN.fullmatch(inside or "")
    if not span:
        raise TemplateError(f"{{{said}}}: over what? (first..last), by their names")
    return span[1], span[2]
