"""The composition root: the one file that knows every part of the server and puts them together."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import flask
from flask import Flask, Response, g, jsonify, request
from flask_socketio import SocketIO
from werkzeug.exceptions import HTTPException

import display
from display.distance import Distance
from display.phrases import Phrases
from display.sign_text import SignTexts
from display.tv import tv_blueprint
from hall_server import views
from hall_server.core.commands import Configure
from hall_server.core.facts import AccessGranted, AccessRevoked, DeviceReplaced
from hall_server.core.hall import Hall
from hall_server.hooks.all import Webhooks
from hall_server.journal import Journal, JournalError
from hall_server.live import Live, Shown
from hall_server.media import FOLDER, Media
from hall_server.migrations import migrate
from hall_server.owed import owed, stations
from hall_server.records import Credentials
from hall_server.register.replacing import Wanted, Workshop
from hall_server.settings import Settings
from hall_server.settings.tables import place_ports
from hall_server.voice import Part, Voice
from hall_server.web import (
    admin,
    admin_records,
    appointments,
    assets,
    checks,
    clerk,
    complaint_pages,
    concierge,
    content_page,
    customer,
    day_page,
    device_page,
    figures_pages,
    home,
    hooks_page,
    login,
    maintenance,
    manager,
    pickups,
    replacing_page,
    reports_page,
    rolls,
    tablet,
)
from hall_server.web.admission import Admission
from hall_server.web.api import api_blueprint, http_problem, respond
from hall_server.web.api.problems import AWAY, problem, refusal
from hall_server.web.cookies import session_secret
from hall_server.web.desk import Desk
from hall_server.web.headers import secure
from hall_server.web.ports import Link
from hall_server.web.sounds import sounds_blueprint, this_screen, where_sounds_are
from hall_server.wiring import Orders, Wiring
from hall_server.writer import Answer, Broken, News, Unavailable, Writer, direct

HERE = Path(__file__).parent
# Folders of catalogues beside the pages.
TEXTS = (
    "locale",
    "help",
    "workshop",
    "whys",
    "booked",
    "figures",
    "seats",
    "numbers",
    "slips",
    "shown",
    "complaints",
    "office",
    "tablet",
    "records",
)
PING_INTERVAL_S = 10
PING_TIMEOUT_S = 5
READY_WITHIN_S = 2.0
ACCESS = (AccessGranted, AccessRevoked)  # after these, known secrets are read again


@dataclass(frozen=True, slots=True)
class Hosting:
    """How a process runs the server: on which loop and real threads, by which clock, with what when it breaks."""

    async_mode: str = "threading"
    run_native: Callable[..., Any] = direct
    on_crash: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.time
    read: Callable[..., Any] = direct


@dataclass(slots=True)
class Server:
    """Everything that runs: ``wsgi`` answers requests, ``start`` and ``stop`` frame its life."""

    settings: Settings
    writer: Writer
    journal: Journal
    desk: Desk
    live: Live
    flask: Flask
    wsgi: Admission
    socketio: SocketIO
    voice: Voice

    def stop(self) -> None:
        """Finish what waits and close the journal."""
        self.writer.stop()
        self.journal.close()


def build(settings: Settings, home_dir: Path, hosting: Hosting) -> Server:
    """Open the journal, fold it, and make the pages and calls; nothing listens yet.

    Raises ``JournalError`` and ``SchemaNewer``.
    """
    journal = Journal(settings.database_url(home_dir), settings.hall.id)
    migrate(journal.writes)
    texts = (Path(display.__file__).parent / "locale", *(HERE / "web" / name for name in TEXTS))
    phrases = Phrases.load(*texts)
    wiring = Wiring()
    wiring.renew(settings)
    outside = _outside(settings, phrases, journal.head().epoch, wiring)
    make = shown_by(outside, wiring.orders)
    app, socketio = _frameworks(settings, hosting)
    live = Live(socketio, outside.epoch, outside.build, make(Hall()), hosting.on_crash)
    credentials = Credentials(journal.reads, journal.hall)

    def publish(news: News) -> None:
        if any(isinstance(fact, ACCESS) for _, fact in news):
            credentials.forget()
        replaced = [fact for _, fact in news if isinstance(fact, DeviceReplaced)] if journal.shared else []
        if any([hosting.run_native(follow, workshop, fact) for fact in replaced]):
            writer.show_anew()
        live.publish(news)
        hooks.grown(max(seq for seq, _ in news))

    hooks = Webhooks(settings.webhook, home_dir, journal, hosting.read, hosting.clock)
    workshop = Workshop(home_dir, settings.server, wiring)
    writer = Writer(
        journal, refuse=refusal, view=make, publish=publish, run_native=hosting.run_native,
        on_crash=hosting.on_crash, clock=hosting.clock,
    )  # fmt: skip
    writer.start()
    desk = Desk(
        writer=writer, journal=journal, credentials=credentials, outside=outside,
        limits=settings.limits, retention=settings.retention, orders=wiring.orders, screens=lambda: _links(settings),
        read_config=workshop.read_config, latest=lambda: live.newest().board,
        run_native=hosting.run_native, read=hosting.read, workshop=workshop, hooks=hooks,
        clock=hosting.clock, media=Media(home_dir / FOLDER),
    )  # fmt: skip
    if not writer.look(lambda hall: hall.configured):
        desk.do(Configure(settings.hall_config()), "settings", lambda _hall, _facts: Answer(204, ""))
    live.attach(desk)
    voice = Voice(settings.voice, home_dir, hosting.clock)
    _pages(app, desk, phrases, live, voice, settings)
    hosts = (settings.server.host, *settings.server.hosts, _host_of(settings.server.public_url))
    wsgi = Admission(
        app, hosts, settings.limits.body_bytes, settings.limits.connections_per_address
    )  # fmt: skip
    return Server(settings, writer, journal, desk, live, app, wsgi, socketio, voice)


def follow(workshop: Workshop, fact: DeviceReplaced) -> bool:
    """Whether another server has put a unit in a device's place, and the settings here had to be changed."""
    unit = fact.new
    wanted = Wanted(fact.device, fact.url, fact.options, fact.columns, unit.model, unit.serial, unit.firmware)
    return workshop.follow(wanted)


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition(":")[0] or url.partition("://")[2].partition("/")[0]


