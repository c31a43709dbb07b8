"""The ``hallcall`` command: starts the programs of a hall, and looks after its data."""

import signal
import subprocess
import sys
from pathlib import Path

import click

from hall_server import closing_check, opening_check
from hall_server.contract.messages import ROLES
from hall_server.devices import devices
from hall_server.local import ADDRESS_FILE, ask_server, need_server
from hall_server.lock import NotReady
from hall_server.parts import PartFailed
from hall_server.settings import FILE, SettingsError, load
from hall_server.up import up
from hall_server.upkeep import content, exporting, live, replacing, reports, screens, voice, webhooks

HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True,
                    help="Folder of settings and data.")  # fmt: skip
PASS_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hallcall", prog_name="hallcall")
def main() -> None:
    """Queue and kiosk system for service halls."""


def _run(module: str, arguments: tuple[str, ...]) -> None:
    """Run a program as a process of its own and end as it ends; Ctrl-C reaches it directly, a kill is passed on."""
    process = subprocess.Popen([sys.executable, "-m", module, *arguments])
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:
            continue


def _program(name: str, module: str, summary: str) -> None:
    @main.command(name, context_settings=PASS_ON, short_help=summary, help=summary)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def run(arguments: tuple[str, ...]) -> None:
        _run(module, arguments)


_program("serve", "hall_server.serve", "Run the hall server.")
_program("station", "hall_server.station", "Run the program on a computer that has device cables.")
_program("kiosk", "kiosk", "Run a touch kiosk with its own printer.")
_program("doctor", "hall_server.doctor", "Check a hall and say what needs a person.")
_program("sim", "drivers.sim", "Run simulated devices: printer, bus or hall.")


def _past(name: str, summary: str) -> None:
    @main.command(name, context_settings=PASS_ON, short_help=summary, help=summary)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def run(arguments: tuple[str, ...]) -> None:
        _run("hall_server.past", (name, *arguments))


_past("kpi", "Count a business day (--day DATE, --recompute, --json).")
_past("fairness", "Say who was overtaken, by whom and why (--day DATE, --csv, --json).")
_past("forecast", "Forecast a day's demand and propose windows (--day DATE, --json).")
_past("why", "Say why a ticket was called, and who went before it (LABEL --day DATE).")
_past(
    "archive",
    "Keep days that are over in a file, and prove one (make FILE.zip --from DATE --to DATE, verify FILE.zip).",
)
_past("replay", "Replay a day of arrivals under other policies (FILE.csv --windows N --policy P).")


