"""The command line: `python -m dashboard COMMAND`. Exit code 0: fine; 1: a refused request, or a mistake of ours, with
the reason on stderr; 2: wrong usage; 130: interrupted with Ctrl+C; 141: whoever read the output has read enough."""

import locale
import logging
import os
import re
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack, chdir, contextmanager, nullcontext
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, Literal


def _interrupted_while_loading(_number, _frame) -> None:
    os.write(2, b"Interrupted. Nothing was changed.\n")
    os._exit(130)  # an exception would be one of whatever is being imported, which may take it for its own


if __name__ == "__main__":  # a command loads what it needs, which may be a second of imports
    signal.signal(signal.SIGINT, _interrupted_while_loading)

import click  # noqa: E402

from dashboard.metrics.periods import PRESETS  # noqa: E402
from dashboard.reports import NAMES as REPORTS  # noqa: E402
from dashboard.words.literal import terminal  # noqa: E402
from data_access.database.limits import FIRST_YEAR, LAST_YEAR  # noqa: E402
from data_access.database.url import DATABASE_VARIABLE, DEFAULT_URL, database_url  # noqa: E402
from data_access.errors import DatabaseUnusable, Refused  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
DAY = click.DateTime(formats=["%Y-%m-%d"])


def say(line: str, err: bool = False) -> None:
    """Prints a line. Names in it, of regions, columns, files, cannot steer the terminal."""
    click.echo(terminal(_without_passwords(line)), err=err)


def _without_passwords(line: str) -> str:
    """A URL of a database that was written where none is expected is repeated without its password."""
    return re.sub(r"(:/+(?!/)[^\s/:@]*)[:/]\S*@", r"\1:***@", line)


class _Commands(click.Group):
    """Whatever stops a command becomes a sentence on stderr and an exit code, never a trace."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except Refused as refused:
            say(str(refused), err=True)
            context.exit(1)
        except KeyboardInterrupt:
            say(f"Interrupted. {_what_changed(context)}", err=True)
            context.exit(130)
        except click.UsageError as wrong:
            raise click.UsageError(_without_passwords(wrong.format_message()), wrong.ctx) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            _let_go_of_output()
            context.exit(141)
        except Exception as error:
            say(f"{_reason(error)} {_what_changed(context)} {_kept(error)}", err=True)
            context.exit(1)


def _let_go_of_output() -> None:
    """Whoever read our output has read enough: what is still to be written, by Python at its end, goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in (sys.stdout, sys.stderr):
        os.dup2(nowhere, output.fileno())


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename or 'no file was named'}."
    return "Something went wrong on our side."


def _kept(error: Exception) -> str:
    """Keeps the trace in a file for whoever looks into it, since what went wrong may not come again."""
    try:
        with NamedTemporaryFile("w", prefix="cockpit-", suffix=".txt", encoding="utf-8", delete=False) as file:
            file.writelines(traceback.format_exception(error))
    except OSError as full:
        return f"What went wrong exactly could not be kept ({full.strerror})."
    return f"Please pass on {file.name}, which says what went wrong exactly."


def _what_changed(context: click.Context) -> str:
    """The truth about the database, asked of itself: a command is stopped before or after what it commits."""
    if context.obj is None:
        return "Nothing was changed."
    database, before = context.obj
    try:
        now = _standing(database)
    except Exception as error:  # what stopped the command may stand in the way of this question too
        return f"Whether it changed anything could not be asked: {error}"
    came = [f"{what} came to version {version}" for what, version in now.items() if version != before[what]]
    return f"Before that {' and '.join(came)}; nothing else was changed." if came else "Nothing was changed."


def _standing(database) -> dict[str, str | int | None]:
    """The version of the tables and that of the data."""
    from data_access import migrations, organisation

    data = organisation.state(database).version if migrations.is_current(database) else 0
    return {"the tables": migrations.version_of(database), "the data": data}


def _day(_context, parameter, value: datetime | None) -> date | None:
    if value is None:
        return None
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Refused(f"{parameter.opts[0]} is {value.date()}; days go from the year {FIRST_YEAR} to {LAST_YEAR}.")
    return value.date()


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  python -m dashboard {line}" for line in lines)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--database", metavar="URL", envvar=DATABASE_VARIABLE, help="sqlite:///FILE or postgresql://USER@HOST/NAME."
)
def cli(database: str | None) -> None:
    """The sales cockpit: import a CRM export, serve the pages, print the same numbers.

    Without --database (or the variable DASHBOARD_DATABASE_URL) an embedded SQLite database is used.
    """
    if database:
        os.environ[DATABASE_VARIABLE] = database  # the one place everything reads it from


