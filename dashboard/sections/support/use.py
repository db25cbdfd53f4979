"""Who is booked how much: person by week, kind and region, and the coming weeks against what is asked for."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.answers import regions
from dashboard.answers.regions import Level
from dashboard.answers.support import resources
from dashboard.ask import answer_of
from dashboard.figures.support import resources as figures
from dashboard.frame import parts, wording
from dashboard.frame.parts import Column
from dashboard.metrics.support import resources as metrics
from dashboard.sections import drill, regions as regions_words
from dashboard.sections.support import queue, words as support_words
from dashboard.sections.support.bookings import Booked, panel
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, one_of
from data_access.scope import Period, Scope

_PAGE = 25  # rows of the heat map that stay readable on one screen
_MOST_WEEKS = 53
_FEW_PEOPLE = 40  # up to here the map begins with people, above with kinds
_KEYS = {"person": "resource_id", "kind": "kind", "region": "place"}


@parts.fragment
def heat(scope: Scope, form: Formats) -> None:
    """Rows by people, kinds or regions, 25 a page; a cell opens its bookings."""
    weeks, level = _placed(scope)
    shown, told = _window(weeks, form)
    if shown.empty:
        parts.nothing(_("No Monday lies in this period. Choose a longer one."))
        return
    by, rows = _choose(shown)
    key = _KEYS[by]
    names = [_name(by, row, level, form) for row in rows.itertuples()]
    cells = shown.merge(rows.assign(row=range(len(rows)))[["id", "row"]], left_on=key, right_on="id")
    cells = metrics.summed(cells.sort_values(["row", "week"]), ["row", "week"])
    over = int((cells["booked_hours"] > cells["available_hours"]).sum())
    words = support_words.levels(form) | {"cell": _("{name}\nweek of {week}\n{booked} of {available} hours, {share}")}
    drill.figure(
        figures.heat(cells, names, now=scope.as_of, edges=metrics.LEVEL_EDGES, words=words, **parts.look()),
        lambda data: _cell(data, scope, cells, rows, names, _Members(key, level), form),
        key="support_heat",
        panel=panel,
        title=one_of(
            "Who is booked how much? {n} cell is over 100 %", "Who is booked how much? {n} cells are over 100 %", over
        ).format(n=form.count(over)),
        alt=_("Utilisation by week: {told}").format(told=told),
        twin=cells.assign(name=[names[row] for row in cells["row"]]),
        columns={
            "name": Column(_("Who")),
            **Column.each("week", "available_hours", "booked_hours", "utilisation"),
        },
        source=_("Numbers are percent of the week's hours; a blank has none, ! is booked all the same. {told}").format(
            told=told
        ),
    )


def _placed(scope: Scope) -> tuple[pd.DataFrame, Level]:
    """The weeks of persons, each with the compared region it lies in as place."""
    weeks, level = answer_of(resources.person_weeks, scope), answer_of(regions.level, scope)
    return weeks.assign(place=level.of(weeks["region_id"])), level


@dataclass(frozen=True)
class _Members:
    """By which column bookings belong to a row of kinds, people or places, and by which values."""

    key: str
    level: Level

    def behind(self, title: str, hours: float, value: str | None) -> Booked:
        if self.key == "place":
            return Booked(title, hours, "region_id", self.level.within(value))
        return Booked(title, hours, self.key, (value,))


def _window(weeks: pd.DataFrame, form: Formats) -> tuple[pd.DataFrame, str]:
    """At most a year of weeks, the last ones; and which these are, in words."""
    mondays = sorted(weeks["week"].unique())
    kept = mondays[-_MOST_WEEKS:]
    if not kept:
        return weeks, ""
    told = _("Weeks of {first} to {last}; the dotted line is the as-of date.")
    if len(kept) < len(mondays):
        told = _("The last {n} weeks of the period, {first} to {last}; the dotted line is the as-of date.")
    told = told.format(n=form.count(len(kept)), first=form.date(kept[0]), last=form.date(kept[-1]))
    return weeks[weeks["week"] >= kept[0]], told


def _choose(weeks: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """What the rows are, and which of them: id, label, kind, people; those booked most first within their kind."""
    names = {"person": _("People"), "kind": _("Kinds"), "region": _("Regions")}
    first = next(iter(names)) if weeks["resource_id"].nunique() <= _FEW_PEOPLE else "kind"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            _("Rows"),
            list(names),
            default=first,
            format_func=literal.options(names.__getitem__),
            required=True,
            key="support_rows",
            persist_state="session",
        )
        if by == "person":
            kinds = sorted(weeks["kind"].unique(), key=wording.support_kind_name)
            chosen = st.multiselect(
                _("Kind of support"),
                kinds,
                format_func=wording.support_kind_name,
                placeholder=_("All kinds"),
                key="support_kinds",
                persist_state="session",
            )
            weeks = weeks[weeks["kind"].isin(chosen or kinds)]
        rows = _rows(weeks, by)
        pages = -(-len(rows) // _PAGE)
        page = 1
        if pages > 1:
            page = st.number_input(
                literal.markdown(_("Page of {n}").format(n=pages)),
                1,
                pages,
                key="support_page",
                persist_state="session",
                width=140,
            )
    return by, rows.iloc[(page - 1) * _PAGE : page * _PAGE].reset_index(drop=True)


def _rows(weeks: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per person, kind or region with hours or bookings in these weeks: id, person and kind (of a person),
    people, available_hours, booked_hours, utilisation."""
    key = _KEYS[by]
    alive = weeks[weeks.groupby(key, dropna=False)[["available", "booked"]].transform("sum").sum(axis=1) > 0]
    by_key = ["resource_id", "person", "kind"] if by == "person" else [key]
    groups = metrics.summed(alive, by_key)
    people = alive.groupby(key, dropna=False, sort=False)["resource_id"].nunique()
    groups = groups.assign(id=groups[key], people=people.to_numpy())
    order = support_words.kind_names(groups["kind"]) if by != "region" else groups["id"]
    return groups.assign(order=order).sort_values(
        ["order", "utilisation"], ascending=[True, False], na_position="last", kind="stable", ignore_index=True
    )


