"""One deal: what was judged about it, on what evidence, and the forms in which it is judged anew."""

import pandas as pd
import streamlit as st

from dashboard.answers.opportunities import worth
from dashboard.answers.opportunities.worth import Judged
from dashboard.ask import ask
from dashboard.frame import parts
from dashboard.frame.parts import Column
from dashboard.sections import entry, entry_history
from dashboard.sections.accounts import words
from dashboard.sections.opportunities import words as opportunity_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.database.limits import LONGEST_TEXT
from data_access.scope import Scope

_IN_ADDRESS = "deal"  # in the session; the sidebar keeps the address equal to it
_PICK = "deal_pick"
_MOST_ROWS = 500


def choose(deals: pd.DataFrame, everybody: pd.DataFrame, form: Formats) -> pd.Series | None:
    """A list of the open deals, the unjudged large ones on top, and the deal chosen: by a click, from the list of
    names, or in the address.

    deals, everybody    open deals in scope of the track, and all the person may see
    """
    wanted = st.session_state.get(_IN_ADDRESS)
    known = dict(zip(everybody["opportunity_id"], everybody["deal"], strict=True))
    if wanted is not None and wanted not in known:
        parts.notice(_("There is no open deal {deal} that you may see. Choose one from the list.").format(deal=wanted))
        wanted = None
    st.session_state[_PICK] = wanted
    options = list(dict.fromkeys([*([wanted] if wanted else []), *deals["opportunity_id"]]))
    st.selectbox(
        _("Deal to judge"),
        options,
        format_func=literal.choices(lambda key: f"{known.get(key, key)} · {key}"),
        index=None if wanted is None else options.index(wanted),  # also as the default: see sidebar.py
        key=_PICK,
        placeholder=_("Choose one, or click a row below"),
        on_change=lambda: st.session_state.update({_IN_ADDRESS: st.session_state[_PICK]}),
    )
    if wanted is None:
        _list(deals, form)
        return None
    return everybody[everybody["opportunity_id"] == wanted].iloc[0]


def _list(deals: pd.DataFrame, form: Formats) -> None:
    shown = deals.head(_MOST_ROWS)
    clicked = parts.table(
        shown.assign(
            opening=words.named(shown["opening"], words.openings()),
            territory=words.named(shown["territory"], words.territories()),
            position=words.named(shown["position"], words.positions()),
        ),
        {
            **Column.each(
                "deal", "account", "owner", "amount", "stage", "short_term", "long_term", "territory", "position"
            ),
            "opening": Column(_("Opening")),
            "opened_on": Column(_("Assessed on"), "date"),
        },
        key="deals_to_judge",
        height=330,
        clickable=True,
    )
    if len(deals) > len(shown):
        parts.note(_("The first {n} are shown; the list above finds all.").format(n=form.count(len(shown))))
    if clicked is not None:
        st.session_state[_IN_ADDRESS] = shown.iloc[clicked]["opportunity_id"]
        st.rerun()


def draw(scope: Scope, deal: pd.Series, form: Formats) -> None:
    """The deal's value and opening: what holds, and the forms."""
    judged = worth.judged(ask, scope, deal["opportunity_id"])
    parts.say(_told(deal, form))
    left, right = st.columns(2, gap="large")
    with left:
        _value(scope, deal, judged, form)
    with right:
        _opening(scope, deal, judged, form)


def _told(deal: pd.Series, form: Formats) -> str:
    """The deal in a line, and what its opening calls for."""
    said = [deal["account"], deal["owner"], deal["stage"], form.money(deal["amount"])]
    text = " · ".join(part for part in said if part)
    if deal["opening"]:
        todo = opportunity_words.advice()[f"{deal['territory']} {deal['position']}"]
        text += " · " + _("Opening: {advice}").format(advice=todo)
    return text


def _value(scope: Scope, deal: pd.Series, judged: Judged, form: Formats) -> None:
    key, names, of = deal["opportunity_id"], opportunity_words.questions(), ("question", _("Question"))
    parts.say(
        f"{label('short_term')} {form.number(deal['short_term'])} · "
        f"{label('long_term')} {form.number(deal['long_term'])}"
    )
    entry.scores(scope, key, "opportunity_score", _("Answer the five questions"), of, names, judged.scores)
    entry_history.draw(
        judged.scores.assign(question=judged.scores["question"].map(names)),
        {"question": Column(_("Question")), "score": Column(_("Score"), "number")},
        ["question"],
        "opportunity_score",
        form,
    )


def _opening(scope: Scope, deal: pd.Series, judged: Judged, form: Formats) -> None:
    key = deal["opportunity_id"]
    territories, positions = words.territories(), words.positions()
    _evidence(deal, judged.bought, territories, form)

    def fields() -> list[dict]:
        left, right = st.columns(2)
        with left:
            position = st.selectbox(
                _("Who leads?"), list(positions), format_func=positions.__getitem__, index=None,
                key=entry.key_of(key, "opening", "opening_position"), placeholder=_("Choose"),
            )  # fmt: skip
        with right:
            territory = st.selectbox(
                _("Whose territory?"), list(territories), format_func=territories.__getitem__, index=None,
                key=entry.key_of(key, "opening", "opening_territory"), placeholder=_("as its purchases say"),
            )  # fmt: skip
        changed = st.text_input(
            _("What changed? (required where we trail on our territory, or lead on theirs)"),
            key=entry.key_of(key, "opening", "opening_changed"),
            max_chars=LONGEST_TEXT,
        )
        day, _who = entry.when_and_who(scope, key, "opening", with_judge=False)
        if position is None and territory is None and not changed.strip():
            return []
        return [{"position": position, "territory": territory, "what_changed": changed, "assessed_on": day}]

    names = {"position": _("Who leads?"), "territory": _("Whose territory?"), "what_changed": _("What changed?")}
    entry.form_of(scope, key, "opening", _("Judge the opening"), fields, names)
    entry_history.draw(
        judged.openings.assign(
            position=words.named(judged.openings["position"], positions),
            territory=words.named(judged.openings["territory"], territories),
        ),
        {
            **Column.each("territory", "position"),
            "what_changed": Column(_("What changed")),
        },
        [],
        "opening",
        form,
    )


def _evidence(deal: pd.Series, bought: pd.DataFrame, territories: dict[str, str], form: Formats) -> None:
    """What the account's purchases say about the territory."""
    if bought.empty:
        parts.say(_("No purchase of its category is known, so its purchases name no territory. Import purchase."))
        return
    ours, whole = bought["ours"].sum(), bought["whole"].sum()
    share = ours / whole if whole else None
    parts.say(
        _("Of its purchases of {category}, {years}, {share} came from us ({ours} of {whole}).").format(
            category=deal["category"],
            years=_(", ").join(str(year) for year in bought["year"]),
            share=form.share(share),
            ours=form.money(ours),
            whole=form.money(whole),
        )
    )
    parts.note(
        _("60 % or more: our territory; 40 % or less: theirs; between: neutral. Now: {territory}.").format(
            territory=territories.get(deal["territory"], _("not known"))
        )
    )
