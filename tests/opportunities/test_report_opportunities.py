"""`report opportunities`, and the opening grid, equal a second, independent computation: on the demo, on random
organisations, and on deals written by hand for what goes wrong. And what pages enter about a deal."""

from datetime import date, datetime

import pytest

from dashboard.answers.opportunities import openings as opened, worth
from dashboard.answers.pipeline import deals, key_actions, losses
from dashboard.metrics.opportunities import worth as metrics
from dashboard.reports import as_text
from data_access import entries, profiles
from data_access.engine import engine
from data_access.errors import NotFound
from data_access.opportunities import openings
from data_access.scope import Period, Person, Scope
from tests.independent.compare import differences
from tests.independent.opportunities.key_actions import rates as key_action_rates
from tests.independent.opportunities.worth import (
    TILES,
    grid,
    key_actions_done,
    losses as computed_losses,
    opportunities as computed,
)
from tests.independent.product import TODAY, load, report
from tests.independent.random.judgements import judged_organisation
from tests.independent.random.organisations import questions, write
from tests.independent.scopes import Asked
from tests.rings import rings

BASE = "CNY"  # the setting a new database starts with
DIRECTOR, NORTH, SOUTH = Person("director", name="Dora"), Person("manager", ("n",)), Person("manager", ("s",))
NOW = datetime(2026, 11, 21, 10, 30)


def ask_of(database):
    return lambda question, scope, *arguments, **named: question(database, scope, *arguments, **named)


def scope(person=DIRECTOR, as_of=TODAY, **filters) -> Scope:
    return Scope(person, Period(as_of, as_of), as_of, TODAY, **filters)


def rows_of(database, *arguments: str) -> dict[str, dict]:
    return {row["opportunity_id"]: row for row in report(database, "opportunities", list(arguments))["rows"]}


# --- the demo organisation ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(demo_url, demo_folder):
    """The demo organisation as a database, and its files."""
    made = engine(demo_url)
    yield made, demo_folder
    made.dispose()


@pytest.mark.parametrize(
    "asked",
    rings(
        [
            Asked(),
            Asked(as_of=date(2025, 6, 30)),
            Asked(manager_of="south", track="large"),
            Asked(regions=("east",), as_of=date(2026, 3, 31)),
        ]
    ),
)
def test_the_demo_equals_the_independent_computation(asked, demo):
    database, folder = demo
    found = report(database, "opportunities", asked.arguments())["rows"]
    assert found and differences(computed(folder, asked, BASE, TODAY), found) == []


@pytest.mark.parametrize("track", rings(["large", "fast"]))
def test_the_grid_of_the_demo_equals_the_independent_computation(track, demo):
    database, folder = demo
    found = opened.grid(ask_of(database), scope(track=track)).cells
    assert found["n"].sum() > 100 and _differences_of_grid(found, folder, Asked(track=track)) == []


def test_the_demo_has_every_quadrant_and_class(demo):
    rows = rows_of(demo[0]).values()
    assert {row["quadrant"] for row in rows} == {"both", "short", "long", "neither", None}
    assert {row["opening"] for row in rows} == {"normal", "problem", "abnormal", None}


def test_a_quadrant_has_as_many_deals_and_as_much_as_the_independent_computation_puts_there(demo):
    database, folder = demo
    amounts = {row["opportunity_id"]: row["amount"] for row in report(database, "deals", [])["rows"]}
    expected = {name: [0, 0] for name in ("both", "short", "long", "neither", None)}
    for row in computed(folder, Asked(), BASE, TODAY):
        expected[row["quadrant"]][0] += 1
        expected[row["quadrant"]][1] += amounts[row["opportunity_id"]] or 0
    found = metrics.by_quadrant(metrics.in_quadrants(worth.valued(ask_of(database), scope()), metrics.CUTS))
    assert as_text.rows(found[["quadrant"]]) == [{"quadrant": name} for name in expected]
    assert found[["deals", "amount"]].to_numpy().tolist() == [pytest.approx(pair) for pair in expected.values()]


