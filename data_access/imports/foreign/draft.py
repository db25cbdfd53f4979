"""A mapping to begin with, for a file of deals in an unknown form: its columns guessed by name, each marked so."""

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from data_access.errors import ImportRefused
from data_access.schema import CONTRACT

from ..forms import in_iso, plain_number
from ..lots import OTHER_FORMS, columns_of, columns_required, order_of
from ..readers import Source, beginnings, read_source

_GUESS = "# guess"
_LIKE = 0.8  # from which likeness on a name is taken for another
_FOOTER = ("Grand Total", "Total", "Confidential", "Copyright")  # of reports
_MOST_TEXTS = 12  # of a column with a list of choices
# What systems call a column of `opportunity`, beside its own name; the likeliest first.
_CALLED = {
    "opportunity_id": ("id", "record id", "deal id", "opportunity id", "number", "no", "nr", "key", "uid"),
    "name": ("deal name", "opportunity name", "title", "deal title", "topic", "subject", "deal"),
    "account_id": ("account", "account name", "company", "company name", "customer", "organization", "client"),
    "owner_id": ("owner", "deal owner", "sales rep", "rep", "salesperson", "sales agent", "assigned to", "user"),
    "region_id": ("region", "territory", "office", "sales region"),
    "pipeline": ("sales process", "deal pipeline", "record type"),
    "stage": ("deal stage", "stage name", "sales stage", "status", "phase", "state", "step"),
    "product": ("product name", "item", "solution"),
    "source": ("lead source", "original source", "channel", "origin"),
    "kind": ("type", "deal type", "opportunity type", "business type"),
    "amount": ("value", "deal value", "close value", "revenue", "est revenue", "price", "total", "sum"),
    "currency": ("currency code", "currency iso code", "currency of value"),
    "gross_margin": ("margin", "profit", "gross profit"),
    "created_on": ("created", "create date", "created date", "created at", "created time", "date created", "opened"),
    "expected_close_on": ("expected close date", "expected close", "estimated close date", "forecast date", "due date"),
    "closed_on": ("close date", "closed date", "closed", "closed at", "closing date", "won time", "date closed"),
    "loss_reason": ("lost reason", "reason lost", "closed lost reason", "reason for loss"),
    "competitor": ("main competitor", "lost to"),
    "contract_starts_on": ("contract start", "start date", "contract start date"),
    "contract_ends_on": ("contract end", "end date", "contract end date", "renewal date"),
}


def draft(path: Path) -> str:
    """The text of a mapping for the file, as `read_mapping` takes it."""
    source, footer = _read(path)
    guessed = _guessed(name for name in source.cells if not name.startswith(source.twice or "\0"))
    forms, said = _dates(source, [guessed[name] for name in guessed if _form(name) == "date"])
    lines = [
        f"# A mapping for {_in_comment(path.name)}, guessed from the names of its columns. Look at each line marked",
        '# "guess", mend what is wrong, and try it: python -m dashboard import FOLDER --mapping THIS.toml --dry-run',
        "# All that a mapping can say is in docs/mappings.md.",
        f"about = {_text('Deals as in ' + path.name)}",
        "",
        '[read."deals"]',
        "by_header = true # the file is the one that has the columns below, whatever it is called",
        *([f"footer = {json.dumps(footer)} {_GUESS}: what a report has below its rows"] if footer else []),
        *said,
        *_numbers(source, [guessed[name] for name in guessed if _form(name) == "money"]),
        "",
        "# The stages are those that the deals are in; which of them close, their names say.",
        "[stages]",
        'won = ["won", "*closed*won*"] # guess',
        'lost = ["lost", "*closed*lost*"] # guess',
        *_stages_found(source, guessed),
        *_named_by("rep", guessed.get("owner_id")),
        *_named_by("account", guessed.get("account_id")),
        "",
        "[[table]]",
        'name = "opportunity"',
        'file = "deals"',
        'properties = "rest" # columns that nothing below takes',
        "",
        "[table.columns]",
        *(_line(name, guessed, source, has_dates=bool(forms)) for name in columns_of("opportunity")),
        "",
    ]
    return "\n".join(lines)


