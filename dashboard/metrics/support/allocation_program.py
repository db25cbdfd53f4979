"""The linear program behind the recommended allocation, and dealing its hours to persons.

**Small, because it pools.** People alike in kind, skills, region and reach are one group. Requests that the same
groups may serve up to the same week are one class: which of its requests an hour goes to is a question of value alone,
which person gives it one of dealing. So the program has a variable per group × class, one per request, and per group
and week the hours that are carried on:

    maximise    Σ value × y[request]
    per group g and week w    Σ x[g, classes due in w] + carried[g, w] ≤ capacity[g, w] + carried[g, w - 1]
    per class c               Σ y[requests of c] ≤ Σ x[g, c]
    0 ≤ y[request] ≤ hours it wants

`carried[g, w]` are hours of the weeks up to w that serve requests due later. Added up, the rows of a group say that
what is due by w fits into the capacity up to w: the cumulative form, with two entries a column instead of eight.

**Among plans of equal value** the more urgent requests are served first, in a second program over the optimal face: a
column with a reduced cost stays where it is, a row with a price stays full, and the rest is free. A row "as good as the
best, to a millionth" would always be used up, and give crumbs of hours to what is worth less. Hours of one class can be
moved freely, so that any weights in the order of urgency serve the most urgent first.

**One more hour** of group g in week w is worth the best request in want that it reaches: a request the group may serve
later, or one served by others whom it frees. The duals would say so, but where hours just run out or values are equal
there are many, between what an hour more brings and what an hour less costs, and which the solver names depends on the
order of the requests. So the way is followed from the requests back to the rows; the tilt only puts a price on hours.

**Dealing never fails.** Requests of a group are dealt in the order of their deadlines. All that was dealt before a
request is due no later than it, so the group's people together still have as many hours before its deadline as the
cumulative capacity has left, which is enough; it may be split among them in any way that keeps each below the own
cumulative capacity. And one person's hours that fit cumulatively are done by taking the earliest deadline first.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import scipy.sparse as sp
from scipy.optimize import OptimizeResult, linprog

from dashboard.metrics.amounts import HOUR_PARTS

_EPSILON = 1e-7  # hours, HiGHS's own tolerance
_LEAST = 0.5 / HOUR_PARTS  # hours; less is none
_FAVOURED, _OTHERS = 0, 1
EQUAL = 1e-6  # relative: plans of as equal a value are told apart by urgency
_LEAST_PRICE = 1e-6  # in scaled value, ten times HiGHS's own tolerance; less is none


class Unsolved(Exception):
    """The solver came to no result: `status` and `message` are scipy's. Status 1: the time limit."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Solution:
    """hours        per (group, request): millionths, above 0 only
    worth            groups × weeks: value of one more hour, of a little more of it: the derivative to the right
    tilt_worth       value of one hour less asked for by the tilt, likewise
    most_favoured    hours: all that the favoured can be given; 0 where no tilt asks"""

    hours: Mapping[tuple[int, int], int]
    worth: np.ndarray
    tilt_worth: float
    most_favoured: float = 0.0


@dataclass(frozen=True)
class _Program:
    """The constraints in scipy's form, and what its columns and rows stand for."""

    capacity: np.ndarray
    wanted: np.ndarray  # hours, per request
    value: np.ndarray
    class_of: np.ndarray  # per request; -1: nobody may serve it in time
    flows: np.ndarray  # (group, class) per column
    tails: np.ndarray  # per column before the requests' the row whose hours it takes
    heads: np.ndarray  # and the row that it gives them to
    matrix: sp.csr_array
    limits: np.ndarray

    @property
    def first_request(self) -> int:
        """The column of the first request."""
        return self.matrix.shape[1] - len(self.wanted)