def test_cells_and_the_deals_in_none_are_all_open_deals(demo):
    ask = ask_of(demo[0])
    both = [opened.grid(ask, scope(track=track)) for track in ("large", "fast", "none")]
    everything = opened.openings_of(ask, scope())
    assert sum(one.cells["deals"].sum() + one.open_elsewhere for one in both) == len(everything)
    in_cells = everything.dropna(subset=["territory", "position"])
    assert sum(one.cells["amount"].sum() for one in both) == pytest.approx(in_cells["amount"].sum())
    assert len(everything) == len(report(demo[0], "deals", [])["rows"])


# --- lost, given up, key actions ----------------------------------------------------------------------

QUARTER = {"start": date(2026, 7, 1), "end": date(2026, 9, 30)}


@pytest.mark.parametrize("asked", [Asked(track="large", **QUARTER), Asked(track="fast", manager_of="east", **QUARTER)])
def test_losses_and_what_was_given_up_equal_the_independent_computation(asked, demo):
    database, folder = demo
    found = losses.of_period(ask_of(database), scope_of(database, asked))
    ours = computed_losses(folder, asked, BASE, TODAY)
    rows = {row["loss_reason"]: {"deals": row["deals"], "amount": row["amount"]} for row in as_text.rows(found.reasons)}
    assert rows and differences(ours["reasons"], rows) == []
    assert found.reasons["share"].sum() == pytest.approx(1)
    if not asked.manager_of:  # whose regions are compared one level lower
        assert _counts(found.by_region) == ours["by_region"]
    assert _counts(found.by_competitor) == ours["by_competitor"]
    out = found.qualified_out
    assert differences(ours["out"], {"deals": out.deals, "amount": out.amount, "hours": out.hours}) == []
    assert out.lost_hours == pytest.approx(ours["lost_hours"])
    assert out.hours_saved == pytest.approx(out.deals * (ours["lost_hours"] - ours["out"]["hours"]))


def test_a_reason_sums_to_the_deals_it_opens(demo):
    ask, asked = ask_of(demo[0]), scope_of(demo[0], Asked(track="large", **QUARTER))
    for row in losses.of_period(ask, asked).reasons.itertuples():
        behind = deals.deals(ask, asked, "lost", {}, loss_reasons=(row.loss_reason or None,))
        assert (len(behind), behind["amount"].sum()) == (row.deals, pytest.approx(row.amount))
    out = losses.of_period(ask, asked).qualified_out
    behind = deals.deals(ask, asked.but(with_left_out=True), "lost", {}, loss_reasons=("qualified_out",))
    assert (len(behind), behind["amount"].sum()) == (out.deals, pytest.approx(out.amount))


@pytest.mark.parametrize("track", rings(["large", "fast"]))
def test_key_actions_equal_the_independent_computation(track, demo):
    database, folder = demo
    found = key_actions.key_actions_of(ask_of(database), scope(track=track))
    ever = Asked(track=track)
    everything = key_action_rates(folder, Asked(), BASE, TODAY)
    assert read_rates(found.rates) == {action: row for action, row in everything.items() if action[1] == track} != {}
    now = {(row["stage"], row["key_action"]): [row["deals"], row["done"]] for row in as_text.rows(found.of_open)}
    assert now and now == key_actions_done(folder, ever, BASE, TODAY)


def read_rates(rates) -> dict:
    """As the independent computation has them."""
    names = ["done", "done_won", "not_done", "not_done_won", "finding"]
    return {
        (row["pipeline"], row["track"], row["stage"], row["key_action"]): [row[name] for name in names]
        for row in as_text.rows(rates)
    }


def _counts(cells) -> dict:
    return {(row["by"], row["loss_reason"]): row["deals"] for row in as_text.rows(cells)}


def scope_of(database, asked: Asked) -> Scope:
    return as_text.scope(
        ask_of(database), role=f"manager:{asked.manager_of}" if asked.manager_of else "executive", start=asked.start,
        end=asked.end, as_of=asked.as_of, regions=asked.regions, with_left_out=False, track=asked.track,
    )  # fmt: skip


def _differences_of_grid(cells, folder, asked) -> list[str]:
    ours = {f"{place} {who}": row for (place, who), row in grid(folder, asked, BASE, TODAY).items()}
    names = ["deals", "n", "won", "win_rate"]
    theirs = {f"{row['territory']} {row['position']}": {n: row[n] for n in names} for row in as_text.rows(cells)}
    return differences(ours, theirs)