def _name(by: str, row, level: Level, form: Formats) -> str:
    if by == "person":
        return f"{row.person} · {wording.support_kind_name(row.kind)}"
    name = wording.support_kind_name(row.id) if by == "kind" else regions_words.name(level, row.id)
    return f"{name} ({form.count(row.people)})"


def _cell(
    data: list, scope: Scope, cells: pd.DataFrame, rows: pd.DataFrame, names: list, members: _Members, form: Formats
):
    row, week = int(data[0]), pd.Timestamp(data[1])
    hours = cells.loc[(cells["row"] == row) & (cells["week"] == week), "booked_hours"].iloc[0]
    value = rows["id"].iloc[row]
    title = f"{names[row]}, {form.date(week)}"
    return scope.but(period=Period(week.date(), week.date())), members.behind(title, hours, value)


@parts.fragment
def compared(scope: Scope, values: dict, form: Formats) -> None:
    """Utilisation of the whole period by kind and by region, side by side; a bar opens its bookings.

    values   those of the cards
    """
    weeks, level = _placed(scope)
    left, right = st.columns(2, gap="large")
    with left:
        _bars(weeks, "kind", values, _("Which kinds of support are short?"), scope, level, form)
    with right:
        _bars(weeks, "region", values, _("Where is support short?"), scope, level, form)


