"""Who sells where: regions, reps with their postings, and the exchange rates of the time."""

from dataclasses import dataclass

import numpy as np

from . import names
from .catalogue import CURRENCIES
from .forms import FAR, NEVER, frame, iso, keys, month_start, months_of, spread

UNITS = ("华东 East", "华南 South", "华北 North", "华西 West")
_OFFICES = (
    ("上海 Shanghai", "杭州 Hangzhou", "南京 Nanjing"),
    ("广州 Guangzhou", "深圳 Shenzhen", "厦门 Xiamen"),
    ("北京 Beijing", "天津 Tianjin", "青岛 Qingdao"),
    ("成都 Chengdu", "重庆 Chongqing", "西安 Xi'an"),
)
UNIT_PULL = np.array([1.35, 1.1, 0.95, 0.75])  # how much business a unit has


_FIRST_OFFICE = 1 + len(UNITS)  # regions: the group, the units, the offices
_LEADERS = 1 + 2 * len(UNITS)  # reps who do not sell


@dataclass(frozen=True)
class Organisation:
    """Region 0 is the group, then the units, then the offices. Reps are numbered; -1 is nobody."""

    region_ids: list
    region_names: list
    region_parent: np.ndarray
    unit_of: np.ndarray  # region -> 0..3, -1 for the group
    offices: np.ndarray
    rep_names: list
    hired: np.ndarray
    left: np.ndarray  # NEVER: still here
    silent_from: np.ndarray  # FAR, but for the few who stopped talking to customers
    sells: np.ndarray
    skill: np.ndarray
    directors: np.ndarray  # unit -> its key-account director
    posting_rep: np.ndarray  # postings, by rep and first day
    posting_from: np.ndarray
    posting_to: np.ndarray  # the first day after it, FAR while it lasts
    posting_region: np.ndarray
    posting_manager: np.ndarray
    rate_months: np.ndarray
    rates: np.ndarray  # month x currency


def build(rng, plan):
    """Reps come in this order: the head, per unit a manager and a key-account director, per office a
    manager who also sells, and then those who do nothing but sell."""
    region_ids, region_names, parent, unit_of = _regions(plan)
    offices = np.arange(_FIRST_OFFICE, len(region_ids))
    rep_names = names.people(rng, plan.reps)
    hired, left, postings = _careers(rng, plan, offices, unit_of)
    months, rates = _rates(rng, plan)
    return Organisation(
        region_ids=region_ids,
        region_names=region_names,
        region_parent=parent,
        unit_of=unit_of,
        offices=offices,
        rep_names=rep_names,
        hired=hired,
        left=left,
        silent_from=_silences(rng, plan, left, first_seller=_LEADERS + len(offices)),
        sells=np.arange(plan.reps) >= _LEADERS,
        skill=rng.normal(0, 1, plan.reps),
        directors=np.arange(2, _LEADERS, 2),
        posting_rep=postings[:, 0],
        posting_from=postings[:, 1],
        posting_to=postings[:, 2],
        posting_region=postings[:, 3],
        posting_manager=postings[:, 4],
        rate_months=months,
        rates=rates,
    )


def _careers(rng, plan, offices, unit_of):
    """When each rep came and left, and the postings: rep, from, to, region, manager."""
    first_seller = _LEADERS + len(offices)
    sellers_home = offices[np.arange(plan.reps - first_seller) % len(offices)]
    units = np.arange(1, _FIRST_OFFICE)
    home = np.concatenate([[0], np.repeat(units, 2), offices, sellers_home])
    office_managers_boss = unit_of[offices] * 2 + 1
    managers = [[-1], np.zeros(2 * len(units)), office_managers_boss, _manager_of(sellers_home)]
    manager = np.concatenate(managers).astype("int64")
    hired = plan.first_day - rng.integers(400, 3000, plan.reps)
    left = np.full(plan.reps, NEVER)
    fates = ["stays"] * first_seller + _fates(rng, plan.reps - first_seller, len(offices))
    postings = []
    for rep, fate in enumerate(fates):
        if fate in ("joins", "joins and leaves"):
            hired[rep] = rng.integers(plan.first_day + 40, plan.until - (30 if fate == "joins" else 300))
        if fate in ("leaves", "joins and leaves"):
            left[rep] = _leaving_day(rng, plan, hired[rep])
        end = FAR if left[rep] == NEVER else left[rep] + 1
        moved = rng.integers(plan.first_day + 200, plan.until - 60) if fate == "moves" else end
        postings.append((rep, hired[rep], moved, home[rep], manager[rep]))
        if fate == "moves":
            there = _elsewhere(rng, home[rep], offices, unit_of)
            postings.append((rep, moved, end, there, _manager_of(there)))
    return hired, left, np.array(postings, dtype="int64")


