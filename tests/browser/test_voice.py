"""What the hall hears from the TV, in Chromium: order, recalls, what is too old, a blocked loudspeaker, the levels."""

import math
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page

from display.tv import Voice
from drivers.speech.queue import ENGLISH_WHILE, MAX_AGE_S, REPEATED_WHILE
from hall_server.voice import Part, shipped
from tests.browser.hall_with_a_tv import DISPLAY, TvHall
from tests.browser.test_tv import Watched, browser, called, engine, until  # noqa: F401 - fixtures
from tests.display.boards import hall, iso
from tests.found import headless

pytestmark = pytest.mark.needs("chromium")

HERE = Voice("/voice/test", ("zh", "en"), "tv1")
# Every sound takes 60 ms: what is tried here is the order, and each sentence would take ten seconds.
QUICK = """() => {
  window.heard = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function () { start.call(this, 0, 0, 0.06); };
}"""
# Nor is the time between two warnings waited for.
SOON = "() => { const wait = setTimeout; window.setTimeout = (then, ms) => wait(then, ms === 8000 ? 100 : ms); }"
LEVELS = """async (files) => {
  const context = new OfflineAudioContext(1, 24000, 24000);
  return Promise.all(files.map(async (file) => {
    const raw = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
    const sound = (await context.decodeAudioData(raw.buffer)).getChannelData(0);
    const heard = [...sound.keys()].filter((n) => Math.abs(sound[n]) > 0.01);
    const power = sound.reduce((sum, one) => sum + one * one, 0) / sound.length;
    const peak = sound.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    return { rms: Math.sqrt(power), peak, length: sound.length / 24000,
             before: heard[0] / 24000, after: (sound.length - heard.at(-1)) / 24000 };
  }));
}"""


class Listening(Watched):
    """A TV page whose sounds are short, and what it asked for."""

    def __init__(self, browser: Browser, server: TvHall, *, quick: bool = True) -> None:  # noqa: F811
        self.asked: list[str] = []
        super().__init__(browser, server)
        if quick:
            self.page.evaluate(QUICK)
        self.page.on("request", lambda request: self._note(request.url))

    def said(self) -> list[str]:
        """What was asked for; the browser tells of it only while it is spoken with."""
        self.page.wait_for_timeout(100)
        return self.asked

    def _note(self, url: str) -> None:
        if found := re.search(r"/voice/test/(\w+)/(\w+)/([^/]+)$", unquote(url)):
            self.asked.append(" ".join(found.groups()))


@pytest.fixture
def tv_hall() -> Iterator[TvHall]:
    board = hall(windows=8, now=datetime.now(UTC) - timedelta(minutes=1))
    server = TvHall(replace(board, speaker="tv1"), voice=HERE)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tv(browser: Browser, tv_hall: TvHall) -> Iterator[Listening]:  # noqa: F811
    one = Listening(browser, tv_hall)
    yield one
    one.context.close()


def outcomes(server: TvHall) -> list[tuple[object, object, object]]:
    return [(one["call"], one["spoken"], one["why"]) for one in server.spoken]


def test_a_single_call_is_said_in_chinese_in_english_and_again(tv: Listening, tv_hall: TvHall) -> None:
    tv_hall.push(called(200, "A101", "3"))
    tv_hall.wait_for(lambda: tv_hall.spoken)
    assert outcomes(tv_hall) == [(200, True, "")]
    zh, en = (["zh ticket A101", "zh window 3"], ["en ticket A101", "en window 3"])
    assert (sorted(tv.said()[:2]), sorted(tv.asked[2:4])) == (zh, en)
    assert tv.complaints == []


def test_calls_are_said_in_order_and_what_many_wait_behind_only_in_chinese(tv: Listening, tv_hall: TvHall) -> None:
    for n in range(5):
        tv_hall.push(called(200 + n, f"A10{n}", str(n + 1)))
    tv_hall.wait_for(lambda: len(tv_hall.spoken) == 5, 30)
    assert outcomes(tv_hall) == [(200 + n, True, "") for n in range(5)]
    english = [one.split()[2] for one in tv.said() if one.startswith("en ticket")]
    assert "A104" in english
    assert "A101" not in english, "three waited behind it"


def test_a_recall_of_who_is_being_called_is_one_sentence_and_two_outcomes(tv: Listening, tv_hall: TvHall) -> None:
    tv_hall.push(called(200, "A101", "3"))
    tv_hall.push(called(201, "A101", "3"))
    tv_hall.wait_for(lambda: len(tv_hall.spoken) == 2)
    assert outcomes(tv_hall) == [(200, True, ""), (201, True, "")]
    assert tv.page.evaluate("document.body.dataset.chimes") == "1"


def test_what_is_older_than_twenty_seconds_is_shown_and_not_said(tv: Listening, tv_hall: TvHall) -> None:
    old = iso(datetime.now(UTC) - timedelta(seconds=MAX_AGE_S + 1))

    def late(board):  # type: ignore[no-untyped-def]
        made = called(200, "A101", "3")(board)
        one = replace(made.hero, at=old)
        return replace(made, hero=one, calls=(one,))

    tv_hall.push(late)
    tv_hall.wait_for(lambda: tv_hall.spoken)
    assert outcomes(tv_hall) == [(200, False, "too_old")]
    assert tv.said() == []