# --- random organisations -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", rings(range(3)))
def test_random_organisations_equal_the_independent_computation(seed, sqlite, tmp_path):
    assert _differences(sqlite, seed, tmp_path) == []


def test_a_random_organisation_equals_it_on_each_database(database, tmp_path):
    assert _differences(database, 101, tmp_path) == []


def _differences(database, seed, tmp_path) -> list[str]:
    folder = write(judged_organisation(seed), tmp_path / "organisation")
    load(database, folder)
    found = []
    for asked in questions(seed, 6):
        lines = differences(
            computed(folder, asked, BASE, TODAY), report(database, "opportunities", asked.arguments())["rows"]
        )
        found += [f"seed {seed} {asked} {line}" for line in lines]
    for track in ("large", "fast", "none"):
        last = Asked(track=track)
        found += _differences_of_grid(opened.grid(ask_of(database), scope_of(database, last)).cells, folder, last)
    return found


# --- deals written by hand ----------------------------------------------------------------------------

HEADS = {
    "region": "region_id name parent_id",
    "account": "account_id name",
    "product": "product category",
    "stage": "pipeline stage position kind",
    "opportunity": "opportunity_id account_id region_id pipeline stage product track amount created_on closed_on",
    "purchase": "account_id year category supplier amount",
    "opening": "opportunity_id position territory assessed_on what_changed",
    "opportunity_score": "opportunity_id question score assessed_on",
}
STAGES = ["sales,open,1,open", "sales,won,2,won", "sales,lost,3,lost"]


def company(database, tmp_path, deals: list[str], **tables: list[str]) -> None:
    """Loads deals `key [region [stage [closed_on]]]` of account a and product pump, and rows of other tables."""
    rows = []
    for deal in deals:
        key, region, stage, closed_on = [*deal.split(), "", "", ""][:4]
        rows.append(f"{key},a,{region or 'n'},sales,{stage or 'open'},pump,large,10,2026-01-05,{closed_on}")
    files = {
        "region": ["n,North,", "s,South,"],
        "account": ["a,Account"],
        "product": ["pump,machines", "valve,parts"],
        "stage": STAGES,
        "opportunity": rows,
    } | tables
    folder = tmp_path / "company"
    folder.mkdir()
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join([HEADS[name].replace(" ", ","), *lines, ""]), encoding="utf-8")
    load(database, folder)


def of(database, key="d", **asked) -> dict:
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in ({"as_of": TODAY} | asked).items()]
    return rows_of(database, *arguments)[key]


def test_all_nine_cells_have_the_class_of_the_method(database, tmp_path):
    method = {
        "ours ahead": "normal", "ours even": "problem", "ours behind": "abnormal",
        "neutral ahead": "normal", "neutral even": "normal", "neutral behind": "normal",
        "theirs ahead": "abnormal", "theirs even": "problem", "theirs behind": "normal",
    }  # fmt: skip
    cells = {f"d{number}": cell.split() for number, cell in enumerate(method)}
    judged = [f"{key},{position},{territory},2026-02-01," for key, (territory, position) in cells.items()]
    company(database, tmp_path, list(cells), opening=judged)
    rows = rows_of(database, f"--as-of={TODAY}").values()
    assert {f"{row['territory']} {row['position']}": row["opening"] for row in rows} == method
    assert [*method.values()].count("normal") == 5 and [*method.values()].count("problem") == 2
    assert openings.CLASSES == TILES


@pytest.mark.parametrize(
    ("ours", "theirs", "territory"),
    [
        ("60.00", "40.00", "ours"),
        ("59.99", "40.01", "neutral"),
        ("60.01", "39.99", "ours"),
        ("40.00", "60.00", "theirs"),
        ("40.01", "59.99", "neutral"),
        ("39.99", "60.01", "theirs"),
        ("0", "0", None),
        ("0", "0.01", "theirs"),
        ("6000000000.01", "4000000000.01", "neutral"),  # a float's share rounds to 60 %
    ],
)
def test_territory_is_counted_at_the_marks_from_both_sides(ours, theirs, territory, sqlite, tmp_path):
    bought = [f"a,2023,machines,us,{ours}", f"a,2025,machines,rival,{theirs}"]
    beside = ["a,2026,machines,us,999", "a,2022,machines,us,999", "a,2025,parts,us,999"]
    company(sqlite, tmp_path, ["d"], opening=["d,ahead,,2026-02-01,"], purchase=[*bought, *beside])
    expected = {"ours": "normal", "neutral": "normal", "theirs": "abnormal", None: None}[territory]
    assert (of(sqlite)["territory"], of(sqlite)["opening"]) == (territory, expected)


