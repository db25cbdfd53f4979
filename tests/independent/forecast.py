"""The forecast and its back-test, in plain Python over a folder: what `report forecast` should print."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from scipy.stats import t as student

from .deals import Deal, replay
from .facts import MISSING_RATE, Facts, total
from .scopes import Asked, View, view


@dataclass
class Look:
    """One period on one day: per place (pipeline, track, stage) [deals, won, amount, squares], and its wins."""

    end: date
    places: dict
    company: dict
    open_amounts: list
    won_so_far: list
    won: list
    new: list


class Folder:
    """A folder's deals, asked about as `asked`."""

    def __init__(self, folder: Path, asked: Asked, base: str, today: date):
        self.facts = Facts(folder, base)
        self.deals = replay(self.facts)
        self.asked = asked
        self.view = view(self.facts, self.deals, asked, today)
        self.everything = view(self.facts, self.deals, Asked(as_of=asked.as_of), today)
        days = [deal.created for deal in self.deals]
        days += [step.day for deal in self.deals for step in deal.steps if step.after.outcome != "open"]
        self.first_day = min((day for day in days if day), default=None)
        self.look = cache(self._look)

    def _look(self, start: date, end: date, day: date) -> Look:
        until = min(end, self.view.as_of)
        won = self._wins(start, until)
        return Look(
            end,
            self._places(self.view, start, until, day),
            self._places(self.everything, start, until, day),
            [self.amount(deal, day) for deal in self.open(self.view, day)],
            [amount for _, amount in self._wins(start, min(day, end))],
            [amount for _, amount in won],
            [amount for deal, amount in won if deal.created and deal.created > day],
        )

    def open(self, seen: View, day: date) -> list[Deal]:
        return [deal for deal in self.deals if deal.outcome_on(day) == "open" and seen.has_on(deal, day)]

    def amount(self, deal: Deal, day: date):
        return self.facts.in_base(deal.on(day).amount, deal.currency, day)

    def _wins(self, start: date, until: date) -> list:
        """The deals won in the period as it stands on a day, each with its amount at its closing day's rate."""
        found = []
        for deal in self.deals:
            closed = deal.closed_on(until) if deal.outcome_on(until) == "won" else None
            if closed and start <= closed <= until and self.view.has_on(deal, closed):
                found.append((deal, self.facts.in_base(deal.on(until).amount, deal.currency, closed)))
        return found

    def _places(self, seen: View, start: date, end: date, day: date) -> dict:
        found: dict = {}
        for deal in self.open(seen, day):
            amount = self.amount(deal, day)
            money = float(amount) if isinstance(amount, Decimal) else 0.0
            is_won = deal.outcome_on(end) == "won" and start <= deal.closed_on(end) <= end
            place = found.setdefault((deal.pipeline, deal.track, deal.on(day).stage), [0, 0, 0.0, 0.0])
            for position, more in enumerate((1, is_won, money, money**2)):
                place[position] += more
        return found

    def ended(self, days_left: int) -> list[tuple[date, date, date]]:
        """The earlier periods of this length that ended by the as-of date: start, end, and the day of the look."""
        start, end = self.view.start, self.view.end
        found = []
        while self.first_day and start > self.first_day and len(found) < 16:
            start, end = before(start, end)
            day = end - timedelta(days=days_left)
            if end <= self.view.as_of and min(start, day) >= self.first_day:
                found.append((start, end, day))
        return found[::-1]


