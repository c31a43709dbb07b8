"""Frame templates against published frames of every family, torn streams, and every single-bit error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.led.a0_90 import A090
from drivers.led.families import FAMILIES, PROFILED, shipped
from drivers.led.frames import Found, Miss, Template, TemplateError
from drivers.led.profiles import ProfileCodec
from drivers.led.tokens import CHECKS, LENGTHS, NUMBERS, TEXTS
from drivers.ports import Colour, DeviceError
from drivers.sim.boards import BOARDS
from drivers.sim.signs import Order

A0_90 = "A0 90 {addr:u8} cmd=A5 {n:len16be(data..data)} {data:gbk+colour} {ck:xor8(addr..data):u8}"
LIHE_CALL = (
    "A0 {n:len8(cmd..last)} cmd=28 {addr:u8} 01 {no:base100} {window:u8} last=42 {ck:sum100/low100(n..last):u8} FF"
)
LIHE_CALL_PLAIN = "A0 {n:len8(cmd..window)} cmd=28 {addr:u8} 01 {no:base100} {window:u8} {ck:sum100(n..window):u8} FF"
IMM9013 = "{addr:u8} FE {n:len8(addr..ck)} {seq:u8} 86 3C 00 05 00 {data:gbk} end=00 {ck:ccitt(addr..end):u16be}"
FF68 = "FF 68 {n:len8(addr..data)} {m:len8(addr..data)} 68 {addr:u8} 02 {data:digits(6)} {ck:sum8(addr..data):u8} 16"
MODBUS_READ = "{addr:u8} 03 {at:u16be} count=00 last=04 {ck:crc16(addr..last):u16le}"
ALPHA = "00 00 00 00 00 01 'Z00' s=02 'AA' 1B 20 'b' {data:ascii} e=03 {ck:sum16(s..e):hex4} 04"

# template, numbers, text, frame: the vendors' own, or computed from their layouts
PUBLISHED = [
    (A0_90, {"addr": 3}, "A012", "A0 90 03 A5 00 08 41 00 30 00 31 00 32 00 DC"),
    (LIHE_CALL, {"addr": 3, "no": 1234, "window": 3}, "", "A0 07 28 03 01 0C 22 03 42 42 FF"),
    (LIHE_CALL_PLAIN, {"addr": 3, "no": 1234, "window": 3}, "", "A0 06 28 03 01 0C 22 03 63 FF"),
    ("01 {addr:u8} {blink:u8} {data:cp1251(3)} 07", {"addr": 32, "blink": 33}, "A12", "01 20 21 41 31 32 07"),
    ("04 {addr:u8} 07", {"addr": 32}, "", "04 20 07"),
    (IMM9013, {"addr": 1, "seq": 1}, "A012", "01 FE 10 01 86 3C 00 05 00 41 30 31 32 00 6D 69"),
    (FF68, {"addr": 5}, "   017", "FF 68 08 08 68 05 02 0A 0A 0A 00 01 07 2D 16"),
    (MODBUS_READ, {"addr": 5, "at": 0}, "", "05 03 00 00 00 04 45 8D"),
    (ALPHA, {}, "A012", "00 00 00 00 00 01 5A 30 30 02 41 41 1B 20 62 41 30 31 32 03 30 31 46 38 04"),
    (
        "{addr:bcd} {at:u16le} {data:utf-16be(4)} {n:dec2}",
        {"addr": 42, "at": 258, "n": 7},
        "A0",
        "42 02 01 00 41 00 30 30 37",
    ),
]
SHIPPED = [
    ("lihe_v2", 3, "请A012", "AA 03 BB 51 54 53 08 00 63 00 63 C7 EB 41 30 31 32 FF"),
    ("ruize", 170, "请0005号", "AA C2 44 0C 07 0E 0B 30 30 30 35 0B 0A 0C 05 1A"),
    ("qsystem", 32, "A012", "01 20 41 30 31 32 07"),
    ("yongtai", 1, "A012", "AA 55 09 01 F8 21 00 41 30 31 32 00"),
    ("imm9013", 1, "A012", "01 FE 10 01 86 3C 00 05 00 41 30 31 32 00 6D 69"),
    ("am03127", 1, "A012", b"<ID01><L1><PA><FE><MA><WC><FE>A01206<E>".hex(" ")),
    ("ed400", 1, "1234", "02 30 31 31 32 33 34 03"),
    ("cd5220", 1, "A012", "1B 51 41 41 30 31 32" + " 20" * 16 + " 0D"),
]
ANSWERS = [
    ("lihe_v2", "ack", {"addr": 3}, "A0 03 14 03 50 06 FF"),
    ("lihe_v2", "poll", {"addr": 3}, "A0 03 98 03 50 26 FF"),
    ("ruize", "poll", {"addr": 170}, "AA C2 48"),
    ("ruize", "alive", {}, "3B"),
    ("am03127", "ack", {}, "41 43 4B"),
]


@pytest.mark.parametrize(("line", "numbers", "text", "frame"), PUBLISHED)
def test_a_template_builds_and_reads_the_published_frame(
    line: str, numbers: dict[str, int], text: str, frame: str
) -> None:
    template = Template(line)
    assert template.build(numbers, text).hex(" ").upper() == frame
    sent = bytes.fromhex(frame)
    assert template.parse(sent + b"\x55") == Found(numbers, text.strip(), len(sent))


@pytest.mark.parametrize(("family", "address", "text", "frame"), SHIPPED)
def test_a_shipped_profile_builds_the_published_frame(family: str, address: int, text: str, frame: str) -> None:
    codec = ProfileCodec(shipped(family), 8)
    assert codec.show(address, text, Colour.RED) == bytes.fromhex(frame)


def test_every_shipped_profile_has_a_published_frame() -> None:
    assert tuple(family for family, _, _, _ in SHIPPED) == PROFILED


@pytest.mark.parametrize(("family", "which", "numbers", "frame"), ANSWERS)
def test_questions_and_answers_are_the_published_ones(
    family: str, which: str, numbers: dict[str, int], frame: str
) -> None:
    assert getattr(shipped(family), which).build(numbers) == bytes.fromhex(frame)


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("A019 请到号窗口。，"), max_size=40), st.integers(1, 254), st.sampled_from(Colour))
def test_the_template_of_a0_90_is_the_codec_of_a0_90(text: str, address: int, colour: Colour) -> None:
    code = {Colour.RED: 0, Colour.GREEN: 1, Colour.YELLOW: 2}[colour]
    assert Template(A0_90).build({"addr": address}, text or " ", code) == A090().show(address, text, colour)


@pytest.mark.parametrize(
    ("text", "options", "frame"),
    [
        ("B1234", {"window": "3"}, "A0 07 28 03 01 0C 22 03 42 42 FF"),  # the vendor's two
        ("1234", {"window": "3"}, "A0 06 28 03 01 0C 22 03 63 FF"),
        ("A012", {"window": "3"}, "A0 07 28 03 01 00 0C 03 41 1F FF"),
        ("B1234", {}, "AA"),  # at no window
        ("B1234", {"window": "300"}, "AA"),  # at one that no byte holds
        ("3", {"window": "3"}, "AA"),
        ("120", {"window": "120"}, "AA"),  # a sign that says where it is
        ("0012", {"window": "3"}, "AA"),  # with zeros of which a number knows nothing
        ("请A012号", {"window": "3"}, "AA"),
        ("", {"window": "3"}, "AA"),
    ],
)
def test_a_ticket_and_nothing_else_goes_as_a_call_of_numbers(text: str, options: dict[str, str], frame: str) -> None:
    sent = FAMILIES["lihe_v2"].codec_of(options).show(3, text, Colour.RED)
    assert (sent[:1] if frame == "AA" else sent) == bytes.fromhex(frame)
    order = BOARDS["lihe_v2"]().take(sent)
    assert isinstance(order, Order)
    assert (order.address, order.text, order.used) == (3, text or " ", len(sent))


def test_a_hundredth_that_is_none_is_no_number() -> None:
    number = Template("{no:base100}")
    assert number.parse(b"\x63\x63") == Found({"no": 9999}, "", 2)
    assert [number.parse(wrong) for wrong in (b"\x64\x00", b"\x00\x64")] == [Miss.BROKEN, Miss.BROKEN]
    with pytest.raises(ValueError, match="10000 does not fit 2 bytes"):
        number.build({"no": 10_000})


def test_the_checks_are_the_standard_ones() -> None:
    # The check values of the catalogue of cyclic redundancy checks, over the digits 1 to 9.
    nine = b"123456789"
    assert {name: CHECKS[name](nine) for name in ("crc16", "ccitt", "kermit")} == {
        "crc16": 0x4B37, "ccitt": 0x31C3, "kermit": 0x2189,
    }  # fmt: skip
    # The vendor's rule names the sum modulo 100 and the low byte modulo 100: from 256 on they differ.
    assert (CHECKS["sum100"](b"\xff\x02"), CHECKS["low100"](b"\xff\x02")) == (57, 1)


def test_an_ambiguous_check_is_built_one_way_and_read_both_ways() -> None:
    template = Template("A0 {n:u8} {ck:sum100/low100(n..n):u8}")
    two = Template("{a:u8} {n:u8} {ck:sum100/low100(a..n):u8}")
    assert template.build({"n": 101}) == b"\xa0\x65\x01"
    assert two.build({"a": 255, "n": 2}) == b"\xff\x02\x39"
    assert all(isinstance(two.parse(b"\xff\x02" + last), Found) for last in (b"\x39", b"\x01"))
    assert two.parse(b"\xff\x02\x00") is Miss.BROKEN


# Families without a check take a wrong letter for a right one. Where there is one it leaves the address out: a bit
# of that brings a whole text to another board.
UNCHECKED = {"ruize", "qsystem", "yongtai", "ed400", "cd5220"}


@pytest.mark.parametrize(("family", "address", "text", "frame"), SHIPPED)
def test_a_single_bit_error_is_refused_or_is_in_what_no_check_covers(
    family: str, address: int, text: str, frame: str
) -> None:
    template, sent = shipped(family).show, bytes.fromhex(frame)
    wrong = []
    for bit in range(len(sent) * 8):
        broken = bytearray(sent)
        broken[bit // 8] ^= 1 << bit % 8
        found = template.parse(bytes(broken))
        if isinstance(found, Found) and found.used == len(sent):
            wrong.append((found.numbers.get("addr", address), found.text))
    assert (address, text) not in wrong
    assert bool([shown for _, shown in wrong if shown != text]) == (family in UNCHECKED)
    assert [shown for at, shown in wrong if at == address and family not in UNCHECKED] == []


def test_a0_90_refuses_every_single_bit_error() -> None:
    template, sent = Template(A0_90), bytes.fromhex(PUBLISHED[0][3])
    for bit in range(len(sent) * 8):
        broken = bytearray(sent)
        broken[bit // 8] ^= 1 << bit % 8
        assert not isinstance(template.parse(bytes(broken)), Found), f"bit {bit}"


@pytest.mark.parametrize("family", ["lihe_v2", "ruize", "am03127"])
def test_an_answer_with_a_single_bit_error_is_never_credited(family: str) -> None:
    profile = shipped(family)
    codec = ProfileCodec(profile, 8)
    answers = [one for one in (profile.ack, profile.nak) if one is not None]
    for template in answers:
        answer = template.build({"addr": 3})
        for bit in range(len(answer) * 8):
            broken = bytearray(answer)
            broken[bit // 8] ^= 1 << bit % 8
            assert codec.reply(bytes(broken), 3)[0] is None, f"bit {bit} of {answer!r}"


def test_a_refusal_that_lost_its_first_letter_is_no_consent() -> None:
    codec = ProfileCodec(shipped("am03127"), 16)
    assert codec.reply(b"NACK", 1) == (False, 4)
    assert codec.reply(b"ACK", 1) == (True, 3)
    assert codec.reply(b"\x00ACK", 1) == (None, 4)


def test_an_answer_is_found_in_noise_and_only_when_it_is_for_this_sign() -> None:
    codec = ProfileCodec(shipped("lihe_v2"), 8)
    ack = bytes.fromhex("A0 03 14 03 50 06 FF")
    assert codec.reply(b"\x00\xfe\xa0" + ack + b"\x01", 3) == (True, 10)
    assert codec.reply(ack[:4], 3) == (None, 0)
    assert codec.reply(ack, 4) == (None, 7)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60), st.sampled_from([line for line, _, _, _ in PUBLISHED]))
def test_no_bytes_upset_a_template(noise: bytes, line: str) -> None:
    found = Template(line).parse(noise)
    assert isinstance(found, Miss) or 0 < found.used <= len(noise)


def test_a_length_that_disagrees_is_an_error_even_if_the_check_passes() -> None:
    template = Template("AA {n:len8(data..end)} {data:ascii} end=FF {ck:sum8(n..end):u8}")
    good = template.build({}, "A012")
    assert isinstance(template.parse(good), Found)
    longer = bytearray(good)
    longer[1] += 1
    assert template.parse(bytes(longer) + b"\x00") is Miss.BROKEN
    fixed = Template("AA {n:len8(data..data)} {data:ascii(4)} {ck:sum8(data..data):u8}")
    wrong = bytearray(fixed.build({}, "A012"))
    wrong[1] = 3
    assert fixed.parse(bytes(wrong)) is Miss.BROKEN


@pytest.mark.parametrize(
    ("text", "why"),
    [("A€", "U\\+20AC"), ("A\x07", "control character"), ("请", "U\\+8BF7"), ("A" * 21, "21 bytes, a frame holds 20")],
)
def test_what_a_board_lacks_is_refused_before_the_wire(text: str, why: str) -> None:
    with pytest.raises(DeviceError, match=f"text_unsupported.*{why}"):
        ProfileCodec(shipped("cd5220"), 20).show(1, text, Colour.RED)


@pytest.mark.parametrize(("family", "text"), [("am03127", "A<L1>"), ("ruize", "A;1")])
def test_what_would_be_a_command_is_refused(family: str, text: str) -> None:
    with pytest.raises(DeviceError, match="is a command"):
        ProfileCodec(shipped(family), 8).show(1, text, Colour.RED)


def test_a_text_that_would_end_its_frame_is_refused() -> None:
    with pytest.raises(DeviceError, match="it holds 41, which ends a frame"):
        Template("02 {data:ascii} 'A'").build({}, "BAB")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("A5G {data:gbk}", "'A5G' is no byte"),
        ("end=0xFF", "'end=0xFF' is no byte, 'text', name=byte or {field}; bytes are hexadecimal without 0x"),
        ("A0 {addr}", "{addr} is not like {name:kind}"),
        ("A0 {addr:u9}", "there is no kind 'u9'; known are " + ", ".join((*NUMBERS, *TEXTS))),
        ("A0 {data:gbk}", "nothing says where the text ends"),
        ("A0 {n:len8(data..end)} {data:gbk}", "n reaches to 'end', and nothing has this name"),
        ("A0 {n:len8} {data:gbk}", "over what"),
        ("a=A0 b=01 {ck:sum8(b..a):u8}", "ck begins at 'b', which stands behind 'a'"),
        ("a=A0 {ck:sum8(a..ck):u8}", "ck is a check over itself"),
        ("a=A0 {ck:sum9(a..a):u8}", "{ck:sum9(a..a):u8}: there is no check 'sum9'; known are " + ", ".join(CHECKS)),
        ("a=A0 {n:len9(a..a)}", "there is no kind 'len9'; known are " + ", ".join((*LENGTHS, *CHECKS))),
        ("a=A0 {ck:sum8(a..a)}", "how is it written"),
        ("a=A0 a=A1", "the name 'a' stands here twice"),
        ("{data:ascii(4)} {more:ascii(4)}", "there can be one text only"),
        ("", "the line is empty"),
        ("A0 '请'", "letters that are not ASCII"),
    ],
)
def test_a_line_that_is_no_template_is_refused_in_words(line: str, why: str) -> None:
    with pytest.raises(TemplateError) as wrong:
        Template(line)
    assert why in str(wrong.value)
