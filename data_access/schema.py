"""The tables, and the only physical names in the project.

Three kinds stand below each other:

* the **contract** (`CONTRACT`): what a company loads or provides. The same names and columns
  are the headers of its CSV files;
* the **derived** tables (`DERIVED`): what an import works out once, so that no question has to:
  stretches of days, stays in stages, movements, the region tree's closure, activities with
  their account and region, leads with their region;
* the **product's own** tables (`OWN`): what people enter and publish here.

Every column says in `column.info` how it is written in a file: `form` is one of text, money, share, rate,
number, integer, boolean, date, moment; `choices`, `longest` (of texts), `least`, `most` and `refers` are its rules.
The importer reads its rules from here, and nowhere else; how much fits, and why, is in `limits.py`.

Units, everywhere in the database:

* money is an integer in **minor units** (cents) of its currency, rounded half up when it is loaded;
* a share (probability) and an exchange rate are integers in **billionths**:
  exact, and the same arithmetic on every engine;
* a derived `*_day` is an integer, the proleptic ordinal of the date (`datetime.date.toordinal`), so that
  differences of days need no dialect's date functions. `*_month` is the ordinal of the month's first day.
  A stretch of days runs from `from_day` (inside) to `to_day` (outside).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from data_access.database.limits import (
    FIRST_YEAR,
    LARGEST_AMOUNT,
    LARGEST_HOURLY_COST,
    LARGEST_HOURS,
    LARGEST_INTEGER,
    LARGEST_MINUTES,
    LARGEST_RATE,
    LAST_YEAR,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_TARGET,
    LONGEST_TEXT,
)

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"})

MONEY_SCALE = 100  # minor units in one unit of currency
SHARE_SCALE = 1_000_000_000
RATE_SCALE = 1_000_000_000
HOUR_SCALE = 1_000_000  # parts of an hour in which hours are added up, so that sums are the same on every engine
FOREVER = 3_652_059  # date.max.toordinal(): the open end of a stretch of days
ALWAYS = 0  # before every date: the open start


# --- column forms -------------------------------------------------------------------------------------


def _column(name, type_, form, *, required=False, default=None, **info):
    """A column with its file form. `default` also makes it part of a natural key: never null."""
    extra = {"server_default": default} if default is not None else {}
    return Column(name, type_, nullable=not required and default is None, info={"form": form, **info}, **extra)


def text(name, *, longest=LONGEST_KEY, **rules):
    return _column(name, Text, "text", longest=longest, **rules)


def money(name, *, least=0, most=LARGEST_AMOUNT, **rules):
    return _column(name, BigInteger, "money", least=least, most=most, **rules)


def share(name, **rules):
    return _column(name, BigInteger, "share", least=0, most=1, **rules)


def rate(name, **rules):
    return _column(name, BigInteger, "rate", least=0, most=LARGEST_RATE, **rules)


def hours(name, **rules):
    return _column(name, Float, "number", least=0, most=LARGEST_HOURS, **rules)


def score(name="score", **rules):
    return _column(name, Float, "number", least=0, most=10, **rules)


def integer(name, *, least=-LARGEST_INTEGER, most=LARGEST_INTEGER, **rules):
    return _column(name, Integer, "integer", least=least, most=most, **rules)


def boolean(name, **rules):
    return _column(name, Boolean, "boolean", **rules)


def date(name, **rules):
    return _column(name, Date, "date", **rules)


def moment(name, **rules):
    """A time in the organisation's own time zone, stored without zone."""
    return _column(name, DateTime, "moment", **rules)


def removed_on():
    """The day from which on the source no longer has the row: it counts up to the day before. A whole export says so of
    what it lacks (`imports/going/removal.py`), a soft deletion by this column."""
    return date("removed_on", happened=True)


def _properties():
    """Columns of a file that the contract does not know, kept as they came: {header: text}."""
    return Column("properties", JSON, nullable=True, info={"form": "properties"})


def _entry():
    """Who entered a row on a page, and when. Imported rows have entry_id '' and the rest empty."""
    return (
        Column("entry_id", Text, nullable=False, server_default="", info={"form": "entry"}),
        Column("entered_by", Text, info={"form": "entry"}),
        Column("entered_at", DateTime, info={"form": "entry"}),
    )


CONTRACT: dict[str, Table] = {}


def _contract(name, *columns, key, comment):
    """A table of the contract. `key` makes a row unique; loading it again updates the row."""
    table = Table(
        name, metadata, *columns, _properties(), PrimaryKeyConstraint(*key), comment=comment, info={"key": key}
    )
    CONTRACT[name] = table
    return table


# --- the contract: organisation -----------------------------------------------------------------------

region = _contract(
    "region",
    text("region_id", required=True),
    text("name", required=True, longest=LONGEST_NAME),
    text("parent_id", refers="region"),
    key=("region_id",),
    comment="one sales region of the tree group -> big region -> office",
)

