"""What forecasts are learnt from, taken apart."""

from datetime import date

import pandas as pd
from pandas.testing import assert_frame_equal

from dashboard.metrics.forecast.outlook import Course, Look, Whole

QUARTER = (date(2026, 1, 1), date(2026, 3, 31))


def frame(*regions: str | None) -> pd.DataFrame:
    return pd.DataFrame({"region": regions, "deals": range(1, len(regions) + 1)}, columns=["region", "deals"])


def test_the_parts_of_a_course_are_its_rows_by_their_keys():
    """Also those of no key, of a key in one frame alone, and of one in none; what is the company's is nobody's part."""
    shared, company = frame("a", None, "b", "a"), frame("a", "b")
    look = Look(QUARTER, QUARTER[0], shared, company, frame(), None)
    course = Course([look, look], [None, Whole(QUARTER, shared, frame("b"))], 1)
    parts = course.split("region", ["a", None, "b", "c"])
    rows = {"a": [1, 4], None: [2], "b": [3], "c": []}
    assert list(parts) == list(rows)
    for key, part in parts.items():
        assert part.looks[0].company is company and part.looks[0].won is None and part.wholes[0] is None
        expected = shared.loc[[one - 1 for one in rows[key]], ["deals"]]
        for found in (part.looks[0].standing, part.looks[1].standing, part.wholes[1].so_far):
            assert_frame_equal(found, expected)
        assert len(part.looks[0].won_so_far) == 0 and part.wholes[1].won["deals"].tolist() == [1] * (key == "b")
