"""Who may do what: every call asked by every role, compared with one table written out by hand."""

import re
from typing import Any

import pytest

from hall_server.contract.messages import ROLES
from hall_server.web.api.routes import ROUTES
from tests.server.halls import Api

# One letter a role, in the order kiosk, station, tv, clerk, manager, maintenance, admin, concierge (g); "-" where it
# is forbidden.
LETTERS = dict(zip("kstcmxag", ROLES, strict=True))
TABLE = {
    "POST /tickets": "k--cm-ag",
    "POST /kiosks/<kiosk>/lease": "k-------",
    "POST /kiosks/<kiosk>/tickets": "k-------",
    "GET /kiosks/<kiosk>/waiting": "k-------",
    "GET /tickets/<ticket>": "k--cmxag",
    "POST /tickets/<ticket>/cancel": "k--cm-ag",
    "POST /tickets/<ticket>/slip": "k---m-a-",
    "GET /rolls": "---cm-ag",
    "POST /rolls/<roll>/handed-out": "---cm-ag",
    "POST /rolls/<roll>/served": "---cm-ag",
    "POST /rolls/<roll>/left": "---cm-ag",
    "POST /rolls/<roll>/spoiled": "---cm-ag",
    "GET /appointments": "----m-ag",
    "POST /appointments": "----m-ag",
    "POST /appointments/import": "----m-ag",
    "POST /appointments/<appointment>/confirm": "----m-ag",
    "POST /appointments/<appointment>/cancel": "----m-ag",
    "POST /checkins": "k---m-ag",
    "POST /purge": "------a-",
    "GET /lobby": "----m-ag",
    "GET /tickets": "---cm-ag",
    "POST /tickets/<ticket>/reinstate": "---cm-ag",
    "POST /tickets/<ticket>/urgent": "---cm-ag",
    "POST /tickets/<ticket>/need": "---cm-ag",
    "POST /tickets/<ticket>/care": "---cm-ag",
    "POST /helps": "k-------",
    "POST /helps/<help>/done": "---cm-ag",
    "POST /undo": "---cm-ag",
    "POST /windows/<window>/missing": "---cm-a-",
    "POST /windows/<window>/missing/<slip>/print": "---cm-a-",
    "POST /windows/<window>/pickup": "---cm-a-",
    "GET /pickups": "---cm-ag",
    "POST /pickups/<slip>/ready": "---cm-ag",
    "POST /windows/<window>/hold": "---cm-a-",
    "POST /windows/<window>/take-up": "---cm-a-",
    "GET /windows/<window>": "---cm-a-",
    "POST /windows/<window>/next": "---cm-a-",
    "POST /windows/<window>/call": "---cm-a-",
    "POST /windows/<window>/transfer": "---cm-a-",
    "POST /windows/<window>/send-back": "---cm-a-",
    "POST /windows/<window>/pause": "---cm-a-",
    "POST /windows/<window>/resume": "---cm-a-",
    "POST /windows/<window>/recall": "---cm-a-",
    "POST /windows/<window>/start": "---cm-a-",
    "POST /windows/<window>/finish": "---cm-a-",
    "POST /windows/<window>/absent": "---cm-a-",
    "POST /windows/<window>/rating": "--t-----",
    "POST /windows/<window>/redirect": "----mxa-",
    "POST /windows/<window>/redirect/answer": "---cmxa-",
    "GET /windows/<window>/redirect/preview": "---cmxa-",
    "GET /devices": "---cmxa-",
    "GET /devices/<device>/figures": "----mxa-",
    "POST /devices/<device>/fault": "---cmxa-",
    "POST /devices/<device>/repair": "----mxa-",
    "POST /devices/<device>/test": "----mxa-",
    "POST /devices/<device>/verify": "----mxa-",
    "GET /devices/report": "----mxa-",
    "GET /repairs": "----mxa-",
    "POST /devices/<device>/trial": "-----xa-",
    "POST /devices/<device>/replace": "-----xa-",
    "POST /devices/<device>/roll": "----mxa-",
    "POST /stations/<station>/reports": "ks------",
    "GET /ratings": "----m-a-",
    "POST /devices/<device>/confirm": "----mxa-",
    "POST /devices/<device>/inspect": "----mxa-",
    "POST /devices/<device>/fixed": "---cmxa-",
    "POST /day/check": "----mxa-",
    "GET /checks": "----mxa-",
    "GET /figures": "----m-a-",
    "GET /fairness": "----m-a-",
    "GET /promises": "----m-a-",
    "GET /forecast": "----m-a-",
    "GET /floor": "----m-a-",
    "POST /day/open": "----m-a-",
    "POST /day/close": "----m-a-",
    "POST /day/sign-off": "----m-a-",
    "GET /day": "----m-a-",
    "POST /windows/<window>/pause/answer": "----m-a-",
    "POST /windows/<window>/drain": "----m-a-",
    "POST /windows/<window>/reopen": "----m-a-",
    "POST /windows/<window>/substitute": "----m-a-",
    "POST /windows/<window>/handover": "---cm-a-",
    "POST /windows/<window>/session": "---c----",
    "POST /windows/<window>/handover/sign": "---cm-a-",
    "GET /content": "----m-a-",
    "POST /content": "----m-a-",
    "POST /content/parts": "----m-a-",
    "POST /content/<content>/revise": "----m-a-",
    "POST /content/<content>/remove": "----m-a-",
    "GET /guide": "k-tcm-ag",
    "POST /complaints": "k--cm-ag",
    "GET /complaints": "----m-a-",
    "POST /complaints/<complaint>/take": "----m-a-",
    "POST /complaints/<complaint>/note": "----m-a-",
    "POST /complaints/<complaint>/close": "----m-a-",
    "POST /notices/<notice>": "----m-ag",
    "POST /notices/<notice>/lift": "----m-ag",
    "GET /emergency": "---cm-ag",
    "POST /emergency": "----m-ag",
    "POST /emergency/lift": "----m-ag",
    "GET /journal": "----m-a-",
    "POST /config/apply": "------a-",
    "GET /admin/settings": "------a-",
    "POST /admin/services": "------a-",
    "POST /admin/services/<service>": "------a-",
    "POST /admin/services/<service>/remove": "------a-",
    "POST /admin/windows": "------a-",
    "POST /admin/windows/<window>": "------a-",
    "POST /admin/windows/<window>/remove": "------a-",
    "POST /admin/kiosks/<kiosk>": "------a-",
    "POST /admin/calendar": "------a-",
    "POST /admin/policy": "------a-",
    "POST /admin/calendar/preview": "------a-",
    "GET /webhooks": "----mxa-",
    "POST /webhooks/<webhook>/test": "------a-",
    "POST /webhooks/<webhook>/replay": "------a-",
    "GET /me": "kstcmxag",
    "POST /tokens": "------a-",
    "GET /tokens": "------a-",
    "POST /tokens/<token>/revoke": "------a-",
    "POST /links": "------a-",
}
PLACES = {"ticket": "none", "token": "none", "window": "1", "device": "sign1", "appointment": "none"}
PLACES |= {"service": "none", "content": "none", "webhook": "none", "kiosk": "K1", "roll": "P", "slip": "none"}
PLACES |= {"help": "none", "notice": "none", "complaint": "none"}
OWN_STATION = {"kiosk": "K1", "station": "hall"}


