"""What has a name, by a part of it: the deals, accounts and reps that a person may see.

Letters are compared without their case, and hits are ordered, by rules of this module, so that SQLite, PostgreSQL and
the copy find the same: SQLite's `lower` knows ASCII only, and PostgreSQL's what the locale of its machine knows.
"""

import re
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from data_access.database.limits import LONGEST_NAME, must_fit
from data_access.engine import read
from data_access.errors import Refused
from data_access.names import region_name
from data_access.permitted import seen_today
from data_access.schema import FOREVER, account, opportunity, rep, rep_posting
from data_access.scope import Scope


class _Bytewise(sa.sql.functions.FunctionElement):
    """A text that is ordered, and whose ASCII letters alone are folded, whatever the locale of the database."""

    inherit_cache = True
    type = sa.Text()


class _Caseless(sa.sql.functions.FunctionElement):
    """A text whose capitals of ASCII a LIKE takes for small letters."""

    inherit_cache = True
    type = sa.Text()


class _Lowered(_Caseless):
    """The same for texts in which no other letter's case matters: what else it folds, no such text is found by."""

    inherit_cache = True


_ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LIKE_ASCII = "\u212a\u0130"  # beyond ASCII, and small in it all the same: Kelvin's sign, and I with its dot


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


@compiles(_Lowered, "duckdb")  # in a seventh of the time
def _(element, compiler, **kwargs) -> str:
    text = compiler.process(element.clauses, **kwargs)
    for letter in _LIKE_ASCII:
        text = f"replace({text}, '{letter}', '\x01')"
    return f"lower({text})"


class _Kind(NamedTuple):
    """key, name: its columns; permitted: what `permitted` calls it by; beside: a column that tells it from others."""

    key: sa.ColumnElement
    name: sa.ColumnElement
    permitted: str
    beside: sa.ColumnElement


_POSTED_TO = (
    sa.select(rep_posting.c.region_id)
    .where(rep_posting.c.rep_id == rep.c.rep_id, rep_posting.c.to_day == FOREVER)
    .correlate(rep)
    .scalar_subquery()
)
_KINDS = {
    "rep": _Kind(rep.c.rep_id, rep.c.name, "rep_id", region_name(_POSTED_TO)),
    "account": _Kind(account.c.account_id, account.c.name, "account_id", region_name(account.c.region_id)),
    "deal": _Kind(
        opportunity.c.opportunity_id,
        sa.func.coalesce(opportunity.c.name, opportunity.c.opportunity_id),
        "opportunity_id",
        sa.select(account.c.name).where(account.c.account_id == opportunity.c.account_id).scalar_subquery(),
    ),
}
KINDS = tuple(_KINDS)


def hits(database: sa.Engine, scope: Scope, kind: str, text: str, most: int) -> pd.DataFrame:
    """One row per rep, account or deal (a `kind` of KINDS) whose name has every word of a text in it, or whose key is
    the text, in capitals or not; `most` of them: key, name, beside (of a rep or an account the region, of a deal the
    account).

    What has that key comes first, then names that begin with the first word, the shorter ones before. What the person
    may not see is not found; the filters and the days of the scope change nothing.
    """
    if kind not in _KINDS:
        raise Refused(f"There is no search for {kind!r}. Kinds are {', '.join(KINDS)}.")
    must_fit("A text to search for", text, LONGEST_NAME)
    one, words = _KINDS[kind], fold(text).split()
    name = _folded(one.name, text)
    keys = (text.strip(), text.strip().upper(), text.strip().lower())
    begins = name.like(f"{_pattern(next(iter(words), ''))}%", escape="/")
    rank = sa.case((one.key.in_(keys), 0), (begins, 1), else_=2)
    order = rank, sa.func.length(one.name), _Bytewise(one.name), _Bytewise(one.key)
    found = (
        sa.select(one.key)
        .where(
            sa.literal(bool(words)),
            sa.or_(named(one.name, words, text), one.key.in_(keys)),
            seen_today(scope.person, one.permitted, one.key),
        )
        .order_by(*order)
        .limit(most)
    )
    # What stands beside is looked up for those alone that are shown.
    statement = sa.select(one.key.label("key"), one.name.label("name"), one.beside.label("beside"))
    return read(database, statement.where(one.key.in_(found)).order_by(*order))


def named(column: sa.ColumnElement, words: list[str], text: str) -> sa.ColumnElement[bool]:
    """Whether a name has every word of a text in it, whatever their case. words: of `fold(text)`."""
    name, plain = _folded(column, text), _roughly(column, text)
    # Without the letters that have to be folded first, since that takes longer than all the rest.
    roughly = [plain.like(f"%{_pattern(word, is_rough=True)}%", escape="/") for word in words if not word.isascii()]
    return sa.and_(sa.true(), *roughly, *(name.like(f"%{_pattern(word)}%", escape="/") for word in words))


def fold(text: str) -> str:
    """A text without the case of its letters, as `hits` compares it; those whose other case is several signs stay."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _cased(text: str) -> list[str]:
    """The small letters of the text, beyond ASCII, that have a capital beyond it."""
    capitals = {letter: letter.upper() for letter in sorted(set(text)) if not letter.isascii()}
    return [one for one, capital in capitals.items() if len(capital) == 1 and capital != one and not capital.isascii()]


def _roughly(column: sa.ColumnElement, text: str) -> sa.ColumnElement:
    """The column in small letters of ASCII at least, and all that the text may be found in."""
    return (_Caseless if set(_LIKE_ASCII) & set(fold(text)) else _Lowered)(column)


def _folded(column: sa.ColumnElement, text: str) -> sa.ColumnElement:
    """The column in the case of `fold(text)`, as far as the letters of the text go."""
    if all(letter.isascii() or letter.upper() == letter for letter in fold(text)):
        return _roughly(column, text)
    folded: sa.ColumnElement = _Caseless(column)
    for letter in _cased(fold(text)):
        folded = sa.func.replace(folded, letter.upper(), letter, type_=sa.Text)
    return folded


def _pattern(word: str, *, is_rough: bool = False) -> str:
    """A folded word for a LIKE; roughly, with any sign in place of a letter that `_folded` has to see to."""
    written = re.sub("[/%_]", r"/\g<0>", word)
    return re.sub(f"[{''.join(_cased(word))}]", "_", written) if is_rough and _cased(word) else written
