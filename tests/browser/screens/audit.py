"""What a screen must hold whatever it shows: nothing that axe finds, nothing cut off, nothing said to another host."""

import re
from dataclasses import dataclass, field
from importlib.resources import files

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# Both rules are off unless asked for: text of 7 : 1, and targets that a finger does not miss.
RULES = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}
# Preloading would ask for each style sheet once more.
OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": RULES}
RUN = """async (options) => (await axe.run(document, options)).violations.flatMap((rule) => rule.nodes.map((node) => {
  const why = [...node.any, ...node.all, ...node.none][0]?.message ?? rule.help;
  return `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 90)} (${why})`;
}))"""
WIDER = "document.documentElement.scrollWidth - innerWidth"
# Text is cut when its own box is too narrow, or when a box around it hides what sticks out of it.
CUT = """() => {
  const text = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const shown = (one) => one.checkVisibility() && !one.closest(".sr-only, svg, select, template, dialog:not([open])");
  const holds = (one, name) => ["hidden", "clip"].includes(getComputedStyle(one)[name]);
  const cutBy = (one) => {
    const mine = one.getBoundingClientRect();
    for (let box = one.parentElement; box && box !== document.body; box = box.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(box).overflowY)) break;   // it can be scrolled into sight
      const its = box.getBoundingClientRect();
      if (holds(box, "overflowX") && (mine.right > its.right + 1 || mine.left < its.left - 1)) return true;
      if (holds(box, "overflowY") && (mine.bottom > its.bottom + 1 || mine.top < its.top - 1)) return true;
    }
    return getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1;
  };
  return [...document.body.querySelectorAll("*")].filter((one) => text(one) && shown(one) && cutBy(one))
    .map((one) => one.textContent.trim().slice(0, 60));
}"""
# What the browser itself prints about cut sockets and refused commands is what tests provoke.
PROVOKED = re.compile(r"[Ss]tatus (of|Error Code) (40[1349]|503)|WebSocket|ERR_CONNECTION|ERR_INTERNET")


@dataclass
class Complaints:
    """What the pages of one context printed as errors, and whom besides their own host they asked."""

    context: BrowserContext
    hosts: tuple[str, ...]
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.said.append(str(error.error)))
        self.context.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not PROVOKED.search(message.text):
            self.said.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.hosts):
            self.said.append(f"asked {request.url}")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line for each place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE + ";0")
    found: list[str] = page.evaluate(RUN, OPTIONS)
    return found


def cut(page: Page) -> list[str]:
    """Texts that cannot be read to their end."""
    found: list[str] = page.evaluate(CUT)
    return found


def wider(page: Page) -> int:
    """By how many pixels the page is wider than its screen."""
    found: int = page.evaluate(WIDER)
    return found
