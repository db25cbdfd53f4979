"""What the market cost in some days. Pure."""

from calendar import monthrange
from datetime import date

import numpy as np
import pandas as pd


def within(costs: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """The costs by the days of their month that lie between two days, both inside, each rounded half up to the cent.

    costs   marketing.costs: month, amount (minor units), …; months without such a day are left out
    """
    months = costs["month"].dt.date
    lengths = [monthrange(month.year, month.month)[1] for month in months]
    days = [
        (min(end, month.replace(day=length)) - max(start, month)).days + 1
        for month, length in zip(months, lengths, strict=True)
    ]
    amounts = [
        (2 * int(amount) * touched + length) // (2 * length)
        for amount, touched, length in zip(costs["amount"], days, lengths, strict=True)
    ]
    found = costs.assign(amount=pd.array(amounts, dtype="Int64"))
    return found[np.array(days, dtype=int) > 0].reset_index(drop=True)
