"""What a figure's title finds in the numbers: another thing in other numbers, nothing in too few, in both languages."""

import re
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.metrics.accounts.key_accounts import FACTORS
from dashboard.metrics.reps.life_stage import STAGES
from dashboard.sections.accounts import how, key_words
from dashboard.sections.attention import leaks, owners
from dashboard.sections.forecast import outlook, review
from dashboard.sections.leads import sources
from dashboard.sections.opportunities import openings
from dashboard.sections.overview import detail, places
from dashboard.sections.pipeline import bridge, funnel
from dashboard.sections.reps import plans_kept, rep_profile, rep_target, stage_moves, team
from dashboard.sections.support import allocation, use
from dashboard.words.formats import Formats
from dashboard.words.language import speaking
from data_access.scope import Period, Person, Scope

DAY = date(2026, 11, 21)
SCOPE = Scope(Person("executive"), Period(date(2026, 10, 1), date(2026, 12, 31)), DAY, DAY)
EXPECTED = SimpleNamespace(expected=8_000_000.0)


def rows(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


def compared(cases: int, *successes: int) -> pd.DataFrame:
    found = rows(label=["East", "West", "North"], successes=successes, cases=[cases] * len(successes))
    return found.assign(share=found["successes"] / found["cases"])


def months(*won: float) -> pd.DataFrame:
    return rows(won_amount=won, target_amount=[10.0] * len(won), is_partial=[False] * (len(won) - 1) + [True])


def at_risk(*amounts: float) -> pd.DataFrame:
    return rows(name=["Ann", "Bob"][: len(amounts)], value_at_risk=amounts)


def moved(difference: float) -> pd.DataFrame:
    return rows(region=["East"], cause=["won"], moved=[2e6], difference=[difference])


def places_of(first: float, second: float, deals: int = 8) -> places.Places:
    won = rows(label=["East", "West"], won_amount=[first, second], won_count=[deals, deals])
    return places.Places(won, are_reps=False)


def plans(planned: int, done: int) -> pd.Series:
    return pd.Series(
        {"planned": planned, "planned_overdue": planned - done, "on_time_share": done / planned if planned else None}
    )


def stages(*before_and_now: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame([(*counts, 2) for counts in before_and_now], columns=list(STAGES))


def tiles(ahead: int, behind: int) -> pd.DataFrame:
    return rows(position=["ahead", "level", "behind"], deals=[ahead, 1, behind])


def reps(*to_go: float) -> pd.DataFrame:
    return rows(rep=["Ann", "Bob"][: len(to_go)], to_go=list(to_go))


def sources_of(leads: int, *converted: int) -> pd.DataFrame:
    """Two sources with as many leads each, and one of a single lead, which became a deal."""
    found = rows(label=["Fair", "Web", "Luck"], leads=[leads, leads, 1], converted=[*converted, 1])
    return found.assign(conversion=found["converted"] / found["leads"])


def bands(deals: int, won: int) -> pd.DataFrame:
    return rows(chance=[0.25, 0.75], deals=[deals / 2] * 2, won=[won, 0])


def closeness(*values: float) -> pd.DataFrame:
    return rows(day=[date(2026, month, 28) for month in range(1, len(values) + 1)], closeness=values)


def factors(*scores: int) -> pd.DataFrame:
    return pd.DataFrame([{"account": "Coal", **dict(zip(FACTORS, scores, strict=True))}])


MEDIANS = dict.fromkeys(FACTORS, 5.0)

# Of each figure: what makes its title, and of each case the numbers with what the title must say of them.
FOUND = {
    "forecast": (
        lambda target, form: outlook.finding(EXPECTED, target, SCOPE, form),
        {10e6: "2M short", 5e6: "3M above", None: "where it goes"},
    ),
    "places": (
        lambda numbers, form: places.finding(places_of(*numbers), form),
        {(3.0, 1.0): "East brings most: 75%", (1.0, 4.0): "West brings most: 80%", (1.0, 4.0, 3): "Which region"},
    ),
    "months": (
        lambda won, form: detail.months_finding(months(*won), form),
        {(9, 11, 12, 1): "2 of 3", (9, 9, 9, 99): "None of 3", (11, 9, 9): "How does each"},
    ),
    "moves": (
        lambda difference, form: detail.moves_finding(moved(difference), form),
        {1e6: "1M more than", -5e5: "500k less than", 0.0: "What moved"},
    ),
    "owners": (
        lambda amounts, form: owners.finding(at_risk(*amounts), form),
        {(1e6, 2e6): "Bob, ¥2M", (3e6, 2e6): "Ann, ¥3M", (1e6,): "Whose turn"},
    ),
    "rules": (
        lambda amounts, form: leaks.finding(at_risk(*amounts), form),
        {(1e6, 2e6): "Bob holds most: ¥2M", (3e6, 2e6): "Ann holds most", (0.0, 0.0): "Which rules"},
    ),
    "groups": (
        lambda numbers, form: funnel.finding(compared(*numbers), sum(numbers[1:]) / (3 * numbers[0]), form),
        {
            (100, 70, 40, 40): "East converts better: 70%", (100, 20, 50, 50): "East converts worse: 20%",
            (100, 50, 51, 50): "No group differs", (8, 6, 2, 2): "Who converts",
        },
    ),  # fmt: skip
    "sources": (
        lambda numbers, form: sources.finding(sources_of(*numbers), form),
        {(50, 5, 10): "Web converts best: 20%", (50, 5, 2): "Fair converts best", (9, 5, 2): "Which leads"},
    ),
    "bridge": (
        lambda ends, form: bridge.finding(dict(zip(("opening", "closing"), ends, strict=True)), form),
        {(1e6, 3e6): "grew by ¥2M", (3e6, 1e6): "shrank by ¥2M", (3e6, None): "what moved it"},
    ),
    "reps": (
        lambda to_go, form: team.finding(reps(*to_go), form),
        {(1e6, 2e6): "Bob has the most to go: ¥2M", (-1.0, -2.0): "Everybody", (): "Who has"},
    ),
    "plans": (
        lambda numbers, form: plans_kept.finding(plans(*numbers), form),
        {(20, 15): "75% of what was planned was done in time, 5 are", (9, 1): "1/9", (0, 0): "Is what"},
    ),
    "stages": (
        lambda counts, form: stage_moves.finding(stages(*counts), form),
        {
            ((10, 8), (5, 13)): "More reps are beyond Building: 75%, 50%", ((5, 13), (10, 8)): "Fewer reps",
            ((5, 5), (5, 5)): "As many", ((1, 1), (1, 1)): "Are more",
        },
    ),  # fmt: skip
    "support": (
        lambda used, form: use.finding(rows(name=["Lab", "Presales"], utilisation=used), "Where?", form),
        {(0.5, 1.2): "Presales is short: booked to 120%", (0.9, 0.5): "Booked most: Lab", (None, 0.5): "Where?"},
    ),
    "allocation": (
        lambda best, form: allocation.finding({"recommended": best, "todays_bookings": 1e6}, form),
        {3e6: "¥2M more", 1e6: "the best plan already"},
    ),
    "rep": (
        lambda pacing, form: rep_target.finding({"pacing": pacing}, form),
        {1.1: "Ahead: at this pace 110%", 0.4: "Behind: at this pace 40%", None: "Is the quarter"},
    ),
    "calibration": (
        lambda numbers, form: review.calibration_finding(bands(*numbers), form),
        {(30, 10): "Won 33.3%; their chances said 50%", (30, 20): "Won 66.7%", (3, 2): "Did deals win"},
    ),
    "closeness": (
        lambda values, form: how.trend_finding(closeness(*values), "closeness", form),
        {(2.0, 3.5): "Closer: 3.5, 2", (3.5, 2.0): "Less close: 2, 3.5", (3.0, 4.0, 3.0): "As close", (3.0,): "Are we"},
    ),
    "standing": (
        lambda values, form: key_words.standing_out(factors(*values), MEDIANS, form) or "How? 如何",
        {
            (8, 6, 5, 5): "Coal is furthest ahead by Past revenue: 8, group median 5",
            (5, 4, 5, 5): "furthest behind by Potential: 4", (5, 5, 5, 5): "How?",
        },
    ),
    "profile": (
        lambda values, form: rep_profile.finding(rows(name=["Win rate", "赢单"], score=values, peers=[5.0, 5.0]), form),
        {
            (6.0, 4.0): "Ahead of the peers in 1 of 2 measures; furthest behind: 赢单",
            (6.0, 7.0): "in 2 of 2 measures", (None, None): "Where is the rep",
        },
    ),
    "cohorts": (
        lambda numbers, form: sources.cohorts_finding(rows(leads=[numbers[0], 10], converted=[numbers[1], 1]), form),
        {(40, 9): "20% of 50 leads became deals", (-5, 0): "What became"},
    ),
    "openings": (
        lambda counts, form: openings.finding(tiles(*counts), form),
        {(9, 4): "We lead in 9 of 14", (4, 9): "We trail in 9 of 14", (1, 2): "Whose territory"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("figure", FOUND)
def test_a_title_says_what_the_numbers_do_and_asks_where_they_are_too_few(figure, subtests):
    finding, cases = FOUND[figure]
    chinese = []
    for numbers, expected in cases.items():
        with subtests.test(numbers=numbers):
            with speaking("en"):
                said = finding(numbers, Formats("en", "CNY"))
            assert expected in said and len(re.findall(r"[^\s·]+", said)) <= 14
        with speaking("zh_CN"):
            chinese.append(finding(numbers, Formats("zh_CN", "CNY")))
    assert len(set(chinese)) == len(cases) and all(len(title) <= 34 for title in chinese)
    questions = figure == "support"  # its question is an argument
    assert questions or all(re.search("[\u4e00-\u9fff]", title) for title in chinese)
