"""The app's script, run for every interaction: pages by role, shared filters, the page, one error handler."""

import logging
from pathlib import Path

import streamlit as st

from dashboard import database
from dashboard.frame import bar, drawer, filters, held, parts, trouble
from dashboard.sections import beginning, digests, entrance, explaining, finding, records, views
from dashboard.sections.forecast import commit
from dashboard.server import sign_in
from dashboard.words import language, literal
from dashboard.words.language import _
from data_access.errors import DatabaseUnusable, Refused

log = logging.getLogger("dashboard")
ROOT = Path(__file__).resolve().parent.parent


def pages() -> dict[str, list]:
    """The pages of the product, under the five areas of work. All roles may open all; what they see differs."""

    def page(name: str, title: str, **more):
        return st.Page(ROOT / "pages" / f"{name}.py", url_path=name, title=title, **more)

    return {
        _("Today"): [
            page("overview", _("Overview"), default=True),
            page("attention", _("Attention")),
            page("definitions", _("Definitions")),
            page("board", _("My dashboard")),
        ],
        _("Pipeline"): [
            page("pipeline", _("Pipeline")),
            page("forecast", _("Forecast")),
            page("opportunities", _("Opportunities")),
            page("leads", _("Leads and market")),
        ],
        _("Accounts"): [page("key_accounts", _("Key accounts")), page("account", _("Account"))],
        _("Team"): [page("reps", _("Reps")), page("rep", _("Rep")), page("life_stage", _("Life stage"))],
        _("Support"): [
            page("support", _("Support resources")),
            page("allocation", _("Recommended allocation")),
            page("data", _("Data")),
        ],
    }


def links(areas: dict[str, list], here) -> None:
    """The way to the other pages, a menu for each area. The filters go along in the address, so that back and forward
    find them: Streamlit's own navigation drops them from it.
    """
    for number, (area, under_it) in enumerate(areas.items()):
        with st.popover(
            literal.markdown(area), type="tertiary", key=f"area_{number}_{'here' if here in under_it else 'elsewhere'}"
        ):
            for page in under_it:
                st.page_link(page, query_params=bar.address_of(page.url_path))


def run() -> None:
    # A local file: for an icon by name the browser would ask another host for its font.
    st.set_page_config(page_icon=str(ROOT / "dashboard" / "icon.svg"), layout="wide")
    bar.follow_language()
    navigation = st.container(key="navigation", horizontal=True, vertical_alignment="center", gap="xsmall")
    database.ask_again()
    try:
        person = sign_in.person()
    except sign_in.Nobody as nobody:
        st.navigation(pages(), position="hidden")
        sign_in.was_turned_away(nobody.name)
        entrance.draw(nobody)
        return
    if person is not None:
        sign_in.came(person)
    shown = database.version()
    st.session_state[parts.FACTS] = shown.state.facts
    is_empty = shown.state.last_day is None
    unusable = database.trouble()
    if unusable is not None:
        log.warning("%s", unusable)
        trouble.say_above_a_page(unusable)
    kept = None
    if is_empty:
        bar.choose_language()
    else:
        kept = bar.choose(shown, person)
    areas = pages()
    page = st.navigation(areas, position="hidden")
    st.session_state[parts.PAGE] = page.title
    with navigation:
        if kept is not None or is_empty:
            links(areas, page)
        if shown.state.organisation:
            parts.note(shown.state.organisation)
    if is_empty:
        beginning.draw()
        return
    if kept is None:
        bar.say_why_nothing()
        return
    views.begin(page, areas)
    with kept:
        views.draw(page, areas)
    unknown = bar.meaningless()
    if unknown:
        parts.notice(
            _("The address asks for something these data do not know; it is left aside: {what}").format(
                what=_(", ").join(unknown)
            )
        )
    parts.page_begins(page.url_path, page.title)
    draw(page)
    records.offer(filters.chosen())
    explaining.offer(filters.chosen())
    commit.offer(filters.chosen())
    finding.offer(filters.chosen(), pages)
    digests.offer(filters.chosen())
    drawer.draw()


def draw(page) -> None:
    """The page, as far as it goes: what ends it early, or is refused it, leaves what is open over it alone."""
    try:
        with (
            held.filling(held.page().room),
            language.speaking(language.current()),
        ):  # which a thousand texts of a page would ask of the session each
            page.run()
    except parts.PageEnds:
        pass
    except DatabaseUnusable:
        raise  # not the person's doing: said in place of the page
    except Refused as refused:
        parts.refusal(str(refused))


try:
    with database.one_version(), drawer.of_one_run(), held.of_one_run():
        run()
except DatabaseUnusable as unusable:  # not the person's doing: what to do for them, the reason in the log
    log.warning("%s", unusable)
    trouble.say_in_place_of_a_page(unusable)
except Refused as refused:  # what a person asked and cannot have; anything else is ours: see app.py
    parts.refusal(str(refused))