def test_what_a_territory_is_counted_from_is_told_by_year_in_units_of_currency(sqlite, tmp_path):
    company(sqlite, tmp_path, ["d"], purchase=["a,2024,machines,us,60.50", "a,2025,machines,rival,40"])
    bought = worth.judged(ask_of(sqlite), scope(), "d").bought
    assert bought[["year", "ours", "whole"]].to_numpy().tolist() == [[2024, 60.5, 60.5], [2025, 0, 40]]


def test_a_judged_territory_stands_before_a_counted_one_and_a_counted_one_without_an_opening(sqlite, tmp_path):
    company(
        sqlite, tmp_path, ["judged", "not"],
        opening=["judged,even,theirs,2026-02-01,"], purchase=["a,2025,machines,us,10"],
    )  # fmt: skip
    judged, counted = of(sqlite, "judged"), of(sqlite, "not")
    assert (judged["territory"], judged["position"], judged["opening"]) == ("theirs", "even", "problem")
    assert (counted["territory"], counted["position"], counted["opening"]) == ("ours", None, None)


def test_without_account_product_or_category_there_is_no_territory(sqlite, tmp_path):
    more = {
        "opportunity": [
            "no-account,,n,sales,open,pump,large,10,2026-01-05,",
            "no-product,a,n,sales,open,,large,10,2026-01-05,",
            "unknown,a,n,sales,open,crane,large,10,2026-01-05,",
            "other,a,n,sales,open,valve,large,10,2026-01-05,",
        ]
    }
    company(sqlite, tmp_path, [], purchase=["a,2025,machines,us,10"], **more)
    assert {row["territory"] for row in rows_of(sqlite, f"--as-of={TODAY}").values()} == {None}


def test_of_several_openings_the_latest_by_the_date_counts(sqlite, tmp_path):
    judged = ["d,ahead,ours,2026-02-01,", "d,behind,ours,2026-05-01,", "d,even,ours,2026-03-01,"]
    company(sqlite, tmp_path, ["d"], opening=judged)
    days = {"2026-01-31": None, "2026-02-01": "ahead", "2026-04-30": "even", "2026-05-01": "behind"}
    assert {day: of(sqlite, as_of=day)["position"] for day in days} == days


def test_values_need_all_their_answers_and_the_cut_line_is_reached_from_it_on(sqlite, tmp_path):
    answers = {
        "both": "4 6 5.2 4.8 5",
        "short": "5 5 5 5 4.99",
        "neither": "4.99 5 0 0 0",
        "half": "5 - 5 5 5",
        "other": "5 5 5 - 5",
    }
    asked = ("one_off_revenue", "quota_effect", "follow_on", "brand", "morale")
    scored = [
        f"{key},{question},{score},2026-02-01"
        for key, scores in answers.items()
        for question, score in zip(asked, scores.split(), strict=True)
        if score != "-"
    ]
    company(sqlite, tmp_path, list(answers), opportunity_score=scored)
    rows = rows_of(sqlite, f"--as-of={TODAY}")
    quadrants = {"both": "both", "short": "short", "neither": "neither", "half": None, "other": None}
    assert {key: row["quadrant"] for key, row in rows.items()} == quadrants
    assert (rows["half"]["short_term"], rows["half"]["long_term"]) == (None, 5)
    assert (rows["other"]["short_term"], rows["other"]["long_term"]) == (5, None)

    lines = {"short_term": 5.0, "long_term": 5.5}
    profiles.publish(sqlite, DIRECTOR, worth.KIND, lines, "Later counts more", based_on=0, at=NOW)
    assert of(sqlite, "both")["quadrant"] == "short"


