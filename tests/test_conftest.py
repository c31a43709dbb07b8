"""The guards of the test run do guard."""

import socket

import pytest

from tests import conftest, found


def test_a_test_cannot_reach_beyond_this_machine() -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match="loopback"):
        sock.connect(("192.0.2.1", 80))
    with socket.socket() as sock, pytest.raises(RuntimeError, match="loopback"):
        sock.bind(("0.0.0.0", 0))
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(RuntimeError, match="loopback"):
        sock.sendto(b"?", ("192.0.2.1", 53))
    with pytest.raises(RuntimeError, match="loopback"):
        socket.getaddrinfo("hall.example", 80)


def test_a_reserved_name_is_dead_without_a_question_to_the_network() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("no.such.host.invalid", 9100)


def test_loopback_is_open_by_number_and_by_name() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(("localhost", server.getsockname()[1]))
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), (b"localhost", True), (None, True)]
    + [("", False), ("0.0.0.0", False), ("10.0.0.1", False), ("hall.example", False)],
)
def test_what_counts_as_this_machine(host: str | bytes | None, expected: bool) -> None:
    assert conftest.is_loopback(host) is expected


def test_a_missing_program_is_named_with_the_package_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(found.PROGRAMS, "zbar", (lambda: None, "zbar-tools"))
    assert found.missing("zbar") == "needs zbar, which this machine lacks (Debian: apt install zbar-tools)"


@pytest.mark.parametrize(("ci", "outcome"), [("true", "Failed"), ("", "Skipped")])
def test_a_missing_program_skips_at_home_and_fails_where_ci_promised_it(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, ci: str, outcome: str
) -> None:
    monkeypatch.setitem(found.PROGRAMS, "zbar", (lambda: None, "zbar-tools"))
    monkeypatch.setenv("CI", ci)
    request.node.add_marker(pytest.mark.needs("zbar"))
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="needs zbar") as stopped:
        conftest.pytest_runtest_setup(request.node)
    assert stopped.typename == outcome
