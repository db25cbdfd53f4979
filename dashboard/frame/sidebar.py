"""The sidebar: who asks, the shared filters, the language; kept equal to the URL in both directions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import database
from dashboard.ask import ask
from dashboard.frame import drawer, filters, identity, parts, tabs, wording
from dashboard.frame.filters import CUSTOM, Choice, Offered
from dashboard.words import language, literal
from dashboard.words.language import _
from data_access import organisation
from data_access.scope import Period, Person, Scope

# Parameters that belong to one page, by its path in the address.
OWNED = {"account": "account", "deal": "opportunities", "rep": "rep"}
# Those that the way to another page leaves behind, or names anew.
_OF_THIS_PAGE = (tabs.TAB, drawer.OPEN)

_INDENT = "\u2003"  # an em space: ordinary leading spaces collapse in a menu


def choose() -> None:
    """Draws the sidebar and puts the scope and the names behind ids in the session, for the pages."""
    offered = _offered(Person("executive"))
    _remember_names()
    _follow_url(offered)
    with st.sidebar:
        choice = _widgets(offered)
    _write_url(choice)
    st.session_state["scope"] = filters.to_scope(choice, offered)


def follow_language() -> None:
    """At the beginning, the language that the address asks for: whatever has to be said before anything is chosen."""
    if language.KEY not in st.session_state:
        _seed_language(st.query_params.get(language.KEY))


def choose_language() -> None:
    """The language switch alone, for when there is nothing to choose from yet."""
    _seed_language(st.query_params.get(language.KEY))
    with st.sidebar:
        _language_switch()
    _write_url(Choice(language=_language_to_write()))


def address_of(page: str) -> dict[str, str | list[str]]:
    """The query parameters of the way to a page: the filters, and what is the page's own on that page alone."""
    wanted = st.session_state["url_wanted"]
    return {key: value for key, value in wanted.items() if OWNED.get(key, page) == page and key not in _OF_THIS_PAGE}


def meaningless() -> list[str]:
    """What the URL asked for and the data do not know, as `key=value`; told once, on the run that read it."""
    return st.session_state.pop("url_meaningless", [])


