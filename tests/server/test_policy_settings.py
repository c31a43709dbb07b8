"""[policy] and [[class]]: what they mean for the rules, and every mistake between them at once."""

from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.settings import parse
from tests.server.halls import HALL
from tests.server.test_settings import line_of, mistakes

CLASSES = """
[[class]]
id = "vip"
zh = "贵宾"
en = "VIP"
head_start_s = 90
rate = 2

[[class]]
id = "all"
zh = "普通"
en = "Everybody"
rank = 2
"""


def policy(lines: str) -> str:
    return f"{HALL}\n[policy]\n{lines}\n{CLASSES}"


def test_a_hall_that_says_nothing_calls_in_the_order_of_arrival() -> None:
    assert parse(HALL).hall_config().policy == Policy("fifo", (), "", (), 1800)


def test_classes_and_policy_reach_the_rules() -> None:
    found = parse(policy('kind = "quota"\nordinary = "all"\npattern = ["vip", "vip", "all"]\nguarantee_min = 12.5'))
    classes = (CustomerClass("vip", "贵宾", "VIP", 90, 2, 1), CustomerClass("all", "普通", "Everybody", 0, 1, 2))
    assert found.hall_config().policy == Policy("quota", classes, "all", ("vip", "vip", "all"), 750)


def test_every_mistake_of_a_policy_is_told_at_once() -> None:
    text = policy('kind = "quota"\nordinary = "al"\npattern = ["vip", "vib"]\nguarantee_min = -1\nrate = 3')
    text = text.replace("rate = 2", "rate = 0").replace('id = "all"', 'id = "all"\nweight = 1')
    assert mistakes(text) == [
        f"hallcall.toml, line {line_of(text, 'ordinary')}: there is no class 'al'. Did you mean 'all'?",
        f"hallcall.toml, line {line_of(text, 'pattern')}: nobody of class 'all' would ever have a turn.",
        f"hallcall.toml, line {line_of(text, 'pattern')}: there is no class 'vib'. Did you mean 'vip'?",
        f"hallcall.toml, line {line_of(text, 'guarantee_min')}: policy.guarantee_min: Input should be greater than or"
        " equal to 0 (it says -1).",
        f"hallcall.toml, line {line_of(text, 'rate = 3')}: policy.rate is not a setting. Did you mean 'pattern'?",
        f"hallcall.toml, line {line_of(text, 'rate = 0')}: class.vip.rate: Input should be greater than or equal to 1"
        " (it says 0).",
        f"hallcall.toml, line {line_of(text, 'weight')}: class.all.weight is not a setting.",
    ]


def test_a_policy_that_could_make_no_difference_or_starve_somebody_is_a_mistake() -> None:
    def said(text: str) -> list[str]:
        return [sentence.partition(": ")[2] for sentence in mistakes(text)]

    assert said(policy('kind = "strict"\nordinary = "all"\nguarantee_min = 0')) == [
        "a strict policy needs one: the others could wait for ever."
    ]
    assert said(policy('kind = "head_start"\nordinary = "all"').replace("head_start_s = 90", "")) == [
        "no class has a head start: give one its head_start_s."
    ]
    assert said(f'{HALL}\n[policy]\nkind = "accumulating"') == [
        "'accumulating' needs classes of customers: write them as [[class]]."
    ]
    assert said(policy('kind = "quota"\nordinary = "all"')) == ["a quota needs a pattern of classes."]
    assert said(policy('pattern = ["vip"]\nordinary = "all"')) == ['a pattern counts for kind = "quota" only.']
    assert said(policy("").replace('"all"', '"vip"')) == [
        "say which class everybody has: ordinary = 'vip', for instance.",
        "the class 'vip' stands here a second time.",
    ]
