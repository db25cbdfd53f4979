"""Who did what, when: activity by week, by kind and by source."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard.answers.reps import team
from dashboard.answers.reps.team import last_weeks
from dashboard.ask import ask
from dashboard.figures.reps import team as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column, Opened
from dashboard.sections import activity_rows, drill
from dashboard.sections.accounts import words
from dashboard.sections.reps import groups as reps_groups
from dashboard.sections.reps.groups import Grouping
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.reps import activities
from data_access.scope import Period, Scope

ROWS_A_PAGE = 40  # of reps: what a screen shows without scrolling far
FEW_REPS = 2 * ROWS_A_PAGE  # more are first shown by region


@parts.fragment  # the choices above it draw it anew, and nothing else of the page
def by_week(reps: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """The heat map: a row per rep under the name of their region, a page at a time, or a row per group."""
    first = "rep" if len(reps) <= FEW_REPS else "region"
    by = reps_groups.choose("reps_heat_by", ("rep", "team", "region", "stage"), first)
    groups = reps_groups.grouping(reps, by, scope)
    whole = groups.placed(team.weekly(ask, scope, "region" if by == "region" else "rep"))
    whole = whole.groupby(["key", "week"], as_index=False)["completed"].sum()
    rows = _page_of_reps(reps, form) if by == "rep" else [(key, name) for key, name in groups.names.items()]
    shown, weeks = {key for key, _name in rows}, _weeks(scope)
    drill.figure(
        figures.heat(
            whole,
            rows,
            weeks,
            most=float(whole["completed"].max()) if len(whole) else 0.0,
            words={
                "cell": _("{row}\nweek of {week}: {n}"),
                "axis": _("Week, by its Monday"),
                "nothing": _("No activity was completed in this period. Activities come in as activity."),
            },
            **parts.look(),
        ),
        _opens(groups, whole, scope, form),
        key=f"reps_heat_{by}",
        panel=activity_rows.panel,
        title=_("Who was active, and when?"),
        alt=_("Completed activities per row and week, {n} in all.").format(n=form.count(whole["completed"].sum())),
        twin=whole[whole["key"].isin(shown)].assign(name=whole["key"].map(groups.names)).sort_values(["name", "week"]),
        columns={
            "name": Column(reps_groups.titles()[by]),
            "week": Column(_("Week"), "date"),
            "completed": Column.of("completed"),
        },
        source=_(
            "Activities count for who did them. Rows stand in the order of regions and names; how much somebody enters "
            "is no measure of how well they sell."
        ),
    )


def added(scope: Scope, form: Formats) -> None:
    """How many activities were entered in the period, where their days of entry are known."""
    if ask(activities.entry_days_are_recorded, scope):
        n = ask(activities.added_totals, scope, ())["added"].iloc[0]
        parts.note(_("{name}: {n}").format(name=label("activities_added"), n=form.count(n)))


def courses(reps: pd.DataFrame, scope: Scope) -> list[list[int]]:
    """What each of these reps completed by week, oldest first; nothing where no activity is known."""
    found, weeks = team.weekly(ask, scope), _weeks(scope)
    if reps["completed"].isna().all() or found.empty:
        return [[] for _rep in reps.index]
    by_week = found.pivot_table(index="rep_id", columns="week", values="completed", aggfunc="sum")
    return by_week.reindex(index=reps["rep_id"], columns=weeks).fillna(0).astype(int).to_numpy().tolist()


def _weeks(scope: Scope) -> list[pd.Timestamp]:
    shown = last_weeks(scope)
    if shown.flow_end < shown.period.start:
        return []
    first = shown.period.start - timedelta(days=shown.period.start.weekday())
    return list(pd.date_range(first, shown.flow_end, freq="7D"))


def _page_of_reps(reps: pd.DataFrame, form: Formats) -> list[tuple[str | None, str]]:
    """The rows of the page chosen: headings of regions, and the reps under them."""
    starts = range(0, len(reps), ROWS_A_PAGE)
    start = 0
    if len(starts) > 1:
        if st.session_state.get("reps_page") not in starts:
            st.session_state["reps_page"] = 0
        names = _page_names(reps, form)
        start = st.selectbox(
            _("Reps shown"),
            starts,
            format_func=literal.choices(names.__getitem__),
            key="reps_page",
            persist_state="session",
        )
    shown = reps.iloc[start : start + ROWS_A_PAGE]
    rows: list[tuple[str | None, str]] = []
    heading = None
    for rep in shown.itertuples(index=False):
        region = _("No region") if pd.isna(rep.region) else rep.region
        if region != heading:
            rows.append((None, region))
            heading = region
        rows.append((rep.rep_id, rep.rep))
    return rows


def _page_names(reps: pd.DataFrame, form: Formats) -> dict[int, str]:
    """Each page by the first and last of its reps: region and name."""

    def named(place: int) -> str:
        rep = reps.iloc[place]
        return f"{'' if pd.isna(rep['region']) else rep['region']} {rep['rep']}"

    ends = {start: min(start + ROWS_A_PAGE, len(reps)) for start in range(0, len(reps), ROWS_A_PAGE)}
    return {
        start: _("{first}–{last} of {all}: {from_rep} … {to_rep}").format(
            first=form.count(start + 1),
            last=form.count(end),
            all=form.count(len(reps)),
            from_rep=named(start),
            to_rep=named(end - 1),
        )
        for start, end in ends.items()
    }


def _opens(groups: Grouping, cells: pd.DataFrame, scope: Scope, form: Formats) -> Callable:
    def mark_of(custom: Sequence) -> tuple[Scope, Opened] | None:
        key, monday = custom[0], date.fromisoformat(custom[1])
        of_week = scope.but(period=_week_within(scope, monday))
        found = cells[(cells["key"] == key) & (cells["week"] == pd.Timestamp(monday))]
        if key not in groups.names or found.empty:  # a cell of another period or grouping
            return None
        title = _("{row}, week of {week}").format(row=groups.names[key], week=form.date(monday))
        count = int(found["completed"].iloc[0])
        return of_week, Opened("completed", title, count, narrower=groups.narrower(key), number="completed")

    return mark_of


def _week_within(scope: Scope, monday: date) -> Period:
    """The days of a week that lie in the period."""
    start = max(monday, scope.period.start)
    return Period(start, max(start, min(monday + timedelta(days=6), scope.period.end)))


def by_sort(scope: Scope, form: Formats) -> None:
    """By kind, and by the four sources; with neither source nor result on a line of their own."""
    found = team.sorts(ask, scope)
    left, right = st.columns(2, gap="large")
    with left:
        _sorts(_kinds(found["kind"]), "kind", _("What kind of activities?"), scope, form)
    with right:
        _sorts(_origins(found["origin"]), "origin", _("Where do activities come from?"), scope, form)


def _kinds(found: pd.DataFrame) -> pd.DataFrame:
    names = words.activity_kinds()
    counts = found.set_index("kind")["completed"].reindex(list(names)).fillna(0).astype(int)
    return pd.DataFrame({"key": list(names), "name": list(names.values()), "completed": counts.to_numpy()})


def _origins(found: pd.DataFrame) -> pd.DataFrame:
    """The four sources, then those without: with a result, and with neither."""
    names = words.origins()
    counts = found.dropna(subset=["origin"]).set_index("origin")["completed"].reindex(list(names)).fillna(0)
    without = found[found["origin"].isna()]
    bare, rest = int(without["bare"].sum()), int(without["completed"].sum() - without["bare"].sum())
    return pd.DataFrame(
        {
            "key": [*names, _WITH_RESULT, _BARE],
            "name": [*names.values(), _("No source, with a result"), _("Neither source nor result")],
            "completed": [*counts.astype(int), rest, bare],
        }
    )


_WITH_RESULT, _BARE = "with_result", "bare"


def _sorts(rows: pd.DataFrame, by: str, title: str, scope: Scope, form: Formats) -> None:
    total = int(rows["completed"].sum())
    rows = rows.assign(share=rows["completed"] / total if total else float("nan"))
    names = dict(zip(rows["key"], rows["name"], strict=True))
    counts = dict(zip(rows["key"], rows["completed"], strict=True))

    def mark_of(custom: Sequence) -> tuple[Scope, Opened] | None:
        [key] = custom
        what, narrower = {
            _WITH_RESULT: ("completed", {"origin": "", "has_result": True}),
            _BARE: ("bare", {}),
        }.get(key, ("completed", {by: key}))
        return scope, Opened(what, names[key], int(counts[key]), narrower=narrower, number="completed")

    drill.figure(
        figures.sorts(
            rows,
            words={
                "axis": label("completed"),
                "nothing": _("No activity was completed in this period. Activities come in as activity."),
            },
            **parts.look(),
        ),
        mark_of,
        key=f"reps_{by}",
        panel=activity_rows.panel,
        title=title,
        alt=_(", ").join(f"{one.name} {form.count(one.completed)}" for one in rows.itertuples(index=False)),
        twin=rows,
        columns={
            "name": Column(_("Kind") if by == "kind" else _("Source of activity")),
            "completed": Column.of("completed"),
            "share": Column(_("Share"), "share"),
        },
    )
