"""How the open pipeline came from the period's opening to its closing."""

import pandas as pd

from dashboard.answers.pipeline import bridge
from dashboard.ask import answer_of
from dashboard.figures.pipeline import bridge as figures
from dashboard.frame import behind, parts
from dashboard.frame.parts import Column, Opened
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.sections import drill
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope


@parts.fragment
def draw(scope: Scope) -> None:
    """The bridge over the period; every bar opens its deals, whose amounts sum to it."""
    form, answer = parts.formats(), answer_of(bridge.bridge, scope)
    values = answer["values"]
    if any(is_missing(value) for value in values.values()):
        parts.nothing(_("Some deals lack an exchange rate, so the bridge cannot be added up. Import exchange_rate."))
        return
    bars = pd.DataFrame({"bar": list(values), "amount": [float(v) for v in values.values()]})
    bars = bars.assign(name=[label(bar) for bar in bars["bar"]], meaning=[meaning(bar) for bar in bars["bar"]])
    if (bars["amount"] == 0).all():
        parts.nothing(_("Nothing to bridge: no amount was open at any time in this period."))
        return
    # What nobody knows is no bar of 0.
    values, bars = values | dict.fromkeys(answer["unknown"]), bars[~bars["bar"].isin(answer["unknown"])]
    words = dict(zip(bars["bar"], bars["name"], strict=True)) | {
        "axis": form.money_unit,
        "nothing": _("No open pipeline in this period."),
    }
    drill.figure(
        figures.waterfall(bars, words=words, **parts.look()),
        lambda data: (
            scope,
            Opened(DEFINITIONS[data[0]].opens, words[data[0]], None, float(values[data[0]]), number=data[0]),
        ),
        key="pipeline_bridge",
        title=finding(values, form),
        about=f"{label('open_amount')} ({form.money_unit})",
        alt=_("Bridge of the open pipeline: {told}").format(
            told=_(", ").join(f"{b.name} {form.money(b.amount)}" for b in bars.itertuples())
        ),
        twin=bars,
        columns={
            "name": Column(_("Bar")),
            "amount": Column(_("Amount"), "money"),
            "meaning": Column(_("Meaning")),
        },
        source=_(
            "From the end of {opening} to that of {closing}, at that day's exchange rates. The "
            "bridge counts every closing; the win rate counts each deal once, as it stands."
        ).format(opening=form.date(scope.day_before), closing=form.date(answer["rates_of"])),
    )
    _note_missing_amounts(scope, form)


def finding(values: dict, form: Formats) -> str:
    """By how much the open pipeline grew or shrank; the question where one of its ends is not known."""
    grown = (values["closing"] or 0) - (values["opening"] or 0)
    said = _("Open pipeline grew by {amount}, from {opening} to {closing}")
    if is_missing(values["closing"]) or is_missing(values["opening"]) or not grown:
        said = _("Open pipeline from {opening} to {closing}: what moved it?")
    elif grown < 0:
        said = _("Open pipeline shrank by {amount}, from {opening} to {closing}")
    return said.format(
        amount=form.money(abs(grown)), opening=form.money(values["opening"]), closing=form.money(values["closing"])
    )


def _note_missing_amounts(scope: Scope, form: Formats) -> None:
    """A deal without an amount moves 0: where there are such deals, the bars are not the whole story."""
    amounts = behind.deals(scope, "open")["amount"]
    without = int(amounts.isna().sum())
    if without and without == len(amounts):
        parts.notice(
            _("None of the {n} open deals has an amount: what the open pipeline is worth is not known.").format(
                n=form.count(without)
            )
        )
    elif without:
        parts.note(
            _("{n} of {all} open deals have no amount: they move nothing here.").format(
                n=form.count(without), all=form.count(len(amounts))
            )
        )
