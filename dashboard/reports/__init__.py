"""What `report` prints, and what programs are sent."""

NAMES = (  # answered in contents.py, which is slow to import
    "overview",
    "funnel",
    "bridge",
    "deals",
    "key-accounts",
    "allocation",
    "opportunities",
    "support",
    "reps",
    "activity",
    "attention",
    "leads",
    "forecast",
    "deciding",
    "board",
)
