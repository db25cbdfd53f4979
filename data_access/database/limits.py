"""How much fits: what a cell may hold, in files and on pages alike, so that what loads can be kept and shown.

A limit is far beyond what is meant by honest data and near enough that no database, sum, chart or table breaks at it.
`schema.py` says which column has which; `docs/contract.md` names them.
"""

import re

from data_access.errors import Refused

# Characters. PostgreSQL's indexes take 2,704 bytes a row: three texts of a key with four bytes to the character fit.
LONGEST_KEY = 200  # ids, and whatever else rows are found or grouped by
LONGEST_NAME = 255  # as long as a name may be in the large CRM systems
LONGEST_TEXT = 2_000  # sentences that pages show beside others: reasons, what changed
LONGEST_NOTE = 32_767  # what a cell of Excel holds: what nobody reads here, but is kept (results, custom properties)
LONGEST_NUMBER = 50  # of a number, date or yes and no as text: more has no meaning, and costs time to read

# Money. Deals and targets of a company that counts in rupiahs or dong are that large; a telephone number is not.
LARGEST_AMOUNT = 10**14  # units of currency
LARGEST_HOURLY_COST = 10**9  # units of currency: times the hours or minutes below it stays within 64 bits
LARGEST_RATE = 10**9  # in billionths it stays within 64 bits; a Kuwaiti dinar in rials is some millions
# Minor units. Sums are 64-bit integers, up to 9.2e18, and shares of purchases are compared in tenths. In units of
# currency it is also what the numbers of a browser hold.
LARGEST_SUM = 9 * 10**17

LARGEST_HOURS = 10**6  # in one request, booking, absence or week: more than the largest pool of people has
LARGEST_MINUTES = 10**6  # of one activity: nearly two years
LARGEST_INTEGER = 10**9  # so that the sum of two is within the 32 bits of a column
LONGEST_TARGET = 36_500  # days: a hundred years

# Years. Charts draw every month between the first and the last; 9999-12-31 for "never" is an empty cell here.
FIRST_YEAR, LAST_YEAR = 1900, 2200

# Levels from the group to the office. Every region is stored with all above it, and the filter indents by level.
DEEPEST_TREE = 30

# PostgreSQL's texts hold no NUL, and half of a surrogate pair has no form in UTF-8.
_UNFIT = re.compile("[\0\ud800-\udfff]")


def written(limit: int) -> str:
    """A limit in a sentence: years have no separator."""
    return f"{limit:,}" if abs(limit) >= 10_000 else str(limit)


def unfit(text: str, longest: int) -> str | None:
    """Why a text cannot be kept, as a phrase that follows its name; None where it can."""
    if len(text) > longest:
        return f"has {len(text):,} characters, and {longest:,} are the most"
    if _UNFIT.search(text):
        return "holds a character that no database keeps (NUL, or half of a pair)"
    return None


def must_fit(name: str, text: str, longest: int) -> None:
    """Raises Refused, in a sentence that begins with `name`, for a text that cannot be kept."""
    reason = unfit(text, longest)
    if reason:
        raise Refused(f"{name} {reason}.")
