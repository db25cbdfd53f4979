"""The leak list: which rules hold most value, the leaks themselves, and one of them more closely."""

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.answers.attention import handovers
from dashboard.answers.attention.leaks import RULES, Leaks
from dashboard.ask import answer_of
from dashboard.figures.attention import rules as figures
from dashboard.frame import bar, drawer, parts
from dashboard.frame.filters import RULE
from dashboard.frame.parts import Column
from dashboard.metrics.attention import lines as of_subjects, rules as metrics
from dashboard.sections.accounts import contested_orphaned
from dashboard.sections.attention import aside, week, words
from dashboard.sections.reps import rep_choice
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, label, meaning, one_of
from data_access.scope import Scope

_PAGES = Path(__file__).resolve().parent.parent.parent.parent / "pages"
_RULES, _OWNER, _REGION = (f"leaks_{name}" for name in ("rules", "owner", "region"))
_LEAK = "leak"  # the part of the drawer whose marks are the lines of the list


def draw(leaks: Leaks, scope: Scope, form: Formats) -> None:
    """The leaks of the rules, owner and region chosen; the one that is open more closely."""
    _list(_chosen(leaks.rows, form), scope, form)


def rules_compared(leaks: Leaks, form: Formats) -> None:
    """The value at risk by rule; a click on a bar narrows the list to it."""
    rules = metrics.by_rule(leaks.rows)
    chosen = st.session_state.get(RULE) or ()
    rules = rules.assign(
        name=[words.rule_name(rule) for rule in rules["rule"]],
        meaning=[meaning(f"leak_{rule}") for rule in rules["rule"]],
        key=rules["rule"],
        told=[words.how_many(n, form) for n in rules["leaks"]],
        is_chosen=rules["rule"].isin(chosen),
    )
    points = parts.figure(
        figures.at_risk(
            rules, words={"axis": form.money_unit, "nothing": _("Nothing to draw for this choice.")}, **parts.look()
        ),
        key="leaks_by_rule",
        title=finding(rules, form),
        about=f"{label('value_at_risk')} ({form.money_unit})",
        alt=_("Value at risk by rule: {told}").format(
            told=_("; ").join(f"{row.name} {form.money(row.value_at_risk)}" for row in rules.itertuples(index=False))
        ),
        twin=rules,
        columns={
            "name": Column(_("Rule")),
            **Column.each("leaks", "value_at_risk"),
            "without_value": Column(_("Value not known"), "count"),
            "longest": Column(_("Longest"), "days"),
            "meaning": Column(_("What it counts")),
        },
        source=_("A deal may stand under several rules, at the share of each; they are not to be added up."),
        clickable=True,
    )
    _follow(tuple(point["customdata"][0] for point in points))


def finding(rules: pd.DataFrame, form: Formats) -> str:
    """Which rule holds most value; the question where none does, or only one."""
    known = rules[rules["value_at_risk"].fillna(0) > 0]
    if len(known) < 2:
        return _("Which rules hold most value?")
    most = known.loc[known["value_at_risk"].astype(float).idxmax()]
    return _("{rule} holds most: {amount}").format(rule=most["name"], amount=form.money(most["value_at_risk"]))


def _follow(rules: tuple[str, ...]) -> None:
    """A bar that was just clicked narrows the list to its rule; clicked again, it shows all. The bar then has another
    colour, and a chart drawn otherwise forgets what was clicked: so a click is followed once, and a new chart begins.
    """
    if rules:
        st.session_state[RULE] = () if st.session_state.get(RULE) == rules else rules
        drawer.deselect("leaks_by_rule")
        st.rerun()


def _chosen(rows: pd.DataFrame, form: Formats) -> pd.DataFrame:
    """The leaks of the rules, the owner and the region chosen here."""
    counts = rows["rule"].value_counts()
    found = [rule for rule in RULES if rule in counts]
    st.session_state[_RULES] = [rule for rule in st.session_state.get(RULE) or () if rule in found]
    rules = st.pills(
        _("Only these rules"),
        found,
        selection_mode="multi",
        format_func=literal.options(lambda rule: f"{words.rule_name(rule)} ({form.count(counts[rule])})"),
        key=_RULES,
        on_change=_picked,
    )
    left, right = st.columns(2)
    with left:
        owner = _one_of(_OWNER, _("Owner"), rows, "owner")
    with right:
        region = _one_of(_REGION, _("Where"), rows, "region")
    if rules:
        rows = rows[rows["rule"].isin(rules)]
    if owner is not None:
        rows = rows[rows["owner_id"] == owner]
    return rows if region is None else rows[rows["region_id"] == region]


def _picked() -> None:
    st.session_state[RULE] = tuple(st.session_state[_RULES])


def _one_of(key: str, title: str, rows: pd.DataFrame, whose: str) -> str | None:
    """A choice of one owner or region that occurs in the list, or of none."""
    named = rows.dropna(subset=[f"{whose}_id"]).drop_duplicates(f"{whose}_id").sort_values([whose, f"{whose}_id"])
    names = dict(zip(named[f"{whose}_id"], named[whose].fillna(named[f"{whose}_id"]), strict=True))
    if st.session_state.get(key) not in names:
        st.session_state[key] = None
    return st.selectbox(
        literal.markdown(title),
        list(names),
        index=None,
        format_func=literal.choices(names.__getitem__),
        key=key,
        placeholder=_("All"),
        persist_state="session",
    )


