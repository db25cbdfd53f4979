"""What has a name, by a part of it: the deals, accounts and reps that a person may see.

Letters are compared without their case, and hits are ordered, by rules of this module, so that SQLite, PostgreSQL and
the copy find the same: SQLite's `lower` knows ASCII only, and PostgreSQL's what the locale of its machine knows.
"""

import re
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from data_access.copies.files import FOLDED
from data_access.database.limits import LONGEST_NAME, must_fit
from data_access.engine import read
from data_access.errors import Refused
from data_access.names import folded
from data_access.permitted import seen_today
from data_access.schema import FOREVER, account, opportunity, region, rep, rep_posting
from data_access.scope import Scope


class _Bytewise(sa.sql.functions.FunctionElement):
    """A text that is ordered, and whose ASCII letters alone are folded, whatever the locale of the database."""

    inherit_cache = True
    type = sa.Text()


class _Caseless(sa.sql.functions.FunctionElement):
    """A text whose capitals of ASCII a LIKE takes for small letters."""

    inherit_cache = True
    type = sa.Text()


class _Kept(sa.sql.functions.FunctionElement):
    """A folded text of two clauses: the column beside which the copy keeps it, and how the databases make it."""

    inherit_cache = True
    type = sa.Text()


_ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@compiles(_Bytewise)
def _(element, compiler, **kwargs) -> str:
    return compiler.process(element.clauses, **kwargs)


@compiles(_Bytewise, "postgresql")
def _(element, compiler, **kwargs) -> str:
    return f'({compiler.process(element.clauses, **kwargs)}) COLLATE "C"'


@compiles(_Caseless)  # SQLite's LIKE does so by itself, in half the time that `lower` takes
def _(element, compiler, **kwargs) -> str:
    return compiler.process(element.clauses, **kwargs)


@compiles(_Caseless, "postgresql")
def _(element, compiler, **kwargs) -> str:
    return f"lower({compiler.process(_Bytewise(*element.clauses), **kwargs)})"


@compiles(_Caseless, "duckdb")  # whose `lower` knows all of Unicode
def _(element, compiler, **kwargs) -> str:
    return f"translate({compiler.process(element.clauses, **kwargs)}, '{_ASCII}', '{_ASCII.lower()}')"


@compiles(_Kept)
def _(element, compiler, **kwargs) -> str:
    _column, made = element.clauses
    return compiler.process(made, **kwargs)


@compiles(_Kept, "duckdb")  # in a third of the time
def _(element, compiler, **kwargs) -> str:
    column, _made = element.clauses
    return f"{compiler.process(column, **kwargs)}{FOLDED}"


class _Kind(NamedTuple):
    """key, name: its columns; column: beside which the copy keeps the folded name; permitted: what `permitted` calls it
    by; beside: the key of what tells it from others; named: the table that has its name."""

    key: sa.ColumnElement
    name: sa.ColumnElement
    column: sa.ColumnElement
    permitted: str
    beside: sa.ColumnElement
    named: sa.Table


_POSTED_TO = (
    sa.select(rep_posting.c.region_id)
    .where(rep_posting.c.rep_id == rep.c.rep_id, rep_posting.c.to_day == FOREVER)
    .correlate(rep)
    .scalar_subquery()
)
_KINDS = {
    "rep": _Kind(rep.c.rep_id, rep.c.name, rep.c.name, "rep_id", _POSTED_TO, region),
    "account": _Kind(account.c.account_id, account.c.name, account.c.name, "account_id", account.c.region_id, region),
    "deal": _Kind(
        opportunity.c.opportunity_id,
        sa.func.coalesce(opportunity.c.name, opportunity.c.opportunity_id),
        opportunity.c.name,
        "opportunity_id",
        opportunity.c.account_id,
        account,
    ),
}
KINDS = tuple(_KINDS)