def solve(
    capacity: np.ndarray,
    wanted: np.ndarray,
    weeks: np.ndarray,
    value: np.ndarray,
    eligible: Sequence[tuple[int, ...]],
    favoured: np.ndarray,
    tilt: float,
    urgency: np.ndarray,
    time_limit: float | None = None,
) -> Solution:
    """The hours of the highest value.

    capacity   groups × weeks, millionths of hours
    wanted     per request, millionths of hours; weeks: how many of the weeks it may use; value: of an hour
    eligible   per request the groups that may serve it
    favoured   per request whether it counts for the tilt: together they get the tilt's share of all hours, or, where
               they ask for less or nobody can give them that much, all that they ask for and can be given
    urgency    per request, above 0: among plans of equal value the more urgent is served first
    """
    if not (len(wanted) and capacity.size):
        return Solution({}, np.zeros(capacity.shape), 0.0)
    scale = _scale(value)
    made = _program(capacity / HOUR_PARTS, wanted / HOUR_PARTS, weeks, value * scale, eligible)
    best = _optimum(made, made.value, time_limit=time_limit)
    most = -_optimum(made, favoured.astype(float), time_limit=time_limit).fun if tilt else 0.0
    holding = [_Held(best, _Tilt.NONE)] if not tilt else _tilted(made, best, favoured, tilt, most, time_limit)
    found = [_right_hand(made, held.result, favoured, tilt, held.how) for held in holding]
    worth = np.max([worth for worth, _ in found], axis=0)
    tilt_worth = max(price for _, price in found)
    hours = _by_group(made, _most_urgent(made, holding[0], urgency, time_limit), wanted)
    return Solution(hours, np.where(worth > _EPSILON, worth, 0.0) / scale, tilt_worth / scale, most)


def _scale(value: np.ndarray) -> float:
    """A power of two that brings the mean value to about a thousand: the solver's tolerances are absolute, and doubled
    amounts then have the same plan to the last bit."""
    mean = value.mean()
    return float(2.0 ** (10 - np.floor(np.log2(mean)))) if mean > 0 else 1.0


def _program(capacity, wanted, weeks, value, eligible) -> _Program:
    groups, horizon = capacity.shape
    classes: dict[tuple, int] = {}
    class_of = np.array([
        classes.setdefault((may, last), len(classes)) if may and last else -1
        for may, last in zip(eligible, weeks.tolist(), strict=True)
    ])  # fmt: skip
    flows = np.array([(g, number) for (may, _), number in classes.items() for g in may], dtype=int).reshape(-1, 2)
    due = np.array([last - 1 for _, last in classes], dtype=int)
    served = np.flatnonzero(class_of >= 0)
    carried = np.arange(groups * (horizon - 1))
    row_carried = carried // max(horizon - 1, 1) * horizon + carried % max(horizon - 1, 1)
    n_flows, first = len(flows), len(flows) + len(carried)
    columns = first + len(wanted)
    tails = np.concatenate([flows[:, 0] * horizon + due[flows[:, 1]], row_carried])
    heads = np.concatenate([groups * horizon + flows[:, 1], row_carried + 1])
    of_groups = sp.coo_array(
        (
            np.concatenate([np.ones(first), -np.ones(len(carried))]),
            (np.concatenate([tails, heads[n_flows:]]), np.concatenate([np.arange(first), n_flows + carried])),
        ),
        shape=(groups * horizon, columns),
    )
    of_classes = sp.coo_array(
        (
            np.concatenate([-np.ones(n_flows), np.ones(len(served))]),
            (
                np.concatenate([flows[:, 1], class_of[served]]),
                np.concatenate([np.arange(n_flows), first + served]),
            ),
        ),
        shape=(len(classes), columns),
    )
    limits = np.concatenate([capacity.ravel(), np.zeros(len(classes))])
    possible = np.where(class_of >= 0, wanted, 0.0)
    matrix = sp.vstack([of_groups, of_classes]).tocsr()
    return _Program(capacity, possible, value, class_of, flows, tails, heads, matrix, limits)


def _optimum(made: _Program, value: np.ndarray, row=None, limit: float = 0.0, time_limit: float | None = None):
    """scipy's result for a value per request; `row` is one more constraint on the requests, at most `limit`."""
    matrix, limits = _with_row(made, row, limit)
    return _solved(made, value, time_limit, _bounds(made), A_ub=matrix, b_ub=limits)


def _with_row(made: _Program, row, limit: float) -> tuple[sp.csr_array, np.ndarray]:
    if row is None:
        return made.matrix, made.limits
    whole = np.concatenate([np.zeros(made.first_request), row])
    return sp.vstack([made.matrix, sp.csr_array(whole[None, :])]).tocsr(), np.append(made.limits, limit)


def _bounds(made: _Program) -> np.ndarray:
    """The least and the most of every column."""
    upper = np.concatenate([np.full(made.first_request, np.inf), made.wanted])
    return np.stack([np.zeros(len(upper)), upper], axis=1)


def _solved(made: _Program, value: np.ndarray, time_limit: float | None, bounds: np.ndarray, **rows):
    result = linprog(
        -np.concatenate([np.zeros(made.first_request), value]),
        bounds=bounds,
        method="highs",
        options={} if time_limit is None else {"time_limit": time_limit},
        **rows,
    )
    if result.status != 0:
        raise Unsolved(result.status, result.message)
    return result


