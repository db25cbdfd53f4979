"""What a number counts and what it leaves out, and why: how many rows each, together all that the person may see."""

import pandas as pd

from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of
from data_access.data import populations
from data_access.data.populations import FILTERED, IN, POPULATIONS
from data_access.scope import Scope

_OTHER_MARKS = "other_marks"  # the step of what the number counts in other marks of a figure


def draw(name: str, scope: Scope, form: Formats, mark: str = "", rows: pd.DataFrame | None = None) -> None:
    """How many rows of a population are in the number, and how many each reason keeps out of it.

    mark   what the mark of a figure is called, and `rows` those that it counts: all others are out of it
    """
    population = POPULATIONS[name]
    found = ask(populations.steps, scope, name).set_index("step")
    counts, reasons = found["rows"].to_dict(), _reasons()
    counted = found.loc[IN] if IN in counts else pd.Series(0, index=found.columns)
    if rows is not None:
        without = rows["amount"].isna().sum() if "amount" in rows else 0
        counted = pd.Series({"rows": len(rows), "without_amount": without, "without_rate": 0})
        counts[_OTHER_MARKS] = counts.get(IN, 0) - len(rows)
        reasons[_OTHER_MARKS] = _("Not in: {mark}").format(mark=mark)
    parts.say(" ".join([how_many(population.of, int(counted["rows"]), form), *_not_summed(counted, form)]))
    steps = (FILTERED, *population.reasons, _OTHER_MARKS)
    out = [(step, counts[step]) for step in steps if counts.get(step)]
    parts.say(
        _("You may see {all}; {out} of them are not in it.").format(
            all=form.count(found["rows"].sum()), out=form.count(sum(n for _step, n in out))
        )
    )
    if out:
        rows = pd.DataFrame({"why": [reasons[step] for step, _n in out], "rows": [n for _step, n in out]})
        columns = {"why": Column(_("Not in it, because"), width=260), "rows": Column(_("How many"), "count")}
        parts.table(rows, columns, key="explained_out", height="content", width="content")


def how_many(of: str, n: int, form: Formats) -> str:
    """A sentence that says how many deals, leads, activities or accounts."""
    told = {
        "deal": one_of("{n} deal.", "{n} deals.", n),
        "lead": one_of("{n} lead.", "{n} leads.", n),
        "activity": one_of("{n} activity.", "{n} activities.", n),
        "account": one_of("{n} account.", "{n} accounts.", n),
    }[of]
    return told.format(n=form.count(n))


def _not_summed(counted: pd.Series, form: Formats) -> list[str]:
    """Of deals that are counted, those whose amount is in no sum."""
    told = []
    if counted["without_amount"]:
        told.append(_("{n} without an amount: counted, not summed.").format(n=form.count(counted["without_amount"])))
    if counted["without_rate"]:
        told.append(
            _("{n} without an exchange rate: the sum is not known.").format(n=form.count(counted["without_rate"]))
        )
    return told


def _reasons() -> dict[str, str]:
    return {
        FILTERED: _("Outside the filters that are set"),
        "open": _("Still open"),
        "won": _("Closed as won"),
        "lost": _("Closed as lost"),
        "removed": _("Removed from its source"),
        "no_close_day": _("Without an expected close"),
        "close_earlier": _("Expected to close earlier"),
        "close_later": _("Expected to close after the period"),
        "other_period": _("In another period"),
        "left_out": _("Qualified out, or a duplicate"),
        "no_creation_day": _("Without a creation date"),
        "not_mql": _("Not qualified by marketing"),
        "not_sql": _("Not accepted by sales"),
        "not_converted": _("Did not become a deal"),
        "not_won": _("Without a deal that is won"),
        "not_undecided": _("Decided by then"),
        "not_done": _("Not completed"),
        "no_meeting": _("Not a meeting"),
        "not_planned": _("Never planned"),
        "cancelled": _("Cancelled"),
        "due": _("Due on the as-of date"),
        "no_owner": _("Without an owner"),
    }
