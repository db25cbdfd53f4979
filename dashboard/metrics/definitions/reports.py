"""What each report holds: a place's keys in their order. A number among them has a definition, the rest is in FIELDS.

A place is a report and a part of it; the keys are part of the product's interface (`docs/report.md`).
"""

REPORTS: dict[str, tuple[str, ...]] = {
    "overview.values": (
        "won_count", "won_amount", "lost_count", "win_rate_count", "win_rate_amount", "created_count",
        "created_win_rate", "mean_won_amount", "median_won_amount", "mean_cycle_days", "median_cycle_days",
        "open_count", "open_amount", "weighted_amount", "pipeline_created_amount", "target_amount", "attainment",
        "coverage", "velocity_per_day",
    ),
    "overview.by_track": (
        "win_rate_count", "win_rate_amount", "created_win_rate", "mean_cycle_days", "median_cycle_days",
        "velocity_per_day",
    ),
    "overview.key_accounts": (
        "key_account_count", "key_won_amount", "key_won_share", "key_closeness", "key_closeness_count",
        "key_closeness_change", "key_needs_gap", "key_needs_count",
    ),
    "overview.support": ("utilisation", "met_in_time_share", "needed_requests"),
    "overview.collection": ("received_amount", "collected_share", "overdue_amount", "overdue_count"),
    "funnel.rows": (
        "pipeline", "track", "stage", "position", "in_stage_now", "visited", "strict_path", "reached_at_least",
        "step_entered", "step_advanced", "step_undecided", "median_days_in_stage",
    ),
    "bridge.values": (
        "opening", "created", "reopened", "amount_up", "amount_down", "moved_in", "moved_out", "won", "lost",
        "left_out", "removed", "closing",
    ),
    "deals.rows": (
        "opportunity_id", "deal", "account", "owner", "region", "pipeline", "track", "stage", "outcome", "amount",
        "weighted_amount", "created_on", "closed_on", "expected_close_on", "age_days", "days_in_stage", "target_days",
        "pushes", "next_step_on", "next_step_kind", "norm_days", "is_stalled",
    ),
    "key-accounts.profile": ("version", "weights", "top", "floor", "cut_points"),
    "key-accounts.rows": (
        "account_id", "account", "group", "past_revenue", "potential", "reference_effect", "winnability", "score",
        "rank", "is_key", "stability", "score_low", "score_high",
    ),
    "key-accounts.backtest": ("profile", "n", "hit_rate", "low", "high", "lift", "captured", "margin_captured"),
    "key-accounts.backtest_difference": ("as_of", "difference", "low", "high", "is_alike"),
    "key-accounts.backtest_moves": (
        "account_id", "account", "group", "region", "owner_id", "owner", "enters", "won_since", "is_hit",
    ),
    "allocation.profile": ("version", "tilt", "assumption"),
    "allocation.rows": ("request_id", "opportunity_id", "resource_id", "hours", "value"),
    "allocation.totals": ("recommended", "todays_bookings", "first_come_first_served", "tilt_price", "on_assumption"),
    "allocation.uplifts": ("kind", "share", "assumed_share", "measured", "low", "high", "met", "unmet", "is_shown"),
    "allocation.duals": ("resource_id", "kind", "region_id", "reach", "skills", "week", "value"),
    "opportunities.rows": (
        "opportunity_id", "short_term", "long_term", "quadrant", "territory", "position", "opening",
    ),
    "support.values": (
        "utilisation", "available_hours", "booked_hours", "open_requests", "requested_hours", "met_in_time_share",
        "hours_per_won_deal", "alignment", "alignment_n",
    ),
    "support.rows": ("resource_id", "kind", "region", "available_hours", "booked_hours", "utilisation"),
    "reps.rows": (
        "rep_id", "rep", "region", "completed", "planned_done_on_time", "planned_done_late", "planned_overdue",
        "meetings_held", "accounts_owned", "accounts_touched", "won_amount", "target_amount", "attainment",
        "attainment_swing", "life_stage", "repeat_share",
    ),
    "activity.rows": ("rep_id", "week", "kind", "origin", "completed"),
    "attention.rows": ("rule", "subject_kind", "subject_id", "value_at_risk", "days", "owner_id", "region_id"),
    "attention.lines": (
        "view", "subject_kind", "subject_id", "rules", "value_at_risk", "is_assumed", "is_revenue", "days", "owner_id",
        "region_id",
    ),
    "attention.this_week": ("subject_kind", "subject_id", "rules", "value_at_risk", "since"),
    "attention.given": (
        "subject_kind", "subject_id", "rules", "value_at_risk", "given_to", "given_on", "due_on", "is_due", "became",
        "outcome",
    ),
    "attention.followed": (
        "rule", "is_given", "lines", "gone", "same", "worse", "won", "lost", "gone_share", "low", "high",
    ),
    "leads.rows": (
        "source", "leads", "mql", "sql", "converted", "won", "conversion", "median_days_to_convert", "cost",
        "cost_per_won", "undecided",
    ),
    "forecast": ("won", "expected", "low", "high", "refused", "is_wide"),
    "forecast.parts": ("starts_on", "ends_on", "still_expected"),
    "forecast.backtest": ("weeks_before", "periods", "mean_abs_error_share", "bias_share", "inside_band_share"),
    "forecast.bias": (
        "periods", "bias_share", "bias_low", "bias_high", "bias_shrunk", "is_shown", "corrected",
        "mean_abs_error_share", "corrected_error_share",
    ),
    "deciding.values": (
        "won_amount", "expected", "target_amount", "gap", "open_count", "closing_deals", "closing_chance", "refused",
    ),
    "deciding.rows": (
        "opportunity_id", "deal", "account", "owner", "region", "pipeline", "track", "stage", "amount", "chance",
        "weight", "is_closing", "expected_close_on", "next_step_on", "next_step_kind", "last_touch_on",
        "last_touch_kind", "changes", "amount_before", "stage_before", "expected_close_before", "owner_before",
    ),
    "board.values": (
        "won_amount", "target_amount", "commit_amount", "commit_adjustment", "expected", "low", "high", "forecast_gap",
        "best_case_amount", "needed_per_week", "bias_share", "bias_shrunk", "corrected", "is_own", "note", "missing",
        "forecast_difference",
    ),
    "board.rows": (
        "key", "label", "won_amount", "target_amount", "commit_amount", "commit_adjustment", "expected", "low", "high",
        "forecast_gap", "best_case_amount", "needed_per_week", "bias_share", "bias_shrunk", "corrected", "is_own",
        "note", "missing",
    ),
}  # fmt: skip

