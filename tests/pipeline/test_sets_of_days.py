"""A question about several days at once answers as if it were asked of each alone."""

from datetime import date

import pandas as pd
import pytest

from data_access.forecast import looks
from data_access.forecast.looks import Sight
from data_access.pipeline import closing, funnel, targets
from data_access.scope import Moment, Period, Person, Scope
from tests.independent.product import TODAY, load
from tests.independent.random import organisations
from tests.rings import rings

MOMENTS = (
    Moment(date(2026, 10, 1), date(2026, 12, 31), TODAY),
    Moment(date(2026, 7, 1), date(2026, 9, 30), TODAY),
    Moment(date(2026, 7, 1), date(2026, 9, 30), date(2026, 8, 17)),
    Moment(date(2027, 1, 1), date(2027, 3, 31), TODAY),  # not begun
    Moment(date(2024, 12, 12), date(2026, 2, 3), date(2026, 2, 3)),
)
SIGHTS = (
    Sight(TODAY, date(2026, 10, 1)),
    Sight(date(2026, 3, 3), date(2026, 1, 1), (date(2026, 3, 31),)),
    Sight(date(2026, 3, 3), date(2026, 4, 1), (date(2026, 6, 30), date(2026, 9, 30))),
    Sight(date(2025, 8, 1), date(2025, 7, 1), (date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31))),
)
# Each with what it is grouped by.
OF_MOMENTS = (
    *((closing.closed_totals, groups) for groups in (("track",), ("region", "kind"))),
    *((closing.created_totals, groups) for groups in (("track",), ("owner",))),
    *((closing.won_amounts, ("track",)), (closing.won_cycles, ("segment",))),
    *((funnel.open_totals, groups) for groups in (("track",), ("region",))),
    *((targets.target_totals, groups) for groups in ((), ("month",))),
)


@pytest.mark.parametrize("seed", rings((4, 1, 8)))
def test_days_together_are_the_days_alone(seed, database, tmp_path, subtests):
    made = organisations.organisation(seed)
    load(database, organisations.write(made, tmp_path / "files"), may_reject=tuple(organisations.HEADERS))
    everybody = Scope(Person("executive"), Period(TODAY, TODAY), TODAY, TODAY)
    region = made["region"][0]["region_id"]
    for scope in (everybody, everybody.but(regions=(region,), with_left_out=True)):
        for question, groups in OF_MOMENTS:
            together = question(database, scope, groups, MOMENTS)
            assert question is targets.target_totals or len(together) > 1
            for place, (start, end, as_of) in enumerate(MOMENTS):
                with subtests.test(question=question.__name__, groups=groups, moment=place, regions=scope.regions):
                    alone = question(database, scope.but(period=Period(start, end), as_of=as_of), groups)
                    assert_same(together, "moment", place, alone)
        by_day = closing.won_by_day(database, scope, MOMENTS)
        accounts = closing.accounts_won(database, scope, MOMENTS)
        won = looks.wins(database, scope, MOMENTS, ("region",))
        for place, (start, end, as_of) in enumerate(MOMENTS):
            then = scope.but(period=Period(start, end), as_of=as_of)
            assert_same(by_day, "moment", place, closing.won_by_day(database, then))
            assert accounts[place] == set(closing.won_by_account(database, then)["account_id"].dropna())
            alone = closing.closed_totals(database, then, ())
            assert won.loc[won["moment"] == place, "deals"].sum() == alone.loc[alone["outcome"] == "won", "deals"].sum()
        standing = looks.standing(database, scope, SIGHTS, ("owner",))
        for place, sight in enumerate(SIGHTS):
            alone = looks.standing(database, scope, (sight,), ("owner",))
            assert_same(standing[alone.columns], "sight", place, alone.drop(columns="sight"))


def assert_same(together: pd.DataFrame, whose: str, place: int, alone: pd.DataFrame) -> None:
    of_one = together[together[whose] == place].drop(columns=whose).reset_index(drop=True)
    pd.testing.assert_frame_equal(of_one, alone, check_dtype=False)
