"""Reports as text: their scope, and their three forms. The JSON keys are part of the product's interface.

Money is in base currency units, rates are 0–1, days are ISO dates, undefined is null (an empty cell).
"""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import pandas as pd

from dashboard.answers import Ask
from dashboard.frame import identity
from dashboard.metrics import periods
from dashboard.metrics.definitions.reports import REPORTS
from dashboard.words.literal import terminal
from data_access import organisation
from data_access.errors import Refused
from data_access.pipeline import funnel
from data_access.scope import Period, Person, Scope
from data_access.spreadsheet import cell


def scope(ask: Ask, *, role: str, **asked) -> Scope:
    """The scope of a report for a role: see `person_of` and `scope_of`."""
    state = ask(organisation.state, None)
    return scope_of(ask, state, person_of(ask, state, role), **asked)


def person_of(ask: Ask, state: organisation.State, role: str) -> Person:
    """The person of a role as it is typed: a manager's regions by id or name."""
    typed = identity.from_text(role)
    if typed.regions is None:
        return typed
    everybody = scope_of(ask, state, identity.from_text("executive"), **_NOTHING_ASKED)
    return Person(typed.role, ask(organisation.region_ids, everybody, typed.regions))


def scope_of(
    ask: Ask,
    state: organisation.State,
    person: Person,
    *,
    start: date | None,
    end: date | None,
    as_of: date | None,
    regions: tuple[str, ...],
    with_left_out: bool,
    period: str | None = None,
    first_day: date | None = None,
    **filters,
) -> Scope:
    """The scope of a report for a person. Unless given: as of the last day on which anything happened (or today, if
    earlier), from the first day to the as-of date; and that is the first creation or closing of any deal.

    period   a named one around the as-of date, in place of both its days
    """
    today = state.now().date()
    last_day = min(state.last_day or today, today)
    as_of = as_of or last_day
    if period is not None:
        if start is not None or end is not None:
            raise Refused(f"A period is {period}, or given by its days, not both.")
        start, end = periods.preset(period, as_of, state.fiscal_year_start_month)
    first = start or min(first_day or state.first_day or as_of, end or as_of)
    if end is None and first > as_of:
        raise Refused(f"The period starts on {first}, after the as-of date {as_of}. Give its end (`to`), too.")
    seen = Scope(
        person=person,
        period=Period(first, end or as_of),
        as_of=as_of,
        last_day=last_day,
        with_left_out=with_left_out,
        **filters,
    )
    return seen.but(regions=ask(organisation.region_ids, seen, regions))


_NOTHING_ASKED: dict[str, Any] = {"start": None, "end": None, "as_of": None, "regions": (), "with_left_out": False}


def cautions(ask: Ask, scope: Scope) -> list[str]:
    """Filters that nothing the person may see has: their zeros are true, but more likely a slip of the keyboard."""
    questions = {
        "owner": lambda: list(ask(organisation.people, scope)["rep_id"]),
        "pipeline": lambda: sorted(set(ask(funnel.stages, scope.but(pipeline=None))["pipeline"])),
        "product": lambda: ask(organisation.values_of, scope, "product"),
        "source": lambda: ask(organisation.values_of, scope, "source"),
        "segments": lambda: ask(organisation.values_of, scope, "segment"),
    }
    found = []
    for name, occurring in questions.items():
        asked = getattr(scope, name) or ()
        known = occurring() if asked else []
        for value in (asked,) if isinstance(asked, str) else asked:
            if known and value not in known:
                found.append(f"No deal in view has {value!r}. Known for {name}: {', '.join(known[:40])}.")
    return found


def everything(ask: Ask) -> Scope:
    """The scope of somebody who sees everything and chose nothing."""
    return scope(ask, role="executive", **_NOTHING_ASKED)


def scope_keys(scope: Scope) -> dict:
    return {
        "from": scope.period.start,
        "to": scope.period.end,
        "as_of": scope.as_of,
        "regions": list(scope.regions),
    }