def _read(path: Path) -> tuple[Source, tuple[str, ...]]:
    """The file, separated in the way that gives the most columns; and the beginnings of the lines below its rows."""
    if not path.is_file():
        raise ImportRefused(f"There is no file {path}. Name a .csv or .xlsx file whose columns are to be guessed.")
    ways = [(reading, max(lines, key=_width)) for reading, lines in beginnings(path) if lines]
    if not ways:
        return read_source(path), ()  # or it says why not
    reading, header = max(ways, key=lambda way: _width(way[1]))
    names = tuple(name.strip() for name in header if name.strip())
    reading = replace(reading, header=names)
    try:
        return read_source(path, reading), ()
    except ImportRefused as refused:
        try:
            return read_source(path, replace(reading, footer=_FOOTER)), _FOOTER
        except ImportRefused:
            raise refused from None


def _width(line: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in line)


def _guessed(headers: Iterable[str]) -> dict[str, str]:
    """{column of the contract: column of the file}: the likeliest pairs first, each column once."""
    headers = list(headers)
    pairs = sorted(
        ((_likeness(name, header), name, header) for name in _CALLED for header in headers),
        key=lambda pair: pair[0],
        reverse=True,
    )
    found: dict[str, str] = {}
    for likeness, name, header in pairs:
        if likeness >= _LIKE and name not in found and header not in found.values():
            found[name] = header
    return found


def _likeness(name: str, header: str) -> float:
    said = _plain(header)
    names = [name.replace("_", " "), *_CALLED[name]]
    for one, most in ((said, 2.0), (said.removeprefix("deal ").removeprefix("opportunity "), 1.9)):
        if one in names:
            return most - names.index(one) / len(names)
    return max(difflib.SequenceMatcher(None, said, one).ratio() for one in names)


def _plain(header: str) -> str:
    """In small letters and words: DealStage and deal_stage are deal stage, and so is "Deal - Deal stage"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    words = " ".join(re.split(r"[\W_]+", words.casefold())).strip()
    return re.sub(r"^(\w+) (?=\1 )", "", words)


def _form(name: str) -> str:
    return columns_of("opportunity")[name]


def _dates(source: Source, columns: list[str]) -> tuple[list[str], list[str]]:
    """The forms of the columns' dates, and what the mapping says of them."""
    texts = {name: source.cells[name].dropna().unique().tolist() for name in columns}
    fitting = {
        name: [form for form in OTHER_FORMS if all(in_iso(text, form) for text in some)]
        for name, some in texts.items()
        if some
    }
    if not fitting:
        return [], ["# date_forms: no column of dates was found, or none has any; 2025-03-31 is read without it"]
    strange = [name for name, forms in fitting.items() if not forms]
    if strange:
        shown = f"{_in_comment(strange[0])} has {_in_comment(texts[strange[0]][0])}"
        return [], [f"# date_forms: the dates of {shown} are in no form that is known, or in several: declare one"]
    for order, other in (("MD", "DM"), ("DM", "MD")):
        taken = [next((form for form in forms if order_of(form) != other), "") for forms in fitting.values()]
        both = [next((form for form in forms if order_of(form) != order), "") for forms in fitting.values()]
        if all(taken):
            forms = list(dict.fromkeys(taken))
            if all(both) and both != taken:
                either = f"{json.dumps(forms)} or {json.dumps(list(dict.fromkeys(both)))}"
                return [], [
                    f"# date_forms: day and month could be taken for each other, {either}: declare the right one"
                ]
            return forms, [f"date_forms = {json.dumps(forms)} {_GUESS}"]
    return [], ["# date_forms: one column has the day first and another the month; give one of them its own date_form"]


