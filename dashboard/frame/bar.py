"""The bar above every page: the shared filters, who asks, the language; kept equal to the URL in both directions.

What is asked often stands in it as a list of its own, which shows its value and is emptied by its cross. The rest is
behind one button; whatever is set there is named beside it, and taken back by a click on its name.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import database
from dashboard.ask import ask
from dashboard.figures.style import Tokens
from dashboard.frame import drawer, filters, held, identity, parts, share, tabs, wording
from dashboard.frame.filters import CUSTOM, LARGER, PRESENT, Choice, Offered
from dashboard.server import sign_in
from dashboard.words import language, literal
from dashboard.words.language import _
from data_access import organisation
from data_access.organisation import State
from data_access.scope import Period, Person, Scope

# Parameters that belong to one page, by its path in the address.
OWNED = {
    "account": "account",
    "deal": "opportunities",
    "rep": "rep",
    filters.RULE: "attention",
    filters.GROUP: "key_accounts",
    filters.DRAFT: "key_accounts",
    filters.TEXT: "definitions",
}
# Those that the way to another page leaves behind, or names anew.
_OF_THIS_PAGE = (tabs.TAB, drawer.OPEN)

# Those that say who reads, and how.
_OF_READER = ("role", language.KEY, PRESENT)
_AS_OF = "as_of"

SEARCH = "search"  # what the drawer calls it

_REFUSED = "url_refused"  # of the session's state: what nothing is shown for, and the parameters without it; or None
_LONGEST_SAID, _MOST_SAID = 80, 5  # characters of a parameter, and parameters, that a refusal repeats
_CHOICE = "choice"  # of the session's state: that of the last whole run
# Tables and figures measure themselves, and what the browser enlarges of them is cut: figures are drawn larger instead.
_PRESENTED = f"""
.st-key-navigation, [data-testid="stHeader"] {{display: none}}
.st-key-filter_bar > :not(.st-key-presenting):not(:has(> .st-key-presenting)) {{display: none}}
[data-testid="stMainBlockContainer"] {{zoom: {LARGER}}}
[data-testid="stMainBlockContainer"] :is([data-testid="stDataFrame"], .stPlotlyChart) {{zoom: {1 / LARGER}}}
.st-key-presenting [data-testid="stElementContainer"]:first-child {{flex-grow: 1}}
.st-key-presenting button {{white-space: nowrap}}
"""

# A name for those who hear the page; without a size it would make the page wider.
_UNSEEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)"

_INDENT = "\u2003"  # an em space: ordinary leading spaces collapse in a menu
_WIDTH = 170  # of a list in the bar, in pixels
_OF_DAYS = ("as_of=", "from=", "to=")  # parameters that say a day
_MOST_KEPT = 50  # persons and versions of the data, of which what is offered is kept


def choose(shown: database.Version, signed_in: Person | None = None) -> DeltaGenerator | None:
    """Draws the bar and puts the scope and the names behind ids in the session, for the pages. Gives the place beside
    the way to share, for what the person keeps.

    signed_in   who is asking; None: nobody signs in, and the role switch says it

    None where the address asks for what does not exist or is not the person's to see: nothing may be shown then
    (`say_why_nothing`), since to leave it aside would show more than was asked for.
    """
    offered = _offered(signed_in or Person("executive"))
    st.session_state["names"] = _names_at(database.state())
    _follow_url(offered, signed_in)
    if st.session_state.get(_REFUSED) is not None:
        return None
    with _row("filter_bar", "stretch"), language.speaking(language.current()):
        choice, place, kept = _widgets(offered, shown, signed_in)
    _write_url(choice)
    st.session_state[_CHOICE] = choice
    st.session_state["scope"] = filters.to_scope(choice, offered, signed_in)
    with place:
        if choice.present:
            _presented()
        else:
            _share(held.page())
    return kept


def say_why_nothing() -> None:
    """In place of a page at an address that may not be followed: why, and the way without what it asks for."""
    unknown, without = st.session_state[_REFUSED]
    if unknown:
        parts.refusal(
            _("The address asks for what you may not see or what does not exist: {what}").format(
                what=_(", ").join(one[:_LONGEST_SAID] for one in unknown[:_MOST_SAID])
            )
        )
    else:
        parts.refusal(_("The address is too long."))
    go_on = partial(st.query_params.from_dict, without)
    st.button(_("Open without it"), key="without_it", type="primary", on_click=go_on)


def tell(key: str, value: str | None) -> None:
    """What a part that is drawn anew alone holds now goes into the address, in which only a whole run looks it up."""
    st.session_state[key] = value
    changed: dict[str, Any] = {key: value}
    st.session_state[_CHOICE] = replace(st.session_state[_CHOICE], **changed)
    _write_url(st.session_state[_CHOICE])


def css(tokens: Tokens) -> str:
    """Where the frame stands: the page's beginning near the top, the bar in sight, one row on a phone."""
    return f"""<style>
[data-testid="stMainBlockContainer"] {{max-width: 1600px; margin: 0 auto; padding: 4px 24px 3rem}}
[data-testid="stHeader"] {{left: auto; right: 0; width: auto; height: 44px; min-height: 0; background: none}}
.st-key-navigation {{min-height: 36px; padding-right: 96px; margin-bottom: -14px}}
.st-key-navigation button {{min-height: 32px; padding: 0 10px}}
.st-key-navigation [class*="_here"] button p {{font-weight: 600; color: {tokens.accent}}}
.st-key-navigation [data-testid="stElementContainer"] {{margin-left: auto}}
.st-key-navigation [data-testid="stCaptionContainer"] p {{font-size: .76rem}}
[data-testid="stLayoutWrapper"]:has(> .st-key-filter_bar) {{position: sticky; top: 0; z-index: 90; margin-bottom: -10px;
    background: {tokens.background}; border-bottom: 1px solid {tokens.line}}}
.st-key-filter_bar {{padding: 4px 32px 4px 0; min-height: 48px}}
.st-key-filter_bar button {{min-height: 34px; padding: 0 10px}}
.st-key-find {{margin-left: auto; flex: 1 1 60px; max-width: 190px; container-type: inline-size}}
.st-key-find button p {{white-space: nowrap}}
@container (max-width: 189px) {{.st-key-find kbd {{display: none}}}}
:is(.st-key-kept, .st-key-sharing) {{min-width: 38px}}
.st-key-page_head h1 {{padding-top: 2px}}
.st-key-page_head {{min-height: 104px}}
[data-testid="stVerticalBlock"]:has(> [data-testid="stLayoutWrapper"]:last-child > .st-key-page_head)::after {{
    content: ""; height: 700px; background: no-repeat linear-gradient({tokens.surface} 0 0) 0 24px / 100% 148px,
    no-repeat linear-gradient({tokens.surface} 0 0) 0 196px / 64% 240px,
    no-repeat linear-gradient({tokens.surface} 0 0) 100% 196px / 33% 240px}}
[data-testid="stCaptionContainer"] {{color: {tokens.muted}; opacity: 1}}
:is(a, button, canvas, summary):focus-visible {{outline: 2px solid {tokens.accent} !important; outline-offset: 1px}}
[data-testid="stButtonGroup"] button[aria-checked="true"] p {{color: {tokens.accent}}}
[data-testid="stLayoutWrapper"]:has(> .st-key-share_pictures) {{display: none}}
:is(.st-key-share, .st-key-views, [class*="st-key-view_change_"]) button p {{{_UNSEEN}}}
:is(.st-key-share, .st-key-views) [data-testid="stPopoverButton"] div[aria-hidden] {{display: none}}
[data-testid="stMain"] {{scroll-padding-top: 64px}}
.st-key-unfold_filters {{display: none}}
.st-key-set_filters > :is(.st-key-without_f_period, .st-key-without_f_regions, .st-key-without_f_owner)
    {{display: none}}
@media (max-width: 640px) {{
    [data-testid="stMainBlockContainer"] {{padding: 4px 12px 3rem}}
    .st-key-navigation {{flex-wrap: nowrap; padding: 0; gap: 0}}
    .st-key-navigation [data-testid="stElementContainer"] {{display: none}}
    .st-key-navigation [data-testid="stPopoverButton"] [aria-hidden] {{display: none}}
    [data-testid="stHeader"] {{z-index: 80}}
    .st-key-filter_bar {{padding: 4px 0; gap: 2px}}
    .st-key-filter_bar button {{padding: 0 6px}}
    .st-key-unfold_filters,
    .st-key-set_filters > :is(.st-key-without_f_period, .st-key-without_f_regions, .st-key-without_f_owner)
        {{display: block}}
    .st-key-filter_bar > :has(> .st-key-often) {{display: none}}
    .st-key-filter_bar:has(.st-key-unfold_filters):not(:has(.st-key-often_unfolded))
        > :is(.st-key-more_filters, .st-key-lang) {{display: none}}
    .st-key-filter_bar > :has(> .st-key-often_unfolded) {{order: 2; width: 100%}}
    .st-key-filter_bar > :is(.st-key-more_filters, .st-key-lang) {{order: 3}}
    .st-key-filter_bar > :has(> .st-key-set_filters) {{order: 1}}
    .st-key-filter_bar > :has(> .st-key-set_filters:empty) {{display: none}}
    :is(.st-key-find, .st-key-person) button p {{{_UNSEEN}}}
    .st-key-find {{flex: none; width: 37px}}
}}
</style>"""


