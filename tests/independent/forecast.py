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

BIAS = (
    "bias_share",
    "bias_low",
    "bias_high",
    "bias_shrunk",
    "corrected",
    "mean_abs_error_share",
    "corrected_error_share",
)


@dataclass
class Look:
    """One step on one day. Per place (pipeline, track, stage) [deals, amount, squares, won in this step, in the next,
    …]; the wins of the step by its end; and per step ahead those of deals created after the day (None: not ended)."""

    steps: list
    day: date
    places: dict
    company: dict
    open_amounts: list
    won_so_far: list
    won: list
    new: list
    rests: list


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

    def _look(self, steps: tuple, day: date) -> Look:
        """steps: this one and those ahead, each its first and last day."""
        ended = [step for step in steps if step[1] <= self.view.as_of]
        so_far = self.wins(steps[0][0], min(day, steps[0][1]))
        won = [self.wins(*step) for step in ended]
        rests = [sum(float(amount or 0) for _, amount in one) for one in won]
        if rests:
            rests[0] -= sum(float(amount or 0) for _, amount in so_far)
        return Look(
            list(steps),
            day,
            self._places(self.view, ended, day),
            self._places(self.everything, ended, day),
            [self.amount(deal, day) for deal in self.open(self.view, day)],
            [amount for _, amount in so_far],
            [amount for _, amount in won[0]] if won else [],
            [[amount for deal, amount in one if deal.created and deal.created > day] for one in won],
            rests,
        )

    def open(self, seen: View, day: date) -> list[Deal]:
        return [deal for deal in self.deals if deal.outcome_on(day) == "open" and seen.has_on(deal, day)]

    def amount(self, deal: Deal, day: date):
        return self.facts.in_base(deal.on(day).amount, deal.currency, day)

    def wins(self, start: date, until: date) -> list:
        """The deals won in the period as it stands on a day, each with its amount at its closing day's rate."""
        found = []
        for deal in self.deals:
            closed = deal.closed_on(until) if deal.outcome_on(until) == "won" else None
            if closed and start <= closed <= until and self.view.has_on(deal, closed):
                found.append((deal, self.facts.in_base(deal.on(until).amount, deal.currency, closed)))
        return found

    def _places(self, seen: View, ended: list, day: date) -> dict:
        found: dict = {}
        for deal in self.open(seen, day):
            amount = self.amount(deal, day)
            money = float(amount) if isinstance(amount, Decimal) else 0.0
            won = [0] * len(ended)
            for number, (start, end) in enumerate(ended):
                if deal.outcome_on(end) == "won" and start <= deal.closed_on(end) <= end:
                    won[number] = 1
                    break
            place = found.setdefault((deal.pipeline, deal.track, deal.on(day).stage), [0] * (3 + len(ended)))
            for position, more in enumerate((1, money, money**2, *won)):
                place[position] += more
        return found

    def ended(self, last: tuple, days_left: int, most: int = 16) -> list[tuple[date, date]]:
        """The steps before the last that ended by the as-of date, also looked at so many days before their ends."""
        start, end = last
        found: list = []
        while self.first_day and start > self.first_day and len(found) < most:
            start, end = before(start, end)
            if end <= self.view.as_of and min(start, end - timedelta(days=days_left)) >= self.first_day:
                found.append((start, end))
        return found[::-1]

    def looks(self, last: tuple, days_left: int, ahead: int) -> list[Look]:
        steps = self.ended(last, days_left)
        return [
            self.look(tuple(steps[row : row + ahead]), steps[row][1] - timedelta(days=days_left))
            for row in range(len(steps))
        ]


