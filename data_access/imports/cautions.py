"""Cautions: what loads, and is still worth a sentence, because a number may not be what its reader thinks."""

import re
from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from data_access.schema import CONTRACT

from .forms import have_offset
from .lots import Lot, columns_of
from .readers import Reading, Source
from .rules import Facts, did_you_mean, last_states, nearest

_THREE_DECIMALS = re.compile(r"[+-]?\d{1,3}\.\d{3}")
_FEWEST = 3  # values from which on a pattern says something
_SAYS = {
    "amount": "amount",
    "owner_id": "owner",
    "region_id": "region",
    "expected_close_on": "expected close",
}


def kept_as_properties(lot: Lot, source: Source) -> list[str]:
    """The columns of a file that its table does not know, and which of its own they may be meant to be."""
    strange = list(lot.extra.columns)
    if not strange:
        return []
    free = [name for name in columns_of(lot.table) if name not in lot.cells]
    near = [nearest(name, free) for name in strange]
    meant = [f" (did you mean {one}?)" if one else "" for one in near]
    named = ", ".join(name + hint for name, hint in zip(strange, meant, strict=True))
    what = "the column {} is kept as a custom property" if len(strange) == 1 else "{} are kept as custom properties"
    return [f"{source.file}: {what.format(named)}; `{lot.table}` has no such column."]


def maybe_thousands(lot: Lot, source: Source, reading: Reading) -> list[str]:
    """Money columns whose every value looks like 12.000, which is 12 unless a mapping says otherwise."""
    if reading.number_form != Reading().number_form:
        return []
    sentences = []
    for name in (name for name, form in columns_of(lot.table).items() if form == "money" and name in lot.cells):
        texts = lot.cells[name].dropna()
        if len(texts) >= _FEWEST and all(map(_THREE_DECIMALS.fullmatch, texts.unique())):
            first = texts.iloc[0]
            sentences.append(
                f"{source.file}: all {len(texts):,} values of {name} look like {first}; read as {float(first):g}. "
                "If the point separates thousands, declare number_form in a mapping."
            )
    return sentences


def without_zone(lot: Lot, zone) -> list[str]:
    """Times with an offset, while the organisation's time zone is not known."""
    if zone is not None:
        return []
    moments = [name for name, form in columns_of(lot.table).items() if form == "moment" and name in lot.cells]
    count = sum(have_offset(lot.cells[name].dropna().to_numpy(object)) for name in moments)
    if not count:
        return []
    return [
        f"{lot.table}: {count:,} times carry a time zone offset, and the setting time_zone is empty; "
        "they are taken as the clock showed them there."
    ]


def differences(facts: Facts) -> list[str]:
    """Deals whose present columns differ from their last history row in this load: counted, not rejected."""
    if "opportunity" not in facts.rows or "opportunity_history" not in facts.rows:
        return []
    last, deals = last_states(facts), facts.rows["opportunity"].set_index("opportunity_id")
    sentences = []
    for column, name in _SAYS.items():
        stated, present = last[column].dropna(), deals[column].reindex(last[column].dropna().index)
        differs = present.isna() | (present != stated)
        if column == "expected_close_on":  # of a closed deal nothing is expected any more
            differs &= present.notna() | deals["closed_on"].reindex(stated.index).isna()
        count = int(differs.sum())
        if count:
            sentences.append(
                f"opportunity: {count:,} deals have another {name} than their history ends with; "
                "as of a day the history counts."
            )
    return sentences


def without_amounts(accepted: Mapping[str, pd.DataFrame], has_deals: bool) -> list[str]:
    """No deal of the load has an amount, nor had one; an update of other columns only is no reason to say so."""
    deals = accepted.get("opportunity", pd.DataFrame())
    changes = accepted.get("opportunity_history", pd.DataFrame({"amount": []}))
    if deals.empty or has_deals or deals["amount"].notna().any() or changes["amount"].notna().any():
        return []
    return [f"opportunity: none of the {len(deals):,} deals has an amount; everything in money will be no data."]