@parts.fragment
def _share(page: held.Page) -> None:
    """The way out of the page, made once somebody opens it: its address to be copied, its files, how it is sent by mail
    and shown to others."""
    share.listen(page)  # before anybody can ask for the page on paper
    popover = st.popover(_("Share this"), icon=":material/share:", key="share", type="tertiary", on_change="rerun")
    if not popover.open:
        return
    scope = st.session_state["scope"]
    with popover:
        parts.note(_("This address opens what you see now: filters, tab and list."))
        stays = st.checkbox(
            literal.markdown(_("Stay at {day}").format(day=parts.formats().date(scope.as_of))),
            key="share_stays",
            help=_("Otherwise it goes on with the newest day of the data, unless another is chosen."),
        )
        st.code(drawer.address(scope.as_of if stays else None), language=None, wrap_lines=True)
        share.files(page, scope)
        if st.button(_("Get digests and alerts by mail"), key="digest_open", type="tertiary"):
            drawer.open_(drawer.DIGEST)
            st.rerun()
        if st.button(_("Present"), icon=":material/slideshow:", key="present_on"):
            _present("1")
            st.rerun()


def _presented() -> None:
    """In place of the bar: what is looked at, and the way out."""
    parts.note(wording.in_words(st.session_state["scope"], parts.formats()))
    st.button(
        _("End presentation"), key="present_off", type="tertiary", shortcut="Escape", on_click=_present, args=(None,)
    )
    parts.looks(_PRESENTED)  # a sheet of its own: the frame is hidden while it is there


