"""What a kind of support moves, straight from the words: met with not met by the needed day, inside track and stage."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.independent.deals import LEFT_OUT_REASONS, replay
from tests.independent.facts import Facts, day_of

PSEUDO = 30  # requests an arm
ASSUMED = Fraction(1, 10)


@dataclass(frozen=True)
class Judged:
    """A request whose deal was open, in a known stage, at the end of its needed day, and has closed since."""

    key: str
    deal: str
    kind: str
    stratum: tuple[str, str, str]  # pipeline, track, stage of that day
    is_met: bool
    is_won: bool


def judged(facts: Facts, as_of: date) -> list[Judged]:
    deals = {deal.key: deal for deal in replay(facts)}
    booked = defaultdict(list)
    for row in facts.bookings(as_of):
        if row.get("request_id"):
            booked[row["request_id"]].append((day_of(row["week"]), Fraction(row["hours"])))
    found = []
    for row in facts.rows("support_request"):
        deal, needed = deals[row["opportunity_id"]], day_of(row["needed_by"])
        decided = day_of(row["decided_on"])
        decision = row["decision"] if not decided or decided <= as_of else ""
        outcome = deal.outcome_on(as_of)
        if needed is None or needed > as_of or day_of(row["requested_on"]) > as_of or decision == "withdrawn":
            continue
        if outcome not in ("won", "lost") or (outcome == "lost" and deal.loss_reason in LEFT_OUT_REASONS):
            continue
        then = deal.on(needed)
        if then is None or then.outcome != "open" or then.stage is None:
            continue
        hours = sum((hours for week, hours in booked[row["request_id"]] if week <= needed), Fraction(0))
        is_met = decision == "granted" and hours >= Fraction(row["hours"])
        stratum = deal.pipeline, deal.track, then.stage
        found.append(Judged(row["request_id"], deal.key, row["kind"], stratum, is_met, outcome == "won"))
    return found


@dataclass(frozen=True)
class Uplift:
    """Of one kind. raw None: no stratum has both sides. shrunk lies between 0 and 1."""

    met: int
    not_met: int
    raw: Fraction | None
    shrunk: Fraction


def uplift(cases: list[Judged], assumed: Fraction = ASSUMED) -> Uplift:
    """Of the cases of one kind. The 30 pseudo-requests an arm are won as often as all the cases together, the met ones
    by so much more that the assumption holds among them: where the cases say just what is assumed, that comes out."""
    met, not_met = 0, 0
    won_met, won_not_met = Fraction(0), Fraction(0)  # the latter as if not met had the strata of the met
    for stratum in {case.stratum for case in cases}:
        yes = [case.is_won for case in cases if case.stratum == stratum and case.is_met]
        no = [case.is_won for case in cases if case.stratum == stratum and not case.is_met]
        if yes and no:
            met, not_met = met + len(yes), not_met + len(no)
            won_met += sum(yes)
            won_not_met += Fraction(len(yes) * sum(no), len(no))
    if not met:
        return Uplift(0, 0, None, assumed)
    with_, without = won_met / met, won_not_met / met
    if with_ == without == 0:
        return Uplift(met, not_met, None, assumed)
    overall = (met * with_ + not_met * without) / (met + not_met)
    pseudo = overall * (met + not_met) / (met + not_met * (1 - assumed))
    shrunk_with = (met * with_ + PSEUDO * pseudo) / (met + PSEUDO)
    shrunk_without = (not_met * without + PSEUDO * pseudo * (1 - assumed)) / (not_met + PSEUDO)
    raw = 1 - without / with_ if with_ else None
    return Uplift(met, not_met, raw, min(Fraction(1), max(Fraction(0), 1 - shrunk_without / shrunk_with)))
