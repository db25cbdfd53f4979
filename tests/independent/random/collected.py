"""What a random organisation invoices and receives: in full, in part, late, too much, given back, or never."""

from datetime import date, timedelta
from random import Random

from tests.independent.random.organisations import Tables

_LAST = date(2026, 6, 30)


def with_money(tables: Tables, seed: int) -> Tables:
    """The organisation with receipts up to its own days, so that its last day stays what it was, and invoices."""
    random = Random(seed + 30_000)
    invoices, payments = [], []
    for deal in tables["opportunity"]:
        day = deal["closed_on"] or date(2026, 1, 15)
        if random.random() < 0.3:
            continue
        for number in range(random.randint(1, 4)):
            day += timedelta(days=random.choice((0, 0, 7, 30)))
            owed = random.choice((0, 1, 99_99, 1_000_00, 12_345_67)) / 100
            row = {"opportunity_id": deal["opportunity_id"], "sequence": number}
            invoices.append(row | {"due_on": day, "amount": owed})
            received = min(day + timedelta(days=random.randint(-20, 40)), _LAST)
            part = random.choice((0, 0.5, 1, 1, 1.5, -0.25))
            if part:
                payments.append(row | {"received_on": received, "amount": round(owed * part, 2)})
    random.shuffle(invoices)
    return tables | {"invoice": invoices, "payment": payments}
