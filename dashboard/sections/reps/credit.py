"""To whom things are credited: to who did them, to the owner of then, or to the owner of now."""

import pandas as pd
import streamlit as st

from dashboard.answers.reps import team
from dashboard.ask import answer_of, ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.scope import Scope

_MINOR_UNITS = 100


@parts.fragment  # the choice at its head draws nothing else of the page anew
def credit(scope: Scope, form: Formats) -> None:
    """A switch between what is credited and by which rule; both totals, and the line between them."""
    what = _choose("reps_credit_of", {"activities": label("completed"), "won": label("won_amount")})
    found = answer_of(team.credited, scope)[what]
    if what == "won" and not team.has_all_rates(ask, scope):
        parts.nothing(_("Some deals lack an exchange rate, so credit cannot be added up. Import exchange_rate."))
        return
    if found.empty:
        parts.nothing(_("Nothing in this period to credit."))
        return
    rules = _rules(what)
    rule = _choose("reps_credit_rule", {name: text for name, text in rules.items() if name != next(iter(rules))})
    _table(found, next(iter(rules)), rule, rules, what, form)


def _rules(what: str) -> dict[str, str]:
    """The rules, the one by which everything here is counted first."""
    if what == "activities":
        return {
            "by_doer": _("who did it"),
            "owner_then": _("who owned the account then"),
            "owner_now": _("who owns the account now"),
        }
    return {"owner_then": _("the owner on the closing day"), "owner_now": _("the owner today")}


def _choose(key: str, names: dict[str, str]) -> str:
    if st.session_state.get(key) not in names:
        st.session_state[key] = next(iter(names))
    chosen = st.segmented_control(
        _("Credited") if key == "reps_credit_of" else _("Instead to"),
        list(names),
        format_func=literal.options(names.__getitem__),
        required=True,
        key=key,
        persist_state="session",
    )
    return chosen or next(iter(names))


def _table(found: pd.DataFrame, counted: str, rule: str, rules: dict[str, str], what: str, form: Formats) -> None:
    scale, unit, written = (
        (1, "count", form.count) if what == "activities" else (_MINOR_UNITS, "money", form.money_exact)
    )
    rows = found.assign(
        person=found["rep"].fillna(_("Nobody")), as_counted=found[counted] / scale, instead=found[rule] / scale
    )
    rows["difference"] = rows["instead"] - rows["as_counted"]
    rows = rows[(rows["as_counted"] != 0) | (rows["instead"] != 0)]
    parts.table(
        rows,
        {
            "person": Column(_("Rep")),
            "as_counted": Column(_("To {rule}").format(rule=rules[counted]), unit),
            "instead": Column(_("To {rule}").format(rule=rules[rule]), unit),
            "difference": Column(_("Difference"), unit),
        },
        key=f"reps_credit_{what}_{rule}",
        height=330,
        total=rows[["as_counted", "instead"]].sum(),
    )
    moved = rows.loc[rows["difference"] > 0, "difference"].sum()
    nobodys = rows.loc[rows["rep_id"].isna(), "instead"].sum()
    parts.note(
        _(
            "Both add up to {total}. {moved} would change hands; under the other rule {nobodys} would be nobody's. "
            "Everywhere else on this page the first rule holds: nothing in the past moves when people move today."
        ).format(total=written(rows["as_counted"].sum()), moved=written(moved), nobodys=written(nobodys))
    )