rep = _contract(
    "rep",
    text("rep_id", required=True),
    text("name", required=True, longest=LONGEST_NAME),
    text("email", longest=LONGEST_NAME),
    text("region_id", refers="region"),
    text("manager_id", refers="rep"),
    date("hired_on", happened=True),
    date("left_on", happened=True),
    key=("rep_id",),
    comment="one salesperson as of today",
)

rep_history = _contract(
    "rep_history",
    text("rep_id", required=True, refers="rep"),
    date("from_on", required=True),
    text("region_id", required=True, refers="region"),
    text("manager_id", refers="rep"),
    key=("rep_id", "from_on"),
    comment="one posting of a rep; without any, `rep` holds throughout",
)

product = _contract(
    "product",
    text("product", required=True),
    text("category", required=True),
    text("solution"),
    key=("product",),
    comment="one product; joins opportunity.product, purchase.category, account_need.solution",
)

target = _contract(
    "target",
    text("rep_id", required=True, refers="rep"),
    date("month", required=True, month=True),
    money("amount", required=True),
    text("region_id", default="", refers="region"),  # '' : the rep's region
    key=("rep_id", "month", "region_id"),
    comment="one rep's target for one month and region, in base currency",
)

# --- the contract: accounts ---------------------------------------------------------------------------

account = _contract(
    "account",
    text("account_id", required=True),
    text("name", required=True, longest=LONGEST_NAME),
    text("industry"),
    text("customer_class"),
    text("region_id", refers="region"),
    text("owner_id", refers="rep"),
    text("key_account_director_id", refers="rep"),
    date("created_on", happened=True),
    text("pool", choices=("public", "private")),
    key=("account_id",),
    comment="one customer",
)

assignment = _contract(
    "assignment",
    text("subject_kind", required=True, choices=("account", "lead")),
    text("subject_id", required=True),
    text("role", required=True, choices=("owner", "director", "fill_in")),
    text("rep_id", refers="rep"),  # empty: the public pool
    date("from_on", required=True),
    date("to_on"),
    text("reason", longest=LONGEST_TEXT),
    key=("subject_kind", "subject_id", "role", "from_on"),
    comment="who had an account or lead, from when to when",
)

contact = _contract(
    "contact",
    text("contact_id", required=True),
    text("account_id", required=True, refers="account"),
    text("name", longest=LONGEST_NAME),
    text("title", longest=LONGEST_NAME),
    integer("seniority", least=1, most=5),
    key=("contact_id",),
    comment="one person at an account",
)

purchase = _contract(
    "purchase",
    text("account_id", required=True, refers="account"),
    integer("year", required=True, least=FIRST_YEAR, most=LAST_YEAR),
    text("category", required=True),
    text("supplier", required=True),
    money("amount", required=True),
    key=("account_id", "year", "category", "supplier"),
    comment="what an account bought of one category in one year from one supplier ('us' or a rival's name)",
)

account_score = _contract(
    "account_score",
    text("account_id", required=True, refers="account"),
    text("factor", required=True, choices=("potential", "reference_effect", "winnability")),
    score(required=True),
    date("assessed_on", required=True, happened=True),
    text("assessed_by"),
    *_entry(),
    key=("account_id", "factor", "assessed_on", "entry_id"),
    comment="one assessment of one factor",
)

closeness_score = _contract(
    "closeness_score",
    text("account_id", required=True, refers="account"),
    score(required=True),
    date("assessed_on", required=True, happened=True),
    text("assessed_by"),
    *_entry(),
    key=("account_id", "assessed_on", "entry_id"),
    comment="one judged closeness",
)

account_need = _contract(
    "account_need",
    text("account_id", required=True, refers="account"),
    text("window", required=True, choices=("0-3m", "3-12m", "1-3y")),
    text("solution", required=True),
    money("value", required=True),
    score("capability", required=True),
    date("assessed_on", required=True, happened=True),
    *_entry(),
    key=("account_id", "window", "solution", "assessed_on", "entry_id"),
    comment="one need of an account in one window, and how well we can meet it",
)

account_goal = _contract(
    "account_goal",
    text("account_id", required=True, refers="account"),
    text("goal", required=True, longest=LONGEST_NAME),
    date("due_on"),
    date("done_on", happened=True),
    date("created_on", happened=True),
    *_entry(),
    key=("account_id", "goal", "entry_id"),
    comment="one stage goal of an account's strategy",
)

# --- the contract: pipeline ---------------------------------------------------------------------------

stage = _contract(
    "stage",
    text("pipeline", required=True),
    text("stage", required=True),
    integer("position", required=True),
    text("kind", required=True, choices=("open", "won", "lost")),
    share("probability"),
    integer("target_days", least=0, most=LONGEST_TARGET),
    key=("pipeline", "stage"),
    comment="one stage of a pipeline",
)

