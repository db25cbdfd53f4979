"""What a mapping reads of another database: its sections `[from."NAME"]`, each a table or a select there."""

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_access.errors import ImportRefused

_SHIPPED = Path(__file__).parent / "mappings"


@dataclass(frozen=True)
class Belonging:
    """Rows that belong to those of another table: `on` is {own column: the other's}. Where one is new, all are read."""

    file: str
    on: Mapping[str, str]


@dataclass(frozen=True)
class Landed:
    """A table that a mapping reads as if it were a file, or one select instead.

    table       its name; `schema.table` where it lies in another schema than the sync is told
    cursor      a column that no change leaves smaller: rows from the greatest one seen on are read. Without it all are
    order_by    columns by which rows are read: those of one moment are numbered in this order
    optional    the mapping works without it
    """

    table: str = ""
    select: str = ""
    cursor: str = ""
    belongs_to: Belonging | None = None
    order_by: tuple[str, ...] = ()
    optional: bool = False


def shipped() -> list[str]:
    """The names of the mappings of landed tables that come with the product."""
    return sorted(path.stem for path in _SHIPPED.glob("*.toml"))


def mapping_file(given: str) -> Path:
    """The file of the shipped mapping of this name, or the file itself."""
    path = Path(given)
    if path.suffix == ".toml":
        if not path.is_file():
            raise ImportRefused(f"There is no mapping file {path}.")
        return path
    if given not in shipped():
        raise ImportRefused(
            f"There is no mapping of landed tables named {given!r}. Shipped ones: {', '.join(shipped())}; "
            "or name a .toml file of your own."
        )
    return _SHIPPED / f"{given}.toml"


def landed_in(file: Path) -> dict[str, Landed]:
    """{name: what it is} of a mapping's file, of which everything else is read when there is something to load."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"The mapping {file.name} is not valid TOML: {error}.") from error
    found = landed_of(file.name, content.get("from", {}))
    if not found:
        raise ImportRefused(
            f"The mapping {file.name} names no table of a database. Give each `file` of it a section "
            '[from."FILE"] with `table = "…"` or `select = "…"`; files are loaded by `import`.'
        )
    return found


def landed_of(mapping: str, sections: Any) -> dict[str, Landed]:
    """The sections [from] of a mapping of this name, checked key by key."""
    if not isinstance(sections, dict):
        raise ImportRefused(f'The mapping {mapping}: tables of a database stand as [from."NAME"].')
    found = {name: _landed(mapping, name, given, sections) for name, given in sections.items()}
    keys = {(its.file, key) for one in found.values() if (its := one.belongs_to) for key in its.on.values()}
    if len(keys) > len({file for file, _ in keys}):
        raise ImportRefused(
            f"The mapping {mapping}: what belongs to one table must name the same column of it in `belongs_to`; found "
            f"{', '.join(f'{file}: {key}' for file, key in sorted(keys))}."
        )
    return found


def _landed(mapping: str, name: str, given: Any, sections: Collection[str]) -> Landed:
    where = f'in [from."{name}"]'
    keys = {"table": str, "select": str, "cursor": str, "belongs_to": dict, "order_by": list, "optional": bool}
    if not isinstance(given, dict):
        raise ImportRefused(f"The mapping {mapping} needs a table of keys {where}, not {given!r}.")
    for key, value in given.items():
        if key not in keys:
            raise ImportRefused(f"The mapping {mapping} has a key {key!r} {where}.{nearest(key, keys)}")
        if not isinstance(value, keys[key]):
            raise ImportRefused(f"The mapping {mapping}: {key!r} {where} cannot be {value!r}.")
    if bool(given.get("table")) == bool(given.get("select")):
        raise ImportRefused(f"The mapping {mapping} needs either `table` or `select` {where}.")
    if given.get("select"):
        given = given | {"select": _single(mapping, where, given["select"])}
    if "belongs_to" in given:
        given = given | {"belongs_to": _belonging(mapping, where, given["belongs_to"], sections)}
    return Landed(**given | {"order_by": tuple(map(str, given.get("order_by", ())))})


def _single(mapping: str, where: str, select: str) -> str:
    """Refuses what could be several statements: it stands in brackets, and its transaction must stay read-only."""
    alone = select.strip().removesuffix(";").rstrip()
    if ";" in alone or not re.match(r"(select|with)\b", alone, re.IGNORECASE):
        raise ImportRefused(
            f"The mapping {mapping}: `select` {where} must be one statement that begins with SELECT or WITH, "
            "without a semicolon in it, be it in a text (write chr(59) there)."
        )
    return alone


def _belonging(mapping: str, where: str, given: dict, sections: Collection[str]) -> Belonging:
    if given.keys() != {"file", "on"} or not isinstance(given["on"], dict) or len(given["on"]) != 1:
        raise ImportRefused(
            f"The mapping {mapping} needs `belongs_to` {where} as "
            '{ file = "deals", on = { own_column = "its_column" } }.'
        )
    if given["file"] not in sections:
        raise ImportRefused(
            f"The mapping {mapping}: `belongs_to` {where} names {given['file']!r}, which is no section of [from]."
            f"{nearest(given['file'], sections)}"
        )
    return Belonging(**given)


def nearest(asked: str, there: Collection[str]) -> str:
    """The sentence that names what may be meant, or what there is."""
    near = difflib.get_close_matches(asked, there, n=1)
    if near:
        return f" Did you mean {near[0]!r}?"
    named = sorted(there)
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f" There are {', '.join(named[:_MOST_NAMED])}{more}." if named else " There are none."


_MOST_NAMED = 20
