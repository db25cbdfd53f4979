"""What an account brought in three years: projects, their size and margin, a row per year of twelve months."""

import pandas as pd

from dashboard.answers.accounts.one_account import Years
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.words.formats import Formats
from dashboard.words.language import _, one_of


def table(found: Years, *, key: str, form: Formats) -> None:
    """A row per year, the latest first, and one of all together."""
    parts.heading(_("What did it bring in three years?"))
    if not found.together["projects"].iloc[0]:
        parts.nothing(_("Nothing was won here in the last three years."))
        return
    rows = pd.concat([found.by_year, found.together], ignore_index=True)
    names = [f"{form.date(row.from_on)} – {form.date(row.to_on)}" for row in found.by_year.itertuples()]
    parts.table(
        rows.assign(years=[*names, _("Three years")]),
        {
            "years": Column(_("12 months"), width=200),
            "projects": Column(_("Projects won"), "count"),
            "amount": Column.of("won_amount"),
            "size": Column.of("mean_won_amount"),
            "margin": Column.of("gross_margin_amount"),
            "margin_share": Column(_("Margin share"), "share"),
        },
        key=key,
        height="content",
    )
    without = found.together.iloc[0]
    lacking = [
        (_("without an amount: {n}"), without["projects"] - without["with_amount"]),
        (_("without a margin: {n}"), without["projects"] - without["with_margin"]),
    ]
    told = [text.format(n=form.count(n)) for text, n in lacking if n]
    if told:
        parts.note(_("Projects {what}.").format(what=_(", ").join(told)))


def projects(found: Years, form: Formats) -> None:
    """Every project of these years, the latest first; a name opens the deal."""
    if found.projects.empty:
        return
    parts.heading(
        one_of("{n} project won in three years", "{n} projects won in three years", len(found.projects)).format(
            n=form.count(len(found.projects))
        )
    )
    columns = {
        **Column.each("deal", "closed_on", "amount"),
        "gross_margin": Column.of("gross_margin_amount"),
        **Column.each("owner"),
    }
    parts.table(found.projects, columns, key="account_projects", height=260, opens=parts.to_deal(found.projects))
