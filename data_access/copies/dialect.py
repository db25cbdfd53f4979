"""DuckDB, as SQLAlchemy writes SQL for PostgreSQL: a statement is written once, for the database and for its copy."""

import warnings
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect, PGTypeCompiler
from sqlalchemy.ext.compiler import compiles

from data_access.deals import BaseCurrency

# It would be spared a copy of the rows, were it not asked through SQLAlchemy; rows of Python's take far longer.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")


class _Types(PGTypeCompiler):
    """Every number with a fraction is a DOUBLE: a NUMERIC of DuckDB keeps three digits of it."""

    def visit_FLOAT(self, type_, **kwargs) -> str:
        return "DOUBLE"

    visit_NUMERIC = visit_DOUBLE_PRECISION = visit_FLOAT


class Dialect(PGDialect):
    """Compiles for DuckDB; keeps what it compiled, which the dialect of the package duckdb-engine (0.17) does not."""

    name = "duckdb"
    supports_statement_cache = True
    default_paramstyle = "numeric_dollar"
    type_compiler_cls = _Types

    def __init__(self, base_currency: str, **kwargs):
        super().__init__(**kwargs)
        self.base_currency = base_currency

    @classmethod
    def import_dbapi(cls) -> Any:
        return duckdb

    def initialize(self, connection) -> None:
        """There is nothing to ask of it: it is no server."""

    def do_close(self, dbapi_connection) -> None:
        dbapi_connection.end()

    do_terminate = do_close


class Session:
    """A session of DuckDB with the methods that SQLAlchemy calls of a connection, and of its cursor."""

    rowcount = -1

    def __init__(self, session: duckdb.DuckDBPyConnection):
        self._session = session
        self.fetchall, self.fetchone, self.fetchmany = session.fetchall, session.fetchone, session.fetchmany
        self.end = session.close

    @property
    def description(self) -> Any:
        return self._session.description

    def cursor(self) -> "Session":
        return self

    def columns(self) -> Any:
        """What was found, as a table of Arrow."""
        return self._session.to_arrow_table()

    def execute(self, statement: str, parameters: Any = ()) -> None:
        self._session.execute(statement, parameters)

    def commit(self) -> None:
        """What is only read has no transaction, and the cursor is the session, which goes on."""

    rollback = close = commit


@compiles(BaseCurrency, "duckdb")
def _(_element, compiler, **_kwargs) -> str:
    """Written out: DuckDB plans a statement for four times as long with a sub-select at each amount."""
    return compiler.render_literal_value(compiler.dialect.base_currency, sa.Text())