def _bars(weeks: pd.DataFrame, by: str, values: dict, title: str, scope: Scope, level: Level, form: Formats) -> None:
    key, groups = _KEYS[by], _rows(weeks, by)
    names = [wording.support_kind_name(one) if by == "kind" else regions_words.name(level, one) for one in groups["id"]]
    groups = groups.assign(key=groups["id"], name=names)
    groups = groups.sort_values("utilisation", ascending=False, na_position="last", ignore_index=True)
    words = {
        "beside": _("{share} · {booked} of {available} hours · n = {n}"),
        "axis": label("utilisation"),
        "nothing": _("Nobody has hours in this period."),
    }

    def mark(data: list):
        one = groups[groups["key"].isna()] if data[0] is None else groups[groups["key"] == data[0]]
        return scope, _Members(key, level).behind(one["name"].iloc[0], one["booked_hours"].iloc[0], data[0])

    drill.figure(
        figures.compared(groups, edges=metrics.LEVEL_EDGES, words=words, **parts.look()),
        mark,
        key=f"support_by_{by}",
        panel=panel,
        title=finding(groups, title, form),
        about=_("{what}, n is people").format(what=label("utilisation")),
        alt=_(", ").join(f"{one.name} {form.share(one.utilisation)}" for one in groups.itertuples()),
        twin=groups,
        columns={
            "name": Column(_("Who")),
            **Column.each("people", "available_hours", "booked_hours", "utilisation"),
        },
        total=values | {"people": groups["people"].sum()},
        source=_("Shaded: the healthy band."),
    )


def finding(groups: pd.DataFrame, question: str, form: Formats) -> str:
    """Which group has too few hours, or is booked most; the question where there are not two.

    groups   name, utilisation (empty: no hours)
    """
    known = groups[groups["utilisation"].notna()]
    if len(known) < 2:
        return question
    most = known.loc[known["utilisation"].astype(float).idxmax()]
    said = _("{name} is short: booked to {share}") if most["utilisation"] > 1 else _("Booked most: {name}, to {share}")
    return said.format(name=most["name"], share=form.share(most["utilisation"]))


@parts.fragment
def coming(scope: Scope, form: Formats) -> None:
    """Capacity against bookings and open requests in the coming eight weeks, of all kinds or one."""
    every = answer_of(resources.coming, scope)
    kinds = sorted(every["kind"].unique(), key=wording.support_kind_name)
    kind = st.segmented_control(
        _("Kind of support"), kinds, format_func=literal.options(wording.support_kind_name), key="support_coming_kind",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    of_kind = every if kind is None else every[every["kind"] == kind]
    weeks = of_kind.groupby("week", as_index=False)[["available_hours", "booked_hours", "asked_hours"]].sum()
    if weeks.empty:
        parts.nothing(_("Nobody has hours in the coming weeks, and nothing is asked for."))
        return
    booked, asked, capacity = (weeks[f"{name}_hours"].sum() for name in ("booked", "asked", "available"))
    words = {
        "booked": label("booked_hours"),
        "asked": _("Asked for"),
        "capacity": label("available_hours"),
        "axis": _("Hours"),
    }
    drill.figure(
        figures.coming(weeks, words=words, **parts.look()),
        lambda data: _week(data, scope, weeks, kind, words, form),
        key="support_coming",
        panel=_panel,
        title=_("The coming 8 weeks are booked to {booked}; with what is asked for, {both}").format(
            booked=form.share(booked / capacity if capacity else None),
            both=form.share((booked + asked) / capacity if capacity else None),
        ),
        alt=_(", ").join(
            f"{form.day(one.week)} {form.number(one.booked_hours + one.asked_hours, 0)}/"
            f"{form.number(one.available_hours, 0)}"
            for one in weeks.itertuples()
        ),
        twin=weeks,
        columns={
            **Column.each("week", "available_hours", "booked_hours"),
            "asked_hours": Column(words["asked"], "number"),
        },
        source=_(
            "What open requests of open deals lack, spread evenly up to the needed day; what is "
            "overdue falls into the first week."
        ),
    )


def _week(data: list, scope: Scope, weeks: pd.DataFrame, kind: str | None, words: dict, form: Formats):
    what, week = data[0], pd.Timestamp(data[1])
    title = f"{words[what]}, {form.date(week)}"
    if what == "asked":
        return scope, queue.Asked(title, kind)
    hours = weeks.loc[weeks["week"] == week, "booked_hours"].iloc[0]
    column = None if kind is None else "kind"
    return scope.but(period=Period(week.date(), week.date())), Booked(title, hours, column, (kind,))


def _panel(scope: Scope, key: str) -> None:
    draw = panel if isinstance(parts.opened(key), Booked) else queue.panel
    draw(scope, key)
