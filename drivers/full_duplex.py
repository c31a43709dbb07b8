"""Writing to a device that talks meanwhile: what it says is taken, or both sides would wait for each other."""

from collections.abc import Callable

from drivers.ports import Clock, DeviceError


def write_all(
    data: bytes,
    timeout_s: float,
    clock: Clock,
    wait: Callable[[float, bool], tuple[bool, bool]],
    hear: Callable[[], None],
    send: Callable[[memoryview], int],
) -> None:
    """Hand over all of ``data``. Raises ``port_blocked`` when not all was taken in time.

    ``wait`` takes the deadline and whether we write, and says (readable, writable); ``send`` says how many it took.
    """
    deadline = clock() + timeout_s
    rest = memoryview(data)
    while rest:
        readable, writable = wait(deadline, True)
        if readable:
            hear()
        if writable:
            rest = rest[send(rest) :]
        if not (readable or writable) and clock() >= deadline:
            raise DeviceError("port_blocked", f"{len(rest)} of {len(data)} bytes not taken")
