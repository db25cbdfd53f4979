"""The commit board in plain Python over a folder: what `report board` should print, each unit asked about by itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from . import forecast
from .deals import Deal
from .facts import total
from .readings import target
from .scopes import Asked, View

Commits = dict[str, tuple[Decimal, str]]
"""The newest word of each region (its id; the company: ""), with its note."""


def report(folder: Path, asked: Asked, units: list[str], commits: Commits, base: str, today: date) -> dict:
    """The numbers of what is asked about, and of each of these regions right below it; who is missing is not told."""
    own = asked.manager_of or (asked.regions[0] if asked.regions else "")
    rows = {unit: _unit(folder, replace(asked, regions=(unit,)), base, today) for unit in units}
    for unit, row in rows.items():
        row |= _committed(folder, unit, commits, base)
    whole = _unit(folder, asked, base, today)
    parts = [row["commit_amount"] for row in rows.values() if row["commit_amount"] is not None]
    said, note = commits.get(own, (None, None))
    whole |= {
        "commit_amount": sum(parts) if said is None and parts else said,
        "commit_adjustment": said - sum(parts) if said is not None and parts else None,
        "is_own": said is not None,
        "note": note,
    }
    return {"values": whole, "rows": rows}


def _unit(folder: Path, asked: Asked, base: str, today: date) -> dict:
    """The numbers of one unit that nobody said."""
    known = forecast.Folder(folder, asked, base, today)
    made, due = forecast.report(folder, asked, base, today), target(known.view)
    expected = None if made["refused"] else made["expected"]
    open_in_period = [deal for deal in known.open(known.view, known.view.as_of) if _closes_in(known.view, deal)]
    best = total([known.amount(deal, known.view.as_of) for deal in open_in_period])
    days_left = (known.view.end - known.view.as_of).days
    is_offered = made["bias"]["corrected"] is not None
    return {
        "won_amount": made["won"],
        "target_amount": due,
        "expected": expected,
        "low": None if made["refused"] else made["low"],
        "high": None if made["refused"] else made["high"],
        "forecast_gap": None if due is None or expected is None else float(due) - expected,
        "best_case_amount": None if best is None or made["won"] is None else best + made["won"],
        **{key: made["bias"][key] if is_offered else None for key in ("bias_share", "bias_shrunk", "corrected")},
        "needed_per_week": None if due is None or days_left <= 0 else max(due - made["won"], 0) * 7 / days_left,
    }


def _closes_in(view: View, deal: Deal) -> bool:
    closes = deal.on(view.as_of).expected_close
    return closes is not None and view.start <= closes <= view.end


def _committed(folder: Path, unit: str, commits: Commits, base: str) -> dict:
    """The unit's own word, else the sum of those below it, level by level."""
    said, note = commits.get(unit, (None, None))
    rows = forecast.Facts(folder, base).rows("region")
    below = [row["region_id"] for row in rows if row["parent_id"] == unit]
    parts = [_committed(folder, one, commits, base)["commit_amount"] for one in below]
    known = [one for one in parts if one is not None]
    return {
        "commit_amount": said if said is not None else sum(known) if known else None,
        "commit_adjustment": said - sum(known) if said is not None and known else None,
        "is_own": said is not None,
        "note": note,
    }
