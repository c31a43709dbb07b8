"""``python -m tests.other_system MODULE…``: imports our modules as if the system were Windows; for the tests.

Libraries know their systems themselves and are left alone: they choose by ``sys.platform``, and what they choose on
Windows is not on this machine. So the pretence is only for code of ours: its imports are looked at where they happen.
"""

import builtins
import importlib
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

OURS = frozenset(("display", "drivers", "hall_server", "kiosk"))
# What Python has on POSIX systems only (its library reference: "Availability: Unix").
ABSENT = frozenset("crypt fcntl grp nis ossaudiodev posix pty pwd resource spwd syslog termios tty".split())
LACKING = {
    "os": frozenset(
        "O_CLOEXEC O_DIRECTORY O_DSYNC O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC WNOHANG chown chroot ctermid fchdir "
        "fchown fdatasync fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getpgrp getpriority getsid "
        "getuid initgroups killpg lchown lockf major makedev minor mkfifo mknod nice openpty pathconf pidfd_open "
        "posix_fadvise posix_fallocate posix_spawn pread pwrite register_at_fork sched_getaffinity sched_yield "
        "sendfile setegid seteuid setgid setgroups setpgid setpriority setsid setuid statvfs sync sysconf tcgetpgrp "
        "tcsetpgrp ttyname uname wait wait3 wait4 waitid".split()
    ),
    "signal": frozenset(
        "SIGALRM SIGBUS SIGCHLD SIGCONT SIGHUP SIGIO SIGKILL SIGPIPE SIGPROF SIGQUIT SIGSTOP SIGTSTP SIGTTIN SIGTTOU "
        "SIGURG SIGUSR1 SIGUSR2 SIGWINCH alarm getitimer pause pthread_kill pthread_sigmask setitimer siginterrupt "
        "sigpending sigtimedwait sigwait sigwaitinfo".split()
    ),
    "socket": frozenset(
        "AF_NETLINK AF_PACKET AF_UNIX CMSG_LEN CMSG_SPACE MSG_DONTWAIT MSG_NOSIGNAL SO_PEERCRED SO_REUSEPORT "
        "TCP_USER_TIMEOUT fromshare recv_fds send_fds sethostname socketpair_unix".split()
    ),
    "select": frozenset(("devpoll", "epoll", "kqueue", "poll")),
    "time": frozenset("CLOCK_BOOTTIME CLOCK_MONOTONIC clock_getres clock_gettime clock_settime tzset".split()),
}
SAYING = {"sys": {"platform": "win32"}, "os": {"name": "nt"}}


class _Seen(ModuleType):
    """A module of the library as Windows has it."""

    def __init__(self, real: ModuleType) -> None:
        super().__init__(real.__name__)
        self.__dict__["real"] = real

    def __getattr__(self, name: str) -> object:
        if name in LACKING.get(self.__name__, ()):
            raise AttributeError(f"Windows has no {self.__name__}.{name}")
        said = SAYING.get(self.__name__, {})
        return said[name] if name in said else getattr(self.__dict__["real"], name)


def pretend() -> None:
    """From now on our modules meet another system at every ``import``."""
    real_import = builtins.__import__
    seen = {name: _Seen(importlib.import_module(name)) for name in LACKING.keys() | SAYING.keys()}

    def guarded(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        importer = str((globals or {}).get("__name__", "")).split(".")[0]
        if level == 0 and importer in OURS:
            if name.split(".")[0] in ABSENT:
                raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
            if name in seen:
                return seen[name]
        return real_import(name, globals, locals, fromlist or (), level)

    builtins.__import__ = guarded


def every_module(name: str) -> list[str]:
    """The module, and when it is a package all that is in it."""
    parts = getattr(importlib.import_module(name), "__path__", ())
    return [name, *(found.name for found in pkgutil.walk_packages(parts, f"{name}."))]


if __name__ == "__main__":
    pretend()
    for wanted in sys.argv[1:]:
        for module in every_module(wanted) if wanted in OURS or wanted.endswith(".station") else [wanted]:
            importlib.import_module(module)
            sys.stdout.write(f"{module}\n")
