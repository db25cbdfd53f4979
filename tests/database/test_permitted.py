"""The first wall: no question reaches beyond the person's regions, and a key one may not see is a key of nothing."""

import logging
from datetime import date

import pytest

from dashboard.answers import asking
from data_access import organisation, search
from data_access.accounts import one_account
from data_access.engine import reading
from data_access.errors import NotFound
from data_access.opportunities import one_deal
from data_access.permitted import must_see
from data_access.pipeline import funnel
from data_access.reps import one_rep
from data_access.scope import Period, Person, Scope
from tests.folders import write_folder
from tests.independent.product import load

DAY = date(2026, 11, 21)
NORTH = Person("manager", ("n",), name="Nora")
FILES = {
    "region": "region_id,name,parent_id\ng,Group,\nn,North,g\nn1,Northern,n\ns,South,g\n",
    "rep": "rep_id,name,region_id\nr1,Ann,n1\nr2,Bob,s\n",
    "account": "account_id,name,industry,owner_id,region_id\nc1,Coal,mining,r1,n1\nc2,Copper,mining,r2,s\n",
}  # d1 is in the north, by its owner; d2 and d3 are in the south


@pytest.fixture
def database(sqlite, tmp_path):
    load(sqlite, write_folder(tmp_path / "files", FILES))
    return sqlite


def looking(person: Person, *regions: str) -> Scope:
    return Scope(person, Period(date(2026, 1, 1), DAY), DAY, DAY, regions=regions)


def test_a_question_about_regions_that_are_not_the_persons_is_refused_and_logged(database, caplog, subtests):
    ask = asking(database)
    assert len(ask(funnel.stages, looking(NORTH, "n1")))
    for asked in (("s",), ("g",), ("n1", "s"), ("nowhere",), ("n\nforged line",)):
        caplog.clear()
        with subtests.test(asked=asked), caplog.at_level(logging.WARNING):
            with pytest.raises(NotFound, match="There is no region '.*' that you can see"):
                ask(funnel.stages, looking(NORTH, *asked))
            [said] = caplog.messages
            assert "Nora" in said and repr(asked[-1]) in said and "\n" not in said
    with pytest.raises(NotFound):
        ask(funnel.stages, looking(Person("executive"), "nowhere"))
    assert len(ask(funnel.stages, looking(Person("executive"), "s")))


def test_what_one_may_not_see_answers_exactly_as_what_does_not_exist(database, subtests):
    with reading(database) as connection:
        for column, elsewhere in (
            ("account_id", "c2"),
            ("opportunity_id", "d2"),
            ("rep_id", "r2"),
            ("region_id", "s"),
            ("region_id", "g"),
        ):
            with subtests.test(column=column, key=elsewhere):
                told = []
                for key in (elsewhere, "zz"):
                    with pytest.raises(NotFound) as refused:
                        must_see(connection, NORTH, column, key)
                    told.append((type(refused.value), str(refused.value).replace(repr(key), "KEY")))
                assert told[0] == told[1]
    for question, key in ((one_account.facts, "c2"), (one_deal.facts, "d2"), (one_rep.facts, "r2")):
        with subtests.test(question=question), pytest.raises(NotFound):
            question(database, looking(NORTH), key)


def test_search_finds_nothing_elsewhere_be_it_by_its_key(database, subtests):
    for kind, own, elsewhere in (("account", "c1", "c2"), ("deal", "d1", "d2"), ("rep", "r1", "r2")):
        with subtests.test(kind=kind):
            assert list(search.hits(database, looking(NORTH), kind, own, 9)["key"]) == [own]
            assert search.hits(database, looking(NORTH), kind, elsewhere, 9).empty
            assert list(search.hits(database, looking(Person("executive")), kind, elsewhere, 9)["key"]) == [elsewhere]


def test_a_report_names_no_region_but_the_persons(database):
    ask, scope = asking(database), looking(NORTH)
    told = []
    for name in ("South", "s", "Nowhere"):
        with pytest.raises(Exception) as refused:
            organisation.region_ids(database, scope, (name,))
        told.append(str(refused.value).replace(repr(name), "NAME"))
    assert len(set(told)) == 1 and "South" not in told[0]
    assert list(ask(organisation.regions, scope)["region_id"]) == ["n", "n1"]