def steps_of(start: date, end: date) -> list[tuple[date, date]]:
    """What a period is forecast in: itself up to 92 days, else whole months (3, 2 or 1 of them), else as many days."""
    days = (end - start).days + 1
    if days <= 92:
        return [(start, end)]
    following = end + timedelta(days=1)
    if start.day == following.day == 1:
        months = 12 * (following.year - start.year) + following.month - start.month
        size = 3 if months % 3 == 0 else 2 if months % 2 == 0 else 1
        number = 12 * start.year + start.month - 1
        firsts = [date(one // 12, one % 12 + 1, 1) for one in range(number, number + months + 1, size)]
        return [(one, other - timedelta(days=1)) for one, other in zip(firsts, firsts[1:], strict=False)]
    found = [(end - timedelta(days=-(-days // -(-days // 92)) - 1), end)]
    while found[0][0] > start:
        found.insert(0, before(*found[0]))
    return found


def before(start: date, end: date) -> tuple[date, date]:
    """The period before: as many whole months, else as many days."""
    following = end + timedelta(days=1)
    if start.day == following.day == 1:
        months = 12 * (following.year - start.year) + following.month - start.month
        number = 12 * start.year + start.month - 1 - months
        return date(number // 12, number % 12 + 1, 1), start - timedelta(days=1)
    return start - (following - start), start - timedelta(days=1)


def chances(now: Look, looks: list[Look], windows: list, ahead: int) -> dict:
    """The chances of a deal to be won in each step ahead, by the place where it stands."""
    found: dict = {place: [] for place in now.places}
    for step, past in enumerate(_learnt(looks, windows, ahead)):
        all_deals = sum(row[0] for look in past for row in look.company.values())
        all_won = sum(row[3 + step] for look in past for row in look.company.values())
        for place in now.places:
            whole = [look.company[place] for look in past if place in look.company]
            deals, won = sum(row[0] for row in whole), sum(row[3 + step] for row in whole)
            overall = won / deals if deals else all_won / max(all_deals, 1)
            own = [look.places[place] for look in past if place in look.places]
            deals, won = sum(row[0] for row in own), sum(row[3 + step] for row in own)
            found[place].append(min((won + 10 * overall) / (deals + 10), 1 - sum(found[place])))
    return found


def _learnt(looks: list[Look], windows: list, ahead: int) -> list[list[Look]]:
    """Per step ahead the looks that teach it: at the last 8 of the steps `windows`, as seen from as many before."""
    windows = sorted(windows)[-8:]
    return [[look for look in looks if len(look.steps) > step and look.steps[step] in windows] for step in range(ahead)]


def rest(now: Look, looks: list[Look], windows: list, ahead: int) -> tuple[list[float], list[float], float]:
    """What is still expected per step ahead; and the variances of each and of all, were everything independent."""
    found, variances, luck = [0.0] * ahead, [0.0] * ahead, 0.0
    by_place = chances(now, looks, windows, ahead)
    for step, past in enumerate(_learnt(looks, windows, ahead)):
        for place, (_, amount, squares, *_) in now.places.items():
            chance = by_place[place][step]
            found[step] += chance * amount
            variances[step] += chance * (1 - chance) * squares
        new = [float(amount) for look in past for amount in look.new[step] if amount is not None]
        found[step] += sum(new) / len(past)
        variances[step] += sum(amount**2 for amount in new) / len(past)
        luck += sum(amount**2 for amount in new) / len(past)
    won_at_all = {place: sum(one) for place, one in by_place.items()}
    variance = sum(won_at_all[place] * (1 - won_at_all[place]) * row[2] for place, row in now.places.items())
    return found, variances, variance + luck


def half_of(missed: list[float], variances: list[float], variance: float, degrees: int) -> float:
    """Half an 80 % band of Student's t."""
    least = 0.05 * sum(variances) / len(variances)
    if not least:
        return 0.0
    stretch = sum(m**2 / max(v, least) for m, v in zip(missed, variances, strict=True)) / len(missed)
    return student.ppf(0.9, degrees) * (stretch * max(variance, least)) ** 0.5


def as_known(looks: list[Look]) -> tuple[list, list[Look]]:
    """The steps that had ended, and the looks with no other ones."""
    ended = [look.steps[0] for look in looks]
    return ended, [Look(**{**vars(look), "steps": [s for s in look.steps if s in ended]}) for look in looks]


def forecast(won: list, now: Look, looks: list[Look], ahead: int) -> dict:
    """won, expected, low, high, parts, and whether it is refused. looks: at the steps that had ended, so that each
    sees of its own and those ahead as many as had ended."""
    ended, known = as_known(looks)
    past = looks[-8:]
    nothing = {"won": total(won), "expected": None, "low": None, "high": None, "parts": [], "refused": True}
    if len(past) < max(4, ahead) or sum(len(look.won) for look in past) < 30:
        return nothing
    amounts = [now.open_amounts, won, [a for look in past for a in look.won]]
    if any(total(some) is None for some in amounts) or any(MISSING_RATE in look.open_amounts for look in past):
        return nothing
    parts, variances, variance = rest(now, known, ended, ahead)
    half = _half_band(known, ended, ahead, variances, variance)
    so_far = float(total(won))
    return {
        "won": total(won),
        "expected": so_far + sum(parts),
        "low": so_far + max(sum(parts) - half, 0),
        "high": so_far + sum(parts) + half,
        "parts": parts,
        "refused": False,
    }


def _half_band(known: list[Look], ended: list, ahead: int, variances: list[float], variance: float) -> float:
    pool = ended[-(8 + ahead - 1) :]
    tried = [look for look in known if len(look.steps) == ahead and set(look.steps) <= set(pool)]
    missed, spread = [], []
    if ahead == 1 or len(tried) >= 5:
        for look in tried:
            found, _, independent = rest(look, known, [step for step in pool if step not in look.steps], ahead)
            missed.append(sum(look.rests[:ahead]) - sum(found))
            spread.append(independent)
        return half_of(missed, spread, variance, len(tried))
    for step in range(ahead):
        for look in known:
            if len(look.steps) <= step or look.steps[step] not in ended[-8:]:
                continue
            others = [one for one in ended if one != look.steps[step]]
            if any(not any(len(o.steps) > far and o.steps[far] in others[-8:] for o in known) for far in range(ahead)):
                continue
            found, independent, _ = rest(look, known, others, ahead)
            missed.append(look.rests[step] - found[step])
            spread.append(independent[step])
    return sum(half_of(missed, spread, one, min(len(ended), 8)) for one in variances)


def present(known: Folder) -> tuple[list, Look, list[Look], int]:
    """Of the period asked about: what was won so far, the look at the first step that is not over, the looks it learns
    from, and how many steps lie ahead."""
    seen = known.view
    steps = steps_of(seen.start, seen.end)
    ahead = [step for step in steps if step[1] > seen.as_of] or steps[-1:]
    now = known.look((ahead[0],), seen.as_of)
    looks = known.looks(steps[-1], max((ahead[0][1] - seen.as_of).days, 0), len(ahead))
    so_far = [amount for _, amount in known.wins(seen.start, min(seen.as_of, seen.end))]
    return so_far, now, looks[-(8 + len(ahead) - 1) :], len(ahead)


def report(folder: Path, asked: Asked, base: str, today: date) -> dict:
    """What `report forecast` prints; `refused` only as whether, and the back-test without its bands."""
    known = Folder(folder, asked, base, today)
    seen = known.view
    made = forecast(*present(known))
    if seen.as_of >= seen.end and not made["refused"]:
        made |= dict.fromkeys(("expected", "low", "high"), float(made["won"])) | {"parts": [0.0]}
    steps = steps_of(seen.start, seen.end)
    return made | {
        "backtest": [_tested(known, steps, weeks) for weeks in weeks_of(seen.start, seen.end)],
        "bias": bias(known, made),
    }


def bias(known: Folder, made: dict) -> dict:
    """Of the periods that do not overlap, forecast as many days before their ends."""
    seen = known.view
    days_left = (seen.end - seen.as_of).days
    apart: list = []
    for one in reversed(_past(known, steps_of(seen.start, seen.end), days_left) if days_left > 0 else []):
        if not apart or one[1] < apart[-1][0]:
            apart.append(one)
    found = dict.fromkeys(BIAS) | {"periods": len(apart), "is_shown": False}
    pairs = [(forecast, won) for *_, forecast, won in apart]
    if not sum(won for _, won in pairs):
        return found
    share, believed, spread = _believed(pairs)
    found["bias_share"] = share
    if len(pairs) > 1:
        half = student.ppf(0.9, len(pairs) - 1) * spread / len(pairs) ** 0.5
        found |= {"bias_low": share - half, "bias_high": share + half, "bias_shrunk": believed}
        found["is_shown"] = len(pairs) >= 6 and (share - half > 0 or share + half < 0)
    if len(pairs) > 2:
        actual = sum(won for _, won in pairs)
        found["mean_abs_error_share"] = sum(abs(forecast - won) for forecast, won in pairs) / actual
        missed = 0.0
        for at, (_, _, so_far, forecast, won) in enumerate(apart):
            others = _believed(pairs[:at] + pairs[at + 1 :])[1]
            missed += abs(max(forecast / (1 + others), so_far) - won)
        found["corrected_error_share"] = missed / actual
    if found["is_shown"] and made["expected"] is not None:
        found["corrected"] = max(made["expected"] / (1 + believed), float(made["won"]))
    return found


def _believed(pairs: list) -> tuple[float, float, float]:
    """The bias, the part of it that is believed, and the spread of the periods' errors, in shares of the mean won."""
    mean = sum(won for _, won in pairs) / len(pairs)
    errors = [(forecast - won) / mean for forecast, won in pairs]
    share = sum(errors) / len(errors)
    if len(errors) < 2:
        return share, 0.0, 0.0
    squared = sum((error - share) ** 2 for error in errors) / (len(errors) - 1)
    return share, share * 0.01 / (0.01 + squared / len(errors)), squared**0.5


def weeks_of(start: date, end: date) -> list[int]:
    """1, 4 and 8; of a long period a quarter, half, three quarters of its weeks, of which a month has 52 / 12."""
    if len(steps_of(start, end)) == 1:
        return [1, 4, 8]
    following = end + timedelta(days=1)
    weeks = (following - start).days / 7
    if start.day == following.day == 1:
        weeks = 52 / 12 * (12 * (following.year - start.year) + following.month - start.month)
    return [int(weeks * part / 4) for part in (1, 2, 3)]


def _past(known: Folder, steps: list, days_left: int) -> list[tuple]:
    """Past periods that could be forecast so many days before their ends: start, end, won so far, forecast, won."""
    day = steps[-1][1] - timedelta(days=days_left)
    ahead = [step for step in steps if step[1] > day]
    over = len(steps) - len(ahead)
    looks = known.looks(steps[-1], (ahead[0][1] - day).days, len(ahead))
    found = []
    for row in range(over, len(looks) - len(ahead) + 1)[-8:]:
        look = looks[row]
        start, end = looks[row - over].steps[0][0], look.steps[-1][1]
        then = [one for one in looks if one.steps[0][1] <= look.day]
        made = forecast([amount for _, amount in known.wins(start, look.day)], look, then, len(ahead))
        won = total([amount for _, amount in known.wins(start, end)])
        if made["refused"] or won is None:
            continue
        found.append((start, end, float(made["won"]), made["expected"], float(won)))
    return found


def _tested(known: Folder, steps: list, weeks: int) -> dict:
    found = [(made, won) for *_, made, won in _past(known, steps, 7 * weeks)]
    actual = sum(won for _, won in found)
    return {
        "weeks_before": weeks,
        "periods": len(found),
        "mean_abs_error_share": sum(abs(made - won) for made, won in found) / actual if actual else None,
        "bias_share": sum(made - won for made, won in found) / actual if actual else None,
    }