class _Tilt(Enum):
    """How the tilt holds a plan: not at all; by the share of the favoured; by all that they can be given."""

    NONE, SHARE, ALL = range(3)


@dataclass(frozen=True)
class _Held:
    """A result, how the tilt holds it, and the tilt's row on the requests, with what it is at most; None: no row."""

    result: OptimizeResult
    how: _Tilt
    row: np.ndarray | None = None
    limit: float = 0.0


def _tilted(
    made: _Program, untilted, favoured: np.ndarray, tilt: float, most: float, time_limit: float | None
) -> list[_Held]:
    """The best of two, and how the tilt holds it: the favoured get their share of all hours; or all that they ask for
    and can be given (`most`). Both where both are as good."""
    share = np.where(favoured, tilt - 1, tilt), 0.0
    # A hair below the most: it is known up to the solver's own tolerance only.
    everything = -favoured.astype(float), _EPSILON - most
    hours = untilted.x[made.first_request :]
    over = hours[favoured].sum() - tilt * hours.sum()
    if over > _EPSILON:
        return [_Held(untilted, _Tilt.NONE, *share)]
    ways = (_Tilt.SHARE, share, over >= -_EPSILON), (_Tilt.ALL, everything, hours[favoured].sum() >= most - _EPSILON)
    met = [_Held(untilted, how, *row) for how, row, is_met in ways if is_met]
    if met:
        return met
    solved = [_Held(_optimum(made, made.value, *row, time_limit), how, *row) for how, row, _ in ways]
    best, other = sorted(solved, key=lambda one: one.result.fun)
    return [best, other] if np.isclose(best.result.fun, other.result.fun, rtol=1e-9) else [best]


def _most_urgent(made: _Program, held: _Held, urgency: np.ndarray, time_limit: float | None) -> np.ndarray:
    """The columns of the plan that serves the most urgent requests first, among those as good as the one held."""
    result = held.result
    least = max(EQUAL * -result.fun / max(made.wanted.sum(), 1.0), _LEAST_PRICE)
    matrix, limits = _with_row(made, held.row, held.limit)
    price = np.zeros(len(limits))
    price[: len(result.ineqlin.marginals)] = -result.ineqlin.marginals
    is_full = price > least
    bounds, reduced = _bounds(made), result.lower.marginals + result.upper.marginals
    bounds[reduced > least, 1] = 0.0
    at_most = reduced < -least
    bounds[at_most, 0] = bounds[at_most, 1]
    rows = {"A_ub": matrix[~is_full], "b_ub": limits[~is_full], "A_eq": matrix[is_full], "b_eq": limits[is_full]}
    return _solved(made, urgency, time_limit, bounds, **rows).x


def _right_hand(made: _Program, result, favoured: np.ndarray, tilt: float, how: _Tilt) -> tuple[np.ndarray, float]:
    """What one more hour is worth per group and week, and one less for the tilt, where the tilt holds it so.

    A share puts a price λ on its hours: a favoured one counts for (1 − tilt) λ more, another for tilt × λ less. Between
    the lowest and the highest λ that leave the plan the best, an hour is worth least where both kinds are worth the
    same. All for the favoured is a price above every value: whatever reaches one of them goes to them.
    """
    reached = _reached(made, result, favoured)
    lowest, highest = _tilt_prices(made, result, favoured, tilt, reached)
    ours, others = reached[: made.capacity.size].T
    if how is _Tilt.SHARE:
        with np.errstate(invalid="ignore"):  # neither reached: no price
            price = np.clip(others - ours, lowest, highest)
            ours, others = np.where(ours > -np.inf, ours + (1 - tilt) * price, ours), others - tilt * price
    if how is _Tilt.ALL:
        others = np.where(ours > -np.inf, -np.inf, others)
    worth = np.fmax(0.0, np.fmax(ours, others)).reshape(made.capacity.shape)
    return worth, 0.0 if how is _Tilt.NONE else lowest


