"""How long leads wait for an answer, and what is left of them to nurture."""

import pandas as pd

from dashboard.answers.leads import outcomes as lead_answers
from dashboard.ask import answer_of, ask
from dashboard.figures.leads import outcomes as figures
from dashboard.figures.pipeline import stage_time
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics import survival
from dashboard.metrics.leads import outcomes as metrics
from dashboard.sections import drill
from dashboard.sections.leads import behind
from dashboard.sections.leads.words import source_name
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning
from data_access.leads import outcomes
from data_access.scope import Scope


def response(scope: Scope, form: Formats) -> None:
    """The share of leads still waiting for a first answer, all together against each source."""
    answered = ask(outcomes.responses, scope)
    if answered.empty or not (answered["is_open"] == 0).any():
        parts.nothing(
            _("No lead of this period has been answered in what is recorded. Activities with a lead_id would show it.")
        )
        return
    everybody = _("All leads")
    by_source = [(everybody, answered)]
    by_source += [(source_name(name), own) for name, own in answered.groupby("source", dropna=False)]
    rows = pd.DataFrame([{"source": name, **metrics.response(own)} for name, own in by_source])
    curves = pd.concat(
        [survival.curve(own["days"], own["is_open"] == 1, own["leads"]).assign(stage=name) for name, own in by_source],
        ignore_index=True,
    )
    whole = rows.iloc[0]
    words = {
        "days": _("Days since the lead came in"),
        "still_there": _("Share not answered yet"),
        "median": _("median {days}"),
        "nothing": _("No lead has been answered yet: no estimate."),
    }
    title = (
        _("Fewer than half of the leads have been answered so far")
        if pd.isna(whole["median"])
        else _("Half of the leads are answered after {days}").format(days=form.days(whole["median"]))
    )
    told = [f"{row.source} {form.days(row.median)} (n = {form.count(row.leads)})" for row in rows.itertuples()]
    parts.figure(
        stage_time.survival(curves, stage=everybody, words=words, **parts.look()),
        key="leads_response",
        title=title,
        alt=_("Median days until the first answer: {told}").format(told=_(", ").join(told)),
        twin=rows,
        columns={
            **Column.each("source", "leads"),
            "unanswered": Column(_("Unanswered"), "count"),
            "median": Column.of("response_days"),
            "p80": Column(_("80th percentile"), "days"),
        },
        source=_("{n} unanswered leads count as still waiting. Grey: each source.").format(
            n=form.count(whole["unanswered"])
        ),
    )


def nurture(scope: Scope, form: Formats) -> None:
    """All undecided leads by age: an asset of the coming months, not waste. A click opens them."""
    bands = answer_of(lead_answers.pool, scope)
    bands = bands.assign(label=[_age(row.from_days, row.to_days) for row in bands.itertuples()])
    words = {
        "sql": label("sql"),
        "mql": label("mql"),
        "raw": _("not qualified yet"),
        "axis": label("nurture_pool"),
        "later": _("{share} of such leads still became deals"),
        "nothing": _("No lead is undecided."),
    }
    total = int(bands["leads"].sum())
    drill.figure(
        figures.nurture(bands, words=words, **parts.look()),
        lambda data: _band_behind(data, bands, scope),
        panel=behind.panel,
        key="leads_nurture",
        title=_("{n} leads are still to nurture; how old are they?").format(n=form.count(total))
        if total
        else _("Which leads are still to nurture?"),
        alt=_("Undecided leads by age: {told}").format(
            told=_(", ").join(f"{row.label} {form.count(row.leads)}" for row in bands.itertuples())
        ),
        twin=bands,
        columns={
            "label": Column(_("Age")),
            **{name: Column(words[name], "count") for name in ("raw", "mql", "sql")},
            "leads": Column.of("nurture_pool"),
            "reached": Column(_("Ever undecided at that age"), "count"),
            "converted_later": Column(_("Became deals later"), "count"),
            "later_share": Column.of("later_share"),
        },
        source=meaning("later_share"),
    )


def _age(start: int, end: int) -> str:
    if pd.isna(end):
        return _("over {n} days").format(n=start)
    return (
        _("under {n} days").format(n=end) if start == 0 else _("{start} to {end} days").format(start=start, end=end - 1)
    )


def _band_behind(data: list, bands: pd.DataFrame, scope: Scope):
    start, end, status = data
    row = bands[bands["from_days"] == start].iloc[0]
    name = {"sql": label("sql"), "mql": label("mql"), "raw": _("not qualified yet")}[status]
    narrower = {"from_days": int(start), "status": status} | ({} if end is None else {"to_days": int(end)})
    return scope, Opened(
        "nurtured", f"{row['label']} · {name}", int(row[status]), None, narrower, number="nurture_pool"
    )
