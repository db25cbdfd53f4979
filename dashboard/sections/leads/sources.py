"""Lead → deal → won, by source, campaign and month of creation, and what each cost."""

import pandas as pd
import streamlit as st

from dashboard.answers.leads import outcomes
from dashboard.ask import answer_of
from dashboard.figures.leads import outcomes as figures
from dashboard.frame import filters, parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics import periods
from dashboard.metrics.amounts import ratio
from dashboard.metrics.intervals import wilson
from dashboard.metrics.leads.outcomes import FEW_CONVERT
from dashboard.sections import drill
from dashboard.sections.leads import behind, words as leads_words
from dashboard.sections.leads.words import source_name
from dashboard.words import literal
from dashboard.words.formats import FEW, Formats
from dashboard.words.language import _, label, one_of
from data_access.scope import Period, Scope

_GROUPS = {"source": ("source",), "campaign": ("source", "campaign")}
_MONTHS = 13
_BESIDE = 420  # pixels: about the height of the figure of seven sources
_MOST_GROUPS = 15  # a dot plot of more is a list; the table has all


def draw(scope: Scope, whole: dict, form: Formats) -> pd.DataFrame:
    """Conversion by source or campaign, beside the table of how far their leads came; gives the rows of both.

    whole   all leads together (`outcomes.whole`), as the cards have it

    Not drawn anew alone: what the page says of these rows further down follows the choice.
    """
    by = st.segmented_control(
        _("Compare"),
        list(_GROUPS),
        format_func=literal.options({"source": _("Sources"), "campaign": _("Campaigns")}.__getitem__),
        default=next(iter(_GROUPS)),
        required=True,
        key="leads_by",
        persist_state="session",
        label_visibility="collapsed",
    )
    rows = _labelled(answer_of(outcomes.by, scope, _GROUPS[by]), by)
    if rows.empty:
        parts.nothing(
            _("No lead was created in this period, and nothing was spent. Import the files lead and marketing_cost.")
        )
        return rows
    left, right = st.columns([2, 3], gap="large")  # seven columns in sight
    with left:
        _conversion(rows, by, scope, form)
    with right:
        _table(rows, whole)
    return rows


def _conversion(rows: pd.DataFrame, by: str, scope: Scope, form: Formats) -> None:
    low, high = wilson(rows["converted"], rows["leads"])
    groups = rows.assign(low=low, high=high).nlargest(_MOST_GROUPS, "leads")
    words = {
        "axis": _("Share that became a deal, with its 80 % interval"),
        "mark": _("usually under {share}"),
        "of": _("{converted} of {leads}"),
        "immature": _("immature: has leads that are too young"),
        "nothing": _("No lead was created in this period."),
    }
    drill.figure(
        figures.conversion(groups, mark=FEW_CONVERT, words=words, **parts.look()),
        lambda data: _behind(data, rows, scope),
        panel=behind.panel,
        key=f"leads_conversion_{by}",
        title=finding(groups, form),
        alt=_in_words(groups, form),
        twin=rows,
        columns=_columns(),
        source=_("{maturity} Hollow: has younger ones. A click shows the leads that became deals.").format(
            maturity=leads_words.maturity(rows.iloc[0], scope.as_of, form)
        ),
    )


