"""The views that people keep, in the bar: a page with its filters under a name, one's own and those of others."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from dashboard import database
from dashboard.ask import own_of, write
from dashboard.frame import bar, parts, trouble, wording
from dashboard.frame.filters import chosen
from dashboard.words import literal
from dashboard.words.language import _
from data_access.errors import Refused
from data_access.people import kept, views
from data_access.people.kept import NotKept
from data_access.people.views import View
from data_access.scope import Scope

_HERE = "overview"  # the path of the page at the root of the address, which itself has none
_OPEN = "views"  # of the session's state: whether the popover is open
_CHANGED = "view_changed"  # likewise: the id of the view that is being renamed or deleted
_NOBODY = "nobody"
_SAVED = "view_saved"  # likewise: how often something was saved, so that its fields begin anew
_BEGUN = "has_begun"  # likewise: whether the person has been led to where they begin


def by_path(areas: Mapping[str, list]) -> dict[str, Any]:
    """The pages of the product by their paths."""
    return {page.url_path or _HERE: page for under in areas.values() for page in under}


def begin(page, areas: Mapping[str, list]) -> None:
    """Leads whoever comes to the address without page or filters to the view they begin with, once in a session."""
    if st.session_state.get(_BEGUN):
        return
    st.session_state[_BEGUN] = True
    if page.url_path or not bar.is_bare():
        return
    view = own_of(views.start, chosen())
    if view is not None and view.page in by_path(areas):
        st.switch_page(by_path(areas)[view.page], query_params=bar.of_kept(view.query))


@parts.fragment
def draw(page, areas: Mapping[str, list]) -> None:
    """The button, and behind it, once it is open, what is kept and the way to keep what is open now."""
    popover = st.popover(_("Views"), icon=":material/bookmark:", key=_OPEN, type="tertiary", on_change="rerun")
    if not popover.open:
        return
    with popover, st.container(key="views_kept", gap="xsmall"):
        scope = chosen()
        found = own_of(views.views, scope)
        _listed(_("Your views"), [view for view in found if view.is_own], areas, scope)
        _listed(_("Shared views"), [view for view in found if not view.is_own], areas, scope)
        _keep(page, scope)


def _listed(title: str, found: list[View], areas: Mapping[str, list], scope: Scope) -> None:
    if found:
        parts.heading(title)
    pages = by_path(areas)
    for view in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"view_{view.view_id}"):
            _way(view, pages.get(view.page))
            if view.is_own or scope.person.role == "director":
                st.button(
                    literal.markdown(_("Change {name}").format(name=view.name)),
                    icon=":material/edit:",
                    key=f"view_change_{view.view_id}",
                    type="tertiary",
                    on_click=partial(st.session_state.update, {_CHANGED: view.view_id}),
                )
        if st.session_state.get(_CHANGED) == view.view_id:
            _change(view, scope)


def _way(view: View, page) -> None:
    """The link that opens it; by whom it is, or with whom it is shared, beside."""
    beside = shared_names()[view.shared_with] if view.shared_with else ""
    if not view.is_own:
        beside = wording.who(view.saved_by)
    if view.is_start:
        beside = " · ".join(filter(None, (_("start page"), beside)))
    told = " · ".join(filter(None, (view.name, beside)))
    if page is None:
        parts.note(_("{name}: its page is no more").format(name=view.name))
    else:
        st.page_link(page, label=literal.markdown(told), query_params=bar.of_kept(view.query))


def _change(view: View, scope: Scope) -> None:
    """Another name or another company for one's own view, where one begins, and its end."""
    with st.container(border=True, gap="small", key="view_changing"):
        if view.is_own:
            name = _name(view.name, f"view_name_{view.view_id}")
            shared_with = shared(view.shared_with, f"view_shared_{view.view_id}")
            begins = st.checkbox(_("Begin here"), value=view.is_start, key=f"view_start_{view.view_id}")
        with st.container(horizontal=True, gap="small"):
            if view.is_own and st.button(_("Save"), key="view_save_change", type="primary"):
                _changed(scope, view, name, shared_with, begins)
            if st.button(_("Delete"), key="view_delete"):
                _told(lambda: write(views.delete, scope, view.view_id, at=database.now()))
            if st.button(_("Cancel"), key="view_cancel", type="tertiary"):
                _told(lambda: None)


def _changed(scope: Scope, view: View, name: str, shared_with: str | None, begins: bool) -> None:
    def entered() -> None:
        write(views.change, scope, view.view_id, name, shared_with, at=database.now())
        if begins != view.is_start:
            write(views.begin_with, scope, view.view_id if begins else None, at=database.now())

    _told(entered)


def _keep(page, scope: Scope) -> None:
    """The form that keeps what is open now."""
    parts.heading(_("Keep this page with its filters"))
    turn = st.session_state.get(_SAVED, 0)
    name = _name("", f"view_new_{turn}")
    shared_with = shared(None, f"view_new_shared_{turn}")
    day = parts.formats().date(scope.as_of)
    ways = {False: _("Follow the newest day"), True: _("Stay at {day}").format(day=day)}
    is_pinned = st.segmented_control(
        _("Day"),
        list(ways),
        default=scope.as_of < scope.last_day,
        required=True,
        format_func=literal.options(ways.__getitem__),
        key=f"view_new_day_{turn}_{scope.as_of}",
    )
    if not st.button(_("Save view"), key="view_save", type="primary"):
        return
    query = bar.to_keep(page.url_path, bool(is_pinned))
    _told(lambda: write(views.save, scope, name, page.url_path or _HERE, query, shared_with, at=database.now()))


def _told(entered: Callable[[], object]) -> None:
    """Does it, and begins the list anew; or says why not, and all that was typed stays."""
    try:
        entered()
    except Refused as refused:
        parts.notice(_("Nothing was saved. {why}").format(why=in_words(refused)))
        return
    st.session_state[_CHANGED] = None
    st.session_state[_SAVED] = st.session_state.get(_SAVED, 0) + 1
    st.rerun(scope="fragment")


def _name(held: str, key: str) -> str:
    return st.text_input(_("Name"), value=held, max_chars=kept.LONGEST_NAME, key=key)


def shared(held: str | None, key: str) -> str | None:
    """With whom something is shared."""
    names = shared_names()
    chosen_one = st.selectbox(
        _("Shared with"),
        list(names),
        index=list(names).index(held or _NOBODY),
        format_func=literal.choices(names.__getitem__),
        key=key,
    )
    return None if chosen_one == _NOBODY else chosen_one


def shared_names() -> dict[str, str]:
    """Those with whom something may be shared."""
    return {
        _NOBODY: _("Only me"),
        "executive": _("Executives"),
        "director": _("Directors"),
        "manager": _("Regional managers"),
        kept.EVERYONE: _("Everybody"),
    }


def in_words(refused: Refused) -> str:
    """Why something cannot be kept, in the reader's language."""
    if not isinstance(refused, NotKept):
        return trouble.in_words(refused)
    return {
        "missing": _("The name is missing. Give one."),
        "text": _("A text is too long, or holds a character that cannot be kept."),
        "taken": _("You have one of that name. Choose another, or delete that one."),
        "many": _("You have as many as can be kept. Delete one first."),
        "overtaken": _("You changed it elsewhere meanwhile. Look at it as it is now, then try again."),
    }[refused.rule]
