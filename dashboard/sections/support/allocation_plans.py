"""Publishing a plan, and every plan ever published: who, when, why, and who supports what."""

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.answers.support.allocation_review import Review, payload
from dashboard.ask import ask, write
from dashboard.frame import parts, trouble
from dashboard.frame.parts import Column
from dashboard.sections.support.allocation_what_if import may_change
from dashboard.words import literal
from dashboard.words.formats import Formats
from dashboard.words.language import _
from data_access.database.limits import LONGEST_TEXT
from data_access.errors import Refused
from data_access.scope import Scope
from data_access.support import plans

_TOLD = "allocation_told"


def told() -> None:
    """What came of the last attempt to publish, once."""
    done = st.session_state.pop(_TOLD, None)
    if done:
        parts.done(done)


def publish(scope: Scope, review: Review, other: Review | None) -> None:
    """The reason and the button: the plan as things are, or that of the what-if where it could be carried out."""
    parts.heading(_("Publish a plan"))
    if not may_change(scope):
        parts.note(_("Only directors may publish a plan."))
        return
    if not scope.is_live:
        parts.note(_("You are looking at the past. Set the as-of date to the last day to publish."))
        return
    choices = {"as_is": _("The recommended plan, as things are")}
    if other is not None and other.people["person"].notna().all():
        choices["what_if"] = _("The plan of the what-if")
    elif other is not None:
        parts.note(_("The what-if cannot be published: it counts on a person who is not there."))
    chosen = st.radio(
        _("Which plan"),
        list(choices),
        format_func=literal.options(choices.__getitem__),
        key="plan_which",
        horizontal=True,
    )
    reason = st.text_input(_("Reason (required)"), key="plan_reason", persist_state="session", max_chars=LONGEST_TEXT)
    based_on = _newest(ask(plans.published, of_regions(scope)))
    pressed = st.button(
        literal.markdown(_("Publish as plan {n}").format(n=based_on + 1)), key="plan_publish", type="primary"
    )
    if not pressed:
        return
    if not reason.strip():
        parts.notice(_("A plan is published with a reason. Say in a sentence why."))
        return
    which = other if chosen == "what_if" and other is not None else review
    try:
        what = payload(which.asked, which.solved)
        number = write(plans.publish, scope, what, reason, based_on=based_on, at=database.now())
    except Refused as refused:
        parts.notice(trouble.in_words(refused))
    else:
        st.session_state[_TOLD] = _("Plan {n} is published.").format(n=number)
        st.session_state.pop("plan_reason", None)
        st.rerun()


def _newest(published: pd.DataFrame) -> int:
    return 0 if published.empty else int(published["version"].iloc[-1])


def of_regions(scope: Scope) -> Scope:
    """Of the scope, what decides which deals of a plan are shown."""
    return Scope(scope.person, scope.period, scope.as_of, scope.last_day, scope.regions)


def named(scope: Scope, payload: dict) -> pd.DataFrame:
    """A plan's rows with names beside the keys (deal, person), and a column of hours per week."""
    names = ask(plans.names, of_regions(scope))
    deals, people = (names[names["kind"] == kind].set_index("key")["name"].to_dict() for kind in ("deal", "person"))
    rows = pd.DataFrame(payload["rows"])
    rows = rows.assign(
        deal=rows["opportunity_id"].map(deals).fillna(rows["opportunity_id"]),
        person=rows["resource_id"].map(people).fillna(rows["resource_id"]),
    )
    weekly = pd.DataFrame(list(rows["weeks"]), columns=payload["weeks"], index=rows.index).astype("float64").fillna(0.0)
    return rows.drop(columns="weeks").join(weekly)


@parts.fragment
def draw(scope: Scope, form: Formats) -> None:
    """The list of plans, the newest first, and one of them whole."""
    parts.header(_("Published plans"))
    published = ask(plans.published, of_regions(scope))
    if published.empty:
        parts.nothing(_("No plan has been published yet. Directors publish one here; everybody then sees it."))
        return
    rows = published.assign(
        day=published["published_at"].dt.normalize(),
        first=pd.to_datetime([payload["weeks"][0] for payload in published["payload"]]),
        hours=[sum(row["hours"] for row in payload["rows"]) for payload in published["payload"]],
        value=[float(sum(row["value"] for row in payload["rows"])) for payload in published["payload"]],
        tilt=[payload["values"]["tilt"] for payload in published["payload"]],
    )
    parts.table(
        rows.iloc[::-1],
        {
            "version": Column(_("Plan"), "count"),
            "day": Column(_("Published on"), "date"),
            **Column.each("published_by", "reason"),
            **Column.each("hours"),
            "value": Column.of("allocation_value"),
            "tilt": Column(_("Tilt"), "share"),
            "first": Column(_("From the week of"), "date"),
        },
        key="plan_versions",
    )
    numbers = [int(number) for number in published["version"]][::-1]
    chosen = st.selectbox(_("Show plan"), numbers, key="plan_shown")
    _whole(scope, published[published["version"] == chosen].iloc[0]["payload"], int(chosen))


def _whole(scope: Scope, payload: dict, number: int) -> None:
    """Who supports what under a published plan, as far as the person may see the deals."""
    if not payload["rows"]:
        parts.nothing(_("This plan gives no hours to deals you can see."))
        return
    file = named(scope, payload)
    file = file[["request_id", "opportunity_id", "deal", "resource_id", "person", "hours", "value", *payload["weeks"]]]
    parts.table(
        file,
        {
            **Column.each("deal", "person", "hours"),
            "value": Column.of("allocation_value"),
            **Column.each("request_id"),
        },
        key="plan_rows",
        height=330,
    )
    parts.download(file, key=f"allocation_plan_{number}")