def test_the_table_names_every_call() -> None:
    assert {f"{route.method} {route.path}" for route in ROUTES} == set(TABLE)


@pytest.mark.parametrize("call", TABLE)
def test_each_role_may_do_what_the_table_says_and_nothing_else(api: Api, call: str) -> None:
    method, path = call.split(" ")
    let_in = ""
    for letter, role in LETTERS.items():
        places = PLACES | {"station": OWN_STATION.get(role, "hall")}
        where = re.sub(r"<(\w+)>", lambda found, at=places: at[found[1]], path)  # type: ignore[misc]
        answer = api.call(role, method, where, {} if method == "POST" else None)
        assert answer.status_code != 401
        let_in += "-" if answer.status_code == 403 else letter
    assert let_in == TABLE[call]


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        ("clerk", "/windows/2/next", {}),
        ("clerk", "/windows/2/call", {"label": "A001"}),
        ("clerk", "/windows/2/transfer", {"service": "tax"}),
        ("clerk", "/windows/2/send-back", {"note": "sign it"}),
        ("clerk", "/windows/2/pause", {}),
        ("clerk", "/windows/2/resume", {}),
        ("clerk", "/windows/2/handover", {}),
        ("clerk", "/windows/2/handover/sign", {}),
        ("clerk", "/windows/2/recall", {}),
        ("clerk", "/windows/2/start", {}),
        ("clerk", "/windows/2/finish", {}),
        ("clerk", "/windows/2/absent", {}),
        ("clerk", "/windows/2/hold", {"reason": "papers"}),
        ("clerk", "/windows/2/take-up", {"ticket": "none"}),
        ("clerk", "/windows/2/missing", {"items": []}),
        ("clerk", "/windows/2/missing/m-1/print", {}),
        ("clerk", "/windows/2/redirect/answer", {}),
        ("kiosk", "/tickets", {"service": "id", "kiosk": "K2"}),
        ("kiosk", "/stations/hall/reports", {}),
        ("station", "/stations/K1/reports", {}),
    ],
)
def test_clerks_kiosks_and_stations_act_for_themselves_only(api: Api, role: str, path: str, body: Any) -> None:
    before = api.rows()
    assert api.post(path, body, role).status_code == 403
    assert api.rows() == before


def test_a_clerk_reads_no_other_window(api: Api) -> None:
    assert (api.get("/windows/2", "clerk").status_code, api.get("/windows/1", "clerk").status_code) == (403, 200)


def test_a_kiosk_issues_for_itself_without_saying_so(api: Api) -> None:
    ticket = api.post("/tickets", {"service": "id"}, "kiosk").get_json()["id"]
    assert api.server.desk.look(lambda hall: hall.tickets[ticket].kiosk) == "K1"


def test_everybody_may_ask_who_they_are(api: Api) -> None:
    assert api.get("/me", "clerk").get_json() == {"role": "clerk", "subject": "li", "window": "1"}


def test_a_role_gets_a_credential_that_means_that_role(api: Api) -> None:
    for role in ROLES:
        made = api.post("/tokens", {"role": role, "subject": "somebody", "window": "2"}).get_json()
        assert api.get("/me", made["secret"]).get_json() == {"role": role, "subject": "somebody", "window": "2"}
    assert "somebody" not in "".join(made["secret"])


def test_no_secret_is_in_the_database_or_the_journal(api: Api) -> None:
    secret = api.post("/tokens", {"role": "tv"}).get_json()["secret"]
    folder = api.server.journal.writes.url.database
    assert folder is not None
    with open(folder, "rb") as file, open(f"{folder}-wal", "rb") as log:  # noqa: PTH123 - two at once
        assert secret.encode() not in file.read() + log.read()