def rows(frame: pd.DataFrame) -> list[dict]:
    """A frame's rows, undefined values as None, moments as dates."""
    return [
        {name: _plain(value) for name, value in zip(frame.columns, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]


def _plain(value):
    if pd.isna(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def as_json(answer: dict, indent: int | None = 2) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=indent, default=_iso) + "\n"


def _iso(value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def as_csv(answer: dict) -> str:
    """The rows, or key and value a line (per track: track.key; of a back-test: backtest.weeks.key; bias: bias.key)."""
    out = io.StringIO()
    header, lines = in_lines(answer)
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([cell(value) for value in line] for line in lines)
    return out.getvalue()


def as_table(answer: dict) -> str:
    """The same as `as_csv`, in columns for reading."""
    header, lines = in_lines(answer)
    frame = pd.DataFrame([[_cell(value) for value in line] for line in lines], columns=header)
    about = answer["scope"]
    places = terminal(", ".join(about["regions"])) or "all regions"
    head = f"{answer['report']}: {about['from']} to {about['to']}, as of {about['as_of']}, {places}\n\n"
    return head + (frame.to_string(index=False) if len(frame) else "No rows in this scope.") + "\n"


def _cell(value) -> str:
    if value is None:
        return "-"
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else terminal(str(value))


def in_lines(answer: dict) -> tuple[list[str], list[list]]:
    """The names of the columns, and the lines, as they are written below each other."""
    is_refused = bool(answer.get("values", {}).get("refused"))  # then the reason is what there is to read
    if "rows" in answer and not is_refused:
        found = answer["rows"]
        return list(REPORTS[f"{answer['report']}.rows"]), [list(row.values()) for row in found]
    beside = ("report", "scope", "backtest", "bias")
    values = answer.get("values") or {key: value for key, value in answer.items() if key not in beside}
    lines = [[key, value] for key, value in values.items()]
    lines += [[f"bias.{key}", value] for key, value in answer.get("bias", {}).items()]
    for tested in answer.get("backtest", ()):
        weeks = tested["weeks_before"]
        lines += [[f"backtest.{weeks}.{key}", value] for key, value in tested.items() if key != "weeks_before"]
    for track, values in answer.get("by_track", {}).items():
        lines += [[f"{track}.{key}", value] for key, value in values.items()]
    if "rates_of" in answer:
        lines.append(["rates_of", answer["rates_of"]])
    return ["key", "value"], lines


def loaded(result) -> str:
    """What an import did, for people: a line per table, then what is worth reading."""
    names = ["read", "added", "changed", "unchanged", "rejected"]
    names += ["removed"] * any(found.removed for found in result.tables.values())
    counts = [[table, *(getattr(found, name) for name in names)] for table, found in result.tables.items()]
    lines = [pd.DataFrame(counts, columns=["table", *names]).to_string(index=False), ""]
    lines += map(terminal, result.warnings)
    if result.rejected_file is not None:
        lines.append(terminal(f"Rejected rows, each with its line and reason: {result.rejected_file}"))
    done = f"Loaded: data version {result.version}."
    lines.append("Nothing was changed: this was a dry run." if result.dry_run else done)
    return "\n".join(lines) + "\n"


_ALWAYS = ("won_amount", "coverage", "open_amount", "win_rate_count", "pipeline_created_amount")  # the five cards


def moved(before, after) -> str:
    """How the Overview would move: its verdict, its five cards and whatever else would be another number, each before
    and after; `moves.Seen`, or None where there is no deal yet."""
    if after is None:
        return "The Overview stays as it is: there is no deal.\n"
    keys = dict.fromkeys((*(before.values if before else ()), *after.values))
    then, now = ({key: _cell(one.values.get(key) if one else None) for key in keys} for one in (before, after))
    shown = [key for key in keys if key.split(".")[-1] in _ALWAYS or then[key] != now[key]]
    rows = pd.DataFrame([[key, then[key], now[key]] for key in shown], columns=["overview", "before", "after"])
    verdicts = [
        f"  {name}: {one.head if one else 'no deals yet'}" for name, one in (("before", before), ("after", after))
    ]
    return "\n".join(["How the Overview would move, for the company:", *verdicts, "", rows.to_string(index=False), ""])


def flat(answer: dict) -> dict[str, object]:
    """A report of keys and values as `as_csv` names them."""
    return {key: value for key, value in in_lines(answer)[1]}


def last_import(last) -> str:
    """What undoing the last import takes back, for people."""
    counts = []
    for table in {**last.tables, **last.merged}:
        (going, before), merged = last.tables.get(table, (0, 0)), last.merged.get(table, {})
        going, before = going + merged.get("added", 0), before + merged.get("changed", 0) + merged.get("gone", 0)
        counts.append([table, going, before])
    rows = pd.DataFrame(counts, columns=["table", "rows that go", "rows as before"]).to_string(index=False)
    files, by = terminal(", ".join(last.files)), terminal(last.by or "somebody")
    what, nothing = "The last import", ""
    if last.without_changes:
        what += " that changed anything"
        nothing = (
            f"Imported since, without a change: {terminal('; '.join(map(', '.join, last.without_changes[-3:])))}.\n"
        )
    return f"{what}: {files}, by {by} on {last.at:%Y-%m-%d %H:%M} UTC.\n{nothing}\n{rows}\n\n"


FORMS = {"table": as_table, "csv": as_csv, "json": as_json}
