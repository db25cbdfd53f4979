"""Lines of Attention given to somebody: to whom, until when, with a note. Append-only; the newest of a line holds.

What was seen when a line was given is kept with it, since what becomes of it is told against that.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from data_access.attention.entered import must_be_allowed, noted, take_back
from data_access.database.limits import LARGEST_SUM, LONGEST_KEY, LONGEST_TEXT, must_fit
from data_access.engine import read, writing
from data_access.errors import Refused
from data_access.filters import entered_by, in_regions, is_left_out_loss, of_deal, seen, segment, valid_on
from data_access.names import region_name, rep_name
from data_access.permitted import must_see
from data_access.schema import (
    account,
    attention_handover,
    deal_span,
    opportunity,
    region,
    rep,
    rep_posting,
    support_person,
    support_request,
)
from data_access.scope import Person, Scope

LONGEST = timedelta(days=366)  # what may wait for longer asks for nobody's attention


def give(
    database: sa.Engine,
    person: Person,
    subject_kind: str,
    subject_id: str,
    given_to: str,
    due_on: date,
    note: str,
    *,
    rules: Sequence[str],
    value_at_risk: int | None,
    seen_on: date,
    at: datetime,
) -> int:
    """Give a line to a rep until a day, and give the hand-over's id, by which it is taken back. A newer one of the same
    line takes the place of the one before.

    rules           the line's reasons as they were seen
    value_at_risk   minor units of the base currency, likewise; None: not known
    seen_on         as of which day

    Managers may, about their regions and to reps posted there, and directors. Raises NotAllowed where the person may
    not; NotFound where they see no such line or rep; Refused where the rep has left, the due day has passed or lies
    more than a year ahead, or the note is too long.
    """
    must_fit("The note", note, LONGEST_TEXT)
    reasons = " ".join(rules)
    must_fit("The reasons of a line", reasons, LONGEST_TEXT)
    must_fit("The kind of a line", subject_kind, LONGEST_KEY)
    if not reasons:
        raise Refused("A line has a reason. Choose one from the list.")
    if value_at_risk is not None and not 0 <= value_at_risk <= LARGEST_SUM:
        raise Refused("What is at risk is an amount from 0 on, and not that large.")
    if not at.date() <= due_on <= at.date() + LONGEST:
        raise Refused(
            f"A line can be due on {at.date()} at the earliest and on {at.date() + LONGEST} at the latest, "
            f"not on {due_on}. Choose a day in between."
        )
    values = {
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "rules": reasons,
        "value_at_risk": value_at_risk,
        "seen_on": seen_on,
        "given_to": given_to,
        "due_on": due_on,
        "note": note.strip() or None,
        "given_by": person.name or person.role,
        "given_at": at,
    }
    with writing(database) as connection:
        must_be_allowed(connection, person, attention_handover, subject_kind, subject_id)
        must_see(connection, person, "rep_id", given_to)
        left = connection.scalar(sa.select(rep.c.left_on).where(rep.c.rep_id == given_to))
        if left is not None and left <= at.date():
            raise Refused(f"Rep {given_to!r} left on {left}, and can be given nothing. Choose somebody else.")
        written = attention_handover.insert().values(values).returning(attention_handover.c.handover_id)
        made = connection.execute(written).scalar_one()
        noted(connection, person, "give", made, at)
    return made


def withdraw(database: sa.Engine, person: Person, handover_id: int, *, at: datetime) -> None:
    """Take a hand-over back, for who may give: the one before it holds again (`entered.take_back`)."""
    take_back(database, person, attention_handover, handover_id, "handover", done="withdrawn", at=at)


def holding(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per line in scope that was given to somebody by the as-of date and not taken back by then, with its
    newest hand-over, in the order in which they were given.

    handover_id, subject_kind, subject_id, subject (its name; empty: it has none)
    rules, value_at_risk (minor units of the base currency; empty: not known), seen_on: the line as it was when given
    given_to, receiver (name), due_on, note (empty: none), given_by, given_at

    A deal lies where it lay on the as-of date, closed or not; an account, a support person where it is. What is about
    the whole company is there for who sees it, and only rules about deals under a filter of deals, as in the list.
    """
    h, visible = attention_handover.c, _subjects(scope)
    is_in_force = sa.or_(h.withdrawn_at.is_(None), ~entered_by(h.withdrawn_at, scope))
    newest = sa.func.row_number().over(partition_by=(h.subject_kind, h.subject_id), order_by=h.handover_id.desc())
    ranked = (
        sa.select(attention_handover, newest.label("place"))
        .where(entered_by(h.given_at, scope), is_in_force)
        .subquery("ranked")
    )
    r = ranked.c
    is_it = sa.and_(visible.c.subject_kind == r.subject_kind, visible.c.subject_id == r.subject_id)
    of_company = r.subject_kind.in_(("source", "company"))
    sees_company = scope.person.sees_everything and not scope.regions and not scope.asks_about_deals
    in_sight = sa.or_(visible.c.subject_id.is_not(None), of_company if sees_company else sa.false())
    statement = (
        sa.select(
            r.handover_id,
            r.subject_kind,
            r.subject_id,
            visible.c.subject,
            r.rules,
            r.value_at_risk,
            r.seen_on,
            r.given_to,
            rep_name(r.given_to).label("receiver"),
            r.due_on,
            r.note,
            r.given_by,
            r.given_at,
        )
        .select_from(ranked.outerjoin(visible, is_it))
        .where(r.place == 1, in_sight)
        .order_by(r.handover_id)
    )
    return read(database, statement)