def _list(rows: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """The leaks, most value first, the first of them in words, and the one that is open."""
    if rows.empty:
        parts.nothing(_("No leak for this choice."))
        return
    shown = words.with_words(rows.head(words.MOST_ROWS), form)
    marks = words.marks(shown, "rule")
    with st.container(key="leaks_list"):
        parts.table(
            shown,
            list_columns(),
            key="leaks_list_rows",
            height=460,
            opens=lambda row: drawer.open_(_LEAK, marks.iloc[row]),
        )
    for _at, leak in shown[marks == drawer.at(_LEAK)].iterrows():
        parts.offer(words.line(leak), partial(_one, leak, scope, form), key=_LEAK)
    told = one_of("{n} line. Its name says more.", "{n} lines. A name says more.", len(rows))
    parts.note(told.format(n=form.count(len(rows))))
    columns = [*list_columns(), "rule", "subject_kind", "subject_id"]
    parts.download(lambda: words.with_words(rows, form)[columns], key="attention")


def list_columns() -> dict[str, Column]:
    """The columns of a list of leaks; widths so that how much, whose and why are in sight together."""
    return {
        "subject_name": Column(_("What"), width=200),
        "rule_name": Column(_("Rule"), width=145),
        "value_at_risk": Column.of("value_at_risk"),
        "days": Column.of("leak_days"),
        "owner_name": Column(_("Owner"), width=125),
        "why": Column(_("Why"), width=340),
        "region_name": Column(_("Region")),
    }


def _one(leak: pd.Series, scope: Scope, form: Formats) -> None:
    """One leak: why, how much, whose, where to go, and how to put it aside."""
    told = [leak["why"], _("{amount} at risk").format(amount=form.money_exact(leak["value_at_risk"]))]
    if not is_missing(leak["days"]):
        told.append(_("since {days}").format(days=form.days(leak["days"])))
    told += [name for name in (leak["owner_name"], leak["region_name"]) if not is_missing(name)]
    parts.say(" · ".join(told))
    parts.note(meaning(f"leak_{leak['rule']}"))
    with st.container(horizontal=True):
        for page, text, parameters in _places(leak):
            st.page_link(
                _PAGES / f"{page}.py",
                label=literal.markdown(text),
                query_params=bar.address_of(page) | parameters,
            )
        if not is_missing(leak["owner_id"]) and rep_choice.may_see(scope, leak["owner_id"]):
            rep_choice.link(leak["owner_id"], leak["owner_name"])
    aside.form_of(leak, scope)


# The tab of the page where a leak of the rule is to be seen.
_OF_SUPPORT = {"overload": "load", "request_overdue": "queue"}
_OF_ACCOUNTS = {"contested", "orphaned", "late_contact"}


def _places(leak: pd.Series) -> list[tuple[str, str, dict]]:
    """Where a leak is mended: page, what the way there is called, and what to look at."""
    found: list[tuple[str, str, dict, str]] = []
    if leak["subject_kind"] == "region":
        found.append(("pipeline", _("Open the pipeline of {name}"), {"region": [leak["region_id"]]}, "subject_name"))
    if leak["subject_kind"] == "rep":
        found.append(("pipeline", _("Open the pipeline of {name}"), {"owner": leak["subject_id"]}, "subject_name"))
    if not is_missing(leak["opportunity_id"]):
        found.append(("opportunities", _("Open the deal"), {"deal": leak["opportunity_id"]}, "subject_name"))
        if not is_missing(leak["owner_id"]):
            owned = {"owner": leak["owner_id"]}
            found.append(("pipeline", _("Open the pipeline of {name}"), owned, "owner_name"))
    if leak["rule"] in _OF_SUPPORT:
        found.append(("support", _("Open support resources"), {"tab": _OF_SUPPORT[leak["rule"]]}, "subject_name"))
    if leak["rule"] in _OF_ACCOUNTS:
        found.append(
            ("key_accounts", _("Open contested and orphaned accounts"), {"tab": contested_orphaned.TAB}, "subject_name")
        )
    if leak["rule"] == "scissors":
        found.append(("leads", _("Open leads and market"), {"tab": "scissors"}, "subject_name"))
    if not is_missing(leak["account_id"]):
        found.append(("account", _("Open the account"), {"account": leak["account_id"]}, "subject_name"))
    return [(page, text.format(name=leak[name]), parameters) for page, text, parameters, name in found]


def top(scope: Scope, form: Formats, most: int = 5) -> str:
    """The deals and accounts with most value at risk, without those given to somebody who still has time, and the way
    to all lines. Gives the first of them as a sentence, or that there is nothing to do."""
    listed = answer_of(handovers.listed, scope)
    found, waiting = listed.leaks.lines, listed.waiting
    first = of_subjects.ranked(of_subjects.without(found, waiting)).head(most)
    parts.heading(_("What leaks most?"))
    if found.empty:
        parts.nothing(_("Nothing asks for attention by these rules."))
        return words.to_do(first, found, form)
    if len(waiting):
        given = one_of(
            "Without {n} line that is given to somebody who still has time.",
            "Without {n} lines that are given to somebody who still has time.",
            len(waiting),
        )
        parts.note(given.format(n=form.count(len(waiting))))
    if first.empty:
        week.nothing_at_risk(found)
    else:
        shown = {
            key: week.columns()[key] for key in ("subject_name", "value_at_risk", "reasons", "owner_name", "action")
        }
        with st.container(key="leaks_top"):
            parts.table(words.lines_with_words(first), shown, key="leaks_top_rows")
    st.page_link(
        _PAGES / "attention.py",
        label=literal.markdown(
            one_of("All {n} line that asks for attention", "All {n} lines that ask for attention", len(found)).format(
                n=form.count(len(found))
            )
        ),
        query_params=bar.address_of("attention"),
    )
    return words.to_do(first, found, form)
