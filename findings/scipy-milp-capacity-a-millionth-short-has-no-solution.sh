#!/usr/bin/env bash
# A good guess: with room for 2.999999 days a plan of whole days takes 2; or, within the solver's tolerance, 3.
# What it costs: neither: the status is 4 and there is no plan at all, while 2.9999995 gives 3 and 2.999998 gives 2.
# A share kept with six digits is enough: 3 x 0.333333. A page that reads a failed status as 'no plan fits' then
# says so. Ours: the allocation has no whole numbers, so no.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check scipy==1.17.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import scipy
from scipy.optimize import LinearConstraint, milp

print("scipy", scipy.__version__)
print("guess: 2 or 3 whole days for each of these capacities, and 0 or 1 for 3 x 0.333333")
seen = {}
for capacity in (2.9999995, 2.999999, 2.999998, 3 * 0.333333):
    result = milp(c=[-1.0], constraints=LinearConstraint([[1.0]], ub=[capacity]), integrality=[1])
    seen[capacity] = (result.status, None if result.x is None else round(float(result.x[0])))
    print("seen:", capacity, "status", result.status, "days", seen[capacity][1], "-", result.message)
assert seen == {2.9999995: (0, 3), 2.999999: (4, None), 2.999998: (0, 2), 3 * 0.333333: (4, None)}, seen
PYTHON
