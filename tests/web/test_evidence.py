"""Evidence in the reader's language: what drivers and stations say is known, and a trace stays as it is."""

import re

import pytest

from hall_server.web.evidence import KNOWN, told
from tests.web.hall import PHRASES

SAID = [
    ("station hall is silent", "工位程序 hall 没有消息"),
    ("3 tries, 0 bytes not understood", "试了 3 次，有 0 个字节无法识别"),
    ("3 tries, 2 bytes not understood, answered 15 FF", "试了 3 次，有 2 个字节无法识别，回答 15 FF"),
    ("[Errno 111] Connection refused", "连接被拒绝"),
    ("[Errno 2] could not open port /dev/ttyUSB0: '/dev/ttyUSB0'", "没有端口 /dev/ttyUSB0"),
    ("not open; no echo", "通道没有打开; ping 无应答"),
    ("the helper ended 3 times in a minute; again in 60 s", "外接程序一分钟内退出 3 次; 60 秒后再试"),
    ("crashed: division by zero", "驱动出错中断：division by zero"),
    ("it holds 0D 0A, which ends a frame", "含有表示帧结束的 0D 0A"),
    ("not begun within 20 s", "20 秒内没有开始播报"),
    ("not begun within 20 s: no answer", "20 秒内没有开始播报：no answer"),
    ("1/3 fences returned", "1/3 fences returned"),
    ("10 04 01: 16", "10 04 01: 16"),
    ("", ""),
]


def zh(key: str, **more: object) -> str:
    return PHRASES.text(key, "zh", **more)


@pytest.mark.parametrize(("said", "shown"), SAID)
def test_a_known_sentence_is_translated_and_a_trace_stays(said: str, shown: str) -> None:
    assert told(zh, said) == shown


def test_every_known_sentence_has_a_text_with_the_same_parts_in_both_languages() -> None:
    for pattern, key in KNOWN:
        parts = set(re.compile(pattern).groupindex)
        for language in ("zh", "en"):
            assert set(re.findall(r"\{(\w+)\}", PHRASES.texts[language][f"evidence.{key}"])) == parts, (key, language)
