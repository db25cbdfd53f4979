"""Giving a line to somebody until a day, and what became of the lines given, beside like lines given to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.attention import handovers as answers
from dashboard.answers.attention.leaks import Leaks
from dashboard.ask import answer_of, ask, write
from dashboard.frame import drawer, parts, trouble, wording
from dashboard.frame.parts import Column
from dashboard.metrics.attention.lines import SUBJECT
from dashboard.sections.attention import words
from dashboard.words import literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, meaning, one_of
from data_access.attention import handovers
from data_access.attention.handovers import LONGEST
from data_access.database.limits import LONGEST_TEXT
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.schema import MONEY_SCALE
from data_access.scope import Scope

_USUAL = timedelta(days=14)
_JUST, _TURN, _BESIDE = "given_just", "given_turn", "given_beside"
_LINE = "line"  # the part of the drawer whose marks are lines


@dataclass(frozen=True)
class Handed:
    """What was just given: its hand-over, and in words."""

    handover_id: int
    name: str


def _turn() -> int:
    """How often a line was given or taken back here: a table with another row where one was clicked begins anew."""
    return st.session_state.get(_TURN, 0)


def _begin_anew() -> None:
    st.session_state[_TURN] = _turn() + 1


def opener(lines: pd.DataFrame) -> Callable[[int], None]:
    """For a table of these lines: a name opens its line in the drawer."""
    marks = list(words.marks(lines))
    return lambda row: drawer.open_(_LINE, marks[row])


def opened(lines: pd.DataFrame, given: pd.DataFrame, scope: Scope, form: Formats) -> None:
    """The line of `words.lines_with_words` that is open, if any: whose it is, what is to do, who has it, giving it."""
    for _at, line in lines[words.marks(lines) == drawer.at(_LINE)].iterrows():
        parts.offer(line["subject_name"], partial(_one, line, given, scope, form), key=_LINE)


def _one(line: pd.Series, given: pd.DataFrame, scope: Scope, form: Formats) -> None:
    told = [line["reasons"], _("{amount} at risk").format(amount=form.money_exact(line["value_at_risk"]))]
    parts.say(" · ".join([*told, line["owner_name"], line["action"]]))
    records = {"opportunity": (drawer.DEAL, _("Open the deal")), "account": (drawer.ACCOUNT, _("Open the account"))}
    if line["subject_kind"] in records:
        record, name = records[line["subject_kind"]]
        parts.to_record(record, line["subject_id"], name)
    held = given[(given[SUBJECT] == line[SUBJECT]).all(axis=1)]
    for row in held.itertuples():
        parts.say(_already(row, form))
    _form(line, scope, form)


def _already(row, form: Formats) -> str:
    said = _("Given to {name} on {day}, due {due}.").format(
        name=row.receiver, day=form.date(row.given_at), due=form.date(row.due_on)
    )
    return said if is_missing(row.note) else f"{said} {row.note}"


def _form(line: pd.Series, scope: Scope, form: Formats) -> None:
    """The form that gives a line, or who may, or why not now. What was typed stays where it is refused."""
    refused = _refusal(scope)
    if refused:
        parts.note(refused)
        return
    people, today = ask(handovers.receivers, scope), database.today()
    names = {row.rep_id: " · ".join([row.name, *_known(row.region)]) for row in people.itertuples()}
    ids, owner = list(names), line["owner_id"]
    with st.container(border=True):  # no `st.form`, which knows nothing of what is typed until it is sent
        left, right = st.columns([3, 1])
        with left:
            to = st.selectbox(
                _("Give to"),
                ids,
                index=ids.index(owner) if owner in names else None,
                format_func=literal.choices(names.__getitem__),
                placeholder=_("Choose somebody"),
                key=f"line_to_{line['subject_id']}",
            )
        with right:
            due = st.date_input(
                _("Due"),
                value=today + _USUAL,
                min_value=today,
                max_value=today + LONGEST,
                format="YYYY-MM-DD",
                key="line_due",
            )
        note = st.text_input(
            _("Note (what is agreed)"),
            key=f"line_note_{line['subject_kind']}_{line['subject_id']}_{_turn()}",
            max_chars=LONGEST_TEXT,
            persist_state="session",
        )
        wanted = st.button(_("Give the line"), key="line_send", type="primary")
    if not wanted:
        return
    if to is None:
        parts.notice(_("A line is given to somebody. Choose to whom."))
        return
    at_risk = line["value_at_risk"]
    try:
        made = write(
            handovers.give,
            scope,
            line["subject_kind"],
            line["subject_id"],
            to,
            due,
            note,
            rules=line["rules"],
            value_at_risk=None if is_missing(at_risk) else round(at_risk * MONEY_SCALE),
            seen_on=scope.as_of,
            at=database.now(),
        )
    except (NotAllowed, NotFound):
        parts.notice(_("Not yours to give: this line, or whom you chose, lies outside your regions."))
    except Refused as refusal:
        parts.notice(trouble.in_words(refusal))
    else:
        told = _("{line}, to {name}").format(line=line["subject_name"], name=names[to])
        st.session_state[_JUST] = Handed(made, told)
        _begin_anew()
        drawer.close()
        st.rerun()


def _known(name) -> list[str]:
    return [] if is_missing(name) else [name]


def _refusal(scope: Scope) -> str | None:
    """Why the person cannot give here; None where they can."""
    try:
        scope.person.must_be_allowed_to_write("attention_handover")
    except NotAllowed:
        return _("{role}: may look. Lines are given by directors, and by regional managers in their regions.").format(
            role=wording.role_name(scope.person.role)
        )
    if not scope.is_live:
        return _("You are looking at the past. Choose the last day of the data to give a line to somebody.")
    return None


def just_done(scope: Scope) -> None:
    """What was given last, and the way back."""
    just: Handed | None = st.session_state.get(_JUST)
    if just is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="given_saved"):
        parts.say(_("Given: {line}").format(line=just.name))
        st.button(_("Undo"), key="given_undo", on_click=_take_back, args=(scope, just.handover_id))


def _take_back(scope: Scope, handover_id: int) -> None:
    write(handovers.withdraw, scope, handover_id, at=database.now())
    st.session_state.pop(_JUST, None)
    _begin_anew()


def draw(given: pd.DataFrame, leaks: Leaks, scope: Scope, form: Formats) -> None:
    """What was given to whom, and what became of it; a click takes it back. Beside it, when asked for, like lines that
    were given to nobody."""
    parts.heading(_("Given to somebody"))
    if given.empty:
        parts.nothing(_("Nothing is given to anybody. Open a line to give it to somebody."))
        return
    rows = _with_words(given)
    shown = {
        "subject_name": Column(_("What"), width=150),
        "became_name": Column(_("The line now"), width=110, badges=_became_badges()),
        "outcome_name": Column(_("The deal"), width=90),
        "receiver": Column(_("Given to"), width=125),
        "due_on": Column(_("Due"), "date"),
        "due_name": Column(_("Due day"), width=90),
        "note": Column(_("Note"), width=180),
        "reasons": Column(_("Given for"), width=210),
        "value_at_risk": Column(_("At risk then"), "money"),
        "given_at": Column(_("Given on"), "date"),
        "given_by": Column(_("By")),
    }
    with st.container(key="given_list"):
        clicked = parts.table(
            rows.head(words.MOST_ROWS),
            shown,
            key=f"given_rows_{_turn()}",
            height=300,
            clickable=_refusal(scope) is None,
        )
    parts.note(_told(rows, form))
    parts.download(rows[[*shown, *SUBJECT]], key="attention_given")
    if clicked is not None:
        row = rows.iloc[clicked]
        st.button(
            literal.markdown(_("Take it back from {name}: {line}").format(name=row.receiver, line=row.subject_name)),
            key="given_take_back",
            on_click=_take_back,
            args=(scope, int(row["handover_id"])),
        )
    _beside(given, leaks, scope, form)


def _became() -> dict[str, str]:
    return {"gone": _("gone"), "same": _("still there"), "worse": _("worse")}


def _became_badges() -> dict[str, str]:
    return dict(zip(_became().values(), ("won", "undecided", "lost"), strict=True))


def _with_words(given: pd.DataFrame) -> pd.DataFrame:
    """What was given last first, with what people read."""
    outcome = {
        "open": _("still open"),
        "won": _("won"),
        "lost": _("lost"),
        "left_out": _("qualified out or duplicate"),
        "removed": _("removed"),
    }
    rows = given.iloc[::-1].reset_index(drop=True)
    return rows.assign(
        subject_name=[words.subject_name(row) for row in rows.itertuples()],
        reasons=[words.reasons(rules) for rules in rows["rules"]],
        became_name=rows["became"].map(_became()),
        outcome_name=rows["outcome"].map(outcome),
        due_name=rows["is_due"].map({True: _("passed"), False: _("to come")}),
        given_by=[wording.who(name) for name in rows["given_by"]],
    )


def _told(rows: pd.DataFrame, form: Formats) -> str:
    counts = {name: form.count((rows["became"] == name).sum()) for name in ("gone", "same", "worse")}
    said = one_of("{n} line is given: ", "{n} lines are given: ", len(rows)).format(n=form.count(len(rows)))
    return said + _(
        "{gone} gone, {same} still there, {worse} worse; of {due} the due day has passed. A line given makes room in "
        "this week until it is due or worse."
    ).format(**counts, due=form.count(rows["is_due"].sum()))


def _beside(given: pd.DataFrame, leaks: Leaks, scope: Scope, form: Formats) -> None:
    days = answers.days_of(given)
    if not days:
        return
    is_wanted = st.toggle(_("Beside like lines that were given to nobody"), key=_BESIDE, persist_state="session")
    if not is_wanted:
        return
    earlier = answer_of(answers.lines_of, scope, days)
    found = answers.beside(ask, scope, leaks, given, earlier)
    found = found.assign(
        rule_name=[words.rule_name(rule) for rule in found["rule"]],
        whose=found["is_given"].map({True: _("given"), False: _("given to nobody")}),
        between=[
            _("{low} to {high}").format(low=form.share(row.low), high=form.share(row.high))
            for row in found.itertuples()
        ],
    )
    with st.container(key="given_beside_rows"):
        parts.table(
            found,
            {
                "rule_name": Column(_("First reason"), width=150),
                "whose": Column(_("Lines"), width=120),
                "lines": Column.of("followed_lines"),
                "gone": Column.of("followed_gone"),
                "gone_share": Column.of("followed_gone_share", n="lines"),
                "between": Column(_("80 % interval"), "written", help=meaning("followed_gone_share")),
                "worse": Column.of("followed_worse"),
                "same": Column.of("followed_same"),
                "won": Column.of("followed_won"),
                "lost": Column.of("followed_lost"),
            },
            key="given_followed",
            height="content",
        )
    parts.note(
        _(
            "Like lines: listed on the same day, for the same first reason, given to nobody. Both "
            "are followed from that day on. It is not shown that giving helps: who gives chooses, so "
            "the two differ from the start."
        )
    )