key_action = _contract(
    "key_action",
    text("pipeline", required=True),
    text("stage", required=True),
    text("key_action", required=True),
    integer("position", required=True),
    key=("pipeline", "stage", "key_action"),
    comment="one key action of a stage",
)

lead = _contract(
    "lead",
    text("lead_id", required=True),
    text("source"),
    text("campaign"),
    text("region_id", refers="region"),
    text("owner_id", refers="rep"),
    text("account_id", refers="account"),
    date("created_on", required=True, happened=True),
    date("qualified_on", happened=True),  # MQL
    date("accepted_on", happened=True),  # SQL
    date("converted_on", happened=True),
    text("opportunity_id", refers="opportunity"),
    date("disqualified_on", happened=True),
    removed_on(),
    key=("lead_id",),
    comment="one lead",
)

LOSS_REASONS = (
    "relationship",
    "support",
    "price",
    "product",
    "competitor",
    "no_decision",
    "qualified_out",
    "duplicate",
    "other",
)
LEFT_OUT_REASONS = ("qualified_out", "duplicate")

opportunity = _contract(
    "opportunity",
    text("opportunity_id", required=True),
    text("name", longest=LONGEST_NAME),
    text("account_id", refers="account"),
    text("owner_id", refers="rep"),
    text("region_id", refers="region"),
    text("pipeline", required=True),
    text("stage", required=True),
    text("product"),
    text("source"),
    text("kind", choices=("new", "upsell", "cross_sell", "renewal")),
    text("track", choices=("large", "fast")),
    money("amount", least=-LARGEST_AMOUNT),  # a credit is negative
    text("currency"),
    money("gross_margin", least=-LARGEST_AMOUNT),
    date("created_on", happened=True),
    date("expected_close_on"),
    date("closed_on", happened=True),
    text("loss_reason", choices=LOSS_REASONS),
    text("competitor"),
    date("contract_starts_on"),
    date("contract_ends_on"),
    removed_on(),
    key=("opportunity_id",),
    comment="one deal as it stands now",
)

opportunity_history = _contract(
    "opportunity_history",
    text("opportunity_id", required=True, refers="opportunity"),
    moment("changed_at", required=True, happened=True),
    integer("sequence", default="0"),
    text("stage"),
    money("amount", least=-LARGEST_AMOUNT),
    date("expected_close_on"),
    text("owner_id", refers="rep"),
    text("region_id", refers="region"),
    key=("opportunity_id", "changed_at", "sequence"),
    comment="one change of a deal: the state after it; an empty cell means unchanged",
)

payment = _contract(
    "payment",
    text("opportunity_id", required=True, refers="opportunity"),
    date("received_on", required=True, happened=True),
    integer("sequence", default="0"),  # tells two receipts of one day apart
    money("amount", required=True, least=-LARGEST_AMOUNT),  # a refund is negative
    key=("opportunity_id", "received_on", "sequence"),
    comment="one receipt, in base currency",
)

invoice = _contract(
    "invoice",
    text("opportunity_id", required=True, refers="opportunity"),
    date("due_on", required=True),
    integer("sequence", default="0"),  # tells two that fall due on one day apart
    money("amount", required=True),
    key=("opportunity_id", "due_on", "sequence"),
    comment="one sum that falls due, in base currency; receipts of its deal (`payment`) pay the oldest first",
)

exchange_rate = _contract(
    "exchange_rate",
    text("currency", required=True),
    date("valid_from", required=True),
    rate("rate", required=True),
    key=("currency", "valid_from"),
    comment="one currency's rate to the base currency from a day on",
)

opportunity_score = _contract(
    "opportunity_score",
    text("opportunity_id", required=True, refers="opportunity"),
    text("question", required=True, choices=("one_off_revenue", "quota_effect", "follow_on", "brand", "morale")),
    score(required=True),
    date("assessed_on", required=True, happened=True),
    text("assessed_by"),
    *_entry(),
    key=("opportunity_id", "question", "assessed_on", "entry_id"),
    comment="one answer to one of the five questions of a deal's value",
)

opening = _contract(
    "opening",
    text("opportunity_id", required=True, refers="opportunity"),
    text("position", required=True, choices=("ahead", "even", "behind")),
    text("territory", choices=("ours", "neutral", "theirs")),
    date("assessed_on", required=True, happened=True),
    text("what_changed", longest=LONGEST_TEXT),
    *_entry(),
    key=("opportunity_id", "assessed_on", "entry_id"),
    comment="one judgement of a deal's opening",
)

# --- the contract: activities, marketing, support -----------------------------------------------------

