"""[[webhook]]: all mistakes at once, and a secret that is nowhere but where its owner put it."""

from pathlib import Path

import pytest

from hall_server.settings import SettingsError, parse
from hall_server.settings.hooks import NoSecret, WebhookSettings, secret_of
from tests.server.halls import HALL

GOOD = '\n[[webhook]]\nid = "town"\nurl = "https://10.0.0.7:8443/hooks"\nsecret_env = "TOWN"\nevents = ["called"]\n'


def mistakes(text: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        parse(HALL + text)
    return [one.partition(": ")[2] for one in wrong.value.mistakes]


def test_a_webhook_on_the_own_network_is_in_order() -> None:
    (hook,) = parse(HALL + GOOD).webhook
    assert (hook.id, hook.events, hook.keep_h) == ("town", ("called",), 72)


def test_all_mistakes_of_webhooks_are_told_and_no_address_is_repeated() -> None:
    bad = GOOD.replace("called", "caled").replace("https://", "ftp://me:pass" + "word@")
    double = GOOD.replace('secret_env = "TOWN"\n', "")
    found = mistakes(GOOD + bad + double)
    assert [one.partition(":")[0] for one in found] == [
        "the webhook 'town' stands here a second time.",
        "url must be http",
        "there is no event 'caled'",
        "say where its secret is",
        "the webhook 'town' stands here a second time.",
    ]
    assert "Did you mean 'called'?" in found[2]
    assert "pass" + "word@" not in " ".join(found)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://", "https://a b/", "http://host:99999/", "gopher://x/"])
def test_only_http_is_an_address(url: str) -> None:
    (said,) = mistakes(GOOD.replace("https://10.0.0.7:8443/hooks", url))
    assert said.startswith("url must be http://HOST/PATH")


def hook(secret_env: str = "", secret_file: str = "") -> WebhookSettings:
    return WebhookSettings(
        id="town", url="http://h/", events=("called",), secret_env=secret_env, secret_file=secret_file
    )


def test_a_secret_comes_from_the_environment_or_from_a_file_of_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOWN", "0123456789abcdef")
    assert secret_of(hook(secret_env="TOWN"), tmp_path) == b"0123456789abcdef"
    path = tmp_path / "town.secret"
    path.write_text("fedcba9876543210\n")
    path.chmod(0o600)
    assert secret_of(hook(secret_file="town.secret"), tmp_path) == b"fedcba9876543210"


def test_a_secret_that_others_can_read_is_short_or_missing_is_refused_without_being_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOWN", "short-one")
    monkeypatch.delenv("NOWHERE", raising=False)
    path = tmp_path / "open.secret"
    path.write_text("fedcba9876543210\n")
    path.chmod(0o644)
    said = []
    for where in (
        {"secret_env": "TOWN"},
        {"secret_env": "NOWHERE"},
        {"secret_file": "open.secret"},
        {"secret_file": "no"},
    ):
        with pytest.raises(NoSecret) as why:
            secret_of(hook(**where), tmp_path)
        said.append(str(why.value))
    assert said == [
        "the environment variable TOWN holds no secret of at least 16 characters",
        "the environment variable NOWHERE holds no secret of at least 16 characters",
        "others can read the file open.secret: chmod 600 open.secret",
        "the file no cannot be read as text",
    ]
