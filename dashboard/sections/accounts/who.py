"""Who: the score, the rank, and why."""

import pandas as pd
import streamlit as st

from dashboard.answers.accounts import key_accounts, one_account
from dashboard.answers.accounts.one_account import Standing
from dashboard.ask import answer_of, ask
from dashboard.figures.accounts import key_accounts as figures
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.metrics.accounts.key_accounts import FACTORS
from dashboard.sections.accounts import entering, key_words, ranking, words as account_words
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label
from data_access.scope import Scope


def standing(scope: Scope, account_id: str) -> Standing | None:
    """Where the account stands in the whole company; see answers.accounts.standing."""
    whole = one_account.of_account(scope)
    found = ranking.ranked(whole, answer_of(key_accounts.profile, whole))
    return one_account.standing(ask, whole, account_id, found.profile, found.accounts, found.matrix)


def answer(standing: Standing | None, form: Formats) -> str:
    """Is this a key account? One sentence."""
    if standing is None:
        return _("This account did not exist yet on this day.")
    row = standing.row
    if pd.isna(row["score"]):
        return _("Not scored, so not a key account: its score may be {low} to {high}.").format(
            low=form.number(row["score_low"], 2), high=form.number(row["score_high"], 2)
        )
    status = _("Key account") if row["is_key"] else _("Not a key account")
    return _("{status}: score {score}, rank {rank} of {n} in {group}.").format(
        status=status,
        score=form.number(row["score"], 2),
        rank=form.count(row["rank"]),
        n=form.count(standing.scored),
        group=account_words.group_name(row["group"]),
    )


def draw(scope: Scope, account_id: str, standing: Standing | None, form: Formats) -> None:
    if standing is None:
        parts.nothing(_("This account did not exist yet on this day."))
        return
    left, right = st.columns(2, gap="large")
    with left:
        parts.heading(_("Why does it stand where it stands?"))
        with st.container(gap="xsmall"):
            for sentence in _why(standing, form):
                parts.say(sentence)
        columns = _columns()
        few = {name: columns[name] for name in ("factor", "score", "weight", "points", "group")}
        parts.table(_factors(standing), few, key="account_factors")
        parts.note(
            _("Profile {version}, valid on this day. Ranks are those of the whole company.").format(
                version=standing.profile.version
            )
        )
    with right:
        _radar(standing, form)
    entering.factors(scope, account_id, one_account.evaluation(ask, scope, account_id).scores, form)


def _why(standing: Standing, form: Formats) -> list[str]:
    row, profile = standing.row, standing.profile
    group = account_words.group_name(row["group"])
    told = []
    if pd.isna(row["score"]):
        missing = _(", ").join(label(factor) for factor in FACTORS if pd.isna(row[factor]))
        told.append(
            _("{missing} missing: that leaves the account unscored. Assess it below, or import account_score.").format(
                missing=missing
            )
        )
        told.append(_may_be(standing, form))
    else:
        told.append(
            _("Key are the top {top} of {group}: {key} of {n} scored accounts, from a score of {edge} on.").format(
                top=form.share(profile.top_of(row["group"])),
                group=group,
                key=form.count(standing.key_count),
                n=form.count(standing.scored),
                edge=form.number(standing.edge, 2),
            )
            if standing.key_count
            else _("No account of {group} is key.").format(group=group)
        )
        told.append(
            _("It stays key under {stability} of the weights close by.").format(
                stability=form.share(standing.stability)
            )
            if row["is_key"]
            else _("It would be key under {stability} of the weights close by.").format(
                stability=form.share(standing.stability)
            )
        )
        told.append(_lifts(standing, form))
    return [*told, _revenue(standing, form)]


