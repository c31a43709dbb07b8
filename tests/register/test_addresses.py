"""A form names devices of the hall's own network, and is no way to anything else."""

import pytest

from hall_server.register.addresses import network_of, refused

OURS = ("tcp://127.0.0.1:8805", "socket://bridge.hall:4001")


@pytest.mark.parametrize(
    "url",
    [
        "tcp://192.168.1.51:9100", "tcp://10.0.0.7", "socket://172.16.0.9:4001#3", "rfc2217://[fd00::7]:4001",
        "tcp://127.0.0.1:9999", "socket://bridge.hall:4002#1", "serial:///dev/ttyUSB0?baud=9600#3",
        "serial:///dev/serial/by-id/usb-FTDI_X-if00-port0", "serial://COM3", "usb:///dev/usb/lp0", "usb://by-path/1-1.2",
        "cups://ticket", "win32://Ticket%20printer", "ping://192.168.1.60", *OURS,
    ],
)  # fmt: skip
def test_devices_of_the_hall_may_be_named(url: str) -> None:
    assert refused(url, OURS) is None


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("tcp://8.8.8.8:9100", "host"), ("tcp://169.254.169.254:9100", "host"), ("tcp://0.0.0.0:9100", "host"),
        ("tcp://printer.example.com:9100", "host"), ("tcp://[::1]:9100", "host"), ("tcp://224.0.0.1:9100", "host"),
        ("tcp://user@192.168.1.51:9100", "host"), ("tcp://192.168.1.51:x", "host"),
        ("tcp://192.168.1.51:9100/etc", "host"),
        ("tcp://", "host"), ("tcp://[", "host"), ("tcp://2130706433:9100", "host"),
        ("tcp://192.168.1.51:22", "port"), ("socket://127.0.0.1:80", "port"),
        ("file:///etc/passwd", "scheme"), ("helper:///bin/sh", "scheme"), ("sim://x", "scheme"),
        ("192.168.1.51", "scheme"),
        ("serial:///etc/passwd", "node"), ("serial:///dev/../etc/passwd", "node"), ("serial:///dev/sda", "node"),
        ("serial:///dev/serial/by-id/../../sda", "node"), ("serial://loop", "node"), ("usb:///dev/mem", "node"),
        ("cups://-o;reboot", "node"), ("serial:///dev/ttyUSB0%2f..", "node"),
    ],
)  # fmt: skip
def test_nothing_else_may(url: str, code: str) -> None:
    assert refused(url, OURS) == code


def test_without_a_device_of_its_own_this_computer_is_not_asked() -> None:
    assert refused("tcp://127.0.0.1:9100", ()) == "host"


@pytest.mark.parametrize(
    ("url", "network"),
    [
        ("tcp://192.168.1.51:9100", "192.168.1.0/24"), ("tcp://127.0.0.1:8805", ""), ("tcp://8.8.8.8", ""),
        ("serial:///dev/ttyUSB0", ""), ("socket://192.168.1.51:4001", ""), ("tcp://printer", ""),
    ],
)  # fmt: skip
def test_printers_are_looked_for_where_the_old_one_stood(url: str, network: str) -> None:
    assert network_of(url) == network