activity = _contract(
    "activity",
    text("activity_id", required=True),
    text("rep_id", required=True, refers="rep"),
    text("account_id", refers="account"),
    text("opportunity_id", refers="opportunity"),
    text("lead_id", refers="lead"),
    text("contact_id", refers="contact"),
    text("kind", required=True, choices=("call", "email", "meeting", "visit", "demo", "proposal", "other")),
    text("origin", choices=("plan", "assigned", "collaboration", "care")),
    boolean("two_way"),
    text("key_action"),
    date("created_on", happened=True),
    date("planned_on"),
    date("first_planned_on"),
    moment("completed_at", happened=True),
    date("cancelled_on"),
    integer("minutes", least=0, most=LARGEST_MINUTES),
    text("result", longest=LONGEST_NOTE),
    removed_on(),
    key=("activity_id",),
    comment="one thing done or planned",
)

activity_cost = _contract(
    "activity_cost",
    text("kind", required=True),
    date("valid_from", required=True),
    money("hourly_cost", required=True, most=LARGEST_HOURLY_COST),
    integer("default_minutes", required=True, least=0, most=LARGEST_MINUTES),
    key=("kind", "valid_from"),
    comment="what an hour of one kind costs from a day on",
)

marketing_cost = _contract(
    "marketing_cost",
    date("month", required=True, month=True),
    text("source", required=True),
    text("campaign", default=""),
    text("region_id", default="", refers="region"),
    money("amount", required=True),
    key=("month", "source", "campaign", "region_id"),
    comment="one source's cost in one month, in base currency",
)

support_person = _contract(
    "support_person",
    text("resource_id", required=True),
    text("name", required=True, longest=LONGEST_NAME),
    text("kind", required=True, choices=("presales", "expert", "solution", "delivery", "lab", "budget")),
    text("region_id", refers="region"),
    text("reach", choices=("own", "any")),
    hours("weekly_hours", required=True),
    money("hourly_cost", most=LARGEST_HOURLY_COST),
    text("skills", longest=LONGEST_TEXT),
    date("active_from"),
    date("active_to"),
    key=("resource_id",),
    comment="one supporter or pool",
)

support_request = _contract(
    "support_request",
    text("request_id", required=True),
    text("opportunity_id", required=True, refers="opportunity"),
    text("kind", required=True, choices=("presales", "expert", "solution", "delivery", "lab", "budget")),
    text("skill"),
    hours("hours", required=True),
    integer("priority", least=1, most=3),
    date("requested_on", required=True, happened=True),
    date("needed_by"),
    date("decided_on", happened=True),
    text("decision", choices=("granted", "declined", "withdrawn")),
    key=("request_id",),
    comment="one request for support",
)

support_booking = _contract(
    "support_booking",
    text("resource_id", required=True, refers="support_person"),
    text("opportunity_id", required=True, refers="opportunity"),
    date("week", required=True, monday=True),
    hours("hours", required=True),
    text("request_id", default="", refers="support_request"),
    boolean("locked"),
    boolean("done"),
    date("booked_on", happened=True),
    key=("resource_id", "opportunity_id", "week", "request_id"),
    comment="hours of one supporter booked on one deal in one week",
)

support_absence = _contract(
    "support_absence",
    text("resource_id", required=True, refers="support_person"),
    date("week", required=True, monday=True),
    hours("hours", required=True),
    key=("resource_id", "week"),
    comment="hours one supporter is away in one week",
)

rep_score = _contract(
    "rep_score",
    text("rep_id", required=True, refers="rep"),
    text("metric", required=True),
    score(required=True),
    date("assessed_on", required=True, happened=True),
    text("assessed_by"),
    *_entry(),
    key=("rep_id", "metric", "assessed_on", "entry_id"),
    comment="one soft metric of a rep",
)

# The ways from an account or a deal to what rests on it; everything else is found by its key.
for column in (opportunity.c.account_id, activity.c.account_id, activity.c.opportunity_id, contact.c.account_id):
    Index(None, column)

# --- derived: worked out by an import, in the same transaction ----------------------------------------

region_within = Table(
    "region_within",
    metadata,
    Column("region_id", Text, nullable=False),
    Column("ancestor_id", Text, nullable=False),  # the region itself, and every region above it
    PrimaryKeyConstraint("ancestor_id", "region_id"),
    comment="one pair of a region and a region it lies in",
)

rep_posting = Table(
    "rep_posting",
    metadata,
    Column("rep_id", Text, nullable=False),
    Column("from_day", Integer, nullable=False),
    Column("to_day", Integer, nullable=False),
    Column("region_id", Text),
    Column("manager_id", Text),
    PrimaryKeyConstraint("rep_id", "from_day"),
    comment="one stretch of days of a rep in one region under one manager, without gaps",
)