def _numbers(source: Source, columns: list[str]) -> list[str]:
    texts = [text for name in columns for text in source.cells[name].dropna().unique()]
    fitting = [form for form in ("1234.56", "1,234.56", "1.234,56", "1 234,56") if texts and _are_numbers(texts, form)]
    if not texts or fitting[:1] == ["1234.56"]:
        return []
    if not fitting:
        return ['# number_form: some amounts are numbers in no form that is known, such as "1,234.56" or "1.234,56"']
    values = {tuple(plain_number(text, form) for text in texts) for form in fitting}
    if len(values) > 1:
        return [f"# number_form: {' or '.join(map(json.dumps, fitting))} fits all amounts: declare the right one"]
    return [f"number_form = {json.dumps(fitting[0])} {_GUESS}"]


def _are_numbers(texts: list[str], form: str) -> bool:
    return all(re.fullmatch(r"[+-]?\d+(\.\d+)?", plain_number(text, form)) for text in texts)


def _stages_found(source: Source, guessed: dict[str, str]) -> list[str]:
    likely = next((name for name in source.cells if "probability" in name.casefold()), "")
    lines = [f"probability = {_text(likely)} {_GUESS}: the order of open stages"] if likely else []
    if "stage" in guessed:
        names = source.cells[guessed["stage"]].dropna().unique()[:_MOST_TEXTS]
        lines.append(f"# The file has {', '.join(map(_in_comment, names)) or 'no stage at all'}.")
    return lines


def _named_by(table: str, header: str | None) -> list[str]:
    if header is None:
        return []
    named = _text(header)
    return [
        "",
        f"# Whoever stands in {_in_comment(header)}, by that name.",
        "[[table]]",
        f'name = "{table}"',
        'file = "deals"',
        "distinct = true",
        f'except_where = {{ {named} = "" }}',
        f"columns = {{ {table}_id = {named}, name = {named} }}",
    ]


def _line(name: str, guessed: dict[str, str], source: Source, has_dates: bool) -> str:
    closing = guessed.get("closed_on", "")
    choices = CONTRACT["opportunity"].c[name].info.get("choices", ())
    if name == "closed_on" and closing:
        return f'closed_on = {{ column = {_text(closing)}, of_kind = ["won", "lost"] }} {_GUESS}'
    if name == "expected_close_on" and name not in guessed and closing:
        return f'expected_close_on = {{ column = {_text(closing)}, of_kind = ["open"] }} {_GUESS}: one column for both'
    if name in guessed and choices:
        values = _values(guessed[name], choices, source)
        return f"{name} = {{ column = {_text(guessed[name])}, values = {values} }} {_GUESS}"
    if name in guessed:
        return f"{name} = {_text(guessed[name])} {_GUESS}"
    if name not in columns_required("opportunity"):
        return f"# {name}: no column is called like it"
    instead = {"opportunity_id": "row = true", "pipeline": 'always = "Sales"', "stage": 'always = "Open"'}[name]
    but = "; a row that changes is another deal then" if name == "opportunity_id" else ""
    return f"{name} = {{ {instead} }} {_GUESS}: no column is called like it, and it is needed{but}"


def _values(header: str, choices: tuple[str, ...], source: Source) -> str:
    by_plain = {_plain(choice): choice for choice in choices}
    meant = {}
    for text in source.cells[header].value_counts().index[:_MOST_TEXTS]:
        words = [word for word in _plain(text).split() if word in by_plain]
        near = difflib.get_close_matches(_plain(text), by_plain, n=1) or words
        meant[text] = by_plain[near[0]] if near else ""
    meant["*"] = ""
    return f"{{ {', '.join(f'{_text(text)} = {_text(choice)}' for text, choice in meant.items())} }}"


def _text(text: str) -> str:
    """As TOML has it, which is as JSON but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _in_comment(text: str) -> str:
    """No comment ends before its line does."""
    return _text(text)[1:-1]
