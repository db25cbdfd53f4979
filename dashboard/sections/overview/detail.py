"""The overview beyond its cards: the compact table, the columns of its tables, its figures as sentences."""

import pandas as pd

from dashboard.figures.overview import on_target as figures
from dashboard.frame import filters, parts
from dashboard.frame.parts import Column, Opened
from dashboard.frame.wording import track_name
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.sections import drill
from dashboard.sections.overview.summary import Compared, Numbers
from dashboard.words.formats import Formats
from dashboard.words.language import _, label, meaning
from data_access.scope import Scope

# Velocity and the four causes it is made of, from the same segment.
VELOCITY = ("velocity_per_day", "open_count", "win_rate_count", "mean_won_amount", "mean_cycle_days")
CYCLE = "median_cycle_days"
AFTER_THE_WIN = (
    "net_won_amount", "collected_amount", "gross_margin_amount", "gross_retention", "net_retention",
    "repeat_purchase_rate",
)  # fmt: skip
_FEW_MONTHS = 3  # with a target: of fewer no count is worth a title
BARS = (
    "opening", "created", "reopened", "amount_up", "amount_down", "moved_in", "moved_out",
    "won", "lost", "left_out", "removed", "closing",
)  # fmt: skip


def rest(both: Compared, form: Formats) -> pd.DataFrame:
    """One row per further metric, all texts: name, now, before, change, meaning."""
    rows = [_row(key, both.now, both.before, form) for key in ("mean_won_amount", "median_won_amount")]
    for track, values, before in both.groups("velocity_per_day"):
        for key in VELOCITY:
            name = label(key) if key == "velocity_per_day" else _("of it: {cause}").format(cause=label(key))
            rows.append(_row(key, values, before, form, name=_of_track(name, track)))
    for track, values, before in both.groups(CYCLE):
        rows.append(_row(CYCLE, values, before, form, name=_of_track(label(CYCLE), track)))
    for kind, name in kind_names().items():
        now, before = _kind(both.now, kind), _kind(both.before, kind)
        if now["won_amount"] or before["won_amount"]:  # most data tell some kinds only, or none
            rows.append(_row("won_amount", now, before, form, name=name))
    rows += [_row(key, both.now, both.before, form) for key in AFTER_THE_WIN]
    return pd.DataFrame(rows, columns=["name", "now", "before", "change", "meaning"])


def words(form: Formats) -> dict[str, str]:
    """What the figures of the overview say."""
    return {
        "won": label("won_amount"),
        "target": label("target_amount"),
        "so_far": _("so far"),
        "axis": form.money_unit,
        "now": _("this period"),
        "before": _("the one before"),
        "nothing": _("Nothing to draw for this choice."),
    }


