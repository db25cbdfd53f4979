#!/usr/bin/env bash
# A good guess: a missing p-value (a region with too few deals) is left out of the Benjamini-Hochberg correction, or
# the call is refused.
# What it costs: every adjusted p-value comes back missing while the very same call still says which regions stand
# out, and with another count of tests: one of three instead of all three. Ours: no such correction is made by
# statsmodels.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -qq --no-compile --disable-pip-version-check \
  statsmodels==0.15.0 scipy==1.17.1 pandas==2.3.3 numpy==2.4.6

venv/bin/python -W ignore - <<'PYTHON'
import numpy as np
import statsmodels
from statsmodels.stats.multitest import multipletests

with_gap = multipletests([0.01, np.nan, 0.04, 0.03], method="fdr_bh")
without = multipletests([0.01, 0.04, 0.03], method="fdr_bh")
print("statsmodels", statsmodels.__version__)
print("guess: the gap changes nothing for the other three:", without[0].tolist(), without[1].round(4).tolist())
print("seen:", with_gap[0].tolist(), with_gap[1].tolist())
assert without[0].tolist() == [True, True, True] and without[1].round(4).tolist() == [0.03, 0.04, 0.04]
assert with_gap[0].tolist() == [True, False, False, False]
assert np.isnan(with_gap[1]).all()
PYTHON
