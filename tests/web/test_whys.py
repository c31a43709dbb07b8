"""Why somebody was called, in words: each reason is one sentence in both languages, and customers read numbers only."""

import pytest

from display.board import Name
from display.phrases import Language
from hall_server.contract import Reason
from hall_server.web.reasons import sentence
from tests.web.hall import PHRASES, FakePages, clerk_view, serving_view, ticket
from tests.web.reading import texts
from tests.web.test_consoles_say import body
from tests.web.test_pages import client

VIP = Name("贵宾", "VIP")
SAID = [
    (Reason(why="first"), "先到先叫", "first come, first called"),
    (
        Reason(why="head_start", overtaken=2, labels=("A031", "A032"), customer_class=VIP, number=90),
        "贵宾按提前90秒到达计算；先于A031、A032叫号",
        "class VIP counts as having come 90 s earlier; called before A031, A032",
    ),
    (
        Reason(why="accumulating", overtaken=7, labels=("A031",), customer_class=VIP, number=4),
        "贵宾的等候按4倍计算；先于A031及另外6位叫号",
        "the wait of class VIP counts 4 times; called before A031 and 6 more",
    ),
    (
        Reason(why="strict", overtaken=1, labels=("A1",), customer_class=VIP),
        "贵宾优先于以下类别；先于A1叫号",
        "class VIP goes before those below it; called before A1",
    ),
    (
        Reason(why="quota", overtaken=1, labels=("A1",), customer_class=VIP),
        "轮到贵宾；先于A1叫号",
        "it was the turn of class VIP; called before A1",
    ),
    (
        Reason(why="guarantee", number=30),
        "已等候30分钟，先于任何类别",
        "had waited for 30 min, which goes before any class",
    ),
    (
        Reason(why="need", overtaken=1, labels=("A1",), need=True, number=5),
        "特殊需要按提前5分钟到达计算；先于A1叫号",
        "a special need counts as having come 5 min earlier; called before A1",
    ),
    (
        Reason(why="chosen_because", overtaken=1, labels=("A1",), said="wheelchair"),
        "由窗口人员指定：wheelchair；先于A1叫号",
        "chosen by the clerk: wheelchair; called before A1",
    ),
]  # fmt: skip
WORDS = (
    "redirected_here", "redirected", "transferred_here", "passed_over", "chosen", "urgent", "appointment", "held",
    "return",
)  # fmt: skip


@pytest.mark.parametrize(("reason", "zh", "en"), SAID, ids=[reason.why for reason, _, _ in SAID])
def test_each_reason_is_a_sentence_in_both_languages(reason: Reason, zh: str, en: str) -> None:
    def said(language: Language) -> str:
        return sentence(
            lambda key, **more: PHRASES.text(key, language, **more), lambda name: getattr(name, language), reason
        )

    assert (said("zh"), said("en")) == (zh, en)


def test_every_word_that_a_rule_can_give_has_its_text() -> None:
    assert all(f"why.{word}" in PHRASES.texts["en"] for word in WORDS)


def test_the_clerk_reads_the_reason_below_the_ticket_and_nothing_below_one_without() -> None:
    view = serving_view()
    assert view.ticket is not None
    because = view.ticket.model_copy(update={"because": SAID[1][0]})
    said = texts(body(view.model_copy(update={"ticket": because})))
    assert "叫号依据：贵宾按提前90秒到达计算；先于A031、A032叫号" in said
    assert not any("叫号依据" in one for one in texts(body(clerk_view())))


def test_the_customer_reads_how_many_go_first_and_no_class() -> None:
    page = client(None, FakePages(tickets={"code": ticket("waiting", ahead=3, later=2)})).get("/t/code?lang=en").text
    assert "Of these, first by the rules of this hall: 2" in texts(page)
    assert not any("Of these" in one for one in texts(client(None, FakePages()).get("/t/code?lang=en").text))