def _database(migrate: bool = False, provided: bool = False, only_look: bool = False):
    """The database asked for, its tables brought up to date where `migrate` says so, its file made where `provided`."""
    from data_access import migrations
    from data_access.engine import engine, must_answer, provide

    database = provide(database_url()) if provided else engine(database_url(), only_look=only_look)
    must_answer(database)
    if not only_look:
        click.get_current_context().find_root().obj = (database, _standing(database))
    if migrate:
        migrations.upgrade(database)
    else:
        migrations.must_be_current(database)
    return database


def _database_as_it_is():
    """The database asked for, to look into alone; where nothing is there yet, an empty one for the time being."""
    from data_access import migrations
    from data_access.engine import engine, holds_nothing, provide, shown

    asked = engine(database_url(), only_look=True)
    if not holds_nothing(asked):
        return _database(only_look=True)
    say(f"Nothing is in {shown(asked)} yet: compared with an empty database.", err=True)
    context = click.get_current_context()
    empty = provide(f"sqlite:///{context.with_resource(TemporaryDirectory())}/empty.db")
    context.call_on_close(empty.dispose)
    migrations.upgrade(empty)
    return empty


@cli.command(epilog=_examples("serve", "serve --port 8600", "--database postgresql://me@host/sales serve --workers 4"))
@click.option("--port", type=click.IntRange(0, 65535), default=8501, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen; loopback by default.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that serve, at most one per core; more than one need the program haproxy in front of them.",
)
@click.option(
    "--sign-in",
    "way",
    type=click.Choice(["none", "proxy", "oidc"]),
    envvar="DASHBOARD_SIGN_IN",
    default="none",
    show_default=True,
    help="none: whoever comes chooses a role, to demonstrate; proxy: a header says who comes; oidc: OpenID Connect.",
)
@click.option(
    "--host", "hosts", multiple=True, help="A name by which browsers come, beside localhost; may be repeated."
)
def serve(port: int, address: str, workers: int, way: str, hosts: tuple[str, ...]) -> None:
    """Serve the pages."""
    from data_access.engine import for_pages

    os.environ["DASHBOARD_SIGN_IN"] = way
    if hosts:
        os.environ["DASHBOARD_HOSTS"] = ",".join(hosts)
    _must_be_set_up(way, address)
    _must_be_free(address, port)
    for_pages(database_url())  # a mistyped number is said now
    _database(migrate=True).dispose()  # the pages have connections of their own, that give up sooner
    try:
        if workers == 1:
            _serve_alone(address, port)
        else:
            from dashboard.server import workers as several

            several.serve(address, port, workers, say)
            say("The cockpit has stopped.", err=True)
    except KeyboardInterrupt:  # what people did meanwhile is none of its changes
        say("The cockpit has stopped.", err=True)
        click.get_current_context().exit(130)


def _must_be_set_up(way: str, address: str) -> None:
    if way == "none" and address == "127.0.0.1":
        return  # as most often, and the check is slow to import
    with chdir(ROOT):  # where Streamlit reads .streamlit/secrets.toml
        from dashboard.server import sign_in

        sign_in.must_be_set_up(address)


def _serve_alone(address: str, port: int) -> None:
    os.chdir(ROOT)  # where Streamlit reads .streamlit/config.toml
    sys.path.insert(0, str(ROOT))
    from streamlit.logger import get_logger

    _quiet_caches()
    # What is given to `run` is news to the configuration, which asks to be started again.
    get_logger("streamlit.config").addFilter(lambda record: "[server]" not in record.getMessage())
    from dashboard.app import app

    say(f"The cockpit is at http://{address}:{port}")
    app.run(config={"server.port": port, "server.address": address})


def _quiet_caches() -> None:
    """Importing the cached answers outside of a running page makes Streamlit warn, once per function."""
    from streamlit.logger import get_logger

    get_logger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)


