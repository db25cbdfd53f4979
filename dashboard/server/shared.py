"""What one process has found, for the others of the machine: files in the private folder of a reading copy.

A second worker, or one that was started again, need not ask what was asked of the same data. What is kept is a pickle,
and to read one is to run what it says: so only files are read that are our own, in a folder that nobody else may write
to. They go when a copy of newer facts is complete, the oldest of them sooner where they take too much room.
"""

import hashlib
import logging
import os
import pickle
import stat
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data_access.copies.files import answers_of
from data_access.copies.serving import Copy

log = logging.getLogger(__name__)

MISSING = object()  # what is found where nothing was kept

_LONGEST = 4 << 20  # bytes of one answer: of what takes more, finding it again is most of the time
_ROOM = 512 << 20  # bytes of all: a region's answers on all pages take some ten millions
_DIGEST = hashlib.sha256().digest_size
_ROOT = Path(__file__).resolve().parent.parent.parent
_OURS_ALONE = 0o077  # what nobody else may

_lock = threading.Lock()
_written: dict[Path, int] = {}  # bytes since the room was looked at


@dataclass(frozen=True)
class Place:
    """Where the answer to one question lies, if it has a place at all: without a copy there is no folder for it."""

    folder: Path | None
    name: str = ""

    def find(self) -> Any:
        """What was kept here; MISSING where nothing was, or it is damaged or not ours."""
        content = None if self.folder is None else _read(self.folder, self.name)
        if content is None or hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
            return MISSING
        return pickle.loads(content[_DIGEST:])

    def keep(self, found: object) -> None:
        """Puts it here for the others; where there is no room that is said in the log, and nobody waits for it."""
        if self.folder is None:
            return
        content = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
        if len(content) > _LONGEST:
            return
        try:
            _write(self.folder, self.name, hashlib.sha256(content).digest() + content)
        except OSError as error:
            log.warning("What was found cannot be kept for other processes in %s: %s", self.folder, error)


def place(copy: Copy | None, asked: str, about: str, arguments: tuple, named: Mapping[str, object]) -> Place:
    """The place of what a question of this name finds in the data, and about the scope, that `about` says."""
    if copy is None or not _is_plain((arguments, tuple(named.items()))):
        return Place(None)
    said = "\n".join((program(), asked, about, repr(arguments), repr(sorted(named.items()))))
    return Place(answers_of(copy.folder, copy.facts), hashlib.sha256(said.encode()).hexdigest())


@cache
def program() -> str:
    """What tells these programs from others, which answer otherwise: of the same facts, but before an upgrade."""
    digest = hashlib.sha256(f"{sys.version} {pd.__version__} {np.__version__}".encode())
    for package in ("dashboard", "data_access"):
        for file in sorted((_ROOT / package).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_plain(value: object) -> bool:
    """Whether what it is written as says it whole, in whatever process."""
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    if is_dataclass(value):
        return all(field.repr and _is_plain(getattr(value, field.name)) for field in fields(value))
    return value is None or type(value) in (str, int, float, bool, date, datetime)


@contextmanager
def _ours(folder: Path) -> Iterator[int]:
    """The folder, opened; raises OSError where it is not, or others may reach into it."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not _is_ours(os.fstat(opened)):
            raise PermissionError(f"{folder} belongs to somebody else, or others may read or write there.")
        yield opened
    finally:
        os.close(opened)


def _is_ours(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & _OURS_ALONE


def _read(folder: Path, name: str) -> bytes | None:
    try:
        with _ours(folder) as opened:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=opened)
        with open(file, "rb") as content:
            found = os.fstat(file)
            return content.read() if stat.S_ISREG(found.st_mode) and _is_ours(found) else None
    except OSError:  # nobody kept it, most often
        return None


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    unfinished = f"{uuid.uuid4().hex}.unfinished"
    with _ours(folder) as opened:
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=opened)
        try:
            with open(file, "wb") as target:
                target.write(content)
            os.replace(unfinished, name, src_dir_fd=opened, dst_dir_fd=opened)
        except OSError:
            os.unlink(unfinished, dir_fd=opened)
            raise
    with _lock:
        is_to_look = folder not in _written or _written[folder] > _ROOM // 16
        _written[folder] = 0 if is_to_look else _written[folder] + len(content)
    if is_to_look:
        make_room(folder)


def is_half_full(copy: Copy) -> bool:
    """Whether answers about these facts take half of the room there is for them."""
    folder = answers_of(copy.folder, copy.facts)
    return folder.exists() and sum(found.st_size for found, _ in _kept(folder)) > _ROOM // 2


def make_room(folder: Path, room: int = _ROOM) -> None:
    """Removes the oldest until the rest take three quarters of the room, if together they take more than all of it."""
    kept = _kept(folder)
    size = sum(found.st_size for found, _ in kept)
    if size <= room:
        return
    for found, path in sorted(kept, key=lambda one: one[0].st_mtime):
        Path(path).unlink(missing_ok=True)
        size -= found.st_size
        if size <= room * 3 // 4:
            return


def _kept(folder: Path) -> list[tuple[os.stat_result, str]]:
    found = []
    for entry in os.scandir(folder):
        try:
            found.append((entry.stat(follow_symlinks=False), entry.path))
        except FileNotFoundError:  # another process makes room as well
            continue
    return found
