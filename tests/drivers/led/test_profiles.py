"""A sign's profile: the shipped ones are whole, and a wrong one hears every mistake at once, each with its line."""

import pytest

from drivers.led.families import FAMILIES, PROFILED, Proof, family_of, from_profile, shipped
from drivers.led.profile_keys import ProfileError
from drivers.led.profiles import read
from drivers.ports import Colour

GOOD = """
title = "A sign"
source = "its sheet"

[port]
baud = [9600]

[sign]
addresses = [1, 9]

[tx]
show = "AA {n:len8(addr..data)} {addr:u8} {data:ascii} {ck:sum8(n..data):u8}"

[rx]
ack = "AB {addr:u8} {ck:u8}"
"""

CALL = GOOD.replace("[rx]", 'call = "AC {addr:u8} {number:base100}"\n\n[rx]').replace('"\n\ncall', '"\ncall')


def mistakes(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ProfileError) as wrong:
        read(text)
    return list(wrong.value.mistakes)


def test_a_profile_says_what_its_boards_prove() -> None:
    proofs = {name: FAMILIES[name].proof for name in PROFILED}
    assert proofs == {
        "lihe_v2": Proof.ACK, "ruize": Proof.POLL, "qsystem": Proof.NONE, "yongtai": Proof.NONE, "imm9013": Proof.NONE,
        "am03127": Proof.ACK, "ed400": Proof.NONE, "cd5220": Proof.NONE,
    }  # fmt: skip
    assert [name for name in PROFILED if FAMILIES[name].heartbeat is not None] == ["lihe_v2", "ruize"]
    assert {shipped(name).source for name in PROFILED} == {profile.source for profile in map(shipped, PROFILED)}


def test_what_a_profile_leaves_out_has_the_usual_value() -> None:
    family = from_profile(read(GOOD))
    assert (family.columns, family.gap_s, family.ack_s, family.format) == (8, 0.005, 0.12, "8N1")
    assert (family.addresses, family.reply_bytes, family.charset) == (range(1, 10), 3, "ascii")


def test_a_technicians_own_profile_is_a_family_like_those_shipped() -> None:
    family = family_of({"profile": GOOD, "columns": "8"})
    assert family.codec(8).show(2, "A012", Colour.GREEN) == bytes.fromhex("AA 05 02 41 30 31 32 DB")
    assert family.codec(8).reply(bytes.fromhex("AB 02 00"), 2) == (True, 3)


def test_a_profiles_columns_are_the_usual_ones_and_the_most() -> None:
    narrow = from_profile(read(GOOD.replace("[1, 9]", "[1, 9]\ncolumns = 6")))
    assert (narrow.columns, narrow.widest) == (6, 6)
    assert (from_profile(read(GOOD)).columns, from_profile(read(GOOD)).widest) == (8, 64)


def test_signs_of_one_profile_are_of_one_family_so_that_its_pause_holds_between_them() -> None:
    assert family_of({"profile": GOOD, "columns": "8"}) is family_of({"profile": GOOD, "columns": "6"})


def test_a_call_without_a_letter_is_for_numbers_only() -> None:
    profile = read(CALL)
    codec = from_profile(profile).codec(8)
    assert codec.show(2, "012", Colour.RED) == bytes.fromhex("AC 02 00 0C")
    assert codec.show(2, "A012", Colour.RED) == profile.show.build({"addr": 2}, "A012")


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    text = GOOD.replace("title", "titel").replace("[9600]", "9600").replace("[1, 9]", "[9, 1]\ncolums = 8")
    text = text.replace("n..data", "n..dato").replace("AB {addr:u8}", "AB {addr:u7}") + "\n[foo]\nx = 1\n"
    assert mistakes(text) == [
        (1, "title is missing: a text"),
        (2, "titel is not known, did you mean 'title'?"),
        (6, "port.baud must be a list of speeds like [9600], it is 9600"),
        (9, "sign.addresses must be the first and the last like [1, 254], it is [9, 1]"),
        (10, "sign.colums is not known, did you mean 'columns'?"),
        (13, "show: ck reaches to 'dato', and nothing has this name"),
        (16, mistakes(GOOD.replace("u8} {ck:u8}", "u7} {ck:u8}"))[0][1]),
        (18, "[foo] is no table of a profile"),
    ]


@pytest.mark.parametrize(
    ("wrong", "line", "why"),
    [
        (GOOD.replace("{data:ascii} ", "").replace("..data", "..addr"), 12, "show has no text like {data:gbk}"),
        (GOOD.replace("AA {n", "AA {colour:u8} {n"), 12, "show has a {colour}, and [colours] names none"),
        (GOOD.replace("AA {n", "AA {window:u8} {n"), 12, "nobody can fill in {window}"),
        (GOOD.replace("{addr:u8} {data", "addr=01 {data"), 9, "show has no {addr}"),
        (GOOD.replace("[1, 9]", "[1, 300]"), 12, "show for address 300: 300 does not fit 1 bytes"),
        (GOOD.replace("{ck:u8}", "{data:ascii} FF"), 15, "an answer has as many bytes each time"),
        (GOOD.replace("ack =", "nak ="), 15, "nak without ack"),
        (GOOD + '[heartbeat]\npoll = "AC {addr:u8}"\n', 16, "needs both poll and alive"),
        (GOOD.replace("{data:ascii} {ck:sum8(n..data):u8}", "{data:ascii} 'A'").replace("{n:len8(addr..data)}", ""),
         12, "it holds 41, which ends a frame"),
        (GOOD.replace("[tx]", "[tx"), 11, "at line 11"),
        ("", 1, "tx.show is missing"),
        (GOOD.replace("[1, 9]", '[1, 9]\ncolumns = "8"'), 10,
         "sign.columns must be 4 to 64, it is '8': a number is written without quotes"),
        (GOOD.replace("[9600]", '["9600"]'), 6, "it is ['9600']: a number is written without quotes"),
        (GOOD.replace("[9600]", '[9600]\ngap_ms = "100"'), 7, "it is '100': a number is written without quotes"),
        (GOOD + "[colours]\nrot = 1\n", 17, "colours.rot is not known; known are red, green, yellow"),
        (GOOD.replace('data):u8}"', "data):u8}"), 12, "a closing quote is missing"),
        (GOOD.replace("{data:ascii}", "{data:base100}"), 12, "show: nobody can fill in {data}; known are addr, colour"),
        (CALL.replace(" {number:base100}", ""), 13, "call has no number like {number:base100}"),
        (CALL.replace("AC {addr:u8}", "AC 01"), 9, "call has no {addr}"),
        (CALL.replace("base100}", "base100} {data:ascii(1)}"), 13, "the text of call is the letter of the number"),
        (CALL.replace("{number", "{seq:u8} {number"), 13,
         "call: nobody can fill in {seq}; known are addr, colour, number, window"),
        (GOOD.replace("{n:len8(addr..data)}", "").replace("n..data):u8}", "addr..data):u8} D5"), 12,
         "show for address 1 cannot be told from its own bytes: "
         "'A012' went in as AA 01 41 30 31 32 D5 D5, no frame came out"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(wrong: str, line: int, why: str) -> None:
    found = mistakes(wrong)
    assert [at for at, what in found if why in what] == [line], found