def _present(how: str | None) -> None:
    st.session_state[PRESENT] = how


def follow_language() -> None:
    """At the beginning, the language that the address asks for: whatever has to be said before anything is chosen."""
    if language.KEY not in st.session_state:
        _seed_language(st.query_params.get(language.KEY))


def choose_language() -> None:
    """The language switch alone, for when there is nothing to choose from yet."""
    _seed_language(st.query_params.get(language.KEY))
    with _row("filter_bar", "stretch"):
        _language_switch()
    _write_url(Choice(language=_language_to_write()))


def address_of(page: str) -> dict[str, str | list[str]]:
    """The query parameters of the way to a page: the filters, and what is the page's own on that page alone."""
    wanted = st.session_state["url_wanted"]
    return {key: value for key, value in wanted.items() if OWNED.get(key, page) == page and key not in _OF_THIS_PAGE}


def is_bare() -> bool:
    """Whether the address holds no filter."""
    return st.session_state["url_wanted"].keys() <= set(_OF_READER)


def to_keep(page: str, is_pinned: bool) -> str:
    """The query of an address that opens this page again as it is: its filters and tab, no list, role or language.

    is_pinned   as of the day that is looked at; else as of the newest, whenever that is
    """
    kept = {key: value for key, value in address_of(page).items() if key not in _OF_READER and key != _AS_OF}
    if tab := st.session_state["url_wanted"].get(tabs.TAB):
        kept[tabs.TAB] = tab
    if is_pinned:
        kept[_AS_OF] = st.session_state["scope"].as_of.isoformat()
    return urlencode(kept, doseq=True)


