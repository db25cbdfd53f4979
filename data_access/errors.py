"""One small tree of errors. Each message says what was asked, what was found, and what to do next."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .scope import Scope


class Refused(Exception):
    """A request that cannot be met. The message is for the person who asked, whole sentences."""


class NotAllowed(Refused):
    """The person may not do or see this. Says who may."""


class NotFound(Refused):
    """Nothing the person may see has this key: whether it lies in other regions or does not exist is not told."""


class DatabaseUnusable(Refused):
    """The database cannot be reached, is not ours, or has another version of the tables.

    The message is for who runs the product, and names the database; `kind` lets a page say it in its reader's words:
      away              no such file, no answer, or the connection was lost
      exchanged         another file took its place, and beside it lies what was last written to the former one
      busy              somebody else kept it locked, or all connections were in use, for as long as we wait
      slow              it took longer to answer than it may
      many              it found more rows than a page or report may take into its memory
      full              no room on the disk
      disk              the disk refused otherwise
      read_only         it, or its folder, may not be written
      no_database       the file is no database, or a broken one
      tables            it lacks what a question needs
      another_version   a newer version of the product made it
      unusable          anything else

    `about` is the scope that was asked about, where the door to the questions (dashboard/ask.py) knows one.
    """

    def __init__(self, message: str, kind: str = "unusable"):
        super().__init__(message)
        self.kind = kind
        self.about: Scope | None = None


class ImportRefused(Refused):
    """A file that does not load. Nothing in the database has changed."""
