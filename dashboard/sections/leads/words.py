"""Leads and market in words: the answer of the page and its cards."""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from dashboard.answers.leads.scissors import ALL_SOURCES
from dashboard.frame.cards import Card, Reading
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from data_access.scope import Scope


def source_name(source: str | None) -> str:
    return _("No source") if source is None or is_missing(source) else source


def verdict(whole: Mapping, alarms: pd.DataFrame, form: Formats) -> str:
    """What came of the leads, in at most 90 characters, and whether the market grows too dear."""
    if not whole["leads"]:
        text = _("No lead was created in this period")
    else:
        text = one_of(
            "Of {leads} lead {share} became a deal, {won} is won",
            "Of {leads} leads {share} became deals, {won} are won",
            whole["leads"],
        ).format(
            leads=form.count(whole["leads"]),
            share=form.share(whole["conversion"], whole["leads"]),
            won=form.count(whole["won"]),
        )
    return text + (_("; cost outgrows margin.") if len(alarms) else _("."))


def answer(whole: Mapping, alarms: pd.DataFrame, form: Formats) -> str:
    """How many leads became deals and how many are undecided, and where cost outgrows margin; empty without either."""
    told = []
    if whole["leads"]:
        told.append(
            one_of(
                "{converted} became a deal; {undecided} is undecided",
                "{converted} became deals; {undecided} are undecided",
                whole["leads"],
            ).format(converted=form.count(whole["converted"]), undecided=form.count(whole["undecided"]))
        )
    if len(alarms):
        named = _(", ").join(alarm_name(source) for source in alarms["source"])
        told.append(_("cost outgrows margin: {sources}").format(sources=named))
    return _("; ").join(told) + _(".") if told else ""


def alarm_name(source: str) -> str:
    return _("all sources together") if source == ALL_SOURCES else source


def maturity(row: Mapping, as_of: date, form: Formats) -> str:
    """Which leads are old enough for their conversion to be in, from any row of metrics.leads."""
    if is_missing(row["mature_after_days"]):
        return _("When leads are mature is not yet known: fewer than 30 became deals in three years.")
    days = row["mature_after_days"]
    return _("95 % of conversions come within {days}: leads created up to {day} are mature.").format(
        days=form.days(days), day=form.date(as_of - timedelta(days=int(days)))
    )


def cards(whole: Mapping, form: Formats) -> list[Card]:
    """Five numbers of the leads created in the period."""
    n, of = whole["leads"], _("n = {n}")
    return [
        _card("leads", form.count(n), n, "leads", n, _("{n} undecided").format(n=form.count(whole["undecided"]))),
        _card(
            "mql",
            form.count(whole["mql"]),
            whole["mql"],
            "mql",
            whole["mql"],
            _("{sql} of them SQL: {n}").format(
                sql=form.share(_part(whole["sql"], whole["mql"])), n=form.count(whole["sql"])
            ),
        ),
        _card(
            "conversion",
            form.share(whole["conversion"], n),
            whole["conversion"],
            "converted",
            whole["converted"],
            _("immature; {share} undecided").format(share=form.share(whole["undecided_share"]))
            if whole["is_immature"]
            else of.format(n=form.count(n)),
        ),
        _card("leads_won", form.count(whole["won"]), whole["won"], "won", whole["won"], of.format(n=form.count(n))),
        _card("cost_per_won", form.money(whole["cost_per_won"]), whole["cost_per_won"], None, None, _cost(whole, form)),
    ]


def _part(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _cost(whole: Mapping, form: Formats) -> str:
    if whole["cost"] is None:
        return _("no cost known")
    return _("cost {cost}").format(cost=form.money(whole["cost"]))


def _card(key: str, value: str, exact: float | None, what: str | None, count: float | None, beside: str) -> Card:
    action = _("Show leads") if what else ""
    return Card.of(key, Reading(value, exact=exact), beside=beside, what=what, action=action, count=count)


def unknown_filters(scope: Scope) -> str | None:
    """What a filter on deals does to leads, where one is set."""
    if not (scope.pipeline or scope.track or scope.product):
        return None
    return _("Filters on pipeline, track or product leave only leads with such a deal: conversion says nothing then.")
