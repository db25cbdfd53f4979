"""Several processes that serve the pages, behind one proxy: `serve --workers N`.

Streamlit keeps a session, and the files and pictures that belong to it, in the process where the session began. So the
proxy gives each browser a cookie that names its worker, and sends it there as long as that worker lives.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from data_access.errors import Refused

PROXY = "haproxy"
COOKIE = "cockpit_worker"
ALSO_IN = "/usr/sbin:/usr/local/sbin"  # where it is installed, and whoever is not root has no path to
_HERE = "127.0.0.1"
_LOOKS = 0.2  # seconds between two looks at what runs
_GRACE = 15.0  # seconds to end in, once asked to
_LIVED = 30.0  # seconds: what ends sooner waits before it begins again, twice as long each time
_LONGEST_PAUSE = 30.0

_CONFIGURATION = """\
global
    maxconn 4000

defaults
    mode http
    timeout connect 5s
    timeout http-request 30s
    timeout client 2m
    timeout server 10m
    timeout tunnel 1h
    # A worker that is gone: the browser goes to another at once, and is that one's from then on.
    option redispatch 1
    retries 3
    option forwardfor if-none
    compression algo gzip
    compression type text/html text/css text/javascript text/plain text/csv application/json image/svg+xml

frontend pages
    bind {address}:{port}
    default_backend workers

backend workers
    balance leastconn
    cookie {cookie} insert indirect nocache httponly attr SameSite=Lax
    # Whether somebody listens, not how soon it answers: a busy worker is not a dead one.
    default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


@dataclass
class _Child:
    """A process that is to run for as long as we do."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen = field(init=False)
    started: float = 0.0
    pause: float = 0.0
    again: float | None = None  # when it begins again

    def start(self) -> None:
        self.started, self.again = time.monotonic(), None
        self.process = subprocess.Popen(
            [*_with_us(), *self.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C in a terminal is for us: we end them in their order
        )

    def look(self, say: Callable[[str], None]) -> None:
        """Lets it begin again where it has ended."""
        now = time.monotonic()
        if self.again is None and self.process.poll() is not None:
            self.pause = 0.0 if now - self.started > _LIVED else min(2 * self.pause or 0.5, _LONGEST_PAUSE)
            self.again = now + self.pause
            say(f"{self.name} has ended ({self.process.returncode}), and is started again.")
        if self.again is not None and now >= self.again:
            self.start()

    def end(self, until: float) -> None:
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def serve(address: str, port: int, number: int, say: Callable[[str], None]) -> None:
    """Serves from so many workers until SIGTERM, or Ctrl+C, which raises KeyboardInterrupt; all of them have ended by
    then. Raises Refused where the proxy is not installed, or one does not come up.

    say   told where the pages are, once they are there, and of each worker that had to be started again
    """
    program = shutil.which(PROXY, path=f"{os.environ.get('PATH', '')}{os.pathsep}{ALSO_IN}")
    if program is None:
        raise Refused(
            f"Several workers need the program {PROXY} in front of them, and it is not installed. Debian and Ubuntu "
            f"have it: apt-get install {PROXY}. Without --workers one process serves, and needs nothing more."
        )
    spare, *ports = _free_ports(1 + number)
    port = port or spare
    workers = [
        _Child(f"Worker {at}", [sys.executable, "-m", "dashboard", "serve", "--address", _HERE, "--port", str(its)])
        for at, its in enumerate(ports, 1)
    ]
    with _asked_to_end() as asked, TemporaryDirectory(prefix="cockpit-") as folder, ExitStack() as running:
        configuration = Path(folder) / "proxy.cfg"  # the folder is ours alone to read
        configuration.write_text(_configuration(address, port, ports), encoding="utf-8")
        proxy = _Child("The proxy", [program, "-db", "-f", str(configuration)])
        running.callback(_end, [proxy, *workers])
        for worker in workers:
            worker.start()
        if not all(_answers_in_time(*each, asked) for each in zip(workers, repeat(_HERE), ports)):
            return
        proxy.start()
        if not _answers_in_time(proxy, address, port, asked):
            return
        say(f"The cockpit is at http://{address}:{port}, served by {number} workers.")
        while not asked.wait(_LOOKS):
            for child in (proxy, *workers):
                child.look(say)


def _configuration(address: str, port: int, ports: Sequence[int]) -> str:
    servers = (f"    server worker{at} {_HERE}:{its} cookie {at}" for at, its in enumerate(ports, 1))
    return _CONFIGURATION.format(address=address, port=port, cookie=COOKIE, servers="\n".join(servers))


def _with_us() -> list[str]:
    """What lets a process end with this one, be this one killed: Linux can do that."""
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "TERM", "--"] if program else []


def _free_ports(number: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind((_HERE, 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """Set once a signal asks us to end; Ctrl+C is raised when all is done."""
    asked, with_ctrl_c = threading.Event(), threading.Event()

    def hear(number, _frame) -> None:
        if number == signal.SIGINT:
            with_ctrl_c.set()
        asked.set()

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if with_ctrl_c.is_set():
        raise KeyboardInterrupt


def _answers_in_time(child: _Child, address: str, port: int, asked: threading.Event) -> bool:
    """Waits until it answers; False where we are asked to end meanwhile. Raises Refused where it ends instead."""
    while not _answers(address, port):
        if child.process.poll() is not None:
            raise Refused(f"{child.name} did not come up ({child.process.returncode}). It says above why.")
        if asked.wait(_LOOKS):
            return False
    return True


def _answers(address: str, port: int) -> bool:
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health", headers={"Host": "localhost"})  # whatever it listens on
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(children: Sequence[_Child]) -> None:
    """Ends all that were started, the proxy first: nobody is sent to a worker that is about to go."""
    started = [child for child in children if child.started]
    for child in started:
        child.process.terminate()
    until = time.monotonic() + _GRACE
    for child in started:
        child.end(until)
