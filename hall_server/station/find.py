"""``python -m hall_server.station.find``: serial ports of this computer, printers of a subnet, one address asked."""

import ipaddress
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from drivers import finding
from hall_server.settings import FILE, SettingsError, load

MAX_ADDRESSES = 1024  # a /22: more is not one hall's network, and looking would take minutes
PORT = 9100  # where ticket printers listen
WRONG = 2

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Network | None:
    if text is None:
        return None
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as wrong:
        raise click.BadParameter(f"{text} is no subnet: write 192.0.2.0/28.") from wrong
    if network.num_addresses > MAX_ADDRESSES:
        raise click.BadParameter(
            f"{text} has {network.num_addresses} addresses, and at most {MAX_ADDRESSES} are asked."
        )
    return network


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--subnet", callback=_network, help="Also ask each address of this subnet, such as 192.0.2.0/28.")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="On the subnet.")
@click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True,
              help="Folder of settings: their devices are not disturbed.")  # fmt: skip
@click.option("--check", "url", help="Only ask this one address.")
@click.option("--kind", default="printer", show_default=True, help="What should be at --check.")
def main(subnet: Network | None, port: int, home: Path, url: str | None, kind: str) -> None:
    """Find serial ports, and printers on a subnet when one is named: each is asked its status, nothing else."""
    console = Console(markup=False, highlight=False, soft_wrap=True)
    if url is not None:
        sys.exit(_check(url, kind))
    for found in finding.serial_ports():
        lasting = "".join(f"\n    serial://{link}" for link in found.links)
        console.print(f"serial://{found.name}  {found.description}".rstrip() + lasting)
    if subnet is not None:
        _search(console, subnet, port, _known(home))


def _check(url: str, kind: str) -> int:
    try:
        works, sentence = finding.check(url, kind)
    except ValueError as wrong:
        click.echo(wrong, err=True)
        return WRONG
    click.echo(sentence)
    return 0 if works else 1


def _known(home: Path) -> dict[str, str]:
    """The devices of the settings by host and port: a printer that works has one connection, and it is in use."""
    if not (home / FILE).exists():
        return {}
    try:
        settings = load(home / FILE)
    except SettingsError as wrong:
        click.echo(wrong.told(home / FILE), err=True)
        sys.exit(WRONG)
    return {urlsplit(settings.url_of(device)).netloc: device.id for device in settings.device if device.url}


def _search(console: Console, subnet: Network, port: int, known: dict[str, str]) -> None:
    hosts = [str(host) for host in subnet.hosts()]
    ours = {host: known[where] for host in hosts if (where := _netloc(host, port)) in known}
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*shown, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"port {port} of {subnet}", total=len(hosts))
        bar.advance(task, len(ours))
        found = finding.sweep([host for host in hosts if host not in ours], port, lambda: bar.advance(task))
    for host, name in ours.items():
        console.print(f"tcp://{_netloc(host, port)}  in the settings as {name}, not asked")
    for one in sorted(found, key=lambda one: ipaddress.ip_address(one.host).packed):
        what = "a printer" if one.printer else "not known to be a printer"
        console.print(f"tcp://{_netloc(one.host, one.port)}  {what}: {one.evidence}")
    console.print(f"{len(hosts)} addresses, {len(ours) + len(found)} with port {port} open or in use.")


def _netloc(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


if __name__ == "__main__":
    main(prog_name="hallcall devices find")