def test_the_last_opening_dated_before_the_closing_day_counts_for_it(database, tmp_path):
    judged = [
        "before,ahead,ours,2026-02-27,", "before,behind,ours,2026-02-28,", "before,even,ours,2026-03-01,",
        "late,behind,ours,2026-03-01,", "lost,behind,ours,2026-02-01,", "none,ahead,,2026-02-01,",
    ]  # fmt: skip
    closed = ["before n won 2026-03-01", "late n won 2026-03-01", "lost n lost 2026-03-01", "none n won 2026-03-01"]
    company(database, tmp_path, closed, opening=judged)
    found = opened.grid(ask_of(database), scope(track="large"))
    cells = found.cells.set_index(["territory", "position"])
    assert cells.loc[("ours", "behind"), ["n", "won"]].tolist() == [2, 1]
    assert cells["n"].sum() == 2 and found.closed_elsewhere == 1
    assert dict(zip(found.classes["opening"], found.classes["n"], strict=True)) == {
        "normal": 0, "problem": 0, "abnormal": 2
    }  # fmt: skip
    earlier = opened.grid(ask_of(database), scope(track="large", as_of=date(2026, 2, 28)))
    assert earlier.cells["n"].sum() == 0 and earlier.cells["deals"].sum() == 2


def test_a_manager_sees_the_deals_of_their_regions_only(sqlite, tmp_path):
    company(sqlite, tmp_path, ["d", "e s"], opening=["d,ahead,ours,2026-02-01,", "e,behind,ours,2026-02-01,"])
    assert set(rows_of(sqlite, "--role=manager:n", f"--as-of={TODAY}")) == {"d"}
    assert opened.grid(ask_of(sqlite), scope(SOUTH, track="large")).cells["deals"].sum() == 1
    openings.bought(sqlite, scope(NORTH), "d")
    with pytest.raises(NotFound):
        openings.bought(sqlite, scope(SOUTH), "d")


# --- entries ------------------------------------------------------------------------------------------


def enter(database, person=DIRECTOR, key="d", at=NOW, **row) -> tuple[str, ...]:
    return entries.enter(database, person, "opening", key, [{"assessed_on": TODAY} | row], at=at)


def test_an_entry_of_the_day_replaces_the_imported_one_until_it_is_taken_back(database, tmp_path):
    company(database, tmp_path, ["d"], opening=[f"d,ahead,ours,{TODAY},"])
    first = enter(database, position="even", territory="ours")
    second = enter(database, position="behind", territory="neutral", at=NOW.replace(hour=11))
    assert (of(database)["position"], of(database)["opening"]) == ("behind", "normal")
    entries.withdraw(database, DIRECTOR, "opening", "d", second, at=NOW)
    assert (of(database)["position"], of(database)["opening"]) == ("even", "problem")
    entries.withdraw(database, DIRECTOR, "opening", "d", first, at=NOW)
    assert of(database)["position"] == "ahead"


@pytest.mark.parametrize(
    ("row", "is_refused"),
    [
        ({"position": "behind", "territory": "ours"}, True),
        ({"position": "ahead", "territory": "theirs"}, True),
        ({"position": "behind", "territory": "ours", "what_changed": "  "}, True),
        ({"position": "behind", "territory": "ours", "what_changed": "A new CIO"}, False),
        ({"position": "behind"}, True),  # counted: ours
        ({"position": "behind", "assessed_on": date(2025, 6, 1)}, False),  # the purchases of 2025 do not count yet
        ({"position": "even", "territory": "ours"}, False),
    ],
)
def test_an_abnormal_opening_is_entered_with_what_changed_or_not_at_all(row, is_refused, database, tmp_path):
    company(database, tmp_path, ["d"], purchase=["a,2025,machines,us,60", "a,2025,machines,rival,40"])
    if is_refused:
        with pytest.raises(entries.NotValid) as refusal:
            enter(database, **row)
        assert (refusal.value.rule, refusal.value.column) == ("abnormal", "what_changed")
        assert of(database)["position"] is None
    else:
        enter(database, **row)
        assert of(database)["position"] == row["position"]


def test_an_abnormal_opening_without_an_explanation_is_named(sqlite, tmp_path):
    judged = ["told,behind,ours,2026-02-01,A new CIO", "untold,behind,ours,2026-02-01,", "fine,even,ours,2026-02-01,"]
    company(sqlite, tmp_path, ["told", "untold", "fine"], opening=judged)
    found = opened.openings_of(ask_of(sqlite), scope()).set_index("opportunity_id")["is_change_missing"]
    assert found.to_dict() == {"told": False, "untold": True, "fine": False}