def test_quiet_hours_and_other_speakers_are_obeyed(tv: Listening, tv_hall: TvHall) -> None:
    def quiet(board):  # type: ignore[no-untyped-def]
        made = called(200, "A101", "3")(board)
        one = replace(made.hero, aloud=False)
        return replace(made, hero=one, calls=(one,))

    tv_hall.push(quiet)
    tv_hall.push(lambda board: replace(called(201, "A102", "4")(board), speaker="tv2"))
    tv_hall.push(lambda board: replace(called(202, "A103", "5")(board), speaker="tv1"))
    tv_hall.wait_for(lambda: tv_hall.spoken)
    assert outcomes(tv_hall) == [(202, True, "")]


def test_a_voice_that_has_no_sound_is_told_and_the_next_call_goes_on(tv: Listening, tv_hall: TvHall) -> None:
    tv_hall.push(called(200, "张三", "3"))
    tv_hall.push(called(201, "A102", "4"))
    tv_hall.wait_for(lambda: len(tv_hall.spoken) == 2)
    assert outcomes(tv_hall) == [(200, False, "no_sound: 404"), (201, True, "")]


def test_an_alarm_is_said_again_and_again_and_nobody_is_called_until_it_is_lifted(
    tv: Listening, tv_hall: TvHall
) -> None:
    fire = tv_hall.phrases.both("emergency.fire")
    tv.page.evaluate(SOON)
    tv_hall.push(lambda board: replace(called(200, "A101", "3")(board), emergency=fire))
    until(tv.page, "document.querySelector('.cover-emergency').checkVisibility()")
    tv_hall.wait_for(lambda: len(tv.said()) > 3, 30)
    assert {one.split()[1] for one in tv.asked} == {"alarm"}
    assert [one.split(maxsplit=2)[2] for one in tv.asked[:4]] == [fire.zh, fire.en] * 2
    assert [(one["call"], one["spoken"]) for one in tv_hall.spoken] == [(200, False)]
    tv_hall.push(lambda board: replace(called(201, "A102", "4")(board), emergency=None))
    tv_hall.wait_for(lambda: len(tv_hall.spoken) == 2)
    assert outcomes(tv_hall)[1] == (201, True, "")


def test_a_film_steps_back_while_somebody_is_called(tv: Listening, tv_hall: TvHall) -> None:
    tv.page.evaluate("""() => { const film = document.createElement('video'); document.body.append(film);
        window.film = film; window.quietest = 1;
        film.addEventListener('volumechange', () => { quietest = Math.min(quietest, film.volume); }); }""")
    tv_hall.push(called(200, "A101", "3"))
    tv_hall.wait_for(lambda: tv_hall.spoken)
    until(tv.page, "window.film.volume === 1")
    assert tv.page.evaluate("window.quietest") == pytest.approx(0.15)


def test_a_blocked_loudspeaker_is_told_of_each_call(tv_hall: TvHall, engine) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    strict = engine.launch(executable_path=headless(), args=["--no-sandbox"])
    Listening(strict, tv_hall)
    tv_hall.push(called(200, "A101", "3"))
    tv_hall.wait_for(lambda: tv_hall.spoken)
    assert outcomes(tv_hall) == [(200, False, "sound_blocked")]
    strict.close()


def test_the_page_has_the_rules_of_the_voice_modules() -> None:
    script = (DISPLAY / "static" / "js" / "announce.js").read_text("utf-8")
    found = {name: float(value) for name, value in re.findall(r"export const (\w+) = (\d+);", script)}
    assert found == {
        "EXPIRES_MS": MAX_AGE_S * 1000, "REPEATED_WHILE": REPEATED_WHILE, "ENGLISH_WHILE": ENGLISH_WHILE,
    }  # fmt: skip


def levels(page: Page, sounds: list[bytes]) -> list[dict[str, float]]:
    return list(page.evaluate(LEVELS, [b64encode(sound).decode() for sound in sounds]))


def test_sentences_are_as_loud_as_they_should_be_and_begin_and_end_without_delay(tv: Listening) -> None:
    calls = (("A027", "3"), ("C348", "12"), ("F519", "8"), ("M006", "20"), ("1001", "1"))
    sounds = [
        shipped().sentence((Part(language, "ticket", label), Part(language, "window", window)))
        for label, window in calls
        for language in ("zh", "en")
    ]
    for found in levels(tv.page, sounds):
        assert -24 <= 20 * math.log10(found["rms"]) <= -18, found
        assert 20 * math.log10(found["peak"]) < -0.3, found
        assert found["before"] < 0.15, found
        assert found["after"] < 0.25, found
        assert 3 <= found["length"] <= 9, found


SIGN_S = {"zh": 0.25, "en": 0.1}  # nobody reads more slowly: how the guide is used takes eight seconds to say


def test_every_clip_is_trimmed_and_none_is_silent_or_cut_off(tv: Listening) -> None:
    clips = {name: sound for name, sound in shipped().sounds.items() if name != "pause"}
    for name, found in zip(clips, levels(tv.page, list(clips.values())), strict=True):
        assert 0.2 <= found["length"] <= max(6, SIGN_S[name[:2]] * len(name)), name
        assert -27 <= 20 * math.log10(found["rms"]) <= -18, name
        assert 20 * math.log10(found["peak"]) < -0.3, name
        assert found["before"] < 0.15, name
        assert found["after"] < 0.3, name