def gone(table: str, there: int, absent: int, first: str) -> list[str]:
    """What a whole export no longer has: whoever loads most of a table again seems to load all of it."""
    if not absent or absent > there / 2:
        return []
    are = "is" if absent == 1 else "are"
    return [
        f"{table}: {absent:,} of the database's {there:,} {many(table)} {are} not in this export "
        f"({first}{' …' if absent > 1 else ''}) and {'stays as it was' if absent == 1 else 'stay as they were'}. "
        "If this export is whole, load it with --full, which removes what it lacks."
    ]


def many(table: str) -> str:
    """What the rows of a table are called."""
    return {"opportunity": "deals", "activity": "activities"}.get(table, f"{table}s")


def credits(accepted: Mapping[str, pd.DataFrame]) -> list[str]:
    """Deals below 0: they are subtracted, and somebody may not have meant it."""
    deals = accepted.get("opportunity", pd.DataFrame({"amount": pd.Series(dtype="Int64")}))
    count = int((deals["amount"] < 0).fillna(False).sum())
    if not count:
        return []
    return [
        f"opportunity: {count:,} {'deal has' if count == 1 else 'deals have'} a negative amount and count as credits. "
        'To have such rows refused, give the column `negative = "refuse"` in a mapping.'
    ]


def foreign_currencies(accepted: Mapping[str, pd.DataFrame], base_currency: str, rated: pd.Index) -> list[str]:
    """Deals in a currency that nothing converts to the base currency."""
    if "opportunity" not in accepted:
        return []
    rates = accepted.get("exchange_rate", pd.DataFrame({"currency": []}))
    known = {"", base_currency, *rated, *rates["currency"]}
    counts = accepted["opportunity"]["currency"].dropna().value_counts()
    return [
        f"opportunity: {count:,} deals are in {currency}, the base currency is {base_currency}, and there is no "
        f"exchange rate between them: their amounts are unknown{did_you_mean(currency, known) or '.'} "
        "Add exchange_rate.csv (currency, valid_from, rate), or run "
        f"`python -m dashboard setting base_currency {currency}` if that is the organisation's own."
        for currency, count in sorted(counts.items())
        if currency not in known
    ]


def absent_tables(accepted: Mapping[str, pd.DataFrame], filled: Collection[str]) -> Iterator[str]:
    """One sentence per table that rows refer to and that has no row anywhere, in the load or among the `filled`."""
    named: dict[str, dict[str, set]] = {}
    for table, rows in accepted.items():
        for column in CONTRACT[table].columns:
            target = column.info.get("refers")
            if target and target not in filled and not len(accepted.get(target, ())):
                keys = set(rows[column.name].dropna()) - {""}
                if keys:
                    named.setdefault(target, {})[f"{table}.{column.name}"] = keys
    for target, columns in named.items():
        count = len(set().union(*columns.values()))
        verb = "names" if len(columns) == 1 else "name"
        many = target if count == 1 else f"{target[:-1]}ies" if target.endswith("y") else f"{target}s"
        yield (
            f"{', '.join(columns)} {verb} {count:,} {many.replace('_', ' ')}, and there is no {target} table: "
            "they show by id."
        )


def followers(found: pd.DataFrame) -> list[str]:
    """How many rows are only rejected for what they refer to; the limit of bad rows does not count them."""
    follows = only_following(found)
    if follows.empty:
        return []
    tables = ", ".join(f"{table} {count:,}" for table, count in follows["table"].value_counts().sort_index().items())
    causes = len(found[["table", "row"]].drop_duplicates()) - len(follows)
    return [
        f"{causes:,} {'row breaks' if causes == 1 else 'rows break'} a rule and did not load, and {len(follows):,} "
        f"{'row that refers' if len(follows) == 1 else 'rows that refer'} to {'it' if causes == 1 else 'them'} "
        f"did not either ({tables})."
    ]


def only_following(found: pd.DataFrame) -> pd.DataFrame:
    """table, row: of the rejected rows that break no rule of their own."""
    whole = found.groupby(["table", "row"])["follows"].all()
    return whole[whole.astype(bool)].reset_index()[["table", "row"]]