def by_month(months: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """Won against target month by month; a month opens its deals."""
    drill.figure(
        figures.won_against_target(months, words=words(form), **parts.look()),
        lambda data: behind_month(data[0], months, scope, form),
        key="overview_months",
        title=months_finding(months, form),
        about=f"{label('won_amount')} ({form.money_unit})",
        alt=months_in_words(months, form),
        twin=months,
        columns=month_columns(),
    )


def months_in_words(months: pd.DataFrame, form: Formats) -> str:
    """The monthly figure as a sentence."""
    if months.empty:
        return _("Nothing to draw for this choice.")
    last, best = months.iloc[-1], months.loc[months["won_amount"].astype(float).fillna(0).idxmax()]
    return _(
        "Won per month with its target, {first} to {last}. The last month won {won}, target {target}; "
        "the best was {best} with {most}."
    ).format(
        first=form.month(months["month"].iloc[0]),
        last=form.month(last["month"]),
        won=form.money(last["won_amount"]),
        target=form.money(last["target_amount"]),
        best=form.month(best["month"]),
        most=form.money(best["won_amount"]),
    )


def months_finding(months: pd.DataFrame, form: Formats) -> str:
    """How many ended months made their target; the question where fewer than three had one."""
    aims = months["target_amount"].astype(float)
    ended = months[~months["is_partial"].astype(bool) & (aims > 0).to_numpy()]
    if len(ended) < _FEW_MONTHS:
        return _("How does each month compare with its target?")
    made = int((ended["won_amount"].astype(float) >= ended["target_amount"].astype(float)).sum())
    if made == 0:
        return _("None of {all} ended months made its target").format(all=form.count(len(ended)))
    return _("{n} of {all} ended months made their target").format(n=form.count(made), all=form.count(len(ended)))


def moves_finding(moves: pd.DataFrame, form: Formats) -> str:
    """What changed most against the period before; the question where nothing did."""
    if moves.empty or not moves["difference"].iloc[0]:
        return _("What moved the pipeline most?")
    first = moves.iloc[0]
    return _("{region}, {cause}: {amount}, {difference}").format(
        region=first["region"],
        cause=label(first["cause"]),
        amount=form.money(first["moved"]),
        difference=figures.against(first["difference"], against_before(), form),
    )


def moves_in_words(moves: pd.DataFrame, form: Formats) -> str:
    """The largest movements as a sentence."""
    each = [
        _("{region}, {cause}: {amount}, {difference}").format(
            region=row.region,
            cause=label(row.cause),
            amount=form.money(row.moved),
            difference=figures.against(row.difference, against_before(), form),
        )
        for row in moves.itertuples()
    ]
    return _("Largest differences from the period before: {each}").format(each=_("; ").join(each) or _("none"))


def against_before() -> dict[str, str]:
    """The words for what is more or less than in the period before."""
    return {
        "more": _("{amount} more than before"),
        "less": _("{amount} less than before"),
        "same": _("as much as before"),
    }


def behind_month(day: str, months: pd.DataFrame, scope: Scope, form: Formats) -> tuple[Scope, Opened]:
    """The deals won in the month that begins on this day."""
    row = months[months["month"] == pd.Timestamp(day)].iloc[0]
    title = f"{label('won_amount')}, {form.month(row['month'])}"
    mark = Opened("won", title, row["won_count"], row["won_amount"], number="won_amount")
    return filters.in_month(scope, row["month"]), mark


def behind_move(data: list, moves: pd.DataFrame, scope: Scope) -> tuple[Scope, Opened]:
    """The deals of one movement in one region."""
    region_id, cause = data
    is_region = moves["region_id"].isna() if region_id is None else moves["region_id"] == region_id
    move = moves[is_region & (moves["cause"] == cause)].iloc[0]
    title = f"{label(cause)}, {move['region']}"
    return scope, Opened(DEFINITIONS[cause].opens, title, None, move["amount"], {"region": region_id}, number=cause)


def month_columns() -> dict[str, Column]:
    return {"month": Column(_("Month"), "month")} | Column.each(
        "won_count", "won_amount", "target_amount", "pipeline_created_amount", "open_amount"
    )


def move_columns() -> dict[str, Column]:
    return {
        **Column.each("region"),
        "cause": Column(_("Movement")),
        "moved": Column(_("This period"), "money"),
        "moved_before": Column(_("Period before"), "money"),
        "difference": Column(_("Difference"), "money"),
    }


def rest_columns() -> dict[str, Column]:
    return {
        "name": Column(_("Metric")),
        "now": Column(_("This period"), "written"),
        "before": Column(_("Period before"), "written"),
        "change": Column(_("Change"), "written"),
        "meaning": Column(_("What it counts")),
    }


def causes() -> dict[str, str]:
    """The bars of the bridge by name."""
    return {cause: label(cause) for cause in BARS}


def kind_names() -> dict[str, str]:
    """The kinds of revenue."""
    return {
        "new": _("Won: new"),
        "upsell": _("Won: upsell"),
        "cross_sell": _("Won: cross-sell"),
        "renewal": _("Won: renewal"),
        "unknown": _("Won: kind not known"),
    }


def _row(key: str, now: Numbers, before: Numbers, form: Formats, name: str | None = None) -> tuple:
    definition, value, earlier = DEFINITIONS[key], now.get(key), before.get(key)
    return (
        name or label(key),
        form.metric(key, value, now.get(definition.n)),
        form.metric(key, earlier, before.get(definition.n)),
        form.change(value, earlier, definition.unit),
        meaning(key),
    )


def _of_track(name: str, track: str) -> str:
    return _("{metric} · {track}").format(metric=name, track=track_name(track)) if track else name


def _kind(values: Numbers, kind: str) -> Numbers:
    return {"won_amount": (values.get("won_by_kind") or {}).get(kind)}
