"""From draft to published profile; the versions, two of them side by side, and an old one published again."""

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.accounts import key_accounts
from dashboard.answers.accounts.key_accounts import KIND, to_payload
from dashboard.ask import answer_of, ask, write
from dashboard.frame import parts, trouble
from dashboard.frame.parts import Column
from dashboard.metrics.accounts.key_accounts import FACTORS, Profile
from dashboard.metrics.accounts.key_review import whole_percents
from dashboard.sections.accounts import key_words, lab_draft, ranking
from dashboard.sections.accounts.ranking import Ranked
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _, label
from data_access import profiles
from data_access.database.limits import LONGEST_TEXT
from data_access.errors import NotAllowed, Refused
from data_access.scope import Scope


def every_version() -> pd.DataFrame:
    """The versions ever published; see data_access.profiles.published."""
    return ask(profiles.published, None, KIND)


def newest() -> int:
    """The newest published version; 0: none yet."""
    published = every_version()
    return 0 if published.empty else int(published["version"].iloc[-1])


def told() -> None:
    """What came of the last attempt to publish, once."""
    done = st.session_state.pop("lab_published", None)
    if done:
        parts.done(done)


def draft(scope: Scope, profile: Profile, *, allowed: bool) -> None:
    """The reason and the button; where somebody has published since the draft was begun, that first."""
    parts.heading(_("Publish the draft"))
    if not allowed:
        parts.note(_("Only directors may publish a profile."))
        return
    if not scope.is_live:
        parts.note(_("You are looking at the past. Set the as-of date to the last day to publish."))
        return
    based_on = st.session_state["lab_based_on"]
    if newest() != based_on and lab_draft.is_touched():
        _overtaken(based_on)
    st.text_input(_("Reason (required)"), key="lab_reason", persist_state="session", max_chars=LONGEST_TEXT)
    if st.button(
        literal.markdown(_("Publish as version {n}").format(n=based_on + 1)),
        key="lab_publish",
        type="primary",
        disabled=not lab_draft.is_touched() and based_on > 0,
        help=_("Everybody sees the new ranking at their next click. Versions are kept; none is ever overwritten."),
    ):
        _publish(scope, profile, st.session_state["lab_reason"], based_on)


def _overtaken(based_on: int) -> None:
    """Somebody published while this draft was worked on: say so, and offer both ways on."""
    parts.notice(_since(based_on))
    with st.container(horizontal=True):
        st.button(_("Keep my draft and go on from there"), key="lab_go_on", on_click=_go_on)
        st.button(_("Drop my draft"), key="lab_drop", on_click=lab_draft.forget)


def _go_on() -> None:
    """The person has seen the newer version and still wants the draft."""
    st.session_state["lab_based_on"] = newest()


def _since(based_on: int) -> str:
    """Who has published since, in words."""
    row = key_words.published_in_words(every_version()).iloc[-1]
    return _(
        "{who} published version {version} (“{reason}”) while you were working from version {based_on}. "
        "Nothing of yours was written and nothing was overwritten."
    ).format(who=row["published_by"], version=row["version"], reason=row["reason"], based_on=based_on)


def _publish(scope: Scope, profile: Profile, reason: str, based_on: int) -> None:
    """Publishes and begins anew; a refusal is said in words, and the draft stays."""
    if not reason.strip():
        parts.notice(_("A profile is published with a reason. Say in a sentence why it changes."))
        return
    try:
        version = write(
            profiles.publish, scope, KIND, to_payload(profile), reason, based_on=based_on, at=database.now()
        )
    except NotAllowed:
        parts.notice(_("Only directors may publish a profile."))
    except Refused as refused:
        parts.notice(_since(based_on) if newest() != based_on else trouble.in_words(refused))
    else:
        st.session_state["lab_published"] = _("Version {version} is published.").format(version=version)
        st.session_state.pop("lab_reason", None)
        st.session_state.pop("lab_again_reason", None)
        lab_draft.forget()
        st.rerun()