def _offered(person: Person) -> Offered:
    """What this person may choose from."""
    state, scope = database.state(), _of(person)
    first_day, last_day = state.days
    values = ask(organisation.values, scope)
    return Offered(
        first_day=first_day,
        last_day=last_day,
        today=database.today(),
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


def _remember_names() -> None:
    everything = _of(Person("executive"))
    regions, owners = ask(organisation.regions, everything), ask(organisation.people, everything)
    st.session_state["names"] = {
        "region": dict(zip(regions["region_id"], regions["name"], strict=True)),
        "region_depth": dict(zip(regions["region_id"], regions["depth"], strict=True)),
        "owner": dict(zip(owners["rep_id"], owners["name"], strict=True)),
    }


def _follow_url(offered: Offered) -> None:
    """Where the URL is not the one written last (deep link, back, forward), the widgets follow it."""
    parameters = {key: st.query_params.get_all(key) for key in st.query_params}
    if _plain(parameters) == st.session_state.get("url_written"):
        return
    choice, unknown = filters.from_url(parameters, offered)
    if choice.role == "manager":  # who may choose from fewer owners
        offered = _offered(identity.person("manager", choice.role_region))
        choice, unknown = filters.from_url(parameters, offered)
    st.session_state["url_meaningless"] = unknown
    st.session_state.update(_as_widgets(choice, offered))
    _seed_language(choice.language)


def _as_widgets(choice: Choice, offered: Offered) -> dict:
    """The state of every widget that shows this choice."""
    scope = filters.to_scope(choice, offered)
    return {
        "f_role": choice.role,
        "f_role_region": choice.role_region,
        "f_period": choice.preset,
        "f_custom": (choice.start, choice.end) if choice.preset == CUSTOM else None,
        "f_as_of": scope.as_of,
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
        tabs.TAB: choice.tab,
        drawer.OPEN: choice.open,
    }


def _seed_language(asked: str | None) -> None:
    known = asked if asked in language.LANGUAGES else language.of_browser(st.context.locale)
    st.session_state[language.KEY] = known


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


def _widgets(offered: Offered) -> Choice:
    role, role_region = _who(offered)
    if role == "manager":
        offered = _offered(identity.person(role, role_region))
    preset, dates, as_of = _when(offered)
    choice = Choice(
        role=role,
        role_region=role_region,
        preset=preset,
        start=dates[0] if dates else None,
        end=dates[1] if dates else None,
        as_of=None if as_of == offered.latest else as_of,
        regions=_regions(offered, role, role_region),
        segments=tuple(_several("f_segments", _("Segment"), _as_they_are(offered.segments))),
        owner=_one("f_owner", _("Owner"), {rep: wording.owner_name(rep) for rep in offered.owners}),
        track=_one("f_track", _("Track"), {track: wording.track_name(track) for track in offered.tracks}),
        pipeline=_one("f_pipeline", _("Sales pipeline"), _as_they_are(offered.pipelines)),
    )
    with st.expander(_("Product and source"), expanded=bool(_state("f_product") or _state("f_source"))):
        choice = replace(
            choice,
            product=_one("f_product", _("Product"), _as_they_are(offered.products)),
            source=_one("f_source", _("Source"), _as_they_are(offered.sources)),
        )
    _language_switch()
    own = {key: _state(key) for key in (*OWNED, *_OF_THIS_PAGE)}
    return replace(choice, **own, language=_language_to_write())


def _who(offered: Offered) -> tuple[str, str | None]:
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
        return "executive", None
    _keep_known("f_role_region", offered.below, instead=next(iter(offered.below)))
    return role, st.selectbox(
        _("Region managed"),
        list(offered.below),
        index=_position("f_role_region", offered.below) or 0,
        format_func=literal.choices(_indented(offered.below).__getitem__),
        key="f_role_region",
    )


def _when(offered: Offered) -> tuple[str, tuple[date, date] | None, date]:
    periods = wording.period_names()
    preset = st.selectbox(
        _("Period"),
        list(periods),
        index=_position("f_period", periods) or 0,
        format_func=periods.__getitem__,
        key="f_period",
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
        )
        # While the second day is not picked yet, the period is that one day.
        dates = (picked[0], picked[-1]) if picked else (offered.latest, offered.latest)
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
    return preset, dates, as_of or offered.latest


def _regions(offered: Offered, role: str, role_region: str | None) -> tuple[str, ...]:
    visible = offered.regions_for(role, role_region)
    options = [region for region in offered.below if region in visible]
    return tuple(_several("f_regions", _("Region"), _indented(options)))


def _several(key: str, label: str, names: Mapping[str, str]) -> list[str]:
    """A choice of several ids, shown by their names."""
    known = [value for value in _state(key) or [] if value in names]
    if known != _state(key):
        st.session_state[key] = known
    return st.multiselect(
        literal.markdown(label),
        list(names),
        default=known,
        format_func=literal.choices(names.__getitem__),
        key=key,
        placeholder=_("All"),
        disabled=not names,
    )


def _one(key: str, label: str, names: Mapping[str, str]) -> str | None:
    """A choice of one id, shown by its name, or of none."""
    _keep_known(key, names)
    return st.selectbox(
        literal.markdown(label),
        list(names),
        index=_position(key, names),
        format_func=literal.choices(names.__getitem__),
        key=key,
        placeholder=_("All"),
        disabled=not names,
    )


def _language_switch() -> None:
    st.selectbox(
        _("Language"),
        list(language.LANGUAGES),
        index=_position(language.KEY, language.LANGUAGES) or 0,
        format_func=language.LANGUAGES.__getitem__,
        key=language.KEY,
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