def of_kept(query: str) -> dict[str, str | list[str]]:
    """The parameters of what was kept so, for whoever opens it: as who they are, in their language."""
    wanted = st.session_state["url_wanted"]
    return {key: wanted[key] for key in _OF_READER if key in wanted} | {
        key: values for key, values in parse_qs(query).items() if key not in _OF_READER
    }


def scope_of_kept(query: str, scope: Scope) -> Scope | None:
    """What was kept so looks at, for the person of a scope; None where nothing of it is theirs to see, or the data no
    longer reach its days."""
    offered, parameters = _offered(scope.person), parse_qs(query)
    choice, unknown = filters.from_url(parameters, offered, scope.person)  # whom a role in it makes no other
    if filters.shows_nothing(parameters, choice) or any(one.startswith(_OF_DAYS) for one in unknown):
        return None
    return filters.to_scope(choice, offered, scope.person)


def meaningless() -> list[str]:
    """What the URL asked for and the data do not know, as `key=value`; told once, on the run that read it."""
    return st.session_state.pop("url_meaningless", [])


def _offered(person: Person) -> Offered:
    """What this person may choose from."""
    return _offered_at(database.state(), database.today(), person)


@lru_cache(maxsize=_MOST_KEPT)
def _offered_at(state: State, today: date, person: Person) -> Offered:
    """The same, put together once for a state of the data: every rerun of every session asks."""
    scope = _of(person)
    first_day, last_day = state.days
    values = ask(organisation.values, scope)
    return Offered(
        first_day=first_day,
        last_day=last_day,
        today=today,
        fiscal_year_start_month=state.fiscal_year_start_month,
        below=_below(ask(organisation.regions, _of(Person("executive")))),
        segments=tuple(values["segment"]),
        owners=tuple(ask(organisation.people, scope)["rep_id"]),
        tracks=("large", "fast", "none"),
        pipelines=tuple(values["pipeline"]),
        products=tuple(values["product"]),
        sources=tuple(values["source"]),
    )


def _of(person: Person) -> Scope:
    """All this person may see."""
    _first_day, last_day = database.state().days
    return Scope(person, Period(last_day, last_day), last_day, last_day)


