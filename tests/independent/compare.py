"""Where two reports differ: money to the cent, counts exactly, rates and means within 1e-9, null as null."""

from decimal import Decimal

TOLERANCE = 1e-9


def differences(ours, printed, path: str = "") -> list[str]:
    """One line per key that differs; `ours` holds Decimals where money must agree to the cent."""
    if isinstance(ours, dict) and isinstance(printed, dict):
        found = []
        for key in ours.keys() | printed.keys():
            if key not in ours or key not in printed:
                found.append(f"{path}.{key}: only {'printed' if key in printed else 'ours'}")
            else:
                found += differences(ours[key], printed[key], f"{path}.{key}")
        return sorted(found)
    if isinstance(ours, list) and isinstance(printed, list) and len(ours) == len(printed):
        pairs = enumerate(zip(ours, printed, strict=True))
        return [line for n, (a, b) in pairs for line in differences(a, b, f"{path}[{n}]")]
    return [] if _agree(ours, printed) else [f"{path}: ours {ours}, printed {printed}"]


def _agree(ours, printed) -> bool:
    if ours is None or printed is None:
        return ours is printed
    if isinstance(ours, Decimal):
        return Decimal(str(printed)) == ours
    if isinstance(ours, float):
        return abs(ours - printed) <= TOLERANCE * max(1.0, abs(ours))
    return ours == printed


def rows_by_key(rows: list[dict]) -> dict[str, dict]:
    """Funnel rows by pipeline, track and stage, so that their order does not matter."""
    return {f"{row['pipeline']}/{row['track']}/{row['stage']}": row for row in rows}