rate_span = Table(
    "rate_span",
    metadata,
    Column("currency", Text, nullable=False),
    Column("from_day", Integer, nullable=False),
    Column("to_day", Integer, nullable=False),
    Column("rate", BigInteger, nullable=False),
    PrimaryKeyConstraint("currency", "from_day"),
    comment="one stretch of days in which a currency's rate (billionths of the base) holds",
)

rep_target = Table(
    "rep_target",
    metadata,
    Column("ordinal", Integer, primary_key=True),
    Column("rep_id", Text, nullable=False),
    Column("from_day", Integer, nullable=False),  # the month's first day
    Column("to_day", Integer, nullable=False),  # the next month's first day
    Column("region_id", Text),  # the target's own, else the rep's on the month's first day
    Column("amount", BigInteger, nullable=False),  # base currency
    Index("ix_rep_target_from_day", "from_day"),
    comment="one rep's target for one month and region, with its region found",
)

deal_creation = Table(
    "deal_creation",
    metadata,
    Column("opportunity_id", Text, primary_key=True),
    Column("created_day", Integer, nullable=False),
    Column("created_month", Integer, nullable=False),
    Column("amount", BigInteger),  # of the first history row, in the deal's currency
    Column("owner_id", Text),  # at the end of the creation day, as is the region
    Column("region_id", Text),
    Index("ix_deal_creation_created_day", "created_day"),
    comment="one deal with a known creation day (its first history row, or created_on if that is earlier)",
)

deal_span = Table(
    "deal_span",
    metadata,
    Column("opportunity_id", Text, nullable=False),
    Column("from_day", Integer, nullable=False),
    Column("to_day", Integer, nullable=False),
    Column("outcome", Text, nullable=False),  # open, won, lost; removed: no more in its source
    Column("stage", Text),  # empty: in no known stage
    Column("position", Integer),  # rank 1..K of an open stage, K + 1 won, empty for lost or unknown
    # a deal without history: its stage of today, which counts on the last day or later only
    Column("present_stage", Text),
    Column("present_position", Integer),
    Column("has_history", Boolean, nullable=False),
    Column("stage_since_day", Integer),  # the present stay's first day
    Column("amount", BigInteger),  # in the deal's currency
    Column("expected_close_day", Integer),
    Column("pushes", Integer, nullable=False),  # how often the expected close went later, so far
    Column("owner_id", Text),  # of a closed deal: on its closing day, as is the region
    Column("region_id", Text),
    Column("closed_day", Integer),  # of the closing that holds in this stretch
    Column("closed_month", Integer),
    Column("created_day", Integer),
    Column("cycle_days", Integer),  # from creation to the closing that holds
    PrimaryKeyConstraint("opportunity_id", "from_day"),
    # Of the deals open on a day few are left where the stretch must end after it; most stretches end before.
    Index("ix_deal_span_outcome_to_day_from_day", "outcome", "to_day", "from_day"),
    Index("ix_deal_span_closed_day", "closed_day"),
    comment="one deal in one stretch of days without change: its state at the end of each",
)