RENAMED: dict[str, dict[str, str]] = {
    "key-accounts.rows": {"score": "composite_score", "rank": "rank_in_group"},
    "key-accounts.backtest": {
        "n": "picked_count",
        "low": "hit_rate_low",
        "high": "hit_rate_high",
        "captured": "captured_share",
        "margin_captured": "captured_margin_share",
    },
    "key-accounts.backtest_difference": {
        "difference": "hit_rate_difference",
        "low": "hit_rate_difference_low",
        "high": "hit_rate_difference_high",
    },
    "allocation.rows": {"hours": "planned_hours", "value": "allocation_value"},
    "allocation.totals": {
        "recommended": "allocation_value",
        "todays_bookings": "allocation_value",
        "first_come_first_served": "allocation_value",
    },
    "allocation.uplifts": {
        "share": "uplift",
        "measured": "uplift_measured",
        "low": "uplift_low",
        "high": "uplift_high",
        "met": "uplift_met",
        "unmet": "uplift_unmet",
    },
    "allocation.duals": {"value": "hour_worth"},
    "attention.rows": {"days": "leak_days"},
    "attention.lines": {"days": "leak_days"},
    "attention.followed": {
        "lines": "followed_lines",
        "gone": "followed_gone",
        "same": "followed_same",
        "worse": "followed_worse",
        "won": "followed_won",
        "lost": "followed_lost",
        "gone_share": "followed_gone_share",
        "low": "followed_gone_low",
        "high": "followed_gone_high",
    },
    "opportunities.rows": {"opening": "opening_class"},
    "leads.rows": {"won": "leads_won", "undecided": "leads_undecided"},
    "forecast": {"won": "won_amount"},
    "deciding.values": {"gap": "forecast_gap"},
    "deciding.rows": {"chance": "win_chance", "weight": "deciding_weight"},
}
"""What a place calls otherwise than by its key, since the place says the rest of the name."""

FIELDS = frozenset({
    # Who and what a row is about.
    "account", "account_id", "deal", "opportunity_id", "owner", "owner_before", "owner_id", "region", "region_id",
    "given_to", "rep", "rep_id", "request_id", "resource_id", "source", "subject_id", "subject_kind",
    # When.
    "as_of", "closed_on", "created_on", "due_on", "ends_on", "expected_close_before", "expected_close_on", "given_on",
    "last_touch_on", "next_step_on", "starts_on", "week", "weeks_before",
    # What it is, of a few.
    "became", "changes", "enters", "group", "is_alike", "is_assumed", "is_closing", "is_due", "is_given", "is_hit",
    "is_key", "is_own", "is_revenue",
    "is_shown", "is_stalled", "is_wide", "key", "kind", "label", "last_touch_kind", "life_stage", "missing",
    "next_step_kind", "note", "opening_class", "origin", "outcome", "pipeline", "position", "profile", "quadrant",
    "reach", "refused", "rule", "rules", "since", "skills", "stage", "stage_before", "territory", "track", "view",
    # The settings that were used.
    "version", "weights", "top", "floor", "cut_points", "tilt", "assumption",
})  # fmt: skip
"""The keys of reports that are no number of the organisation's."""


def numbers(place: str) -> dict[str, str]:
    """The numbers of a place: what it calls each, and the key of its definition."""
    named = {called: RENAMED.get(place, {}).get(called, called) for called in REPORTS[place]}
    return {called: key for called, key in named.items() if key not in FIELDS}


def reported_as(metric: str) -> list[str]:
    """Where reports hold a number, in their order; with what a place calls it, if not by its key."""
    return [
        place if called == metric else f"{place} (`{called}`)"
        for place in REPORTS
        for called, key in numbers(place).items()
        if key == metric
    ]