def _manager_of(office):
    return office - _FIRST_OFFICE + _LEADERS


def _silences(rng, plan, left, first_seller):
    """The few who are still here and have not talked to a customer for more than 90 days."""
    silent_from = np.full(plan.reps, FAR)
    here = first_seller + np.flatnonzero(left[first_seller:] == NEVER)
    silent = rng.choice(here, max(2, plan.reps // 40), replace=False)
    silent_from[silent] = plan.until - rng.integers(95, 130, len(silent))
    return silent_from


def _regions(plan):
    ids, names_, parent, unit_of = ["group"], ["集团 Group"], [-1], [-1]
    for unit, name in enumerate(UNITS):
        ids.append(name.split(" ")[1].lower())
        names_.append(name)
        parent.append(0)
        unit_of.append(unit)
    for unit, offices in enumerate(_OFFICES):
        for name in offices[: plan.offices_per_unit]:
            ids.append(f"{ids[unit + 1]}-{name.split(' ')[1].lower().replace(chr(39), '')}")
            names_.append(name)
            parent.append(unit + 1)
            unit_of.append(unit)
    return ids, names_, np.array(parent), np.array(unit_of)


def _fates(rng, n, n_offices):
    """What becomes of each seller. The first of every office stays, so that none is ever empty."""
    shares = {"joins": 0.3, "leaves": 0.15, "joins and leaves": 0.05, "moves": 0.11}
    rest = [fate for fate, part in shares.items() for _ in range(max(1, round(part * n)))]
    rest += ["stays"] * (n - n_offices - len(rest))
    return ["stays"] * n_offices + [rest[i] for i in rng.permutation(len(rest))][: n - n_offices]


def _leaving_day(rng, plan, hired):
    """Two in five of those who leave did so lately: their accounts and deals may still lie about."""
    if rng.random() < 0.4:
        return rng.integers(plan.until - 120, plan.until - 14)
    return rng.integers(max(plan.first_day + 150, hired + 120), plan.until - 130)


def _elsewhere(rng, home, offices, unit_of):
    others = offices[offices != home]
    near = others[unit_of[others] == unit_of[home]]
    return rng.choice(near if len(near) and rng.random() < 0.5 else others)


def _rates(rng, plan):
    """A rate a month for each foreign currency, from two months before the first deal."""
    months = np.arange(months_of(plan.first_day) - 2, months_of(plan.until) + 1)
    steps = rng.normal(0, 0.009, (len(months), 2))
    foreign = np.round(np.array([7.12, 7.74]) * np.exp(np.cumsum(steps, axis=0)), 4)
    return months, np.column_stack([np.ones(len(months)), foreign])


def rate_on(organisation, currency, days):
    """The rate to the base currency of each currency code on its day."""
    row = np.clip(months_of(days) - organisation.rate_months[0], 0, len(organisation.rate_months) - 1)
    return organisation.rates[row, currency]


def posting_on(organisation, reps, days):
    """The posting of each rep on a day (the first one, for days before it)."""
    order = organisation.posting_rep * 10**6 + organisation.posting_from
    found = np.searchsorted(order, np.asarray(reps) * 10**6 + np.asarray(days), side="right") - 1
    earlier = organisation.posting_rep[np.maximum(found, 0)] != reps
    return np.where(earlier, found + 1, found)


def region_on(organisation, reps, days):
    return organisation.posting_region[posting_on(organisation, reps, days)]


def gone_by(organisation, reps, days):
    """Whether each rep had left the company before the day."""
    left = organisation.left[reps]
    return (left != NEVER) & (left < days)


def seller_in(rng, organisation, offices, days, other_than=None):
    """A seller posted in each office on each day, the able ones more often; never `other_than`."""
    chosen = np.full(len(offices), -1)
    for office in np.unique(offices):
        asked = np.flatnonzero(offices == office)
        seats = np.flatnonzero((organisation.posting_region == office) & organisation.sells[organisation.posting_rep])
        reps = organisation.posting_rep[seats]
        there = (organisation.posting_from[seats] <= days[asked, None]) & (
            days[asked, None] < organisation.posting_to[seats]
        )
        if other_than is not None:
            there &= reps != other_than[asked, None]
        luck = 0.3 * organisation.skill[reps] + rng.gumbel(size=there.shape)
        chosen[asked] = reps[np.where(there, luck, -np.inf).argmax(axis=1)]
    return chosen


def draw_office(rng, organisation, n):
    pull = UNIT_PULL[organisation.unit_of[organisation.offices]]
    return organisation.offices[spread(rng, pull, n)]


def frames(rng, plan, organisation):
    """region, rep, rep_history, exchange_rate, rep_score."""
    o = organisation
    rep_ids = keys("R", np.arange(plan.reps), 4)
    last = np.searchsorted(o.posting_rep, np.arange(plan.reps), side="right") - 1
    months = np.repeat(iso(month_start(o.rate_months)), 2)
    return {
        "region": frame(
            region_id=o.region_ids, name=o.region_names, parent_id=picked_ids(o.region_ids, o.region_parent)
        ),
        "rep": frame(
            rep_id=rep_ids,
            name=o.rep_names,
            email=[names.email(name, i + 1) for i, name in enumerate(o.rep_names)],
            region_id=picked_ids(o.region_ids, o.posting_region[last]),
            manager_id=keys("R", o.posting_manager[last], 4),
            hired_on=iso(o.hired),
            left_on=iso(o.left),
        ),
        "rep_history": frame(
            rep_id=rep_ids[o.posting_rep],
            from_on=iso(o.posting_from),
            region_id=picked_ids(o.region_ids, o.posting_region),
            manager_id=keys("R", o.posting_manager, 4),
        ),
        "exchange_rate": frame(
            currency=np.tile(CURRENCIES[1:], len(o.rate_months)),
            valid_from=months,
            rate=o.rates[:, 1:].ravel(),
        ),
        "rep_score": _rep_scores(rng, plan, o),
    }


def picked_ids(ids, codes):
    return [ids[code] if code >= 0 else None for code in np.asarray(codes).tolist()]


def _rep_scores(rng, plan, o):
    """Soft metrics, judged every half year by the manager while the rep is here."""
    rows = []
    for rep in np.flatnonzero(o.sells):
        for metric in ("innovation", "collaboration", "learning"):
            level = np.clip(rng.normal(6 + 0.5 * o.skill[rep], 1.3), 0, 10)
            for day in range(plan.first_day + 90 + int(rng.integers(0, 30)), plan.until + 1, 182):
                if o.hired[rep] <= day and not gone_by(o, rep, day):
                    rows.append((rep, metric, float(np.clip(round(level + rng.normal(0, 0.7)), 0, 10)), day))
    reps, metrics, scores, days = map(list, zip(*rows, strict=True))
    judges = o.posting_manager[posting_on(o, np.array(reps), np.array(days))]
    return frame(
        rep_id=keys("R", reps, 4),
        metric=metrics,
        score=scores,
        assessed_on=iso(days),
        assessed_by=keys("R", judges, 4),
    )