def _below(regions: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Each region with all under it. In tree order, those under it follow it until one as shallow as it."""
    ids, depths = list(regions["region_id"]), list(regions["depth"])
    below = {}
    for start, depth in enumerate(depths):
        end = start + 1
        while end < len(ids) and depths[end] > depth:
            end += 1
        below[ids[start]] = frozenset(ids[start:end])
    return below


@lru_cache(maxsize=_MOST_KEPT)
def _names_at(_state: State) -> Mapping[str, Mapping[str, str]]:
    """The names behind ids, for `wording.names`; they are everybody's, and nobody may change them."""
    everything = _of(Person("executive"))
    regions, owners = ask(organisation.regions, everything), ask(organisation.people, everything)
    return {
        "region": dict(zip(regions["region_id"], regions["name"], strict=True)),
        "region_depth": dict(zip(regions["region_id"], regions["depth"], strict=True)),
        "owner": dict(zip(owners["rep_id"], owners["name"], strict=True)),
    }


def _follow_url(offered: Offered, signed_in: Person | None) -> None:
    """Where the URL is not the one written last (deep link, back, forward), the widgets follow it; likewise where there
    were none in the run before, for want of data or of the database, or because it was ended before they were drawn."""
    parameters = {key: st.query_params.get_all(key) for key in st.query_params}
    is_known = _state("f_role") != "manager" or _state("f_role_region") in (None, *offered.below)
    first = "f_period" if signed_in else "f_role"  # to be drawn
    if first in st.session_state and _plain(parameters) == st.session_state.get("url_written") and is_known:
        return
    if filters.is_too_long(parameters):
        _refuse([], Choice())
        return
    choice, unknown = filters.from_url(parameters, offered, signed_in)
    if choice.role == "manager":  # who may choose from fewer owners
        offered = _offered(identity.person("manager", choice.role_region))
        choice, unknown = filters.from_url(parameters, offered)
    if filters.shows_nothing(parameters, choice):
        _refuse(unknown, choice)
        return
    st.session_state[_REFUSED] = None
    st.session_state["url_meaningless"] = unknown
    st.session_state.update(_as_widgets(choice, offered))
    _seed_language(choice.language)


def _refuse(unknown: list[str], choice: Choice) -> None:
    st.session_state[_REFUSED] = unknown, filters.to_url(choice)
    st.session_state["url_written"] = None  # the next run looks at the address again


def _as_widgets(choice: Choice, offered: Offered) -> dict:
    """The state of every widget that shows this choice."""
    as_of = choice.as_of or offered.latest
    return {
        "f_role": choice.role,
        "f_role_region": choice.role_region,
        "f_period": choice.preset,
        "f_custom": (choice.start, choice.end) if choice.preset == CUSTOM else None,
        "f_as_of": as_of,
        "f_regions": list(choice.regions),
        "f_segments": list(choice.segments),
        "f_owner": choice.owner,
        "f_track": choice.track,
        "f_pipeline": choice.pipeline,
        "f_product": choice.product,
        "f_source": choice.source,
        "account": choice.account,
        "deal": choice.deal,
        "rep": choice.rep,
        filters.RULE: choice.rule,
        filters.GROUP: choice.group,
        filters.DRAFT: choice.draft,
        filters.TEXT: choice.text,
        tabs.TAB: choice.tab,
        drawer.OPEN: choice.open,
        PRESENT: choice.present,
    }


def _seed_language(asked: str | None) -> None:
    st.session_state[language.KEY] = language.of_address(asked) or language.of_browser(st.context.locale)


def _language_to_write() -> str | None:
    current = st.session_state[language.KEY]
    return None if current == language.of_browser(st.context.locale) else current


def _write_url(choice: Choice) -> None:
    wanted = filters.to_url(choice)
    written = _plain({key: [value] if isinstance(value, str) else value for key, value in wanted.items()})
    if _plain({key: st.query_params.get_all(key) for key in st.query_params}) != written:
        st.query_params.from_dict(wanted)
    st.session_state["url_written"] = written
    st.session_state["url_wanted"] = wanted


def _plain(parameters) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in sorted(parameters.items())}


def _row(key: str, width: Literal["stretch", "content"] = "content") -> DeltaGenerator:
    return st.container(key=key, horizontal=True, vertical_alignment="center", gap="xsmall", width=width)


def _widgets(
    offered: Offered, shown: database.Version, signed_in: Person | None
) -> tuple[Choice, DeltaGenerator, DeltaGenerator]:
    """Every widget, each time: one that is not drawn forgets its value. What a closed popover holds is drawn, too.

    Gives what is chosen, the place for what is to be shared of it, or shown in the frame's stead, and the place for
    what the person keeps.
    """
    is_unfolded = _state("filters_unfolded") or False
    st.button(
        literal.markdown(_("Hide filters") if is_unfolded else _("Filters")),
        icon=":material/tune:",
        key="unfold_filters",
        type="tertiary",
        on_click=partial(st.session_state.update, {"filters_unfolded": not is_unfolded}),
    )
    often = _row("often_unfolded" if is_unfolded else "often")
    rare = st.popover(_("Filter"), icon=":material/add:", key="more_filters", type="tertiary")
    chips = _row("set_filters")
    st.button(
        _("Find anything"),
        icon=":material/search:",
        shortcut="Ctrl+K",
        key="find",
        on_click=drawer.open_,
        args=(SEARCH,),
    )
    kept = st.container(key="kept", width="content")
    # What is shown in the frame's stead stands in the place of what began it, which would take the first Esc.
    place = _row("presenting", "stretch") if _state(PRESENT) else st.container(key="sharing", width="content")
    called = signed_in.name if signed_in else wording.role_name(_state("f_role"))
    person = st.popover(literal.markdown(called), icon=":material/person:", key="person", type="tertiary")
    _language_switch()
    with person:
        if signed_in:
            _signed_in(signed_in)
            role, role_region = Choice.role, None  # which the address leaves out
        else:
            role, role_region = _who(offered)
        parts.note(shown.state.organisation)
        parts.note_version(shown)
    if role == "manager":
        offered = _offered(identity.person(role, role_region))
    visible = offered.regions_of(signed_in) if signed_in else offered.regions_for(role, role_region)
    with often:
        preset, dates = _when(offered)
        regions = _regions(offered, visible)
        names = {rep: wording.owner_name(rep) for rep in offered.owners}
        owner = _one("f_owner", _("Owner"), names, nothing=_("All owners"), bare=True)
    with rare:
        as_of = _as_of(offered)
        choice = Choice(
            role=role,
            role_region=role_region,
            preset=preset,
            start=dates[0] if dates else None,
            end=dates[1] if dates else None,
            as_of=None if as_of == offered.latest else as_of,
            regions=regions,
            segments=_several("f_segments", _("Segment"), _as_they_are(offered.segments)),
            owner=owner,
            track=_one("f_track", _("Track"), {track: wording.track_name(track) for track in offered.tracks}),
            pipeline=_one("f_pipeline", _("Sales pipeline"), _as_they_are(offered.pipelines)),
            product=_one("f_product", _("Product"), _as_they_are(offered.products)),
            source=_one("f_source", _("Source"), _as_they_are(offered.sources)),
        )
    with chips:
        _chips(choice, offered)
    own = {key: _state(key) for key in (*OWNED, *_OF_THIS_PAGE, PRESENT)}
    return replace(choice, **own, language=_language_to_write()), place, kept


