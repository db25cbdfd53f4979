"""Reports as Arrow files (Feather): a column keeps its type from one day to the next, also where it is empty."""

import io

import pyarrow as pa
from pyarrow import feather

from dashboard.metrics.definitions import DEFINITIONS
from dashboard.metrics.definitions.reports import numbers
from dashboard.reports import as_text


def as_arrow(answer: dict, about: dict) -> bytes:
    """The rows with a type each; of a report without rows key, value (a number) and text (what is none).

    about   told with it, in the file's metadata, under `cockpit` as JSON
    """
    header, lines = as_text.in_lines(answer)
    if header == ["key", "value"]:
        table = _of_values(lines)
    else:
        place = f"{answer['report']}.rows"
        columns = zip(*lines, strict=True) if lines else [()] * len(header)
        table = pa.table({name: _column(place, name, found) for name, found in zip(header, columns, strict=True)})
    written = io.BytesIO()
    feather.write_feather(
        table.replace_schema_metadata({"cockpit": as_text.as_json(about, indent=None)}), written, compression="lz4"
    )
    return written.getvalue()


def _of_values(lines: list[list]) -> pa.Table:
    is_number = [isinstance(value, int | float) and not isinstance(value, bool) for _key, value in lines]
    told = list(zip(lines, is_number, strict=True))
    return pa.table(
        {
            "key": pa.array([key for key, _value in lines], pa.string()),
            "value": pa.array([float(one[1]) if is_one else None for one, is_one in told], pa.float64()),
            "text": pa.array([None if is_one or one[1] is None else str(one[1]) for one, is_one in told], pa.string()),
        }
    )


def _column(place: str, name: str, found) -> pa.Array:
    """A number's type follows from its unit, a day's and a yes or no's from what it is called."""
    key = numbers(place).get(name)
    if key is not None:
        return pa.array(found, pa.int64() if DEFINITIONS[key].unit == "count" else pa.float64())
    if name.endswith("_on") or name == "week":
        return pa.array(found, pa.date32())
    if name.startswith("is_"):
        return pa.array(found, pa.bool_())
    made = pa.array(found)
    return made.cast(pa.string()) if pa.types.is_null(made.type) else made
