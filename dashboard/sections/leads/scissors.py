"""The scissors of cost, revenue and margin, and the alarm in words."""

import pandas as pd
import streamlit as st

from dashboard.answers.leads import scissors
from dashboard.answers.leads.scissors import ALL_SOURCES
from dashboard.ask import answer_of
from dashboard.figures.leads import outcomes as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.leads.scissors import PERIODS_RUNNING, running
from dashboard.sections.leads.words import alarm_name
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope


@parts.fragment
def draw(scope: Scope, form: Formats) -> None:
    periods, alarms = answer_of(scissors.by_source, scope), answer_of(scissors.alarms, scope)
    if periods.empty:
        parts.nothing(
            _(
                "No scissors: they need marketing cost and won deals of at least a year. Cost comes in "
                "as marketing_cost, by month and source. It is not known by people, segments, products, "
                "pipelines or tracks."
            )
        )
        return
    for row in alarms.itertuples():
        parts.notice(_in_words(row, form))
    sources = list(periods["source"].unique())
    if st.session_state.get("leads_scissors_of") not in sources:
        st.session_state["leads_scissors_of"] = alarms["source"].iloc[0] if len(alarms) else ALL_SOURCES
    source = st.segmented_control(
        _("Source"),
        sources,
        format_func=literal.options(lambda one: _("All sources") if one == ALL_SOURCES else one),
        required=True,
        key="leads_scissors_of",
        persist_state="session",
        label_visibility="collapsed",
    )
    own = periods[periods["source"] == source].reset_index(drop=True)
    count = running(own)
    in_alarm = [count >= PERIODS_RUNNING and number >= len(own) - count for number in range(len(own))]
    words = {
        "cost": label("cost"),
        "revenue": _("Revenue"),
        "margin": label("gross_margin_amount"),
        "axis": _("first year = 100"),
        "nothing": _("One period only: nothing to compare with yet."),
    }
    names = {name: words[name] for name in ("cost", "revenue", "margin")}
    columns = {"end": Column(_("Twelve months to"), "date"), "won": Column.of("won_count")}
    columns |= {key: Column(name, "money") for key, name in names.items()}
    columns |= {f"{key}_index": Column(_("{name}, index").format(name=name), "number") for key, name in names.items()}
    latest = own.iloc[-1]
    parts.figure(
        figures.scissors(own.assign(in_alarm=in_alarm), words=words, **parts.look()),
        key="leads_scissors",
        title=_title(own, count),
        alt=_("Against 100 in the first year: {told}").format(
            told=_(", ").join(f"{name} {form.number(latest[f'{key}_index'], 0)}" for key, name in names.items())
        ),
        twin=own,
        columns=columns,
        source=meaning("scissors"),
    )


def _title(own: pd.DataFrame, count: int) -> str:
    if count >= PERIODS_RUNNING:
        return _("The scissors are open: cost grows faster than margin")
    return _("Does cost outgrow what it brings?")


def _in_words(row, form: Formats) -> str:
    return _(
        "{source}: for {n} quarters running cost has grown faster than margin. Since the year to {since} cost went "
        "{cost}, margin {margin}; {excess} of the year's {whole} goes beyond what the margin's growth would pay for."
    ).format(
        source=alarm_name(row.source),
        n=row.periods_running,
        since=form.date(row.since),
        cost=form.share(row.cost_growth, signed=True),
        margin=form.share(row.margin_growth, signed=True),
        excess=form.money(row.excess),
        whole=form.money(row.cost),
    )