def base_url(settings: Settings) -> str:
    """Where customers' phones find their ticket's page: ``public_url``, else the first host name, else the host."""
    if settings.server.public_url:
        return settings.server.public_url.rstrip("/")
    host = next(iter(settings.server.hosts), settings.server.host)
    return f"{'https' if settings.server.tls else 'http'}://{host}:{settings.port}"


def _outside(settings: Settings, phrases: Phrases, epoch: int, wiring: Wiring) -> views.Outside:
    return views.Outside(
        epoch=epoch, build=version("hallcall"), base_url=base_url(settings), signs=SignTexts(phrases),
        addresses=wiring.addresses, assets=wiring.assets,
        simulated=wiring.simulated, clerk_numbers=wiring.clerk_numbers,
        issue_every_s=settings.limits.issue_every_s, issue_burst=settings.limits.issue_burst,
    )  # fmt: skip


def shown_by(outside: views.Outside, orders: Orders) -> Callable[[Hall], Shown]:
    """The function that makes what a commit shows."""

    def make(hall: Hall) -> Shown:
        board, held = views.board(hall, outside), dict(orders)
        places = {device.id: device.at for device in hall.config.devices if device.place == "window"}
        return Shown(board, {name: owed(hall, name, held, outside) for name in stations(held)}, places)

    return make


def _links(settings: Settings) -> tuple[Link, ...]:
    kiosks = tuple(
        Link("kiosk", f"http://127.0.0.1:{place_ports(str(k.port), settings.port)}/", k.id)
        for k in settings.kiosk
        if k.port is not None
    )
    simulators = (Link("simulator", f"http://127.0.0.1:{settings.port + 3}/"),)
    displays = tuple(
        Link("tablet", f"/tablet/{d.window}", str(d.window)) for d in settings.device if d.kind == "tablet"
    )
    return (Link("tv", "/tv"), *displays, *kiosks, *(simulators if any(d.simulated for d in settings.device) else ()))


