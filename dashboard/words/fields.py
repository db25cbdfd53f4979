"""What a table calls a column that is no defined number: once for all tables in which it means the same."""

from dashboard.words.language import _


def fields() -> dict[str, tuple[str, str]]:
    """By its name in a frame: its label in the session's language, and its unit as `parts.Column` has it."""
    return {
        # Who and what a row is about.
        "account": (_("Account"), "text"),
        "deal": (_("Deal"), "text"),
        "owner": (_("Owner"), "text"),
        "rep": (_("Rep"), "text"),
        "person": (_("Person"), "text"),
        "region": (_("Region"), "text"),
        "group_name": (_("Group"), "text"),
        "subject_name": (_("What"), "text"),
        "source": (_("Source"), "text"),
        "solution": (_("Solution"), "text"),
        "request_id": (_("Request"), "text"),
        "key_action": (_("Key action"), "text"),
        "goal": (_("Goal"), "text"),
        # When.
        "created_on": (_("Created on"), "date"),
        "closed_on": (_("Closed on"), "date"),
        "assessed_on": (_("Assessed on"), "date"),
        "completed_on": (_("Completed on"), "date"),
        "done_on": (_("Done on"), "date"),
        "due_on": (_("Due on"), "date"),
        "expected_close_on": (_("Expected close"), "date"),
        "needed_by": (_("Needed by"), "date"),
        "next_step_on": (_("Next step"), "date"),
        "week": (_("Week of"), "date"),
        "window": (_("Window"), "text"),
        "tenure": (_("With the company"), "written"),
        # What it is, of a few.
        "kind": (_("Kind"), "text"),
        "kind_name": (_("Kind"), "text"),
        "stage": (_("Stage"), "text"),
        "status": (_("Status"), "text"),
        "territory": (_("Territory"), "text"),
        "position": (_("Position"), "text"),
        "rule_name": (_("Rule"), "text"),
        "skill": (_("Skill"), "text"),
        "two_way": (_("Two-way"), "text"),
        "reason": (_("Reason"), "text"),
        "published_by": (_("By"), "text"),
        # How much, where no definition says it.
        "activities": (_("Activities"), "count"),
        "asked": (_("Hours asked for"), "number"),
        "available": (_("Hours available"), "number"),
        "days_overdue": (_("Overdue"), "days"),
        "deals": (_("Deals"), "count"),
        "hours": (_("Hours"), "number"),
        "people": (_("People"), "count"),
        "priority": (_("Priority"), "count"),
        "requests": (_("Requests"), "count"),
        "support_hours": (_("Support hours"), "number"),
        "value_change": (_("Change in value"), "money"),
        "weight": (_("Weight"), "share"),
    }