def _labelled(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    names = rows["source"].map(source_name, na_action=None)
    if by == "campaign":
        campaigns = [_("no campaign") if pd.isna(name) else name for name in rows["campaign"]]
        names = [f"{source} · {campaign}" for source, campaign in zip(names, campaigns, strict=True)]
    keys = [[None if pd.isna(row[name]) else row[name] for name in _GROUPS[by]] for _n, row in rows.iterrows()]
    return rows.assign(label=names, key=keys)


def _behind(data: list, rows: pd.DataFrame, scope: Scope):
    row = rows[[key == data for key in rows["key"]]].iloc[0]
    return scope, Opened("converted", row["label"], row["converted"], None, _narrower(data), number="converted")


def _narrower(key: list) -> dict:
    named = dict(zip(("source", "campaign"), key, strict=False))
    return {name: value for name, value in named.items() if value is not None} | {
        "without": tuple(name for name, value in named.items() if value is None)
    }


def finding(groups: pd.DataFrame, form: Formats) -> str:
    """Whose leads became deals most often, of those with enough to say; the question where none has."""
    some = groups[groups["leads"] >= FEW]
    if some.empty or not some["converted"].sum():
        return _("Which leads become deals?")
    best = some.loc[some["conversion"].idxmax()]
    return _("{label} converts best: {share}").format(
        label=best["label"], share=form.share(best["conversion"], best["leads"])
    )


def _in_words(groups: pd.DataFrame, form: Formats) -> str:
    told = [
        f"{row.label} {form.share(row.conversion, row.leads)} (n = {form.count(row.leads)})"
        for row in groups.itertuples()
    ]
    return _("Share of leads that became a deal: {told}").format(told=_(", ").join(told))


def _columns() -> dict[str, Column]:
    return {
        "label": Column(_("Source")),
        **Column.each("leads", "mql", "sql", "converted"),
        "won": Column.of("leads_won"),
        **Column.each("conversion", "undecided_share", "median_days_to_convert"),
    }


def _table(rows: pd.DataFrame, whole: dict) -> None:
    """How many leads came how far, and what was spent on them."""
    parts.heading(_("How far did the leads come?"))
    rows = _most_first(rows)
    parts.table(
        rows.assign(cost=rows["cost"].astype("Float64")),
        {
            "label": Column(_("Source"), width=120),
            **Column.each("leads", "mql", "sql", "converted"),
            "won": Column.of("leads_won"),
            **Column.each("cost"),
        },
        key="leads_steps",
        height=_BESIDE,
        total=whole,
        order=_("Most leads first."),
    )
    if rows["cost"].isna().all():
        parts.note(
            _(
                "No cost is known for this choice: cost is told apart by month, source, campaign and "
                "region. It comes in as marketing_cost."
            )
        )


def _most_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("leads", ascending=False, kind="stable", ignore_index=True)


def rates(rows: pd.DataFrame, whole: dict, form: Formats) -> None:
    """What share of the leads made each step, and what each cost.

    rows, whole   those of `draw`
    """
    if rows.empty:
        return
    rows = _most_first(rows)
    parts.heading(_("What did each step cost, and what did it bring?"))
    parts.table(
        rows.assign(
            mql_share=_share(rows["mql"], rows["leads"]),
            sql_share=_share(rows["sql"], rows["mql"]),
            **{name: rows[name].astype("Float64") for name in _RATES},
        ),
        {
            "label": Column(_("Source")),
            "mql_share": Column(_("Lead → MQL"), "share", n="leads"),
            "sql_share": Column(_("MQL → SQL"), "share", n="mql"),
            **Column.each(*_RATES),
        },
        key="leads_costs",
        total=whole
        | {"mql_share": ratio(whole["mql"], whole["leads"]), "sql_share": ratio(whole["sql"], whole["mql"])},
    )
    immature = int(rows["is_immature"].astype(bool).sum())
    if immature:
        parts.note(
            one_of(
                "{n} of {all} row is immature: more leads will convert, so its cost per deal will still fall.",
                "{n} of {all} rows are immature: more leads will convert, so their cost per deal will still fall.",
                len(rows),
            ).format(n=form.count(immature), all=form.count(len(rows)))
        )


_RATES = ("cost_per_lead", "cost_per_opportunity", "cost_per_won", "margin_per_cost")


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part.astype("Float64") / whole.where(whole > 0).astype("Float64")


# --- by month of creation -----------------------------------------------------------------------------


def cohorts(scope: Scope, form: Formats) -> None:
    """The last thirteen months of creation, whatever the period; a click opens a month's leads."""
    year = year_of_months(scope)
    months = answer_of(outcomes.by, year, ("month",))
    months = months[months["leads"] > 0]
    months = months.assign(
        month=[pd.Timestamp.fromordinal(int(month)) for month in months["month"]],
        won_share=_share(months["won"], months["leads"]).astype(float),
        conversion=months["conversion"].astype(float),
    )
    words = {
        "axis": _("Share of the month's leads"),
        "converted": label("converted"),
        "won": label("leads_won"),
        "mark": _("usually under {share}"),
        "undecided": _("{share} undecided"),
        "nothing": _("No lead was created in the last 13 months."),
    }
    drill.figure(
        figures.cohorts(months, mark=FEW_CONVERT, words=words, **parts.look()),
        lambda data: _month_behind(data, months, year),
        panel=behind.panel,
        key="leads_cohorts",
        title=cohorts_finding(months, form),
        alt=_("Share of each month's leads that became a deal: {told}").format(
            told=_(", ").join(
                f"{form.month(row.month)} {form.share(row.conversion, row.leads)}" for row in months.itertuples()
            )
        ),
        twin=months,
        columns={"month": Column(_("Created in"), "month")} | {k: v for k, v in _columns().items() if k != "label"},
        source=None
        if months.empty
        else _("{maturity} Hatched: months with younger ones.").format(
            maturity=leads_words.maturity(months.iloc[0], scope.as_of, form)
        ),
    )


def cohorts_finding(months: pd.DataFrame, form: Formats) -> str:
    """What share of the leads became deals so far; the question where they are few. months: leads, converted."""
    n = months["leads"].sum()
    if n < FEW:
        return _("What became of each month's leads?")
    return _("{share} of {n} leads became deals so far").format(
        share=form.share(months["converted"].sum() / n), n=form.count(n)
    )


def year_of_months(scope: Scope) -> Scope:
    """The same scope over the as-of month and the twelve before it."""
    latest = periods.preset("this_month", scope.as_of)
    first = periods.earlier(latest, _MONTHS - 1)[-1][0]
    return scope.but(period=Period(first, latest[1]))


def _month_behind(data: list, months: pd.DataFrame, year: Scope):
    day, what = pd.Timestamp(data[0]), data[1]
    row = months[months["month"] == day].iloc[0]
    number = {"won": "leads_won"}.get(what, what)
    title = f"{parts.formats().month(day)} · {label(number)}"
    return filters.in_month(year, day.date()), Opened(what, title, row[what], number=number)