def hits(database: sa.Engine, scope: Scope, kind: str, text: str, most: int) -> pd.DataFrame:
    """One row per rep, account or deal (a `kind` of KINDS) whose name has every word of a text in it, or whose key is
    the text, in capitals or not; `most` of them: key, name, beside (of a rep or an account the region, of a deal the
    account; its key where it has no name).

    What has that key comes first, then names that begin with the first word, the shorter ones before. What the person
    may not see is not found; the filters and the days of the scope change nothing.
    """
    if kind not in _KINDS:
        raise Refused(f"There is no search for {kind!r}. Kinds are {', '.join(KINDS)}.")
    must_fit("A text to search for", text, LONGEST_NAME)
    one, words = _KINDS[kind], fold(text).split()
    name = _folded(one.name, one.column, text)
    keys = (text.strip(), text.strip().upper(), text.strip().lower())
    begins = name.like(f"{_pattern(next(iter(words), ''))}%", escape="/")
    rank = sa.case((one.key.in_(keys), 0), (begins, 1), else_=2)
    found = read(
        database,
        sa.select(one.key.label("key"), one.name.label("name"), one.beside.label("beside"))
        .where(
            sa.literal(bool(words)),
            sa.or_(named(one.name, one.column, words, text), one.key.in_(keys)),
            seen_today(scope.person, one.permitted, one.key),
        )
        .order_by(rank, sa.func.length(one.name), _Bytewise(one.name), _Bytewise(one.key))
        .limit(most),
    )
    # Looked up for those alone that are shown, and apart: joined to all names, it takes the copy as long as the search.
    beside, key = found["beside"].astype(object), next(iter(one.named.primary_key))
    of_those = key.in_(beside.dropna().tolist())
    names = read(database, sa.select(key.label("key"), one.named.c.name.label("name")).where(of_those))
    known = names.set_index("key")["name"].astype(object)
    return found.assign(beside=beside.map(known).astype(object).fillna(beside))


def named(name: sa.ColumnElement, column: sa.ColumnElement, words: list[str], text: str) -> sa.ColumnElement[bool]:
    """Whether a name has every word of a text in it, whatever their case.

    column   the one beside which the copy keeps the folded name
    words    of `fold(text)`
    """
    small = _folded(name, column, text)
    whole = [small.like(f"%{_pattern(word)}%", escape="/") for word in words]
    if all(word.isascii() for word in words):
        return sa.and_(sa.true(), *whole)
    # Without the letters that have to be folded first, since in the databases that takes longer than all the rest.
    plain = _Kept(column, _Caseless(name)) if isinstance(small, _Kept) else _Caseless(name)
    roughly = [plain.like(f"%{_pattern(word, is_rough=True)}%", escape="/") for word in words if not word.isascii()]
    return sa.and_(*roughly, *whole)


def fold(text: str) -> str:
    """A text without the case of its letters, as `hits` compares it; those whose other case is several signs stay."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _cased(text: str) -> list[str]:
    """The small letters of the text, beyond ASCII, that have a capital beyond it."""
    capitals = {letter: letter.upper() for letter in sorted(set(text)) if not letter.isascii()}
    return [one for one, capital in capitals.items() if len(capital) == 1 and capital != one and not capital.isascii()]


def _folded(name: sa.ColumnElement, column: sa.ColumnElement, text: str) -> sa.ColumnElement:
    """The name in the case of `fold(text)`, as far as the letters of the text go; as the copy keeps it, unless one of
    them is a small letter whose capital has another."""
    cased = _cased(fold(text))
    made: sa.ColumnElement = _Caseless(name)
    for letter in cased:
        made = sa.func.replace(made, letter.upper(), letter, type_=sa.Text)
    return _Kept(column, made) if all(folded(letter.upper()) == letter for letter in cased) else made


def _pattern(word: str, *, is_rough: bool = False) -> str:
    """A folded word for a LIKE; roughly, with any sign in place of a letter that `_folded` has to see to."""
    written = re.sub("[/%_]", r"/\g<0>", word)
    return re.sub(f"[{''.join(_cased(word))}]", "_", written) if is_rough and _cased(word) else written