@main.command("migrate", context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def migrate(arguments: tuple[str, ...]) -> None:
    """Copy the hall into another database (--to URL)."""
    _run("hall_server.offline", ("migrate", *arguments))


@main.command("up")
@HOME
@click.option("--demo", is_flag=True, help="Write demo settings on the first start and simulate the devices.")
def up_command(home: Path, demo: bool) -> None:
    """Run a whole hall on this PC."""
    try:
        up(home, demo=demo)
    except SettingsError as wrong:
        click.echo(wrong.told(home / FILE), err=True)
        sys.exit(2)
    except NotReady as trouble:
        click.echo(trouble, err=True)
        sys.exit(3)
    except PartFailed as part:
        click.echo(f"The {part} cannot run; see its message above.", err=True)
        sys.exit(3)


main.add_command(devices)
main.add_command(webhooks.webhooks)
main.add_command(voice.voice)
main.add_command(content.content)
main.add_command(screens.screen)
for command in (
    live.list_devices, live.test_device, live.watch, exporting.export, replacing.replace, replacing.roll,
    reports.history, reports.report,
):  # fmt: skip
    devices.add_command(command)


@devices.command("find", context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def find(arguments: tuple[str, ...]) -> None:
    """Find serial ports, and printers on a subnet only when told to (--subnet 192.0.2.0/28)."""
    _run("hall_server.station.find", arguments)


@devices.command("import", context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def import_(arguments: tuple[str, ...]) -> None:
    """Show what a sheet changes in the settings; with --apply write them and take them into force."""
    _run("hall_server.upkeep.importing", arguments)


@main.group()
def config() -> None:
    """The settings file."""


@config.command("check")
@HOME
def check(home: Path) -> None:
    """List every mistake in the settings at once."""
    try:
        settings = load(home / FILE)
    except SettingsError as wrong:
        click.echo("\n".join(wrong.mistakes), err=True)
        sys.exit(2)
    click.echo(f"{home / FILE} is in order: {len(settings.window)} windows, {len(settings.device)} devices.")
    for sentence in settings.tv.advice(settings.device):
        click.echo(f"{sentence}.")


@config.command("apply")
@HOME
def apply(home: Path) -> None:
    """Take the hall's settings (services, windows, kiosks, devices) into force."""
    check.callback(home)  # type: ignore[misc]  # click keeps the function it wraps
    answer = ask_server(home, "POST", "/api/v1/config/apply")
    if answer is None:
        _run("hall_server.offline", ("config-apply", "--home", str(home)))
    click.echo("The settings are in force." if answer["changed"] else "They were in force already.")


@main.command("day")
@click.argument("what", type=click.Choice(["check", "open", "show", "close", "sign-off"]))
@HOME
@click.option("--despite", default="", help="Why it is opened though not ready, or closed over customers.")
@click.option("--note", default="", help="What whoever signs the closing check off has to say.")
def day(what: str, home: Path, despite: str, note: str) -> None:
    """Check all devices before opening; open, show or close the business day; sign the closing check off."""
    if what == "check":
        sys.exit(0 if opening_check.check(home) else 1)
    if what == "show":
        click.echo(closing_check.told(need_server(home, "GET", "/api/v1/day")))
        return
    if what == "sign-off":
        click.echo(closing_check.told(need_server(home, "POST", "/api/v1/day/sign-off", {"note": note})))
        return
    answer = ask_server(home, "POST", f"/api/v1/day/{what}", {"despite": despite})
    if answer is None:
        _run("hall_server.offline", (f"day-{what}", "--home", str(home), "--despite", despite))
    click.echo(f"Business day {answer['day']} is {'open' if answer['open'] else 'closed'}.")


def _door(home: Path) -> str:
    """Where people open the hall's pages: by its public name, else where the running server says it listens."""
    public = load(home / FILE).server.public_url.rstrip("/")
    return public or (home / ADDRESS_FILE).read_text("ascii")


def _secret(what: str, home: Path, role: str, subject: str | None, window: str | None) -> None:
    if role in ("kiosk", "station", "clerk") and not subject:
        raise click.UsageError(f"A {role} needs a name: --for ID.")
    if role == "clerk" and not window:
        raise click.UsageError("A clerk needs a window: --window W.")
    answer = ask_server(home, "POST", f"/api/v1/{what}s", {"role": role, "subject": subject, "window": window})
    if answer is not None:
        click.echo(f"{_door(home)}{answer['secret']}" if what == "link" else answer["secret"])
        return
    options = [(name, value) for name, value in (("--for", subject), ("--window", window)) if value]
    rest = tuple(word for pair in options for word in pair)
    _run("hall_server.offline", ("secret", "--home", str(home), "--what", what, "--role", role, *rest))


def _secret_command(group: str, what: str, summary: str, make: str) -> click.Group:
    @main.group(group, help=summary, short_help=summary)
    def commands() -> None: ...

    @commands.command("create", help=make, short_help=make)
    @HOME
    @click.option("--role", type=click.Choice(ROLES), required=True)
    @click.option("--for", "subject", help="Whom or what it is for (needed for kiosk, station and clerk).")
    @click.option("--window", help="A clerk's window.")
    def create(home: Path, role: str, subject: str | None, window: str | None) -> None:
        _secret(what, home, role, subject, window)

    return commands


tokens = _secret_command("token", "token", "Bearer tokens for programs, shown once.", "Print a new bearer token.")
_secret_command("link", "link", "One-time sign-in links for people, valid for 10 minutes.", "Print a new link.")


@tokens.command("list")
@HOME
def token_list(home: Path) -> None:
    """Show who holds a token or session; secrets are shown only once, when they are made."""
    for one in need_server(home, "GET", "/api/v1/tokens")["tokens"]:
        window = f" window {one['window']}" if one["window"] else ""
        whose = f"{one['role']:<11}  {one['subject'] or '-'}{window}"
        click.echo(f"{one['id']}  {one['what']:<7}  {whose}  since {one['created_at']}")


@tokens.command("revoke")
@click.argument("token")
@HOME
def token_revoke(token: str, home: Path) -> None:
    """End a token or session by its id (see: hallcall token list)."""
    need_server(home, "POST", f"/api/v1/tokens/{token}/revoke")
    click.echo(f"{token} has ended.")


@main.command("purge")
@HOME
def purge(home: Path) -> None:
    """Delete personal data that has been kept for as long as it may be; the server does so every ten minutes."""
    forgotten = 0
    while some := need_server(home, "POST", "/api/v1/purge")["forgotten"]:
        forgotten += some
    click.echo(f"Forgotten: {forgotten} records of people.")


@main.group()
def journal() -> None:
    """Everything that happened in the hall."""


def _journal_command(name: str, summary: str) -> None:
    @journal.command(name, context_settings=PASS_ON, short_help=summary, help=summary)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def run(arguments: tuple[str, ...]) -> None:
        _run("hall_server.offline", ("journal", name, *arguments))


_journal_command("show", "Print the journal (--after N, --limit N, --json).")
_journal_command("verify", "Check that no row was changed, and that each number is a ticket or has its record.")
