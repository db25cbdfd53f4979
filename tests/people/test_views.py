"""Views that people keep: by whom they are seen, what is refused, where one begins, and whose numbers they open."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from data_access.engine import rows_of
from data_access.errors import NotFound, Refused
from data_access.people import views
from data_access.people.kept import EVERYONE, NotKept
from data_access.schema import audit_event
from data_access.scope import Person
from tests.pages import opened, said

AT = datetime(2026, 11, 21, 9)
ANN = Person("manager", ("n",), name="Ann", email="ann@example.com")
NAMESAKE = Person("manager", ("n",), name="Ann", email="ann.lee@example.com")
DORA = Person("director", name="Dora", email="dora@example.com")


def names(database, person: Person) -> list[str]:
    return [view.name for view in views.views(database, person)]


def save(database, person: Person, name: str, shared_with: str | None = None, query: str = "track=large") -> int:
    return views.save(database, person, name, "pipeline", query, shared_with, at=AT)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_a_view_is_seen_by_whom_it_is_for_and_changed_by_whose_it_is(database):
    save(database, ANN, "mine")
    shared = save(database, ANN, "ours", "manager")
    [directors] = [save(database, DORA, name, "director") for name in ["among directors"]]
    save(database, DORA, "for all", EVERYONE)
    assert names(database, ANN) == ["mine", "ours", "for all"]
    assert names(database, NAMESAKE) == ["for all", "ours"]
    assert names(database, DORA) == ["among directors", "for all", "ours"]  # who looks after whatever is shared
    assert names(database, Person("executive")) == ["for all"]
    for one in (shared, directors, 99):
        with pytest.raises(NotFound, match=f"no view {one} of yours"):
            views.change(database, NAMESAKE, one, "stolen", None, at=AT)
        with pytest.raises(NotFound, match=f"no view {one} of yours"):
            views.delete(database, NAMESAKE, one, at=AT)
        with pytest.raises(NotFound, match=f"no view {one} of yours"):
            views.begin_with(database, NAMESAKE, one, at=AT)
    views.change(database, ANN, shared, " ours  alone ", None, at=AT)
    assert names(database, NAMESAKE) == ["for all"] and "ours alone" in names(database, ANN)
    again = save(database, ANN, "ours", "executive")
    views.delete(database, DORA, again, at=AT)
    with pytest.raises(NotFound):
        views.delete(database, DORA, shared, at=AT)  # shared no more
    assert names(database, ANN) == ["mine", "ours alone", "for all"]
    noted = rows_of(database, sa.select(audit_event.c.by, audit_event.c.action, audit_event.c.subject))
    assert ("Ann", "change_view", f"view {shared}") in noted and ("Dora", "delete_view", f"view {again}") in noted


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_what_cannot_be_kept_is_refused_with_its_reason_and_nothing_is_lost(database, monkeypatch):
    first = save(database, ANN, "mine")
    second = save(database, ANN, "other")
    for name, rule in (("", "missing"), (" \n", "missing"), ("x" * 61, "text"), ("a\0b", "text"), ("mine", "taken")):
        with pytest.raises(NotKept) as refused:
            save(database, ANN, name)
        assert refused.value.rule == rule
    with pytest.raises(NotKept) as refused:
        views.change(database, ANN, second, "mine", None, at=AT)
    assert refused.value.rule == "taken"
    with pytest.raises(Refused, match="nobody to share with"):
        save(database, ANN, "for whom", "rep")
    save(database, NAMESAKE, "mine")  # each has names of their own
    monkeypatch.setattr(views, "MOST", 2)
    with pytest.raises(NotKept) as refused:
        save(database, ANN, "one more")
    assert refused.value.rule == "many"
    views.begin_with(database, ANN, first, at=AT)
    views.begin_with(database, ANN, second, at=AT)
    with pytest.raises(NotFound):
        views.begin_with(database, ANN, 99, at=AT)
    assert [(view.name, view.is_start) for view in views.views(database, ANN)] == [("mine", False), ("other", True)]
    assert views.start(database, ANN).view_id == second and views.start(database, NAMESAKE) is None
    views.begin_with(database, ANN, None, at=AT)
    assert views.start(database, ANN) is None


@pytest.mark.writes
def test_one_begins_where_one_chose_to_once_and_as_who_one_is(demo):
    director = Person("director")
    kept = views.save(demo, director, "slow", "definitions", "tab=pipeline&track=large&role=executive", None, at=AT)
    views.begin_with(demo, director, kept, at=AT)
    app = opened(role="director")
    assert app.title[0].value == "Definitions"
    assert app.session_state["url_wanted"] == {"role": "director", "track": "large", "tab": "pipeline"}
    app.switch_page("../pages/overview.py").run()
    assert app.title[0].value == "Overview"
    assert opened(role="director", track="fast").title[0].value == "Overview"  # an address with filters is meant


@pytest.mark.writes
def test_a_view_of_regions_one_may_not_see_opens_nothing_of_them(demo):
    views.save(demo, Person("executive"), "West", "definitions", "region=west&as_of=2026-10-15", EVERYONE, at=AT)
    views.save(demo, Person("executive"), "Both", "definitions", "region=west&region=east", EVERYONE, at=AT)
    app = opened("definitions.py", popover="views", role="manager:east")
    ways = {
        link.proto.label: link.proto.query_string for link in app.get("page_link") if "Executive" in link.proto.label
    }
    assert list(ways) == ["Both · Executive", "West · Executive"]
    assert all("role=manager%3Aeast" in way for way in ways.values())
    app = opened("definitions.py", role="manager:east", region="west", as_of="2026-10-15")
    assert "The address asks for what you may not see or what does not exist: region=west" in said(app)
    app = opened("definitions.py", role="manager:east", region=["west", "east"])
    assert app.session_state["scope"].regions == ("east",)


@pytest.mark.writes
def test_a_page_is_kept_in_the_bar_and_refused_in_the_readers_language(demo, subtests):
    for language, told in (("en", "Nothing was saved. The name is missing."), ("zh", "未保存。请填写名称。")):
        with subtests.test(language=language):
            asked = {"tab": "team", "track": "large", "open": "definition:won_amount"}
            app = opened("definitions.py", language, popover="views", **asked)
            app.button(key="view_save").click().run()
            assert told in said(app)
    app.text_input(key="view_new_0").set_value("大项目").run()
    app.session_state["view_new_day_0_2026-11-21"] = True
    app.button(key="view_save").click().run()
    [view] = views.views(demo, Person("executive"))
    assert (view.name, view.page, view.query) == ("大项目", "definitions", "track=large&tab=team&as_of=2026-11-21")


@pytest.mark.parametrize("shown_from", ["demo"], indirect=True)
def test_the_address_shared_follows_the_day_or_stays_at_it(shown_from):
    app = opened("definitions.py", popover="share", track="large")
    assert [code.value for code in app.code] == ["?track=large"]
    app.checkbox(key="share_stays").check().run()
    assert [code.value for code in app.code] == ["?track=large&as_of=2026-11-21"]