def before(start: date, end: date) -> tuple[date, date]:
    """The period before: as many whole months, else as many days."""
    following = end + timedelta(days=1)
    if start.day == following.day == 1:
        months = 12 * (following.year - start.year) + following.month - start.month
        number = 12 * start.year + start.month - 1 - months
        return date(number // 12, number % 12 + 1, 1), start - timedelta(days=1)
    return start - (following - start), start - timedelta(days=1)


def chances(now: Look, past: list[Look]) -> dict:
    """The chance of a deal to be won by the period's end, by the place where it stands."""
    company = {
        place: [sum(look.company.get(place, (0, 0))[column] for look in past) for column in (0, 1)]
        for place in now.places
    }
    all_deals = sum(row[0] for look in past for row in look.company.values())
    all_won = sum(row[1] for look in past for row in look.company.values())
    found = {}
    for place in now.places:
        deals, won = company[place]
        overall = won / deals if deals else all_won / max(all_deals, 1)
        deals = sum(look.places.get(place, [0])[0] for look in past)
        won = sum(look.places.get(place, [0, 0])[1] for look in past)
        found[place] = (won + 10 * overall) / (deals + 10)
    return found


def rest(now: Look, past: list[Look]) -> tuple[float, float]:
    """What is still expected, and its variance were everything independent."""
    found = variance = 0.0
    for place, chance in chances(now, past).items():
        _, _, amount, squares = now.places[place]
        found += chance * amount
        variance += chance * (1 - chance) * squares
    new = [[float(amount) for amount in look.new if amount is not None] for look in past]
    found += sum(map(sum, new)) / len(past)
    return found, variance + sum(amount**2 for amounts in new for amount in amounts) / len(past)


def forecast(now: Look, past: list[Look]) -> dict:
    """won, expected, low, high, and whether it is refused. The band's edges are those of a t distribution."""
    past = past[-8:]
    won = total(now.won_so_far)
    nothing = {"won": won, "expected": None, "low": None, "high": None, "refused": True}
    if len(past) < 4 or sum(len(look.won) for look in past) < 30:
        return nothing
    amounts = [now.open_amounts, now.won_so_far, [a for look in past for a in look.won]]
    if any(total(known) is None for known in amounts) or any(MISSING_RATE in look.open_amounts for look in past):
        return nothing
    expected, variance = rest(now, past)
    others = [rest(look, [o for o in past if o is not look]) for look in past]
    least = 0.05 * sum(v for _, v in others) / len(past)
    rests = [float(total(look.won) or 0) - float(total(look.won_so_far) or 0) for look in past]
    missed = sum((r - e) ** 2 / max(v, least) for r, (e, v) in zip(rests, others, strict=True)) if least else 0
    half = student.ppf(0.9, len(past)) * (missed / len(past) * max(variance, least)) ** 0.5
    return {
        "won": won,
        "expected": float(won) + expected,
        "low": float(won) + max(expected - half, 0),
        "high": float(won) + expected + half,
        "refused": False,
    }


def report(folder: Path, asked: Asked, base: str, today: date) -> dict:
    """What `report forecast` prints; `refused` only as whether, and the back-test without its bands."""
    known = Folder(folder, asked, base, today)
    days_left = max((known.view.end - known.view.as_of).days, 0)
    now = known.look(known.view.start, known.view.end, known.view.as_of)
    made = forecast(now, [known.look(*days) for days in known.ended(days_left)])
    if days_left == 0 and not made["refused"]:
        made |= dict.fromkeys(("expected", "low", "high"), float(made["won"]))
    return made | {"backtest": [_tested(known, weeks) for weeks in (1, 4, 8)]}


def _tested(known: Folder, weeks: int) -> dict:
    ended = known.ended(7 * weeks)
    error = bias = actual = 0.0
    periods = 0
    for start, end, day in ended[-8:]:
        look = known.look(start, end, day)
        made = forecast(look, [known.look(*days) for days in ended if days[1] <= day])
        won = total(look.won)
        if made["refused"] or won is None:
            continue
        periods += 1
        error += abs(made["expected"] - float(won))
        bias += made["expected"] - float(won)
        actual += float(won)
    return {
        "weeks_before": weeks,
        "periods": periods,
        "mean_abs_error_share": error / actual if actual else None,
        "bias_share": bias / actual if actual else None,
    }
