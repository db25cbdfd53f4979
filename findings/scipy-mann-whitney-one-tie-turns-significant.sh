#!/usr/bin/env bash
# A good guess: two groups that do not overlap at all have one p-value, whether or not two members of the same group
# are equal; if anything a tie makes it larger.
# What it costs: 4 reps all below 3 others differ with p = 0.057; let two of the four have closed the same number
# and it is 0.0497: 'significant'. One tie silently turns the exact test into the approximation. Ours: no group
# comparison is made with it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --disable-pip-version-check scipy==1.17.1 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import scipy
from scipy.stats import mannwhitneyu

new = [5, 6, 7]
plain = round(float(mannwhitneyu([1, 2, 3, 4], new).pvalue), 4)
tied = round(float(mannwhitneyu([1, 2, 3, 3], new).pvalue), 4)
exact = round(float(mannwhitneyu([1, 2, 3, 3], new, method="exact").pvalue), 4)
print("scipy", scipy.__version__)
print("guess: the same p-value, as no rank between the groups changes")
print("seen: without tie", plain, "with one tie", tied, "- exact asked for:", exact)
assert (plain, tied, exact) == (0.0571, 0.0497, 0.0571), (plain, tied, exact)
PYTHON
