"""What numbers of deals rest on: a deal that lacks one of these is in none of their sums, or makes the sum unknown."""

from collections.abc import Mapping

_SUM = ("amount", "rate")
MAKES_UNKNOWN = frozenset({"rate", "probability"})
"""What no number leaves out: where one deal lacks it, the sum is not known."""

NEEDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "open_amount": ("open", _SUM),
    "weighted_amount": ("open", (*_SUM, "probability")),
    "coverage": ("open", (*_SUM, "expected_close")),
    "expected": ("open", (*_SUM, "stage")),
    "value_at_risk": ("open", _SUM),
    "leak_overdue": ("open", ("expected_close",)),
    "leak_stalled": ("open", ("history",)),
    "won_amount": ("won", _SUM),
    "mean_won_amount": ("won", _SUM),
    "median_won_amount": ("won", _SUM),
    "gross_margin_amount": ("won", ("margin",)),
    "mean_cycle_days": ("won", ("creation",)),
    "median_cycle_days": ("won", ("creation",)),
    "velocity_per_day": ("won", (*_SUM, "creation")),
    "win_rate_amount": ("closed", _SUM),
    "loss_share": ("lost", ("loss_reason",)),
    "pipeline_created_amount": ("created", _SUM),
    "strict_path": ("created", ("history",)),
    "median_days_in_stage": ("created", ("history",)),
}
"""By the number's key: the list of deals it is of, and what each of them needs, as `data_access.data.gaps` calls it."""
