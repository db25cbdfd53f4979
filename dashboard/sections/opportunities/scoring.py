"""One deal: what was judged about it, on what evidence, and the forms in which it is judged anew."""

import pandas as pd
import streamlit as st

from dashboard.answers.opportunities import worth
from dashboard.answers.opportunities.worth import Judged
from dashboard.ask import ask
from dashboard.frame import parts, tabs
from dashboard.frame.parts import Column
from dashboard.sections import entry, entry_history
from dashboard.sections.accounts import words
from dashboard.sections.opportunities import words as opportunity_words
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access.database.limits import LONGEST_TEXT
from data_access.scope import Scope

_IN_ADDRESS = "deal"  # in the session; the bar keeps the address equal to it
_PICK = "deal_pick"
TAB = "score"  # where a deal is scored
_MOST_ROWS = 500


def wanted() -> str | None:
    """The deal that the address names, or that was clicked."""
    return st.session_state.get(_IN_ADDRESS)


def choose(deals: pd.DataFrame, everybody: pd.DataFrame, form: Formats) -> pd.Series | None:
    """The deal chosen: by a click in `listed`, from the list of names, or in the address.

    deals, everybody    open deals in scope of the track, and all the person may see
    """
    asked = wanted()
    known = dict(zip(everybody["opportunity_id"], everybody["deal"], strict=True))
    if asked is not None and asked not in known:
        parts.notice(_("There is no open deal {deal} that you may see. Choose one from the list.").format(deal=asked))
        asked = None
    st.session_state[_PICK] = asked
    options = list(dict.fromkeys([*([asked] if asked else []), *deals["opportunity_id"]]))
    st.selectbox(
        _("Deal to score"),
        options,
        format_func=literal.choices(lambda key: f"{known.get(key, key)} · {key}"),
        index=None if asked is None else options.index(asked),  # also as the default: see bar.py
        key=_PICK,
        placeholder=_("Choose one, or a name above"),
        on_change=_picked,
    )
    return None if asked is None else everybody[everybody["opportunity_id"] == asked].iloc[0]


def _picked() -> None:
    st.session_state[_IN_ADDRESS] = st.session_state[_PICK]
    tabs.open_(TAB)  # which stays open when the deal is taken away


def take(opportunity_id: str) -> None:
    """Leads on to the scores of a deal."""
    st.session_state[_IN_ADDRESS] = opportunity_id
    tabs.open_(TAB)


def listed(deals: pd.DataFrame) -> None:
    """The open deals, the largest on top; a name leads to the scores of its deal.

    deals   open deals in scope of the track
    """
    form = parts.formats()
    parts.heading(_("Open deals, the largest first"))
    shown = deals.head(_MOST_ROWS)
    with st.container(key="deals_to_score"):
        _table(shown)
    if len(deals) > len(shown):
        parts.note(_("The first {n} are shown; the list in Score a deal finds all.").format(n=form.count(len(shown))))


def _table(shown: pd.DataFrame) -> None:
    keys = list(shown["opportunity_id"])
    parts.table(
        shown.assign(
            opening=words.named(shown["opening"], words.openings()),
        ),
        {
            **Column.each("deal", "owner", "amount", "stage", "short_term", "long_term"),
            "opening": Column(_("Opening")),
        },
        key="deals_to_score_rows",
        height=300,
        opens=lambda row: take(keys[row]),
    )


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
                key=entry.key_of(key, "opening", "opening_position"), placeholder=_("Choose"), persist_state="session",
            )  # fmt: skip
        with right:
            territory = st.selectbox(
                _("Whose territory?"), list(territories), format_func=territories.__getitem__, index=None,
                key=entry.key_of(key, "opening", "opening_territory"), placeholder=_("as its purchases say"),
                persist_state="session",
            )  # fmt: skip
        changed = st.text_input(
            _("What changed? (required where we trail on our territory, or lead on theirs)"),
            key=entry.key_of(key, "opening", "opening_changed"),
            persist_state="session",
            max_chars=LONGEST_TEXT,
        )
        day, _who = entry.when_and_who(scope, key, "opening", with_judge=False)
        if position is None and territory is None and not changed.strip():
            return []
        return [{"position": position, "territory": territory, "what_changed": changed, "assessed_on": day}]

    names = {"position": _("Who leads?"), "territory": _("Whose territory?"), "what_changed": _("What changed?")}
    entry.form_of(scope, key, "opening", _("Score the opening"), fields, names)
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
