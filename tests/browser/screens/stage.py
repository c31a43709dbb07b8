"""One hall and one browser for many shots: what a shot changed is put back before the next."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.console_hall import ConsoleHall
from tests.browser.screens.audit import Complaints
from tests.browser.screens.shots import Shot
from tests.web.hall import NOW, FakePages, clerk_view

# A console shows another state as it does in a hall: fetched again, in the same page. That costs a tenth of a load.
AGAIN = """() => new Promise((drawn) => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  document.activeElement.blur();
  document.body.addEventListener("htmx:afterSettle", () => drawn(true), { once: true });
  setTimeout(() => drawn(false), 2000);
  document.body.dispatchEvent(new CustomEvent("hall:changed"));
})"""


@dataclass
class Stage:
    """The hall, set for a shot, and the page that shows it; signed in once for each role and language."""

    browser: Browser
    hall: ConsoleHall
    _signed_in: dict[tuple[str, str], tuple[BrowserContext, Complaints]] = field(default_factory=dict)

    def open(self, shot: Shot) -> tuple[Page, Complaints]:
        """The page, when it listens to its keys and looks as the shot wants it."""
        fresh = FakePages(moment=NOW, sessions=self.hall.pages.sessions)
        for name, value in (shot.values or {}).items():
            setattr(fresh, name, value)
        vars(self.hall.pages).update(vars(fresh))
        self.hall.show(shot.view or clerk_view())
        context, complaints = self._as(shot.role, shot.lang)
        page = context.pages[0] if context.pages else context.new_page()
        page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
        there = page.url == self.hall.url + shot.path and page.locator("#body:not([inert])").count()
        if not (there and page.evaluate(AGAIN)):  # else loaded anew, also when nothing was drawn in time
            page.goto(self.hall.url + shot.path)
            expect(page.locator("main[inert]")).to_have_count(0)
        if shot.then:
            shot.then(page)
        return page, complaints

    def close(self) -> None:
        for context, _ in self._signed_in.values():
            context.close()

    def _as(self, role: str, lang: str) -> tuple[BrowserContext, Complaints]:
        if (role, lang) not in self._signed_in:
            context = self.browser.new_context(reduced_motion="reduce")
            cookies = {"hallcall": role, "hallcall_lang": lang}
            context.add_cookies([{"name": one, "value": cookies[one], "url": self.hall.url} for one in cookies])
            self._signed_in[role, lang] = context, Complaints(context, (self.hall.url,))
        return self._signed_in[role, lang]