def _frameworks(settings: Settings, hosting: Hosting) -> tuple[Flask, SocketIO]:
    static = Path(display.__file__).parent / "static"
    app = Flask("hall_server", static_folder=str(static), static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = settings.limits.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = 32 * 1024
    app.config["MAX_FORM_PARTS"] = 50
    app.config["HALL"] = settings.hall.id
    socketio = SocketIO(
        app, async_mode=hosting.async_mode, transports=["websocket"], async_handlers=False,
        cors_allowed_origins=None, ping_interval=PING_INTERVAL_S, ping_timeout=PING_TIMEOUT_S,
        max_http_buffer_size=settings.limits.frame_bytes, manage_session=False,
    )  # fmt: skip
    return app, socketio


def _pages(app: Flask, desk: Desk, phrases: Phrases, live: Live, voice: Voice, settings: Settings) -> None:

    @app.before_request
    def who() -> None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        session = session_secret(request)
        secret = token if kind.lower() == "bearer" else session
        g.principal = desk.principal(secret) if secret else None
        by_cookie = g.principal is not None and kind.lower() != "bearer"
        g.csrf = sha256(f"csrf\n{session}".encode()).hexdigest() if by_cookie else ""

    mouth = partial(where_sounds_are, voice.recipe, voice.languages)
    app.after_request(secure)
    app.after_request(_heard_from_disk)
    app.register_error_handler(HTTPException, _trouble)
    for away in (Unavailable, JournalError):
        app.register_error_handler(away, lambda _why: respond(problem("unavailable", AWAY)))
    app.register_error_handler(Broken, lambda ours: respond(problem("broken", str(ours))))
    for blueprint in (
        api_blueprint(desk), tv_blueprint(desk.board, phrases, desk.now, mouth, partial(_seats, settings)),
        sounds_blueprint(desk.board, lambda *part: voice.sound(Part(*part))), assets.assets_blueprint(),
        home.home_blueprint(desk, phrases), login.login_blueprint(desk, phrases),
        clerk.clerk_blueprint(desk, phrases), maintenance.maintenance_blueprint(desk, phrases),
        device_page.device_blueprint(desk, phrases), replacing_page.replacing_blueprint(desk, phrases),
        reports_page.reports_blueprint(desk, phrases), checks.checks_blueprint(desk, phrases),
        hooks_page.hooks_blueprint(desk, phrases),
        manager.manager_blueprint(desk, phrases), concierge.concierge_blueprint(desk, phrases),
        day_page.day_blueprint(desk, phrases), figures_pages.figures_blueprint(desk, phrases),
        appointments.appointments_blueprint(desk, phrases), rolls.rolls_blueprint(desk, phrases),
        pickups.pickups_blueprint(desk, phrases), content_page.content_blueprint(desk, phrases),
        admin.admin_blueprint(desk, phrases),
        complaint_pages.complaint_blueprint(desk, phrases),
        customer.customer_blueprint(desk, phrases), tablet.tablet_blueprint(desk, phrases),
        admin_records.records_blueprint(desk, phrases),
    ):  # fmt: skip
        app.register_blueprint(blueprint)

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok", build=live.build)

    @app.get("/readyz")
    def readyz() -> Response:
        """Whether the journal can be read and written; whoever watches us does not wait long for a no."""
        state = desk.writer.look(
            lambda hall: {"rev": hall.seq, "day": hall.day, "open": hall.day_open},
            catch_up=True,
            within_s=READY_WITHIN_S,
        )
        return jsonify(status="ready", **state)


def _seats(settings: Settings) -> Distance:
    """How far away people sit from the screen that asks."""
    screens = {device.id: device for device in settings.device if device.kind == "tv"}
    return settings.tv.of(screens.get(this_screen()))


def _heard_from_disk(response: Response) -> Response:
    """The first page of a screen's computer comes from its own disk, and asks whether we are there."""
    if request.path == "/healthz":
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _trouble(error: HTTPException) -> flask.typing.ResponseReturnValue:
    """Refusals of the framework: problems for programs, plain pages for people."""
    if request.path.startswith("/api/"):
        return http_problem(error)
    return error.get_response()