def _chips(choice: Choice, offered: Offered) -> None:
    """What is set behind the button: each by its name, gone with a click; for phones what stands in the bar, too."""
    chosen = {
        "f_period": choice.preset != filters.DEFAULT_PRESET and wording.period_name(choice.preset),
        "f_regions": _(", ").join(wording.region_name(region) for region in choice.regions),
        "f_owner": choice.owner and wording.owner_name(choice.owner),
        "f_segments": _(", ").join(choice.segments),
        "f_track": choice.track and wording.track_name(choice.track),
        "f_pipeline": choice.pipeline,
        "f_product": choice.product,
        "f_source": choice.source,
    }
    taken_back: dict[str, Any] = {
        "f_period": filters.DEFAULT_PRESET,
        "f_regions": [],
        "f_segments": [],
        "f_as_of": offered.latest,
    }
    if choice.as_of:
        chosen["f_as_of"] = _("as of {day}").format(day=parts.formats().date(choice.as_of))
    for key, name in chosen.items():
        if name:
            st.button(
                literal.markdown(name),
                icon=":material/close:",
                key=f"without_{key}",
                on_click=partial(st.session_state.update, {key: taken_back.get(key)}),
            )


def _signed_in(person: Person) -> None:
    """Who is signed in, and the way out."""
    parts.note(" · ".join([wording.role_name(person.role), *map(wording.region_name, person.regions or ())]))
    if sign_in.mode() == "oidc" and st.button(_("Sign out"), key="sign_out"):
        sign_in.sign_out()


def _who(offered: Offered) -> tuple[str, str | None]:
    parts.note(_("A demonstration of roles: nobody signs in here."))
    role = st.selectbox(
        _("Role"),
        identity.ROLES,
        index=_position("f_role", identity.ROLES) or 0,
        format_func={role: wording.role_name(role) for role in identity.ROLES}.__getitem__,
        key="f_role",
        help=_("Stands in for signing in: a regional manager sees the own region and all below it."),
    )
    if role != "manager":
        return role, None
    if not offered.below:
        parts.note(_("The data has no regions, so there is nothing to manage."))
        return role, None  # and nothing is shown
    _keep_known("f_role_region", offered.below, instead=next(iter(offered.below)))
    return role, st.selectbox(
        _("Region managed"),
        list(offered.below),
        index=_position("f_role_region", offered.below) or 0,
        format_func=literal.choices(_indented(offered.below).__getitem__),
        key="f_role_region",
    )


def _when(offered: Offered) -> tuple[str, tuple[date, date] | None]:
    periods = wording.period_names()
    preset = st.selectbox(
        _("Period"),
        list(periods),
        index=_position("f_period", periods) or 0,
        format_func=periods.__getitem__,
        key="f_period",
        label_visibility="collapsed",
        width=_WIDTH,
    )
    dates = None
    if preset == CUSTOM:
        if _state("f_custom") is None:  # begin with the period looked at so far
            before = st.session_state["scope"].period
            st.session_state["f_custom"] = (before.start, before.end)
        earliest, latest = filters.bounds(offered)
        picked = st.date_input(
            _("From – to"),
            value=_state("f_custom"),
            key="f_custom",
            min_value=earliest,
            max_value=latest,
            format="YYYY-MM-DD",
            label_visibility="collapsed",
            width=_WIDTH + 60,
        )
        # While the second day is not picked yet, the period is that one day.
        dates = (picked[0], picked[-1]) if picked else (offered.latest, offered.latest)
    return preset, dates