def _subjects(scope: Scope) -> sa.Subquery:
    """What lines in scope were given about: subject_kind, subject_id, subject."""
    of_deals = deal_span.join(opportunity, opportunity.c.opportunity_id == deal_span.c.opportunity_id).outerjoin(
        account, account.c.account_id == opportunity.c.account_id
    )
    in_sight = sa.and_(
        valid_on(deal_span, scope.as_of), seen(deal_span.c.owner_id, deal_span.c.region_id, scope), of_deal(scope)
    )

    def about(kind: str, key, name) -> sa.Select:
        # Found from the few lines given, and not by walking through all deals.
        given = sa.select(attention_handover.c.subject_id).where(attention_handover.c.subject_kind == kind)
        columns = sa.literal(kind).label("subject_kind"), key.label("subject_id"), name.label("subject")
        return sa.select(*columns).where(key.in_(given))

    deal = about("opportunity", opportunity.c.opportunity_id, opportunity.c.name)
    request = about("support_request", support_request.c.request_id, opportunity.c.name)
    asked = support_request.c.opportunity_id == deal_span.c.opportunity_id
    parts = [
        deal.select_from(of_deals).where(in_sight),
        request.select_from(of_deals.join(support_request, asked)).where(in_sight),
    ]
    if not scope.asks_about_deals:
        own = sa.and_(
            in_regions(account.c.region_id, scope), segment.in_(scope.segments) if scope.segments else sa.true()
        )
        parts += [
            about("account", account.c.account_id, account.c.name).where(own),
            about("region", region.c.region_id, region.c.name).where(in_regions(region.c.region_id, scope)),
            about("rep", rep.c.rep_id, rep.c.name)
            .select_from(rep.join(rep_posting, rep_posting.c.rep_id == rep.c.rep_id))
            .where(valid_on(rep_posting, scope.as_of), in_regions(rep_posting.c.region_id, scope)),
            about("support_person", support_person.c.resource_id, support_person.c.name).where(
                in_regions(support_person.c.region_id, scope)
            ),
        ]
    return sa.union_all(*parts).subquery("visible")


def receivers(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per rep to whom the person may give a line: posted today in their regions, and still there. rep_id, name,
    region (name; empty: none), in the order of names."""
    p = rep_posting.c
    statement = (
        sa.select(rep.c.rep_id, rep.c.name, region_name(p.region_id).label("region"))
        .select_from(rep.join(rep_posting, p.rep_id == rep.c.rep_id))
        .where(
            valid_on(rep_posting, scope.last_day),
            in_regions(p.region_id, scope.but(regions=())),
            sa.or_(rep.c.left_on.is_(None), rep.c.left_on > scope.last_day),
        )
        .order_by(rep.c.name, rep.c.rep_id)
    )
    return read(database, statement)


def outcomes(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per deal that lies where the person may see it on the as-of date, and is open then, is removed, or was
    closed in the period: opportunity_id, outcome: open, removed, won, lost, or left_out for a loss that is none. Of the
    scope, only person and days count."""
    span = deal_span.c
    is_left_out = sa.and_(span.outcome == "lost", is_left_out_loss)
    statement = (
        sa.select(span.opportunity_id, sa.case((is_left_out, "left_out"), else_=span.outcome).label("outcome"))
        .select_from(deal_span.join(opportunity, opportunity.c.opportunity_id == span.opportunity_id))
        .where(
            valid_on(deal_span, scope.as_of),
            in_regions(span.region_id, scope.but(regions=())),
            sa.or_(span.outcome.in_(("open", "removed")), span.closed_day >= scope.period.start.toordinal()),
        )
        .order_by(span.opportunity_id)
    )
    return read(database, statement)