@parts.fragment
def versions(scope: Scope, *, allowed: bool) -> None:
    """The list of versions, two side by side, and rolling back."""
    form, published = parts.formats(), key_words.published_in_words(every_version())
    if published.empty:
        parts.nothing(_("Nothing has been published yet. The first version published here is version 1."))
        return
    payloads = [answer_of(key_accounts.profile, scope, int(version)) for version in published["version"]]
    rows = published.assign(
        weights=[key_words.shares_in_words(profile) for profile in payloads],
        top=[profile.top for profile in payloads],
        floor=[profile.floor for profile in payloads],
        day=published["published_at"].dt.normalize(),
    )
    parts.table(
        rows.iloc[::-1],
        {
            "version": Column(_("Version"), "count"),
            "day": Column(_("Published on"), "date"),
            **Column.each("published_by", "reason"),
            "top": Column(_("Top"), "share"),
            "floor": Column(_("Floor"), "number"),
            "weights": Column(_("Weights")),
        },
        key="lab_versions",
    )
    known = [int(version) for version in published["version"]]
    if len(known) < 2:
        parts.note(_("A second version can be compared with this one, and either be published again."))
        return
    left, right = st.columns(2, gap="large")
    with left:
        _compare(scope, known, form)
    with right:
        _again(scope, known, allowed=allowed)


def _compare(scope: Scope, known: list[int], form: Formats) -> None:
    """Two versions side by side, and how the key set differs today."""
    with st.container(horizontal=True):
        one = st.selectbox(_("Compare version"), known, index=len(known) - 2, key="lab_compare_one")
        other = st.selectbox(_("with version"), known, index=len(known) - 1, key="lab_compare_other")
    sides = [ranking.ranked(scope, answer_of(key_accounts.profile, scope, version)) for version in (one, other)]
    told_sides = [_told(side, form) for side in sides]
    rows = pd.DataFrame(
        [(name, told_sides[0][name], told_sides[1][name]) for name in told_sides[0]], columns=["what", "one", "other"]
    )
    parts.table(
        rows,
        {
            "what": Column(_("Setting")),
            "one": Column(_("Version {n}").format(n=one), "written"),
            "other": Column(_("Version {n}").format(n=other), "written"),
        },
        key="lab_compared",
        height=390,
    )
    is_shown = sides[0].accounts["is_shown"].to_numpy(dtype=bool)
    then, now = (side.accounts["is_key"].to_numpy() & is_shown for side in sides)
    parts.note(
        _("From version {one} to version {other}, {enters} accounts enter and {leaves} leave.").format(
            one=one, other=other, enters=form.count((now & ~then).sum()), leaves=form.count((then & ~now).sum())
        )
    )


def _told(side: Ranked, form: Formats) -> dict[str, str]:
    """The settings of a version by their names, as texts."""
    profile, accounts = side.profile, side.accounts
    told_ = {
        label(factor): f"{percent}%" for factor, percent in zip(FACTORS, whole_percents(profile.shares), strict=True)
    }
    told_ |= {_("Top"): form.share(profile.top), _("Floor"): form.number(profile.floor)}
    told_[_("Groups of their own")] = form.count(len({*profile.tops, *profile.floors}))
    told_ |= {
        _("{points} from").format(points=number): form.money_exact(cut)
        for number, cut in enumerate(profile.cut_points, start=1)
    }
    keys = accounts["is_key"] & accounts["is_shown"].astype(bool)
    return told_ | {_("Key accounts"): form.count(int(keys.sum()))}


def _again(scope: Scope, known: list[int], *, allowed: bool) -> None:
    """Rolling back is publishing an old version again: nothing is deleted."""
    if not allowed:
        parts.note(_("Only directors may publish a profile."))
        return
    if not scope.is_live:
        parts.note(_("You are looking at the past. Set the as-of date to the last day to publish."))
        return
    old = st.selectbox(_("Publish again version"), known[:-1][::-1], key="lab_again")
    st.text_input(
        _("Reason (required)"),
        key="lab_again_reason",
        placeholder=_("Why go back?"),
        persist_state="session",
        max_chars=LONGEST_TEXT,
    )
    if st.button(literal.markdown(_("Publish version {n} again").format(n=old)), key="lab_again_publish"):
        _publish(scope, answer_of(key_accounts.profile, scope, old), st.session_state["lab_again_reason"], known[-1])
