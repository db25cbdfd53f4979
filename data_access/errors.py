"""One small tree of errors. Each message says what was asked, what was found, and what to do next."""


class Refused(Exception):
    """A request that cannot be met. The message is for the person who asked, whole sentences."""


class NotAllowed(Refused):
    """The person may not do or see this. Says who may."""


class DatabaseUnusable(Refused):
    """The database cannot be reached, is not ours, or has another version of the tables."""


class ImportRefused(Refused):
    """A file that does not load. Nothing in the database has changed."""
