"""What a database says when it cannot: which kind of trouble that is, and a sentence for who runs the product."""

import sqlalchemy as sa

# Of SQLite, by the beginning of the error's name.
_SQLITE = {
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_INTERRUPT": "slow",
    "SQLITE_FULL": "full",
    "SQLITE_IOERR": "disk",  # of a full disk too, where the log's index cannot be made any more
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CANTOPEN": "read_only",
    "SQLITE_NOTADB": "no_database",
    "SQLITE_CORRUPT": "no_database",
}
# Of PostgreSQL, by the SQLSTATE or its class; the longer first.
_POSTGRESQL = {
    "57014": "slow",  # canceled, by the time it took or by a person
    "55P03": "busy",
    "40": "busy",  # a deadlock, or transactions that do not go together
    "53300": "busy",  # too many connections
    "53": "full",
    "58": "disk",
    "25006": "read_only",
    "42501": "read_only",  # no right to
    "42": "tables",
    "25P03": "away",
    "57": "away",
    "08": "away",
    "3D": "away",
}

SENTENCES = {
    "away": "Cannot reach {database}: {reason}. Is it running, and are its host, port, name, user and password right?",
    "busy": "The database {database} is in use by somebody else, such as an import: {reason}. Try again in a moment.",
    "slow": "The database {database} took longer to answer than a question may: {reason}. Try again, or ask for less.",
    "full": "There is no room left where the database {database} is: {reason}. Nothing was changed. Make room, then "
    "try again.",
    "disk": "The disk of the database {database} refused: {reason}. Nothing was changed. Is there room left on it, and "
    "is it sound?",
    "read_only": "The database {database} may not be written, or its folder may not: {reason}. Nothing was changed. "
    "Give the right to write it to who runs this.",
    "no_database": "{database} is no database, or a broken one: {reason}. Nothing was changed. Name another, or put a "
    "copy of yours in its place.",
    "tables": "The database {database} lacks what a question needs: {reason}. `python -m dashboard check` says what is "
    "missing, and `python -m dashboard migrate` makes the tables.",
    "many": "More than {reason} rows of {database} were asked for, too many to show. Choose a shorter period or a "
    "smaller region.",
    "unusable": "The database {database} does not answer: {reason}.",
}


def kind_of(error: sa.exc.DBAPIError) -> str:
    """The kind of DatabaseUnusable that an error of a driver is: a key of SENTENCES."""
    if type(error.orig).__name__ == "InterruptException":  # of the reading copy
        return "slow"
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        if name == "SQLITE_ERROR" and str(error.orig).startswith(("no such table", "no such column")):
            return "tables"
        return next((kind for begin, kind in _SQLITE.items() if name.startswith(begin)), "unusable")
    state = getattr(error.orig, "sqlstate", None) or ""
    found = next((kind for begin, kind in _POSTGRESQL.items() if state.startswith(begin)), None)
    if found is None and not state and isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return "away"  # the driver says nothing more of a server that it cannot reach, or that is gone
    return found or "unusable"