def _may_be(standing: Standing, form: Formats) -> str:
    """Where its score may lie against the lowest one among the key accounts of its group."""
    row, edge = standing.row, standing.edge
    told = _("With its missing factors at 0 its score is {low}, at 10 {high}.").format(
        low=form.number(row["score_low"], 2), high=form.number(row["score_high"], 2)
    )
    if edge is None:
        return told
    if row["score_high"] < edge:
        and_so = _("Key in {group} begins at {edge}: out of its reach.")
    elif row["score_low"] >= edge:
        and_so = _("Key in {group} begins at {edge}: reached whatever is missing.")
    else:
        and_so = _("Key in {group} begins at {edge}: what is missing decides.")
    return told + " " + and_so.format(group=account_words.group_name(row["group"]), edge=form.number(edge, 2))


def _lifts(standing: Standing, form: Formats) -> str:
    """Which factor lifts it most above its group's median, and which pulls it down, weights considered."""
    effects = {
        factor: share * (standing.row[factor] - median)
        for factor, share, median in zip(FACTORS, standing.profile.shares, standing.medians["group"], strict=True)
    }
    best, worst = max(effects, key=effects.__getitem__), min(effects, key=effects.__getitem__)
    if effects[best] <= 0:
        return _("No factor lies above the group's median; {worst} pulls it down most ({points} points).").format(
            worst=label(worst), points=form.number(effects[worst], 2, signed=True)
        )
    if effects[worst] >= 0:
        return _("No factor lies below the group's median; {best} lifts it most ({points} points).").format(
            best=label(best), points=form.number(effects[best], 2, signed=True)
        )
    return _(
        "Against its group's median, {best} lifts it most ({up} points); {worst} pulls it down most ({down})."
    ).format(
        best=label(best),
        up=form.number(effects[best], 2, signed=True),
        worst=label(worst),
        down=form.number(effects[worst], 2, signed=True),
    )


def _revenue(standing: Standing, form: Formats) -> str:
    if standing.won is None:
        return _("Past revenue is not known: its won deals of the last 12 months have no amount.")
    if standing.won == 0:
        return _("It won us nothing in the last 12 months: its past revenue scores 0.")
    reached = int(standing.row["past_revenue"])
    text = _("It won us {won} in the last 12 months: {n} of the 10 cut points.").format(
        won=form.money(standing.won), n=form.count(reached)
    )
    if standing.next_cut is not None:
        text += " " + _("The next one lies at {cut}.").format(cut=form.money(standing.next_cut))
    return text


def _factors(standing: Standing) -> pd.DataFrame:
    row, medians = standing.row, standing.medians
    return pd.DataFrame(
        {
            "factor": [label(factor) for factor in FACTORS],
            "score": [row[factor] for factor in FACTORS],
            "weight": standing.profile.shares,
            "points": [row[factor] * share for factor, share in zip(FACTORS, standing.profile.shares, strict=True)],
            "group": medians["group"],
            "key": medians["key"],
            "assessed_on": [pd.NaT, *(row[f"{factor}_on"] for factor in FACTORS[1:])],
        }
    )


def _columns() -> dict[str, Column]:
    return {
        "factor": Column(_("Factor")),
        "score": Column(_("Score"), "number"),
        **Column.each("weight"),
        "points": Column(_("Points"), "number"),
        "group": Column(_("Group median"), "number"),
        "key": Column(_("Key median"), "number"),
        **Column.each("assessed_on"),
    }


def _radar(standing: Standing, form: Formats) -> None:
    row = standing.row
    polygon = pd.DataFrame([{"account": row["account"]} | {factor: row[factor] for factor in FACTORS}])
    words = {factor: label(factor) for factor in FACTORS} | {
        "group": _("Group median"),
        "key": _("Median of key accounts"),
        "nothing": _("Nothing to draw for this choice."),
    }
    parts.figure(
        figures.radar(polygon, standing.medians, words=words, **parts.look()),
        key="account_radar",
        title=key_words.standing_out(polygon, dict(zip(FACTORS, standing.medians["group"], strict=True)), form)
        or _("How does it compare with its group?"),
        alt=_("Factor scores: {told}").format(
            told=_(", ").join(
                f"{label(factor)} {form.number(row[factor])}" for factor in FACTORS if not is_missing(row[factor])
            )
        ),
        twin=_factors(standing),
        columns=_columns(),
    )