def _reached(made: _Program, result, favoured: np.ndarray) -> np.ndarray:
    """Per row the highest value of a request in want that one more hour there reaches, of the favoured and of others;
    -inf: none. Hours go along every column, and back along those that carry some, which makes room."""
    reached = np.full((len(made.limits), 2), -np.inf)
    in_want = (made.class_of >= 0) & (made.wanted - result.x[made.first_request :] > _LEAST)
    kind = np.where(favoured, _FAVOURED, _OTHERS)
    np.maximum.at(reached, (_rows(made, in_want), kind[in_want]), made.value[in_want])
    carries = result.x[: made.first_request] > _LEAST
    ends = np.concatenate([made.tails, made.heads[carries]]), np.concatenate([made.heads, made.tails[carries]])
    while True:
        before = reached.copy()
        np.maximum.at(reached, ends[0], reached[ends[1]])
        if (reached == before).all():
            return reached


def _tilt_prices(made: _Program, result, favoured: np.ndarray, tilt: float, reached: np.ndarray) -> tuple[float, float]:
    """The lowest and the highest price of the tilt at which neither an hour that is served nor one to spare would
    bring more elsewhere."""
    served = result.x[made.first_request :] > _LEAST
    ours, others = served & favoured, served & ~favoured
    spare = reached[np.flatnonzero(result.slack[: len(made.limits)] > _LEAST)]
    from_ours = reached[_rows(made, ours), _OTHERS] - made.value[ours]
    from_others = made.value[others] - reached[_rows(made, others), _FAVOURED]
    lowest = max([0.0, *from_ours, *(spare[:, _OTHERS] / tilt if tilt else ())])
    return lowest, max(lowest, min([np.inf, *from_others, *(-spare[:, _FAVOURED] / (1 - tilt))]))


def _rows(made: _Program, requests: np.ndarray) -> np.ndarray:
    """The rows of the classes of some requests."""
    return made.capacity.size + made.class_of[requests]


def _by_group(made: _Program, x: np.ndarray, wanted: np.ndarray) -> dict[tuple[int, int], int]:
    """Whole millionths per (group, request): within a class, the groups' hours go to its requests in turn."""
    of_request = np.minimum(np.rint(x[made.first_request :] * HOUR_PARTS).astype(np.int64), wanted)
    of_flow = np.rint(x[: len(made.flows)] * HOUR_PARTS).astype(np.int64)
    given: dict[int, list[list[int]]] = defaultdict(list)
    for (group, number), hours in zip(made.flows.tolist(), of_flow.tolist(), strict=True):
        if hours > 0:
            given[number].append([group, hours])
    found: dict[tuple[int, int], int] = {}
    for request in np.flatnonzero(of_request > 0).tolist():
        missing, supply = int(of_request[request]), given[int(made.class_of[request])]
        while missing and supply:
            group, hours = supply[0]
            taken = min(missing, hours)
            found[group, request] = found.get((group, request), 0) + taken
            missing -= taken
            supply[0][1] -= taken
            if not supply[0][1]:
                supply.pop(0)
    return found


def deal(
    hours_of: Sequence[tuple[int, int]],
    weeks: np.ndarray,
    members: Sequence[int],
    capacity: np.ndarray,
    already: Collection[tuple[int, int]] = frozenset(),
) -> list[tuple[int, int, int, int]]:
    """The hours of a group, (request, millionths), as (person, request, week, millionths). A request goes to one
    person where one can take it whole, rather to one who is booked on it already (`already`: person, request)."""
    up_to = {person: np.cumsum(capacity[person]) for person in members}
    given = dict.fromkeys(members, 0)
    lots: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for request, hours in sorted(hours_of, key=lambda one: (weeks[one[0]], -one[1], one[0])):
        missing = hours
        while missing:
            room = {person: int(up_to[person][weeks[request] - 1]) - given[person] for person in members}
            whole = [person for person in members if room[person] >= missing]
            if whole:
                person = min(whole, key=lambda one: ((one, request) not in already, room[one], one))
            else:
                person = max(members, key=lambda one: (room[one], -one))
            taken = min(missing, room[person])
            if taken <= 0:  # the solver's tolerance: some millionths more than there are
                break
            lots[person].append((request, taken))
            given[person] += taken
            missing -= taken
    return [piece for person, lot in lots.items() for piece in _in_weeks(person, lot, capacity[person])]


def _in_weeks(person: int, lot: list[tuple[int, int]], capacity: np.ndarray) -> list[tuple[int, int, int, int]]:
    """One person's requests, in the order of their deadlines, laid into the weeks one after the other."""
    pieces, week, left = [], 0, int(capacity[0])
    for request, hours in lot:
        while hours:
            while not left:
                week += 1
                left = int(capacity[week])
            taken = min(hours, left)
            pieces.append((person, request, week, taken))
            hours -= taken
            left -= taken
    return pieces
