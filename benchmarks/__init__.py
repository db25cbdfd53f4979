"""Scripts that measure, run by hand: `python -m benchmarks.NAME`. No test depends on a time."""
