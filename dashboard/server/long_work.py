"""Long work in a process of its own: it can be given a limit, looked at while it runs, and ended by its process id.

A thread could not be ended, and a spawned `multiprocessing` process would import the server's main script again. So
the work, a function of a module and its argument, goes to a fresh interpreter in a file, and its answer comes back
in another.
"""

import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_WORK, _ANSWER, _TROUBLE = "work", "answer", "trouble"


class Failed(Exception):
    """The work raised an error, which is in the message with its trace."""


class TookTooLong(Exception):
    """The limit was reached, and the process was ended."""


@dataclass
class Running:
    """Work that was started. Its folder is gone once the answer was taken or the work was cancelled."""

    process: subprocess.Popen
    folder: Path
    limit: float
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started

    def is_done(self) -> bool:
        """Whether it has ended by itself; past its limit it is ended first."""
        if self.process.poll() is None and self.seconds > self.limit:
            self._end()
            self._forget()
            raise TookTooLong(f"It took longer than {self.limit:g} seconds.")
        return self.process.poll() is not None

    def answer(self) -> object:
        """What the work gave, waiting for it until the limit. Raises Failed, TookTooLong."""
        try:
            self.process.wait(max(0.0, self.limit - self.seconds))
        except subprocess.TimeoutExpired:
            self._end()
            self._forget()
            raise TookTooLong(f"It took longer than {self.limit:g} seconds.") from None
        try:
            if self.process.returncode:
                raise Failed((self.folder / _TROUBLE).read_text(encoding="utf-8"))
            return pickle.loads((self.folder / _ANSWER).read_bytes())
        finally:
            self._forget()

    def cancel(self) -> None:
        """Ends the process and removes its files."""
        self._end()
        self._forget()

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()

    def _forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def start(work: Callable, argument: object, *, limit: float) -> Running:
    """Starts `work(argument)` in a process of its own, with so many seconds to finish.

    work   a function that can be imported by its name
    """
    folder = Path(tempfile.mkdtemp(prefix="work"))
    (folder / _WORK).write_bytes(pickle.dumps((work, argument)))
    with (folder / _TROUBLE).open("wb") as trouble:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.server.long_work", str(folder), str(limit)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=trouble,
        )
    return Running(process, folder, limit)


def _work(folder: Path) -> None:
    """The child's side: the answer appears under its name only when it is whole."""
    work, argument = pickle.loads((folder / _WORK).read_bytes())
    part = folder / (_ANSWER + ".part")
    part.write_bytes(pickle.dumps(work(argument)))
    part.rename(folder / _ANSWER)


if __name__ == "__main__":
    if hasattr(signal, "alarm"):  # whoever started it may be gone by then, and nobody would end it
        signal.alarm(int(float(sys.argv[2])) + 5)
    _work(Path(sys.argv[1]))