def _as_of(offered: Offered) -> date:
    if not offered.first_day <= (_state("f_as_of") or offered.latest) <= offered.latest:
        st.session_state["f_as_of"] = offered.latest  # the data have been replaced by other
    if _state("f_as_of") == _state("latest_offered") != offered.latest:
        st.session_state["f_as_of"] = offered.latest  # who looked at the end of the data still does
    st.session_state["latest_offered"] = offered.latest
    as_of = st.date_input(
        _("As of"),
        value=_state("f_as_of"),
        key="f_as_of",
        min_value=offered.first_day,
        max_value=offered.latest,
        format="YYYY-MM-DD",
        help=_("The state at the end of this day, rebuilt from the history of the deals."),
    )
    return as_of or offered.latest


def _regions(offered: Offered, visible: frozenset[str]) -> tuple[str, ...]:
    options = [region for region in offered.below if region in visible]
    return _several("f_regions", _("Region"), _indented(options), nothing=_("All regions"), bare=True)


def _several(
    key: str, label: str, names: Mapping[str, str], nothing: str | None = None, bare: bool = False
) -> tuple[str, ...]:
    """A choice of several ids, shown by their names; `nothing`: what is said of none; `bare`: as a chip of the bar."""
    known = [value for value in _state(key) or [] if value in names]
    if known != _state(key):
        st.session_state[key] = known
    return tuple(
        st.multiselect(
            literal.markdown(label),
            list(names),
            default=known,
            format_func=literal.choices(names.__getitem__),
            key=key,
            placeholder=nothing or _("All"),
            disabled=not names,
            wrap=not bare,
            **_shape(bare, 70 * len(known)),
        )
    )


def _one(key: str, label: str, names: Mapping[str, str], nothing: str | None = None, bare: bool = False) -> str | None:
    """A choice of one id, shown by its name, or of none; the rest as above."""
    _keep_known(key, names)
    return st.selectbox(
        literal.markdown(label),
        list(names),
        index=_position(key, names),
        format_func=literal.choices(names.__getitem__),
        key=key,
        placeholder=nothing or _("All"),
        disabled=not names,
        **_shape(bare),
    )


def _shape(bare: bool, more: int = 0) -> dict[str, Any]:
    """How a list of the bar is drawn: wider by so many pixels, twice as wide at most."""
    return {"label_visibility": "collapsed", "width": _WIDTH + min(more, _WIDTH)} if bare else {}


def _language_switch() -> None:
    st.selectbox(
        _("Language"),
        list(language.LANGUAGES),
        index=_position(language.KEY, language.LANGUAGES) or 0,
        format_func=language.LANGUAGES.__getitem__,
        key=language.KEY,
        label_visibility="collapsed",
        width=_WIDTH - 50,
    )


def _keep_known(key: str, options, instead: str | None = None) -> None:
    """A value that is no longer offered (another role, newer data) gives way before its widget is drawn."""
    if _state(key) not in options:
        st.session_state[key] = instead


def _position(key: str, options) -> int | None:
    """Where the chosen value stands among the options; none chosen, none.

    A widget says it twice, by its key and as its default. A browser that draws it shows the default first and what
    the key holds a moment later; whoever clicked elsewhere in between sent the defaults of all filters back.
    """
    return list(options).index(_state(key)) if _state(key) in options else None


def _state(key: str):
    return st.session_state.get(key)


def _indented(region_ids) -> dict[str, str]:
    """Region names, each as far in as it lies deep in the tree."""
    depths = wording.names()["region_depth"]
    return {region: _INDENT * int(depths[region]) + wording.region_name(region) for region in region_ids}


def _as_they_are(values) -> dict[str, str]:
    """Values of the data that are their own names."""
    return {value: value for value in values}
