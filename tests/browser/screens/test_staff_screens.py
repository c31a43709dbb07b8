"""Every staff screen and customer page in every state leaves a picture, and has nothing that axe or a ruler finds."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console_hall import LIMIT_S, SCREENS, wait_for
from tests.browser.screens.audit import Complaints, cut, violations, wider
from tests.browser.screens.shots import SHOTS, Shot
from tests.browser.screens.stage import Stage
from tests.soak import rounds

pytestmark = pytest.mark.needs("chromium")

# A look costs a second of a core: every second shot each time, all of them when the hall is soaked.
LOOKED_AT = SHOTS[:: rounds(2, 1)]
TALLER = "document.documentElement.scrollHeight - innerHeight"
CONSOLES = {"clerk": "/clerk", "concierge": "/concierge", "manager": "/floor", "maintenance": "/maintenance"}
BAD = """<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1>
<p style="color:#767676">Grey enough for most rules</p><div style="width:4em;overflow:hidden;white-space:nowrap">Much
too long to be read</div><p><button style="width:12px;height:12px" aria-label="One">1</button><button
style="width:12px;height:12px" aria-label="Two">2</button></p><div style="width:3000px">Wide</div></main>"""


@pytest.mark.parametrize("shot", LOOKED_AT, ids=lambda shot: shot.name)
def test_a_screen_can_be_read_and_used_by_everybody(stage: Stage, shot: Shot) -> None:
    page, complaints = stage.open(shot)
    page.screenshot(path=SCREENS / f"{shot.name}.png", full_page=not shot.fits and not shot.then)
    found = (violations(page), cut(page), wider(page), page.evaluate(TALLER) if shot.fits else 0, complaints.said)
    assert found == ([], [], 0, 0, [])


@pytest.mark.parametrize("role", CONSOLES)
def test_a_console_that_has_lost_the_hall_says_so_and_can_be_read_all_the_same(stage: Stage, role: str) -> None:
    hall = stage.hall
    page, complaints = stage.open(Shot(f"{role}-stale", role, CONSOLES[role]))
    wait_for(lambda: hall.listeners)
    page.clock.install()
    hall.hang_up()
    try:
        expect(page.locator("#stale")).to_be_visible(timeout=LIMIT_S * 1000)
        page.screenshot(path=SCREENS / f"{role}-stale.png")
        assert (violations(page), cut(page)) == ([], [])
        page.clock.fast_forward("05:30")
        expect(page.locator("body.blank")).to_be_visible(timeout=LIMIT_S * 1000)
        expect(page.locator("main button:enabled")).to_have_count(0)
        page.screenshot(path=SCREENS / f"{role}-offline.png")
        assert (violations(page), cut(page), complaints.said) == ([], [], [])
    finally:
        hall.reachable = True


def test_a_bad_page_is_found_out(browser: Browser) -> None:
    with browser.new_context(viewport={"width": 800, "height": 600}) as context:
        complaints = Complaints(context, ("http://127.0.0.1",))
        page = context.new_page()
        page.set_content(BAD)
        rules = {line.partition(":")[0] for line in violations(page)}
        assert rules == {"color-contrast-enhanced", "target-size"}
        assert cut(page) == ["Much\ntoo long to be read"]
        assert wider(page) > 2000
        page.evaluate("console.error('refused')")
        page.evaluate("fetch('http://hall.invalid/').catch(() => 0)")
        assert complaints.said[:2] == ["refused", "asked http://hall.invalid/"]
