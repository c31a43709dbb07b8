"""``hallcall screen install``: each file whole, nothing new the second time, and no address that leads nowhere."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hall_server.cli import main

HALL = "http://192.0.2.10:8800"
PROGRAM = "/opt/hallcall/bin/hallcall"
SCREEN_UNIT = "etc/systemd/system/hallcall-screen@.service"
BROWSER = (
    "ExecStart=/usr/bin/cage -- /usr/bin/chromium --kiosk --noerrdialogs --no-first-run --hide-crash-restore-bubble "
    "--autoplay-policy=no-user-gesture-required --disable-pinch --overscroll-history-navigation=0 "
    "--disable-component-update --password-store=basic --user-data-dir=%S/hallcall-screen-%i "
    "--unsafely-treat-insecure-origin-as-secure={origin} --ozone-platform=wayland "
    "file:///usr/local/share/hallcall/loader.html"
)
KIOSK_UNIT = """# The program behind a kiosk's page: it has the cable of the printer and talks to the hall.
[Unit]
Description=HallCall kiosk K1
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
User=hallcall
SupplementaryGroups=dialout lp
StateDirectory=hallcall-kiosk
StateDirectoryMode=0700
ExecStart=/opt/hallcall/bin/hallcall kiosk --id K1 --server http://192.0.2.10:8800 \
--token-file %S/hallcall-kiosk/kiosk.token --port 8801 --state-dir %S/hallcall-kiosk
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
"""
POLICY = {
    "URLBlocklist": ["*"],
    "URLAllowlist": [HALL, "http://127.0.0.1", "file:///usr/local/share/hallcall/loader.html"],
    "AutoplayAllowlist": [HALL],
    "DefaultNotificationsSetting": 2,
    "DefaultPopupsSetting": 2,
    "DeveloperToolsAvailability": 2,
    "DownloadRestrictions": 3,
    "ExtensionInstallBlocklist": ["*"],
    "IncognitoModeAvailability": 1,
    "PrintingEnabled": False,
    "AllowFileSelectionDialogs": False,
    "PasswordManagerEnabled": False,
    "TranslateEnabled": False,
}


def install(root: Path, *words: str, hall: str = HALL) -> Result:
    fixed = ["--hall", hall, "--program", PROGRAM, "--root", str(root)]
    return CliRunner().invoke(main, ["screen", "install", *fixed, *words])


def written(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def test_a_tv_gets_its_service_its_policy_and_a_first_page(tmp_path: Path) -> None:
    assert install(tmp_path).exit_code == 0
    files = written(tmp_path)
    assert sorted(files) == [
        "etc/chromium/policies/managed/hallcall.json", SCREEN_UNIT, "usr/local/share/hallcall/loader.html",
    ]  # fmt: skip
    assert json.loads(files["etc/chromium/policies/managed/hallcall.json"]) == POLICY
    assert BROWSER.format(origin=HALL) in files[SCREEN_UNIT].splitlines()
    assert f'ORIGIN = "{HALL}", PAGE = "/tv", SIGN_IN = "",' in files["usr/local/share/hallcall/loader.html"]
    assert not [name for name, text in files.items() if "{{" in text]


def test_a_kiosk_talks_to_its_own_program_and_may_have_the_server_beside_it(tmp_path: Path) -> None:
    said = install(tmp_path, "--kiosk", "K1", "--with-server")
    files = written(tmp_path)
    assert files["etc/systemd/system/hallcall-kiosk.service"] == KIOSK_UNIT
    assert BROWSER.format(origin="http://127.0.0.1:8801") in files[SCREEN_UNIT].splitlines()
    assert f"ExecStart={PROGRAM} up --home %S/hallcall" in files["etc/systemd/system/hallcall.service"].splitlines()
    assert "hallcall token create --role kiosk --for K1" in said.output
    assert "enable --now hallcall.service hallcall-kiosk.service hallcall-screen@kiosk.service" in said.output


def test_the_second_time_nothing_changes_and_what_a_person_spoiled_is_mended(tmp_path: Path) -> None:
    install(tmp_path)
    first = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    again = install(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == first
    assert [line.split("  ")[0] for line in again.output.splitlines()[:3]] == ["as it was"] * 3
    (tmp_path / SCREEN_UNIT).write_text("", "utf-8")
    assert f"written  {tmp_path / SCREEN_UNIT}" in install(tmp_path).output


@pytest.mark.parametrize(
    "hall",
    ["192.0.2.10:8800", "ftp://192.0.2.10", f"{HALL}/tv", f"{HALL}?a=1", "http://u:p@hall", "http://ha ll", "http://a:b",
     'http://hall"', "http://"],
)  # fmt: skip
def test_a_bad_address_is_refused_and_nothing_is_written(tmp_path: Path, hall: str) -> None:
    said = install(tmp_path, hall=hall)
    assert (said.exit_code, written(tmp_path)) == (1, {})
    assert "is no address of a hall: write it like http://192.0.2.10:8800" in said.output


def test_a_bad_kiosk_a_foreign_link_and_a_folder_that_is_not_ours_are_refused(tmp_path: Path) -> None:
    assert "is no id of a kiosk" in install(tmp_path, "--kiosk", "K 1").output
    assert "does not sign in to" in install(tmp_path, "--sign-in", "http://elsewhere/login#abc").output
    (tmp_path / "etc").write_text("", "utf-8")
    said = install(tmp_path)
    assert (said.exit_code, "cannot be written" in said.output) == (1, True)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_services(tmp_path: Path) -> None:
    install(tmp_path, "--kiosk", "K1", "--with-server")
    for program in ("usr/bin/cage", "usr/bin/chromium", PROGRAM[1:]):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).write_text("#!/bin/sh\n", "utf-8")
        (tmp_path / program).chmod(0o755)
    units = ["hallcall-screen@tv.service", "hallcall-kiosk.service", "hallcall.service"]
    command = ["systemd-analyze", "verify", f"--root={tmp_path}", "--recursive-errors=no", "--man=no"]
    done = subprocess.run([*command, *units], capture_output=True, text=True, check=False, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "hallcall" in line]
    assert (ours, done.returncode) == ([], 0)
