"""Published allocation plans: who should serve which request in the coming weeks. Numbered and append-only."""

from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from data_access.database.limits import LONGEST_TEXT, must_fit
from data_access.database.versions import raise_version
from data_access.engine import read, writing
from data_access.errors import Refused
from data_access.filters import in_regions
from data_access.profiles import overtaken
from data_access.schema import FOREVER, allocation_plan, audit_event, deal_span, opportunity, support_person
from data_access.scope import Person, Scope


def published(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per published plan, the newest last: version, published_at, published_by, reason, payload. Of a payload's
    `rows` those are left whose deal the scope's person and regions show, as it is today; its `totals` are the whole
    company's, and None where the person does not see everything."""
    plan = allocation_plan.c
    columns = (plan.plan_id.label("version"), plan.published_at, plan.published_by, plan.reason, plan.payload)
    found = read(database, sa.select(*columns).order_by(plan.plan_id))
    shown = read(
        database,
        sa.select(deal_span.c.opportunity_id)
        .where(deal_span.c.to_day == FOREVER, in_regions(deal_span.c.region_id, scope))
        .order_by(deal_span.c.opportunity_id),
    )
    keys = set(shown["opportunity_id"])
    return found.assign(payload=[_seen(payload, keys, scope.person) for payload in found["payload"]])


def _seen(payload: dict, deals: set[str], person: Person) -> dict:
    rows = [row for row in payload["rows"] if row["opportunity_id"] in deals]
    return payload | {"rows": rows, "totals": payload["totals"] if person.sees_everything else None}


def names(database: sa.Engine, scope: Scope) -> pd.DataFrame:
    """One row per deal of the scope's regions, as it is today, and per support person: kind (deal, person), key,
    name."""
    deals = (
        sa.select(
            sa.literal("deal").label("kind"),
            opportunity.c.opportunity_id.label("key"),
            sa.func.coalesce(opportunity.c.name, opportunity.c.opportunity_id).label("name"),
        )
        .select_from(opportunity.join(deal_span, deal_span.c.opportunity_id == opportunity.c.opportunity_id))
        .where(deal_span.c.to_day == FOREVER, in_regions(deal_span.c.region_id, scope))
    )
    people = sa.select(sa.literal("person"), support_person.c.resource_id, support_person.c.name)
    both = sa.union_all(deals, people).subquery("both")
    return read(database, sa.select(both.c.kind, both.c.key, both.c.name).order_by(both.c.kind, both.c.key))


def publish(database: sa.Engine, person: Person, payload: dict, reason: str, *, based_on: int, at: datetime) -> int:
    """Publish a plan, and say which number it has. Directors only, and with a reason.

    `based_on` is the newest plan the person has seen (0: none yet): where somebody has published since, nothing is
    written and the refusal says who. Two at once: the database lets one through.
    """
    person.must_be_allowed_to_write("allocation_plan")
    if not reason.strip():
        raise Refused("A plan is published with a reason. Say in a sentence why.")
    must_fit("The reason", reason, LONGEST_TEXT)
    plan, by = allocation_plan.c, person.name or person.role
    try:
        with writing(database) as connection:
            latest = connection.execute(
                sa.select(plan.plan_id, plan.published_by).order_by(plan.plan_id.desc()).limit(1)
            ).first()
            newest, who = (0, "Nobody") if latest is None else latest
            if newest != based_on:
                raise overtaken(who, newest, based_on)
            connection.execute(
                allocation_plan.insert().values(
                    plan_id=newest + 1, payload=payload, published_by=by, published_at=at, reason=reason.strip()
                )
            )
            connection.execute(
                audit_event.insert().values(
                    at=at,
                    by=by,
                    action="publish",
                    subject=f"allocation_plan {newest + 1}",
                    detail={"values": payload["values"], "totals": payload["totals"]},
                )
            )
            raise_version(connection)
    except sa.exc.IntegrityError as error:  # both read the same latest plan; the other was first
        raise overtaken("Somebody", based_on + 1, based_on) from error
    return newest + 1