stage_entry = Table(
    "stage_entry",
    metadata,
    Column("opportunity_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),  # 1, 2, … in the order of the rows
    Column("stage", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # of the stage: open, won, lost
    Column("position", Integer),  # rank of the stage, K + 1 for won, empty for lost
    Column("entered_day", Integer, nullable=False),
    Column("left_day", Integer, nullable=False),  # FOREVER: still there
    Column("previous_stage", Text),
    Column("previous_outcome", Text),
    Column("is_first", Boolean, nullable=False),  # the deal's first entry into this stage
    # every earlier open stage was entered before, first entries in order; first entries only
    Column("is_strict", Boolean, nullable=False),
    Column("advanced_day", Integer),  # first later entry into a higher rank; first entries only
    PrimaryKeyConstraint("opportunity_id", "ordinal"),
    Index("ix_stage_entry_entered_day", "entered_day"),
    comment="one stay of a deal in a stage, closings included; deals with history only",
)

deal_movement = Table(
    "deal_movement",
    metadata,
    Column("opportunity_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    # created, reopened, amount, moved, expected_close, won, lost, removed; only what touches an open deal
    Column("kind", Text, nullable=False),
    Column("amount_before", BigInteger),
    Column("amount_after", BigInteger),
    Column("owner_before", Text),
    Column("owner_after", Text),
    Column("region_before", Text),
    Column("region_after", Text),
    Column("expected_close_before", Integer),
    Column("expected_close_after", Integer),
    PrimaryKeyConstraint("opportunity_id", "ordinal"),
    Index("ix_deal_movement_day", "day"),
    comment="one thing that moved the open pipeline, in the order amount, move, stage within a row",
)

activity_day = Table(
    "activity_day",
    metadata,
    Column("activity_id", Text, primary_key=True),
    Column("rep_id", Text, nullable=False),
    Column("account_id", Text),  # its own, else its deal's, else its lead's
    Column("opportunity_id", Text),
    Column("lead_id", Text),
    Column("contact_id", Text),
    Column("kind", Text, nullable=False),
    Column("origin", Text),
    Column("two_way", Boolean),
    Column("has_result", Boolean, nullable=False),
    Column("minutes", Integer),
    Column("completed_day", Integer),  # empty: not completed
    Column("completed_week", Integer),  # its Monday
    Column("completed_month", Integer),
    Column("created_day", Integer),  # its entry, from which on what is planned is known; empty: from always
    Column("planned_day", Integer),
    Column("first_planned_day", Integer),  # before it was moved: first_planned_on, else planned_on
    Column("cancelled_day", Integer),  # or that of its removal
    Column("region_id", Text),  # of the rep's posting on completed_day; not completed: on first_planned_day
    Index("ix_activity_day_completed_day", "completed_day"),
    Index("ix_activity_day_first_planned_day", "first_planned_day"),
    Index("ix_activity_day_rep_id_completed_day", "rep_id", "completed_day"),
    Index("ix_activity_day_account_id_completed_day", "account_id", "completed_day"),
    Index("ix_activity_day_opportunity_id", "opportunity_id"),
    Index("ix_activity_day_lead_id", "lead_id"),
    comment="one activity, its days as numbers, whom it was with and where its rep was posted",
)

lead_day = Table(
    "lead_day",
    metadata,
    Column("lead_id", Text, primary_key=True),
    Column("created_day", Integer, nullable=False),
    Column("created_month", Integer, nullable=False),
    Column("qualified_day", Integer),  # MQL
    Column("accepted_day", Integer),  # SQL
    Column("converted_day", Integer),
    Column("disqualified_day", Integer),
    Column("removed_day", Integer),
    Column("region_id", Text),  # its own, else its owner's on the creation day
    Index("ix_lead_day_created_day", "created_day"),
    comment="one lead, its days as numbers, and its region",
)

data_state = Table(
    "data_state",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("version", Integer, nullable=False),  # raised by every import and publication
    Column("stamp", Text),  # renewed with it: no two databases have the same, so caches go by it
    Column("facts_stamp", Text),  # the stamp of when the facts changed last, be it what people enter that changed since
    Column("first_day", Integer),  # earliest creation or closing of any deal
    Column("last_day", Integer),  # last day on which anything happened
    comment="one row: what every cached answer depends on",
)

fact_version = Table(
    "fact_version",
    metadata,
    Column("table_name", Text, primary_key=True),
    Column("stamp", Text, nullable=False),  # of the data's version with which it changed last
    Column("row_count", BigInteger, nullable=False),
    comment="one table of facts: since when it is as it is, and how long",
)

DERIVED = {
    table.name: table
    for table in (
        region_within,
        rep_posting,
        rate_span,
        rep_target,
        deal_creation,
        deal_span,
        stage_entry,
        deal_movement,
        activity_day,
        lead_day,
    )
}

# --- the product's own --------------------------------------------------------------------------------

scoring_profile = Table(
    "scoring_profile",
    metadata,
    Column("profile_id", Integer, primary_key=True),
    # key_account, life_stage, rep_profile, allocation, attention, opportunity_value
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("published_at", DateTime, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_scoring_profile_kind_version", "kind", "version", unique=True),
    comment="one published version of weights, cut points, thresholds; append-only",
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="one setting: base_currency, fiscal_year_start_month, time_zone, organisation",
)

forecast_commit = Table(
    "forecast_commit",
    metadata,
    Column("commit_id", Integer, primary_key=True),
    Column("region_id", Text),
    Column("rep_id", Text),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("note", Text),
    Column("committed_by", Text, nullable=False),
    Column("committed_at", DateTime, nullable=False),
    comment="one commit of a region or rep for a period, in base currency; append-only",
)

deal_judgement = Table(
    "deal_judgement",
    metadata,
    Column("judgement_id", Integer, primary_key=True),
    Column("opportunity_id", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("is_in", Integer),  # 1, 0; empty: judged no longer
    Column("judged_by", Text, nullable=False),
    Column("judged_at", DateTime, nullable=False),
    Index("ix_deal_judgement_period", "from_on", "to_on"),
    comment="one deal judged in or out of the commit of a period; append-only",
)

attention_dismissal = Table(
    "attention_dismissal",
    metadata,
    Column("dismissal_id", Integer, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("dismissed_by", Text, nullable=False),
    Column("dismissed_at", DateTime, nullable=False),
    Column("reverted_by", Text),
    Column("reverted_at", DateTime),
    comment="one line of Attention put aside until a date",
)

attention_handover = Table(
    "attention_handover",
    metadata,
    Column("handover_id", Integer, primary_key=True),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    # What was seen when it was given: the line's reasons, separated by spaces, and what was at risk (minor units of the
    # base currency; empty: not known), as of which day.
    Column("rules", Text, nullable=False),
    Column("value_at_risk", BigInteger),
    Column("seen_on", Date, nullable=False),
    Column("given_to", Text, nullable=False),  # a rep
    Column("due_on", Date, nullable=False),
    Column("note", Text),
    Column("given_by", Text, nullable=False),
    Column("given_at", DateTime, nullable=False),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", DateTime),
    comment="one line of Attention given to somebody, until a day; the newest of a line holds",
)

allocation_plan = Table(
    "allocation_plan",
    metadata,
    Column("plan_id", Integer, primary_key=True),
    Column("payload", JSON, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", DateTime, nullable=False),
    Column("reason", Text, nullable=False),
    comment="one published recommendation",
)

person = Table(
    "person",
    metadata,
    Column("email", Text, primary_key=True),
    Column("name", Text),
    Column("role", Text, nullable=False),
    Column("regions", JSON),  # null: all
    Column("is_active", Boolean, nullable=False),
    comment="one person who may sign in",
)

access_token = Table(
    "access_token",
    metadata,
    Column("token_id", Integer, primary_key=True),
    Column("secret_hash", Text, nullable=False),  # SHA-256 in hexadecimal digits; the token itself is kept nowhere
    Column("email", Text, nullable=False),  # a person's
    Column("reports", JSON),  # by name; null: all
    Column("created_at", DateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
    Column("last_used_at", DateTime),
    # How often it was used in the minute that was the last one: since 1970, so many minutes.
    Column("minute", BigInteger, nullable=False, server_default="0"),
    Column("calls", Integer, nullable=False, server_default="0"),
    Index("ix_access_token_secret_hash", "secret_hash", unique=True),
    comment="one token by which a program asks for reports as a person",
)

report_call = Table(  # apart from `audit_event`, which questions read, and which must stay short
    "report_call",
    metadata,
    Column("call_id", Integer, primary_key=True),
    Column("called_at", DateTime, nullable=False),
    Column("called_by", Text, nullable=False),
    Column("token_id", Integer),  # null: by a role, where nobody signs in
    Column("via", Text, nullable=False),  # http or mcp
    Column("report", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("outcome", Text, nullable=False),  # answered, or the word for why not
    Column("row_count", Integer),  # that were sent; null: none was to be
    comment="one report that a program asked for, and how that ended",
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("view_id", Integer, primary_key=True),
    Column("owner", Text, nullable=False),  # `Person.key`
    Column("name", Text, nullable=False),
    Column("page", Text, nullable=False),  # its path in the address
    Column("query", Text, nullable=False),  # parameters of the address, no role or language among them
    Column("shared_with", Text),  # a role, or everyone; empty: nobody
    Column("is_start", Boolean, nullable=False),  # at most one of an owner
    Column("saved_by", Text, nullable=False),
    Column("saved_at", DateTime, nullable=False),
    Index("ix_saved_view_owner_name", "owner", "name", unique=True),
    comment="one page with its filters that a person kept",
)

board = Table(
    "board",
    metadata,
    Column("board_id", Integer, primary_key=True),
    Column("owner", Text, nullable=False),  # `Person.key`
    Column("name", Text, nullable=False),  # empty: never shared
    Column("shared_with", Text),  # a role, or everyone; empty: nobody
    Column("tiles", JSON, nullable=False),  # `people.boards.Tile`, in their order
    Column("version", Integer, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Index("ix_board_owner", "owner", unique=True),
    comment="one board of cards and figures that a person put together",
)

import_batch = Table(
    "import_batch",
    metadata,
    Column("batch_id", Integer, primary_key=True),
    Column("file", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_changed", Integer, nullable=False),
    Column("rows_rejected", Integer, nullable=False),
    Column("imported_at", DateTime, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("undone_at", DateTime),
    Column("undone_by", Text),
    # Empty of imports by versions that did not write them down.
    Column("mapping", Text),  # '': the contract's form
    Column("rows_added", Integer),
    Column("rows_removed", Integer),
    Column("newest_on", Date),  # the last day up to the import's on which anything in its rows happened
    comment="one file of one import",
)

load_attempt = Table(
    "load_attempt",
    metadata,
    Column("way", Text, primary_key=True),  # import, sync
    Column("mapping", Text, primary_key=True),  # '': the contract's form, or it failed before it was recognised
    Column("tried_at", DateTime, nullable=False),
    Column("tried_by", Text, nullable=False),
    Column("loaded_at", DateTime),  # when it last loaded anything; empty: it never did
    Column("failure", Text),  # why the last attempt loaded nothing; empty: it did, or nothing was new
    comment="one source, and how the last attempt to load it ended",
)

sync_mark = Table(
    "sync_mark",
    metadata,
    Column("mapping", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("seen", Text, nullable=False),  # the greatest value of its cursor, as JSON
    Column("imprint", Text, nullable=False),  # of the rows from there on
    Column("form", Text, nullable=False),  # of the mapping, the place and the time zone by which they were read
    comment="how far a sync came in one table of another database",
)

import_undo = Table(
    "import_undo",
    metadata,
    Column("undo_id", Integer, primary_key=True),
    Column("batch_id", Integer, nullable=False),  # the last one of the import in `import_batch`
    Column("table_name", Text, nullable=False),
    # whole: all imported rows, there was none before; added: the keys of rows; changed: the rows as they were before.
    # By merges of ids, "merged " before it; gone: the rows that they took away
    Column("kind", Text, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("content", LargeBinary),  # of `whole` none; else a stream of Arrow's
    comment="what takes back the last import that changed anything, some rows of one table",
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON),
    Index("ix_audit_event_action_subject", "action", "subject"),  # each run of a page asks for somebody's last sign-out
    comment="one thing somebody changed that others may ask about",
)

access_event = Table(  # apart from `audit_event`, which questions read: these come with every file that is taken
    "access_event",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Index("ix_access_event_by_action", "by", "action", "subject"),
    comment="one time that somebody came in, was turned away, or took a file",
)

digest_subscription = Table(
    "digest_subscription",
    metadata,
    Column("email", Text, nullable=False),  # of a person on file, who decides what it tells
    Column("cadence", Text, nullable=False),
    Column("robot", Text, nullable=False),  # the name of a chat's robot; empty: it goes by mail
    Column("language", Text, nullable=False),
    PrimaryKeyConstraint("email", "cadence", "robot"),
    comment="one person's wish for a digest",
)

digest_delivery = Table(
    "digest_delivery",
    metadata,
    Column("email", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("robot", Text, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("data_stamp", Text, nullable=False),
    Column("begun_at", DateTime, nullable=False),
    Column("sent_at", DateTime),  # empty: another run is at it, or was cut off
    PrimaryKeyConstraint("email", "cadence", "robot", "period_end"),
    comment="one digest that was sent, so that none is twice",
)

alert = Table(
    "alert",
    metadata,
    Column("alert_id", Integer, primary_key=True),
    Column("email", Text, nullable=False),  # of a person on file, whose permission it is under
    Column("robot", Text, nullable=False),  # as in `digest_subscription`
    Column("language", Text, nullable=False),
    Column("metric", Text, nullable=False),  # the key of a definition; of a rule of Attention leak_RULE
    Column("side", Text),  # below or above the threshold; empty: a rule's new lines
    Column("threshold", Float),
    Column("looks", Integer, nullable=False),  # how often it was looked at; of two looks at once one is written
    Column("seen_on", Date),  # as of which day the last look was; empty: none was yet
    Column("seen_as", Text),  # under which permission: under another, what was seen says nothing
    Column("seen_value", Float),  # the last one known
    Column("seen_lines", JSON),  # of a rule, KIND:ID each
    Index("ix_alert_email", "email"),
    comment="one person's wish to be told of a number or a rule of Attention, and what was seen last",
)

alert_crossing = Table(
    "alert_crossing",
    metadata,
    Column("alert_id", Integer, nullable=False),
    Column("look", Integer, nullable=False),  # which look found it
    Column("as_of", Date, nullable=False),
    Column("value", Float),
    Column("lines", JSON),  # those that are new
    Column("before_on", Date, nullable=False),  # as of which day the look before was, and what it saw
    Column("before_value", Float),
    Column("begun_at", DateTime),
    Column("sent_at", DateTime),  # empty: it is still to be told
    PrimaryKeyConstraint("alert_id", "look"),
    comment="one crossing of an alert, so that it is told, and none twice",
)

OWN = {
    table.name: table
    for table in (
        data_state,
        fact_version,
        scoring_profile,
        setting,
        forecast_commit,
        deal_judgement,
        attention_dismissal,
        attention_handover,
        allocation_plan,
        person,
        access_token,
        report_call,
        saved_view,
        board,
        import_batch,
        load_attempt,
        sync_mark,
        import_undo,
        audit_event,
        access_event,
        digest_subscription,
        digest_delivery,
        alert,
        alert_crossing,
    )
}

# What only an import, a migration or a command changes. The other tables hold what people enter on pages as well.
FACTS = {name: table for name, table in (CONTRACT | DERIVED).items() if "entry_id" not in table.c} | {
    setting.name: setting
}
# Whose imported rows only these change, while people enter others beside them.
ENTERED_TOO = {name: table for name, table in CONTRACT.items() if name not in FACTS}