def _must_be_free(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise Refused(
                f"Cannot listen on {address}:{port}: {error.strerror}. Is the cockpit running already? "
                "Otherwise choose another port with --port."
            ) from error


@cli.command(epilog=_examples("demo", "demo --size medium --seed 7", "demo --until 2026-06-30 --export demo-files"))
@click.option("--size", type=click.Choice(["small", "medium"]), default="small", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed and --until, same rows.")
@click.option("--until", type=DAY, callback=_day, help="The last day; today unless given.", metavar="DATE")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of its names; the system's unless given.")
@click.option("--export", "folder", type=click.Path(path_type=Path), help="Write CSV files instead of loading them.")
@click.option("--if-empty", is_flag=True, help="Only into the embedded database, and only without deals.")
def demo(
    size: Literal["small", "medium"],
    seed: int,
    until: date | None,
    language: Literal["zh", "en"] | None,
    folder: Path | None,
    if_empty: bool,
) -> None:
    """Make the demo organisation, and load it (or write it as CSV files)."""
    from dashboard.first_entries import DEMO, give_lines
    from data_access import demo as demo_organisation, organisation
    from data_access.engine import shown

    last_day = until or date.today()
    spoken = language or ("zh" if (locale.getlocale()[0] or "").startswith("zh") else "en")
    if folder is not None:
        demo_organisation.export(demo_organisation.generate(size, seed, last_day, spoken), folder)
        say(f"Wrote the demo organisation to {folder}.")
        return
    if if_empty and database_url() != DEFAULT_URL:
        return  # somebody's own database is never filled unasked
    database = _database(migrate=True, provided=True)
    if organisation.state(database).last_day is not None:
        if if_empty:
            return
        raise Refused(
            f"{shown(database)} already has deals, and the demo would mix with them. "
            "Name another database with --database, or write files with --export FOLDER."
        )
    say(f"Making the {size} demo organisation up to {last_day} …")
    with TemporaryDirectory() as place:
        demo_organisation.export(demo_organisation.generate(size, seed, last_day, spoken), Path(place))
        # To look at what was four weeks ago takes the medium one longer than a page may.
        before = partial(give_lines, language=spoken) if size == "small" else None
        _load(database, Path(place), mapping=None, dry_run=False, max_bad=0.0, today=last_day, by=DEMO, before=before)


MAX_BAD = click.option(
    "--max-bad",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Share of bad rows of a file, or table, up to which the rest loads; 0.05 is 5 %.",
)
MAX_REMOVED = click.option(
    "--max-removed",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Share of those there that a whole export may lack; above it nothing loads.",
)


@cli.command(
    "import",
    epilog=_examples(
        "import my-folder",
        "import hubspot-crm-exports-all-deals.csv --dry-run",
        "import export --mapping my.toml",
        "import --undo",
    ),
)
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--mapping",
    metavar="NAME|FILE.toml",
    help="How a foreign export becomes the contract: hubspot-deals, salesforce-report …, or your file. Without it, "
    "a form that ships is recognised by the columns of the files.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Read and check everything, say how the Overview would move, change nothing.",
)
@MAX_BAD
@click.option("--full", is_flag=True, help="PATH is a whole export: deals, leads and activities it lacks are removed.")
@MAX_REMOVED
@click.option("--undo", is_flag=True, help="Take the last import back, exactly; says first what that is.")
@click.option("--yes", is_flag=True, help="With --undo: do it.")
def import_(
    path: Path | None,
    mapping: str | None,
    dry_run: bool,
    max_bad: float,
    full: bool,
    max_removed: float,
    undo: bool,
    yes: bool,
) -> None:
    """Load PATH: a folder in the contract's form, one file of it (CSV or XLSX), or another system's export.

    With --undo instead of PATH: take the last import back.
    """
    if undo:
        if path is not None or mapping is not None or dry_run or full:
            raise click.UsageError("--undo takes the last import back, whatever it was: give it no PATH, nor more.")
        _undo(yes)
        return
    if path is None:
        raise click.UsageError("Missing argument 'PATH'.")
    if yes:
        raise click.UsageError("--yes belongs to --undo; an import asks nothing.")
    from dashboard.first_entries import DEMO
    from data_access import organisation
    from data_access.data import attempts

    database = _database_as_it_is() if dry_run else _database(migrate=True, provided=True)
    today = organisation.state(database).now().date()
    with_demo = organisation.was_loaded_by(database, DEMO)
    by = os.environ.get("USER", "")
    with nullcontext() if dry_run else attempts.failing(database, "import", mapping or "", by):
        _load(database, path, mapping, dry_run, max_bad, today, by, full=full, max_removed=max_removed)
    if with_demo:
        say(
            "This database also holds the demo organisation. To see yours alone, import into another one: "
            "python -m dashboard --database sqlite:///my-sales.db import …",
            err=True,
        )


def _undo(yes: bool) -> None:
    from dashboard.reports import as_text
    from data_access import imports

    database = _database(only_look=not yes)
    last = imports.last_import(database)
    click.echo(as_text.last_import(last), nl=False)
    if not yes:
        raise Refused("Nothing was undone yet. To take all of this back run `python -m dashboard import --undo --yes`.")
    with ExitStack() as until_said:
        version = imports.undo(
            database,
            last,
            by=os.environ.get("USER", ""),
            before_commit=lambda _connection: until_said.enter_context(_uninterrupted()),
        )
        say(f"Undone: data version {version}.")


@cli.command(
    epilog=_examples(
        "sync --mapping dlt-hubspot --schema hubspot",
        "sync --from postgresql://reader@warehouse/crm --mapping mine.toml --dry-run",
        "sync --mapping dlt-hubspot --schema hubspot --full",
    )
)
@click.option(
    "--from",
    "url",
    metavar="URL",
    envvar="DASHBOARD_SYNC_URL",
    help="The database to read: postgresql://USER@HOST/NAME or sqlite:///FILE. With a password better in the variable "
    "DASHBOARD_SYNC_URL: a command line is seen by everybody on the machine.",
)
@click.option(
    "--mapping",
    required=True,
    metavar="NAME|FILE.toml",
    help="What is read there, and what it becomes: dlt-hubspot, dlt-pipedrive, dlt-salesforce, or your file.",
)
@click.option("--schema", default="", help="Where tables lie that the mapping names without one.")
@click.option("--full", is_flag=True, help="Read all rows again, not only those from the cursors on.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, change nothing.")
@MAX_BAD
@MAX_REMOVED
def sync(
    url: str | None, mapping: str, schema: str, full: bool, dry_run: bool, max_bad: float, max_removed: float
) -> None:
    """Load what is new in the tables of another database, where dlt, Airbyte or Fivetran landed it.

    It is read in one transaction that can write nothing, and checked and loaded as by `import`, whole or not at all.
    """
    from data_access import landing, organisation
    from data_access.data import attempts

    if not url:
        raise Refused(
            "Say which database to read: in the environment's DASHBOARD_SYNC_URL, or with --from URL, which others on "
            "this machine can see."
        )
    what = landing.prepare(url, mapping, schema)
    database = _database_as_it_is() if dry_run else _database(migrate=True, provided=True)
    by = os.environ.get("USER", "")
    with nullcontext() if dry_run else attempts.failing(database, "sync", what.mapping, by):
        if not full and not landing.has_news(database, what):
            if not dry_run:
                attempts.ended_well(database, "sync", what.mapping, by, asked=what.mapping, has_loaded=False)
            say(f"Nothing is new by {what.mapping}. Nothing was changed.")
            return
        today = organisation.state(database).now().date()
        load = partial(landing.load, landing=what, full=full, max_removed=max_removed)
        _load(database, Path(f"sync-{what.mapping}"), None, dry_run, max_bad, today, by, load=load)


@cli.group(epilog=_examples("mapping new deals.csv > mine.toml", "mapping new deals.csv --to mine.toml"))
def mapping() -> None:
    """Mappings, by which another system's export becomes the contract's tables (docs/mappings.md)."""


@mapping.command(epilog=_examples("mapping new deals.csv > mine.toml", "mapping new deals.csv --to mine.toml"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Write it to a file, which must not be there yet, instead of printing it.",
)
def new(file: Path, target: Path | None) -> None:
    """Write a mapping for a FILE of deals (CSV or XLSX) in an unknown form: its columns guessed by their names."""
    from data_access import imports

    text = imports.draft(file)
    if target is None:
        click.echo(text, nl=False)
        return
    if target.suffix != ".toml":
        raise Refused(f"A mapping is a .toml file, or --mapping does not take it; found {target.name}.")
    try:
        with target.open("x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        raise Refused(f"There is {target} already. Name another file, or move it away.") from None
    say(f"Wrote {target}. Look at what is marked `# guess`, and load with --mapping {target} --dry-run.")


def _load(
    database,
    path: Path,
    mapping: str | None,
    dry_run: bool,
    max_bad: float,
    today: date,
    by: str,
    before: Callable[[Any, date], None] | None = None,
    load: Callable[..., Any] | None = None,
    **of_whole: Any,
) -> None:
    """before: what is written besides, in the transaction of the import, which is handed in with today.

    load: what loads instead of the import of files; path then only names it. of_whole: what it is told of a whole
    export.
    """
    from dashboard.first_entries import publish_first_profile
    from dashboard.reports import as_text
    from data_access import imports
    from data_access.copies.worth import is_worthwhile

    bars: dict[str, Any] = {}
    seen: list[Any] = []  # the Overview before and after, of a dry run

    def look(connection) -> None:
        _quiet_caches()
        from dashboard import moves

        seen.append(moves.seen(connection))

    def progress(what: str, done: int, of: int) -> None:
        if what not in bars:
            for bar in bars.values():
                bar.render_finish()
            bars[what] = click.progressbar(length=of, label=what, file=sys.stderr)
        bars[what].update(done - bars[what].pos)

    with ExitStack() as until_said:

        def complete(connection) -> None:
            publish_first_profile(connection)
            if before is not None:
                before(connection, today)
            until_said.enter_context(_uninterrupted())

        loaded = (load or partial(imports.load, mapping=mapping))(
            database,
            path,
            dry_run=dry_run,
            max_bad=max_bad,
            today=today,
            by=by,
            progress=progress if sys.stderr.isatty() else None,
            before_commit=complete,
            look=look,
            **of_whole,
        )
        for bar in bars.values():
            bar.render_finish()
        if seen:
            click.echo(as_text.moved(*seen) + "\n", nl=False)
        click.echo(as_text.loaded(loaded), nl=False)
        is_to_copy = not dry_run and _after_loading(is_worthwhile, database)
    if is_to_copy:
        _after_loading(_copy, database)


def _after_loading(do: Callable[[Any], Any], database) -> Any:
    """What `do` gives; where the database has become unusable that is said, and what was asked for is done."""
    try:
        return do(database)
    except DatabaseUnusable as unusable:
        return say(str(unusable), err=True)


@contextmanager
def _uninterrupted():
    """Ctrl-C has no effect: what is being committed must also be said."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@cli.command(epilog=_examples("check", "--database postgresql://me@warehouse/crm check"))
def check() -> None:
    """Say what of the contract the database lacks or has in another type."""
    from data_access.database.check import check as findings_of
    from data_access.engine import engine, must_answer

    database = engine(database_url(), only_look=True)
    must_answer(database)
    findings = findings_of(database)
    for finding in findings:
        say(str(finding))
    if findings:
        raise Refused(f"{len(findings)} findings. `python -m dashboard migrate` makes the tables.")
    say("Everything is there.")


@cli.command(epilog=_examples("migrate"))
def migrate() -> None:
    """Create the tables, or bring them to today's version."""
    from data_access.engine import shown

    database = _database(migrate=True, provided=True)
    say(f"{shown(database)} has today's tables.")


@cli.command(epilog=_examples("copy", "--database postgresql://me@warehouse/crm copy"))
def copy() -> None:
    """Make this machine's reading copy of the facts: pages of large organisations answer from it, and far sooner.

    Imports and the served pages make it by themselves where there are a million rows or more. It lies in
    .data/copies, or where DASHBOARD_COPY_FOLDER says.
    """
    _copy(_database())


@cli.command(epilog=_examples("ahead"))
def ahead() -> None:
    """Work out what most people ask first, for all who serve on this machine: the company and each region, by page.

    The served pages do so by themselves, after all else the machine has to do. Only where there is a reading copy;
    where it has been done of these facts, nothing is.
    """
    os.nice(19)
    os.environ["DASHBOARD_QUESTION_SECONDS"] = "600"  # nobody waits
    os.environ["DASHBOARD_SIGN_IN"] = "none"  # nor signs in: a page is opened as each role, and no browser looks
    os.environ["STREAMLIT_LOGGER_LEVEL"] = "error"  # it warns, over and over, that no browser looks
    from dashboard.server.ahead import work_out

    _database()  # which refuses tables of another version
    number = work_out(database_url(), lambda what: say(what, err=True))
    say(f"Worked out {number} pages.")


def _copy(database) -> None:
    from data_access.copies import making
    from data_access.engine import shown

    database.dispose()  # what reads by columns has a SQLite of its own, and two of them share no locks
    manifest = making.make(database.url)
    say(f"The reading copy holds the facts of {shown(database)} as of version {manifest.facts[:8]}.")


@cli.command(
    epilog=_examples(
        "person", "person ann@example.com --role manager:EAST --name 'Ann Lee'", "person ann@example.com --close"
    )
)
@click.argument("email", required=False)
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE", help="executive, director or manager:REGION (repeated)."
)
@click.option("--name", default="", help="As pages and entries call them.")
@click.option("--close", is_flag=True, help="They may sign in no more; what they have open ends.")
def person(email: str | None, roles: tuple[str, ...], name: str, close: bool) -> None:
    """Show who may sign in, put somebody among them, or close the door to them."""
    from dashboard.server import sign_in
    from data_access.people import known

    database = _database()
    by = os.environ.get("USER", "")
    if email is not None and close:
        known.close(database, email, by=by)
    elif email is not None and roles:
        known.put(database, email, sign_in.of_roles(list(roles), name), by=by)
    elif email is not None:
        raise Refused("Say what they are with --role, or --close.")
    for one in known.everybody(database).itertuples():
        where = "" if one.regions is None else " of " + ", ".join(one.regions)
        say(f"{one.email}: {one.role}{where}{'' if one.is_active else ', closed'}")


@cli.group(
    epilog=_examples("token new ann@example.com --report overview --report funnel", "token list", "token revoke 3")
)
def token() -> None:
    """Tokens by which programs ask for reports as a person (docs/programs.md)."""


@token.command(
    "new",
    epilog=_examples(
        "token new ann@example.com --report overview --report deals", "token new ann@example.com --report all --days 30"
    ),
)
@click.argument("email", metavar="PERSON")
@click.option(
    "--report",
    "reports",
    multiple=True,
    required=True,
    type=click.Choice((*REPORTS, "all")),
    help="What it opens, and nothing else; may be repeated.",
)
@click.option("--days", type=int, default=90, show_default=True, help="How long it holds, at most 366.")
def new_token(email: str, reports: tuple[str, ...], days: int) -> None:
    """Make a token of PERSON, known by e-mail address (see `person`), and print it, this once."""
    from data_access.people import tokens

    by = os.environ.get("USER", "")
    made = tokens.new(_database(), email, None if "all" in reports else tuple(dict.fromkeys(reports)), days, by=by)
    click.echo(made)
    say("Keep it as a password: it is shown this once, and whoever has it asks in this person's name.", err=True)


@token.command("list", epilog=_examples("token list"))
def list_tokens() -> None:
    """Show the tokens: whose, for which reports, until when, and when they were last used."""
    from data_access.people import tokens

    for one in tokens.everything(_database()):
        opens = "all reports" if one.reports is None else ", ".join(one.reports)
        used = "never used" if one.last_used_at is None else f"last used {one.last_used_at:%Y-%m-%d %H:%M} UTC"
        end = f"until {one.expires_at:%Y-%m-%d}" if one.revoked_at is None else f"revoked {one.revoked_at:%Y-%m-%d}"
        say(f"{one.token_id}: {one.email}, {opens}, {end}, {used}")


@token.command("revoke", epilog=_examples("token revoke 3"))
@click.argument("number", type=int)
def revoke_token(number: int) -> None:
    """End a token for good, by its number in `token list`."""
    from data_access.people import tokens

    tokens.revoke(_database(), number, by=os.environ.get("USER", ""))
    say(f"Token {number} is revoked.")


@cli.command(epilog=_examples("mcp", "mcp --role manager:EAST"))
@click.option("--role", metavar="ROLE", help="In place of a token, where nobody signs in: director, manager:REGION …")
def mcp(role: str | None) -> None:
    """Answer an assistant on stdin and stdout, by the Model Context Protocol (docs/programs.md).

    As whom is said by a token in the environment, as DASHBOARD_TOKEN: a command line can be read by everybody on the
    machine.
    """
    from data_access.people import tokens

    secret = os.environ.pop("DASHBOARD_TOKEN", None)  # no process started from here needs it
    if secret and role:
        raise Refused("Say who is asking by a token in DASHBOARD_TOKEN or by --role, not both.")
    database = _database()
    if secret:
        tokens.used(database, secret)  # one that does not hold is refused now
    elif not role:
        raise Refused("Who is asking? Put a token into DASHBOARD_TOKEN (`token new`), or say --role.")
    database.dispose()
    with chdir(ROOT):  # where Streamlit reads .streamlit/config.toml
        _quiet_caches()
        from dashboard.programs import answering, assistant
    if secret:
        assistant.serve(partial(answering.by_token, secret))
    elif role:
        asking = answering.by_role(role)
        assistant.serve(lambda: asking)


CADENCE = click.Choice(["daily", "weekly", "monthly", "quarterly"])


@cli.command(epilog=_examples("digest --cadence weekly --dry-run", "digest --cadence daily --to ann@example.com"))
@click.option("--cadence", type=CADENCE, required=True, help="Whose: of who wants it so often.")
@click.option("--to", "only", multiple=True, metavar="EMAIL", help="These alone; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Print what each would get, send nothing.")
@click.option("--as-of", type=DAY, callback=_day, metavar="DATE", help="As if this day were just over.")
def digest(cadence, only: tuple[str, ...], dry_run: bool, as_of: date | None) -> None:
    """Send the digests of the last day, week, month or quarter that is over, each once (docs/digests.md)."""
    _quiet_caches()
    from dashboard.digests import forms, sending

    database = _database()
    run = sending.begin(database, cadence, as_of)
    if dry_run:
        for to in sending.recipients(database, cadence, only):
            say(f"--- {to.named}")
            for line in forms.text(run.letter(to)).splitlines():
                say(line)
        return
    failed, all_ = 0, 0
    for became in sending.send(run, only):
        all_ += 1
        failed += bool(became.problem) and not became.was_sent
        if became.problem:
            say(f"{became.to.named}: {'' if became.was_sent else 'not sent, '}{became.problem}", err=True)
        else:
            say(f"{became.to.named}: {'sent' if became.was_sent else 'sent before'}")
    if not all_:
        say(f"Nobody gets a {cadence} digest. `subscribe` has one sent.", err=True)
    if failed:
        raise Refused(f"{failed} of {all_} digests were not sent; the next run tries these again.")


@cli.command(epilog=_examples("audit", "audit --from 2026-11-01 --by ann --action export --format csv"))
@click.option("--from", "first", type=DAY, callback=_day, help="First day, of UTC; by default a week ago.")
@click.option("--to", "last", type=DAY, callback=_day, help="Last day; by default today.")
@click.option("--by", default="", metavar="TEXT", help="Part of a name or an address.")
@click.option("--action", default="", metavar="WORD", help="What was done; by default everything.")
@click.option("--format", "form", type=click.Choice(["lines", "csv"]), default="lines", show_default=True)
def audit(first: date | None, last: date | None, by: str, action: str, form: str) -> None:
    """Say who came, took a file, asked, entered, published, imported or changed something, and when (of UTC)."""
    from data_access.people import trail
    from data_access.people.audit import moment
    from data_access.scope import Person
    from data_access.spreadsheet import cell

    last = last or moment().date()
    first = first or last - timedelta(days=7)
    if last < first:
        raise Refused(f"--to {last} is before --from {first}.")
    found = trail.trail(_database(), Person("director"), first, last, by=by, action=action)
    if form == "csv":
        click.echo(found.map(cell).to_csv(index=False), nl=False)
    else:
        for one in found.itertuples():
            say(f"{one.at}  {one.by}: {one.action} {one.subject}")
    if len(found) == trail.MOST:
        say(f"These are the newest {trail.MOST}; ask for fewer days.", err=True)


@cli.command(
    epilog=_examples(
        "subscribe",
        "subscribe ann@example.com --cadence weekly --language zh",
        "subscribe ann@example.com --cadence daily --robot sales_east",
        "subscribe ann@example.com --cadence weekly --end",
    )
)
@click.argument("email", required=False)
@click.option("--cadence", type=CADENCE, help="How often.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--robot", default="", metavar="NAME", help="Into a chat, as DASHBOARD_ROBOT_NAME has it; else by mail.")
@click.option("--end", is_flag=True, help="No more.")
def subscribe(email: str | None, cadence: str | None, language: str, robot: str, end: bool) -> None:
    """Show who gets a digest, or have one sent to somebody on file, or into a chat with what they may see."""
    from data_access.people import digests

    database = _database()
    by = os.environ.get("USER", "")
    if email is not None and cadence is None:
        raise Refused("Say how often with --cadence.")
    if email is not None and cadence is not None and end:
        digests.end(database, email, cadence, robot=robot, by=by)
    elif email is not None and cadence is not None:
        spoken = "zh_CN" if language == "zh" else "en"
        digests.put(database, email, cadence, spoken, robot=robot, by=by)
    for one in digests.everybody(database).itertuples():
        say(f"{one.email}: {one.cadence}, {one.language}{f', robot {one.robot}' if one.robot else ''}")


@cli.command(
    epilog=_examples(
        "alert",
        "alert ann@example.com --number coverage --below 3",
        "alert ann@example.com --rule stalled --language zh --robot sales_east",
        "alert ann@example.com --end 4",
    )
)
@click.argument("email", required=False)
@click.option("--number", metavar="KEY", help="A number, by its key in docs/metrics.md.")
@click.option("--below", type=float, metavar="X", help="Told when it comes to lie below; a share as 0.2.")
@click.option("--above", type=float, metavar="X", help="Told when it comes to lie above.")
@click.option("--rule", metavar="RULE", help="In place of a number, new lines of a rule of Attention.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--robot", default="", metavar="NAME", help="Into a chat, as DASHBOARD_ROBOT_NAME has it; else by mail.")
@click.option("--end", type=int, metavar="ID", help="No more of the alert with this id.")
def alert(email: str | None, number, below, above, rule, language: str, robot: str, end: int | None) -> None:
    """Show who is told of what, or have somebody on file told when a number crosses a threshold (docs/digests.md)."""
    from data_access.people import alerts

    database = _database()
    by = os.environ.get("USER", "")
    if email is None and (number or rule or end is not None):
        raise Refused("Whose alert? Say the address first, as in `alert ann@example.com --end 4`.")
    if email is not None and end is not None:
        alerts.end(database, email, end, by=by)
    elif email is not None:
        _quiet_caches()
        from dashboard.answers.digests import watched

        if (number is None) == (rule is None) or (below is not None and above is not None):
            raise Refused("Say what to watch: --number with --below or --above, or --rule.")
        side: alerts.Side | None = "below" if below is not None else "above" if above is not None else None
        metric, spoken = number or f"leak_{rule}", "zh_CN" if language == "zh" else "en"
        wish = alerts.Wish(metric, side, below if below is not None else above, spoken, robot)
        watched.must_be_watched(wish)
        alerts.make(database, email, wish, by=by)
    for one in alerts.everybody(database):
        said = f"{one.wish.metric} {one.wish.side} {one.wish.threshold:.15g}" if one.wish.side else one.wish.metric
        chat = f", robot {one.wish.robot}" if one.wish.robot else ""
        say(f"{one.email}: {one.alert_id}, {said}, {one.wish.language}{chat}")


@cli.command(epilog=_examples("notify --dry-run", "notify"))
@click.option("--dry-run", is_flag=True, help="Print what each would be told, send nothing.")
def notify(dry_run: bool) -> None:
    """Look at what people watch, and tell them of each crossing, once (docs/digests.md)."""
    _quiet_caches()
    from dashboard.digests import alerts, forms

    database = _database()
    if dry_run:
        for to, letter in alerts.preview(database):
            say(f"--- {to.named}")
            for line in forms.text(letter).splitlines():
                say(line)
        return
    failed, all_ = 0, 0
    for told in alerts.tell(database):
        all_ += 1
        named, became = f"{told.became.to.named}: {told.alert.wish.metric}", told.became
        failed += bool(became.problem) and not became.was_sent
        if became.problem:
            say(f"{named}: {'' if became.was_sent else 'not sent, '}{became.problem}", err=True)
        else:
            say(f"{named}: {'sent' if became.was_sent else 'another run sends it'}")
    if not all_:
        say("Nothing crossed since the last look. `alert` shows what is watched.")
    if failed:
        raise Refused(f"{failed} of {all_} alerts were not sent; the next run tries these again.")


@cli.command(epilog=_examples("setting", "setting base_currency USD", "setting fiscal_year_start_month 4"))
@click.argument("name", required=False)
@click.argument("value", required=False)
def setting(name: str | None, value: str | None) -> None:
    """Show the settings, or set one: organisation, base_currency, fiscal_year_start_month, time_zone."""
    from data_access import organisation

    database = _database()
    if name is not None and value is not None:
        organisation.set_setting(database, name, value, by=os.environ.get("USER", ""))
    state = organisation.state(database)
    if name is not None and name not in organisation.SETTINGS:
        raise Refused(f"There is no setting {name!r}. Settings are {', '.join(organisation.SETTINGS)}.")
    for one in organisation.SETTINGS:
        if name in (None, one):
            say(f"{one} = {getattr(state, one)}")


@cli.command(
    epilog=_examples(
        "report overview",
        "report funnel --from 2026-01-01 --to 2026-06-30 --region east --format json",
        "report deals --of won --role manager:east --format csv",
        "report key-accounts --weights past_revenue=4,potential=3,winnability=1 --top 0.1",
        "report allocation --tilt 0.2 --format json",
    )
)
@click.argument("name", type=click.Choice(REPORTS))
@click.option(
    "--from", "start", type=DAY, callback=_day, metavar="DATE", help="First day; the first of the data unless given."
)
@click.option(
    "--to", "end", type=DAY, callback=_day, metavar="DATE", help="Last day, inside; the as-of date unless given."
)
@click.option("--period", type=click.Choice(PRESETS), help="A period around the as-of date, in place of its days.")
@click.option(
    "--as-of",
    type=DAY,
    callback=_day,
    metavar="DATE",
    help="The state at the end of this day; the last of the data unless given.",
)
@click.option("--region", "regions", multiple=True, help="A region's id or name, with all below it; may be repeated.")
@click.option("--segment", "segments", multiple=True, help="An industry or customer class; may be repeated.")
@click.option("--pipeline")
@click.option("--track", type=click.Choice(["large", "fast", "none"]))
@click.option("--owner", help="A rep's id.")
@click.option("--product")
@click.option("--source")
@click.option("--with-left-out", is_flag=True, help="Count qualified-out and duplicate deals as lost.")
@click.option(
    "--role", default="executive", show_default=True, metavar="ROLE", help="executive, director or manager:REGION."
)
@click.option(
    "--of",
    "what",
    default="open",
    show_default=True,
    help="deals: which ones (open, coverage, won, lost, closed, created, pipeline_created, a bar of the bridge).",
)
@click.option("--weights", help="key-accounts: a draft, as past_revenue=4,potential=3; a factor not named weighs 0.")
@click.option("--top", type=float, help="key-accounts: the top share of each group that is key, 0 to 1.")
@click.option("--cut-points", help="key-accounts: the ten cut points of past revenue, separated by commas.")
@click.option(
    "--profile", "version", type=int, help="key-accounts: a published version; the one valid then unless given."
)
@click.option("--tilt", type=float, help="allocation: the share of hours kept for subsistence-stage reps, 0 to 0.5.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def report(name: str, what: str, form: str, weights, top, cut_points, version, tilt, **filters) -> None:
    """Print the pages' numbers without a browser."""
    from dashboard.answers import asking
    from dashboard.reports import as_text, contents
    from data_access import organisation
    from data_access.copies.serving import reading_copy

    database = _database()
    state = organisation.state(database)
    ask = asking(reading_copy(database, state.facts, entries=state.stamp) or database)
    scope = as_text.scope(ask, first_day=contents.first_day(ask, name), **filters)
    for caution in as_text.cautions(ask, scope):
        say(caution, err=True)
    wishes = contents.Wishes(what, version, weights, top, cut_points, tilt)
    answer = {"report": name, "scope": as_text.scope_keys(scope), **contents.answer(ask, scope, name, wishes)}
    click.echo(as_text.FORMS[form](answer), nl=False)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli(prog_name="python -m dashboard")
