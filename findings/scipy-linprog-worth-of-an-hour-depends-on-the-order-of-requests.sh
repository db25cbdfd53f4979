#!/usr/bin/env bash
# A good guess: the marginal of the capacity is what one more hour is worth, and it does not depend on the order in
# which the requests are listed.
# What it costs: where the hours run out exactly at the end of a request (whole hours do that all the time), the
# same plan is reported with 6 or with 10 per hour; one more hour is worth 6, one fewer costs 10. Ours:
# dashboard/metrics/support/allocation_program.py read the worth of an hour from these marginals, and follows the plan now.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check scipy==1.17.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import scipy
from scipy.optimize import linprog


def plan(values, hours):
    """Two requests of 4 hours each, worth `values` an hour, share `hours`."""
    return linprog([-value for value in values], A_ub=[[1, 1], [1, 0], [0, 1]], b_ub=[hours, 4, 4], method="highs")


one, other = plan([10, 6], 4), plan([6, 10], 4)
assert one.fun == other.fun == -40
print("scipy", scipy.__version__)
print("guess: the same worth of an hour for the same two requests")
worth = [-float(result.ineqlin.marginals[0]) for result in (one, other)]
print("seen:", dict(zip(["10 first", "6 first"], worth)))
print("one more hour:", -plan([10, 6], 5).fun - 40, "one fewer:", 40 + plan([10, 6], 3).fun)
assert worth == [6.0, 10.0], worth
PYTHON
